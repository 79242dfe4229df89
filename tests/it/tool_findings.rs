//! Findings from the files of open tools, as commands: once, again, by a newer run, and from files that nobody should trust.

use liaison_testkit::databases::Fresh;
use liaison_testkit::invitations::{to_saperix, with};
use liaison_testkit::process::{Ended, Process, answer, command, ended, free_port, output};
use liaison_testkit::{Client, Value, json, on_both_databases, world};

fn sample(name: &str) -> String {
    format!("{}/../docs/examples/findings/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn file(database: &Fresh, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = database.folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

const FOR_SAPERIX: [&str; 4] = ["import", "findings", "--company", "saperix.example"];

fn import(database: &Fresh, format: &str, path: &str, rest: &[&str]) -> Value {
    let arguments = [&FOR_SAPERIX[..], &["--format", format, path], rest].concat();
    answer(&database.url, &arguments)
}

fn refused(database: &Fresh, format: &str, path: &str) -> Ended {
    let ended = output(&database.url, &[&FOR_SAPERIX[..], &["--format", format, path]].concat());
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{ended:?}");
    ended
}

/// Added, changed and unchanged in all.
fn totals(report: &Value) -> [u64; 3] {
    let vectors = report["vectors"].as_array().unwrap();
    ["added", "changed", "unchanged"].map(|column| vectors.iter().map(|vector| vector[column].as_u64().unwrap()).sum())
}

fn vectors(report: &Value) -> String {
    let vectors = report["vectors"].as_array().unwrap().iter();
    vectors
        .map(|vector| vector["risk_vector"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The findings of Saperix that a query leaves, as the first client sees them.
async fn findings(database: &Fresh, query: &str) -> Vec<Value> {
    let process = Process::serve(&liaison_testkit::http(), &database.url, free_port(), &[]).await;
    let emma = Client::new(liaison_testkit::http(), &process.base, world::CLIENT_ADMIN);
    let reply = emma
        .get(&format!("/ratings/v1/companies/{}/findings?{query}", world::SAPERIX))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(process.terminate(), Some(0));
    reply.json["results"].as_array().unwrap().clone()
}

on_both_databases! {
    async fn every_sample_is_imported_once(database) {
        for (format, name, rest, found) in [
            ("testssl", "testssl.json", &[][..], "application_security ssl_certificates ssl_configurations"),
            ("nuclei", "nuclei.jsonl", &[], "application_security dmarc open_ports patching_cadence"),
            ("sarif", "sarif.json", &[], "application_security patching_cadence web_appsec"),
            ("csv", "findings.csv", &["--map", "Plugin=rule,Host=location,Risk=severity"], "open_ports patching_cadence spf"),
        ] {
            let trial = import(database, format, &sample(name), &[rest, &["--dry-run"]].concat());
            let first = import(database, format, &sample(name), rest);
            assert_eq!((&trial["written"], &first["written"]), (&json!(false), &json!(true)), "{name}");
            assert_eq!((trial["vectors"].clone(), vectors(&first).as_str()), (first["vectors"].clone(), found), "{name}");
            assert_eq!(totals(&first)[1..], [0, 0], "{name}");
            let again = import(database, format, &sample(name), rest);
            assert_eq!(totals(&again), [0, 0, totals(&first)[0]], "{name}");
        }
        // The nested form of the same run says the same of the same place.
        let nested = import(database, "testssl", &sample("testssl-pretty.json"), &[]);
        assert_eq!((totals(&nested), &nested["passed_over"]), ([0, 0, 4], &json!(1)), "{nested}");
    }

    async fn a_newer_run_moves_the_last_day_and_an_older_one_the_first(database) {
        let run = |day: &str| {
            let text = std::fs::read_to_string(sample("nuclei.jsonl")).unwrap().replace("2026-11-10", day);
            file(database, &format!("{day}.jsonl"), text)
        };
        assert_eq!(totals(&import(database, "nuclei", &run("2026-11-10"), &[])), [5, 0, 0]);
        let before = findings(database, "risk_vector=patching_cadence").await;
        assert_eq!(totals(&import(database, "nuclei", &run("2026-11-20"), &[])), [0, 5, 0]);
        assert_eq!(totals(&import(database, "nuclei", &run("2026-10-01"), &[])), [0, 5, 0]);
        assert_eq!(totals(&import(database, "nuclei", &run("2026-11-10"), &["--dry-run"])), [0, 0, 5]);
        let after = findings(database, "risk_vector=patching_cadence").await;
        assert_eq!((&after[0]["first_seen"], &after[0]["last_seen"]), (&json!("2026-10-01"), &json!("2026-11-20")));
        assert_eq!(before[0]["rolledup_observation_id"], after[0]["rolledup_observation_id"]);
        assert_eq!(after.len(), 1);
    }

    async fn what_was_imported_is_read_and_can_be_talked_about(database) {
        import(database, "nuclei", &sample("nuclei.jsonl"), &[]);
        let found = findings(database, "vulnerabilities=CVE-2021-44228").await;
        assert_eq!(found.len(), 1);
        let finding = &found[0];
        assert_eq!((&finding["severity"], &finding["severity_category"]), (&json!(10.0), &json!("severe")));
        assert_eq!(finding["evidence_key"], "https://app.blackhills.com/login", "without the query");
        assert_eq!((&finding["details"]["grade"], &finding["details"]["tool"]), (&json!("BAD"), &json!("nuclei")));
        assert_eq!(finding["remediation"][0]["remediation_tip"], "Update the logger.");
        assert_eq!(findings(database, "assets.asset=198.51.100.x").await[0]["evidence_key"], "198.51.100.x:3389");
        let process = Process::serve(&liaison_testkit::http(), &database.url, free_port(), &[]).await;
        let emma = Client::new(liaison_testkit::http(), &process.base, world::CLIENT_ADMIN);
        let id = finding["rolledup_observation_id"].as_str().unwrap();
        let guid = emma.invited(&with(to_saperix("ann"), &json!({"rolledup_observation_ids": [id]}))).await;
        assert_eq!(emma.sent(&guid).await["shared_observations_count"], 1);
        assert_eq!(process.terminate(), Some(0));
    }

    async fn hostile_files_are_named_and_write_nothing(database) {
        let deep = format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        let entry = |rest: &str| format!("{{\"template-id\":\"x\",\"info\":{{\"severity\":\"low\"}},\"matched-at\":\"a.example\"{rest}}}\n");
        let good = entry("");
        for (format, name, bytes, place) in [
            ("nuclei", "empty", Vec::new(), ": is empty"),
            ("nuclei", "blank", b" \n".to_vec(), ": is empty"),
            ("sarif", "binary", vec![0, 159, 146, 150], ": is not UTF-8 text"),
            ("nuclei", "text", b"hello".to_vec(), ": line 1: "),
            ("nuclei", "deep", deep.clone().into_bytes(), ": "),
            ("nuclei", "half", format!("{good}{{\"template-id\":").into_bytes(), ": line 2: "),
            ("nuclei", "number", format!("{good}\n\n{{\"template-id\": 5}}").into_bytes(), ": line 4, template-id: "),
            ("nuclei", "severity", format!("[{},{}]", good.trim(), good.trim().replace("low", "bad")).into_bytes(), ": /1: info/severity"),
            ("nuclei", "nul", entry(",\"matcher-name\":\"\\u0000\"").into_bytes(), ": line 1: template-id: must not contain NUL"),
            ("nuclei", "time", entry(",\"timestamp\":\"soon\"").into_bytes(), ": line 1: timestamp "),
            ("nuclei", "huge", entry(&format!(",\"matcher-name\":\"{}\"", "y".repeat(5_000_000))).into_bytes(), "at most 1024"),
            ("sarif", "no-runs", b"{}".to_vec(), ": missing field `runs`"),
            ("sarif", "wrong", br#"{"runs":[{"tool":{"driver":{}},"results":[{"ruleId":"a"},{"ruleId":7}]}]}"#.to_vec(), ": /runs/0/results/1/ruleId: "),
            ("sarif", "level", br#"{"runs":[{"tool":{"driver":{}},"results":[{"ruleId":"a","level":"loud"}]}]}"#.to_vec(), ": /runs/0/results/0: level "),
            ("testssl", "odd", br#"[{"id":"TLS1","severity":"SOME","ip":"a.example","port":"443"}]"#.to_vec(), ": /0: severity "),
            ("testssl", "nested", br#"{"scanResult":[{"ip":"a.example","port":"443","protocols":[{"id":1}]}]}"#.to_vec(), ": /scanResult/0/protocols/0/id: "),
            ("csv", "columns", b"a,b\n1,2\n".to_vec(), ": line 1: no column for risk_vector, rule, location; the file has a, b: say --map THEIRS=risk_vector"),
            ("csv", "vector", b"risk_vector,rule,location\nspf,a,b.example\nmoon,a,b.example\n".to_vec(), ": line 3: column risk_vector: "),
            ("csv", "days", b"risk_vector,rule,location,first_seen,last_seen\nspf,a,b.example,2026-02-02,2026-02-01\n".to_vec(), ": line 2: column first_seen: "),
        ] {
            let path = file(database, name, bytes);
            let ended = refused(database, format, &path);
            assert!(ended.err.contains(&format!("{path}{place}")) || ended.err.contains(place), "{name}: {}", ended.err);
            assert!(ended.err.ends_with("found; nothing was written\n") && ended.err.len() < 10_000, "{name}: {}", ended.err);
        }
        assert_eq!(findings(database, "").await.len(), 1, "the one of the sample world");
    }

    async fn the_command_line_says_what_is_missing(database) {
        let nuclei = sample("nuclei.jsonl");
        let run = |arguments: &[&str]| output(&database.url, &[&["import"][..], arguments].concat());
        let nowhere = run(&["findings", "--company", "nowhere.example", "--format", "nuclei", &nuclei]);
        assert!(nowhere.refusal(1).contains("no company has the domain nowhere.example"), "{nowhere:?}");
        let nobody = run(&["findings", "--company", "b0000000-0000-4000-8000-00000000ffff", "--format", "nuclei", &nuclei]);
        assert!(nobody.refusal(1).contains("no company has the guid"), "{nobody:?}");
        let wrong = run(&["companies", "--company", "saperix.example", "--format", "nuclei", &nuclei]);
        assert!(wrong.refusal(2).contains("--format is for findings"), "{wrong:?}");
        let odd = run(&["findings", "--company", "saperix.example", "--format", "nessus", &nuclei]);
        assert!(odd.code == Some(2) && odd.err.contains("sarif, nuclei, testssl and csv"), "{odd:?}");
        let alone = run(&["findings", "--format", "nuclei", &nuclei]);
        assert!(alone.code == Some(2) && alone.err.contains("--company"), "{alone:?}");
        let map = run(&["findings", "--company", "saperix.example", "--format", "csv", "--map", "a=b", &sample("findings.csv")]);
        assert!(map.code == Some(1) && map.err.contains("is not a column that is read"), "{map:?}");
        let piped = [&FOR_SAPERIX[..], &["--format", "nuclei", "-", "--json"]].concat();
        let piped = ended(&mut command(&database.url, &piped), &std::fs::read_to_string(&nuclei).unwrap()).json();
        assert_eq!((totals(&piped), &piped["passed_over"]), ([5, 0, 0], &json!(1)));
        let table = output(&database.url, &[&FOR_SAPERIX[..], &["--format", "nuclei", &nuclei]].concat());
        assert!(table.out.contains("open_ports") && table.out.contains("1 passed over"), "{}", table.out);
    }
}
