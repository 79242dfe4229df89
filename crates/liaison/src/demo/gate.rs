//! The access link of the sample world: who asks to be invited by it, and who of them was let in.

use liaison_db::Tx;
use liaison_domain::access_requests::Change;
use liaison_domain::{Guid, Timestamp};
use liaison_operations::access_links::{self, NewLink};
use liaison_operations::access_requests::{self, ChangeWish};
use liaison_operations::{Error, Result};

use super::stage::{Stage, client};
use super::story::Step;

/// What is known of the link while the story is played.
#[derive(Clone)]
pub(super) struct Progress {
    link: Option<Guid>,
    /// The token with which each person can come in, once they were let in.
    tokens: Vec<Option<String>>,
}

impl Progress {
    pub(super) fn new(people: usize) -> Progress {
        Progress {
            link: None,
            tokens: vec![None; people],
        }
    }

    /// Where the link leads that a person was mailed.
    pub(super) fn came_by(&mut self, ask: usize, token: Option<String>) {
        self.tokens[ask] = token;
    }

    /// The link.
    pub(super) fn link(&self) -> Option<Guid> {
        self.link
    }
}

impl Stage {
    pub(super) fn at_the_gate(&mut self, tx: &mut Tx<'_>, step: Step, at: Timestamp) -> Result<()> {
        let gate = &self.script.story.gate;
        let actor = client(tx, &gate.token, at)?;
        match step {
            Step::MakeLink => {
                let new = NewLink {
                    name: gate.name.clone(),
                    description: gate.description.clone(),
                    is_active: true,
                    scope: None,
                };
                let link = access_links::create(tx, &self.call(&actor, at), &new)?;
                self.gate.link = Some(link.guid);
            }
            Step::Ask(ask) => {
                let mut wish = self.script.asks[ask].clone();
                wish.link_guid = self.gate.link.ok_or(Error::NotFound)?;
                access_links::ask(tx, &self.script.mailed, at, &wish)?;
            }
            Step::Approve(ask) => {
                let call = self.call(&actor, at);
                let waiting = access_links::overview(tx, &call)?.waiting;
                let email = &self.script.asks[ask].email;
                let wish = ChangeWish {
                    guid: waiting
                        .iter()
                        .find(|person| person.email == *email)
                        .map(|person| person.guid),
                    change: Change::Approve,
                };
                access_requests::change_status(tx, &call, wish, &|_| ())?;
                self.has_read(tx, &call)?;
            }
            Step::ComeIn(ask) => {
                let token = self.gate.tokens[ask].take().ok_or(Error::NotFound)?;
                self.come_in(tx, at, (&token, &self.script.asks[ask].formal_name))?;
            }
            Step::Invite(_) | Step::Open(_) | Step::Accept(_) | Step::Beat(..) | Step::Resolve(_) => {}
        }
        Ok(())
    }
}
