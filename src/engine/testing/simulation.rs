//! The simulations: every property over ten thousand seeds of each subject.

use std::collections::BTreeMap;

use super::application::Task;
use super::clock::Instant;
use super::host::{Due, VirtualHost, key_of};
use super::properties::{Property, Violation};
use super::random::Random;
use super::scenario::{Scenario, Subject};

/// So many seeds are simulated for each subject, unless `SIM_SEEDS` says otherwise.
const SEEDS: u64 = 10_000;

#[test]
fn simulation_sessions() {
    simulate(Subject::Sessions, "simulation_sessions");
}

#[test]
fn simulation_rows() {
    simulate(Subject::Rows, "simulation_rows");
}

#[test]
fn simulation_rate_limit() {
    simulate(Subject::RateLimit, "simulation_rate_limit");
}

/// Simulates every seed, or the one that `SIM_SEED` names, and fails with a sentence for each property that did not hold.
fn simulate(subject: Subject, test: &str) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("SIM_SEED") {
        let violations = run(subject, seed, true);
        assert!(violations.is_empty(), "{}", violations[0]);
        return;
    }
    let seeds = number("SIM_SEEDS").unwrap_or(SEEDS);
    let mut failed: BTreeMap<Property, (u64, u64, String)> = BTreeMap::new();
    for seed in 0..seeds {
        for violation in run(subject, seed, false).into_iter().take(1) {
            let entry = failed.entry(violation.property).or_insert((seed, 0, violation.what));
            entry.1 += 1;
        }
    }
    let sentences: Vec<String> = failed
        .into_iter()
        .map(|(property, (seed, count, what))| {
            format!(
                "{property:?} fails with {count} of {seeds} seeds, first with seed {seed}, which `SIM_SEED={seed} cargo test {test} -- --nocapture` replays: {what}."
            )
        })
        .collect();
    assert!(sentences.is_empty(), "\n{}", sentences.join("\n"));
}

/// Simulates one seed.
fn run(subject: Subject, seed: u64, prints: bool) -> Vec<Violation> {
    let mut random = Random::new(seed);
    let scenario = Scenario::new(subject, &mut random);
    let mut host = VirtualHost::new(scenario.clone(), random);
    host.prints = prints;
    host.print(|| format!("{scenario:#?}"));
    begin(&mut host);
    host.run();
    if host.watch.violations.is_empty() {
        if subject == Subject::RateLimit {
            check_usage(&mut host);
        }
        host.check_end();
    }
    for process in &mut host.processes {
        process.crash();
    }
    host.watch.violations
}

/// Schedules what the application does.
fn begin(host: &mut VirtualHost) {
    let scenario = host.scenario.clone();
    if let Some((at, session)) = scenario.end {
        host.clock.after(at, Due::End(session));
    }
    if scenario.subject == Subject::Rows {
        let count = host.random.below(20) as usize;
        host.api.add_rows(&mut host.random, count, 1);
    }
    // Rows are added between syncs, and no bank adds any to a listing that is being read.
    let syncs = host.random.permille(400);
    for job in 0..scenario.jobs {
        let random = &mut host.random;
        let (process, client) =
            (random.below(scenario.processes as u64), random.below(scenario.clients as u64));
        let session = random.below(scenario.sessions as u64) as usize;
        let (at, options, task) = match scenario.subject {
            Subject::Sessions => {
                let task = match random.below(20) {
                    0 | 1 => Task::Login { begun: None },
                    2 if job == 0 && random.permille(300) => Task::Revoke,
                    _ => Task::Calls(random.between((2, 6)) as u32),
                };
                let options = random.pick(&["{}", "{}", r#"{"timeoutMs":2000}"#, r#"{"deadlineMs":9000}"#]);
                (random.between((0, 60_000)), options, task)
            }
            Subject::Rows => {
                let task = match (syncs, job) {
                    (false, _) => Task::Listing { rows: Vec::new(), checkpoint: None },
                    (true, 0) => {
                        let rounds = random.between((1, 4)) as u32;
                        Task::Sync { database: BTreeMap::new(), checkpoint: None, rounds }
                    }
                    (true, _) => Task::Calls(4),
                };
                // A sync begins again after a failure, so it has to fit into one call.
                let limits: [&str; 3] = ["{}", r#"{"timeoutMs":2000}"#, r#"{"deadlineMs":5000}"#];
                (0, random.pick(if syncs { &limits[..1] } else { &limits }), task)
            }
            Subject::RateLimit => {
                let options = random.pick(&[
                    r#"{"deadlineMs":3600000,"priority":"background"}"#,
                    r#"{"deadlineMs":3600000,"timeoutMs":2000}"#,
                ]);
                (random.between((0, 3)), options, Task::Read)
            }
        };
        host.add_job(at, process as usize, client as usize, &key_of(session), task, options);
    }
    if scenario.subject == Subject::Sessions && host.random.permille(100) {
        let at = host.random.below(60_000);
        host.clock.after(at, Due::Close(0, 1, 0));
    }
}

/// Checks that nine tenths of the limit were used, if nothing disturbed that.
fn check_usage(host: &mut VirtualHost) {
    let (Some((per_minute, per_10_seconds)), true) = (host.scenario.api.limits, host.scenario.is_calm())
    else {
        return;
    };
    let arrivals: &[Instant] = &host.api.arrivals;
    let (Some(first), Some(last)) = (arrivals.first(), arrivals.last()) else { return };
    let mut ideal: Vec<Instant> = Vec::new();
    for call in 0..arrivals.len() {
        let after = |limit: usize, ms| call.checked_sub(limit).map_or(0, |earlier| ideal[earlier] + ms);
        ideal.push(after(per_minute, 60_000).max(after(per_10_seconds, 10_000)));
    }
    let (needed, took) = (ideal[arrivals.len() - 1], last - first);
    if needed * 10 < took * 9 {
        let what = format!("{} requests took {took} ms where {needed} ms would do", arrivals.len());
        host.watch.violate(Property::LimitIsUsed, what);
    }
}
