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
    /// The chapter of the document, one of those in `tag`.
    pub tag: &'static str,
    /// A few words.
    pub summary: &'static str,
    /// Some sentences; may be empty.
    pub description: &'static str,
    /// What may stand in the query.
    pub query: &'static [Parameter],
    /// What may stand in the header, beside what every operation of its kind reads there.
    pub header: &'static [Parameter],
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back when it works, the usual one first.
    pub answers: [Option<Answer>; 3],
    /// Headers of the usual answer.
    pub answer_headers: &'static [Parameter],
    /// Whether the usual answer has an `ETag`, and `If-None-Match` is heeded.
    pub is_conditional: bool,
    /// Whether it reads `Idempotency-Key`.
    pub takes_key: bool,
    /// The shape of its 400, one of those in `responses`.
    pub bad_request: &'static str,
    /// Statuses of its refusals beside those that every operation of its kind has.
    pub refusals: &'static [u16],
    /// Who may call it.
    pub needs: Needs,
    /// The text of its example, see `example!`.
    pub example: &'static str,
    /// More examples, each with its name.
    pub more_examples: &'static [(&'static str, &'static str)],
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
    /// On the sending side a role that may invite, on the receiving side any.
    Writer,
    /// Who wrote it.
    Author,
}

/// A parameter of the query or the header.
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
    /// A whole number from 1.
    Ordinal,
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
    /// Whether it may be left out.
    pub is_optional: bool,
    /// Whether the one field of the object may be sent without the object around it.
    pub may_be_bare: bool,
    /// Fields that this operation needs of those that its type can have.
    pub required: &'static [&'static str],
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
    pub(crate) const THREADS: &str = "Messages and events";

    /// Every chapter in the order of the document, with a sentence.
    pub(crate) const ALL: &[(&str, &str)] = &[
        (
            ACCESS_REQUESTS,
            "Inviting a person at a company to collaborate, and what was sent and received: outbox and inbox.",
        ),
        (
            ACCESS_LINKS,
            "Links that a customer publishes, by which people ask to be invited.",
        ),
        (PORTFOLIO, "The companies that a customer follows."),
        (COMPANIES, "Companies of the inventory with their ratings."),
        (FINDINGS, "What was observed about a company."),
        (CONTACTS, "People at companies to whom invitations go."),
        (
            ORGANISATION,
            "How a customer sorts its portfolio and its users, and which companies it subscribes to.",
        ),
        (
            USERS,
            "The people of a customer, its tokens, what they were told, and the customer itself.",
        ),
        (
            OWN,
            "What the compatible paths lack: one request from either side, its link, previews, mails.",
        ),
        (
            THREADS,
            "The thread of a request, live too, its timeline, its record, and the feed of everything that happened.",
        ),
        (SERVER, "What the server says of itself and of its words."),
    ];
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
            header: &[],
            body: None,
            answers: [None; 3],
            answer_headers: &[],
            is_conditional: false,
            // The first letter tells GET from everything that writes.
            takes_key: method.as_bytes()[0] != b'G',
            bad_request: "BadRequest",
            refusals: &[],
            needs: Needs::Reader,
            example: "",
            more_examples: &[],
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

    /// What may stand in the header.
    pub(crate) const fn header(mut self, header: &'static [Parameter]) -> Self {
        self.header = header;
        self
    }

    /// JSON that is sent.
    pub(crate) const fn body<T: JsonSchema>(self) -> Self {
        self.body_as::<T>("application/json")
    }

    /// JSON that may be sent: without it everything is as it is said by default.
    pub(crate) const fn optional_body<T: JsonSchema>(self) -> Self {
        let mut described = self.body::<T>();
        if let Some(body) = &mut described.body {
            body.is_optional = true;
        }
        described
    }

    /// The body is an object with one field, whose value may also come without the object around it.
    pub(crate) const fn may_be_bare(mut self) -> Self {
        if let Some(body) = &mut self.body {
            body.may_be_bare = true;
        }
        self
    }

    /// Fields that have to be in the body, or in the one field of it where that may come bare, although its type has them
    /// as optional.
    pub(crate) const fn body_requires(mut self, fields: &'static [&'static str]) -> Self {
        if let Some(body) = &mut self.body {
            body.required = fields;
        }
        self
    }

    /// What is sent in another media type.
    pub(crate) const fn body_as<T: JsonSchema>(mut self, media_type: &'static str) -> Self {
        self.body = Some(Body {
            media_type,
            schema: schema_of::<T>,
            is_optional: false,
            may_be_bare: false,
            required: &[],
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

    /// It worked, and nothing comes back.
    pub(crate) const fn answers_nothing(self, about: &'static str) -> Self {
        self.answer(Answer {
            status: 204,
            about,
            media_type: "",
            schema: None,
        })
    }

    /// Anything that comes back. Several of one status are media types to choose from.
    pub(crate) const fn answer(mut self, answer: Answer) -> Self {
        let mut place = 0;
        while self.answers[place].is_some() {
            place += 1;
        }
        self.answers[place] = Some(answer);
        self
    }

    /// Headers of the usual answer.
    pub(crate) const fn answer_headers(mut self, headers: &'static [Parameter]) -> Self {
        self.answer_headers = headers;
        self
    }

    /// The answer has an `ETag`: who has it already gets 304.
    pub(crate) const fn conditional(mut self) -> Self {
        self.is_conditional = true;
        self
    }

    /// A call that reads no `Idempotency-Key` although it is no `GET`.
    pub(crate) const fn without_key(mut self) -> Self {
        self.takes_key = false;
        self
    }

    /// A 400 is a list of errors.
    pub(crate) const fn lists_errors(mut self) -> Self {
        self.bad_request = super::responses::LISTED;
        self
    }

    /// A 400 names fields with their errors.
    pub(crate) const fn keys_errors(mut self) -> Self {
        self.bad_request = super::responses::KEYED;
        self
    }

    /// Statuses of its refusals beside those that every operation of its kind has.
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

    /// More examples, each with its name: the file of `name` is `<operationId>-<name>.json`.
    pub(crate) const fn more_examples(mut self, more: &'static [(&'static str, &'static str)]) -> Self {
        self.more_examples = more;
        self
    }

    /// The text of an example: of the only one, or of the one called `name`.
    pub fn example_named(&self, name: &str) -> Option<&'static str> {
        if name.is_empty() {
            return Some(self.example).filter(|text| !text.is_empty());
        }
        let named = self.more_examples.iter().find(|(known, _)| *known == name);
        named.map(|(_, text)| *text)
    }

    /// Names of its examples; that of the first is empty.
    pub fn example_names(&self) -> impl Iterator<Item = &'static str> {
        let first = (!self.example.is_empty()).then_some("");
        first
            .into_iter()
            .chain(self.more_examples.iter().map(|(name, _)| *name))
    }
}
