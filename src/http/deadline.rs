//! The one deadline of a call, and how long an attempt may take under it.

/// The instant by which a call has to be over: queueing, refresh, attempts and waits together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deadline {
    at: f64,
}

/// What ends an attempt that gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The longest that one attempt may take.
    Timeout,
    /// The call's deadline.
    Deadline,
}

impl Deadline {
    /// The deadline of a call that begins now and may take `ms` milliseconds.
    pub fn after(now: f64, ms: f64) -> Self {
        Self { at: now + ms }
    }

    /// The instant.
    pub fn at(self) -> f64 {
        self.at
    }

    /// The milliseconds that are left; 0 where it has passed.
    pub fn left(self, now: f64) -> f64 {
        (self.at - now).max(0.0)
    }

    /// Whether something can still be begun at `instant`.
    pub fn allows(self, instant: f64) -> bool {
        instant < self.at
    }

    /// How long an attempt that begins now may take, and what it is that ends it then.
    pub fn attempt(self, now: f64, timeout_ms: f64) -> (f64, Limit) {
        let left = self.left(now);
        if timeout_ms < left { (timeout_ms, Limit::Timeout) } else { (left, Limit::Deadline) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_ends_by_its_timeout_or_by_the_deadline_whichever_is_first() {
        let deadline = Deadline::after(1000.0, 500.0);
        assert_eq!(deadline.attempt(1000.0, 100.0), (100.0, Limit::Timeout));
        assert_eq!(deadline.attempt(1450.0, 100.0), (50.0, Limit::Deadline));
        assert_eq!(deadline.attempt(1600.0, 100.0), (0.0, Limit::Deadline));
    }

    #[test]
    fn nothing_begins_at_the_deadline() {
        let deadline = Deadline::after(0.0, 10.0);
        assert!(deadline.allows(9.0));
        assert!(!deadline.allows(10.0));
        assert_eq!((deadline.left(4.0), deadline.left(11.0)), (6.0, 0.0));
    }
}
