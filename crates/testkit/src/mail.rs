//! Mail that was kept, read back as a mail program would.

use std::sync::Arc;

use liaison_jobs::{Transport, send_mail};
use liaison_mail::{Readable, Smtp};
use liaison_operations::mails::{self, Filter};
use mailparse::MailHeaderMap as _;

use crate::TestApp;

/// One delivery with its message.
#[derive(Debug)]
pub struct Mail {
    /// `introduction`, `activation` or `notice`.
    pub kind: String,
    /// Who gets it.
    pub recipient: String,
    /// `queued`, `sent`, `failed` or `kept`.
    pub state: String,
    /// The message; none once its bytes were dropped.
    pub message: Option<Readable>,
    /// The message as it goes over the wire; empty once its bytes were dropped.
    pub bytes: Vec<u8>,
}

impl Mail {
    /// The text part.
    pub fn text(&self) -> &str {
        self.message.as_ref().map_or("", |message| &message.text)
    }

    /// The names of the headers, in lower case, as a mail program finds them.
    pub fn header_names(&self) -> Vec<String> {
        let (headers, _) = mailparse::parse_headers(&self.bytes).expect("our mails have headers");
        headers
            .iter()
            .map(|header| header.get_key().to_ascii_lowercase())
            .collect()
    }

    /// One header's text, empty where it is absent.
    pub fn header(&self, name: &str) -> String {
        let (headers, _) = mailparse::parse_headers(&self.bytes).expect("our mails have headers");
        headers.get_first_value(name).unwrap_or_default()
    }

    /// The token of the activation link in the text part. Panics where there is none.
    pub fn link_token(&self) -> String {
        let text = self.text();
        let start = text.find("/i/").unwrap_or_else(|| panic!("no link in: {text}")) + 3;
        text[start..].chars().take_while(char::is_ascii_alphanumeric).collect()
    }
}

impl TestApp {
    /// Lets the worker run, then gives every delivery, oldest first.
    pub async fn mails(&self) -> Vec<Mail> {
        self.deliver().await;
        let read = |tx: &mut liaison_db::Tx<'_>| {
            let mut all = mails::list(
                tx,
                &Filter {
                    limit: 100_000,
                    ..Filter::default()
                },
            )?;
            all.reverse();
            all.into_iter()
                .map(|delivery| mails::show(tx, delivery.guid))
                .collect::<liaison_operations::Result<Vec<_>>>()
        };
        let shown = self.app().db.read(read).await.expect("mails can be read");
        let mail = |(delivery, bytes): (mails::Delivery, Option<Vec<u8>>)| Mail {
            kind: delivery.kind,
            recipient: delivery.recipient,
            state: delivery.state,
            message: bytes
                .as_deref()
                .map(|bytes| liaison_mail::read(bytes).expect("our mails can be read")),
            bytes: bytes.unwrap_or_default(),
        };
        shown.into_iter().map(mail).collect()
    }

    /// Queues every kept mail, as `liaison mail retry --kept` does.
    pub async fn queue_kept_mails(&self) {
        let now = self.app().now();
        let queue = move |tx: &mut liaison_db::Tx<'_>| {
            let kept = Filter {
                state: Some("kept".to_owned()),
                limit: 100_000,
                ..Filter::default()
            };
            for mail in mails::list(tx, &kept)? {
                mails::retry(tx, mail.guid, now)?;
            }
            Ok::<_, liaison_operations::Error>(())
        };
        self.app().db.write(queue).await.expect("mails can be queued");
    }

    /// Lets the worker send what is due to a relay on a port of this machine.
    pub async fn deliver_to(&self, port: u16) {
        let relay = format!("smtp://127.0.0.1:{port}").parse().expect("a relay's address");
        let smtp = Arc::new(Smtp::new(relay, "liaison.test".to_owned()));
        send_mail::drain(self.app(), &Transport::Smtp(smtp.clone()))
            .await
            .expect("the outbox can be worked on");
        smtp.close().await;
    }

    /// The newest activation mail to an address. Panics where there is none.
    pub async fn activation_for(&self, email: &str) -> Mail {
        let mut mails = self.mails().await;
        mails.retain(|mail| mail.kind == "activation" && mail.recipient == email && mail.message.is_some());
        mails.pop().unwrap_or_else(|| panic!("no activation mail for {email}"))
    }
}
