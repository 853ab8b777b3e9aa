//! The engine: what a client does, without I/O. A host brings events, and does the effects that the engine asks for.
//!
//! **The contract:** after each event the host takes all effects before it brings the next event. Nothing here knows a clock, a socket
//! or a language, so the tests run it against a simulated host.

mod api;
mod auth;
mod call;
mod client;
mod clock;
mod dispatch;
pub mod effect;
pub mod event;
mod events;
mod executor;
mod host;
mod io;
mod lazy_module;
mod operation;
mod rate_limit;
mod retry;
mod server_state;
mod session;
pub mod shared_result;
pub mod single_flight;
mod store;
mod timers;
mod transport;

use core::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::error::{Error, Kind, Result};
use effect::{Effect, Id};
use event::{Event, Now};
use io::{Arrived, Io};
use shared_result::SharedResult;

pub use client::Client;
pub use executor::LocalBoxFuture;
pub use host::HostFacts;
pub use operation::{Arguments, Operation};

/// The clients of one process. Clients of one client id share their rate limit.
pub struct Engine {
    io: Rc<Io>,
    modules: Rc<lazy_module::LazyModules>,
    queues: rate_limit::Queues,
    clients: RefCell<Vec<(u32, Weak<Client>)>>,
    newest_client: Cell<u32>,
    calls: Rc<Calls>,
}

/// The calls that have not ended, with what cancels them. Their ids increase.
#[derive(Default)]
struct Calls(RefCell<Vec<(Id, Rc<SharedResult<()>>)>>);

impl Engine {
    /// Returns an engine without clients. `seed`: random numbers for request ids and jitter.
    pub fn new(seed: [u64; 3]) -> Self {
        Self {
            io: Io::new(seed),
            modules: Rc::default(),
            queues: rate_limit::Queues::default(),
            clients: RefCell::default(),
            newest_client: Cell::new(0),
            calls: Rc::default(),
        }
    }

    /// Makes a client; it lasts until its last handle is dropped and its calls have ended.
    ///
    /// # Errors
    /// A configuration error that names the option.
    pub fn client(&self, options: &str, host: HostFacts, now: Now) -> Result<Rc<Client>> {
        self.set_now(now);
        if host.timers_end_with_requests {
            self.io.timers.use_an_alarm_for_each();
        }
        let number = self.newest_client.get().wrapping_add(1);
        let (io, modules) = (self.io.clone(), self.modules.clone());
        let client = Rc::new(Client::new(number, io, modules, &self.queues, options, host)?);
        self.newest_client.set(number);
        let mut clients = self.clients.borrow_mut();
        if clients.len() == clients.capacity() {
            // Before it grows, so that clients that were dropped cost no memory.
            clients.retain(|(_, client)| client.strong_count() > 0);
        }
        clients.push((number, Rc::downgrade(&client)));
        Ok(client)
    }

    /// Sets the clocks before a method of a client that answers at once.
    pub fn set_now(&self, now: Now) {
        self.io.set_now(now);
    }

    /// Takes in one event and runs every flow as far as it goes.
    pub fn handle(&self, event: Event, now: Now) {
        self.io.set_now(now);
        match event {
            Event::Call { client, call, operation, options, cancelled, signs } => {
                // An alarm may be lost with the timers of a test that replaced them, so each call arms it again.
                self.io.timers.forget_alarm();
                self.start(client, call, operation, &options, signs);
                if cancelled {
                    self.calls.cancel(call);
                }
            }
            Event::Cancel { call } => self.calls.cancel(call),
            Event::Head { id, status, headers } => self.io.deliver(id, Arrived::Head(status, headers)),
            Event::Body { id, bytes } => self.io.deliver(id, Arrived::Body(bytes)),
            Event::Failed { id, phase, causes } => self.io.deliver(id, Arrived::Failed(phase, causes)),
            Event::Answer { id, answer } => self.io.deliver(id, Arrived::Answer(answer)),
            Event::Refused { id, causes } => self.io.deliver(id, Arrived::Refused(causes)),
            Event::Alarm { at } => self.ring(at),
        }
        self.io.executor.run();
        for alarm in self.io.timers.rearm(self.io.clock()) {
            self.io.ask(alarm);
        }
    }

    /// Takes the effects that the engine asks for, oldest first.
    pub fn take_effects(&self) -> Vec<Effect> {
        self.io.take_effects()
    }

    /// Returns how many flows, timers and calls have not ended.
    pub fn under_way(&self) -> (usize, usize, usize) {
        (self.io.executor.len(), self.io.timers.len(), self.calls.0.borrow().len())
    }

    fn ring(&self, at: f64) {
        self.io.timers.forget_alarm();
        if self.io.clock.rang(at) {
            self.io.timers.fire(self.io.clock());
        } else {
            self.io.timers.rang_early(at);
        }
    }

    fn start(&self, client: u32, call: Id, operation: Operation, options: &str, signs: bool) {
        let found = {
            let clients = self.clients.borrow();
            let at = clients.binary_search_by_key(&client, |(number, _)| *number);
            at.ok().and_then(|at| clients.get(at)).and_then(|(_, client)| client.upgrade())
        };
        let Some(client) = found else {
            let result = Err(Error::with_detail(Kind::InternalError, ": no client"));
            return self.io.ask(Effect::Settle { call, result });
        };
        client.signs.set(signs);
        let cancelled = Rc::new(SharedResult::default());
        self.calls.0.borrow_mut().push((call, cancelled.clone()));
        let calls = self.calls.clone();
        dispatch::start(client, call, operation, options, cancelled, Box::new(move || calls.end(call)));
    }
}

impl Calls {
    fn cancel(&self, call: Id) {
        let found = {
            let calls = self.0.borrow();
            let at = calls.binary_search_by_key(&call, |(id, _)| *id).ok();
            at.and_then(|at| calls.get(at)).map(|(_, cancelled)| cancelled.clone())
        };
        if let Some(cancelled) = found {
            cancelled.settle(());
        }
    }

    fn end(&self, call: Id) {
        let mut calls = self.0.borrow_mut();
        if let Ok(at) = calls.binary_search_by_key(&call, |(id, _)| *id) {
            calls.remove(at);
        }
    }
}

#[cfg(test)]
mod testing;
