//! The token store that processes share: entries with versions, locks, and what goes wrong with them.

use std::collections::{BTreeMap, VecDeque};

use super::clock::Instant;
use super::random::Random;
use crate::engine::effect::Id;
use crate::engine::event::Answer;

/// What a store does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Whether it has locks of its own.
    pub locks: bool,
    /// How long a lock outlives a holder that stands still or ended, in milliseconds.
    pub lock_ttl: u64,
    /// The shortest and the longest time that an operation takes, in milliseconds.
    pub latency: (u64, u64),
    /// How many of a thousand operations fail.
    pub faults: u64,
}

/// What becomes of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is done and answered.
    Done,
    /// It fails, and nothing is done.
    FailsBefore,
    /// It is done, and fails after that.
    FailsAfter,
    /// It is done, and the answer is `false` all the same.
    Lies,
    /// It is done, and never answered.
    Silent,
    /// It is never done nor answered.
    Lost,
    /// It is done after so many milliseconds more.
    Late(u64),
}

/// One operation on the entries.
#[derive(Debug, Clone)]
pub enum Operation {
    /// Reads an entry.
    Get {
        /// Its key.
        key: String,
    },
    /// Compares and swaps an entry.
    Swap {
        /// Its key.
        key: String,
        /// The version that must be there.
        version: Option<String>,
        /// The new value.
        value: Option<String>,
    },
}

impl Operation {
    /// Returns the key of the entry.
    pub fn key(&self) -> &str {
        match self {
            Self::Get { key } | Self::Swap { key, .. } => key,
        }
    }
}

/// The store.
#[derive(Debug, Default)]
pub struct Store {
    entries: BTreeMap<String, (String, u64)>,
    newest: u64,
    locks: BTreeMap<String, VecDeque<Holder>>,
}

/// Who holds a lock or waits for it: the process, which of its lives, and the id of its effect `Lock`.
pub type Holder = (usize, u32, Id);

impl Habits {
    /// Chooses what becomes of an operation. `calm`: none fails any more.
    pub fn fate(&self, random: &mut Random, calm: bool) -> Fate {
        if calm || !random.permille(self.faults) {
            return Fate::Done;
        }
        match random.below(100) {
            0..30 => Fate::FailsBefore,
            30..55 => Fate::FailsAfter,
            55..75 => Fate::Lies,
            75..80 => Fate::Silent,
            80..85 => Fate::Lost,
            _ => Fate::Late(random.between((1_000, 25_000))),
        }
    }
}

impl Store {
    /// Returns the value of an entry.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.entries.get(key).map(|(value, _)| value.as_str())
    }

    /// Returns the values of all entries.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.entries.values().map(|(value, _)| value.as_str())
    }

    /// Returns the keys of all entries.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Writes an entry.
    pub fn put(&mut self, key: &str, value: String) {
        self.newest += 1;
        self.entries.insert(key.into(), (value, self.newest));
    }

    /// Does an operation.
    pub fn apply(&mut self, operation: &Operation) -> Answer {
        match operation {
            Operation::Get { key } => match self.entries.get(key) {
                Some((value, version)) => {
                    Answer::Entry { value: value.clone(), version: version.to_string() }
                }
                None => Answer::Nothing,
            },
            Operation::Swap { key, version, value } => {
                let there = self.entries.get(key).map(|(_, version)| version.to_string());
                if there != *version {
                    return Answer::Flag(false);
                }
                match value {
                    Some(value) => self.put(key, value.clone()),
                    None => drop(self.entries.remove(key)),
                }
                Answer::Flag(true)
            }
        }
    }

    /// Asks for a lock; returns whether it is granted at once.
    pub fn lock(&mut self, key: &str, holder: Holder) -> bool {
        let queue = self.locks.entry(key.into()).or_default();
        queue.push_back(holder);
        queue.len() == 1
    }

    /// Gives a lock or a place in its queue up; returns who holds the lock since.
    pub fn unlock(&mut self, holder: Holder) -> Option<Holder> {
        let queue = self.locks.values_mut().find(|queue| queue.contains(&holder))?;
        let held = queue.front() == Some(&holder);
        queue.retain(|other| *other != holder);
        queue.front().filter(|_| held).copied()
    }

    /// Returns whether a lock is held by that holder.
    pub fn is_held(&self, holder: Holder) -> bool {
        self.locks.values().any(|queue| queue.front() == Some(&holder))
    }

    /// Returns the locks that a life of a process holds or waits for.
    pub fn locks_of(&self, process: usize, life: u32) -> Vec<Holder> {
        let all = self.locks.values().flatten();
        all.filter(|(other, its, _)| (*other, *its) == (process, life)).copied().collect()
    }
}

/// A permit of the limit that processes share, with the end of its lease or the instant of its answer.
type Counted = (String, Instant);

/// The rate limit that processes share.
#[derive(Debug, Default)]
pub struct SharedLimit {
    counted: Vec<Counted>,
}

impl SharedLimit {
    /// Counts a request: 0, or the milliseconds until the next try.
    pub fn acquire(&mut self, now: Instant, windows: &[(u32, f64)], call: String, lease_ms: f64) -> f64 {
        let mut wait = 0.0_f64;
        for (limit, span) in windows {
            let mut counted: Vec<f64> = self.counted.iter().map(|(_, at)| *at as f64).collect();
            counted.retain(|at| *at > now as f64 - span);
            if counted.len() >= *limit as usize {
                counted.sort_by(|a, b| b.total_cmp(a));
                let last = counted[*limit as usize - 1].min(now as f64);
                wait = wait.max((last + span - now as f64).max(1.0));
            }
        }
        if wait == 0.0 {
            self.counted.retain(|(_, at)| *at + 130_000 > now);
            self.counted.push((call, now + lease_ms as u64));
        }
        wait
    }

    /// Ends a request that was counted.
    pub fn release(&mut self, now: Instant, call: &str, sent: bool) {
        if let Some(place) = self.counted.iter().position(|(other, _)| other == call) {
            if sent {
                self.counted[place].1 = now;
            } else {
                self.counted.remove(place);
            }
        }
    }

    /// Returns how many requests are counted as under way.
    pub fn under_way(&self, now: Instant) -> usize {
        self.counted.iter().filter(|(_, at)| *at > now).count()
    }
}
