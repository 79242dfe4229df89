//! Rules about what is used where: SQL, HTTP types, the command line parser and the store each have their crates.

use super::Finding;
use super::source::{Source, Word};
use super::tree::File;

/// A library named only in some packages.
struct Reserved {
    /// First segments of its paths.
    roots: &'static [&'static str],
    packages: &'static [&'static str],
    rule: &'static str,
    advice: &'static str,
}

const RESERVED: &[Reserved] = &[
    Reserved {
        roots: &["http", "axum", "hyper", "hyper_util"],
        packages: &["web", "client", "testkit", "tests", "e2e", "bench"],
        rule: "HTTP outside web",
        advice: "return a type of the domain; crates/web turns it into HTTP",
    },
    Reserved {
        roots: &["clap"],
        packages: &["liaison", "xtask", "bench"],
        rule: "clap outside the command line",
        advice: "take a plain value; crates/liaison parses the command line",
    },
];

const MAY_HOLD_SQL: &[&str] = &["store", "db", "testkit", "tests", "e2e", "bench"];
const MAY_NOT_USE_STORE: &[&str] = &["web", "jobs", "liaison"];

pub(super) fn check(file: &File, source: &Source) -> Vec<Finding> {
    let mut findings = sql(file, source);
    for word in source.words() {
        findings.extend(reserved(file, &word));
        findings.extend(store(file, &word));
    }
    findings
}

/// True where the word begins a path, as in `clap::Parser`, or is imported whole, as in `use clap;`.
fn begins_path(word: &Word<'_>) -> bool {
    let imported = word.before.trim_end().ends_with("use") && word.after.starts_with([';', ' ']);
    !word.before.ends_with("::") && (word.after.starts_with("::") || imported)
}

fn reserved(file: &File, word: &Word<'_>) -> Option<Finding> {
    let reserved = RESERVED.iter().find(|reserved| reserved.roots.contains(&word.text))?;
    let breach = begins_path(word) && !reserved.packages.contains(&file.package());
    breach.then(|| Finding::new(&file.path, word.line, reserved.rule, reserved.advice))
}

fn store(file: &File, word: &Word<'_>) -> Option<Finding> {
    let named = matches!(word.text, "store" | "liaison_store") && word.after.starts_with("::");
    let breach = named && MAY_NOT_USE_STORE.contains(&file.package());
    let advice = "call an operation; crates/operations alone calls the store";
    breach.then(|| Finding::new(&file.path, word.line, "store passed the operations by", advice))
}

fn sql(file: &File, source: &Source) -> Vec<Finding> {
    if MAY_HOLD_SQL.contains(&file.package()) || file.is_test() {
        return Vec::new();
    }
    let breaches = source
        .literals
        .iter()
        .filter(|(line, literal)| is_sql(literal) && !source.is_test(*line));
    let advice = "move the statement to crates/store, into the file of its noun";
    breaches
        .map(|(line, _)| Finding::new(&file.path, *line, "SQL outside store and db", advice))
        .collect()
}

/// A statement is written in one case; `Select the rows from …` is prose.
fn is_sql(literal: &str) -> bool {
    let mut words = literal.split_whitespace();
    let Some(verb) = words.next() else { return false };
    if verb.chars().any(char::is_uppercase) && verb.chars().any(char::is_lowercase) {
        return false;
    }
    let rest: Vec<String> = words.map(str::to_lowercase).collect();
    let second = rest.first().map(String::as_str);
    match verb.to_lowercase().as_str() {
        "select" => rest.iter().any(|word| word == "from"),
        "insert" => second == Some("into"),
        "delete" => second == Some("from"),
        "update" => rest.iter().take(4).any(|word| word == "set"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::broken;

    const EMPTY: [&str; 0] = [];

    fn in_file(path: &str, code: &str) -> Vec<&'static str> {
        broken(path, &format!("//! X.\n{code}\n"))
    }

    #[test]
    fn sql_stays_in_store_and_db() {
        for statement in [
            "select id from companies",
            "SELECT id FROM companies",
            "insert into companies",
            "update companies set name = $1",
            "delete from companies",
        ] {
            let code = format!("const Q: &str = \"\n  {statement}\";");
            assert_eq!(
                in_file("crates/operations/src/x.rs", &code),
                ["SQL outside store and db"],
                "{statement}"
            );
            assert_eq!(in_file("crates/store/src/x.rs", &code), EMPTY);
        }
    }

    #[test]
    fn prose_is_no_sql() {
        let code = "const HELP: &str = \"Select the rows from the file\";";
        assert_eq!(in_file("crates/liaison/src/x.rs", code), EMPTY);
    }

    #[test]
    fn sql_in_a_unit_test_is_a_test() {
        let code = "#[cfg(test)]\nmod tests {\n    const Q: &str = \"delete from companies\";\n}";
        assert_eq!(in_file("crates/jobs/src/x.rs", code), EMPTY);
    }

    #[test]
    fn http_stays_in_web() {
        for code in ["use axum::Router;", "use http;", "fn f() -> hyper_util::X {}"] {
            assert_eq!(
                in_file("crates/operations/src/x.rs", code),
                ["HTTP outside web"],
                "{code}"
            );
            assert_eq!(in_file("crates/web/src/x.rs", code), EMPTY);
        }
        assert_eq!(
            in_file("crates/operations/src/x.rs", "use crate::http::X; // axum::Router"),
            EMPTY
        );
    }

    #[test]
    fn clap_stays_on_the_command_line() {
        assert_eq!(
            in_file("crates/web/src/x.rs", "use clap::Parser;"),
            ["clap outside the command line"]
        );
        assert_eq!(in_file("crates/liaison/src/x.rs", "use clap::Parser;"), EMPTY);
    }

    #[test]
    fn the_outer_crates_call_operations() {
        let rule = ["store passed the operations by"];
        assert_eq!(in_file("crates/web/src/x.rs", "use liaison_store::companies;"), rule);
        assert_eq!(in_file("crates/jobs/src/x.rs", "store::companies::get(tx);"), rule);
        assert_eq!(
            in_file("crates/operations/src/x.rs", "use liaison_store::companies;"),
            EMPTY
        );
    }
}
