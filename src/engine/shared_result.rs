//! A result that several flows await. It is settled once, and all of them get it.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::{Poll, Waker};

/// A result that has not arrived, or has.
pub struct SharedResult<T> {
    settled: RefCell<Option<T>>,
    waiting: RefCell<Vec<Waker>>,
}

impl<T> Default for SharedResult<T> {
    fn default() -> Self {
        Self { settled: RefCell::new(None), waiting: RefCell::default() }
    }
}

impl<T: Clone> SharedResult<T> {
    /// Gives the result to every flow that waits, and to those that ask later.
    pub fn settle(&self, result: T) {
        self.settled.replace(Some(result));
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Returns whether it has arrived.
    pub fn is_settled(&self) -> bool {
        self.settled.borrow().is_some()
    }

    /// Waits for it.
    pub async fn wait(&self) -> T {
        poll_fn(|context| match &*self.settled.borrow() {
            Some(result) => Poll::Ready(result.clone()),
            None => {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}
