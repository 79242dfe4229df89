//! Network addresses in the text of a finding, and the form in which a client sees them: not to the last host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `text` with the host part of every IP address in it hidden: `192.0.2.7:443` becomes `192.0.2.x:443`, and
/// `2001:db8:1:2::7` becomes `2001:db8:1:x`. Host names stay. Whatever may be an address is one, also where something
/// touches it (`ip4:192.0.2.7`, `192.0.2.7.443`): a version number of four parts loses its last one.
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
    mask_quads(&masked)
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

/// The longest form of an address of version 6.
const V6_CHARS: usize = 45;

/// A run of characters in which addresses of version 6 may be. All of it is ASCII.
fn mask_run(masked: &mut String, run: &str) {
    let mut rest = run;
    while let Some((start, end, address)) = find_v6(rest) {
        masked.push_str(&rest[..start]);
        masked.push_str(&mask_v6(address));
        rest = &rest[end..];
    }
    masked.push_str(rest);
}

/// The first address of a run, the longest where several begin there.
fn find_v6(run: &str) -> Option<(usize, usize, Ipv6Addr)> {
    let is_short = run.contains("::");
    let groups = run.split(':').count();
    // Eight groups and a port; what has more of them is a fingerprint.
    if groups < 3 || (!is_short && groups > 9) {
        return None;
    }
    (0..run.len()).find_map(|start| {
        let longest = run.len().min(start + V6_CHARS);
        (start + 2..=longest).rev().find_map(|end| {
            let address = run[start..end].parse().ok()?;
            ends_there(&run[start..end], &run[end..]).then_some((start, end, address))
        })
    })
}

/// Whether an address is over, and not only the beginning of something else.
fn ends_there(address: &str, after: &str) -> bool {
    let mut after = after.chars();
    match (after.next(), after.next()) {
        (Some(mark), _) if mark.is_ascii_hexdigit() => false,
        (Some('.'), Some(next)) => !next.is_ascii_digit(),
        (Some(':'), Some(next)) if next.is_ascii_hexdigit() => address.split(':').count() >= 8,
        _ => true,
    }
}

/// Hides what follows the third of four or more numbers with dots between them, where four of them in a row can be an
/// address of version 4.
fn mask_quads(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit() || character == '%') {
        let (before, from) = rest.split_at(start);
        masked.push_str(before);
        let length = match escape(from) {
            Some(length) => {
                masked.push_str(&from[..length]);
                length
            }
            None => mask_chain(&mut masked, from),
        };
        rest = &from[length..];
    }
    masked.push_str(rest);
    masked
}

/// The length of a percent sign with what belongs to it, where the text begins with one: `%2F` is no number.
fn escape(text: &str) -> Option<usize> {
    let code = text.strip_prefix('%')?.get(..2);
    let is_code = code.is_some_and(|code| code.chars().all(|digit| digit.is_ascii_hexdigit()));
    Some(if is_code { 3 } else { 1 })
}

/// Passes over numbers with dots between them, and gives their length.
fn mask_chain(masked: &mut String, text: &str) -> usize {
    let mut numbers: Vec<&str> = Vec::new();
    let mut dots: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let end = rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        numbers.push(number);
        rest = after;
        let dot = [".", "%2E", "%2e"].into_iter().find(|dot| after.starts_with(dot));
        let Some(dot) = dot.filter(|dot| after[dot.len()..].starts_with(|next: char| next.is_ascii_digit())) else {
            break;
        };
        dots.push(dot);
        rest = &after[dot.len()..];
    }
    let is_octet = |number: &&str| number.parse::<u64>().is_ok_and(|number| number <= 255);
    let holds_address = numbers.windows(4).any(|four| four.iter().all(is_octet));
    for (place, number) in numbers.iter().enumerate() {
        masked.push_str(if holds_address && place >= 3 { "x" } else { number });
        masked.push_str(dots.get(place).copied().unwrap_or_default());
    }
    text.len() - rest.len()
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
            ("v=spf1 ip4:203.0.113.77 -all", "v=spf1 ip4:203.0.113.x -all"),
            ("ip:203.0.113.84", "ip:203.0.113.x"),
            ("203.0.113.81:443:", "203.0.113.x:443:"),
            ("203.0.113.79.443", "203.0.113.x.x"),
            ("..203.0.113.82", "..203.0.113.x"),
            ("http%3A%2F%2F203.0.113.78%2F", "http%3A%2F%2F203.0.113.x%2F"),
            ("%22203.0.113.78%22", "%22203.0.113.x%22"),
            ("203%2E0%2e113%2E78", "203%2E0%2e113%2Ex"),
            ("IP Address:192.0.2.9", "IP Address:192.0.2.x"),
            ("1.192.0.2.9", "1.192.0.x.x"),
            ("a192.0.2.9", "a192.0.2.x"),
            ("version 1.2.3.4a", "version 1.2.3.xa"),
            ("192.0.2.009", "192.0.2.x"),
            ("addr:2001:db8:5::9", "addr:2001:db8:5:x"),
            ("abc2001:db8:5::9.", "abc2001:db8:5:x."),
            ("1:2:3:4:5:6:7:8:443", "1:2:3:x:443"),
            ("2001:db8::7 and 2001:db8:1::8", "2001:db8:0:x and 2001:db8:1:x"),
        ] {
            assert_eq!(mask(text), masked, "{text}");
            assert_eq!(mask(masked), masked, "{text}");
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
            "300.1.1.1",
            "12:30",
            "version 1.2.3",
            "00:11:22:33:44:55",
            "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01",
            "100 % of 1.2.3",
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
