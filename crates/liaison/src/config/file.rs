//! The settings file: TOML, with the names of the flags. What the values mean is decided in the module above.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::Failure;

/// Where the file is looked for when nobody names one.
const USUAL: &str = "liaison.toml";

/// What a settings file may say.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub(super) listen: Option<String>,
    pub(super) database: Option<String>,
    pub(super) database_connections: Option<usize>,
    pub(super) public_url: Option<String>,
    pub(super) allow_http: Option<bool>,
    pub(super) smtp: Option<String>,
    pub(super) mail_from: Option<String>,
    pub(super) resend_cool_down: Option<String>,
    pub(super) proxies: Option<String>,
    pub(super) dns_lookups: Option<bool>,
    pub(super) log: Option<String>,
    pub(super) log_level: Option<String>,
}

/// Reads the named file, or the usual one where it exists.
pub(super) fn read(named: Option<&Path>) -> Result<File, Failure> {
    let path = match named.filter(|path| !path.as_os_str().is_empty()) {
        Some(path) => path.to_owned(),
        None if Path::new(USUAL).exists() => PathBuf::from(USUAL),
        None => return Ok(File::default()),
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::usage(format!("config: {} cannot be read: {error}", path.display())))?;
    parse(&text).map_err(|(line, problem)| Failure::usage(format!("{}, line {line}: {problem}", path.display())))
}

/// The settings, or the line of a problem and its words. The words never show the text of the line: it may hold a
/// password.
fn parse(text: &str) -> Result<File, (usize, String)> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(""));
        let line = before.matches('\n').count() + 1;
        let words = error
            .message()
            .replace("unknown field", "unknown key")
            .replace('\n', " ");
        (line, words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_flags() {
        let file = parse("public-url = \"https://l.example\"\ndatabase-connections = 8\nallow-http = true\n").unwrap();
        assert_eq!(file.public_url.as_deref(), Some("https://l.example"));
        assert_eq!((file.database_connections, file.allow_http), (Some(8), Some(true)));
    }

    #[test]
    fn a_typo_is_named_with_its_line() {
        let (line, words) = parse("listen = \"127.0.0.1:1\"\n\nlistn = \"x\"\n").unwrap_err();
        assert_eq!(line, 3);
        assert!(
            words.starts_with("unknown key `listn`, expected one of `listen`"),
            "{words}"
        );
    }

    #[test]
    fn a_broken_line_does_not_show_its_text() {
        let (_, words) = parse("database = \"postgres://me:secret@db/x\n").unwrap_err();
        assert!(!words.contains("secret"), "{words}");
    }
}
