//! `liaison outbox` against a served Liaison: tables, the server's own JSON, CSV, filters, numbers, one request.

use liaison_testkit::invitations::{documented, to_saperix, to_vera, with};
use liaison_testkit::{Shell, TestApp, Value, json, on_both, world};

const NOBODY: &str = "019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f";

fn emma(app: &TestApp) -> Shell {
    Shell::new(app.base(), world::CLIENT_ADMIN)
}

/// Text with the guids that the server made replaced.
fn plain(text: &str, guids: &[&str]) -> String {
    guids
        .iter()
        .fold(text.to_owned(), |text, guid| text.replace(guid, "[guid]"))
}

fn guids(text: &str) -> Vec<&str> {
    text.lines().collect()
}

on_both! {
    async fn a_table_for_people(app) {
        let shell = emma(app);
        let nothing = shell.out(&["outbox"]);
        assert!(nothing.contains("liaison invite COMPANY --to ADDRESS"), "{nothing}");
        let client = app.client(world::CLIENT_ADMIN);
        let first = client.invited(&documented()).await;
        app.clock.advance_days(1);
        let second = client.invited(&to_vera()).await;
        let table = shell.out(&["outbox"]);
        insta::assert_snapshot!(plain(&table, &[&first, &second]), @r"
        GUID                                  SENT         STATUS   COMPANY                   RECIPIENT                              REASON       ITEMS  NEXT
        [guid]  13 Nov 2026  Active   Black Hills Technologies  Vera Hill <vera@blackhills.com>        other            0  they are in; write to them
        [guid]  12 Nov 2026  Pending  Black Hills Technologies  Maria Castro <mcastro@blackhills.com>  remediation      2  can accept until 26 Nov 2026
        ");
        assert!(!table.contains('\u{1b}'), "no colour in a pipe");
    }

    async fn programs_get_what_the_server_says(app) {
        let (shell, client) = (emma(app), app.client(world::CLIENT_ADMIN));
        let first = client.invited(&documented()).await;
        let second = client.invited(&to_saperix("ann")).await;
        let answer = client.get("/ratings/v1/access-requests").await.text;
        assert_eq!(shell.out(&["outbox", "--json"]), format!("{answer}\n"), "byte for byte");
        let narrowed = shell.answer(&["outbox", "--since", "2026-11-12", "--limit", "1"]);
        assert_eq!(narrowed.as_array().unwrap().len(), 1);
        assert_eq!(narrowed[0], client.sent(narrowed[0]["guid"].as_str().unwrap()).await);
        let mut quiet = shell.out(&["outbox", "-q"]).lines().map(str::to_owned).collect::<Vec<_>>();
        quiet.sort_unstable();
        let mut both = vec![first.clone(), second.clone()];
        both.sort_unstable();
        assert_eq!(quiet, both);
        let csv = shell.out(&["outbox", "--csv", "--reason", "remediation"]);
        insta::assert_snapshot!(plain(&csv, &[&first]).replace("\r\n", "\n"), @r#"
        guid,status,created_time,email_sent_date,reason,requestee_company_guid,requestee_company_name,requestee_formal_name,requestee_email,requester_company_guid,requester_company_name,requester_formal_name,requester_email,read,can_resend_email,shared_observations_count,trial_duration,requestee_tos_date,resolved_date,resolved_by.formal_name,ccs,message,notes
        [guid],Pending,2026-11-12T09:00:00Z,2026-11-12,remediation,a5e23bf0-38d4-4cea-aa50-19ee75da481d,Black Hills Technologies,Maria Castro,mcastro@blackhills.com,b0000000-0000-4000-8000-000000000005,Blue Seas International,Emma Waters,emma@blueseas.com,false,false,2,45,,,,"risk@blueseas.com,legal@blueseas.com",Please look at these.,Chase in two weeks.
        "#);
    }

    async fn filters_are_those_of_the_server(app) {
        let (shell, client) = (emma(app), app.client(world::CLIENT_ADMIN));
        let hills = client.invited(&documented()).await;
        let saperix = client.invited(&to_saperix("ann")).await;
        app.clock.advance_days(3);
        let late = client.invited(&with(to_vera(), &json!({"reason": "validation"}))).await;
        let found = |arguments: &[&str]| {
            let shown = shell.out(&[&["outbox", "--quiet"][..], arguments].concat());
            let mut found: Vec<String> = guids(&shown).into_iter().map(str::to_owned).collect();
            found.sort_unstable();
            found
        };
        let expect = |wanted: &[&String]| {
            let mut wanted: Vec<String> = wanted.iter().map(|guid| (*guid).clone()).collect();
            wanted.sort_unstable();
            wanted
        };
        assert_eq!(found(&[]), expect(&[&hills, &saperix, &late]));
        assert_eq!(found(&["--status", "pending"]), expect(&[&hills, &saperix]));
        assert_eq!(found(&["--status", "Pending,Active"]), expect(&[&hills, &saperix, &late]));
        assert_eq!(found(&["--company", world::SAPERIX]), expect(&[&saperix]));
        assert_eq!(found(&["--reason", "validation,remediation"]), expect(&[&hills, &late]));
        assert_eq!(found(&["--folder", world::FOLDER]), expect(&[&saperix]));
        assert_eq!(found(&["--tier", world::TIER]), expect(&[&hills, &late]));
        assert_eq!(found(&["--tier", "critical"]), expect(&[&hills, &late]), "by its name");
        assert_eq!(found(&["--risk-vector", "dnssec"]), expect(&[&hills]));
        assert_eq!(found(&["--since", "2026-11-13"]), expect(&[&late]));
        assert_eq!(found(&["--since", "2026-11-16"]), expect(&[]));
        let limited = shell.run(&["outbox", "--limit", "2"]);
        assert_eq!(limited.out.lines().count(), 3, "{limited:?}");
        assert!(limited.out.contains(&late) && limited.err.contains("The newest 2; there are more"), "{limited:?}");
        let exact = shell.run(&["outbox", "--limit", "3"]);
        assert_eq!((exact.out.lines().count(), exact.err.as_str()), (4, ""));
        assert_eq!(shell.out(&["outbox", "--status", "never"]), "No request is like that.\n");
    }

    async fn in_numbers(app) {
        let (shell, client) = (emma(app), app.client(world::CLIENT_ADMIN));
        client.invited(&documented()).await;
        client.invited(&to_vera()).await;
        client.invited(&to_saperix("ann")).await;
        assert_eq!(shell.answer(&["outbox", "--counts"]), client.counts("").await);
        insta::assert_snapshot!(shell.out(&["outbox", "--counts"]), @r"
        Requests                       3
        Companies                      2
        Pending                        2
        Active                         1
        Never                          0
        Inactive                       0
        Resolved                       0
        Companies that can be invited  4
        of them invited                2
        ");
        insta::assert_snapshot!(shell.out(&["outbox", "--counts", "--by-company"]), @r"
        GUID                                  COMPANY                   TOTAL  PENDING  ACTIVE  NEVER  INACTIVE  RESOLVED  OTHER
        a5e23bf0-38d4-4cea-aa50-19ee75da481d  Black Hills Technologies      2        1       1      0         0         0      0
        b0000000-0000-4000-8000-000000000002  Saperix                       1        1       0      0         0         0      0
        ");
        let csv = shell.out(&["outbox", "--counts", "--csv", "--status", "Active"]);
        assert!(csv.starts_with("total,company_count,status.Pending") && csv.contains("\r\n1,1,0,1,"), "{csv}");
        assert_eq!(shell.answer(&["outbox", "--counts", "--since", "2026-11-13"])["total"], 0);
    }

    async fn one_request(app) {
        let (shell, client) = (emma(app), app.client(world::CLIENT_ADMIN));
        let guid = client.invited(&documented()).await;
        let page = shell.out(&["outbox", "show", &guid]);
        insta::assert_snapshot!(plain(&page, &[&guid]), @r"
        Guid           [guid]
        Status         Pending
        Next           This server sends no mail. Copy the link and give it to Maria Castro yourself.
        To             Maria Castro <mcastro@blackhills.com>
        of             Black Hills Technologies
        From           Emma Waters <emma@blueseas.com>
        of             Blue Seas International
        Reason         remediation
        Sent           12 Nov 2026, 09:00 UTC
        Last mail      12 Nov 2026, 09:00 UTC (kept)
        Messages       0
        Risk vectors   Botnet Infections (B), Open Ports (A), DNSSEC (F)
        Copies         risk@blueseas.com, legal@blueseas.com
        Third parties  Ada Auditor <auditor@auditors.example>
        Message        Please look at these.
        Notes          Chase in two weeks.

        ID                       RISK VECTOR  SEVERITY  GRADE  EVIDENCE          LAST SEEN
        5y0VClTF01xpYqIzaFI00==  Open Ports   material  BAD    203.0.113.x:3389  10 Nov 2026
        5y0VClTF01xpYqIzaFI07==  DNSSEC       material  BAD    blackhills.com    10 Nov 2026
        ");
        let own = client.get(&format!("/liaison/v1/access-requests/{guid}")).await;
        assert_eq!(shell.out(&["outbox", "show", &guid, "--json"]), format!("{}\n", own.text));
        let csv = shell.out(&["outbox", "show", &guid, "--csv"]);
        assert!(csv.contains("Chase in two weeks.") && csv.lines().count() == 2, "{csv}");
        let unknown = shell.run(&["outbox", "show", NOBODY]);
        assert!(unknown.refusal(1).contains("no request in the outbox has the guid"), "{unknown:?}");
        let vera = Shell::new(app.base(), world::VENDOR_ADMIN);
        let not_hers = vera.run(&["outbox", "show", &guid]);
        assert!(not_hers.refusal(1).contains("no request in the outbox"), "it is in her inbox: {not_hers:?}");
        let filtered = shell.run(&["outbox", "--status", "Active", "show", &guid]);
        assert!(filtered.refusal(2).contains("leave the filters out"), "{filtered:?}");
    }

    async fn what_others_write_moves_no_terminal_and_runs_nowhere(app) {
        let (shell, client) = (emma(app), app.client(world::CLIENT_ADMIN));
        let evil = json!({
            "requestee_formal_name": "=HYPERLINK(\"http://evil\")\u{1b}[31m\u{9b}2J\u{202e}\nSECOND ROW",
            "message": "@SUM(A1)\r\n\u{1b}]0;title\u{7}",
        });
        let guid = client.invited(&with(to_saperix("ann"), &evil)).await;
        for arguments in [vec!["outbox"], vec!["outbox", "show", &guid]] {
            let shown = shell.out(&arguments);
            assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}']), "{shown:?}");
            assert!(shown.contains("\\u{1b}[31m\\u{9b}2J"), "{shown:?}");
            assert!(!shown.contains("\nSECOND ROW"), "{shown:?}");
        }
        let csv = shell.out(&["outbox", "--csv"]);
        assert!(csv.contains("'=HYPERLINK") && csv.contains("\"'@SUM(A1)"), "{csv}");
        let json: Value = shell.answer(&["outbox"]);
        assert_eq!(json[0]["message"], client.sent(&guid).await["message"], "programs get it as it is");
    }
}

#[test]
fn wrong_flags_are_told() {
    let shell = Shell::new("http://127.0.0.1:1", "token-of-nobody-at-all");
    for (arguments, words) in [
        (vec!["outbox", "--status", "lost"], "Pending, Active"),
        (vec!["outbox", "--reason", "why"], "informational"),
        (vec!["outbox", "--since", "yesterday"], "write a date like 2026-11-01"),
        (vec!["outbox", "--limit", "0"], "0 is not in"),
        (vec!["outbox", "--csv", "--json"], "cannot be used with"),
        (vec!["outbox", "--csv", "--quiet"], "cannot be used with"),
        (vec!["outbox", "--counts", "--limit", "1"], "cannot be used with"),
        (vec!["outbox", "--by-company"], "--counts"),
        (vec!["outbox", "show", "blueseas"], "write all 36 characters"),
        (vec!["outbox", "--database", "sqlite:x.db"], "has no use for --database"),
        (vec!["--config", "x.toml", "inbox"], "has no use for --config"),
        (vec!["outbox", "--company", " "], "write a guid, a domain or a name"),
    ] {
        let ended = shell.run(&arguments);
        assert!(
            ended.code == Some(2) && ended.err.contains(words),
            "{arguments:?}: {ended:?}"
        );
    }
}
