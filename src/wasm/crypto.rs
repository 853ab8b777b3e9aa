//! The platform's WebCrypto, asked through the edge: no private key ever comes into wasm.

use wasm_bindgen::JsValue;

use super::client::Inner;
use super::edge::Edge;
use super::reply::{Answer, ask};
use crate::error::{Error, Kind, Result, wording};

/// Refuses what needs signatures before anything is sent, where the platform has none.
pub fn check(edge: &Edge) -> Result<()> {
    if edge.signs() {
        return Ok(());
    }
    Err(Error::of(Kind::CryptoUnavailable))
}

/// What the platform gives, or an error that says why it can't.
pub async fn told(asked: Answer) -> Result<JsValue> {
    asked.await.map_err(|causes| {
        let mut error = Error::worded(&wording::CRYPTO_FAILED);
        error.causes = causes;
        error
    })
}

/// A text that the platform gives.
pub async fn text(asked: Answer) -> Result<Option<String>> {
    Ok(told(asked).await?.as_string())
}

/// `input` with its signature: a token in compact form. `proof`: by the key that tokens are bound to, else by the client's own.
pub async fn sign(inner: &Inner, proof: bool, input: String) -> Result<String> {
    let asked = ask(|slot| inner.edge.sign(proof, &input, slot));
    let signature = text(asked).await?.unwrap_or_default();
    Ok([&input, ".", &signature].concat())
}
