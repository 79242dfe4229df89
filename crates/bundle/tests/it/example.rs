//! A bundle with every kind of rows: imported, imported again, and with one thing changed.

use liaison_bundle::{Phase, Source};
use liaison_domain::Timestamp;

use crate::place::{Place, counts, is_unchanged, on_both};

pub(crate) const EXAMPLE: &str = include_str!("example.json");

fn changed(place: &Place, from: &str, to: &str) -> Vec<String> {
    assert_eq!(EXAMPLE.matches(from).count(), 1, "{from}");
    let report = place.import(EXAMPLE.replace(from, to));
    let changed = counts(&report)
        .into_iter()
        .filter(|line| !line.contains(" 0 added 0 changed"))
        .collect();
    place.import(EXAMPLE);
    changed
}

on_both! {
    fn the_first_run_adds_and_the_second_leaves_alone(place) {
        let report = place.import(EXAMPLE);
        assert_eq!(counts(&report), [
            "companies 2 added 0 changed 0 unchanged",
            "ratings 2 added 0 changed 0 unchanged",
            "findings 1 added 0 changed 0 unchanged",
            "customers 1 added 0 changed 0 unchanged",
            "groups 2 added 0 changed 0 unchanged",
            "users 1 added 0 changed 0 unchanged",
            "api_tokens 2 added 0 changed 0 unchanged",
            "tiers 1 added 0 changed 0 unchanged",
            "folders 1 added 0 changed 0 unchanged",
            "portfolio 1 added 0 changed 0 unchanged",
            "contacts 1 added 0 changed 0 unchanged",
        ]);
        let exported = place.export();
        let again = place.import(EXAMPLE);
        assert!(is_unchanged(&again), "{again:?}");
        assert_eq!(again.kinds.len(), report.kinds.len());
        assert_eq!(place.export(), exported);
    }

    fn what_is_left_out_has_its_default(place) {
        place.import(EXAMPLE);
        let exported = place.export();
        for expected in [
            r#""name":"Blue Seas","shortname":"Blue Seas","primary_domain":"blueseas.com","domains":["blueseas.com"]"#,
            r#""domains":["blackhills.com","blackhills.io","xn--bcher-kva.example"]"#,
            r#"{"slug":"open_ports","grade":"N/A","percentile":null,"rating":null}"#,
            r#""details":{"grade":"BAD","dest_port":3389,"exact":1.10}"#,
            r#""first_name":"Emma","last_name":"Waters""#,
            r#""added_date":"2026-12-01""#,
        ] {
            assert!(exported.contains(expected), "{expected}\n{exported}");
        }
        assert!(!exported.contains("only for demonstrations") && !exported.contains("0123456789abcdef"), "{exported}");
    }

    fn one_change_is_one_changed_row(place) {
        place.import(EXAMPLE);
        for (from, to, line) in [
            ("\"people_count\": 1200", "\"people_count\": 1201", "companies 0 added 1 changed 1 unchanged"),
            ("\"BlackHills.io\", ", "", "companies 0 added 1 changed 1 unchanged"),
            ("\"rating\": 710", "\"rating\": 720", "ratings 0 added 1 changed 1 unchanged"),
            ("\"rating_date\": \"2026-10-01\"", "\"rating_date\": \"2026-10-02\"", "ratings 1 added 0 changed 1 unchanged"),
            ("\"dest_port\": 3389", "\"dest_port\": 3390", "findings 0 added 1 changed 0 unchanged"),
            ("\"trial_duration\": 30", "\"trial_duration\": 31", "customers 0 added 1 changed 0 unchanged"),
            ("\"is_default\": true", "\"is_default\": false", "groups 0 added 1 changed 1 unchanged"),
            ("\"allow_bundled_companies\": true", "\"allow_bundled_companies\": false", "groups 0 added 1 changed 1 unchanged"),
            ("[\"feec0000-38d4-4cea-aa50-19ee75da4810\"]", "[\"a5e23bf0-38d4-4cea-aa50-19ee75da481d\"]", "groups 0 added 1 changed 1 unchanged"),
            ("\"email_enabled\": true", "\"email_enabled\": false", "tiers 0 added 1 changed 0 unchanged"),
            ("\"In the union\"", "\"Outside\"", "folders 0 added 1 changed 0 unchanged"),
            ("\"content_expiry_days\": 90", "\"content_expiry_days\": null", "folders 0 added 1 changed 0 unchanged"),
            ("\"position\": 3", "\"position\": 4", "folders 0 added 1 changed 0 unchanged"),
            ("\"Primary\"", "null", "contacts 0 added 1 changed 0 unchanged"),
            ("\"relation_active\": true", "\"relation_active\": null", "contacts 0 added 1 changed 0 unchanged"),
            ("2026-11-20", "2026-11-21", "users 0 added 1 changed 0 unchanged"),
            ("demonstrations and tests", "demonstrations and toasts", "users 0 added 1 changed 0 unchanged"),
            ("\"rank\": 1", "\"rank\": 2", "tiers 0 added 1 changed 0 unchanged"),
            ("\"name\": \"EU\"", "\"name\": \"US\"", "folders 0 added 1 changed 0 unchanged"),
            ("\"company_guids\": [\"a5e23bf0-38d4-4cea-aa50-19ee75da481d\"]", "\"company_guids\": []",
                "folders 0 added 1 changed 0 unchanged"),
            ("\"V-17\"", "null", "portfolio 0 added 1 changed 0 unchanged"),
            ("\"phone_number\": null", "\"phone_number\": \"1\"", "contacts 0 added 1 changed 0 unchanged"),
            ("\"description\": \"ci\"", "\"description\": \"cd\"", "api_tokens 0 added 1 changed 1 unchanged"),
        ] {
            assert_eq!(changed(place, from, to), [line], "{to}");
        }
    }

    fn what_a_bundle_does_not_know_stays(place) {
        place.import(EXAMPLE);
        let customer = "c940bb61-33c4-42c9-9231-c8194c305db3".parse().unwrap();
        let user = "20000000-0000-4000-8000-000000000001".parse().unwrap();
        place.db.write_blocking(move |tx| {
            let mut stored = liaison_store::customers::find(tx, customer)?.unwrap();
            stored.access_ends_at = Some(Timestamp(1));
            liaison_store::customers::upsert(tx, &stored, Timestamp(0))
        }).unwrap();
        let (with, without) = (",\n      \"password\": \"only for demonstrations and tests\"", "");
        let report = place.import(EXAMPLE.replace(with, without).replace("My Company", "Our Company"));
        assert_eq!(report.kinds.iter().map(|kind| kind.changed).sum::<u64>(), 1, "{report:?}");
        let (stored, hash) = place.db.read_blocking(move |tx| {
            let user = liaison_store::users::find(tx, customer, user)?.unwrap();
            Ok::<_, liaison_db::Error>((liaison_store::customers::find(tx, customer)?.unwrap(), user.password_hash))
        }).unwrap();
        assert_eq!((stored.name.as_str(), stored.access_ends_at), ("Our Company", Some(Timestamp(1))));
        assert!(liaison_operations::passwords::verify("only for demonstrations and tests", &hash.unwrap()));
    }

    fn progress_reaches_its_end(place) {
        let path = place.file("bundle.json", EXAMPLE);
        let mut seen = Vec::new();
        liaison_bundle::check(&Source::File(path), None, &place.db, &mut |progress| seen.push(progress)).unwrap();
        let last = seen.last().unwrap();
        assert_eq!((last.phase, last.bytes_done, last.rows), (Phase::Checking, EXAMPLE.len() as u64, 13));
        assert_eq!(last.bytes_done, last.bytes_total);
    }
}
