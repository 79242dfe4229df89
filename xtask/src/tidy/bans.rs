//! Words no file holds: silenced lints, unfinished code, ignored tests, sleeping, state in statics, modules without a name.

use super::Finding;
use super::files::EMPTY_NAMES;
use super::source::{Source, Word};
use super::tree::File;

const MAY_SLEEP: &[&str] = &["jobs", "db", "testkit", "bench"];
const MAY_HOLD_STATICS: &[&str] = &["testkit", "tests", "e2e", "liaison"];

/// Types that make a static a variable.
const CELLS: &[&str] = &["OnceLock", "LazyLock", "OnceCell", "LazyCell", "Mutex", "RwLock"];

pub(super) fn check(file: &File, source: &Source) -> Vec<Finding> {
    let found = source.words().filter_map(|word| {
        let (rule, advice) = attribute(&word)
            .or_else(|| unfinished(&word))
            .or_else(|| sleeping(file, &word))
            .or_else(|| state(file, source, &word))
            .or_else(|| module(&word))?;
        Some(Finding::new(&file.path, word.line, rule, advice))
    });
    found.collect()
}

type Breach = (&'static str, &'static str);

fn attribute(word: &Word<'_>) -> Option<Breach> {
    if !word.before.ends_with("#[") && !word.before.ends_with("#![") {
        return None;
    }
    match word.text {
        "allow" if word.after.starts_with('(') => {
            Some(("silenced lint", "repair it, or write `#[expect(…, reason = \"…\")]`"))
        }
        "ignore" => Some(("ignored test", "repair it or delete it")),
        _ => None,
    }
}

fn unfinished(word: &Word<'_>) -> Option<Breach> {
    let unfinished = matches!(word.text, "todo" | "unimplemented" | "dbg");
    (unfinished && word.after.starts_with('!')).then_some(("unfinished code", "finish it or take it out"))
}

fn sleeping(file: &File, word: &Word<'_>) -> Option<Breach> {
    let sleeps = word.text == "sleep" && word.after.starts_with('(');
    let breach = sleeps && !MAY_SLEEP.contains(&file.package());
    breach.then_some(("sleeping", "wait for the event itself, on a channel or a condition"))
}

fn state(file: &File, source: &Source, word: &Word<'_>) -> Option<Breach> {
    if is_static(word) && word.after.starts_with(" mut ") {
        return Some(("static mut", "pass the value as a parameter"));
    }
    let exempt = MAY_HOLD_STATICS.contains(&file.package()) || file.is_test() || source.is_test(word.line);
    let cell = is_static(word) && holds_cell(word.after);
    let local = word.text == "thread_local" && word.after.starts_with('!');
    let advice = "keep it in a struct that is built once and passed on";
    (!exempt && (cell || local)).then_some(("state in a static", advice))
}

/// The item, not the lifetime.
fn is_static(word: &Word<'_>) -> bool {
    word.text == "static" && !word.before.ends_with('\'')
}

/// True when the type between the colon and the equals sign is a variable in disguise.
fn holds_cell(after: &str) -> bool {
    let declared = after.split('=').next().unwrap_or(after);
    let mut names = declared.split(|c: char| !c.is_alphanumeric() && c != '_');
    names.any(|name| CELLS.contains(&name) || name.starts_with("Atomic"))
}

fn module(word: &Word<'_>) -> Option<Breach> {
    let declared = word.before.trim_end().ends_with("mod") && EMPTY_NAMES.contains(&word.text);
    declared.then_some(("empty name", "name the module for what it does"))
}

#[cfg(test)]
mod tests {
    use super::super::broken;

    const EMPTY: [&str; 0] = [];

    fn in_file(path: &str, code: &str) -> Vec<&'static str> {
        broken(path, &format!("//! X.\n{code}\n"))
    }

    fn in_web(code: &str) -> Vec<&'static str> {
        in_file("crates/web/src/x.rs", code)
    }

    #[test]
    fn lints_are_expected_with_a_reason() {
        assert_eq!(in_web("#[allow(dead_code)]"), ["silenced lint"]);
        assert_eq!(in_web("#![allow(dead_code)]"), ["silenced lint"]);
        assert_eq!(in_web("#[expect(dead_code, reason = \"shown\")]"), EMPTY);
    }

    #[test]
    fn tests_are_not_ignored() {
        assert_eq!(in_web("#[ignore = \"later\"]"), ["ignored test"]);
        assert_eq!(in_web("#[test]"), EMPTY);
    }

    #[test]
    fn code_is_finished() {
        for code in ["todo!()", "unimplemented!()", "dbg!(x)"] {
            assert_eq!(in_web(code), ["unfinished code"], "{code}");
        }
        assert_eq!(in_web("let todo = 1; // todo!"), EMPTY);
    }

    #[test]
    fn only_loops_that_wait_for_the_world_sleep() {
        assert_eq!(in_web("tokio::time::sleep(x).await;"), ["sleeping"]);
        assert_eq!(in_file("tests/src/x.rs", "std::thread::sleep(x);"), ["sleeping"]);
        assert_eq!(in_file("crates/jobs/src/x.rs", "tokio::time::sleep(x).await;"), EMPTY);
    }

    #[test]
    fn no_state_in_statics() {
        assert_eq!(in_web("static mut X: u8 = 0;"), ["static mut"]);
        assert_eq!(
            in_web("static X: OnceLock<u8> = OnceLock::new();"),
            ["state in a static"]
        );
        assert_eq!(
            in_web("static X: AtomicU64 = AtomicU64::new(0);"),
            ["state in a static"]
        );
        assert_eq!(in_web("thread_local! { }"), ["state in a static"]);
        assert_eq!(in_web("static X: &'static str = x;"), EMPTY);
        assert_eq!(
            in_file("crates/testkit/src/x.rs", "static X: OnceLock<u8> = OnceLock::new();"),
            EMPTY
        );
    }

    #[test]
    fn modules_have_names() {
        assert_eq!(in_web("pub mod helpers;"), ["empty name"]);
        assert_eq!(in_web("pub mod cursor;"), EMPTY);
    }
}
