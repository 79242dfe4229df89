//! `/portfolio`: the companies that a customer follows, searched, filtered, sorted, and as a file.

mod sheet;
mod words;

use askama::Template;
use http::StatusCode;
use liaison_domain::search;
use liaison_operations::portfolio::{
    self, CHANGE_DAYS, Choice, Choices, Direction, Filter, Followed, Key, Order, Part,
};

pub(crate) use words::{day, day_of, severities, why_not};

use super::{Page, page};
use crate::extract::{Params, Visitor};
use crate::shell::{Section, Shell};
use crate::tables::{MediaType, Reader, csv, download};

/// Rows of one page.
const ROWS: i64 = 50;
/// Rows of a file.
const FILE_ROWS: i64 = 50_000;

/// What the query asks for.
#[derive(Clone, Debug, Default)]
struct Asked {
    search: String,
    tier: String,
    folder: String,
    uninvited: bool,
    sort: String,
    /// From 1.
    page: i64,
}

impl Asked {
    fn read(params: &Params) -> Asked {
        let text = |name: &str| params.text(name).unwrap_or_default().to_owned();
        Asked {
            search: text("q"),
            tier: text("tier"),
            folder: text("folder"),
            uninvited: params.text("invited") == Some("no"),
            sort: text("sort"),
            page: params.count("page").ok().flatten().unwrap_or(1).clamp(1, 1_000_000),
        }
    }

    fn filter(&self, params: &Params) -> Filter {
        Filter {
            terms: (!self.search.is_empty()).then(|| search::terms(&self.search)),
            tiers: params.guid("tier").map(Choice::one),
            folders: params.guid("folder").map(Choice::one),
            uninvited: self.uninvited,
            ..Filter::default()
        }
    }

    fn order(&self) -> Order<'static> {
        match self.sort.as_str() {
            "-name" => &[(Key::Name, Direction::Descending)],
            "rating" => &[(Key::Rating, Direction::Ascending)],
            "-rating" => &[(Key::Rating, Direction::Descending)],
            "tier" => &[(Key::Tier, Direction::Ascending)],
            "sent" => &[(Key::Request, Direction::Ascending)],
            "-sent" => &[(Key::Request, Direction::Descending)],
            _ => &[(Key::Name, Direction::Ascending)],
        }
    }

    fn is_filtered(&self) -> bool {
        self.uninvited
            || [&self.search, &self.tier, &self.folder]
                .iter()
                .any(|text| !text.is_empty())
    }

    /// The address of this list at `path`, with one thing different.
    fn href(&self, path: &str, (name, value): (&str, &str)) -> String {
        let page = self.page.to_string();
        let invited = if self.uninvited { "no" } else { "" };
        let known = [
            ("q", self.search.as_str()),
            ("tier", &self.tier),
            ("folder", &self.folder),
            ("invited", invited),
            ("sort", &self.sort),
            ("page", if name == "page" { &page } else { "" }),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, kept) in known {
            let value = if key == name { value } else { kept };
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{query}")
    }
}

#[derive(Template)]
#[template(path = "portfolio.html")]
struct Show {
    shell: Shell,
    asked: Asked,
    listed: Part,
    choices: Choices,
    change_days: i64,
}

impl Show {
    fn href(&self, name: &str, value: &str) -> String {
        self.asked.href("/portfolio", (name, value))
    }

    /// The other direction where the list is sorted by this already.
    fn sort_href(&self, ascending: &str, descending: &str) -> String {
        let is_ascending = self.asked.sort == ascending || (self.asked.sort.is_empty() && ascending == "name");
        self.href("sort", if is_ascending { descending } else { ascending })
    }

    fn direction(&self, ascending: &str, descending: &str) -> &'static str {
        let sort = if self.asked.sort.is_empty() {
            "name"
        } else {
            &self.asked.sort
        };
        match sort {
            _ if sort == ascending => "ascending",
            _ if sort == descending => "descending",
            _ => "",
        }
    }

    fn file_href(&self) -> String {
        self.asked.href("/portfolio.csv", ("", ""))
    }

    /// Why nobody can be invited by this visitor, whatever the company.
    fn may_invite(&self) -> bool {
        self.shell.facts.may_invite
    }

    fn name_of(&self, choices: &[(liaison_domain::Guid, String)], guid: &str) -> String {
        let known = choices.iter().find(|(known, _)| known.to_string() == guid);
        known.map_or_else(|| "unknown".to_owned(), |(_, name)| name.clone())
    }

    fn pages(&self) -> (String, String) {
        let page = self.asked.page;
        let to = |page: i64| self.href("page", &page.to_string());
        let before = if page > 1 { to(page - 1) } else { String::new() };
        let after = if page * ROWS < self.listed.count {
            to(page + 1)
        } else {
            String::new()
        };
        (before, after)
    }

    fn counted(&self) -> String {
        let (count, shown) = (self.listed.count, self.listed.companies.len() as i64);
        let companies = if count == 1 { "company" } else { "companies" };
        let first = (self.asked.page - 1) * ROWS + 1;
        match shown {
            _ if shown == count => format!("{count} {companies}"),
            0 => format!("None here, {count} {companies} in all"),
            _ => format!("{first} to {} of {count} {companies}", first + shown - 1),
        }
    }
}

/// `GET /portfolio`.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Page {
    let asked = Asked::read(&params);
    let (filter, order, offset) = (asked.filter(&params), asked.order(), (asked.page - 1) * ROWS);
    let read = visitor.look(Section::Portfolio, move |tx, call| {
        let listed = portfolio::list(tx, call, (&filter, order), (ROWS, offset))?;
        Ok((listed, portfolio::choices(tx, call)?))
    });
    let (shell, (listed, choices)) = read.await?;
    Ok(page(
        StatusCode::OK,
        &Show {
            shell,
            asked,
            listed,
            choices,
            change_days: CHANGE_DAYS,
        },
    ))
}

/// `GET /portfolio.csv`: the same companies, all of them.
pub(crate) async fn file(visitor: Visitor, params: Params) -> Page {
    let asked = Asked::read(&params);
    let (filter, order) = (asked.filter(&params), asked.order());
    let read = visitor.look(Section::Portfolio, move |tx, call| {
        portfolio::list(tx, call, (&filter, order), (FILE_ROWS, 0))
    });
    let (_, listed) = read.await?;
    let written = csv(&sheet::sheet(&listed.companies), Reader::Spreadsheet);
    Ok(download("portfolio.csv", MediaType::Csv, written))
}

/// How a rating moved, in words; empty where it did not or nobody knows.
fn moved(company: &Followed) -> String {
    match company.change {
        Some(up @ 1..) => format!("up {up}"),
        Some(down @ ..=-1) => format!("down {}", -down),
        _ => String::new(),
    }
}
