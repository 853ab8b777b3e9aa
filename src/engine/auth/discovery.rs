//! The authorization server's metadata.

use std::rc::Rc;

use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::retry;
use crate::error::Result;
use crate::oauth::Metadata;

/// Returns the metadata, which is fetched once.
pub async fn metadata(client: &Client, call: &Call) -> Result<Rc<Metadata>> {
    loop {
        if let Some(metadata) = client.server.metadata.borrow().clone() {
            return Ok(metadata);
        }
        client.server.metadata_in_flight.run(call.timeout_ms, Box::pin(fetch(client, call))).await?;
    }
}

async fn fetch(client: &Client, call: &Call) -> Result<()> {
    let issuer = &client.config.environment.issuer;
    let received = retry::send_plain(client, call, &Metadata::request(issuer)).await?;
    let metadata = Metadata::parse(issuer, &received.response, &client.config.client)
        .map_err(|error| call.attach_context(error))?;
    *client.server.metadata.borrow_mut() = Some(Rc::new(metadata));
    Ok(())
}
