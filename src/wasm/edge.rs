//! What JavaScript does for the core: `pkg-template/src/edge.ts` implements these types.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that never runs back, for everything that waits or is measured.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn clock() -> f64;

    /// The platform, as one client sees it. No method throws; `scripts/glue.mjs` guards every import, so that no exception unwinds the wasm.
    #[derive(Clone)]
    pub type Edge;

    /// Milliseconds since the epoch.
    #[wasm_bindgen(method)]
    pub fn now(this: &Edge) -> f64;

    /// Wakes a slot after `ms`, or once `cancellation` (undefined for none) ends the call.
    #[wasm_bindgen(method)]
    pub fn arm(this: &Edge, ms: f64, cancellation: &JsValue, slot: usize) -> Timer;

    /// The same without a signal, which keeps no process alive for longer than some seconds.
    #[wasm_bindgen(method)]
    pub fn rest(this: &Edge, ms: f64, slot: usize) -> Timer;

    /// Loads a part of the wasm.
    #[wasm_bindgen(method)]
    pub fn load(this: &Edge, part: &str, slot: usize) -> Reply;

    /// Starts one exchange through `fetch`, which wakes a slot as it goes on.
    #[wasm_bindgen(method)]
    pub fn exchange(
        this: &Edge,
        method: &str,
        url: &str,
        header_lines: &str,
        body: Option<&str>,
        max_bytes: f64,
        slot: usize,
    ) -> Exchange;

    /// Reads the token store: `{ value, version }` or null.
    #[wasm_bindgen(method, js_name = storeGet)]
    pub fn store_get(this: &Edge, key: &str, slot: usize) -> Reply;

    /// Compares and swaps in the token store: a boolean.
    #[wasm_bindgen(method, js_name = storeSwap)]
    pub fn store_swap(
        this: &Edge,
        key: &str,
        version: Option<&str>,
        value: Option<&str>,
        slot: usize,
    ) -> Reply;

    /// Whether the token store has locks of its own.
    #[wasm_bindgen(method, getter)]
    pub fn locks(this: &Edge) -> bool;

    /// Takes the token store's own lock of a key: a [`HeldLock`].
    #[wasm_bindgen(method, js_name = storeLock)]
    pub fn store_lock(this: &Edge, key: &str, slot: usize) -> Reply;

    /// Whether a lock that the token store granted is still this process's: a boolean.
    #[wasm_bindgen(method, js_name = stillHeld)]
    pub fn still_held(this: &Edge, lock: &HeldLock, slot: usize) -> Reply;

    /// Whether a limit is shared with other processes or tabs.
    #[wasm_bindgen(method, getter)]
    pub fn shares(this: &Edge) -> bool;

    /// Counts a call against the shared limit: 0 where it is counted, else the milliseconds after which to ask again. `windows`:
    /// `[[limit, ms], …]` as JSON. Where the call is never released, it counts as answered after `lease_ms`.
    #[wasm_bindgen(method)]
    pub fn acquire(this: &Edge, quota: &str, windows: &str, call: &str, lease_ms: f64, slot: usize) -> Reply;

    /// Says that a call which the shared limit counted is answered, or was never sent.
    #[wasm_bindgen(method)]
    pub fn release(this: &Edge, quota: &str, call: &str, sent: bool);

    /// Builds the JavaScript rows of a decoded message; the views hold for this call only.
    #[wasm_bindgen(method)]
    pub fn build(this: &Edge, message: u8, text: &[u8], tape: &[u32], aux: &[u8]) -> JsValue;

    /// Whether `fetch` presents a client certificate.
    #[wasm_bindgen(method, getter)]
    pub fn certificate(this: &Edge) -> bool;

    /// Whether the platform can sign and verify (`crypto.subtle`).
    #[wasm_bindgen(method, getter)]
    pub fn signs(this: &Edge) -> bool;

    /// What is known of the client's own key: `{ alg, kid? }` as JSON.
    #[wasm_bindgen(method, js_name = clientKey)]
    pub fn client_key(this: &Edge, slot: usize) -> Reply;

    /// What is known of the key that tokens of `issuer` are bound to: `{ alg, jwk }` as JSON, the public key. Where there is none, one is
    /// made for `algorithm`; without an algorithm undefined.
    #[wasm_bindgen(method, js_name = proofKey)]
    pub fn proof_key(this: &Edge, issuer: &str, algorithm: Option<&str>, slot: usize) -> Reply;

    /// Signs with the client's key, or with that which tokens are bound to (`proof`): the signature in base64url.
    #[wasm_bindgen(method)]
    pub fn sign(this: &Edge, proof: bool, input: &str, slot: usize) -> Reply;

    /// Whether the public key verifies the signature; false too for a key that is none.
    #[wasm_bindgen(method)]
    pub fn verify(
        this: &Edge,
        jwk: &str,
        algorithm: &str,
        input: &str,
        signature: &str,
        slot: usize,
    ) -> Reply;

    /// SHA-512 of a text: bytes.
    #[wasm_bindgen(method)]
    pub fn sha512(this: &Edge, text: &str, slot: usize) -> Reply;

    /// Whether anybody listens to events.
    #[wasm_bindgen(method, getter)]
    pub fn watched(this: &Edge) -> bool;

    /// Hands an event to the listener, if there is one, and remembers it for a while.
    #[wasm_bindgen(method)]
    pub fn emit(this: &Edge, event: &str);

    /// Whoever made a call of the public interface.
    pub type Caller;

    /// The cancellation that its signal triggers; undefined where there is no signal.
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Caller) -> JsValue;

    /// Ends the call, with its result or with its error as JSON.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Caller, succeeded: bool, value: &JsValue);

    /// What the platform answers later.
    pub type Reply;

    /// 0 until it has come: then 1 where it is an answer, 2 where there is none.
    #[wasm_bindgen(method, getter)]
    pub fn state(this: &Reply) -> u8;

    /// The answer, or why there is none: `{ causes }` as JSON.
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Reply) -> JsValue;

    /// A lock that the token store granted.
    pub type HeldLock;

    /// Lets go of it.
    #[wasm_bindgen(method)]
    pub fn release(this: &HeldLock);

    /// A timer, a signal that is watched, or both.
    #[derive(Clone)]
    pub type Timer;

    /// 0 until it goes off: then 1 as its time was up, 2 as the signal aborted.
    #[wasm_bindgen(method, getter)]
    pub fn fired(this: &Timer) -> u8;

    /// Calls it off.
    #[wasm_bindgen(method)]
    pub fn off(this: &Timer);

    /// Calls it off, as if its signal had aborted.
    #[wasm_bindgen(method)]
    pub fn end(this: &Timer);

    /// An exchange, and what has come of it.
    #[derive(Clone)]
    pub type Exchange;

    /// 0 while nothing has come, 1 once the headers are there, 2 once the body is, or nothing more will come.
    #[wasm_bindgen(method, getter)]
    pub fn stage(this: &Exchange) -> u8;

    /// Ends the exchange.
    #[wasm_bindgen(method)]
    pub fn abort(this: &Exchange);

    /// Why no whole answer came, as JSON `{ phase, causes }`; undefined where one did.
    #[wasm_bindgen(method, getter)]
    pub fn failure(this: &Exchange) -> Option<String>;

    /// The status code.
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Exchange) -> u16;

    /// The value of a header field.
    #[wasm_bindgen(method)]
    pub fn header(this: &Exchange, name: &str) -> Option<String>;

    /// The body's bytes.
    #[wasm_bindgen(method, getter)]
    pub fn bytes(this: &Exchange) -> Uint8Array;

    /// All header fields, for `withResponse()`.
    #[wasm_bindgen(method, getter)]
    pub fn headers(this: &Exchange) -> JsValue;
}
