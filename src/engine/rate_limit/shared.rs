//! The limit that other processes or tabs use up too.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::engine::effect::Effect;
use crate::engine::event::Answer;
use crate::engine::io::Io;

/// A request of a process that ended counts as answered in the shared limit after so long, in milliseconds.
const LEASE_MS: f64 = 60_000.0;
/// A shared limit that has not answered after so long has failed, in milliseconds.
const ACQUIRE_TIMEOUT: i64 = 20_000;
/// Then each process keeps to the limit by itself for so long, in milliseconds.
const ACQUIRE_BACKOFF: f64 = 60_000.0;

/// The shared limit of one client id.
pub struct SharedLimit {
    quota: String,
    /// Whether it is being asked.
    pub asking: Cell<bool>,
    /// No question before this instant, because the last one was not answered.
    backoff_until: Cell<f64>,
    /// What it counted for the next request.
    pub permit: RefCell<Option<SharedPermit>>,
}

/// A request that the shared limit counted. Dropping it releases the request.
pub struct SharedPermit {
    io: Rc<Io>,
    client: u32,
    quota: String,
    call: String,
    /// Whether the request was sent.
    pub sent: Cell<bool>,
}

impl SharedLimit {
    /// Returns the limit of that name.
    pub fn new(quota: String) -> Self {
        Self { quota, asking: Cell::new(false), backoff_until: Cell::new(0.0), permit: RefCell::default() }
    }

    /// Returns whether it has to be asked before the next request.
    pub fn is_needed(&self, now: f64) -> bool {
        now >= self.backoff_until.get() && self.permit.borrow().is_none()
    }

    /// Asks for a permit: the milliseconds until the next question if there is none. If the limit fails, each process keeps to it by
    /// itself.
    pub async fn acquire(&self, io: &Rc<Io>, client: u32, windows: Vec<(u32, f64)>) -> Option<f64> {
        let (quota, call) = (self.quota.clone(), io.request_id());
        let permit = SharedPermit {
            io: io.clone(),
            client,
            quota: quota.clone(),
            call: call.clone(),
            sent: Cell::new(false),
        };
        let asked = io.request(|id| Effect::Acquire { id, client, quota, windows, call, lease_ms: LEASE_MS });
        let answer = io.within(ACQUIRE_TIMEOUT, Box::pin(asked)).await;
        self.asking.set(false);
        if answer.is_none() {
            self.backoff_until.set(io.clock() + ACQUIRE_BACKOFF);
        }
        match answer {
            Some(Ok(Answer::Number(wait))) if wait > 0.0 => Some(wait),
            _ => {
                drop(self.permit.replace(Some(permit)));
                None
            }
        }
    }
}

impl Drop for SharedPermit {
    fn drop(&mut self) {
        self.io.ask(Effect::Release {
            client: self.client,
            quota: self.quota.clone(),
            call: self.call.clone(),
            sent: self.sent.get(),
        });
    }
}
