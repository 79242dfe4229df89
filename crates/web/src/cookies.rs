//! The two cookies of the pages: a session's, and one that ties a form to the browser it was shown in.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

use crate::state::Web;

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jar {
    /// Who is signed in.
    Session,
    /// Which browser a form was shown in, where nobody is signed in.
    Form,
}

impl Jar {
    /// With TLS the prefix ties the cookie to this host and to TLS; without, browsers would not take it.
    fn name(self, web: &Web) -> &'static str {
        match (self, web.is_https()) {
            (Jar::Session, true) => "__Host-liaison",
            (Jar::Session, false) => "liaison",
            (Jar::Form, true) => "__Host-liaison-form",
            (Jar::Form, false) => "liaison-form",
        }
    }

    /// The cookie's value in a request; none where it is absent or longer than ours are.
    pub(crate) fn read(self, web: &Web, headers: &HeaderMap) -> Option<String> {
        let name = self.name(web);
        let lines = headers.get_all(header::COOKIE);
        let texts = lines.iter().filter_map(|value| value.to_str().ok());
        let mut cookies = texts.flat_map(Cookie::split_parse).flatten();
        let found = cookies.find(|cookie| cookie.name() == name)?;
        Some(found.value().to_owned()).filter(|value| !value.is_empty() && value.len() <= 64)
    }

    /// The header that sets the cookie until the browser is closed.
    pub(crate) fn set(self, web: &Web, value: &str) -> HeaderValue {
        self.header(web, value, None)
    }

    /// The header that takes the cookie away.
    pub(crate) fn clear(self, web: &Web) -> HeaderValue {
        self.header(web, "", Some(cookie::time::Duration::ZERO))
    }

    fn header(self, web: &Web, value: &str, age: Option<cookie::time::Duration>) -> HeaderValue {
        let mut cookie = Cookie::new(self.name(web), value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(web.is_https());
        // Lax: somebody who follows the link of a mail arrives signed in. What changes anything is a POST with a token.
        cookie.set_same_site(SameSite::Lax);
        cookie.set_max_age(age);
        HeaderValue::try_from(cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// What a form has to send back, made of the secret in a cookie that scripts and other sites cannot read.
pub(crate) fn form_token(secret: &str) -> String {
    let digest = liaison_operations::digest(format!("form:{secret}").as_bytes());
    data_encoding::HEXLOWER.encode(&digest[..16])
}
