//! Risk vectors: slug, display name, category, and the short id that some callers send in place of the slug.

/// One category of findings that is graded.
#[derive(Debug, PartialEq, Eq)]
pub struct RiskVector {
    /// Name in URLs and JSON, e.g. `open_ports`.
    pub slug: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Risk category it belongs to.
    pub category: &'static str,
    /// Older short id, accepted on input; empty where none is known.
    pub short_id: &'static str,
}

impl RiskVector {
    /// The shorter name that findings carry.
    pub fn label(&self) -> &'static str {
        match self.slug {
            "spf" => "SPF",
            "dkim" => "DKIM",
            "ssl_certificates" => "SSL Certificates",
            "ssl_configurations" => "SSL Configurations",
            "data_breaches" => "Breaches",
            _ => self.name,
        }
    }
}

const COMPROMISED: &str = "Compromised Systems";
const DILIGENCE: &str = "Diligence";
const BEHAVIOR: &str = "User Behavior";
const DISCLOSURES: &str = "Public Disclosures";

const fn vector(slug: &'static str, name: &'static str, category: &'static str, short_id: &'static str) -> RiskVector {
    RiskVector {
        slug,
        name,
        category,
        short_id,
    }
}

/// Every risk vector. The position is stored as a bit of each request (`bit`): append only, at most 63.
pub const ALL: [RiskVector; 25] = [
    vector("botnet_infections", "Botnet Infections", COMPROMISED, "botnet"),
    vector("spam_propagation", "Spam Propagation", COMPROMISED, "spam"),
    vector("malware_servers", "Malware Servers", COMPROMISED, "mal_server"),
    vector(
        "unsolicited_comm",
        "Unsolicited Communications",
        COMPROMISED,
        "unexp_comm",
    ),
    vector(
        "potentially_exploited",
        "Potentially Exploited",
        COMPROMISED,
        "pot_exploited",
    ),
    vector("spf", "SPF Domains", DILIGENCE, "spf"),
    vector("dkim", "DKIM Records", DILIGENCE, "dkim"),
    vector("ssl_certificates", "TLS/SSL Certificates", DILIGENCE, "certificate"),
    vector("ssl_configurations", "TLS/SSL Configurations", DILIGENCE, "ssl"),
    vector("open_ports", "Open Ports", DILIGENCE, "open_port"),
    vector(
        "application_security",
        "Web Application Headers",
        DILIGENCE,
        "http_headers",
    ),
    vector("web_appsec", "Web Application Security", DILIGENCE, ""),
    vector("patching_cadence", "Patching Cadence", DILIGENCE, "pc"),
    vector("insecure_systems", "Insecure Systems", DILIGENCE, "insecure_sys"),
    vector("server_software", "Server Software", DILIGENCE, ""),
    vector("desktop_software", "Desktop Software", DILIGENCE, ""),
    vector("mobile_software", "Mobile Software", DILIGENCE, ""),
    vector("dnssec", "DNSSEC", DILIGENCE, ""),
    vector(
        "mobile_application_security",
        "Mobile Application Security",
        DILIGENCE,
        "",
    ),
    vector("mobile_app_publications", "Mobile App Publications", DILIGENCE, ""),
    vector("dmarc", "DMARC", DILIGENCE, ""),
    vector("domain_squatting", "Domain Squatting", DILIGENCE, ""),
    vector("file_sharing", "File Sharing", BEHAVIOR, "torrent"),
    vector("exposed_credentials", "Exposed Credentials", BEHAVIOR, ""),
    vector("data_breaches", "Security Incidents", DISCLOSURES, ""),
];

/// The categories of risk vectors, in the order of their first vectors.
pub fn categories() -> impl Iterator<Item = &'static str> {
    [COMPROMISED, DILIGENCE, BEHAVIOR, DISCLOSURES].into_iter()
}

/// The vector of a slug or of a short id.
pub fn find(slug_or_id: &str) -> Option<&'static RiskVector> {
    ALL.iter().find(|vector| vector.slug == slug_or_id).or_else(|| {
        ALL.iter()
            .find(|vector| !vector.short_id.is_empty() && vector.short_id == slug_or_id)
    })
}

/// The bits of several vectors, for storing and filtering sets of them in one integer.
pub fn mask<'v>(vectors: impl IntoIterator<Item = &'v RiskVector>) -> i64 {
    vectors
        .into_iter()
        .filter_map(|vector| ALL.iter().position(|known| known.slug == vector.slug))
        .fold(0, |mask, bit| mask | 1 << bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_and_short_ids_find_the_same_vector() {
        assert_eq!(find("botnet"), find("botnet_infections"));
        assert_eq!(find("open_port").unwrap().slug, "open_ports");
        assert_eq!(find(""), None);
        assert_eq!(find("unknown"), None);
    }

    #[test]
    fn every_vector_has_a_category_of_the_list() {
        let mut in_order: Vec<&str> = ALL.iter().map(|vector| vector.category).collect();
        in_order.dedup();
        assert_eq!(in_order, categories().collect::<Vec<_>>());
    }

    #[test]
    fn names_are_unique_and_bits_fit() {
        for (index, vector) in ALL.iter().enumerate() {
            assert_eq!(ALL.iter().position(|other| other.slug == vector.slug), Some(index));
            assert_eq!(mask([vector]), 1 << index);
        }
        assert_eq!(mask([&ALL[0], &ALL[3]]), 0b1001);
    }
}
