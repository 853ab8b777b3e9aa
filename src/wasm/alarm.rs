//! Time and cancelling as a future: it ends when its time is up or its signal aborts, and dropping it calls both off.

use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use super::edge::{Edge, Timer};
use crate::engine::LocalBoxFuture;
use crate::engine::wakers::Registration;

/// Why an alarm went off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fired {
    /// Its time was up.
    Time,
    /// Its signal aborted.
    Abort,
}

/// A timer, a signal to watch, or both.
pub struct Alarm {
    timer: Timer,
    slot: Registration,
}

impl Alarm {
    /// Goes off after `ms`, or when `signal` (undefined for none) aborts.
    pub fn set(edge: &Edge, ms: i64, signal: &JsValue) -> Self {
        let slot = Registration::new();
        Self { timer: edge.arm(ms as f64, signal, slot.number()), slot }
    }

    /// Goes off after `ms`. A process that has nothing else to do may end meanwhile.
    pub fn rest(edge: &Edge, ms: i64) -> Self {
        let slot = Registration::new();
        Self { timer: edge.rest(ms as f64, slot.number()), slot }
    }

    /// What JavaScript knows it as.
    pub fn timer(&self) -> Timer {
        self.timer.clone()
    }

    /// Runs `work` until it ends or the alarm goes off; then the work is dropped, which ends what it had under way.
    pub async fn race<T>(mut self, mut work: LocalBoxFuture<'_, T>) -> Result<T, Fired> {
        poll_fn(|context| {
            // The alarm first: what is aborted ends as aborted, also where the answer came in the same turn.
            if let Poll::Ready(fired) = Pin::new(&mut self).poll(context) {
                return Poll::Ready(Err(fired));
            }
            work.as_mut().poll(context).map(Ok)
        })
        .await
    }
}

impl Future for Alarm {
    type Output = Fired;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Fired> {
        let fired = match self.timer.fired() {
            0 => None,
            1 => Some(Fired::Time),
            _ => Some(Fired::Abort),
        };
        self.slot.poll(context, fired)
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.timer.off();
    }
}
