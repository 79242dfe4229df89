//! The outbox in the browser: its rows, filters, order and columns, its files, and what is done to ticked rows.

use std::time::Duration;

use liaison_testkit::browser::PASSWORD;
use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Browser, TestApp, on_both, world};
use serde_json::json;

const EMMA: &str = "emma@blueseas.com";

/// Three requests: Ann and Bob of Saperix, then Vera of Black Hills, who is let in at once. Their guids.
async fn three(app: &TestApp) -> [String; 3] {
    let emma = app.client(world::CLIENT_ADMIN);
    let ann = with(
        to_saperix("Ann"),
        &json!({"reason": "validation", "notes": "Only ours.", "context": {"risk_vectors": [{"risk_vector": {"slug": "spf"}}]}}),
    );
    let ann = emma.invited(&ann).await;
    app.clock.advance(Duration::from_secs(86_400));
    let bob = emma.invited(&to_saperix("Bob")).await;
    app.clock.advance(Duration::from_secs(86_400));
    let vera = emma.invited(&to_vera()).await;
    app.deliver().await;
    [ann, bob, vera]
}

/// The recipients in the order of the page's rows.
fn recipients(page: &str) -> Vec<&str> {
    let links = page.split("class=\"row-link\"").skip(1);
    links
        .map(|link| {
            let (_, rest) = link.split_once("<bdi>").expect("a row names its recipient");
            rest.split('<').next().expect("a name ends")
        })
        .collect()
}

async fn listed(browser: &Browser, query: &str) -> Vec<String> {
    let page = browser.page(&format!("/outbox?{query}")).await;
    recipients(&page).into_iter().map(str::to_owned).collect()
}

on_both! {
    async fn an_empty_outbox_teaches(app) {
        let emma = app.signed_in(EMMA).await;
        let page = emma.page("/outbox").await;
        assert!(page.contains("You have invited nobody yet") && page.contains("/outbox/new"), "{page}");
        let rita = app.signed_in("rita@blueseas.com").await;
        assert!(rita.page("/outbox").await.contains("Your role may read and not invite"));
    }

    async fn who_was_only_invited_has_no_outbox(app) {
        three(app).await;
        app.accepted(&app.activation_for("Ann@saperix.example").await.link_token(), "Ann Perry").await;
        let ann = app.browser();
        let fields = [("email", "ann@saperix.example"), ("password", PASSWORD)];
        assert_eq!(ann.submit("/sign-in", "/sign-in", &fields).await.status, 303);
        let away = ann.get("/outbox").await;
        assert_eq!((away.status, away.header("location")), (303, "/inbox"));
        assert_eq!(ann.get("/outbox.csv").await.status, 404);
    }

    async fn rows_are_narrowed_sorted_and_counted(app) {
        let [ann, ..] = three(app).await;
        let emma = app.signed_in(EMMA).await;
        let page = emma.page("/outbox").await;
        assert_eq!(recipients(&page), ["Vera Hill", "Bob Perry", "Ann Perry"]);
        assert!(page.contains(&format!("href=\"/requests/{ann}\"")) && page.contains("2 days ago"));
        assert!(page.contains("Pending <span class=\"count\">2</span>") && page.contains("Active <span class=\"count\">1</span>"));
        assert!(page.contains("3 requests"));
        for (query, expected) in [
            ("sort=recipient", &["Ann Perry", "Bob Perry", "Vera Hill"][..]),
            ("sort=company", &["Vera Hill", "Bob Perry", "Ann Perry"]),
            ("sort=-company", &["Bob Perry", "Ann Perry", "Vera Hill"]),
            ("sort=sent", &["Ann Perry", "Bob Perry", "Vera Hill"]),
            ("sort=status", &["Bob Perry", "Ann Perry", "Vera Hill"]),
            ("sort=expires&status=Pending", &["Ann Perry", "Bob Perry"]),
            ("sort=-activity", &["Vera Hill", "Bob Perry", "Ann Perry"]),
            ("status=Active", &["Vera Hill"]),
            ("q=sApErIx", &["Bob Perry", "Ann Perry"]),
            ("q=%25", &[]),
            ("reason=validation", &["Ann Perry"]),
            ("context.risk_vectors.risk_vector.slug=spf", &["Ann Perry"]),
            ("delivery=kept&status=Pending", &["Bob Perry", "Ann Perry"]),
            ("delivery=failed", &[]),
            ("delivery=opened", &[]),
            ("attention=yes", &[]),
            (&format!("tier_guid={}", world::TIER), &["Vera Hill"]),
            (&format!("folder_guid={}", world::FOLDER), &["Bob Perry", "Ann Perry"]),
            (&format!("company_guid={}", world::SAPERIX), &["Bob Perry", "Ann Perry"]),
            (&format!("exclude_requesterid={}", world::EMMA), &[]),
            (&format!("requesterid={}", world::EMMA), &["Vera Hill", "Bob Perry", "Ann Perry"]),
            (&format!("group={}", world::GROUP_TWO), &[]),
            ("start_date=2026-11-13&end_date=2026-11-14", &["Bob Perry"]),
            ("company_guid=nonsense", &[]),
        ] {
            assert_eq!(listed(&emma, query).await, expected, "{query}");
        }
        let page = emma.page("/outbox?q=%3Cb%3E&status=Pending").await;
        assert!(page.contains("Nothing fits these filters") && page.contains("\u{201c}&#60;b&#62;\u{201d}"), "{page}");
        assert!(page.contains("href=\"/outbox?status=Pending\""), "the filter can be taken away: {page}");
        assert_eq!(emma.get("/outbox?start_date=soon").await.status, 400);
    }

    async fn what_needs_somebody_is_counted_for_each_user(app) {
        let [ann, bob, vera] = three(app).await;
        let (emma, vendor) = (app.signed_in(EMMA).await, app.client(world::VENDOR_ADMIN));
        vendor.written(&vera, "Here we are.").await;
        let page = emma.page("/outbox?attention=yes").await;
        assert_eq!(recipients(&page), ["Vera Hill"]);
        assert!(page.contains("Needs you <span class=\"count new\">1</span>") && page.contains("new from them"), "{page}");
        let seen = format!("/liaison/v1/access-requests/{vera}/messages/seen");
        let client = app.client(world::CLIENT_ADMIN);
        assert_eq!(client.post(&seen, &json!({})).await.status, 204);
        assert_eq!(listed(&emma, "attention=yes").await, Vec::<String>::new());
        app.clock.advance(Duration::from_secs(14 * 86_400));
        let again = app.signed_in(EMMA).await;
        assert_eq!(listed(&again, "attention=yes").await, ["Bob Perry", "Ann Perry"]);
        for guid in [&ann, &bob] {
            let path = format!("/ratings/v1/access-requests/{guid}");
            assert_eq!(client.patch(&path, &json!({"status": "Resolved"})).await.status, 200);
        }
        assert_eq!(listed(&again, "attention=yes").await, Vec::<String>::new());
    }

    async fn the_numbers_say_how_far_requests_came(app) {
        three(app).await;
        let token = app.activation_for("Ann@saperix.example").await.link_token();
        app.clock.advance(Duration::from_secs(2 * 86_400));
        app.accepted(&token, "Ann Perry").await;
        let emma = app.signed_in(EMMA).await;
        let page = emma.page("/outbox").await;
        let text = page.split_once("<dl class=\"numbers\">").unwrap().1.split_once("</dl>").unwrap().0;
        assert!(text.contains("<dd>33%</dd><dd class=\"note\">1 of 3 sent</dd>"), "{text}");
        assert!(text.contains("<dt>Days to accept</dt><dd>4</dd>"), "{text}");
        assert!(text.contains("2 of 4 companies"), "{text}");
        assert_eq!(page.matches("<figure class=\"chart-frame\">").count(), 3);
        assert!(page.contains("Sent: 3; Delivered: 1"), "{page}");
        let narrowed = emma.page("/outbox?status=Pending").await;
        assert!(!narrowed.contains("chart-frame") && narrowed.contains("plots=yes"));
    }

    async fn files_hold_what_the_page_shows(app) {
        let [ann, ..] = three(app).await;
        let emma = app.signed_in(EMMA).await;
        let file = emma.get("/outbox.csv?folder_guid=d0&status=Pending").await;
        assert_eq!(file.text.lines().count(), 1, "{}", file.text);
        let file = emma.get("/outbox.csv?q=Ann&columns=reason&columns=tier&columns=folder&columns=vectors&columns=guid").await;
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"outbox-2026-11-14.csv\"");
        insta::assert_snapshot!(file.text.replace('\u{feff}', "").replace(&ann, "GUID").replace('\r', ""), @r"
        Recipient,Address,Company,Reason,Risk vectors,Tier,Folder,Guid
        Ann Perry,Ann@saperix.example,Saperix,Validation,SPF Domains,,EU,GUID
        ");
        assert!(!emma.get("/outbox.csv").await.text.contains("Only ours."));
        assert!(emma.get("/outbox.csv?columns=notes").await.text.contains("Only ours."));
        assert!(emma.page("/outbox?columns=notes").await.contains("Only ours."));
        let book = emma.get("/outbox.xlsx?sort=recipient").await;
        assert!(book.header("content-type").contains("spreadsheetml"), "{}", book.header("content-type"));
    }

    async fn ticked_requests_are_resolved_after_a_question(app) {
        let [ann, bob, vera] = three(app).await;
        let emma = app.signed_in(EMMA).await;
        let fields = [("action", "resolve"), ("guid", ann.as_str()), ("guid", &bob), ("back", "status=Pending")];
        let asked = emma.submit("/outbox", "/outbox/bulk", &fields).await;
        assert_eq!(asked.status, 200);
        assert!(asked.text.contains("Resolve these 2 requests?") && asked.text.contains("Ann Perry"), "{}", asked.text);
        assert_eq!(listed(&emma, "status=Resolved").await, Vec::<String>::new());
        let confirmed = [&fields[..], &[("confirmed", "yes")]].concat();
        let done = emma.submit("/outbox", "/outbox/bulk", &confirmed).await;
        assert_eq!((done.status, done.header("location")), (303, "/outbox?status=Pending&done=bulk-resolved"));
        assert_eq!(listed(&emma, "status=Resolved").await, ["Bob Perry", "Ann Perry"]);
        let one = [("action", "resolve"), ("guid", vera.as_str())];
        let done = emma.submit("/outbox", "/outbox/bulk", &one).await;
        assert_eq!(done.header("location"), "/outbox?done=resolved");
    }

    async fn sending_again_says_what_was_left(app) {
        let [ann, bob, vera] = three(app).await;
        let emma = app.signed_in(EMMA).await;
        let fields = [("action", "resend"), ("guid", ann.as_str()), ("guid", &bob)];
        let done = emma.submit("/outbox", "/outbox/bulk", &fields).await;
        assert_eq!((done.status, done.header("location")), (303, "/outbox?done=bulk-resent"));
        app.deliver().await;
        app.clock.advance(Duration::from_secs(301));
        let stranger = "a0000000-0000-4000-8000-00000000ffff";
        let fields = [("action", "resend"), ("guid", ann.as_str()), ("guid", &vera), ("guid", stranger)];
        let partly = emma.submit("/outbox", "/outbox/bulk", &fields).await;
        assert_eq!(partly.status, 200);
        for words in ["1 sent again, 2 not", "Vera Hill", "this one is Active", "One of the requests is not in your outbox"] {
            assert!(partly.text.contains(words), "{words}: {}", partly.text);
        }
        app.deliver().await;
    }

    async fn what_is_refused_changes_nothing(app) {
        let [ann, ..] = three(app).await;
        let foreign = app.client(world::OTHER_ADMIN).invited(&to_black_hills("Zoe")).await;
        app.deliver().await;
        let emma = app.signed_in(EMMA).await;
        for (fields, words) in [
            (vec![("action", "resolve")], "Tick at least one request first."),
            (vec![("action", "explode"), ("guid", ann.as_str())], "Choose what to do"),
        ] {
            let refused = emma.submit("/outbox", "/outbox/bulk", &fields).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text.contains(words) && refused.text.contains("Ann Perry"), "{}", refused.text);
        }
        let fields = [("action", "resolve"), ("guid", foreign.as_str())];
        let partly = emma.submit("/outbox", "/outbox/bulk", &fields).await;
        assert!(partly.text.contains("0 resolved, 1 not") && !partly.text.contains("Zoe"), "{}", partly.text);
        let both = [("action", "resolve"), ("guid", foreign.as_str()), ("guid", "nonsense")];
        assert_eq!(emma.submit("/outbox", "/outbox/bulk", &both).await.status, 404);
        let without_token = emma.post("/outbox/bulk", &[("action", "resolve"), ("guid", ann.as_str())]).await;
        assert_eq!(without_token.status, 403);
        let rita = app.signed_in("rita@blueseas.com").await;
        assert!(!rita.page("/outbox").await.contains("name=\"guid\""));
        let fields = [("form_token", rita.form_token()), ("action", "resolve".to_owned()), ("guid", ann.clone())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(rita.post("/outbox/bulk", &fields).await.status, 403);
        let path = format!("/liaison/v1/access-requests/{ann}");
        assert_eq!(app.client(world::CLIENT_ADMIN).get(&path).await.json["status"], "Pending");
        let otto = app.signed_in("otto@greystone.example").await;
        assert_eq!(listed(&otto, "").await, ["Zoe Hill"]);
        assert_eq!(otto.get("/outbox.csv").await.text.lines().count(), 2);
    }
}
