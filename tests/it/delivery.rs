//! Mail on its way: from the call that causes it, through a relay, to the link that is accepted.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use liaison_testkit::browser::{Browser, hidden_token};
use liaison_testkit::databases::Fresh;
use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera};
use liaison_testkit::process::{Process, answer, eventually, free_port, output};
use liaison_testkit::smtp::{Arrived, Sink};
use liaison_testkit::{Client, Reply, TestApp, Value, json, on_both, on_both_databases, reply, world};

const SENDER: &str = "liaison@liaison.test";
const ANN: &str = "ann@saperix.example";

async fn serve(database: &Fresh, relay: Option<u16>) -> (Process, Client) {
    let http = liaison_testkit::http();
    let smtp = format!("smtp://127.0.0.1:{}", relay.unwrap_or_default());
    let mut arguments = vec!["--mail-from", "Liaison <liaison@liaison.test>"];
    if relay.is_some() {
        arguments.extend(["--smtp", &smtp]);
    }
    let process = Process::serve(&http, &database.url, free_port(), &arguments).await;
    let client = Client::new(http, &process.base, world::CLIENT_ADMIN);
    (process, client)
}

async fn arrived(sink: &Sink, count: usize) -> Vec<Arrived> {
    let all = async || Some(sink.arrived()).filter(|mails| mails.len() >= count);
    let mails = eventually("mails arrive", all).await;
    assert_eq!(mails.len(), count, "{mails:?}");
    mails
}

async fn activation(sink: &Sink) -> Arrived {
    let find = async || sink.arrived().into_iter().find(|mail| mail.link().is_some());
    eventually("the activation mail arrives", find).await
}

/// The deliveries that `mail list` shows in a state, once there are so many.
async fn listed(database: &Fresh, state: &str, count: usize) -> Vec<Value> {
    let list = async || {
        let mails = answer(&database.url, &["mail", "list", "--state", state]);
        let mails = mails.as_array().unwrap().clone();
        (mails.len() == count).then_some(mails)
    };
    eventually(&format!("{count} mails are {state}"), list).await
}

fn shown(database: &Fresh, mail: &Value) -> Value {
    answer(&database.url, &["mail", "show", mail["guid"].as_str().unwrap()])
}

async fn accept(link: &str) -> Reply {
    let (base, token) = link.split_once("/i/").unwrap();
    let path = format!("/i/{token}");
    let browser = Browser::new(liaison_testkit::http(), base);
    let page = browser.get(&path).await;
    let hidden = hidden_token(&page.text).unwrap_or_default();
    let fields = [
        ("form_token", hidden.as_str()),
        ("formal_name", "Ann Perry"),
        ("password", "correct horse battery"),
        ("terms", "accepted"),
    ];
    browser.post(&path, &fields).await
}

on_both_databases! {
    async fn mail_leaves_at_once(database) {
        let (sink, port) = Sink::start();
        let (process, client) = serve(database, Some(port)).await;
        let mut fastest = Duration::MAX;
        for number in 1..=5 {
            let began = Instant::now();
            client.invited(&to_saperix(&format!("p{number}"))).await;
            arrived(&sink, 2 * number).await;
            fastest = fastest.min(began.elapsed());
        }
        // Without the bell each would wait for the next look into the outbox, a second after the last.
        assert!(fastest < Duration::from_millis(700), "{fastest:?}");
        assert_eq!(process.terminate(), Some(0));
    }

    async fn everybody_gets_a_transaction_of_their_own(database) {
        let (sink, port) = Sink::start();
        let (process, client) = serve(database, Some(port)).await;
        client.invited(&documented()).await;
        let mails = arrived(&sink, 6).await;
        for mail in &mails {
            assert_eq!((mail.sender.as_str(), mail.recipients), (SENDER, 1), "{}", mail.recipient);
        }
        let of = |is_wanted: &dyn Fn(&Arrived) -> bool| -> Vec<String> {
            let wanted = mails.iter().filter(|mail| is_wanted(mail)).map(|mail| mail.recipient.clone());
            wanted.collect::<BTreeSet<_>>().into_iter().collect()
        };
        assert_eq!(of(&|mail| mail.link().is_some()), ["mcastro@blackhills.com"]);
        let (vera, maria) = ("vera@blackhills.com", "mcastro@blackhills.com");
        let all = ["auditor@auditors.example", "legal@blueseas.com", maria, "risk@blueseas.com", vera];
        assert_eq!(of(&|mail| mail.link().is_none()), all);
        assert_eq!(process.terminate(), Some(0));
    }

    async fn each_mail_is_whole(database) {
        let (sink, port) = Sink::start();
        let (process, client) = serve(database, Some(port)).await;
        client.invited(&documented()).await;
        for mail in arrived(&sink, 6).await {
            for (header, words) in [
                ("From", SENDER), ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
                ("Content-Type", "multipart/alternative"), ("Message-ID", "@liaison.test>"), ("Date", "+0000"),
            ] {
                assert!(mail.header(header).contains(words), "{header}: {}", mail.header(header));
            }
            assert!(!mail.header("Subject").is_empty() && !mail.header("To").is_empty());
            let parts = mail.parts();
            let kinds: Vec<_> = parts.iter().map(|(kind, _)| kind.as_str()).collect();
            assert_eq!(kinds, ["text/plain", "text/html"]);
            assert!(parts[1].1.contains("<html") && parts[1].1.contains("</html>"), "{}", parts[1].1);
            let link = mail.link().unwrap_or_default();
            assert!(parts[1].1.contains(&link), "both parts have the link");
            let longest = mail.bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max().unwrap();
            assert!(longest <= 999, "a line of {longest} bytes");
        }
        assert_eq!(process.terminate(), Some(0));
    }

    async fn accepting_the_link_of_the_mail_shows_on_both_sides(database) {
        let (sink, port) = Sink::start();
        let (process, emma) = serve(database, Some(port)).await;
        let vera = Client::new(liaison_testkit::http(), &process.base, world::VENDOR_ADMIN);
        let guid = emma.invited(&to_black_hills("new")).await;
        assert_eq!(vera.received(&guid).await["status"], "Pending");
        let link = activation(&sink).await.link().unwrap();
        let page = reply(liaison_testkit::http().get(&link)).await;
        assert!(page.status == 200 && page.text.contains("method=\"post\""), "{}", page.text);
        assert_eq!(emma.sent(&guid).await["status"], "Pending", "looking spends nothing");
        assert_eq!(accept(&link).await.status, 303);
        for request in [emma.sent(&guid).await, vera.received(&guid).await] {
            assert_eq!((&request["status"], &request["requestee_formal_name"]), (&json!("Active"), &json!("Ann Perry")));
        }
        assert_eq!(accept(&link).await.status, 410);
        assert_eq!(process.terminate(), Some(0));
    }

    async fn a_link_that_was_sent_is_not_shown_again(database) {
        let (sink, port) = Sink::start();
        let (process, client) = serve(database, Some(port)).await;
        client.invited(&to_saperix("ann")).await;
        let link = activation(&sink).await.link().unwrap();
        let token = link.rsplit('/').next().unwrap();
        for mail in listed(database, "sent", 2).await {
            let whole = shown(database, &mail);
            assert_eq!(whole["link"], Value::Null);
            assert_eq!(whole["message"].is_null(), mail["kind"] == "activation");
            let guid = mail["guid"].as_str().unwrap();
            let page = output(&database.url, &["mail", "show", guid]);
            assert!(page.code == Some(0) && !page.out.contains(token), "{}", page.out);
            let raw = output(&database.url, &["mail", "show", guid, "--raw"]);
            match mail["kind"].as_str() {
                Some("activation") => assert!(raw.refusal(1).contains("the relay took this mail"), "{raw:?}"),
                _ => assert_eq!(raw.out.as_bytes(), without_link(&sink)),
            }
        }
        assert_eq!(process.terminate(), Some(0));
    }

    async fn a_refusal_for_good_is_for_one_recipient(database) {
        let (sink, port) = Sink::start();
        sink.answer("legal@blueseas.com", "550 5.1.1 nobody here");
        let (process, client) = serve(database, Some(port)).await;
        client.invited(&documented()).await;
        arrived(&sink, 5).await;
        listed(database, "sent", 5).await;
        let failed = listed(database, "failed", 1).await;
        assert_eq!((&failed[0]["recipient"], &failed[0]["reply_code"]), (&json!("legal@blueseas.com"), &json!(550)));
        assert!(failed[0]["reply"].as_str().unwrap().contains("nobody here"), "{failed:?}");
        assert_eq!((sink.offered("legal@blueseas.com"), &failed[0]["attempts"]), (1, &json!(1)));
        let checks = answer(&database.url, &["doctor"]);
        assert!(checks.to_string().contains("liaison mail list --state failed"), "{checks}");
        assert_eq!(process.terminate(), Some(0));
    }

    async fn a_refusal_for_now_is_tried_again(database) {
        let (sink, port) = Sink::start();
        sink.answer(ANN, "451 4.2.0 greylisted");
        let (process, client) = serve(database, Some(port)).await;
        client.invited(&to_saperix("ann")).await;
        let waiting = async || {
            let mails = answer(&database.url, &["mail", "list", "--state", "queued"]);
            let mails = mails.as_array().unwrap().clone();
            (mails.len() == 2 && mails.iter().all(|mail| mail["attempts"] == 1)).then_some(mails)
        };
        for mail in eventually("both mails wait", waiting).await {
            assert_eq!(mail["reply_code"], 451);
            assert!(mail["reply"].as_str().unwrap().contains("greylisted") && mail["next_time"].is_string());
        }
        assert!(sink.arrived().is_empty());
        sink.take(ANN);
        // Nobody has to wait for the clock: the operator may hurry it.
        for mail in listed(database, "queued", 2).await {
            answer(&database.url, &["mail", "retry", mail["guid"].as_str().unwrap()]);
        }
        arrived(&sink, 2).await;
        listed(database, "sent", 2).await;
        assert_eq!(process.terminate(), Some(0));
    }

    async fn without_a_relay_the_link_is_there_to_be_copied(database) {
        let (process, client) = serve(database, None).await;
        let guid = client.invited(&to_saperix("ann")).await;
        let kept = listed(database, "kept", 2).await;
        let activation = kept.iter().find(|mail| mail["kind"] == "activation").unwrap();
        let whole = shown(database, activation);
        let link = whole["link"].as_str().unwrap();
        assert!(whole["message"]["text"].as_str().unwrap().contains(link));
        let page = output(&database.url, &["mail", "show", activation["guid"].as_str().unwrap()]);
        assert!(page.out.contains(&format!("Link to copy (whoever has it can accept):\n{link}")), "{}", page.out);
        assert_eq!(accept(link).await.status, 303);
        assert_eq!(client.sent(&guid).await["status"], "Active");
        assert_eq!(shown(database, activation)["link"], Value::Null, "a spent link is not shown again");
        assert_eq!(process.terminate(), Some(0));
    }

    async fn what_was_kept_can_be_sent_later(database) {
        let (process, client) = serve(database, None).await;
        client.invited(&to_saperix("ann")).await;
        listed(database, "kept", 2).await;
        assert_eq!(process.terminate(), Some(0));
        let unsure = output(&database.url, &["mail", "retry", "--kept"]);
        assert!(unsure.refusal(2).contains("2 kept mails") && unsure.err.contains("--yes"), "{unsure:?}");
        let (sink, port) = Sink::start();
        let (process, _) = serve(database, Some(port)).await;
        assert!(sink.arrived().is_empty(), "nothing goes out unasked");
        let queued = answer(&database.url, &["mail", "retry", "--kept", "--yes"]);
        assert_eq!(queued, json!({"queued": 2, "skipped": 0}));
        arrived(&sink, 2).await;
        assert_eq!(process.terminate(), Some(0));
    }
}

/// The bytes of the only mail without a link.
fn without_link(sink: &Sink) -> Vec<u8> {
    let mails = sink.arrived();
    mails.iter().find(|mail| mail.link().is_none()).unwrap().bytes.clone()
}

on_both! {
    async fn later_attempts_follow_the_clock_and_send_the_same_bytes(app) {
        let (sink, port) = Sink::start();
        sink.answer(ANN, "451 4.2.0 greylisted");
        app.pair().0.invited(&to_saperix("ann")).await;
        let written = app.mails().await;
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        assert_eq!(sink.offered(ANN), 2);
        app.clock.advance(Duration::from_secs(60));
        app.deliver_to(port).await;
        assert_eq!(sink.offered(ANN), 2, "not yet");
        app.clock.advance(Duration::from_secs(90));
        app.deliver_to(port).await;
        assert_eq!(sink.offered(ANN), 4, "two minutes, more or less");
        sink.take(ANN);
        app.clock.advance(Duration::from_secs(60));
        app.deliver_to(port).await;
        assert!(sink.arrived().is_empty(), "each wait is longer than the one before");
        app.clock.advance(Duration::from_secs(6 * 60));
        app.deliver_to(port).await;
        let sent: BTreeSet<_> = sink.arrived().into_iter().map(|mail| mail.bytes).collect();
        assert_eq!(sent, written.into_iter().map(|mail| mail.bytes).collect());
    }

    async fn after_four_days_it_is_given_up(app) {
        let (sink, port) = Sink::start();
        sink.answer(ANN, "451 4.2.0 greylisted");
        app.pair().0.invited(&to_saperix("ann")).await;
        app.mails().await;
        app.queue_kept_mails().await;
        let mut asked = Vec::new();
        for _day in 1..=7 {
            let before = sink.offered(ANN);
            for _hour in 0..24 {
                app.deliver_to(port).await;
                app.clock.advance(Duration::from_secs(3600));
            }
            asked.push(sink.offered(ANN) - before);
        }
        assert!(asked[..4].iter().all(|times| *times >= 8) && asked[6] == 0, "{asked:?}");
        for mail in app.mails().await {
            assert_eq!(mail.state, "failed");
        }
    }
}

/// What the newest request to an address remembers of its mail: its state, and the milliseconds from the start of the
/// sample world to the first delivery.
async fn remembered(app: &TestApp, email: &'static str) -> (String, Option<i64>) {
    let read = move |tx: &mut liaison_db::Tx<'_>| {
        tx.one(
            "select delivery, delivered_at from access_requests where requestee_email = $1 \
             order by created_at desc limit 1",
            &[&email],
            |row| Ok((row.get::<String>(0)?, row.get::<Option<i64>>(1)?)),
        )
    };
    let (state, at) = app.app().db.read(read).await.unwrap();
    (state, at.map(|at| at - world::START.0))
}

fn state(state: &str, delivered_at: Option<i64>) -> (String, Option<i64>) {
    (state.to_owned(), delivered_at)
}

const MINUTE: i64 = 60_000;

on_both! {
    async fn a_request_remembers_how_its_newest_mail_fares(app) {
        let (sink, port) = Sink::start();
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        assert_eq!(remembered(app, ANN).await, state("kept", None));
        app.queue_kept_mails().await;
        assert_eq!(remembered(app, ANN).await, state("queued", None));
        sink.answer(ANN, "451 4.2.0 greylisted");
        app.deliver_to(port).await;
        assert_eq!(remembered(app, ANN).await, state("queued", None), "it is tried again");
        sink.take(ANN);
        app.clock.advance(Duration::from_secs(600));
        app.deliver_to(port).await;
        assert_eq!(remembered(app, ANN).await, state("sent", Some(10 * MINUTE)));
        // A newer mail counts, but the first one stays delivered.
        let resent = emma.post(&format!("/liaison/v1/access-requests/{guid}/resend"), &Value::Null).await;
        assert_eq!(resent.status, 200, "{}", resent.text);
        assert_eq!(remembered(app, ANN).await, state("kept", Some(10 * MINUTE)));
        sink.answer(ANN, "550 5.1.1 nobody here");
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        assert_eq!(remembered(app, ANN).await, state("failed", Some(10 * MINUTE)));
    }

    async fn only_mail_to_the_requestee_counts(app) {
        let (sink, port) = Sink::start();
        for other in ["legal@blueseas.com", "risk@blueseas.com", "auditor@auditors.example", "vera@blackhills.com"] {
            sink.answer(other, "550 5.1.1 nobody here");
        }
        app.pair().0.invited(&documented()).await;
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        assert_eq!(sink.arrived().len(), 2);
        assert_eq!(remembered(app, "mcastro@blackhills.com").await, state("sent", Some(0)));
    }

    async fn somebody_with_an_account_has_the_introduction_alone(app) {
        let (sink, port) = Sink::start();
        app.pair().0.invited(&to_vera()).await;
        assert_eq!(remembered(app, "vera@blackhills.com").await, state("kept", None));
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        assert_eq!(remembered(app, "vera@blackhills.com").await, state("sent", Some(0)));
        let room = sink.arrived()[0].parts()[0].1.clone();
        assert!(room.contains("https://liaison.test/inbox/"), "{room}");
    }

    async fn a_mail_that_was_stopped_does_not_count(app) {
        let (sink, port) = Sink::start();
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        sink.answer(ANN, "451 4.2.0 greylisted");
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        emma.change(&guid, "Resolved").await;
        sink.take(ANN);
        app.clock.advance(Duration::from_secs(600));
        app.deliver_to(port).await;
        assert_eq!(sink.arrived().len(), 1, "the introduction");
        assert_eq!(remembered(app, ANN).await, state("sent", Some(10 * MINUTE)));
    }

    async fn what_waits_is_kept_when_the_relay_is_gone(app) {
        app.pair().0.invited(&to_saperix("ann")).await;
        app.queue_kept_mails().await;
        assert_eq!(remembered(app, ANN).await, state("queued", None));
        app.deliver().await;
        assert_eq!(remembered(app, ANN).await, state("kept", None));
    }

    async fn a_new_reset_stops_the_one_before(app) {
        let (sink, port) = Sink::start();
        app.give_password("emma@blueseas.com").await;
        app.app().ask_for_reset("emma@blueseas.com".to_owned()).await.unwrap();
        app.clock.advance(Duration::from_secs(600));
        app.app().ask_for_reset("emma@blueseas.com".to_owned()).await.unwrap();
        let states: Vec<_> = app.mails().await.into_iter().map(|mail| (mail.state, mail.bytes.is_empty())).collect();
        assert_eq!(states, [("replaced".to_owned(), true), ("kept".to_owned(), false)]);
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        assert_eq!(sink.arrived().len(), 1);
        let last = app.mails().await.pop().unwrap();
        assert!(last.state == "sent" && last.bytes.is_empty(), "its link is its reader's alone");
    }
}
