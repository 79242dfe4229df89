//! The numbers of what a customer received: `/collaboration/summary`.

use axum::extract::State;
use axum::response::Response;
use liaison_db::Tx;
use liaison_operations::Call;
use liaison_operations::access_requests::{self, ReceivedSummary};
use schemars::JsonSchema;
use serde::Serialize;

use super::{conventions, wire};
use crate::errors::ApiError;
use crate::extract::Caller;
use crate::openapi::{Operation, example, tag};
use crate::state::Web;

/// What the customer received, in numbers.
#[derive(Serialize, JsonSchema)]
struct CollaborationSummary {
    received: Received,
}

/// Invitations and records.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CollaborationReceived")]
struct Received {
    invitations: Invitations,
    shared_records: SharedRecords,
}

/// Requests of the inbox.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReceivedInvitations")]
struct Invitations {
    total_count: i64,
    /// Those that nobody of the customer has read.
    total_unread: i64,
    /// Customers that sent one.
    unique_companies_count: i64,
    latest_requester: Requester,
}

/// Always nothing: beside requests nothing is shared here.
#[derive(Default, Serialize, JsonSchema)]
struct SharedRecords {
    total_count: i64,
    unique_companies_count: i64,
    latest_requester: Requester,
}

/// Who sent the newest one; empty texts where there is none.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "LatestRequester")]
struct Requester {
    user: Named,
    company: Named,
}

/// A guid and a name, or empty texts.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "GuidAndName")]
struct Named {
    guid: String,
    name: String,
}

pub(crate) const SUMMARY: Operation = Operation::new(
    "GET",
    "getCollaborationSummary",
    tag::ACCESS_REQUESTS,
    "The inbox in numbers",
)
.answers::<CollaborationSummary>(200, "The numbers.")
.example(example!("getCollaborationSummary"));

/// `GET /collaboration/summary`.
pub(crate) async fn summary(State(web): State<Web>, caller: Caller) -> Result<Response, ApiError> {
    let read = |tx: &mut Tx<'_>, call: &Call<'_>| wire::json(&shown(access_requests::summarise_inbox(tx, call)?));
    conventions::read(&web, caller, read).await
}

fn shown(summary: ReceivedSummary) -> CollaborationSummary {
    let latest_requester = summary.latest.map_or_else(Requester::default, |latest| Requester {
        user: Named {
            guid: latest.user_guid.to_string(),
            name: latest.user_name,
        },
        company: Named {
            guid: latest.company_guid.map(|guid| guid.to_string()).unwrap_or_default(),
            name: latest.company_name,
        },
    });
    CollaborationSummary {
        received: Received {
            invitations: Invitations {
                total_count: summary.total,
                total_unread: summary.unread,
                unique_companies_count: summary.senders,
                latest_requester,
            },
            shared_records: SharedRecords::default(),
        },
    }
}
