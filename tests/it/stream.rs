//! Threads live: every change once, in its order, and no longer than the reader may read.

use futures_util::future::join_all;
use liaison_testkit::invitations::to_vera;
use liaison_testkit::process::{Process, free_port};
use liaison_testkit::threads::{Live, messages_of};
use liaison_testkit::{Client, Method, json, on_both, on_both_databases, reply, world};

/// The ids and the texts of the next events.
async fn take(live: &mut Live, count: usize) -> Vec<(i64, String)> {
    let mut taken = Vec::new();
    for _ in 0..count {
        let event = live.next().await.expect("the stream goes on");
        assert_eq!(event.id, event.message["revision"].to_string());
        let body = event.message["body"].as_str().unwrap_or("-").to_owned();
        taken.push((event.id.parse().unwrap(), body));
    }
    taken
}

on_both! {
    async fn both_sides_see_it_at_once(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        emma.written(&request, "before").await;
        let mut of_emma = emma.follow(&request, None).await;
        let mut of_vera = vera.follow(&request, None).await;
        let message = vera.written(&request, "now\nwith lines").await;
        let [seen, own] = [of_emma.next().await.unwrap(), of_vera.next().await.unwrap()];
        assert_eq!((&seen.message["body"], &seen.message["mine"]), (&json!("now\nwith lines"), &json!(false)));
        assert_eq!(own.message, message);
        let path = format!("{}/{}", messages_of(&request), message["id"].as_str().unwrap());
        vera.patch(&path, &json!({"body": "changed"})).await;
        assert_eq!(take(&mut of_emma, 1).await, [(3, "changed".to_owned())]);
        reply(vera.request(Method::DELETE, &path)).await;
        assert_eq!(take(&mut of_emma, 1).await, [(4, "-".to_owned())]);
        assert_eq!(take(&mut of_vera, 2).await[1], (4, "-".to_owned()));
    }

    async fn nothing_is_lost_and_nothing_comes_twice(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let posting = join_all((0..20).map(|number| {
            let author = if number % 2 == 0 { &emma } else { &vera };
            let request = &request;
            async move { author.written(request, &number.to_string()).await }
        }));
        let reading = async {
            let mut all = Vec::new();
            // Cut off and come back five times while the others write.
            while all.len() < 20 {
                let after = all.last().map_or(0, |(id, _)| *id).to_string();
                let mut live = vera.follow(&request, Some(&after)).await;
                all.extend(take(&mut live, 4).await);
            }
            all
        };
        let (_, all) = tokio::join!(posting, reading);
        let ids: Vec<_> = all.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, (1..=20).collect::<Vec<_>>());
        let thread = emma.thread(&request).await;
        let texts: Vec<_> = thread.iter().map(|message| message["body"].as_str().unwrap()).collect();
        assert_eq!(texts, all.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>());
    }

    async fn where_a_stream_begins(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        for text in ["a", "b", "c"] {
            emma.written(&request, text).await;
        }
        let mut resumed = vera.follow(&request, Some("1")).await;
        assert_eq!(take(&mut resumed, 2).await, [(2, "b".to_owned()), (3, "c".to_owned())]);
        let mut from_now = vera.follow(&request, None).await;
        let mut ahead = vera.follow(&request, Some("99")).await;
        emma.written(&request, "d").await;
        for live in [&mut resumed, &mut from_now, &mut ahead] {
            assert_eq!(take(live, 1).await, [(4, "d".to_owned())]);
        }
        let path = format!("{}/stream", messages_of(&request));
        for wrong in ["x", "-1", ""] {
            let refused = reply(vera.request(Method::GET, &path).header("Last-Event-ID", wrong)).await;
            assert_eq!((refused.status, refused.json["field"].as_str()), (400, Some("Last-Event-ID")));
        }
        assert_eq!(vera.get(&format!("{path}?after=x")).await.status, 400);
        assert_eq!(app.client(world::OTHER_ADMIN).get(&path).await.status, 404);
    }

    async fn who_may_no_longer_read_is_cut_off(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let made = app.make_token(world::VENDOR, Some("vito@blackhills.com")).await;
        let vito = app.client(&made.token);
        let mut live = vito.follow(&request, None).await;
        emma.written(&request, "for all").await;
        assert_eq!(take(&mut live, 1).await.len(), 1);
        app.revoke_token(made.guid).await;
        emma.written(&request, "for those who are left").await;
        assert!(live.next().await.is_none(), "the end, and no message");
        let mut silent = vera.follow(&request, None).await;
        app.set_user_active(world::VENDOR, "vera@blackhills.com", false).await;
        assert!(silent.next().await.is_none(), "without a message, too");
    }

    async fn one_caller_has_twenty_streams(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let mut open = join_all((0..20).map(|_| vera.follow(&request, None))).await;
        let refused = vera.get(&format!("{}/stream", messages_of(&request))).await;
        assert_eq!(refused.error(), "429 too_many_streams: You have 20 live streams open. Close one, then try again.");
        assert_eq!(refused.header("retry-after"), "5");
        let mut of_emma = emma.follow(&request, None).await;
        emma.written(&request, "to all").await;
        for live in open.iter_mut().chain([&mut of_emma]) {
            assert_eq!(take(live, 1).await.len(), 1);
        }
    }

    async fn what_another_process_wrote_comes_too(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let mut live = vera.follow(&request, None).await;
        app.write_without_bell(world::CLIENT_ADMIN, &request, "from elsewhere").await;
        assert_eq!(take(&mut live, 1).await, [(1, "from elsewhere".to_owned())]);
    }
}

on_both_databases! {
    async fn an_ending_server_ends_its_streams(database) {
        let process = Process::serve(&liaison_testkit::http(), &database.url, free_port(), &[]).await;
        let emma = Client::new(liaison_testkit::http(), &process.base, world::CLIENT_ADMIN);
        let request = emma.invited(&to_vera()).await;
        let mut live = emma.follow(&request, None).await;
        process.ask_to_stop();
        assert!(live.next().await.is_none(), "it ends by itself and is not cut off");
        assert_eq!(process.end().await, Some(0));
    }
}
