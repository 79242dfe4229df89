//! The filters of the outbox against the same filters written in Rust, over random combinations.

use std::collections::BTreeSet;

use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{TestApp, Value, json, on_both, world};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

const CASES: usize = 64;

/// A combination of filters; an empty list is no filter.
#[derive(Clone, Debug)]
struct Filters {
    company: Option<&'static str>,
    requester: Option<&'static str>,
    excluded: Option<&'static str>,
    folder: Option<&'static str>,
    tier: Option<&'static str>,
    groups: Vec<&'static str>,
    reasons: Vec<&'static str>,
    statuses: Vec<&'static str>,
    slugs: Vec<&'static str>,
}

const USERS: [&str; 3] = [world::EMMA, world::MARK, world::RITA];
const REASONS: [&str; 5] = ["informational", "remediation", "validation", "vulnerability", "other"];
const STATUSES: [&str; 6] = ["Pending", "Active", "Never", "Inactive", "Resolved", "Open"];
const SLUGS: [&str; 5] = ["dnssec", "open_ports", "spf", "botnet_infections", "dmarc"];

fn maybe(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![3 => Just(None), 2 => select(values).prop_map(Some)]
}

fn some_of(values: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![Just(Vec::new()), subsequence(values, 1..=values.len())]
}

fn filters() -> impl Strategy<Value = Filters> {
    let single = (
        maybe(&[world::BLACK_HILLS, world::SAPERIX, world::STRANGER]),
        maybe(&USERS),
        maybe(&USERS),
        maybe(&[world::FOLDER, world::TIER]),
        maybe(&[world::TIER, world::GROUP_ONE]),
    );
    let lists = (
        some_of(&[world::GROUP_ONE, world::GROUP_TWO]),
        some_of(&REASONS),
        some_of(&STATUSES),
        some_of(&SLUGS),
    );
    (single, lists).prop_map(
        |((company, requester, excluded, folder, tier), (groups, reasons, statuses, slugs))| Filters {
            company,
            requester,
            excluded,
            folder,
            tier,
            groups,
            reasons,
            statuses,
            slugs,
        },
    )
}

impl Filters {
    fn query(&self) -> String {
        let single = [
            ("company_guid", self.company),
            ("requesterid", self.requester),
            ("exclude_requesterid", self.excluded),
            ("folder_guid", self.folder),
            ("tier_guid", self.tier),
        ];
        let lists = [
            ("group", &self.groups),
            ("reason", &self.reasons),
            ("status", &self.statuses),
            ("context.risk_vectors.risk_vector.slug", &self.slugs),
        ];
        let single = single
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        let lists = lists
            .into_iter()
            .map(|(name, values)| format!("{name}={}", values.join(",")));
        single.chain(lists).collect::<Vec<_>>().join("&")
    }

    fn admits(&self, request: &Value) -> bool {
        let is = |wanted: Option<&str>, value: &Value| wanted.is_none_or(|wanted| value == wanted);
        let among = |wanted: &[&str], value: &str| wanted.is_empty() || wanted.contains(&value);
        let text = |key: &str| request[key].as_str().expect("the key holds text");
        let group = match text("requester_guid") {
            world::EMMA => world::GROUP_ONE,
            world::MARK => world::GROUP_TWO,
            _ => "",
        };
        let (company, vectors) = (text("requestee_company_guid"), &request["context"]["risk_vectors"]);
        let has = |slug: &&str| {
            vectors
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["risk_vector"]["slug"] == **slug))
        };
        is(self.company, &request["requestee_company_guid"])
            && is(self.requester, &request["requester_guid"])
            && self.excluded.is_none_or(|user| request["requester_guid"] != user)
            && self
                .folder
                .is_none_or(|folder| folder == world::FOLDER && company == world::SAPERIX)
            && self
                .tier
                .is_none_or(|tier| tier == world::TIER && company == world::BLACK_HILLS)
            && among(&self.groups, group)
            && among(&self.reasons, text("reason"))
            && among(&self.statuses, text("status"))
            && (self.slugs.is_empty() || self.slugs.iter().any(has))
    }
}

/// Requests in every status, by three senders, for five reasons, with and without risk vectors.
async fn fill(app: &TestApp) {
    let senders = [world::CLIENT_ADMIN, world::CLIENT_MANAGER, world::CLIENT_COMPANY].map(|token| app.client(token));
    app.invited_and_accepted(&senders[0], &with(to_saperix("ann"), &json!({"trial_duration": 2})))
        .await;
    for round in 0..3 {
        for (number, invitation) in [to_vera(), to_saperix("ann"), to_saperix("bob"), to_black_hills("new")]
            .into_iter()
            .enumerate()
        {
            let place = round * 4 + number;
            let slugs = [
                &["dnssec"][..],
                &[],
                &["open_ports", "spf"],
                &["botnet"],
                &["spf", "dnssec"],
            ][place % 5];
            let vectors: Value = slugs
                .iter()
                .map(|slug| json!({"risk_vector": {"slug": slug}}))
                .collect();
            let rest = json!({"reason": REASONS[place % 5], "context": {"risk_vectors": vectors}, "trial_duration": 2});
            let sender = &senders[place % 3];
            let guid = sender.invited(&with(invitation, &rest)).await;
            if place % 5 == 4 {
                assert_eq!(sender.change(&guid, "Resolved").await.status, 200);
            }
            app.clock.advance(std::time::Duration::from_secs(3600));
        }
        app.clock.advance_days(7);
    }
}

on_both! {
    async fn random_combinations_find_what_they_should(app) {
        fill(app).await;
        let (emma, _) = app.pair();
        let all = emma.outbox("").await;
        let seen: BTreeSet<_> = all.iter().map(|request| request["status"].as_str().unwrap()).collect();
        assert_eq!(seen.len(), 5, "{seen:?}");
        let mut runner = TestRunner::deterministic();
        let mut found_some = 0;
        for _ in 0..CASES {
            let filters = filters().new_tree(&mut runner).expect("a case can be made").current();
            let expected: Vec<_> = all.iter().filter(|request| filters.admits(request)).cloned().collect();
            let query = filters.query();
            assert_eq!(emma.outbox(&format!("?{query}")).await, expected, "{query}");
            assert_eq!(emma.counts(&format!("?{query}")).await["total"], expected.len(), "{query}");
            let page = emma.outbox(&format!("?{query}&limit=2&offset=1")).await;
            assert!(page.iter().eq(expected.iter().skip(1).take(2)), "{query}");
            found_some += usize::from(!expected.is_empty());
        }
        assert!(found_some > CASES / 4, "the cases are too narrow: {found_some}");
    }
}
