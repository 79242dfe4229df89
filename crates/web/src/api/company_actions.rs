//! What putting companies into a folder or a tier takes and answers.

use liaison_domain::Guid;
use liaison_operations::company_actions::{Actions, Outcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Companies to put in and to take out. First those are taken out, then the others are put in.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct CompanyActions {
    /// Guids of companies to put in: those of the portfolio can be.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    add_companies: Vec<String>,
    /// Guids of companies to take out.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    remove_companies: Vec<String>,
}

impl From<CompanyActions> for Actions {
    fn from(sent: CompanyActions) -> Actions {
        Actions {
            add: sent.add_companies,
            remove: sent.remove_companies,
        }
    }
}

/// The body, with its name around it.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "the wrapper may be left out, so it is read by hand; this is its schema"
)]
pub(crate) struct CompanyActionsBody {
    company_actions: CompanyActions,
}

/// What became of each company.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CompaniesChanged {
    /// Put in.
    added: Vec<Guid>,
    /// Taken out.
    removed: Vec<Guid>,
    /// Not in the portfolio, or in there already.
    not_added: Vec<String>,
    /// Not in there.
    not_removed: Vec<String>,
    /// Everything that is in there now.
    companies: Vec<Guid>,
    /// The same in words.
    detail: String,
}

impl From<Outcome> for CompaniesChanged {
    fn from(outcome: Outcome) -> CompaniesChanged {
        let detail = format!(
            "{} added, {} removed, {} not added, {} not removed.",
            outcome.added.len(),
            outcome.removed.len(),
            outcome.not_added.len(),
            outcome.not_removed.len()
        );
        CompaniesChanged {
            added: outcome.added,
            removed: outcome.removed,
            not_added: outcome.not_added,
            not_removed: outcome.not_removed,
            companies: outcome.companies,
            detail,
        }
    }
}
