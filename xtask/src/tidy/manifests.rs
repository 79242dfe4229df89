//! Rules about `Cargo.toml` files: which of our crates may depend on which, shared lints, a reason for each dependency.

use super::Finding;
use super::tree::File;
use toml::{Table, Value};

/// Our crates and those of ours they may depend on. Whoever is not listed (`testkit`, `tests`, `xtask`, …) is free.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("db", &[]),
    ("store", &["db", "domain"]),
    ("mail", &["domain"]),
    ("operations", &["db", "domain", "store", "mail"]),
    ("bundle", &["db", "domain", "store", "operations"]),
    ("jobs", &["db", "domain", "mail", "operations"]),
    ("client", &["domain"]),
    ("charts", &[]),
    ("transcript", &[]),
    ("web", &["db", "domain", "operations", "charts", "transcript"]),
    (
        "liaison",
        &["db", "domain", "mail", "operations", "bundle", "client", "jobs", "web"],
    ),
];

const FREE: &[&str] = &["testkit", "tests", "xtask", "e2e", "bench", "fuzz"];

pub(super) fn check(file: &File) -> Vec<Finding> {
    let Ok(manifest) = file.text.parse::<Table>() else {
        return vec![Finding::new(&file.path, 1, "unreadable manifest", "repair the TOML")];
    };
    let mut findings = unexplained(file);
    if manifest.contains_key("package") {
        findings.extend(lints(file, &manifest));
        findings.extend(direction(file, &manifest));
    }
    findings
}

fn lints(file: &File, manifest: &Table) -> Option<Finding> {
    let shared = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(Value::as_bool);
    // fuzz/ is a workspace of its own, as cargo-fuzz wants it.
    let breach = shared != Some(true) && file.package() != "fuzz";
    breach.then(|| Finding::new(&file.path, 1, "own lints", "add `[lints]` with `workspace = true`"))
}

fn direction(file: &File, manifest: &Table) -> Vec<Finding> {
    let package = file.package();
    if FREE.contains(&package) {
        return Vec::new();
    }
    let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == package) else {
        let advice = format!("say in xtask/src/tidy/manifests.rs what `{package}` may depend on");
        return vec![Finding::new(&file.path, 1, "crate without a place", advice)];
    };
    let wrong = ours(manifest).into_iter().filter(|(name, is_dev)| {
        let tested = *is_dev && name == "testkit";
        !allowed.contains(&name.as_str()) && !tested
    });
    wrong
        .map(|(name, _)| {
            let line = line_of(&file.text, &format!("liaison-{name}"));
            let advice = format!("`{package}` may not depend on `{name}`; see ARCHITECTURE.md");
            Finding::new(&file.path, line, "dependency pointing back", advice)
        })
        .collect()
}

/// The crates of ours a manifest depends on, without `liaison-`, and whether only for tests.
fn ours(manifest: &Table) -> Vec<(String, bool)> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(Value::as_table) {
        tables.extend(targets.values().filter_map(Value::as_table));
    }
    let mut found = Vec::new();
    for table in tables {
        for (section, is_dev) in [
            ("dependencies", false),
            ("build-dependencies", false),
            ("dev-dependencies", true),
        ] {
            let names = table
                .get(section)
                .and_then(Value::as_table)
                .into_iter()
                .flat_map(Table::keys);
            found.extend(names.filter_map(|name| Some((name.strip_prefix("liaison-")?.to_owned(), is_dev))));
        }
    }
    found
}

fn line_of(text: &str, key: &str) -> usize {
    let is_key = |line: &str| {
        line.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
            || line
                .strip_prefix('[')
                .is_some_and(|line| line.ends_with(&format!(".{key}]")))
    };
    text.lines().position(is_key).map_or(1, |at| at + 1)
}

/// Each line of `[workspace.dependencies]` stands below a comment; our own crates, which have a path, share one.
fn unexplained(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut inside = false;
    let mut above = "";
    for (at, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        }
        let is_entry = line.starts_with(|c: char| c.is_ascii_alphanumeric());
        let shares = is_ours(line) && is_ours(above);
        if inside && is_entry && !above.starts_with('#') && !shares {
            let advice = "write above it what it is for";
            findings.push(Finding::new(&file.path, at + 1, "dependency without a reason", advice));
        }
        above = line;
    }
    findings
}

fn is_ours(line: &str) -> bool {
    line.contains("path = ")
}

#[cfg(test)]
mod tests {
    use super::super::broken;

    const EMPTY: [&str; 0] = [];

    fn package(name: &str, dependencies: &str) -> Vec<&'static str> {
        let text = format!("[package]\nname = \"x\"\n{dependencies}\n[lints]\nworkspace = true\n");
        broken(&format!("crates/{name}/Cargo.toml"), &text)
    }

    #[test]
    fn nothing_points_back() {
        let rule = ["dependency pointing back"];
        assert_eq!(
            package("domain", "[dependencies]\nliaison-store.workspace = true"),
            rule
        );
        assert_eq!(package("web", "[dependencies.liaison-store]\nworkspace = true"), rule);
        assert_eq!(
            package(
                "store",
                "[target.'cfg(unix)'.dependencies]\nliaison-mail.workspace = true"
            ),
            rule
        );
        assert_eq!(
            package("store", "[dependencies]\nliaison-domain.workspace = true"),
            EMPTY
        );
    }

    #[test]
    fn only_tests_use_the_testkit() {
        let rule = ["dependency pointing back"];
        assert_eq!(package("web", "[dependencies]\nliaison-testkit.workspace = true"), rule);
        assert_eq!(
            package("web", "[dev-dependencies]\nliaison-testkit.workspace = true"),
            EMPTY
        );
    }

    #[test]
    fn a_new_crate_is_given_its_place() {
        assert_eq!(package("billing", ""), ["crate without a place"]);
        assert_eq!(package("testkit", ""), EMPTY);
    }

    #[test]
    fn packages_share_the_lints() {
        assert_eq!(
            broken("crates/web/Cargo.toml", "[package]\nname = \"x\"\n"),
            ["own lints"]
        );
        assert_eq!(package("web", ""), EMPTY);
    }

    #[test]
    fn each_dependency_has_its_reason() {
        let bare = "[workspace.dependencies]\n# A.\na = \"1\"\nb = \"1\"\n";
        let ours = "[workspace.dependencies]\n# Ours.\na = { path = \"a\" }\nb = { path = \"b\" }\n# C.\nc = \"1\"\n";
        assert_eq!(broken("Cargo.toml", bare), ["dependency without a reason"]);
        assert_eq!(broken("Cargo.toml", ours), EMPTY);
    }

    #[test]
    fn a_broken_manifest_is_a_finding() {
        assert_eq!(broken("crates/web/Cargo.toml", "[package"), ["unreadable manifest"]);
    }
}
