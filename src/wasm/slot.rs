//! How JavaScript wakes what waits here: each wait has a number, so that no closure has to be made for it.

use core::cell::RefCell;
use core::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::wasm_bindgen;

use super::task;

#[derive(Default)]
struct Slots {
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
}

thread_local! {
    static SLOTS: RefCell<Slots> = RefCell::default();
}

/// A wait. Its number is given to another once it is dropped: whoever is woken looks whether it was meant.
pub struct Slot(usize);

impl Slot {
    /// A wait that nobody has woken yet.
    pub fn new() -> Self {
        SLOTS.with_borrow_mut(|slots| {
            Self(slots.free.pop().unwrap_or_else(|| {
                slots.wakers.push(None);
                slots.wakers.len() - 1
            }))
        })
    }

    /// What JavaScript calls it.
    pub fn number(&self) -> usize {
        self.0
    }

    /// Ready with what was found; where that is nothing, the task is polled again once it is woken.
    pub fn poll<T>(&self, context: &Context<'_>, found: Option<T>) -> Poll<T> {
        match found {
            Some(found) => Poll::Ready(found),
            None => {
                set(self.0, Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        set(self.0, None);
        SLOTS.with_borrow_mut(|slots| slots.free.push(self.0));
    }
}

/// Puts a waker in its place, and gives what stood there: dropping one may run code that has slots of its own.
fn set(slot: usize, waker: Option<Waker>) -> Option<Waker> {
    SLOTS.with_borrow_mut(|slots| slots.wakers.get_mut(slot).map(|place| core::mem::replace(place, waker)))?
}

/// Has whatever waits under that number look again, and goes on with what is ready.
#[wasm_bindgen]
pub fn wake(slot: usize) {
    if let Some(waker) = set(slot, None) {
        waker.wake();
    }
    task::run();
}
