//! Which companies of a portfolio. Everything is asked of one row of `portfolio p`; `$1` is the customer.

use liaison_db::{Param, Query, Tx};
use liaison_domain::Guid;
use liaison_domain::action_plans::{self, Plan};

use crate::companies::{list_by_terms, rarest_term};
use crate::{Result, like};

/// Which companies of a portfolio. A `None` filters nothing; an empty list lets nothing pass.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the name, the short name or a domain.
    pub terms: Option<Vec<String>>,
    /// These companies.
    pub companies: Option<Vec<Guid>>,
    /// In one of these tiers, or in none.
    pub tiers: Option<Choice<Guid>>,
    /// In one of these folders, or in none.
    pub folders: Option<Choice<Guid>>,
    /// Of these types.
    pub types: Option<Vec<String>>,
    /// In these industries, by slug.
    pub industries: Option<Vec<String>>,
    /// In these industries, by name in lower case.
    pub industry_names: Option<Vec<String>>,
    /// Slugs.
    pub relationships: Option<Choice<String>>,
    /// Slugs.
    pub life_cycles: Option<Choice<String>>,
    /// Slugs.
    pub subscription_types: Option<Choice<String>>,
    /// What there is to do about it, by its tier and its rating.
    pub action_plans: Option<Vec<Plan>>,
    /// Slugs of which none may be the company's.
    pub excluded_subscription_types: Vec<String>,
    /// The newest rating.
    pub rating: Bounds,
    /// What its newest grades are.
    pub grades: Grades,
    /// Findings with one of these ports.
    pub open_ports: Option<Vec<u16>>,
    /// Findings that name one of these vulnerabilities.
    pub vulnerabilities: Option<Vec<String>>,
    /// Findings that name one of these infections.
    pub infections: Option<Vec<String>>,
    /// The customer's own company, and those it calls subsidiaries.
    pub subsidiaries: bool,
    /// Companies whose addresses the customer sees whole: its own.
    pub with_visible_addresses: bool,
    /// Only companies to which the customer has no request.
    pub uninvited: bool,
    /// Something is asked for that nobody recorded: nothing passes.
    pub nothing: bool,
}

/// Some values, or the lack of one.
#[derive(Clone, Debug)]
pub struct Choice<T> {
    /// One of these.
    pub any: Vec<T>,
    /// Or none at all.
    pub or_none: bool,
}

impl<T> Choice<T> {
    /// Exactly one value.
    pub fn one(value: T) -> Choice<T> {
        Choice {
            any: vec![value],
            or_none: false,
        }
    }
}

/// Bounds of a number.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the suffixes in a query")]
pub struct Bounds {
    pub equal: Option<i64>,
    pub below: Option<i64>,
    pub at_most: Option<i64>,
    pub above: Option<i64>,
    pub at_least: Option<i64>,
}

/// What is asked of the newest grades.
#[derive(Clone, Debug, Default)]
pub struct Grades {
    /// A grade in one of these risk vectors, by slug.
    pub risk_vectors: Option<Vec<String>>,
    /// One of these letters.
    pub letters: Option<Vec<String>>,
    /// One of the letters in one of the risk vectors, not each anywhere.
    pub together: bool,
}

/// Companies that are read by themselves rather than found along an index.
const FEW: i64 = 500;

/// A filter, and the few companies that its words can mean.
pub(super) struct Narrow<'f> {
    filter: &'f Filter,
    few: Option<Vec<Guid>>,
}

impl Narrow<'_> {
    /// Whether so few companies can pass that they are best sorted once they are found.
    pub(super) fn is_narrow(&self) -> bool {
        let listed = self.filter.companies.as_ref();
        self.few.is_some() || listed.is_some_and(|companies| companies.len() as i64 <= FEW)
    }

    /// Adds the conditions, each with ` and ` before it.
    pub(super) fn push(&self, query: &mut Query) {
        match &self.few {
            None => self.filter.push(query),
            Some(few) => {
                query.push(" and p.company_guid in ").bind_list(few.iter().copied());
                self.filter.push_others(query);
            }
        }
    }

    /// The same for counting: along the words, not along the portfolio.
    pub(super) fn push_to_count(&self, query: &mut Query) {
        let terms = self.filter.terms.as_deref().unwrap_or_default();
        if self.few.is_some() {
            return self.push(query);
        }
        for term in terms {
            query.push(" and p.company_guid in (select w.company_guid from company_words w where w.word >= ");
            query.bind(term.clone().into_bytes()).push(" and w.word < ");
            query.bind(after(term)).push(")");
        }
        self.filter.push_others(query);
    }
}

impl Filter {
    /// Whether the whole portfolio passes.
    pub(super) fn is_all(&self) -> bool {
        let mut query = Query::default();
        self.push(&mut query);
        query.sql().is_empty()
    }

    /// The filter with the few companies that its words can mean, where they are few: reading those beats walking along
    /// the portfolio until they come by.
    pub(super) fn narrow(&self, tx: &mut Tx<'_>) -> Result<Narrow<'_>> {
        let terms = self.terms.as_deref().unwrap_or_default();
        let few = match rarest_term(tx, terms, FEW)? {
            Some((count, rarest)) if count < FEW => Some(list_by_terms(tx, terms, rarest)?),
            _ => None,
        };
        Ok(Narrow { filter: self, few })
    }

    /// Adds the conditions, each with ` and ` before it.
    pub(super) fn push(&self, query: &mut Query) {
        for term in self.terms.iter().flatten() {
            query.push(
                " and exists (select 1 from company_words w where w.company_guid = p.company_guid and w.word >= ",
            );
            query.bind(term.clone().into_bytes()).push(" and w.word < ");
            query.bind(after(term)).push(")");
        }
        self.push_others(query);
    }

    /// All but that of the words.
    fn push_others(&self, query: &mut Query) {
        if self.terms.as_ref().is_some_and(Vec::is_empty) {
            query.push(" and 1 = 0");
        }
        if self.nothing {
            query.push(" and 1 = 0");
        }
        self.push_company(query);
        self.push_noted(query);
        push_bounds(query, self.rating);
        self.grades.push(query);
        self.push_findings(query);
        let own = "p.company_guid = (select c.my_company_guid from customers c where c.guid = $1)";
        if self.subsidiaries {
            query
                .push(" and (p.relationship = 'subsidiary' or ")
                .push(own)
                .push(")");
        }
        if self.with_visible_addresses {
            query.push(" and ").push(own);
        }
        if self.uninvited {
            query.push(
                " and not exists (select 1 from access_requests r where r.requestee_company_guid = p.company_guid \
                 and r.customer_guid = $1)",
            );
        }
    }

    fn push_company(&self, query: &mut Query) {
        if let Some(companies) = &self.companies {
            query.push(" and p.company_guid in ");
            query.bind_list(companies.iter().copied());
        }
        let of_company = [
            (" and co.type in ", &self.types),
            (" and co.industry_slug in ", &self.industries),
            (" and lower(co.industry_name) in ", &self.industry_names),
        ];
        if of_company.iter().any(|(_, wanted)| wanted.is_some()) {
            query.push(" and exists (select 1 from companies co where co.guid = p.company_guid");
            for (piece, wanted) in of_company {
                if let Some(wanted) = wanted {
                    query.push(piece).bind_list(wanted.iter().cloned());
                }
            }
            query.push(")");
        }
    }

    /// What the customer noted of the company.
    fn push_noted(&self, query: &mut Query) {
        if let Some(tiers) = &self.tiers {
            push_choice(query, ["p.tier_guid in ", "p.tier_guid is null"], tiers);
        }
        if let Some(plans) = &self.action_plans {
            push_plans(query, plans);
        }
        if let Some(folders) = &self.folders {
            query.push(" and (exists (select 1 from folder_companies fc where fc.company_guid = p.company_guid");
            query.push(" and fc.customer_guid = $1 and fc.folder_guid in ");
            query.bind_list(folders.any.iter().copied()).push(")");
            if folders.or_none {
                query.push(
                    " or not exists (select 1 from folder_companies fc where fc.company_guid = p.company_guid \
                     and fc.customer_guid = $1)",
                );
            }
            query.push(")");
        }
        let words = [
            (["p.relationship in ", "p.relationship is null"], &self.relationships),
            (["p.life_cycle in ", "p.life_cycle is null"], &self.life_cycles),
            (
                ["p.subscription_type in ", "p.subscription_type is null"],
                &self.subscription_types,
            ),
        ];
        for (pieces, wanted) in words {
            if let Some(wanted) = wanted {
                push_choice(query, pieces, wanted);
            }
        }
        if !self.excluded_subscription_types.is_empty() {
            query.push(" and coalesce(p.subscription_type, '') not in ");
            query.bind_list(self.excluded_subscription_types.iter().cloned());
        }
    }

    /// What findings say of it. Details are JSON as it was sent, so a value is looked for as text.
    fn push_findings(&self, query: &mut Query) {
        let ports = " and f.risk_vector = 'open_ports'";
        if let Some(wanted) = &self.open_ports {
            // Without spaces, and with a comma after the number wherever it stood.
            let text = "replace(replace(f.details, ' ', ''), '}', ',') like ";
            let texts = wanted.iter().map(|port| format!("%\"dest!_port\":{port},%"));
            push_finding(query, (ports, text), texts);
        }
        let named = [
            (" and f.details like '%\"vulnerabilities\":%'", &self.vulnerabilities),
            (" and f.details like '%\"infection\":%'", &self.infections),
        ];
        for (head, wanted) in named {
            let Some(wanted) = wanted else { continue };
            let texts = wanted.iter().flat_map(|name| values(&name.to_lowercase()));
            push_finding(query, (head, "lower(f.details) like "), texts);
        }
    }
}

/// Patterns of a text that stands in JSON as a value, not as a key.
fn values(text: &str) -> [String; 3] {
    let text = like::escaped(text);
    [",", "}", "]"].map(|next| format!("%\"{text}\"{next}%"))
}

fn push_finding(query: &mut Query, (head, text): (&'static str, &'static str), texts: impl Iterator<Item = String>) {
    query.push(" and exists (select 1 from findings f where f.company_guid = p.company_guid");
    query.push(head).push(" and (1 = 0");
    for pattern in texts {
        query.push(" or ").push(text).bind(pattern).push(" escape '!'");
    }
    query.push("))");
}

/// The end of the words that begin with a term: no byte of UTF-8 is as large.
pub(crate) fn after(term: &str) -> Vec<u8> {
    [term.as_bytes(), &[0xff]].concat()
}

fn push_choice<T: Param + Clone + Send + Sync + 'static>(
    query: &mut Query,
    [within, none]: [&'static str; 2],
    wanted: &Choice<T>,
) {
    query.push(" and (").push(within).bind_list(wanted.any.iter().cloned());
    if wanted.or_none {
        query.push(" or ").push(none);
    }
    query.push(")");
}

fn push_plans(query: &mut Query, plans: &[Plan]) {
    query.push(" and (1 = 0");
    for (place, range) in plans.iter().copied().flat_map(action_plans::cells) {
        query.push(" or (p.rating between ").bind(range.min);
        query.push(" and ").bind(range.max);
        query.push(
            " and p.tier_guid in (select t.guid from tiers t where t.customer_guid = $1 and \
             (select count(distinct o.rank) from tiers o where o.customer_guid = t.customer_guid and o.rank < t.rank)",
        );
        query.push(if place == action_plans::LAST_PLACE {
            " >= "
        } else {
            " = "
        });
        query.bind(place as i64).push("))");
    }
    query.push(")");
}

fn push_bounds(query: &mut Query, bounds: Bounds) {
    for (piece, bound) in [
        (" and p.rating = ", bounds.equal),
        (" and p.rating < ", bounds.below),
        (" and p.rating <= ", bounds.at_most),
        (" and p.rating > ", bounds.above),
        (" and p.rating >= ", bounds.at_least),
    ] {
        if let Some(bound) = bound {
            query.push(piece).bind(bound);
        }
    }
}

impl Grades {
    /// The grades of a rating are JSON that Liaison wrote itself: slug and grade stand beside each other.
    fn push(&self, query: &mut Query) {
        let pairs = match (&self.risk_vectors, &self.letters) {
            (None, None) => return,
            (Some(slugs), Some(letters)) if self.together => {
                let pairs = slugs
                    .iter()
                    .flat_map(|slug| letters.iter().map(move |letter| pair(slug, Some(letter))));
                vec![pairs.collect()]
            }
            (slugs, letters) => {
                let in_vectors = slugs
                    .iter()
                    .map(|slugs| slugs.iter().map(|slug| pair(slug, None)).collect());
                let with_letters = letters
                    .iter()
                    .map(|letters| letters.iter().map(|letter| any(letter)).collect());
                in_vectors.chain(with_letters).collect::<Vec<Vec<String>>>()
            }
        };
        for patterns in pairs {
            query.push(
                " and exists (select 1 from companies co join company_ratings cr on cr.company_guid = co.guid \
                 and cr.rating_date = co.rating_date where co.guid = p.company_guid and (1 = 0",
            );
            for pattern in patterns {
                query
                    .push(" or cr.risk_vectors like ")
                    .bind(pattern)
                    .push(" escape '!'");
            }
            query.push("))");
        }
    }
}

/// A vector with a grade, or with any of one letter.
fn pair(slug: &str, letter: Option<&str>) -> String {
    let letter = letter.map_or_else(|| "_".to_owned(), like::escaped);
    format!("%\"slug\":\"{}\",\"grade\":\"{letter}\"%", like::escaped(slug))
}

fn any(letter: &str) -> String {
    format!("%\"grade\":\"{}\"%", like::escaped(letter))
}
