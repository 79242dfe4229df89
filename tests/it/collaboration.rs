//! The inbox in numbers.

use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera};
use liaison_testkit::{Client, Value, json, on_both, world};

async fn invitations(client: &Client) -> Value {
    let reply = client.get("/v1/collaboration/summary").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let nobody = json!({"user": {"guid": "", "name": ""}, "company": {"guid": "", "name": ""}});
    let nothing = json!({"total_count": 0, "unique_companies_count": 0, "latest_requester": nobody});
    assert_eq!(reply.json["received"]["shared_records"], nothing);
    reply.json["received"]["invitations"].clone()
}

on_both! {
    async fn numbers_of_what_came_in(app) {
        let (emma, vera) = app.pair();
        let otto = app.client(world::OTHER_ADMIN);
        let empty = invitations(&vera).await;
        assert_eq!((&empty["total_count"], &empty["latest_requester"]["user"]["guid"]), (&json!(0), &json!("")));
        emma.invited(&to_vera()).await;
        let read = emma.invited(&to_black_hills("new")).await;
        emma.invited(&to_saperix("ann")).await;
        app.clock.advance_days(1);
        otto.invited(&to_vera()).await;
        vera.patch(&format!("/v1/access-requests/received/{read}"), &json!({"read": true})).await;
        assert_eq!(invitations(&vera).await, json!({
            "total_count": 3, "total_unread": 2, "unique_companies_count": 2,
            "latest_requester": {
                "user": {"guid": "e0000000-0000-4000-8000-000000000004", "name": "Otto Stone"},
                "company": {"guid": world::GREYSTONE, "name": "Greystone"},
            },
        }));
        assert_eq!(invitations(&emma).await["total_count"], 0, "what was sent does not count");
        vera.post("/v1/access-requests/received/mark-all-as-read", &json!({})).await;
        assert_eq!(invitations(&app.client(world::VENDOR_READER)).await["total_unread"], 0);
    }

    async fn a_guest_counts_what_was_sent_to_their_account(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        app.client(world::OTHER_ADMIN).invited(&to_saperix("bob")).await;
        let ann = app.guest("ann@saperix.example").await;
        let counted = invitations(&ann).await;
        assert_eq!((&counted["total_count"], &counted["latest_requester"]["user"]["name"]), (&json!(1), &json!("Emma Waters")));
    }
}
