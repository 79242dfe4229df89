//! What the two parts say, and to whom they lead.

use liaison_mail::{
    Activation, ComposeError, Composed, FindingLine, Introduction, MessageNotice, Notice, PasswordReset, Welcome,
};

use crate::facts::{
    LINK, PASSWORD, ROOM, UNSUBSCRIBE, activate, activation, ask_admin, every_kind, greet, handed, identity, introduce,
    introduction, link_used, message_notice, notice, password_reset, read, reset, stamp, tell, tell_message, welcome,
};

#[test]
fn the_introduction_says_who_why_and_what() {
    let seen = read(&introduce(&introduction()));
    let first = seen.text.lines().next().unwrap();
    assert_eq!(
        first,
        "Emma Waters of Blue Seas International would like Black Hills Technologies to look at 3 security findings. Reason: Remediation."
    );
    for (part, quoted) in [
        (&seen.text, "> please have a look.\n"),
        (&seen.html, "please have a look.</blockquote>"),
    ] {
        assert!(part.contains(quoted), "{part}");
        for said in [
            "DNSSEC",
            "Address: blackhills.example",
            "Severity: Severe",
            "Last seen: 20 Nov 2026",
        ] {
            assert!(part.contains(said), "{said}: {part}");
        }
        assert!(
            part.contains("Address: shown to Black Hills Technologies in the request"),
            "{part}"
        );
        assert!(part.contains("Access lasts 30 days"), "{part}");
        assert!(
            part.contains("hand it to a colleague at Black Hills Technologies"),
            "{part}"
        );
        assert!(part.contains("liaison.blueseas.example/verify/6f1f0c4e"), "{part}");
        assert!(
            part.contains("Sent by the Liaison server at liaison.blueseas.example, for Blue Seas International."),
            "{part}"
        );
        assert!(!part.contains("/i/") && !part.contains("/inbox/"), "{part}");
    }
    assert_eq!(links(&seen.html), [VERIFY], "{}", seen.html);
}

const VERIFY: &str = "https://liaison.blueseas.example/verify/6f1f0c4e-7a3b-4c1e-9d2f-8c0e52a9d001";

/// Where the links of an HTML part lead, each once, in their order.
fn links(html: &str) -> Vec<&str> {
    let mut links: Vec<&str> = html
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    links.dedup();
    links
}

#[test]
fn who_has_an_account_is_told_of_the_inbox() {
    let seen = read(&introduce(&Introduction {
        invited: false,
        room_link: Some(ROOM),
        access_days: 0,
        ..introduction()
    }));
    assert!(seen.text.lines().any(|line| line == ROOM), "{}", seen.text);
    assert_eq!(links(&seen.html), [ROOM, VERIFY]);
    for part in [&seen.text, &seen.html] {
        assert!(
            part.contains("The request is in the inbox there") && !part.contains("/i/"),
            "{part}"
        );
        assert!(
            !part.contains("second mail") && !part.contains("Access lasts"),
            "{part}"
        );
    }
}

#[test]
fn empty_sections_are_left_out() {
    let facts = Introduction {
        findings: &[],
        message: " \n",
        reason: "",
        requestee_friendly_name: "",
        ..introduction()
    };
    let seen = read(&introduce(&facts));
    for part in [&seen.text, &seen.html] {
        for absent in ["writes:", "FINDINGS", "Findings", "Reason:", "<blockquote", "\n\n\n"] {
            assert!(!part.contains(absent), "{absent:?}: {part}");
        }
        assert!(part.contains("Hello Gavin Hill,"), "{part}");
    }
}

#[test]
fn the_link_is_one_unbroken_string() {
    let seen = read(&activate(&activation()));
    assert!(seen.text.lines().any(|line| line == LINK), "{}", seen.text);
    assert_eq!(seen.html.matches(&format!("href=\"{LINK}\"")).count(), 2);
    assert!(seen.text.contains("works until 6 Dec 2026, 14:05 UTC"));
    assert!(seen.text.contains("access for 30 days"));
    assert!(
        seen.text
            .contains("hand the request to somebody else at Black Hills Technologies")
    );
}

#[test]
fn whoever_asked_to_be_invited_is_told_so() {
    let seen = read(&activate(&Activation {
        asked_for: true,
        findings_count: 0,
        ..activation()
    }));
    assert_eq!(
        seen.text.lines().next().unwrap(),
        "Emma Waters of Blue Seas International invites you, as you asked, to see and answer a request on the security of Black Hills Technologies."
    );
    for part in [&seen.text, &seen.html] {
        assert!(
            !part.contains("another mail") && part.contains("The server confirms"),
            "{part}"
        );
    }
    assert!(
        read(&activate(&activation()))
            .text
            .contains("wrote to you is in another mail")
    );
}

#[test]
fn the_code_stands_beside_its_page() {
    let seen = read(&activate(&activation()));
    let page = "https://liaison.blueseas.example/code";
    assert!(seen.text.contains(&format!(
        "\n{page}\n\nand enter your mail address and this code:\n\n    042 137\n"
    )));
    assert!(seen.html.contains(">042 137</strong>") && links(&seen.html).contains(&page));
    for odd in ["", "12345", "1234567", "äöü"] {
        let facts = Activation {
            code: odd,
            ..activation()
        };
        assert!(
            read(&activate(&facts)).text.contains(&format!("code:\n\n    {odd}")),
            "{odd}"
        );
    }
}

/// Every mail that carries a link, with this one for each of its links.
fn each_with_link(link: &str) -> Vec<Result<Composed, ComposeError>> {
    let (us, stamp) = (identity(), stamp());
    let introduced = Introduction {
        room_link: Some(link),
        ..introduction()
    };
    vec![
        liaison_mail::activation(&us, &stamp, &Activation { link, ..activation() }),
        liaison_mail::activation(
            &us,
            &stamp,
            &Activation {
                code_page: link,
                ..activation()
            },
        ),
        liaison_mail::introduction(&us, &stamp, &introduced),
        liaison_mail::notice(
            &us,
            &stamp,
            &Notice {
                room_link: link,
                ..notice()
            },
        ),
        liaison_mail::message_notice(
            &us,
            &stamp,
            &MessageNotice {
                room_link: link,
                ..message_notice()
            },
        ),
        liaison_mail::message_notice(
            &us,
            &stamp,
            &MessageNotice {
                unsubscribe_link: link,
                ..message_notice()
            },
        ),
        liaison_mail::password_reset(
            &us,
            &stamp,
            &PasswordReset {
                link,
                ..password_reset()
            },
        ),
        liaison_mail::welcome(&us, &stamp, &Welcome { link, ..welcome() }),
        liaison_mail::link_used(
            &us,
            &stamp,
            &liaison_mail::LinkUsed {
                review_link: link,
                ..link_used()
            },
        ),
    ]
}

#[test]
fn a_link_to_elsewhere_is_refused() {
    for link in [
        "https://evil.example/i/x",
        "https://liaison.blueseas.example.evil.example/i/x",
        "https://liaison.blueseas.example@evil.example/i/x",
        "http://liaison.blueseas.example/i/x",
        "https://liaison.blueseas.example/i/x\" onclick=\"",
        "https://liaison.blueseas.example/i/a b",
        "javascript:alert(1)",
        "",
        &format!("{LINK}{}", "x".repeat(1000)),
    ] {
        for mail in each_with_link(link) {
            assert_eq!(mail, Err(ComposeError::Link), "{link}");
        }
    }
}

#[test]
fn the_notice_leads_to_the_inbox() {
    let seen = read(&tell(&notice()));
    assert!(seen.text.starts_with("Emma Waters of Blue Seas International sent Black Hills Technologies a request, addressed to Gavin Hill. Reason: Remediation.\n"));
    assert!(
        seen.text.contains("It is in your company's inbox on this server")
            && seen.text.lines().any(|line| line == ROOM)
    );
    assert!(seen.html.contains("Hello Rita Ölund,"));
    assert_eq!(links(&seen.html), [ROOM, VERIFY]);
}

#[test]
fn the_html_loads_nothing_and_stays_small() {
    let longest = "<&\"'".repeat(2500);
    let finding = FindingLine {
        risk_vector: &longest[..255],
        address: Some(&longest[..255]),
        severity: "Severe",
        last_seen: "today",
    };
    let findings = [finding; 10];
    let mails = [
        introduce(&Introduction {
            message: &longest,
            findings: &findings,
            ..introduction()
        }),
        introduce(&Introduction {
            message: &"\n-".repeat(5000),
            ..introduction()
        }),
        introduce(&Introduction {
            message: &"漢".repeat(10_000),
            ..introduction()
        }),
        tell_message(&MessageNotice {
            excerpt: &longest,
            ..message_notice()
        }),
    ];
    let usual = every_kind().into_iter().map(|(_, mail)| mail);
    for mail in usual.chain(mails) {
        let seen = read(&mail);
        assert!(seen.html.len() < 60_000, "{}", seen.html.len());
        for foreign in ["<img", "<link", "<script", "src=", "url(", "@import"] {
            assert!(!seen.html.contains(foreign), "{foreign}");
        }
        assert!(
            seen.html
                .contains("<meta name=\"color-scheme\" content=\"light dark\">")
        );
        assert!(seen.html.contains("<html lang=\"en\">") && seen.html.contains("prefers-color-scheme: dark"));
        assert!(seen.html.contains("max-width:600px"), "{}", seen.html);
    }
}

#[test]
fn what_html_has_no_room_for_is_whole_in_the_text() {
    let message = "<".repeat(10_000);
    let seen = read(&introduce(&Introduction {
        message: &message,
        ..introduction()
    }));
    assert!(seen.text.contains(&format!("> {message}\n")));
    assert!(seen.html.contains("plain-text part has all of it"));
    let short = read(&introduce(&introduction()));
    assert!(!short.html.contains("plain-text part"));
}

#[test]
fn every_line_of_the_message_is_quoted_and_escaped() {
    let message =
        "one\r\ntwo\rthree\u{2028}four\u{85}\u{0}\u{1b}[2J\t<b>&amp;</b>\n\n.\n\u{202e}live\u{202c}\u{2066}\u{200f}";
    let seen = read(&introduce(&Introduction {
        message,
        ..introduction()
    }));
    let quoted = "> one\n> two\n> three\n> four\u{FFFD}\u{FFFD}\u{FFFD}[2J\t<b>&amp;</b>\n>\n> .\n> live\n\n";
    assert!(seen.text.contains(quoted), "{:?}", seen.text);
    assert!(
        seen.html
            .contains("[2J\t&#60;b&#62;&#38;amp;&#60;/b&#62;<br>\n<br>\n.<br>\nlive</blockquote>"),
        "{}",
        seen.html
    );
}

#[test]
fn a_message_notice_quotes_the_beginning() {
    let seen = read(&tell_message(&message_notice()));
    assert!(
        seen.text
            .starts_with("Gavin Hill of Black Hills Technologies wrote to you about 3 security findings.\n")
    );
    assert!(
        seen.text
            .contains("> Hello Emma,\n> we switch DNSSEC on next week.\n\nRead and answer:\n\n")
    );
    assert!(
        seen.text.lines().any(|line| line == ROOM) && seen.text.contains(UNSUBSCRIBE),
        "{}",
        seen.text
    );
    assert!(!seen.text.contains("goes on"), "{}", seen.text);
    assert_eq!(links(&seen.html), [ROOM, UNSUBSCRIBE, VERIFY]);
}

#[test]
fn a_long_message_is_cut_behind_a_word() {
    for (message, end) in [
        ("many words ".repeat(500), "words many …\n"),
        ("x".repeat(5_000), "xxx …\n"),
        ("漢".repeat(5_000), "漢 …\n"),
        ("line\n".repeat(500), "> …\n"),
    ] {
        let seen = read(&tell_message(&MessageNotice {
            excerpt: &message,
            ..message_notice()
        }));
        let quoted: String = seen.text.lines().filter(|line| line.starts_with('>')).collect();
        let count = quoted.chars().count();
        assert!((300..1_000).contains(&count), "{count}: {quoted}");
        assert!(
            seen.text.contains(end) && seen.text.contains("The message goes on; this is its beginning."),
            "{}",
            seen.text
        );
        assert!(seen.html.contains("goes on"), "{}", seen.html);
    }
}

#[test]
fn a_reset_says_whose_password_and_what_to_do_if_it_was_somebody_else() {
    let seen = read(&reset(&password_reset()));
    assert!(seen.text.starts_with(
        "Somebody, probably you, asked for a new password for emma@blueseas.example on liaison.blueseas.example.\n"
    ));
    assert!(seen.text.lines().any(|line| line == PASSWORD), "{}", seen.text);
    assert!(
        seen.text.contains("works once, until 22 Nov 2026, 15:05 UTC")
            && seen.text.contains("Your password stays as it is")
    );
    assert_eq!(links(&seen.html), [PASSWORD]);
}

#[test]
fn a_welcome_says_who_made_the_account() {
    let first = |facts: &Welcome<'_>| read(&greet(facts)).text.lines().next().unwrap().to_owned();
    assert_eq!(
        first(&welcome()),
        "Gavin Hill made you a user of Black Hills Technologies on liaison.blueseas.example."
    );
    let other = Welcome {
        inviter_company: "Blue Seas International",
        ..welcome()
    };
    assert!(first(&other).starts_with("Gavin Hill of Blue Seas International made you a user of Black Hills"));
    let nobody = Welcome {
        inviter_name: "",
        inviter_company: "",
        ..welcome()
    };
    assert_eq!(
        first(&nobody),
        "You are a user of Black Hills Technologies on liaison.blueseas.example now."
    );
    let seen = read(&greet(&welcome()));
    assert!(
        seen.text
            .contains("until 6 Dec 2026, 14:05 UTC. You sign in with olga@blackhills.example.")
    );
    assert!(
        seen.html.contains(">Choose a password<") && links(&seen.html) == [PASSWORD],
        "{}",
        seen.html
    );
}

#[test]
fn a_colleague_is_told_whose_request_it_is() {
    let seen = read(&greet(&handed()));
    assert!(seen.text.starts_with(
        "Your colleague Gavin Hill hands you the request of Blue Seas International about 3 security findings.\n"
    ));
    assert!(seen.text.contains("as soon as you come in"), "{}", seen.text);
    let known = read(&greet(&Welcome {
        link: ROOM,
        expires_on: "",
        ..handed()
    }));
    assert!(
        known.html.contains(">See the request<") && links(&known.html) == [ROOM],
        "{}",
        known.html
    );
    for absent in ["until", "works once", "forward"] {
        assert!(!known.text.contains(absent), "{}", known.text);
    }
}

#[test]
fn an_administrator_reads_who_came_through_which_link() {
    let seen = read(&ask_admin(&link_used()));
    let review = link_used().review_link;
    assert!(
        seen.text.starts_with(
            "Zoe Quill of Third Industries asks to be invited, through your access link \"Vendors 2026\".\n"
        )
    );
    assert!(
        seen.text
            .contains("the address zoe@third.example. Nobody has proved yet that it is theirs"),
        "{}",
        seen.text
    );
    assert!(
        seen.text.lines().any(|line| line == review) && links(&seen.html) == [review],
        "{}",
        seen.html
    );
}
