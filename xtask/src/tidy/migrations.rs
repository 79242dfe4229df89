//! Rules about `crates/store/migrations/`: names, one file or a pair for each number, numbers without a gap.

use super::Finding;
use super::tree::File;
use std::collections::BTreeMap;

const FOLDER: &str = "crates/store/migrations/";

/// What a file name says.
struct Migration<'a> {
    number: u32,
    name: &'a str,
    /// `sqlite` or `postgres` in a file of a pair.
    engine: Option<&'a str>,
    path: &'a str,
}

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_number: BTreeMap<u32, Vec<Migration<'_>>> = BTreeMap::new();
    let paths = files.iter().map(|file| file.path.as_str());
    for path in paths.filter(|path| path.starts_with(FOLDER) && path.ends_with(".sql")) {
        match parse(path) {
            Some(migration) => by_number.entry(migration.number).or_default().push(migration),
            None => findings.push(Finding::new(
                path,
                1,
                "migration name",
                "NNNN_name.sql, or the pair NNNN_name.sqlite.sql and NNNN_name.postgres.sql",
            )),
        }
    }
    for (expected, (number, group)) in (1..).zip(&by_number) {
        let path = group[0].path;
        if *number != expected {
            let advice = format!("number it {expected:04}; versions follow each other without a gap");
            findings.push(Finding::new(path, 1, "migration number", advice));
            break;
        }
        findings.extend((!is_whole(group)).then(|| {
            let advice = "one version is one file, or one file for sqlite and one for postgres of the same name";
            Finding::new(path, 1, "migration pair", advice)
        }));
    }
    findings
}

fn parse(path: &str) -> Option<Migration<'_>> {
    let stem = path.strip_prefix(FOLDER)?.strip_suffix(".sql")?;
    let (digits, rest) = stem.split_once('_')?;
    let (name, engine) = rest
        .split_once('.')
        .map_or((rest, None), |(name, engine)| (name, Some(engine)));
    let named = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let numbered = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_digit());
    let known = matches!(engine, None | Some("sqlite" | "postgres"));
    (named && numbered && known).then_some(Migration {
        number: digits.parse().ok()?,
        name,
        engine,
        path,
    })
}

fn is_whole(group: &[Migration<'_>]) -> bool {
    match group {
        [only] => only.engine.is_none(),
        [a, b] => a.name == b.name && a.engine.is_some() && b.engine.is_some() && a.engine != b.engine,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(names: &[&str]) -> Vec<&'static str> {
        let files: Vec<File> = names
            .iter()
            .map(|name| File::new(&format!("{FOLDER}{name}"), ""))
            .collect();
        check(&files).into_iter().map(|finding| finding.rule).collect()
    }

    const EMPTY: [&str; 0] = [];

    #[test]
    fn names_have_four_digits_and_lower_case() {
        assert_eq!(broken(&["1_first.sql"]), ["migration name"]);
        assert_eq!(broken(&["0001_First.sql"]), ["migration name"]);
        assert_eq!(broken(&["0001_first.mysql.sql"]), ["migration name"]);
        assert_eq!(broken(&["0001_first.sql", "README.md"]), EMPTY);
    }

    #[test]
    fn versions_follow_each_other_from_one() {
        assert_eq!(broken(&["0002_first.sql"]), ["migration number"]);
        assert_eq!(broken(&["0001_first.sql", "0003_third.sql"]), ["migration number"]);
        assert_eq!(broken(&["0001_first.sql", "0002_second.sql"]), EMPTY);
    }

    #[test]
    fn a_version_is_one_file_or_a_pair() {
        assert_eq!(broken(&["0001_a.sql", "0001_b.sql"]), ["migration pair"]);
        assert_eq!(broken(&["0001_a.sqlite.sql"]), ["migration pair"]);
        assert_eq!(
            broken(&["0001_a.sqlite.sql", "0001_b.postgres.sql"]),
            ["migration pair"]
        );
        assert_eq!(broken(&["0001_a.sqlite.sql", "0001_a.postgres.sql"]), EMPTY);
    }
}
