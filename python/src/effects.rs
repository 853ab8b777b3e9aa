//! The effects that the engine asks for, as tuples: the name of the host's method, then its arguments.

use oakford_aisp::engine::effect::Effect;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::rows;

/// Makes the tuple of an effect.
pub fn write<'py>(py: Python<'py>, effect: Effect) -> PyResult<Bound<'py, PyTuple>> {
    match effect {
        Effect::Send { id, client, method, url, headers, body, max_bytes, timeout_ms } => {
            ("send", id, client, method, url, headers, body, max_bytes, timeout_ms).into_pyobject(py)
        }
        Effect::Abort { id } => ("abort", id).into_pyobject(py),
        Effect::StoreGet { id, client, key } => ("store_get", id, client, key).into_pyobject(py),
        Effect::StoreSwap { id, client, key, version, value } => {
            ("store_swap", id, client, key, version, value).into_pyobject(py)
        }
        Effect::Lock { id, client, key } => ("lock", id, client, key).into_pyobject(py),
        Effect::IsHeld { id, lock } => ("is_held", id, lock).into_pyobject(py),
        Effect::Unlock { lock } => ("unlock", lock).into_pyobject(py),
        Effect::Acquire { id, client, quota, windows, call, lease_ms } => {
            ("acquire", id, client, quota, windows, call, lease_ms).into_pyobject(py)
        }
        Effect::Release { client, quota, call, sent } => {
            ("release", client, quota, call, sent).into_pyobject(py)
        }
        Effect::ClientKey { id, client } => ("client_key", id, client).into_pyobject(py),
        Effect::ProofKey { id, client, issuer, algorithm } => {
            ("proof_key", id, client, issuer, algorithm).into_pyobject(py)
        }
        Effect::Sign { id, client, proof, input } => ("sign", id, client, proof, input).into_pyobject(py),
        Effect::Verify { id, client, jwk, algorithm, input, signature } => {
            ("verify", id, client, jwk, algorithm, input, signature).into_pyobject(py)
        }
        Effect::Sha512 { id, client, text } => ("sha512", id, client, text).into_pyobject(py),
        Effect::Random { id, length } => ("random", id, length).into_pyobject(py),
        Effect::Load { id, module } => ("load", id, module).into_pyobject(py),
        Effect::Emit { client, event } => ("emit", client, event).into_pyobject(py),
        Effect::Rows { call, decoded } => {
            // An exception is the result of the call whose page it is.
            let page = rows::page(py, &decoded).unwrap_or_else(|error| error.into_value(py).into_any());
            ("rows", call, page).into_pyobject(py)
        }
        Effect::Settle { call, result: Ok(output) } => {
            ("settle", call, true, output.text, output.exchange).into_pyobject(py)
        }
        Effect::Settle { call, result: Err(error) } => {
            ("settle", call, false, error.to_json(), None::<u64>).into_pyobject(py)
        }
        Effect::Alarm { at, delay, holds_process: _ } => ("alarm", at, delay).into_pyobject(py),
        Effect::Forget { client } => ("forget", client).into_pyobject(py),
    }
}
