//! The calls that wait, and whose turn it is.

use super::{Call, Lane, Ticket};

/// So many interactive calls in a row may pass a waiting background call …
const PASSED: u32 = 9;
/// … and more, until it has been passed for so long, in milliseconds.
const PATIENCE: f64 = 30_000.0;

/// Two lanes. Interactive calls go first. So that a nightly sync doesn't starve where they never cease, one background call
/// goes after at least nine interactive ones that passed it during at least thirty seconds.
///
/// Within a lane sessions take turns: a call waits for the round after that of its session's last waiting call, and rounds
/// are served one after the other.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// In the order in which they came.
    calls: Vec<Waiting>,
    /// The rounds that are served, interactive and background.
    rounds: [u32; 2],
    passed: u32,
    passed_since: f64,
    /// No waiting call has an earlier deadline.
    soonest: f64,
}

#[derive(Debug)]
struct Waiting {
    call: Call,
    round: u32,
}

impl Lanes {
    /// A call begins to wait.
    pub fn push(&mut self, call: &Call) {
        self.soonest = if self.is_empty() { call.deadline } else { self.soonest.min(call.deadline) };
        let mut round = *self.round(call.lane);
        for before in &self.calls {
            if before.call.lane == call.lane && before.call.session == call.session {
                round = round.max(before.round);
            }
        }
        self.calls.push(Waiting { call: *call, round: round + 1 });
    }

    /// The call whose turn it is.
    pub fn pop(&mut self, now: f64) -> Option<Ticket> {
        let starving = self.passed >= PASSED && now - self.passed_since >= PATIENCE;
        let interactive = if starving { None } else { self.take_from(Lane::Interactive) };
        if interactive.is_none() || self.queued(Lane::Background) == 0 {
            self.passed = 0;
            return interactive.or_else(|| self.take_from(Lane::Background));
        }
        if self.passed == 0 {
            self.passed_since = now;
        }
        self.passed += 1;
        interactive
    }

    /// Takes a call out that no longer waits; whether it did.
    pub fn remove(&mut self, ticket: Ticket) -> bool {
        let before = self.calls.len();
        self.calls.retain(|waiting| waiting.call.ticket != ticket);
        self.calls.len() < before
    }

    /// Takes out one call whose deadline is not after `instant`.
    pub fn too_late(&mut self, instant: f64) -> Option<Ticket> {
        if self.is_empty() || self.soonest > instant {
            return None;
        }
        self.soonest = f64::INFINITY;
        for (index, Waiting { call, .. }) in self.calls.iter().enumerate() {
            if call.deadline <= instant {
                // There may be more, as early as any.
                self.soonest = f64::NEG_INFINITY;
                return Some(self.calls.remove(index).call.ticket);
            }
            self.soonest = self.soonest.min(call.deadline);
        }
        None
    }

    /// How many wait in the lane.
    pub fn queued(&self, lane: Lane) -> u32 {
        self.calls.iter().filter(|waiting| waiting.call.lane == lane).count() as u32
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The first of the earliest round.
    fn take_from(&mut self, lane: Lane) -> Option<Ticket> {
        let mut earliest: Option<(usize, u32)> = None;
        for (index, waiting) in self.calls.iter().enumerate() {
            if waiting.call.lane == lane && earliest.is_none_or(|(_, round)| waiting.round < round) {
                earliest = Some((index, waiting.round));
            }
        }
        let (index, round) = earliest?;
        *self.round(lane) = round;
        Some(self.calls.remove(index).call.ticket)
    }

    fn round(&mut self, lane: Lane) -> &mut u32 {
        let [interactive, background] = &mut self.rounds;
        match lane {
            Lane::Interactive => interactive,
            Lane::Background => background,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(lane: Lane, session: u32, ticket: Ticket) -> Call {
        Call { lane, session, ticket, deadline: f64::INFINITY }
    }

    fn drain(lanes: &mut Lanes, now: f64) -> Vec<Ticket> {
        core::iter::from_fn(|| lanes.pop(now)).collect()
    }

    #[test]
    fn a_person_goes_before_a_nightly_sync() {
        let mut lanes = Lanes::default();
        for ticket in 0..3 {
            lanes.push(&call(Lane::Background, 1, ticket));
        }
        lanes.push(&call(Lane::Interactive, 2, 9));
        assert_eq!(drain(&mut lanes, 0.0), [9, 0, 1, 2]);
    }

    #[test]
    fn sessions_take_turns_however_much_one_of_them_wants() {
        let mut lanes = Lanes::default();
        for (session, ticket) in [(1, 10), (1, 11), (1, 12), (2, 20), (3, 30), (3, 31)] {
            lanes.push(&call(Lane::Background, session, ticket));
        }
        assert_eq!(drain(&mut lanes, 0.0), [10, 20, 30, 11, 31, 12]);
    }

    #[test]
    fn a_background_call_that_nine_passed_during_thirty_seconds_goes_next() {
        let mut lanes = Lanes::default();
        lanes.push(&call(Lane::Background, 1, 0));
        lanes.push(&call(Lane::Background, 1, 1));
        for ticket in 2..30 {
            lanes.push(&call(Lane::Interactive, 2, ticket));
        }
        let first: Vec<_> = (0..9).filter_map(|_| lanes.pop(1000.0)).collect();
        assert_eq!(first, (2..11).collect::<Vec<_>>());
        assert_eq!(lanes.pop(30_999.0), Some(11));
        assert_eq!(lanes.pop(31_000.0), Some(0));
        assert_eq!(lanes.pop(31_000.0), Some(12));
        assert_eq!((lanes.queued(Lane::Interactive), lanes.queued(Lane::Background)), (17, 1));
    }

    #[test]
    fn a_call_that_is_taken_out_is_gone() {
        let mut lanes = Lanes::default();
        lanes.push(&call(Lane::Interactive, 1, 1));
        lanes.push(&call(Lane::Background, 1, 2));
        assert!(lanes.remove(1) && lanes.remove(2) && !lanes.remove(2));
        assert!(lanes.is_empty());
        assert_eq!(drain(&mut lanes, 0.0), [] as [Ticket; 0]);
    }

    #[test]
    fn calls_whose_deadline_comes_first_are_found_one_by_one() {
        let mut lanes = Lanes::default();
        for (ticket, deadline) in [(1, 50.0), (2, 20.0), (3, 10.0)] {
            lanes.push(&Call { lane: Lane::Background, session: ticket, ticket, deadline });
        }
        assert_eq!(lanes.too_late(5.0), None);
        let late: Vec<_> = core::iter::from_fn(|| lanes.too_late(20.0)).collect();
        assert_eq!(late, [2, 3]);
        assert_eq!(lanes.soonest, 50.0);
        lanes.push(&Call { lane: Lane::Background, session: 1, ticket: 4, deadline: 15.0 });
        assert_eq!(lanes.too_late(15.0), Some(4));
    }
}
