//! The engine's monotonic clock, made from the host's.

use core::cell::Cell;

/// A timer of the platform may end so much too early, in milliseconds.
const EARLY_MS: f64 = 2.0;

/// The host's time is taken in whole parts of a millisecond, so many of them. As these are binary fractions, sums are exact, and an instant plus an
/// hour is the instant that the clock shows an hour later.
const PARTS_OF_MS: f64 = 1024.0;

/// A clock that never runs back, also where the host's does: tests replace clocks, and put them back.
#[derive(Default)]
pub struct Clock {
    host: Cell<f64>,
    /// How far this clock is ahead of the host's.
    ahead: Cell<f64>,
}

impl Clock {
    /// Returns the milliseconds on this clock.
    pub fn now(&self) -> f64 {
        self.host.get() + self.ahead.get()
    }

    /// Takes the host's time. If it ran back, this clock goes on from where it was.
    pub fn set(&self, host: f64) {
        let host = (host * PARTS_OF_MS).floor() / PARTS_OF_MS;
        let back = self.host.replace(host) - host;
        if back > 0.0 {
            self.ahead.set(self.ahead.get() + back);
        }
    }

    /// Takes an alarm for `at` as proof that the instant has come, also if the host's clock stands still, and returns whether it has.
    pub fn rang(&self, at: f64) -> bool {
        let missing = at - self.now();
        if missing > EARLY_MS {
            self.ahead.set(self.ahead.get() + missing);
        }
        missing <= 0.0 || missing > EARLY_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_goes_on_when_the_hosts_clock_is_set_back() {
        let clock = Clock::default();
        clock.set(1000.0);
        clock.set(0.0);
        assert_eq!(clock.now(), 1000.0);
        clock.set(50.0);
        assert_eq!(clock.now(), 1050.0);
    }

    #[test]
    fn clock_shows_an_instant_plus_a_duration_when_so_much_has_passed() {
        let hour = 3_600_000.0;
        for thousandth in 0..1000 {
            let clock = Clock::default();
            clock.set(6543.0 + f64::from(thousandth) / 1000.0);
            clock.set(0.0);
            let start = clock.now();
            clock.set(hour);
            assert_eq!(clock.now(), start + hour);
            clock.set(2.0 * hour);
            assert_eq!(clock.now(), start + hour + hour);
        }
    }

    #[test]
    fn clock_takes_an_alarm_as_proof_unless_it_rang_a_little_early() {
        let clock = Clock::default();
        clock.set(100.0);
        assert!(clock.rang(100.0) && !clock.rang(101.0));
        assert_eq!(clock.now(), 100.0);
        assert!(clock.rang(5000.0));
        assert_eq!(clock.now(), 5000.0);
    }
}
