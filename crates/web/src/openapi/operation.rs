//! What one operation says of itself. It stands beside its handler, as a constant.

use schemars::{JsonSchema, SchemaGenerator};

/// Makes the schema of a type and registers what it consists of.
pub type Schema = fn(&mut SchemaGenerator) -> schemars::Schema;

/// One method of one path.
#[derive(Clone, Copy)]
pub struct Operation {
    /// Its name, unique in the document.
    pub id: &'static str,
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The chapter of the document, one of [`tag`].
    pub tag: &'static str,
    /// A few words.
    pub summary: &'static str,
    /// Some sentences; may be empty.
    pub description: &'static str,
    /// What may stand in the query.
    pub query: &'static [Parameter],
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back when it works, the usual one first.
    pub answers: [Option<Answer>; 3],
    /// Statuses of its refusals beside 401, which every operation has.
    pub refusals: &'static [u16],
    /// Who may call it.
    pub needs: Needs,
    /// The text of its example, see `example!`.
    pub example: &'static str,
}

/// The least role that may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Any role.
    Reader,
    /// A role that may invite: everybody but readers.
    Inviter,
    /// Administrators, and company tokens.
    Admin,
    /// A user's own token: a company token is nobody in particular.
    User,
}

/// A parameter of the query.
#[derive(Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// A sentence.
    pub about: &'static str,
}

/// What a parameter takes. What is not of its kind is refused with 400; text kinds take everything.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// A comma list; entries that are unknown match nothing.
    List,
    /// A whole number from 0.
    Count,
    /// A whole number.
    Integer,
    /// A decimal number.
    Number,
    /// `true` or `false`, in any case.
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD` or an RFC 3339 time.
    Moment,
    /// One of some words.
    OneOf(&'static [&'static str]),
}

/// A body that is sent.
#[derive(Clone, Copy)]
pub struct Body {
    /// `application/json`, or another.
    pub media_type: &'static str,
    /// Its shape.
    pub schema: Schema,
}

/// An answer that means that it worked.
#[derive(Clone, Copy)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// A few words.
    pub about: &'static str,
    /// `application/json`, or another.
    pub media_type: &'static str,
    /// Its shape; none where the body is empty or is no JSON.
    pub schema: Option<Schema>,
}

/// The chapters of the document.
pub(crate) mod tag {
    pub(crate) const ACCESS_REQUESTS: &str = "Access requests";
    pub(crate) const ACCESS_LINKS: &str = "Client access links";
    pub(crate) const PORTFOLIO: &str = "Portfolio";
    pub(crate) const COMPANIES: &str = "Companies";
    pub(crate) const FINDINGS: &str = "Findings";
    pub(crate) const CONTACTS: &str = "Contacts";
    pub(crate) const ORGANISATION: &str = "Folders, tiers, groups, subscriptions";
    pub(crate) const USERS: &str = "Users and customers";
    pub(crate) const SERVER: &str = "Server";
    pub(crate) const OWN: &str = "Liaison's own API";
}

/// A parameter of the query.
pub(crate) const fn query(name: &'static str, kind: Kind, about: &'static str) -> Parameter {
    Parameter { name, kind, about }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
    generator.subschema_for::<T>()
}

impl Operation {
    pub(crate) const fn new(method: &'static str, id: &'static str, tag: &'static str, summary: &'static str) -> Self {
        Operation {
            id,
            method,
            tag,
            summary,
            description: "",
            query: &[],
            body: None,
            answers: [None; 3],
            refusals: &[],
            needs: Needs::Reader,
            example: "",
        }
    }

    /// Some sentences for people.
    pub(crate) const fn about(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// What may stand in the query.
    pub(crate) const fn query(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    /// JSON that is sent.
    pub(crate) const fn body<T: JsonSchema>(mut self) -> Self {
        self.body = Some(Body {
            media_type: "application/json",
            schema: schema_of::<T>,
        });
        self
    }

    /// JSON that comes back.
    pub(crate) const fn answers<T: JsonSchema>(self, status: u16, about: &'static str) -> Self {
        self.answer(Answer {
            status,
            about,
            media_type: "application/json",
            schema: Some(schema_of::<T>),
        })
    }

    /// Anything that comes back.
    pub(crate) const fn answer(mut self, answer: Answer) -> Self {
        let mut place = 0;
        while self.answers[place].is_some() {
            place += 1;
        }
        self.answers[place] = Some(answer);
        self
    }

    /// Statuses of its refusals beside 401.
    pub(crate) const fn refuses(mut self, statuses: &'static [u16]) -> Self {
        self.refusals = statuses;
        self
    }

    /// Who may call it.
    pub(crate) const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// Its example, see `example!`.
    pub(crate) const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }
}
