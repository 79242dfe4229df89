//! Lists in every way of paging, and lists that do not end.

use liaison_client::{Client, Error};
use liaison_testkit::fake::{self, Asked, Fake};
use liaison_testkit::{Value, json};

use crate::client;

/// All rows of a list.
async fn rows(client: &Client, query: &[(&str, &str)]) -> Result<Vec<u64>, Error> {
    let mut pages = client.pages("/v1/list", query);
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await? {
        for row in page.rows::<u64>() {
            rows.push(row?);
        }
    }
    Ok(rows)
}

/// Rows `offset..offset + limit` of seven.
fn slice(asked: &Asked) -> Vec<u64> {
    let (offset, limit) = (asked.number("offset").unwrap_or(0), asked.number("limit").unwrap_or(3));
    (0..7).skip(offset).take(limit).collect()
}

fn all() -> Vec<u64> {
    (0..7).collect()
}

#[tokio::test]
async fn links_are_followed_absolute_and_relative() {
    for host in ["", "HOST", "http://127.0.0.1:1"] {
        let fake = Fake::start(move |asked| {
            let next = asked.number("offset").unwrap_or(0) + 3;
            let host = host.replace("HOST", &format!("http://{}", asked.headers["host"]));
            let next = (next < 7).then(|| format!("{host}/ratings/v1/list?limit=3&offset={next}"));
            fake::json(
                200,
                &json!({"links": {"next": next, "previous": null}, "count": 7, "results": slice(asked)}),
            )
        })
        .await;
        assert_eq!(rows(&client(&fake), &[("limit", "3")]).await.unwrap(), all(), "{host}");
    }
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    for link in [
        "http://evil.example/x",
        "//evil.example/x",
        "http://127.0.0.1.evil.example/x",
        "file:///etc/passwd",
    ] {
        let fake = Fake::start(move |_| fake::json(200, &json!({"links": {"next": link}, "results": [1]}))).await;
        let error = rows(&client(&fake), &[]).await.unwrap_err();
        assert!(matches!(error, Error::Redirected { .. }), "{link}: {error}");
        assert_eq!(fake.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_count_alone_is_enough() {
    let fake = Fake::start(|asked| fake::json(200, &json!({"count": 7, "results": slice(asked)}))).await;
    assert_eq!(rows(&client(&fake), &[("limit", "3")]).await.unwrap(), all());
}

#[tokio::test]
async fn older_names_of_the_next_page_are_known() {
    let fake = Fake::start(|asked| {
        let next = (asked.before == 0 && asked.query.is_empty()).then_some("/ratings/v1/list?offset=3&limit=4");
        fake::json(200, &json!({"next_url": next, "count": 7, "results": slice(asked)}))
    })
    .await;
    assert_eq!(rows(&client(&fake), &[]).await.unwrap(), all());
}

#[tokio::test]
async fn a_bare_array_is_paged_by_its_link_header() {
    let fake = Fake::start(|asked| {
        let body = json!(slice(asked)).to_string();
        match asked.number("offset").unwrap_or(0) + 3 {
            next if next < 7 => {
                let link = format!("</ratings/v1/list?limit=3&offset={next}>; rel=\"next\"");
                fake::answer(200, &[("link", &link)], &body)
            }
            _ => fake::answer(200, &[], &body),
        }
    })
    .await;
    assert_eq!(rows(&client(&fake), &[("limit", "3")]).await.unwrap(), all());
}

#[tokio::test]
async fn a_bare_array_is_whole_where_paging_is_not_known() {
    // As long as the limit by chance: it is asked once more, and the same answer means the end.
    let fake = Fake::start(|_| fake::json(200, &json!(all()))).await;
    assert_eq!(rows(&client(&fake), &[("limit", "7")]).await.unwrap(), all());
    assert_eq!(rows(&client(&fake), &[("limit", "3")]).await.unwrap(), all());
    let paged = Fake::start(|asked| fake::json(200, &json!(slice(asked)))).await;
    assert_eq!(rows(&client(&paged), &[("limit", "3")]).await.unwrap(), all());
}

#[tokio::test]
async fn missing_rows_are_noticed() {
    let fake = Fake::start(|_| fake::json(200, &json!({"links": {"next": null}, "count": 7, "results": [1, 2]}))).await;
    let error = rows(&client(&fake), &[]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer ends in the middle: /v1/list: 2 of 7 rows came"
    );
}

#[tokio::test]
async fn circles_are_noticed() {
    let circle = Fake::start(|asked| {
        let next = format!("/ratings/v1/list?n={}", (asked.number("n").unwrap_or(0) + 1) % 3);
        fake::json(
            200,
            &json!({"links": {"next": next}, "results": [asked.number("n").unwrap_or(9)]}),
        )
    })
    .await;
    let same = Fake::start(|asked| {
        let next = format!("/ratings/v1/list?n={}", asked.number("n").unwrap_or(0) + 1);
        fake::json(
            200,
            &json!({"links": {"next": "/ratings/v1/list?n=".to_owned() + &"1".repeat(next.len() % 5)}, "results": [1]}),
        )
    })
    .await;
    let empty = Fake::start(|asked| {
        let next = format!("/ratings/v1/list?n={}", asked.number("n").unwrap_or(0) + 1);
        fake::json(200, &json!({"links": {"next": next}, "results": []}))
    })
    .await;
    for fake in [circle, same, empty] {
        let error = rows(&client(&fake), &[]).await.unwrap_err();
        assert!(matches!(error, Error::Looping { .. }), "{error}");
        assert!(fake.asked().len() < 30);
    }
}

#[tokio::test]
async fn an_empty_page_in_between_is_no_end() {
    let fake = Fake::start(|asked| match asked.number("n") {
        None => fake::json(200, &json!({"links": {"next": "?n=1"}, "results": []})),
        Some(_) => fake::json(200, &json!({"links": {"next": null}, "results": [1]})),
    })
    .await;
    assert_eq!(rows(&client(&fake), &[]).await.unwrap(), [1]);
}

#[tokio::test]
async fn wrong_shapes_are_errors() {
    for body in [
        json!({}),
        json!({"results": 1}),
        json!({"results": {"a": 1}}),
        json!({"results": [], "links": 7}),
        json!({"results": [], "links": {"next": 7}}),
        json!("text"),
        Value::Null,
    ] {
        let text = body.to_string();
        let fake = Fake::start(move |_| fake::json(200, &body)).await;
        let error = rows(&client(&fake), &[]).await.unwrap_err();
        assert!(matches!(error, Error::Shape { .. }), "{text}: {error}");
    }
    // A row that does not fit spoils itself alone.
    let fake = Fake::start(|_| fake::json(200, &json!([1, "two", 3]))).await;
    let page = client(&fake).pages("/v1/list", &[]).next().await.unwrap().unwrap();
    assert_eq!(page.rows::<u64>().filter_map(Result::ok).collect::<Vec<_>>(), [1, 3]);
}
