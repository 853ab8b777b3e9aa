//! The decoder alone, for benches and for tests of the decoder as it runs in wasm. Not part of the module that ships.

use crate::aisp::decode::{self, Keys, Message};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = oakfordBench, js_name = build)]
    fn build(message: u8, text: &[u8], tape: &[u32], aux: &[u8]) -> JsValue;
}

/// Decodes a body and lets JavaScript build the objects.
#[wasm_bindgen]
pub fn decode(message: u8, body: Vec<u8>) -> Result<JsValue, JsValue> {
    decode_page(message, body, &mut Keys::new())
}

/// A listing whose pages are decoded one after the other.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Listing {
    keys: std::cell::RefCell<Keys>,
}

#[wasm_bindgen]
impl Listing {
    /// A new listing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Listing {
        Listing::default()
    }

    /// Decodes its next page.
    pub fn page(&self, message: u8, body: Vec<u8>) -> Result<JsValue, JsValue> {
        decode_page(message, body, &mut self.keys.borrow_mut())
    }
}

/// Decodes a body and builds nothing: what of the time is Rust's.
#[wasm_bindgen]
pub fn scan(message: u8, body: Vec<u8>) -> usize {
    decode::decode(kind(message), body, &mut Keys::new()).map_or(0, |decoded| decoded.tape.len())
}

fn decode_page(message: u8, body: Vec<u8>, keys: &mut Keys) -> Result<JsValue, JsValue> {
    match decode::decode(kind(message), body, keys) {
        Ok(decoded) => Ok(build(message, &decoded.text, &decoded.tape, &decoded.aux)),
        Err(error) => Err(JsValue::from_str(&error.message())),
    }
}

fn kind(message: u8) -> Message {
    Message::ALL.get(usize::from(message)).copied().unwrap_or(Message::TransactionList)
}
