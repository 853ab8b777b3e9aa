//! How a host wakes what a flow awaits: each wait has a number, so that no closure has to be made for it.

use core::cell::RefCell;
use core::task::{Context, Poll, Waker};

use super::executor;

struct Wakers {
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
}

thread_local! {
    static WAKERS: RefCell<Wakers> = const { RefCell::new(Wakers { wakers: Vec::new(), free: Vec::new() }) };
}

/// A registered waker. Numbers are reused, so wake-ups may be spurious; a woken future checks its condition again.
pub struct Registration(usize);

impl Registration {
    /// Takes a free number.
    #[expect(clippy::new_without_default, reason = "a number is taken, so no two are equal")]
    pub fn new() -> Self {
        WAKERS.with_borrow_mut(|wakers| {
            Self(wakers.free.pop().unwrap_or_else(|| {
                wakers.wakers.push(None);
                wakers.wakers.len() - 1
            }))
        })
    }

    /// Returns the number by which the host wakes it.
    pub fn number(&self) -> usize {
        self.0
    }

    /// Returns `found` if it is there; else registers the flow's waker.
    pub fn poll<T>(&self, context: &Context<'_>, found: Option<T>) -> Poll<T> {
        match found {
            Some(found) => Poll::Ready(found),
            None => {
                drop(replace(self.0, Some(context.waker().clone())));
                Poll::Pending
            }
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        drop(replace(self.0, None));
        WAKERS.with_borrow_mut(|wakers| wakers.free.push(self.0));
    }
}

/// Replaces a waker and returns the former one, to be dropped outside the borrow: dropping it may run code that registers others.
fn replace(number: usize, waker: Option<Waker>) -> Option<Waker> {
    WAKERS.with_borrow_mut(|wakers| {
        wakers.wakers.get_mut(number).map(|place| core::mem::replace(place, waker))
    })?
}

/// Wakes the flow that registered under `number`, if any, and polls every ready flow.
pub fn wake(number: usize) {
    if let Some(waker) = replace(number, None) {
        waker.wake();
    }
    executor::run();
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::cell::Cell;
    use core::future::poll_fn;
    use std::rc::Rc;

    #[test]
    fn wakers_a_flow_goes_on_when_its_condition_holds_and_not_by_a_spurious_wake() {
        let (arrived, ended, number) =
            (Rc::new(Cell::new(None)), Rc::new(Cell::new(0)), Rc::new(Cell::new(usize::MAX)));
        let (condition, result, registered) = (arrived.clone(), ended.clone(), number.clone());
        executor::spawn(Box::pin(async move {
            let registration = Registration::new();
            registered.set(registration.number());
            result.set(poll_fn(|context| registration.poll(context, condition.get())).await);
        }));
        executor::run();
        wake(number.get());
        assert_eq!(ended.get(), 0);
        arrived.set(Some(5));
        wake(number.get());
        assert_eq!(ended.get(), 5);
        // Its number is free again, and waking it does nothing.
        wake(number.get());
        assert_eq!(Registration::new().number(), number.get());
        wake(usize::MAX);
    }
}
