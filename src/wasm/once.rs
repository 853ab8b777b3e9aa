//! What several calls need at the same time is asked for by one of them; the others wait for what comes of it.

use core::cell::RefCell;
use std::rc::Rc;

use super::call::Call;
use super::outcome::Outcome;
use super::task::LocalBoxFuture;
use crate::error::{Class, Result};

/// Where calls find the one that asks already. What comes of it is kept elsewhere, and a failure nowhere.
#[derive(Default)]
pub struct Once(RefCell<Option<Rc<Question>>>);

struct Question {
    timeout_ms: i64,
    /// `None` where it was given up.
    outcome: Outcome<Option<Result<()>>>,
}

impl Once {
    /// Does `work`, unless another call is at it: then waits for that one's outcome. Where the other is given up, or its `timeoutMs` ends
    /// before that of this call would, it is this call's turn.
    pub async fn run(&self, call: &Call, work: LocalBoxFuture<'_, Result<()>>) -> Result<()> {
        loop {
            let Some(question) = self.0.borrow().clone() else { break };
            match question.outcome.wait().await {
                Some(Err(error))
                    if error.class == Class::Timeout && call.timeout_ms > question.timeout_ms => {}
                Some(outcome) => return outcome,
                None => {}
            }
        }
        let question = Rc::new(Question { timeout_ms: call.timeout_ms, outcome: Outcome::default() });
        self.0.replace(Some(question.clone()));
        let mut asker = Asker { once: self, question, outcome: None };
        let outcome = work.await;
        asker.outcome = Some(outcome.clone());
        outcome
    }
}

/// The call that asks. Dropping it, done or given up, ends the others' wait.
struct Asker<'a> {
    once: &'a Once,
    question: Rc<Question>,
    outcome: Option<Result<()>>,
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        self.once.0.take();
        self.question.outcome.settle(self.outcome.take());
    }
}
