//! Asking the person at the terminal: yes or no, and for a password.

use std::io::{IsTerminal as _, Read as _};

use console::Term;

use crate::failure::Failure;

/// Whether somebody is there to answer.
pub(super) fn is_attended() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks whether to go on. Only `y` and `yes` do.
pub(super) fn confirm(question: &str) -> Result<(), Failure> {
    let terminal = Term::stderr();
    terminal.write_str(&format!("{question} [y/N] "))?;
    let answer = terminal.read_line()?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::refused("nothing was changed")),
    }
}

/// A new password: typed twice, unseen.
pub(super) fn new_password() -> Result<String, Failure> {
    let terminal = Term::stderr();
    terminal.write_str("Password: ")?;
    let first = terminal.read_secure_line()?;
    terminal.write_str("The same again: ")?;
    if terminal.read_secure_line()? != first {
        return Err(Failure::refused("the two passwords differ; nothing was changed"));
    }
    Ok(first)
}

/// The first line of standard input.
pub(super) fn password_from_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    // A password has at most 256 characters; a wrong file must not fill the memory.
    std::io::stdin().lock().take(4096).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// A secret that somebody has already, typed or pasted once, unseen.
pub(super) fn secret(question: &str) -> Result<String, Failure> {
    let terminal = Term::stderr();
    terminal.write_str(question)?;
    Ok(terminal.read_secure_line()?)
}
