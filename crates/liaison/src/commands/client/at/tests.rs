//! Which server and token are chosen.

use super::*;

fn profiles() -> Profiles {
    profiles::parse(
        r#"
        default = "work"

        [profile.work]
        server = "https://work.example"
        token = "token-of-work-0001"

        [profile.lab]
        server = "http://lab.example:8080"
        token = "token-of-lab-00001"
        allow-http = true
        "#,
    )
    .unwrap()
}

fn chosen(at: &At, typed: Typed) -> String {
    match choose(at, typed, &profiles()) {
        Ok(Wanted { server, token, .. }) => {
            let (token, source) = token.map_or(("none".to_owned(), String::new()), |(token, source)| {
                (token.reveal().to_owned(), source)
            });
            format!("{server} {token} {source}")
        }
        Err(failure) => failure.lines().join(" "),
    }
}

fn at(server: &str, token: &str, profile: &str) -> At {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    At {
        server: given(server),
        token: given(token).map(Secret::from),
        profile: given(profile),
        ca_file: None,
        allow_http: false,
    }
}

const TYPED: Typed = Typed {
    server: true,
    token: true,
    profile: true,
};

#[test]
fn the_usual_profile_is_used_where_nothing_is_said() {
    let usual = "https://work.example token-of-work-0001 the token of profile work";
    assert_eq!(chosen(&at("", "", ""), Typed::default()), usual);
    assert_eq!(chosen(&at(" ", "", ""), Typed::default()), usual);
}

#[test]
fn a_token_of_a_profile_goes_to_its_server_alone() {
    assert_eq!(
        chosen(&at("https://other.example", "", ""), TYPED),
        "https://other.example none "
    );
    assert_eq!(
        chosen(&at("https://other.example", "", "work"), TYPED),
        "https://other.example none "
    );
    assert_eq!(
        chosen(&at("https://work.example/ratings/v1/", "", ""), TYPED),
        "https://work.example token-of-work-0001 the token of profile work"
    );
    assert_eq!(
        chosen(&at("https://work.example.evil.example", "", ""), TYPED),
        "https://work.example.evil.example none "
    );
}

#[test]
fn a_typed_profile_beats_the_surroundings() {
    let only_profile = Typed {
        profile: true,
        ..Typed::default()
    };
    assert_eq!(
        chosen(&at("https://ambient.example", "ambient", "lab"), only_profile),
        "http://lab.example:8080 token-of-lab-00001 the token of profile lab"
    );
    assert_eq!(
        chosen(&at("", "ambient", "lab"), Typed::default()),
        "http://lab.example:8080 ambient the token in LIAISON_TOKEN"
    );
    assert_eq!(
        chosen(&at("", "typed", "work"), TYPED),
        "https://work.example typed the token of --token"
    );
}

#[test]
fn what_cannot_be_used_is_refused_in_words() {
    assert!(chosen(&at("", "", "home"), TYPED).contains("there is no profile home; there are lab, work"));
    assert!(chosen(&at("liaison.example.com", "", ""), TYPED).contains("write an address like https://"));
    assert!(chosen(&at("ftp://x.example", "", ""), TYPED).contains("write an address like"));
    let secret = chosen(&at("https://hunter2:@x.example", "", ""), TYPED);
    assert!(
        secret.contains("leave user and password out") && !secret.contains("hunter2"),
        "{secret}"
    );
    assert!(chosen(&at("http://plain.example", "t", ""), TYPED).contains("has no TLS"));
    assert_eq!(
        chosen(&at("http://127.0.0.1:8080", "t", ""), TYPED),
        "http://127.0.0.1:8080 t the token of --token"
    );
}

#[test]
fn http_that_a_profile_accepts_is_accepted_for_its_server_alone() {
    assert!(chosen(&at("http://other.example", "", "lab"), TYPED).contains("has no TLS"));
    assert!(chosen(&at("http://lab.example:8080", "", ""), TYPED).contains("token-of-lab-00001"));
}

#[test]
fn an_address_read_again_stays_the_same() {
    for (text, wanted) in [
        ("https://l.example/", "https://l.example"),
        ("https://l.example/ratings/v1", "https://l.example"),
        ("https://l.example/v2/", "https://l.example/v1"),
        (
            "https://l.example:8443/tools/ratings",
            "https://l.example:8443/tools/ratings",
        ),
        ("http://[::1]:80/customer-api/v1", "http://[::1]/customer-api"),
    ] {
        assert_eq!(address(text).unwrap(), wanted);
        assert_eq!(address(wanted).unwrap(), wanted);
    }
}
