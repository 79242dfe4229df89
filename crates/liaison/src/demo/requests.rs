//! What happened in the sample world in the last ninety days, played through the same operations a server uses, each
//! at its own moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use liaison_db::Tx;
use liaison_domain::access_requests::{Change, Status};
use liaison_domain::drafts::{Draft, ThirdParty};
use liaison_domain::{Guid, Timestamp, ids};
use liaison_operations::access_requests::{self, Acceptance, ChangeWish};
use liaison_operations::authentication::authenticate;
use liaison_operations::{App, Call, Credential, Env, Error, Result, digest, mails, passwords, upkeep, users};

use super::findings;
use super::world::{Scene, World};
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

/// The password of everybody in the demonstration.
pub(super) const PASSWORD: &str = "liaison-demo-2026";

/// A step of the play, in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Invite,
    Accept,
    Resolve,
}

/// Plays all of it and gives the requests, oldest first.
pub(super) fn play(app: &App, world: &World) -> std::result::Result<Vec<Played>, Failure> {
    let drafts: Vec<Draft> = world.scenes.iter().map(|scene| draft(world, scene)).collect();
    let scenes = Arc::new((world.scenes.clone(), drafts));
    // One hash serves everybody: everybody is told the password.
    let password_hash = passwords::hash(PASSWORD, app.env.entropy.as_ref())?;
    let (now, env) = (app.now(), app.env.clone());
    let people = people(world);
    Ok(app.db.write_blocking(move |tx| {
        for (customer, email) in &people {
            users::set_password(tx, *customer, email, &password_hash)?;
        }
        let stage = Stage {
            now,
            env: &env,
            password_hash: &password_hash,
        };
        stage.play(tx, &scenes.0, &scenes.1)
    })?)
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

struct Stage<'s> {
    now: Timestamp,
    env: &'s Env,
    password_hash: &'s str,
}

impl Stage<'_> {
    fn play(&self, tx: &mut Tx<'_>, scenes: &[Scene], drafts: &[Draft]) -> Result<Vec<Played>> {
        let mut guids = BTreeMap::new();
        for (at, step, index) in self.steps(scenes) {
            let scene = &scenes[index];
            match step {
                Step::Invite => {
                    let guid = self.invite(tx, scene, drafts[index].clone(), at)?;
                    guids.insert(index, guid);
                }
                Step::Accept => self.accept(tx, guids[&index], &drafts[index].requestee_formal_name, at)?,
                Step::Resolve => self.resolve(tx, scene, guids[&index], at)?,
            }
        }
        while upkeep::step(tx, self.now)? {}
        let played = scenes.iter().zip(drafts).enumerate();
        played
            .map(|(index, (scene, draft))| self.outcome(tx, scene, draft, guids[&index]))
            .collect()
    }

    /// Everything in the order of time; at office hours, never in the future.
    fn steps(&self, scenes: &[Scene]) -> Vec<(Timestamp, Step, usize)> {
        let mut steps = Vec::new();
        for (index, scene) in scenes.iter().enumerate() {
            let minutes = u64::try_from(index * 37 % 480).unwrap_or_default();
            let sent = self.now.plus_days(-scene.days) - Duration::from_secs(60 * minutes);
            steps.push((sent, Step::Invite, index));
            for (days, step) in [(scene.accepted, Step::Accept), (scene.resolved, Step::Resolve)] {
                steps.extend(days.map(|days| {
                    (
                        sent.plus_days(days) + Duration::from_secs(60 * minutes / 2),
                        step,
                        index,
                    )
                }));
            }
        }
        steps.sort_unstable();
        steps
    }

    fn invite(&self, tx: &mut Tx<'_>, scene: &Scene, draft: Draft, at: Timestamp) -> Result<Guid> {
        let actor = authenticate(tx, &Credential::Token(digest(scene.token.as_bytes())), at)?;
        let sent = access_requests::invite(tx, &self.call(&actor, at), vec![draft], &|request| request.guid)?;
        sent.first()
            .copied()
            .ok_or_else(|| Error::Internal("an invitation gave no request".into()))
    }

    fn accept(&self, tx: &mut Tx<'_>, request: Guid, formal_name: &str, at: Timestamp) -> Result<()> {
        let link = find_link(tx, request)?.ok_or(Error::NotFound)?;
        let given = Acceptance {
            formal_name: formal_name.to_owned(),
            password_hash: self.password_hash.to_owned(),
            terms_accepted: true,
        };
        let token = link.rsplit('/').next().unwrap_or_default();
        access_requests::accept(tx, self.env, at, (token, &given))?;
        Ok(())
    }

    fn resolve(&self, tx: &mut Tx<'_>, scene: &Scene, request: Guid, at: Timestamp) -> Result<()> {
        let actor = authenticate(tx, &Credential::Token(digest(scene.token.as_bytes())), at)?;
        let wish = ChangeWish {
            guid: Some(request),
            change: Change::Resolve,
        };
        access_requests::change_status(tx, &self.call(&actor, at), wish, &|_| ())
    }

    fn outcome(&self, tx: &mut Tx<'_>, scene: &Scene, draft: &Draft, guid: Guid) -> Result<Played> {
        let actor = authenticate(tx, &Credential::Token(digest(scene.token.as_bytes())), self.now)?;
        let status = access_requests::sent(tx, &self.call(&actor, self.now), guid, &|request| request.status)?;
        let link = if status == Status::Pending {
            find_link(tx, guid)?
        } else {
            None
        };
        Ok(Played {
            guid,
            token: scene.token.clone(),
            company: scene.company.clone(),
            requestee: draft.requestee_email.clone(),
            status,
            link,
        })
    }

    fn call<'c>(&'c self, actor: &'c liaison_operations::Actor, at: Timestamp) -> Call<'c> {
        Call {
            actor,
            now: at,
            env: self.env,
        }
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
