//! `/companies/{guid}`: one company of the portfolio, and the contacts that a customer keeps there.

mod contacts;
mod view;

use http::StatusCode;
use liaison_domain::{Guid, ids};
use liaison_operations::companies;
use liaison_operations::findings::{self, Filter};

pub(crate) use contacts::change;
use view::{Asked, ContactForm, Findings, Show};
pub(crate) use view::{capital, severities, severity_kind, vectors};

use super::{Page, page};
use crate::extract::{Params, PathText, Visitor};
use crate::shell::Section;

/// Findings of one page.
const FINDINGS: i64 = 50;

/// `GET /companies/{guid}`.
pub(crate) async fn show(visitor: Visitor, PathText(guid): PathText, params: Params) -> Page {
    render(&visitor, ids::parse_guid(&guid), (Asked::read(&params), None)).await
}

async fn render(visitor: &Visitor, guid: Option<Guid>, (asked, form): (Asked, Option<ContactForm>)) -> Page {
    let wanted = asked.clone();
    let read = visitor.look(Section::Portfolio, move |tx, call| {
        let profile = companies::profile(tx, call, guid)?;
        let company = profile.company.guid;
        let filter = Filter {
            risk_vector: Some(wanted.vector.clone()).filter(|vector| !vector.is_empty()),
            severity: Some(wanted.severity.clone()).filter(|severity| !severity.is_empty()),
        };
        let offset = (wanted.page - 1) * FINDINGS;
        let listed = findings::list(tx, call, (company, &filter), (FINDINGS, offset))?;
        let counts = findings::count(tx, call, company)?;
        Ok((profile, listed, counts))
    });
    let (shell, (profile, listed, counts)) = read.await?;
    let status = match &form {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shown = Show {
        chart: Show::chart(&profile),
        findings: Findings { asked, listed, counts },
        shell,
        profile,
        form,
    };
    Ok(page(status, &shown))
}
