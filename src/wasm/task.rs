//! Tasks: futures that run to their end, whoever waits for them. JavaScript has the core go on with those that are ready: by `run` after it
//! began a call, by `wake` when what one waits for has come.

use core::cell::RefCell;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::sync::Arc;
use std::task::Wake;

use wasm_bindgen::prelude::wasm_bindgen;

/// A future of whatever type, boxed: each type that a generic function took would cost a kilobyte or two of wasm.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

struct Task {
    work: LocalBoxFuture<'static, ()>,
    waker: Waker,
}

#[derive(Default)]
struct Tasks {
    /// By number; nothing where a task has ended, or is being polled.
    tasks: Vec<Option<Task>>,
    free: Vec<usize>,
    ready: Vec<usize>,
    running: bool,
}

thread_local! {
    static TASKS: RefCell<Tasks> = RefCell::default();
}

/// A task's number. Once the task has ended another may have it: that one is polled once too often, which does no harm.
struct Number(usize);

impl Wake for Number {
    fn wake(self: Arc<Self>) {
        TASKS.with_borrow_mut(|tasks| tasks.ready.push(self.0));
    }
}

/// Has a future run to its end, from the next `run` on.
pub fn spawn(work: LocalBoxFuture<'static, ()>) {
    TASKS.with_borrow_mut(|tasks| {
        let number = tasks.free.pop().unwrap_or(tasks.tasks.len());
        let task = Some(Task { work, waker: Arc::new(Number(number)).into() });
        match tasks.tasks.get_mut(number) {
            Some(place) => *place = task,
            None => tasks.tasks.push(task),
        }
        tasks.ready.push(number);
    });
}

/// Goes on with every task that is ready. Called from within a task, by way of JavaScript, it leaves that to the outer call.
#[wasm_bindgen]
pub fn run() {
    if TASKS.with_borrow_mut(|tasks| mem::replace(&mut tasks.running, true)) {
        return;
    }
    loop {
        let ready = TASKS.with_borrow_mut(|tasks| mem::take(&mut tasks.ready));
        if ready.is_empty() {
            break;
        }
        ready.into_iter().for_each(go_on);
    }
    TASKS.with_borrow_mut(|tasks| tasks.running = false);
}

/// Polls a task, which is out of its place meanwhile: it may spawn others.
fn go_on(number: usize) {
    let task = TASKS.with_borrow_mut(|tasks| tasks.tasks.get_mut(number).and_then(Option::take));
    let Some(mut task) = task else { return };
    match task.work.as_mut().poll(&mut Context::from_waker(&task.waker)) {
        Poll::Pending => TASKS.with_borrow_mut(|tasks| {
            if let Some(place) = tasks.tasks.get_mut(number) {
                *place = Some(task);
            }
        }),
        Poll::Ready(()) => {
            // Before its number is another's: what ends with it may wake tasks.
            drop(task);
            TASKS.with_borrow_mut(|tasks| tasks.free.push(number));
        }
    }
}
