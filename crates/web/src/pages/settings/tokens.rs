//! `/settings/tokens`: the tokens with which programs call the API in the name of a customer and its users.

use askama::Template;
use http::StatusCode;
use liaison_operations::settings::tokens::{self, ApiToken, Listed, Made};

use super::{Place, Wrong, guid};
use crate::extract::{Params, PathText, Submission, Visitor};
use crate::pages::{Page, page, redirect};
use crate::shell::{Section, Shell};
use crate::state::Web;

#[derive(Template)]
#[template(path = "settings_tokens.html")]
struct Show {
    shell: Shell,
    tab: &'static str,
    working: Vec<ApiToken>,
    revoked: Vec<ApiToken>,
    place: Place,
    wrong: Wrong,
}

/// The only page that ever shows a token: the answer to the form that made it.
#[derive(Template)]
#[template(path = "settings_token.html")]
pub(super) struct MadePage {
    shell: Shell,
    tab: &'static str,
    token: String,
    /// What it is for; empty for the token of a user.
    description: String,
    public_url: String,
}

impl MadePage {
    pub(super) fn new(web: &Web, (shell, tab): (Shell, &'static str), made: Made, description: String) -> MadePage {
        MadePage {
            shell,
            tab,
            token: made.token,
            description,
            public_url: web.public_url().to_owned(),
        }
    }
}

/// `GET /settings/tokens`.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Page {
    render(&visitor, Place::wanted(&params)?, Wrong::default()).await
}

/// `POST /settings/tokens`: makes one for the customer.
pub(crate) async fn create(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let description = fields.text("description").trim().to_owned();
    let wanted = description.clone();
    match visitor.act(move |tx, call| tokens::create(tx, call, &wanted)).await {
        Ok(made) => {
            let (shell, ()) = visitor.look(Section::Settings, |_, _| Ok(())).await?;
            let shown = MadePage::new(&visitor.web, (shell, "tokens"), made, description);
            Ok(page(StatusCode::OK, &shown))
        }
        Err(error) => render(&visitor, 1, Wrong::of(error, &fields)?).await,
    }
}

/// `POST /settings/tokens/{guid}`: revokes it.
pub(crate) async fn revoke(PathText(token): PathText, form: Submission) -> Page {
    let token = guid(&token);
    form.visitor
        .act(move |tx, call| tokens::revoke(tx, call, token))
        .await?;
    Ok(redirect("/settings/tokens?done=revoked"))
}

async fn render(visitor: &Visitor, number: i64, wrong: Wrong) -> Page {
    let find = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
        tokens::list(tx, call, Place::offset(number))
    };
    let (shell, listed) = visitor.look(Section::Settings, find).await?;
    let Listed {
        working,
        total,
        revoked,
    } = listed;
    let shown = Show {
        shell,
        tab: "tokens",
        working,
        revoked,
        place: Place { page: number, total },
        wrong,
    };
    Ok(page(shown.wrong.status(), &shown))
}

impl Show {
    fn at(&self, page: Option<i64>) -> String {
        page.map_or_else(String::new, |page| format!("/settings/tokens?page={page}"))
    }
}
