//! The mails of a customer in the browser: what became of them, reading one, sending it again.

use std::time::Duration;

use liaison_testkit::invitations::{documented, to_saperix, to_vera};
use liaison_testkit::smtp::Sink;
use liaison_testkit::{Browser, on_both, world};

const EMMA: &str = "emma@blueseas.com";

/// The paths of the deliveries on a page, in its order.
async fn rows(browser: &Browser, path: &str) -> Vec<String> {
    let page = browser.page(path).await;
    let links = page.split("href=\"/mail/").skip(1);
    links.map(|rest| format!("/mail/{}", &rest[..36])).collect()
}

on_both! {
    async fn every_mail_stands_there_and_can_be_found(app) {
        let emma = app.signed_in(EMMA).await;
        assert!(emma.page("/mail").await.contains("No mail yet"));
        let guid = app.client(world::CLIENT_ADMIN).invited(&to_saperix("ann")).await;
        app.clock.advance(Duration::from_secs(1));
        app.client(world::CLIENT_ADMIN).invited(&to_vera()).await;
        app.mails().await;
        let all = rows(&emma, "/mail").await;
        assert_eq!(all.len(), 3, "two to Ann, one to Vera");
        assert_eq!(rows(&emma, "/mail?q=ANN@sap").await.len(), 2);
        assert_eq!(rows(&emma, "/mail?q=%25").await.len(), 0, "a percent sign is only itself");
        assert_eq!(rows(&emma, &format!("/mail?request={guid}&state=kept")).await.len(), 2);
        assert_eq!(rows(&emma, "/mail?state=sent").await.len(), 0);
        let page = emma.page("/mail").await;
        for words in ["No relay is configured", "Kept here", "_dmarc.liaison.test", &format!("/requests/{guid}")] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    async fn long_lists_come_in_pages(app) {
        let emma = app.signed_in(EMMA).await;
        for _ in 0..60 {
            emma.post("/mail", &[("form_token", &emma.form_token())]).await;
        }
        let first = rows(&emma, "/mail").await;
        assert_eq!(first.len(), 50);
        let page = emma.page("/mail").await;
        let (_, rest) = page.split_once("rel=\"next\" href=\"").expect("there is more");
        let older = rest.split('"').next().unwrap().replace("&#38;", "&");
        let second = rows(&emma, &older).await;
        assert_eq!(second.len(), 10);
        assert!(second.iter().all(|row| !first.contains(row)));
    }

    async fn a_kept_mail_is_read_and_its_link_used(app) {
        let emma = app.signed_in(EMMA).await;
        app.client(world::CLIENT_ADMIN).invited(&to_saperix("ann")).await;
        let token = app.activation_for("ann@saperix.example").await.link_token();
        let mut shown = Vec::new();
        for path in rows(&emma, "/mail").await {
            let page = emma.page(&path).await;
            assert!(!page.contains("Send it again"), "there is no relay to give it to");
            shown.push((path, page));
        }
        let (activation, _) = shown.iter().find(|(_, page)| page.contains(&token)).expect("the link can be copied");
        app.accepted(&token, "Ann Perry").await;
        let page = emma.page(activation).await;
        assert!(!page.contains(&token) && page.contains("Its text is gone"), "{page}");
    }

    async fn the_sender_reads_no_whole_address_in_a_mail(app) {
        let emma = app.signed_in(EMMA).await;
        let guid = app.client(world::CLIENT_ADMIN).invited(&documented()).await;
        let mails = app.mails().await;
        let introduction = mails.iter().find(|mail| mail.kind == "introduction" && mail.text().contains("203.0.113.0"));
        assert!(introduction.is_some(), "the recipient reads it: {mails:?}");
        let mut masked = 0;
        for path in rows(&emma, "/mail").await {
            let in_request = format!("/requests/{guid}/mails/{}", &path[6..]);
            for place in [path.clone(), in_request.clone(), format!("{in_request}/html")] {
                let page = emma.get(&place).await.text;
                assert!(!page.contains("203.0.113.0"), "{place}: {page}");
                masked += usize::from(page.contains("203.0.113.x"));
            }
        }
        assert_eq!(masked, 3, "in each place");
    }

    async fn a_failed_mail_is_pointed_out_and_sent_again(app) {
        let emma = app.signed_in(EMMA).await;
        let (sink, port) = Sink::start();
        app.client(world::CLIENT_ADMIN).invited(&to_saperix("ann")).await;
        sink.answer("ann@saperix.example", "550 5.1.1 no <such> user");
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        let page = emma.page("/mail").await;
        assert!(page.contains("2 mails failed in the last 24 hours."), "{page}");
        assert!(page.contains("no &#60;such&#62; user"), "{page}");
        let failed = rows(&emma, "/mail?state=failed").await;
        assert_eq!(failed.len(), 2);
        let withheld = emma.page(&failed[0]).await + &emma.page(&failed[1]).await;
        assert!(withheld.contains("its recipient\u{2019}s alone") && !withheld.contains("liaison.test/i/"), "{withheld}");
        sink.take("ann@saperix.example");
        for path in &failed {
            let answer = emma.submit(path, path, &[]).await;
            assert_eq!(answer.header("location"), format!("{path}?done=retried"));
        }
        app.deliver_to(port).await;
        assert_eq!(rows(&emma, "/mail?state=sent").await.len(), 2);
        assert!(!emma.page("/mail").await.contains("failed in the last"));
        let again = emma.submit(&failed[0], &failed[0], &[]).await;
        assert_eq!(again.status, 409, "what was sent is not sent twice");
        assert!(again.text.contains("The mail was sent, or its text is gone"), "{}", again.text);
    }

    async fn a_test_mail_goes_to_whoever_asks(app) {
        let emma = app.signed_in(EMMA).await;
        let asked = emma.submit("/mail", "/mail", &[]).await;
        assert_eq!(asked.header("location"), "/mail?done=tested-kept");
        let mails = app.mails().await;
        let [mail] = mails.as_slice() else { panic!("{mails:?}") };
        assert_eq!((mail.kind.as_str(), mail.recipient.as_str()), ("test", EMMA));
        assert!(mail.text().contains("liaison@liaison.test"), "{}", mail.text());
    }

    async fn only_administrators_of_the_customer(app) {
        app.client(world::CLIENT_ADMIN).invited(&to_saperix("ann")).await;
        app.mails().await;
        let emma = app.signed_in(EMMA).await;
        let path = rows(&emma, "/mail").await.remove(0);
        let otto = app.signed_in("otto@greystone.example").await;
        assert!(rows(&otto, "/mail").await.is_empty());
        let mark = app.signed_in("mark@blueseas.com").await;
        for (browser, status) in [(&otto, 404), (&mark, 403)] {
            assert_eq!(browser.get(&path).await.status, status);
            assert_eq!(browser.post(&path, &[("form_token", &browser.form_token())]).await.status, status);
        }
        assert_eq!(mark.get("/mail").await.status, 403);
        assert_eq!(mark.post("/mail", &[("form_token", &mark.form_token())]).await.status, 403);
    }
}
