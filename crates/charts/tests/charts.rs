//! The plots as a page sees them: geometry of small data, and what holds for all data.

use liaison_charts::{Chart, Heading, funnel, histogram, meter, rating_line, sparkline, status_over_time};
use proptest::prelude::*;
use roxmltree::{Document, Node};

fn named(title: &str) -> Heading<'_> {
    Heading { id: "plot", title }
}

/// Every element that draws, one on a line: its class and places, or its text.
fn drawing(chart: &Chart) -> String {
    let document = Document::parse(chart.svg.as_str()).expect("well-formed");
    let mut lines = String::new();
    for node in document.root_element().children().filter(Node::is_element) {
        let places = node.attributes().filter(|attribute| attribute.name() != "id");
        let places: Vec<&str> = places.map(|attribute| attribute.value()).collect();
        let words: String = node
            .descendants()
            .filter(Node::is_text)
            .filter_map(|node| node.text())
            .collect::<Vec<_>>()
            .join(" ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push_str(
            &format!("{} {} {words}", node.tag_name().name(), places.join(" "))
                .trim_end()
                .replace("  ", " "),
        );
        lines.push('\n');
    }
    lines
}

#[test]
fn a_rating_stands_at_its_date_and_height() {
    let points = [("2026-03-01", 740), ("2026-01-01", 250), ("2026-01-31", 640)];
    insta::assert_snapshot!(drawing(&rating_line(named("Rating"), &points)), @r#"
    title Rating
    desc 3 ratings from 250 on 1 Jan 2026 to 740 on 1 Mar 2026, in the advanced band. Lowest 250, highest 740.
    rect chart-band chart-basic 34 93.6 406.1 122.4
    rect chart-band chart-intermediate 34 62.2 406.1 31.4
    rect chart-band chart-advanced 34 12 406.1 50.2
    line chart-grid 34 440.1 216 216
    text chart-number chart-end chart-centred 28 216 250
    line chart-grid 34 440.1 93.6 93.6
    text chart-number chart-end chart-centred 28 93.6 640
    line chart-grid 34 440.1 62.2 62.2
    text chart-number chart-end chart-centred 28 62.2 740
    line chart-grid 34 440.1 12 12
    text chart-number chart-end chart-centred 28 12 900
    polyline chart-line 34,216 240.5,93.6 440.1,62.2
    text chart-quiet 42 109.6 Basic
    text chart-quiet 42 78.2 Intermediate
    text chart-quiet 42 28 Advanced
    circle chart-point 34 216 2.5 1 Jan 2026: 250
    circle chart-point 240.5 93.6 2.5 31 Jan 2026: 640
    circle chart-point 440.1 62.2 2.5 1 Mar 2026: 740
    text chart-number chart-start 34 235 1 Jan 2026
    text chart-number chart-end 440.1 235 1 Mar 2026
    circle chart-last 440.1 62.2 4.5
    text chart-value chart-centred 449.1 62.2 740
    "#);
}

#[test]
fn statuses_are_stacked_in_their_order() {
    let weeks = [("5 Jan", vec![1, 3]), ("12 Jan", vec![4])];
    insta::assert_snapshot!(drawing(&status_over_time(named("Requests"), &["Pending", "Active"], &weeks)), @r#"
    title Requests
    desc 2 weeks. 5 Jan: 4 in all. 12 Jan: 4 in all, of them 4 Pending, 0 Active.
    defs
    rect chart-1 0 3 14 14 2
    text chart-label 20 15 Pending 4
    rect chart-2 111.9 3 14 14 2
    rect url(#plot-pattern-1) 111.9 3 14 14
    text chart-label 131.9 15 Active 0
    line chart-base 17.3 480 182 182
    text chart-number chart-end chart-centred 11.3 182 0
    line chart-grid 17.3 480 144.5 144.5
    text chart-number chart-end chart-centred 11.3 144.5 1
    line chart-grid 17.3 480 107 107
    text chart-number chart-end chart-centred 11.3 107 2
    line chart-grid 17.3 480 69.5 69.5
    text chart-number chart-end chart-centred 11.3 69.5 3
    line chart-grid 17.3 480 32 32
    text chart-number chart-end chart-centred 11.3 32 4
    rect chart-1 113 145.5 40 36.5 5 Jan: 1 Pending
    rect chart-2 113 33 40 111.5 5 Jan: 3 Active
    rect chart-over url(#plot-pattern-1) 113 33 40 111.5
    rect chart-1 344.3 33 40 149 12 Jan: 4 Pending
    text chart-number chart-middle 133 200 5 Jan
    text chart-number chart-middle 364.3 200 12 Jan
    "#);
}

#[test]
fn a_funnel_compares_with_the_first_and_the_previous_stage() {
    insta::assert_snapshot!(drawing(&funnel(named("Funnel"), &[("Sent", 200), ("Opened", 150), ("Accepted", 0)])), @r#"
    title Funnel
    desc Sent: 200; Opened: 150, 75% of the first, 75% of the previous; Accepted: 0, 0% of the first, 0% of the previous.
    text chart-quiet chart-end 376 13 of first
    text chart-quiet chart-end 480 13 of previous
    text chart-label 0 36 Sent
    text chart-value chart-end 290 36 200
    text chart-number chart-end 376 36 100%
    text chart-number chart-end 480 36 –
    rect chart-track 0 43 480 12 2
    rect chart-bar 0 43 480 12 2 Sent: 200
    text chart-label 0 80 Opened
    text chart-value chart-end 290 80 150
    text chart-number chart-end 376 80 75%
    text chart-number chart-end 480 80 75%
    rect chart-track 0 87 480 12 2
    rect chart-bar 0 87 360 12 2 Opened: 150
    text chart-label 0 124 Accepted
    text chart-value chart-end 290 124 0
    text chart-number chart-end 376 124 0%
    text chart-number chart-end 480 124 0%
    rect chart-track 0 131 480 12 2
    "#);
}

#[test]
fn a_histogram_marks_the_median() {
    let bins = [("0–1", 1), ("2–3", 2), ("4–7", 1)];
    insta::assert_snapshot!(drawing(&histogram(named("Days to accept"), &bins)), @r#"
    title Days to accept
    desc 0–1: 1, 2–3: 2, 4–7: 1; 4 in all. Median: 2–3.
    rect chart-bar 44 123 72 71 0–1: 1
    rect chart-bar 204 52 72 142 2–3: 2
    rect chart-bar 364 123 72 71 4–7: 1
    line chart-base 0 480 194 194
    text chart-number chart-middle 80 212 0–1
    text chart-number chart-middle 240 212 2–3
    text chart-number chart-middle 400 212 4–7
    line chart-median 240 240 20 31.3
    text chart-value chart-middle 240 14 Median: 2–3
    text chart-label chart-middle 80 117.8 1
    text chart-label chart-middle 240 46.8 2
    text chart-label chart-middle 400 117.8 1
    "#);
}

#[test]
fn small_plots_fit_into_a_line() {
    insta::assert_snapshot!(drawing(&sparkline(named("Sent"), &[1, 5, 3])), @r#"
    title Sent
    desc Now 3. Lowest 1, highest 5.
    polyline chart-line 4,20 48,4 92,12
    circle chart-last 92 12 3
    "#);
    insta::assert_snapshot!(drawing(&meter(named("Seats"), 5, 20)), @r#"
    title Seats
    desc 5 of 20, 25%.
    rect chart-track chart-outlined 1 5 78 10 5
    rect chart-bar 1 5 19.5 10 5
    text chart-label chart-centred 86 10 5 of 20
    "#);
}

#[test]
fn without_data_a_plot_says_so() {
    let none: [(&str, u64); 0] = [];
    let charts = [
        rating_line::<&str>(named("a"), &[]),
        status_over_time::<&str>(named("b"), &[], &[]),
        funnel(named("c"), &none),
        histogram(named("d"), &none),
        histogram(named("e"), &[("0–1", 0)]),
        sparkline(named("f"), &[]),
    ];
    let said = charts
        .iter()
        .map(|chart| drawing(chart).lines().nth(1).unwrap_or_default().to_owned());
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @r#"
    desc There is no rating yet.
    desc There are no weeks to show yet.
    desc There are no stages to show yet.
    desc There is nothing to count yet.
    desc There is nothing to count yet.
    desc There are no numbers yet.
    "#);
    assert!(charts[0].figure().as_str().contains("No data yet"));
}

#[test]
fn equal_values_make_a_level_line() {
    let level = drawing(&sparkline(named("Level"), &[7, 7, 7]));
    assert!(level.contains("4,12 48,12 92,12"), "{level}");
    let rating = drawing(&rating_line(
        named("Level"),
        &[("2026-01-01", 740), ("2026-01-01", 740)],
    ));
    assert!(!rating.contains("NaN"), "{rating}");
    assert!(rating.contains("polyline chart-line 237.1,62.2 237.1,62.2"), "{rating}");
    assert!(
        rating.contains("text chart-number chart-middle 237.1 235 1 Jan 2026\n"),
        "{rating}"
    );
}

#[test]
fn the_table_has_the_numbers_of_the_plot() {
    let chart = status_over_time(
        named("Requests"),
        &["Pending", "Active"],
        &[("5 Jan", vec![1_200, 3]), ("12 Jan", vec![4])],
    );
    assert_eq!(chart.table.columns, ["Week", "Pending", "Active", "All"]);
    assert_eq!(
        chart.table.rows,
        [["5 Jan", "1,200", "3", "1,203"], ["12 Jan", "4", "0", "4"]]
    );
    let chart = rating_line(named("Rating"), &[("2026-03-01", 740), ("2026-01-01", 250)]);
    assert_eq!(
        chart.table.rows,
        [["1 Jan 2026", "250", "basic"], ["1 Mar 2026", "740", "advanced"]]
    );
}

#[test]
fn hostile_labels_are_text() {
    let label = "</text><script>alert(1)</script>\" onload='x' \u{202E}\u{0}&amp;";
    let chart = funnel(
        Heading {
            id: "1\" onload=",
            title: label,
        },
        &[(label, 1)],
    );
    for markup in [chart.svg.as_str(), chart.figure().as_str()] {
        assert!(
            !markup.contains("<script") && !markup.contains('\u{202E}') && !markup.contains('\u{0}'),
            "{markup}"
        );
        assert!(
            !markup.contains("onload='") && !markup.contains("onload=\""),
            "{markup}"
        );
    }
    let document = Document::parse(chart.svg.as_str()).unwrap();
    let title = document
        .root_element()
        .children()
        .find(|node| node.has_tag_name("title"))
        .unwrap();
    assert_eq!(title.attribute("id"), Some("chart-1--onload--title"));
    assert_eq!(
        title.text(),
        Some("</text><script>alert(1)</script>\" onload='x' \u{FFFD}&amp;")
    );
}

/// What every plot promises, whatever the data.
fn check(chart: &Chart) -> Result<(), TestCaseError> {
    let svg = chart.svg.as_str();
    let document = Document::parse(svg).map_err(|error| TestCaseError::fail(format!("{error}\n{svg}")))?;
    let root = document.root_element();
    prop_assert_eq!(root.attribute("role"), Some("img"));
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    for (at, id) in ids.iter().enumerate() {
        prop_assert!(!ids[..at].contains(id), "{id} twice");
    }
    for name in root.attribute("aria-labelledby").unwrap_or_default().split(' ') {
        let named = document.descendants().find(|node| node.attribute("id") == Some(name));
        prop_assert!(named.is_some(), "{name} names nothing");
    }
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            prop_assert!(name != "style" && !name.starts_with("on"), "{name}");
            prop_assert!(!value.contains("NaN") && !value.contains("inf"), "{name}={value}");
            if matches!(name, "width" | "height" | "r") {
                prop_assert!(value.parse::<f64>().is_ok_and(|size| size >= 0.0), "{name}={value}");
            }
            if name == "fill" {
                let target = value.trim_start_matches("url(#").trim_end_matches(')');
                prop_assert!(ids.contains(&target), "{value}");
            }
        }
    }
    let width = chart.table.columns.len();
    prop_assert!(chart.table.rows.iter().all(|row| row.len() == width));
    prop_assert!(inside(&document), "{}", svg);
    Document::parse(chart.figure().as_str()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    Ok(())
}

/// No rectangle or circle leaves the view box by more than rounding.
fn inside(document: &Document<'_>) -> bool {
    let view: Vec<f64> = document
        .root_element()
        .attribute("viewBox")
        .unwrap_or_default()
        .split(' ')
        .filter_map(|n| n.parse().ok())
        .collect();
    let number =
        |node: &Node<'_, '_>, name: &str| node.attribute(name).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
    let shapes = document
        .descendants()
        .filter(|node| node.has_tag_name("rect") || node.has_tag_name("circle"));
    shapes
        .filter(|node| !node.ancestors().any(|above| above.has_tag_name("pattern")))
        .all(|node| {
            let right = number(&node, "x") + number(&node, "width") + number(&node, "cx");
            let bottom = number(&node, "y") + number(&node, "height") + number(&node, "cy");
            right <= view[2] + 0.3
                && bottom <= view[3] + 0.3
                && number(&node, "x") >= -0.3
                && number(&node, "y") >= -0.3
        })
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..=9999_u16, 1..=12_u8, 1..=28_u8).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
        ".{0,12}",
    ]
}

fn counts(most: usize) -> impl Strategy<Value = Vec<(String, u64)>> {
    let count = prop_oneof![0..20_u64, Just(0), Just(1_000_000_000), any::<u64>()];
    proptest::collection::vec((".{0,40}", count), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_rating_line_is_sound(
        (id, title) in (".{0,9}", ".{0,60}"),
        points in proptest::collection::vec((date(), any::<i64>()), 0..80),
    ) {
        check(&rating_line(Heading { id: &id, title: &title }, &points))?;
    }

    #[test]
    fn every_stack_is_sound(
        statuses in proptest::collection::vec(".{0,30}", 0..12),
        weeks in proptest::collection::vec((".{0,12}", proptest::collection::vec(any::<u64>(), 0..14)), 0..60),
    ) {
        let statuses: Vec<&str> = statuses.iter().map(String::as_str).collect();
        check(&status_over_time(named("t"), &statuses, &weeks))?;
    }

    #[test]
    fn every_funnel_and_histogram_is_sound(stages in counts(70)) {
        check(&funnel(named("t"), &stages))?;
        check(&histogram(named("t"), &stages))?;
    }

    #[test]
    fn every_small_plot_is_sound(points in proptest::collection::vec(any::<i64>(), 0..40), value: u64, max: u64) {
        check(&sparkline(named("t"), &points))?;
        check(&meter(named("t"), value, max))?;
        check(&meter(named("t"), value % 100, max % 100))?;
    }
}
