//! What became of one attempt.

/// What became of one attempt to hand one mail to the relay for one recipient.
///
/// `reply` holds the relay's words with their code, or ours where the relay said nothing: one line, at most 500
/// characters, never with the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took it over.
    Accepted {
        /// The reply to the final dot.
        reply: String,
    },
    /// The relay will never take it: final for this recipient.
    Refused {
        /// The reply's code.
        code: u16,
        /// Its words.
        reply: String,
    },
    /// Not now, or nobody knows: to be tried again with the same bytes.
    Later {
        /// The reply's code, where there was a reply.
        code: Option<u16>,
        /// Its words, or what went wrong.
        reply: String,
    },
    /// The relay refuses this server, not this mail: nothing is to be sent until somebody has looked.
    Paused {
        /// The reply's code.
        code: u16,
        /// Its words.
        reply: String,
    },
}

impl Outcome {
    /// The same outcome in other words.
    pub(super) fn map_reply(self, change: impl FnOnce(String) -> String) -> Outcome {
        match self {
            Outcome::Accepted { reply } => Outcome::Accepted { reply: change(reply) },
            Outcome::Refused { code, reply } => Outcome::Refused {
                code,
                reply: change(reply),
            },
            Outcome::Later { code, reply } => Outcome::Later {
                code,
                reply: change(reply),
            },
            Outcome::Paused { code, reply } => Outcome::Paused {
                code,
                reply: change(reply),
            },
        }
    }
}
