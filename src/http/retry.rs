//! Whether a failed attempt is made again, and when.

use super::{Deadline, Method};

/// The first wait is at most this long, in milliseconds; each further one twice the one before.
const FIRST_WAIT: f64 = 500.0;
/// No wait that is ours to choose is longer.
const LONGEST_WAIT: f64 = 20_000.0;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptResult {
    /// An answer of this status.
    Status(u16),
    /// No answer: no connection, a connection that broke, or the attempt's timeout.
    NoResponse,
}

/// A failed attempt, and what its call has left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// The request's method: nothing but a GET is repeated.
    pub method: Method,
    /// How it ended.
    pub result: AttemptResult,
    /// How many attempts were retries: 0 for the first.
    pub retries: u32,
    /// The most retries that the call may make.
    pub max_retries: u32,
    /// The milliseconds of `Retry-After`, if the response had one.
    pub retry_after: Option<f64>,
    /// The call's deadline.
    pub deadline: Deadline,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decision {
    /// Try again at this instant, not before.
    RetryAt(f64),
    /// Fail now.
    GiveUp {
        /// When the call may be repeated, if the server gave a time or the wait does not fit before the deadline.
        retry_at: Option<f64>,
    },
}

impl Attempt {
    /// Decides, and pays for a retry from the client's budget. `random` is a new number from 0 up to 1 for each decision.
    pub fn decide(&self, now: f64, random: f64, budget: &mut Budget) -> Decision {
        let retry_at = self.retry_after.map(|wait| now + wait.max(0.0));
        if !self.result.is_transient() || self.method != Method::Get || self.retries >= self.max_retries {
            return Decision::GiveUp { retry_at };
        }
        let at = retry_at.unwrap_or(now).max(now + backoff(self.retries, random));
        if !self.deadline.allows(at) {
            return Decision::GiveUp { retry_at: Some(at) };
        }
        if budget.pay() { Decision::RetryAt(at) } else { Decision::GiveUp { retry_at } }
    }
}

impl AttemptResult {
    /// Whether the same request may succeed a little later.
    pub fn is_transient(self) -> bool {
        matches!(self, AttemptResult::NoResponse | AttemptResult::Status(408 | 429 | 500 | 502 | 503 | 504))
    }
}

/// Exponential with full jitter: anything from nothing to the whole of a bound that doubles.
fn backoff(retries: u32, random: f64) -> f64 {
    let bound = FIRST_WAIT * f64::from(1u32 << retries.min(16));
    let random = if (0.0..1.0).contains(&random) { random } else { 1.0 };
    bound.min(LONGEST_WAIT) * random
}

/// What a client's calls together may spend on retries, so that an outage isn't met with a multiple of the usual load.
///
/// A retry costs 5 and a success after a retry gives that back; a success at once gives 1. All is spent after a hundred
/// retries in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    left: u32,
}

impl Budget {
    const FULL: u32 = 500;
    const COST: u32 = 5;

    /// Notes a call that succeeded after so many retries.
    pub fn succeeded(&mut self, retries: u32) {
        let refund = if retries == 0 { 1 } else { Self::COST };
        self.left = (self.left + refund).min(Self::FULL);
    }

    fn pay(&mut self) -> bool {
        let left = self.left.checked_sub(Self::COST);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Self::FULL }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: f64 = 1000.0;

    fn attempt(result: AttemptResult) -> Attempt {
        Attempt {
            method: Method::Get,
            result,
            retries: 0,
            max_retries: 2,
            retry_after: None,
            deadline: Deadline::after(0.0, 120_000.0),
        }
    }

    fn decide(attempt: Attempt) -> Decision {
        attempt.decide(NOW, 0.5, &mut Budget::default())
    }

    #[test]
    fn what_may_pass_is_retried_and_nothing_else() {
        for status in
            (100..600).map(AttemptResult::Status).chain([AttemptResult::NoResponse, AttemptResult::Status(0)])
        {
            let expected = match status {
                AttemptResult::NoResponse | AttemptResult::Status(408 | 429 | 500 | 502 | 503 | 504) => {
                    Decision::RetryAt(NOW + 250.0)
                }
                _ => Decision::GiveUp { retry_at: None },
            };
            assert_eq!(decide(attempt(status)), expected, "{status:?}");
        }
    }

    #[test]
    fn a_post_is_never_sent_twice() {
        let post = Attempt {
            method: Method::Post,
            retry_after: Some(1000.0),
            ..attempt(AttemptResult::Status(503))
        };
        assert_eq!(decide(post), Decision::GiveUp { retry_at: Some(NOW + 1000.0) });
    }

    #[test]
    fn the_last_retry_is_the_last_and_hands_on_what_the_server_told() {
        let last = Attempt { retries: 2, ..attempt(AttemptResult::NoResponse) };
        assert_eq!(decide(last), Decision::GiveUp { retry_at: None });
        let refused = Attempt { retry_after: Some(7000.0), ..last };
        assert_eq!(decide(refused), Decision::GiveUp { retry_at: Some(NOW + 7000.0) });
        let none_allowed = Attempt { max_retries: 0, ..attempt(AttemptResult::NoResponse) };
        assert_eq!(decide(none_allowed), Decision::GiveUp { retry_at: None });
    }

    #[test]
    fn a_wait_that_does_not_fit_fails_at_once_and_says_when_to_come_back() {
        let refused = Attempt { retry_after: Some(119_000.0), ..attempt(AttemptResult::Status(429)) };
        assert_eq!(decide(refused), Decision::GiveUp { retry_at: Some(120_000.0) });
        let fits = Attempt { retry_after: Some(118_999.0), ..refused };
        assert_eq!(decide(fits), Decision::RetryAt(119_999.0));
        let short = Attempt { deadline: Deadline::after(NOW, 100.0), ..attempt(AttemptResult::NoResponse) };
        assert_eq!(decide(short), Decision::GiveUp { retry_at: Some(NOW + 250.0) });
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let longest = |retries| backoff(retries, 0.999_999_9).round();
        assert_eq!([0, 1, 2, 5, 6, 40].map(longest), [500.0, 1000.0, 2000.0, 16_000.0, 20_000.0, 20_000.0]);
        assert_eq!(backoff(0, f64::NAN), 500.0);
    }

    #[test]
    fn the_budget_ends_retries_in_an_outage_and_recovers_with_successes() {
        let mut budget = Budget::default();
        let failing = attempt(AttemptResult::Status(503));
        let made = (0..1000)
            .filter(|_| matches!(failing.decide(NOW, 0.0, &mut budget), Decision::RetryAt(_)))
            .count();
        assert_eq!(made, 100);
        (0..4).for_each(|_| budget.succeeded(0));
        assert_eq!(failing.decide(NOW, 0.0, &mut budget), Decision::GiveUp { retry_at: None });
        budget.succeeded(0);
        assert_eq!(failing.decide(NOW, 0.0, &mut budget), Decision::RetryAt(NOW));
        budget.succeeded(1);
        assert_eq!(budget.left, 5);
    }

    #[test]
    fn a_retry_that_is_not_made_costs_nothing() {
        let mut budget = Budget::default();
        let late = Attempt { deadline: Deadline::after(NOW, 0.0), ..attempt(AttemptResult::NoResponse) };
        late.decide(NOW, 0.0, &mut budget);
        attempt(AttemptResult::Status(404)).decide(NOW, 0.0, &mut budget);
        assert_eq!(budget, Budget::default());
    }

    proptest! {
        #[test]
        fn no_retry_is_earlier_than_told_or_later_than_the_deadline(
            wait in 0.0f64..200_000.0, random in 0.0f64..1.0, retries in 0u32..10,
        ) {
            let attempt = Attempt {
                retries, max_retries: 10, retry_after: Some(wait), ..attempt(AttemptResult::Status(429))
            };
            match attempt.decide(NOW, random, &mut Budget::default()) {
                Decision::RetryAt(at) => prop_assert!(at >= NOW + wait && at < 120_000.0),
                Decision::GiveUp { retry_at } => prop_assert!(retry_at.unwrap() >= 120_000.0),
            }
        }
    }
}
