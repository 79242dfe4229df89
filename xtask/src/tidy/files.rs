//! Rules about a file as a whole: its length, its first line, its name, paths of the machine it was written on.

use super::Finding;
use super::tree::File;

const MAX_LINES: usize = 400;
const MAX_LINES_OF_TESTS: usize = 800;

/// Names under which anything could be put.
pub(super) const EMPTY_NAMES: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "manager", "managers", "misc",
];

/// Spelled in two pieces, so that this file passes its own rule.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

pub(super) fn check(file: &File) -> Vec<Finding> {
    let mut findings = machine_paths(file);
    if file.is_rust() {
        findings.extend(length(file));
        findings.extend(header(file));
        findings.extend(name(file));
    }
    findings
}

fn length(file: &File) -> Option<Finding> {
    let limit = if file.is_test() { MAX_LINES_OF_TESTS } else { MAX_LINES };
    let lines = file.text.lines().count();
    let advice = || format!("{lines} lines; split it by what it does, the limit is {limit}");
    (lines > limit).then(|| Finding::new(&file.path, limit + 1, "long file", advice()))
}

fn header(file: &File) -> Option<Finding> {
    let exempt = file.path.ends_with("build.rs") || file.text.starts_with("//!");
    let advice = "begin with `//!` and say what lives here and what does not";
    (!exempt).then(|| Finding::new(&file.path, 1, "no header", advice))
}

fn name(file: &File) -> Option<Finding> {
    let stem = file.path.trim_end_matches(".rs");
    let part = stem.split('/').find(|part| EMPTY_NAMES.contains(part))?;
    Some(Finding::new(
        &file.path,
        1,
        "empty name",
        format!("`{part}` says nothing; name it for what it does"),
    ))
}

fn machine_paths(file: &File) -> Vec<Finding> {
    let breaches = file.text.lines().enumerate().filter_map(|(at, line)| {
        let path = MACHINE_PATHS.iter().find(|path| holds_absolute(line, path))?;
        let advice = format!("`{path}` exists on one machine only; write it relative to the repository");
        Some(Finding::new(&file.path, at + 1, "machine path", advice))
    });
    breaches.collect()
}

/// True where the path begins at its first slash, unlike in `docs/work/` or `https://example.com/home/`.
fn holds_absolute(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '}' | '>'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::broken;

    const EMPTY: [&str; 0] = [];

    #[test]
    fn a_file_of_code_ends_at_400_lines_and_one_of_tests_at_800() {
        let text = |lines: usize| format!("//! X.\n{}", "\n".repeat(lines - 1));
        assert_eq!(broken("crates/web/src/x.rs", &text(401)), ["long file"]);
        assert_eq!(broken("crates/web/src/x.rs", &text(400)), EMPTY);
        assert_eq!(broken("tests/src/x.rs", &text(801)), ["long file"]);
        assert_eq!(broken("tests/src/x.rs", &text(800)), EMPTY);
    }

    #[test]
    fn a_file_says_first_what_lives_in_it() {
        assert_eq!(broken("crates/web/src/x.rs", "use a;\n"), ["no header"]);
        assert_eq!(broken("crates/web/src/x.rs", "//! X.\nuse a;\n"), EMPTY);
        assert_eq!(broken("crates/web/build.rs", "fn main() {}\n"), EMPTY);
    }

    #[test]
    fn names_say_something() {
        assert_eq!(broken("crates/web/src/utils.rs", "//! X.\n"), ["empty name"]);
        assert_eq!(broken("crates/web/src/common/x.rs", "//! X.\n"), ["empty name"]);
        assert_eq!(broken("crates/web/src/cursor.rs", "//! X.\n"), EMPTY);
    }

    #[test]
    fn no_file_knows_the_machine_it_was_written_on() {
        let absolute = format!("see {}/main\n", concat!("/wo", "rk"));
        let address = format!("see https://example.com{}/main\n", concat!("/wo", "rk"));
        assert_eq!(broken("docs/x.md", &absolute), ["machine path"]);
        assert_eq!(broken("docs/x.md", &address), EMPTY);
    }
}
