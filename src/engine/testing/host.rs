//! `VirtualHost`: processes with engines, and the world around them, moved by one clock and one generator of choices.

use std::collections::BTreeMap;

use super::api_server::ApiServer;
use super::application::{Job, Keyed, Next, Task};
use super::authorization_server::{AuthorizationServer, End};
use super::clock::{Clock, Instant, START};
use super::message::Request;
use super::network;
use super::process::{Arrival, CLIENT_ID, CLIENT_SECRET, Process};
use super::properties::{Property, Watch};
use super::random::Random;
use super::scenario::{Scenario, Subject};
use super::store::{self, Holder, SharedLimit, Store};
use crate::engine::HostFacts;
use crate::engine::effect::{Effect, Id};
use crate::engine::event::{Answer, Event};

/// What is due at an instant.
#[derive(Debug)]
pub enum Due {
    /// A job makes its next call.
    Call(usize),
    /// The caller of a call aborts it.
    Abort(usize, u32, Id),
    /// The request of an exchange arrives at its server.
    Request(u64),
    /// Something arrives at that life of a process.
    Arrival(usize, u32, Arrival),
    /// An operation arrives at the store.
    Store(StoreRequest),
    /// A process goes on.
    Resume(usize, u32),
    /// A process starts again.
    Start(usize),
    /// A process stands still for so many milliseconds.
    Stall(usize, u64),
    /// A process ends.
    Crash(usize),
    /// A client is closed.
    Close(usize, u32, usize),
    /// The lock of a holder that stands still or ended is given to the next one.
    LockExpires(Holder),
    /// The server ends the session of that number.
    End(usize),
}

/// An operation on its way to the store.
#[derive(Debug)]
pub struct StoreRequest {
    /// The process that asked, and its life.
    pub process: (usize, u32),
    /// The id of the effect.
    pub id: Id,
    /// The operation.
    pub operation: store::Operation,
    /// What becomes of it.
    pub fate: store::Fate,
}

/// An exchange that has not ended.
#[derive(Debug)]
pub struct Exchange {
    /// The process that sent it, and its life.
    pub process: (usize, u32),
    /// The id of the effect.
    pub id: Id,
    /// The request.
    pub request: Request,
    /// What becomes of it.
    pub fate: network::Fate,
    /// How long its ways take.
    pub ways: network::Ways,
    /// The token set that its response brings.
    pub brings: Option<usize>,
    /// The wait in milliseconds that its response asks for, and whether the response is 429.
    pub retry_after: Option<(f64, bool)>,
    /// The body that follows the head, or the failure in its place.
    pub rest: Option<Event>,
}

/// A call under way.
#[derive(Debug)]
pub struct Call {
    /// Its job.
    pub job: usize,
    /// Whether its result holds secrets that the application has to keep.
    pub is_begin: bool,
    /// The rows so far.
    pub rows: Vec<Keyed>,
}

/// A test's choice of what becomes of an exchange.
pub type ScriptedFate = Box<dyn FnMut(&Request, Instant) -> Option<(network::Fate, network::Ways)>>;
/// A test's choice of what becomes of an operation of the store.
pub type ScriptedStore = Box<dyn FnMut(&store::Operation, Instant) -> Option<store::Fate>>;

/// The whole simulated world.
pub struct VirtualHost {
    /// What is simulated.
    pub scenario: Scenario,
    /// Virtual time.
    pub clock: Clock<Due>,
    /// The choices.
    pub random: Random,
    /// The processes.
    pub processes: Vec<Process>,
    /// The jobs of the application.
    pub jobs: Vec<Job>,
    /// The token store.
    pub store: Store,
    /// The rate limit that processes share.
    pub limit: SharedLimit,
    /// The authorization server.
    pub authorization_server: AuthorizationServer,
    /// The API.
    pub api: ApiServer,
    /// What the properties need.
    pub watch: Watch,
    /// The exchanges that have not ended, by number.
    pub exchanges: BTreeMap<u64, Exchange>,
    /// The calls under way.
    pub calls: BTreeMap<Id, Call>,
    /// The results of calls: their job, and the result's text or the error.
    pub results: Vec<(usize, Result<String, crate::error::Error>)>,
    /// Every request that was sent: when, and its method and URL.
    pub sent: Vec<(Instant, Request)>,
    /// The events that clients emitted.
    pub events: Vec<String>,
    /// What becomes of exchanges, if a test says so.
    pub scripted_network: Option<ScriptedFate>,
    /// What becomes of operations of the store, if a test says so.
    pub scripted_store: Option<ScriptedStore>,
    /// What the engine of a process is given and asks for, if a test records it.
    pub transcript: Option<super::transcript::Transcript>,
    /// Whether everything that happens is printed.
    pub prints: bool,
    newest_exchange: u64,
    newest_call: Id,
}

impl VirtualHost {
    /// Returns the world of a scenario before anything happens. Each session has tokens in the store.
    pub fn new(scenario: Scenario, mut random: Random) -> Self {
        let processes =
            (0..scenario.processes).map(|_| Process::new(&mut random, scenario.clock_skew)).collect();
        let mut authorization_server =
            AuthorizationServer::new(scenario.authorization_server, CLIENT_ID, CLIENT_SECRET);
        let mut store = Store::default();
        for session in 0..scenario.sessions {
            let key = key_of(session);
            let set = authorization_server.grant(&key, 0);
            store.put(&["session:", &key].concat(), authorization_server.stored(set, START));
        }
        let mut host = Self {
            api: ApiServer::new(scenario.api),
            clock: Clock::new(),
            processes,
            jobs: Vec::new(),
            store,
            limit: SharedLimit::default(),
            authorization_server,
            watch: Watch::default(),
            exchanges: BTreeMap::new(),
            calls: BTreeMap::new(),
            results: Vec::new(),
            sent: Vec::new(),
            events: Vec::new(),
            scripted_network: None,
            scripted_store: None,
            transcript: None,
            prints: false,
            newest_exchange: 0,
            newest_call: 0,
            scenario,
            random,
        };
        for process in 0..host.processes.len() {
            host.start(process);
        }
        host
    }

    /// Adds a job whose first call is made after so many milliseconds.
    pub fn add_job(
        &mut self,
        after: u64,
        process: usize,
        client: usize,
        key: &str,
        task: Task,
        options: &str,
    ) -> usize {
        let (key, options) = (key.into(), options.into());
        self.jobs.push(Job { process, client, key, task, options, failures: 0, done: false });
        let job = self.jobs.len() - 1;
        self.clock.after(after, Due::Call(job));
        job
    }

    /// Runs until nothing is due any more.
    pub fn run(&mut self) {
        for _ in 0..100_000 {
            let Some(due) = self.clock.advance() else { return };
            self.happen(due);
            if !self.watch.violations.is_empty() && !self.prints {
                return;
            }
        }
        self.watch.violate(Property::EveryCallEnds, "things happen without an end".into());
    }

    /// Returns whether nothing fails any more.
    pub fn is_calm(&self) -> bool {
        self.clock.now() >= self.scenario.calm_from
    }

    /// Prints what happens, if that is asked for.
    pub fn print(&self, what: impl FnOnce() -> String) {
        if self.prints {
            println!("{:>8} {}", self.clock.now(), what());
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Call(job) => self.call(job),
            Due::Abort(process, life, call) => {
                if self.calls.contains_key(&call) {
                    self.arrive(process, life, Arrival::Event(Event::Cancel { call }));
                }
            }
            Due::Request(exchange) => self.request_arrives(exchange),
            Due::Arrival(process, life, arrival) => self.arrive(process, life, arrival),
            Due::Store(request) => self.operate(request),
            Due::Resume(process, life) => self.resume(process, life),
            Due::Start(process) => self.start(process),
            Due::Close(process, life, client) if self.processes[process].stalled => {
                self.clock.after(1_000, Due::Close(process, life, client));
            }
            Due::Close(process, life, client) => {
                if self.processes[process].life == life {
                    let closed = self.processes[process].clients.get_mut(client).and_then(Option::take);
                    drop(closed);
                    self.drain(process);
                }
            }
            Due::Stall(process, ms) => self.stall(process, ms),
            Due::Crash(process) => self.crash(process, 1_000),
            Due::LockExpires(holder) => self.release_lock(holder),
            Due::End(session) => self.authorization_server.end(&key_of(session), End::Decided),
        }
    }

    /// Starts a process.
    pub fn start(&mut self, process: usize) {
        let facts = HostFacts {
            locks: self.scenario.store.locks,
            shares_rate_limit: self.scenario.shares_limit,
            listens: true,
            ..HostFacts::default()
        };
        let (clients, options) = (self.scenario.clients, self.scenario.client_options.clone());
        let now = self.clock.now();
        self.processes[process].start(&mut self.random, clients, &options, facts, now);
        self.drain(process);
    }

    /// Brings something to a process, unless that life of it is over.
    pub fn arrive(&mut self, process: usize, life: u32, arrival: Arrival) {
        let target = &mut self.processes[process];
        if target.life != life || target.engine.is_none() {
            return;
        }
        if target.stalled {
            return target.inbox.push_back(arrival);
        }
        let event = match arrival {
            Arrival::Alarm { number, .. } if number != target.alarm => return,
            Arrival::Alarm { at, .. } => {
                target.armed = false;
                Event::Alarm { at }
            }
            Arrival::Event(event) => event,
        };
        self.print(|| format!("p{process} <- {event:?}"));
        self.note_arrival(process, life, &event);
        let target = &self.processes[process];
        if let Some(transcript) = &mut self.transcript {
            transcript.event(&event, target.now(self.clock.now()));
        }
        if let Some(engine) = &target.engine {
            engine.handle(event, target.now(self.clock.now()));
        }
        self.drain(process);
    }

    /// Does what the engine of a process asks for.
    pub fn drain(&mut self, process: usize) {
        loop {
            let Some(engine) = &self.processes[process].engine else { return };
            let effects = engine.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                if let Some(transcript) = &mut self.transcript {
                    transcript.effect(&effect);
                }
                if !self.is_calm() && self.random.below(100_000) < self.scenario.crashes {
                    // Half of the effects that a process ends at are done.
                    if self.random.permille(500) {
                        self.perform(process, effect);
                    }
                    let after = self.random.between((0, 8_000));
                    return self.crash(process, after);
                }
                if !self.is_calm() && self.random.below(100_000) < self.scenario.stalls {
                    let ms = if self.scenario.subject == Subject::RateLimit { 15_000 } else { 45_000 };
                    let ms = self.random.between((500, ms));
                    self.stall(process, ms);
                }
                self.perform(process, effect);
            }
        }
    }

    /// Ends a process, which starts again after so many milliseconds.
    pub fn crash(&mut self, process: usize, restart_after: u64) {
        if self.processes[process].engine.is_none() {
            return;
        }
        self.print(|| format!("p{process} ends"));
        let now = self.clock.now();
        let life = self.processes[process].life;
        self.processes[process].crash();
        self.note_crash(process, life, now);
        for holder in self.store.locks_of(process, life) {
            let held = self.store.is_held(holder);
            let ttl = if held { self.scenario.store.lock_ttl } else { 0 };
            self.clock.after(ttl, Due::LockExpires(holder));
        }
        self.watch.calls.retain(|(_, other, _)| *other != process);
        self.clock.after(restart_after, Due::Start(process));
        for job in 0..self.jobs.len() {
            let under_way = self.calls.iter().find(|(_, call)| call.job == job).map(|(id, _)| *id);
            if self.jobs[job].process == process
                && let Some(call) = under_way
            {
                self.calls.remove(&call);
                self.clock.after(restart_after + 1, Due::Call(job));
            }
        }
    }

    /// Has a process stand still for so many milliseconds.
    pub fn stall(&mut self, process: usize, ms: u64) {
        let now = self.clock.now();
        let target = &mut self.processes[process];
        if core::mem::replace(&mut target.stalled, true) {
            return;
        }
        target.stalls.push((now, now + ms));
        let life = target.life;
        self.print(|| format!("p{process} stands still for {ms} ms"));
        self.clock.after(ms, Due::Resume(process, life));
        let ttl = self.scenario.store.lock_ttl;
        if ttl > 0 && ms > ttl {
            for holder in self.store.locks_of(process, life) {
                if self.store.is_held(holder) {
                    self.clock.after(ttl, Due::LockExpires(holder));
                }
            }
        }
    }

    fn resume(&mut self, process: usize, life: u32) {
        if self.processes[process].life != life {
            return;
        }
        self.processes[process].stalled = false;
        while let Some(arrival) = self.processes[process].inbox.pop_front() {
            if self.processes[process].stalled {
                return self.processes[process].inbox.push_front(arrival);
            }
            self.arrive(process, life, arrival);
        }
    }

    fn call(&mut self, job: usize) {
        let process = self.jobs[job].process;
        let target = &self.processes[process];
        let (life, client) = (target.life, self.jobs[job].client);
        if self.jobs[job].done {
            return;
        }
        if target.engine.is_none() || target.stalled {
            return self.clock.after(500, Due::Call(job));
        }
        let Some(client) = target.clients.get(client).and_then(Option::as_ref).map(|client| client.number)
        else {
            self.jobs[job].done = true;
            return;
        };
        self.newest_call += 1;
        let call = self.newest_call;
        let operation = self.jobs[job].operation(&mut self.random);
        let is_begin = matches!(operation, crate::engine::Operation::BeginAuthorization { .. });
        self.calls.insert(call, Call { job, is_begin, rows: Vec::new() });
        self.watch.calls.push((call, process, life));
        let options = self.jobs[job].options.clone();
        if !self.is_calm() && self.random.permille(self.scenario.aborts) {
            let after = self.random.pick(&[0, 20, 300, 4_000]);
            let after = self.random.between((0, after));
            self.clock.after(after, Due::Abort(process, life, call));
        }
        self.arrive(
            process,
            life,
            Arrival::Event(Event::Call { client, call, operation, options, cancelled: false, signs: true }),
        );
    }

    fn perform(&mut self, process: usize, effect: Effect) {
        if !matches!(effect, Effect::Rows { .. }) {
            self.print(|| format!("p{process} -> {effect:?}"));
        }
        self.note_effect(process, &effect);
        let life = self.processes[process].life;
        let answer = |answer| Arrival::Event(answer);
        match effect {
            Effect::Send { id, client: _, method, url, headers, body, max_bytes: _, timeout_ms: _ } => {
                let request = Request { method, url, headers, body: body.unwrap_or_default() };
                self.newest_exchange += 1;
                self.send(self.newest_exchange, (process, life), id, request);
            }
            Effect::Abort { id } => self.abort((process, life), id),
            Effect::StoreGet { id, client: _, key } => {
                self.ask_store((process, life), id, store::Operation::Get { key });
            }
            Effect::StoreSwap { id, client: _, key, version, value } => {
                self.ask_store((process, life), id, store::Operation::Swap { key, version, value });
            }
            Effect::Lock { id, client: _, key } => self.lock((process, life, id), &key),
            Effect::IsHeld { id, lock } => {
                let held = Answer::Flag(self.store.is_held((process, life, lock)));
                let ms = self.random.between(self.scenario.store.latency);
                self.clock.after(ms, Due::Arrival(process, life, answer(Event::Answer { id, answer: held })));
            }
            Effect::Unlock { lock } => self.release_lock((process, life, lock)),
            Effect::Acquire { id, client: _, quota: _, windows, call, lease_ms } => {
                let wait = self.limit.acquire(self.clock.now(), &windows, call, lease_ms);
                let event = Event::Answer { id, answer: Answer::Number(wait) };
                let ms = self.random.between((0, 5));
                self.clock.after(ms, Due::Arrival(process, life, answer(event)));
            }
            Effect::Release { client: _, quota: _, call, sent } => {
                self.limit.release(self.clock.now(), &call, sent);
            }
            Effect::Random { id, length } => {
                let bytes = Answer::Bytes(self.random.bytes(length));
                let event = Event::Answer { id, answer: bytes };
                self.clock.after(0, Due::Arrival(process, life, answer(event)));
            }
            Effect::Load { id, module: _ } => {
                let event = Event::Answer { id, answer: Answer::Nothing };
                self.clock.after(0, Due::Arrival(process, life, answer(event)));
            }
            Effect::Alarm { at, delay, holds_process: _ } => {
                let target = &mut self.processes[process];
                target.alarm += 1;
                target.armed = delay.is_some();
                let number = target.alarm;
                if let Some(delay) = delay {
                    let late = self.random.between((0, 3));
                    self.clock.after(
                        delay as u64 + late,
                        Due::Arrival(process, life, Arrival::Alarm { number, at }),
                    );
                }
            }
            Effect::Rows { call, decoded } => {
                if let Some(call) = self.calls.get_mut(&call) {
                    call.rows.extend(super::application::rows(&decoded));
                }
            }
            Effect::Settle { call, result } => {
                self.settle(call, result.map(|output| output.text.unwrap_or_default()))
            }
            Effect::Emit { client: _, event } => self.events.push(event),
            Effect::Forget { client } => self.processes[process].forgotten.push(client),
            Effect::ClientKey { .. }
            | Effect::ProofKey { .. }
            | Effect::Sign { .. }
            | Effect::Verify { .. }
            | Effect::Sha512 { .. } => panic!("no client here has a key"),
        }
    }

    fn settle(&mut self, id: Id, result: Result<String, crate::error::Error>) {
        self.watch.calls.retain(|(call, ..)| *call != id);
        let Some(call) = self.calls.remove(&id) else {
            return self.watch.violate(Property::EveryCallEnds, format!("call {id} ended twice"));
        };
        self.note_result(&call, &result);
        self.results.push((call.job, result.clone()));
        let job = &mut self.jobs[call.job];
        match result {
            Ok(text) => match job.succeeded(&text, call.rows) {
                Next::Done => job.done = true,
                Next::Again => {
                    let ms = if call.is_begin { self.begun(call.job, &text) } else { self.pause() };
                    self.clock.after(ms, Due::Call(call.job));
                }
                Next::AfterNewRows => {
                    let day = 3 + self.clock.now() / 60_000;
                    let count = self.random.below(4) as usize;
                    self.api.add_rows(&mut self.random, count, day.min(28));
                    let ms = self.pause();
                    self.clock.after(ms, Due::Call(call.job));
                }
            },
            Err(error) => self.failed(call.job, &error),
        }
    }

    fn failed(&mut self, number: usize, error: &crate::error::Error) {
        let is_over = self.authorization_server.is_over_for(&self.jobs[number].key);
        let job = &mut self.jobs[number];
        job.failures += 1;
        match &mut job.task {
            Task::Login { begun } => {
                *begun = None;
                job.done = job.failures > 3;
            }
            Task::Calls(left) => {
                *left -= 1;
                job.done = *left == 0;
            }
            Task::Listing { .. } | Task::Sync { .. } if !(error.reauth_required && is_over) => {
                if job.failures > 100 {
                    let what = format!("a job still fails, with {}", error.code);
                    self.watch.violate(Property::EveryRowOnce, what);
                    return;
                }
            }
            _ => job.done = true,
        }
        if !job.done {
            let ms = self.random.between((100, 6_000));
            self.clock.after(ms, Due::Call(number));
        }
    }

    /// The customer consents; returns how long that takes.
    fn begun(&mut self, job: usize, text: &str) -> u64 {
        let value = crate::json::parse(text.as_bytes()).expect("the result is JSON");
        let pending = value.get("pending").expect("pending").to_json();
        let state =
            value.get("pending").and_then(|pending| pending.get("state")).and_then(|state| state.as_text());
        let state = state.expect("state");
        let verifier = value.get("pending").and_then(|pending| pending.get("verifier"));
        self.watch.verifiers.extend(verifier.and_then(|verifier| verifier.as_text()).map(String::from));
        let job = &mut self.jobs[job];
        let code = self.authorization_server.consent(&job.key, state);
        let callback = format!("https://app.example/cb?code={code}&state={state}");
        job.task = Task::Login { begun: Some((callback, pending)) };
        self.random.between((500, 5_000))
    }

    fn pause(&mut self) -> u64 {
        let most = self.random.pick(&[0, 0, 100, 20_000]);
        self.random.between((0, most))
    }
}

/// Returns the key of a session.
pub fn key_of(session: usize) -> String {
    format!("k{session}")
}
