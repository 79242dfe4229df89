//! `/outbox`: everything that was sent, in numbers and row by row; searched, narrowed, sorted, and kept in the address.

pub(crate) mod bulk;
mod columns;
pub(crate) mod file;
mod narrowed;
mod plots;
mod rows;
mod wish;

use askama::Template;
use http::StatusCode;
use liaison_charts::Markup;
use liaison_db::Tx;
use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::{Timestamp, risk_vectors};
use liaison_operations::access_requests::{Choices, Overview, outbox_choices, overview};
use liaison_operations::{Call, Result};

use self::columns::Column;
use self::plots::{Tiles, grouped};
use self::rows::Row;
use self::wish::{ROWS, Wish};
use super::{Page, page, redirect};
use crate::extract::Visitor;
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "outbox.html")]
struct Show {
    shell: Shell,
    wish: Wish,
    rows: Vec<Row>,
    overview: Overview,
    tiles: Tiles,
    plots: Vec<Markup>,
    choices: Choices,
    /// What was wrong with the form that led here.
    problem: String,
}

/// What is read for the page.
struct Found {
    rows: Vec<Row>,
    overview: Overview,
    choices: Choices,
    now: Timestamp,
}

/// `GET /outbox`.
pub(crate) async fn show(visitor: Visitor) -> Page {
    let wish = Wish::parse(query(&visitor))?;
    render(&visitor, wish, "").await
}

fn query(visitor: &Visitor) -> &str {
    visitor.target.split_once('?').map_or("", |(_, query)| query)
}

/// The page; with a problem in words where a form was refused.
async fn render(visitor: &Visitor, wish: Wish, problem: &str) -> Page {
    let asked = wish.clone();
    let read = move |tx: &mut Tx<'_>, call: &Call<'_>| {
        // Who was only invited has sent nothing and is shown the way to the inbox.
        if call.actor.is_guest {
            return Ok(None);
        }
        find(tx, call, &asked).map(Some)
    };
    let (shell, found) = visitor.look(Section::Outbox, read).await?;
    let Some(found) = found else {
        return Ok(redirect("/inbox"));
    };
    let plots = if wish.shows_plots() {
        plots::plots(&found.overview, found.now)
    } else {
        Vec::new()
    };
    let shown = Show {
        shell,
        rows: found.rows,
        tiles: Tiles::of(&found.overview, found.now),
        overview: found.overview,
        plots,
        choices: found.choices,
        wish,
        problem: problem.to_owned(),
    };
    let status = if problem.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page(status, &shown))
}

fn find(tx: &mut Tx<'_>, call: &Call<'_>, wish: &Wish) -> Result<Found> {
    let sought = wish.sought(call);
    Ok(Found {
        rows: rows::read(tx, call, (&sought, wish.part()), &wish.columns)?,
        overview: overview(tx, call, &sought)?,
        choices: outbox_choices(tx, call, wish.company())?,
        now: call.now,
    })
}

/// A view of the list.
struct Tab {
    words: &'static str,
    href: String,
    count: i64,
    is_present: bool,
}

/// A choice of the filters: name in the query, label, the word for none, and values with words.
struct Choice {
    name: &'static str,
    label: &'static str,
    none: &'static str,
    values: Vec<(String, String)>,
}

impl Show {
    fn nothing_was_sent(&self) -> bool {
        self.overview.total() == 0 && !self.wish.is_narrowed()
    }

    /// Requests of the present view.
    fn total(&self) -> i64 {
        self.overview.count(self.wish.statuses(), self.wish.needs_me())
    }

    fn tabs(&self) -> Vec<Tab> {
        let (wish, overview) = (&self.wish, &self.overview);
        let given = wish.get("status");
        let mut tabs = vec![
            Tab {
                words: "All",
                href: wish.tab("", ""),
                count: overview.total(),
                is_present: given.is_empty() && !wish.needs_me(),
            },
            Tab {
                words: "Needs you",
                href: wish.tab("", "yes"),
                count: overview.needing(),
                is_present: wish.needs_me(),
            },
        ];
        for status in Status::ALL {
            let count = overview.with_status(status);
            let is_present = !wish.needs_me() && given.eq_ignore_ascii_case(status.slug());
            let is_rare = matches!(status, Status::Requested | Status::Rejected);
            if count > 0 || is_present || !is_rare {
                tabs.push(Tab {
                    words: status.slug(),
                    href: wish.tab(status.slug(), ""),
                    count,
                    is_present,
                });
            }
        }
        tabs
    }

    /// The choices under "More filters".
    fn filters(&self) -> Vec<Choice> {
        let named = |list: &[(liaison_domain::Guid, String)]| -> Vec<(String, String)> {
            list.iter()
                .map(|(guid, name)| (guid.to_string(), name.clone()))
                .collect()
        };
        let choice = |name, label, none, values| Choice {
            name,
            label,
            none,
            values,
        };
        let reasons = Reason::ALL.map(|reason| (reason.slug().to_owned(), reason.name().to_owned()));
        let vectors = risk_vectors::ALL.each_ref();
        let vectors = vectors.map(|vector| (vector.slug.to_owned(), vector.name.to_owned()));
        let choices = [
            choice("reason", "Reason", "Any reason", reasons.into()),
            choice(
                "context.risk_vectors.risk_vector.slug",
                "Risk vector",
                "Any risk vector",
                vectors.into(),
            ),
            choice("requesterid", "Sent by", "Anybody", named(&self.choices.requesters)),
            choice(
                "exclude_requesterid",
                "Not sent by",
                "Nobody",
                named(&self.choices.requesters),
            ),
            choice("group", "Group of the sender", "Any group", named(&self.choices.groups)),
            choice("tier_guid", "Tier", "Any tier", named(&self.choices.tiers)),
            choice("folder_guid", "Folder", "Any folder", named(&self.choices.folders)),
        ];
        choices.into_iter().filter(|choice| !choice.values.is_empty()).collect()
    }

    /// Whether what the query says of a filter is not among its choices, so that it would be lost.
    fn is_foreign(&self, choice: &Choice) -> bool {
        let given = self.wish.get(choice.name);
        !given.is_empty() && choice.values.iter().all(|(value, _)| value != given)
    }

    fn pager(&self) -> String {
        let total = self.total();
        let first = (self.wish.page - 1) * ROWS + 1;
        let last = first - 1 + i64::try_from(self.rows.len()).unwrap_or_default();
        match total {
            1 => "1 request".to_owned(),
            total if total <= ROWS => format!("{total} requests"),
            total => format!("{} to {} of {} requests", grouped(first), grouped(last), grouped(total)),
        }
    }

    fn newer(&self) -> String {
        if self.wish.page > 1 {
            self.wish.turned(self.wish.page - 1)
        } else {
            String::new()
        }
    }

    fn older(&self) -> String {
        let more = self.wish.page * ROWS < self.total();
        if more {
            self.wish.turned(self.wish.page + 1)
        } else {
            String::new()
        }
    }

    /// How the list is sorted by the recipient or their company, whose titles share a cell.
    fn by_person(&self) -> &'static str {
        let direction = self.wish.direction("recipient");
        if direction.is_empty() {
            self.wish.direction("company")
        } else {
            direction
        }
    }

    /// Whether a filter is in force that stands under "More filters".
    fn has_more(&self) -> bool {
        let is_outside = |name: &&str| ["q", "delivery", "company_guid"].contains(name);
        let mut more = wish::FILTERS.iter().filter(|name| !is_outside(name));
        more.any(|name| !self.wish.get(name).is_empty())
    }

    /// Every column, and whether it is chosen.
    fn column_choice(&self) -> Vec<(Column, bool)> {
        columns::all()
            .map(|column| (column, self.wish.columns.contains(&column)))
            .collect()
    }

    /// Whether the table is wider than a window may be.
    fn is_wide(&self) -> bool {
        self.wish.columns.len() > 6
    }

    /// `12 Nov 2026`.
    fn day(&self, at: &Timestamp) -> String {
        let text = at.for_people();
        text.split(',').next().unwrap_or_default().to_owned()
    }
}
