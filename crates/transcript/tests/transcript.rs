//! Makes records and reads them back with another library.

use std::fmt::Write as _;
use std::sync::OnceLock;

use liaison_transcript::{Created, Event, Finding, Fonts, Grade, Made, Message, Record, pdf};
use pdf_extract::{Dictionary, Document, Object};
use proptest::prelude::{ProptestConfig, any};
use proptest::{prop_assert, prop_assert_eq, proptest};

fn built_in() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::built_in)
}

fn make(record: &Record) -> Made {
    pdf(built_in(), record).expect("the record can be made")
}

fn open(made: &Made) -> Document {
    Document::load_mem(&made.bytes).expect("the file is a PDF")
}

/// The text of every page, without any white space, as lines break where they must.
fn pages(made: &Made) -> Vec<String> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(&made.bytes).expect("the file has text");
    pages.iter().map(|page| packed(page)).collect()
}

fn packed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn text(made: &Made) -> String {
    pages(made).concat()
}

/// The content of all pages, unpacked.
fn content(document: &Document) -> Vec<u8> {
    document
        .get_pages()
        .values()
        .flat_map(|page| document.get_page_content(*page).expect("a page has content"))
        .collect()
}

fn record() -> Record {
    Record {
        title: "Northwind and Saperix".to_owned(),
        reference: "0192d3a4-7b1e-7c55-9f0a-3b2c1d4e5f60".to_owned(),
        server: "https://liaison.northwind.example".to_owned(),
        generated_at: "22 November 2026, 08:31 UTC".to_owned(),
        created: Some(Created {
            year: 2026,
            month: 11,
            day: 22,
            hour: 8,
            minute: 31,
            second: 0,
        }),
        facts: vec![
            ("Status".to_owned(), "Resolved".to_owned()),
            ("Reason".to_owned(), "Open ports".to_owned()),
        ],
        message: "Dear colleagues,\n\nplease look at this.".to_owned(),
        findings: vec![finding(1)],
        context: vec![Grade {
            risk_vector: "SSL Certificates".to_owned(),
            grade: "C".to_owned(),
            percentile: "48th".to_owned(),
        }],
        timeline: vec![Event {
            at: "4 November 2026".to_owned(),
            what: "Invitation accepted".to_owned(),
            who: "Ulla Meyer".to_owned(),
        }],
        messages: vec![message("Ulla Meyer", "The port is closed.")],
    }
}

fn finding(number: usize) -> Finding {
    Finding {
        risk_vector: "Open Ports".to_owned(),
        address: Some(format!("web-{number:03}.saperix.example")),
        severity: "severe".to_owned(),
        grade: "BAD".to_owned(),
        first_seen: "2026-10-11".to_owned(),
        last_seen: "2026-11-02".to_owned(),
        id: format!("finding-{number}"),
    }
}

fn message(author: &str, body: &str) -> Message {
    Message {
        author: author.to_owned(),
        company: "Saperix".to_owned(),
        side: "requestee".to_owned(),
        at: "5 November 2026, 10:00 UTC".to_owned(),
        body: body.to_owned(),
        ..Message::default()
    }
}

#[test]
fn everything_the_record_says_can_be_read_back() {
    let mut record = record();
    record.messages[0].edited_at = Some("6 November 2026".to_owned());
    let made = make(&record);
    let text = text(&made);
    for expected in [
        "Northwind and Saperix",
        "https://liaison.northwind.example",
        "22 November 2026, 08:31 UTC",
        "Open ports",
        "please look at this.",
        "web-001.saperix.example",
        "2026-10-11",
        "finding-1",
        "SSL Certificates",
        "48th",
        "Invitation accepted",
        "Ulla Meyer",
        "Saperix · requestee",
        "5 November 2026, 10:00 UTC (edited 6 November 2026)",
        "The port is closed.",
        "page 1 of 1",
        "End of the record 0192d3a4-7b1e-7c55-9f0a-3b2c1d4e5f60",
    ] {
        assert!(text.contains(&packed(expected)), "{expected} is not in {text}");
    }
    assert!(made.conforms);
    assert_eq!((made.pages, made.missing), (1, Vec::new()));
}

#[test]
fn the_file_tells_title_author_language_and_structure() {
    let document = open(&make(&record()));
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(
        catalog.get(b"Lang").and_then(Object::as_str).expect("a language"),
        b"en"
    );
    let marked = catalog
        .get(b"MarkInfo")
        .and_then(Object::as_dict)
        .and_then(|marks| marks.get(b"Marked"));
    assert!(matches!(marked, Ok(Object::Boolean(true))));
    assert!(catalog.has(b"StructTreeRoot"));
    let outline = child(&document, catalog, b"Outlines");
    let first = child(&document, outline, b"First");
    assert_eq!(
        pdf_extract::decode_text_string(first.get(b"Title").expect("a title")).expect("text"),
        "Invitation"
    );
    let properties = child(&document, &document.trailer, b"Info");
    let of = |key: &[u8]| pdf_extract::decode_text_string(properties.get(key).expect("a property")).expect("text");
    assert_eq!(of(b"Title"), "Northwind and Saperix");
    assert_eq!(of(b"Author"), "https://liaison.northwind.example");
}

fn child<'a>(document: &'a Document, parent: &'a Dictionary, key: &[u8]) -> &'a Dictionary {
    let object = parent.get(key).expect("the key is there");
    document
        .dereference(object)
        .expect("the object is there")
        .1
        .as_dict()
        .expect("it is a dictionary")
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    assert_eq!(make(&record()).bytes, make(&record()).bytes);
}

#[test]
fn a_record_without_anything_is_still_a_page() {
    let made = make(&Record::default());
    assert_eq!(open(&made).get_pages().len(), 1);
    assert!(text(&made).contains("Nofindingwasattached."));
    assert!(text(&made).contains("Nomessagewasexchanged."));
}

#[test]
fn a_long_table_repeats_its_head_and_loses_no_row() {
    let mut record = record();
    record.findings = (0..150).map(finding).collect();
    let made = make(&record);
    let pages = pages(&made);
    assert_eq!(open(&made).get_pages().len(), made.pages);
    assert_eq!(pages.len(), made.pages);
    assert!(made.pages > 3);
    for (index, page) in pages.iter().enumerate() {
        assert!(
            page.contains(&format!("page{}of{}", index + 1, made.pages)),
            "page {index}: {page}"
        );
        assert!(page.contains("0192d3a4-7b1e-7c55-9f0a-3b2c1d4e5f60"));
        assert_eq!(
            page.contains("web-"),
            page.contains("RiskvectorAddressSeverity"),
            "page {index}: {page}"
        );
    }
    let all = pages.concat();
    for number in 0..150 {
        assert_eq!(all.matches(&format!("web-{number:03}.")).count(), 1, "row {number}");
    }
}

#[test]
fn what_is_longer_than_a_page_goes_on_over_the_next() {
    let numbered = |name: &str| {
        (0..2000).fold(String::new(), |mut text, number| {
            write!(text, "{name}{number}. ").expect("a string takes it");
            text
        })
    };
    let mut record = record();
    record.facts.push(("Long".to_owned(), numbered("a")));
    record.facts.push((numbered("f"), "short".to_owned()));
    record.message = numbered("b");
    record.findings[0].address = Some(numbered("c"));
    record.messages.push(message("Long", &numbered("d")));
    record.messages.push(message(&numbered("e"), "short"));
    let made = make(&record);
    let text = text(&made);
    for name in ["a", "b", "c", "d", "e", "f"] {
        for number in [0, 700, 1999] {
            assert!(text.contains(&format!("{name}{number}.")), "{name}{number} is lost");
        }
    }
}

#[test]
fn a_deleted_message_keeps_its_place_but_not_its_words() {
    let mut record = record();
    record.messages.push(Message {
        deleted: true,
        ..message("Ulla Meyer", "regretted")
    });
    let text = text(&make(&record));
    assert!(text.contains("Theauthordeletedthismessage."));
    assert!(!text.contains("regretted"));
}

#[test]
fn text_is_never_markup() {
    let words = r"<b>bold</b> *star* #set page() \u{41} %s $x$ (Tj) ET [link](http://x)";
    let mut record = record();
    record.messages = vec![message(words, words)];
    assert_eq!(text(&make(&record)).matches(&packed(words)).count(), 2);
}

#[test]
fn latin_greek_and_cyrillic_need_no_installed_font() {
    let mut record = record();
    record.messages = vec![
        message("Zoë Ångström", "Přílišžluťoučkýkůň Nguyễn Œuvre ß €"),
        message("Ελένη Παπαδοπούλου", "Καλημέρα, το πρόβλημα λύθηκε."),
        message("Наталья Кузнецова", "Здравствуйте, порт закрыт."),
    ];
    let made = make(&record);
    assert_eq!(made.missing, Vec::<char>::new());
    let text = text(&made);
    for message in &record.messages {
        assert!(
            text.contains(&packed(&message.author)),
            "{} is not in {text}",
            message.author
        );
        assert!(
            text.contains(&packed(&message.body)),
            "{} is not in {text}",
            message.body
        );
    }
}

#[test]
fn a_character_without_a_font_is_reported_and_stays_in_the_text_layer() {
    let mut record = record();
    record.messages = vec![message("王", "محمد 👍")];
    let made = make(&record);
    assert_eq!(made.missing, vec!['ح', 'د', 'م', '王', '👍']);
    assert_eq!(made.missing_scripts, ["Arabic", "Common", "Han"]);
    let content = content(&open(&made));
    // The text layer says it in UTF-16.
    let content: Vec<u8> = content
        .to_ascii_uppercase()
        .into_iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    for hidden in ["/ACTUALTEXT<FEFF738B>", "/ACTUALTEXT<FEFFD83DDC4D>"] {
        assert!(
            content.windows(hidden.len()).any(|window| window == hidden.as_bytes()),
            "{hidden} is lost"
        );
    }
    // A reader that does not look there finds the sign, and not another character.
    let text = text(&made);
    assert!(text.contains('\u{FFFD}'));
    assert!(text.contains("charactersofthisrecord(Arabic,Common,Han)"));
    assert!(!text.contains('王') && !text.contains('م'));
    assert!(made.conforms);
}

#[test]
fn with_the_fonts_of_this_machine_every_character_is_drawn_or_reported() {
    let bodies = [
        "مرحبا، لقد أغلقنا المنفذ 8443 على web-01 اليوم.",
        "می‌خواهم",
        "שלום, סגרנו את הפורט",
        "नमस्ते, हमने सर्वर की मरम्मत कर दी है।",
        "สวัสดีครับ เราได้ปิดพอร์ตแล้ว",
        "您好，我们已经关闭了端口",
        "サーバーのポートを閉じました。確認",
        "안녕하세요. 포트를 닫았습니다.",
        "👍🏽 👨‍👩‍👧‍👦 🇬🇷 ❤️ ✓",
    ];
    let mut record = record();
    record.messages = bodies.iter().map(|body| message("Ulla Meyer", body)).collect();
    let made = pdf(&Fonts::load(), &record).expect("the record can be made");
    assert!(made.conforms);
    assert_eq!(open(&made).get_pages().len(), made.pages);
    // Arabic is drawn with the forms of its letters, and reads back as the letters themselves.
    let text = text(&made);
    let plain = |character: &char| matches!(character, 'א'..='ת' | 'ا'..='ي' | '가'..='힣' | '一'..='龥' | 'ァ'..='ヺ');
    for character in bodies.concat().chars().filter(plain) {
        assert!(
            text.contains(character) || made.missing.contains(&character),
            "{character} is lost"
        );
    }
}

#[test]
fn controls_and_forced_directions_have_no_effect() {
    let mut record = record();
    record.title = "a\0b\u{7}c".to_owned();
    record.messages = vec![message(
        "x\ny",
        "abc\u{202E}gpj.exe\u{202C}\rline\r\nend\u{FEFF}\u{FFFF}",
    )];
    let made = make(&record);
    let text = text(&made);
    assert!(text.contains("a\u{FFFD}b\u{FFFD}c"), "{text}");
    assert!(text.contains("abc\u{FFFD}gpj.exelineend\u{FFFD}"), "{text}");
    assert!(!text.contains(['\u{202E}', '\u{202C}', '\0', '\u{7}']));
    assert!(made.conforms);
}

#[test]
fn ten_thousand_characters_without_a_space_stay_on_the_page() {
    let mut record = record();
    record.messages = vec![message("Long", &"ж".repeat(10_000))];
    record.findings[0].id = "ф".repeat(3_000);
    let made = make(&record);
    let text = text(&made);
    assert_eq!((text.matches('ж').count(), text.matches('ф').count()), (10_000, 3_000));
    assert!(made.pages >= 4);
}

#[test]
fn endless_clusters_are_parted() {
    let mut record = record();
    record.messages = vec![
        message("marks", &format!("a{}", "\u{301}".repeat(10_000))),
        message("joined", &"👍\u{200D}".repeat(3_000)),
        message("jamo", &"\u{1100}".repeat(3_000)),
        message("flags", &"🇬".repeat(3_000)),
        message("isolates", &"\u{2067}a\u{2066}ب".repeat(1_000)),
        message("lines", &"\n".repeat(10_000)),
    ];
    assert!(make(&record).pages >= 1);
    assert!(pdf(&Fonts::load(), &record).is_ok());
}

#[test]
fn five_hundred_messages_are_all_there() {
    let mut record = record();
    record.messages = (0..500)
        .map(|number| message("Ulla Meyer", &format!("This is number {number}.")))
        .collect();
    let made = make(&record);
    let text = text(&made);
    for number in 0..500 {
        assert!(text.contains(&format!("number{number}.")), "message {number} is lost");
    }
}

#[test]
fn a_record_that_cannot_conform_is_made_all_the_same() {
    let mut record = record();
    record.title = "ы".repeat(40_000);
    let made = make(&record);
    assert!(!made.conforms);
    assert_eq!(text(&made).matches('ы').count(), 40_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_fail(title in any::<String>(), words in proptest::collection::vec(any::<String>(), 1..6)) {
        let made = pdf(built_in(), &strange(&title, &words));
        prop_assert!(made.is_ok(), "{:?}", made.err());
        let made = made.expect("it was just looked at");
        prop_assert_eq!(open(&made).get_pages().len(), made.pages);
    }
}

fn strange(title: &str, words: &[String]) -> Record {
    let word = |index: usize| words[index % words.len()].clone();
    Record {
        title: title.to_owned(),
        reference: word(1),
        server: word(2),
        generated_at: word(3),
        facts: vec![(word(0), word(1)), (word(2), word(3))],
        message: words.concat(),
        findings: vec![Finding {
            risk_vector: word(0),
            id: word(1),
            ..finding(0)
        }],
        context: vec![Grade {
            risk_vector: word(2),
            grade: word(3),
            percentile: word(4),
        }],
        timeline: vec![Event {
            at: word(0),
            what: word(1),
            who: word(2),
        }],
        messages: words.iter().map(|body| message(title, body)).collect(),
        created: None,
    }
}
