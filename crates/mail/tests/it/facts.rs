//! The facts that most tests start from.

use liaison_mail::{Activation, Composed, FindingLine, Identity, Introduction, Notice, Party, Readable, Stamp};

pub(crate) const REQUEST: &str = "6f1f0c4e-7a3b-4c1e-9d2f-8c0e52a9d001";
pub(crate) const LINK: &str =
    "https://liaison.blueseas.example/i/ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJKMNPQRSTVWXYZ";

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
        expires_on: "6 Dec 2026, 14:05 UTC",
        trial_days: 30,
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
        request_guid: REQUEST,
        sent_on: "22 Nov 2026, 14:05 UTC",
    }
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

pub(crate) fn read(mail: &Composed) -> Readable {
    liaison_mail::read(&mail.bytes).unwrap()
}
