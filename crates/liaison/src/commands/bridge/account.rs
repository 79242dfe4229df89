//! Whose token it is: the customer that is copied.

use liaison_client::{Client, Error};
use liaison_domain::Guid;
use liaison_domain::limits::NAME_CHARS;
use liaison_operations::copies::Account;
use serde_json::Value;

use super::rows;
use crate::failure::Failure;
use crate::output;

/// Asks for the customer; its own company only where the server tells it.
pub(super) async fn read(client: &Client) -> Result<Account, Failure> {
    let customer = client.get::<Value>("/v1/customers/current", &[]).await;
    let user = client.get::<Value>("/v1/users/current", &[]).await;
    let of_user = user.as_ref().ok().and_then(|user| user.get("customer")).cloned();
    let told = match (customer, of_user) {
        (Ok(customer), _) => customer,
        (Err(_), Some(of_user)) => of_user,
        (Err(error), None) => return Err(refused(client, &error)),
    };
    let guid = guid(&told, "guid").ok_or_else(|| {
        Failure::refused(format!(
            "{} does not tell whose token this is: customers/current has no guid",
            client.server()
        ))
    })?;
    let own = |value: &Value| self::guid(value, "my_company_guid");
    let of_user = user.ok().and_then(|user| user.get("customer").and_then(own));
    let my_company = match of_user.or_else(|| own(&told)) {
        Some(company) => Some(company),
        None => in_portfolio(client).await,
    };
    Ok(Account {
        guid,
        name: name(&told).unwrap_or_else(|| guid.to_string()),
        my_company,
    })
}

/// The older portfolio names the company, too.
async fn in_portfolio(client: &Client) -> Option<Guid> {
    let envelope = client.get::<Value>("/v2/portfolio", &[("limit", "1")]).await.ok()?;
    let summaries = envelope.get("summaries")?;
    let own = summaries.get("my-company").or_else(|| summaries.get("my_company"))?;
    let text = own.as_str().or_else(|| own.get("guid")?.as_str())?;
    rows::guid(text)
}

fn guid(value: &Value, name: &str) -> Option<Guid> {
    value.get(name)?.as_str().and_then(rows::guid)
}

fn name(value: &Value) -> Option<String> {
    let name = value.get("name")?.as_str()?.replace('\0', "");
    let name: String = name.trim().chars().take(NAME_CHARS).collect();
    (!name.is_empty()).then_some(name)
}

fn refused(client: &Client, error: &Error) -> Failure {
    output::note(&format!("{} was asked whose token this is", client.server()));
    Failure::refused(error.to_string())
}
