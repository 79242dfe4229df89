//! Ratings from 250 to 900, the ranges they fall in, and the colours of ranges and grades.

/// A part of the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Name for people.
    pub name: &'static str,
    /// Name in JSON keys.
    pub slug: &'static str,
    /// Lowest rating in it.
    pub min: i64,
    /// Highest rating in it.
    pub max: i64,
    /// Colour, `#rrggbb`.
    pub color: &'static str,
}

/// The ranges, the lowest first.
pub const RANGES: [Range; 3] = [
    Range {
        name: "Basic",
        slug: "basic",
        min: 250,
        max: 639,
        color: "#c23024",
    },
    Range {
        name: "Intermediate",
        slug: "intermediate",
        min: 640,
        max: 739,
        color: "#c98a1b",
    },
    Range {
        name: "Advanced",
        slug: "advanced",
        min: 740,
        max: 900,
        color: "#239563",
    },
];

/// The range of a rating.
pub fn range(rating: i64) -> &'static Range {
    let found = RANGES.iter().find(|range| rating <= range.max);
    found.unwrap_or(&RANGES[2])
}

/// What a rating, of a company or of a risk vector, can be.
pub const SCALE: std::ops::RangeInclusive<i64> = 250..=900;

/// What the grade of a risk vector can be.
pub const LETTERS: [&str; 6] = ["A", "B", "C", "D", "F", "N/A"];

/// Letters, the best first, with their colours.
pub const GRADES: [(&str, &str); 5] = [
    ("A", "#239563"),
    ("B", "#2AB277"),
    ("C", "#c98a1b"),
    ("D", "#d9662b"),
    ("F", "#c23024"),
];

/// The colour of a letter, grey where there is none.
pub fn grade_color(letter: &str) -> &'static str {
    let found = GRADES.iter().find(|(known, _)| *known == letter);
    found.map_or("#6b7280", |(_, color)| color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rating_has_one_range() {
        for (rating, slug) in [
            (250, "basic"),
            (639, "basic"),
            (640, "intermediate"),
            (739, "intermediate"),
            (740, "advanced"),
            (900, "advanced"),
        ] {
            assert_eq!(range(rating).slug, slug, "{rating}");
        }
        assert!(RANGES.windows(2).all(|pair| pair[0].max + 1 == pair[1].min));
        assert_eq!((grade_color("A"), grade_color("?")), ("#239563", "#6b7280"));
    }
}
