//! What a record says: plain text, already formatted by whoever asks for it.

/// The record of one collaboration. Every text is shown as it is; none is read as markup.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The heading of the first page and the title in the document's properties.
    pub title: String,
    /// The guid of the collaboration; it stands at the foot of every page.
    pub reference: String,
    /// The public address of the server the record comes from.
    pub server: String,
    /// When the record was made, as it shall be shown.
    pub generated_at: String,
    /// The same moment for the document's properties, in UTC. Without it the file makes no claim to be an archive.
    pub created: Option<Created>,
    /// Labels with their values, in the order they are shown.
    pub facts: Vec<(String, String)>,
    /// The text of the invitation; empty when there was none.
    pub message: String,
    /// The findings in question.
    pub findings: Vec<Finding>,
    /// The grades of the company at the time.
    pub context: Vec<Grade>,
    /// What happened, oldest first.
    pub timeline: Vec<Event>,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
}

/// A moment in UTC, in the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// Such as 2026.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// One finding of the collaboration.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// The name of the risk vector.
    pub risk_vector: String,
    /// The host or network address, where the finding has one.
    pub address: Option<String>,
    /// Such as `severe`.
    pub severity: String,
    /// Such as `BAD`.
    pub grade: String,
    /// The first day it was seen.
    pub first_seen: String,
    /// The last day it was seen.
    pub last_seen: String,
    /// The guid or number of the finding.
    pub id: String,
}

/// How the company stood in one risk vector.
#[derive(Clone, Debug, Default)]
pub struct Grade {
    /// The name of the risk vector.
    pub risk_vector: String,
    /// Such as `C`.
    pub grade: String,
    /// Such as `34th`, in words or digits.
    pub percentile: String,
}

/// One thing that happened.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// By whom; empty for the server itself.
    pub who: String,
}

/// One message of the conversation.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// The name of its author.
    pub author: String,
    /// The author's company.
    pub company: String,
    /// Which side the author is on, such as `requester`.
    pub side: String,
    /// When it was sent.
    pub at: String,
    /// When it was last changed.
    pub edited_at: Option<String>,
    /// Whether its author took it back; `body` is not shown then.
    pub deleted: bool,
    /// Its text.
    pub body: String,
}
