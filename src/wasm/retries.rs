//! Making an attempt again: the decision is `http::retry`'s, the waiting is done here.

use wasm_bindgen::JsValue;

use super::alarm::Alarm;
use super::call::Call;
use super::client::Inner;
use super::edge::clock;
use super::events;
use super::transport::{self, Received};
use crate::error::{Class, RequestSent, Result};
use crate::http::Request;
use crate::http::retry::{Attempt, AttemptResult, Decision};

/// Sends a request that needs nothing new for each attempt.
pub async fn send(inner: &Inner, call: &Call, request: &Request) -> Result<Received> {
    loop {
        let result = transport::send(inner, call, request).await;
        if let Some(result) = settle(inner, call, request, result).await {
            return result;
        }
    }
}

/// What came of an attempt, where that is final; `None` where it is to be made again now, the wait being over.
pub async fn settle(
    inner: &Inner,
    call: &Call,
    request: &Request,
    result: Result<Received>,
) -> Option<Result<Received>> {
    let outcome = match &result {
        Ok(received) if received.response.is_success() => {
            inner.turns.budget.borrow_mut().succeeded(call.retries.take());
            return Some(result);
        }
        Ok(received) => AttemptResult::Status(received.response.status),
        Err(error) if matches!(error.class, Class::Network | Class::Timeout) => AttemptResult::NoResponse,
        Err(_) => return Some(result),
    };
    let attempt = Attempt {
        method: request.method,
        result: outcome,
        retries: call.retries.get(),
        max_retries: inner.config.max_retries,
        retry_after: call.retry_after.get(),
        deadline: call.deadline,
    };
    let now = clock();
    let decision = attempt.decide(now, js_sys::Math::random(), &mut inner.turns.budget.borrow_mut());
    if call.sent.get() == RequestSent::No {
        // What an earlier attempt may have left at the server is not undone by one that never left.
        call.sent.set(call.sent_before.get());
    }
    match decision {
        Decision::RetryAt(at) => {
            call.retries.set(call.retries.get() + 1);
            call.sent_before.set(call.sent.get());
            events::retry(inner, call, request, at - now, &result);
            sleep_until(inner, at).await;
            None
        }
        Decision::GiveUp { retry_at } => {
            let refused = outcome == AttemptResult::Status(429);
            let paused = if refused { inner.turns.state().paused_until } else { None };
            let at = retry_at.or(paused).map(|at| inner.time_of_day(at));
            call.retry_at.set(at);
            Some(result.map_err(|error| call.note(error)))
        }
    }
}

async fn sleep_until(inner: &Inner, at: f64) {
    loop {
        // A timer may fire a little early.
        let left = at - clock();
        if left <= 0.0 {
            return;
        }
        Alarm::set(&inner.edge, left.ceil() as i64, &JsValue::UNDEFINED).await;
    }
}
