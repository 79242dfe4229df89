//! A request as another server tells of it, checked: every text of it is a stranger's.

use liaison_domain::access_requests::{Reason, Status};
use liaison_domain::limits::{
    CCS_CHARS, INVITATION_DAYS, NAME_CHARS, PHONE_CHARS, TEXT_CHARS, THIRD_PARTIES, TRIAL_DAYS,
};
use liaison_domain::people::split_name;
use liaison_domain::{Guid, Timestamp, dates, emails, ids, limits, ratings, risk_vectors};
use serde::Serialize;
use serde_json::{Map, Value};

/// Observations that a foreign request may name: other servers have other limits.
const OBSERVATIONS: usize = 100;

/// A request as it is told, in the form in which it is stored. What changes by itself (whether it can be sent again, what
/// the recipient's account is like) is not part of it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Told {
    pub guid: Guid,
    pub requester_customer_guid: Guid,
    pub requester_customer_name: String,
    pub requester_guid: Guid,
    pub requester_email: String,
    pub requester_first_name: String,
    pub requester_last_name: String,
    pub requester_friendly_name: String,
    pub requester_formal_name: String,
    pub requester_company_guid: Option<Guid>,
    pub requester_company_name: String,
    pub requestee_first_name: String,
    pub requestee_last_name: String,
    pub requestee_friendly_name: String,
    pub requestee_formal_name: String,
    pub requestee_email: String,
    pub requestee_phone: String,
    pub requestee_company_guid: Guid,
    pub requestee_company_name: String,
    pub requestee_tos_date: Option<String>,
    pub message: String,
    pub notes: Option<String>,
    pub ccs: Option<String>,
    pub reason: &'static str,
    pub hubspot_status: &'static str,
    pub status: &'static str,
    pub read: bool,
    pub created_at: i64,
    pub email_sent_at: i64,
    pub invitation_duration: i64,
    pub trial_duration: i64,
    pub context_date: Option<String>,
    pub context_rating: Option<i64>,
    pub risk_vectors_mask: i64,
    pub risk_vectors_json: String,
    pub observations_count: i64,
    pub observations_json: String,
    pub third_parties_json: String,
    pub resolved_at: Option<i64>,
    pub resolved_by_guid: Option<Guid>,
    pub resolved_by_name: Option<String>,
}

impl Told {
    /// Reads what a server tells. The error says what is wrong with it.
    pub fn read(told: &Value) -> Result<Told, String> {
        let fields = Fields(told.as_object().ok_or("is no object")?);
        let created_at = fields.created()?;
        let formal_name = fields.name("requestee_formal_name")?;
        let (first, last) = split_name(&formal_name);
        let (mask, risk_vectors_json) = fields.risk_vectors()?;
        let (observations_count, observations_json) = fields.observations()?;
        let resolved = fields.object("resolved_by");
        Ok(Told {
            guid: fields.guid("guid")?,
            requester_customer_guid: fields.guid("requester_customer_guid")?,
            requester_customer_name: fields.name("requester_customer_name")?,
            requester_guid: fields.guid("requester_guid")?,
            requester_email: fields.email("requester_email")?,
            requester_first_name: fields.name("requester_first_name")?,
            requester_last_name: fields.name("requester_last_name")?,
            requester_friendly_name: fields.name("requester_friendly_name")?,
            requester_formal_name: fields.name("requester_formal_name")?,
            requester_company_guid: fields.maybe_guid("requester_company_guid"),
            requester_company_name: fields.name("requester_company_name")?,
            requestee_first_name: fields
                .text("requestee_first_name", NAME_CHARS)?
                .unwrap_or_else(|| first.to_owned()),
            requestee_last_name: fields
                .text("requestee_last_name", NAME_CHARS)?
                .unwrap_or_else(|| last.to_owned()),
            requestee_friendly_name: fields.name("requestee_friendly_name")?,
            requestee_formal_name: formal_name,
            requestee_email: fields.email("requestee_email")?,
            requestee_phone: fields.text("requestee_phone", PHONE_CHARS)?.unwrap_or_default(),
            requestee_company_guid: fields.guid("requestee_company_guid")?,
            requestee_company_name: fields.name("requestee_company_name")?,
            requestee_tos_date: fields.date("requestee_tos_date"),
            message: fields.text("message", TEXT_CHARS)?.unwrap_or_default(),
            notes: fields.text("notes", TEXT_CHARS)?,
            ccs: fields.ccs()?,
            reason: fields.reason().slug(),
            hubspot_status: fields.hubspot_status(),
            status: fields.status()?.slug(),
            read: fields.flag("read"),
            created_at: created_at.0,
            email_sent_at: fields.midnight("email_sent_date", created_at).unwrap_or(created_at).0,
            invitation_duration: fields.days("invitation_duration", INVITATION_DAYS),
            trial_duration: fields.days("trial_duration", limits::DEFAULT_TRIAL_DAYS),
            context_date: fields.object("context").and_then(|context| context.date("date")),
            context_rating: fields.object("context").and_then(|context| context.rating()),
            risk_vectors_mask: mask,
            risk_vectors_json,
            observations_count,
            observations_json,
            third_parties_json: fields.third_parties()?,
            resolved_at: fields.midnight("resolved_date", created_at).map(|at| at.0),
            resolved_by_guid: resolved.as_ref().and_then(|by| by.maybe_guid("guid")),
            resolved_by_name: match &resolved {
                Some(by) => by.text("formal_name", NAME_CHARS)?,
                None => None,
            },
        })
    }
}

/// The fields of an object, read with care.
struct Fields<'v>(&'v Map<String, Value>);

impl<'v> Fields<'v> {
    /// Whether the person was known before; what is not said otherwise was.
    fn hubspot_status(&self) -> &'static str {
        match self.str("hubspot_status") {
            Some("CREATED") => "CREATED",
            _ => "EXISTING",
        }
    }

    fn str(&self, name: &str) -> Option<&'v str> {
        self.0.get(name).and_then(Value::as_str)
    }

    fn object(&self, name: &str) -> Option<Fields<'v>> {
        self.0.get(name).and_then(Value::as_object).map(Fields)
    }

    fn list(&self, name: &str, most: usize) -> Result<&'v [Value], String> {
        let list = self
            .0
            .get(name)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if list.len() > most {
            Err(format!("{name} has more than {most} entries"))
        } else {
            Ok(list)
        }
    }

    fn text(&self, name: &str, most: usize) -> Result<Option<String>, String> {
        let Some(text) = self.str(name) else {
            return match self.0.get(name) {
                None | Some(Value::Null) => Ok(None),
                Some(_) => Err(format!("{name} is no text")),
            };
        };
        if text.contains('\0') {
            return Err(format!("{name} contains the character U+0000"));
        }
        if text.chars().count() > most {
            return Err(format!("{name} has more than {most} characters"));
        }
        Ok(Some(text.to_owned()))
    }

    fn name(&self, name: &str) -> Result<String, String> {
        Ok(self.text(name, NAME_CHARS)?.unwrap_or_default())
    }

    fn email(&self, name: &str) -> Result<String, String> {
        let email = self.name(name)?;
        if emails::is_valid(&email) {
            Ok(email)
        } else {
            Err(format!("{name} is no mail address"))
        }
    }

    fn maybe_guid(&self, name: &str) -> Option<Guid> {
        self.str(name).and_then(ids::parse_guid).filter(|guid| !guid.is_nil())
    }

    fn guid(&self, name: &str) -> Result<Guid, String> {
        self.maybe_guid(name).ok_or_else(|| format!("{name} is no guid"))
    }

    /// A date; of a time, its date.
    fn date(&self, name: &str) -> Option<String> {
        let date = self.str(name)?.get(..10)?;
        dates::is_date(date).then(|| date.to_owned())
    }

    /// The start of a day, or the moment of creation where that was on the day.
    fn midnight(&self, name: &str, created_at: Timestamp) -> Option<Timestamp> {
        let day = Timestamp::parse(&self.date(name)?)?;
        Some(day.max(created_at))
    }

    fn created(&self) -> Result<Timestamp, String> {
        let told = self.str("created_time").or_else(|| self.str("created_date"));
        let at = told.and_then(Timestamp::parse);
        at.ok_or_else(|| "created_time is no time".to_owned())
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn days(&self, name: &str, default: i64) -> i64 {
        let told = self.0.get(name).and_then(Value::as_i64);
        told.filter(|days| TRIAL_DAYS.contains(days)).unwrap_or(default)
    }

    fn rating(&self) -> Option<i64> {
        self.0
            .get("rating")
            .and_then(Value::as_i64)
            .filter(|rating| (0..=1000).contains(rating))
    }

    fn status(&self) -> Result<Status, String> {
        let told = self.str("status").unwrap_or_default();
        if told.eq_ignore_ascii_case("Approved") {
            return Ok(Status::Pending);
        }
        Status::parse(told).ok_or_else(|| "status is none that is known here".to_owned())
    }

    fn reason(&self) -> Reason {
        self.str("reason").and_then(Reason::parse).unwrap_or_default()
    }

    fn ccs(&self) -> Result<Option<String>, String> {
        let joined = match self.0.get("ccs") {
            Some(Value::Array(list)) => Some(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
            _ => self.text("ccs", CCS_CHARS)?,
        };
        let Some(ccs) = joined.filter(|ccs| !ccs.is_empty()) else {
            return Ok(None);
        };
        let wrong = ccs.chars().count() > CCS_CHARS || !ccs.split(',').all(|email| emails::is_valid(email.trim()));
        if wrong {
            Err("ccs are no mail addresses".to_owned())
        } else {
            Ok(Some(ccs))
        }
    }

    fn observations(&self) -> Result<(i64, String), String> {
        let mut observations = Vec::new();
        for value in self.list("rolledup_observation_ids", OBSERVATIONS)? {
            match value
                .as_str()
                .filter(|id| id.chars().count() <= NAME_CHARS && !id.contains('\0'))
            {
                Some(id) => observations.push(id),
                None => return Err("rolledup_observation_ids holds what is no id".to_owned()),
            }
        }
        // The recipient's side of other servers tells their number alone.
        let told = self.0.get("shared_observations_count").and_then(Value::as_i64);
        let told = told.filter(|count| (0..=1000).contains(count));
        let count = i64::try_from(observations.len()).unwrap_or(0).max(told.unwrap_or(0));
        Ok((count, json(&observations)))
    }

    fn third_parties(&self) -> Result<String, String> {
        let mut parties = Vec::new();
        for value in self.list("third_parties", THIRD_PARTIES)? {
            let party = Fields(value.as_object().ok_or("third_parties holds what is no object")?);
            parties.push(Party {
                email: party.email("email")?,
                name: party.name("name")?,
            });
        }
        Ok(json(&parties))
    }

    fn risk_vectors(&self) -> Result<(i64, String), String> {
        let Some(context) = self.object("context") else {
            return Ok((0, "[]".to_owned()));
        };
        let (mut known, mut told) = (Vec::new(), Vec::new());
        for value in context.list("risk_vectors", limits::RISK_VECTORS)? {
            let fields = Fields(
                value
                    .as_object()
                    .ok_or("context.risk_vectors holds what is no object")?,
            );
            let slug = fields.object("risk_vector").and_then(|vector| vector.str("slug"));
            // What is no vector here has no name here.
            let Some(vector) = slug.and_then(risk_vectors::find) else {
                continue;
            };
            let grade = fields.str("grade").filter(|grade| ratings::LETTERS.contains(grade));
            let percentile = fields
                .0
                .get("percentile")
                .filter(|value| value.as_f64().is_some_and(|p| (0.0..=100.0).contains(&p)));
            known.push(vector);
            told.push(InContext {
                grade,
                percentile,
                risk_vector: VectorName {
                    name: vector.name,
                    slug: vector.slug,
                },
            });
        }
        Ok((risk_vectors::mask(known), json(&told)))
    }
}

#[derive(Serialize)]
struct Party {
    email: String,
    name: String,
}

#[derive(Serialize)]
struct InContext<'v> {
    grade: Option<&'v str>,
    percentile: Option<&'v Value>,
    risk_vector: VectorName,
}

#[derive(Serialize)]
struct VectorName {
    name: &'static str,
    slug: &'static str,
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers can be written as JSON")
}
