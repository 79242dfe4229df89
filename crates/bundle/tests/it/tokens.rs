//! Tokens that are given, and tokens that are made and told once.

use crate::place::{Place, on_both};

fn bundle(tokens: &str) -> String {
    format!(
        r#"{{"customers": [{{"guid": "c0000000-0000-4000-8000-000000000001", "name": "C",
        "users": [{{"guid": "20000000-0000-4000-8000-000000000001", "email": "a@x.example", "formal_name": "A"}}],
        "api_tokens": {tokens}}}]}}"#
    )
}

fn is_known(place: &Place, token: &str) -> bool {
    let digest = liaison_operations::digest(token.as_bytes());
    place
        .db
        .read_blocking(move |tx| liaison_store::api_tokens::find_identity(tx, &digest))
        .unwrap()
        .is_some()
}

on_both! {
    fn a_made_token_is_told_once_and_works(place) {
        let text = bundle(r#"[{"description": "ci", "user_email": "A@x.example"}, {"description": "ci"}, {}]"#);
        let made = place.import(&text).new_tokens;
        assert_eq!(made.len(), 3);
        assert_eq!(made[0].user_email.as_deref(), Some("A@x.example"));
        assert_eq!(made[0].customer, "c0000000-0000-4000-8000-000000000001");
        assert_eq!((made[1].user_email.as_deref(), made[1].description.as_str()), (None, "ci"));
        for token in &made {
            assert!(token.token.starts_with("liaison_") && token.token.len() == 48, "{token:?}");
            assert!(is_known(place, &token.token));
        }
        assert_eq!(place.import(&text).new_tokens, []);
    }

    fn a_revoked_token_is_made_anew(place) {
        let text = bundle(r#"[{"description": "ci"}]"#);
        let first = place.import(&text).new_tokens.remove(0).token;
        let digest = liaison_operations::digest(first.as_bytes());
        place.db.write_blocking(move |tx| {
            let (guid, customer) = liaison_store::api_tokens::find_owner(tx, &digest)?.unwrap();
            liaison_store::api_tokens::update_revoked(tx, customer, guid, liaison_domain::Timestamp(1))
        }).unwrap();
        let second = place.import(&text).new_tokens.remove(0).token;
        assert_ne!(first, second);
    }

    fn a_given_token_works_and_is_not_told(place) {
        let text = bundle(r#"[{"description": "ci", "token": "with space and 'x'"}]"#);
        assert_eq!(place.import(&text).new_tokens, []);
        assert!(is_known(place, "with space and 'x'"));
    }
}
