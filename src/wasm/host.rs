//! What JavaScript does: `pkg-template/src/host.ts` implements these methods. Each notes what is to be done, and does it once the wasm
//! has returned. `scripts/glue.mjs` guards every import, so that no exception unwinds the wasm.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that never runs back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn clock() -> f64;

    /// The effects of one instance of the wasm. Ids are whole numbers below 2^53.
    #[derive(Clone)]
    pub type Host;

    /// Milliseconds since the epoch.
    #[wasm_bindgen(method)]
    pub fn now(this: &Host) -> f64;

    #[wasm_bindgen(method)]
    pub fn send(
        this: &Host,
        id: f64,
        client: u32,
        method: &str,
        url: &str,
        headers: &str,
        body: Option<&str>,
        max_bytes: f64,
    );

    #[wasm_bindgen(method)]
    pub fn abort(this: &Host, id: f64);

    #[wasm_bindgen(method, js_name = storeGet)]
    pub fn store_get(this: &Host, id: f64, client: u32, key: &str);

    #[wasm_bindgen(method, js_name = storeSwap)]
    pub fn store_swap(
        this: &Host,
        id: f64,
        client: u32,
        key: &str,
        version: Option<&str>,
        value: Option<&str>,
    );

    #[wasm_bindgen(method)]
    pub fn lock(this: &Host, id: f64, client: u32, key: &str);

    #[wasm_bindgen(method, js_name = isHeld)]
    pub fn is_held(this: &Host, id: f64, lock: f64);

    #[wasm_bindgen(method)]
    pub fn unlock(this: &Host, lock: f64);

    /// `windows`: limit and length of each, one after the other.
    #[wasm_bindgen(method)]
    pub fn acquire(
        this: &Host,
        id: f64,
        client: u32,
        quota: &str,
        windows: &[f64],
        call: &str,
        lease_ms: f64,
    );

    #[wasm_bindgen(method)]
    pub fn release(this: &Host, client: u32, quota: &str, call: &str, sent: bool);

    #[wasm_bindgen(method, js_name = clientKey)]
    pub fn client_key(this: &Host, id: f64, client: u32);

    #[wasm_bindgen(method, js_name = proofKey)]
    pub fn proof_key(this: &Host, id: f64, client: u32, issuer: &str, algorithm: Option<&str>);

    #[wasm_bindgen(method)]
    pub fn sign(this: &Host, id: f64, client: u32, proof: bool, input: &str);

    #[wasm_bindgen(method)]
    pub fn verify(this: &Host, id: f64, jwk: &str, algorithm: &str, input: &str, signature: &str);

    #[wasm_bindgen(method)]
    pub fn sha512(this: &Host, id: f64, text: &str);

    #[wasm_bindgen(method)]
    pub fn load(this: &Host, id: f64, module: &str);

    #[wasm_bindgen(method)]
    pub fn emit(this: &Host, client: u32, event: &str);

    /// Builds the rows at once, since the views are valid for this call only.
    #[wasm_bindgen(method)]
    pub fn rows(this: &Host, call: f64, message: u8, text: &[u8], tape: &[u32], aux: &[u8]);

    /// `text`: the result, or the error as JSON. `exchange`: the exchange by which it came, 0 for none.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Host, call: f64, succeeded: bool, text: Option<&str>, exchange: f64);

    /// `at`: by the engine's clock; `delay`: in milliseconds, negative for none.
    #[wasm_bindgen(method)]
    pub fn alarm(this: &Host, at: f64, delay: f64, holds_process: bool);

    #[wasm_bindgen(method)]
    pub fn forget(this: &Host, client: u32);
}
