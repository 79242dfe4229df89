//! What a record shows, in its order.

use crate::clean::clean;
use crate::fallback::script_names;
use crate::pages::Pages;
use crate::record::{Message, Record};
use crate::structure::{Kind, Leaf, Structure};
use crate::style::{ACCENT, BODY, LABEL, MARGIN, NAME, OVERLINE, RULE, SMALL, TITLE, WIDTH};
use crate::tables::{labelled, least, table};

/// How far a quotation stands in.
const INDENT: f32 = 14.0;

/// Puts the whole record on the pages.
pub(crate) fn write(pages: &mut Pages, record: &Record) {
    title(pages, record);
    labelled(pages, Structure::ROOT, &record.facts);
    invitation(pages, record);
    findings(pages, record);
    context(pages, record);
    timeline(pages, record);
    messages(pages, record);
    missing(pages);
    end(pages, record);
}

fn title(pages: &mut Pages, record: &Record) {
    let overline = pages.set("RECORD OF A COLLABORATION", OVERLINE, WIDTH);
    let leaf = pages.structure.add(Structure::ROOT, Kind::Paragraph);
    pages.flow(&overline, MARGIN, leaf);
    pages.y += 2.0;
    let title = pages.set(&record.title, TITLE, WIDTH);
    let leaf = pages
        .structure
        .add(Structure::ROOT, Kind::Heading(1, clean(&record.title).into_owned()));
    pages.flow(&title, MARGIN, leaf);
    pages.y += 4.0;
    let made = match (record.server.as_str(), record.generated_at.as_str()) {
        ("", at) => at.to_owned(),
        (server, "") => server.to_owned(),
        (server, at) => format!("{server}  ·  {at}"),
    };
    let origin = pages.set(&format!("Reference {}\n{made}", record.reference), SMALL, WIDTH);
    let leaf = pages.structure.add(Structure::ROOT, Kind::Paragraph);
    pages.flow(&origin, MARGIN, leaf);
    pages.y += 10.0;
    pages.fill((MARGIN, pages.y, WIDTH, 1.5), ACCENT);
    pages.y += 12.0;
}

fn invitation(pages: &mut Pages, record: &Record) {
    if record.message.trim().is_empty() {
        return;
    }
    let section = pages.section("Invitation", 3.0 * BODY.size * BODY.leading);
    let quote = pages.structure.add(section, Kind::Quote);
    let leaf = pages.structure.add(quote, Kind::Paragraph);
    quotation(pages, &record.message, leaf);
}

/// Running text with a line beside it, on every page it takes.
fn quotation(pages: &mut Pages, words: &str, leaf: Leaf) {
    let text = pages.set(words, BODY, WIDTH - INDENT);
    let (first, top) = (pages.pages.len(), pages.y);
    pages.flow(&text, MARGIN + INDENT, leaf);
    pages.bar(first, top);
}

fn findings(pages: &mut Pages, record: &Record) {
    let section = pages.section("Findings", least());
    if record.findings.is_empty() {
        return note(pages, section, "No finding was attached.");
    }
    let columns = [
        ("Risk vector", 18.0),
        ("Address", 25.5),
        ("Severity", 11.0),
        ("Grade", 9.0),
        ("First seen", 12.0),
        ("Last seen", 12.0),
        ("Finding", 18.0),
    ];
    let rows: Vec<Vec<&str>> = record
        .findings
        .iter()
        .map(|finding| {
            vec![
                finding.risk_vector.as_str(),
                finding.address.as_deref().unwrap_or("–"),
                &finding.severity,
                &finding.grade,
                &finding.first_seen,
                &finding.last_seen,
                &finding.id,
            ]
        })
        .collect();
    table(pages, section, &columns, &rows);
}

fn context(pages: &mut Pages, record: &Record) {
    if record.context.is_empty() {
        return;
    }
    let section = pages.section("Grades at the time", least());
    let rows: Vec<Vec<&str>> = record
        .context
        .iter()
        .map(|grade| vec![grade.risk_vector.as_str(), &grade.grade, &grade.percentile])
        .collect();
    let columns = [("Risk vector", 60.0), ("Grade", 20.0), ("Percentile", 20.0)];
    table(pages, section, &columns, &rows);
}

fn timeline(pages: &mut Pages, record: &Record) {
    if record.timeline.is_empty() {
        return;
    }
    let section = pages.section("Timeline", least());
    let rows: Vec<Vec<&str>> = record
        .timeline
        .iter()
        .map(|event| vec![event.at.as_str(), &event.what, &event.who])
        .collect();
    let columns = [("When", 27.0), ("What", 45.0), ("Who", 28.0)];
    table(pages, section, &columns, &rows);
}

fn messages(pages: &mut Pages, record: &Record) {
    let section = pages.section("Messages", 4.0 * BODY.size * BODY.leading);
    if record.messages.is_empty() {
        return note(pages, section, "No message was exchanged.");
    }
    for (index, message) in record.messages.iter().enumerate() {
        if index > 0 {
            pages.space(9.0);
        }
        one_message(pages, section, (index, message));
    }
}

fn one_message(pages: &mut Pages, section: Leaf, (index, message): (usize, &Message)) {
    let line = BODY.size * BODY.leading;
    let mut when = message.at.clone();
    if let Some(edited) = message.edited_at.as_ref().filter(|_| !message.deleted) {
        when = format!("{when} (edited {edited})");
    }
    let when = pages.set(&when, SMALL, WIDTH * 0.6);
    let place = [message.company.as_str(), &message.side];
    let place: Vec<&str> = place.into_iter().filter(|word| !word.is_empty()).collect();
    let place = pages.set(&place.join(" · "), SMALL, WIDTH);
    let author = pages.set(&message.author, NAME, WIDTH - when.width - 16.0);
    pages.ensure(author.height() + place.height() + when.height().max(line) + 2.0 * line);
    if index > 0 && pages.y > crate::style::TOP {
        pages.rule();
        pages.y += 8.0;
    }
    let part = pages.structure.add(section, Kind::Section);
    let leaf = pages.structure.add(part, Kind::Paragraph);
    let top = pages.y;
    pages.flow(&author, MARGIN, leaf);
    let after = pages.y;
    if after > top {
        let x = MARGIN + WIDTH - when.width;
        let top = after - author.height();
        pages.place(&when, 0..when.lines.len(), (x, top + 1.4), Some(leaf));
        pages.y = after.max(top + when.height() + 1.4);
    }
    let leaf = pages.structure.add(part, Kind::Paragraph);
    pages.flow(&place, MARGIN, leaf);
    pages.y += 3.0;
    let leaf = pages.structure.add(part, Kind::Paragraph);
    let (words, style) = if message.deleted {
        ("The author deleted this message.", SMALL)
    } else {
        (message.body.as_str(), BODY)
    };
    let body = pages.set(words, style, WIDTH);
    pages.flow(&body, MARGIN, leaf);
}

fn note(pages: &mut Pages, section: Leaf, words: &str) {
    let text = pages.set(words, LABEL, WIDTH);
    let leaf = pages.structure.add(section, Kind::Paragraph);
    pages.flow(&text, MARGIN, leaf);
}

/// Says which scripts the machine has no fonts for.
fn missing(pages: &mut Pages) {
    let lost: Vec<char> = pages.typesetter.missing.iter().copied().collect();
    if lost.is_empty() {
        return;
    }
    let scripts = script_names(&lost).join(", ");
    let words = format!(
        "The server has no font for some characters of this record ({scripts}). Each is shown as \u{FFFD} and is still \
         there when the text is copied."
    );
    pages.space(14.0);
    let text = pages.set(&words, SMALL, WIDTH);
    let leaf = pages.structure.add(Structure::ROOT, Kind::Paragraph);
    pages.flow(&text, MARGIN, leaf);
}

/// Says where the record ends, so that a missing last page is noticed.
fn end(pages: &mut Pages, record: &Record) {
    pages.space(20.0);
    let text = pages.set(&format!("End of the record {}", record.reference), SMALL, WIDTH);
    pages.ensure(text.height() + 8.0);
    pages.fill((MARGIN, pages.y, WIDTH, 0.5), RULE);
    pages.y += 6.0;
    let leaf = pages.structure.add(Structure::ROOT, Kind::Paragraph);
    pages.flow(&text, MARGIN, leaf);
}
