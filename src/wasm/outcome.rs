//! What comes of something that tasks wait for: it comes once, and all of them see it.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::{Poll, Waker};

/// Empty until it is settled.
pub struct Outcome<T> {
    told: RefCell<Option<T>>,
    waiting: RefCell<Vec<Waker>>,
}

impl<T> Default for Outcome<T> {
    fn default() -> Self {
        Self { told: RefCell::new(None), waiting: RefCell::default() }
    }
}

impl<T: Clone> Outcome<T> {
    /// Tells it to whoever waits, and to whoever asks later.
    pub fn settle(&self, outcome: T) {
        self.told.replace(Some(outcome));
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Whether it has come.
    pub fn is_settled(&self) -> bool {
        self.told.borrow().is_some()
    }

    /// Waits for it.
    pub async fn wait(&self) -> T {
        poll_fn(|context| match &*self.told.borrow() {
            Some(outcome) => Poll::Ready(outcome.clone()),
            None => {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}
