//! `/settings/profile`: what users set for themselves: names, password, mails, sessions, their token.

use askama::Template;
use http::StatusCode;
use liaison_domain::limits;
use liaison_operations::sessions;
use liaison_operations::settings::profile::{self, Names, Preferences, Profile};

use super::tokens::MadePage;
use super::{Wrong, guid, unknown_form};
use crate::extract::{Submission, Visitor};
use crate::pages::{Page, page, redirect};
use crate::peer::Peer;
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "settings_profile.html")]
struct Show {
    shell: Shell,
    tab: &'static str,
    profile: Profile,
    wrong: Wrong,
    least_password: usize,
}

/// `GET /settings/profile`.
pub(crate) async fn show(visitor: Visitor) -> Page {
    render(&visitor, Wrong::default()).await
}

/// `POST /settings/profile`: one of its forms, which `part` names.
pub(crate) async fn change(peer: Peer, form: Submission) -> Page {
    match form.fields.text("part") {
        "names" => names(form).await,
        "password" => password(peer, form).await,
        "mails" => mails(form).await,
        "make-token" => make_token(form).await,
        "revoke-tokens" => {
            form.visitor.act(profile::revoke_tokens).await?;
            Ok(redirect("/settings/profile?done=revoked"))
        }
        "end-session" => end_session(form).await,
        "end-others" => {
            let visitor = form.visitor;
            visitor.act(|tx, call| sessions::end_all(tx, call, true)).await?;
            Ok(redirect("/settings/profile?done=signed-out-elsewhere"))
        }
        _ => Err(unknown_form()),
    }
}

async fn names(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let text = |name: &str| fields.text(name).to_owned();
    let names = Names {
        formal_name: text("formal_name"),
        friendly_name: text("friendly_name"),
        phone_number: text("phone_number"),
    };
    match visitor.act(move |tx, call| profile::update(tx, call, &names)).await {
        Ok(()) => Ok(redirect("/settings/profile?done=saved")),
        Err(error) => render(&visitor, Wrong::of(error, &fields)?).await,
    }
}

async fn password(peer: Peer, form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let (app, now) = (&visitor.web.app, visitor.web.app.now());
    // Whoever finds a browser open must not be able to try out passwords in it.
    let session = data_encoding::HEXLOWER.encode(&visitor.session_sha256);
    let guess = visitor.web.attempts.guess("present-password", peer.0, &session);
    visitor.web.attempts.admit(&guess, now)?;
    let [present, new] = ["present_password", "password"].map(|name| fields.text(name).to_owned());
    match app.change_password(visitor.session_sha256, present, new).await {
        Ok(()) => {
            visitor.web.attempts.right(&guess);
            Ok(redirect("/settings/profile?done=password"))
        }
        Err(error) => {
            let wrong = Wrong::of(visitor.refused(error), &fields)?;
            if wrong.about("present_password").is_empty() {
                visitor.web.attempts.right(&guess);
            }
            render(&visitor, wrong).await
        }
    }
}

async fn mails(form: Submission) -> Page {
    let wanted = Preferences {
        on_messages: form.fields.has("mails_on_messages"),
        on_requests: form.fields.has("mails_on_requests"),
    };
    let visitor = form.visitor;
    visitor
        .act(move |tx, call| profile::update_preferences(tx, call, wanted))
        .await?;
    Ok(redirect("/settings/profile?done=saved"))
}

async fn make_token(form: Submission) -> Page {
    let visitor = form.visitor;
    let made = visitor.act(profile::make_token).await?;
    let (shell, ()) = visitor.look(Section::Settings, |_, _| Ok(())).await?;
    let shown = MadePage::new(&visitor.web, (shell, "profile"), made, String::new());
    Ok(page(StatusCode::OK, &shown))
}

async fn end_session(form: Submission) -> Page {
    let session = guid(form.fields.text("session"));
    let visitor = form.visitor;
    visitor.act(move |tx, call| sessions::end(tx, call, session)).await?;
    Ok(redirect("/settings/profile?done=session-ended"))
}

async fn render(visitor: &Visitor, wrong: Wrong) -> Page {
    let (shell, profile) = visitor.look(Section::Settings, profile::find).await?;
    let shown = Show {
        shell,
        tab: "profile",
        profile,
        least_password: *limits::PASSWORD_CHARS.start(),
        wrong,
    };
    Ok(page(shown.wrong.status(), &shown))
}

/// What a browser is called by people, out of what it calls itself.
fn browser(user_agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    // The order matters: most of them claim to be several.
    let program = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if user_agent.is_empty() => "A browser without a name".to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_by_their_names() {
        let gecko = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 \
                    Safari/537.36 Edg/141.0.0.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/18.0 Mobile/15E148 Safari/604.1";
        let named = [gecko, edge, phone, "curl/8.5.0", ""].map(browser);
        let wanted = [
            "Firefox on Linux",
            "Edge on Windows",
            "Safari on iPhone",
            "curl/8.5.0",
            "A browser without a name",
        ];
        assert_eq!(named, wanted);
    }
}
