//! What the two parts say, and to whom they lead.

use liaison_mail::{Activation, ComposeError, FindingLine, Introduction};

use crate::facts::{LINK, activate, activation, identity, introduce, introduction, notice, read, stamp, tell};

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
        assert!(part.contains("liaison.blueseas.example/verify/6f1f0c4e"), "{part}");
        assert!(
            part.contains("The Liaison server at liaison.blueseas.example, for Blue Seas International."),
            "{part}"
        );
        assert!(!part.contains("/i/") && !part.contains("/inbox/"), "{part}");
    }
    assert!(!seen.html.contains("<a "), "{}", seen.html);
}

#[test]
fn who_has_an_account_is_told_of_the_inbox() {
    let seen = read(&introduce(&Introduction {
        invited: false,
        access_days: 0,
        ..introduction()
    }));
    for part in [&seen.text, &seen.html] {
        assert!(
            part.contains("the request is in its inbox there") && !part.contains("/i/"),
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
    ] {
        let facts = Activation { link, ..activation() };
        assert_eq!(
            liaison_mail::activation(&identity(), &stamp(), &facts),
            Err(ComposeError::Link),
            "{link}"
        );
    }
}

#[test]
fn the_notice_names_the_inbox_and_has_no_link() {
    let seen = read(&tell(&notice()));
    assert!(seen.text.starts_with("Emma Waters of Blue Seas International sent Black Hills Technologies a request, addressed to Gavin Hill. Reason: Remediation.\n"));
    assert!(seen.text.contains("It is in your company's inbox on this server.") && !seen.text.contains("https://"));
    assert!(seen.html.contains("Hello Rita Ölund,"));
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
        activate(&activation()),
        tell(&notice()),
    ];
    for mail in mails {
        let seen = read(&mail);
        assert!(seen.html.len() < 60_000, "{}", seen.html.len());
        for foreign in ["<img", "<link", "<script", "src=", "url(", "@import", "<table"] {
            assert!(!seen.html.contains(foreign), "{foreign}");
        }
        assert!(
            seen.html
                .contains("<meta name=\"color-scheme\" content=\"light dark\">")
        );
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
