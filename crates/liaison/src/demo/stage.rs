//! Where the story is played: each step through the same operation that a server uses, at its own moment.

use std::sync::Arc;

use liaison_db::Tx;
use liaison_domain::access_requests::Change;
use liaison_domain::drafts::Draft;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_requests::{self, Acceptance, ChangeWish, Colleague, Edit};
use liaison_operations::authentication::authenticate;
use liaison_operations::{Actor, Call, Credential, Env, Error, Result, digest, messages, notifications, sessions};

use super::gate;
use super::post::Postman;
use super::story::{Does, Mail, Scene, Step, Story};

/// Notifications younger than this many days may be unread.
const FRESH_DAYS: i64 = 3;

/// What the play needs and does not change.
pub(super) struct Script {
    pub(super) now: Timestamp,
    pub(super) story: Story,
    /// One for each scene.
    pub(super) drafts: Vec<Draft>,
    /// One for each person who comes by the access link.
    pub(super) asks: Vec<liaison_operations::access_links::Ask>,
    /// The environment of the server, which keeps its mails.
    pub(super) env: Arc<Env>,
    /// The same with a relay.
    pub(super) mailed: Env,
    pub(super) password_hash: String,
}

/// What is known of a scene while it is played.
#[derive(Clone, Default)]
pub(super) struct Progress {
    pub(super) request: Option<Guid>,
    /// The token of the link, if there is one.
    link: Option<String>,
    /// The last messages of the client and of the vendor.
    last: [Option<Guid>; 2],
}

/// A play under way.
#[derive(Clone)]
pub(super) struct Stage {
    pub(super) script: Arc<Script>,
    pub(super) scenes: Vec<Progress>,
    pub(super) gate: gate::Progress,
    postman: Postman,
}

impl Stage {
    pub(super) fn new(script: Script) -> Stage {
        Stage {
            scenes: vec![Progress::default(); script.story.scenes.len()],
            gate: gate::Progress::new(script.story.gate.asks.len()),
            postman: Postman::default(),
            script: Arc::new(script),
        }
    }

    /// Does one step, and brings the mails that it wrote.
    pub(super) fn perform(&mut self, tx: &mut Tx<'_>, (at, step): (Timestamp, Step)) -> Result<()> {
        match step {
            Step::Invite(scene) => self.invite(tx, scene, at)?,
            Step::Open(scene) => self.open(tx, scene, at)?,
            Step::Accept(scene) => self.accept(tx, scene, at)?,
            Step::Beat(scene, place) => self.beat(tx, (scene, place), at)?,
            Step::Resolve(scene) => self.resolve(tx, scene, at)?,
            Step::MakeLink | Step::Ask(_) | Step::Approve(_) | Step::ComeIn(_) => self.at_the_gate(tx, step, at)?,
        }
        let refused = match step {
            Step::Invite(scene) if self.scene(scene).mail == Mail::Refused => {
                Some(self.script.drafts[scene].requestee_email.as_str())
            }
            _ => None,
        };
        let link = self.postman.deliver(tx, at, refused)?;
        let token = link.and_then(|link| link.rsplit('/').next().map(str::to_owned));
        match step {
            Step::Invite(scene) => self.scenes[scene].link = token,
            Step::Beat(scene, _) if token.is_some() => self.scenes[scene].link = token,
            Step::Approve(ask) => self.gate.came_by(ask, token),
            _ => {}
        }
        Ok(())
    }

    fn scene(&self, scene: usize) -> &Scene {
        &self.script.story.scenes[scene]
    }

    fn request(&self, scene: usize) -> Result<Guid> {
        self.scenes[scene].request.ok_or(Error::NotFound)
    }

    fn invite(&mut self, tx: &mut Tx<'_>, scene: usize, at: Timestamp) -> Result<()> {
        let draft = self.script.drafts[scene].clone();
        let env = match self.scene(scene).mail {
            Mail::Kept => self.script.env.as_ref(),
            Mail::Delivered | Mail::Refused => &self.script.mailed,
        };
        let actor = client(tx, &self.scene(scene).token, at)?;
        let call = Call {
            actor: &actor,
            now: at,
            env,
        };
        let sent = access_requests::invite(tx, &call, vec![draft], &|request| request.guid)?;
        self.scenes[scene].request = sent.first().copied();
        self.has_read(tx, &call)
    }

    /// The recipient looks at it: behind the link, or in the account they have already.
    fn open(&mut self, tx: &mut Tx<'_>, scene: usize, at: Timestamp) -> Result<()> {
        match &self.scenes[scene].link {
            Some(token) => access_requests::mark_opened(tx, (at, &self.script.mailed), token),
            None => self.as_vendor(tx, scene, at, |_, _| Ok(())),
        }
    }

    /// Does nothing where the recipient had an account already: they are in since they were invited.
    fn accept(&mut self, tx: &mut Tx<'_>, scene: usize, at: Timestamp) -> Result<()> {
        let Some(token) = self.scenes[scene].link.take() else {
            return Ok(());
        };
        let name = self.scene(scene).signs_as.as_deref();
        self.come_in(
            tx,
            at,
            (&token, name.unwrap_or(&self.script.drafts[scene].requestee_formal_name)),
        )
    }

    /// Somebody accepts an invitation.
    pub(super) fn come_in(&self, tx: &mut Tx<'_>, at: Timestamp, (token, name): (&str, &str)) -> Result<()> {
        let given = Acceptance {
            formal_name: name.to_owned(),
            password_hash: self.script.password_hash.clone(),
            terms_accepted: true,
        };
        access_requests::accept(tx, &self.script.mailed, at, (token, &given))?;
        Ok(())
    }

    fn beat(&mut self, tx: &mut Tx<'_>, (scene, place): (usize, usize), at: Timestamp) -> Result<()> {
        let script = Arc::clone(&self.script);
        let beat = &script.story.scenes[scene].then[place];
        let (does, words) = (beat.1, beat.2.as_str());
        let guid = self.request(scene)?;
        let [last_of_client, last_of_vendor] = self.scenes[scene].last;
        match does {
            Does::Opens => self.open(tx, scene, at)?,
            Does::Client => {
                let post = |tx: &mut Tx<'_>, call: &Call<'_>| post(tx, call, guid, words);
                self.scenes[scene].last[0] = Some(self.as_client(tx, scene, at, post)?);
            }
            Does::Vendor => {
                let post = |tx: &mut Tx<'_>, call: &Call<'_>| post(tx, call, guid, words);
                self.scenes[scene].last[1] = Some(self.as_vendor(tx, scene, at, post)?);
            }
            Does::ClientEdits => {
                let message = last_of_client.ok_or(Error::NotFound)?;
                self.as_client(tx, scene, at, |tx, call| edit(tx, call, guid, (message, words)))?;
            }
            Does::VendorEdits => {
                let message = last_of_vendor.ok_or(Error::NotFound)?;
                self.as_vendor(tx, scene, at, |tx, call| edit(tx, call, guid, (message, words)))?;
            }
            Does::VendorDeletes => {
                let message = last_of_vendor.ok_or(Error::NotFound)?;
                self.as_vendor(tx, scene, at, |tx, call| {
                    let thread = messages::open(tx, call, guid)?;
                    messages::delete(tx, call, &thread, message)
                })?;
            }
            Does::Notes | Does::Extends => {
                let change = change(does, words)?;
                self.as_client(tx, scene, at, |tx, call| access_requests::edit(tx, call, guid, &change))?;
            }
            Does::Delegates => {
                let colleague = colleague(words)?;
                self.as_vendor(tx, scene, at, |tx, call| {
                    access_requests::delegate(tx, call, guid, &colleague)
                })?;
            }
            Does::HandsOver => {
                let token = self.scenes[scene].link.take().ok_or(Error::NotFound)?;
                access_requests::hand_over_link(tx, (at, &self.script.mailed), (&token, &colleague(words)?))?;
            }
        }
        Ok(())
    }

    fn resolve(&mut self, tx: &mut Tx<'_>, scene: usize, at: Timestamp) -> Result<()> {
        let wish = ChangeWish {
            guid: self.scenes[scene].request,
            change: Change::Resolve,
        };
        self.as_client(tx, scene, at, |tx, call| {
            access_requests::change_status(tx, call, wish, &|_| ())
        })
    }

    /// Works in the name of the request's sender, who has read the thread then.
    fn as_client<T>(
        &self,
        tx: &mut Tx<'_>,
        scene: usize,
        at: Timestamp,
        work: impl FnOnce(&mut Tx<'_>, &Call<'_>) -> Result<T>,
    ) -> Result<T> {
        let actor = client(tx, &self.scene(scene).token, at)?;
        let call = self.call(&actor, at);
        let done = work(tx, &call)?;
        messages::seen(tx, &call, self.request(scene)?)?;
        self.has_read(tx, &call)?;
        Ok(done)
    }

    /// Works in the name of whoever received the request, signed in for as long as it takes.
    fn as_vendor<T>(
        &self,
        tx: &mut Tx<'_>,
        scene: usize,
        at: Timestamp,
        work: impl FnOnce(&mut Tx<'_>, &Call<'_>) -> Result<T>,
    ) -> Result<T> {
        let guid = self.request(scene)?;
        let client = client(tx, &self.scene(scene).token, at)?;
        let person = access_requests::sent(tx, &self.call(&client, at), guid, &|request| {
            request.requestee_customer_guid.zip(request.requestee_user_guid)
        })?;
        let person = person.ok_or(Error::NotFound)?;
        let opened = sessions::open(tx, (at, &self.script.mailed), person, "The sample world")?;
        let actor = authenticate(tx, &Credential::Session(digest(opened.session.as_bytes())), at)?;
        let call = self.call(&actor, at);
        access_requests::mark_received_opened(tx, &call, guid)?;
        access_requests::update_received(tx, &call, guid, Some(true), &|_| ())?;
        messages::seen(tx, &call, guid)?;
        let done = work(tx, &call)?;
        self.has_read(tx, &call)?;
        sessions::end(tx, &call, actor.token_guid)?;
        Ok(done)
    }

    /// Whoever did something some days ago has read what they had been told until then.
    pub(super) fn has_read(&self, tx: &mut Tx<'_>, call: &Call<'_>) -> Result<()> {
        if call.now > self.script.now.plus_days(-FRESH_DAYS) {
            return Ok(());
        }
        notifications::mark_all(tx, call)
    }

    pub(super) fn call<'c>(&'c self, actor: &'c Actor, at: Timestamp) -> Call<'c> {
        Call {
            actor,
            now: at,
            env: &self.script.mailed,
        }
    }
}

/// Whoever holds an API token.
pub(super) fn client(tx: &mut Tx<'_>, token: &str, at: Timestamp) -> Result<Actor> {
    authenticate(tx, &Credential::Token(digest(token.as_bytes())), at)
}

fn post(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid, words: &str) -> Result<Guid> {
    let thread = messages::open(tx, call, request)?;
    Ok(messages::post(tx, call, &thread, words)?.guid)
}

fn edit(tx: &mut Tx<'_>, call: &Call<'_>, request: Guid, change: (Guid, &str)) -> Result<messages::Message> {
    let thread = messages::open(tx, call, request)?;
    messages::edit(tx, call, &thread, change)
}

fn change(does: Does, words: &str) -> Result<Edit> {
    if does == Does::Notes {
        return Ok(Edit {
            notes: Some(Some(words.to_owned())),
            ..Edit::default()
        });
    }
    let days = words.parse().map_err(|_| bad(words))?;
    Ok(Edit {
        trial_duration: Some(days),
        ..Edit::default()
    })
}

fn colleague(words: &str) -> Result<Colleague> {
    let (name, email) = words.split_once(" <").ok_or_else(|| bad(words))?;
    Ok(Colleague {
        formal_name: name.to_owned(),
        email: email.trim_end_matches('>').to_owned(),
    })
}

fn bad(words: &str) -> Error {
    Error::Internal(format!("the story cannot be read here: {words}"))
}
