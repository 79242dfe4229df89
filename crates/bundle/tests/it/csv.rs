//! The same rows as CSV, one kind a file.

use liaison_bundle::Kind;

use crate::place::{Place, is_unchanged, on_both};

const FILES: [(Kind, &str); 11] = [
    (
        Kind::Companies,
        "\u{feff}guid,name,primary_domain,domains,industry.name,industry.slug,people_count\r\n\
         a0000000-0000-4000-8000-000000000001,\"X, Inc.\",x.example,y.example  z.example,Tech,tech,12\r\n\
         a0000000-0000-4000-8000-000000000002,Y,w.example,,,,\r\n",
    ),
    (
        Kind::Ratings,
        "company_guid,rating_date,rating,risk_vectors\n\
         a0000000-0000-4000-8000-000000000001,2026-11-01,700,\"[{\"\"slug\"\":\"\"dnssec\"\",\"\"grade\"\":\"\"A\"\"}]\"\n",
    ),
    (
        Kind::Findings,
        "rolledup_observation_id,company_guid,risk_vector,severity,affects_rating,details,tags\n\
         x,a0000000-0000-4000-8000-000000000001,dnssec,7.40,TRUE,\"{\"\"a\"\": 1.10}\",[]\n",
    ),
    (
        Kind::Customers,
        "guid,name,my_company_guid,is_active\n\
         c0000000-0000-4000-8000-000000000001,C,a0000000-0000-4000-8000-000000000001,true\n",
    ),
    (
        Kind::Groups,
        "customer_guid,guid,name,is_default\n\
         c0000000-0000-4000-8000-000000000001,10000000-0000-4000-8000-000000000001,G,false\n",
    ),
    (
        Kind::Users,
        "customer_guid,guid,email,formal_name,group_guid,role\n\
         c0000000-0000-4000-8000-000000000001,20000000-0000-4000-8000-000000000001,a@x.example,Ann B,\
         10000000-0000-4000-8000-000000000001,customer_admin\n",
    ),
    (
        Kind::ApiTokens,
        "customer_guid,description,user_email,token\n\
         c0000000-0000-4000-8000-000000000001,ci,a@x.example,0123456789abcdef\n",
    ),
    (
        Kind::Tiers,
        "customer_guid,guid,name,rank,description,email_enabled\n\
         c0000000-0000-4000-8000-000000000001,30000000-0000-4000-8000-000000000001,T,1,For all,true\n",
    ),
    (
        Kind::Folders,
        "customer_guid,guid,name,content_expiry_days,company_guids\n\
         c0000000-0000-4000-8000-000000000001,40000000-0000-4000-8000-000000000001,F,30,\
         a0000000-0000-4000-8000-000000000002 a0000000-0000-4000-8000-000000000001\n",
    ),
    (
        Kind::Portfolio,
        "customer_guid,company_guid,tier_guid,added_date\n\
         c0000000-0000-4000-8000-000000000001,a0000000-0000-4000-8000-000000000001,\
         30000000-0000-4000-8000-000000000001,2025-03-01\n",
    ),
    (
        Kind::Contacts,
        "customer_guid,guid,company_guid,formal_name,email,relation_active,source,user_guid\n\
         c0000000-0000-4000-8000-000000000001,50000000-0000-4000-8000-000000000001,\
         a0000000-0000-4000-8000-000000000001,Mia,mia@x.example,false,Service Now,20000000-0000-4000-8000-000000000001\n",
    ),
];

/// The same rows as a bundle.
const BUNDLE: &str = r#"{
  "companies": [
    {"guid": "a0000000-0000-4000-8000-000000000001", "name": "X, Inc.", "primary_domain": "x.example",
     "domains": ["y.example", "z.example"], "industry": {"name": "Tech", "slug": "tech"}, "people_count": 12,
     "ratings": [{"rating_date": "2026-11-01", "rating": 700, "risk_vectors": [{"slug": "dnssec", "grade": "A"}]}]},
    {"guid": "a0000000-0000-4000-8000-000000000002", "name": "Y", "primary_domain": "w.example"}],
  "findings": [{"company_guid": "a0000000-0000-4000-8000-000000000001", "rolledup_observation_id": "x",
                "risk_vector": "dnssec", "severity": 7.4, "affects_rating": true, "details": {"a": 1.10}}],
  "customers": [{
    "guid": "c0000000-0000-4000-8000-000000000001", "name": "C",
    "my_company_guid": "a0000000-0000-4000-8000-000000000001",
    "groups": [{"guid": "10000000-0000-4000-8000-000000000001", "name": "G"}],
    "users": [{"guid": "20000000-0000-4000-8000-000000000001", "email": "a@x.example", "formal_name": "Ann B",
               "group_guid": "10000000-0000-4000-8000-000000000001", "role": "customer_admin"}],
    "api_tokens": [{"description": "ci", "user_email": "a@x.example", "token": "0123456789abcdef"}],
    "tiers": [{"guid": "30000000-0000-4000-8000-000000000001", "name": "T", "rank": 1, "description": "For all",
               "email_enabled": true}],
    "folders": [{"guid": "40000000-0000-4000-8000-000000000001", "name": "F", "content_expiry_days": 30, "company_guids":
        ["a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"]}],
    "portfolio": [{"company_guid": "a0000000-0000-4000-8000-000000000001", "added_date": "2025-03-01",
                   "tier_guid": "30000000-0000-4000-8000-000000000001"}],
    "contacts": [{"guid": "50000000-0000-4000-8000-000000000001", "formal_name": "Mia", "email": "mia@x.example",
                  "company_guid": "a0000000-0000-4000-8000-000000000001", "relation_active": false,
                  "source": "Service Now", "user_guid": "20000000-0000-4000-8000-000000000001"}]
  }]
}"#;

fn import_all(place: &Place) {
    for (kind, text) in FILES {
        // Tiers come after the rows that need none of them, before the portfolio.
        let report = place.try_import_csv(kind, text).unwrap();
        let rows = text.lines().count() as u64 - 1;
        assert_eq!(report.kinds.len(), 1, "{report:?}");
        assert_eq!((report.kinds[0].kind, report.kinds[0].added), (kind, rows));
    }
}

on_both! {
    fn every_kind_gives_the_rows_of_a_bundle(place) {
        import_all(place);
        for (kind, text) in FILES {
            assert!(is_unchanged(&place.try_import_csv(kind, text).unwrap()), "{kind}");
        }
        assert!(is_unchanged(&place.import(BUNDLE)), "{}", place.export());
    }

    fn headers_are_checked_by_name(place) {
        let problems = place.csv_problems(Kind::Tiers, "customer_guid,guid,nane,rank,rank\n");
        assert_eq!(problems, [
            "line 1: \"nane\" is not a column of tiers",
            "line 1: the column rank occurs twice",
            "line 1: the column name is missing",
        ]);
        let semicolons = place.csv_problems(Kind::Tiers, "customer_guid;guid;name;rank\n1;2;3;4\n");
        assert_eq!(semicolons, ["line 1: has no commas; save the table with commas between its columns"]);
        assert_eq!(place.csv_problems(Kind::ApiTokens, ""), ["line 1: the column customer_guid is missing"]);
    }

    fn problems_name_line_and_column(place) {
        import_all(place);
        let problems = place.csv_problems(Kind::Users, "customer_guid,guid,email,formal_name,role\n\
            c0000000-0000-4000-8000-000000000002,20000000-0000-4000-8000-000000000002,b@x.example,\"two\nlines\",\n\
            c0000000-0000-4000-8000-000000000001,20000000-0000-4000-8000-000000000003,nobody,B,king\n\
            c0000000-0000-4000-8000-000000000001,x,c@x.example,,\n\
            c0000000-0000-4000-8000-000000000001,y\n");
        assert_eq!(problems, [
            "line 4, column email: is not a mail address",
            "line 4, column role: must be one of customer_user, customer_portfolio_manager, customer_group_admin, customer_admin",
            "line 5, column formal_name: is required",
            "line 5, column guid: must be a guid in its form of 36 characters",
            "line 6: has 2 values, the header has 5",
            "line 2, column customer_guid: there is no customer c0000000-0000-4000-8000-000000000002",
        ]);
        let problems = place.csv_problems(Kind::Companies, "guid,name,primary_domain,domains,industry.slug,people_count\n\
            a0000000-0000-4000-8000-000000000009,N,n.example,o..example,a\0b,many\n");
        assert_eq!(problems, [
            "line 2, column industry.slug: must not contain the character U+0000",
            "line 2, column domains: \"o..example\" is not a domain name",
            "line 2, column people_count: must be a whole number",
        ]);
        let problems = place.csv_problems(Kind::Findings, "company_guid,rolledup_observation_id,risk_vector,details,tags\n\
            a0000000-0000-4000-8000-000000000001,z,dnssec,{,{}\n\
            a0000000-0000-4000-8000-000000000001,z,dnssec,{},{}\n");
        assert_eq!(problems, [
            "line 2, column details: is not JSON",
            "line 3, column tags: must be an array of texts",
        ]);
    }

    fn text_that_is_not_utf8_is_refused(place) {
        let path = place.file("x.csv", b"customer_guid,description\nc0,\xff\n");
        let outcome = place.import_source(&liaison_bundle::Source::File(path), Some(Kind::ApiTokens));
        assert!(outcome.unwrap_err().to_string().ends_with("x.csv: line 2: is not UTF-8 text"));
    }
}
