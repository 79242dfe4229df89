//! The order of keys and lists does not matter, and a byte order mark does not either.

use crate::example::EXAMPLE;
use crate::place::{Place, on_both};

/// The bundle with every list before what it refers to, and every guid after its lists.
const BACKWARDS: &str = r#"{
  "findings": [{"risk_vector": "dnssec", "rolledup_observation_id": "x",
                "company_guid": "a0000000-0000-4000-8000-000000000001"}],
  "customers": [{
    "portfolio": [{"tier_guid": "30000000-0000-4000-8000-000000000001",
                   "company_guid": "a0000000-0000-4000-8000-000000000001"}],
    "folders": [{"company_guids": ["a0000000-0000-4000-8000-000000000001"], "name": "F",
                 "guid": "40000000-0000-4000-8000-000000000001"}],
    "api_tokens": [{"user_email": "a@x.example", "token": "0123456789abcdef"}],
    "users": [{"group_guid": "10000000-0000-4000-8000-000000000001", "email": "a@x.example", "formal_name": "A",
               "guid": "20000000-0000-4000-8000-000000000001"}],
    "tiers": [{"rank": 1, "name": "T", "guid": "30000000-0000-4000-8000-000000000001"}],
    "groups": [{"name": "G", "guid": "10000000-0000-4000-8000-000000000001"}],
    "my_company_guid": "a0000000-0000-4000-8000-000000000001", "name": "C",
    "guid": "c0000000-0000-4000-8000-000000000001"
  }],
  "companies": [{"primary_domain": "x.example", "name": "X", "guid": "A0000000-0000-4000-8000-000000000001"}]
}"#;

on_both! {
    fn lists_may_come_in_any_order(place) {
        let report = place.import(BACKWARDS);
        assert!(report.kinds.iter().all(|kind| (kind.added, kind.changed) == (1, 0)), "{report:?}");
        assert_eq!(report.kinds.len(), 9);
    }

    fn a_mark_at_the_start_is_no_part_of_the_text(place) {
        place.import(format!("\u{feff}{EXAMPLE}"));
        let plain = place.another();
        plain.import(EXAMPLE);
        assert_eq!(place.export(), plain.export());
    }

    fn references_may_be_in_the_database(place) {
        place.import(EXAMPLE);
        let place: &Place = place;
        let report = place.import(r#"{"customers": [{
            "guid": "c940bb61-33c4-42c9-9231-c8194c305db3", "name": "My Company",
            "my_company_guid": "feec0000-38d4-4cea-aa50-19ee75da4810",
            "users": [{"guid": "20000000-0000-4000-8000-000000000002", "email": "b@blueseas.com", "formal_name": "B",
                       "group_guid": "10000000-0000-4000-8000-000000000001"}],
            "api_tokens": [{"user_email": "EMMA@blueseas.com", "description": "two"}],
            "portfolio": [{"company_guid": "feec0000-38d4-4cea-aa50-19ee75da4810",
                           "tier_guid": "30000000-0000-4000-8000-000000000001"}]}]}"#);
        let added: u64 = report.kinds.iter().map(|kind| kind.added).sum();
        assert_eq!((added, report.kinds.len()), (3, 4), "{report:?}");
    }
}
