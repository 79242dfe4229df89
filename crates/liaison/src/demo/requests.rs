//! What happened in the sample world in the last twenty-six weeks, from its script to the requests as they stand today.

use std::collections::BTreeMap;

use liaison_db::Tx;
use liaison_domain::access_requests::Status;
use liaison_domain::drafts::{Draft, ThirdParty};
use liaison_domain::{Guid, Timestamp, ids};
use liaison_operations::{App, Env, Error, Result, access_links, access_requests, mails, messages};
use liaison_operations::{passwords, upkeep, users};

use super::findings;
use super::stage::{Script, Stage, client};
use super::story::{Scene, Step, Story};
use super::world::World;
use crate::commands::link_in_mail;
use crate::failure::Failure;

/// One request after everything that happened to it.
pub(super) struct Played {
    pub(super) guid: Guid,
    pub(super) token: String,
    pub(super) company: String,
    pub(super) requestee: String,
    pub(super) status: Status,
    /// The link of an invitation that can still be accepted.
    pub(super) link: Option<String>,
}

/// What the play leaves.
pub(super) struct Outcome {
    /// The requests, in the order of the story.
    pub(super) requests: Vec<Played>,
    /// Where the access link leads.
    pub(super) access_link: String,
}

/// The password of everybody in the demonstration.
pub(super) const PASSWORD: &str = "liaison-demo-2026";

/// The play, month by month: between two of them the ratings of the next one come in.
pub(super) struct Play {
    app: App,
    stage: Stage,
    people: Vec<(Guid, String)>,
    tokens: Vec<Vec<String>>,
}

impl Play {
    pub(super) fn new(app: &App, world: &World) -> std::result::Result<Play, Failure> {
        let story = Story::read();
        let script = Script {
            now: app.now(),
            drafts: story.scenes.iter().map(|scene| draft(world, scene)).collect(),
            asks: asks(world, &story),
            story,
            mailed: Env {
                entropy: app.env.entropy.clone(),
                identity: app.env.identity.clone(),
                has_relay: true,
                resend_cool_down: app.env.resend_cool_down,
            },
            env: app.env.clone(),
            // One hash serves everybody: everybody is told the password.
            password_hash: passwords::hash(PASSWORD, app.env.entropy.as_ref())?,
        };
        Ok(Play {
            app: app.clone(),
            stage: Stage::new(script),
            people: people(world),
            tokens: tokens(world),
        })
    }

    /// The steps of each month, `YYYY-MM`.
    pub(super) fn months(&self) -> BTreeMap<String, Vec<(Timestamp, Step)>> {
        let mut months: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let script = &self.stage.script;
        for (at, step) in script.story.steps(script.now) {
            let month = at.date().chars().take("YYYY-MM".len()).collect();
            months.entry(month).or_default().push((at, step));
        }
        months
    }

    /// Plays some steps, in one transaction.
    pub(super) fn perform(&mut self, steps: Vec<(Timestamp, Step)>) -> Result<()> {
        let stage = self.stage.clone();
        self.stage = self.app.db.write_blocking(move |tx| {
            let mut stage = stage.clone();
            for step in &steps {
                stage.perform(tx, *step)?;
            }
            Ok::<_, Error>(stage)
        })?;
        Ok(())
    }

    /// What is left to be done on the day itself.
    pub(super) fn end(self) -> Result<Outcome> {
        let Play {
            app,
            stage,
            people,
            tokens,
        } = self;
        app.db.write_blocking(move |tx| {
            for (customer, email) in &people {
                users::set_password(tx, *customer, email, &stage.script.password_hash)?;
            }
            while upkeep::step(tx, stage.script.now)? {}
            stage.look_around(tx, &tokens)?;
            stage.outcome(tx)
        })
    }
}

/// The users of the sample customers: their customer and their address.
fn people(world: &World) -> Vec<(Guid, String)> {
    let customers = world.customers.iter().enumerate();
    let people = customers.flat_map(|(place, customer)| {
        let guid = ids::parse_guid(&world.customer_guid(place)).expect("made guids are guids");
        let domain = &world.company_of(customer).domains[0];
        customer.users.iter().map(move |user| (guid, user.email(domain)))
    });
    people.collect()
}

fn draft(world: &World, scene: &Scene) -> Draft {
    let place = world.place(&scene.company);
    let (name, email) = world.companies[place].person(scene.to);
    let ids = scene
        .findings
        .iter()
        .map(|index| findings::observation_id(place, *index));
    let parties = scene.third_parties.iter().map(|(name, email)| ThirdParty {
        email: email.clone(),
        name: name.clone(),
    });
    Draft {
        requestee_formal_name: name.to_owned(),
        requestee_email: email,
        requestee_company_guid: world.company_guid(place),
        message: scene.message.clone(),
        notes: scene.notes.clone(),
        read: scene.read,
        ccs: (!scene.ccs.is_empty()).then(|| scene.ccs.join(",")),
        rolledup_observation_ids: ids.collect(),
        trial_duration: scene.trial,
        reason: Some(scene.reason.clone()),
        risk_vectors: scene.risk_vectors.clone(),
        third_parties: parties.collect(),
        ..Draft::default()
    }
}

/// The tokens of users, by customer: who has one token of a customer knows the others.
fn tokens(world: &World) -> Vec<Vec<String>> {
    let customers = world.customers.iter();
    customers
        .map(|customer| customer.users.iter().map(|user| user.token.clone()).collect())
        .collect()
}

fn asks(world: &World, story: &Story) -> Vec<access_links::Ask> {
    let asks = story.gate.asks.iter();
    asks.map(|ask| {
        let company = &world.companies[world.place(&ask.company)];
        let (name, email) = company.person(ask.to);
        access_links::Ask {
            formal_name: name.to_owned(),
            email,
            phone: ask.phone.clone(),
            message: ask.message.clone(),
            company_name: company.name.clone(),
            ..access_links::Ask::default()
        }
    })
    .collect()
}

impl Stage {
    /// Everybody of the clients has seen the threads, all but those that are to be unread.
    fn look_around(&self, tx: &mut Tx<'_>, tokens: &[Vec<String>]) -> Result<()> {
        for users in tokens {
            for token in users {
                let actor = client(tx, token, self.script.now)?;
                for (scene, progress) in self.script.story.scenes.iter().zip(&self.scenes) {
                    if let Some(request) = progress.request
                        && !scene.unread
                        && !scene.then.is_empty()
                        && users.contains(&scene.token)
                    {
                        messages::seen(tx, &self.call(&actor, self.script.now), request)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn outcome(&self, tx: &mut Tx<'_>) -> Result<Outcome> {
        let scenes = self.script.story.scenes.iter().zip(&self.script.drafts);
        let played = scenes.zip(&self.scenes).map(|((scene, draft), progress)| {
            let guid = progress.request.ok_or(Error::NotFound)?;
            let actor = client(tx, &scene.token, self.script.now)?;
            let call = self.call(&actor, self.script.now);
            let status = access_requests::sent(tx, &call, guid, &|request| request.status)?;
            let link = match status {
                Status::Pending => find_link(tx, guid)?,
                _ => None,
            };
            Ok(Played {
                guid,
                token: scene.token.clone(),
                company: scene.company.clone(),
                requestee: draft.requestee_email.clone(),
                status,
                link,
            })
        });
        let requests = played.collect::<Result<_>>()?;
        let link = self.gate.link().ok_or(Error::NotFound)?;
        Ok(Outcome {
            requests,
            access_link: access_links::url(&self.script.env, link),
        })
    }
}

/// The link in the newest activation mail of a request that still has its text.
fn find_link(tx: &mut Tx<'_>, request: Guid) -> Result<Option<String>> {
    let filter = mails::Filter {
        request: Some(request),
        limit: 20,
        ..mails::Filter::default()
    };
    for delivery in mails::list(tx, &filter)? {
        if delivery.kind != "activation" {
            continue;
        }
        if let (_, Some(bytes)) = mails::show(tx, delivery.guid)? {
            let mail = liaison_mail::read(&bytes).map_err(|error| Error::Internal(error.to_string()))?;
            return Ok(link_in_mail(&mail.text));
        }
    }
    Ok(None)
}
