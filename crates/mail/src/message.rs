//! From a subject and two bodies to a finished MIME message. No words of any mail are in here.

use std::time::{Duration, SystemTime};

use lettre::message::header::{
    Cc, ContentTransferEncoding, Date, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0, MessageId, Subject,
};
use lettre::message::{Body, Mailbox, Mailboxes, MultiPart, MultiPartKind, SinglePart};

use crate::{Identity, Stamp, address, text};

/// One millisecond after the last that a `Date` header can tell: the year 10000.
const END_OF_DATES_MS: i64 = 253_402_300_800_000;

/// Longest header line worth writing: 78 less what stands before and behind.
const LINE: usize = 72;

/// A finished mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// With its angle brackets.
    pub message_id: String,
    /// Decoded, at most 150 characters.
    pub subject: String,
    /// The message as it goes over the wire, 7-bit, lines ending in CR LF.
    pub bytes: Vec<u8>,
}

/// Why a mail cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The recipient's address cannot stand in a header.
    #[error("{0:?} is not a mail address")]
    Recipient(String),
    /// The link does not lead to this server.
    #[error("the link is not one of this server's")]
    Link,
    /// The mail's guid has other characters than letters, digits and hyphens, or is empty.
    #[error("{0:?} cannot be part of a Message-ID")]
    Guid(String),
    /// The date is before 1970 or after 9999.
    #[error("{0} ms is not a time that a mail can carry")]
    Date(i64),
    /// A template failed.
    #[error("mail template: {0}")]
    Template(String),
}

impl From<askama::Error> for ComposeError {
    fn from(error: askama::Error) -> ComposeError {
        ComposeError::Template(error.to_string())
    }
}

/// What the headers and the two parts of a mail are made of.
pub(crate) struct Draft<'a> {
    pub(crate) to: (&'a str, &'a str),
    pub(crate) reply_to: Option<(&'a str, &'a str)>,
    pub(crate) cc: Vec<(&'a str, &'a str)>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// Where one request, without signing in, ends mails of this kind (RFC 8058); a link of this server.
    pub(crate) unsubscribe: Option<&'a str>,
}

impl Draft<'_> {
    pub(crate) fn finish(self, identity: &Identity, stamp: &Stamp) -> Result<Composed, ComposeError> {
        let date = date(stamp)?;
        let message_id = message_id(identity, stamp)?;
        let subject = text::subject(&self.subject);
        let to = address::mailbox(self.to.0, self.to.1).ok_or_else(|| ComposeError::Recipient(self.to.1.to_owned()))?;
        let cc = copies(&self.cc, &to);

        let mut headers = Headers::new();
        headers.set(date);
        headers.set(MessageId::from(message_id.clone()));
        headers.insert_raw(addresses("From", std::slice::from_ref(&identity.from)));
        headers.insert_raw(addresses("To", &[to]));
        if !cc.is_empty() {
            headers.insert_raw(addresses("Cc", &cc));
        }
        if let Some(mailbox) = self
            .reply_to
            .and_then(|(name, email)| optional(name, email, "Reply-To"))
        {
            headers.insert_raw(addresses("Reply-To", &[mailbox]));
        }
        headers.set(Subject::from(subject.clone()));
        headers.insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
        if let Some(link) = self.unsubscribe {
            headers.insert_raw(plain("List-Unsubscribe", &format!("<{link}>")));
            headers.insert_raw(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        headers.set(MIME_VERSION_1_0);

        let mut bytes = headers.to_string().into_bytes();
        bytes.extend(body(&stamp.guid, self.text, self.html).formatted());
        Ok(Composed {
            message_id,
            subject,
            bytes,
        })
    }
}

/// A header of printable ASCII, on one line: a folded link is one that some programs cannot follow.
fn plain(header: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(header);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

/// The longest line that SMTP can carry (RFC 5321 4.5.3.1.6), less its end.
const LINE_BYTES: usize = 998;

fn body(guid: &str, text: String, html: String) -> MultiPart {
    let boundary = format!("=_{guid}");
    let parts = [text, html].map(|part| encoded(part, &boundary));
    let [text, html] = parts;
    MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        // Replaces the random boundary: the bytes must depend on the inputs alone.
        .boundary(boundary)
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html))
}

/// Plain ASCII goes as it is, in lines that SMTP can carry and unless it imitates the boundary; everything else as
/// quoted-printable or base64, whichever is shorter, where `=_` cannot occur. (lettre would encode every line above 76
/// characters, which is a tenth of the time of creating a request.)
fn encoded(part: String, boundary: &str) -> Body {
    let fits = |line: &str| line.len() <= LINE_BYTES && !line.contains(['\r', '\0']);
    if part.is_ascii() && !part.contains(boundary) && part.split('\n').all(fits) {
        return Body::dangerous_pre_encoded(
            part.replace('\n', "\r\n").into_bytes(),
            ContentTransferEncoding::SevenBit,
        );
    }
    let body = Body::new(part.clone());
    match body.encoding() {
        ContentTransferEncoding::QuotedPrintable | ContentTransferEncoding::Base64 => body,
        _ => Body::new_with_encoding(part, ContentTransferEncoding::QuotedPrintable).unwrap_or(body),
    }
}

fn date(stamp: &Stamp) -> Result<Date, ComposeError> {
    let wrong = || ComposeError::Date(stamp.unix_ms);
    if !(0..END_OF_DATES_MS).contains(&stamp.unix_ms) {
        return Err(wrong());
    }
    let since_1970 = Duration::from_millis(u64::try_from(stamp.unix_ms).map_err(|_| wrong())?);
    Ok(Date::new(SystemTime::UNIX_EPOCH + since_1970))
}

fn message_id(identity: &Identity, stamp: &Stamp) -> Result<String, ComposeError> {
    let guid = &stamp.guid;
    // 60 keeps the MIME boundary under its limit of 70.
    let usable =
        !guid.is_empty() && guid.len() <= 60 && guid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !usable {
        return Err(ComposeError::Guid(guid.clone()));
    }
    Ok(format!("<{guid}@{}>", identity.from.email.domain()))
}

/// The readable addresses of `cc`, each once and never the recipient's own.
fn copies(cc: &[(&str, &str)], to: &Mailbox) -> Vec<Mailbox> {
    let mut kept: Vec<Mailbox> = Vec::with_capacity(cc.len());
    for (name, email) in cc {
        let Some(mailbox) = optional(name, email, "Cc") else {
            continue;
        };
        let key = |mailbox: &Mailbox| mailbox.email.to_string().to_ascii_lowercase();
        let same = |other: &Mailbox| key(other) == key(&mailbox);
        if !same(to) && !kept.iter().any(same) {
            kept.push(mailbox);
        }
    }
    kept
}

/// A header of addresses, one to a line: lettre folds inside names only, and a long list would become one long line.
fn addresses(header: &'static str, mailboxes: &[Mailbox]) -> HeaderValue {
    let each: Vec<String> = mailboxes.iter().map(encoded_mailbox).collect();
    let plain: Vec<String> = mailboxes.iter().map(ToString::to_string).collect();
    let name = HeaderName::new_from_ascii_str(header);
    HeaderValue::dangerous_new_pre_encoded(name, plain.join(", "), each.join(",\r\n "))
}

fn encoded_mailbox(mailbox: &Mailbox) -> String {
    // A full stop needs quotes, which lettre leaves out when there is nothing else to quote.
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match &mailbox.name {
        Some(name) if name.contains('.') && name.bytes().all(word) => {
            fold_address(&format!("\"{name}\" <{}>", mailbox.email))
        }
        _ => {
            let mut alone = Headers::new();
            alone.set(Cc::from(Mailboxes::from(mailbox.clone())));
            let line = alone.to_string();
            fold_address(line.trim_start_matches("Cc: ").trim_end())
        }
    }
}

/// Puts the address on a line of its own where name and address together are too long for one.
fn fold_address(mailbox: &str) -> String {
    let last_line = mailbox.rsplit("\r\n").next().unwrap_or(mailbox);
    match mailbox.rsplit_once(" <") {
        Some((name, address)) if last_line.len() > LINE => format!("{name}\r\n <{address}"),
        _ => mailbox.to_owned(),
    }
}

/// One unusable address beside the recipient's must not keep the mail from leaving: it could not be reached anyway.
fn optional(name: &str, email: &str, header: &str) -> Option<Mailbox> {
    let mailbox = address::mailbox(name, email);
    if mailbox.is_none() {
        tracing::warn!(header, address = %email.escape_debug(), "left out of a mail: not a mail address");
    }
    mailbox
}
