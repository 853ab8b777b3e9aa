//! The platform's WebCrypto, asked through the edge: no private key ever comes into wasm.

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::client::Inner;
use crate::error::{Cause, Class, Error, Result};

/// What the platform gives, or an error that says why it can't.
pub async fn told(promise: Promise) -> Result<JsValue> {
    JsFuture::from(promise).await.map_err(|thrown| {
        let text = |name: &str| Reflect::get(&thrown, &JsValue::from_str(name)).ok().and_then(|text| text.as_string());
        let mut error = Error::new(
            Class::Configuration,
            "crypto_unavailable",
            "The platform's cryptography (crypto.subtle, in browsers on https pages only) can't do what is needed; see the cause.",
        );
        error.causes = vec![Cause {
            name: text("name").unwrap_or_default(),
            message: text("message").unwrap_or_default(),
            code: None,
        }];
        error
    })
}

/// A text that the platform gives.
pub async fn text(promise: Promise) -> Result<Option<String>> {
    Ok(told(promise).await?.as_string())
}

/// `input` with its signature: a token in compact form. `proof`: by the key that tokens are bound to, else by the client's own.
pub async fn sign(inner: &Inner, proof: bool, input: String) -> Result<String> {
    let signature = text(inner.edge.sign(proof, &input)).await?.unwrap_or_default();
    Ok([&input, ".", &signature].concat())
}
