//! The properties that every simulation keeps, and what is remembered to check them.

use core::fmt;

use super::clock::Instant;
use crate::engine::effect::Id;

/// What must hold, whatever fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Every call that is started in a process that lives on ends.
    EveryCallEnds,
    /// A token set that reached a process is stored or in hand, or the process ended between the two.
    TokensAreKept,
    /// No two refreshes of one refresh token are in flight while the holder of the first one is undisturbed.
    OneRefreshAtATime,
    /// No session ends unless the server decided so.
    SessionsLive,
    /// No row is lost or delivered twice.
    EveryRowOnce,
    /// The server never counts more requests than the limit.
    LimitIsKept,
    /// Nine tenths of the limit are used while enough calls wait.
    LimitIsUsed,
    /// No request is sent earlier than a `Retry-After`.
    RetryAfterIsKept,
    /// Nothing is left after the calls ended: no flow, timer, exchange, lock or permit.
    NothingIsLeft,
    /// No event, error or URL shows a secret, and each secret is sent to its own server only.
    NoSecretShows,
    /// A refresh token without an answer is sent again after its pauses only, whichever process sends it.
    RepetitionsPause,
}

/// A property that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which one.
    pub property: Property,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.property, self.what)
    }
}

/// A request that used a refresh token.
#[derive(Debug, Clone)]
pub struct Use {
    /// The number of its exchange.
    pub exchange: u64,
    /// The process that sent it, and which of its lives.
    pub process: (usize, u32),
    /// The refresh token.
    pub token: String,
    /// Whether the store knew of a use without an answer when it was sent.
    pub is_repetition: bool,
    /// When it was sent.
    pub sent_at: Instant,
    /// How it ended for the process, and when.
    pub ended: Option<(Instant, Ending)>,
}

/// How a use of a refresh token ended for the process that sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A token set reached the process.
    Tokens,
    /// The server refused, or a gateway did with a status that says so.
    Refused,
    /// Nothing was sent.
    NotSent,
    /// Nobody knows.
    Unknown,
    /// The process ended.
    Crash,
}

/// What is remembered of one simulation.
#[derive(Debug, Default)]
pub struct Watch {
    /// What did not hold.
    pub violations: Vec<Violation>,
    /// The uses of refresh tokens, in their order.
    pub uses: Vec<Use>,
    /// Token sets that reached a process, with that process's life, and when.
    pub reached: Vec<(usize, usize, u32, Instant)>,
    /// Token sets that the store has, or had.
    pub stored: Vec<usize>,
    /// Until when a process may send nothing to the API, by life.
    pub paused: Vec<(usize, u32, f64)>,
    /// Until when the request of that id may not be sent again.
    pub retries: Vec<(String, f64)>,
    /// Access tokens that had expired when the request of that id was made with them.
    pub refused: Vec<(String, String)>,
    /// The verifiers of authorizations.
    pub verifiers: Vec<String>,
    /// Calls that were started and have not ended, by process and life.
    pub calls: Vec<(Id, usize, u32)>,
}

impl Watch {
    /// Notes that a property did not hold.
    pub fn violate(&mut self, property: Property, what: String) {
        // The first ones say most.
        if self.violations.len() < 4 {
            self.violations.push(Violation { property, what });
        }
    }

    /// Notes that an exchange that used a refresh token ended.
    pub fn end_use(&mut self, exchange: u64, now: Instant, ending: Ending) {
        if let Some(used) = self.uses.iter_mut().rev().find(|used| used.exchange == exchange) {
            used.ended.get_or_insert((now, ending));
        }
    }

    /// Returns whether the instant is too early for a further use of the token: a repetition without an answer has a pause of at least
    /// five seconds behind it. `tolerance`: by how much the clocks of processes differ.
    pub fn is_too_early(&self, token: &str, now: Instant, tolerance: u64) -> Option<String> {
        let last = self.uses.iter().rfind(|used| used.token == token)?;
        let is_unknown = matches!(last.ended, None | Some((_, Ending::Unknown | Ending::Crash)));
        if !last.is_repetition || !is_unknown {
            return None;
        }
        let earliest = last.sent_at + 5_000 - tolerance;
        (now < earliest).then(|| format!("sent at {now} ms, {} ms after a repetition", now - last.sent_at))
    }

    /// Returns until when that life of a process may send nothing to the API.
    pub fn paused_until(&self, process: usize, life: u32) -> f64 {
        let of = self.paused.iter().filter(|(other, its, _)| (*other, *its) == (process, life));
        of.map(|(_, _, until)| *until).fold(0.0, f64::max)
    }
}
