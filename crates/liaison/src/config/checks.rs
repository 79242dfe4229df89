//! What each setting must be, as one sentence where it is not. No sentence shows a value that may hold a password.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use liaison_mail::{Identity, Relay};
use url::{Host, Url};

/// Longest cool-down: the life of an invitation.
const MOST_COOL_DOWN: Duration = Duration::from_secs(14 * 24 * 3600);

pub(super) fn database(text: &str) -> Result<liaison_db::Url, String> {
    text.parse().map_err(|error| format!("database: {error}"))
}

/// `HOST:PORT`; an IPv6 address stands in brackets.
pub(super) fn listen(text: &str) -> Result<(), String> {
    let host_and_port = text.rsplit_once(':').filter(|(host, port)| {
        let is_host = !host.is_empty() && (!host.contains(':') || host.ends_with(']'));
        is_host && !host.contains(['/', '@', ' ']) && port.parse::<u16>().is_ok()
    });
    match host_and_port {
        Some(_) => Ok(()),
        None => Err("listen: write an address and a port, for example 127.0.0.1:8080 or [::1]:8080".to_owned()),
    }
}

/// The address under which people reach this server. Links in mails are secrets, so it has to be HTTPS, unless
/// nothing leaves this machine or somebody said that plain HTTP is all right.
pub(super) fn public_url(listen: &str, named: Option<&str>, allow_http: bool) -> Result<Url, String> {
    let Some(named) = named else {
        return default_public_url(listen, allow_http);
    };
    let shape = || "public-url: write an address like https://liaison.example.com".to_owned();
    let url = Url::parse(named.trim()).map_err(|_| shape())?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(shape());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("public-url: leave out user, password, ? and #: links are made by putting a path behind it".into());
    }
    if url.scheme() == "http" && !is_local(&url) && !allow_http {
        return Err(
            "public-url: must be https, because the links in mails are secrets; put a proxy with TLS in front, or \
             give --allow-http (LIAISON_ALLOW_HTTP=true) if you accept that they travel readably"
                .to_owned(),
        );
    }
    Ok(url)
}

fn default_public_url(listen: &str, allow_http: bool) -> Result<Url, String> {
    let everywhere = listen.parse::<SocketAddr>().is_ok_and(|at| at.ip().is_unspecified());
    let url = Url::parse(&format!("http://{listen}"))
        .map_err(|_| "listen: write an address and a port, for example 127.0.0.1:8080".to_owned())?;
    if everywhere || !(is_local(&url) || allow_http) {
        return Err(format!(
            "public-url: needed when listening on {listen}: mails carry links to it; \
             for example --public-url https://liaison.example.com"
        ));
    }
    Ok(url)
}

/// Whether only this machine can follow the address.
pub(crate) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback() && address != Ipv4Addr::UNSPECIFIED,
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        None => false,
    }
}

pub(super) fn identity(from: &str, public_url: &Url) -> Result<Identity, String> {
    Identity::parse(from, public_url.as_str()).map_err(|error| format!("mail-from: {error}"))
}

pub(super) fn relay(text: &str) -> Result<Relay, String> {
    text.parse().map_err(|error| format!("smtp: {error}"))
}

/// `5m`, `90s`, `1h 30m`.
pub(super) fn cool_down(text: &str) -> Result<Duration, String> {
    let span = text.trim().parse::<jiff::SignedDuration>().ok();
    span.and_then(|span| Duration::try_from(span).ok())
        .filter(|span| *span <= MOST_COOL_DOWN)
        .ok_or_else(|| "resend-cool-down: write minutes or seconds, for example 5m or 90s, at most 14 days".to_owned())
}

/// Addresses with commas between them.
pub(super) fn proxies(text: &str) -> Result<Vec<IpAddr>, String> {
    let named = text.split(',').map(str::trim).filter(|address| !address.is_empty());
    named
        .map(|address| address.parse::<IpAddr>().map(|address| address.to_canonical()))
        .collect::<Result<_, _>>()
        .map_err(|_| "proxies: write addresses with commas between them, for example 10.0.0.5,::1".to_owned())
}

/// One word is the level of everything, except that the PostgreSQL driver's small talk stays out of it.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        level @ ("error" | "warn" | "off") => Ok(level.to_owned()),
        level @ ("info" | "debug" | "trace") => Ok(format!("{level},postgres=warn,tokio_postgres=warn")),
        // `info,liaison_web=debug`: for whoever looks for a defect.
        levels if levels.contains('=') => Ok(levels.to_owned()),
        _ => Err("log-level: write error, warn, info, debug or trace".to_owned()),
    }
}
