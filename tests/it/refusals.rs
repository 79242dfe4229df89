//! What is refused, at the edge of each rule, in which words, and in which order. Nothing is stored and no mail is
//! written then.

use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Client, TestApp, Value, json, on_both, world};

const PATH: &str = "/ratings/v1/access-requests";

const EMAIL: &str = "400 invalid_requestee_email: Invalid requestee email";
const YOURSELF: &str = "400 request_to_yourself: It is not possible to send an access request to yourself";
const NO_ENTITY: &str = "400 no_entity: No entity found for specified guid";
const UNUSABLE: &str = "400 entity_not_usable: The entity cannot be used for vendor access requests";
const UNRELATED: &str = "400 unrelated_email_domain: The requestee email domain is unrelated to the entity";
const CCS: &str = "400 ccs_too_long: It is not possible to send an access request with combined string of cc emails \
                   larger than 1023 characters";
const OBSERVATIONS: &str = "400 too_many_observations: Please limit shared observations to 10";
const MISMATCH: &str = "400 observation_mismatch: The observations ids did not match the entity";

/// Checks the answer, and that the invitation left nothing behind.
async fn refused(app: &TestApp, sender: &Client, invitation: &Value, answer: &str) {
    let before = app.mails().await.len();
    let rows = sender.outbox("").await.len();
    let reply = sender.invite(invitation).await;
    assert_eq!(reply.error(), answer, "{invitation}");
    assert_eq!(sender.outbox("").await.len(), rows, "{invitation}");
    assert_eq!(app.mails().await.len(), before, "{invitation}");
}

async fn accepted(sender: &Client, invitation: &Value) -> Value {
    let reply = sender.invite(invitation).await;
    assert_eq!(reply.status, 201, "{invitation}: {}", reply.text);
    reply.json
}

/// Addresses joined with commas, `length` characters in all.
fn ccs(length: usize) -> String {
    let addresses: Vec<String> = (0..33)
        .map(|number| format!("person{number:02}@{}.example", "c".repeat(13)))
        .collect();
    let joined = addresses.join(",");
    let missing = length
        .checked_sub(joined.len())
        .expect("the list is at least as long as all of them");
    format!("{}{joined}", "x".repeat(missing))
}

fn observations(numbers: std::ops::Range<usize>) -> Value {
    numbers.map(world::finding_id).collect()
}

on_both! {
    async fn a_malformed_address(app) {
        let (emma, _) = app.pair();
        let long_local = format!("{}@saperix.example", "a".repeat(65));
        let long_whole = format!("a@{}saperix.example", "b.".repeat(125));
        for email in [
            "nobody", "@saperix.example", "a@", "a@b", "a@@saperix.example", "a b@saperix.example", "a@saperix..example",
            "a@-saperix.example", ".a@saperix.example", "a..b@saperix.example", "\"a\"@saperix.example", "a@127.0.0.1",
            "a@[127.0.0.1]", "\u{e4}@saperix.example", "a@s\u{e4}perix.example", "<a@saperix.example>",
            "a@saperix.example,b@saperix.example", "a@saperix.example\r\nBcc: c@d.example", "a@saperix.example\u{0}x",
            &long_local, &long_whole,
        ] {
            let invitation = with(to_saperix("a"), &json!({"requestee_email": email}));
            if email.contains('\0') {
                let answer = "400 invalid_field: requestee_email: must not contain NUL characters";
                refused(app, &emma, &invitation, answer).await;
            } else {
                refused(app, &emma, &invitation, EMAIL).await;
            }
        }
        for email in [format!("{}@saperix.example", "a".repeat(64)), " o'brien+x@saperix.example ".to_owned()] {
            let sent = accepted(&emma, &with(to_saperix("a"), &json!({"requestee_email": email}))).await;
            assert_eq!(sent["requestee_email"], email.trim());
        }
    }

    async fn to_yourself(app) {
        let (emma, _) = app.pair();
        for email in ["emma@blueseas.com", "EMMA@BlueSeas.COM", " emma@blueseas.com"] {
            let own = json!({"requestee_email": email, "requestee_company_guid": world::BLUE_SEAS});
            refused(app, &emma, &with(to_vera(), &own), YOURSELF).await;
        }
        let colleague = json!({"requestee_email": "mark@blueseas.com", "requestee_company_guid": world::BLUE_SEAS});
        accepted(&emma, &with(to_vera(), &colleague)).await;
    }

    async fn a_company_outside_the_portfolio(app) {
        let (emma, _) = app.pair();
        for guid in [
            world::STRANGER, world::GREYSTONE, world::EMMA, "b0000000-0000-4000-8000-00000000ffff", "", "nonsense",
            "{b0000000-0000-4000-8000-000000000002}", "b0000000000040008000000000000002", "saperix.example", "%", "1",
        ] {
            refused(app, &emma, &with(to_saperix("ann"), &json!({"requestee_company_guid": guid})), NO_ENTITY).await;
        }
        let other = app.client(world::OTHER_ADMIN);
        let hosted = json!({"requestee_company_guid": world::HOSTED, "requestee_email": "a@hosted.example"});
        refused(app, &other, &with(to_saperix("ann"), &hosted), NO_ENTITY).await;
        let upper = json!({"requestee_company_guid": world::SAPERIX.to_uppercase()});
        accepted(&emma, &with(to_saperix("ann"), &upper)).await;
    }

    async fn a_company_that_cannot_be_used(app) {
        let hidden = json!({"requestee_company_guid": world::PRIVATE_COMPANY, "requestee_email": "a@hidden.example"});
        refused(app, &app.pair().0, &with(to_vera(), &hidden), UNUSABLE).await;
    }

    async fn an_unrelated_domain(app) {
        let (emma, _) = app.pair();
        let at = |domain: &str| with(to_black_hills("x"), &json!({"requestee_email": format!("x@{domain}")}));
        for domain in [
            "notblackhills.com", "blackhills.com.evil.test", "blackhills.co", "blackhills.org", "saperix.example",
            // With a Cyrillic letter in front, as it travels.
            "xn--lackhills-f3g.com", "com.com", "hills.com",
        ] {
            refused(app, &emma, &at(domain), UNRELATED).await;
        }
        for domain in ["blackhills.com", "BLACKHILLS.io", "mail.eu.blackhills.com"] {
            accepted(&emma, &at(domain)).await;
        }
    }

    async fn never_across_a_public_suffix(app) {
        let (emma, _) = app.pair();
        let at = |domain: &str| {
            let place = json!({"requestee_email": format!("x@{domain}"), "requestee_company_guid": world::HOSTED});
            with(to_vera(), &place)
        };
        refused(app, &emma, &at("evil.github.io"), UNRELATED).await;
        refused(app, &emma, &at("github.io"), UNRELATED).await;
        accepted(&emma, &at("xn--bcher-kva.example")).await;
        accepted(&emma, &at("mail.XN--bcher-kva.example")).await;
    }

    async fn too_many_characters_of_ccs(app) {
        let (emma, _) = app.pair();
        let to = |ccs: Value| with(to_vera(), &json!({"ccs": ccs}));
        assert_eq!(ccs(1024).chars().count(), 1024);
        refused(app, &emma, &to(json!(ccs(1024))), CCS).await;
        refused(app, &emma, &to(ccs(1024).split(',').collect()), CCS).await;
        refused(app, &emma, &to(json!(",".repeat(1024))), CCS).await;
        assert_eq!(accepted(&emma, &to(json!(ccs(1023)))).await["ccs"], ccs(1023));
        assert_eq!(accepted(&emma, &to(ccs(1023).split(',').collect())).await["ccs"], ccs(1023));
        // Characters count, not bytes: this one is short enough, and wrong for another reason.
        let multi_byte = "\u{e9}".repeat(1023);
        let answer = format!("400 invalid_field: ccs: \"{multi_byte}\" is not an e-mail address");
        refused(app, &emma, &to(json!(multi_byte)), &answer).await;
        refused(app, &emma, &to(json!("\u{e9}".repeat(1024))), CCS).await;
    }

    async fn too_many_observations(app) {
        let (emma, _) = app.pair();
        let to = |ids: Value| with(to_vera(), &json!({"rolledup_observation_ids": ids}));
        refused(app, &emma, &to(observations(0..11)), OBSERVATIONS).await;
        refused(app, &emma, &to(json!(vec!["unknown"; 11])), OBSERVATIONS).await;
        assert_eq!(accepted(&emma, &to(observations(0..10))).await["shared_observations_count"], 10);
    }

    async fn observations_of_somebody_else(app) {
        let (emma, _) = app.pair();
        for ids in [
            json!([world::FOREIGN_FINDING]),
            json!([world::finding_id(0), "unknown"]),
            json!([world::finding_id(0), world::FOREIGN_FINDING]),
            json!([""]),
            json!([world::finding_id(0).to_lowercase()]),
        ] {
            refused(app, &emma, &with(to_vera(), &json!({"rolledup_observation_ids": ids})), MISMATCH).await;
        }
        let own = json!({"rolledup_observation_ids": [world::FOREIGN_FINDING]});
        accepted(&emma, &with(to_saperix("ann"), &own)).await;
    }

    /// Each line mends what the line before reported; everything below is wrong all the time.
    async fn the_first_broken_rule_is_the_one_reported(app) {
        let (emma, _) = app.pair();
        let mut invitation = with(documented(), &json!({
            "read": "yes", "requestee_email": "nobody", "requestee_company_guid": "unknown", "ccs": ccs(1024),
            "rolledup_observation_ids": vec!["unknown"; 11], "trial_duration": 0, "reason": "because"
        }));
        for (mended, answer) in [
            (json!({}), "400 invalid_field: read: must be true or false"),
            (json!({"read": true}), EMAIL),
            (json!({"requestee_email": "emma@blueseas.com"}), YOURSELF),
            (json!({"requestee_email": "x@elsewhere.example"}), NO_ENTITY),
            (json!({"requestee_company_guid": world::PRIVATE_COMPANY}), UNUSABLE),
            (json!({"requestee_company_guid": world::BLACK_HILLS}), UNRELATED),
            (json!({"requestee_email": "x@blackhills.com"}), CCS),
            (json!({"ccs": "nobody"}), OBSERVATIONS),
            (json!({"rolledup_observation_ids": ["unknown"]}), MISMATCH),
            (json!({"rolledup_observation_ids": []}), "400 invalid_field: ccs: \"nobody\" is not an e-mail address"),
        ] {
            invitation = with(invitation, &mended);
            refused(app, &emma, &invitation, answer).await;
        }
    }

    async fn values_outside_their_rule(app) {
        let (emma, _) = app.pair();
        let parties = |count: usize| json!(vec![json!({"email": "a@b.example", "name": "A"}); count]);
        let vectors = |slugs: &[&str]| {
            let list: Value = slugs.iter().map(|slug| json!({"risk_vector": {"slug": slug}})).collect();
            json!({"risk_vectors": list})
        };
        let party = json!({"email": "a@b.example"});
        let long_party = json!({"email": "a@b.example", "name": "n".repeat(256)});
        let reasons = "reason: must be one of informational, remediation, validation, vulnerability, other";
        let days = "trial_duration: must be a whole number of days from 1 to 365";
        for (field, value, detail) in [
            ("trial_duration", json!(0), days),
            ("trial_duration", json!(366), days),
            ("trial_duration", json!(-30), days),
            ("reason", json!("because"), reasons),
            ("reason", json!("self_requested"), reasons),
            ("message", json!("\u{e9}".repeat(10_001)), "message: at most 10000 characters"),
            ("notes", json!("n".repeat(10_001)), "notes: at most 10000 characters"),
            ("requestee_formal_name", json!("n".repeat(256)), "requestee_formal_name: at most 255 characters"),
            ("requestee_friendly_name", json!("n".repeat(256)), "requestee_friendly_name: at most 255 characters"),
            ("requestee_phone", json!("1".repeat(65)), "requestee_phone: at most 64 characters"),
            ("third_parties", parties(51), "third_parties: at most 50 people"),
            ("third_parties", json!([party, {"email": "b"}]), "third_parties[1].email: is not an e-mail address"),
            ("third_parties", json!([{"name": "Ada"}]), "third_parties[0].email: is not an e-mail address"),
            ("third_parties", json!([long_party]), "third_parties[0].name: at most 255 characters"),
            ("ccs", json!("a@b.example,b"), "ccs: \"b\" is not an e-mail address"),
            ("ccs", json!("a@b.example\r\nBcc: c"), "ccs: \"a@b.example\r\nBcc: c\" is not an e-mail address"),
            ("context", vectors(&["spf", "x"]), "context.risk_vectors[1].risk_vector.slug: is not a known risk vector"),
            ("context", vectors(&["dnssec"; 31]), "context.risk_vectors: at most 30 risk vectors"),
        ] {
            let invitation = with(to_black_hills("new"), &json!({field: value}));
            refused(app, &emma, &invitation, &format!("400 invalid_field: {detail}")).await;
        }
    }

    async fn values_at_the_edge_of_their_rule(app) {
        let (emma, _) = app.pair();
        for (field, value) in [
            ("trial_duration", json!(1)),
            ("trial_duration", json!(365)),
            ("reason", json!("vulnerability")),
            ("message", json!("\u{1f600}".repeat(10_000))),
            ("notes", json!("\u{e9}".repeat(10_000))),
            ("requestee_formal_name", json!("\u{e9}".repeat(255))),
            ("requestee_friendly_name", json!("n".repeat(255))),
            ("requestee_phone", json!("1".repeat(64))),
            ("third_parties", json!(vec![json!({"email": "a@b.example", "name": ""}); 50])),
        ] {
            let sent = accepted(&emma, &with(to_black_hills("new"), &json!({field: value}))).await;
            assert_eq!(sent[field], value);
        }
        assert_eq!(accepted(&emma, &with(to_vera(), &json!({"reason": "Remediation"}))).await["reason"], "remediation");
        assert_eq!(accepted(&emma, &with(to_vera(), &json!({"reason": ""}))).await["reason"], "other");
    }

    async fn a_wrong_type_names_its_field(app) {
        let (emma, _) = app.pair();
        let (text, flag, number) = ("must be a string", "must be true or false", "must be a whole number");
        let without_slug = json!({"risk_vectors": [{"risk_vector": {}}]});
        for (field, value, path, rule) in [
            ("requestee_friendly_name", json!(1), "requestee_friendly_name", text),
            ("requestee_formal_name", json!([]), "requestee_formal_name", text),
            ("requestee_email", json!({}), "requestee_email", text),
            ("requestee_company_guid", json!(5), "requestee_company_guid", text),
            ("requestee_phone", json!(15_550_100), "requestee_phone", text),
            ("message", json!(false), "message", text),
            ("notes", json!(["a"]), "notes", text),
            ("reason", json!(1), "reason", text),
            ("ccs", json!(1), "ccs", text),
            ("ccs", json!(["a@b.example", 1]), "ccs[1]", "must be a string without NUL"),
            ("read", json!("true"), "read", flag),
            ("read", json!(1), "read", flag),
            ("trial_duration", json!("30"), "trial_duration", number),
            ("trial_duration", json!(30.5), "trial_duration", number),
            ("trial_duration", json!(1e30), "trial_duration", number),
            ("rolledup_observation_ids", json!("x"), "rolledup_observation_ids", "must be an array"),
            ("rolledup_observation_ids", json!([1]), "rolledup_observation_ids[0]", "must be a string without NUL"),
            ("context", json!("dnssec"), "context", "must be an object"),
            ("context", json!({"risk_vectors": {}}), "context.risk_vectors", "must be an array"),
            ("context", json!({"risk_vectors": ["dnssec"]}), "context.risk_vectors[0]", "must be an object"),
            ("context", json!({"risk_vectors": [{}]}), "context.risk_vectors[0].risk_vector", "is required"),
            ("context", without_slug, "context.risk_vectors[0].risk_vector.slug", "is required"),
            ("third_parties", json!("x"), "third_parties", "must be an array"),
            ("third_parties", json!(["x"]), "third_parties[0]", "must be an object"),
            ("third_parties", json!([{"email": 1}]), "third_parties[0].email", text),
        ] {
            let reply = emma.invite(&with(to_vera(), &json!({field: value}))).await;
            assert_eq!(reply.error(), format!("400 invalid_field: {path}: {rule}"), "{value}");
            assert_eq!(reply.json["field"], path);
        }
        assert!(emma.outbox("").await.is_empty());
    }

    async fn nul_in_any_text(app) {
        let (emma, _) = app.pair();
        for field in [
            "requestee_friendly_name", "requestee_formal_name", "requestee_email", "requestee_company_guid",
            "requestee_phone", "message", "notes", "ccs", "reason",
        ] {
            let reply = emma.invite(&with(to_vera(), &json!({field: "a\u{0}b"}))).await;
            assert_eq!(reply.error(), format!("400 invalid_field: {field}: must not contain NUL characters"));
        }
        for (field, value) in [
            ("rolledup_observation_ids", json!(["\u{0}"])),
            ("ccs", json!(["\u{0}"])),
            ("third_parties", json!([{"email": "a@b.example", "name": "\u{0}"}])),
            ("context", json!({"risk_vectors": [{"risk_vector": {"slug": "\u{0}"}}]})),
        ] {
            let reply = emma.invite(&with(to_vera(), &json!({field: value}))).await;
            assert_eq!((reply.status, reply.json["code"].as_str()), (400, Some("invalid_field")), "{field}");
            assert!(reply.json["field"].as_str().unwrap().contains(field), "{}", reply.text);
        }
    }

    async fn bodies_of_another_shape(app) {
        let (emma, _) = app.pair();
        let object = "400 invalid_field: body: must be an object";
        let required = "400 invalid_field: vendor_access_request: is required: an object, or an array of them";
        for (body, answer) in [
            ("[]", object),
            ("\"text\"", object),
            ("null", object),
            ("7", object),
            ("", object),
            ("{}", required),
            ("{\"vendor_access_request\": null}", required),
            ("{\"vendor_access_requests\": []}", required),
            ("{\"vendor_access_request\": 5}", "400 invalid_field: vendor_access_request: must be an object"),
            ("{\"vendor_access_request\": [5]}", "400 invalid_field: vendor_access_request: must be an object"),
        ] {
            assert_eq!(emma.post_text(PATH, body).await.error(), answer, "{body}");
        }
    }

    async fn bodies_that_are_no_json(app) {
        let (emma, _) = app.pair();
        let deep = format!("{{\"vendor_access_request\": {}", "[".repeat(10_000));
        let objects = "{\"a\":".repeat(10_000);
        let closed = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in [
            b"{".as_slice(), b"nonsense", b"{'a': 1}", b"{\"a\": 1,}", b"{} {}", b"\xff\xfe", b"{\"a\": \"\xff\"}",
            b"{\"a\": \"\\ud800\"}", b"{\"a\": NaN}", b"\xef\xbb\xbf", b"\0", deep.as_bytes(), objects.as_bytes(),
            closed.as_bytes(),
        ] {
            let reply = emma.post_text(PATH, body).await;
            assert_eq!((reply.status, reply.json["code"].as_str()), (400, Some("malformed_json")), "{}", reply.text);
        }
        assert_eq!(emma.invite(&to_vera()).await.status, 201, "and the server is well");
    }

    async fn a_body_of_a_mebibyte_and_no_byte_more(app) {
        let (emma, _) = app.pair();
        let invitation = json!({"vendor_access_request": to_vera()}).to_string();
        let sized = |bytes: usize| format!("{invitation}{}", " ".repeat(bytes - invitation.len()));
        assert_eq!(emma.post_text(PATH, sized(1 << 20)).await.status, 201);
        let reply = emma.post_text(PATH, sized((1 << 20) + 1)).await;
        assert_eq!(reply.error(), "413 body_too_large: The body is larger than 1 MiB.");
        assert_eq!(emma.outbox("").await.len(), 1);
    }

    async fn content_types(app) {
        let (emma, _) = app.pair();
        let body = json!({"vendor_access_request": to_vera()}).to_string();
        let send = async |kind: Option<&str>| {
            let mut request = emma.request(liaison_testkit::Method::POST, PATH).body(body.clone());
            if let Some(kind) = kind {
                request = request.header("content-type", kind);
            }
            liaison_testkit::reply(request).await
        };
        for good in [
            "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
            "APPLICATION/JSON; Charset=\"utf-8\"", "application/json ; charset=utf8",
        ] {
            assert_eq!(send(Some(good)).await.status, 201, "{good}");
        }
        assert_eq!(send(None).await.status, 201);
        for bad in [
            "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/json; charset=latin1", "application/json; charset=utf-16", "application/jsonx", "json", "",
        ] {
            let answer = "415 unsupported_media_type: Send the body as application/json in UTF-8.";
            assert_eq!(send(Some(bad)).await.error(), answer, "{bad}");
        }
    }
}
