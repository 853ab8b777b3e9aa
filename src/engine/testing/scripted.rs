//! Schedules that a test writes, in place of a seed.

use super::application::Task;
use super::clock::Instant;
use super::host::{Due, VirtualHost};
use super::network::{Fate, Ways};
use super::random::Random;
use super::scenario::{Scenario, Subject};
use super::store;
use crate::engine::effect::Effect;
use crate::engine::event::{Event, Now};
use crate::engine::{Engine, Operation};
use crate::error::Kind;

fn host(scenario: Scenario) -> VirtualHost {
    VirtualHost::new(scenario, Random::new(1))
}

fn plain() -> Scenario {
    Scenario::plain(Subject::Sessions)
}

fn refresh(key: &str) -> Operation {
    Operation::Refresh { key: key.into() }
}

/// Runs a host to its end, checks all properties, and returns the codes of the calls that failed.
fn run(host: &mut VirtualHost) -> Vec<String> {
    host.run();
    host.check_end();
    assert_eq!(host.watch.violations, []);
    host.results
        .iter()
        .filter_map(|(_, result)| result.as_ref().err())
        .map(|error| error.code.clone())
        .collect()
}

/// Returns when the requests to a path were sent.
fn times(host: &VirtualHost, path: &str) -> Vec<Instant> {
    host.sent.iter().filter(|(_, request)| request.url.ends_with(path)).map(|(at, _)| *at).collect()
}

/// Returns the access tokens of the requests to the API.
fn bearers(host: &VirtualHost) -> Vec<&str> {
    let requests = host.sent.iter().map(|(_, request)| request);
    requests.filter_map(|request| request.header("authorization")?.strip_prefix("Bearer ")).collect()
}

/// Has requests to the token endpoint end so, one after the other; the others are answered.
fn token_fates(host: &mut VirtualHost, mut fates: Vec<(Fate, u64)>) {
    fates.reverse();
    host.scripted_network = Some(Box::new(move |request, _| {
        let (fate, back) = fates.pop_if(|_| request.url.ends_with("/token"))?;
        Some((fate, Ways { there: 10, back, body: 1 }))
    }));
}

/// Two processes that refresh over a store without locks, which extends the first lease before the token is sent so much later.
fn lease_is_extended_late(ms: u64) -> VirtualHost {
    let mut scenario = plain();
    scenario.store.locks = false;
    scenario.processes = 2;
    let mut host = host(scenario);
    let mut swaps = 0;
    host.scripted_store = Some(Box::new(move |operation, _| {
        let is_lease = matches!(operation, store::Operation::Swap { key, .. } if key.starts_with("lease:"));
        swaps += u32::from(is_lease);
        // The first one takes the lease.
        (is_lease && swaps == 2).then_some(store::Fate::Late(ms))
    }));
    token_fates(&mut host, vec![(Fate::Answered, 5_000), (Fate::Answered, 5_000)]);
    host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(1_000, 1, 0, "k0", Task::Scripted(refresh), "{}");
    host
}

#[test]
fn lease_is_extended_from_now_when_the_store_was_slow_to_refuse_an_extension() {
    let mut host = lease_is_extended_late(13_000);
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(times(&host, "/token").len(), 1);
}

#[test]
fn lease_is_not_held_when_the_process_stood_still_while_the_store_extended_it() {
    let mut host = lease_is_extended_late(1_000);
    host.clock.after(500, Due::Stall(0, 12_300));
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(times(&host, "/token").len(), 1);
}

#[test]
fn login_a_write_that_is_repeated_leaves_tokens_that_were_renewed_meanwhile() {
    let mut scenario = plain();
    scenario.processes = 2;
    let mut host = host(scenario);
    let mut swaps = 0;
    host.scripted_store = Some(Box::new(move |operation, _| match operation {
        // The write of the login reaches the store, which says that it failed; the repetition reads late.
        store::Operation::Swap { key, .. } if key == "session:k0" => {
            swaps += 1;
            (swaps == 1).then_some(store::Fate::FailsAfter)
        }
        store::Operation::Get { key } if key == "session:k0" && swaps == 1 => {
            swaps += 1;
            Some(store::Fate::Late(15_000))
        }
        _ => None,
    }));
    host.add_job(0, 0, 0, "k0", Task::Login { begun: None }, "{}");
    host.add_job(10_000, 1, 0, "k0", Task::Scripted(refresh), "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(times(&host, "/token").len(), 2);
}

#[test]
fn replay_has_new_tokens_when_the_refresh_that_it_joins_brought_the_refused_ones() {
    let mut scenario = plain();
    scenario.store.locks = false;
    scenario.authorization_server.lifetime = 15_000;
    scenario.authorization_server.tells_lifetime = false;
    let mut host = host(scenario);
    let mut given_back = false;
    // The lease is not given back for 20 s, in which the refresh is under way.
    host.scripted_store = Some(Box::new(move |operation, _| {
        let gives_back = matches!(operation, store::Operation::Swap { value: None, .. });
        (gives_back && !core::mem::replace(&mut given_back, true)).then_some(store::Fate::Lost)
    }));
    host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(17_000, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(times(&host, "/token").len(), 2);
    assert_eq!(times(&host, "/balances").len(), 2);
}

#[test]
fn login_keeps_its_tokens_when_the_call_ends_by_its_deadline_while_the_store_is_slow() {
    let mut host = host(plain());
    let mut gets = 0;
    host.scripted_store = Some(Box::new(move |operation, _| {
        gets += u32::from(matches!(operation, store::Operation::Get { key } if key == "session:k0"));
        // The store is read before the code is sent, and again before the tokens are written.
        (gets == 2).then_some(store::Fate::Late(3_000))
    }));
    let job = host.add_job(0, 0, 0, "k0", Task::Login { begun: None }, r#"{"deadlineMs":2000}"#);
    host.jobs[job].failures = 3;
    assert_eq!(run(&mut host), ["deadline_exceeded"]);
    assert!(host.store.value("session:k0").is_some_and(|value| value.contains("access1x")));
}

#[test]
fn refresh_fifty_calls_with_a_token_that_is_known_to_be_over_lead_to_one_refresh_and_no_401() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 4_000;
    let mut host = host(scenario);
    for _ in 0..50 {
        host.add_job(4_100, 0, 0, "k0", Task::Read, "{}");
    }
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!((times(&host, "/token").len(), times(&host, "/balances").len()), (1, 50));
    assert_eq!(host.watch.refused, []);
}

/// Rule: `single-refresh`.
#[test]
fn refresh_fifty_calls_with_a_token_that_the_server_ended_lead_to_one_refresh_and_one_replay_each() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 4_000;
    scenario.authorization_server.tells_lifetime = false;
    let mut host = host(scenario);
    for _ in 0..50 {
        host.add_job(4_100, 0, 0, "k0", Task::Read, "{}");
    }
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!((times(&host, "/token").len(), times(&host, "/balances").len()), (1, 100));
    assert_eq!(host.watch.refused.len(), 50);
}

/// Rule: `single-refresh`.
#[test]
fn refresh_clients_that_share_a_store_lead_to_one_refresh_with_its_lock_and_with_a_lease() {
    for locks in [true, false] {
        let mut scenario = plain();
        scenario.store.locks = locks;
        (scenario.processes, scenario.clients) = (2, 5);
        scenario.authorization_server.lifetime = 4_000;
        let mut host = host(scenario);
        for job in 0..50 {
            host.add_job(4_100, job % 2, job / 2 % 5, "k0", Task::Read, "{}");
        }
        assert_eq!(run(&mut host), [] as [&str; 0]);
        assert_eq!((times(&host, "/token").len(), times(&host, "/balances").len()), (1, 50), "{locks}");
    }
}

/// Rule: `read-before-refresh`.
#[test]
fn refresh_tokens_that_another_process_stored_are_used_and_not_renewed() {
    let mut scenario = plain();
    scenario.processes = 2;
    let mut host = host(scenario);
    host.add_job(0, 0, 0, "k0", Task::Read, "{}");
    host.add_job(1_000, 1, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(2_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(3_000, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(times(&host, "/token").len(), 1);
    assert_eq!(bearers(&host), ["S3CRaccess0x", "S3CRaccess1x"]);
}

#[test]
fn refresh_a_401_leads_to_one_refresh_and_one_replay_when_the_api_refuses_every_token() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 0;
    scenario.authorization_server.tells_lifetime = false;
    let mut host = host(scenario);
    host.add_job(0, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), ["invalid_token"]);
    assert_eq!((times(&host, "/token").len(), times(&host, "/balances").len()), (1, 2));
}

#[test]
fn session_that_another_process_replaced_or_revoked_is_seen_at_the_next_client_session() {
    let restore = |key: &str| Operation::Restore { key: key.into() };
    let mut scenario = plain();
    scenario.processes = 2;
    let mut host = host(scenario);
    host.add_job(0, 0, 0, "k0", Task::Scripted(restore), "{}");
    host.add_job(100, 1, 0, "k0", Task::Login { begun: None }, "{}");
    host.add_job(20_000, 0, 0, "k0", Task::Scripted(restore), "{}");
    host.add_job(21_000, 0, 0, "k0", Task::Read, "{}");
    host.add_job(30_000, 1, 0, "k0", Task::Revoke, "{}");
    let last = host.add_job(40_000, 0, 0, "k0", Task::Scripted(restore), "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(bearers(&host), ["S3CRaccess1x"]);
    assert_eq!(host.results.last(), Some(&(last, Ok(String::new()))));
}

#[test]
fn refresh_a_token_is_renewed_a_little_before_its_end_so_that_no_call_meets_a_401() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 5_000;
    let mut host = host(scenario);
    for at in [3_900, 4_600] {
        host.add_job(at, 0, 0, "k0", Task::Read, "{}");
    }
    assert_eq!(run(&mut host), [] as [&str; 0]);
    // Nothing is renewed in the first four fifths of the lifetime, and what is due is renewed after nine tenths of it.
    let [renewed] = times(&host, "/token")[..] else { panic!("one refresh") };
    assert!((4_600..4_700).contains(&renewed));
    assert_eq!((times(&host, "/balances").len(), host.watch.refused.len()), (2, 0));
}

#[test]
fn refresh_an_early_one_that_fails_costs_nothing_while_the_access_token_works() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 20_000;
    let mut host = host(scenario);
    token_fates(&mut host, vec![(Fate::Gateway(429), 10)]);
    for at in [18_100, 18_100, 18_100, 18_100, 18_100, 19_900, 20_100] {
        host.add_job(at, 0, 0, "k0", Task::Read, "{}");
    }
    assert_eq!(run(&mut host), [] as [&str; 0]);
    let refreshes: Vec<_> =
        host.events.iter().filter(|event| event.contains(r#""type":"refresh""#)).collect();
    let failed: Vec<_> = refreshes.iter().map(|event| event.contains(r#""error":"http_429""#)).collect();
    assert_eq!(failed, [true, false]);
    assert_eq!((times(&host, "/token").len(), times(&host, "/balances").len()), (2, 7));
}

#[test]
fn refresh_goes_on_when_its_callers_give_up_by_abort_deadline_or_time_out() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 4_000;
    let mut host = host(scenario);
    token_fates(&mut host, vec![(Fate::Answered, 1_500)]);
    for options in ["{}", r#"{"deadlineMs":200}"#, r#"{"timeoutMs":400}"#] {
        host.add_job(5_000, 0, 0, "k0", Task::Read, options);
    }
    host.clock.after(5_100, Due::Abort(0, 1, 1));
    host.add_job(7_000, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), ["aborted", "deadline_exceeded", "timeout"]);
    assert_eq!((times(&host, "/token").len(), times(&host, "/balances").len()), (1, 1));
}

/// Rule: `pending-write`.
#[test]
fn tokens_that_the_store_rejects_are_used_from_memory_and_written_later() {
    let mut scenario = plain();
    scenario.processes = 2;
    let mut host = host(scenario);
    // The call makes three attempts, and the first one behind the call fails too.
    let mut swaps = 0;
    host.scripted_store = Some(Box::new(move |operation, _| {
        let writes = matches!(operation, store::Operation::Swap { key, .. } if key == "session:k0");
        swaps += u32::from(writes);
        (writes && swaps <= 4).then_some(store::Fate::FailsBefore)
    }));
    host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(700, 0, 0, "k0", Task::Read, "{}");
    host.add_job(10_000, 1, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), ["tokens_not_stored"]);
    assert_eq!(bearers(&host), ["S3CRaccess1x", "S3CRaccess1x"]);
    assert_eq!(times(&host, "/token").len(), 1);
}

/// Rule: `pending-write`.
#[test]
fn tokens_that_the_store_rejects_are_renewed_when_they_end_before_it_accepts_them() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 20_000;
    let mut host = host(scenario);
    host.scripted_store = Some(Box::new(|operation, now| {
        let writes = matches!(operation, store::Operation::Swap { key, .. } if key == "session:k0");
        (writes && now < 25_000).then_some(store::Fate::FailsBefore)
    }));
    host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(22_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(23_000, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), ["tokens_not_stored"; 2]);
    assert_eq!(bearers(&host), ["S3CRaccess2x"]);
    assert!(host.store.value("session:k0").is_some_and(|value| value.contains("access2x")));
}

/// Rule: `pending-write`.
#[test]
fn login_tokens_that_the_store_rejects_are_used_from_memory_and_written_later() {
    let mut host = host(plain());
    host.scripted_store = Some(Box::new(|operation, now| {
        let writes = matches!(operation, store::Operation::Swap { key, .. } if key == "session:k0");
        (writes && now < 12_000).then_some(store::Fate::FailsBefore)
    }));
    let job = host.add_job(0, 0, 0, "k0", Task::Login { begun: None }, "{}");
    host.jobs[job].failures = 3;
    host.add_job(10_000, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), ["tokens_not_stored"]);
    assert_eq!(bearers(&host), ["S3CRaccess1x"]);
    assert!(host.store.value("session:k0").is_some_and(|value| value.contains("access1x")));
}

/// Rule: `unknown-outcome`.
#[test]
fn grace_window_saves_a_session_whose_tokens_were_lost_on_their_way() {
    let mut host = host(plain());
    token_fates(&mut host, vec![(Fate::ResetAfter, 10)]);
    host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(10_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    let [first, repeated, next] = times(&host, "/token")[..] else { panic!("three uses") };
    assert!((750..5_000).contains(&(repeated - first)));
    assert!(next >= 10_000);
}

/// Rule: `not-sent`.
#[test]
fn refresh_that_was_not_sent_is_repeated_twice_and_the_session_lives_when_the_server_stays_away() {
    for (refused, failed) in [(2, vec![]), (3, vec!["connection_failed".to_owned()])] {
        let mut host = host(plain());
        token_fates(&mut host, vec![(Fate::Refused, 10); refused]);
        host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
        host.add_job(10_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
        assert_eq!(run(&mut host), failed);
        assert_eq!(times(&host, "/token").len(), 4);
    }
}

/// Rule: `unknown-outcome`.
#[test]
fn refresh_token_without_an_answer_is_repeated_once_and_then_not_while_the_access_token_works() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 600_000;
    let mut host = host(scenario);
    token_fates(&mut host, vec![(Fate::ResetBefore, 10), (Fate::ResetBefore, 10)]);
    for at in [590_000, 591_800, 598_000, 600_100] {
        host.add_job(at, 0, 0, "k0", Task::Read, "{}");
    }
    assert_eq!(run(&mut host), [] as [&str; 0]);
    let [first, repeated, next] = times(&host, "/token")[..] else { panic!("three uses") };
    assert!(repeated < first + 5_000 && next >= 600_000);
}

#[test]
fn refresh_token_of_a_server_that_is_known_not_to_rotate_is_repeated_like_a_request_that_was_not_sent() {
    let mut scenario = plain();
    scenario.authorization_server.rotates = false;
    let mut host = host(scenario);
    let lost = (Fate::ResetAfter, 10);
    token_fates(&mut host, vec![(Fate::Answered, 10), lost, lost, (Fate::Answered, 10)]);
    host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.add_job(10_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(times(&host, "/token").len(), 4);
}

/// Rule: `final-refusal`.
#[test]
fn refusal_of_a_refresh_token_is_final_for_all_processes() {
    let mut scenario = plain();
    scenario.processes = 2;
    scenario.authorization_server.grace = 0;
    let mut host = host(scenario);
    token_fates(&mut host, vec![(Fate::ResetAfter, 10)]);
    for (at, process) in [(0, 0), (10_000, 0), (20_000, 1)] {
        host.add_job(at, process, 0, "k0", Task::Scripted(refresh), "{}");
    }
    assert_eq!(run(&mut host), ["invalid_grant"; 3]);
    assert_eq!(times(&host, "/token").len(), 2);
}

/// Rule: `refresh-outcome`.
#[test]
fn outage_of_the_token_endpoint_ends_no_session() {
    let mut scenario = plain();
    scenario.authorization_server.lifetime = 1_000;
    scenario.authorization_server.grace = 0;
    let mut host = host(scenario);
    host.scripted_network = Some(Box::new(|request, now| {
        let is_away = request.url.ends_with("/token") && now < 600_000;
        is_away.then_some((Fate::Gateway(502), Ways { there: 10, back: 10, body: 1 }))
    }));
    for minute in 0..16 {
        host.add_job(2_000 + 60_000 * minute, 0, 0, "k0", Task::Read, "{}");
    }
    let failed = run(&mut host);
    assert!(failed.iter().all(|code| code == "refresh_outcome_unknown"));
    // The pauses between two uses grow to five minutes.
    assert!((10..16).contains(&failed.len()), "{}", failed.len());
}

/// Rule: `unknown-outcome`.
#[test]
fn grace_window_saves_a_session_when_a_gateway_fails_after_the_server_rotated() {
    for status in [500, 502, 503, 504, 520] {
        let mut host = host(plain());
        token_fates(&mut host, vec![(Fate::GatewayAfter(status), 10)]);
        host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
        host.add_job(40_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
        assert_eq!(run(&mut host), [] as [&str; 0], "{status}");
        let [first, repeated, next] = times(&host, "/token")[..] else { panic!("three uses") };
        assert!((750..5_000).contains(&(repeated - first)) && next >= 40_000, "{status}");
    }
}

/// Rule: `refresh-outcome`.
#[test]
fn refresh_token_is_not_repeated_in_the_grace_window_when_the_server_declined_the_request() {
    for (status, is_declined) in [(400, true), (404, true), (408, true), (429, true), (501, false)] {
        let mut host = host(plain());
        token_fates(&mut host, vec![(Fate::Gateway(status), 10)]);
        let job = host.add_job(0, 0, 0, "k0", Task::Scripted(refresh), "{}");
        host.jobs[job].failures = 3;
        let failed = if is_declined { vec![format!("http_{status}")] } else { vec![] };
        assert_eq!(run(&mut host), failed);
        assert_eq!(times(&host, "/token").len(), if is_declined { 1 } else { 2 }, "{status}");
    }
}

#[test]
fn call_of_a_client_that_is_gone_ends_with_an_error() {
    let engine = Engine::new([1, 2, 3]);
    let operation = refresh("k0");
    let options = "{}".into();
    let event = Event::Call { client: 7, call: 1, operation, options, cancelled: false, signs: true };
    engine.handle(event, Now { wall: 0, monotonic: 0.0 });
    let ends = |effect: &Effect| match effect {
        Effect::Settle { call: 1, result: Err(error) } => Some(error.kind),
        _ => None,
    };
    assert_eq!(engine.take_effects().iter().filter_map(ends).collect::<Vec<_>>(), [Kind::InternalError]);
    assert_eq!(engine.under_way(), (0, 0, 0));
}

#[test]
fn refresh_token_without_an_answer_keeps_its_pauses_over_the_end_of_a_process() {
    let mut scenario = plain();
    scenario.processes = 2;
    scenario.authorization_server.lifetime = 1_000;
    let mut host = host(scenario);
    // The process ends while its repetition is under way.
    token_fates(&mut host, vec![(Fate::ResetBefore, 10), (Fate::Lost, 10), (Fate::Answered, 10)]);
    host.add_job(2_000, 0, 0, "k0", Task::Scripted(refresh), "{}");
    host.clock.after(3_500, Due::Crash(0));
    for at in [4_000, 6_000, 20_000] {
        host.add_job(at, 1, 0, "k0", Task::Read, "{}");
    }
    host.run();
    let [_, repeated, next, ..] = times(&host, "/token")[..] else { panic!("three uses") };
    assert!(repeated < 3_500 && next >= repeated + 5_000, "{:?}", times(&host, "/token"));
}

/// Rule: `store-before-use`.
#[test]
fn login_no_call_uses_its_tokens_before_they_are_stored() {
    let mut host = host(plain());
    host.scripted_store = Some(Box::new(|operation, _| {
        let writes = matches!(operation, store::Operation::Swap { key, .. } if key == "session:k0");
        writes.then_some(store::Fate::Late(15_000))
    }));
    host.add_job(0, 0, 0, "k0", Task::Login { begun: None }, "{}");
    host.add_job(10_000, 0, 0, "k0", Task::Read, "{}");
    host.add_job(30_000, 0, 0, "k0", Task::Read, "{}");
    assert_eq!(run(&mut host), [] as [&str; 0]);
    assert_eq!(bearers(&host), ["S3CRaccess0x", "S3CRaccess1x"]);
}
