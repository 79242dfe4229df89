//! `POST /companies/{guid}/contacts`: adds a contact, changes one, or takes one away.

use liaison_domain::ids;
use liaison_operations::contacts::{self, Typed};

use super::render;
use super::view::{Asked, ContactForm};
use crate::extract::{PathText, Submission};
use crate::pages::{Page, redirect};

pub(crate) async fn change(PathText(guid): PathText, form: Submission) -> Page {
    let Submission { visitor, fields } = form;
    let company = ids::parse_guid(&guid);
    let contact = Some(fields.text("contact"))
        .filter(|text| !text.is_empty())
        .map(ids::parse_guid);
    if fields.has("delete") {
        let key = (company, contact.flatten());
        visitor.act(move |tx, call| contacts::delete(tx, call, key)).await?;
        return Ok(redirect(&format!("/companies/{guid}?done=deleted#contacts")));
    }
    let text = |name: &str| fields.text(name).to_owned();
    let typed = Typed {
        formal_name: text("formal_name"),
        friendly_name: text("friendly_name"),
        email: text("email"),
        phone_number: text("phone_number"),
    };
    let saved = visitor.act(move |tx, call| contacts::save(tx, call, (company, contact), &typed));
    let Err(error) = saved.await else {
        return Ok(redirect(&format!("/companies/{guid}?done=saved#contacts")));
    };
    let Some((field, _)) = error.field() else {
        return Err(error);
    };
    let refused = ContactForm {
        contact: contact.flatten(),
        wrong: error.field().map_or((field, String::new()), named),
        fields,
    };
    let asked = Asked {
        page: 1,
        ..Asked::default()
    };
    render(&visitor, company, (asked, Some(refused))).await
}

/// The sentence about a field, with the field's name in it.
fn named((field, words): (String, String)) -> (String, String) {
    let subject = match field.as_str() {
        "formal_name" => "The name",
        "friendly_name" => "The short name",
        "email" => "The address",
        _ => "The phone number",
    };
    let rest = words.strip_prefix("This").unwrap_or(&words).to_owned();
    (field, format!("{subject}{rest}"))
}
