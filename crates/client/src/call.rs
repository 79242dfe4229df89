//! One call before it is sent.

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;

use crate::Error;

/// A call: method, path below the prefix, query, body.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    query: Vec<(String, String)>,
    pub(crate) body: Option<Bytes>,
    pub(crate) key: Option<String>,
    pub(crate) accept: &'static str,
    is_own: bool,
}

impl Call {
    /// Any method. The path begins with the version, `/v1/users/current`, and is taken as it is: guids need no escaping.
    pub fn new(method: Method, path: impl Into<String>) -> Call {
        Call {
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            key: None,
            accept: "application/json",
            is_own: false,
        }
    }

    /// `GET`.
    pub fn get(path: impl Into<String>) -> Call {
        Call::new(Method::GET, path)
    }

    /// `POST`.
    pub fn post(path: impl Into<String>) -> Call {
        Call::new(Method::POST, path)
    }

    /// `PATCH`.
    pub fn patch(path: impl Into<String>) -> Call {
        Call::new(Method::PATCH, path)
    }

    /// One more name and value of the query.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Call {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Names and values of the query.
    #[must_use]
    pub fn queries(mut self, pairs: &[(&str, &str)]) -> Call {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.query.extend(pairs);
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Call {
        // What cannot be written as JSON (a map with odd keys) is a mistake of the program, not of its user.
        self.body = serde_json::to_vec(body).ok().map(Bytes::from);
        self
    }

    /// An `Idempotency-Key`: the server does this once however often it comes, so it may be tried again.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Call {
        self.key = Some(key.into());
        self
    }

    /// Another media type than JSON is wanted.
    #[must_use]
    pub fn accept(mut self, media_type: &'static str) -> Call {
        self.accept = media_type;
        self
    }

    /// A path beside the prefix and not below it: that is where Liaison's own API is, `/liaison/v1/…`.
    #[must_use]
    pub fn beside(mut self) -> Call {
        self.is_own = true;
        self
    }

    /// Whether doing it twice is the same as doing it once.
    pub(crate) fn is_repeatable(&self) -> bool {
        let idempotent = [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS];
        self.key.is_some() || idempotent.contains(&self.method)
    }

    /// Its address on a server.
    pub(crate) fn url(&self, base: &Url) -> Result<Url, Error> {
        let relative = self.path.trim_start_matches('/');
        let mut url = base.clone();
        let prefix = if self.is_own { beside(base.path()) } else { base.path() };
        url.set_path(&format!("{prefix}{relative}"));
        if !url.path().starts_with(prefix) {
            return Err(Error::Settings(format!("{} is no path of the API", self.path)));
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

/// What stands before the prefixes of the documented API.
fn beside(prefix: &str) -> &str {
    let known = ["ratings/", "customer-api/"].iter();
    known
        .filter_map(|known| prefix.strip_suffix(known))
        .next()
        .unwrap_or(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_below_the_prefix() {
        let base = Url::parse("https://a.example/ratings/").unwrap();
        let url = |call: Call| call.url(&base).map(|url| url.to_string());
        assert_eq!(
            url(Call::get("/v1/users").query("q", "a b&c")).unwrap(),
            "https://a.example/ratings/v1/users?q=a+b%26c"
        );
        assert!(url(Call::get("/../../etc")).is_err());
        assert_eq!(
            url(Call::get("//evil.example/x")).unwrap(),
            "https://a.example/ratings/evil.example/x"
        );
    }

    #[test]
    fn the_own_api_stands_beside_the_prefix() {
        let url = |base: &str| {
            let call = Call::get("/liaison/v1/mails").beside();
            call.url(&Url::parse(base).unwrap()).unwrap().to_string()
        };
        assert_eq!(url("https://a.example/ratings/"), "https://a.example/liaison/v1/mails");
        assert_eq!(
            url("https://a.example/x/customer-api/"),
            "https://a.example/x/liaison/v1/mails"
        );
        assert_eq!(url("https://a.example/x/"), "https://a.example/x/liaison/v1/mails");
    }

    #[test]
    fn only_what_may_happen_twice_is_repeatable() {
        assert!(Call::get("/v1/x").is_repeatable());
        assert!(!Call::post("/v1/x").is_repeatable() && !Call::patch("/v1/x").is_repeatable());
        assert!(Call::post("/v1/x").key("k").is_repeatable());
    }
}
