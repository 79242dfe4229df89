//! `/inbox`: the requests that a company received, open and resolved, searched and narrowed; and the same as a file.

pub(crate) mod room;

use std::collections::HashSet;

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::sides::Side;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::{
    AccessRequest, Received, count_inbox, each_of_inbox, list_senders, mark_read, next_of,
};
use liaison_operations::{Call, Result, messages};

use super::{Page, page, redirect};
use crate::extract::{Params, Submission, Visitor};
use crate::shell::{Section, Shell};
use crate::tables::{Cell, Column, Kind, MediaType, Reader, Sheet, csv, download};

/// Rows of a page.
const ROWS: i64 = 50;
/// Rows of a file at most.
const FILE_ROWS: i64 = 50_000;

#[derive(Template)]
#[template(path = "inbox.html")]
struct Show {
    shell: Shell,
    rows: Vec<Row>,
    /// Requests of the filters that are open, and that are resolved.
    counts: (i64, i64),
    senders: Vec<(String, String)>,
    wish: Wish,
    is_empty: bool,
}

/// What the query asks for.
struct Wish {
    resolved: bool,
    reason: String,
    sender: String,
    unread: bool,
    search: String,
    by_activity: bool,
    page: i64,
}

impl Wish {
    fn of(params: &Params) -> std::result::Result<Wish, crate::errors::ApiError> {
        let text = |name: &str| params.text(name).unwrap_or_default().to_owned();
        Ok(Wish {
            resolved: params.text("state") == Some("resolved"),
            reason: text("reason"),
            sender: text("sender"),
            unread: params.text("unread").is_some(),
            search: text("q").chars().take(200).collect(),
            by_activity: params.text("sort") == Some("activity"),
            page: params.count("page")?.unwrap_or(1).clamp(1, 1_000_000),
        })
    }

    /// The filter; `user` is whose unread threads count.
    fn filter(&self, user: Option<Guid>) -> Received {
        Received {
            resolved: Some(self.resolved),
            reason: Reason::parse(&self.reason),
            sender: Some(self.sender.as_str())
                .filter(|sender| !sender.is_empty())
                .map(super::requests::guid),
            unread_by: self.unread.then(|| user.unwrap_or_default()),
            search: Some(self.search.clone()).filter(|search| !search.is_empty()),
            by_activity: self.by_activity,
        }
    }

    fn is_narrowed(&self) -> bool {
        self.unread || !(self.reason.is_empty() && self.sender.is_empty() && self.search.is_empty())
    }

    /// The query with one part set anew; an empty value leaves it out.
    fn with(&self, name: &str, value: &str) -> String {
        let state = if self.resolved { "resolved" } else { "" };
        let unread = if self.unread { "yes" } else { "" };
        let sort = if self.by_activity { "activity" } else { "" };
        let parts = [
            ("state", state),
            ("q", self.search.as_str()),
            ("reason", self.reason.as_str()),
            ("sender", self.sender.as_str()),
            ("unread", unread),
            ("sort", sort),
            ("page", ""),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (known, now) in parts {
            let part = if known == name { value } else { now };
            if !part.is_empty() {
                query.append_pair(known, part);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            String::new()
        } else {
            format!("?{query}")
        }
    }
}

/// One received request.
struct Row {
    guid: Guid,
    at: Timestamp,
    company: String,
    sender: String,
    recipient: String,
    /// How many others were told.
    others: usize,
    reason: &'static str,
    items: i64,
    status: Status,
    next: String,
    messages: i64,
    last_message: Option<Timestamp>,
    is_read: bool,
    has_unseen: bool,
    emails: (String, String),
}

impl Row {
    fn of(r: &AccessRequest<'_>, now: Timestamp) -> Row {
        let ccs = r.ccs.map_or(0, |ccs| ccs.split(',').count());
        Row {
            guid: r.guid,
            at: r.created_at,
            company: r.requester_company_name.to_owned(),
            sender: r.requester_formal_name.to_owned(),
            recipient: r.requestee_formal_name.to_owned(),
            others: ccs,
            reason: Reason::parse(r.reason).unwrap_or_default().name(),
            items: r.observations_count,
            status: r.status,
            next: next_of(r, Side::Vendor, now).sentence,
            messages: r.messages_count,
            last_message: r.last_message_at,
            is_read: r.is_read,
            has_unseen: false,
            emails: (r.requester_email.to_owned(), r.requestee_email.to_owned()),
        }
    }

    fn is_unread(&self) -> bool {
        !self.is_read || self.has_unseen
    }
}

fn rows(tx: &mut Tx<'_>, call: &Call<'_>, part: (&Received, (i64, i64))) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    each_of_inbox(tx, call, part, |request| {
        rows.push(Row::of(request, call.now));
        Ok(())
    })?;
    let guids: Vec<Guid> = rows.iter().map(|row| row.guid).collect();
    let unseen: HashSet<Guid> = messages::list_unread(tx, call, Side::Vendor, &guids)?
        .into_iter()
        .collect();
    for row in &mut rows {
        row.has_unseen = unseen.contains(&row.guid);
    }
    Ok(rows)
}

/// Whose unread threads count.
fn reader(call: &Call<'_>) -> Option<Guid> {
    call.actor.user.as_ref().map(|user| user.guid)
}

/// `GET /inbox`.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Page {
    let wish = Wish::of(&params)?;
    let (asked, offset) = (Wish::of(&params)?, (wish.page - 1) * ROWS);
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let filter = asked.filter(reader(call));
        let rows = rows(tx, call, (&filter, (offset, ROWS)))?;
        Ok((rows, count_inbox(tx, call, &filter)?, list_senders(tx, call)?))
    };
    let (shell, (rows, counts, senders)) = visitor.look(Section::Inbox, read).await?;
    let shown = Show {
        shell,
        is_empty: counts == (0, 0) && !wish.is_narrowed(),
        rows,
        counts,
        senders: senders
            .into_iter()
            .map(|(guid, name)| (guid.to_string(), name))
            .collect(),
        wish,
    };
    Ok(page(StatusCode::OK, &shown))
}

impl Show {
    fn in_tab(&self) -> i64 {
        if self.wish.resolved {
            self.counts.1
        } else {
            self.counts.0
        }
    }

    fn pager(&self) -> String {
        let total = self.in_tab();
        let first = (self.wish.page - 1) * ROWS + 1;
        let last = (first - 1).saturating_add(i64::try_from(self.rows.len()).unwrap_or_default());
        match (total, total > ROWS) {
            (1, _) => "1 request".to_owned(),
            (total, false) => format!("{total} requests"),
            (total, true) => format!("{first} to {last} of {total} requests"),
        }
    }

    /// Which way a column is sorted by, for readers of the screen.
    fn sorted(&self, column: &str) -> &'static str {
        if self.wish.by_activity == (column == "activity") {
            "descending"
        } else {
            ""
        }
    }

    fn day(&self, at: &Timestamp) -> String {
        at.for_people().split(',').next().unwrap_or_default().to_owned()
    }

    fn newer(&self) -> String {
        match self.wish.page {
            1 => String::new(),
            page => format!("/inbox{}", self.wish.with("page", &(page - 1).to_string())),
        }
    }

    fn older(&self) -> String {
        if self.wish.page * ROWS < self.in_tab() {
            format!("/inbox{}", self.wish.with("page", &(self.wish.page + 1).to_string()))
        } else {
            String::new()
        }
    }

    /// The filters in force: words, and the query without each.
    fn filters(&self) -> Vec<(String, String)> {
        let wish = &self.wish;
        let mut on = Vec::new();
        if !wish.search.is_empty() {
            on.push((format!("\u{201c}{}\u{201d}", wish.search), wish.with("q", "")));
        }
        if !wish.reason.is_empty() {
            let name = Reason::parse(&wish.reason).map_or("Any reason", Reason::name);
            on.push((name.to_owned(), wish.with("reason", "")));
        }
        if !wish.sender.is_empty() {
            let sender = self.senders.iter().find(|(guid, _)| *guid == wish.sender);
            let name = sender.map_or("An unknown sender", |(_, name)| name);
            on.push((name.to_owned(), wish.with("sender", "")));
        }
        if wish.unread {
            on.push(("Unread".to_owned(), wish.with("unread", "")));
        }
        on
    }
}

/// `POST /inbox/read`: everything counts as read.
pub(crate) async fn read_all(form: Submission) -> Page {
    let visitor = &form.visitor;
    let done = visitor.web.app.repeat_as(visitor.credential(), mark_read).await;
    done.map_err(|error| visitor.refused(error))?;
    Ok(redirect("/inbox?done=read"))
}

/// `GET /inbox.csv`: every request that the filters of the page leave, at most 50 000.
pub(crate) async fn file(visitor: Visitor, params: Params) -> Page {
    let wish = Wish::of(&params)?;
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        let filter = wish.filter(reader(call));
        rows(tx, call, (&filter, (0, FILE_ROWS)))
    };
    let rows = visitor.web.app.read_as(visitor.credential(), read).await;
    let rows = rows.map_err(|error| visitor.refused(error))?;
    let bytes = csv(&sheet(rows), Reader::Spreadsheet);
    Ok(download("inbox.csv", MediaType::Csv, bytes))
}

fn sheet(rows: Vec<Row>) -> Sheet {
    let columns = [
        ("Date", Kind::DateTime),
        ("From", Kind::Text),
        ("Sender", Kind::Text),
        ("Sender address", Kind::Text),
        ("To", Kind::Text),
        ("To address", Kind::Text),
        ("Reason", Kind::Text),
        ("Items", Kind::Number),
        ("Status", Kind::Text),
        ("Messages", Kind::Number),
        ("Last message", Kind::DateTime),
        ("Unread", Kind::Text),
        ("Guid", Kind::Text),
    ];
    Sheet {
        name: "Inbox".to_owned(),
        columns: columns.map(|(title, kind)| Column::new(title, kind)).into(),
        rows: rows.into_iter().map(cells).collect(),
    }
}

fn cells(row: Row) -> Vec<Cell> {
    let unread = if row.is_unread() { "yes" } else { "no" };
    vec![
        row.at.into(),
        row.company.into(),
        row.sender.into(),
        row.emails.0.into(),
        row.recipient.into(),
        row.emails.1.into(),
        row.reason.into(),
        row.items.into(),
        row.status.slug().into(),
        row.messages.into(),
        row.last_message.into(),
        unread.into(),
        row.guid.to_string().into(),
    ]
}
