//! Mails of a request that are kept because no relay is configured: for those who may invite, as their reader would
//! see them.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_operations::Call;
use liaison_operations::access_requests::{KeptLetter, find_kept_letter};

use super::actions::secret;
use super::guid;
use crate::extract::{PathPair, Visitor};
use crate::pages::{Page, page};
use crate::shell::{Section, Shell};

/// What the mail's own document may do: show itself, and be left by its links.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; \
                      form-action 'none'; sandbox";

#[derive(Template)]
#[template(path = "request_mail.html")]
struct MailPage {
    shell: Shell,
    request: Guid,
    letter: KeptLetter,
}

fn find(path: &(String, String)) -> impl Fn(&mut Tx<'_>, &Call<'_>) -> liaison_operations::Result<KeptLetter> + use<> {
    let ids = (guid(&path.0), guid(&path.1));
    move |tx, call| find_kept_letter(tx, call, ids)
}

/// `GET /requests/{guid}/mails/{delivery}`: headers, text and the link.
pub(crate) async fn show(visitor: Visitor, PathPair(path): PathPair) -> Page {
    let (shell, letter) = visitor.look(Section::Outbox, find(&path)).await?;
    let shown = MailPage {
        shell,
        request: guid(&path.0),
        letter,
    };
    Ok(secret(page(StatusCode::OK, &shown)))
}

/// `GET /requests/{guid}/mails/{delivery}/html`: the HTML of the mail as a document of its own, which can run nothing.
pub(crate) async fn html(visitor: Visitor, PathPair(path): PathPair) -> Page {
    let (_, letter) = visitor.look(Section::Outbox, find(&path)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    let answer: Response = (headers, letter.mail.html).into_response();
    Ok(secret(answer))
}
