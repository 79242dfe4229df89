//! `POST /outbox/new/preview`: everybody who gets mail, their mails as they will be, and the room of the recipient.
//! `POST /outbox/new/mail`: one of these mails as a mail program shows it. Nothing is stored or sent.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use liaison_domain::access_requests::Reason;
use liaison_domain::ids;
use liaison_operations::access_requests::{self, PreviewRecipient, PreviewRole};
use liaison_operations::companies::{self, Invitee};
use liaison_operations::findings::{self, Listed};

use super::{Typed, send};
use crate::extract::{FormFields, Submission, Visitor};
use crate::pages::companies::{capital, severity_kind};
use crate::pages::{Page, PageError, page};
use crate::shell::{Section, Shell};

/// What the document of a mail may do: nothing but look as it was written.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; \
                           form-action 'none'";

#[derive(Template)]
#[template(path = "invite_preview.html")]
struct Show {
    shell: Shell,
    invitee: Invitee,
    typed: Typed,
    recipients: Vec<PreviewRecipient>,
    chosen: Vec<Listed>,
}

/// Shows what would be sent, or the form with what is wrong.
pub(crate) async fn show(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let typed = Typed::read(&fields);
    let draft = match typed.draft() {
        Ok(draft) => draft,
        Err(wrong) => return send::again(&visitor, typed, wrong).await,
    };
    let recipients = match recipients(&visitor, draft).await {
        Ok(recipients) => recipients,
        Err(error) => return send::refused(&visitor, typed, error).await,
    };
    let (company, ids) = (ids::parse_guid(&typed.company), typed.findings.clone());
    let read = visitor.look(Section::Outbox, move |tx, call| {
        let invitee = companies::invitee(tx, call, company)?;
        let chosen = findings::list_chosen(tx, call, invitee.guid, &ids)?;
        Ok((invitee, chosen))
    });
    let (shell, (invitee, chosen)) = read.await?;
    let shown = Show {
        shell,
        invitee,
        typed,
        recipients,
        chosen,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// The HTML part of a mail, as a document of its own: `mail` is the place of its recipient and its own, with a dot.
pub(crate) async fn mail(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let draft = Typed::read(&fields).draft().map_err(|_| PageError::not_found())?;
    let recipients = recipients(&visitor, draft)
        .await
        .map_err(|error| visitor.refused(error))?;
    find(&recipients, &fields).ok_or_else(PageError::not_found)
}

async fn recipients(
    visitor: &Visitor,
    draft: liaison_domain::drafts::Draft,
) -> liaison_operations::Result<Vec<PreviewRecipient>> {
    let app = &visitor.web.app;
    let read = app.read_as(visitor.credential(), move |tx, call| {
        access_requests::preview(tx, call, draft.clone())
    });
    read.await
}

fn find(recipients: &[PreviewRecipient], fields: &FormFields) -> Option<Response> {
    let (recipient, mail) = fields.text("mail").split_once('.')?;
    let recipient = recipients.get(recipient.parse::<usize>().ok()?)?;
    let mail = recipient.mails.get(mail.parse::<usize>().ok()?)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY)),
    ];
    Some((headers, mail.html.clone()).into_response())
}

impl Show {
    fn reason(&self) -> &'static str {
        Reason::parse(&self.typed.reason).unwrap_or_default().name()
    }

    fn mails(&self) -> usize {
        self.recipients.iter().map(|recipient| recipient.mails.len()).sum()
    }

    /// Days of the trial.
    fn trial(&self) -> i64 {
        self.typed.trial.trim().parse().unwrap_or(self.invitee.trial_duration)
    }

    /// The one who is invited, as the mails name them.
    fn recipient(&self) -> (&str, &str) {
        let invited = self
            .recipients
            .iter()
            .find(|recipient| recipient.role == PreviewRole::Requestee);
        invited.map_or(("", ""), |invited| (&invited.name, &invited.email))
    }
}

fn role(role: &PreviewRole) -> &'static str {
    match role {
        PreviewRole::Requestee => "Invited",
        PreviewRole::Cc => "Copy",
        PreviewRole::ThirdParty => "Third party",
        PreviewRole::CollaborationContact => "Their contact for collaboration",
    }
}

fn kind(kind: &str) -> &'static str {
    match kind {
        "activation" => "Link to come in",
        "notice" => "Notice",
        _ => "Introduction",
    }
}
