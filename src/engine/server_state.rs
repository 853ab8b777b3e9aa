//! What a client has learned of its servers (their metadata, clock, nonces and keys), and of its own keys from the host.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::single_flight::SingleFlight;
use crate::http::Method;
use crate::oauth::Metadata;
use crate::oauth::assertion::ClientKey;
use crate::oauth::clock;
use crate::oauth::dpop::{Nonces, ProofKey};
use crate::oauth::jwk::KeySet;

/// Kept as long as the client is.
#[derive(Default)]
pub struct ServerState {
    /// The authorization server's metadata.
    pub metadata: RefCell<Option<Rc<Metadata>>>,
    /// The request for the metadata that is under way.
    pub metadata_in_flight: SingleFlight,
    /// How far the servers' clock is ahead of ours, in milliseconds.
    pub skew: Cell<i64>,
    /// The newest DPoP nonces.
    pub nonces: RefCell<Nonces>,
    /// The authorization server's keys.
    pub key_set: RefCell<Option<Rc<KeySet>>>,
    /// The request for them that is under way.
    pub key_set_in_flight: SingleFlight,
    /// The key that tokens are bound to.
    pub proof_key: RefCell<Option<Rc<ProofKey>>>,
    /// The client's own key.
    pub client_key: RefCell<Option<Rc<ClientKey>>>,
}

impl ServerState {
    /// Learns the clock from a response's `Date`. A browser may have the response to a GET from its cache, with a `Date` of the past:
    /// such a response is ignored.
    pub fn learn_clock(&self, browser: bool, now: i64, method: Method, date: Option<&str>) {
        let Some(skew) = date.and_then(|date| clock::skew(date, now)) else { return };
        if !browser || method == Method::Post || skew > 0 {
            self.skew.set(skew);
        }
    }
}
