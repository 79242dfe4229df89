//! Which server, with which token, and how patiently.

use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use crate::Error;

/// What a client is made from.
#[derive(Clone)]
pub struct Settings {
    pub(crate) base: Url,
    pub(crate) token: String,
    /// A file with more certificates (PEM) to trust than the public ones.
    pub ca_file: Option<PathBuf>,
    /// Send the token over plain HTTP to another machine, too.
    pub allow_http: bool,
    /// How long and how often something is tried.
    pub patience: Patience,
    /// Bytes that one answer may have.
    pub answer_bytes: usize,
}

/// How long and how often something is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Tries of one call, the first included.
    pub tries: u32,
    /// Pause before the second try, about; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause, also where the server asks for more.
    pub longest_pause: Duration,
    /// Time to reach the server.
    pub connecting: Duration,
    /// Time in which some of an answer has to arrive.
    pub silence: Duration,
    /// Time of one try, its answer read.
    pub one_try: Duration,
    /// Time of one call with all its tries and pauses.
    pub whole: Duration,
}

impl Patience {
    /// For somebody who sits and waits.
    pub const PERSON: Patience = Patience {
        tries: 4,
        first_pause: Duration::from_millis(300),
        longest_pause: Duration::from_secs(30),
        connecting: Duration::from_secs(10),
        silence: Duration::from_secs(30),
        one_try: Duration::from_secs(90),
        whole: Duration::from_secs(120),
    };

    /// For a long piece of work that had better not end.
    pub const COPY: Patience = Patience {
        tries: 8,
        first_pause: Duration::from_millis(500),
        longest_pause: Duration::from_secs(180),
        connecting: Duration::from_secs(20),
        silence: Duration::from_secs(60),
        one_try: Duration::from_secs(300),
        whole: Duration::from_secs(900),
    };
}

/// Bytes of one answer, where nobody says otherwise.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

impl Settings {
    /// For the server at an address: `https://HOST[:PORT]` with what stands before `/v1`, `/ratings` where nothing does.
    pub fn new(server: &str, token: &str) -> Result<Settings, Error> {
        Ok(Settings {
            base: base(server)?,
            token: checked(token)?,
            ca_file: None,
            allow_http: false,
            patience: Patience::PERSON,
            answer_bytes: ANSWER_BYTES,
        })
    }

    /// The server's address with its prefix, as calls reach it.
    pub fn server(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Refuses a way on which others could read the token.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.base.scheme() == "https" || self.allow_http || is_local(&self.base) {
            return Ok(());
        }
        Err(Error::Settings(format!(
            "{} is not encrypted, and the token would go over the network in the clear; use https://, or say that \
             plain HTTP is all right",
            self.server()
        )))
    }
}

/// Whether an address is this machine.
pub(crate) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn base(server: &str) -> Result<Url, Error> {
    let wrong = |why: &str| {
        Error::Settings(format!(
            "the server has to be an address like https://liaison.example; {why}"
        ))
    };
    let mut url = Url::parse(server.trim()).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return Err(wrong("this one is neither https:// nor http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a token does not belong into it"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    let path = path.strip_suffix("/v1").or(path.strip_suffix("/v2")).unwrap_or(&path);
    // A bare address gets the prefix that the public documents have; whoever names `/v1` means what they name.
    let named = url.path().trim_end_matches('/').len() > path.len();
    let path = if path.is_empty() && !named { "/ratings" } else { path };
    url.set_path(&format!("{path}/"));
    Ok(url)
}

fn checked(token: &str) -> Result<String, Error> {
    let token = token.trim();
    if token.is_empty() {
        return Err(Error::Settings("a token is needed".to_owned()));
    }
    if token.len() > 4096 || !token.bytes().all(|byte| byte.is_ascii_graphic()) || token.contains(':') {
        return Err(Error::Settings(
            "the token has characters that no token has; copy it again".to_owned(),
        ));
    }
    Ok(token.to_owned())
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> String {
        Settings::new(text, "t").unwrap().server().to_owned()
    }

    #[test]
    fn the_prefix_is_what_stands_before_the_version() {
        assert_eq!(server("https://api.example"), "https://api.example/ratings");
        assert_eq!(server("https://api.example/"), "https://api.example/ratings");
        assert_eq!(server("https://api.example/v1/"), "https://api.example");
        assert_eq!(server("https://api.example/ratings/v1"), "https://api.example/ratings");
        assert_eq!(
            server("https://api.example/customer-api/v2/"),
            "https://api.example/customer-api"
        );
        assert_eq!(server("https://api.example:8443/x?y#z"), "https://api.example:8443/x");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in [
            "",
            "api.example",
            "ftp://api.example",
            "https://token:@api.example",
            "https://",
        ] {
            assert!(Settings::new(wrong, "t").is_err(), "{wrong}");
        }
        assert!(Settings::new("https://a.example", " ").is_err());
        assert!(Settings::new("https://a.example", "two words").is_err());
    }

    #[test]
    fn the_token_goes_over_plain_http_to_this_machine_only() {
        let check = |text: &str| Settings::new(text, "t").unwrap().check().is_ok();
        assert!(check("http://127.0.0.1:8080") && check("http://[::1]:8080") && check("http://localhost"));
        assert!(!check("http://10.0.0.1") && !check("http://localhost.example"));
        let settings = Settings::new("http://10.0.0.1", "t").unwrap();
        assert!(
            Settings {
                allow_http: true,
                ..settings
            }
            .check()
            .is_ok()
        );
    }

    #[test]
    fn a_token_is_not_shown() {
        let settings = Settings::new("https://a.example", "verysecret").unwrap();
        assert!(!format!("{settings:?}").contains("verysecret"));
    }
}
