//! The relay's address as settings write it: `smtp://[user:password@]host[:port][?…]` or `smtps://…`.

use std::fmt;
use std::str::FromStr;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use url::{Host, Url};

/// A relay and how to reach it. `Display` and `Debug` leave the password out.
#[derive(Clone)]
pub struct Relay {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) login: Option<Login>,
    loopback: bool,
    root: Option<Certificate>,
}

/// When TLS starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// Never, because the settings say so.
    Never,
    /// By `STARTTLS` when the relay offers it.
    Try,
    /// By `STARTTLS`, or nothing is sent.
    Required,
    /// From the first byte.
    Implicit,
}

/// User and password.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// Why a relay's address cannot be used. Never quotes the address: it may carry a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// Not a URL, or not one of the two schemes, or without a host.
    #[error("mail relay: expected smtp://[user:password@]host[:port] or smtps://user:password@host[:port]")]
    Shape,
    /// An option that does not exist or a value it does not take.
    #[error("mail relay: unknown option {0:?}; there are starttls=never|try|required (smtp:// only) and tls_ca=PATH")]
    Option(String),
    /// User or password is not UTF-8 once decoded, or there is one without the other.
    #[error("mail relay: give both user and password, special characters percent-encoded")]
    Login,
    /// The file of the private root cannot be read.
    #[error("mail relay: tls_ca={path}: {reason}")]
    RootFile {
        /// The path as given.
        path: String,
        /// What the system or the PEM reader said.
        reason: String,
    },
}

impl Relay {
    /// What TLS needs to know: the name to expect, Mozilla's roots, and the private root where one is set.
    pub(crate) fn tls(&self) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let builder = TlsParameters::builder(self.host.clone()).certificate_store(CertificateStore::WebpkiRoots);
        match &self.root {
            Some(root) => builder.add_root_certificate(root.clone()).build(),
            None => builder.build(),
        }
    }

    /// Whether the password may go over a connection without TLS.
    pub(crate) fn may_sign_in_plainly(&self) -> bool {
        self.loopback || self.security == Security::Never
    }
}

impl Login {
    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::new(self.user.clone(), self.password.clone())
    }
}

impl FromStr for Relay {
    type Err = RelayError;

    /// Reads the address, and the file of `tls_ca` where it names one.
    fn from_str(text: &str) -> Result<Relay, RelayError> {
        let url = Url::parse(text.trim()).map_err(|_| RelayError::Shape)?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(RelayError::Shape),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(RelayError::Shape);
        }
        let (host, loopback) = host(&url)?;
        let login = login(&url)?;
        let (starttls, root) = options(&url, implicit)?;
        let default = match (implicit, &login) {
            (true, _) => Security::Implicit,
            (false, Some(_)) if !loopback => Security::Required,
            (false, _) => Security::Try,
        };
        let port = url.port().unwrap_or(if implicit {
            465
        } else if login.is_some() {
            587
        } else {
            25
        });
        Ok(Relay {
            host,
            port,
            security: starttls.unwrap_or(default),
            login,
            loopback,
            root,
        })
    }
}

fn host(url: &Url) -> Result<(String, bool), RelayError> {
    // Schemes that the URL standard does not know keep their host undecoded; this gives it the usual rules.
    let text = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or(RelayError::Shape)?;
    match Host::parse(text).map_err(|_| RelayError::Shape)? {
        Host::Domain(name) => {
            let loopback = name == "localhost" || name.ends_with(".localhost");
            Ok((name, loopback))
        }
        Host::Ipv4(address) => Ok((address.to_string(), address.is_loopback())),
        Host::Ipv6(address) => Ok((address.to_string(), address.is_loopback())),
    }
}

fn login(url: &Url) -> Result<Option<Login>, RelayError> {
    let user = decoded(url.username()).ok_or(RelayError::Login)?;
    let password = decoded(url.password().unwrap_or_default()).ok_or(RelayError::Login)?;
    match (user.is_empty(), password.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Ok(Some(Login { user, password })),
        _ => Err(RelayError::Login),
    }
}

fn options(url: &Url, implicit: bool) -> Result<(Option<Security>, Option<Certificate>), RelayError> {
    let (mut security, mut root) = (None, None);
    for (key, value) in url.query_pairs() {
        match (&*key, &*value) {
            ("starttls", "never") if !implicit => security = Some(Security::Never),
            ("starttls", "try") if !implicit => security = Some(Security::Try),
            ("starttls", "required") if !implicit => security = Some(Security::Required),
            ("tls_ca", path) => root = Some(root_file(path)?),
            // The value is left out: it may be a misplaced secret.
            _ => return Err(RelayError::Option(key.into_owned())),
        }
    }
    Ok((security, root))
}

fn root_file(path: &str) -> Result<Certificate, RelayError> {
    let wrong = |reason: String| RelayError::RootFile {
        path: path.to_owned(),
        reason,
    };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    if !pem.windows(27).any(|part| part == b"-----BEGIN CERTIFICATE-----") {
        return Err(wrong("no PEM certificate in it".to_owned()));
    }
    Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))
}

/// Percent-decoding; none where `%` is not followed by two hex digits or the outcome is not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            bytes.extend(data_encoding::HEXLOWER_PERMISSIVE.decode(tail.get(..2)?).ok()?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains(['\0', '\r', '\n'])).then_some(text)
}

impl fmt::Display for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.security == Security::Implicit {
            "smtps"
        } else {
            "smtp"
        };
        write!(f, "{scheme}://")?;
        if let Some(login) = &self.login {
            write!(f, "{}:***@", login.user.escape_debug())?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relay({self}, {:?})", self.security)
    }
}
