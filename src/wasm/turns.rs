//! Whose turn it is to send: the rate limiter of a client id, driven by the platform's timers.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::alarm::{Alarm, Fired};
use super::call::Call;
use super::client::Inner;
use super::edge::{self, Edge, clock};
use super::events;
use super::reply::ask;
use crate::config::Config;
use crate::digits;
use crate::engine::executor;
use crate::engine::shared_result::SharedResult;
use crate::error::{Error, Kind, Result};
use crate::http::limiter::{self, Limiter, Next, Priority, RateHeaders, State, Ticket};
use crate::http::retry::Budget;
use crate::oauth::request_id;

/// So many client ids are remembered in a process that uses more.
const KEPT: usize = 64;
/// A call of a process that ended counts as answered in the shared limit after so long, in milliseconds.
const LEASE_MS: f64 = 60_000.0;
/// A shared limit that has not answered after so long has failed, in milliseconds.
const ACQUIRE_TIMEOUT_MS: i64 = 20_000;
/// Then each process keeps to the limit by itself for so long, in milliseconds.
const ACQUIRE_BACKOFF_MS: f64 = 60_000.0;
/// The shared limit is asked again after so long at the latest, in milliseconds.
const LONGEST_HOLD_MS: f64 = 10_000.0;

thread_local! {
    /// A server counts by client id, however many clients use it; and a client that is made for one call knows of the last one's.
    static KNOWN: RefCell<Vec<(String, Rc<Turns>)>> = const { RefCell::new(Vec::new()) };
}

/// The turns of one client id.
pub struct Turns {
    /// What the calls together may spend on retries.
    pub budget: RefCell<Budget>,
    limiter: RefCell<Limiter>,
    waiting: RefCell<Vec<(Ticket, Rc<Place>)>>,
    timer: RefCell<Option<Timer>>,
    newest: Cell<Ticket>,
    shared: Option<Shared>,
}

/// The limit that other processes or tabs use up too.
struct Shared {
    /// Its name.
    quota: String,
    /// Whether it is being asked.
    asking: Cell<bool>,
    /// Until when it is not asked, because it did not answer.
    backoff_until: Cell<f64>,
    /// What it counted for whoever is next.
    permit: RefCell<Option<Permit>>,
}

/// A call that the shared limit counted. Dropping it says that the call is over.
struct Permit {
    edge: Edge,
    quota: String,
    call: String,
    sent: Cell<bool>,
}

/// A turn that is taken or waited for. Dropping it gives it up.
pub struct Turn {
    turns: Rc<Turns>,
    edge: Edge,
    ticket: Ticket,
    over: Cell<bool>,
    permit: RefCell<Option<Permit>>,
}

/// Where a call waits.
#[derive(Default)]
struct Place {
    told: SharedResult<Told>,
    permit: RefCell<Option<Permit>>,
}

#[derive(Clone, Copy)]
enum Told {
    Granted,
    TooLate(f64),
}

/// The one timer, while somebody waits for an instant.
struct Timer {
    at: f64,
    armed: edge::Timer,
}

impl Turns {
    /// The turns of the client id that is configured, shared with every other client of it in the process.
    pub fn of(config: &Config, edge: &Edge) -> Rc<Self> {
        let Some(limits) = config.rate_limit else { return Rc::new(Self::new(Limiter::of(None), None)) };
        let quota = ["rate:", config.environment.base.origin(), " ", &config.client.id].concat();
        let shares = if edge.shares() { "shared" } else { "" };
        let numbers =
            [limits.per_minute, limits.per_10_seconds].map(|limit| digits::write(limit.unwrap_or(0).into()));
        let key = [quota.as_str(), &numbers.join(" "), shares].join("\n");
        KNOWN.with(|known| {
            let mut known = known.borrow_mut();
            if let Some((_, turns)) = known.iter().find(|(name, _)| *name == key) {
                return turns.clone();
            }
            if known.len() >= KEPT {
                let unused = known.iter().position(|(_, turns)| Rc::strong_count(turns) == 1);
                unused.map(|place| known.remove(place));
            }
            let shared = (!shares.is_empty()).then(|| Shared {
                quota,
                asking: Cell::new(false),
                backoff_until: Cell::new(0.0),
                permit: RefCell::default(),
            });
            let turns = Rc::new(Self::new(Limiter::of(Some(limits)), shared));
            known.push((key, turns.clone()));
            turns
        })
    }

    fn new(limiter: Limiter, shared: Option<Shared>) -> Self {
        Self {
            budget: RefCell::default(),
            limiter: RefCell::new(limiter),
            waiting: RefCell::default(),
            timer: RefCell::default(),
            newest: Cell::new(0),
            shared,
        }
    }

    /// The tightest limit as it stands, and the queue.
    pub fn state(&self) -> State {
        self.limiter.borrow().state(clock())
    }

    /// In how many milliseconds so many further calls would have been granted.
    pub fn estimate(&self, priority: Priority, calls: u32) -> f64 {
        self.limiter.borrow().estimate(clock(), priority, calls)
    }

    /// Tells whoever can be told, and sees to being woken for the next.
    fn pump(self: &Rc<Self>, edge: &Edge) {
        loop {
            // One instant for both questions: what becomes free between two readings would be granted without a permit.
            let now = clock();
            if self.must_ask(now) {
                return self.ask(edge);
            }
            let next = self.limiter.borrow_mut().next(now);
            match next {
                Next::Grant(ticket) => self.tell(ticket, Told::Granted),
                Next::TooLate { ticket, retry_at } => self.tell(ticket, Told::TooLate(retry_at)),
                Next::WaitUntil(at) => return self.wake_at(edge, at),
                Next::WaitForAnswer | Next::Idle => {
                    let unused = self.shared.as_ref().and_then(|shared| shared.permit.take());
                    let timer = self.timer.take();
                    return drop((unused, timer));
                }
            }
        }
    }

    fn tell(&self, ticket: Ticket, told: Told) {
        let place = self.leave(ticket);
        let Some(place) = place else { return };
        if matches!(told, Told::Granted) {
            place.permit.replace(self.shared.as_ref().and_then(|shared| shared.permit.take()));
        }
        place.told.settle(told);
    }

    /// Whether somebody could be granted, once the shared limit allows it too.
    fn must_ask(&self, now: f64) -> bool {
        let Some(shared) = &self.shared else { return false };
        let limiter = self.limiter.borrow();
        now >= shared.backoff_until.get()
            && shared.permit.borrow().is_none()
            && limiter.is_ready(now)
            && !limiter.windows().is_empty()
    }

    /// Asks the shared limit on behalf of whoever is next when it answers.
    fn ask(self: &Rc<Self>, edge: &Edge) {
        let Some(shared) = &self.shared else { return };
        if shared.asking.replace(true) {
            return;
        }
        let windows: Vec<String> = self.limiter.borrow().windows().into_iter().map(window_to_json).collect();
        let call = request_id().unwrap_or_default();
        let windows = ["[", &windows.join(","), "]"].concat();
        let asked = ask(|slot| edge.acquire(&shared.quota, &windows, &call, LEASE_MS, slot));
        let permit = Permit { edge: edge.clone(), quota: shared.quota.clone(), call, sent: Cell::new(false) };
        let (turns, edge) = (self.clone(), edge.clone());
        executor::spawn(Box::pin(async move {
            let limit = Alarm::set(&edge, ACQUIRE_TIMEOUT_MS, &JsValue::UNDEFINED);
            let answer = limit.race(Box::pin(asked)).await;
            if let (Err(_), Some(shared)) = (&answer, &turns.shared) {
                shared.backoff_until.set(clock() + ACQUIRE_BACKOFF_MS);
            }
            let wait = answer.ok().and_then(core::result::Result::ok);
            turns.answered(permit, wait.and_then(|wait| wait.as_f64()));
            turns.pump(&edge);
        }));
    }

    /// Takes the shared limit's answer: how long to wait. Where it fails, each process keeps to the limit by itself.
    fn answered(&self, permit: Permit, wait: Option<f64>) {
        let Some(shared) = &self.shared else { return };
        shared.asking.set(false);
        match wait {
            Some(wait) if wait > 0.0 => self.limiter.borrow_mut().hold(clock() + wait.min(LONGEST_HOLD_MS)),
            _ => drop(shared.permit.replace(Some(permit))),
        }
    }

    fn leave(&self, ticket: Ticket) -> Option<Rc<Place>> {
        let mut waiting = self.waiting.borrow_mut();
        let index = waiting.iter().position(|(other, _)| *other == ticket)?;
        Some(waiting.swap_remove(index).1)
    }

    fn wake_at(self: &Rc<Self>, edge: &Edge, at: f64) {
        if self.timer.borrow().as_ref().is_some_and(|timer| timer.at == at) {
            return;
        }
        let alarm = Alarm::set(edge, (at - clock()).max(0.0).ceil() as i64, &JsValue::UNDEFINED);
        let earlier = self.timer.replace(Some(Timer { at, armed: alarm.timer() }));
        drop(earlier);
        let (turns, edge) = (self.clone(), edge.clone());
        executor::spawn(Box::pin(async move {
            if alarm.await == Fired::Time {
                let timer = turns.timer.take();
                drop(timer);
                turns.pump(&edge);
            }
        }));
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.armed.end();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.edge.release(&self.quota, &self.call, self.sent.get());
    }
}

fn window_to_json((limit, ms): (u32, f64)) -> String {
    ["[", &digits::write(limit.into()), ",", &digits::write(ms.ceil() as i64), "]"].concat()
}

/// Waits for the call's next turn. Fails at once where it can't come before the call's deadline.
pub async fn take(inner: &Inner, call: &Call) -> Result<Turn> {
    let turns = &inner.turns;
    let began = clock();
    let ticket = turns.newest.get().wrapping_add(1);
    turns.newest.set(ticket);
    let place = Rc::new(Place::default());
    turns.waiting.borrow_mut().push((ticket, place.clone()));
    turns.limiter.borrow_mut().enqueue(&limiter::QueuedCall {
        priority: call.priority,
        session: call.session.get(),
        ticket,
        deadline: call.deadline.at(),
    });
    let turn = Turn {
        turns: turns.clone(),
        edge: inner.edge.clone(),
        ticket,
        over: Cell::new(false),
        permit: RefCell::default(),
    };
    turns.pump(&inner.edge);
    if !place.told.is_settled() {
        let until = turns.timer.borrow().as_ref().map(|timer| timer.at);
        events::wait(inner, call, until);
    }
    match place.told.wait().await {
        Told::Granted => {
            let permit = place.permit.take();
            permit.iter().for_each(|permit| permit.sent.set(true));
            turn.permit.replace(permit);
            call.waited.set(clock() - began);
            Ok(turn)
        }
        Told::TooLate(retry_at) => Err(too_late(inner, call, retry_at)),
    }
}

fn too_late(inner: &Inner, call: &Call, retry_at: f64) -> Error {
    call.retry_at.set(Some(inner.time_of_day(retry_at)));
    call.note(Error::of(Kind::RateLimitWait))
}

impl Turn {
    /// The headers of the answer are there, or there will be none (then `told` is the default).
    pub fn answered(&self, told: &RateHeaders) {
        self.over.set(true);
        drop(self.permit.take());
        self.turns.limiter.borrow_mut().finished(self.ticket, clock(), told);
        self.turns.pump(&self.edge);
    }

    /// Nothing was sent, for certain.
    pub fn give_back(&self) {
        self.over.set(true);
        let permit = self.permit.take();
        permit.iter().for_each(|permit| permit.sent.set(false));
        drop(permit);
        self.turns.limiter.borrow_mut().give_back(self.ticket);
        self.turns.pump(&self.edge);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.over.get() {
            let place = self.turns.leave(self.ticket);
            drop(place);
            self.turns.limiter.borrow_mut().cancel(self.ticket, clock());
            self.turns.pump(&self.edge);
        }
    }
}
