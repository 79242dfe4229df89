//! `/settings/users`: the users of a customer, for its administrators.

use askama::Template;
use liaison_db::Tx;
use liaison_domain::people::{Role, UserStatus};
use liaison_domain::{Guid, Timestamp, ids};
use liaison_operations::Call;
use liaison_operations::settings::users::{self, Found, Invitation, Listed, Rights, User, UserGroup};

use super::{Place, Wrong, guid, unknown_form};
use crate::extract::{FormFields, Params, PathText, Submission, Visitor};
use crate::pages::{Page, page, redirect};
use crate::shell::{Section, Shell};

#[derive(Template)]
#[template(path = "settings_users.html")]
struct Show {
    shell: Shell,
    tab: &'static str,
    users: Vec<User>,
    groups: Vec<UserGroup>,
    search: String,
    place: Place,
    has_relay: bool,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "settings_user.html")]
struct ShowOne {
    shell: Shell,
    user: User,
    group: String,
    groups: Vec<UserGroup>,
    is_caller: bool,
    has_relay: bool,
    wrong: Wrong,
}

/// What the list is asked for: a part of names or addresses, and a page.
#[derive(Clone, Default)]
struct Wish {
    search: String,
    page: i64,
}

/// `GET /settings/users`.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Page {
    let wish = Wish {
        search: params.text("q").unwrap_or_default().chars().take(200).collect(),
        page: Place::wanted(&params)?,
    };
    render(&visitor, wish, Wrong::default()).await
}

/// `POST /settings/users`: invites one.
pub(crate) async fn invite(form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let invitation = Invitation {
        formal_name: fields.text("formal_name").to_owned(),
        email: fields.text("email").to_owned(),
        rights: rights(&fields),
    };
    match visitor.act(move |tx, call| users::invite(tx, call, &invitation)).await {
        Ok(()) => Ok(redirect(&format!(
            "/settings/users?done={}",
            welcomed(&visitor, "invited")
        ))),
        Err(error) => {
            let wish = Wish {
                page: 1,
                ..Wish::default()
            };
            render(&visitor, wish, Wrong::of(error, &fields)?).await
        }
    }
}

/// `GET /settings/users/{guid}`.
pub(crate) async fn show_one(visitor: Visitor, PathText(user): PathText) -> Page {
    render_one(&visitor, guid(&user), Wrong::default()).await
}

/// `POST /settings/users/{guid}`: one of its forms, which `part` names.
pub(crate) async fn change(PathText(user): PathText, form: Submission) -> Page {
    let (user, Submission { visitor, fields }) = (guid(&user), form);
    let (done, code) = match fields.text("part") {
        "rights" => {
            let rights = rights(&fields);
            let work = move |tx: &mut Tx<'_>, call: &Call<'_>| users::update(tx, call, user, &rights);
            (visitor.act(work).await, "saved")
        }
        "off" => {
            let work = move |tx: &mut Tx<'_>, call: &Call<'_>| users::switch_off(tx, call, user);
            (visitor.act(work).await, "switched-off")
        }
        "on" => {
            let work = move |tx: &mut Tx<'_>, call: &Call<'_>| users::switch_on(tx, call, user);
            (visitor.act(work).await, "switched-on")
        }
        "welcome" => {
            let work = move |tx: &mut Tx<'_>, call: &Call<'_>| users::welcome_again(tx, call, user);
            (visitor.act(work).await, welcomed(&visitor, "welcomed"))
        }
        _ => return Err(unknown_form()),
    };
    match done {
        Ok(()) => {
            let (shell, ()) = visitor.look(Section::Settings, |_, _| Ok(())).await?;
            // Who gave up being an administrator sees no user but themselves.
            let path = if shell.facts.may_administer {
                format!("/settings/users/{user}")
            } else {
                "/settings/profile".to_owned()
            };
            Ok(redirect(&format!("{path}?done={code}")))
        }
        Err(error) => render_one(&visitor, user, Wrong::of(error, &fields)?).await,
    }
}

/// The code of what was done, where it depends on whether mail is sent at all.
fn welcomed(visitor: &Visitor, code: &'static str) -> &'static str {
    if visitor.web.app.env.has_relay {
        code
    } else {
        "invited-kept"
    }
}

fn rights(fields: &FormFields) -> Rights {
    let group = fields.text("group");
    Rights {
        role: fields.text("role").to_owned(),
        group: (!group.is_empty()).then(|| ids::parse_guid(group).unwrap_or_default()),
        is_collaboration_contact: fields.has("is_collaboration_contact"),
    }
}

async fn render(visitor: &Visitor, wish: Wish, wrong: Wrong) -> Page {
    let wanted = wish.clone();
    let find =
        move |tx: &mut Tx<'_>, call: &Call<'_>| users::list(tx, call, (&wanted.search, Place::offset(wanted.page)));
    let (shell, listed) = visitor.look(Section::Settings, find).await?;
    let Listed { users, total, groups } = listed;
    let shown = Show {
        shell,
        tab: "users",
        users,
        groups,
        search: wish.search,
        place: Place { page: wish.page, total },
        has_relay: visitor.web.app.env.has_relay,
        wrong,
    };
    Ok(page(shown.wrong.status(), &shown))
}

async fn render_one(visitor: &Visitor, user: Guid, wrong: Wrong) -> Page {
    let find = move |tx: &mut Tx<'_>, call: &Call<'_>| users::find(tx, call, user);
    let (shell, found) = visitor.look(Section::Settings, find).await?;
    let Found {
        user,
        groups,
        is_caller,
    } = found;
    let shown = ShowOne {
        shell,
        group: user.group_guid.map(|group| group.to_string()).unwrap_or_default(),
        user,
        groups,
        is_caller,
        has_relay: visitor.web.app.env.has_relay,
        wrong,
    };
    Ok(page(shown.wrong.status(), &shown))
}

impl Show {
    fn at(&self, page: Option<i64>) -> String {
        let Some(page) = page else { return String::new() };
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.search.is_empty() {
            query.append_pair("q", &self.search);
        }
        format!(
            "/settings/users?{}",
            query.append_pair("page", &page.to_string()).finish()
        )
    }

    /// The group that new users land in.
    fn default_group(&self) -> String {
        let found = self.groups.iter().find(|group| group.is_default);
        found.map(|group| group.guid.to_string()).unwrap_or_default()
    }
}

impl ShowOne {
    fn is_told(&self) -> bool {
        self.user.is_collaboration_contact
    }
}

/// The roles with their slugs, strongest last, and what each may do.
const ROLES: [(Role, &str, &str); 4] = [
    (Role::User, "User", "Reads everything, changes nothing."),
    (
        Role::PortfolioManager,
        "Portfolio manager",
        "Invites vendors, resolves requests and writes in their rooms.",
    ),
    (
        Role::GroupAdmin,
        "Group administrator",
        "The same, with a group of their own.",
    ),
    (
        Role::Admin,
        "Administrator",
        "Everything, with users, tokens and mails.",
    ),
];

/// A role in words; one that this release does not know as it stands there.
pub(super) fn role_name(slug: &str) -> &str {
    let found = ROLES.iter().find(|(role, _, _)| role.slug() == slug);
    found.map_or(slug, |(_, name, _)| name)
}

/// Kind, icon and words of the chip that says where a user's account stands.
fn standing(user: &User) -> (&'static str, &'static str, &'static str) {
    match UserStatus::parse(&user.status) {
        Some(UserStatus::Activated) => ("good", "check", "Active"),
        Some(UserStatus::Created) => ("warn", "clock", "Invited"),
        Some(UserStatus::Deactivated) | None => ("", "lock", "Switched off"),
    }
}

/// A date for people: `6 Dec 2026`.
fn in_words(date: &str) -> String {
    let words = Timestamp::parse(date).map(Timestamp::for_people).unwrap_or_default();
    words.split(',').next().unwrap_or_default().to_owned()
}
