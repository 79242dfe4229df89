//! The outbox: its filters, its order, its pages, and lists longer than one batch.

use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Client, Reply, TestApp, Value, json, on_both, world};

const PATH: &str = "/ratings/v1/access-requests";

/// Six requests of the first client and one of another, a minute apart, named by their messages.
pub(crate) async fn fill(app: &TestApp) {
    let [emma, mark, company, otto] = [
        world::CLIENT_ADMIN,
        world::CLIENT_MANAGER,
        world::CLIENT_COMPANY,
        world::OTHER_ADMIN,
    ]
    .map(|token| app.client(token));
    for (sender, invitation, message, reason, slugs) in [
        (&emma, to_vera(), "a", "remediation", json!(["dnssec"])),
        (&emma, to_saperix("ann"), "b", "informational", json!(["ssl"])),
        (
            &mark,
            to_saperix("bob"),
            "c",
            "validation",
            json!(["dnssec", "open_ports"]),
        ),
        (&company, to_black_hills("new"), "d", "other", json!([])),
        (&otto, to_vera(), "of others", "remediation", json!(["dnssec"])),
        (&emma, to_saperix("ann"), "e", "vulnerability", json!(["open_port"])),
        (&mark, to_vera(), "f", "other", json!(["spf"])),
    ] {
        let vectors: Value = slugs
            .as_array()
            .unwrap()
            .iter()
            .map(|slug| json!({"risk_vector": {"slug": slug}}))
            .collect();
        let rest = json!({"message": message, "reason": reason, "context": {"risk_vectors": vectors}});
        let guid = sender.invited(&with(invitation, &rest)).await;
        if message == "e" {
            assert_eq!(emma.change(&guid, "Resolved").await.status, 200);
        }
        app.clock.advance(std::time::Duration::from_secs(60));
    }
}

/// Queries of an outbox made by [`fill`], and the messages they find.
pub(crate) fn filters() -> Vec<(String, &'static str)> {
    let slug = "context.risk_vectors.risk_vector.slug";
    let unknown = "b0000000-0000-4000-8000-00000000ffff";
    let (saperix, upper) = (world::SAPERIX, world::BLACK_HILLS.to_uppercase());
    let (emma, mark, vera) = (world::EMMA, world::MARK, world::VERA);
    let (one, two, folder, tier) = (world::GROUP_ONE, world::GROUP_TWO, world::FOLDER, world::TIER);
    vec![
        (String::new(), "fedcba"),
        (format!("company_guid={saperix}"), "ecb"),
        (format!("company_guid={upper}"), "fda"),
        (format!("company_guid={unknown}"), ""),
        ("company_guid=nonsense".to_owned(), ""),
        (format!("{slug}=dnssec"), "ca"),
        (format!("{slug}=ssl_configurations,dnssec,spf"), "fcba"),
        (format!("{slug}=ssl_configurations%2Cdnssec%2cspf"), "fcba"),
        (format!("{slug}=open_port"), "ec"),
        (format!("{slug}=dnssec,nonsense"), "ca"),
        (format!("{slug}=nonsense"), ""),
        (format!("{slug}=dmarc"), ""),
        (format!("exclude_requesterid={emma}"), "fdc"),
        (format!("exclude_requesterid={unknown}"), "fedcba"),
        (format!("requesterid={emma}"), "eba"),
        (format!("requesterid={}", mark.to_uppercase()), "fc"),
        (format!("requesterid={vera}"), ""),
        ("requesterid=emma@blueseas.com".to_owned(), ""),
        (format!("requesterid={emma}&exclude_requesterid={emma}"), ""),
        (format!("folder_guid={folder}"), "ecb"),
        (format!("folder_guid={unknown}"), ""),
        (format!("tier_guid={tier}"), "fda"),
        (format!("tier_guid={folder}"), ""),
        (format!("tier_guid={tier}&folder_guid={folder}"), ""),
        (format!("group={one}"), "eba"),
        (format!("group={two}"), "fc"),
        (format!("group={one},{two}"), "fecba"),
        (format!("group={one}%2C{unknown}"), "eba"),
        ("group=17".to_owned(), ""),
        ("reason=remediation".to_owned(), "a"),
        ("reason=remediation,other,informational".to_owned(), "fdba"),
        ("reason=REMEDIATION,%20Other".to_owned(), "fda"),
        ("reason=because".to_owned(), ""),
        ("reason=because,validation".to_owned(), "c"),
        ("status=Active".to_owned(), "fa"),
        ("status=active,PENDING".to_owned(), "fdcba"),
        ("status=Resolved".to_owned(), "e"),
        ("status=Never,Inactive,Requested,Rejected".to_owned(), ""),
        ("status=Open".to_owned(), ""),
        (format!("status=Pending&company_guid={saperix}"), "cb"),
        (
            format!("status=Pending,Resolved&company_guid={saperix}&requesterid={emma}&{slug}=open_ports"),
            "e",
        ),
        (
            format!("folder_guid={folder}&group={two}&reason=validation&status=Pending&{slug}=dnssec"),
            "c",
        ),
    ]
}

fn messages(list: &[Value]) -> String {
    list.iter()
        .map(|request| request["message"].as_str().expect("a message is text"))
        .collect()
}

/// The path and query of the next page.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.header("link").strip_prefix("<https://liaison.test")?;
    Some(
        link.strip_suffix(">; rel=\"next\"")
            .expect("one link, to the next page")
            .to_owned(),
    )
}

/// Every page from `path` on, and the number of pages.
async fn walk(client: &Client, path: &str) -> (Vec<Value>, usize) {
    let (mut all, mut path, mut pages) = (Vec::new(), Some(path.to_owned()), 0);
    while let Some(current) = path {
        let reply = client.get(&current).await;
        assert_eq!(reply.status, 200, "{current}: {}", reply.text);
        all.extend(reply.json.as_array().expect("a page is a bare array").iter().cloned());
        path = next(&reply);
        pages += 1;
    }
    (all, pages)
}

async fn twenty_five(app: &TestApp) -> Vec<Value> {
    let (emma, _) = app.pair();
    // Eleven of the same millisecond: ties are told apart by the guid.
    emma.invite(&(0..11).map(|number| to_saperix(&format!("p{number}"))).collect())
        .await;
    for number in 11..25 {
        app.clock.advance(std::time::Duration::from_millis(number % 2));
        emma.invited(&to_saperix(&format!("p{number}"))).await;
    }
    emma.outbox("").await
}

on_both! {
    async fn each_filter_alone_and_together(app) {
        fill(app).await;
        let (emma, _) = app.pair();
        for (query, found) in filters() {
            assert_eq!(messages(&emma.outbox(&format!("?{query}")).await), found, "{query}");
        }
    }

    async fn parameters_that_say_nothing(app) {
        fill(app).await;
        let (emma, _) = app.pair();
        for (query, found) in [
            ("?", "fedcba"), ("?nonsense=1&status.x=Active", "fedcba"), ("?status=", "fedcba"), ("?status", "fedcba"),
            ("?status=%20&reason=&group=&tier_guid=&limit=&offset=&cursor=&updated_since=", "fedcba"),
            ("?company_guid=&company_guid", "fedcba"), ("?status=,Active,,", "fa"), ("?Status=Active", "fedcba"),
            ("?status=Pending&status=Active", "fa"), ("?status=Active&status=", "fedcba"),
            ("?&&=&=x&status=Active&", "fa"), ("?status=Active&format=csv&fields=guid&sort=guid&q=x&expand=y", "fa"), ("?%", "fedcba"),
            ("?%FF=%FF&status=%FF", ""), ("?status=,", ""),
        ] {
            assert_eq!(messages(&emma.outbox(query).await), found, "{query}");
        }
    }

    async fn newest_first_and_ties_by_guid(app) {
        let all = twenty_five(app).await;
        let key = |request: &Value| (request["created_time"].to_string(), request["guid"].to_string());
        assert!(all.is_sorted_by(|newer, older| key(newer) > key(older)));
        assert_eq!(all.len(), 25);
    }

    async fn pages_by_cursor_give_each_exactly_once(app) {
        let all = twenty_five(app).await;
        let (emma, _) = app.pair();
        for (limit, pages) in [(1, 25), (7, 4), (5, 5), (24, 2), (25, 1), (26, 1), (100_000, 1)] {
            let walked = walk(&emma, &format!("{PATH}?limit={limit}")).await;
            assert_eq!(walked, (all.clone(), pages), "limit={limit}");
        }
    }

    async fn what_comes_while_walking_shifts_nothing(app) {
        let all = twenty_five(app).await;
        let (emma, _) = app.pair();
        let first = emma.get(&format!("{PATH}?limit=10")).await;
        app.clock.advance_days(1);
        emma.invited(&to_vera()).await;
        let (rest, _) = walk(&emma, &next(&first).unwrap()).await;
        assert_eq!(rest.len(), 15);
        assert_eq!(rest[0]["guid"], all[10]["guid"]);
    }

    async fn the_link_keeps_the_filters(app) {
        fill(app).await;
        let (emma, _) = app.pair();
        let reply = emma.get(&format!("{PATH}?status=active,PENDING&offset=1&limit=2&nonsense=%26&limit=1")).await;
        assert_eq!(messages(reply.json.as_array().unwrap()), "d");
        let link = next(&reply).unwrap();
        let start = "/ratings/v1/access-requests?nonsense=%26&status=active%2CPENDING&limit=1&cursor=";
        assert!(link.starts_with(start), "{link}");
        let (rest, pages) = walk(&emma, &link).await;
        assert_eq!((messages(&rest).as_str(), pages), ("cba", 3));
    }

    async fn limit_and_offset(app) {
        fill(app).await;
        let (emma, _) = app.pair();
        for (query, found) in [
            ("?limit=2", "fe"), ("?limit=2&offset=2", "dc"), ("?offset=4", "ba"), ("?offset=6", ""),
            ("?offset=600", ""), ("?limit=0", ""), ("?limit=6&offset=0", "fedcba"), ("?limit=9223372036854775807", "fedcba"),
            ("?offset=9223372036854775807", ""), ("?status=Pending&limit=1&offset=1", "c"), ("?limit=+2", "fe"),
        ] {
            assert_eq!(messages(&emma.outbox(query).await), found, "{query}");
        }
    }

    async fn places_that_are_none(app) {
        let (emma, _) = app.pair();
        for (query, name) in [
            ("limit=-1", "limit"), ("limit=ten", "limit"), ("limit=1.5", "limit"),
            ("limit=9223372036854775808", "limit"), ("offset=-1", "offset"), ("offset=0x10", "offset"),
            ("cursor=nonsense", "cursor"), ("cursor=AAAA", "cursor"), ("cursor=%00", "cursor"),
            ("updated_since=yesterday", "updated_since"), ("updated_since=2026-02-30", "updated_since"),
        ] {
            let reply = emma.get(&format!("{PATH}?{query}")).await;
            assert_eq!((reply.status, reply.json["code"].as_str()), (400, Some("invalid_parameter")), "{query}");
            assert_eq!(reply.json["field"], name);
            assert!(reply.json["detail"].as_str().unwrap().starts_with(&format!("{name}: ")), "{}", reply.text);
        }
    }

    async fn a_cursor_opens_nothing_of_others(app) {
        fill(app).await;
        let (emma, _) = app.pair();
        let page = next(&emma.get(&format!("{PATH}?limit=2")).await).unwrap();
        let otto = app.client(world::OTHER_ADMIN);
        assert_eq!(messages(otto.get(&page).await.json.as_array().unwrap()), "of others", "it is a place, not a right");
    }

    async fn what_changed_since(app) {
        fill(app).await;
        let (emma, vera) = app.pair();
        app.clock.advance_days(1);
        let oldest = emma.outbox("?offset=5").await.remove(0);
        let guid = oldest["guid"].as_str().unwrap();
        assert_eq!(emma.change(guid, "Resolved").await.status, 200);
        for (since, found) in [
            ("2026-11-13", "a"), ("2026-11-12", "fedcba"), ("2026-11-12T09:05:00Z", "fea"),
            ("2026-11-12T10:05:00%2B01:00", "fea"), ("2026-11-12T10:05:00+01:00", "fea"), ("2026-11-12T09:05:00.001Z", "fa"), ("2027-01-01", ""),
        ] {
            assert_eq!(messages(&emma.outbox(&format!("?updated_since={since}")).await), found, "{since}");
        }
        app.clock.advance_days(1);
        vera.patch(&format!("{PATH}/received/{guid}"), &json!({"read": true})).await;
        assert_eq!(messages(&emma.outbox("?updated_since=2026-11-14").await), "a", "reading is a change, too");
    }

    async fn a_list_longer_than_a_batch_is_whole(app) {
        let (emma, vera) = app.pair();
        let hundred = json!(vec![to_vera(); 100]);
        let mut guids = Vec::new();
        for _ in 0..12 {
            let reply = emma.invite(&hundred).await;
            guids.extend(reply.json.as_array().unwrap().iter().map(|answer| answer["guid"].to_string()));
        }
        guids.sort_unstable_by(|one, two| two.cmp(one));
        let listed = |list: Vec<Value>| list.iter().map(|request| request["guid"].to_string()).collect::<Vec<_>>();
        assert_eq!(listed(emma.outbox("").await), guids);
        assert_eq!(listed(emma.outbox("?limit=500").await), guids[..500]);
        assert_eq!(listed(emma.outbox("?offset=150").await), guids[150..]);
        assert_eq!(listed(vera.inbox().await), guids);
        for limit in [500, 501, 1000, 1_000_000] {
            let (walked, pages) = walk(&emma, &format!("{PATH}?limit={limit}")).await;
            assert_eq!((listed(walked), pages), (guids.clone(), 3), "{limit}: a longer page counts as 500");
        }
    }

    async fn an_empty_outbox(app) {
        let (_, vera) = app.pair();
        assert_eq!(vera.get(PATH).await.text, "[]");
    }
}
