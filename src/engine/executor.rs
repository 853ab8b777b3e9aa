//! Polls the flows. It is the only place that does.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Waker};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Wake;

/// A future of any type, boxed: each type that a generic function takes would cost a kilobyte or two of wasm.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The flows of one engine.
#[derive(Default)]
pub struct Executor {
    /// By number; `None` while a task is being polled and after it ended.
    tasks: RefCell<Vec<Option<Task>>>,
    free: RefCell<Vec<usize>>,
    ready: Arc<ReadyQueue>,
    running: Cell<bool>,
}

struct Task {
    flow: LocalBoxFuture<'static, ()>,
    waker: Waker,
}

/// The numbers of the tasks to poll. A waker has to be `Send`, hence the mutex.
#[derive(Default)]
struct ReadyQueue(Mutex<Vec<usize>>);

impl ReadyQueue {
    fn push(&self, number: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(number);
    }

    fn take(&self) -> Vec<usize> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Wakes a task by its number. Numbers are reused, so a task may be polled once too often, which does no harm.
struct TaskWaker {
    number: usize,
    ready: Arc<ReadyQueue>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.ready.push(self.number);
    }
}

impl Executor {
    /// Starts a flow, which is polled by the next [`run`](Self::run) and then until it ends, whether or not anything waits for it.
    pub fn spawn(&self, flow: LocalBoxFuture<'static, ()>) {
        let mut tasks = self.tasks.borrow_mut();
        let number = self.free.borrow_mut().pop().unwrap_or(tasks.len());
        let waker = Arc::new(TaskWaker { number, ready: self.ready.clone() }).into();
        let task = Some(Task { flow, waker });
        match tasks.get_mut(number) {
            Some(place) => *place = task,
            None => tasks.push(task),
        }
        self.ready.push(number);
    }

    /// Polls every ready task until none is ready. A call from within a task leaves that to the outer call.
    pub fn run(&self) {
        if self.running.replace(true) {
            return;
        }
        loop {
            let ready = self.ready.take();
            if ready.is_empty() {
                break;
            }
            ready.into_iter().for_each(|number| self.poll(number));
        }
        self.running.set(false);
    }

    /// Returns how many flows have not ended.
    pub fn len(&self) -> usize {
        self.tasks.borrow().iter().flatten().count()
    }

    /// Drops every flow, as the end of a process does.
    #[cfg(test)]
    pub fn clear(&self) {
        while self.len() > 0 {
            let tasks = mem::take(&mut *self.tasks.borrow_mut());
            self.free.borrow_mut().clear();
            drop(tasks);
        }
    }

    /// Polls a task outside the borrow, because it may spawn others.
    fn poll(&self, number: usize) {
        let task = self.tasks.borrow_mut().get_mut(number).and_then(Option::take);
        let Some(mut task) = task else { return };
        if task.flow.as_mut().poll(&mut Context::from_waker(&task.waker)).is_pending() {
            if let Some(place) = self.tasks.borrow_mut().get_mut(number) {
                *place = Some(task);
            }
        } else {
            // Before its number is reused, because what the flow owned may wake tasks when it is dropped.
            drop(task);
            self.free.borrow_mut().push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::shared_result::SharedResult;
    use std::rc::Rc;

    #[test]
    fn executor_runs_a_flow_that_another_flow_starts() {
        let executor = Rc::new(Executor::default());
        let ended = Rc::new(Cell::new(0));
        let (seen, outer) = (ended.clone(), executor.clone());
        executor.spawn(Box::pin(async move {
            let inner = seen.clone();
            outer.spawn(Box::pin(async move { inner.set(inner.get() + 1) }));
            // A call from within a flow does nothing by itself.
            outer.run();
            seen.set(seen.get() + 10);
        }));
        assert_eq!(ended.get(), 0);
        executor.run();
        assert_eq!((ended.get(), executor.len()), (11, 0));
    }

    #[test]
    fn executor_polls_a_flow_again_only_when_it_is_woken() {
        let executor = Executor::default();
        let (result, polls) = (Rc::new(SharedResult::default()), Rc::new(Cell::new(0)));
        let (awaited, counted) = (result.clone(), polls.clone());
        executor.spawn(Box::pin(async move {
            counted.set(counted.get() + 1);
            let value: u8 = awaited.wait().await;
            counted.set(counted.get() + usize::from(value));
        }));
        executor.run();
        executor.run();
        assert_eq!(polls.get(), 1);
        result.settle(7);
        executor.run();
        assert_eq!(polls.get(), 8);
    }

    #[test]
    fn executor_reuses_the_number_of_a_flow_that_ended() {
        let executor = Executor::default();
        for _ in 0..100 {
            executor.spawn(Box::pin(async {}));
            executor.run();
        }
        assert_eq!(executor.tasks.borrow().len(), 1);
    }

    #[test]
    fn executor_drops_what_a_flow_owned_before_another_flow_has_its_number() {
        struct SpawnsWhenDropped(Rc<Executor>, Rc<Cell<bool>>);
        impl Drop for SpawnsWhenDropped {
            fn drop(&mut self) {
                let ran = self.1.clone();
                self.0.spawn(Box::pin(async move { ran.set(true) }));
            }
        }
        let (executor, ran) = (Rc::new(Executor::default()), Rc::new(Cell::new(false)));
        let owned = SpawnsWhenDropped(executor.clone(), ran.clone());
        executor.spawn(Box::pin(async move { drop(owned) }));
        executor.run();
        assert!(ran.get());
    }
}
