//! The one class that the wasm module exports: a client, whose sessions are named by their keys.

use core::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::call::Call;
use super::edge::{Caller, Edge, clock};
use super::learned::Learned;
use super::refresh::Need;
use super::session::Sessions;
use super::turns::Turns;
use super::{authorize, crypto, logout, openid, page, psu, read, refresh, server, session, store, sync};
use crate::aisp::decode::Message;
use crate::aisp::{PagedQuery, endpoint};
use crate::config::Config;
use crate::engine::LocalBoxFuture;
use crate::engine::executor;
use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::http::limiter::Priority;
use crate::json::ObjectWriter;
use crate::oauth::{Metadata, error_response, token};
use crate::options;
use crate::time;

/// What the calls of one client share.
pub struct Inner {
    /// The platform.
    pub edge: Edge,
    /// The checked configuration.
    pub config: Config,
    /// The server's metadata, once it is known.
    pub metadata: RefCell<Option<Rc<Metadata>>>,
    /// What else was learned of the servers, and what the platform told of its keys.
    pub learned: Learned,
    /// Whether this is a browser.
    pub browser: bool,
    /// The sessions in memory.
    pub sessions: Sessions,
    /// Marks of completed transactions that this client wrote, with the instant from which they may go.
    pub used: RefCell<Vec<(String, i64)>>,
    /// The drift that was told already.
    pub drift: RefCell<Vec<String>>,
    /// Whose turn it is to send.
    pub turns: Rc<Turns>,
}

impl Inner {
    /// Milliseconds since the epoch.
    pub fn now(&self) -> i64 {
        self.edge.now() as i64
    }

    /// The same by the servers' clock, as far as it is known.
    pub fn server_now(&self) -> i64 {
        self.now().saturating_add(self.learned.skew.get())
    }

    /// The milliseconds since the epoch at an instant of the clock.
    pub fn time_of_day(&self, instant: f64) -> i64 {
        (self.edge.now() + instant - clock()).ceil() as i64
    }

    /// A random number from 0 to below `sides`; no secret.
    pub fn dice(&self, sides: i64) -> i64 {
        (js_sys::Math::random() * sides as f64) as i64
    }
}

/// A client. Every method takes `&self`, and what may take time tells its caller what came of it. Errors are JSON text.
#[wasm_bindgen]
pub struct Core {
    inner: Rc<Inner>,
}

#[wasm_bindgen]
impl Core {
    /// Checks the options of `createClient`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, browser: bool, edge: Edge) -> core::result::Result<Core, JsValue> {
        let config = Config::parse(options, browser, edge.certificate()).map_err(thrown)?;
        if config.needs_signatures() {
            crypto::check(&edge).map_err(thrown)?;
        }
        Ok(Self {
            inner: Rc::new(Inner {
                turns: Turns::of(&config, &edge),
                edge,
                config,
                metadata: RefCell::new(None),
                learned: Learned::default(),
                browser,
                sessions: Sessions::default(),
                used: RefCell::new(Vec::new()),
                drift: RefCell::new(Vec::new()),
            }),
        })
    }

    /// Begins an authorization: `{ url, pending }` as JSON.
    #[wasm_bindgen(js_name = beginAuthorization)]
    pub fn begin_authorization(&self, options: String, call: &str, caller: Caller) {
        self.call(call, caller, |core, call| {
            Box::pin(async move { authorize::begin(&core.inner, &call, &options).await.map(JsValue::from) })
        })
    }

    /// Completes an authorization: what the session shows, as JSON.
    #[wasm_bindgen(js_name = completeAuthorization)]
    pub fn complete_authorization(
        &self,
        callback_url: String,
        pending: String,
        key: String,
        call: &str,
        caller: Caller,
    ) {
        self.call(call, caller, |core, call| {
            Box::pin(async move {
                let session = authorize::complete(&core.inner, &call, &callback_url, &pending, &key).await?;
                Ok(session::describe(&session).into())
            })
        })
    }

    /// The session of that key from the store: what it shows as JSON, or undefined.
    pub fn restore(&self, key: String, caller: Caller) {
        self.call("{}", caller, |core, _| {
            Box::pin(async move {
                let found = session::restore(&core.inner, &key).await?;
                Ok(found.map_or(JsValue::UNDEFINED, |session| session::describe(&session).into()))
            })
        })
    }

    /// What the session of that key shows now, if it is in memory.
    pub fn describe(&self, key: &str) -> Option<String> {
        self.inner.sessions.get(key).map(|session| session::describe(&session))
    }

    /// One page of the accounts: `[rows, meta, headers]`.
    pub fn accounts(
        &self,
        key: String,
        options: String,
        checkpoint: Option<String>,
        call: &str,
        caller: Caller,
    ) {
        self.call(call, caller, |core, call| {
            Box::pin(async move {
                let listing = options::with_fields(&options, endpoint::accounts)?;
                core.page(&call, &key, Message::AccountList, &listing, checkpoint.as_deref()).await
            })
        })
    }

    /// One page of an account's transactions: `[rows, meta, headers]`.
    pub fn transactions(
        &self,
        key: String,
        account_id: &str,
        options: &str,
        checkpoint: Option<String>,
        call: &str,
        caller: Caller,
    ) {
        let listing = options::with_fields(options, |fields| endpoint::transactions(account_id, fields));
        self.call(call, caller, |core, call| {
            Box::pin(async move {
                core.page(&call, &key, Message::TransactionList, &listing?, checkpoint.as_deref()).await
            })
        })
    }

    /// What changed in an account's transactions since a checkpoint: `[pages of rows, outcome]`.
    pub fn sync(&self, key: String, account_id: String, options: String, call: &str, caller: Caller) {
        self.call(call, caller, |core, call| {
            Box::pin(async move {
                sync::load(&core.inner).await?.sync(&core.inner, &call, &key, &account_id, &options).await
            })
        })
    }

    /// One account: `[account, meta, headers]`.
    pub fn account(&self, key: String, account_id: &str, call: &str, caller: Caller) {
        let request = endpoint::account(&self.inner.config.environment, account_id);
        self.whole(key, Message::Account, request, call, caller)
    }

    /// An account's balances: `[rows, meta, headers]`.
    pub fn balances(&self, key: String, account_id: &str, call: &str, caller: Caller) {
        let request = endpoint::balances(&self.inner.config.environment, account_id);
        self.whole(key, Message::Balances, request, call, caller)
    }

    /// The rate limit as it stands: `{ limit?, remaining?, resetsAt?, queued, pausedUntil?, probeAt? }` as JSON.
    #[wasm_bindgen(js_name = rateLimitState)]
    pub fn rate_limit_state(&self) -> String {
        let state = self.inner.turns.state();
        let mut out = ObjectWriter::new();
        for (name, number) in [("limit", state.limit), ("remaining", state.remaining)] {
            if let Some(number) = number {
                out.number(name, number.into());
            }
        }
        for (name, instant) in
            [("resetsAt", state.resets_at), ("pausedUntil", state.paused_until), ("probeAt", state.probe_at)]
        {
            let told = instant.map(|instant| time::to_rfc3339(self.inner.time_of_day(instant)));
            out.optional(name, told.as_deref());
        }
        out.number("queued", state.queued.into()).finish()
    }

    /// In how many milliseconds so many further calls would have been sent.
    #[wasm_bindgen(js_name = rateLimitEstimate)]
    pub fn rate_limit_estimate(&self, calls: u32, background: bool) -> f64 {
        let priority = if background { Priority::Background } else { Priority::Interactive };
        self.inner.turns.estimate(priority, calls)
    }

    /// Renews the session's tokens now.
    pub fn refresh(&self, key: String, call: &str, caller: Caller) {
        self.call(call, caller, |core, call| {
            Box::pin(async move {
                let session = session::require(&core.inner, &key).await?;
                refresh::refresh(&core.inner, &call, &session, Need::Early).await.map(|()| JsValue::UNDEFINED)
            })
        })
    }

    /// What the bank says of the customer, as JSON.
    #[wasm_bindgen(js_name = userInfo)]
    pub fn user_info(&self, key: String, call: &str, caller: Caller) {
        self.call(call, caller, |core, call| {
            Box::pin(async move {
                openid::load(&core.inner).await?.user_info(&core.inner, &call, &key).await.map(JsValue::from)
            })
        })
    }

    /// The URL that logs the customer out.
    #[wasm_bindgen(js_name = logoutUrl)]
    pub fn logout_url(&self, key: &str, options: &str) -> core::result::Result<String, JsValue> {
        logout::url(&self.inner, key, options).map_err(thrown)
    }

    /// Revokes the grant at the server (RFC 7009) and forgets the session; an error where the server can't revoke.
    pub fn revoke(&self, key: String, call: &str, caller: Caller) {
        self.call(call, caller, |core, call| Box::pin(async move { core.revoked(&call, &key).await }));
    }
}

/// What a call does.
type Work = dyn FnOnce(Core, Rc<Call>) -> LocalBoxFuture<'static, Result<JsValue>>;

/// Reads the option `psu` before the work.
fn with_psu(
    inner: Rc<Inner>,
    call: Rc<Call>,
    work: LocalBoxFuture<'static, Result<JsValue>>,
) -> LocalBoxFuture<'static, Result<JsValue>> {
    Box::pin(async move {
        if let Some(options) = &call.psu_options {
            psu::load(&inner).await?.read(&inner, &call, options)?;
        }
        work.await
    })
}

fn thrown(error: Error) -> JsValue {
    JsValue::from(error.to_json())
}

impl Core {
    /// Runs one call of the public interface.
    fn call(
        &self,
        options: &str,
        caller: Caller,
        work: impl FnOnce(Core, Rc<Call>) -> LocalBoxFuture<'static, Result<JsValue>> + 'static,
    ) {
        self.start(options, caller, Box::new(work));
    }

    /// The same for work of whatever type, so that it stands once in the wasm.
    fn start(&self, options: &str, caller: Caller, work: Box<Work>) {
        let inner = self.inner.clone();
        match Call::parse(&inner.config, options) {
            Err(error) => caller.settle(false, &thrown(error)),
            Ok(call) => executor::spawn(Box::pin(async move {
                let call = Rc::new(call);
                let mut work = work(Core { inner: inner.clone() }, call.clone());
                if call.psu_options.is_some() {
                    work = with_psu(inner.clone(), call.clone(), work);
                }
                match call.run(&inner, &caller.signal(), work).await {
                    Ok(value) => caller.settle(true, &value),
                    Err(error) => caller.settle(false, &thrown(error)),
                }
            })),
        }
    }

    fn whole(&self, key: String, message: Message, request: Result<Request>, call: &str, caller: Caller) {
        self.call(call, caller, move |core, call| {
            Box::pin(async move {
                let received = read::read(&core.inner, &call, &key, request?).await?;
                page::whole(&core.inner, &call, &key, message, received)
            })
        })
    }

    async fn page(
        &self,
        call: &Call,
        key: &str,
        message: Message,
        listing: &PagedQuery,
        checkpoint: Option<&str>,
    ) -> Result<JsValue> {
        let position = listing.position(checkpoint)?;
        let request = listing.request(&self.inner.config.environment, &position)?;
        let received = read::read(&self.inner, call, key, request).await?;
        page::page(&self.inner, call, key, message, received, listing, &position)
    }

    async fn revoked(&self, call: &Call, key: &str) -> Result<JsValue> {
        let inner = &self.inner;
        let session = session::require(inner, key).await?;
        let tokens = session.grant().tokens.clone();
        let metadata = authorize::metadata(inner, call).await?;
        if let Some(endpoint) = &metadata.revocation_endpoint {
            let request = token::revocation(&inner.config.client, endpoint, &tokens);
            let received = server::post(inner, call, &request, false).await?;
            if !received.response.is_success() {
                return Err(call.note(error_response(&received.response, "The revocation was refused")));
            }
        }
        store::put(inner, &session::store_key(key), None).await?;
        inner.sessions.remove(key);
        if metadata.revocation_endpoint.is_none() {
            return Err(Error::of(Kind::RevocationUnsupported));
        }
        Ok(JsValue::UNDEFINED)
    }
}
