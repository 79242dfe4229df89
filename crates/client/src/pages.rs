//! Lists in whatever way their server pages them: envelopes with links, envelopes with counts alone, bare arrays with a
//! `Link` header, bare arrays.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::answer::parse;
use crate::{Answer, Call, Client, Error};

/// Pages of one list; more is taken for a list without end.
const MOST_PAGES: u64 = 200_000;
/// Pages in a row that may be empty and still have a next one.
const MOST_EMPTY: u32 = 20;

/// A list that is read page by page.
pub struct Pages {
    client: Client,
    call: Call,
    next: Next,
    /// Digests of the addresses that were read, so that a circle is noticed.
    read: HashSet<u64>,
    last_page: u64,
    pages: u64,
    empty: u32,
    rows: u64,
    count: Option<u64>,
}

enum Next {
    First,
    At(Url),
    /// The list may go on there; a server that does not page gives the same rows again.
    Perhaps(Url),
    End,
}

/// One page.
#[derive(Debug)]
pub struct Page {
    path: String,
    rows: Vec<Box<RawValue>>,
    /// How many rows the server says there are; none for a bare array.
    pub count: Option<u64>,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    links: Option<Links>,
    #[serde(default)]
    next: Option<Value>,
    #[serde(default)]
    next_url: Option<Value>,
    #[serde(default)]
    count: Option<Value>,
    results: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    next: Option<Value>,
}

impl Page {
    /// The rows, read as a type. What does not fit is an error of that row alone.
    pub fn rows<T: DeserializeOwned>(&self) -> impl Iterator<Item = Result<T, Error>> {
        self.rows.iter().map(|row| parse(&self.path, row.get().as_bytes()))
    }
}

impl Pages {
    pub(crate) fn new(client: Client, call: Call) -> Pages {
        Pages {
            client,
            call,
            next: Next::First,
            read: HashSet::new(),
            last_page: 0,
            pages: 0,
            empty: 0,
            rows: 0,
            count: None,
        }
    }

    /// Rows read so far.
    pub fn seen(&self) -> u64 {
        self.rows
    }

    /// The next page; none after the last one. After an error there is nothing more.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let outcome = self.advance().await;
        if outcome.is_err() {
            self.next = Next::End;
        }
        outcome
    }

    async fn advance(&mut self) -> Result<Option<Page>, Error> {
        let (url, is_guess) = match std::mem::replace(&mut self.next, Next::End) {
            Next::End => return self.end().map(|()| None),
            Next::First => (self.call.url(self.client.base())?, false),
            Next::At(url) => (url, false),
            Next::Perhaps(url) => (url, true),
        };
        self.pages += 1;
        if !self.read.insert(digest(url.as_str())) {
            return Err(self.looping("a page leads back to an earlier one"));
        }
        if self.pages > MOST_PAGES {
            return Err(self.looping("there are too many"));
        }
        let answer = self.client.send_to(&self.call, url.clone()).await?;
        let page_digest = digest(answer.body());
        let (page, next) = self.understand(&answer, &url)?;
        if !page.rows.is_empty() && page_digest == self.last_page {
            // Whoever was only asked whether there is more has given all of it before.
            return if is_guess {
                Ok(None)
            } else {
                Err(self.looping("the same page came twice"))
            };
        }
        self.empty = if page.rows.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY {
            return Err(self.looping("one empty page leads to another"));
        }
        self.last_page = page_digest;
        self.rows += page.rows.len() as u64;
        self.count = page.count;
        self.next = match next {
            Some(next) => next,
            None => self.guess(&page, url),
        };
        Ok(Some(page))
    }

    /// The list has ended: has all of it come?
    fn end(&self) -> Result<(), Error> {
        match self.count {
            Some(count) if self.rows < count => Err(Error::Truncated(format!(
                "{}: {} of {count} rows came",
                self.call.path, self.rows
            ))),
            _ => Ok(()),
        }
    }

    /// The rows of an answer, and where it says that the list goes on, or that it does not.
    fn understand(&self, answer: &Answer, url: &Url) -> Result<(Page, Option<Next>), Error> {
        let path = self.call.path.clone();
        let is_bare = answer.body().iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        if is_bare {
            let rows = answer.json()?;
            let next = linked(&answer.headers)
                .map(|link| self.same_server(url, &link))
                .transpose()?;
            let page = Page {
                path,
                rows,
                count: None,
            };
            return Ok((page, next.map(Next::At)));
        }
        let envelope: Envelope = answer.json()?;
        let has_links = envelope.links.is_some();
        let named = envelope
            .links
            .and_then(|links| links.next)
            .or(envelope.next)
            .or(envelope.next_url);
        let next = match named {
            None | Some(Value::Null) => has_links.then_some(Next::End),
            Some(Value::String(link)) if link.is_empty() => Some(Next::End),
            Some(Value::String(link)) => Some(Next::At(self.same_server(url, &link)?)),
            Some(other) => {
                let reason = format!("links.next is {other}");
                return Err(Error::Shape { path, reason });
            }
        };
        let count = envelope.count.as_ref().and_then(Value::as_u64);
        let page = Page {
            path,
            rows: envelope.results,
            count,
        };
        Ok((page, next))
    }

    /// Where a list goes on whose server does not say.
    fn guess(&self, page: &Page, url: Url) -> Next {
        let asked = url.query_pairs().find(|(name, _)| name == "limit");
        let limit: Option<usize> = asked.and_then(|(_, value)| value.parse().ok());
        let is_full = limit.is_some_and(|limit| limit > 0 && page.rows.len() == limit);
        let more = match page.count {
            Some(count) => self.rows < count && !page.rows.is_empty(),
            None => is_full,
        };
        if more {
            Next::Perhaps(with_offset(url, self.rows))
        } else {
            Next::End
        }
    }

    /// A link's place on this server. One that names another host is not followed. Scheme and port stay those of the
    /// address that was given: a server behind a proxy often does not know its own.
    fn same_server(&self, from: &Url, link: &str) -> Result<Url, Error> {
        let wrong = || Error::Redirected {
            to: link.chars().take(200).collect(),
        };
        let to = from.join(link).map_err(|_| wrong())?;
        if to.host() != self.client.base().host() || to.host().is_none() {
            return Err(wrong());
        }
        let mut url = self.client.base().clone();
        url.set_path(to.path());
        url.set_query(to.query());
        Ok(url)
    }

    fn looping(&self, reason: &str) -> Error {
        Error::Looping {
            path: self.call.path.clone(),
            reason: format!("{reason} (page {}, {} rows)", self.pages, self.rows),
        }
    }
}

fn digest(bytes: impl AsRef<[u8]>) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.as_ref().hash(&mut hasher);
    hasher.finish()
}

fn with_offset(mut url: Url, offset: u64) -> Url {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "offset")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair("offset", &offset.to_string());
    url
}

/// The target of `Link: <…>; rel="next"`.
fn linked(headers: &HeaderMap) -> Option<String> {
    let values = headers
        .get_all(header::LINK)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(",<").flat_map(|part| part.split(", <")))
        .find_map(|part| {
            let (target, parameters) = part.trim_start_matches([' ', '<']).split_once('>')?;
            let is_next = parameters.split(';').any(|parameter| {
                let (name, value) = parameter.split_once('=').unwrap_or_default();
                name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"').eq_ignore_ascii_case("next")
            });
            is_next.then(|| target.to_owned())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_of_a_link_header_is_found() {
        let link = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::LINK, header::HeaderValue::from_static(value));
            linked(&headers)
        };
        assert_eq!(
            link("</v1/x?cursor=a,b>; rel=\"next\"").as_deref(),
            Some("/v1/x?cursor=a,b")
        );
        assert_eq!(link("</p>; rel=prev, </n>; title=x; rel=next").as_deref(), Some("/n"));
        assert_eq!(link("</p>; rel=\"prev\""), None);
        assert_eq!(link("nonsense"), None);
    }

    #[test]
    fn an_offset_takes_the_place_of_the_old_one() {
        let url = Url::parse("https://a.example/x?offset=5&q=a+b&limit=3").unwrap();
        assert_eq!(
            with_offset(url, 10).as_str(),
            "https://a.example/x?q=a+b&limit=3&offset=10"
        );
    }
}
