//! The engine of this instance, and its effects as calls of JavaScript.

use core::cell::RefCell;
use std::rc::Rc;

use super::host::{Host, clock};
use crate::engine::Engine;
use crate::engine::effect::{Effect, Id};
use crate::engine::event::{Answer, Event, Now};

thread_local! {
    static ENGINE: RefCell<Option<(Rc<Engine>, Host)>> = const { RefCell::new(None) };
}

/// Returns the engine, and starts it with `host` if there is none.
pub fn engine(host: &Host) -> Rc<Engine> {
    if let Some((engine, _)) = ENGINE.with_borrow(Clone::clone) {
        return engine;
    }
    // A platform without secure randomness shows it at the first call that needs it. These numbers are no secret.
    let seed = [(); 3].map(|()| getrandom::u64().unwrap_or_default());
    let engine = Rc::new(Engine::new(seed));
    ENGINE.set(Some((engine.clone(), host.clone())));
    engine
}

/// Returns both clocks.
pub fn now(host: &Host) -> Now {
    Now { wall: host.now() as i64, monotonic: clock() }
}

/// Brings an event to the engine, and takes all its effects.
pub fn bring(event: Event) {
    let Some((engine, host)) = ENGINE.with_borrow(Clone::clone) else { return };
    let mut events = vec![event];
    while let Some(event) = events.pop() {
        engine.handle(event, now(&host));
        for effect in engine.take_effects() {
            match effect {
                Effect::Random { id, length } => events.push(random(id, length)),
                effect => perform(&host, effect),
            }
        }
    }
}

fn random(id: Id, length: usize) -> Event {
    let mut bytes = vec![0; length];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Event::Answer { id, answer: Answer::Bytes(bytes) },
        Err(_) => Event::Refused { id, causes: Vec::new() },
    }
}

fn perform(host: &Host, effect: Effect) {
    match effect {
        Effect::Send { id, client, method, url, headers, body, max_bytes, timeout_ms: _ } => {
            host.send(id as f64, client, method, &url, &headers, body.as_deref(), max_bytes as f64);
        }
        Effect::Abort { id } => host.abort(id as f64),
        Effect::StoreGet { id, client, key } => host.store_get(id as f64, client, &key),
        Effect::StoreSwap { id, client, key, version, value } => {
            host.store_swap(id as f64, client, &key, version.as_deref(), value.as_deref());
        }
        Effect::Lock { id, client, key } => host.lock(id as f64, client, &key),
        Effect::IsHeld { id, lock } => host.is_held(id as f64, lock as f64),
        Effect::Unlock { lock } => host.unlock(lock as f64),
        Effect::Acquire { id, client, quota, windows, call, lease_ms } => {
            let windows: Vec<f64> =
                windows.into_iter().flat_map(|(limit, ms)| [f64::from(limit), ms.ceil()]).collect();
            host.acquire(id as f64, client, &quota, &windows, &call, lease_ms);
        }
        Effect::Release { client, quota, call, sent } => host.release(client, &quota, &call, sent),
        Effect::ClientKey { id, client } => host.client_key(id as f64, client),
        Effect::ProofKey { id, client, issuer, algorithm } => {
            host.proof_key(id as f64, client, &issuer, algorithm.as_deref());
        }
        Effect::Sign { id, client, proof, input } => host.sign(id as f64, client, proof, &input),
        Effect::Verify { id, client: _, jwk, algorithm, input, signature } => {
            host.verify(id as f64, &jwk, algorithm, &input, &signature);
        }
        Effect::Sha512 { id, client: _, text } => host.sha512(id as f64, &text),
        // Answered by `bring`.
        Effect::Random { .. } => {}
        Effect::Load { id, module } => host.load(id as f64, module),
        Effect::Emit { client, event } => host.emit(client, &event),
        Effect::Rows { call, decoded } => {
            host.rows(call as f64, decoded.message as u8, &decoded.text, &decoded.tape, &decoded.aux);
        }
        Effect::Settle { call, result: Ok(output) } => {
            let exchange = output.exchange.unwrap_or_default();
            host.settle(call as f64, true, output.text.as_deref(), exchange as f64);
        }
        Effect::Settle { call, result: Err(error) } => {
            host.settle(call as f64, false, Some(&error.to_json()), 0.0);
        }
        Effect::Alarm { at, delay, holds_process } => {
            host.alarm(at, delay.unwrap_or(-1.0), holds_process);
        }
        Effect::Forget { client } => host.forget(client),
    }
}
