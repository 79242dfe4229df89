//! Somebody at a command line, with a home folder of their own, who talks to a server.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Ended, binary, ended};

/// A command line with a server and a token in its surroundings.
pub struct Shell {
    home: TempDir,
    server: String,
    token: String,
}

impl Shell {
    /// Whose commands go to `server` with `token`; empty ones are not set.
    pub fn new(server: &str, token: &str) -> Shell {
        Shell {
            home: tempfile::tempdir().expect("a folder can be made"),
            server: server.to_owned(),
            token: token.to_owned(),
        }
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A command that is not run yet. Nothing of the surroundings of the test reaches it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_clear().env("HOME", self.home()).args(arguments);
        for (name, value) in [("LIAISON_SERVER", &self.server), ("LIAISON_TOKEN", &self.token)] {
            if !value.is_empty() {
                command.env(name, value);
            }
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.fed(arguments, "")
    }

    /// Runs a command with a standard input to its end.
    pub fn fed(&self, arguments: &[&str], input: &str) -> Ended {
        ended(&mut self.command(arguments), input)
    }

    /// What a command prints. Panics where it fails or says anything on standard error.
    pub fn out(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(
            (ended.code, ended.err.as_str()),
            (Some(0), ""),
            "{arguments:?}: {ended:?}"
        );
        ended.out
    }

    /// Runs a command with `--json` and gives its answer. Panics where it fails.
    pub fn answer(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).json()
    }
}
