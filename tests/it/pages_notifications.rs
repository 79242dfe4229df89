//! Notifications in the browser: the bell, the list, reading one and all.

use liaison_testkit::invitations::to_vera;
use liaison_testkit::{on_both, world};

const PATH: &str = "/notifications";

on_both! {
    async fn the_bell_rings_until_one_has_looked(app) {
        let vera = app.signed_in("vera@blackhills.com").await;
        let page = vera.page(PATH).await;
        assert!(page.contains("Nothing yet") && page.contains("You have read everything."), "{page}");
        let mut guids = Vec::new();
        for _ in 0..3 {
            guids.push(app.client(world::CLIENT_ADMIN).invited(&to_vera()).await);
        }
        let page = vera.page(PATH).await;
        assert_eq!(page.matches("class=\"unread\"").count(), 3, "{page}");
        let bell = "<span class=\"count new\">3<span class=\"visually-hidden\"> unread</span>";
        assert!(page.split("<main").next().unwrap().contains(bell), "{page}");
        let followed = vera.get(&format!("{PATH}/2")).await;
        assert_eq!((followed.status, followed.header("location")), (303, format!("/inbox/{}", guids[1]).as_str()));
        assert_eq!(vera.page(PATH).await.matches("class=\"unread\"").count(), 2);
        let marked = vera.submit(PATH, PATH, &[("number", "1")]).await;
        assert_eq!(marked.header("location"), "/notifications?done=read");
        assert_eq!(vera.page(PATH).await.matches("class=\"unread\"").count(), 1);
        vera.submit(PATH, PATH, &[("all", "yes")]).await;
        let page = vera.page(PATH).await;
        assert!(page.contains("You have read everything.") && !page.contains("class=\"unread\""), "{page}");
    }

    async fn they_are_ones_own(app) {
        app.client(world::CLIENT_ADMIN).invited(&to_vera()).await;
        let vera = app.signed_in("vera@blackhills.com").await;
        for email in ["vito@blackhills.com", "emma@blueseas.com"] {
            let other = app.signed_in(email).await;
            assert!(other.page(PATH).await.contains("Nothing yet"), "{email}");
            assert_eq!(other.get(&format!("{PATH}/1")).await.status, 404);
            assert_eq!(other.submit(PATH, PATH, &[("number", "1")]).await.status, 404);
        }
        assert_eq!(vera.page(PATH).await.matches("class=\"unread\"").count(), 1);
        for nonsense in ["x", "0", "-1", "99999999999999999999"] {
            assert_eq!(vera.get(&format!("{PATH}/{nonsense}")).await.status, 404, "{nonsense}");
        }
    }
}
