//! What DNS says of a domain, asked of a small server of our own.

use std::net::SocketAddr;

use liaison_mail::domains::{Deliverability, Dns, MailDomains as _};
use tokio::net::UdpSocket;

const MX: u16 = 15;
const A: u16 = 1;
const AAAA: u16 = 28;

/// Answers from a table until the test ends: name, type, data. Names of `nowhere` do not exist, names of `silent` get no
/// answer, names of `broken` get an error.
async fn server(table: &'static [(&'static str, u16, &'static [u8])]) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            if let Some(answer) = answer(&buffer[..length], table) {
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    address
}

fn answer(question: &[u8], table: &[(&str, u16, &[u8])]) -> Option<Vec<u8>> {
    let (mut at, mut labels) = (12, Vec::new());
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    let (name, end) = (labels.join("."), at + 5);
    let kind = u16::from_be_bytes([question[at + 1], question[at + 2]]);
    let found: Vec<_> = table.iter().filter(|row| row.0 == name && row.1 == kind).collect();
    let code = match labels.last().map(String::as_str) {
        Some("silent") => return None,
        Some("nowhere") => 3,
        Some("broken") => 2,
        _ => 0,
    };
    let mut answer = question[..2].to_vec();
    answer.extend([
        0x81,
        0x80 | code,
        0,
        1,
        0,
        u8::try_from(found.len()).unwrap(),
        0,
        0,
        0,
        0,
    ]);
    answer.extend(&question[12..end]);
    for (_, kind, data) in found {
        answer.extend([0xC0, 12]);
        answer.extend(kind.to_be_bytes());
        answer.extend([0, 1, 0, 0, 0, 60]);
        answer.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        answer.extend(*data);
    }
    Some(answer)
}

#[tokio::test]
async fn mail_servers_and_addresses_count_and_a_null_server_does_not() {
    let address = server(&[
        ("served.example", MX, b"\x00\x0a\x02mx\x07example\x00"),
        ("bare.example", A, &[192, 0, 2, 1]),
        (
            "modern.example",
            AAAA,
            &[32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ),
        ("null.example", MX, b"\x00\x00\x00"),
        ("null.example", A, &[192, 0, 2, 2]),
    ])
    .await;
    let dns = Dns::at(address).unwrap();
    for (domain, expected) in [
        ("served.example", Deliverability::Yes),
        ("bare.example", Deliverability::Yes),
        ("modern.example", Deliverability::Yes),
        ("null.example", Deliverability::No),
        ("empty.example", Deliverability::No),
        ("any.nowhere", Deliverability::No),
        ("any.broken", Deliverability::Unknown),
        ("any.silent", Deliverability::Unknown),
    ] {
        assert_eq!(dns.look_up(domain).await, expected, "{domain}");
    }
}
