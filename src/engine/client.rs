//! A client: what its calls share.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::effect::Effect;
use super::events::Events;
use super::host::{HostFacts, check_signatures};
use super::io::Io;
use super::lazy_module::LazyModules;
use super::rate_limit::{Queue, Queues};
use super::server_state::ServerState;
use super::session::registry::Registry;
use crate::config::Config;
use crate::error::Result;
use crate::http::limiter::Priority;
use crate::json::ObjectWriter;
use crate::time;

/// A client, whose sessions are named by their keys.
pub struct Client {
    /// Its number, by which effects name it.
    pub number: u32,
    pub(crate) io: Rc<Io>,
    pub(crate) modules: Rc<LazyModules>,
    pub(crate) config: Config,
    pub(crate) host: HostFacts,
    /// Whether the host could make signatures when the newest call began.
    pub(crate) signs: Cell<bool>,
    pub(crate) server: ServerState,
    pub(crate) sessions: Registry,
    /// Marks of completed authorizations that this client wrote, with the instant from which they may go.
    pub(crate) used: RefCell<Vec<(String, i64)>>,
    pub(crate) events: Events,
    pub(crate) queue: Rc<Queue>,
}

impl Client {
    pub(crate) fn new(
        number: u32,
        io: Rc<Io>,
        modules: Rc<LazyModules>,
        queues: &Queues,
        options: &str,
        host: HostFacts,
    ) -> Result<Self> {
        let config = Config::parse(options, host.browser, host.certificate)?;
        if config.needs_signatures() {
            check_signatures(host.signs)?;
        }
        let events_io = io.clone();
        Ok(Self {
            number,
            queue: queues.of(&config, &io, host.shares_rate_limit),
            io,
            modules,
            config,
            host,
            signs: Cell::new(host.signs),
            server: ServerState::default(),
            sessions: Registry::default(),
            used: RefCell::default(),
            events: Events::new(number, events_io, host.listens),
        })
    }

    /// Returns the milliseconds since the epoch by the servers' clock, as far as it is known.
    pub(crate) fn server_now(&self) -> i64 {
        self.io.wall().saturating_add(self.server.skew.get())
    }

    /// Returns the session of that key if it is in memory: `{ expiresAt?, scope, consentExpiresAt? }` as JSON.
    pub fn describe(&self, key: &str) -> Option<String> {
        self.sessions.get(key).map(|session| session.describe())
    }

    /// Returns the newest events, oldest first, as a JSON array.
    pub fn recent_events(&self) -> String {
        self.events.to_json()
    }

    /// Returns the rate limit: `{ limit?, remaining?, resetsAt?, queued, pausedUntil?, probeAt? }` as JSON.
    pub fn rate_limit_state(&self) -> String {
        let state = self.queue.state();
        let mut out = ObjectWriter::new();
        for (name, number) in [("limit", state.limit), ("remaining", state.remaining)] {
            if let Some(number) = number {
                out.number(name, number.into());
            }
        }
        for (name, instant) in
            [("resetsAt", state.resets_at), ("pausedUntil", state.paused_until), ("probeAt", state.probe_at)]
        {
            let at = instant.map(|instant| time::to_rfc3339(self.io.to_unix_ms(instant)));
            out.optional(name, at.as_deref());
        }
        out.number("queued", state.queued.into()).finish()
    }

    /// Returns in how many milliseconds so many further calls would have been sent.
    pub fn rate_limit_estimate(&self, calls: u32, background: bool) -> f64 {
        let priority = if background { Priority::Background } else { Priority::Interactive };
        self.queue.estimate(priority, calls)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.io.ask(Effect::Forget { client: self.number });
    }
}
