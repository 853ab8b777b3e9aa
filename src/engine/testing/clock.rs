//! Virtual time: what is due, and when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Milliseconds since the start of a simulation.
pub type Instant = u64;

/// The wall clock at the start of a simulation: 2026-02-02T02:40:00Z.
pub const START: i64 = 1_770_000_000_000;

/// A clock that jumps from one scheduled event to the next.
#[derive(Debug)]
pub struct Clock<T> {
    now: Instant,
    scheduled: u64,
    queue: BinaryHeap<Reverse<Scheduled<T>>>,
}

#[derive(Debug)]
struct Scheduled<T> {
    at: Instant,
    /// Events of one instant come in the order in which they were scheduled.
    number: u64,
    what: T,
}

impl<T> Clock<T> {
    /// Returns a clock without events.
    pub fn new() -> Self {
        Self { now: 0, scheduled: 0, queue: BinaryHeap::new() }
    }

    /// Returns the present instant.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Schedules an event for so many milliseconds from now.
    pub fn after(&mut self, ms: u64, what: T) {
        self.scheduled += 1;
        self.queue.push(Reverse(Scheduled { at: self.now + ms, number: self.scheduled, what }));
    }

    /// Goes to the next event and returns it.
    pub fn advance(&mut self) -> Option<T> {
        let Reverse(next) = self.queue.pop()?;
        self.now = next.at;
        Some(next.what)
    }

    /// Goes to an instant at which nothing is due before.
    pub fn pass(&mut self, ms: u64) {
        self.now += ms;
    }
}

impl<T> PartialEq for Scheduled<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl<T> Eq for Scheduled<T> {}

impl<T> PartialOrd for Scheduled<T> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Scheduled<T> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}
