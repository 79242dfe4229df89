//! The portfolio and the page of a company, as people use them in a browser.

use liaison_testkit::invitations::{to_saperix, to_vera, with};
use liaison_testkit::{TestApp, json, on_both, world};

const EMMA: &str = "emma@blueseas.com";

/// The names in the rows of a list, in their order.
fn names(page: &str) -> Vec<&str> {
    let rows = page.split("<a class=\"row-link\"").skip(1);
    rows.map(|row| row.split_once("<bdi>").unwrap().1.split_once('<').unwrap().0)
        .collect()
}

async fn listed(app: &TestApp, query: &str) -> Vec<String> {
    let emma = app.signed_in(EMMA).await;
    let page = emma.page(&format!("/portfolio{query}")).await;
    names(&page).into_iter().map(str::to_owned).collect()
}

fn company(guid: &str) -> String {
    format!("/companies/{guid}")
}

on_both! {
    async fn a_portfolio_is_searched_filtered_and_sorted(app) {
        let all = ["Black Hills Technologies", "Blue Seas International", "Hidden", "Hosted", "Saperix"];
        assert_eq!(listed(app, "").await, all);
        assert_eq!(listed(app, "?sort=-name").await.first().unwrap(), "Saperix");
        assert_eq!(listed(app, "?sort=-rating").await.first().unwrap(), "Black Hills Technologies");
        assert_eq!(listed(app, "?q=BLACKHILLS.io").await, ["Black Hills Technologies"], "any domain, any case");
        for nothing in ["?q=100%25", "?q=_", "?q=!", "?tier=nonsense", "?page=9", "?folder=b0000000-0000-4000-8000-00000000ffff"] {
            assert!(listed(app, nothing).await.is_empty(), "{nothing}");
        }
        assert_eq!(listed(app, &format!("?tier={}", world::TIER)).await, ["Black Hills Technologies"]);
        assert_eq!(listed(app, &format!("?folder={}", world::FOLDER)).await, ["Saperix"]);
        app.client(world::CLIENT_ADMIN).invited(&to_vera()).await;
        app.client(world::OTHER_ADMIN).invited(&to_saperix("ann")).await;
        assert_eq!(listed(app, "?invited=no").await, all[1..], "what others sent does not count");
        assert_eq!(listed(app, "?sort=-sent").await.first().unwrap(), all[0]);
    }

    async fn a_row_says_what_one_wants_to_know_before_inviting(app) {
        let emma = app.signed_in(EMMA).await;
        let request = app.client(world::CLIENT_ADMIN).invited(&to_vera()).await;
        let page = emma.page("/portfolio?q=blackhills.com").await;
        for part in ["Critical", ">710<", "12 material", &format!("/requests/{request}"), "Active", "12 Nov 2026"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let invite = format!("/outbox/new?company={}", world::BLACK_HILLS);
        assert!(page.contains(&invite));
        assert!(emma.page("/portfolio?q=hidden").await.contains("Private to your account"));
        let rita = app.signed_in("rita@blueseas.com").await.page("/portfolio").await;
        assert!(!rita.contains(&invite) && rita.contains("Your role may read and not invite."));
        let otto = app.signed_in("otto@greystone.example").await.page("/portfolio?q=blackhills.com").await;
        assert!(otto.contains("Never invited") && !otto.contains("Critical"), "tiers and requests are each customer's own");
    }

    async fn the_file_has_every_row_and_no_formulas(app) {
        let emma = app.signed_in(EMMA).await;
        let page = company(world::SAPERIX);
        let evil = [("formal_name", "=cmd()"), ("email", "evil@saperix.example"), ("contact", "f0000000-0000-4000-8000-000000000001")];
        assert_eq!(emma.submit(&page, &format!("{page}/contacts"), &evil).await.status, 303);
        let file = emma.get("/portfolio.csv?q=saperix").await;
        assert!(file.header("content-disposition").contains("portfolio.csv"));
        let lines: Vec<&str> = file.text.lines().collect();
        assert_eq!(lines.len(), 2, "{}", file.text);
        assert!(lines[1].starts_with("Saperix,") && lines[1].contains(",EU,") && lines[1].contains("'=cmd()"), "{}", lines[1]);
        assert_eq!(emma.get("/portfolio.csv").await.text.lines().count(), 6);
    }

    async fn a_company_has_one_page(app) {
        let emma = app.signed_in(EMMA).await;
        app.client(world::CLIENT_ADMIN).invited(&with(to_vera(), &json!({"notes": "secret"}))).await;
        let page = emma.page(&company(world::BLACK_HILLS)).await;
        for part in ["blackhills.com, blackhills.io", "https://www.blackhills.com", "203.0.113.x:3389", "Vera Hill", "<svg", "DNSSEC"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("203.0.113.0") && !page.contains("secret"));
        let dnssec = emma.page(&format!("{}?vector=dnssec", company(world::BLACK_HILLS))).await;
        assert!(dnssec.contains("6 findings") && !dnssec.contains("203.0.113"));
        let none = emma.page(&format!("{}?severity=severe", company(world::BLACK_HILLS))).await;
        assert!(none.contains("No finding is like that"));
        let unknown = emma.get(&company("b0000000-0000-4000-8000-00000000ffff")).await;
        for foreign in [world::STRANGER, world::GREYSTONE, "nonsense"] {
            let there = emma.get(&company(foreign)).await;
            assert_eq!((there.status, there.text), (404, unknown.text.clone()), "{foreign}");
        }
    }

    async fn contacts_are_added_changed_and_removed(app) {
        let emma = app.signed_in(EMMA).await;
        let page = company(world::BLACK_HILLS);
        let action = format!("{page}/contacts");
        let ann = [("formal_name", "Ann Hill"), ("email", "ann@elsewhere.example"), ("phone_number", "+1 555")];
        assert_eq!(emma.submit(&page, &action, &ann).await.header("location"), format!("{page}?done=saved#contacts"));
        let shown = emma.page(&page).await;
        assert!(shown.contains("Ann Hill") && shown.contains("ann@elsewhere.example"));
        let guid = shown.split_once("name=\"contact\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let wrong = [("contact", guid.as_str()), ("formal_name", "Anna <i>Hill</i>"), ("email", "nonsense")];
        let refused = emma.submit(&page, &action, &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("The address is not an e-mail address."), "{}", refused.text);
        assert!(refused.text.contains("value=\"Anna &#60;i&#62;Hill&#60;/i&#62;\""), "what was typed is still there");
        assert_eq!(emma.submit(&page, &action, &ann).await.status, 422, "the same address twice");
        let better = [("contact", guid.as_str()), ("formal_name", "Anna Hill"), ("email", "ann@elsewhere.example")];
        assert_eq!(emma.submit(&page, &action, &better).await.status, 303);
        let shown = emma.page(&page).await;
        assert!(shown.contains("Anna Hill") && !shown.contains("Ann Hill"));
        // Neither another customer nor a reader, and not under another company.
        let otto = app.signed_in("otto@greystone.example").await;
        assert!(!otto.page(&page).await.contains("Anna Hill"));
        let remove = [("contact", guid.as_str()), ("delete", "yes")];
        assert_eq!(otto.submit(&page, &action, &remove).await.status, 404);
        assert_eq!(otto.submit(&page, &action, &better).await.status, 404);
        let rita = app.signed_in("rita@blueseas.com").await;
        let token = rita.form_token();
        let by_rita = [("form_token", token.as_str()), ("contact", guid.as_str()), ("delete", "yes")];
        assert_eq!(rita.post(&action, &by_rita).await.status, 403);
        assert!(!rita.page(&page).await.contains("Add a contact"));
        let elsewhere = format!("{}/contacts", company(world::SAPERIX));
        assert_eq!(emma.submit(&page, &elsewhere, &remove).await.status, 404);
        assert_eq!(emma.post(&action, &remove).await.status, 403, "no token of the form");
        assert!(emma.page(&page).await.contains("Anna Hill"));
        assert_eq!(emma.submit(&page, &action, &remove).await.status, 303);
        assert!(!emma.page(&page).await.contains("Anna Hill"));
    }
}
