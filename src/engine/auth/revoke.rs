//! Revoking a grant (RFC 7009).

use std::rc::Rc;

use super::{client_auth, discovery};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::session::{lookup, stored};
use crate::engine::store;
use crate::error::{Error, Kind, Result};
use crate::oauth::{error_response, token};

/// Revokes the grant at the server and forgets the session; an error if the server can't revoke.
pub async fn revoke(client: &Rc<Client>, call: &Call, key: &str) -> Result<()> {
    let session = lookup::require(client, key).await?;
    let tokens = session.grant().tokens.clone();
    let metadata = discovery::metadata(client, call).await?;
    if let Some(endpoint) = &metadata.revocation_endpoint {
        let request = token::revocation(&client.config.client, endpoint, &tokens);
        let received = client_auth::post(client, call, &request, false).await?;
        if !received.response.is_success() {
            let error = error_response(&received.response, "The revocation was refused");
            return Err(call.attach_context(error));
        }
    }
    store::put(client, &stored::store_key(key), None).await?;
    client.sessions.remove(key);
    if metadata.revocation_endpoint.is_none() {
        return Err(Error::of(Kind::RevocationUnsupported));
    }
    Ok(())
}
