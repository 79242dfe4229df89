//! What invited people do on pages: entering a code, handing an invitation on, opening a room.

use liaison_operations::access_requests::{self, Colleague};
use liaison_operations::{Call, digest};

use crate::{Mail, TestApp};

impl Mail {
    /// The six digits in the text part of an activation mail. Panics where there are none.
    pub fn code(&self) -> String {
        let words: Vec<&str> = self.text().split_whitespace().collect();
        let three = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let pair = words.windows(2).find(|pair| pair.iter().all(|word| three(word)));
        pair.unwrap_or_else(|| panic!("no code in: {}", self.text())).concat()
    }
}

impl TestApp {
    /// Exchanges an address and a code for the token of an activation page; the refusal's words where that fails.
    pub async fn enter_code(&self, email: &str, code: &str) -> Result<String, String> {
        let entered = self.app().enter_code(email.to_owned(), code.to_owned()).await;
        entered.map_err(|error| error.to_string())
    }

    /// Hands the invitation behind a link to a colleague; the refusal's words where that fails.
    pub async fn hand_over(&self, token: &str, name: &str, email: &str) -> Result<(), String> {
        let colleague = Colleague {
            formal_name: name.to_owned(),
            email: email.to_owned(),
        };
        let handed = self.app().hand_over_link(token.to_owned(), colleague).await;
        handed.map_err(|error| error.to_string())
    }

    /// Opens the room of a received request as the holder of a token.
    pub async fn open_as(&self, token: &str, request: &str) {
        let guid = liaison_domain::ids::parse_guid(request).expect("a request has a guid");
        let open =
            move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| access_requests::mark_received_opened(tx, call, guid);
        let opened = self.app().act_as(digest(token.as_bytes()), open).await;
        opened.expect("the request was received");
    }
}
