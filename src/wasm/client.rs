//! The one class that the wasm module exports: a client, whose sessions are named by their keys.

use core::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::call::Call;
use super::edge::Edge;
use super::session::Sessions;
use super::{authorize, page, read, refresh, session, store, transport};
use crate::aisp::decode::Message;
use crate::aisp::{Listing, endpoint};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::json::{self, Fields, Value};
use crate::oauth::{Metadata, error_response, token};

/// What the calls of one client share.
pub struct Inner {
    /// The platform.
    pub edge: Edge,
    /// The checked configuration.
    pub config: Config,
    /// The server's metadata, once it is known.
    pub metadata: RefCell<Option<Metadata>>,
    /// The sessions in memory.
    pub sessions: Sessions,
    /// Marks of completed transactions that this client wrote, with the instant from which they may go.
    pub used: RefCell<Vec<(String, i64)>>,
    /// The drift that was told already.
    pub drift: RefCell<Vec<String>>,
}

impl Inner {
    /// Milliseconds since the epoch.
    pub fn now(&self) -> i64 {
        self.edge.now() as i64
    }
}

/// A client. Every method takes `&self`, and rejects with an error as JSON text.
#[wasm_bindgen]
pub struct Core {
    inner: Rc<Inner>,
}

#[wasm_bindgen]
impl Core {
    /// Checks the options of `createClient`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, browser: bool, edge: Edge) -> core::result::Result<Core, JsValue> {
        let config = Config::parse(options, browser).map_err(thrown)?;
        Ok(Self {
            inner: Rc::new(Inner {
                edge,
                config,
                metadata: RefCell::new(None),
                sessions: Sessions::default(),
                used: RefCell::new(Vec::new()),
                drift: RefCell::new(Vec::new()),
            }),
        })
    }

    /// Begins an authorization: `{ url, pending }` as JSON.
    #[wasm_bindgen(js_name = beginAuthorization)]
    pub async fn begin_authorization(&self, options: String, call: String, signal: JsValue) -> Outcome {
        self.call(&call, &signal, async |call| {
            authorize::begin(&self.inner, call, &options).await.map(JsValue::from)
        })
        .await
    }

    /// Completes an authorization: what the session shows, as JSON.
    #[wasm_bindgen(js_name = completeAuthorization)]
    pub async fn complete_authorization(
        &self,
        callback_url: String,
        pending: String,
        key: String,
        call: String,
        signal: JsValue,
    ) -> Outcome {
        self.call(&call, &signal, async |call| {
            let session = authorize::complete(&self.inner, call, &callback_url, &pending, &key).await?;
            Ok(JsValue::from(session::describe(&session)))
        })
        .await
    }

    /// The session of that key from the store: what it shows as JSON, or undefined.
    pub async fn restore(&self, key: String) -> Outcome {
        let found = session::find(&self.inner, &key).await.map_err(thrown)?;
        Ok(found.map_or(JsValue::UNDEFINED, |session| session::describe(&session).into()))
    }

    /// What the session of that key shows now, if it is in memory.
    pub fn describe(&self, key: &str) -> Option<String> {
        self.inner.sessions.get(key).map(|session| session::describe(&session))
    }

    /// One page of the accounts: `[rows, meta, headers]`.
    pub async fn accounts(
        &self,
        key: String,
        options: String,
        checkpoint: Option<String>,
        call: String,
        signal: JsValue,
    ) -> Outcome {
        self.call(&call, &signal, async |call| {
            let listing = with_fields(&options, endpoint::accounts)?;
            self.page(call, &key, Message::AccountList, &listing, checkpoint.as_deref()).await
        })
        .await
    }

    /// One page of an account's transactions: `[rows, meta, headers]`.
    pub async fn transactions(
        &self,
        key: String,
        account_id: String,
        options: String,
        checkpoint: Option<String>,
        call: String,
        signal: JsValue,
    ) -> Outcome {
        self.call(&call, &signal, async |call| {
            let listing = with_fields(&options, |fields| endpoint::transactions(&account_id, fields))?;
            self.page(call, &key, Message::TransactionList, &listing, checkpoint.as_deref()).await
        })
        .await
    }

    /// One account: `[account, meta, headers]`.
    pub async fn account(&self, key: String, account_id: String, call: String, signal: JsValue) -> Outcome {
        self.call(&call, &signal, async |call| {
            let request = endpoint::account(&self.inner.config.environment, &account_id)?;
            let received = read::read(&self.inner, call, &key, request).await?;
            page::whole(&self.inner, call, Message::Account, received)
        })
        .await
    }

    /// An account's balances: `[rows, meta, headers]`.
    pub async fn balances(&self, key: String, account_id: String, call: String, signal: JsValue) -> Outcome {
        self.call(&call, &signal, async |call| {
            let request = endpoint::balances(&self.inner.config.environment, &account_id)?;
            let received = read::read(&self.inner, call, &key, request).await?;
            page::whole(&self.inner, call, Message::Balances, received)
        })
        .await
    }

    /// Renews the session's tokens now.
    pub async fn refresh(&self, key: String, call: String, signal: JsValue) -> Outcome {
        self.call(&call, &signal, async |_| {
            let session = session::require(&self.inner, &key).await?;
            refresh::refresh(&self.inner, &session).await?;
            Ok(JsValue::UNDEFINED)
        })
        .await
    }

    /// Revokes the grant at the server (RFC 7009) and forgets the session.
    pub async fn revoke(&self, key: String, call: String, signal: JsValue) -> Outcome {
        self.call(&call, &signal, async |call| self.revoked(call, &key).await).await
    }
}

/// What a method gives to JavaScript.
type Outcome = core::result::Result<JsValue, JsValue>;

fn thrown(error: Error) -> JsValue {
    JsValue::from(error.to_json())
}

fn with_fields<T>(options: &str, read: impl Fn(Fields<'_>) -> Result<T>) -> Result<T> {
    let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
    read(Fields::of("", &value).map_err(Error::option)?)
}

impl Core {
    /// Runs one call of the public interface.
    async fn call(
        &self,
        options: &str,
        signal: &JsValue,
        work: impl AsyncFnOnce(&Call) -> Result<JsValue>,
    ) -> Outcome {
        let call = Call::parse(&self.inner.config, options).map_err(thrown)?;
        call.run(&self.inner, signal, work(&call)).await.map_err(thrown)
    }

    async fn page(
        &self,
        call: &Call,
        key: &str,
        message: Message,
        listing: &Listing,
        checkpoint: Option<&str>,
    ) -> Result<JsValue> {
        let position = listing.position(checkpoint)?;
        let request = listing.request(&self.inner.config.environment, &position);
        let received = read::read(&self.inner, call, key, request).await?;
        page::page(&self.inner, call, message, received, listing, &position)
    }

    async fn revoked(&self, call: &Call, key: &str) -> Result<JsValue> {
        let inner = &self.inner;
        let session = session::require(inner, key).await?;
        let tokens = session.tokens.borrow().clone();
        let metadata = authorize::metadata(inner, call).await?;
        if let Some(endpoint) = &metadata.revocation_endpoint {
            let request = token::revocation(&inner.config.client, endpoint, &tokens);
            let secrets: Vec<&str> = tokens.secrets().chain([inner.config.client.secret()]).collect();
            let mut received =
                transport::send(inner, call, &request).await.map_err(|error| error.without(&secrets))?;
            if !received.response.is_success() {
                received.response.scrub(&secrets);
                return Err(call.note(error_response(&received.response, "The revocation was refused")));
            }
        }
        store::put(inner, &session::store_key(key), None).await?;
        inner.sessions.remove(key);
        Ok(JsValue::UNDEFINED)
    }
}
