//! Client commands against servers that are not Liaison, not there, or not well.

use std::time::Duration;

use liaison_testkit::fake::{self, Asked, Fake, Say};
use liaison_testkit::{Shell, Value, json, world};

const GUID: &str = "019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f";
const TOKEN: &str = "token-that-nobody-may-see";

fn shell(server: &Fake) -> Shell {
    Shell::new(&server.url, TOKEN)
}

fn row(guid: &str, created: &str) -> Value {
    json!({"guid": guid, "status": "Pending", "created_time": created, "requestee_email": "ann@saperix.example",
           "requestee_company_name": "Saperix"})
}

/// Another server that speaks the documented API and nothing else.
async fn documented() -> Fake {
    Fake::start(|asked| match asked.path.as_str() {
        "/ratings/v1/access-requests" => fake::json(
            200,
            &json!([row("a", "2026-11-02T00:00:00Z"), row(GUID, "2026-11-03T00:00:00Z")]),
        ),
        "/ratings/v1/companies/validate-recipient-emails" => fake::json(200, &verdict(asked)),
        _ => fake::json(404, &json!({"detail": "Not found."})),
    })
    .await
}

fn verdict(asked: &Asked) -> Value {
    let is_valid = asked.body.contains("ann@saperix.example");
    let words = (!is_valid).then_some("Email is unrelated to this company");
    json!({"email_validations": [{"company_guid": world::SAPERIX, "email": "x", "email_valid": is_valid,
                                  "error_message": words}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_liaison_has_is_said_to_be_missing() {
    let server = documented().await;
    let shell = shell(&server);
    let listed = shell.out(&["outbox", "--quiet"]);
    assert_eq!(listed, format!("{GUID}\na\n"), "newest first, whatever the server does");
    let page = shell.out(&["outbox", "show", GUID]);
    assert!(
        page.contains("has not accepted yet") && page.contains("Saperix"),
        "{page}"
    );
    assert_eq!(
        shell.answer(&["outbox", "show", GUID]),
        row(GUID, "2026-11-03T00:00:00Z")
    );
    for (arguments, words) in [
        (
            vec!["messages", GUID],
            "this server cannot show messages: that is Liaison's own addition",
        ),
        (
            vec!["messages", GUID, "--post", "x"],
            "this server cannot show messages",
        ),
        (vec!["messages", GUID, "--follow"], "this server cannot show messages"),
        (vec!["resend", GUID], "this server cannot send a request again"),
        (vec!["company", "Saperix"], "give the guid of the company instead"),
        (vec!["outbox", "--folder", "EU"], "give the guid of the folder instead"),
        (vec!["outbox", "show", world::SAPERIX], "no request in the outbox"),
        (vec!["findings", world::SAPERIX], "there is no such company"),
    ] {
        let refused = shell.run(&arguments);
        assert!(refused.refusal(1).contains(words), "{arguments:?}: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_asks_what_there_is_to_ask() {
    let server = documented().await;
    let shell = shell(&server);
    let try_it = |email: &str| shell.run(&["invite", world::SAPERIX, "--to", email, "--name", "Ann", "--dry-run"]);
    let good = try_it("ann@saperix.example");
    assert!(good.code == Some(0) && good.out.contains("can be invited"), "{good:?}");
    let bad = try_it("ann@elsewhere.example");
    assert_eq!((bad.code, bad.err.as_str()), (Some(1), ""));
    assert!(
        bad.out
            .contains("cannot be invited: Email is unrelated to this company"),
        "{bad:?}"
    );
    let nobody = shell.run(&["invite", world::SAPERIX, "--dry-run"]);
    assert!(nobody.refusal(1).contains("no address to check"), "{nobody:?}");
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.path != "/ratings/v1/access-requests"),
        "nothing was sent"
    );
}

/// One line on standard error, exit code 1, and never the token.
async fn told(answer: impl Fn() -> Vec<Say> + Send + Sync + 'static) -> String {
    let server = Fake::start(move |_| answer()).await;
    let ended = shell(&server).run(&["outbox"]);
    assert!(!ended.err.contains(TOKEN), "{ended:?}");
    ended.refusal(1).replace(&server.url, "[server]")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_says_what_to_do() {
    let detail = |text: &'static str| json!({"detail": text});
    let all = [
        told(move || fake::json(401, &detail("Invalid token."))).await,
        told(move || fake::json(403, &detail("You do not have permission to perform this action."))).await,
        told(|| fake::html(403)).await,
        told(|| fake::html(200)).await,
        told(move || fake::json(404, &detail("Not found."))).await,
        told(|| fake::answer(429, &[("retry-after", "3600")], "{\"detail\": \"Throttled.\"}")).await,
        told(|| fake::answer(301, &[("location", "https://elsewhere.example/x")], "")).await,
        told(|| fake::json(200, &json!({"results": []}))).await,
        told(|| fake::json(200, &json!("outbox"))).await,
        told(|| fake::answer(400, &[], "{\"errors\": [{\"detail\": \"Too \\u001b[31mlong.\"}]}")).await,
        told(|| vec![Say::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[".to_vec())]).await,
        told(|| fake::json(500, &Value::Null)).await,
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    liaison: [server] refuses the token in LIAISON_TOKEN (Invalid token.): it was revoked, or it is of another server; something in front of the API may have said so
    liaison: the token in LIAISON_TOKEN does not allow it: You do not have permission to perform this action.
    liaison: [server]: status 403 with a web page in place of JSON (Attention Required!): a proxy or firewall in front of the API answered, or this is not the API's address; ask whoever runs it to let this machine through, or check the address
    liaison: [server]: status 200 with a web page in place of JSON (Attention Required!): a proxy or firewall in front of the API answered, or this is not the API's address; ask whoever runs it to let this machine through, or check the address
    liaison: [server]: not found: /v1/access-requests (Not found.)
    liaison: [server] asks to wait 3600 s, then try again: Throttled.
    liaison: [server]: the server leads to https://elsewhere.example/x; nothing was sent there. Name that address if it is the right one
    liaison: the server answered with something that is no list of access requests
    liaison: the server answered with something that is no list of access requests
    liaison: Too \u{1b}[31mlong.
    liaison: [server]: the answer ends in the middle: /v1/access-requests (1 bytes came; error decoding response body: request or response body error: error reading a body from connection: end of file before message length reached)
    liaison: [server]: the server failed (status 500), tried 3 times: the server gives no reason
    ");
}

#[test]
fn a_server_that_is_not_there() {
    let shell = Shell::new("http://127.0.0.1:1", TOKEN);
    let refused = shell.run(&["inbox"]);
    assert!(
        refused.refusal(1).contains("no connection to http://127.0.0.1:1"),
        "{refused:?}"
    );
    let plain = shell.run(&["inbox", "--server", "http://liaison.example.com"]);
    assert!(plain.refusal(2).contains("--allow-http"), "{plain:?}");
    let unset = Shell::new("http://127.0.0.1:1", "").run(&["inbox"]);
    assert!(unset.refusal(2).contains("LIAISON_TOKEN"), "{unset:?}");
    let odd = Shell::new("http://127.0.0.1:1", "two words").run(&["inbox"]);
    assert!(
        odd.refusal(2).contains("no spaces") && !odd.err.contains("two words"),
        "{odd:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prefix_is_kept_and_the_own_api_stands_beside_it() {
    let server = documented().await;
    for (address, paths) in [
        ("", ["/liaison/v1", "/ratings/v1"]),
        ("/ratings/v1", ["/liaison/v1", "/ratings/v1"]),
        ("/v1/", ["/liaison/v1", "/v1"]),
        ("/tools/ratings", ["/tools/liaison/v1", "/tools/ratings/v1"]),
    ] {
        let before = server.asked().len();
        Shell::new(&format!("{}{address}", server.url), TOKEN).run(&["outbox", "show", GUID]);
        let asked = server.asked();
        let asked: Vec<&str> = asked[before..]
            .iter()
            .map(|asked| asked.path.split("/access").next().unwrap())
            .collect();
        assert_eq!(asked, paths, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_goes_on_where_it_was() {
    let event = |id: i64| {
        format!("id: {id}\nevent: message\ndata: {{\"id\":\"m{id}\",\"body\":\"{id}\",\"revision\":{id}}}\n\n")
    };
    let server = Fake::start(
        move |asked| match (asked.path.rsplit('/').next(), asked.number("after")) {
            (Some("messages"), _) => fake::json(
                200,
                &json!({"results": [{"id": "m1", "body": "1", "revision": 1}], "next": null}),
            ),
            (_, Some(after)) if after < 3 => {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n: hello\n\n";
                vec![
                    Say::Bytes(format!("{head}{}", event(i64::try_from(after).unwrap() + 1)).into_bytes()),
                    Say::Pause(Duration::from_millis(20)),
                ]
            }
            _ => fake::json(
                403,
                &json!({"detail": "You do not have permission to perform this action."}),
            ),
        },
    )
    .await;
    let ended = shell(&server).run(&["messages", GUID, "--follow", "--json"]);
    let shown: Vec<Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let bodies: Vec<&str> = shown.iter().map(|message| message["body"].as_str().unwrap()).collect();
    assert_eq!(bodies, ["1", "2", "3"], "{ended:?}");
    assert!(
        ended.code == Some(1) && ended.err.contains("does not allow it"),
        "{ended:?}"
    );
}
