//! `liaison man`: manual pages, from the same definition as the commands.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use serde::Serialize;

use crate::cli;
use crate::failure::Failure;
use crate::output::Output;

/// Where the pages go.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder for the pages of all commands, one file each; it is made where it is not there
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct Written {
    folder: PathBuf,
    pages: Vec<String>,
}

pub(super) fn run(args: &ManArgs, output: Output) -> Result<(), Failure> {
    let mut command = cli::definition().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.out else {
        let mut out = std::io::stdout().lock();
        out.write_all(&page(&command)?)?;
        return Ok(out.flush()?);
    };
    let trouble = |path: &Path, error: &std::io::Error| Failure::refused(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| trouble(folder, &error))?;
    let mut pages = Vec::new();
    for one in all(&command) {
        let name = Man::new(one.clone()).get_filename();
        let path = folder.join(&name);
        fs::write(&path, page(one)?).map_err(|error| trouble(&path, &error))?;
        pages.push(name);
    }
    let written = Written {
        folder: folder.clone(),
        pages,
    };
    output.show(&written, |written| {
        format!("{} pages are in {}.", written.pages.len(), written.folder.display())
    })
}

/// A command and everything below it.
fn all(command: &clap::Command) -> Vec<&clap::Command> {
    let below = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    std::iter::once(command).chain(below.flat_map(all)).collect()
}

/// One page. What stands before the help, an example, is not among the parts that the library writes.
fn page(command: &clap::Command) -> Result<Vec<u8>, Failure> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if let Some(example) = command.get_before_help() {
        examples(&example.to_string()).to_writer(&mut page)?;
    }
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if command.get_after_help().is_some() {
        man.render_extra_section(&mut page)?;
    }
    Ok(page)
}

fn examples(text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for line in text.lines().filter_map(|line| line.strip_prefix("  ")) {
        roff.control("PP", []);
        roff.control("nf", []);
        roff.text([roman(line)]);
        roff.control("fi", []);
    }
    roff
}
