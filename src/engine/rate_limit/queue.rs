//! The queue of a client id: which request may be sent next, as `http::limiter` decides.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::shared::{SharedLimit, SharedPermit};
use crate::config::Config;
use crate::digits;
use crate::engine::call::Call;
use crate::engine::events::Events;
use crate::engine::io::{Io, first};
use crate::engine::shared_result::SharedResult;
use crate::engine::timers::Timer;
use crate::error::{Error, Kind, Result};
use crate::http::limiter::{self, Limiter, Next, Priority, RateHeaders, State, Ticket};
use crate::http::retry::Budget;

/// So many client ids are remembered in a process that uses more.
const REMEMBERED: usize = 64;
/// The shared limit is asked again after so long at the latest, in milliseconds.
const LONGEST_HOLD: f64 = 10_000.0;

/// The queues of one process. A server counts by client id, however many clients use it; and a client that is made for one call has
/// to know of the requests of the last one.
#[derive(Default)]
pub struct Queues(RefCell<Vec<(String, Rc<Queue>)>>);

/// The queue of one client id.
pub struct Queue {
    io: Rc<Io>,
    /// What the calls together may spend on retries.
    pub budget: RefCell<Budget>,
    limiter: RefCell<Limiter>,
    waiting: RefCell<Vec<(Ticket, Rc<Waiter>)>>,
    alarm: RefCell<Option<Alarm>>,
    newest: Cell<Ticket>,
    shared: Option<SharedLimit>,
}

/// The permission to send one request, granted or waited for. Dropping it gives it up.
pub struct Permit {
    queue: Rc<Queue>,
    client: u32,
    ticket: Ticket,
    /// How long the request waited, in milliseconds.
    pub waited_ms: f64,
    ended: bool,
    shared: Option<SharedPermit>,
}

/// A call that waits.
#[derive(Default)]
struct Waiter {
    admission: SharedResult<Admission>,
    shared: RefCell<Option<SharedPermit>>,
}

#[derive(Clone, Copy)]
enum Admission {
    Granted,
    TooLate(f64),
}

/// The one timer, while calls wait for an instant. Dropping it calls it off.
struct Alarm {
    at: f64,
    off: Rc<SharedResult<()>>,
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.off.settle(());
    }
}

impl Queues {
    /// Returns the queue of the client id that is configured, shared with every other client of it in the process.
    pub fn of(&self, config: &Config, io: &Rc<Io>, shares: bool) -> Rc<Queue> {
        let Some(limits) = config.rate_limit else {
            return Rc::new(Queue::new(io.clone(), Limiter::of(None), None));
        };
        let quota = ["rate:", config.environment.base.origin(), " ", &config.client.id].concat();
        let numbers =
            [limits.per_minute, limits.per_10_seconds].map(|limit| digits::write(limit.unwrap_or(0).into()));
        let key = [quota.as_str(), &numbers.join(" "), if shares { "shared" } else { "" }].join("\n");
        let mut queues = self.0.borrow_mut();
        if let Some((_, queue)) = queues.iter().find(|(name, _)| *name == key) {
            return queue.clone();
        }
        if queues.len() >= REMEMBERED {
            let unused = queues.iter().position(|(_, queue)| Rc::strong_count(queue) == 1);
            unused.map(|at| queues.remove(at));
        }
        let shared = shares.then(|| SharedLimit::new(quota));
        let queue = Rc::new(Queue::new(io.clone(), Limiter::of(Some(limits)), shared));
        queues.push((key, queue.clone()));
        queue
    }
}

impl Queue {
    fn new(io: Rc<Io>, limiter: Limiter, shared: Option<SharedLimit>) -> Self {
        Self {
            io,
            budget: RefCell::default(),
            limiter: RefCell::new(limiter),
            waiting: RefCell::default(),
            alarm: RefCell::default(),
            newest: Cell::new(0),
            shared,
        }
    }

    /// Returns the tightest limit, and how many calls wait.
    pub fn state(&self) -> State {
        self.limiter.borrow().state(self.io.clock())
    }

    /// Returns in how many milliseconds so many further calls would have been granted.
    pub fn estimate(&self, priority: Priority, calls: u32) -> f64 {
        self.limiter.borrow().estimate(self.io.clock(), priority, calls)
    }

    /// Waits for the permission to send the call's next request. Fails at once if it can't come before the call's deadline.
    pub async fn acquire(self: &Rc<Self>, call: &Call, events: &Events) -> Result<Permit> {
        let began = self.io.clock();
        let ticket = self.newest.get().wrapping_add(1);
        self.newest.set(ticket);
        let waiter = Rc::new(Waiter::default());
        self.waiting.borrow_mut().push((ticket, waiter.clone()));
        self.limiter.borrow_mut().enqueue(&limiter::QueuedCall {
            priority: call.priority,
            session: call.fairness_key,
            ticket,
            deadline: call.deadline.at(),
        });
        let client = events.client();
        let mut permit =
            Permit { queue: self.clone(), client, ticket, waited_ms: 0.0, ended: false, shared: None };
        self.pump(client);
        if !waiter.admission.is_settled() {
            let until = self.alarm.borrow().as_ref().map(|alarm| alarm.at);
            events.wait(call, self.state().queued, until);
        }
        match waiter.admission.wait().await {
            Admission::Granted => {
                permit.shared = waiter.shared.take();
                permit.shared.iter().for_each(|shared| shared.sent.set(true));
                permit.waited_ms = self.io.clock() - began;
                Ok(permit)
            }
            Admission::TooLate(retry_at) => {
                call.progress.retry_at.set(Some(self.io.to_unix_ms(retry_at)));
                Err(call.attach_context(Error::of(Kind::RateLimitWait)))
            }
        }
    }

    /// Grants every call that may be sent now, and arms a timer for the next one.
    fn pump(self: &Rc<Self>, client: u32) {
        // One instant for all questions: what becomes free between two readings would be granted without a permit.
        let now = self.io.clock();
        loop {
            if self.must_ask(now) {
                return self.ask(client);
            }
            let next = self.limiter.borrow_mut().next(now);
            match next {
                Next::Grant(ticket) => self.admit(ticket, Admission::Granted),
                Next::TooLate { ticket, retry_at } => self.admit(ticket, Admission::TooLate(retry_at)),
                Next::WaitUntil(at) => return self.wake_at(client, at),
                Next::WaitForAnswer | Next::Idle => {
                    let unused = self.shared.as_ref().and_then(|shared| shared.permit.take());
                    let alarm = self.alarm.take();
                    return drop((unused, alarm));
                }
            }
        }
    }

    fn admit(&self, ticket: Ticket, admission: Admission) {
        let Some(waiter) = self.leave(ticket) else { return };
        if matches!(admission, Admission::Granted) {
            waiter.shared.replace(self.shared.as_ref().and_then(|shared| shared.permit.take()));
        }
        waiter.admission.settle(admission);
    }

    /// Returns whether a call could be granted once the shared limit allows it too.
    fn must_ask(&self, now: f64) -> bool {
        let Some(shared) = &self.shared else { return false };
        let limiter = self.limiter.borrow();
        shared.is_needed(now) && limiter.is_ready(now) && !limiter.windows().is_empty()
    }

    /// Asks the shared limit on behalf of the call that is next when it answers.
    fn ask(self: &Rc<Self>, client: u32) {
        if self.shared.as_ref().is_none_or(|shared| shared.asking.replace(true)) {
            return;
        }
        let queue = self.clone();
        self.io.spawn(Box::pin(async move {
            if let Some(shared) = &queue.shared {
                let windows = queue.limiter.borrow().windows();
                if let Some(wait) = shared.acquire(&queue.io, client, windows).await {
                    queue.limiter.borrow_mut().hold(queue.io.clock() + wait.min(LONGEST_HOLD));
                }
                queue.pump(client);
            }
        }));
    }

    fn leave(&self, ticket: Ticket) -> Option<Rc<Waiter>> {
        let mut waiting = self.waiting.borrow_mut();
        let index = waiting.iter().position(|(other, _)| *other == ticket)?;
        Some(waiting.swap_remove(index).1)
    }

    fn wake_at(self: &Rc<Self>, client: u32, at: f64) {
        if self.alarm.borrow().as_ref().is_some_and(|alarm| alarm.at == at) {
            return;
        }
        let off = Rc::new(SharedResult::default());
        drop(self.alarm.replace(Some(Alarm { at, off: off.clone() })));
        let queue = self.clone();
        self.io.spawn(Box::pin(async move {
            let timer = Timer::new(&queue.io.timers, at, true);
            if first(off.wait(), Box::pin(timer)).await.is_ok() {
                drop(queue.alarm.take());
                queue.pump(client);
            }
        }));
    }
}

impl Permit {
    /// The head of the response arrived, or none will (then `limits` is the default).
    pub fn answered(mut self, limits: &RateHeaders) {
        self.ended = true;
        drop(self.shared.take());
        self.queue.limiter.borrow_mut().finished(self.ticket, self.queue.io.clock(), limits);
        self.queue.pump(self.client);
    }

    /// Nothing was sent, for certain.
    pub fn give_back(mut self) {
        self.ended = true;
        self.shared.iter().for_each(|shared| shared.sent.set(false));
        drop(self.shared.take());
        self.queue.limiter.borrow_mut().give_back(self.ticket);
        self.queue.pump(self.client);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.ended {
            drop(self.queue.leave(self.ticket));
            self.queue.limiter.borrow_mut().cancel(self.ticket, self.queue.io.clock());
            self.queue.pump(self.client);
        }
    }
}
