//! Polls the flows. It is the only place that does.
//!
//! A host calls [`run`] after it began a call, and [`wakers::wake`](super::wakers::wake) when what a flow awaits has arrived.

use core::cell::RefCell;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Waker};
use std::sync::Arc;
use std::task::Wake;

/// A future of any type, boxed: each type that a generic function takes would cost a kilobyte or two of wasm.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

struct Task {
    flow: LocalBoxFuture<'static, ()>,
    waker: Waker,
}

struct Executor {
    /// By number; `None` while a task is being polled and after it ended.
    tasks: Vec<Option<Task>>,
    free: Vec<usize>,
    ready: Vec<usize>,
    running: bool,
}

thread_local! {
    static EXECUTOR: RefCell<Executor> = const {
        RefCell::new(Executor { tasks: Vec::new(), free: Vec::new(), ready: Vec::new(), running: false })
    };
}

/// A task's number. Numbers are reused, so that a task may be polled once too often, which does no harm.
struct Number(usize);

impl Wake for Number {
    fn wake(self: Arc<Self>) {
        EXECUTOR.with_borrow_mut(|executor| executor.ready.push(self.0));
    }
}

/// Starts a flow, which is polled by the next [`run`] and then until it ends, whether or not anything waits for it.
pub fn spawn(flow: LocalBoxFuture<'static, ()>) {
    EXECUTOR.with_borrow_mut(|executor| {
        let number = executor.free.pop().unwrap_or(executor.tasks.len());
        let task = Some(Task { flow, waker: Arc::new(Number(number)).into() });
        match executor.tasks.get_mut(number) {
            Some(place) => *place = task,
            None => executor.tasks.push(task),
        }
        executor.ready.push(number);
    });
}

/// Polls every ready task until none is ready. A call from within a task leaves that to the outer call.
pub fn run() {
    if EXECUTOR.with_borrow_mut(|executor| mem::replace(&mut executor.running, true)) {
        return;
    }
    loop {
        let ready = EXECUTOR.with_borrow_mut(|executor| mem::take(&mut executor.ready));
        if ready.is_empty() {
            break;
        }
        ready.into_iter().for_each(poll);
    }
    EXECUTOR.with_borrow_mut(|executor| executor.running = false);
}

/// Polls a task outside the executor's borrow, because it may spawn others.
fn poll(number: usize) {
    let task = EXECUTOR.with_borrow_mut(|executor| executor.tasks.get_mut(number).and_then(Option::take));
    let Some(mut task) = task else { return };
    if task.flow.as_mut().poll(&mut Context::from_waker(&task.waker)).is_pending() {
        EXECUTOR.with_borrow_mut(|executor| {
            if let Some(place) = executor.tasks.get_mut(number) {
                *place = Some(task);
            }
        });
    } else {
        // Before its number is reused, because what the flow owned may wake tasks when it is dropped.
        drop(task);
        EXECUTOR.with_borrow_mut(|executor| executor.free.push(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::shared_result::SharedResult;
    use core::cell::Cell;
    use std::rc::Rc;

    #[test]
    fn executor_runs_a_flow_that_another_flow_starts() {
        let ended = Rc::new(Cell::new(0));
        let seen = ended.clone();
        spawn(Box::pin(async move {
            let inner = seen.clone();
            spawn(Box::pin(async move { inner.set(inner.get() + 1) }));
            // A call from within a flow does nothing by itself.
            run();
            seen.set(seen.get() + 10);
        }));
        assert_eq!(ended.get(), 0);
        run();
        assert_eq!(ended.get(), 11);
    }

    #[test]
    fn executor_polls_a_flow_again_only_when_it_is_woken() {
        let (result, polls) = (Rc::new(SharedResult::default()), Rc::new(Cell::new(0)));
        let (awaited, counted) = (result.clone(), polls.clone());
        spawn(Box::pin(async move {
            counted.set(counted.get() + 1);
            let value: u8 = awaited.wait().await;
            counted.set(counted.get() + usize::from(value));
        }));
        run();
        run();
        assert_eq!(polls.get(), 1);
        result.settle(7);
        run();
        assert_eq!(polls.get(), 8);
    }

    #[test]
    fn executor_reuses_the_number_of_a_flow_that_ended() {
        for _ in 0..100 {
            spawn(Box::pin(async {}));
            run();
        }
        EXECUTOR.with_borrow(|executor| assert_eq!(executor.tasks.len(), 1));
    }

    #[test]
    fn executor_drops_what_a_flow_owned_before_another_flow_has_its_number() {
        struct SpawnsWhenDropped(Rc<Cell<bool>>);
        impl Drop for SpawnsWhenDropped {
            fn drop(&mut self) {
                let ran = self.0.clone();
                spawn(Box::pin(async move { ran.set(true) }));
            }
        }
        let ran = Rc::new(Cell::new(false));
        let owned = SpawnsWhenDropped(ran.clone());
        spawn(Box::pin(async move { drop(owned) }));
        run();
        assert!(ran.get());
    }
}
