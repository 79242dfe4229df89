//! The program: reads the command line, runs one command, turns its outcome into an exit code.
//!
//! 0 is done, 1 is refused or failed, 2 is a command line or a setting that cannot be used.

mod app;
mod cli;
mod commands;
mod config;
mod demo;
mod failure;
mod logging;
mod output;
mod system;

use std::process::ExitCode;

// Many small strings live and die with each request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        // A wrong command line, or a call for help, which is none.
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(_) => ExitCode::from(1),
            };
        }
    };
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}
