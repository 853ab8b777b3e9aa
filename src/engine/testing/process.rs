//! A process: an engine with its clients and clocks. It may stand still, end and start again.

use std::collections::VecDeque;
use std::rc::Rc;

use super::clock::{Instant, START};
use super::random::Random;
use super::{api_server, authorization_server};
use crate::engine::event::{Event, Now};
use crate::engine::{Client, Engine, HostFacts};

/// The id of the client that all processes are.
pub const CLIENT_ID: &str = "demo";
/// Its secret.
pub const CLIENT_SECRET: &str = "S3CRclient";

/// A process.
pub struct Process {
    /// Its engine; `None` while it is down.
    pub engine: Option<Engine>,
    /// Its clients; `None` once they are closed.
    pub clients: Vec<Option<Rc<Client>>>,
    /// Which of its lives this is.
    pub life: u32,
    /// The number of its newest alarm.
    pub alarm: u64,
    /// Whether an alarm is armed.
    pub armed: bool,
    /// Whether it stands still.
    pub stalled: bool,
    /// What arrived while it stood still.
    pub inbox: VecDeque<Arrival>,
    /// From when to when it stood still.
    pub stalls: Vec<(Instant, Instant)>,
    /// When its store failed it, and whether that was about a lock.
    pub troubles: Vec<(Instant, bool)>,
    /// The clients that it forgot.
    pub forgotten: Vec<u32>,
    wall_offset: i64,
    monotonic_offset: f64,
}

/// What arrives at a process.
#[derive(Debug)]
pub enum Arrival {
    /// An event.
    Event(Event),
    /// An alarm.
    Alarm {
        /// Its number: only the newest one counts.
        number: u64,
        /// The instant for which it is.
        at: f64,
    },
}

impl Process {
    /// Returns a process whose clocks are its own.
    pub fn new(random: &mut Random, clock_skew: u64) -> Self {
        Self {
            engine: None,
            clients: Vec::new(),
            life: 0,
            alarm: 0,
            armed: false,
            stalled: false,
            inbox: VecDeque::new(),
            stalls: Vec::new(),
            troubles: Vec::new(),
            forgotten: Vec::new(),
            wall_offset: random.below(2 * clock_skew + 1) as i64 - clock_skew as i64,
            monotonic_offset: random.below(100_000) as f64,
        }
    }

    /// Starts it with so many clients.
    pub fn start(
        &mut self,
        random: &mut Random,
        clients: usize,
        options: &str,
        facts: HostFacts,
        now: Instant,
    ) {
        self.life += 1;
        let engine = Engine::new(core::array::from_fn(|_| random.next()));
        let (base, issuer) = (api_server::BASE, authorization_server::ISSUER);
        let options = format!(
            r#"{{"environment":{{"baseUrl":"{base}","issuer":"{issuer}"}},"clientId":"{CLIENT_ID}","clientSecret":"{CLIENT_SECRET}","redirectUri":"https://app.example/cb","scope":["accounts","offline_access"]{options}}}"#
        );
        let now = self.now(now);
        self.clients =
            (0..clients).map(|_| Some(engine.client(&options, facts, now).expect("sound options"))).collect();
        self.engine = Some(engine);
    }

    /// Ends it, with all that it held in memory.
    pub fn crash(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.io.executor.clear();
        }
        self.clients.clear();
        self.inbox.clear();
        self.forgotten.clear();
        self.stalled = false;
        self.armed = false;
        self.alarm += 1;
    }

    /// Returns its clocks.
    pub fn now(&self, now: Instant) -> Now {
        Now { wall: START + now as i64 + self.wall_offset, monotonic: now as f64 + self.monotonic_offset }
    }

    /// Returns whether it stood still for a second or more between two instants, or stands still.
    pub fn stood_still(&self, from: Instant, to: Instant) -> bool {
        self.stalled
            || self
                .stalls
                .iter()
                .any(|(began, ended)| *began <= to && from <= *ended && ended - began >= 1000)
    }

    /// Returns whether its store failed it between two instants. `locks`: in what concerns locks only.
    pub fn had_trouble(&self, from: Instant, to: Instant, locks: bool) -> bool {
        self.troubles.iter().any(|(at, lock)| from <= *at && *at <= to && (*lock || !locks))
    }
}
