//! The portfolio in numbers, and the values by which it can be filtered.

use std::collections::BTreeSet;

use liaison_db::Tx;
use liaison_domain::risk_vectors::{self, RiskVector};
use liaison_domain::{addresses, ratings, risk_vectors::ALL};
use liaison_store as store;
use liaison_store::portfolio::Value;
use serde::Deserialize;

use super::Filter;
use crate::{Call, Result};

/// Values of one kind that are told.
const VALUES: usize = 1000;
/// Letters, the best first.
const LETTERS: usize = ratings::GRADES.len();

/// The ratings of a portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratings {
    /// Companies in each range, the lowest first.
    pub in_ranges: [i64; 3],
    /// The highest.
    pub max: Option<i64>,
    /// The one in the middle.
    pub median: Option<i64>,
    /// The lowest.
    pub min: Option<i64>,
}

/// The grades of a portfolio in one risk vector.
#[derive(Clone, Copy, Debug)]
pub struct Average {
    /// The risk vector.
    pub vector: &'static RiskVector,
    /// The average, as a letter.
    pub grade: &'static str,
    /// Companies with a worse letter.
    pub below: i64,
    /// Companies with a letter.
    pub graded: i64,
}

/// The ratings of the companies that a filter leaves, the newest or those of a day.
pub fn rating_statistics(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter, day: Option<&str>) -> Result<Ratings> {
    let mut ratings = store::portfolio::list_ratings(tx, call.actor.customer_guid, filter, day)?;
    ratings.sort_unstable();
    let mut in_ranges = [0; 3];
    for rating in &ratings {
        let range = ratings::RANGES.iter().position(|range| *rating <= range.max);
        in_ranges[range.unwrap_or(2)] += 1;
    }
    let middle = ratings.len() / 2;
    let median = match ratings.len() {
        0 => None,
        length if length % 2 == 1 => Some(ratings[middle]),
        _ => Some((ratings[middle - 1] + ratings[middle]) / 2),
    };
    Ok(Ratings {
        in_ranges,
        max: ratings.last().copied(),
        median,
        min: ratings.first().copied(),
    })
}

#[derive(Deserialize)]
struct Graded<'g> {
    #[serde(borrow)]
    slug: std::borrow::Cow<'g, str>,
    #[serde(borrow)]
    grade: Option<std::borrow::Cow<'g, str>>,
}

/// The average grades of the companies that a filter leaves, the newest or those of a day; risk vectors in which none has
/// a grade are left out.
pub fn grade_averages(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter, day: Option<&str>) -> Result<Vec<Average>> {
    let mut counts = [[0_i64; LETTERS]; ALL.len()];
    store::portfolio::each_grades(tx, call.actor.customer_guid, (filter, day), |stored| {
        let graded: Vec<Graded<'_>> = serde_json::from_str(stored).unwrap_or_default();
        for Graded { slug, grade } in graded {
            let vector = ALL.iter().position(|vector| vector.slug == slug);
            let letter = grade.and_then(|grade| ratings::GRADES.iter().position(|(letter, _)| *letter == grade));
            if let (Some(vector), Some(letter)) = (vector, letter) {
                counts[vector][letter] += 1;
            }
        }
        Ok(())
    })?;
    let averages = counts.iter().zip(&risk_vectors::ALL).filter_map(|(letters, vector)| {
        let graded: i64 = letters.iter().sum();
        if graded == 0 {
            return None;
        }
        let sum: i64 = letters.iter().zip(0..).map(|(count, place)| count * place).sum();
        // Rounded; in the middle between two letters the better one.
        let average = usize::try_from((2 * sum + graded - 1) / (2 * graded)).unwrap_or_default();
        Some(Average {
            vector,
            grade: ratings::GRADES[average].0,
            below: letters[average + 1..].iter().sum(),
            graded,
        })
    });
    Ok(averages.collect())
}

/// The values that occur in a portfolio.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the answer")]
pub struct Occurring {
    pub industries: Vec<String>,
    pub types: Vec<String>,
    pub subscription_types: Vec<String>,
    pub open_ports: BTreeSet<u16>,
    pub vulnerabilities: BTreeSet<String>,
    pub infections: BTreeSet<String>,
}

/// What occurs in the companies that a filter leaves. `with_findings` says whether their findings are read for it.
pub fn occurring(tx: &mut Tx<'_>, call: &Call<'_>, filter: &Filter, with_findings: bool) -> Result<Occurring> {
    let customer = call.actor.customer_guid;
    let mut values = |value| store::portfolio::list_values(tx, customer, (filter, value));
    let mut found = Occurring {
        industries: values(Value::Industry)?,
        types: values(Value::Kind)?,
        subscription_types: values(Value::SubscriptionType)?,
        ..Occurring::default()
    };
    if with_findings {
        store::portfolio::each_details(tx, customer, filter, |vector, details| {
            note(&mut found, vector, details);
            Ok(())
        })?;
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Details {
    dest_port: Option<u16>,
    #[serde(default)]
    vulnerabilities: Vec<Named>,
    infection: Option<Named>,
}

/// A name, by itself or in an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Bare(String),
    Name { name: String },
    Family { family: String },
    Other(serde::de::IgnoredAny),
}

impl Named {
    fn text(self) -> Option<String> {
        match self {
            Named::Bare(name) | Named::Name { name } | Named::Family { family: name } => Some(addresses::mask(&name)),
            Named::Other(_) => None,
        }
    }
}

fn note(found: &mut Occurring, vector: &str, details: &str) {
    // What was imported is JSON, but nobody promised its shape.
    let Ok(details) = serde_json::from_str::<Details>(details) else {
        return;
    };
    if let Some(port) = details
        .dest_port
        .filter(|_| vector == "open_ports" && found.open_ports.len() < VALUES)
    {
        found.open_ports.insert(port);
    }
    if found.vulnerabilities.len() < VALUES {
        found
            .vulnerabilities
            .extend(details.vulnerabilities.into_iter().filter_map(Named::text));
    }
    if found.infections.len() < VALUES {
        found.infections.extend(details.infection.and_then(Named::text));
    }
}
