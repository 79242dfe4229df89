//! Customers and the rows that belong to one.

use liaison_domain::companies::CustomerType;
use liaison_domain::limits::{
    DEFAULT_TRIAL_DAYS, DESCRIPTION_CHARS, EXPIRY_DAYS, NAME_CHARS, PHONE_CHARS, TOKEN_CHARS, TRIAL_DAYS,
};
use liaison_domain::people::{Role, UserStatus, split_name};
use liaison_domain::{Guid, emails, ids};
use liaison_operations::access_groups::DEFAULT_HAS_ALL;
use liaison_operations::contacts::{RELATION_TYPES, SOURCES};
use liaison_operations::{digest, passwords};
use liaison_store::contacts::Contact;
use liaison_store::customers::Customer;
use liaison_store::folders::Folder;
use liaison_store::portfolio::Entry;
use liaison_store::tiers::Tier;
use liaison_store::user_groups::UserGroup;
use liaison_store::users::User;

use super::{Given, Row, Token};
use crate::fields::{Fields, GUID_FORM};

pub(super) fn customer(fields: &mut Fields<'_, '_>) -> Row {
    let kinds = [CustomerType::Live, CustomerType::VendorAccess].map(CustomerType::slug);
    Row::Customer(Box::new(Customer {
        guid: fields.needed_guid("guid"),
        name: fields.needed_text("name", NAME_CHARS),
        kind: fields.word("type", &kinds, CustomerType::Live.slug()),
        my_company_guid: fields.guid("my_company_guid"),
        is_active: fields.flag("is_active", true),
        trial_duration: fields
            .integer("trial_duration", TRIAL_DAYS)
            .unwrap_or(DEFAULT_TRIAL_DAYS),
        access_ends_at: None,
    }))
}

pub(super) fn group(fields: &mut Fields<'_, '_>) -> Row {
    let group = UserGroup {
        guid: fields.needed_guid("guid"),
        name: fields.needed_text("name", NAME_CHARS),
        is_default: fields.flag("is_default", false),
        allow_bundled_companies: fields.flag("allow_bundled_companies", false),
        can_set_tier_scope: fields.flag("can_set_tier_scope", false),
    };
    let companies = company_guids(fields);
    if group.is_default && !companies.is_empty() {
        fields.refuse("company_guids", DEFAULT_HAS_ALL);
    }
    Row::Group(group, companies)
}

/// The companies of a folder or a group: sorted, each once.
fn company_guids(fields: &mut Fields<'_, '_>) -> Vec<Guid> {
    let mut guids: Vec<Guid> = Vec::new();
    for (index, text) in fields.texts("company_guids").unwrap_or_default().iter().enumerate() {
        match ids::parse_guid(text) {
            Some(guid) => guids.push(guid),
            None if fields.problems.is_csv() => fields.refuse("company_guids", format!("{text:?} {GUID_FORM}")),
            None => fields.refuse(&format!("company_guids/{index}"), GUID_FORM),
        }
    }
    guids.sort_unstable();
    guids.dedup();
    guids
}

pub(super) fn user(fields: &mut Fields<'_, '_>) -> Row {
    let (formal_name, friendly_name) = names(fields);
    let (first, last) = split_name(&formal_name);
    let user = User {
        guid: fields.needed_guid("guid"),
        email: needed_email(fields, "email"),
        first_name: fields
            .text("first_name", NAME_CHARS)
            .unwrap_or_else(|| first.to_owned()),
        last_name: fields.text("last_name", NAME_CHARS).unwrap_or_else(|| last.to_owned()),
        friendly_name,
        formal_name,
        phone_number: fields.text("phone_number", PHONE_CHARS),
        role: fields.word("role", &Role::ALL.map(Role::slug), Role::User.slug()),
        group_guid: fields.guid("group_guid"),
        status: fields.word(
            "status",
            &UserStatus::ALL.map(UserStatus::slug),
            UserStatus::Activated.slug(),
        ),
        tos_date: fields.date("tos_date"),
        last_login: fields.date("last_login"),
        is_collaboration_contact: fields.flag("is_collaboration_contact", false),
        password_hash: None,
    };
    let password = fields.text("password", usize::MAX);
    if let Some(Err(refusal)) = password.as_deref().map(passwords::check) {
        let reason = refusal.to_string();
        fields.refuse("password", reason.strip_prefix("password: ").unwrap_or(&reason));
    }
    Row::User(Box::new(user), password)
}

/// Formal name, and friendly name, by default the first word of the former.
fn names(fields: &mut Fields<'_, '_>) -> (String, String) {
    let formal = fields.needed_text("formal_name", NAME_CHARS);
    let friendly = fields.text("friendly_name", NAME_CHARS);
    let friendly = friendly.unwrap_or_else(|| split_name(&formal).0.to_owned());
    (formal, friendly)
}

fn needed_email(fields: &mut Fields<'_, '_>, name: &str) -> String {
    let email = fields.needed_text(name, NAME_CHARS);
    if !email.trim().is_empty() && !emails::is_valid(&email) {
        fields.refuse(name, NO_ADDRESS);
    }
    email
}

const NO_ADDRESS: &str = "is not a mail address";

pub(super) fn token(fields: &mut Fields<'_, '_>) -> Row {
    let user_email = fields.text("user_email", NAME_CHARS);
    if user_email.as_deref().is_some_and(|email| !emails::is_valid(email)) {
        fields.refuse("user_email", NO_ADDRESS);
    }
    Row::Token(Token {
        description: fields.text("description", NAME_CHARS).unwrap_or_default(),
        user_email,
        given: given_token(fields),
    })
}

fn given_token(fields: &mut Fields<'_, '_>) -> Option<Given> {
    let token = fields.text("token", usize::MAX)?;
    if !token.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b':') {
        fields.refuse("token", "must be printable ASCII without a colon");
        return None;
    }
    if !TOKEN_CHARS.contains(&token.len()) {
        let (least, most) = (TOKEN_CHARS.start(), TOKEN_CHARS.end());
        fields.refuse("token", format!("must have {least} to {most} characters"));
        return None;
    }
    Some(Given {
        sha256: digest(token.as_bytes()),
        last_four: token[token.len() - 4..].to_owned(),
    })
}

pub(super) fn tier(fields: &mut Fields<'_, '_>) -> Row {
    Row::Tier(Tier {
        guid: fields.needed_guid("guid"),
        name: fields.needed_text("name", NAME_CHARS),
        description: fields.text("description", DESCRIPTION_CHARS).unwrap_or_default(),
        rank: fields.needed_integer("rank", 0..=i64::MAX),
        email_enabled: fields.flag("email_enabled", false),
    })
}

pub(super) fn folder(fields: &mut Fields<'_, '_>) -> Row {
    Row::Folder(Folder {
        guid: fields.needed_guid("guid"),
        name: fields.needed_text("name", NAME_CHARS),
        description: fields.text("description", DESCRIPTION_CHARS).unwrap_or_default(),
        content_expiry_days: fields.integer("content_expiry_days", EXPIRY_DAYS),
        position: fields.integer("position", 0..=i64::MAX).unwrap_or_default(),
        company_guids: company_guids(fields),
    })
}

pub(super) fn entry(fields: &mut Fields<'_, '_>) -> Row {
    Row::Entry(Entry {
        company_guid: fields.needed_guid("company_guid"),
        tier_guid: fields.guid("tier_guid"),
        custom_id: fields.text("custom_id", NAME_CHARS),
        added_date: fields.date("added_date").unwrap_or_default(),
        subscription_type: fields.text("subscription_type", NAME_CHARS),
        relationship: fields.text("relationship", NAME_CHARS),
        life_cycle: fields.text("life_cycle", NAME_CHARS),
    })
}

pub(super) fn contact(fields: &mut Fields<'_, '_>) -> Row {
    let (formal_name, friendly_name) = names(fields);
    Row::Contact(Box::new(Contact {
        guid: fields.needed_guid("guid"),
        company_guid: fields.needed_guid("company_guid"),
        friendly_name,
        formal_name,
        email: needed_email(fields, "email"),
        phone_number: fields.text("phone_number", PHONE_CHARS),
        nickname: fields.text("nickname", NAME_CHARS),
        platform_id: fields.text("platform_id", NAME_CHARS),
        relation_active: fields.optional_flag("relation_active"),
        relation_type: fields.optional_word("relation_type", &RELATION_TYPES),
        role: fields.text("role", NAME_CHARS),
        source: fields.optional_word("source", &SOURCES),
        user_guid: fields.guid("user_guid"),
    }))
}
