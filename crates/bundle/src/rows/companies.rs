//! Rows that belong to no customer: companies, their ratings, their findings.

use std::collections::HashSet;

use liaison_domain::companies::CompanyType;
use liaison_domain::limits::{NAME_CHARS, TEXT_CHARS};
use liaison_domain::{emails, ratings, risk_vectors};
use liaison_store::companies::Company;
use liaison_store::findings::Finding;
use liaison_store::ratings::Rating;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Row;
use crate::Kind;
use crate::fields::{Fields, Shape};
use crate::problem::Place;

pub(super) fn company(fields: &mut Fields<'_, '_>) -> Row {
    let name = fields.needed_text("name", NAME_CHARS);
    let primary_domain = primary_domain(fields);
    let (industry_name, industry_slug) = industry(fields, "industry");
    let (sub_industry_name, sub_industry_slug) = industry(fields, "sub_industry");
    let company = Company {
        guid: fields.needed_guid("guid"),
        shortname: fields.text("shortname", NAME_CHARS).unwrap_or_else(|| name.clone()),
        name,
        domains: domains(fields, &primary_domain),
        primary_domain,
        homepage: fields.text("homepage", TEXT_CHARS),
        kind: fields.word(
            "type",
            &CompanyType::ALL.map(CompanyType::slug),
            CompanyType::Curated.slug(),
        ),
        industry_name,
        industry_slug,
        sub_industry_name,
        sub_industry_slug,
        description: fields.text("description", TEXT_CHARS),
        people_count: fields.integer("people_count", 0..=i64::MAX),
        ipv4_count: fields.integer("ipv4_count", 0..=i64::MAX),
    };
    let ratings = if fields.problems.is_csv() {
        Vec::new()
    } else {
        ratings(fields)
    };
    Row::Company(Box::new(company), ratings)
}

fn primary_domain(fields: &mut Fields<'_, '_>) -> String {
    let domain = fields.needed_text("primary_domain", NAME_CHARS);
    let label = emails::to_a_label(&domain);
    if label.is_none() && !domain.trim().is_empty() {
        fields.refuse("primary_domain", NO_DOMAIN);
    }
    label.unwrap_or_default()
}

const NO_DOMAIN: &str = "is not a domain name";

/// The primary domain, then the others in their order, each once.
fn domains(fields: &mut Fields<'_, '_>, primary: &str) -> Vec<String> {
    let mut domains = vec![primary.to_owned()];
    for (index, domain) in fields.texts("domains").unwrap_or_default().iter().enumerate() {
        match emails::to_a_label(domain) {
            Some(label) if domains.contains(&label) => {}
            Some(label) => domains.push(label),
            None if fields.problems.is_csv() => fields.refuse("domains", format!("{domain:?} {NO_DOMAIN}")),
            None => fields.refuse(&format!("domains/{index}"), NO_DOMAIN),
        }
    }
    domains
}

fn industry(fields: &mut Fields<'_, '_>, name: &str) -> (Option<String>, Option<String>) {
    let Some(mut industry) = fields.object(name) else {
        return (None, None);
    };
    let both = (industry.text("name", NAME_CHARS), industry.text("slug", NAME_CHARS));
    industry.finish();
    both
}

/// The ratings inside of a company, which are rows of their own.
fn ratings(fields: &mut Fields<'_, '_>) -> Vec<Rating> {
    let owner = fields.place.index;
    let items = fields.items("ratings");
    let mut ratings: Vec<Rating> = Vec::with_capacity(items.len());
    let mut dates = HashSet::new();
    for (index, item) in (0..).zip(items) {
        let place = Place {
            kind: Kind::Ratings,
            owner,
            index,
        };
        let Some(mut part) = Fields::read(item.get(), place, fields.problems) else {
            continue;
        };
        let rating = rating(&mut part);
        if !dates.insert(rating.rating_date.clone()) {
            part.refuse("rating_date", "the company has another rating of this date");
        }
        part.finish();
        ratings.push(rating);
    }
    ratings
}

pub(super) fn rating_of_company(fields: &mut Fields<'_, '_>) -> Row {
    Row::Rating(fields.needed_guid("company_guid"), rating(fields))
}

fn rating(fields: &mut Fields<'_, '_>) -> Rating {
    Rating {
        rating_date: fields.needed_date("rating_date"),
        rating: fields.integer("rating", ratings::SCALE),
        risk_vectors: graded(fields),
    }
}

/// A graded risk vector, as it is stored and exported.
#[derive(Serialize)]
struct Graded {
    slug: &'static str,
    grade: Option<String>,
    percentile: Option<f64>,
    rating: Option<i64>,
}

fn graded(fields: &mut Fields<'_, '_>) -> String {
    let items = fields.items("risk_vectors");
    let mut vectors: Vec<Graded> = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let Some(vector) = one_graded(fields, index, item) else {
            continue;
        };
        if vectors.iter().any(|earlier| earlier.slug == vector.slug) {
            fields.refuse(&format!("risk_vectors/{index}/slug"), "occurs twice");
        }
        vectors.push(vector);
    }
    serde_json::to_string(&vectors).expect("texts and finite numbers can be written as JSON")
}

fn one_graded<'r>(fields: &mut Fields<'r, '_>, index: usize, item: &'r RawValue) -> Option<Graded> {
    let mut part = fields.item("risk_vectors", index, item)?;
    let grade = part.text("grade", NAME_CHARS);
    if grade
        .as_ref()
        .is_some_and(|grade| !ratings::LETTERS.contains(&grade.as_str()))
    {
        part.refuse(
            "grade",
            format!("must be one of {} or null", ratings::LETTERS.join(", ")),
        );
    }
    let slug = risk_vector(&mut part, "slug");
    let (percentile, rating) = (
        part.number("percentile", 0.0..=100.0),
        part.integer("rating", ratings::SCALE),
    );
    part.finish();
    Some(Graded {
        slug: slug?,
        grade,
        percentile,
        rating,
    })
}

fn risk_vector(fields: &mut Fields<'_, '_>, name: &str) -> Option<&'static str> {
    let slug = fields.needed_text(name, NAME_CHARS);
    let known = risk_vectors::find(&slug);
    if known.is_none() && !slug.trim().is_empty() {
        fields.refuse(name, "is not a known risk vector");
    }
    known.map(|vector| vector.slug)
}

pub(super) fn finding(fields: &mut Fields<'_, '_>) -> Row {
    Row::Finding(Box::new(Finding {
        company_guid: fields.needed_guid("company_guid"),
        rolledup_observation_id: fields.needed_text("rolledup_observation_id", NAME_CHARS),
        risk_vector: risk_vector(fields, "risk_vector").unwrap_or_default().to_owned(),
        risk_category: fields.text("risk_category", NAME_CHARS),
        severity: fields.number("severity", f64::MIN..=f64::MAX),
        severity_category: fields.text("severity_category", NAME_CHARS),
        evidence_key: fields.text("evidence_key", TEXT_CHARS),
        first_seen: fields.date("first_seen"),
        last_seen: fields.date("last_seen"),
        affects_rating: fields.flag("affects_rating", false),
        assets: fields.json("assets", Shape::Objects),
        details: fields.json("details", Shape::Object),
        remediation: fields.json("remediation", Shape::Objects),
        tags: fields.json("tags", Shape::Strings),
    }))
}
