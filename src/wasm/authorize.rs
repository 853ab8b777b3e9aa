//! The authorization flow: metadata, the redirect, the callback, the code exchange.

use super::call::Call;
use super::client::Inner;
use super::session::{self, Session};
use super::{bound, crypto, fapi, identity, openid, retries, server, store};
use crate::aisp::consent;
use crate::config;
use crate::digits;
use crate::error::{Error, Kind, RequestSent, Result};
use crate::grant::Grant;
use crate::json::{FieldError, Fields, ObjectWriter};
use crate::oauth::{
    AuthorizationRequest, Metadata, Pending, VerifiedCallback, asks_openid, callback, random_token, token,
};
use crate::options;
use std::rc::Rc;

/// The server's metadata, asked for once.
pub async fn metadata(inner: &Inner, call: &Call) -> Result<Rc<Metadata>> {
    loop {
        if let Some(metadata) = inner.metadata.borrow().clone() {
            return Ok(metadata);
        }
        inner.learned.asking_metadata.run(call.timeout_ms, Box::pin(ask_for_metadata(inner, call))).await?;
    }
}

async fn ask_for_metadata(inner: &Inner, call: &Call) -> Result<()> {
    let issuer = &inner.config.environment.issuer;
    let received = retries::send(inner, call, &Metadata::request(issuer)).await?;
    let metadata = Metadata::parse(issuer, &received.response, &inner.config.client)
        .map_err(|error| call.note(error))?;
    *inner.metadata.borrow_mut() = Some(Rc::new(metadata));
    Ok(())
}

/// Begins an authorization: `{ url, pending }`.
pub async fn begin(inner: &Inner, call: &Call, options: &str) -> Result<String> {
    let (mut request, has_details) =
        options::with_fields(options, |fields| request(inner, fields).map_err(Error::option))?;
    if asks_openid(&request.scope) {
        crypto::check(&inner.edge)?;
    }
    if has_details {
        request.authorization_details = fapi::load(inner).await?.details(inner, options)?;
    }
    let metadata = metadata(inner, call).await?;
    let client = &inner.config.client;
    let plain = !(has_details || client.dpop || client.profile.pushes() || metadata.requires_pushed_requests);
    let (url, pending) = if plain {
        let begun = request.begin(client, &metadata, None, inner.now())?;
        (begun.url(&metadata), begun.pending)
    } else {
        fapi::load(inner).await?.begin(inner, call, &request, &metadata).await?
    };
    let mut out = ObjectWriter::new();
    Ok(out.text("url", &url).raw("pending", &pending.to_json()).finish())
}

/// Reads the options; whether there are `authorizationDetails` among them, which are read elsewhere.
fn request(
    inner: &Inner,
    fields: Fields<'_>,
) -> core::result::Result<(AuthorizationRequest, bool), FieldError> {
    const OPTIONS: [&str; 7] =
        ["scope", "prompt", "loginHint", "claims", "acrValues", "authorizationDetails", "pendingLifetimeMs"];
    fields.only(&OPTIONS)?;
    fields.object("claims", "claims")?;
    let request = AuthorizationRequest {
        scope: config::scope(fields, &inner.config.scope)?,
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
    inner: &Rc<Inner>,
    call: &Call,
    callback_url: &str,
    pending: &str,
    key: &str,
) -> Result<Rc<Session>> {
    let pending = Pending::parse(pending)?;
    let ours =
        pending.client_id == inner.config.client.id && pending.issuer == inner.config.environment.issuer;
    if !ours {
        return Err(Error::of(Kind::PendingMismatch));
    }
    bound::check_pending(inner, &pending).await?;
    let metadata = metadata(inner, call).await?;
    let verified = verified(inner, &metadata, callback_url, pending).await?;
    if verified.pending().nonce.is_some() {
        // The keys first: should they not be had, the code is not spent.
        openid::load(inner).await?.have_keys(inner, call, &metadata).await?;
    }
    // The store too: an entry that can't be read now could not be replaced once the code is spent.
    store::get(inner, &session::store_key(key)).await?;
    use_up(inner, verified.pending()).await?;
    let pending = verified.pending().clone();
    let request = token::exchange(&inner.config.client, &metadata, verified);
    // From here on it is about the code, whatever was asked for before.
    call.sent.set(RequestSent::No);
    let received = match server::post(inner, call, &request, true).await {
        Ok(received) => received,
        // The code is unused, so the same callback may be completed again.
        Err(error) if error.request_sent == RequestSent::No => {
            unmark(inner, &pending).await?;
            return Err(error);
        }
        Err(error) => return Err(code_is_gone(error)),
    };
    let mut tokens =
        identity::issued(inner, call, &received.response, &pending).await.map_err(code_is_gone)?;
    tokens.logout_endpoint.clone_from(&metadata.end_session_endpoint);
    let ends = consent::of_token_answer(&received.response.body);
    session::begin(inner, key, Rc::new(Grant::new(tokens, ends, inner.now()))).await
}

/// Checks the callback. One that carries the state uses it up (B14), also where it is a refusal or wrong in another way.
async fn verified(
    inner: &Inner,
    metadata: &Metadata,
    callback_url: &str,
    pending: Pending,
) -> Result<VerifiedCallback> {
    let iss_required = metadata.iss_parameter_supported || inner.config.client.profile.needs_issuer();
    let spent = if callback::carries_state(callback_url, &pending) { Some(pending.clone()) } else { None };
    match (callback::verify(callback_url, pending, iss_required, inner.now()), spent) {
        (Err(error), Some(pending)) => {
            use_up(inner, &pending).await?;
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
async fn unmark(inner: &Inner, pending: &Pending) -> Result<()> {
    let key = mark(pending);
    inner.used.borrow_mut().retain(|(used, _)| *used != key);
    store::put(inner, &key, None).await
}

fn mark(pending: &Pending) -> String {
    ["used:", &pending.state].concat()
}

/// Marks the transaction as used, here and in the store, before its code is sent: a copy can't complete again. A store that can't be
/// written shows it here, while the code is unspent.
async fn use_up(inner: &Inner, pending: &Pending) -> Result<()> {
    // A mark that can't be removed costs a few bytes in the store, and is no reason to fail a login.
    let _ = forget_old_marks(inner).await;
    let key = mark(pending);
    let value = [&digits::write(pending.expires_at), " ", &random_token()?].concat();
    match store::swap(inner, &key, None, Some(&value)).await {
        Ok(true) => {}
        Ok(false) => {
            return Err(Error::of(Kind::PendingUsed));
        }
        Err(error) => {
            // Some stores fail after they wrote: the same callback can be tried again only without that mark.
            if let Ok(Some(there)) = store::get(inner, &key).await
                && there.value == value
            {
                let _ = store::swap(inner, &key, Some(&there.version), None).await;
            }
            return Err(error.without(&[&pending.state]));
        }
    }
    inner.used.borrow_mut().push((key, pending.expires_at));
    Ok(())
}

/// A mark is needed only while its transaction could still be completed.
async fn forget_old_marks(inner: &Inner) -> Result<()> {
    let now = inner.now();
    let old: Vec<String> = {
        let mut used = inner.used.borrow_mut();
        let (old, young) = used.drain(..).partition(|(_, expires_at)| *expires_at <= now);
        *used = young;
        let old: Vec<(String, i64)> = old;
        old.into_iter().map(|(key, _)| key).collect()
    };
    for key in old {
        store::put(inner, &key, None).await?;
    }
    Ok(())
}
