//! Hostile names, texts and addresses in every field: the headers stay those of the template.

use liaison_mail::{
    Activation, Composed, Delegated, FindingLine, Introduction, LinkUsed, MessageNotice, Notice, Party, PasswordReset,
    Welcome,
};

use crate::facts::{
    activate, activation, ask_admin, greet, introduce, introduction, link_used, message_notice, notice, password_reset,
    read, reset, tell, tell_message, welcome,
};

fn corpus() -> Vec<String> {
    let mut corpus: Vec<String> = [
        "a\r\nBcc: evil@x.example",
        "a\nSubject: other",
        "a\rReply-To: evil@x.example",
        "\r\n\r\n<html>",
        "a\r\n .\r\n.\r\nMAIL FROM:<evil@x.example>",
        "a\tb\u{0}c\u{b}d\u{c}e\u{7f}f\u{85}g\u{1b}[31m",
        "\u{2028}X: y\u{2029}",
        "=?utf-8?q?a=0D=0ABcc:_evil@x.example?=",
        "=?utf-8?b?PGV2aWxAeC5leGFtcGxlPg==?=",
        "\"Boss\" <boss@bank.example>",
        "Boss <boss@bank.example>, Other",
        "boss@bank.example",
        "boss＠bank.example ＜x＞",
        "\u{202e}elpmaxe.knab@ssob\u{202c}",
        "\u{2066}\u{200f}\u{200e}\u{61c}abc\u{2069}",
        "\\\" , ; : ( ) [ ] < > \\",
        "'\"><script>alert(1)</script><img src=x>",
        "--=_0191f0c4-7a3b-7c1e-9d2f-000000000001",
        "\r\n--=_0191f0c4-7a3b-7c1e-9d2f-000000000001--\r\n",
        "{{ 7 * 7 }} {% include \"/etc/passwd\" %}",
        "👩‍👩‍👧‍👦 семья עברית العربية",
        "undisclosed-recipients:;",
        "",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    corpus.push("x".repeat(10_000));
    corpus.push("漢".repeat(10_000));
    corpus.push("e\u{301}".repeat(5_000));
    corpus.push("a b ".repeat(2_500));
    corpus
}

const INTRODUCTION: [&str; 10] = [
    "Date",
    "Message-ID",
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

fn check(mail: &Composed, names: &[&str], to: &str, hostile: &str) {
    let parsed = mailparse::parse_mail(&mail.bytes).unwrap();
    let found: Vec<String> = parsed.headers.iter().map(mailparse::MailHeader::get_key).collect();
    assert_eq!(found, names, "{hostile:?}");
    assert_eq!(parsed.subparts.len(), 2, "{hostile:?}");
    for header in &parsed.headers {
        let value = header.get_value();
        assert!(
            !value
                .chars()
                .any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)),
            "{hostile:?}: {value:?}"
        );
        if header.get_key() == "To" {
            let list = mailparse::addrparse_header(header).unwrap();
            let only = list.extract_single_info().expect("one recipient");
            assert_eq!(only.addr, to, "{hostile:?}");
            let shown = only.display_name.unwrap_or_default();
            assert!(!shown.contains(['@', '<', '>', '＠', '＜']), "{shown:?}");
        }
    }
    assert!(mail.bytes.is_ascii() && mail.bytes.ends_with(b"\r\n"));
    for line in String::from_utf8(mail.bytes.clone()).unwrap().split("\r\n") {
        assert!(
            line.len() <= 998 && !line.contains(['\r', '\n', '\0']),
            "{hostile:?}: {} bytes",
            line.len()
        );
    }
    assert!(mail.subject.chars().count() <= 150);
    let html = read(mail).html;
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    assert!(html.len() < 60_000, "{hostile:.20?}: {}", html.len());
}

#[test]
fn hostile_introductions() {
    for hostile in corpus() {
        let h = hostile.as_str();
        let finding = [FindingLine {
            risk_vector: h,
            address: Some(h),
            severity: h,
            last_seen: h,
        }];
        let base = introduction();
        let mails = [
            Introduction {
                requester_name: h,
                ..base.clone()
            },
            Introduction {
                requester_company: h,
                ..base.clone()
            },
            Introduction {
                requestee_name: h,
                ..base.clone()
            },
            Introduction {
                requestee_friendly_name: h,
                ..base.clone()
            },
            Introduction {
                requestee_company: h,
                reason: h,
                ..base.clone()
            },
            Introduction {
                message: h,
                request_guid: h,
                ..base.clone()
            },
            Introduction {
                findings: &finding,
                ..base.clone()
            },
            Introduction {
                ccs: &[h, "copy@blueseas.example"],
                ..base.clone()
            },
            Introduction {
                third_parties: &[
                    Party {
                        name: h,
                        email: "zoe@third.example",
                    },
                    Party { name: "Zoë", email: h },
                ],
                ..base.clone()
            },
        ];
        for facts in mails {
            check(&introduce(&facts), &INTRODUCTION, "gavin@blackhills.example", h);
        }
    }
}

#[test]
fn hostile_activations_and_notices() {
    let activation_names: Vec<&str> = INTRODUCTION.into_iter().filter(|name| *name != "Cc").collect();
    let notice_names: Vec<&str> = activation_names
        .iter()
        .copied()
        .filter(|name| *name != "Reply-To")
        .collect();
    for hostile in corpus() {
        let h = hostile.as_str();
        for facts in [
            Activation {
                requester_name: h,
                expires_on: h,
                ..activation()
            },
            Activation {
                requestee_name: h,
                requester_company: h,
                code: h,
                ..activation()
            },
            Activation {
                requestee_friendly_name: h,
                requestee_company: h,
                request_guid: h,
                ..activation()
            },
        ] {
            check(&activate(&facts), &activation_names, "gavin@blackhills.example", h);
        }
        for facts in [
            Notice {
                contact_name: h,
                requester_name: h,
                sent_on: h,
                ..notice()
            },
            Notice {
                requestee_name: h,
                requester_company: h,
                requestee_company: h,
                reason: h,
                request_guid: h,
                ..notice()
            },
        ] {
            check(&tell(&facts), &notice_names, "rita@blackhills.example", h);
        }
    }
}

/// The headers of the mails that nobody answers: all but `Cc` and `Reply-To`.
fn unanswered() -> Vec<&'static str> {
    let answered = |name: &&str| matches!(*name, "Cc" | "Reply-To");
    INTRODUCTION.into_iter().filter(|name| !answered(name)).collect()
}

#[test]
fn hostile_message_notices() {
    let mut names = unanswered();
    let at = names.iter().position(|name| *name == "MIME-Version").unwrap();
    names.splice(at..at, ["List-Unsubscribe", "List-Unsubscribe-Post"]);
    for hostile in corpus() {
        let h = hostile.as_str();
        for facts in [
            MessageNotice {
                recipient_name: h,
                author_name: h,
                ..message_notice()
            },
            MessageNotice {
                author_company: h,
                about: h,
                ..message_notice()
            },
            MessageNotice {
                excerpt: h,
                request_guid: h,
                ..message_notice()
            },
        ] {
            check(&tell_message(&facts), &names, "emma@blueseas.example", h);
        }
    }
}

#[test]
fn hostile_account_mails() {
    let names = unanswered();
    for hostile in corpus() {
        let h = hostile.as_str();
        let reset_facts = PasswordReset {
            name: h,
            expires_on: h,
            ..password_reset()
        };
        check(&reset(&reset_facts), &names, "emma@blueseas.example", h);
        let handed = Delegated {
            from_name: h,
            requester_company: h,
            about: h,
        };
        for facts in [
            Welcome {
                name: h,
                customer_name: h,
                expires_on: h,
                ..welcome()
            },
            Welcome {
                inviter_name: h,
                inviter_company: h,
                ..welcome()
            },
            Welcome {
                delegated: Some(handed),
                ..welcome()
            },
        ] {
            check(&greet(&facts), &names, "olga@blackhills.example", h);
        }
        let asked = LinkUsed {
            admin_name: h,
            person_name: h,
            person_email: h,
            person_company: h,
            link_name: h,
            ..link_used()
        };
        check(&ask_admin(&asked), &names, "emma@blueseas.example", h);
    }
}
