//! The form of an invitation: what it needs to know, and how it is shown.

use askama::Template;
use http::StatusCode;
use liaison_db::Tx;
use liaison_domain::access_requests::Reason;
use liaison_domain::{Guid, limits, risk_vectors};
use liaison_operations::companies::{self, Invitee};
use liaison_operations::findings::{self, Count, Filter, Listed};
use liaison_operations::{Call, portfolio};

use super::{INVITERS, Typed, may_not};
use crate::extract::{FormFields, Visitor};
use crate::pages::companies::{capital, severities, severity_kind, vectors};
use crate::pages::portfolio::{day, day_of, why_not};
use crate::pages::{Page, PageError, page};
use crate::shell::{Section, Shell};

/// Findings that the form lists besides the ticked ones.
const FINDINGS: i64 = 50;

/// What the reasons mean, for those who choose one.
const REASONS: [(Reason, &str); 5] = [
    (Reason::Remediation, "Findings that should be fixed."),
    (Reason::Validation, "You want to know whether findings are right."),
    (Reason::Vulnerability, "Whether a certain vulnerability concerns them."),
    (Reason::Informational, "For their knowledge; nothing has to be done."),
    (Reason::Other, "Something else, which the message says."),
];

/// Everything that the form shows.
pub(super) struct Found {
    pub(super) shell: Shell,
    pub(super) invitee: Invitee,
    pub(super) typed: Typed,
    inviters: Vec<(String, String)>,
    chosen: Vec<Listed>,
    listed: Vec<Listed>,
    counts: Vec<Count>,
}

/// Which company, what was typed so far, and the query where nothing was.
pub(super) type Wanted = (Option<Guid>, Option<Typed>, FormFields);

#[derive(Template)]
#[template(path = "invite.html")]
struct Show {
    shell: Shell,
    invitee: Invitee,
    typed: Typed,
    chosen: Vec<Listed>,
    listed: Vec<Listed>,
    counts: Vec<Count>,
    wrong: Vec<(String, String)>,
}

/// Reads what the form shows, in one transaction.
pub(super) async fn load(visitor: &Visitor, wanted: Wanted) -> Result<Found, PageError> {
    let (shell, read) = visitor
        .look(Section::Outbox, move |tx, call| read(tx, call, &wanted))
        .await?;
    let (invitee, mut typed, inviters, lists) = read;
    if typed.key.is_empty() {
        typed.key = new_key(visitor);
    }
    let (chosen, listed, counts) = lists;
    Ok(Found {
        shell,
        invitee,
        typed,
        inviters,
        chosen,
        listed,
        counts,
    })
}

type Lists = (Vec<Listed>, Vec<Listed>, Vec<Count>);
type Read = (Invitee, Typed, Vec<(String, String)>, Lists);

fn read(tx: &mut Tx<'_>, call: &Call<'_>, (company, typed, query): &Wanted) -> liaison_operations::Result<Read> {
    let invitee = companies::invitee(tx, call, *company)?;
    let typed = typed.clone().unwrap_or_else(|| Typed::begin(&invitee, query));
    let filter = Filter {
        risk_vector: Some(typed.show_vector.clone()).filter(|vector| !vector.is_empty()),
        severity: Some(typed.show_severity.clone()).filter(|severity| !severity.is_empty()),
    };
    // No more than are allowed are looked up by id; the refusal says how many were ticked.
    let few = &typed.findings[..typed.findings.len().min(5 * limits::OBSERVATIONS)];
    let chosen = findings::list_chosen(tx, call, invitee.guid, few)?;
    let mut listed = findings::list(tx, call, (invitee.guid, &filter), (FINDINGS, 0))?;
    listed.retain(|finding| !few.contains(&finding.id));
    let counts = findings::count(tx, call, invitee.guid)?;
    let inviters = portfolio::list_inviters(tx, call, INVITERS)?;
    Ok((invitee, typed, inviters, (chosen, listed, counts)))
}

/// Another name for a form, so that it can be sent once more.
pub(super) fn new_key(visitor: &Visitor) -> String {
    liaison_operations::new_token(visitor.web.app.env.entropy.as_ref())
}

/// The form, with what is wrong in it.
pub(super) fn render(found: Found, wrong: Vec<(String, String)>) -> Page {
    if !found.shell.facts.may_invite {
        return Ok(may_not(found.shell, found.inviters));
    }
    let status = match wrong.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut typed = found.typed;
    for (rows, of) in [(typed.ccs.len(), "cc"), (typed.parties.len(), "party")] {
        if rows == 0 {
            typed.add_row(of);
        }
    }
    let shown = Show {
        shell: found.shell,
        invitee: found.invitee,
        typed,
        chosen: found.chosen,
        listed: found.listed,
        counts: found.counts,
        wrong,
    };
    Ok(page(status, &shown))
}

impl Show {
    fn error(&self, field: &str) -> &str {
        let found = self.wrong.iter().find(|(name, _)| name == field);
        found.map_or("", |(_, words)| words)
    }

    /// Slug, name and meaning of each reason.
    fn reasons(&self) -> [(&'static str, &'static str, &'static str); 5] {
        REASONS.map(|(reason, meaning)| (reason.slug(), reason.name(), meaning))
    }

    /// Names of the risk vectors that the ticked findings bring along.
    fn brought(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for finding in &self.chosen {
            if !names.contains(&finding.risk_vector_name.as_str()) {
                names.push(&finding.risk_vector_name);
            }
        }
        names
    }

    /// Every risk vector: slug, name, whether it is ticked.
    fn all_vectors(&self) -> Vec<(&'static str, &'static str, bool)> {
        let is_ticked = |slug: &str| self.typed.vectors.iter().any(|ticked| ticked == slug);
        let mut all: Vec<_> = risk_vectors::ALL
            .iter()
            .map(|vector| (vector.slug, vector.name, is_ticked(vector.slug)))
            .collect();
        all.sort_by_key(|(_, name, _)| *name);
        all
    }

    fn is_ticked(&self, finding: &Listed) -> bool {
        self.typed.findings.contains(&finding.id)
    }

    /// Ticked findings first.
    fn rows(&self) -> impl Iterator<Item = &Listed> {
        self.chosen.iter().chain(&self.listed)
    }

    fn total(&self) -> i64 {
        self.counts.iter().map(|counted| counted.count).sum()
    }

    /// Findings that the filter leaves and the list has no room for.
    fn hidden(&self) -> i64 {
        let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        let shown = &self.typed;
        let fitting = self.counts.iter().filter(|counted| {
            fits(&shown.show_vector, &counted.risk_vector) && fits(&shown.show_severity, &counted.severity)
        });
        let all: i64 = fitting.map(|counted| counted.count).sum();
        let ticked = self.chosen.iter().filter(|finding| {
            fits(&shown.show_vector, &finding.risk_vector_slug)
                && fits(
                    &shown.show_severity,
                    finding.severity_category.as_deref().unwrap_or_default(),
                )
        });
        all - ticked.count() as i64 - self.listed.len() as i64
    }

    fn domains(&self) -> String {
        self.invitee.domains.join(", ")
    }

    /// Whether somebody besides the recipient is to be told, or something is wrong there.
    fn tells_others(&self) -> bool {
        let typed = &self.typed;
        let parties = typed
            .parties
            .iter()
            .any(|(name, email)| !name.is_empty() || !email.is_empty());
        let is_wrong = self
            .wrong
            .iter()
            .any(|(field, _)| field == "cc" || field.starts_with("party"));
        parties || is_wrong || typed.ccs.iter().any(|cc| !cc.is_empty()) || typed.ccs.len() + typed.parties.len() > 2
    }
}
