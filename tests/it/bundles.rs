//! Import and export as commands: twice is once, nothing by halves, and out as it went in.

use std::path::PathBuf;

use liaison_testkit::databases::Fresh;
use liaison_testkit::process::{answer, command, ended, output};
use liaison_testkit::{Url, Value, json, on_both_databases, world};

/// A bundle in a file beside the database.
fn file(database: &Fresh, name: &str, text: &str) -> String {
    let path = database.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn export(database: &Fresh, url: &Url, name: &str) -> Vec<u8> {
    let path = database.folder().join(name);
    let done = answer(url, &["export", path.to_str().unwrap()]);
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(done["bytes"], bytes.len());
    bytes
}

fn total(report: &Value, column: &str) -> u64 {
    let kinds = report["kinds"].as_array().unwrap();
    kinds.iter().map(|kind| kind[column].as_u64().unwrap()).sum()
}

/// A database beside the given one, with a schema and no rows.
fn empty(database: &Fresh) -> Url {
    let url = Url::Sqlite(database.folder().join("empty.db"));
    answer(&url, &["migrate"]);
    url
}

fn company(number: u32, name: &str) -> Value {
    json!({"guid": format!("ba000000-0000-4000-8000-{number:012}"), "name": name,
           "primary_domain": format!("c{number}.example"), "type": "CURATED"})
}

on_both_databases! {
    async fn the_same_bundle_again_changes_nothing(database) {
        let path = file(database, "world.json", &world::bundle().to_string());
        let before = export(database, &database.url, "before.json");
        let again = answer(&database.url, &["import", &path]);
        assert_eq!((total(&again, "added"), total(&again, "changed")), (0, 0), "{again}");
        assert!(total(&again, "unchanged") > 30 && again["new_tokens"] == json!([]), "{again}");
        assert_eq!(export(database, &database.url, "after.json"), before);
    }

    async fn a_bundle_adds_then_changes_then_rests(database) {
        let rows = |name: &str| json!({"companies": [company(1, name), company(2, "Two")]}).to_string();
        for (text, counts) in [(rows("One"), [2, 0, 0]), (rows("Uno"), [0, 1, 1]), (rows("Uno"), [0, 0, 2])] {
            let report = answer(&database.url, &["import", &file(database, "two.json", &text)]);
            assert_eq!(["added", "changed", "unchanged"].map(|column| total(&report, column)), counts, "{report}");
        }
    }

    async fn a_wrong_row_leaves_everything_as_it_was(database) {
        let before = export(database, &database.url, "before.json");
        let mut wrong = company(2, "Two");
        wrong["guid"] = json!("nonsense");
        let text = json!({"companies": [company(1, "One"), wrong]}).to_string();
        let path = file(database, "wrong.json", &text);
        let refused = output(&database.url, &["import", &path]);
        assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
        let lines: Vec<_> = refused.err.lines().collect();
        assert!(lines[0].starts_with(&format!("{path}: /companies/1/guid: ")), "{lines:?}");
        assert_eq!(lines[1..], ["liaison: 1 problem found; nothing was written"]);
        for (name, text) in [
            ("typo.json", r#"{"companys": []}"#), ("half.json", r#"{"companies": [{"guid": "#), ("list.json", "[]"),
            ("empty.json", ""),
        ] {
            let refused = output(&database.url, &["import", &file(database, name, text)]);
            assert!(refused.code == Some(1) && refused.err.contains(name), "{name}: {refused:?}");
        }
        let missing = output(&database.url, &["import", "/nowhere/x.json"]);
        assert!(missing.refusal(1).contains("/nowhere/x.json"), "{missing:?}");
        assert_eq!(export(database, &database.url, "after.json"), before);
    }

    async fn a_check_writes_nothing(database) {
        let before = export(database, &database.url, "before.json");
        let path = file(database, "one.json", &json!({"companies": [company(1, "One")]}).to_string());
        assert_eq!(answer(&database.url, &["import", "--check", &path]), json!({"written": false, "file": path}));
        assert_eq!(export(database, &database.url, "after.json"), before);
    }

    async fn what_went_out_goes_in_and_comes_out_the_same(database) {
        let first = export(database, &database.url, "first.json");
        let bundle: Value = serde_json::from_slice(&first).unwrap();
        assert_eq!(bundle["customers"].as_array().unwrap().len(), 3);
        assert!(!String::from_utf8_lossy(&first).contains(world::CLIENT_ADMIN), "tokens are not in it");
        let other = empty(database);
        let path = database.folder().join("first.json");
        answer(&other, &["import", path.to_str().unwrap()]);
        assert!(export(database, &other, "second.json") == first, "the two exports differ");
    }

    async fn a_table_comes_as_csv_and_by_standard_input(database) {
        let guid = "ba000000-0000-4000-8000-000000000009";
        let csv = format!("guid,name,primary_domain,domains,type\n{guid},Nine,nine.example,nine.example 9.example,CURATED\n");
        let by_file = answer(&database.url, &["import", "companies", &file(database, "c.csv", &csv)]);
        assert_eq!(total(&by_file, "added"), 1);
        let import = ["import", "companies", "-", "--json"];
        let by_input = ended(&mut command(&database.url, &import), &csv).json();
        assert_eq!(total(&by_input, "unchanged"), 1);
        let odd = output(&database.url, &["import", "planets", "c.csv"]);
        assert!(odd.refusal(2).contains("there is no kind \"planets\"; the kinds are companies, "), "{odd:?}");
    }

    async fn a_token_without_a_value_is_made_and_shown_once(database) {
        let text = json!({"customers": [{"guid": world::CLIENT, "name": "Blue Seas International", "type": "Live",
            "api_tokens": [{"description": "made by import"}]}]}).to_string();
        let path = file(database, "token.json", &text);
        let report = answer(&database.url, &["import", &path]);
        let token = report["new_tokens"][0]["token"].as_str().unwrap().to_owned();
        assert!(token.len() >= 32, "{token}");
        let again = answer(&database.url, &["import", &path]);
        assert_eq!(again["new_tokens"], json!([]));
        let listed = answer(&database.url, &["token", "list", "--customer", world::CLIENT]);
        assert!(listed.to_string().contains("made by import") && !listed.to_string().contains(&token));
    }

    async fn an_export_is_whole_or_not_there(database) {
        let target: PathBuf = database.folder().join("nowhere").join("x.json");
        let refused = output(&database.url, &["export", target.to_str().unwrap()]);
        assert!(refused.refusal(1).contains("there is no folder"), "{refused:?}");
        let folder = output(&database.url, &["export", database.folder().to_str().unwrap()]);
        assert!(folder.refusal(1).contains("is a folder; name a file"), "{folder:?}");
        let printed = output(&database.url, &["export", "-"]);
        assert_eq!(printed.out.as_bytes(), export(database, &database.url, "x.json"));
    }
}
