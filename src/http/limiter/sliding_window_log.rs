//! Which calls count against the windows now.

use super::{Ticket, Window};

/// The calls in flight, and when the others were answered.
///
/// The server counts a call when it arrives: some time between the sending and the answer. So a call counts here from its
/// sending until a whole window after its answer. Of any calls that the server sees within one window, all but the last sent
/// counted here when the last was sent, so the limit holds wherever in between they arrived. The price is the latency: of a
/// window of length `w`, `w / (w + latency)` is used.
///
/// All of it is two lists of plain numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct SlidingWindowLog {
    in_flight: Vec<(Ticket, f64)>,
    answered: Vec<f64>,
}

impl SlidingWindowLog {
    /// Counts a call as sent.
    pub fn send(&mut self, ticket: Ticket, now: f64) {
        self.in_flight.push((ticket, now));
    }

    /// Returns when a call in flight was sent.
    pub fn sent(&self, ticket: Ticket) -> Option<f64> {
        self.in_flight.iter().find(|(other, _)| *other == ticket).map(|(_, sent)| *sent)
    }

    /// Ends a call that was answered or never will be. Forgets calls that were older than `longest` when the first
    /// call in flight was sent.
    pub fn answer(&mut self, ticket: Ticket, now: f64, longest: f64) {
        let first_sent = self.in_flight.iter().fold(now, |first, (_, sent)| first.min(*sent));
        if !self.forget(ticket) {
            return;
        }
        self.count(now);
        let old = self.answered.partition_point(|at| at + longest <= first_sent);
        self.answered.drain(..old);
    }

    /// Removes a call that was never sent. Returns whether it was there.
    pub fn forget(&mut self, ticket: Ticket) -> bool {
        let before = self.in_flight.len();
        self.in_flight.retain(|(other, _)| *other != ticket);
        self.in_flight.len() < before
    }

    /// Counts a call that is answered now.
    pub fn count(&mut self, now: f64) {
        // In order, even where a clock isn't.
        let now = self.answered.last().map_or(now, |last| last.max(now));
        self.answered.push(now);
    }

    /// Returns from when on one more call fits into the window: infinity if a response has to arrive first.
    pub fn free_at(&self, window: Window) -> f64 {
        let others = (window.limit as usize).checked_sub(self.in_flight.len() + 1);
        let Some(others) = others else { return f64::INFINITY };
        // All but the newest `others` have to be a window old.
        let last_to_leave = self.answered.len().checked_sub(others + 1);
        let last_to_leave = last_to_leave.and_then(|index| self.answered.get(index));
        last_to_leave.map_or(f64::NEG_INFINITY, |at| at + window.padded_ms())
    }

    /// Returns how many more calls fit into the window.
    pub fn remaining(&self, window: Window, now: f64) -> u32 {
        let old = self.answered.partition_point(|at| at + window.padded_ms() <= now);
        let counted = self.in_flight.len() + self.answered.len() - old;
        window.limit.saturating_sub(u32::try_from(counted).unwrap_or(u32::MAX))
    }

    /// Returns when the window will be empty if every call is answered now; `None` if it is empty.
    pub fn empty_at(&self, window: Window, now: f64) -> Option<f64> {
        let last = if self.in_flight.is_empty() { *self.answered.last()? } else { now };
        Some(last + window.padded_ms()).filter(|at| *at > now)
    }

    /// Returns a copy in which every call is answered now.
    pub fn settled(&self, now: f64) -> SlidingWindowLog {
        let mut settled = SlidingWindowLog { in_flight: Vec::new(), answered: self.answered.clone() };
        self.in_flight.iter().for_each(|_| settled.count(now));
        settled
    }
}
