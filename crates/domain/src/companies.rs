//! Companies: their kinds, their domains, and which of them can be invited.

use crate::emails;

/// Where a company in the inventory comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyType {
    /// Rated and curated: can be invited.
    Curated,
    /// Added, not yet curated.
    Provisional,
    /// Published by the company itself.
    SelfPublished,
    /// Seen by one customer only.
    Private,
    /// A country, not a company.
    Country,
}

impl CompanyType {
    /// Every type.
    pub const ALL: [CompanyType; 5] = [
        CompanyType::Curated,
        CompanyType::Provisional,
        CompanyType::SelfPublished,
        CompanyType::Private,
        CompanyType::Country,
    ];

    /// The word on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            CompanyType::Curated => "CURATED",
            CompanyType::Provisional => "PROVISIONAL",
            CompanyType::SelfPublished => "SELF-PUBLISHED",
            CompanyType::Private => "PRIVATE",
            CompanyType::Country => "COUNTRY",
        }
    }

    /// The type for people.
    pub fn name(self) -> &'static str {
        match self {
            CompanyType::Curated => "Curated",
            CompanyType::Provisional => "Provisional",
            CompanyType::SelfPublished => "Self published",
            CompanyType::Private => "Private",
            CompanyType::Country => "Country",
        }
    }

    /// The type of a word.
    pub fn parse(slug: &str) -> Option<CompanyType> {
        CompanyType::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// Whether access requests can go to companies of this type.
    pub fn is_invitable(self) -> bool {
        self == CompanyType::Curated
    }
}

/// Kind of account on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerType {
    /// A full account without a trial clock.
    Live,
    /// An account that exists because somebody accepted an access request; its access runs out.
    VendorAccess,
}

impl CustomerType {
    /// The word on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            CustomerType::Live => "Live",
            CustomerType::VendorAccess => "Vendor Access",
        }
    }

    /// The type of a word.
    pub fn parse(slug: &str) -> Option<CustomerType> {
        [CustomerType::Live, CustomerType::VendorAccess]
            .into_iter()
            .find(|kind| kind.slug() == slug)
    }
}

/// Whether a mail address belongs to one of a company's domains: the domain itself or a sub-domain of it, never
/// across a public suffix. Domains are compared as lower-case A-labels, so look-alikes do not match.
pub fn is_related<'d>(email: &str, domains: impl IntoIterator<Item = &'d str>) -> bool {
    let Some(host) = email.rsplit_once('@').and_then(|(_, host)| emails::to_a_label(host)) else {
        return false;
    };
    domains
        .into_iter()
        .filter_map(emails::to_a_label)
        .filter(|domain| !is_public_suffix(domain))
        .any(|domain| host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.')))
}

/// The domains to which a mail address can belong, the narrowest first: its host and the domains above it, down to the
/// one that somebody registered. None under a public suffix itself. As lower-case A-labels.
pub fn domains_of(email: &str) -> Vec<String> {
    let Some(host) = email.rsplit_once('@').and_then(|(_, host)| emails::to_a_label(host)) else {
        return Vec::new();
    };
    let Some(registered) = psl::domain_str(&host) else {
        return Vec::new();
    };
    let mut domains = vec![host.clone()];
    let mut rest = host.as_str();
    while rest.len() > registered.len()
        && let Some((_, above)) = rest.split_once('.')
    {
        rest = above;
        domains.push(rest.to_owned());
    }
    domains
}

/// A domain under which strangers register names (`com`, `co.uk`, `github.io`) relates nobody to anybody.
fn is_public_suffix(domain: &str) -> bool {
    psl::domain(domain.as_bytes()).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_and_its_sub_domains_are_related() {
        let domains = ["blackhills.com", "blackhills.io"];
        for yes in ["a@blackhills.com", "a@BlackHills.IO", "a@mail.eu.blackhills.com"] {
            assert!(is_related(yes, domains), "{yes}");
        }
        for no in [
            "a@notblackhills.com",
            "a@blackhills.com.evil.test",
            "a@blackhills.co",
            "a@com",
            "a@blackhills.com@evil.test",
            "blackhills.com",
        ] {
            assert!(!is_related(no, domains), "{no}");
        }
    }

    #[test]
    fn public_suffixes_relate_nobody() {
        assert!(!is_related("a@evil.co.uk", ["co.uk"]));
        assert!(!is_related("a@evil.github.io", ["github.io"]));
        assert!(is_related("a@x.github.io", ["x.github.io"]));
    }

    #[test]
    fn the_domains_of_an_address_end_at_what_was_registered() {
        assert_eq!(
            domains_of("a@Mail.eu.blackhills.co.uk"),
            ["mail.eu.blackhills.co.uk", "eu.blackhills.co.uk", "blackhills.co.uk"]
        );
        assert_eq!(domains_of("a@x.github.io"), ["x.github.io"]);
        for nobody in ["a@co.uk", "a@github.io", "a@com", "blackhills.com", "a@", "a@-x.com"] {
            assert!(domains_of(nobody).is_empty(), "{nobody}");
        }
        for (email, domain) in [
            ("a@b.blackhills.com", "blackhills.com"),
            ("a@x.github.io", "x.github.io"),
        ] {
            assert!(is_related(email, [domain]) && domains_of(email).iter().any(|known| known == domain));
        }
    }

    #[test]
    fn look_alikes_and_a_labels() {
        // The second one starts with a Cyrillic letter.
        assert!(!is_related("a@xn--lackhills-f3g.com", ["blackhills.com"]));
        assert!(is_related("a@xn--bcher-kva.example", ["b\u{fc}cher.example"]));
        assert!(!is_related("a@xn--example-.com", ["example.com"]));
    }
}
