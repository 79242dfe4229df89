//! What pages load: kept by browsers as long as its address says, and small on the way.

use liaison_testkit::{Reply, TestApp, on_both, reply};

/// The addresses that a page names, with their versions.
async fn named(app: &TestApp) -> Vec<String> {
    let page = reply(app.http().get(format!("{}/sign-in", app.base()))).await;
    let quoted = page.text.split('"');
    let mut found: Vec<String> = quoted
        .filter(|text| text.starts_with("/assets/"))
        .map(str::to_owned)
        .collect();
    for address in &mut found {
        address.truncate(address.find('#').unwrap_or(address.len()));
    }
    found.sort();
    found.dedup();
    found
}

async fn get(app: &TestApp, path: &str, header: (&str, &str)) -> Reply {
    reply(
        app.http()
            .get(format!("{}{path}", app.base()))
            .header(header.0, header.1),
    )
    .await
}

const NO_HEADER: (&str, &str) = ("accept", "*/*");

on_both! {
    async fn a_page_names_each_with_the_version_of_its_content(app) {
        let named = named(app).await;
        let names: Vec<&str> = named.iter().map(|path| path.split_once("?v=").unwrap().0).collect();
        assert_eq!(names, ["/assets/icons.svg", "/assets/liaison.css", "/assets/liaison.js", "/assets/logo.svg"]);
        for path in &named {
            let kept = get(app, path, NO_HEADER).await;
            assert_eq!((kept.status, kept.header("cache-control")), (200, "public, max-age=31536000, immutable"), "{path}");
            assert!(!kept.text.is_empty());
        }
    }

    async fn another_version_is_not_kept_for_ever(app) {
        for path in ["/assets/liaison.js", "/assets/liaison.js?v=", "/assets/liaison.js?v=00000000", "/assets/liaison.js?w=1"] {
            let reply = get(app, path, NO_HEADER).await;
            assert_eq!((reply.status, reply.header("cache-control")), (200, "public, max-age=3600"), "{path}");
            assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
        }
    }

    async fn what_a_browser_has_is_not_sent_again(app) {
        for path in named(app).await {
            let tag = get(app, &path, NO_HEADER).await.header("etag").to_owned();
            let again = get(app, &path, ("if-none-match", &format!("\"other\", {tag}"))).await;
            assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()));
            assert_eq!(get(app, &path, ("if-none-match", "\"other\"")).await.status, 200);
        }
    }

    async fn packed_for_who_can_unpack(app) {
        let plain = get(app, "/assets/liaison.css", NO_HEADER).await;
        assert_eq!(plain.header("vary"), "accept-encoding");
        let url = format!("{}/assets/liaison.css", app.base());
        let packed = app.http().get(url).header("accept-encoding", "br, gzip").send().await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        let bytes = packed.bytes().await.unwrap();
        assert_eq!(bytes[..2], [0x1f, 0x8b]);
        assert!(bytes.len() * 3 < plain.text.len(), "{} of {}", bytes.len(), plain.text.len());
    }

    async fn the_styleguide_is_for_the_demonstration(app) {
        assert_eq!(get(app, "/styleguide", NO_HEADER).await.status, 404);
    }
}
