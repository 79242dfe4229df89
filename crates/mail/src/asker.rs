//! How the person who asks is named, in each place where a mail names them.

use crate::text;

/// The names of the requester, made harmless.
pub(crate) struct Asker {
    /// `Emma Waters`, or the company where a token without a person asks.
    pub(crate) name: String,
    /// `Emma Waters (Blue Seas International)`, for subjects.
    pub(crate) with_company: String,
    /// `Emma Waters of Blue Seas International`, for sentences.
    pub(crate) of_company: String,
    /// `Blue Seas International`.
    pub(crate) company: String,
}

impl Asker {
    pub(crate) fn new(name: &str, company: &str) -> Asker {
        let (name, company) = (text::name(name), text::name(company));
        if name.is_empty() || company.is_empty() || name == company {
            let only = if company.is_empty() { name } else { company };
            return Asker {
                name: only.clone(),
                with_company: only.clone(),
                of_company: only.clone(),
                company: only,
            };
        }
        Asker {
            with_company: format!("{name} ({company})"),
            of_company: format!("{name} of {company}"),
            name,
            company,
        }
    }
}

/// The first of the two names that has something to read.
pub(crate) fn greeting(friendly: &str, formal: &str) -> String {
    let friendly = text::name(friendly);
    if friendly.is_empty() {
        text::name(formal)
    } else {
        friendly
    }
}
