//! What the platform answers later, as a future.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use wasm_bindgen::JsValue;

use super::edge::Reply;
use super::transport;
use crate::engine::wakers::Registration;
use crate::error::Cause;
use crate::json::{self, Value};

/// An answer that is awaited: what it is, or why there is none.
pub struct Answer {
    reply: Reply,
    slot: Registration,
}

/// Asks the platform; the reply wakes the slot of that number.
pub fn ask(begin: impl FnOnce(usize) -> Reply) -> Answer {
    let slot = Registration::new();
    Answer { reply: begin(slot.number()), slot }
}

impl Future for Answer {
    type Output = Result<JsValue, Vec<Cause>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = match self.reply.state() {
            0 => None,
            1 => Some(Ok(self.reply.value())),
            _ => Some(Err(causes(&self.reply))),
        };
        self.slot.poll(context, answered)
    }
}

/// `{ causes }` as JSON.
fn causes(reply: &Reply) -> Vec<Cause> {
    let told = reply.value().as_string().unwrap_or_default();
    transport::causes(&json::parse(told.as_bytes()).unwrap_or(Value::Null))
}
