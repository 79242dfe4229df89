//! Help that teaches: every command has an example that is one, and says that it answers in JSON.

use std::process::Command;

use liaison_testkit::process::{binary, ended};

fn help(path: &[String], short: bool) -> String {
    let mut command = Command::new(binary());
    let shown = ended(
        command.env_clear().args(path).arg(if short { "-h" } else { "--help" }),
        "",
    );
    assert_eq!((shown.code, shown.err.as_str()), (Some(0), ""), "{path:?}");
    shown.out
}

/// The commands that a page of help lists.
fn listed(page: &str) -> Vec<String> {
    let lines = page.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Every command with its page, groups included.
fn walk(path: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let page = help(path, false);
    for name in listed(&page) {
        walk(&[path, &[name]].concat(), found);
    }
    found.push((path.to_owned(), page));
}

fn pages() -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    walk(&[], &mut found);
    found
}

#[test]
fn every_page_has_an_example_and_tells_of_json() {
    let pages = pages();
    let names: Vec<_> = pages.iter().map(|(path, _)| path.join(" ")).collect();
    for known in [
        "serve",
        "demo",
        "import",
        "export",
        "migrate",
        "doctor",
        "token revoke",
        "mail retry",
        "user disable",
    ] {
        assert!(names.iter().any(|name| name == known), "{known} is not in {names:?}");
    }
    for (path, page) in &pages {
        let example = format!("\n  liaison {}", path.join(" "));
        assert!(page.contains(example.trim_end()), "{path:?}: {page}");
        assert!(page.contains("--json"), "{path:?}: {page}");
        assert!(
            page.lines().all(|line| line.chars().count() <= 120),
            "{path:?}: a line is too wide"
        );
    }
}

#[test]
fn the_short_help_has_the_example_too() {
    for (path, _) in pages() {
        assert!(help(&path, true).contains("\n  liaison"), "{path:?}");
    }
}

#[test]
fn settings_are_named_in_all_three_ways() {
    let page = help(&["serve".to_owned()], false);
    for name in ["listen", "database", "public-url", "smtp", "mail-from"] {
        let variable = format!("LIAISON_{}", name.replace('-', "_").to_uppercase());
        assert!(
            page.contains(&format!("--{name}")) && page.contains(&variable),
            "{name}"
        );
    }
    assert!(help(&[], false).contains("liaison.toml"));
}

#[test]
fn a_typo_is_answered_with_the_right_word() {
    let mut command = Command::new(binary());
    let refused = ended(command.env_clear().args(["custmer", "list"]), "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("'customer'"), "{}", refused.err);
    let nothing = ended(Command::new(binary()).env_clear(), "");
    assert!(
        nothing.code == Some(2) && nothing.err.contains("liaison demo"),
        "{nothing:?}"
    );
}
