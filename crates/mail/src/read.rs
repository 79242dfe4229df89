//! Reading a kept mail back for people: decoded headers and both bodies.

use mailparse::{MailHeaderMap, ParsedMail};

/// A mail as its reader's program would show it. A header that is not there is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Readable {
    /// `From`, decoded.
    pub from: String,
    /// `To`, decoded.
    pub to: String,
    /// `Cc`, decoded.
    pub cc: String,
    /// `Reply-To`, decoded.
    pub reply_to: String,
    /// `Subject`, decoded.
    pub subject: String,
    /// `Date` as it stands in the mail.
    pub date: String,
    /// `Message-ID` with its angle brackets.
    pub message_id: String,
    /// The plain text part, lines ending in `\n`.
    pub text: String,
    /// The HTML part, lines ending in `\n`.
    pub html: String,
}

/// Why bytes could not be read as a mail.
#[derive(Debug, thiserror::Error)]
#[error("not a readable mail: {0}")]
pub struct ReadError(#[from] mailparse::MailParseError);

/// Reads a mail.
///
/// # Errors
/// When the bytes are not a MIME message, or a part cannot be decoded.
pub fn read(bytes: &[u8]) -> Result<Readable, ReadError> {
    let mail = mailparse::parse_mail(bytes)?;
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    Ok(Readable {
        from: header("From"),
        to: header("To"),
        cc: header("Cc"),
        reply_to: header("Reply-To"),
        subject: header("Subject"),
        date: header("Date"),
        message_id: header("Message-ID"),
        text: part(&mail, "text/plain")?,
        html: part(&mail, "text/html")?,
    })
}

fn part(mail: &ParsedMail<'_>, kind: &str) -> Result<String, ReadError> {
    match mail.parts().find(|part| part.ctype.mimetype == kind) {
        Some(part) => Ok(part.get_body()?.replace("\r\n", "\n")),
        None => Ok(String::new()),
    }
}
