//! Whose turn it is to send: the rate limiter of a client id, driven by the platform's timers.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::client::Inner;
use super::edge::{Edge, clock};
use super::events;
use crate::config::Config;
use crate::error::{Class, Error, Result};
use crate::http::limiter::{self, Lane, Limiter, Next, RateHeaders, State, Ticket};
use crate::http::retry::Budget;

/// So many client ids are remembered in a process that uses more.
const KEPT: usize = 64;

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
}

/// A turn that is taken or waited for. Dropping it gives it up.
pub struct Turn {
    turns: Rc<Turns>,
    edge: Edge,
    ticket: Ticket,
    over: Cell<bool>,
}

/// Where a call waits.
#[derive(Default)]
struct Place {
    told: Cell<Option<Told>>,
    waker: RefCell<Option<Waker>>,
}

#[derive(Clone, Copy)]
enum Told {
    Granted,
    TooLate(f64),
}

/// The one timer, while somebody waits for an instant.
struct Timer {
    at: f64,
    disarm: Function,
    // Kept alive for as long as JavaScript may call it.
    _fire: Closure<dyn FnMut(bool)>,
}

impl Turns {
    /// The turns of the client id that is configured, shared with every other client of it in the process.
    pub fn of(config: &Config) -> Rc<Self> {
        let Some(limits) = config.rate_limit else { return Rc::new(Self::new(Limiter::of(None))) };
        let numbers = [limits.per_minute, limits.per_10_seconds].map(|limit| limit.unwrap_or(0).to_string());
        let key = [config.environment.base.origin(), &config.client.id, &numbers.join(" ")].join("\n");
        KNOWN.with(|known| {
            let mut known = known.borrow_mut();
            if let Some((_, turns)) = known.iter().find(|(name, _)| *name == key) {
                return turns.clone();
            }
            if known.len() >= KEPT {
                let unused = known.iter().position(|(_, turns)| Rc::strong_count(turns) == 1);
                unused.map(|place| known.remove(place));
            }
            let turns = Rc::new(Self::new(Limiter::of(Some(limits))));
            known.push((key, turns.clone()));
            turns
        })
    }

    fn new(limiter: Limiter) -> Self {
        Self {
            budget: RefCell::default(),
            limiter: RefCell::new(limiter),
            waiting: RefCell::default(),
            timer: RefCell::default(),
            newest: Cell::new(0),
        }
    }

    /// The tightest limit as it stands, and the queue.
    pub fn state(&self) -> State {
        self.limiter.borrow().state(clock())
    }

    /// In how many milliseconds so many further calls would have been granted.
    pub fn estimate(&self, lane: Lane, calls: u32) -> f64 {
        self.limiter.borrow().estimate(clock(), lane, calls)
    }

    /// Tells whoever can be told, and sees to being woken for the next.
    fn pump(self: &Rc<Self>, edge: &Edge) {
        loop {
            let next = self.limiter.borrow_mut().next(clock());
            match next {
                Next::Grant(ticket) => self.tell(ticket, Told::Granted),
                Next::TooLate { ticket, retry_at } => self.tell(ticket, Told::TooLate(retry_at)),
                Next::WaitUntil(at) => return self.wake_at(edge, at),
                Next::WaitForAnswer | Next::Idle => {
                    let timer = self.timer.take();
                    return drop(timer);
                }
            }
        }
    }

    fn tell(&self, ticket: Ticket, told: Told) {
        let place = self.leave(ticket);
        let Some(place) = place else { return };
        place.told.set(Some(told));
        let waker = place.waker.take();
        if let Some(waker) = waker {
            waker.wake();
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
        let (turns, its_edge) = (self.clone(), edge.clone());
        let fire = Closure::new(move |_: bool| {
            let timer = turns.timer.take();
            drop(timer);
            turns.pump(&its_edge);
        });
        let disarm = edge.arm((at - clock()).max(0.0).ceil(), &JsValue::UNDEFINED, &fire);
        let earlier = self.timer.replace(Some(Timer { at, disarm, _fire: fire }));
        drop(earlier);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // Calling a timer off can't fail: the function is ours.
        let _ = self.disarm.call0(&JsValue::UNDEFINED);
    }
}

/// Waits for the call's next turn. Fails at once where it can't come before the call's deadline.
pub async fn take(inner: &Inner, call: &Call) -> Result<Turn> {
    let turns = &inner.turns;
    let ticket = turns.newest.get().wrapping_add(1);
    turns.newest.set(ticket);
    let place = Rc::new(Place::default());
    turns.waiting.borrow_mut().push((ticket, place.clone()));
    turns.limiter.borrow_mut().enqueue(&limiter::Call {
        lane: call.lane,
        session: call.session.get(),
        ticket,
        deadline: call.deadline.at(),
    });
    let turn = Turn { turns: turns.clone(), edge: inner.edge.clone(), ticket, over: Cell::new(false) };
    turns.pump(&inner.edge);
    if place.told.get().is_none() {
        let until = turns.timer.borrow().as_ref().map(|timer| timer.at);
        events::wait(inner, call, until);
    }
    let told = poll_fn(|context| match place.told.get() {
        Some(told) => Poll::Ready(told),
        None => {
            *place.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        }
    });
    match told.await {
        Told::Granted => Ok(turn),
        Told::TooLate(retry_at) => Err(too_late(inner, call, retry_at)),
    }
}

fn too_late(inner: &Inner, call: &Call, retry_at: f64) -> Error {
    call.retry_at.set(Some(inner.time_of_day(retry_at)));
    let mut error = Error::new(
        Class::RateLimit,
        "rate_limit_wait",
        "The rate limit leaves no room for this call before its deadlineMs, so it was not sent. Try again at retryAt.",
    );
    error.retryable = true;
    call.note(error)
}

impl Turn {
    /// The headers of the answer are there, or there will be none (then `told` is the default).
    pub fn answered(&self, told: &RateHeaders) {
        self.over.set(true);
        self.turns.limiter.borrow_mut().finished(self.ticket, clock(), told);
        self.turns.pump(&self.edge);
    }

    /// Nothing was sent, for certain.
    pub fn give_back(&self) {
        self.over.set(true);
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
