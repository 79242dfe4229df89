//! The kinds of events of a request, and which of them the vendor's side may hear of.

/// The events that both sides see. Every other kind, a future one too, is the client's own.
pub const SHARED: [&str; 14] = [
    "request.sent",
    "request.resent",
    "request.approved",
    "request.opened",
    "request.accepted",
    "request.delegated",
    "request.handed_over",
    "request.taken_over",
    "request.asked_again",
    "request.trial_extended",
    "request.resolved",
    "message.posted",
    "message.edited",
    "message.deleted",
];

/// Where an event stands among those of the same moment: a cause before what it causes.
pub fn rank(kind: &str) -> u8 {
    match kind {
        "request.asked" => 0,
        "request.sent" | "request.resent" | "request.approved" | "request.asked_again" => 1,
        "request.delegated" | "request.handed_over" => 2,
        "mail.queued" => 3,
        "mail.sent" | "mail.failed" | "mail.kept" | "mail.replaced" => 4,
        "request.opened" => 5,
        "request.accepted" => 6,
        "request.taken_over" => 7,
        "request.resolved" | "request.rejected" => 9,
        _ => 8,
    }
}

/// Whether only the client's side may hear of an event.
pub fn is_private(kind: &str) -> bool {
    !SHARED.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_declared_shared_is_private() {
        assert!(!is_private("request.sent") && !is_private("message.posted"));
        for kind in [
            "request.notes_changed",
            "request.link_copied",
            "request.rejected",
            "",
            "request.sent ",
        ] {
            assert!(is_private(kind), "{kind}");
        }
    }
}
