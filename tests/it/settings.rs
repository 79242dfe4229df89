//! Settings as an operator gives them: which source wins, and one clear line for each that cannot be used.

use std::path::Path;
use std::process::Command;

use liaison_testkit::process::{binary, ended};

/// The binary in an empty folder, with nothing of the surroundings' settings.
fn liaison(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().current_dir(folder).args(arguments);
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// What `doctor` found of one thing.
fn found(command: &mut Command, check: &str) -> String {
    let checks = ended(command.args(["doctor", "--json"]), "");
    let checks: liaison_testkit::Value = serde_json::from_str(&checks.out).unwrap();
    let found = checks.as_array().unwrap().iter().find(|row| row["check"] == check);
    found.unwrap()["found"].as_str().unwrap().to_owned()
}

#[test]
fn a_setting_that_cannot_be_used_is_named() {
    let folder = folder();
    let sender = "l@l.example";
    for (arguments, words) in [
        (vec!["--listen", "nonsense"], "listen: "),
        (vec!["--listen", "127.0.0.1"], "listen: "),
        (vec!["--listen", "0.0.0.0:8080"], "public-url: needed"),
        (vec!["--database", "mysql://me:geheim@db/x"], "database: "),
        (vec!["--database", "sqlite:"], "database: "),
        (vec!["--database", "postgres://me:geheim@:x/y"], "database: "),
        (vec!["--database-connections", "0"], "database-connections: "),
        (vec!["--public-url", "liaison.example"], "public-url: "),
        (vec!["--public-url", "ftp://liaison.example"], "public-url: "),
        (
            vec!["--public-url", "https://me:geheim@liaison.example"],
            "public-url: ",
        ),
        (
            vec!["--smtp", "http://me:geheim@relay", "--mail-from", sender],
            "smtp: ",
        ),
        (
            vec!["--smtp", "smtp://me:geheim@re lay", "--mail-from", sender],
            "smtp: ",
        ),
        (vec!["--smtp", "smtp://me:geheim@relay"], "mail-from: needed"),
        (vec!["--mail-from", "nobody"], "mail-from: "),
        (vec!["--resend-cool-down", "soon"], "resend-cool-down: "),
        (vec!["--proxies", "10.0.0.1, proxy.example"], "proxies: "),
        (vec!["--log", "xml"], "log: "),
        (vec!["--log-level", "verbose"], "log-level: "),
    ] {
        let flags = ended(liaison(folder.path(), &["serve"]).args(&arguments), "");
        let line = flags.refusal(2);
        assert!(line.contains(&format!("liaison: {words}")), "{arguments:?}: {line}");
        assert!(!line.contains("geheim"), "{line}");
        let variables = arguments.chunks(2).map(|pair| {
            let name = pair[0].trim_start_matches('-').replace('-', "_").to_uppercase();
            (format!("LIAISON_{name}"), pair[1])
        });
        let environment = ended(liaison(folder.path(), &["serve"]).envs(variables), "");
        assert_eq!(environment.err, flags.err, "the environment is read in the same way");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "nothing is made with wrong settings: {left:?}");
}

#[test]
fn all_problems_are_told_at_once() {
    let arguments = ["serve", "--listen", "x", "--log", "xml", "--mail-from", "nobody"];
    let refused = ended(&mut liaison(folder().path(), &arguments), "");
    assert_eq!(refused.code, Some(2));
    let names: Vec<_> = refused
        .err
        .lines()
        .map(|line| line.split(": ").nth(1).unwrap())
        .collect();
    assert_eq!(
        names,
        ["log", "listen"],
        "the sender is judged with the address that it belongs to"
    );
}

#[test]
fn a_number_that_is_none_is_named() {
    let refused = ended(
        &mut liaison(folder().path(), &["serve", "--database-connections", "many"]),
        "",
    );
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("--database-connections"), "{}", refused.err);
}

#[test]
fn flag_before_environment_before_file() {
    let folder = folder();
    let file = "public-url = \"https://file.example\"\nmail-from = \"file@file.example\"\n";
    std::fs::write(folder.path().join("liaison.toml"), file).unwrap();
    let url = |command: &mut Command| found(command, "public url");
    assert_eq!(url(&mut liaison(folder.path(), &[])), "https://file.example/");
    let variable = ("LIAISON_PUBLIC_URL", "https://environment.example");
    assert_eq!(
        url(liaison(folder.path(), &[]).envs([variable])),
        "https://environment.example/"
    );
    let arguments = ["doctor", "--public-url", "https://flag.example", "--json"];
    let flag = ended(liaison(folder.path(), &arguments).envs([variable]), "");
    assert!(flag.out.contains("https://flag.example/"), "{}", flag.out);
    let empty = ("LIAISON_PUBLIC_URL", "");
    assert_eq!(url(liaison(folder.path(), &[]).envs([empty])), "https://file.example/");
}

#[test]
fn the_file_can_be_elsewhere() {
    let folder = folder();
    let path = folder.path().join("other.toml");
    std::fs::write(&path, "public-url = \"https://other.example\"\n").unwrap();
    std::fs::write(
        folder.path().join("liaison.toml"),
        "public-url = \"https://usual.example\"\n",
    )
    .unwrap();
    let named = path.to_str().unwrap();
    let by_flag = found(&mut liaison(folder.path(), &["--config", named]), "public url");
    assert_eq!(by_flag, "https://other.example/");
    let by_variable = found(
        liaison(folder.path(), &[]).env("LIAISON_CONFIG", "other.toml"),
        "public url",
    );
    assert_eq!(by_variable, "https://other.example/");
    let missing = ended(&mut liaison(folder.path(), &["--config", "nowhere.toml", "serve"]), "");
    assert!(
        missing
            .refusal(2)
            .starts_with("liaison: config: nowhere.toml cannot be read"),
        "{missing:?}"
    );
}

#[test]
fn a_typo_in_the_file_is_named_with_its_line() {
    let folder = folder();
    for (text, words) in [
        (
            "listen = \"127.0.0.1:1\"\npublic-ulr = \"x\"\n",
            "line 2: unknown key `public-ulr`",
        ),
        ("\n\nallow-http = \"perhaps\"\n", "line 3: "),
        ("database = \"postgres://me:geheim@db/x\n", "line 1: "),
    ] {
        std::fs::write(folder.path().join("liaison.toml"), text).unwrap();
        for command in [["serve", "--json"], ["customer", "list"]] {
            let refused = ended(&mut liaison(folder.path(), &command), "");
            let line = refused.refusal(2);
            assert!(line.starts_with(&format!("liaison: liaison.toml, {words}")), "{line}");
            assert!(!line.contains("geheim"), "{line}");
        }
    }
}

#[test]
fn plain_http_for_others_has_to_be_allowed() {
    let folder = folder();
    let plain = ["serve", "--public-url", "http://liaison.example.com"];
    let refused = ended(&mut liaison(folder.path(), &plain), "");
    let line = refused.refusal(2);
    assert!(
        line.starts_with("liaison: public-url: must be https") && line.contains("--allow-http"),
        "{line}"
    );
    let doctor = |more: &[&str]| {
        let base = ["doctor", "--json", "--public-url", "http://liaison.example.com"];
        ended(liaison(folder.path(), &base).args(more), "")
    };
    assert_eq!(doctor(&[]).code, Some(2));
    for allowed in ["--allow-http", "--allow-http=true"] {
        assert!(
            doctor(&[allowed]).out.contains("http://liaison.example.com/"),
            "{allowed}"
        );
    }
    assert_eq!(doctor(&["--allow-http=false"]).code, Some(2));
    let variable = ended(liaison(folder.path(), &plain).env("LIAISON_ALLOW_HTTP", "no"), "");
    assert_eq!(variable.code, Some(2));
}
