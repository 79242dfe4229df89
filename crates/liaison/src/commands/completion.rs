//! `liaison completion`: scripts by which shells complete commands, from the same definition as the commands.

use std::io::Write as _;

use clap::Args;
use clap_complete::Shell;

use crate::cli;
use crate::failure::Failure;

/// Which shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::definition(), "liaison", &mut script);
    let mut out = std::io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}
