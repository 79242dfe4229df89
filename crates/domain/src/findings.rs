//! What the severity and the grade of a finding can be, and their order.

/// Grades of findings, the worst first but for `NEUTRAL`, which the documented order puts before all. `NONE` stands
/// outside of the order.
pub const GRADES: [&str; 6] = ["NEUTRAL", "BAD", "WARN", "FAIR", "GOOD", "NONE"];
/// Grades that have a place in the order.
const ORDERED: usize = 5;

/// A grade in its one spelling.
pub fn grade(text: &str) -> Option<&'static str> {
    GRADES.into_iter().find(|grade| grade.eq_ignore_ascii_case(text))
}

/// The grades before another in the order; none before `NONE`.
pub fn grades_below(grade: &str) -> &'static [&'static str] {
    let place = GRADES.iter().position(|known| *known == grade).unwrap_or_default();
    &GRADES[..if place < ORDERED { place } else { 0 }]
}

/// The grades after another in the order; none after `NONE`.
pub fn grades_above(grade: &str) -> &'static [&'static str] {
    let place = GRADES.iter().position(|known| *known == grade).unwrap_or(ORDERED);
    &GRADES[(place + 1).min(ORDERED)..ORDERED]
}

/// The category of a severity from 0 to 10, with the bounds that CVSS has.
pub fn severity_category(severity: f64) -> &'static str {
    match severity {
        _ if severity >= 9.0 => "severe",
        _ if severity >= 7.0 => "material",
        _ if severity >= 4.0 => "moderate",
        _ => "minor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_have_an_order() {
        assert_eq!(grade("warn"), Some("WARN"));
        assert_eq!(grade("A"), None);
        assert_eq!(grades_below("WARN"), ["NEUTRAL", "BAD"]);
        assert_eq!(grades_above("WARN"), ["FAIR", "GOOD"]);
        assert!(grades_above("GOOD").is_empty() && grades_below("NEUTRAL").is_empty());
        assert!(grades_above("NONE").is_empty() && grades_below("NONE").is_empty());
    }

    #[test]
    fn severities_have_categories() {
        let categories = [0.0, 3.9, 4.0, 6.9, 7.0, 8.9, 9.0, 10.0].map(severity_category);
        let known = [
            "minor", "minor", "moderate", "moderate", "material", "material", "severe", "severe",
        ];
        assert_eq!(categories, known);
    }
}
