//! Signatures, which the host makes and verifies: no private key ever comes into the engine.

use crate::engine::client::Client;
use crate::engine::effect::Effect;
use crate::engine::event::Answer;
use crate::engine::io::Pending;
use crate::error::{Error, Result, wording};

/// Returns the host's answer, or an error that says why there is none.
pub async fn answer(asked: Pending) -> Result<Answer> {
    asked.await.map_err(|causes| {
        let mut error = Error::worded(&wording::CRYPTO_FAILED);
        error.causes = causes;
        error
    })
}

/// Returns a text that the host answers.
pub async fn text(asked: Pending) -> Result<Option<String>> {
    Ok(match answer(asked).await? {
        Answer::Text(text) => Some(text),
        _ => None,
    })
}

/// Returns `input` with its signature: a token in compact form. `proof`: by the key that tokens are bound to, else by the client's own.
pub async fn sign(client: &Client, proof: bool, input: String) -> Result<String> {
    let asked =
        client.io.request(|id| Effect::Sign { id, client: client.number, proof, input: input.clone() });
    let signature = text(asked).await?.unwrap_or_default();
    Ok([&input, ".", &signature].concat())
}
