//! The scenarios whose transcripts are in `etc/transcripts/`, written by `npm run renew:transcripts`.

use super::application::Task;
use super::host::{Due, VirtualHost};
use super::network::{Fate, Ways};
use super::random::Random;
use super::scenario::{Scenario, Subject};
use super::store;
use super::transcript::Transcript;
use crate::engine::Operation;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/etc/transcripts");

/// Returns the transcript of a scenario, which `prepare` fills with jobs.
fn record(scenario: Scenario, prepare: impl FnOnce(&mut VirtualHost)) -> String {
    let mut host = VirtualHost::new(scenario, Random::new(1));
    host.transcript = Some(Transcript::default());
    prepare(&mut host);
    host.run();
    host.transcript.take().unwrap_or_default().text()
}

/// Has the exchanges end so, one after the other; the others are answered.
fn fates(host: &mut VirtualHost, mut fates: Vec<Fate>) {
    fates.reverse();
    host.scripted_network = Some(Box::new(move |_, _| {
        Some((fates.pop().unwrap_or(Fate::Answered), Ways { there: 10, back: 10, body: 1 }))
    }));
}

fn refresh(key: &str) -> Operation {
    Operation::Refresh { key: key.into() }
}

fn plain() -> Scenario {
    Scenario::plain(Subject::Sessions)
}

fn transcripts() -> Vec<(&'static str, String)> {
    let leases = || {
        let mut scenario = plain();
        scenario.store.locks = false;
        scenario
    };
    vec![
        (
            "login",
            record(plain(), |host| {
                host.add_job(0, 0, 0, "k0", Task::Login { begun: None }, "{}");
                host.add_job(60_000, 0, 0, "k0", Task::Read, "{}");
                host.add_job(61_000, 0, 0, "k0", Task::Revoke, "{}");
            }),
        ),
        (
            "pages",
            record(Scenario::plain(Subject::Rows), |host| {
                host.api.add_rows(&mut Random::new(2), 25, 5);
                let listing = Task::Listing { rows: Vec::new(), checkpoint: None };
                host.add_job(0, 0, 0, "k0", listing, "{}");
            }),
        ),
        (
            "sync",
            record(Scenario::plain(Subject::Rows), |host| {
                host.api.add_rows(&mut Random::new(2), 5, 5);
                let sync = Task::Sync { database: Default::default(), checkpoint: None, rounds: 1 };
                host.add_job(0, 0, 0, "k0", sync, "{}");
            }),
        ),
        (
            "retries",
            record(plain(), |host| {
                fates(host, vec![Fate::ResetBefore, Fate::Gateway(502), Fate::Answered, Fate::Cut]);
                host.add_job(0, 0, 0, "k0", Task::Read, "{}");
                host.add_job(20_000, 0, 0, "k0", Task::Read, "{}");
            }),
        ),
        (
            "refresh-by-lock",
            record(plain(), |host| {
                host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
                host.add_job(1_000, 0, 0, "k0", Task::Read, "{}");
            }),
        ),
        (
            "refresh-by-lease",
            record(leases(), |host| {
                host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
                host.add_job(1_000, 0, 0, "k0", Task::Read, "{}");
            }),
        ),
        (
            "refused-token",
            record(
                {
                    let mut scenario = plain();
                    scenario.authorization_server.lifetime = 15_000;
                    scenario.authorization_server.tells_lifetime = false;
                    scenario
                },
                |host| {
                    host.add_job(17_000, 0, 0, "k0", Task::Read, "{}");
                },
            ),
        ),
        (
            "store-fails",
            record(leases(), |host| {
                let mut swaps = 0;
                host.scripted_store = Some(Box::new(move |operation, _| {
                    let writes =
                        matches!(operation, store::Operation::Swap { key, .. } if key == "session:k0");
                    swaps += u32::from(writes);
                    (writes && swaps <= 4).then_some(store::Fate::FailsBefore)
                }));
                host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
            }),
        ),
        (
            "cancelled",
            record(plain(), |host| {
                fates(host, vec![Fate::Lost]);
                host.add_job(0, 0, 0, "k0", Task::Read, "{}");
                host.clock.after(200, Due::Abort(0, 1, 1));
                host.add_job(1_000, 0, 0, "k0", Task::Read, "{}");
            }),
        ),
        (
            "time-limits",
            record(plain(), |host| {
                fates(host, vec![Fate::Lost, Fate::Lost, Fate::Lost, Fate::Lost]);
                host.add_job(0, 0, 0, "k0", Task::Read, r#"{"deadlineMs":700}"#);
                host.add_job(5_000, 0, 0, "k0", Task::Read, r#"{"timeoutMs":400}"#);
            }),
        ),
        (
            "shared-rate-limit",
            record(
                {
                    let mut scenario = Scenario::plain(Subject::RateLimit);
                    scenario.client_options = r#","rateLimit":{"perMinute":4,"per10Seconds":2}"#.into();
                    scenario.shares_limit = true;
                    scenario
                },
                |host| {
                    for _ in 0..3 {
                        host.add_job(0, 0, 0, "k0", Task::Read, "{}");
                    }
                },
            ),
        ),
    ]
}

#[test]
fn transcripts_are_those_of_the_engine() {
    for (name, text) in transcripts() {
        assert!(text.lines().count() > 5, "{name}");
        let path = format!("{FOLDER}/{name}.json");
        if std::env::var_os("RENEW").is_some() {
            std::fs::create_dir_all(FOLDER).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(current == text, "{path} is not what the engine does: npm run renew:transcripts");
    }
}
