//! The two durations of an account.

use liaison_testkit::invitations::to_vera;
use liaison_testkit::{json, on_both, world};

const PATH: &str = "/ratings/v1/access-requests/config";

on_both! {
    async fn everybody_sees_what_applies_to_their_account(app) {
        for (token, days) in [(world::CLIENT_ADMIN, 30), (world::CLIENT_READER, 30), (world::OTHER_ADMIN, 60)] {
            let reply = app.client(token).get(PATH).await;
            assert_eq!((reply.status, &reply.json), (200, &json!({"invitation_duration": 14, "trial_duration": days})));
        }
    }

    async fn an_administrator_sets_the_trial_of_new_requests(app) {
        let (emma, _) = app.pair();
        let before = emma.invited(&to_vera()).await;
        let reply = emma.patch(PATH, &json!({"trial_duration": 90})).await;
        assert_eq!((reply.status, &reply.json), (200, &json!({"invitation_duration": 14, "trial_duration": 90})));
        assert_eq!(emma.get(PATH).await.json, reply.json);
        let after = emma.invited(&to_vera()).await;
        assert_eq!(emma.sent(&before).await["trial_duration"], 30);
        assert_eq!(emma.sent(&after).await["trial_duration"], 90);
        assert_eq!(app.client(world::OTHER_ADMIN).get(PATH).await.json["trial_duration"], 60);
    }

    async fn a_trial_has_1_to_365_days(app) {
        let (emma, _) = app.pair();
        for days in [1, 365] {
            assert_eq!(emma.patch(PATH, &json!({"trial_duration": days})).await.json["trial_duration"], days);
        }
        let range = "400 invalid_field: trial_duration: must be a whole number of days from 1 to 365";
        let number = "400 invalid_field: trial_duration: must be a whole number";
        for (wrong, answer) in [
            (json!(0), range),
            (json!(366), range),
            (json!(-1), range),
            (json!(i64::MAX), range),
            (json!("30"), number),
            (json!(30.5), number),
            (json!(true), number),
            (json!(1e300), number),
        ] {
            assert_eq!(emma.patch(PATH, &json!({"trial_duration": wrong})).await.error(), answer, "{wrong}");
        }
        assert_eq!(emma.get(PATH).await.json["trial_duration"], 365);
    }

    async fn what_cannot_be_set_is_passed_over(app) {
        let (emma, _) = app.pair();
        for body in [json!({}), json!({"trial_duration": null}), json!({"invitation_duration": 99, "other": []})] {
            let reply = emma.patch(PATH, &body).await;
            assert_eq!((reply.status, &reply.json), (200, &json!({"invitation_duration": 14, "trial_duration": 30})));
        }
        assert_eq!(emma.patch(PATH, &json!([])).await.error(), "400 invalid_field: body: must be an object");
    }

    async fn the_published_schema_wraps_the_object(app) {
        let (emma, _) = app.pair();
        assert_eq!(emma.patch(PATH, &json!({"body": {"trial_duration": 7}})).await.json["trial_duration"], 7);
    }

    async fn only_administrators_set_it(app) {
        for (token, status) in [
            (world::CLIENT_MANAGER, 403),
            (world::CLIENT_READER, 403),
            (world::CLIENT_ADMIN, 200),
            (world::CLIENT_COMPANY, 200),
        ] {
            let reply = app.client(token).patch(PATH, &json!({"trial_duration": 31})).await;
            assert_eq!(reply.status, status, "{token}: {}", reply.text);
        }
    }
}
