//! The relay's address: what is read, what is refused, and that the password never shows.

use liaison_mail::{Relay, RelayError, Smtp};

fn shown(text: &str) -> String {
    format!("{:?}", text.parse::<Relay>().unwrap())
}

#[test]
fn defaults_follow_the_scheme_and_the_login() {
    assert_eq!(shown("smtp://mail.example"), "Relay(smtp://mail.example:25, Try)");
    assert_eq!(
        shown("smtp://u:p@mail.example"),
        "Relay(smtp://u:***@mail.example:587, Required)"
    );
    assert_eq!(
        shown("smtp://u:p@mail.example?starttls=never"),
        "Relay(smtp://u:***@mail.example:587, Never)"
    );
    assert_eq!(
        shown("smtp://u:p@localhost:2525"),
        "Relay(smtp://u:***@localhost:2525, Try)"
    );
    assert_eq!(
        shown("smtp://u:p@127.0.0.9:25"),
        "Relay(smtp://u:***@127.0.0.9:25, Try)"
    );
    assert_eq!(
        shown("smtp://[::1]?starttls=required"),
        "Relay(smtp://[::1]:25, Required)"
    );
    assert_eq!(
        shown("smtps://u:p@mail.example/"),
        "Relay(smtps://u:***@mail.example:465, Implicit)"
    );
}

#[test]
fn the_password_never_shows() {
    let relay: Relay = "smtp://user%40x:s3cr%2Ft@mail.example".parse().unwrap();
    assert_eq!(relay.to_string(), "smtp://user@x:***@mail.example:587");
    let smtp = Smtp::new(relay.clone(), "here.example".to_owned());
    for text in [format!("{relay:?}"), format!("{smtp:?}")] {
        assert!(!text.contains("s3cr"), "{text}");
    }
    for wrong in [
        "smtp://u:s3cret@",
        "smtpx://u:s3cret@h",
        "smtp://u:s3cret@h/path",
        "smtp://u:s3cret%@h",
        "smtp://u:s3cret@h?x=s3cret",
    ] {
        let error = wrong.parse::<Relay>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for wrong in [
        "",
        "mail.example",
        "mail.example:25",
        "http://mail.example",
        "smtp://",
        "smtp:mail.example",
    ] {
        assert_eq!(wrong.parse::<Relay>().unwrap_err(), RelayError::Shape, "{wrong}");
    }
    for wrong in [
        "smtp://u@h",
        "smtp://:p@h",
        "smtp://u:%zz@h",
        "smtp://u:%ff@h",
        "smtp://u:a%0d%0ab@h",
    ] {
        assert_eq!(wrong.parse::<Relay>().unwrap_err(), RelayError::Login, "{wrong}");
    }
    for wrong in ["smtp://h?starttls=maybe", "smtp://h?tls=1", "smtps://h?starttls=try"] {
        assert!(
            matches!(wrong.parse::<Relay>().unwrap_err(), RelayError::Option(_)),
            "{wrong}"
        );
    }
    let here = concat!("smtp://h?tls_ca=", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for wrong in ["smtp://h?tls_ca=/nowhere/ca.pem", here] {
        assert!(
            matches!(wrong.parse::<Relay>().unwrap_err(), RelayError::RootFile { .. }),
            "{wrong}"
        );
    }
}
