//! Where a database is: reading, and showing without the password, a database URL.
//! Not here: connecting to it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::{Engine, Error};

/// The place of a database. `Display` and `Debug` hide the password.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// A file, from `sqlite:PATH`.
    Sqlite(PathBuf),
    /// The whole text of a `postgres://` or `postgresql://` URL, password included.
    Postgres(String),
}

impl Url {
    /// The engine behind the URL.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("sqlite:") {
            return sqlite(path);
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return crate::postgres::read(text).map(|_| Self::Postgres(text.to_owned()));
        }
        let scheme = text.split_once(':').map_or("nothing", |(scheme, _)| scheme);
        let scheme = if scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+') {
            scheme
        } else {
            "something else"
        };
        Err(Error::BadUrl(format!(
            "a database URL starts with sqlite: or postgres://, not with {scheme}; \
             write sqlite:/var/lib/liaison/liaison.db or postgres://user:password@host:5432/name"
        )))
    }
}

fn sqlite(path: &str) -> Result<Url, Error> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.ends_with('/') || path.contains('\0') {
        return Err(Error::BadUrl(
            "sqlite: needs the path of a file, for example sqlite:/var/lib/liaison/liaison.db".into(),
        ));
    }
    if path.contains(":memory:") {
        return Err(Error::BadUrl(
            "a database in memory cannot be shared by threads; give sqlite: the path of a file".into(),
        ));
    }
    Ok(Url::Sqlite(PathBuf::from(path)))
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(text) => f.write_str(&without_password(text)),
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

/// Replaces what stands between the first `:` and the last `@` of the authority, and a `password=` setting.
fn without_password(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("postgres", text));
    let (place, settings) = rest
        .split_once('?')
        .map_or((rest, None), |(place, settings)| (place, Some(settings)));
    let place = match place.rsplit_once('@') {
        Some((who, host)) => match who.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => place.to_owned(),
        },
        // A stray `?` inside an unescaped password ends up here.
        None if settings.is_some_and(|settings| settings.contains('@')) => return format!("{scheme}://***"),
        None => place.to_owned(),
    };
    let Some(settings) = settings else {
        return format!("{scheme}://{place}");
    };
    let shown: Vec<&str> = settings
        .split('&')
        .map(|setting| match setting.split_once('=') {
            Some((key, _)) if key.to_ascii_lowercase().contains("pass") => "password=***",
            _ => setting,
        })
        .collect();
    format!("{scheme}://{place}?{}", shown.join("&"))
}

/// An error and its causes in one line.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !line.contains(&inner_text) {
            line.push_str(": ");
            line.push_str(&inner_text);
        }
        cause = inner.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_password() {
        for (given, shown) in [
            ("postgres://me:se:cr@et@db:5432/name", "postgres://me:***@db:5432/name"),
            ("postgres://me@db/name", "postgres://me@db/name"),
            (
                "postgresql:///name?host=/run&user=me&password=secret",
                "postgresql:///name?host=/run&user=me&password=***",
            ),
            ("postgres://me:se?cr@et@db/name", "postgres://***"),
        ] {
            let url = Url::Postgres(given.into());
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("Url({shown})"));
        }
    }

    #[test]
    fn reads_both_engines_and_explains_the_rest() {
        assert_eq!("sqlite:a/b.db".parse::<Url>().unwrap(), Url::Sqlite("a/b.db".into()));
        assert_eq!(
            "sqlite:///a/b.db".parse::<Url>().unwrap(),
            Url::Sqlite("/a/b.db".into())
        );
        assert_eq!(
            "postgres:///x?host=/run".parse::<Url>().unwrap().engine(),
            Engine::Postgres
        );
        for wrong in [
            "",
            "mysql://u:secret@h/x",
            "sqlite:",
            "sqlite::memory:",
            "postgres://u:secret@h:notaport/x",
            "u:secret@h",
        ] {
            let error = wrong.parse::<Url>().unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
            assert!(error.contains("sqlite:") || error.contains("postgres://"), "{error}");
        }
    }
}
