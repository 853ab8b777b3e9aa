//! What a client has learned of its servers (their clock, nonces and keys), and what the platform told of the client's own keys.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::client::Inner;
use crate::engine::single_flight::SingleFlight;
use crate::http::{Method, Request};
use crate::oauth::assertion::ClientKey;
use crate::oauth::clock;
use crate::oauth::dpop::{Nonces, ProofKey};
use crate::oauth::jwk::KeySet;

/// Kept as long as the client is.
#[derive(Default)]
pub struct Learned {
    /// How far the servers' clock is ahead of ours, in milliseconds.
    pub skew: Cell<i64>,
    /// The request for the metadata that is under way.
    pub asking_metadata: SingleFlight,
    /// The newest DPoP nonces.
    pub nonces: RefCell<Nonces>,
    /// The authorization server's keys.
    pub key_set: RefCell<Option<Rc<KeySet>>>,
    /// The request for them that is under way.
    pub asking_keys: SingleFlight,
    /// The key that tokens are bound to.
    pub proof_key: RefCell<Option<Rc<ProofKey>>>,
    /// The client's own key.
    pub client_key: RefCell<Option<Rc<ClientKey>>>,
}

impl Learned {
    /// Learns the clock from an answer's `Date`. A browser may have had the answer to a GET in its cache, with a `Date` of the past: such an
    /// answer teaches nothing.
    pub fn clock(&self, inner: &Inner, request: &Request, date: Option<String>) {
        let now = inner.now();
        let Some(skew) = date.and_then(|date| clock::skew(&date, now)) else { return };
        if !inner.browser || request.method == Method::Post || skew > 0 {
            self.skew.set(skew);
        }
    }
}
