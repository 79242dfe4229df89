//! The facts that most tests start from.

use liaison_mail::{
    Activation, Composed, Delegated, FindingLine, Identity, Introduction, LinkUsed, MessageNotice, Notice, Party,
    PasswordReset, Readable, Stamp, TestMail, Welcome,
};

pub(crate) const REQUEST: &str = "6f1f0c4e-7a3b-4c1e-9d2f-8c0e52a9d001";
pub(crate) const LINK: &str =
    "https://liaison.blueseas.example/i/ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub(crate) const ROOM: &str = "https://liaison.blueseas.example/inbox/6f1f0c4e-7a3b-4c1e-9d2f-8c0e52a9d001";

pub(crate) const UNSUBSCRIBE: &str = "https://liaison.blueseas.example/unsubscribe?t=k7q2";
pub(crate) const PASSWORD: &str = "https://liaison.blueseas.example/password/abcdefghijklmnopqrstuvwxyz234567";

pub(crate) const FINDINGS: [FindingLine<'static>; 3] = [
    FindingLine {
        risk_vector: "DNSSEC",
        address: Some("blackhills.example"),
        severity: "Severe",
        last_seen: "20 Nov 2026",
    },
    FindingLine {
        risk_vector: "Open Ports",
        address: None,
        severity: "Moderate",
        last_seen: "19 Nov 2026",
    },
    FindingLine {
        risk_vector: "Patching",
        address: Some("203.0.113.7"),
        severity: "Minor",
        last_seen: "",
    },
];

pub(crate) fn identity() -> Identity {
    Identity::parse("Liaison <liaison@blueseas.example>", "https://liaison.blueseas.example").unwrap()
}

pub(crate) fn stamp() -> Stamp {
    Stamp {
        guid: "0191f0c4-7a3b-7c1e-9d2f-000000000001".to_owned(),
        unix_ms: 1_795_000_000_000,
    }
}

pub(crate) fn introduction() -> Introduction<'static> {
    Introduction {
        requester_name: "Emma Waters",
        requester_email: Some("emma@blueseas.example"),
        requester_company: "Blue Seas International",
        requestee_name: "Gavin Hill",
        requestee_friendly_name: "Gavin",
        requestee_email: "gavin@blackhills.example",
        requestee_company: "Black Hills Technologies",
        reason: "Remediation",
        message: "Dear Gavin,\nplease have a look.",
        findings: &FINDINGS,
        ccs: &["copy@blueseas.example"],
        third_parties: &[Party {
            name: "Zoë Quill",
            email: "zoe@third.example",
        }],
        invited: true,
        room_link: None,
        access_days: 30,
        request_guid: REQUEST,
    }
}

pub(crate) fn activation() -> Activation<'static> {
    Activation {
        requester_name: "Emma Waters",
        requester_email: Some("emma@blueseas.example"),
        requester_company: "Blue Seas International",
        requestee_name: "Gavin Hill",
        requestee_friendly_name: "Gavin",
        requestee_email: "gavin@blackhills.example",
        requestee_company: "Black Hills Technologies",
        link: LINK,
        code: "042137",
        code_page: "https://liaison.blueseas.example/code",
        expires_on: "6 Dec 2026, 14:05 UTC",
        trial_days: 30,
        asked_for: false,
        findings_count: 3,
        request_guid: REQUEST,
    }
}

pub(crate) fn notice() -> Notice<'static> {
    Notice {
        contact_name: "Rita Ölund",
        contact_email: "rita@blackhills.example",
        requester_name: "Emma Waters",
        requester_company: "Blue Seas International",
        requestee_name: "Gavin Hill",
        requestee_company: "Black Hills Technologies",
        reason: "Remediation",
        room_link: ROOM,
        request_guid: REQUEST,
        sent_on: "22 Nov 2026, 14:05 UTC",
    }
}

pub(crate) fn message_notice() -> MessageNotice<'static> {
    MessageNotice {
        recipient_name: "Emma Waters",
        recipient_email: "emma@blueseas.example",
        author_name: "Gavin Hill",
        author_company: "Black Hills Technologies",
        about: "3 security findings",
        excerpt: "Hello Emma,\nwe switch DNSSEC on next week.",
        room_link: ROOM,
        unsubscribe_link: UNSUBSCRIBE,
        request_guid: REQUEST,
    }
}

pub(crate) fn password_reset() -> PasswordReset<'static> {
    PasswordReset {
        name: "Emma Waters",
        email: "emma@blueseas.example",
        link: PASSWORD,
        expires_on: "22 Nov 2026, 15:05 UTC",
    }
}

pub(crate) fn welcome() -> Welcome<'static> {
    Welcome {
        name: "Olga Berg",
        email: "olga@blackhills.example",
        customer_name: "Black Hills Technologies",
        inviter_name: "Gavin Hill",
        inviter_company: "Black Hills Technologies",
        link: PASSWORD,
        expires_on: "6 Dec 2026, 14:05 UTC",
        delegated: None,
    }
}

pub(crate) fn handed() -> Welcome<'static> {
    Welcome {
        delegated: Some(Delegated {
            from_name: "Gavin Hill",
            requester_company: "Blue Seas International",
            about: "3 security findings",
        }),
        ..welcome()
    }
}

pub(crate) fn link_used() -> LinkUsed<'static> {
    LinkUsed {
        admin_name: "Emma Waters",
        admin_email: "emma@blueseas.example",
        person_name: "Zoe Quill",
        person_email: "zoe@third.example",
        person_company: "Third Industries",
        link_name: "Vendors 2026",
        review_link: "https://liaison.blueseas.example/requests/6f1f0c4e-7a3b-4c1e-9d2f-8c0e52a9d001",
    }
}

pub(crate) fn test_mail() -> TestMail<'static> {
    TestMail {
        name: "Emma Waters",
        email: "emma@blueseas.example",
        mail_page: "https://liaison.blueseas.example/mail",
    }
}

/// One mail of each kind, by name.
pub(crate) fn every_kind() -> Vec<(&'static str, Composed)> {
    vec![
        ("introduction", introduce(&introduction())),
        ("activation", activate(&activation())),
        ("notice", tell(&notice())),
        ("message", tell_message(&message_notice())),
        ("password_reset", reset(&password_reset())),
        ("welcome", greet(&welcome())),
        ("handed", greet(&handed())),
        ("link_used", ask_admin(&link_used())),
        ("test", try_out(&test_mail())),
    ]
}

pub(crate) fn introduce(facts: &Introduction<'_>) -> Composed {
    liaison_mail::introduction(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn activate(facts: &Activation<'_>) -> Composed {
    liaison_mail::activation(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn tell(facts: &Notice<'_>) -> Composed {
    liaison_mail::notice(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn tell_message(facts: &MessageNotice<'_>) -> Composed {
    liaison_mail::message_notice(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn reset(facts: &PasswordReset<'_>) -> Composed {
    liaison_mail::password_reset(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn greet(facts: &Welcome<'_>) -> Composed {
    liaison_mail::welcome(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn ask_admin(facts: &LinkUsed<'_>) -> Composed {
    liaison_mail::link_used(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn try_out(facts: &TestMail<'_>) -> Composed {
    liaison_mail::test_mail(&identity(), &stamp(), facts).unwrap()
}

pub(crate) fn read(mail: &Composed) -> Readable {
    liaison_mail::read(&mail.bytes).unwrap()
}
