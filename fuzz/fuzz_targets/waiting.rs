//! Any header fields about waiting and limits: no wait is negative or without end, and the limiter lets nobody wait in vain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oakford_aisp::http::limiter::{Limiter, Limits, Next, Priority, QueuedCall, RateHeaders};
use oakford_aisp::http::retry_after;

/// 2026-01-15T09:05:00Z
const NOW: i64 = 1_768_467_900_000;

fuzz_target!(|fields: &str| {
    for line in fields.lines() {
        if let Some(at) = retry_after::parse(line, NOW) {
            assert!(at >= NOW);
        }
        if let Some(wait) = retry_after::wait(line, Some(line), NOW) {
            assert!(wait >= 0.0 && wait.is_finite());
        }
    }
    let get = |name: &str| {
        let line = fields.lines().find(|line| line.split(':').next() == Some(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_string())
    };
    for status in [200, 429, 503] {
        follow(&RateHeaders::read(status, &get, NOW as f64));
    }
});

/// What comes after an answer that told this.
fn follow(told: &RateHeaders) {
    let mut limiter = Limiter::of(Some(Limits::UNKNOWN));
    let call =
        |ticket| QueuedCall { priority: Priority::Interactive, session: 1, ticket, deadline: f64::INFINITY };
    limiter.enqueue(&call(1));
    assert_eq!(limiter.next(0.0), Next::Grant(1));
    limiter.finished(1, 5.0, told);
    limiter.enqueue(&call(2));
    match limiter.next(5.0) {
        Next::Grant(2) => {}
        Next::WaitUntil(at) => assert!(at > 5.0 && at.is_finite() && limiter.next(at) == Next::Grant(2)),
        other => panic!("{other:?}"),
    }
    assert!(limiter.estimate(5.0, Priority::Background, 10) >= 0.0);
    let _ = limiter.state(5.0);
}
