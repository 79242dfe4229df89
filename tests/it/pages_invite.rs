//! Inviting with a browser: from the company to the mails as they will be, and once.

use liaison_testkit::browser::Browser;
use liaison_testkit::invitations::to_vera;
use liaison_testkit::{Reply, TestApp, Value, on_both, world};

const EMMA: &str = "emma@blueseas.com";
const NEW: &str = "/outbox/new";

fn form_of(company: &str) -> String {
    format!("{NEW}?company={company}")
}

/// A form that is filled in well: to somebody new at Saperix.
fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        ("company", world::SAPERIX),
        ("reason", "remediation"),
        ("message", "Please <b>look</b>.\r\nThank you."),
        ("name", "Ann Perry"),
        ("email", "ann@saperix.example"),
        ("finding", world::FOREIGN_FINDING),
        ("cc", "risk@blueseas.com"),
        ("cc", ""),
        ("party_name", "Ada Auditor"),
        ("party_email", "ada@auditors.example"),
        ("trial", "45"),
        ("notes", "Chase on Monday."),
        ("key", "ABCDEFGH"),
    ]
}

/// The good form with some fields in place of others.
fn but<'f>(changes: &[(&'static str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields: Vec<(&str, &str)> = good();
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(changes);
    fields
}

async fn submit(browser: &Browser, action: &str, fields: &[(&str, &str)]) -> Reply {
    browser.submit(&form_of(world::SAPERIX), action, fields).await
}

async fn outbox(app: &TestApp) -> Vec<Value> {
    app.client(world::CLIENT_ADMIN).outbox("").await
}

/// The hidden fields of a page, as its form would send them.
fn hidden(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input type=\"hidden\" name=\"").skip(1);
    let pairs = inputs.map(|input| {
        let (name, rest) = input.split_once('"').unwrap();
        let value = rest.split_once("value=\"").unwrap().1.split_once('"').unwrap().0;
        let value = value.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&");
        (name.to_owned(), value)
    });
    pairs.filter(|(name, _)| name != "form_token").collect()
}

on_both! {
    async fn from_the_company_to_the_request(app) {
        let emma = app.signed_in(EMMA).await;
        let choice = emma.page(&format!("{NEW}?q=saperix")).await;
        assert!(choice.contains(&form_of(world::SAPERIX)), "{choice}");
        let hidden_one = emma.page(&format!("{NEW}?q=hidden")).await;
        assert!(!hidden_one.contains(&form_of(world::PRIVATE_COMPANY)) && hidden_one.contains("Private to your account"));
        let form = emma.page(&format!("{}&finding=foreign%2B%2Ffinding%3D%3D", form_of(world::SAPERIX))).await;
        assert!(form.contains("value=\"sam@saperix.example\""), "the contact stands in it");
        let ticked = format!("value=\"{}\" aria-label=\"SPF Domains at \" checked", world::FOREIGN_FINDING);
        assert!(form.contains(&ticked), "{form}");
        let sent = submit(&emma, NEW, &good()).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let requests = outbox(app).await;
        let guid = requests[0]["guid"].as_str().unwrap();
        assert_eq!(sent.header("location"), format!("/requests/{guid}?done=sent"));
        let stored = &requests[0];
        assert_eq!(stored["requestee_email"], "ann@saperix.example");
        assert_eq!(stored["message"], "Please <b>look</b>.\nThank you.");
        assert_eq!(stored["reason"], "remediation");
        assert_eq!((&stored["notes"], &stored["ccs"]), (&"Chase on Monday.".into(), &"risk@blueseas.com".into()));
        assert_eq!(stored["trial_duration"], 45);
        assert_eq!(app.mails().await.len(), 4, "introductions to three people, and the link");
    }

    async fn a_form_is_sent_once(app) {
        let emma = app.signed_in(EMMA).await;
        let first = submit(&emma, NEW, &good()).await;
        let second = submit(&emma, NEW, &good()).await;
        assert_eq!((second.status, second.header("location")), (303, first.header("location")));
        assert_eq!(outbox(app).await.len(), 1);
        let changed = submit(&emma, NEW, &but(&[("message", "Another one.")])).await;
        assert_eq!(changed.status, 422);
        assert!(changed.text.contains("This form was sent before") && !changed.text.contains("value=\"ABCDEFGH\""));
        assert_eq!(submit(&emma, NEW, &but(&[("message", "Another one."), ("key", "OTHER")])).await.status, 303);
        assert_eq!(outbox(app).await.len(), 2);
    }

    async fn what_is_wrong_stands_beside_its_field_and_nothing_is_lost(app) {
        let emma = app.signed_in(EMMA).await;
        let long = "x".repeat(10_001);
        for (changes, sentence) in [
            (&[("email", "ann@saper1x.example")], "The address must be at saperix.example, which belong to Saperix. You wrote saper1x.example."),
            (&[("email", "")], "Write the address of the person you invite."),
            (&[("email", "nonsense")], "nonsense is not an e-mail address."),
            (&[("email", "emma@blueseas.com")], "This is your own address"),
            (&[("reason", "")], "Choose why you write"),
            (&[("reason", "self_requested")], "The reason must be one of"),
            (&[("trial", "soon")], "You wrote soon."),
            (&[("trial", "366")], "The trial must be a whole number of days"),
            (&[("message", long.as_str())], "The message: at most 10000 characters."),
            (&[("cc", "nonsense")], "is not an e-mail address."),
            (&[("party_email", "nonsense")], "The address of this person is not an e-mail address."),
            (&[("finding", "gone")], "is gone since you opened this page"),
            (&[("vector", "gone")], "One of the risk vectors is not a known risk vector."),
        ] {
            for action in [NEW, "/outbox/new/preview"] {
                let refused = submit(&emma, action, &but(changes)).await;
                assert_eq!(refused.status, 422, "{sentence}: {}", refused.text);
                assert!(refused.text.contains(sentence), "{sentence}: {}", refused.text);
                for kept in ["Chase on Monday.", "Ada Auditor", "risk@blueseas.com", "ABCDEFGH"] {
                    assert!(refused.text.contains(kept) || changes[0].0 == "cc", "{kept} after {sentence}");
                }
            }
        }
        assert!(outbox(app).await.is_empty() && app.mails().await.is_empty());
    }

    async fn the_preview_shows_what_will_be_mailed_and_leads_back(app) {
        let emma = app.signed_in(EMMA).await;
        let shown = submit(&emma, "/outbox/new/preview", &good()).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        for part in ["Ann Perry", "ada@auditors.example", "your-personal-link", "4 mails to 3 recipients", "Chase on Monday."] {
            assert!(shown.text.contains(part), "{part}: {}", shown.text);
        }
        assert!(app.mails().await.is_empty() && outbox(app).await.is_empty());
        let carried = hidden(&shown.text);
        let fields: Vec<(&str, &str)> = carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut asked = fields.clone();
        asked.push(("mail", "0.0"));
        let mail = submit(&emma, "/outbox/new/mail", &asked).await;
        assert_eq!((mail.status, mail.header("content-type")), (200, "text/html; charset=utf-8"));
        let policy = mail.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert!(mail.text.contains("&lt;b&gt;look") || mail.text.contains("&#60;b&#62;look"), "{}", mail.text);
        for nowhere in ["9.0", "0.9", "x", ""] {
            let mut asked = fields.clone();
            asked.push(("mail", nowhere));
            assert_eq!(submit(&emma, "/outbox/new/mail", &asked).await.status, 404, "{nowhere:?}");
        }
        let mut back = fields.clone();
        back.push(("change", "back"));
        let form = submit(&emma, NEW, &back).await;
        assert_eq!(form.status, 200);
        assert!(form.text.contains("Please &#60;b&#62;look&#60;/b&#62;.\nThank you.</textarea>"), "{}", form.text);
        assert_eq!(submit(&emma, NEW, &fields).await.status, 303);
        assert_eq!(outbox(app).await.len(), 1);
    }

    async fn the_form_works_without_script(app) {
        let emma = app.signed_in(EMMA).await;
        let company = ("company", world::BLACK_HILLS);
        let (port, name) = (world::finding_id(2), world::finding_id(8));
        let mut fields = but(&[company, ("finding", &port), ("change", "filter"), ("show_vector", "dnssec")]);
        let filtered = submit(&emma, NEW, &fields).await;
        assert_eq!(filtered.status, 200);
        let rows = filtered.text.matches("name=\"finding\"").count();
        assert_eq!(rows, 7, "the six that are listed and the one that is ticked");
        assert!(filtered.text.contains("203.0.113.x:3389\" checked"), "{}", filtered.text);
        assert!(filtered.text.contains("Open Ports <span class=\"muted\">come with the ticked findings"));
        fields.push(("finding", &name));
        fields.retain(|(name, _)| *name != "change");
        fields.push(("change", "add-cc"));
        let more = submit(&emma, NEW, &fields).await;
        assert_eq!(more.text.matches("name=\"cc\"").count(), 2);
        fields.push(("change", "add-party"));
        assert_eq!(submit(&emma, NEW, &fields).await.text.matches("name=\"party_email\"").count(), 2);
        let other = but(&[("change", "contact-f0000000-0000-4000-8000-000000000001")]);
        let taken = submit(&emma, NEW, &other).await;
        assert!(taken.text.contains("value=\"sam@saperix.example\"") && taken.text.contains("value=\"Sam Perry\""));
        let many: Vec<String> = (0..11).map(world::finding_id).collect();
        let mut fields = but(&[company, ("finding", "")]);
        fields.extend(many.iter().map(|id| ("finding", id.as_str())));
        fields.retain(|(name, _)| *name != "email");
        fields.push(("email", "new@blackhills.com"));
        let refused = submit(&emma, NEW, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("You ticked 11 findings; 10 are the most."), "{}", refused.text);
    }

    async fn only_those_who_may(app) {
        let rita = app.signed_in("rita@blueseas.com").await;
        for path in [NEW.to_owned(), form_of(world::SAPERIX)] {
            let refused = rita.get(&path).await;
            assert_eq!(refused.status, 403);
            assert!(refused.text.contains("Emma Waters") && refused.text.contains("mark@blueseas.com"), "whom to ask");
        }
        let token = rita.form_token();
        let mut fields = good();
        fields.push(("form_token", &token));
        for action in [NEW, "/outbox/new/preview", "/outbox/new/mail"] {
            assert_eq!(rita.post(action, &fields).await.status, 403, "{action}");
        }
        let emma = app.signed_in(EMMA).await;
        assert_eq!(emma.post(NEW, &good()).await.status, 403, "no token of the form");
        for foreign in [world::STRANGER, world::GREYSTONE, "nonsense"] {
            assert_eq!(emma.get(&form_of(foreign)).await.status, 404);
            assert_eq!(submit(&emma, NEW, &but(&[("company", foreign)])).await.status, 404, "{foreign}");
        }
        let private = emma.page(&form_of(world::PRIVATE_COMPANY)).await;
        assert!(private.contains("This company cannot be invited") && !private.contains("Send invitation"));
        assert!(outbox(app).await.is_empty());
        let mark = app.signed_in("mark@blueseas.com").await;
        assert_eq!(submit(&mark, NEW, &good()).await.status, 303);
        app.client(world::CLIENT_ADMIN).invited(&to_vera()).await;
        assert!(emma.page(&form_of(world::BLACK_HILLS)).await.contains("The last request went to"));
    }
}
