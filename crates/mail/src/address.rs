//! Reading mail addresses strictly enough for a header and an envelope.

use lettre::Address;
use lettre::message::Mailbox;

use crate::text;

/// An address that can stand in a header as it is: ASCII, no quoting, no white space.
pub(crate) fn parse(text: &str) -> Option<Address> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&byte);
    let whole = text.trim();
    if !whole.bytes().all(plain) {
        return None;
    }
    whole.parse().ok()
}

/// An address with a name beside it.
pub(crate) fn mailbox(name: &str, address: &str) -> Option<Mailbox> {
    let email = parse(address)?;
    // A name that only repeats the address says nothing.
    let repeats = name.trim().eq_ignore_ascii_case(email.as_ref());
    let shown = if repeats { None } else { text::display_name(name) };
    Some(Mailbox::new(shown, email))
}

/// An address for `MAIL FROM` and `RCPT TO`. Letters outside ASCII are allowed: the relay may know `SMTPUTF8`.
pub(crate) fn envelope(text: &str) -> Option<Address> {
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
    if text.chars().any(forbidden) {
        return None;
    }
    text.parse().ok()
}
