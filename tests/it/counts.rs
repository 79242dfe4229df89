//! The outbox in numbers.

use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Value, json, on_both, redacted, world};

use crate::outbox;

const PATH: &str = "/ratings/v1/access-requests/counts";

on_both! {
    async fn every_bucket_is_always_there(app) {
        insta::assert_snapshot!(app.pair().0.get(PATH).await.redacted(), @r#"
        {
          "company_count": 0,
          "eligible_eva_portfolio_companies": 4,
          "invited_eva_portfolio_companies": 0,
          "mock_requests": 0,
          "status": {
            "Active": 0,
            "Inactive": 0,
            "Never": 0,
            "Pending": 0,
            "Resolved": 0
          },
          "total": 0
        }
        "#);
    }

    async fn requests_by_status(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &with(to_saperix("ann"), &json!({"trial_duration": 1}))).await;
        emma.invited(&to_saperix("bob")).await;
        app.clock.advance_days(14);
        emma.invite(&json!([to_vera(), to_vera(), to_black_hills("new"), to_black_hills("two")])).await;
        let resolved = emma.invited(&to_vera()).await;
        emma.change(&resolved, "Resolved").await;
        app.client(world::OTHER_ADMIN).invited(&to_vera()).await;
        insta::assert_snapshot!(redacted(&emma.counts("").await), @r#"
        {
          "company_count": 2,
          "eligible_eva_portfolio_companies": 4,
          "invited_eva_portfolio_companies": 2,
          "mock_requests": 0,
          "status": {
            "Active": 2,
            "Inactive": 1,
            "Never": 1,
            "Pending": 2,
            "Resolved": 1
          },
          "total": 7
        }
        "#);
        app.upkeep().await;
        insta::assert_snapshot!(redacted(&emma.counts("?group_by=company").await), @r#"
        {
          "companies": [
            {
              "company_guid": "a5e23bf0-38d4-4cea-aa50-19ee75da481d",
              "company_name": "Black Hills Technologies",
              "status": {
                "Active": 2,
                "Inactive": 0,
                "Never": 0,
                "Pending": 2,
                "Resolved": 1
              },
              "total": 5
            },
            {
              "company_guid": "b0000000-0000-4000-8000-000000000002",
              "company_name": "Saperix",
              "status": {
                "Active": 0,
                "Inactive": 1,
                "Never": 1,
                "Pending": 0,
                "Resolved": 0
              },
              "total": 2
            }
          ],
          "company_count": 2,
          "eligible_eva_portfolio_companies": 4,
          "invited_eva_portfolio_companies": 2,
          "mock_requests": 0,
          "status": {
            "Active": 2,
            "Inactive": 1,
            "Never": 1,
            "Pending": 2,
            "Resolved": 1
          },
          "total": 7
        }
        "#);
    }

    async fn dates_are_days_and_the_end_is_not_counted(app) {
        let (emma, _) = app.pair();
        for _ in 0..4 {
            emma.invited(&to_vera()).await;
            app.clock.advance_days(1);
        }
        for (query, total) in [
            ("?start_date=2026-11-12", 4), ("?start_date=2026-11-13", 3), ("?end_date=2026-11-13", 1),
            ("?end_date=2026-11-12", 0), ("?start_date=2026-11-13&end_date=2026-11-15", 2),
            ("?start_date=2026-11-13&end_date=2026-11-13", 0), ("?start_date=2026-11-15&end_date=2026-11-13", 0),
            ("?start_date=2026-11-13T09:00:00Z", 3), ("?start_date=2026-11-13T09:00:01Z", 2),
            ("?start_date=&end_date=", 4),
        ] {
            assert_eq!(emma.counts(query).await["total"], total, "{query}");
        }
        for (query, name) in [("?start_date=soon", "start_date"), ("?end_date=2026-13-01", "end_date")] {
            let reply = emma.get(&format!("{PATH}{query}")).await;
            assert_eq!((reply.status, reply.json["field"].as_str()), (400, Some(name)));
        }
    }

    async fn the_filters_of_the_outbox_apply(app) {
        outbox::fill(app).await;
        let (emma, _) = app.pair();
        for (query, found) in outbox::filters() {
            let counts = emma.counts(&format!("?{query}")).await;
            assert_eq!(counts["total"], found.len(), "{query}");
            let of_companies = emma.counts(&format!("?{query}&group_by=company")).await;
            let companies = of_companies["companies"].as_array().unwrap();
            assert_eq!(companies.len(), counts["company_count"], "{query}");
            let sum: i64 = companies.iter().map(|company| company["total"].as_i64().unwrap()).sum();
            assert_eq!(sum, i64::try_from(found.len()).unwrap(), "{query}");
        }
        let other = emma.counts("?limit=1&offset=3&nonsense=x&status=").await;
        assert_eq!(other["total"], 6, "pages are for lists");
    }

    async fn grouping_is_by_company_or_not_at_all(app) {
        let (emma, _) = app.pair();
        let reply = emma.get(&format!("{PATH}?group_by=reason")).await;
        assert_eq!(reply.error(), "400 invalid_parameter: group_by: must be company");
        assert_eq!(emma.counts("?group_by=").await.get("companies"), None);
        assert_eq!(emma.counts("?group_by=company").await["companies"], json!([]));
    }

    async fn companies_of_the_portfolio(app) {
        let otto = app.client(world::OTHER_ADMIN);
        otto.invite(&json!([to_vera(), to_vera()])).await;
        let counts = otto.counts("").await;
        assert_eq!(counts["eligible_eva_portfolio_companies"], 2);
        assert_eq!((&counts["invited_eva_portfolio_companies"], &counts["company_count"]), (&json!(1), &json!(1)));
        let vendor: Value = app.pair().1.counts("").await;
        assert_eq!((&vendor["total"], &vendor["eligible_eva_portfolio_companies"]), (&json!(0), &json!(0)));
    }
}
