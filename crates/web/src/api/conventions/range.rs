//! Ranges: `severity`, or `severity_lt`, `_lte`, `_gt`, `_gte`.

use crate::errors::ApiError;
use crate::extract::Params;

/// Bounds of a value; the plain name and the suffixes exclude each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Range<T> {
    pub(crate) equal: Option<T>,
    pub(crate) below: Option<T>,
    pub(crate) at_most: Option<T>,
    pub(crate) above: Option<T>,
    pub(crate) at_least: Option<T>,
}

impl<T> Range<T> {
    /// The bounds of `name` in a query; `read` makes a value of a text, `rule` says what it takes.
    pub(crate) fn of(
        params: &Params,
        name: &str,
        (read, rule): (impl Fn(&str) -> Option<T>, &str),
    ) -> Result<Range<T>, ApiError> {
        let bound = |name: &str| {
            let Some(text) = params.text(name) else { return Ok(None) };
            read(text).map(Some).ok_or_else(|| ApiError::parameter(name, rule))
        };
        let suffixed = |suffix: &str| bound(&format!("{name}{suffix}"));
        let range = Range {
            equal: bound(name)?,
            below: suffixed("_lt")?,
            at_most: suffixed("_lte")?,
            above: suffixed("_gt")?,
            at_least: suffixed("_gte")?,
        };
        let bounded =
            range.below.is_some() || range.at_most.is_some() || range.above.is_some() || range.at_least.is_some();
        if range.equal.is_some() && bounded {
            return Err(ApiError::parameter(
                name,
                "excludes the same name with _lt, _lte, _gt or _gte",
            ));
        }
        Ok(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_the_plain_value_exclude_each_other() {
        let read = |query: &str| {
            let number = |text: &str| text.parse::<f64>().ok();
            Range::of(&Params::parse(query), "s", (number, "must be a number")).ok()
        };
        let range = read("s_gte=1&s_lt=2.5").unwrap();
        assert_eq!((range.at_least, range.below, range.equal), (Some(1.0), Some(2.5), None));
        assert_eq!(read("s=1&s_lt=2"), None);
        assert_eq!(read("s=x"), None);
    }
}
