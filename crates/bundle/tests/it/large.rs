//! Many rows.

use std::fmt::Write;

use crate::place::{counts, on_both};

/// A bundle with companies, each with a rating and in the portfolio of one customer, and findings spread over them.
pub(crate) fn generated(companies: usize, findings: usize) -> String {
    let guid = |number: usize| format!("a0000000-0000-4000-8000-{number:012}");
    let mut text = String::from("{\"companies\":[");
    for number in 0..companies {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"guid":"{}","name":"Company {number}","primary_domain":"c{number}.example","domains":["d{number}.example"],"ratings":[{{"rating_date":"2026-11-01","rating":700}}]}}"#,
            guid(number)
        )
        .unwrap();
    }
    text.push_str("],\"findings\":[");
    for number in 0..findings {
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"company_guid":"{}","rolledup_observation_id":"observation {number}","risk_vector":"open_ports"}}"#,
            guid(number * 7 % companies)
        )
        .unwrap();
    }
    text.push_str("],\"customers\":[{\"guid\":\"c0000000-0000-4000-8000-000000000001\",\"name\":\"C\",\"portfolio\":[");
    for number in 0..companies {
        let comma = if number == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"company_guid":"{}"}}"#, guid(number)).unwrap();
    }
    text.push_str("]}]}");
    text
}

on_both! {
    fn many_rows_are_imported(place) {
        let text = generated(20_000, 100_000);
        assert_eq!(counts(&place.import(&text)), [
            "companies 20000 added 0 changed 0 unchanged",
            "ratings 20000 added 0 changed 0 unchanged",
            "findings 100000 added 0 changed 0 unchanged",
            "customers 1 added 0 changed 0 unchanged",
            "portfolio 20000 added 0 changed 0 unchanged",
        ]);
    }
}
