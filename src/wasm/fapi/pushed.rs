//! Authorization requests that are bound to a key, pushed, or both.

use super::{assertion, proof};
use crate::error::Result;
use crate::oauth::{AuthorizationRequest, Metadata, Pending, details, pushed};
use crate::wasm::call::Call;
use crate::wasm::client::Inner;

/// Begins an authorization: the URL, and what to keep until the callback.
pub async fn begin(
    inner: &Inner,
    call: &Call,
    request: &AuthorizationRequest,
    metadata: &Metadata,
) -> Result<(String, Pending)> {
    let has_details = request.authorization_details.is_some();
    if has_details {
        details::check_support(metadata)?;
    }
    let client = &inner.config.client;
    let key = if client.dpop { Some(proof::key(inner, call).await?) } else { None };
    let thumbprint = key.as_ref().map(|key| key.thumbprint.as_str());
    let begun = request.begin(client, metadata, thumbprint, inner.now())?;
    let url = match begun.push(client, metadata, has_details)? {
        Some(push) => {
            let received = assertion::post(inner, call, &push, client.dpop).await?;
            let request_uri = pushed::parse(&received.response).map_err(|error| call.note(error))?;
            begun.pushed_url(metadata, &request_uri)
        }
        None => begun.url(metadata),
    };
    Ok((url, begun.pending))
}
