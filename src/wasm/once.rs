//! What several calls need at the same time is asked for by one of them; the others wait for what comes of it.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::rc::Rc;

use super::alarm::LocalBoxFuture;
use super::call::Call;
use crate::error::{Class, Result};

/// Where calls find the one that asks already. What comes of it is kept elsewhere, and a failure nowhere.
#[derive(Default)]
pub struct Once(RefCell<Option<Rc<Question>>>);

struct Question {
    timeout_ms: i64,
    over: Cell<bool>,
    outcome: RefCell<Option<Result<()>>>,
    waiting: RefCell<Vec<Waker>>,
}

impl Once {
    /// Does `work`, unless another call is at it: then waits for that one's outcome. Where the other is given up, or its `timeoutMs` ends
    /// before that of this call would, it is this call's turn.
    pub async fn run(&self, call: &Call, work: LocalBoxFuture<'_, Result<()>>) -> Result<()> {
        loop {
            let Some(question) = self.0.borrow().clone() else { break };
            match question.outcome().await {
                Some(Err(error))
                    if error.class == Class::Timeout && call.timeout_ms > question.timeout_ms => {}
                Some(outcome) => return outcome,
                None => {}
            }
        }
        let question = Rc::new(Question {
            timeout_ms: call.timeout_ms,
            over: Cell::new(false),
            outcome: RefCell::new(None),
            waiting: RefCell::new(Vec::new()),
        });
        self.0.replace(Some(question.clone()));
        let asker = Asker { once: self, question };
        let outcome = work.await;
        asker.question.outcome.replace(Some(outcome.clone()));
        outcome
    }
}

impl Question {
    /// What came of it, once it is over; `None` where it was given up.
    async fn outcome(&self) -> Option<Result<()>> {
        poll_fn(|context| {
            if self.over.get() {
                return Poll::Ready(self.outcome.borrow().clone());
            }
            self.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// The call that asks. Dropping it, done or given up, ends the others' wait.
struct Asker<'a> {
    once: &'a Once,
    question: Rc<Question>,
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        self.once.0.take();
        self.question.over.set(true);
        for waker in self.question.waiting.take() {
            waker.wake();
        }
    }
}
