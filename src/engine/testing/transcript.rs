//! Transcripts: the events that an engine was given, and the effects that it asked for after each. Tests of the hosts replay them.
//!
//! `transcripts.rs` has their scenarios. An event or effect is a list: its name, then its fields in the order
//! of the enums, a call's operation as `Operation::named` takes it. Causes are left out, because each host has its own.

use serde_json::{Value, json};

use crate::engine::Operation;
use crate::engine::effect::Effect;
use crate::engine::event::{Answer, Event, Now};
use crate::http::delivery::Phase;

/// The turns so far.
#[derive(Debug, Default)]
pub struct Transcript(Vec<Turn>);

/// One event and its effects.
#[derive(Debug)]
struct Turn {
    now: Now,
    event: Value,
    effects: Vec<Value>,
}

impl Transcript {
    /// Notes an event.
    pub fn event(&mut self, event: &Event, now: Now) {
        self.0.push(Turn { now, event: event_value(event), effects: Vec::new() });
    }

    /// Notes an effect of the newest event.
    pub fn effect(&mut self, effect: &Effect) {
        if let Some(turn) = self.0.last_mut() {
            turn.effects.push(effect_value(effect));
        }
    }

    /// Returns the turns as JSON, one a line.
    pub fn text(&self) -> String {
        let turns = self.0.iter().map(|turn| {
            let now = json!([turn.now.wall, turn.now.monotonic]);
            json!({ "now": now, "event": turn.event, "effects": turn.effects }).to_string()
        });
        format!("[\n{}\n]\n", turns.collect::<Vec<_>>().join(",\n"))
    }
}

fn event_value(event: &Event) -> Value {
    match event {
        Event::Call { client, call, operation, options, cancelled: _, signs } => {
            let (method, key, a, b, c) = arguments(operation);
            json!(["call", client, call, signs, method, key, a, b, c, options])
        }
        Event::Cancel { call } => json!(["cancel", call]),
        Event::Head { id, status, headers } => json!(["head", id, status, headers]),
        Event::Body { id, bytes } => json!(["body", id, String::from_utf8_lossy(bytes)]),
        Event::Failed { id, phase, causes: _ } => json!(["failed", id, phase_name(*phase)]),
        Event::Answer { id, answer } => json!(["answer", id, answer_value(answer)]),
        Event::Refused { id, causes: _ } => json!(["refused", id]),
        Event::Alarm { at } => json!(["alarm", at]),
    }
}

fn arguments(operation: &Operation) -> (&'static str, &str, Option<&str>, Option<&str>, Option<&str>) {
    match operation {
        Operation::BeginAuthorization { options } => ("beginAuthorization", "", Some(options), None, None),
        Operation::CompleteAuthorization { key, callback_url, pending } => {
            ("completeAuthorization", key, Some(callback_url), Some(pending), None)
        }
        Operation::Restore { key } => ("session", key, None, None, None),
        Operation::Read { key, endpoint, id, options, checkpoint } => {
            (endpoint.entry().method, key, Some(id), Some(options), checkpoint.as_deref())
        }
        Operation::Sync { key, account_id, options } => ("sync", key, Some(account_id), Some(options), None),
        Operation::Refresh { key } => ("refresh", key, None, None, None),
        Operation::UserInfo { key } => ("userInfo", key, None, None, None),
        Operation::Revoke { key } => ("revoke", key, None, None, None),
    }
}

fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Offline => "offline",
        Phase::Connect => "connect",
        Phase::Request => "request",
        Phase::Response => "response",
        Phase::Body => "body",
        Phase::Size => "size",
    }
}

fn answer_value(answer: &Answer) -> Value {
    match answer {
        Answer::Nothing => Value::Null,
        Answer::Flag(flag) => json!(flag),
        Answer::Number(number) => json!(number),
        Answer::Text(text) => json!(text),
        Answer::Bytes(bytes) => json!({ "bytes": bytes }),
        Answer::Entry { value, version } => json!([value, version]),
    }
}

fn effect_value(effect: &Effect) -> Value {
    match effect {
        Effect::Send { id, client, method, url, headers, body, max_bytes, timeout_ms } => {
            json!(["send", id, client, method, url, headers, body, max_bytes, timeout_ms])
        }
        Effect::Abort { id } => json!(["abort", id]),
        Effect::StoreGet { id, client, key } => json!(["store_get", id, client, key]),
        Effect::StoreSwap { id, client, key, version, value } => {
            json!(["store_swap", id, client, key, version, value])
        }
        Effect::Lock { id, client, key } => json!(["lock", id, client, key]),
        Effect::IsHeld { id, lock } => json!(["is_held", id, lock]),
        Effect::Unlock { lock } => json!(["unlock", lock]),
        Effect::Acquire { id, client, quota, windows, call, lease_ms } => {
            json!(["acquire", id, client, quota, windows, call, lease_ms])
        }
        Effect::Release { client, quota, call, sent } => json!(["release", client, quota, call, sent]),
        Effect::ClientKey { id, client } => json!(["client_key", id, client]),
        Effect::ProofKey { id, client, issuer, algorithm } => {
            json!(["proof_key", id, client, issuer, algorithm])
        }
        Effect::Sign { id, client, proof, input } => json!(["sign", id, client, proof, input]),
        Effect::Verify { id, client, jwk, algorithm, input, signature } => {
            json!(["verify", id, client, jwk, algorithm, input, signature])
        }
        Effect::Sha512 { id, client, text } => json!(["sha512", id, client, text]),
        Effect::Random { id, length } => json!(["random", id, length]),
        Effect::Load { id, module } => json!(["load", id, module]),
        Effect::Emit { client, event } => json!(["emit", client, event]),
        // How many there are stands for the rows.
        Effect::Rows { call, decoded } => json!(["rows", call, decoded.rows]),
        Effect::Settle { call, result: Ok(output) } => {
            json!(["settle", call, true, output.text, output.exchange])
        }
        Effect::Settle { call, result: Err(error) } => json!(["settle", call, false, error.to_json(), null]),
        Effect::Alarm { at, delay, holds_process: _ } => json!(["alarm", at, delay]),
        Effect::Forget { client } => json!(["forget", client]),
    }
}
