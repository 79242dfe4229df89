//! `/styleguide`: every part of the pages in every state, with invented people. Only the demonstration has it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use liaison_charts::{Heading, Markup, rating_line, sparkline};

use super::{Page, PageError, page};
use crate::shell::{Facts, Section, Shell};
use crate::state::Web;

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Styleguide {
    shell: Shell,
    /// A form's fields with what is wrong with each.
    wrong: Vec<(&'static str, &'static str)>,
    rows: [Row; 6],
    sparks: Vec<Markup>,
    rating: Markup,
}

/// A line of the sample table.
struct Row {
    person: &'static str,
    company: &'static str,
    status: &'static str,
    next: &'static str,
    delivery: (&'static str, &'static str),
    items: u32,
    is_unread: bool,
}

/// `GET /styleguide`.
pub(crate) async fn show(State(web): State<Web>) -> Page {
    if !web.options.demo {
        return Err(PageError::not_found());
    }
    Ok(render(&web))
}

fn render(web: &Web) -> Response {
    let shown = Styleguide {
        shell: shell(web),
        wrong: vec![
            (
                "wrong-email",
                "The address must be at blackhills.com or blackhills.io. You wrote blackhi11s.com.",
            ),
            ("wrong-message", "The message is empty: say why you ask."),
        ],
        rows: rows(),
        sparks: sparks(),
        rating: rating(),
    };
    page(StatusCode::OK, &shown)
}

/// The frame as somebody with every right sees it.
fn shell(web: &Web) -> Shell {
    Shell {
        server_name: web.app.env.identity.server_name.clone(),
        is_demo: true,
        section: Section::Outbox,
        form_token: String::new(),
        done: Some("Sent again, with a new link. The earlier link no longer works."),
        facts: Facts {
            user_name: "Emma Waters".into(),
            user_email: "emma.waters@blueseas.example".into(),
            customer_name: "Blue Seas International".into(),
            is_guest: false,
            may_invite: true,
            may_administer: true,
            unread_inbox: 3,
            unread_notifications: 2,
        },
    }
}

fn rows() -> [Row; 6] {
    let row = |(person, company), (status, next), delivery, items| Row {
        person,
        company,
        status,
        next,
        delivery,
        items,
        is_unread: items == 3,
    };
    [
        row(
            ("Vera Nadel", "Black Hills Technologies"),
            ("Active", "You answer: Vera wrote 2 hours ago"),
            ("opened", "Opened"),
            3,
        ),
        row(
            ("Jonas Okafor", "Meridian Freight"),
            ("Pending", "Jonas accepts, until 26 Nov"),
            ("delivered", "Delivered, not opened"),
            1,
        ),
        row(
            ("Mei Tanaka", "Kōyō Components"),
            ("Pending", "You copy the link: the mail was refused"),
            ("failed", "Failed"),
            10,
        ),
        row(
            ("Aino Laine", "Pohjola Cloud Services with a long name"),
            ("Never", "You invite again: the link ran out"),
            ("sent", "Sent"),
            2,
        ),
        row(
            ("Luis Prado", "Andes Paper"),
            ("Resolved", "Nothing more"),
            ("opened", "Opened"),
            0,
        ),
        row(
            ("Sam Reed", "Harbour Labs"),
            ("Requested", "You approve or turn down"),
            ("kept", "Kept here"),
            0,
        ),
    ]
}

fn sparks() -> Vec<Markup> {
    let courses = [
        [2, 3, 3, 5, 4, 6, 8],
        [9, 7, 8, 5, 4, 4, 3],
        [1, 1, 2, 2, 2, 3, 3],
        [4, 6, 5, 7, 6, 8, 9],
    ];
    let drawn = courses.iter().enumerate().map(|(at, points)| {
        let heading = Heading {
            id: &format!("spark-{at}"),
            title: "The last seven weeks",
        };
        sparkline(heading, points).svg
    });
    drawn.collect()
}

fn rating() -> Markup {
    let heading = Heading {
        id: "rating",
        title: "Rating of Black Hills Technologies",
    };
    let points = [
        ("2026-01-04", 610),
        ("2026-03-01", 640),
        ("2026-05-10", 590),
        ("2026-08-02", 660),
        ("2026-11-12", 700),
    ];
    rating_line(heading, &points).figure()
}
