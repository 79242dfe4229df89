//! The file of profiles: servers and their tokens, readable by its owner alone, replaced as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::config::folders;
use crate::failure::Failure;
use crate::output;

const NAME: &str = "profiles.toml";
/// Longest file that is read.
const MOST_BYTES: u64 = 1024 * 1024;
/// Longest name of a profile.
const NAME_CHARS: usize = 64;

/// Everything in the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profiles {
    /// Name of the one that is used where nobody names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<String>,
    /// The profiles by name.
    #[serde(default, rename = "profile", skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) all: BTreeMap<String, Profile>,
}

/// One server with a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Profile {
    /// Its address.
    pub(super) server: String,
    /// The token.
    pub(super) token: Secret,
    /// A certificate to be trusted too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ca_file: Option<PathBuf>,
    /// Whether the token may travel readably.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) allow_http: bool,
}

impl Profiles {
    /// A profile that somebody named.
    pub(super) fn named(&self, name: &str) -> Result<&Profile, Failure> {
        self.all.get(name).ok_or_else(|| self.unknown(name))
    }

    /// The failure of a name that nobody has.
    pub(super) fn unknown(&self, name: &str) -> Failure {
        let names: Vec<&str> = self.all.keys().map(String::as_str).collect();
        Failure::usage(if names.is_empty() {
            format!("there is no profile {name}, and no other; make one with `liaison profile add {name} --server URL`")
        } else {
            format!("there is no profile {name}; there are {}", names.join(", "))
        })
    }

    /// The profile of a server: the default one where several are.
    pub(super) fn of_server(&self, server: &str) -> Option<(String, &Profile)> {
        let mut found = self.all.iter().filter(|(_, profile)| profile.server == server);
        let default = found.clone().find(|(name, _)| Some(*name) == self.default.as_ref());
        default
            .or_else(|| found.next())
            .map(|(name, profile)| (name.clone(), profile))
    }

    /// The default one, or the only one.
    pub(super) fn usual(&self) -> Result<Option<(String, &Profile)>, Failure> {
        if let Some(name) = &self.default {
            return Ok(Some((name.clone(), self.named(name)?)));
        }
        let mut all = self.all.iter();
        match (all.next(), all.next()) {
            (Some((name, profile)), None) => Ok(Some((name.clone(), profile))),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Failure::usage(
                "there are several profiles and none is the default; name one with --profile, or choose with \
                 `liaison profile use NAME`",
            )),
        }
    }
}

/// A name as the file has it.
pub(super) fn name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.len() > NAME_CHARS || !text.chars().all(fits) {
        return Err(format!(
            "write up to {NAME_CHARS} letters, digits, dots, - and _, like `work`"
        ));
    }
    Ok(text.to_owned())
}

/// The path of the file.
pub(super) fn path() -> Result<PathBuf, Failure> {
    Ok(folders::settings()?.join(NAME))
}

/// What the file says; nothing where there is none.
pub(super) fn load() -> Result<Profiles, Failure> {
    // Without a home there are no profiles, which is no failure for whoever names a server and a token.
    match path() {
        Ok(path) => read(&path),
        Err(_) => Ok(Profiles::default()),
    }
}

/// Changes the file: reads it, lets `change` work on it, and replaces it, while nobody else does the same.
pub(super) fn change<T>(change: impl FnOnce(&mut Profiles) -> Result<T, Failure>) -> Result<T, Failure> {
    let path = path()?;
    let folder = path.parent().expect("the file is in a folder of ours");
    folders::make_private(folder).map_err(|error| trouble(folder, &error))?;
    let lock = File::create(folder.join(".lock")).and_then(|lock| lock.lock().map(|()| lock));
    let _lock = lock.map_err(|error| trouble(folder, &error))?;
    let mut profiles = read(&path)?;
    let done = change(&mut profiles)?;
    write(&path, &profiles)?;
    Ok(done)
}

fn read(path: &Path) -> Result<Profiles, Failure> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Profiles::default()),
        Err(error) => return Err(trouble(path, &error)),
    };
    let about = file.metadata().map_err(|error| trouble(path, &error))?;
    if about.len() > MOST_BYTES {
        return Err(Failure::usage(format!(
            "{} is too long to be a file of profiles",
            path.display()
        )));
    }
    if is_open_to_others(&about) {
        output::note(&format!(
            "liaison: other users can read the tokens in {0}; close it with `chmod 600 {0}`",
            path.display()
        ));
    }
    let text = io::read_to_string(file).map_err(|error| trouble(path, &error))?;
    parse(&text).map_err(|line| Failure::usage(format!("{}, line {line}: this is not as it has to be", path.display())))
}

/// The profiles, or the line of a problem. Not its words: they could show a token.
pub(super) fn parse(text: &str) -> Result<Profiles, usize> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(""));
        before.matches('\n').count() + 1
    })
}

/// Written beside and moved over, so that there is always a whole file. Where it is a link, what it points to is replaced.
fn write(path: &Path, profiles: &Profiles) -> Result<(), Failure> {
    let text = toml::to_string(profiles)
        .map_err(|error| Failure::refused(format!("the profiles cannot be written: {error}")))?;
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let replace = || -> io::Result<()> {
        let folder = real.parent().unwrap_or(Path::new("/"));
        // A new temporary file is its owner's alone.
        let mut file = tempfile::Builder::new().prefix(".profiles").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&real).map_err(|error| error.error)?;
        Ok(())
    };
    replace().map_err(|error| trouble(&real, &error))
}

fn trouble(path: &Path, error: &io::Error) -> Failure {
    Failure::refused(format!("{}: {error}", path.display()))
}

#[cfg(unix)]
fn is_open_to_others(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        assert_eq!(read(&path).unwrap(), Profiles::default());
        let profile = Profile {
            server: "https://l.example".to_owned(),
            token: Secret::from("abc\"def".to_owned()),
            ca_file: None,
            allow_http: false,
        };
        let profiles = Profiles {
            default: Some("a.b".to_owned()),
            all: BTreeMap::from([("a.b".to_owned(), profile)]),
        };
        write(&path, &profiles).unwrap();
        assert_eq!(read(&path).unwrap(), profiles);
        assert!(!is_open_to_others(&fs::metadata(&path).unwrap()));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }

    #[test]
    fn a_broken_file_is_told_by_its_line_and_shows_nothing() {
        assert_eq!(parse("default = \"a\"\n[profile.a]\ntoken = hunter2\n"), Err(3));
        assert_eq!(parse("nonsense = 1\n").unwrap_err(), 1);
    }

    #[test]
    fn names_are_plain() {
        assert!(name("work-2.eu_x").is_ok());
        for wrong in ["", "a b", "\u{e4}", "a/b", &"x".repeat(65)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
