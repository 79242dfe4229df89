//! The table of errors against the refusals of the domain and the document.

use super::*;

#[test]
fn every_refusal_has_its_row() {
    let refusals = [
        Refusal::InvalidRequesteeEmail,
        Refusal::ToYourself,
        Refusal::NoEntity,
        Refusal::EntityNotUsable,
        Refusal::UnrelatedEmailDomain,
        Refusal::CcsTooLong,
        Refusal::TooManyObservations,
        Refusal::ObservationMismatch,
        Refusal::field("a", "b"),
        Refusal::StatusConflict,
        Refusal::NotResendable("Active"),
        Refusal::ResendTooSoon { seconds: 1 },
        Refusal::NotExtendable("Resolved"),
        Refusal::NotDelegable("Pending"),
        Refusal::DelegatedTooOften(5),
        Refusal::LinkTooOften { most: 10, seconds: 1 },
        Refusal::NotWelcome("switched off"),
        Refusal::TooManyNewUsers { most: 300, seconds: 1 },
        Refusal::CodeWrong,
        Refusal::NothingToSend,
        Refusal::LinkGone,
        Refusal::PasswordLinkGone,
        Refusal::ThreadClosed("why"),
        Refusal::MessageDeleted,
        Refusal::TooManyWaiting,
        Refusal::IdempotencyMismatch,
        Refusal::IdempotencyRunning,
    ];
    for refusal in refusals {
        assert!(
            TABLE.iter().any(|kind| kind.code == refusal.code()),
            "{}",
            refusal.code()
        );
    }
}

#[test]
fn the_document_is_the_table() {
    let mut document = String::from(
        "# Error codes\n\nEvery error is JSON with `detail` (a sentence) and `code` (stable).\n\n\
         | status | code | what it means |\n| --- | --- | --- |\n",
    );
    for Kind { code, status, title } in TABLE {
        document.push_str(&format!("| {status} | `{code}` | {title} |\n"));
    }
    assert_eq!(
        include_str!("../../../../docs/ERRORS.md"),
        document,
        "docs/ERRORS.md should be:\n{document}"
    );
}

#[test]
fn the_table_is_sorted_and_has_no_code_twice() {
    assert!(TABLE.is_sorted_by_key(|kind| kind.status));
    for (index, kind) in TABLE.iter().enumerate() {
        assert!(
            TABLE[index + 1..].iter().all(|other| other.code != kind.code),
            "{}",
            kind.code
        );
    }
}
