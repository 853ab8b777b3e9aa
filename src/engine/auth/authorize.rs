//! The authorization flow: metadata, the redirect, the callback, the code exchange.
//!
//! Rule: `docs/security.md#code-once`.

use std::rc::Rc;

use super::{client_auth, discovery, fapi, openid, token_binding, token_response};
use crate::aisp::consent;
use crate::config;
use crate::digits;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::host::check_signatures;
use crate::engine::session::registry::Session;
use crate::engine::session::{lookup, stored};
use crate::engine::store;
use crate::error::{Error, Kind, RequestSent, Result};
use crate::grant::Grant;
use crate::json::{FieldError, Fields, ObjectWriter};
use crate::oauth::{AuthorizationRequest, Metadata, Pending, VerifiedCallback, asks_openid, callback, token};
use crate::options;

/// Begins an authorization: `{ url, pending }`.
pub async fn begin(client: &Client, call: &Call, options: &str) -> Result<String> {
    let (mut request, has_details) =
        options::with_fields(options, |fields| request(client, fields).map_err(Error::option))?;
    if asks_openid(&request.scope) {
        check_signatures(client.signs.get())?;
    }
    if has_details {
        request.authorization_details = fapi::load(client).await?.details(client, options)?;
    }
    let metadata = discovery::metadata(client, call).await?;
    let config = &client.config.client;
    let plain = !(has_details || config.dpop || config.profile.pushes() || metadata.requires_pushed_requests);
    let (url, pending) = if plain {
        let begun =
            request.begin(config, &metadata, None, client.io.random_tokens(3).await?, client.io.wall());
        (begun.url(&metadata), begun.pending)
    } else {
        fapi::load(client).await?.begin(client, call, &request, &metadata).await?
    };
    let mut out = ObjectWriter::new();
    Ok(out.text("url", &url).raw("pending", &pending.to_json()).finish())
}

/// Reads the options; whether there are `authorizationDetails` among them, which are read elsewhere.
fn request(
    client: &Client,
    fields: Fields<'_>,
) -> core::result::Result<(AuthorizationRequest, bool), FieldError> {
    const OPTIONS: [&str; 7] =
        ["scope", "prompt", "loginHint", "claims", "acrValues", "authorizationDetails", "pendingLifetimeMs"];
    fields.only(&OPTIONS)?;
    fields.object("claims", "claims")?;
    let request = AuthorizationRequest {
        scope: config::scope(fields, &client.config.scope)?,
        prompt: fields.text("prompt")?.map(String::from),
        login_hint: fields.text("loginHint")?.map(String::from),
        claims: fields.value("claims").cloned(),
        acr_values: fields.texts("acrValues")?.unwrap_or_default(),
        authorization_details: None,
        lifetime_ms: fields.number("pendingLifetimeMs")?,
    };
    Ok((request, fields.value("authorizationDetails").is_some()))
}

/// Completes an authorization under `key`.
pub async fn complete(
    client: &Rc<Client>,
    call: &Call,
    callback_url: &str,
    pending: &str,
    key: &str,
) -> Result<Rc<Session>> {
    let pending = Pending::parse(pending)?;
    let ours =
        pending.client_id == client.config.client.id && pending.issuer == client.config.environment.issuer;
    if !ours {
        return Err(Error::of(Kind::PendingMismatch));
    }
    token_binding::check_pending(client, &pending).await?;
    let metadata = discovery::metadata(client, call).await?;
    let verified = verified(client, &metadata, callback_url, pending).await?;
    if verified.pending().nonce.is_some() {
        // The keys first: should they not be had, the code is not spent.
        openid::load(client).await?.have_keys(client, call, &metadata).await?;
    }
    // The store too: an entry that can't be read now could not be replaced once the code is spent.
    store::get(client, &stored::store_key(key)).await?;
    use_up(client, verified.pending()).await?;
    let pending = verified.pending().clone();
    let request = token::exchange(&client.config.client, &metadata, verified);
    // From here on it is about the code, whatever was asked for before.
    call.progress.sent.set(RequestSent::No);
    let received = match client_auth::post(client, call, &request, true).await {
        Ok(received) => received,
        // The code is unused, so the same callback may be completed again.
        Err(error) if error.request_sent == RequestSent::No => {
            unmark(client, &pending).await?;
            return Err(error);
        }
        Err(error) => return Err(code_is_gone(error)),
    };
    let mut tokens =
        token_response::issued(client, call, &received.response, &pending).await.map_err(code_is_gone)?;
    tokens.logout_endpoint.clone_from(&metadata.end_session_endpoint);
    let ends = consent::of_token_answer(&received.response.body);
    lookup::begin(client, key, Rc::new(Grant::new(tokens, ends, client.io.wall()))).await
}

/// Checks the callback. One that carries the state uses it up (`docs/security.md#state-once`), also where it is a refusal or wrong in another way.
async fn verified(
    client: &Client,
    metadata: &Metadata,
    callback_url: &str,
    pending: Pending,
) -> Result<VerifiedCallback> {
    let iss_required = metadata.iss_parameter_supported || client.config.client.profile.needs_issuer();
    let spent = if callback::carries_state(callback_url, &pending) { Some(pending.clone()) } else { None };
    match (callback::verify(callback_url, pending, iss_required, client.io.wall()), spent) {
        (Err(error), Some(pending)) => {
            use_up(client, &pending).await?;
            Err(error)
        }
        (result, _) => result,
    }
}

/// A code is sent once, so whatever went wrong, the way on is a new authorization: unless it is the client's own configuration
/// that is refused, which would send every customer round in vain.
fn code_is_gone(mut error: Error) -> Error {
    error.reauth_required = error.kind != Kind::ClientRefused;
    error.retryable = false;
    error
}

/// Takes the mark of [`use_up`] back.
async fn unmark(client: &Client, pending: &Pending) -> Result<()> {
    let key = mark(pending);
    client.used.borrow_mut().retain(|(used, _)| *used != key);
    store::put(client, &key, None).await
}

fn mark(pending: &Pending) -> String {
    ["used:", &pending.state].concat()
}

/// Marks the transaction as used, here and in the store, before its code is sent: a copy can't complete again. A store that can't be
/// written shows it here, while the code is unspent.
async fn use_up(client: &Client, pending: &Pending) -> Result<()> {
    // A mark that can't be removed costs a few bytes in the store, and is no reason to fail a login.
    let _ = forget_old_marks(client).await;
    let key = mark(pending);
    let value = [&digits::write(pending.expires_at), " ", &client.io.random_token().await?].concat();
    match store::swap(client, &key, None, Some(&value)).await {
        Ok(true) => {}
        Ok(false) => {
            return Err(Error::of(Kind::PendingUsed));
        }
        Err(error) => {
            // Some stores fail after they wrote: the same callback can be tried again only without that mark.
            if let Ok(Some(there)) = store::get(client, &key).await
                && there.value == value
            {
                let _ = store::swap(client, &key, Some(&there.version), None).await;
            }
            return Err(error.without(&[&pending.state]));
        }
    }
    client.used.borrow_mut().push((key, pending.expires_at));
    Ok(())
}

/// A mark is needed only while its transaction could still be completed.
async fn forget_old_marks(client: &Client) -> Result<()> {
    let now = client.io.wall();
    let old: Vec<String> = {
        let mut used = client.used.borrow_mut();
        let (old, young) = used.drain(..).partition(|(_, expires_at)| *expires_at <= now);
        *used = young;
        let old: Vec<(String, i64)> = old;
        old.into_iter().map(|(key, _)| key).collect()
    };
    for key in old {
        store::put(client, &key, None).await?;
    }
    Ok(())
}
