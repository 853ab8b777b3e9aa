//! The events that JavaScript brings.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::causes;
use super::perform::bring;
use crate::engine::effect::Id;
use crate::engine::event::{Answer, Event};
use crate::http::HEADERS;
use crate::http::delivery::Phase;

/// Returns the names of the header fields that `head` is to have, one a line.
#[wasm_bindgen(js_name = headerNames)]
pub fn header_names() -> String {
    HEADERS.join("\n")
}

/// The head of a response arrived.
#[wasm_bindgen]
pub fn head(id: f64, status: u16, headers: String) {
    bring(Event::Head { id: id as Id, status, headers });
}

/// The body of a response arrived.
#[wasm_bindgen]
pub fn body(id: f64, bytes: Vec<u8>) {
    bring(Event::Body { id: id as Id, bytes });
}

/// An exchange failed in that phase; `causes` as JSON.
#[wasm_bindgen]
pub fn failed(id: f64, phase: &str, causes: &str) {
    bring(Event::Failed { id: id as Id, phase: Phase::named(phase), causes: causes::read(causes) });
}

/// An effect was done.
#[wasm_bindgen]
pub fn answer(id: f64, value: &JsValue) {
    let answer = if let Some(flag) = value.as_bool() {
        Answer::Flag(flag)
    } else if let Some(number) = value.as_f64() {
        Answer::Number(number)
    } else if let Some(text) = value.as_string() {
        Answer::Text(text)
    } else if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        Answer::Bytes(bytes.to_vec())
    } else {
        Answer::Nothing
    };
    bring(Event::Answer { id: id as Id, answer });
}

/// The token store has that entry.
#[wasm_bindgen]
pub fn entry(id: f64, value: String, version: String) {
    bring(Event::Answer { id: id as Id, answer: Answer::Entry { value, version } });
}

/// An effect could not be done; `causes` as JSON.
#[wasm_bindgen]
pub fn refused(id: f64, causes: &str) {
    bring(Event::Refused { id: id as Id, causes: causes::read(causes) });
}

/// The application aborts a call.
#[wasm_bindgen]
pub fn cancel(call: f64) {
    bring(Event::Cancel { call: call as Id });
}

/// The time of the alarm that was set for `at` has come.
#[wasm_bindgen]
pub fn alarm(at: f64) {
    bring(Event::Alarm { at });
}
