//! `/outbox/new`: inviting somebody, from the choice of a company to the mails as they will be.

mod form;
mod preview;
mod refusals;
mod send;
mod typed;

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use liaison_domain::{ids, search};
use liaison_operations::portfolio::{self, Filter, Part};

pub(crate) use preview::{mail, show as preview};
pub(crate) use send::send;
use typed::Typed;

use super::portfolio::{day, why_not};
use super::{Page, page};
use crate::extract::{FormFields, Visitor};
use crate::shell::{Section, Shell};

/// Companies that the first step shows.
const COMPANIES: i64 = 20;
/// Colleagues named to somebody who may not invite.
const INVITERS: usize = 5;

#[derive(Template)]
#[template(path = "invite_company.html")]
struct Choose {
    shell: Shell,
    search: String,
    listed: Part,
}

#[derive(Template)]
#[template(path = "invite_refused.html")]
struct MayNot {
    shell: Shell,
    inviters: Vec<(String, String)>,
}

/// `GET /outbox/new`: the choice of a company, or with `company=` the form.
pub(crate) async fn show(visitor: Visitor, RawQuery(query): RawQuery) -> Page {
    let query = FormFields::parse(query.unwrap_or_default().as_bytes());
    if query.text("company").is_empty() {
        return choose(&visitor, query.text("q").trim()).await;
    }
    let company = ids::parse_guid(query.text("company"));
    let found = form::load(&visitor, (company, None, query)).await?;
    form::render(found, Vec::new())
}

async fn choose(visitor: &Visitor, search: &str) -> Page {
    let filter = Filter {
        terms: (!search.is_empty()).then(|| search::terms(search)),
        ..Filter::default()
    };
    let read = visitor.look(Section::Outbox, move |tx, call| {
        let listed = portfolio::list(tx, call, (&filter, &[]), (COMPANIES, 0))?;
        Ok((listed, portfolio::list_inviters(tx, call, INVITERS)?))
    });
    let (shell, (listed, inviters)) = read.await?;
    if !shell.facts.may_invite {
        return Ok(may_not(shell, inviters));
    }
    let shown = Choose {
        shell,
        search: search.to_owned(),
        listed,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// For those whose role may not invite: whom to ask.
fn may_not(shell: Shell, mut inviters: Vec<(String, String)>) -> axum::response::Response {
    if shell.facts.is_guest {
        inviters.clear();
    }
    page(StatusCode::FORBIDDEN, &MayNot { shell, inviters })
}
