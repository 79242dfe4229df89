//! Mail addresses and host names: what counts as well-formed, and the form in which they are compared.
//!
//! The pattern is that of HTML's e-mail input, the lengths are those of RFC 5321. Quoted local parts, address
//! literals and raw non-ASCII are refused.

/// Most bytes before the `@` (RFC 5321 4.5.3.1.1).
const LOCAL_BYTES: usize = 64;
/// Most bytes of a whole address (RFC 5321 4.5.3.1.3, less the angle brackets).
const ADDRESS_BYTES: usize = 254;
/// Most bytes of one label of a host name (RFC 1035 2.3.4).
const LABEL_BYTES: usize = 63;

/// Whether `address` is a well-formed mail address.
pub fn is_valid(address: &str) -> bool {
    if address.len() > ADDRESS_BYTES {
        return false;
    }
    let Some((local, host)) = address.split_once('@') else {
        return false;
    };
    is_local_part(local) && is_host(host)
}

/// The form in which two addresses are compared: lower case.
pub fn key(address: &str) -> String {
    address.to_ascii_lowercase()
}

/// A host name as lower-case ASCII (A-labels), or none where it is not a valid one.
pub fn to_a_label(host: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(host).ok()?;
    // A label that only looks encoded (`xn--example-`) decodes to plain text and would equal another name.
    let (unicode, decoded) = idna::domain_to_unicode(&ascii);
    let round_trip = decoded.is_ok() && idna::domain_to_ascii_strict(&unicode).ok().as_deref() == Some(&ascii);
    (round_trip && is_host(&ascii)).then_some(ascii)
}

/// Splits a list written with commas (or semicolons) into trimmed, non-empty entries.
pub fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';']).map(str::trim).filter(|entry| !entry.is_empty())
}

fn is_local_part(local: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    !local.is_empty()
        && local.len() <= LOCAL_BYTES
        && local.bytes().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.split('.').all(is_label)
        && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_BYTES).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_addresses() {
        let longest_local = format!("{}@example.com", "a".repeat(64));
        for yes in [
            "emma@blueseas.com",
            "first.last+tag@mail.eu.example",
            "o'brien@example.com",
            "x@xn--bcher-kva.example",
            &longest_local,
        ] {
            assert!(is_valid(yes), "{yes}");
        }
    }

    #[test]
    fn malformed_addresses() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long_whole = format!("a@{}.com", "b.".repeat(130));
        for no in [
            "",
            "a",
            "@",
            "a@",
            "@b.example",
            "a@b",
            "a@@b.example",
            "a b@c.example",
            "a@b..example",
            "a@.example",
            "a@-b.example",
            "a@b-.example",
            ".a@b.example",
            "a.@b.example",
            "a..b@c.example",
            "\"a\"@b.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "\u{e4}@b.example",
            "a@b\u{fc}.example",
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example ",
            "<a@b.example>",
            "a@b.example,c@d.example",
            &long_local,
            &long_whole,
        ] {
            assert!(!is_valid(no), "{no}");
        }
    }

    #[test]
    fn lists_are_split_and_trimmed() {
        let entries: Vec<_> = split_list(" a@x.example, ,b@x.example;c@x.example,").collect();
        assert_eq!(entries, ["a@x.example", "b@x.example", "c@x.example"]);
    }
}
