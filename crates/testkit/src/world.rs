//! The sample world of the tests: two clients, a vendor with an account, companies of every kind. Guids are easy to
//! tell apart; tokens say whose they are.

use liaison_domain::Timestamp;
use serde_json::{Value, json};

/// 2026-11-12T09:00:00Z: the moment at which every test begins.
pub const START: Timestamp = Timestamp(1_794_474_000_000);

/// Administrator of the first client, Emma Waters.
pub const CLIENT_ADMIN: &str = "token-of-blueseas-admin";
/// Portfolio manager of the first client, Mark Shore.
pub const CLIENT_MANAGER: &str = "token-of-blueseas-manager";
/// Reader of the first client, Rita Reef.
pub const CLIENT_READER: &str = "token-of-blueseas-reader";
/// Company token of the first client.
pub const CLIENT_COMPANY: &str = "token-of-blueseas-company";
/// Administrator of the second client, Otto Stone.
pub const OTHER_ADMIN: &str = "token-of-greystone-admin";
/// Administrator of the vendor, Vera Hill.
pub const VENDOR_ADMIN: &str = "token-of-blackhills-admin";
/// Reader of the vendor, Vito Hill.
pub const VENDOR_READER: &str = "token-of-blackhills-reader";
/// Every token of the world.
pub const TOKENS: [&str; 7] = [
    CLIENT_ADMIN,
    CLIENT_MANAGER,
    CLIENT_READER,
    CLIENT_COMPANY,
    OTHER_ADMIN,
    VENDOR_ADMIN,
    VENDOR_READER,
];

/// Black Hills Technologies: has an account, domains `blackhills.com` and `blackhills.io`, findings and a rating.
pub const BLACK_HILLS: &str = "a5e23bf0-38d4-4cea-aa50-19ee75da481d";
/// Saperix: no account, domain `saperix.example`, no rating.
pub const SAPERIX: &str = "b0000000-0000-4000-8000-000000000002";
/// Curated, in nobody's portfolio.
pub const STRANGER: &str = "b0000000-0000-4000-8000-000000000003";
/// Of type `PRIVATE`, in the first client's portfolio.
pub const PRIVATE_COMPANY: &str = "b0000000-0000-4000-8000-000000000004";
/// The first client's own company, Blue Seas International.
pub const BLUE_SEAS: &str = "b0000000-0000-4000-8000-000000000005";
/// The second client's own company, Greystone.
pub const GREYSTONE: &str = "b0000000-0000-4000-8000-000000000006";

/// With `github.io`, under which anybody registers names, and `bücher.example` as domains.
pub const HOSTED: &str = "b0000000-0000-4000-8000-000000000007";

/// The first client.
pub const CLIENT: &str = "c940bb61-33c4-42c9-9231-c8194c305db3";
/// The second client.
pub const OTHER: &str = "c0000000-0000-4000-8000-000000000002";
/// The vendor's customer.
pub const VENDOR: &str = "c0000000-0000-4000-8000-000000000003";

/// Emma Waters, administrator of the first client.
pub const EMMA: &str = "e0000000-0000-4000-8000-000000000001";
/// Mark Shore, portfolio manager of the first client.
pub const MARK: &str = "e0000000-0000-4000-8000-000000000002";
/// Rita Reef, reader of the first client.
pub const RITA: &str = "e0000000-0000-4000-8000-000000000003";
/// Nils Tide, invited by the first client, who never came in.
pub const NILS: &str = "e0000000-0000-4000-8000-000000000007";
/// Vera Hill, administrator of the vendor.
pub const VERA: &str = "e0000000-0000-4000-8000-000000000005";

/// The first client's tier of Black Hills.
pub const TIER: &str = "d0000000-0000-4000-8000-000000000001";
/// The first client's folder with Saperix in it.
pub const FOLDER: &str = "d0000000-0000-4000-8000-000000000002";
/// The group of Emma.
pub const GROUP_ONE: &str = "d0000000-0000-4000-8000-000000000003";
/// The group of Mark.
pub const GROUP_TWO: &str = "d0000000-0000-4000-8000-000000000004";

/// The whole world, as a bundle.
pub fn bundle() -> Value {
    json!({
        "companies": companies(),
        "findings": (0..12).map(finding).chain([foreign_finding()]).collect::<Value>(),
        "customers": [client(), other(), vendor()],
    })
}

/// The id of the n-th finding (0 to 11) of Black Hills: 0 to 5 are open ports, the others DNSSEC.
pub fn finding_id(number: usize) -> String {
    format!("5y0VClTF01xpYqIzaFI{number:02}==")
}

/// A finding of Saperix.
pub const FOREIGN_FINDING: &str = "foreign+/finding==";

fn companies() -> Value {
    json!([
        {
            "guid": BLACK_HILLS, "name": "Black Hills Technologies", "shortname": "Black Hills",
            "primary_domain": "blackhills.com", "domains": ["blackhills.com", "blackhills.io"],
            "homepage": "https://www.blackhills.com", "type": "CURATED",
            "industry": {"name": "Technology", "slug": "technology"},
            "ratings": [
                {"rating_date": "2026-10-01", "rating": 700, "risk_vectors": [
                    {"slug": "dnssec", "grade": "D", "percentile": 12.5, "rating": 400}]},
                {"rating_date": "2026-11-01", "rating": 710, "risk_vectors": [
                    {"slug": "dnssec", "grade": "F", "percentile": 0.0, "rating": 300},
                    {"slug": "open_ports", "grade": "A", "percentile": 91.86271, "rating": 800},
                    {"slug": "botnet_infections", "grade": "B", "percentile": 70.0, "rating": 720}]}
            ]
        },
        {"guid": SAPERIX, "name": "Saperix", "primary_domain": "saperix.example", "type": "CURATED"},
        {"guid": STRANGER, "name": "Stranger", "primary_domain": "stranger.example", "type": "CURATED"},
        {"guid": PRIVATE_COMPANY, "name": "Hidden", "primary_domain": "hidden.example", "type": "PRIVATE"},
        {"guid": BLUE_SEAS, "name": "Blue Seas International", "primary_domain": "blueseas.com", "type": "CURATED"},
        {"guid": GREYSTONE, "name": "Greystone", "primary_domain": "greystone.example", "type": "CURATED"},
        {"guid": HOSTED, "name": "Hosted", "primary_domain": "github.io", "type": "CURATED",
         "domains": ["github.io", "b\u{fc}cher.example"]}
    ])
}

fn finding(number: usize) -> Value {
    let ports = number < 6;
    json!({
        "company_guid": BLACK_HILLS, "rolledup_observation_id": finding_id(number),
        "risk_vector": if ports { "open_ports" } else { "dnssec" }, "risk_category": "Diligence",
        "severity": 7.4, "severity_category": "material",
        "evidence_key": if ports { format!("203.0.113.{number}:3389") } else { "blackhills.com".to_owned() },
        "first_seen": "2026-08-02", "last_seen": "2026-11-10", "affects_rating": true,
        "assets": [], "details": {"grade": "BAD"}, "remediation": [], "tags": []
    })
}

fn foreign_finding() -> Value {
    json!({
        "company_guid": SAPERIX, "rolledup_observation_id": FOREIGN_FINDING, "risk_vector": "spf",
        "affects_rating": false, "last_seen": "2026-11-09"
    })
}

fn client() -> Value {
    json!({
        "guid": CLIENT, "name": "Blue Seas", "type": "Live", "my_company_guid": BLUE_SEAS, "trial_duration": 30,
        "groups": [
            {"guid": GROUP_ONE, "name": "Default", "is_default": true},
            {"guid": GROUP_TWO, "name": "Second", "is_default": false}
        ],
        "users": [
            {"guid": EMMA, "email": "emma@blueseas.com", "friendly_name": "Emma", "formal_name": "Emma Waters",
             "role": "customer_admin", "group_guid": GROUP_ONE, "tos_date": "2025-02-01"},
            {"guid": MARK, "email": "mark@blueseas.com", "friendly_name": "Mark", "formal_name": "Mark Shore",
             "role": "customer_portfolio_manager", "group_guid": GROUP_TWO},
            {"guid": RITA, "email": "rita@blueseas.com", "friendly_name": "Rita",
             "formal_name": "Rita Reef", "role": "customer_user"},
            {"guid": NILS, "email": "nils@blueseas.com", "friendly_name": "Nils", "formal_name": "Nils Tide",
             "role": "customer_user", "group_guid": GROUP_TWO, "status": "Created"}
        ],
        "api_tokens": [
            {"description": "admin", "user_email": "emma@blueseas.com", "token": CLIENT_ADMIN},
            {"description": "manager", "user_email": "mark@blueseas.com", "token": CLIENT_MANAGER},
            {"description": "reader", "user_email": "rita@blueseas.com", "token": CLIENT_READER},
            {"description": "company", "token": CLIENT_COMPANY}
        ],
        "tiers": [{"guid": TIER, "name": "Critical", "rank": 1}],
        "folders": [{"guid": FOLDER, "name": "EU", "company_guids": [SAPERIX]}],
        "portfolio": [
            {"company_guid": BLACK_HILLS, "tier_guid": TIER, "added_date": "2025-03-01"},
            {"company_guid": SAPERIX, "added_date": "2025-03-01"},
            {"company_guid": PRIVATE_COMPANY, "added_date": "2025-03-01"},
            {"company_guid": BLUE_SEAS, "added_date": "2025-03-01"},
            {"company_guid": HOSTED, "added_date": "2025-03-01"}
        ],
        "contacts": [
            {"guid": "f0000000-0000-4000-8000-000000000001", "company_guid": SAPERIX, "friendly_name": "Sam",
             "formal_name": "Sam Perry", "email": "sam@saperix.example", "phone_number": "+1 555 0100"}
        ]
    })
}

fn other() -> Value {
    json!({
        "guid": OTHER, "name": "Greystone", "type": "Live", "my_company_guid": GREYSTONE, "trial_duration": 60,
        "users": [{"guid": "e0000000-0000-4000-8000-000000000004", "email": "otto@greystone.example",
                   "formal_name": "Otto Stone", "friendly_name": "Otto", "role": "customer_admin"}],
        "api_tokens": [{"description": "admin", "user_email": "otto@greystone.example", "token": OTHER_ADMIN}],
        "portfolio": [
            {"company_guid": BLACK_HILLS, "added_date": "2025-03-01"},
            {"company_guid": SAPERIX, "added_date": "2025-03-01"}
        ]
    })
}

fn vendor() -> Value {
    json!({
        "guid": VENDOR, "name": "Black Hills", "type": "Live", "my_company_guid": BLACK_HILLS,
        "users": [
            {"guid": VERA, "email": "vera@blackhills.com", "formal_name": "Vera Hill", "friendly_name": "Vera",
             "role": "customer_admin", "is_collaboration_contact": true, "tos_date": "2024-05-06",
             "last_login": "2026-11-11"},
            {"guid": "e0000000-0000-4000-8000-000000000006", "email": "vito@blackhills.com", "formal_name": "Vito Hill",
             "friendly_name": "Vito", "role": "customer_user"}
        ],
        "api_tokens": [
            {"description": "admin", "user_email": "vera@blackhills.com", "token": VENDOR_ADMIN},
            {"description": "reader", "user_email": "vito@blackhills.com", "token": VENDOR_READER}
        ]
    })
}
