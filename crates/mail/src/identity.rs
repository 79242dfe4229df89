//! How this server presents itself in mails, and what makes one mail distinct from all others.

use lettre::message::Mailbox;
use url::Url;

use crate::{address, text};

/// Longest link that is printed: it has to stand on one line of a mail.
const LINK_BYTES: usize = 900;

/// How this server presents itself in mails.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Sender in the `From` header; its address is also the envelope sender.
    pub from: Mailbox,
    /// Where this server's pages are.
    pub public_url: Url,
    /// Host of [`Identity::public_url`], by which mails name this server.
    pub server_name: String,
}

/// Why a sender or a public address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The sender is not `Name <a@b>` or `a@b` in ASCII.
    #[error("mail sender {0:?}: expected `Name <address@host>` or `address@host`")]
    From(String),
    /// The public address is not an `http` or `https` URL with a host.
    #[error("public URL {0:?}: expected something like https://liaison.example.com")]
    PublicUrl(String),
}

impl Identity {
    /// Reads the two settings.
    ///
    /// # Errors
    /// Whichever of the two cannot be read, quoted.
    pub fn parse(mail_from: &str, public_url: &str) -> Result<Identity, IdentityError> {
        let from = sender(mail_from).ok_or_else(|| IdentityError::From(mail_from.to_owned()))?;
        let wrong_url = || IdentityError::PublicUrl(public_url.to_owned());
        let url = Url::parse(public_url.trim()).map_err(|_| wrong_url())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong_url());
        }
        let server_name = url.host_str().ok_or_else(wrong_url)?.to_owned();
        Ok(Identity {
            from,
            public_url: url,
            server_name,
        })
    }

    /// The address of one of this server's pages: `path` without a slash in front.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        let mut base = self.public_url.clone();
        base.set_query(None);
        base.set_fragment(None);
        format!("{}/{path}", base.as_str().trim_end_matches('/'))
    }

    /// Whether `link` leads to this server and can be printed as it is, in a header too.
    pub(crate) fn owns(&self, link: &str) -> bool {
        let printable = link
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>\"'`\\{}|^".contains(&byte));
        printable
            && link.len() <= LINK_BYTES
            && link.starts_with(&self.page(""))
            && Url::parse(link).is_ok_and(|url| url.origin() == self.public_url.origin())
    }
}

fn sender(mail_from: &str) -> Option<Mailbox> {
    let whole = mail_from.trim();
    match whole.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, email)) => address::mailbox(name.trim().trim_matches('"'), email),
        None => Some(Mailbox::new(None, address::parse(whole)?)),
    }
    .filter(|mailbox| mailbox.name.as_deref().is_none_or(|name| !text::name(name).is_empty()))
}

/// What makes one mail distinct from all others. Fixed before the first attempt, so that every attempt is equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Guid of the mail as text. `Message-ID` is `<guid@host>` with the sender's host.
    pub guid: String,
    /// The `Date` header: milliseconds since 1970, UTC.
    pub unix_ms: i64,
}
