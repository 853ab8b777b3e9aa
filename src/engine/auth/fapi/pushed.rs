//! Authorization requests that are bound to a key, pushed, or both.

use super::{assertion, dpop};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::error::Result;
use crate::oauth::{AuthorizationRequest, Metadata, Pending, details, pushed};

/// Begins an authorization: the URL, and what to keep until the callback.
pub async fn begin(
    client: &Client,
    call: &Call,
    request: &AuthorizationRequest,
    metadata: &Metadata,
) -> Result<(String, Pending)> {
    let has_details = request.authorization_details.is_some();
    if has_details {
        details::check_support(metadata)?;
    }
    let config = &client.config.client;
    let key = if config.dpop { Some(dpop::key(client, call).await?) } else { None };
    let thumbprint = key.as_ref().map(|key| key.thumbprint.as_str());
    let begun =
        request.begin(config, metadata, thumbprint, client.io.random_tokens(3).await?, client.io.wall());
    let url = match begun.push(config, metadata, has_details)? {
        Some(push) => {
            let received = assertion::post(client, call, &push, config.dpop).await?;
            let request_uri =
                pushed::parse(&received.response).map_err(|error| call.attach_context(error))?;
            begun.pushed_url(metadata, &request_uri)
        }
        None => begun.url(metadata),
    };
    Ok((url, begun.pending))
}
