//! `sort`: a comma list of keys, the largest first where a minus sign stands before one.

use crate::errors::ApiError;
use crate::extract::Params;

/// The keys of a query's `sort`, each one of `known`, and whether the largest comes first; empty where nothing was said.
/// Of a key that is named twice the first counts: the other one decides nothing.
pub(crate) fn sort<K: Copy>(params: &Params, known: &[(&str, K)]) -> Result<Vec<(K, bool)>, ApiError> {
    let (mut keys, mut seen) = (Vec::new(), Vec::new());
    for key in params.list("sort").unwrap_or_default() {
        let (name, is_turned) = match key.strip_prefix('-') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let name = name.replace("__", ".");
        let Some(place) = known.iter().position(|(known, _)| *known == name) else {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            return Err(ApiError::parameter(
                "sort",
                &format!("knows {}; a - before one turns it around", names.join(", ")),
            ));
        };
        if !seen.contains(&place) {
            seen.push(place);
            keys.push((known[place].1, is_turned));
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_their_order() {
        let known = [("name", 'n'), ("industry.name", 'i')];
        let read = |query: &str| sort(&Params::parse(query), &known).ok();
        let wanted = vec![('i', true), ('n', false)];
        assert_eq!(read("sort=-industry__name,name"), Some(wanted));
        assert_eq!(
            read("sort=name,-name,industry.name,name"),
            Some(vec![('n', false), ('i', false)])
        );
        assert_eq!(read(""), Some(Vec::new()));
        assert_eq!(read("sort=size"), None);
    }
}
