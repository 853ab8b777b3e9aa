//! The queue of waiting calls, ordered by priority and fair among sessions.

use super::{Priority, QueuedCall, Ticket};

/// The most interactive calls in a row that may pass a waiting background call …
const PASSED: u32 = 9;
/// … and more of them until it has been passed for this time, in milliseconds.
const STARVATION_LIMIT: f64 = 30_000.0;

/// Two priorities. Interactive calls go first. So that a nightly sync does not starve if they never cease, one background call
/// goes after at least nine interactive ones that passed it during at least thirty seconds.
///
/// Within one priority sessions take turns: a call waits for the round after that of its session's last waiting call, and rounds
/// are served one after the other.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// In the order in which they came.
    calls: Vec<Entry>,
    /// The rounds that are served, interactive and background.
    rounds: [u32; 2],
    passed: u32,
    passed_since: f64,
    /// No waiting call has an earlier deadline.
    soonest: f64,
}

#[derive(Debug)]
struct Entry {
    call: QueuedCall,
    round: u32,
}

impl Queue {
    /// Adds a call.
    pub fn push(&mut self, call: &QueuedCall) {
        self.soonest = if self.is_empty() { call.deadline } else { self.soonest.min(call.deadline) };
        let mut round = *self.round(call.priority);
        for before in &self.calls {
            if before.call.priority == call.priority && before.call.session == call.session {
                round = round.max(before.round);
            }
        }
        self.calls.push(Entry { call: *call, round: round + 1 });
    }

    /// Takes the next call out.
    pub fn pop(&mut self, now: f64) -> Option<Ticket> {
        let starving = self.passed >= PASSED && now - self.passed_since >= STARVATION_LIMIT;
        let interactive = if starving { None } else { self.take_from(Priority::Interactive) };
        if interactive.is_none() || self.queued(Priority::Background) == 0 {
            self.passed = 0;
            return interactive.or_else(|| self.take_from(Priority::Background));
        }
        if self.passed == 0 {
            self.passed_since = now;
        }
        self.passed += 1;
        interactive
    }

    /// Removes a call that is cancelled. Returns whether it waited.
    pub fn remove(&mut self, ticket: Ticket) -> bool {
        let before = self.calls.len();
        self.calls.retain(|waiting| waiting.call.ticket != ticket);
        self.calls.len() < before
    }

    /// Takes out a call whose deadline is not after `instant`.
    pub fn too_late(&mut self, instant: f64) -> Option<Ticket> {
        if self.is_empty() || self.soonest > instant {
            return None;
        }
        self.soonest = f64::INFINITY;
        for (index, Entry { call, .. }) in self.calls.iter().enumerate() {
            if call.deadline <= instant {
                // There may be more, as early as any.
                self.soonest = f64::NEG_INFINITY;
                return Some(self.calls.remove(index).call.ticket);
            }
            self.soonest = self.soonest.min(call.deadline);
        }
        None
    }

    /// Returns how many calls of this priority wait.
    pub fn queued(&self, priority: Priority) -> u32 {
        self.calls.iter().filter(|waiting| waiting.call.priority == priority).count() as u32
    }

    /// Returns whether no call waits.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The first of the earliest round.
    fn take_from(&mut self, priority: Priority) -> Option<Ticket> {
        let mut earliest: Option<(usize, u32)> = None;
        for (index, waiting) in self.calls.iter().enumerate() {
            if waiting.call.priority == priority && earliest.is_none_or(|(_, round)| waiting.round < round) {
                earliest = Some((index, waiting.round));
            }
        }
        let (index, round) = earliest?;
        *self.round(priority) = round;
        Some(self.calls.remove(index).call.ticket)
    }

    fn round(&mut self, priority: Priority) -> &mut u32 {
        let [interactive, background] = &mut self.rounds;
        match priority {
            Priority::Interactive => interactive,
            Priority::Background => background,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(priority: Priority, session: u32, ticket: Ticket) -> QueuedCall {
        QueuedCall { priority, session, ticket, deadline: f64::INFINITY }
    }

    fn drain(queue: &mut Queue, now: f64) -> Vec<Ticket> {
        core::iter::from_fn(|| queue.pop(now)).collect()
    }

    #[test]
    fn a_person_goes_before_a_nightly_sync() {
        let mut queue = Queue::default();
        for ticket in 0..3 {
            queue.push(&call(Priority::Background, 1, ticket));
        }
        queue.push(&call(Priority::Interactive, 2, 9));
        assert_eq!(drain(&mut queue, 0.0), [9, 0, 1, 2]);
    }

    #[test]
    fn sessions_take_turns_however_much_one_of_them_wants() {
        let mut queue = Queue::default();
        for (session, ticket) in [(1, 10), (1, 11), (1, 12), (2, 20), (3, 30), (3, 31)] {
            queue.push(&call(Priority::Background, session, ticket));
        }
        assert_eq!(drain(&mut queue, 0.0), [10, 20, 30, 11, 31, 12]);
    }

    #[test]
    fn a_background_call_that_nine_passed_during_thirty_seconds_goes_next() {
        let mut queue = Queue::default();
        queue.push(&call(Priority::Background, 1, 0));
        queue.push(&call(Priority::Background, 1, 1));
        for ticket in 2..30 {
            queue.push(&call(Priority::Interactive, 2, ticket));
        }
        let first: Vec<_> = (0..9).filter_map(|_| queue.pop(1000.0)).collect();
        assert_eq!(first, (2..11).collect::<Vec<_>>());
        assert_eq!(queue.pop(30_999.0), Some(11));
        assert_eq!(queue.pop(31_000.0), Some(0));
        assert_eq!(queue.pop(31_000.0), Some(12));
        assert_eq!((queue.queued(Priority::Interactive), queue.queued(Priority::Background)), (17, 1));
    }

    #[test]
    fn a_call_that_is_taken_out_is_gone() {
        let mut queue = Queue::default();
        queue.push(&call(Priority::Interactive, 1, 1));
        queue.push(&call(Priority::Background, 1, 2));
        assert!(queue.remove(1) && queue.remove(2) && !queue.remove(2));
        assert!(queue.is_empty());
        assert_eq!(drain(&mut queue, 0.0), [] as [Ticket; 0]);
    }

    #[test]
    fn calls_whose_deadline_comes_first_are_found_one_by_one() {
        let mut queue = Queue::default();
        for (ticket, deadline) in [(1, 50.0), (2, 20.0), (3, 10.0)] {
            queue.push(&QueuedCall { priority: Priority::Background, session: ticket, ticket, deadline });
        }
        assert_eq!(queue.too_late(5.0), None);
        let late: Vec<_> = core::iter::from_fn(|| queue.too_late(20.0)).collect();
        assert_eq!(late, [2, 3]);
        assert_eq!(queue.soonest, 50.0);
        queue.push(&QueuedCall { priority: Priority::Background, session: 1, ticket: 4, deadline: 15.0 });
        assert_eq!(queue.too_late(15.0), Some(4));
    }
}
