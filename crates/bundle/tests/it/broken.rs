//! Files that are no bundle at all, and how many problems are named.

use liaison_bundle::{ImportError, Source};

use crate::example::EXAMPLE;
use crate::place::on_both;

on_both! {
    fn broken_files_are_refused(place) {
        for (text, expected) in [
            ("", ": EOF while parsing a value at line 1 column 0"),
            ("[]", ": invalid type: sequence, expected an object with companies, findings and customers at line 1 column 1"),
            ("{\"companies\": {}}", "/companies: invalid type: map, expected an array at line 1 column 15"),
            ("{\"customers\": [5]}", "/customers/0: invalid type: integer `5`, expected an object at line 1 column 17"),
            ("{\"customers\": [{\"users\": 5}]}", "/customers/0/users: invalid type: integer `5`, expected an array at line 1 column 27"),
            ("{} x", ": trailing characters at line 1 column 4"),
            ("{\"findings\": [\n{\"a\": tru}]}", "/findings: expected ident at line 2 column 10"),
            ("{\"findings\": []", ": EOF while parsing an object at line 1 column 15"),
            ("{\"findings\": [], \"findings\": []}", "/findings: occurs twice"),
        ] {
            assert_eq!(place.problems(text)[0], expected, "{text}");
        }
        let truncated = place.problems(&EXAMPLE[..EXAMPLE.len() - 60]);
        assert!(truncated[0].starts_with("/customers/0/contacts: EOF while parsing a string at line"), "{truncated:?}");
    }

    fn the_first_twenty_problems_are_kept(place) {
        let rows = vec!["{}"; 15].join(",");
        let outcome = place.try_import(format!("{{\"findings\": [{rows}]}}"));
        let Err(ImportError::Invalid { problems, more }) = &outcome else { panic!("{outcome:?}") };
        assert_eq!((problems.len(), *more), (20, 25));
        let text = outcome.unwrap_err().to_string();
        assert_eq!(text.lines().count(), 21);
        assert!(text.lines().next().unwrap().ends_with("bundle.json: /findings/0/company_guid: is required"), "{text}");
        assert!(text.ends_with("and 25 more problems"), "{text}");
    }

    fn a_missing_file_is_named(place) {
        let outcome = place.import_source(&Source::File("/nowhere/x.json".into()), None);
        assert!(outcome.unwrap_err().to_string().starts_with("/nowhere/x.json: No such file"));
    }
}
