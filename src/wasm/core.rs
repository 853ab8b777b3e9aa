//! The client that JavaScript holds.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::Host;
use super::perform::{bring, engine, now};
use crate::engine::effect::Id;
use crate::engine::event::Event;
use crate::engine::{Arguments, Client, Engine, HostFacts, Operation};
use crate::error::Error;

/// A client. What fails at once throws its error as JSON text.
#[wasm_bindgen]
pub struct Core {
    engine: Rc<Engine>,
    host: Host,
    client: Rc<Client>,
}

type Thrown<T> = core::result::Result<T, JsValue>;

fn thrown(error: Error) -> JsValue {
    JsValue::from(error.to_json())
}

#[wasm_bindgen]
impl Core {
    /// Checks the options of `createClient`. `facts`: what the host can do, in the order of [`HostFacts`], from the lowest bit.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host, options: &str, facts: u32) -> Thrown<Core> {
        let fact = |bit: u32| facts & (1 << bit) != 0;
        let facts = HostFacts {
            browser: fact(0),
            certificate: fact(1),
            signs: fact(2),
            locks: fact(3),
            shares_rate_limit: fact(4),
            listens: fact(5),
            timers_end_with_requests: fact(6),
        };
        let engine = engine(&host);
        let client = engine.client(options, facts, now(&host)).map_err(thrown)?;
        Ok(Self { engine, host, client })
    }

    /// The client's number, by which effects name it.
    #[wasm_bindgen(getter)]
    pub fn number(&self) -> u32 {
        self.client.number
    }

    /// Starts a call; `cancelled`: its signal aborted already; `signs`: there is a `crypto.subtle`. `a`, `b`, `c`: as of [`Operation::named`].
    #[expect(clippy::too_many_arguments, reason = "one crossing for one call")]
    pub fn call(
        &self,
        call: f64,
        cancelled: bool,
        signs: bool,
        method: &str,
        key: String,
        a: Option<String>,
        b: Option<String>,
        c: Option<String>,
        options: String,
    ) -> Thrown<()> {
        let operation = Operation::named(method, key, Arguments { a, b, c }).map_err(thrown)?;
        bring(Event::Call {
            client: self.client.number,
            call: call as Id,
            operation,
            options,
            cancelled,
            signs,
        });
        Ok(())
    }

    /// What the session of that key shows now, if it is in memory: JSON.
    pub fn describe(&self, key: &str) -> Option<String> {
        self.client.describe(key)
    }

    /// The URL that logs the customer out.
    #[wasm_bindgen(js_name = logoutUrl)]
    pub fn logout_url(&self, key: &str, options: &str) -> Thrown<String> {
        self.client.logout_url(key, options).map_err(thrown)
    }

    /// The newest events, oldest first: a JSON array.
    #[wasm_bindgen(js_name = recentEvents)]
    pub fn recent_events(&self) -> String {
        self.client.recent_events()
    }

    /// The rate limit as it is: JSON.
    #[wasm_bindgen(js_name = rateLimitState)]
    pub fn rate_limit_state(&self) -> String {
        self.engine.set_now(now(&self.host));
        self.client.rate_limit_state()
    }

    /// In how many milliseconds so many further calls would have been sent.
    #[wasm_bindgen(js_name = rateLimitEstimate)]
    pub fn rate_limit_estimate(&self, calls: u32, background: bool) -> f64 {
        self.engine.set_now(now(&self.host));
        self.client.rate_limit_estimate(calls, background)
    }
}
