//! `/links`: access links, who came through them, and who waits to be let in. For administrators.

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::access_requests::Change;
use liaison_domain::{Refusal, ids};
use liaison_operations::access_links::{self, LinkChange, NewLink, Overview};
use liaison_operations::access_requests::{self, ChangeWish};
use liaison_operations::{Call, Error};

use super::{Page, page, redirect};
use crate::extract::{FormFields, PathText, Submission, Visitor};
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "links.html")]
struct Show<'p> {
    shell: Shell,
    overview: &'p Overview,
    fields: &'p FormFields,
    wrong: &'p [(String, String)],
}

impl Show<'_> {
    fn error(&self, field: &str) -> &str {
        let found = self.wrong.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, words)| words)
    }
}

#[derive(Template)]
#[template(path = "link.html")]
struct Edit<'p> {
    shell: Shell,
    guid: &'p str,
    url: &'p str,
    fields: &'p FormFields,
    wrong: &'p [(String, String)],
}

impl Edit<'_> {
    fn error(&self, field: &str) -> &str {
        let found = self.wrong.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, words)| words)
    }
}

/// `GET /links`.
pub(crate) async fn show(visitor: Visitor) -> Page {
    render(&visitor, &FormFields::default(), &[]).await
}

/// `POST /links`: makes one.
pub(crate) async fn create(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let new = NewLink {
        name: fields.text("name").to_owned(),
        description: fields.text("description").to_owned(),
        is_active: true,
        scope: Some("tprm".to_owned()),
    };
    match visitor.act(move |tx, call| access_links::create(tx, call, &new)).await {
        Ok(_) => Ok(redirect("/links?done=made")),
        Err(error) => match error.field() {
            Some(wrong) => render(&visitor, &fields, &[wrong]).await,
            None => Err(error),
        },
    }
}

/// `GET /links/{guid}`: its name and description, to be changed.
pub(crate) async fn show_one(visitor: Visitor, PathText(guid): PathText) -> Page {
    edit(&visitor, &guid, None, &[]).await
}

/// `POST /links/{guid}`: changes, switches or deletes it.
pub(crate) async fn change(PathText(guid): PathText, form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let link = ids::parse_guid(&guid);
    if fields.has("delete") {
        visitor
            .act(move |tx, call| access_links::delete(tx, call, link))
            .await?;
        return Ok(redirect("/links?done=deleted"));
    }
    let text = |name: &str| fields.has(name).then(|| fields.text(name).to_owned());
    let change = LinkChange {
        name: text("name"),
        description: text("description"),
        is_active: match fields.text("switch") {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        },
    };
    let done = visitor
        .act(move |tx, call| access_links::update(tx, call, link, &change).map(|_| ()))
        .await;
    match done {
        Ok(()) => Ok(redirect("/links?done=saved")),
        Err(error) => match error.field() {
            Some(wrong) => edit(&visitor, &guid, Some(&fields), &[wrong]).await,
            None => Err(error),
        },
    }
}

/// `POST /links/requests/{guid}`: lets somebody in who asked, or turns them down.
pub(crate) async fn decide(PathText(guid): PathText, form: Submission) -> Page {
    let approve = form.fields.has("approve");
    let wish = ChangeWish {
        guid: ids::parse_guid(&guid),
        change: if approve { Change::Approve } else { Change::Reject },
    };
    let visitor = form.visitor;
    visitor
        .act(move |tx, call| {
            call.actor.require_admin()?;
            match access_requests::change_status(tx, call, wish, &|_| ()) {
                // Somebody else decided in the meantime: the page shows what became of it.
                Err(Error::Refused(Refusal::StatusConflict)) => Ok(()),
                other => other,
            }
        })
        .await?;
    let done = if approve { "approved" } else { "rejected" };
    Ok(redirect(&format!("/links?done={done}")))
}

async fn render(visitor: &Visitor, fields: &FormFields, wrong: &[(String, String)]) -> Page {
    let (shell, overview) = visitor.look(Section::Links, access_links::overview).await?;
    Ok(page(
        status(wrong),
        &Show {
            shell,
            overview: &overview,
            fields,
            wrong,
        },
    ))
}

async fn edit(visitor: &Visitor, guid: &str, typed: Option<&FormFields>, wrong: &[(String, String)]) -> Page {
    let link = ids::parse_guid(guid);
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        call.actor.require_admin()?;
        let link = access_links::find(tx, call, link)?;
        let url = access_links::url(call.env, link.guid);
        Ok((link, url))
    };
    let (shell, (link, url)) = visitor.look(Section::Links, read).await?;
    let stored = FormFields::of(&[("name", &link.name), ("description", &link.description)]);
    let shown = Edit {
        shell,
        guid,
        url: &url,
        fields: typed.unwrap_or(&stored),
        wrong,
    };
    Ok(page(status(wrong), &shown))
}

fn status(wrong: &[(String, String)]) -> StatusCode {
    if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}
