//! Commands about accounts, beside a running server: what they answer to programs, what they refuse, and when it holds.

use liaison_testkit::databases::Fresh;
use liaison_testkit::invitations::to_saperix;
use liaison_testkit::process::{Process, answer, command, ended, free_port, output};
use liaison_testkit::{Client, Value, json, on_both_databases, world};

const NOBODY: &str = "019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f";
const INBOX: &str = "/ratings/v1/access-requests/received";

async fn serve(database: &Fresh) -> Process {
    Process::serve(&liaison_testkit::http(), &database.url, free_port(), &[]).await
}

fn client(process: &Process, token: &str) -> Client {
    Client::new(liaison_testkit::http(), &process.base, token)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// The keys of an answer, or of the first of many.
fn keys(value: &Value) -> Vec<&str> {
    let one = value.get(0).unwrap_or(value);
    one.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The line of a refusal.
fn refused(database: &Fresh, arguments: &[&str]) -> String {
    output(&database.url, arguments).refusal(1).to_owned()
}

on_both_databases! {
    async fn a_customer_is_made_and_shown(database) {
        let made = answer(&database.url, &["customer", "create", "--name", "Lumen Grid", "--trial-duration", "90"]);
        let guid = text(&made, "guid");
        assert_eq!((&made["name"], &made["trial_duration"], &made["is_active"]), (&json!("Lumen Grid"), &json!(90), &json!(true)));
        assert_eq!(answer(&database.url, &["customer", "show", guid]), made);
        let all = answer(&database.url, &["customer", "list"]);
        assert!(all.as_array().unwrap().contains(&made) && all.as_array().unwrap().len() == 4, "{all}");
        let page = output(&database.url, &["customer", "list"]);
        assert!(page.out.contains(guid) && page.out.contains("90 days"), "{}", page.out);
        assert!(refused(database, &["customer", "show", NOBODY]).contains("`liaison customer list` shows all"));
        for (arguments, words) in [
            (["--name", "  ", "--trial-duration", "30"], "name"),
            (["--name", "X", "--trial-duration", "366"], "trial_duration"),
        ] {
            let line = refused(database, &[&["customer", "create"][..], &arguments].concat());
            assert!(line.contains(words), "{line}");
        }
        let wrong = output(&database.url, &["customer", "show", "blueseas"]);
        assert!(wrong.code == Some(2) && wrong.err.contains("write all 36 characters"), "{wrong:?}");
    }

    async fn a_user_is_made_with_a_password(database) {
        let new = ["user", "create", "--customer", world::CLIENT, "--email", "nora@blueseas.com", "--name", "Nora New"];
        let role = ["--role", "customer_user", "--password-stdin", "--json"];
        let create = [&new[..], &role].concat();
        let short = ended(&mut command(&database.url, &create), "elevenchars\n");
        assert!(short.refusal(1).contains("12 to 256 characters"), "{short:?}");
        let made = ended(&mut command(&database.url, &create), "correct horse battery\n").json();
        assert_eq!((&made["friendly_name"], &made["role"]), (&json!("Nora"), &json!("customer_user")));
        assert_eq!((&made["has_password"], &made["status"]), (&json!(true), &json!("Activated")));
        let all = answer(&database.url, &["user", "list", "--customer", world::CLIENT]);
        assert!(all.as_array().unwrap().contains(&made), "{all}");
        assert!(!all.to_string().contains("argon2"), "no hash is shown");
        let again = refused(database, &new);
        assert!(again.contains("nora@blueseas.com") || again.contains("email"), "{again}");
        assert!(refused(database, &["user", "list", "--customer", NOBODY]).contains("no customer has the guid"));
        let odd = output(&database.url, &[&new[..], &["--role", "king"]].concat());
        assert!(odd.code == Some(2) && odd.err.contains("customer_portfolio_manager"), "{odd:?}");
        let unattended = output(&database.url, &[&new[..], &["--password"]].concat());
        assert!(unattended.refusal(2).contains("--password-stdin"), "{unattended:?}");
    }

    async fn a_token_lives_from_create_to_revoke(database) {
        let process = serve(database).await;
        let create = ["token", "create", "--customer", world::CLIENT, "--description", "ci"];
        let made = answer(&database.url, &create);
        let ci = client(&process, text(&made, "token"));
        let guid = ci.invited(&to_saperix("ann")).await;
        assert_eq!(ci.sent(&guid).await["requester_formal_name"], "Blue Seas", "a company token");
        let listed = answer(&database.url, &["token", "list", "--customer", world::CLIENT]);
        assert_eq!((text(&listed[0], "guid"), text(&listed[0], "description")), (text(&made, "guid"), "ci"));
        assert!(!listed.to_string().contains(text(&made, "token")), "it is shown once");
        answer(&database.url, &["token", "revoke", text(&made, "guid")]);
        assert_eq!(ci.get(INBOX).await.status, 401, "at once");
        let listed = answer(&database.url, &["token", "list", "--customer", world::CLIENT]);
        assert!(listed[0]["revoked_time"].is_string(), "{listed}");
        assert!(refused(database, &["token", "revoke", NOBODY]).contains("no token has the guid"));
        let stranger = [&create[..], &["--user", "nobody@blueseas.com"]].concat();
        assert!(refused(database, &stranger).contains("liaison user list"));
        assert_eq!(process.terminate(), Some(0));
    }

    async fn the_new_token_of_a_user_ends_the_old_one(database) {
        let process = serve(database).await;
        let create = ["token", "create", "--customer", world::CLIENT, "--description", "new", "--user", "rita@blueseas.com"];
        let made = answer(&database.url, &create);
        let rita = client(&process, text(&made, "token"));
        assert_eq!(rita.get(INBOX).await.status, 200);
        assert_eq!(rita.invite(&to_saperix("ann")).await.status, 403, "she reads");
        assert_eq!(client(&process, world::CLIENT_READER).get(INBOX).await.status, 401);
        assert_eq!(process.terminate(), Some(0));
    }

    async fn whoever_is_switched_off_is_refused_at_once(database) {
        let process = serve(database).await;
        let (emma, company) = (client(&process, world::CLIENT_ADMIN), client(&process, world::CLIENT_COMPANY));
        let statuses = async || (emma.get(INBOX).await.status, company.get(INBOX).await.status);
        assert_eq!(statuses().await, (200, 200));
        let user = ["--customer", world::CLIENT, "--email", "emma@blueseas.com"];
        let off = answer(&database.url, &[&["user", "disable"][..], &user].concat());
        assert_ne!(off["status"], "Activated");
        assert_eq!(statuses().await, (401, 200));
        answer(&database.url, &[&["user", "enable"][..], &user].concat());
        assert_eq!(statuses().await, (200, 200));
        assert_eq!(answer(&database.url, &["customer", "disable", world::CLIENT])["is_active"], false);
        assert_eq!(statuses().await, (401, 401));
        assert_eq!(client(&process, world::OTHER_ADMIN).get(INBOX).await.status, 200);
        assert_eq!(answer(&database.url, &["customer", "enable", world::CLIENT])["is_active"], true);
        assert_eq!(statuses().await, (200, 200));
        let stranger = ["user", "disable", "--customer", world::CLIENT, "--email", "nobody@blueseas.com"];
        assert!(refused(database, &stranger).contains("has no user nobody@blueseas.com"));
        assert!(refused(database, &["customer", "disable", NOBODY]).contains("no customer has the guid"));
        assert_eq!(process.terminate(), Some(0));
    }

    async fn mails_are_listed_and_narrowed(database) {
        let process = serve(database).await;
        let emma = client(&process, world::CLIENT_ADMIN);
        let first = emma.invited(&to_saperix("ann")).await;
        emma.invited(&to_saperix("bob")).await;
        let count = |arguments: &[&str]| {
            let listed = answer(&database.url, &[&["mail", "list"][..], arguments].concat());
            listed.as_array().unwrap().len()
        };
        assert_eq!((count(&[]), count(&["--limit", "3"]), count(&["--request", &first])), (4, 3, 2));
        assert_eq!((count(&["--state", "kept"]), count(&["--state", "failed"])), (4, 0));
        let limited = output(&database.url, &["mail", "list", "--limit", "3"]);
        assert!(limited.err.contains("there are more"), "{limited:?}");
        assert!(refused(database, &["mail", "show", NOBODY]).contains("no mail has the guid"));
        assert!(refused(database, &["mail", "retry", NOBODY]).contains("no mail has the guid"));
        let odd = output(&database.url, &["mail", "list", "--state", "lost"]);
        assert!(odd.code == Some(2) && odd.err.contains("queued"), "{odd:?}");
        assert_eq!(process.terminate(), Some(0));
    }

    async fn migrate_tells_what_is_missing(database) {
        assert_eq!(answer(&database.url, &["migrate", "--check"]), json!({"pending": []}));
        assert_eq!(answer(&database.url, &["migrate"]), json!({"applied": []}));
    }

    async fn answers_for_programs_keep_their_keys(database) {
        let process = serve(database).await;
        client(&process, world::CLIENT_ADMIN).invited(&to_saperix("ann")).await;
        for (arguments, wanted) in [
            (vec!["customer", "list"], "access_ends guid is_active my_company_guid name trial_duration type"),
            (
                vec!["user", "list", "--customer", world::CLIENT],
                "email formal_name friendly_name guid has_password is_collaboration_contact last_login role status tos_date",
            ),
            (
                vec!["token", "list", "--customer", world::CLIENT],
                "created_time description guid revoked_time token user_email user_guid",
            ),
            (
                vec!["mail", "list"],
                "attempts created_time customer_guid ended_time guid kind message_guid next_time recipient reply \
                 reply_code request_guid state subject",
            ),
            (vec!["doctor"], "advice check found state"),
        ] {
            let shown = answer(&database.url, &arguments);
            let mut found = keys(&shown);
            found.sort_unstable();
            assert_eq!(found.join(" "), wanted, "{arguments:?}");
        }
        assert_eq!(process.terminate(), Some(0));
    }
}

#[test]
fn looking_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = liaison_testkit::Url::Sqlite(folder.path().join("absent.db"));
    let check = ended(&mut command(&url, &["migrate", "--check", "--json"]), "");
    assert_eq!(check.code, Some(1));
    assert!(
        check.out.contains("\"pending\": [") && check.out.contains("start"),
        "{}",
        check.out
    );
    let doctor = ended(&mut command(&url, &["doctor", "--json"]), "");
    assert_eq!(doctor.code, Some(1));
    assert!(
        doctor.out.contains("\"fail\"") && doctor.out.contains("liaison migrate"),
        "{}",
        doctor.out
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_relay_can_be_tried_without_a_database() {
    let (sink, port) = liaison_testkit::smtp::Sink::start();
    let relay = format!("smtp://127.0.0.1:{port}");
    let try_it = |address: &str| {
        let mut command = std::process::Command::new(liaison_testkit::process::binary());
        let arguments = [
            "mail",
            "test",
            address,
            "--mail-from",
            "l@l.example",
            "--smtp",
            &relay,
            "--json",
        ];
        ended(command.env_clear().args(arguments), "")
    };
    assert_eq!(try_it("me@l.example").json()["accepted"], true);
    assert_eq!(sink.arrived()[0].recipient, "me@l.example");
    sink.answer("you@l.example", "550 5.7.1 not you");
    let refused = try_it("you@l.example");
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.out.contains("not you") && refused.err.contains("--mail-from"),
        "{refused:?}"
    );
    assert_eq!(
        try_it("nonsense").refusal(2),
        "liaison: nonsense is not an e-mail address"
    );
}
