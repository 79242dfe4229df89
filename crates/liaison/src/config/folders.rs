//! Where the user's own files live: settings of the client commands, and what they have to remember.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::failure::Failure;

/// Folder of this program inside the user's.
const OURS: &str = "liaison";

/// `$XDG_CONFIG_HOME/liaison`, usually `~/.config/liaison`.
pub(crate) fn settings() -> Result<PathBuf, Failure> {
    folder("XDG_CONFIG_HOME", ".config")
}

/// `$XDG_STATE_HOME/liaison`, usually `~/.local/state/liaison`.
pub(crate) fn state() -> Result<PathBuf, Failure> {
    folder("XDG_STATE_HOME", ".local/state")
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the configuration of the binary; these are no settings of ours"
)]
fn folder(variable: &str, usual: &str) -> Result<PathBuf, Failure> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    place(named, std::env::home_dir(), usual).ok_or_else(|| {
        Failure::usage(format!(
            "there is no home folder to keep settings in; name one with HOME or {variable}"
        ))
    })
}

/// A relative path in the variable does not count, as its standard says.
fn place(named: Option<PathBuf>, home: Option<PathBuf>, usual: &str) -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let base = named
        .filter(absolute)
        .or_else(|| home.filter(absolute).map(|home| home.join(Path::new(usual))));
    base.map(|base| base.join(OURS))
}

/// The program in which the user writes text; none where they did not say.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the configuration of the binary; these are no settings of ours"
)]
pub(crate) fn editor() -> Option<String> {
    let named = |variable: &str| std::env::var(variable).ok().filter(|text| !text.trim().is_empty());
    named("VISUAL").or_else(|| named("EDITOR"))
}

/// Makes a folder that its owner alone can look into.
#[cfg(unix)]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a folder that its owner alone can look into.
#[cfg(not(unix))]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Closes a folder that is there already to everybody but its owner.
#[cfg(unix)]
pub(crate) fn close_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Closes a folder that is there already to everybody but its owner.
#[cfg(not(unix))]
pub(crate) fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_comes_first_where_it_is_absolute() {
        let at =
            |named: Option<&str>, home: Option<&str>| place(named.map(Into::into), home.map(Into::into), ".config");
        assert_eq!(at(Some("/x"), Some("/users/e")), Some("/x/liaison".into()));
        assert_eq!(at(Some("x"), Some("/users/e")), Some("/users/e/.config/liaison".into()));
        assert_eq!(at(None, Some("/users/e")), Some("/users/e/.config/liaison".into()));
        assert_eq!((at(None, Some("")), at(Some(""), None)), (None, None));
    }
}
