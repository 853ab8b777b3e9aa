//! The checks of a [`VirtualHost`]: while things happen, and at the end.

use super::api_server::Row;
use super::application::Task;
use super::authorization_server::{ISSUER, MARK};
use super::host::{Call, VirtualHost, key_of};
use super::message::Request;
use super::process::CLIENT_SECRET;
use super::properties::{Ending, Property};
use super::store::Operation;
use crate::engine::effect::Effect;
use crate::engine::event::{Answer, Event};
use crate::error::Error;
use crate::json::{self, Value};

/// By how much two instants of different processes may be wrong.
const TOLERANCE: u64 = 2_000;
/// So long before it begins, what disturbs a process still disturbs a refresh: a lease lasts for that time.
const LEASE: u64 = 12_500;

impl VirtualHost {
    /// Notes what arrives at a process.
    pub fn note_arrival(&mut self, process: usize, life: u32, event: &Event) {
        self.note_exchange(process, life, event);
    }

    /// Checks an effect.
    pub fn note_effect(&mut self, process: usize, effect: &Effect) {
        match effect {
            Effect::Emit { event, client } => {
                self.check_text("an event", &event.clone());
                self.check_forgotten(process, *client);
            }
            Effect::Settle { result: Err(error), .. } => self.check_text("an error", &error.to_json()),
            Effect::Send { client, .. }
            | Effect::StoreGet { client, .. }
            | Effect::StoreSwap { client, .. }
            | Effect::Lock { client, .. }
            | Effect::Acquire { client, .. }
            | Effect::Release { client, .. } => self.check_forgotten(process, *client),
            _ => {}
        }
    }

    fn check_forgotten(&mut self, process: usize, client: u32) {
        if self.processes[process].forgotten.contains(&client) {
            self.watch.violate(Property::NothingIsLeft, "an effect names a client that was forgotten".into());
        }
    }

    /// Checks that a text shows no secret.
    fn check_text(&mut self, what: &str, text: &str) {
        let basic = crate::http::basic("demo", CLIENT_SECRET);
        let mut verifiers = self.watch.verifiers.iter();
        if text.contains(MARK)
            || text.contains(basic.trim_start_matches("Basic "))
            || verifiers.any(|verifier| text.contains(verifier))
        {
            self.watch.violate(Property::NoSecretShows, format!("{what} shows a secret: {text}"));
        }
    }

    /// Checks that each secret goes to its own server.
    pub fn check_secrets_of_request(&mut self, request: &Request, to_api: bool) {
        let url = request.url.clone();
        self.check_text("a URL", &url);
        let authorization = request.header("authorization").unwrap_or_default();
        let is_right = if to_api {
            authorization.starts_with(&format!("Bearer {MARK}access")) && request.body.is_empty()
        } else {
            let is_metadata = request.method == "GET" && authorization.is_empty();
            url.starts_with(&[ISSUER, "/"].concat()) && (is_metadata || authorization.starts_with("Basic "))
        };
        if !is_right {
            let what = format!("a credential is sent to the wrong server: {url}");
            self.watch.violate(Property::NoSecretShows, what);
        }
    }

    /// Checks a refresh before it is sent.
    pub fn check_refresh(&mut self, process: (usize, u32), token: &str) {
        let now = self.clock.now();
        let others = self.watch.uses.iter().filter(|used| used.token == token && used.ended.is_none());
        let others: Vec<_> = others.cloned().collect();
        for other in others {
            let holder = &self.processes[other.process.0];
            let disturbed = holder.life != other.process.1
                || holder.stood_still(other.sent_at.saturating_sub(LEASE), now)
                || holder.had_trouble(other.sent_at.saturating_sub(LEASE), now, true);
            if !disturbed {
                let what = format!(
                    "process {} sends a refresh token at {now} ms that process {} sent at {} ms",
                    process.0, other.process.0, other.sent_at
                );
                self.watch.violate(Property::OneRefreshAtATime, what);
            }
        }
        let rotates = self.scenario.authorization_server.rotates;
        if rotates && let Some(what) = self.watch.is_too_early(token, now, TOLERANCE) {
            let disturbed =
                self.processes.iter().any(|p| p.stood_still(0, now) || p.had_trouble(0, now, false));
            if !disturbed {
                self.watch.violate(Property::RepetitionsPause, what);
            }
        }
    }

    /// Checks that a grant may end because a refresh token of it was used twice.
    pub fn note_reuse(&mut self, set: usize) {
        let token = self.authorization_server.sets[set].refresh.clone();
        let now = self.clock.now();
        let uses: Vec<_> = self.watch.uses.iter().filter(|used| used.token == token).cloned().collect();
        let lost: Vec<_> = uses
            .iter()
            .filter(|used| {
                !matches!(used.ended, Some((_, Ending::NotSent | Ending::Refused | Ending::Tokens)))
            })
            .collect();
        let first = uses.first().map_or(0, |used| used.sent_at);
        // Nothing but a grace window saves a session whose tokens were lost, and only if the loss is noticed soon.
        let could_be_repeated = self.scenario.authorization_server.grace >= 10_000
            && uses.len() == 2
            && lost.first().is_some_and(
                |used| matches!(used.ended, Some((at, Ending::Unknown)) if at <= used.sent_at + 3_000),
            );
        let disturbed = self.processes.iter().enumerate().any(|(number, process)| {
            let used = uses.iter().any(|used| used.process.0 == number);
            let is_down = process.engine.is_none();
            let crashed = uses
                .iter()
                .any(|used| used.process.0 == number && (is_down || used.process.1 != process.life));
            used && (crashed
                || process.stood_still(first.saturating_sub(LEASE), now)
                || process.had_trouble(first.saturating_sub(LEASE), now, false))
        });
        // The last of them is the use that the server refuses now.
        let nothing_lost = lost.len() <= 1;
        if !disturbed && (nothing_lost || could_be_repeated) {
            let what = format!("a refresh token is used again at {now} ms: {uses:?}");
            self.watch.violate(Property::SessionsLive, what);
        }
    }

    /// Checks that the tokens of a request are in the store, unless that failed.
    pub fn check_stored(&mut self, process: usize, request: &Request) {
        let access = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let Some(set) = access.and_then(|access| self.authorization_server.by_access(access)) else { return };
        // The first tokens are there from the start.
        if set < self.scenario.sessions || self.watch.stored.contains(&set) {
            return;
        }
        let now = self.clock.now();
        if !self.processes[process].had_trouble(now.saturating_sub(600_000), now, false) {
            let what = format!("process {process} uses token set {set} before it is stored");
            self.watch.violate(Property::TokensAreKept, what);
        }
    }

    /// Notes an operation of the store.
    pub fn note_operation(&mut self, operation: &Operation, answer: &Answer) {
        if *answer != Answer::Flag(true) {
            return;
        }
        if let Operation::Swap { key, value: Some(value), .. } = operation
            && key.starts_with("session:")
        {
            let access = value.split("\"accessToken\":\"").nth(1).and_then(|rest| rest.split('"').next());
            self.watch.stored.extend(access.and_then(|access| self.authorization_server.by_access(access)));
        }
        if let Operation::Swap { key, value: Some(value), .. } = operation
            && key.starts_with("used:")
        {
            // The mark of a used authorization holds no secret.
            let value = value.clone();
            self.check_text("a mark", &value);
        }
    }

    /// Notes that a process ended.
    pub fn note_crash(&mut self, process: usize, life: u32, now: u64) {
        for used in self.watch.uses.iter_mut().filter(|used| used.process == (process, life)) {
            used.ended.get_or_insert((now, Ending::Crash));
        }
    }

    /// Notes that the API counted more requests than its limit.
    pub fn note_excess(&mut self) {
        let what = format!("the server counts {} requests too many", self.api.excess);
        self.watch.violate(Property::LimitIsKept, what);
    }

    /// Checks the result of a call.
    pub fn note_result(&mut self, call: &Call, result: &Result<String, Error>) {
        let job = &self.jobs[call.job];
        let key = job.key.clone();
        match result {
            Ok(text) if !call.is_begin => self.check_text("a result", &text.clone()),
            Err(error) if error.reauth_required && !matches!(job.task, Task::Login { .. }) => {
                let ended = self.authorization_server.is_over_for(&key);
                // An access token that came late may be over when it is used; the session goes on.
                let refused = &self.watch.refused;
                let request = error.request_id.as_deref().unwrap_or_default();
                let were_over = refused.iter().filter(|(id, _)| id == request).count() >= 2;
                if !ended && !were_over {
                    let what = format!("{} although the server goes on with the session", error.code);
                    self.watch.violate(Property::SessionsLive, what);
                }
            }
            _ => {}
        }
    }

    /// Checks what must hold once nothing is due any more.
    pub fn check_end(&mut self) {
        if let Some((call, process, _)) = self.watch.calls.first() {
            let what = format!("call {call} of process {process} has not ended");
            self.watch.violate(Property::EveryCallEnds, what);
        }
        self.check_leftovers();
        for session in 0..self.scenario.sessions {
            self.check_tokens(&key_of(session));
        }
        self.check_rows();
    }

    fn check_leftovers(&mut self) {
        // Every window of the limit is over by then.
        self.clock.pass(200_000);
        let now = self.clock.now();
        for number in 0..self.processes.len() {
            let process = &self.processes[number];
            let Some(engine) = &process.engine else { continue };
            let mut left = Vec::new();
            if engine.under_way() != (0, 0, 0) {
                left.push(format!("flows, timers and calls: {:?}", engine.under_way()));
            }
            if process.armed {
                left.push("an armed alarm".into());
            }
            let life = process.life;
            if self.exchanges.values().any(|exchange| exchange.process == (number, life)) {
                left.push("an exchange".into());
            }
            if !self.store.locks_of(number, life).is_empty() {
                left.push("a lock".into());
            }
            engine.set_now(process.now(now));
            for client in process.clients.iter().flatten() {
                let state = json::parse(client.rate_limit_state().as_bytes()).unwrap_or(Value::Null);
                if state.get("limit").map(Value::to_json) != state.get("remaining").map(Value::to_json) {
                    left.push(format!("a permit: {}", state.to_json()));
                }
                let events = client.recent_events();
                if events.contains(MARK) {
                    left.push(format!("a secret in {events}"));
                }
            }
            for what in left {
                self.watch.violate(Property::NothingIsLeft, format!("process {number} leaves {what}"));
            }
        }
        let leases: Vec<_> =
            self.store.keys().filter(|key| key.starts_with("lease:")).map(String::from).collect();
        let undisturbed =
            self.scenario.crashes == 0 && self.scenario.stalls == 0 && self.scenario.store.faults == 0;
        if undisturbed && !leases.is_empty() {
            self.watch.violate(Property::NothingIsLeft, format!("{leases:?}"));
        }
        if undisturbed && self.scenario.crashes == 0 && self.limit.under_way(now - 200_000) > 0 {
            self.watch.violate(Property::NothingIsLeft, "a permit of the shared limit".into());
        }
    }

    /// Checks that the store has the newest tokens of a session that reached a process which lives on.
    fn check_tokens(&mut self, key: &str) {
        let server = &self.authorization_server;
        let stored = self.store.value(&["session:", key].concat());
        let access = stored.and_then(|value| json::parse(value.as_bytes()).ok());
        let access = access.as_ref().and_then(|value| value.get("accessToken")).and_then(Value::as_text);
        let stored = access.and_then(|access| server.by_access(access));
        let mut missing = None;
        // When the tokens of a login reached a process; 0 for the grants that are there from the start.
        let reached = |grant| {
            let is_first = |set: usize| server.sets[set].grant == grant && server.sets[set].parent.is_none();
            let mut sets = self.watch.reached.iter().filter(|(set, ..)| is_first(*set));
            sets.next().map_or(0, |(.., at)| *at)
        };
        for (set, process, life, _) in &self.watch.reached {
            let grant = server.sets[*set].grant;
            if server.grants[grant].key != key || self.processes[*process].life != *life {
                continue;
            }
            let is_lost = match stored {
                None => !self.jobs.iter().any(|job| job.key == key && matches!(job.task, Task::Revoke)),
                Some(stored) => {
                    // Of two logins at the same time either may count.
                    let other = server.sets[stored].grant;
                    server.descends(*set, stored)
                        || (other != grant && reached(other) + 3_000 < reached(grant))
                }
            };
            if is_lost {
                missing = Some(format!(
                    "process {process} got token set {set} of {key}, and the store has {stored:?}"
                ));
            }
        }
        if let Some(what) = missing {
            self.watch.violate(Property::TokensAreKept, what);
        }
    }

    fn check_rows(&mut self) {
        let expected = self.api.rows.clone();
        let mut sorted = expected.clone();
        sorted.sort();
        for number in 0..self.jobs.len() {
            let job = &self.jobs[number];
            if !job.done {
                continue;
            }
            let session_over = self.authorization_server.is_over_for(&job.key);
            let wrong = match &job.task {
                Task::Listing { rows, checkpoint: None } if !rows.is_empty() || !session_over => {
                    let mut keys: Vec<&String> = rows.iter().map(|(key, _)| key).collect();
                    keys.sort();
                    keys.dedup();
                    let found: Vec<&Row> = rows.iter().map(|(_, row)| row).collect();
                    (found != expected.iter().collect::<Vec<_>>() || keys.len() < rows.len())
                        .then(|| format!("a listing of {} rows found {rows:?}", expected.len()))
                }
                Task::Sync { database, rounds: 0, .. } => {
                    let mut found: Vec<&Row> = database.values().collect();
                    found.sort();
                    (found != sorted.iter().collect::<Vec<_>>())
                        .then(|| format!("after syncs of {} rows there are {}", sorted.len(), found.len()))
                }
                _ => None,
            };
            if let Some(what) = wrong {
                self.watch.violate(Property::EveryRowOnce, what);
            }
        }
    }
}
