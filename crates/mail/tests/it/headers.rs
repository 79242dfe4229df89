//! What stands in the headers, and that they stay within the rules of the wire.

use liaison_mail::{ComposeError, Identity, Introduction, Party, Stamp};

use crate::facts::{every_kind, identity, introduce, introduction, read, stamp};

#[test]
fn the_introduction_names_everybody() {
    let mail = introduce(&introduction());
    let seen = read(&mail);
    assert_eq!(
        mail.subject,
        "Emma Waters (Blue Seas International) asks Black Hills Technologies to look at 3 security findings"
    );
    assert_eq!(seen.subject, mail.subject);
    assert_eq!(seen.from, "Liaison <liaison@blueseas.example>");
    assert_eq!(seen.to, "\"Gavin Hill\" <gavin@blackhills.example>");
    assert_eq!(seen.cc, "Zoë Quill <zoe@third.example>, copy@blueseas.example");
    assert_eq!(seen.reply_to, "\"Emma Waters\" <emma@blueseas.example>");
    assert_eq!(seen.date, "Wed, 18 Nov 2026 11:06:40 +0000");
    assert_eq!(
        seen.message_id,
        "<0191f0c4-7a3b-7c1e-9d2f-000000000001@blueseas.example>"
    );
    assert_eq!(seen.message_id, mail.message_id);
    assert!(String::from_utf8_lossy(&mail.bytes).contains("\r\nAuto-Submitted: auto-generated\r\n"));
}

#[test]
fn without_findings_the_subject_asks_to_collaborate() {
    let mail = introduce(&Introduction {
        findings: &[],
        ..introduction()
    });
    assert_eq!(
        mail.subject,
        "Emma Waters (Blue Seas International) asks Black Hills Technologies to collaborate on security"
    );
    let one = introduce(&Introduction {
        findings: &crate::facts::FINDINGS[..1],
        ..introduction()
    });
    assert!(
        one.subject.ends_with("to look at 1 security finding"),
        "{}",
        one.subject
    );
}

#[test]
fn a_company_that_asks_without_a_person_gets_no_reply_to() {
    let facts = Introduction {
        requester_name: "",
        requester_email: None,
        ..introduction()
    };
    let mail = introduce(&facts);
    let seen = read(&mail);
    assert_eq!(seen.reply_to, "");
    assert!(
        mail.subject.starts_with("Blue Seas International asks Black Hills"),
        "{}",
        mail.subject
    );
    assert!(
        seen.text.starts_with("Blue Seas International would like"),
        "{}",
        seen.text
    );
    assert!(!seen.text.contains("reply to this mail"));
}

#[test]
fn the_other_mails_have_one_recipient_and_no_copies() {
    let recipients: Vec<String> = every_kind()
        .into_iter()
        .skip(1)
        .map(|(kind, mail)| {
            let seen = read(&mail);
            assert_eq!(seen.cc, "", "{kind}");
            format!("{kind}: {}", seen.to)
        })
        .collect();
    let wanted = [
        "activation: \"Gavin Hill\" <gavin@blackhills.example>",
        "notice: Rita Ölund <rita@blackhills.example>",
        "message: \"Emma Waters\" <emma@blueseas.example>",
        "password_reset: \"Emma Waters\" <emma@blueseas.example>",
        "welcome: \"Olga Berg\" <olga@blackhills.example>",
        "handed: \"Olga Berg\" <olga@blackhills.example>",
        "link_used: \"Emma Waters\" <emma@blueseas.example>",
        "test: \"Emma Waters\" <emma@blueseas.example>",
    ];
    assert_eq!(recipients, wanted);
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert_eq!(every_kind(), every_kind());
}

/// Encoding is what costs time in writing a mail, and it makes the mail harder to read as it lies there.
#[test]
fn plain_english_goes_as_it_is() {
    let message = "Please have a look at these and tell us what you know of them.\n".repeat(20);
    let mail = introduce(&Introduction {
        message: &message,
        third_parties: &[],
        ..introduction()
    });
    let text = String::from_utf8(mail.bytes).unwrap();
    assert_eq!(text.matches("Content-Transfer-Encoding: 7bit").count(), 2, "{text}");
}

#[test]
fn subjects_say_who_and_what() {
    let subjects: Vec<String> = every_kind().into_iter().map(|(_, mail)| mail.subject).collect();
    let wanted = [
        "Emma Waters (Blue Seas International) asks Black Hills Technologies to look at 3 security findings",
        "Your invitation from Emma Waters (Blue Seas International): 3 security findings about Black Hills Technologies",
        "New request for Black Hills Technologies from Emma Waters (Blue Seas International)",
        "Gavin Hill (Black Hills Technologies) wrote about 3 security findings",
        "Set a new password for liaison.blueseas.example",
        "Gavin Hill made you a user of Black Hills Technologies",
        "Gavin Hill hands you the request of Blue Seas International",
        "Zoe Quill (Third Industries) asks to be invited",
        "Test mail from liaison.blueseas.example",
    ];
    assert_eq!(subjects, wanted);
}

#[test]
fn only_message_notices_can_be_unsubscribed() {
    for (kind, mail) in every_kind() {
        let parsed = mailparse::parse_mail(&mail.bytes).unwrap();
        let value = |name: &str| mailparse::MailHeaderMap::get_first_value(parsed.headers.as_slice(), name);
        let (list, post) = (value("List-Unsubscribe"), value("List-Unsubscribe-Post"));
        if kind == "message" {
            assert_eq!(
                list.as_deref(),
                Some("<https://liaison.blueseas.example/unsubscribe?t=k7q2>")
            );
            assert_eq!(post.as_deref(), Some("List-Unsubscribe=One-Click"));
        } else {
            assert_eq!((list, post), (None, None), "{kind}");
        }
        let answered = matches!(kind, "introduction" | "activation");
        assert_eq!(value("Reply-To").is_some(), answered, "{kind}");
        assert_eq!(value("Auto-Submitted").as_deref(), Some("auto-generated"), "{kind}");
    }
}

#[test]
fn long_lists_of_copies_fold() {
    let ccs: Vec<String> = (0..42).map(|n| format!("somebody.{n:02}@example.com")).collect();
    let ccs: Vec<&str> = ccs.iter().map(String::as_str).collect();
    assert!(ccs.join(",").len() > 990);
    let addresses: Vec<String> = (0..50)
        .map(|n| format!("party{n}@{}.example", "long-label".repeat(5)))
        .collect();
    let third_parties: Vec<Party<'_>> = addresses
        .iter()
        .map(|email| Party {
            name: "Zoë Müller-Lüdenscheidt, Chief of Everything",
            email,
        })
        .collect();
    let mail = introduce(&Introduction {
        ccs: &ccs,
        third_parties: &third_parties,
        ..introduction()
    });
    let text = String::from_utf8(mail.bytes.clone()).unwrap();
    let (headers, body) = text.split_once("\r\n\r\n").unwrap();
    let longest = |part: &str| part.split("\r\n").map(str::len).max().unwrap();
    assert!(longest(headers) <= 78, "{headers}");
    assert!(longest(body) <= 998, "{body}");
    let parsed = mailparse::parse_mail(&mail.bytes).unwrap();
    let header = parsed.headers.iter().find(|header| header.get_key() == "Cc").unwrap();
    let list = mailparse::addrparse_header(header).unwrap();
    assert_eq!(list.count_addrs(), 92);
}

#[test]
fn a_copy_is_named_once_and_never_beside_itself() {
    let facts = Introduction {
        ccs: &[
            "ZOE@third.example",
            "Gavin@blackhills.example",
            "not an address",
            "x@y.example\r\nBcc: z@y.example",
        ],
        ..introduction()
    };
    assert_eq!(read(&introduce(&facts)).cc, "Zoë Quill <zoe@third.example>");
}

#[test]
fn a_long_subject_is_cut_with_a_sign() {
    let name = "Ж".repeat(255);
    let mail = introduce(&Introduction {
        requester_name: &name,
        ..introduction()
    });
    assert_eq!(mail.subject.chars().count(), 150);
    assert!(mail.subject.ends_with('…'));
    assert_eq!(read(&mail).subject, mail.subject);
}

#[test]
fn what_cannot_be_written_is_refused() {
    let stamped = |guid: &str, unix_ms| {
        liaison_mail::introduction(
            &identity(),
            &Stamp {
                guid: guid.to_owned(),
                unix_ms,
            },
            &introduction(),
        )
        .unwrap_err()
    };
    assert_eq!(stamped("", 0), ComposeError::Guid(String::new()));
    assert_eq!(stamped("a\r\nb", 0), ComposeError::Guid("a\r\nb".to_owned()));
    assert_eq!(stamped("a", -1), ComposeError::Date(-1));
    assert_eq!(stamped("a", i64::MAX), ComposeError::Date(i64::MAX));
    for to in [
        "",
        "nobody",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "ä@b.example",
    ] {
        let facts = Introduction {
            requestee_email: to,
            ..introduction()
        };
        let error = liaison_mail::introduction(&identity(), &stamp(), &facts).unwrap_err();
        assert_eq!(error, ComposeError::Recipient(to.to_owned()));
    }
}

#[test]
fn the_identity_is_read_or_refused() {
    let plain = Identity::parse("liaison@blueseas.example", "https://liaison.blueseas.example:8443/").unwrap();
    assert_eq!(
        (plain.from.to_string().as_str(), plain.server_name.as_str()),
        ("liaison@blueseas.example", "liaison.blueseas.example")
    );
    assert!(Identity::parse("liaison@localhost", "http://localhost:8080").is_ok());
    let quoted = Identity::parse("\"Waters, Ltd.\" <a@b.example>", "http://127.0.0.1:8080").unwrap();
    assert_eq!(quoted.from.to_string(), "\"Waters, Ltd.\" <a@b.example>");
    for wrong in [
        "",
        "Liaison",
        "Liaison <>",
        "Liaison <a@b.example",
        "a@b.example\r\nX: y",
        "A <a@b.example> B",
    ] {
        assert!(Identity::parse(wrong, "https://x.example").is_err(), "{wrong:?}");
    }
    for wrong in ["", "liaison.example", "ftp://liaison.example", "mailto:a@b.example"] {
        assert!(Identity::parse("a@b.example", wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn names_are_quoted_where_they_need_it() {
    for (name, shown) in [
        ("J.R.", "\"J.R.\" <gavin@blackhills.example>"),
        ("Gavin", "Gavin <gavin@blackhills.example>"),
        ("Hill, Gavin", "Hill, Gavin <gavin@blackhills.example>"),
        ("GAVIN@blackhills.example", "gavin@blackhills.example"),
        ("boss@bank.example", "boss at bank.example <gavin@blackhills.example>"),
        ("", "gavin@blackhills.example"),
    ] {
        let mail = introduce(&Introduction {
            requestee_name: name,
            ..introduction()
        });
        let seen = read(&mail);
        assert_eq!(
            seen.to.replace("\"boss at bank.example\"", "boss at bank.example"),
            shown
        );
    }
}
