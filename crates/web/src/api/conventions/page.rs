//! Lists in pages: `limit`, `offset`, and the envelope with absolute links.

use liaison_domain::limits;
use schemars::JsonSchema;
use serde::Serialize;

use crate::errors::ApiError;
use crate::extract::Params;
use crate::openapi::{Kind, Parameter, query};

/// The parameters of every list in pages.
pub(crate) const LIMIT: Parameter = query(
    "limit",
    Kind::Count,
    "Rows of a page; 0 means 1, and more than the most there is means the most.",
);
/// The parameters of every list in pages.
pub(crate) const OFFSET: Parameter = query("offset", Kind::Count, "Rows to leave out before the page begins.");

/// Rows of a page where the caller does not say.
const USUAL: i64 = 100;

/// Which page of which list.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Rows of the page, 1 to 500 unless it is a file.
    pub(crate) limit: i64,
    /// Rows before it.
    pub(crate) offset: i64,
    address: String,
    others: Vec<(String, String)>,
}

/// A page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub(crate) struct Page<T> {
    /// Where the pages beside it are.
    pub(crate) links: Links,
    /// Rows of the whole list.
    pub(crate) count: i64,
    /// The rows.
    pub(crate) results: Vec<T>,
}

/// The pages beside a page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PageLinks")]
pub(crate) struct Links {
    /// Address of the next page.
    pub(crate) next: Option<String>,
    /// Address of the page before.
    pub(crate) previous: Option<String>,
}

impl Place {
    /// `limit` and `offset` of a list at `path` of the server at `public_url`.
    pub(crate) fn of(params: &Params, (public_url, path): (&str, &str)) -> Result<Place, ApiError> {
        let others = params.others(&["limit", "offset"]).into_iter();
        Ok(Place {
            limit: params.count("limit")?.unwrap_or(USUAL).clamp(1, limits::PAGE_ROWS),
            offset: params.count("offset")?.unwrap_or_default(),
            address: format!("{public_url}{path}"),
            others: others
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        })
    }

    /// The rows with their envelope.
    pub(crate) fn page<T>(&self, count: i64, results: Vec<T>) -> Page<T> {
        Page {
            links: self.links(count),
            count,
            results,
        }
    }

    /// The pages beside this one in a list of `count` rows.
    pub(crate) fn links(&self, count: i64) -> Links {
        let next = self.offset.saturating_add(self.limit);
        Links {
            next: (next < count).then(|| self.at(next)),
            previous: (self.offset > 0).then(|| self.at((self.offset - self.limit).max(0))),
        }
    }

    fn at(&self, offset: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.others);
        query.append_pair("limit", &self.limit.to_string());
        query.append_pair("offset", &offset.to_string());
        format!("{}?{}", self.address, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_link_to_each_other() {
        let place = |query: &str| Place::of(&Params::parse(query), ("https://x.example", "/a")).unwrap();
        let links = place("limit=2&offset=1&q=a+b").links(4);
        assert_eq!(
            links.next.as_deref(),
            Some("https://x.example/a?q=a+b&limit=2&offset=3")
        );
        assert_eq!(
            links.previous.as_deref(),
            Some("https://x.example/a?q=a+b&limit=2&offset=0")
        );
        let links = place("").links(100);
        assert_eq!((links.next, links.previous), (None, None));
        assert_eq!(place("limit=0").limit, 1);
        assert_eq!(place("limit=100000").limit, limits::PAGE_ROWS);
        assert!(Place::of(&Params::parse("limit=x"), ("", "")).is_err());
    }
}
