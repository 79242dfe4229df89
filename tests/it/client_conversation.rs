//! A client and a vendor who use nothing but commands: from the invitation to its end.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use liaison_testkit::domain::ids;
use liaison_testkit::invitations::{to_saperix, to_vera};
use liaison_testkit::operations::access_links::Ask;
use liaison_testkit::{Shell, TestApp, Value, json, on_both, world};

const NOBODY: &str = "019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f";

fn shells(app: &TestApp) -> (Shell, Shell) {
    (
        Shell::new(app.base(), world::CLIENT_ADMIN),
        Shell::new(app.base(), world::VENDOR_ADMIN),
    )
}

/// Somebody of Saperix asks to be let in through a link.
async fn asks(app: &TestApp, link: &str, name: &str) {
    let ask = Ask {
        link_guid: ids::parse_guid(link).unwrap(),
        formal_name: format!("{name} Perry"),
        email: format!("{name}@saperix.example"),
        phone: String::new(),
        message: String::new(),
        company_name: "Saperix".to_owned(),
    };
    app.app().ask(ask).await.unwrap();
}

on_both! {
    async fn a_whole_conversation(app) {
        let (emma, _) = shells(app);
        let invited = emma.out(&["invite", world::SAPERIX, "--to", "ann@saperix.example", "--name", "Ann Perry",
            "--message", "Port 3389 is open.", "--quiet"]);
        let guid = invited.trim();
        app.accepted(&app.activation_for("ann@saperix.example").await.link_token(), "Ann Perry").await;
        let token = app.guest_token("ann@saperix.example").await;
        let ann = Shell::new(app.base(), &token);
        assert_eq!(ann.out(&["inbox", "--unread", "--quiet"]).trim(), guid);
        ann.out(&["inbox", "show", guid, "--read"]);
        assert!(ann.out(&["messages", guid]).contains("Nobody has written yet"));
        assert_eq!(ann.out(&["messages", guid, "--post", "Which host?"]), "Posted.\n");
        app.clock.advance(Duration::from_secs(60));
        let posted = emma.fed(&["messages", guid, "--post", "-", "--json"], "mail.saperix.example\r\nSee you.\n").json();
        assert_eq!(posted["body"], "mail.saperix.example\nSee you.");
        let thread = ann.out(&["messages", guid]);
        insta::assert_snapshot!(thread, @r"
        Ann Perry, Saperix, 12 Nov 2026, 09:00 UTC
          Which host?

        Emma Waters, Blue Seas International, 12 Nov 2026, 09:01 UTC
          mail.saperix.example
          See you.
        ");
        let json = emma.answer(&["messages", guid]);
        assert_eq!((json["results"].as_array().unwrap().len(), &json["next"]), (2, &Value::Null));
        let csv = emma.out(&["messages", guid, "--csv"]);
        assert!(csv.starts_with("id,created_time,side,author.name") && csv.contains("vendor,Ann Perry,Saperix,Which host?"), "{csv}");
        let closed = emma.out(&["resolve", guid]);
        assert_eq!(closed, format!("{guid} to Ann Perry <ann@saperix.example> of Saperix is Resolved.\n"));
        let late = ann.run(&["messages", guid, "--post", "One more thing."]);
        assert_eq!(late.code, Some(1), "{late:?}");
        assert!(ann.out(&["inbox"]).contains("Resolved"));
        let shown = emma.out(&["outbox", "show", guid]);
        assert!(shown.contains("Closed on 12 Nov 2026, 09:01 UTC. Nothing is left to do."), "{shown}");
    }

    async fn a_thread_is_followed(app) {
        let (emma, vera) = shells(app);
        let guid = app.client(world::CLIENT_ADMIN).invited(&to_vera()).await;
        emma.out(&["messages", &guid, "--post", "Before."]);
        let mut child = vera.command(&["messages", &guid, "--follow", "--json"])
            .stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let (line, lines) = mpsc::channel();
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|text| line.send(text)));
        let next = || -> Value { serde_json::from_str(&lines.recv_timeout(Duration::from_secs(60)).unwrap()).unwrap() };
        assert_eq!(next()["body"], "Before.");
        emma.out(&["messages", &guid, "--post", "While she watches."]);
        let message = next();
        assert_eq!((&message["body"], &message["mine"]), (&json!("While she watches."), &json!(false)));
        vera.out(&["messages", &guid, "--post", "Hers."]);
        assert_eq!(next()["mine"], true);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    async fn many_are_closed_at_once(app) {
        let (emma, vera) = shells(app);
        let client = app.client(world::CLIENT_ADMIN);
        let (one, two) = (client.invited(&to_saperix("ann")).await, client.invited(&to_vera()).await);
        let mixed = emma.run(&["resolve", &one, NOBODY, &two]);
        assert_eq!(mixed.code, Some(1), "one was not there: {mixed:?}");
        insta::assert_snapshot!(mixed.out, @r"
        2 requests Resolved.
        Not changed: 1 request.

         GUID                                  WHY
         019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f  Unable to update status.
        ");
        assert_eq!(client.sent(&two).await["status"], "Resolved");
        let again = emma.answer(&["resolve", &one, &two]);
        assert_eq!(again["not_modified"], json!([]), "closing what is closed is no failure");
        let csv = emma.run(&["resolve", &one, NOBODY, "--csv"]);
        assert!(csv.out.starts_with("guid,status,message\r\n") && csv.out.lines().count() == 3, "{csv:?}");
        let approved = emma.run(&["resolve", &one, "--approve"]);
        assert_eq!(approved.code, Some(1), "{approved:?}");
        assert!(emma.run(&["resolve", NOBODY]).refusal(1).contains("no request in the outbox has the guid"));
        assert!(vera.run(&["resolve", &two]).refusal(1).contains("no request in the outbox"), "only the sender closes");
    }

    async fn people_who_ask_are_let_in_or_turned_down(app) {
        let (emma, _) = shells(app);
        let link = app.client(world::CLIENT_ADMIN).post("/ratings/v1/client-access-links", &json!({"name": "L"})).await;
        let link = link.json["guid"].as_str().unwrap().to_owned();
        for name in ["ann", "bob"] {
            asks(app, &link, name).await;
        }
        let asking = emma.out(&["outbox", "--status", "requested", "--quiet"]);
        let guids: Vec<&str> = asking.lines().collect();
        assert!(emma.out(&["resolve", guids[0], "--approve"]).contains(" is Pending."));
        assert!(emma.out(&["resolve", guids[1], "--status", "rejected"]).contains(" is Rejected."));
    }

    async fn a_link_is_sent_again(app) {
        let (emma, _) = shells(app);
        let client = app.client(world::CLIENT_ADMIN);
        let (ann, vera) = (client.invited(&to_saperix("ann")).await, client.invited(&to_vera()).await);
        let soon = emma.run(&["resend", &ann]);
        assert!(soon.refusal(1).contains("asks to wait 300 s"), "{soon:?}");
        app.clock.advance_days(15);
        assert_eq!(emma.out(&["resend", &ann]), "A new link goes to ann Perry <ann@saperix.example> of Saperix.\n");
        app.clock.advance_days(15);
        let mixed = emma.run(&["resend", &ann, &vera, NOBODY]);
        assert_eq!((mixed.code, mixed.out.lines().count()), (Some(1), 1), "{mixed:?}");
        assert!(mixed.err.contains(&format!("liaison: {vera}: ")) && mixed.err.contains(NOBODY), "{mixed:?}");
        app.clock.advance_days(15);
        assert_eq!(emma.answer(&["resend", &ann])["guid"], ann);
        assert!(emma.run(&["resend", NOBODY]).refusal(1).contains("no request in the outbox has the guid"));
    }
}

#[test]
fn wrong_flags_are_told() {
    let shell = Shell::new("http://127.0.0.1:1", "token-of-nobody-at-all");
    for (arguments, words) in [
        (vec!["resolve"], "<GUID>"),
        (vec!["resolve", "all"], "write all 36 characters"),
        (vec!["resolve", NOBODY, "--approve", "--reject"], "cannot be used with"),
        (vec!["resolve", NOBODY, "--status", "Active"], "invalid value"),
        (
            vec!["resolve", NOBODY, "--reject", "--status", "Resolved"],
            "cannot be used with",
        ),
        (vec!["resend"], "<GUID>"),
        (vec!["resend", "x"], "write all 36 characters"),
        (vec!["messages"], "<GUID>"),
        (vec!["messages", NOBODY, "--follow", "--csv"], "cannot be used with"),
        (vec!["messages", NOBODY, "--post", "  "], "write something"),
        (
            vec!["messages", NOBODY, "--post", "@/nonexistent/text"],
            "/nonexistent/text",
        ),
    ] {
        let ended = shell.run(&arguments);
        assert!(
            ended.code == Some(2) && ended.err.contains(words),
            "{arguments:?}: {ended:?}"
        );
    }
}
