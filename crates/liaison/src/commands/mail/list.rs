//! `liaison mail list`.

use clap::Args;
use liaison_domain::Guid;
use liaison_operations::mails::{self, Filter};

use super::Shown;
use crate::app::Desk;
use crate::cli::guid;
use crate::failure::Failure;
use crate::output::{self, Output, cell};

/// Which mails.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those in this state: queued, sent, failed, kept or replaced
    #[arg(long, value_parser = ["queued", "sent", "failed", "kept", "replaced"], hide_possible_values = true)]
    state: Option<String>,
    /// Only those of this access request
    #[arg(long, value_name = "GUID", value_parser = guid)]
    request: Option<Guid>,
    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

pub(super) fn run(desk: &Desk, args: &ListArgs, output: Output) -> Result<(), Failure> {
    let filter = Filter {
        state: args.state.clone(),
        request: args.request,
        recipient: None,
        after: None,
        // One more tells whether there are more.
        limit: i64::from(args.limit) + 1,
    };
    let mut deliveries = desk.db.read_blocking(move |tx| mails::list(tx, &filter))?;
    let most = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let more = deliveries.len() > most;
    deliveries.truncate(most);
    let shown: Vec<Shown> = deliveries.iter().map(Shown::from).collect();
    output.show(&shown, |shown| table(shown))?;
    if more && !output.is_json() {
        output::note(&format!(
            "The newest {most}; there are more. Narrow with --state or --request, or raise --limit."
        ));
    }
    Ok(())
}

fn table(mails: &[Shown]) -> String {
    if mails.is_empty() {
        return "No such mails.".to_owned();
    }
    let rows = mails.iter().map(|mail| {
        [
            cell(mail.guid.to_string()),
            cell(&mail.written),
            cell(&mail.kind),
            cell(state(mail)),
            cell(&mail.recipient),
            cell(&mail.subject),
        ]
    });
    output::short_table(["guid", "written", "kind", "state", "to", "subject"], rows)
}

/// The state, and why where it is not the usual end.
fn state(mail: &Shown) -> String {
    match &mail.reply {
        Some(reply) if matches!(mail.state.as_str(), "failed" | "queued") => format!("{}: {reply}", mail.state),
        _ => mail.state.clone(),
    }
}
