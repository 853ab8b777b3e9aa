//! The authorization flow: metadata, the redirect, the callback, the code exchange.

use super::call::Call;
use super::client::Inner;
use super::session::{self, Session};
use super::{store, transport};
use crate::config;
use crate::error::{Class, Error, Result};
use crate::json::{self, Fields, Mismatch, ObjectWriter, Value};
use crate::oauth::{AuthorizationRequest, Metadata, Pending, callback, token};
use std::rc::Rc;

/// The server's metadata, asked for once.
pub async fn metadata(inner: &Inner, call: &Call) -> Result<Metadata> {
    if let Some(metadata) = inner.metadata.borrow().clone() {
        return Ok(metadata);
    }
    let issuer = &inner.config.environment.issuer;
    let received = transport::send(inner, call, &Metadata::request(issuer)).await?;
    let metadata = Metadata::parse(issuer, &received.response).map_err(|error| call.note(error))?;
    *inner.metadata.borrow_mut() = Some(metadata.clone());
    Ok(metadata)
}

/// Begins an authorization: `{ url, pending }`.
pub async fn begin(inner: &Inner, call: &Call, options: &str) -> Result<String> {
    let request = request(inner, options).map_err(Error::option)?;
    let metadata = metadata(inner, call).await?;
    let (url, pending) = request.begin(&inner.config.client, &metadata, inner.now())?;
    let mut out = ObjectWriter::new();
    Ok(out.text("url", &url).raw("pending", &pending.to_json()).finish())
}

fn request(inner: &Inner, options: &str) -> core::result::Result<AuthorizationRequest, Mismatch> {
    let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
    let fields = Fields::of("", &value)?;
    fields.only(&["scope", "prompt", "loginHint", "pendingLifetimeMs"])?;
    Ok(AuthorizationRequest {
        scope: config::scope(fields, &inner.config.scope)?,
        prompt: fields.text("prompt")?.map(String::from),
        login_hint: fields.text("loginHint")?.map(String::from),
        lifetime_ms: fields.number("pendingLifetimeMs")?,
    })
}

/// Completes an authorization under `key`.
pub async fn complete(
    inner: &Inner,
    call: &Call,
    callback_url: &str,
    pending: &str,
    key: &str,
) -> Result<Rc<Session>> {
    let pending = Pending::parse(pending)?;
    let ours =
        pending.client_id == inner.config.client.id && pending.issuer == inner.config.environment.issuer;
    if !ours {
        return Err(Error::new(
            Class::Authorization,
            "pending_mismatch",
            "The pending authorization was begun by a client with another client id or issuer.",
        ));
    }
    let metadata = metadata(inner, call).await?;
    let verified = callback::verify(callback_url, pending, metadata.iss_parameter_supported, inner.now())?;
    use_up(inner, verified.pending()).await?;
    let scope = verified.pending().scope.clone();
    let request = token::exchange(&inner.config.client, &metadata, verified);
    let received = transport::send(inner, call, &request).await.map_err(code_is_gone)?;
    let tokens = token::parse(&received.response, &scope, None, inner.now())
        .map_err(|error| call.note(code_is_gone(error)))?;
    session::save(inner, key, tokens).await
}

/// A code is sent once, so whatever went wrong, the way on is a new authorization.
fn code_is_gone(mut error: Error) -> Error {
    error.reauth_required = true;
    error.retryable = false;
    error
}

/// Marks the transaction as used, here and in the store, before its code is sent: a copy can't complete again.
async fn use_up(inner: &Inner, pending: &Pending) -> Result<()> {
    forget_old_marks(inner).await?;
    let key = ["used:", &pending.state].concat();
    if !store::swap(inner, &key, None, Some(&pending.expires_at.to_string())).await? {
        return Err(Error::new(
            Class::Authorization,
            "pending_used",
            "This pending authorization was completed already. Begin a new one.",
        ));
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
