//! What is wrong with a bundle is named with its place, and nothing is written.

use crate::example::EXAMPLE;
use crate::place::on_both;

/// A change of the example, and what is said of it.
const CHANGES: &[(&str, &str, &str)] = &[
    (
        "\"name\": \"Black Hills Technologies\"",
        "\"nam\": \"B\"",
        "/companies/0/name: is required|/companies/0/nam: is not a known key",
    ),
    (
        "\"name\": \"Black Hills Technologies\"",
        "\"name\": 5",
        "/companies/0/name: must be text",
    ),
    (
        "\"name\": \"Black Hills Technologies\"",
        "\"name\": \" \"",
        "/companies/0/name: must not be empty",
    ),
    (
        "\"name\": \"Black Hills Technologies\"",
        "\"name\": \"a\\u0000\"",
        "/companies/0/name: must not contain the character U+0000",
    ),
    (
        "\"people_count\": 1200",
        "\"people_count\": -1",
        "/companies/0/people_count: must be at least 0",
    ),
    (
        "\"people_count\": 1200",
        "\"people_count\": 1.5",
        "/companies/0/people_count: must be a whole number",
    ),
    (
        "\"people_count\": 1200",
        "\"name\": \"twice\"",
        "/companies/0/name: occurs twice",
    ),
    (
        "\"guid\": \"a5e23bf0-38d4-4cea-aa50-19ee75da481d\", \"name\"",
        "\"guid\": \"a5e23bf038d44ceaaa5019ee75da481d\", \"name\"",
        "/companies/0/guid: must be a guid in its form of 36 characters|\
         /findings/0/company_guid: there is no company a5e23bf0-38d4-4cea-aa50-19ee75da481d",
    ),
    (
        "\"CURATED\"",
        "\"curated\"",
        "/companies/0/type: must be one of CURATED, PROVISIONAL, SELF-PUBLISHED, PRIVATE, COUNTRY",
    ),
    (
        "\"primary_domain\": \"blackhills.com\"",
        "\"primary_domain\": \"black hills\"",
        "/companies/0/primary_domain: is not a domain name",
    ),
    (
        "\"BlackHills.io\"",
        "\"-\"",
        "/companies/0/domains/1: is not a domain name",
    ),
    (
        "{\"name\": \"Technology\", \"slug\": \"technology\"}",
        "\"Technology\"",
        "/companies/0/industry: must be an object",
    ),
    (
        "\"slug\": \"technology\"",
        "\"slag\": \"technology\"",
        "/companies/0/industry/slag: is not a known key",
    ),
    (
        "\"2026-10-01\"",
        "\"2026-10-32\"",
        "/companies/0/ratings/1/rating_date: must be a date written YYYY-MM-DD",
    ),
    (
        "\"2026-10-01\"",
        "\"2026-11-01\"",
        "/companies/0/ratings/1/rating_date: the company has another rating of this date",
    ),
    (
        "\"rating\": 710",
        "\"rating\": 249",
        "/companies/0/ratings/0/rating: must be between 250 and 900",
    ),
    (
        "\"grade\": \"F\"",
        "\"grade\": \"E\"",
        "/companies/0/ratings/0/risk_vectors/0/grade: must be one of A, B, C, D, F, N/A or null",
    ),
    (
        "\"percentile\": 0.0",
        "\"percentile\": 100.5",
        "/companies/0/ratings/0/risk_vectors/0/percentile: must be between 0 and 100",
    ),
    (
        "\"slug\": \"open_port\"",
        "\"slug\": \"luck\"",
        "/companies/0/ratings/0/risk_vectors/1/slug: is not a known risk vector",
    ),
    (
        "\"slug\": \"open_port\"",
        "\"slug\": \"dnssec\"",
        "/companies/0/ratings/0/risk_vectors/1/slug: occurs twice",
    ),
    (
        "\"severity\": 7.4",
        "\"severity\": \"7.4\"",
        "/findings/0/severity: must be a number",
    ),
    (
        "\"affects_rating\": true",
        "\"affects_rating\": 1",
        "/findings/0/affects_rating: must be true or false",
    ),
    (
        "\"tags\": [\"a b\"]",
        "\"tags\": [1]",
        "/findings/0/tags: must be an array of texts",
    ),
    (
        "{\"grade\": \"BAD\", \"dest_port\": 3389, \"exact\": 1.10}",
        "[]",
        "/findings/0/details: must be an object",
    ),
    (
        "\"type\": \"Live\"",
        "\"type\": \"Dead\"",
        "/customers/0/type: must be one of Live, Vendor Access",
    ),
    (
        "\"trial_duration\": 30",
        "\"trial_duration\": 366",
        "/customers/0/trial_duration: must be between 1 and 365",
    ),
    (
        "\"trial_duration\": 30",
        "\"trail_duration\": 30",
        "/customers/0/trail_duration: is not a known key",
    ),
    (
        "\"my_company_guid\": \"feec",
        "\"my_company_guid\": \"feed",
        "/customers/0/my_company_guid: there is no company feed0000-38d4-4cea-aa50-19ee75da4810",
    ),
    (
        "\"Emma@blueseas.com\"",
        "\"emma@localhost\"",
        "/customers/0/users/0/email: is not a mail address|/customers/0/api_tokens/0/user_email: the customer has no user of this address",
    ),
    (
        "\"customer_admin\"",
        "\"admin\"",
        "/customers/0/users/0/role: must be one of customer_user, customer_portfolio_manager, customer_group_admin, customer_admin",
    ),
    (
        "only for demonstrations and tests",
        "short",
        "/customers/0/users/0/password: must have 12 to 256 characters",
    ),
    (
        "\"group_guid\": \"1",
        "\"group_guid\": \"2",
        "/customers/0/users/0/group_guid: the customer has no group 20000000-0000-4000-8000-000000000001",
    ),
    (
        "\"user_email\": \"emma@",
        "\"user_email\": \"anna@",
        "/customers/0/api_tokens/0/user_email: the customer has no user of this address",
    ),
    (
        "0123456789abcdef",
        "0123456789abcde",
        "/customers/0/api_tokens/0/token: must have 16 to 255 characters",
    ),
    (
        "0123456789abcdef",
        "0123456789:bcdef",
        "/customers/0/api_tokens/0/token: must be printable ASCII without a colon",
    ),
    (
        "\"rank\": 1",
        "\"rank\": null",
        "/customers/0/tiers/0/rank: is required",
    ),
    (
        "\"email_enabled\": true",
        "\"email_enabled\": \"yes\"",
        "/customers/0/tiers/0/email_enabled: must be true or false",
    ),
    (
        "\"content_expiry_days\": 90",
        "\"content_expiry_days\": 3651",
        "/customers/0/folders/0/content_expiry_days: must be between 1 and 3650",
    ),
    (
        "\"position\": 3",
        "\"position\": -1",
        "/customers/0/folders/0/position: must be at least 0",
    ),
    (
        "\"can_set_tier_scope\": true",
        "\"is_default\": true",
        "/customers/0/groups/1/company_guids: the default group has all companies and no list of its own",
    ),
    (
        "\"company_guids\": [\"fe",
        "\"company_guids\": [\"0f",
        "/customers/0/groups/1/company_guids: there is no company 0fec0000-38d4-4cea-aa50-19ee75da4810",
    ),
    (
        "\"Primary\"",
        "\"Friend\"",
        "/customers/0/contacts/0/relation_type: must be one of Primary, Backup",
    ),
    (
        "\"user_guid\": \"20000000-0000-4000-8000-000000000001\"",
        "\"user_guid\": \"20000000-0000-4000-8000-000000000002\"",
        "/customers/0/contacts/0/user_guid: the customer has no user 20000000-0000-4000-8000-000000000002",
    ),
    (
        "\"company_guids\": [\"a5",
        "\"company_guids\": [\"a6",
        "/customers/0/folders/0/company_guids: there is no company a6e23bf0-38d4-4cea-aa50-19ee75da481d",
    ),
    (
        "\"tier_guid\": \"3",
        "\"tier_guid\": \"4",
        "/customers/0/portfolio/0/tier_guid: the customer has no tier 40000000-0000-4000-8000-000000000001",
    ),
    (
        "\"mcastro@blackhills.com\"",
        "null",
        "/customers/0/contacts/0/email: is required",
    ),
    (
        "\"contacts\": [",
        "\"contracts\": [",
        "/customers/0/contracts: is not a known key",
    ),
    (
        "\"contacts\": [",
        "\"tiers\": [], \"contacts\": [",
        "/customers/0/tiers: occurs twice",
    ),
    (
        "\"contacts\": [{",
        "\"contacts\": [7, {",
        "/customers/0/contacts/0: must be an object",
    ),
    ("\"findings\": [", "\"finding\": [", "/finding: is not a known key"),
];

on_both! {
    fn a_wrong_row_is_refused_with_its_place(place) {
        for (from, to, expected) in CHANGES {
            let text = EXAMPLE.replacen(from, to, 1);
            assert_ne!(text, EXAMPLE, "{from}");
            assert_eq!(place.problems(text).join("|"), *expected, "{to}");
        }
    }

    fn what_occurs_twice_is_refused(place) {
        let problems = place.problems(r#"{
            "companies": [
                {"guid": "a0000000-0000-4000-8000-000000000001", "name": "X", "primary_domain": "x.example"},
                {"guid": "A0000000-0000-4000-8000-000000000001", "name": "X", "primary_domain": "x.example"}],
            "findings": [
                {"company_guid": "a0000000-0000-4000-8000-000000000001", "rolledup_observation_id": "x", "risk_vector": "spf"},
                {"company_guid": "a0000000-0000-4000-8000-000000000001", "rolledup_observation_id": "x", "risk_vector": "spf"}],
            "customers": [
                {"guid": "c0000000-0000-4000-8000-000000000001", "name": "C",
                 "users": [
                    {"guid": "20000000-0000-4000-8000-000000000001", "email": "a@x.example", "formal_name": "A"},
                    {"guid": "20000000-0000-4000-8000-000000000002", "email": "A@x.example", "formal_name": "B"}],
                 "api_tokens": [{"token": "0123456789abcdef"}],
                 "portfolio": [
                    {"company_guid": "a0000000-0000-4000-8000-000000000001"},
                    {"company_guid": "a0000000-0000-4000-8000-000000000001"}]},
                {"guid": "c0000000-0000-4000-8000-000000000002", "name": "D",
                 "users": [{"guid": "20000000-0000-4000-8000-000000000001", "email": "a@x.example", "formal_name": "A"}],
                 "api_tokens": [{"token": "0123456789abcdef"}]},
                {"guid": "c0000000-0000-4000-8000-000000000002", "name": "D"}]}"#);
        assert_eq!(problems, [
            "/companies/1/guid: occurs twice in this file",
            "/findings/1/rolledup_observation_id: the company has another finding of this id",
            "/customers/0/users/1/email: the customer has another user of this address",
            "/customers/0/portfolio/1/company_guid: occurs twice in this file",
            "/customers/1/users/0/guid: occurs twice in this file",
            "/customers/1/api_tokens/0/token: occurs twice in this file",
            "/customers/2/guid: occurs twice in this file",
        ]);
    }

    fn what_is_another_customers_is_refused(place) {
        place.import(EXAMPLE);
        let problems = place.problems(r#"{"customers": [{
            "guid": "c0000000-0000-4000-8000-000000000001", "name": "C",
            "groups": [{"guid": "10000000-0000-4000-8000-000000000001", "name": "G"}],
            "users": [{"guid": "20000000-0000-4000-8000-000000000001", "email": "a@x.example", "formal_name": "A"},
                      {"guid": "20000000-0000-4000-8000-000000000002", "email": "b@x.example", "formal_name": "A",
                       "group_guid": "10000000-0000-4000-8000-000000000001"}],
            "api_tokens": [{"token": "0123456789abcdef"}, {"user_email": "emma@blueseas.com"}],
            "tiers": [{"guid": "30000000-0000-4000-8000-000000000002", "name": "T", "rank": 1}],
            "folders": [{"guid": "40000000-0000-4000-8000-000000000001", "name": "F"}],
            "portfolio": [{"company_guid": "a5e23bf0-38d4-4cea-aa50-19ee75da481d",
                           "tier_guid": "30000000-0000-4000-8000-000000000001"}],
            "contacts": [{"guid": "50000000-0000-4000-8000-000000000001", "formal_name": "M", "email": "m@x.example",
                          "company_guid": "a5e23bf0-38d4-4cea-aa50-19ee75da481d"}]}]}"#);
        assert_eq!(problems, [
            "/customers/0/groups/0/guid: belongs to another customer already",
            "/customers/0/users/0/guid: belongs to another customer already",
            "/customers/0/folders/0/guid: belongs to another customer already",
            "/customers/0/contacts/0/guid: belongs to another customer already",
            "/customers/0/portfolio/0/tier_guid: the customer has no tier 30000000-0000-4000-8000-000000000001",
            "/customers/0/api_tokens/1/user_email: the customer has no user of this address",
            "/customers/0/api_tokens/0/token: is in use already, by another customer or user",
        ]);
    }

    fn an_address_is_one_users(place) {
        place.import(EXAMPLE);
        let text = EXAMPLE.replace("20000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000009");
        assert_eq!(place.problems(text)[0],
            "/customers/0/users/0/email: the customer has another user of this address, 20000000-0000-4000-8000-000000000001");
        let text = EXAMPLE.replace("Emma@blueseas.com", "em@blueseas.com");
        assert_eq!(place.problems(text)[0],
            "/customers/0/api_tokens/0/user_email: the customer has no user of this address");
    }
}
