//! `/notifications`: what the user was told, and what of it they have read.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use liaison_db::Tx;
use liaison_operations::notifications::{self, Listed, Notification};
use liaison_operations::settings::ROWS;
use liaison_operations::{Call, Error};

use super::{Page, page, redirect};
use crate::extract::{Params, PathText, Submission, Visitor};
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "notifications.html")]
struct Show {
    shell: Shell,
    rows: Vec<Notification>,
    total: i64,
    unread: i64,
    page: i64,
}

/// `GET /notifications`: newest first.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Page {
    let number = params.count("page")?.unwrap_or(1).clamp(1, 1000);
    let find = move |tx: &mut Tx<'_>, call: &Call<'_>| notifications::list(tx, call, (ROWS, (number - 1) * ROWS));
    let (shell, listed) = visitor.look(Section::Notifications, find).await?;
    let Listed {
        notifications: rows,
        total,
        unread,
    } = listed;
    let shown = Show {
        shell,
        rows,
        total,
        unread,
        page: number,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `POST /notifications`: marks one as read, or all.
pub(crate) async fn mark(form: Submission) -> Page {
    let visitor = form.visitor;
    if form.fields.has("all") {
        visitor.act(notifications::mark_all).await?;
    } else {
        let number = form.fields.text("number").parse::<i64>().unwrap_or_default();
        read(&visitor, number).await?;
    }
    Ok(redirect("/notifications?done=read"))
}

/// `GET /notifications/{number}`: marks it as read and leads to what it is about.
pub(crate) async fn follow(visitor: Visitor, PathText(number): PathText) -> Page {
    let number = number.parse::<i64>().unwrap_or_default();
    let notification = read(&visitor, number).await?;
    Ok(lead(&notification))
}

async fn read(visitor: &Visitor, number: i64) -> Result<Notification, super::PageError> {
    visitor
        .act(move |tx, call| match number {
            1.. => notifications::mark(tx, call, number, Some(false)),
            _ => Err(Error::NotFound),
        })
        .await
}

fn lead(notification: &Notification) -> Response {
    redirect(notifications::path(notification).as_deref().unwrap_or("/notifications"))
}

impl Show {
    fn pager(&self) -> String {
        if self.total <= ROWS && self.page == 1 {
            return format!("{} notifications", self.total);
        }
        let first = (self.page - 1) * ROWS + 1;
        let last = (first + ROWS - 1).min(self.total);
        format!("{first} to {last} of {} notifications", self.total)
    }

    fn newer(&self) -> String {
        if self.page > 1 {
            format!("/notifications?page={}", self.page - 1)
        } else {
            String::new()
        }
    }

    fn older(&self) -> String {
        if self.page * ROWS < self.total {
            format!("/notifications?page={}", self.page + 1)
        } else {
            String::new()
        }
    }
}
