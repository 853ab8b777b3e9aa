//! Reading from the API with a session's token.

use std::rc::Rc;

use super::call::Call;
use super::client::Inner;
use super::transport::Received;
use super::{refresh, session, transport};
use crate::aisp;
use crate::error::Result;
use crate::http::Request;
use crate::oauth::{Secret, random_token};

/// Sends a request with the session's access token; what is not 2xx is an error. A 401 leads to one refresh and one replay.
pub async fn read(inner: &Rc<Inner>, call: &Call, key: &str, mut request: Request) -> Result<Received> {
    let session = session::require(inner, key).await?;
    prepare(call, &mut request)?;
    refresh::ensure_fresh(inner, &session).await?;
    let used = session.tokens.borrow().access_token.clone();
    let mut received = authorized(inner, call, &used, &mut request).await?;
    if received.response.status == 401 && session.tokens.borrow().refresh_token.is_some() {
        // Another call may have renewed the token while this one was under way.
        if session.tokens.borrow().access_token == used {
            refresh::refresh(inner, &session).await?;
        }
        let renewed = session.tokens.borrow().access_token.clone();
        received = authorized(inner, call, &renewed, &mut request).await?;
    }
    if received.response.is_success() {
        return Ok(received);
    }
    Err(call.note(aisp::error_response(&received.response)))
}

async fn authorized(
    inner: &Rc<Inner>,
    call: &Call,
    token: &Secret,
    request: &mut Request,
) -> Result<Received> {
    request.headers.set("authorization", &["Bearer ", token.expose()].concat());
    transport::send(inner, call, request).await
}

fn prepare(call: &Call, request: &mut Request) -> Result<()> {
    request.headers.set("x-request-id", random_token()?.get(..22).unwrap_or_default());
    for (name, value) in [("psu-ip-address", &call.psu_ip_address), ("psu-user-agent", &call.psu_user_agent)]
    {
        if let Some(value) = value {
            request.headers.set(name, value);
        }
    }
    Ok(())
}
