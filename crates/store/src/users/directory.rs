//! The users of a customer as its people see each other: filtered, sorted, in pages. Company tokens are shown in the
//! same shape, since they stand where a user stands in what they sent.

use liaison_db::{Query, Row, Tx};
use liaison_domain::{Guid, Timestamp};

use crate::{Result, like};

/// A user, or a company token, as a row of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The user's guid, or the token's.
    pub guid: Guid,
    /// Empty for a company token.
    pub email: String,
    /// How to address them.
    pub friendly_name: String,
    /// Full name; the description of a company token.
    pub formal_name: String,
    /// First word of the name.
    pub first_name: String,
    /// The rest of it.
    pub last_name: String,
    /// May be unknown.
    pub phone_number: Option<String>,
    /// Slug of the role.
    pub role: String,
    /// Guid and name of the group, if there is one.
    pub group: Option<(Guid, String)>,
    /// Where the account stands.
    pub status: String,
    /// When it was made.
    pub joined_at: Timestamp,
    /// Day of the last sign-in.
    pub last_login: Option<String>,
    /// Its moment, where that is known.
    pub last_login_at: Option<Timestamp>,
    /// Whether they are told of incoming requests.
    pub is_collaboration_contact: bool,
    /// Whether others may ask them for more companies.
    pub is_available_for_contact: bool,
    /// Where they want to begin.
    pub landing_page: String,
    /// Whether it is a company token.
    pub is_company_token: bool,
}

/// Which rows; an absent filter admits all of them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Company tokens and not users.
    pub company_tokens: bool,
    /// The one row that somebody may see who may not see the others.
    pub only: Option<Guid>,
    /// Part of the name or of the address.
    pub text: Option<String>,
    /// One of these.
    pub guids: Option<Vec<Guid>>,
    /// With this address, as compared (`emails::key`).
    pub email_key: Option<String>,
    /// Part of the address.
    pub email_part: Option<String>,
    /// Part of the full name.
    pub name_part: Option<String>,
    /// In one of these states.
    pub statuses: Option<Vec<String>>,
    /// With one of these roles.
    pub roles: Option<Vec<String>>,
    /// In one of these groups; none in the list stands for users without a group.
    pub groups: Option<Vec<Option<Guid>>>,
    /// Only those whom others may ask for more companies.
    pub available: bool,
    /// Only those who are told of incoming requests, or only the others.
    pub collaboration_contacts: Option<bool>,
}

/// By what rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub enum Key {
    FormalName,
    LastLogin,
    Guid,
    Email,
    GroupName,
    Status,
    Joined,
}

/// A page of the directory; newest first where no key is given. `true` turns a key around.
pub fn list(
    tx: &mut Tx<'_>,
    customer: Guid,
    filter: &Filter,
    (keys, (limit, offset)): (&[(Key, bool)], (i64, i64)),
) -> Result<Vec<Entry>> {
    let mut query = Query::new(
        "select u.guid, u.email, u.friendly_name, u.formal_name, u.first_name, u.last_name, u.phone_number, u.role, \
         g.guid, g.name, u.status, u.created_at, u.last_login, u.last_login_at, u.is_collaboration_contact, \
         u.is_available_for_contact, u.landing_page, u.is_company_token",
    );
    push_rows(&mut query, customer, filter);
    query.push(" order by ");
    for (key, is_turned) in keys {
        for column in columns(*key) {
            query.push(column).push(if *is_turned { " desc, " } else { ", " });
        }
    }
    if keys.is_empty() {
        query.push("u.created_at desc, ");
    }
    query.push("u.guid limit ").bind(limit).push(" offset ").bind(offset);
    tx.list_query(&query, read)
}

/// How many rows there are.
pub fn count(tx: &mut Tx<'_>, customer: Guid, filter: &Filter) -> Result<i64> {
    let mut query = Query::new("select count(*)");
    push_rows(&mut query, customer, filter);
    Ok(tx.find_query(&query, |row| row.get(0))?.unwrap_or_default())
}

fn columns(key: Key) -> &'static [&'static str] {
    match key {
        Key::FormalName => &["lower(u.formal_name)"],
        Key::LastLogin => &["coalesce(u.last_login, '')", "coalesce(u.last_login_at, 0)"],
        Key::Guid => &["u.guid"],
        Key::Email => &["u.email_key"],
        Key::GroupName => &["coalesce(lower(g.name), '')"],
        Key::Status => &["u.status"],
        Key::Joined => &["u.created_at"],
    }
}

const USERS: &str = " from (select guid, customer_guid, email, email_key, friendly_name, formal_name, first_name, \
                     last_name, phone_number, role, group_guid, status, created_at, last_login, last_login_at, \
                     is_collaboration_contact, is_available_for_contact, landing_page, false as is_company_token \
                     from users where customer_guid = ";

const COMPANY_TOKENS: &str = " from (select guid, customer_guid, '' as email, '' as email_key, \
                              description as friendly_name, description as formal_name, description as first_name, \
                              '' as last_name, cast(null as text) as phone_number, 'customer_admin' as role, \
                              cast(null as uuid) as group_guid, 'Activated' as status, created_at, \
                              cast(null as text) as last_login, cast(null as bigint) as last_login_at, \
                              false as is_collaboration_contact, false as is_available_for_contact, \
                              'DEFAULT' as landing_page, true as is_company_token \
                              from api_tokens where user_guid is null and revoked_at is null and customer_guid = ";

fn push_rows(query: &mut Query, customer: Guid, filter: &Filter) {
    query
        .push(if filter.company_tokens { COMPANY_TOKENS } else { USERS })
        .bind(customer)
        .push(") u left join user_groups g on g.guid = u.group_guid and g.customer_guid = u.customer_guid where true");
    if let Some(only) = filter.only {
        query.push(" and u.guid = ").bind(only);
    }
    push_texts(query, filter);
    if let Some(guids) = &filter.guids {
        query.push(" and u.guid in ").bind_list(guids.iter().copied());
    }
    if let Some(statuses) = &filter.statuses {
        query.push(" and u.status in ").bind_list(statuses.iter().cloned());
    }
    if let Some(roles) = &filter.roles {
        query.push(" and u.role in ").bind_list(roles.iter().cloned());
    }
    if let Some(groups) = &filter.groups {
        query
            .push(" and (u.group_guid in ")
            .bind_list(groups.iter().flatten().copied());
        query.push(if groups.contains(&None) {
            " or u.group_guid is null)"
        } else {
            ")"
        });
    }
    if filter.available {
        query.push(" and u.is_available_for_contact");
    }
    match filter.collaboration_contacts {
        Some(true) => query.push(" and u.is_collaboration_contact"),
        Some(false) => query.push(" and not u.is_collaboration_contact"),
        None => query,
    };
}

fn push_texts(query: &mut Query, filter: &Filter) {
    if let Some(email_key) = &filter.email_key {
        query.push(" and u.email_key = ").bind(email_key.clone());
    }
    if let Some(part) = &filter.email_part {
        query.push(" and ");
        push_part(query, "u.email_key", part);
    }
    if let Some(part) = &filter.name_part {
        query.push(" and ");
        push_name_part(query, part);
    }
    if let Some(part) = &filter.text {
        query.push(" and (");
        push_part(query, "u.email_key", part);
        query.push(" or ");
        push_name_part(query, part);
        query.push(")");
    }
}

/// SQLite folds the case of ASCII alone: what was typed is tried as it is, too.
fn push_name_part(query: &mut Query, part: &str) {
    query.push("(");
    push_part(query, "lower(u.formal_name)", part);
    query
        .push(" or u.formal_name like ")
        .bind(like::part(part))
        .push(" escape '!')");
}

fn push_part(query: &mut Query, column: &'static str, part: &str) {
    query
        .push(column)
        .push(" like ")
        .bind(like::part(&part.to_lowercase()))
        .push(" escape '!'");
}

fn read(row: &Row<'_>) -> Result<Entry> {
    let group: Option<Guid> = row.get(8)?;
    let group_name: Option<String> = row.get(9)?;
    Ok(Entry {
        guid: row.get(0)?,
        email: row.get(1)?,
        friendly_name: row.get(2)?,
        formal_name: row.get(3)?,
        first_name: row.get(4)?,
        last_name: row.get(5)?,
        phone_number: row.get(6)?,
        role: row.get(7)?,
        group: group.zip(group_name),
        status: row.get(10)?,
        joined_at: Timestamp(row.get(11)?),
        last_login: row.get(12)?,
        last_login_at: row.get::<Option<i64>>(13)?.map(Timestamp),
        is_collaboration_contact: row.get(14)?,
        is_available_for_contact: row.get(15)?,
        landing_page: row.get(16)?,
        is_company_token: row.get(17)?,
    })
}
