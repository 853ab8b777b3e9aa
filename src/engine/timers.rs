//! Timers of flows, kept by one alarm of the host.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::effect::Effect;

/// The longest delay that hosts take, in milliseconds: setTimeout fires at once for more.
const LONGEST_DELAY_MS: f64 = 2_147_483_647.0;

/// The timers of one engine.
#[derive(Default)]
pub struct Timers {
    /// The earliest last. A timer that was called off stays until it is the earliest, or until half of them are off.
    sorted: RefCell<Vec<Rc<State>>>,
    off: Cell<usize>,
    /// How many timers the process should stay alive for.
    holding: Cell<usize>,
    alarm: Cell<Option<(f64, bool)>>,
    /// Whether each timer needs an alarm of its own: see [`HostFacts`](super::host::HostFacts).
    each: Cell<bool>,
    /// The instants of the timers that were armed since the last event, if each needs an alarm.
    fresh: RefCell<Vec<f64>>,
}

struct State {
    at: f64,
    holds_process: bool,
    fate: Cell<Fate>,
    waker: RefCell<Option<Waker>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Armed,
    Fired,
    Off,
}

impl Timers {
    /// Notes that no alarm is armed.
    pub fn forget_alarm(&self) {
        self.alarm.set(None);
    }

    /// Ends the timers that are due at `now`.
    pub fn fire(&self, now: f64) {
        loop {
            let due = {
                let mut sorted = self.sorted.borrow_mut();
                sorted.pop_if(|timer| timer.at <= now || timer.fate.get() == Fate::Off)
            };
            let Some(timer) = due else { return };
            if timer.fate.get() == Fate::Off {
                self.off.set(self.off.get() - 1);
                continue;
            }
            timer.fate.set(Fate::Fired);
            self.holding.set(self.holding.get() - usize::from(timer.holds_process));
            if let Some(waker) = timer.waker.take() {
                waker.wake();
            }
        }
    }

    /// Asks for an alarm of its own for each timer from now on.
    pub fn use_an_alarm_for_each(&self) {
        self.each.set(true);
    }

    /// Notes that an alarm rang a little early, so that it is armed again.
    pub fn rang_early(&self, at: f64) {
        if self.each.get() {
            self.fresh.borrow_mut().push(at);
        }
    }

    /// Returns the effects that make the host's alarm the one that is needed, if another one is armed.
    pub fn rearm(&self, now: f64) -> Vec<Effect> {
        let alarm =
            |at: f64| Effect::Alarm { at, delay: Some((at - now).max(0.0).ceil()), holds_process: true };
        let fresh: Vec<Effect> = self.fresh.take().into_iter().map(alarm).collect();
        if self.each.get() { fresh } else { self.rearm_one(now).into_iter().collect() }
    }

    fn rearm_one(&self, now: f64) -> Option<Effect> {
        let holds_process = self.holding.get() > 0;
        let needed = self.earliest().map(|at| (at.min(now + LONGEST_DELAY_MS), holds_process));
        let is_kept = match (self.alarm.get(), needed) {
            // An alarm that rings too early does no harm, and most timers are called off before they end.
            (Some((at, held)), Some((wanted, holds))) => at <= wanted && held == holds,
            (None, None) => true,
            _ => false,
        };
        if is_kept {
            return None;
        }
        self.alarm.set(needed);
        let delay = needed.map(|(at, _)| (at - now).max(0.0).ceil());
        Some(Effect::Alarm { at: needed.map_or(now, |(at, _)| at), delay, holds_process })
    }

    fn earliest(&self) -> Option<f64> {
        let mut sorted = self.sorted.borrow_mut();
        if self.off.get() * 2 > sorted.len() {
            self.off.set(0);
            sorted.retain(|timer| timer.fate.get() != Fate::Off);
        }
        while sorted.pop_if(|timer| timer.fate.get() == Fate::Off).is_some() {
            self.off.set(self.off.get() - 1);
        }
        sorted.last().map(|timer| timer.at)
    }

    /// Returns how many timers are armed.
    pub fn len(&self) -> usize {
        self.sorted.borrow().len() - self.off.get()
    }
}

/// A timer that a flow awaits. Dropping it calls it off.
pub struct Timer {
    timers: Rc<Timers>,
    state: Rc<State>,
}

impl Timer {
    /// Arms a timer that ends at an instant of the engine's clock. `holds_process`: whether the process should stay alive for it.
    pub fn new(timers: &Rc<Timers>, at: f64, holds_process: bool) -> Self {
        let fate = Cell::new(Fate::Armed);
        let state = Rc::new(State { at, holds_process, fate, waker: RefCell::default() });
        let mut sorted = timers.sorted.borrow_mut();
        let place = sorted.partition_point(|timer| timer.at > at);
        sorted.insert(place, state.clone());
        timers.holding.set(timers.holding.get() + usize::from(holds_process));
        if timers.each.get() {
            timers.fresh.borrow_mut().push(at);
        }
        Self { timers: timers.clone(), state }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.fate.get() == Fate::Fired {
            return Poll::Ready(());
        }
        self.state.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.state.fate.replace(Fate::Off) == Fate::Armed {
            self.timers.off.set(self.timers.off.get() + 1);
            self.timers.holding.set(self.timers.holding.get() - usize::from(self.state.holds_process));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarms(effects: Vec<Effect>) -> Vec<(f64, Option<f64>, bool)> {
        let alarm = |effect| match effect {
            Effect::Alarm { at, delay, holds_process } => (at, delay, holds_process),
            other => panic!("{other:?}"),
        };
        effects.into_iter().map(alarm).collect()
    }

    #[test]
    fn timers_one_alarm_for_the_earliest_and_none_when_all_are_dropped() {
        let timers = Rc::new(Timers::default());
        let late = Timer::new(&timers, 500.0, false);
        assert_eq!(alarms(timers.rearm(0.0)), [(500.0, Some(500.0), false)]);
        let early = Timer::new(&timers, 100.5, true);
        assert_eq!(alarms(timers.rearm(0.0)), [(100.5, Some(101.0), true)]);
        assert_eq!(alarms(timers.rearm(50.0)), []);
        drop(early);
        assert_eq!(alarms(timers.rearm(60.0)), [(500.0, Some(440.0), false)]);
        drop(late);
        assert_eq!((alarms(timers.rearm(70.0)), timers.len()), (vec![(70.0, None, false)], 0));
    }

    #[test]
    fn timers_an_alarm_for_each_when_timers_end_with_requests() {
        let timers = Rc::new(Timers::default());
        timers.use_an_alarm_for_each();
        let (_late, _early) = (Timer::new(&timers, 500.0, true), Timer::new(&timers, 100.0, true));
        assert_eq!(alarms(timers.rearm(0.0)), [(500.0, Some(500.0), true), (100.0, Some(100.0), true)]);
        assert_eq!(alarms(timers.rearm(0.0)), []);
        timers.rang_early(100.0);
        assert_eq!(alarms(timers.rearm(99.0)), [(100.0, Some(1.0), true)]);
    }
}
