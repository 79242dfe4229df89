//! The inbox: what came, what is new, and finding something in it.

use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{json, on_both, world};

const VERA: &str = "vera@blackhills.com";

fn rooms(page: &str) -> Vec<String> {
    let parts = page.split("class=\"row-link\" href=\"/inbox/").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

on_both! {
    async fn what_came(app) {
        let (client, otto) = (app.pair().0, app.client(world::OTHER_ADMIN));
        let vera = app.signed_in(VERA).await;
        let empty = vera.page("/inbox").await;
        assert!(empty.contains("Nothing was asked of you yet") && rooms(&empty).is_empty(), "{empty}");
        let first = client.invited(&with(to_vera(), &json!({"reason": "remediation", "ccs": "risk@blueseas.com"}))).await;
        app.clock.advance(std::time::Duration::from_secs(60));
        let second = otto.invited(&with(to_black_hills("max"), &json!({"reason": "validation"}))).await;
        let unseen = client.invited(&to_saperix("ann")).await;
        let page = vera.page("/inbox").await;
        assert_eq!(rooms(&page), [second.clone(), first.clone()], "newest first, and {unseen} is not theirs");
        for words in ["Blue Seas International", "Emma Waters", "Greystone", "and 1 in copy", "class=\"unread\"", "Mark all as read"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        for (query, found) in [
            ("q=EMMA", vec![&first]), ("q=max@", vec![&second]), ("q=greystone", vec![&second]), ("q=100%25", vec![]),
            ("reason=validation", vec![&second]), ("unread=yes", vec![&second, &first]), ("state=resolved", vec![]),
            (&format!("sender={}", world::CLIENT), vec![&first]), ("sender=nonsense", vec![]), ("page=2", vec![]),
        ] {
            let page = vera.page(&format!("/inbox?{query}")).await;
            assert_eq!(rooms(&page).iter().collect::<Vec<_>>(), found, "{query}");
        }
        client.change(&first, "Resolved").await;
        assert_eq!(rooms(&vera.page("/inbox?state=resolved").await), [first]);
        assert_eq!(rooms(&vera.page("/inbox").await), [second]);
        let greystone = app.signed_in("otto@greystone.example").await;
        assert!(rooms(&greystone.page("/inbox").await).is_empty());
    }

    async fn what_is_new(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_vera()).await;
        let vera = app.signed_in(VERA).await;
        vera.submit("/inbox", "/inbox/read", &[]).await;
        let page = vera.page("/inbox").await;
        assert!(!page.contains("class=\"unread\"") && !page.contains("Mark all as read"), "{page}");
        assert!(rooms(&vera.page("/inbox?unread=yes").await).is_empty());
        client.written(&guid, "Any news?").await;
        let page = vera.page("/inbox?unread=yes").await;
        assert!(page.contains("class=\"unread\"") && page.contains("New message"), "{page}");
        let vito = app.signed_in("vito@blackhills.com").await;
        vito.page(&format!("/inbox/{guid}")).await;
        assert!(rooms(&vito.page("/inbox?unread=yes").await).is_empty(), "Vito has seen it");
        assert_eq!(rooms(&vera.page("/inbox?unread=yes").await), [guid], "Vera has not");
        assert_eq!(vera.post("/inbox/read", &[]).await.status, 403, "only from our page");
    }

    async fn fifty_to_a_page(app) {
        let client = app.pair().0;
        for number in 0..51 {
            client.invited(&to_black_hills(&format!("p{number}"))).await;
        }
        let vera = app.signed_in(VERA).await;
        let page = vera.page("/inbox?reason=other").await;
        assert_eq!(rooms(&page).len(), 50);
        assert!(page.contains("1 to 50 of 51 requests") && page.contains("/inbox?reason=other&#38;page=2"), "{page}");
        assert_eq!(rooms(&vera.page("/inbox?reason=other&page=2").await).len(), 1);
        let file = vera.get("/inbox.csv?q=p7").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(file.text.lines().count(), 2, "{}", file.text);
        assert!(file.text.contains("p7@blackhills.com") && file.text.contains("Date,From,Sender"), "{}", file.text);
        assert_eq!(vera.get("/inbox.csv").await.text.lines().count(), 52);
    }

    async fn guests_have_an_inbox_of_their_own(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_saperix("ann")).await;
        let other = client.invited(&to_saperix("bob")).await;
        let token = app.activation_for("ann@saperix.example").await.link_token();
        let browser = app.browser();
        let form = [("formal_name", "Ann Perry"), ("password", "correct horse battery"), ("terms", "accepted")];
        let entered = browser.submit(&format!("/i/{token}"), &format!("/i/{token}"), &form).await;
        assert_eq!(entered.header("location"), format!("/inbox/{guid}?done=accepted"));
        assert!(browser.page(&format!("/inbox/{guid}")).await.contains("You can read this until"));
        assert_eq!(rooms(&browser.page("/inbox").await), [guid]);
        assert_eq!(browser.get(&format!("/inbox/{other}")).await.status, 404, "accepted by nobody of them");
    }
}
