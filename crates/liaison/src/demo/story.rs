//! What happens in the sample world, as it is written down in the files beside this one, and when.

use std::time::Duration;

use liaison_domain::Timestamp;
use serde::Deserialize;

use super::calendar::{at_work, days_ago};

/// Everything that happens.
#[derive(Clone)]
pub(super) struct Story {
    pub(super) scenes: Vec<Scene>,
    pub(super) gate: Gate,
}

/// One access request and what became of it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    pub(super) days: i64,
    pub(super) token: String,
    pub(super) company: String,
    pub(super) to: usize,
    pub(super) reason: String,
    #[serde(default)]
    pub(super) risk_vectors: Vec<String>,
    #[serde(default)]
    pub(super) findings: Vec<usize>,
    pub(super) message: String,
    pub(super) notes: Option<String>,
    #[serde(default)]
    pub(super) read: bool,
    pub(super) accepted: Option<i64>,
    /// How the person writes their own name, where it is not as they were invited.
    pub(super) signs_as: Option<String>,
    pub(super) resolved: Option<i64>,
    pub(super) trial: Option<i64>,
    #[serde(default)]
    pub(super) ccs: Vec<String>,
    #[serde(default)]
    pub(super) third_parties: Vec<(String, String)>,
    #[serde(default)]
    pub(super) mail: Mail,
    /// Whether the client has not looked at the thread since the vendor wrote.
    #[serde(default)]
    pub(super) unread: bool,
    /// What follows the acceptance, or the sending where there is none.
    #[serde(default)]
    pub(super) then: Vec<Beat>,
}

/// What becomes of the first mails of a request.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mail {
    #[default]
    Delivered,
    Refused,
    Kept,
}

/// Hours after the one before, what is done, and with which words.
#[derive(Clone, Deserialize)]
pub(super) struct Beat(u64, pub(super) Does, pub(super) String);

/// What somebody does with a request.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Does {
    /// The recipient opens it.
    Opens,
    /// The vendor's side writes.
    Vendor,
    /// The client's side writes.
    Client,
    /// The vendor's side changes its last message.
    VendorEdits,
    /// The client's side changes its last message.
    ClientEdits,
    /// The vendor's side deletes its last message.
    VendorDeletes,
    /// The client's notes become these.
    Notes,
    /// The trial becomes this many days long.
    Extends,
    /// The recipient hands the request to `Name <address>`.
    Delegates,
    /// Whoever has the link hands it to `Name <address>`.
    HandsOver,
}

/// An access link and who came through it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gate {
    pub(super) days: i64,
    pub(super) token: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) asks: Vec<Ask>,
}

/// Somebody who asks to be invited.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub(super) days: i64,
    pub(super) company: String,
    pub(super) to: usize,
    pub(super) phone: String,
    pub(super) message: String,
    /// Hours until they are let in.
    pub(super) approved: Option<u64>,
    /// Hours from there until they accept.
    pub(super) accepted: Option<u64>,
}

/// A step of the play. Numbers are places: of a scene, of a beat in it, of somebody who asks.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Invite(usize),
    Open(usize),
    Accept(usize),
    Beat(usize, usize),
    Resolve(usize),
    MakeLink,
    Ask(usize),
    Approve(usize),
    ComeIn(usize),
}

impl Story {
    /// The story of the files beside this one, its oldest part first.
    pub(super) fn read() -> Story {
        #[derive(Deserialize)]
        struct Scenes {
            request: Vec<Scene>,
        }
        let ours = "the file is part of the program and read by a test";
        let files = [include_str!("earlier.toml"), include_str!("requests.toml")];
        let scenes = files.map(|file| toml::from_str::<Scenes>(file).expect(ours).request);
        Story {
            scenes: scenes.concat(),
            gate: toml::from_str(include_str!("gate.toml")).expect(ours),
        }
    }

    /// Everything in the order of time, at working hours where there are enough of them, never in the future.
    pub(super) fn steps(&self, now: Timestamp) -> Vec<(Timestamp, Step)> {
        let mut steps = self.steps_of_gate(now);
        for (index, scene) in self.scenes.iter().enumerate() {
            steps.extend(scene.steps(index, now));
        }
        // Stable: what happens at one moment stays in its order.
        steps.sort_by_key(|(at, _)| *at);
        steps
    }

    fn steps_of_gate(&self, now: Timestamp) -> Vec<(Timestamp, Step)> {
        let made = days_ago(now, self.gate.days, Duration::from_mins(95));
        let mut steps = vec![(made, Step::MakeLink)];
        for (index, ask) in self.gate.asks.iter().enumerate() {
            let mut at = days_ago(now, ask.days, minutes(index * 73 + 40));
            steps.push((at, Step::Ask(index)));
            let later = [
                (ask.approved, Step::Approve(index)),
                (ask.accepted, Step::ComeIn(index)),
            ];
            for (hours, step) in later {
                let Some(hours) = hours else { break };
                at = at_work(at + Duration::from_hours(hours));
                steps.push((at, step));
            }
        }
        press(&mut steps, now);
        steps
    }
}

impl Scene {
    fn steps(&self, index: usize, now: Timestamp) -> Vec<(Timestamp, Step)> {
        let offset = minutes(index * 37 % 480);
        let sent = days_ago(now, self.days, offset);
        let mut steps = vec![(sent, Step::Invite(index))];
        let mut at = sent;
        if let Some(days) = self.accepted {
            at = at_work(sent.plus_days(days) + offset / 3);
            steps.push((at - Duration::from_mins(6), Step::Open(index)));
            steps.push((at, Step::Accept(index)));
        }
        for (place, beat) in self.then.iter().enumerate() {
            at = at_work(at + Duration::from_hours(beat.0) + minutes((index * 17 + place * 29) % 50));
            steps.push((at, Step::Beat(index, place)));
        }
        if let Some(days) = self.resolved {
            at = at_work(sent.plus_days(days)).max(at + Duration::from_mins(50));
            steps.push((at, Step::Resolve(index)));
        }
        press(&mut steps, now);
        steps
    }
}

/// Brings steps that would end in the future closer together, so that they end before now.
fn press(steps: &mut [(Timestamp, Step)], now: Timestamp) {
    let latest = now - Duration::from_mins(4);
    let (Some(&(first, _)), Some(&(last, _))) = (steps.first(), steps.last()) else {
        return;
    };
    if last <= latest {
        return;
    }
    let (room, needed) = ((latest.0 - first.0).max(0), last.0 - first.0);
    let start = first.min(latest).0;
    for (at, _) in steps {
        let share = i128::from(at.0 - first.0) * i128::from(room) / i128::from(needed.max(1));
        at.0 = start + i64::try_from(share).unwrap_or_default();
    }
}

fn minutes(count: usize) -> Duration {
    Duration::from_mins(u64::try_from(count).unwrap_or_default())
}
