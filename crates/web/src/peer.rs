//! Where a request comes from: the other end of the connection, or what a trusted proxy says of it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;

use crate::state::Web;

/// The address of the person or program that sent a request. Put beside each request by the accept loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl Peer {
    /// Who sent a request that came over a connection from `end`. `X-Forwarded-For` counts only as far as the
    /// addresses in it are those of trusted proxies: anybody can write the rest.
    pub(crate) fn of(end: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Peer {
        let trusted = |address: IpAddr| proxies.contains(&address.to_canonical());
        let mut peer = end;
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let mut hops = lines.iter().flat_map(|line| line.split(',')).rev();
        while trusted(peer) {
            match hops.next().and_then(|hop| hop.trim().parse().ok()) {
                Some(before) => peer = before,
                None => break,
            }
        }
        Peer(peer.to_canonical())
    }
}

impl FromRequestParts<Web> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Peer, Infallible> {
        let known = parts.extensions.get::<Peer>().copied();
        Ok(known.unwrap_or(Peer(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(end: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        Peer::of(end.parse().unwrap(), &headers, &proxies).0.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 192.0.2.1, 10.0.0.2"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "192.0.2.1"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(seen("::ffff:10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }
}
