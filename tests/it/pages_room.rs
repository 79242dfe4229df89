//! The room of a received request: what is asked, answering it, and handing it over.

use liaison_testkit::invitations::{to_black_hills, to_vera, with};
use liaison_testkit::{json, on_both, world};

const VERA: &str = "vera@blackhills.com";

fn at(guid: &str) -> String {
    format!("/inbox/{guid}")
}

on_both! {
    async fn what_is_asked(app) {
        let client = app.pair().0;
        let guid = client.invited(&with(to_vera(), &json!({
            "reason": "remediation", "message": "Please close\nport 3389.", "notes": "Between us.",
            "rolledup_observation_ids": [world::finding_id(0), world::finding_id(7)], "ccs": "risk@blueseas.com"
        }))).await;
        let vera = app.signed_in(VERA).await;
        let page = vera.page(&at(&guid)).await;
        for words in [
            "<strong>Emma Waters</strong> of <strong>Blue Seas International</strong> asks you to fix 2 findings",
            "What they want from you", "Please close\nport 3389.", "203.0.113.0:3389", "Material", "How this ends",
            "emma@blueseas.com", "Who takes part", "waits for your first answer", "data-post",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        for words in ["Between us.", "203.0.113.x", "Private", "Delivery", "relay"] {
            assert!(!page.contains(words), "{words}: {page}");
        }
        let vito = app.signed_in("vito@blackhills.com").await.page(&at(&guid)).await;
        assert!(vito.contains("asks Vera Hill to fix 2 findings"), "{vito}");
        let emma = app.signed_in("emma@blueseas.com").await;
        assert_eq!(emma.get(&at(&guid)).await.header("location"), format!("/requests/{guid}"));
        assert_eq!(app.signed_in("otto@greystone.example").await.get(&at(&guid)).await.status, 404);
    }

    async fn opening_it_is_noted_once(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_vera()).await;
        let opened = |request: liaison_testkit::Value| request["opened_time"].clone();
        let own = format!("/liaison/v1/access-requests/{guid}");
        app.signed_in("vito@blackhills.com").await.page(&at(&guid)).await;
        assert!(opened(client.get(&own).await.json).is_null(), "it is not for Vito");
        assert_eq!(client.sent(&guid).await["read"], true);
        let vera = app.signed_in(VERA).await;
        vera.page(&at(&guid)).await;
        assert_eq!(opened(client.get(&own).await.json), "2026-11-12T09:00:00Z");
        app.clock.advance(std::time::Duration::from_secs(60));
        vera.page(&at(&guid)).await;
        assert_eq!(opened(client.get(&own).await.json), "2026-11-12T09:00:00Z");
        let emma = app.signed_in("emma@blueseas.com").await.page(&format!("/requests/{guid}")).await;
        assert!(emma.contains("Vera Hill opened it") && emma.contains("Opened in a browser"), "{emma}");
    }

    async fn everybody_at_the_company_answers(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_vera()).await;
        let vito = app.signed_in("vito@blackhills.com").await;
        let action = format!("{}/messages", at(&guid));
        let sent = vito.submit(&at(&guid), &action, &[("body", "I look into it.")]).await;
        assert!(sent.header("location").starts_with(&format!("/inbox/{guid}?done=posted#message-")), "{}", sent.text);
        let empty = vito.submit(&at(&guid), &action, &[("body", "")]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text.contains("Your message is required.") && empty.text.contains("What they want from you"));
        assert_eq!(client.thread(&guid).await[0]["author"]["name"], "Vito Hill");
        client.change(&guid, "Resolved").await;
        let page = vito.page(&at(&guid)).await;
        assert!(page.contains("its messages are closed") && page.contains("It has ended") && !page.contains("data-post"), "{page}");
    }

    async fn handing_it_over(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_vera()).await;
        let vera = app.signed_in(VERA).await;
        let action = format!("{}/delegate", at(&guid));
        for (name, email, words) in [
            ("", "max@blackhills.com", "The name is required."),
            ("Max Hill", "max", "The address is not an e-mail address."),
            ("Max Hill", "max@elsewhere.example", "You wrote max@elsewhere.example."),
            ("Vera Hill", "vera@blackhills.com", "The address is the address of the person who has the request already."),
        ] {
            let refused = vera.submit(&at(&guid), &action, &[("formal_name", name), ("email", email)]).await;
            assert_eq!(refused.status, 422, "{email}");
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
            assert!(refused.text.contains(&format!("value=\"{email}\"")), "{}", refused.text);
        }
        let vito = app.signed_in("vito@blackhills.com").await;
        assert!(!vito.page(&at(&guid)).await.contains("Hand it over"));
        let token = vito.form_token();
        let fields = [("form_token", token.as_str()), ("formal_name", "Vito Hill"), ("email", "vito@blackhills.com")];
        assert_eq!(vito.post(&action, &fields).await.status, 403);
        let done = vera.submit(&at(&guid), &action, &fields[1..]).await;
        assert_eq!(done.header("location"), format!("/inbox/{guid}?done=delegated"));
        assert!(vito.page(&at(&guid)).await.contains("asks you"));
        assert!(vera.page(&at(&guid)).await.contains("Vito Hill"));
    }

    async fn what_was_not_accepted_is_closed(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_black_hills("max")).await;
        let vera = app.signed_in(VERA).await;
        let page = vera.page(&at(&guid)).await;
        assert!(page.contains("Messages open when the recipient accepts") && page.contains("26 Nov 2026, 09:00 UTC"), "{page}");
        assert!(!page.contains("Hand it over") && !page.contains("data-post"), "{page}");
    }
}
