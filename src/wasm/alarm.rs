//! Time and cancelling as a future: it ends when its time is up or its signal aborts, and dropping it calls both off.

use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::edge::Edge;

/// Why an alarm went off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fired {
    /// Its time was up.
    Time,
    /// Its signal aborted.
    Abort,
}

#[derive(Default)]
struct State {
    fired: Cell<Option<Fired>>,
    waker: RefCell<Option<Waker>>,
}

/// A timer, a signal to watch, or both.
pub struct Alarm {
    state: Rc<State>,
    disarm: Function,
    // Kept alive for as long as JavaScript may call it.
    _fire: Closure<dyn FnMut(bool)>,
}

impl Alarm {
    /// Goes off after `ms`, or when `signal` (undefined for none) aborts.
    pub fn set(edge: &Edge, ms: i64, signal: &JsValue) -> Self {
        let state = Rc::new(State::default());
        let shared = state.clone();
        let fire = Closure::new(move |aborted: bool| {
            shared.fired.set(Some(if aborted { Fired::Abort } else { Fired::Time }));
            let waker = shared.waker.borrow_mut().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        let disarm = edge.arm(ms as f64, signal, &fire);
        Self { state, disarm, _fire: fire }
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

/// A boxed future: each type of future that a generic function took would cost a kilobyte or two of wasm.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

impl Future for Alarm {
    type Output = Fired;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Fired> {
        if let Some(fired) = self.state.fired.get() {
            return Poll::Ready(fired);
        }
        *self.state.waker.borrow_mut() = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        // Calling an alarm off can't fail: the function is ours.
        let _ = self.disarm.call0(&JsValue::UNDEFINED);
    }
}
