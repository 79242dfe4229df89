//! `/settings/collaboration`: who is told of incoming requests, how long a trial is, what the other side reads.

use askama::Template;
use liaison_db::Tx;
use liaison_operations::access_requests::update_config;
use liaison_operations::settings::collaboration::{self, Collaboration};
use liaison_operations::{Call, Result};

use super::{Wrong, guid, unknown_form};
use crate::extract::{Submission, Visitor};
use crate::pages::{Page, page, redirect};
use crate::shell::{Section, Shell};

const PATH: &str = "/settings/collaboration";

#[derive(Template)]
#[template(path = "settings_collaboration.html")]
struct Show {
    shell: Shell,
    tab: &'static str,
    collaboration: Collaboration,
    trial: String,
    /// The customer's own company; none where it has no company in the inventory.
    company: Option<String>,
    wrong: Wrong,
}

/// `GET /settings/collaboration`.
pub(crate) async fn show(visitor: Visitor) -> Page {
    render(&visitor, Wrong::default()).await
}

/// `POST /settings/collaboration`: one of its forms, which `part` names.
pub(crate) async fn change(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let done = match fields.text("part") {
        "trial" => {
            let Ok(days) = fields.text("trial_duration").trim().parse::<i64>() else {
                let words = "The trial must be a whole number of days from 1 to 365.".to_owned();
                return render(&visitor, Wrong::field("trial_duration", words, &fields)).await;
            };
            visitor
                .act(move |tx, call| update_config(tx, call, Some(days)).map(drop))
                .await
        }
        "add" => {
            let email = fields.text("email").to_owned();
            visitor
                .act(move |tx, call| collaboration::add_contact(tx, call, &email))
                .await
        }
        "remove" => {
            let user = guid(fields.text("user"));
            visitor
                .act(move |tx, call| collaboration::remove_contact(tx, call, user))
                .await
        }
        _ => return Err(unknown_form()),
    };
    match done {
        Ok(()) => Ok(redirect(&format!("{PATH}?done=saved"))),
        Err(error) => render(&visitor, Wrong::of(error, &fields)?).await,
    }
}

fn read(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<(Collaboration, Option<String>)> {
    let company = call.actor.my_company.as_ref().map(|company| company.name.clone());
    Ok((collaboration::find(tx, call)?, company))
}

async fn render(visitor: &Visitor, wrong: Wrong) -> Page {
    let (shell, (collaboration, company)) = visitor.look(Section::Settings, read).await?;
    let shown = Show {
        shell,
        tab: "collaboration",
        trial: collaboration.config.trial_duration.to_string(),
        collaboration,
        company,
        wrong,
    };
    Ok(page(shown.wrong.status(), &shown))
}
