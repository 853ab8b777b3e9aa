//! The limiter against a server that counts arrivals, with random traffic.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A call of a simulated client: when it comes, whose it is, how long its way there and back takes, how long it waits.
#[derive(Debug, Clone, Copy)]
struct Plan {
    comes_at: f64,
    priority: Priority,
    session: u32,
    there: f64,
    back: f64,
    patience: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Answered,
    Cancelled,
    TooLate,
}

/// What happened: the arrivals at the server, the grants in their order, the end of every call.
#[derive(Default)]
struct Run {
    arrivals: Vec<f64>,
    granted: Vec<(f64, usize)>,
    ends: BTreeMap<usize, End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Comes(usize),
    Answer(usize),
    GivesUp(usize),
    Wakes,
}

/// Runs the calls to their ends. `respond` makes the response of a server that has seen these arrivals.
fn run(
    limiter: &mut Limiter,
    plans: &[Plan],
    respond: &mut dyn FnMut(&[f64], f64) -> RateHeaders,
) -> Result<Run, TestCaseError> {
    let mut run = Run::default();
    // Events come at whole tenths of a millisecond, so that they can be ordered; always a little late, as timers do.
    let key = |ms: f64| (ms * 10.0).floor() as i64 + 1;
    let mut events: BTreeSet<(i64, Event)> =
        plans.iter().enumerate().map(|(id, plan)| (key(plan.comes_at), Event::Comes(id))).collect();
    let mut answers: BTreeMap<usize, RateHeaders> = BTreeMap::new();
    while let Some((at, event)) = events.pop_first() {
        let now = at as f64 / 10.0;
        match event {
            Event::Comes(id) => {
                let plan = plans[id];
                let deadline = now + plan.patience;
                limiter.enqueue(&QueuedCall {
                    priority: plan.priority,
                    session: plan.session,
                    ticket: id as u32,
                    deadline,
                });
                events.insert((key(deadline), Event::GivesUp(id)));
            }
            Event::Answer(id) => {
                limiter.finished(id as u32, now, &answers.remove(&id).unwrap_or_default());
                prop_assert_eq!(run.ends.insert(id, End::Answered), None);
            }
            Event::GivesUp(id) => {
                if !run.ends.contains_key(&id) && !run.granted.iter().any(|(_, granted)| *granted == id) {
                    limiter.cancel(id as u32, now);
                    run.ends.insert(id, End::Cancelled);
                }
            }
            Event::Wakes => {}
        }
        loop {
            match limiter.next(now) {
                Next::Grant(ticket) => {
                    let id = ticket as usize;
                    prop_assert!(!run.ends.contains_key(&id), "granted after its end");
                    run.granted.push((now, id));
                    let arrival = now + plans[id].there;
                    run.arrivals.push(arrival);
                    run.arrivals.sort_by(f64::total_cmp);
                    answers.insert(id, respond(&run.arrivals, arrival));
                    events.insert((key(arrival + plans[id].back), Event::Answer(id)));
                }
                Next::TooLate { ticket, retry_at } => {
                    let id = ticket as usize;
                    prop_assert!(retry_at >= plans[id].comes_at + plans[id].patience);
                    prop_assert_eq!(run.ends.insert(id, End::TooLate), None);
                }
                Next::WaitUntil(at) => {
                    prop_assert!(at > now);
                    events.insert((key(at), Event::Wakes));
                    break;
                }
                Next::WaitForAnswer | Next::Idle => break,
            }
        }
    }
    Ok(run)
}

fn untold(_: &[f64], _: f64) -> RateHeaders {
    RateHeaders { status: 200, ..RateHeaders::default() }
}

/// The most arrivals in any half-open window of that length.
fn busiest(arrivals: &[f64], ms: f64) -> usize {
    let mut most = 0;
    for (index, first) in arrivals.iter().enumerate() {
        most = most.max(arrivals[index..].partition_point(|at| at - first < ms));
    }
    most
}

fn priority() -> impl Strategy<Value = Priority> {
    prop_oneof![Just(Priority::Interactive), Just(Priority::Background)]
}

fn plan(latest: f64, latency: f64, patience: core::ops::Range<f64>) -> impl Strategy<Value = Plan> {
    let latency = 0.0..latency;
    (0.0..latest, priority(), 0u32..5, latency.clone(), latency, patience).prop_map(
        |(comes_at, priority, session, there, back, patience)| Plan {
            comes_at,
            priority,
            session,
            there,
            back,
            patience,
        },
    )
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    prop_oneof![
        Just(Limits::SANDBOX.windows()),
        Just(Limits::PRODUCTION.windows()),
        proptest::collection::vec((1u32..20, 100.0f64..5000.0), 1..4)
            .prop_map(|list| list.into_iter().map(|(limit, ms)| Window { limit, ms }).collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_servers_count_never_exceeds_a_limit_and_no_ticket_is_lost(
        windows in windows(),
        plans in proptest::collection::vec(plan(30_000.0, 8000.0, 1000.0..200_000.0), 1..300),
    ) {
        let mut limiter = Limiter::new(&windows);
        let run = run(&mut limiter, &plans, &mut untold)?;
        for window in windows {
            prop_assert!(busiest(&run.arrivals, window.ms) <= window.limit as usize);
        }
        prop_assert_eq!(run.ends.len(), plans.len());
        let answered = run.ends.values().filter(|end| **end == End::Answered).count();
        prop_assert_eq!(run.granted.len(), answered);
        prop_assert!(limiter.queue.is_empty());
    }

    #[test]
    fn nine_tenths_of_the_limit_are_used_where_answers_come_within_half_a_second(
        limits in prop_oneof![Just(Limits::SANDBOX), Just(Limits::PRODUCTION)],
        plans in proptest::collection::vec(plan(1.0, 250.0, 1e9..1e9 + 1.0), 600),
    ) {
        let run = run(&mut Limiter::of(Some(limits)), &plans, &mut untold)?;
        // The window that counts in the long run: in production three hundred calls a minute are the most.
        let (limit, ms) = if limits == Limits::SANDBOX { (100.0, 60_000.0) } else { (50.0, 10_000.0) };
        let last = run.arrivals[run.arrivals.len() - 1];
        let most = ((last - run.arrivals[0]) / ms).ceil() * limit;
        prop_assert!(run.arrivals.len() as f64 >= 0.9 * most, "{} of {}", run.arrivals.len(), most);
    }

    #[test]
    fn headers_of_a_server_that_we_alone_use_cost_nothing(
        plans in proptest::collection::vec(plan(1.0, 250.0, 1e9..1e9 + 1.0), 300),
        named in any::<bool>(),
        measured in any::<bool>(),
    ) {
        let limits = Limits::SANDBOX;
        let mut honest = |arrivals: &[f64], now: f64| {
            let readings = limits.windows().into_iter().map(|window| {
                let from = arrivals.partition_point(|at| *at <= now - window.ms);
                let counted = &arrivals[from..arrivals.partition_point(|at| *at <= now)];
                Reading {
                    limit: named.then_some(window.limit),
                    window: measured.then_some(window.ms),
                    remaining: Some(window.limit - counted.len() as u32),
                    resets_in: counted.last().map(|at| ((at + window.ms - now) / 1000.0).ceil() * 1000.0),
                }
            });
            RateHeaders { status: 200, retry_after: None, readings: readings.collect() }
        };
        let with = run(&mut Limiter::of(Some(limits)), &plans, &mut honest)?;
        let without = run(&mut Limiter::of(Some(limits)), &plans, &mut untold)?;
        prop_assert_eq!(with.granted, without.granted);
    }

    #[test]
    fn a_limit_that_is_only_announced_is_exceeded_by_nothing_after_the_first_answer(
        plans in proptest::collection::vec(plan(60_000.0, 100.0, 1e9..1e9 + 1.0), 1..200),
    ) {
        let announced = Window { limit: 5, ms: 10_000.0 };
        let mut server = |arrivals: &[f64], now: f64| {
            let counted = arrivals.iter().filter(|at| **at <= now && **at > now - announced.ms).count();
            RateHeaders { status: 200, retry_after: None, readings: vec![Reading {
                limit: Some(announced.limit),
                window: Some(announced.ms),
                remaining: Some(announced.limit.saturating_sub(counted as u32)),
                resets_in: Some(announced.ms),
            }] }
        };
        let run = run(&mut Limiter::new(&[]), &plans, &mut server)?;
        let first_answer = run.arrivals[0] + 200.0;
        let since = run.arrivals.partition_point(|at| *at <= first_answer + announced.ms);
        prop_assert!(busiest(&run.arrivals[since..], announced.ms) <= announced.limit as usize);
        prop_assert_eq!(run.ends.len(), plans.len());
    }

    #[test]
    fn an_interactive_call_passes_every_background_call_that_came_before(
        background in 1usize..200, interactive in 1usize..9,
    ) {
        let plan = |priority, comes_at| Plan { comes_at, priority, session: 1, there: 20.0, back: 20.0, patience: 1e9 };
        let plans: Vec<_> = (0..background).map(|_| plan(Priority::Background, 0.0))
            .chain((0..interactive).map(|_| plan(Priority::Interactive, 1.0))).collect();
        let run = run(&mut Limiter::of(Some(Limits::SANDBOX)), &plans, &mut untold)?;
        let later: Vec<_> = run.granted.iter().filter(|(at, _)| *at >= 1.0).map(|(_, id)| *id).collect();
        prop_assert!(later[..interactive].iter().all(|id| *id >= background));
        prop_assert_eq!(run.granted.len(), plans.len());
    }

    #[test]
    fn between_two_calls_of_a_waiting_session_every_other_waiting_session_gets_one(
        calls in proptest::collection::vec(1usize..40, 2..6),
    ) {
        let plans: Vec<_> = calls.iter().enumerate().flat_map(|(session, calls)| {
            let session = session as u32;
            let plan = Plan {
                comes_at: 0.0, priority: Priority::Background, session, there: 5.0, back: 5.0, patience: 1e9,
            };
            core::iter::repeat_n(plan, *calls)
        }).collect();
        let mut limiter = Limiter::new(&[Window { limit: 1, ms: 100.0 }]);
        let run = run(&mut limiter, &plans, &mut untold)?;
        let mut served = vec![0usize; calls.len()];
        for (_, id) in run.granted {
            served[plans[id].session as usize] += 1;
            for (session, calls) in calls.iter().enumerate() {
                let most = served.iter().max().copied().unwrap_or(0);
                prop_assert!(served[session] == *calls || served[session] + 2 >= most, "{:?}", served);
            }
        }
    }

    #[test]
    fn refusals_are_never_answered_by_a_call_before_the_time_they_told(
        plans in proptest::collection::vec(plan(20_000.0, 100.0, 1e9..1e9 + 1.0), 10..100),
        wait in 1.0f64..30_000.0,
    ) {
        let mut calls = 0;
        let mut told_at = Vec::new();
        let mut refuse_each_tenth = |_: &[f64], arrival: f64| {
            calls += 1;
            let refused = calls % 10 == 0;
            if refused {
                told_at.push(arrival);
            }
            RateHeaders {
                status: if refused { 429 } else { 200 },
                retry_after: refused.then_some(wait),
                readings: Vec::new(),
            }
        };
        let mut limiter = Limiter::of(Some(Limits::UNKNOWN));
        let run = run(&mut limiter, &plans, &mut refuse_each_tenth)?;
        for refused in told_at {
            // The refusal is read at most 100 ms after it was sent.
            let early = run.granted.iter().filter(|(at, _)| *at > refused + 101.0 && *at < refused + wait);
            prop_assert_eq!(early.count(), 0);
        }
    }
}
