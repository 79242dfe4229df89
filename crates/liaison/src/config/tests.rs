//! The order of the sources, and what is refused.

use super::checks;
use super::{first, local_server};

#[test]
fn an_empty_value_counts_as_absent() {
    assert_eq!(first(Some("a"), Some("b")), Some("a"));
    assert_eq!(first(Some(""), Some("b")), Some("b"));
    assert_eq!(first(Some(" "), None), None);
}

#[test]
fn plain_http_needs_loopback_or_a_word() {
    let url = |named: &str, allowed| checks::public_url("127.0.0.1:8080", Some(named), allowed);
    for fine in [
        "https://liaison.example.com",
        "http://localhost:8080",
        "http://127.0.0.5/x",
        "http://[::1]:80",
    ] {
        assert!(url(fine, false).is_ok(), "{fine}");
    }
    for refused in [
        "http://liaison.example.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://0.0.0.0",
    ] {
        assert!(url(refused, false).unwrap_err().contains("must be https"), "{refused}");
        assert!(url(refused, true).is_ok(), "{refused}");
    }
    for wrong in [
        "liaison.example.com",
        "ftp://x.example",
        "https://me:secret@x.example",
        "https://x.example?y",
    ] {
        let problem = url(wrong, true).unwrap_err();
        assert!(
            problem.starts_with("public-url: ") && !problem.contains("secret"),
            "{problem}"
        );
    }
}

#[test]
fn the_default_address_must_be_one_that_can_be_followed() {
    let url = |listen: &str, allowed| checks::public_url(listen, None, allowed);
    assert_eq!(url("127.0.0.1:9000", false).unwrap().as_str(), "http://127.0.0.1:9000/");
    assert_eq!(url("[::1]:9000", false).unwrap().as_str(), "http://[::1]:9000/");
    assert!(url("0.0.0.0:9000", true).is_err());
    assert!(url("10.1.2.3:9000", false).is_err());
    assert!(url("10.1.2.3:9000", true).is_ok());
}

#[test]
fn an_address_to_listen_on_has_a_port() {
    for fine in ["127.0.0.1:0", "[::]:8080", "localhost:8080"] {
        assert_eq!(checks::listen(fine), Ok(()), "{fine}");
    }
    for wrong in ["127.0.0.1", ":8080", "::1:80", "http://x:80", "a:b", "x:70000"] {
        assert!(checks::listen(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn cool_downs_have_a_unit() {
    assert_eq!(checks::cool_down("5m").unwrap().as_secs(), 300);
    assert_eq!(checks::cool_down("90s").unwrap().as_secs(), 90);
    assert_eq!(checks::cool_down("0s").unwrap().as_secs(), 0);
    for wrong in ["5", "", "-5m", "400d", "soon"] {
        assert!(checks::cool_down(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_local_server_has_a_sender() {
    let server = local_server("127.0.0.1:8080").unwrap();
    assert_eq!(server.identity.from.email.to_string(), "liaison@localhost");
    assert_eq!(server.identity.public_url.as_str(), "http://127.0.0.1:8080/");
}

#[test]
fn a_log_level_is_a_known_word_or_says_for_what() {
    assert_eq!(checks::log_level("WARN").unwrap(), "warn");
    assert!(checks::log_level("info").unwrap().starts_with("info,"));
    assert!(checks::log_level("info,liaison_web=debug").is_ok());
    assert!(checks::log_level("verbose").is_err());
}
