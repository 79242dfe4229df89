//! Why an operation says no: one value per reason, with the sentence a person reads and a stable code for machines.

/// A refusal that is the caller's to mend. `Display` is the sentence; the first eight are the documented ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The requestee's address is malformed, or none is known.
    #[error("Invalid requestee email")]
    InvalidRequesteeEmail,
    /// The recipient is the sender.
    #[error("It is not possible to send an access request to yourself")]
    ToYourself,
    /// The company is unknown or not in the caller's portfolio.
    #[error("No entity found for specified guid")]
    NoEntity,
    /// The company's type cannot be invited.
    #[error("The entity cannot be used for vendor access requests")]
    EntityNotUsable,
    /// The address belongs to none of the company's domains.
    #[error("The requestee email domain is unrelated to the entity")]
    UnrelatedEmailDomain,
    /// `ccs` is too long.
    #[error(
        "It is not possible to send an access request with combined string of cc emails larger than 1023 characters"
    )]
    CcsTooLong,
    /// Too many findings.
    #[error("Please limit shared observations to 10")]
    TooManyObservations,
    /// A finding is not one of the company's.
    #[error("The observations ids did not match the entity")]
    ObservationMismatch,
    /// A field has a value outside its rule.
    #[error("{field}: {rule}")]
    Field {
        /// Path of the field in the body, e.g. `third_parties[2].email`.
        field: String,
        /// What the field must be.
        rule: String,
    },
    /// The request's status does not allow the change.
    #[error("Unable to update status.")]
    StatusConflict,
    /// Nothing left to resend: only requests waiting for their recipient have a link.
    #[error("Only a request that is Pending or Never can be sent again; this one is {0}.")]
    NotResendable(&'static str),
    /// The last mail is too young.
    #[error("The last mail is younger than the cool-down; try again in {seconds} seconds.")]
    ResendTooSoon {
        /// Seconds until a resend is possible.
        seconds: i64,
    },
    /// The trial of a request that is over in another way.
    #[error("The trial of a request that is {0} cannot be made longer.")]
    NotExtendable(&'static str),
    /// Only somebody who is in can hand a request on.
    #[error("Only an Active request can be handed to a colleague; this one is {0}.")]
    NotDelegable(&'static str),
    /// The request was handed on too often.
    #[error("This request was handed on {0} times already. Ask the sender to invite the right person.")]
    DelegatedTooOften(usize),
    /// The link was copied too often.
    #[error("A link can be copied {most} times a day; try again in {seconds} seconds.")]
    LinkTooOften {
        /// Copies in 24 hours.
        most: usize,
        /// Seconds until the next one.
        seconds: i64,
    },
    /// Six digits that open nothing, or an address nobody invited: there is no telling.
    #[error("This code does not work with this address. Check both, or use the link in the mail.")]
    CodeWrong,
    /// Nobody waits for the mail with the link for a first password.
    #[error("This account is {0} and cannot be sent another activation email.")]
    NotWelcome(&'static str),
    /// Too many users were invited lately.
    #[error(
        "{most} users were invited in the last {} days; try again in {seconds} seconds.",
        crate::limits::NEW_USERS_DAYS
    )]
    TooManyNewUsers {
        /// Invitations in 30 days.
        most: usize,
        /// Seconds until the next one.
        seconds: i64,
    },
    /// The mail was sent, or its text is gone.
    #[error("There is nothing left to send: the mail is on its way, was sent, or its link was used or replaced.")]
    NothingToSend,
    /// The activation link is unknown, spent, replaced or too old.
    #[error("This link is no longer valid. Ask the person who invited you to send it again.")]
    LinkGone,
    /// The link for a password is unknown, spent, replaced or too old.
    #[error("This link is no longer valid. Ask for a new one: links for a forgotten password work for an hour.")]
    PasswordLinkGone,
    /// Nobody can write in the request's thread now.
    #[error("{0}")]
    ThreadClosed(&'static str),
    /// The message is gone.
    #[error("This message was deleted and cannot be changed.")]
    MessageDeleted,
    /// More people wait for the customer's answer than it can look at.
    #[error("Too many people wait for an answer of this company; try again in a few days.")]
    TooManyWaiting,
    /// The default group stays.
    #[error("The default group cannot be deleted; make another one the default first.")]
    GroupIsDefault,
    /// Users are in the group.
    #[error("This group has {0} users; put them into other groups first.")]
    GroupInUse(i64),
    /// The same key came with another body.
    #[error("This Idempotency-Key was used with a different request.")]
    IdempotencyMismatch,
    /// The same key is being worked on right now.
    #[error("A request with this Idempotency-Key is still running; repeat it in a moment.")]
    IdempotencyRunning,
}

impl Refusal {
    /// A refusal of one field.
    pub fn field(field: impl Into<String>, rule: impl Into<String>) -> Refusal {
        Refusal::Field {
            field: field.into(),
            rule: rule.into(),
        }
    }

    /// The stable code, snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::InvalidRequesteeEmail => "invalid_requestee_email",
            Refusal::ToYourself => "request_to_yourself",
            Refusal::NoEntity => "no_entity",
            Refusal::EntityNotUsable => "entity_not_usable",
            Refusal::UnrelatedEmailDomain => "unrelated_email_domain",
            Refusal::CcsTooLong => "ccs_too_long",
            Refusal::TooManyObservations => "too_many_observations",
            Refusal::ObservationMismatch => "observation_mismatch",
            Refusal::Field { .. } => "invalid_field",
            Refusal::StatusConflict => "status_conflict",
            Refusal::NotResendable(_) => "not_resendable",
            Refusal::ResendTooSoon { .. } => "resend_too_soon",
            Refusal::NotExtendable(_) => "not_extendable",
            Refusal::NotDelegable(_) => "not_delegable",
            Refusal::DelegatedTooOften(_) => "delegated_too_often",
            Refusal::LinkTooOften { .. } => "link_too_often",
            Refusal::NotWelcome(_) => "already_activated",
            Refusal::TooManyNewUsers { .. } => "too_many_new_users",
            Refusal::CodeWrong => "code_wrong",
            Refusal::NothingToSend => "nothing_to_send",
            Refusal::LinkGone => "link_gone",
            Refusal::PasswordLinkGone => "password_link_gone",
            Refusal::ThreadClosed(_) => "thread_closed",
            Refusal::MessageDeleted => "message_deleted",
            Refusal::TooManyWaiting => "too_many_waiting",
            Refusal::GroupIsDefault => "group_is_default",
            Refusal::GroupInUse(_) => "group_in_use",
            Refusal::IdempotencyMismatch => "idempotency_mismatch",
            Refusal::IdempotencyRunning => "idempotency_running",
        }
    }
}
