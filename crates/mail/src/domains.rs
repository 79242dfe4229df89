//! Whether a domain takes mail, as DNS says. Only names are asked for; nothing else is connected to.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use tokio::task::JoinSet;

/// Time for one question to one server.
const QUESTION_TIME: Duration = Duration::from_secs(2);
/// Time for everything about one domain.
const DOMAIN_TIME: Duration = Duration::from_secs(5);
/// Answers that are remembered, for as long as they say.
const REMEMBERED: u64 = 1000;

/// What is known of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deliverability {
    /// It has a mail server, or an address, which is one where it names none (RFC 5321 5.1).
    Yes,
    /// It does not exist, has neither, or says that it takes no mail (RFC 7505).
    No,
    /// Nobody answered in time.
    Unknown,
}

/// What comes of a question, later.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Deliverability> + Send + 'a>>;

/// Who knows whether domains take mail.
pub trait MailDomains: Send + Sync {
    /// Whether a domain, given as lower-case A-labels, takes mail.
    fn look_up<'a>(&'a self, domain: &'a str) -> Answer<'a>;
}

/// Domains that are looked up at the same time.
const AT_ONCE: usize = 8;
/// Time for all look-ups of one call.
const LOOKUP_TIME: Duration = Duration::from_secs(15);

/// What is known of some domains, within 15 seconds. What was not found out is left out.
pub async fn look_up_all(known: &Arc<dyn MailDomains>, domains: Vec<String>) -> HashMap<String, Deliverability> {
    let mut found = HashMap::new();
    let lookups = async {
        let mut running = JoinSet::new();
        for domain in domains {
            if running.len() == AT_ONCE {
                found.extend(running.join_next().await.and_then(Result::ok));
            }
            let known = Arc::clone(known);
            running.spawn(async move {
                let answer = known.look_up(&domain).await;
                (domain, answer)
            });
        }
        while let Some(ended) = running.join_next().await {
            found.extend(ended.ok());
        }
    };
    // Whoever is late is not known.
    let _ = tokio::time::timeout(LOOKUP_TIME, lookups).await;
    found
}

/// DNS.
pub struct Dns(TokioResolver);

impl Dns {
    /// The name servers of this machine.
    pub fn of_system() -> Result<Dns, String> {
        let builder = TokioResolver::builder_tokio().map_err(|error| error.to_string())?;
        Dns::build(builder)
    }

    /// One name server, by UDP.
    pub fn at(server: SocketAddr) -> Result<Dns, String> {
        let mut connection = ConnectionConfig::udp();
        connection.port = server.port();
        let mut config = NameServerConfig::udp(server.ip());
        config.connections = vec![connection];
        let config = ResolverConfig::from_name_servers(vec![config]);
        Dns::build(TokioResolver::builder_with_config(
            config,
            TokioRuntimeProvider::default(),
        ))
    }

    fn build(mut builder: hickory_resolver::ResolverBuilder<TokioRuntimeProvider>) -> Result<Dns, String> {
        let options = builder.options_mut();
        options.timeout = QUESTION_TIME;
        options.attempts = 1;
        options.cache_size = REMEMBERED;
        options.use_hosts_file = ResolveHosts::Never;
        builder.build().map(Dns).map_err(|error| error.to_string())
    }

    async fn ask(&self, domain: &str) -> Deliverability {
        // With the dot of the root, so that no search list is tried.
        let name = format!("{domain}.");
        match self.0.lookup(name.as_str(), RecordType::MX).await {
            Ok(found) => {
                let servers = found.answers().iter().filter_map(|record| match &record.data {
                    RData::MX(server) => Some(!server.exchange.is_root()),
                    _ => None,
                });
                let servers: Vec<bool> = servers.collect();
                if !servers.is_empty() {
                    return verdict(servers.into_iter().any(|is_one| is_one));
                }
            }
            Err(error) if error.is_nx_domain() => return Deliverability::No,
            Err(error) if error.is_no_records_found() => {}
            Err(error) => return unanswered(domain, &error),
        }
        for kind in [RecordType::A, RecordType::AAAA] {
            match self.0.lookup(name.as_str(), kind).await {
                Ok(found) if found.answers().iter().any(|record| record.record_type() == kind) => {
                    return Deliverability::Yes;
                }
                Ok(_) => {}
                Err(error) if error.is_no_records_found() => {}
                Err(error) => return unanswered(domain, &error),
            }
        }
        Deliverability::No
    }
}

fn verdict(takes_mail: bool) -> Deliverability {
    if takes_mail {
        Deliverability::Yes
    } else {
        Deliverability::No
    }
}

fn unanswered(domain: &str, error: &NetError) -> Deliverability {
    tracing::info!(domain, %error, "DNS did not say whether a domain takes mail");
    Deliverability::Unknown
}

impl MailDomains for Dns {
    fn look_up<'a>(&'a self, domain: &'a str) -> Answer<'a> {
        Box::pin(async move {
            let asked = tokio::time::timeout(DOMAIN_TIME, self.ask(domain)).await;
            asked.unwrap_or(Deliverability::Unknown)
        })
    }
}
