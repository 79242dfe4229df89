//! Network addresses in the text of a finding, and the form in which a client sees them: not to the last host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `text` with the host part of every IP address in it hidden: `192.0.2.7:443` becomes `192.0.2.x:443`, and
/// `2001:db8:1:2::7` becomes `2001:db8:1:x`. Host names stay.
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        masked.push_str(before);
        let end = from.find(|character| !is_part(character)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        mask_run(&mut masked, run);
        rest = after;
    }
    masked.push_str(rest);
    masked
}

/// Whether a text is an IP address, whole or with its host part hidden.
pub fn is_address(text: &str) -> bool {
    let whole = text.strip_suffix(".x").map(|network| format!("{network}.0"));
    let whole = whole.or_else(|| text.strip_suffix(":x").map(|network| format!("{network}::")));
    whole.as_deref().unwrap_or(text).parse::<IpAddr>().is_ok()
}

fn is_part(character: char) -> bool {
    character.is_ascii_hexdigit() || character == ':' || character == '.'
}

/// A run of characters that may be an address, with a port or with a mark of punctuation behind it.
fn mask_run(masked: &mut String, run: &str) {
    let bare = run.trim_end_matches(['.', ':']);
    let candidates = [
        Some((run, "")),
        run.rsplit_once(':')
            .map(|(address, _)| (address, &run[address.len()..])),
        Some((bare, &run[bare.len()..])),
    ];
    for (address, tail) in candidates.into_iter().flatten() {
        match address.parse() {
            Ok(IpAddr::V4(address)) => return push(masked, &mask_v4(address), tail),
            Ok(IpAddr::V6(address)) => return push(masked, &mask_v6(address), tail),
            Err(_) => {}
        }
    }
    masked.push_str(run);
}

fn push(masked: &mut String, address: &str, tail: &str) {
    masked.push_str(address);
    masked.push_str(tail);
}

fn mask_v4(address: Ipv4Addr) -> String {
    let [a, b, c, _] = address.octets();
    format!("{a}.{b}.{c}.x")
}

/// The first 48 bits are the site's; all behind them tells subnets and hosts.
fn mask_v6(address: Ipv6Addr) -> String {
    if let Some(inner) = address.to_ipv4_mapped() {
        return format!("::ffff:{}", mask_v4(inner));
    }
    let [a, b, c, ..] = address.segments();
    format!("{a:x}:{b:x}:{c:x}:x")
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn the_last_part_of_an_address_is_hidden() {
        for (text, masked) in [
            ("192.0.2.7", "192.0.2.x"),
            ("192.0.2.7:3389", "192.0.2.x:3389"),
            ("192.0.2.0/24", "192.0.2.x/24"),
            ("https://192.0.2.7/admin", "https://192.0.2.x/admin"),
            ("from 192.0.2.7, 192.0.2.8.", "from 192.0.2.x, 192.0.2.x."),
            ("2001:db8:1:2::7", "2001:db8:1:x"),
            ("2001:db8::7", "2001:db8:0:x"),
            ("[2001:DB8:1::7]:443", "[2001:db8:1:x]:443"),
            ("::1", "0:0:0:x"),
            ("::ffff:192.0.2.7", "::ffff:192.0.2.x"),
            ("fe80::1%eth0", "fe80:0:0:x%eth0"),
            ("\u{fc}192.0.2.7\u{fc}", "\u{fc}192.0.2.x\u{fc}"),
        ] {
            assert_eq!(mask(text), masked, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_stays() {
        for text in [
            "",
            "blackhills.com",
            "blackhills.com:443",
            "face.de",
            "1.2.3",
            "1.2.3.4.5",
            "300.1.1.1",
            "12:30",
            "version 1.2.3.4a",
            "\u{e4}\u{1f600}::",
        ] {
            assert_eq!(
                mask(text),
                if text.ends_with("::") {
                    "\u{e4}\u{1f600}0:0:0:x"
                } else {
                    text
                },
                "{text}"
            );
        }
    }
}
