//! What the sender's people do with a request: notes, a longer trial, another mail, a link by hand, approval, the end.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::access_requests::Change;
use liaison_domain::{Guid, Refusal};
use liaison_operations::access_requests::{self, ChangeWish, CopiedLink, Edit};
use liaison_operations::{Call, Error, Result};

use super::wrong::Wrong;
use super::{guid, render_again};
use crate::extract::{PathText, Submission};
use crate::pages::{Page, page, redirect};
use crate::shell::{Section, Shell};

/// Does what a form asks for, and leads back to the request; a refusal is shown there.
async fn act<F>(form: Submission, request: Guid, (code, work): (&str, F)) -> Page
where
    F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<()> + Send + 'static,
{
    let visitor = &form.visitor;
    match visitor.web.app.act_as(visitor.credential(), work).await {
        Ok(()) => Ok(redirect(&format!("/requests/{request}?done={code}"))),
        Err(Error::Refused(refusal)) => render_again(visitor, request, Wrong::of(&refusal, &form.fields)).await,
        Err(other) => Err(visitor.refused(other)),
    }
}

/// `POST /requests/{guid}/notes`.
pub(crate) async fn notes(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    let typed = form.fields.text("notes").replace("\r\n", "\n");
    let notes = Some(typed.trim_end().to_owned()).filter(|notes| !notes.is_empty());
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let edit = Edit {
            notes: Some(notes.clone()),
            trial_duration: None,
        };
        access_requests::edit(tx, call, request, &edit)
    };
    act(form, request, ("saved", work)).await
}

/// `POST /requests/{guid}/trial`: days of access, counted from acceptance.
pub(crate) async fn trial(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    let Ok(days) = form.fields.text("trial_duration").trim().parse::<i64>() else {
        let words = "The trial must be a number of days, such as 60.";
        let wrong = Wrong::field("trial_duration", words, &form.fields);
        return render_again(&form.visitor, request, wrong).await;
    };
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let edit = Edit {
            notes: None,
            trial_duration: Some(days),
        };
        access_requests::edit(tx, call, request, &edit)
    };
    act(form, request, ("extended", work)).await
}

/// `POST /requests/{guid}/resend`.
pub(crate) async fn resend(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>| access_requests::resend(tx, call, request, &|_| ());
    act(form, request, ("resent", work)).await
}

/// `POST /requests/{guid}/resolve`.
pub(crate) async fn resolve(PathText(request): PathText, form: Submission) -> Page {
    change(guid(&request), form, (Change::Resolve, "resolved")).await
}

/// `POST /requests/{guid}/approve`.
pub(crate) async fn approve(PathText(request): PathText, form: Submission) -> Page {
    change(guid(&request), form, (Change::Approve, "approved")).await
}

/// `POST /requests/{guid}/reject`.
pub(crate) async fn reject(PathText(request): PathText, form: Submission) -> Page {
    change(guid(&request), form, (Change::Reject, "rejected")).await
}

async fn change(request: Guid, form: Submission, (change, code): (Change, &str)) -> Page {
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let wish = ChangeWish {
            guid: Some(request),
            change,
        };
        access_requests::change_status(tx, call, wish, &|_| ())
    };
    act(form, request, (code, work)).await
}

#[derive(Template)]
#[template(path = "request_link.html")]
struct LinkPage {
    shell: Shell,
    request: Guid,
    requestee: String,
    email: String,
    company: String,
    copied: CopiedLink,
}

/// `POST /requests/{guid}/link`: a new link and code, on this answer and nowhere else.
pub(crate) async fn link(PathText(request): PathText, form: Submission) -> Page {
    let request = guid(&request);
    let visitor = &form.visitor;
    let work = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let copied = access_requests::copy_link(tx, call, request)?;
        let person = access_requests::sent(tx, call, request, &|row| {
            let [name, email, company] = [
                row.requestee_formal_name,
                row.requestee_email,
                row.requestee_company_name,
            ];
            [name.to_owned(), email.to_owned(), company.to_owned()]
        })?;
        Ok((copied, person))
    };
    let (copied, person) = match visitor.web.app.act_as(visitor.credential(), work).await {
        Ok(done) => done,
        Err(Error::Refused(refusal)) => return not_now(&form, request, &refusal).await,
        Err(other) => return Err(visitor.refused(other)),
    };
    let (shell, ()) = visitor.look(Section::Outbox, |_, _| Ok(())).await?;
    let [requestee, email, company] = person;
    let shown = LinkPage {
        shell,
        request,
        requestee,
        email,
        company,
        copied,
    };
    Ok(secret(page(StatusCode::OK, &shown)))
}

async fn not_now(form: &Submission, request: Guid, refusal: &Refusal) -> Page {
    render_again(&form.visitor, request, Wrong::of(refusal, &form.fields)).await
}

/// An answer that no cache keeps.
pub(super) fn secret(mut answer: Response) -> Response {
    let value = http::HeaderValue::from_static("no-store");
    answer.headers_mut().insert(http::header::CACHE_CONTROL, value);
    answer
}
