//! What a host can do.

use crate::error::{Error, Kind, Result};

/// What a host knows of itself when it makes a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostFacts {
    /// Whether the code is public, as in a browser.
    pub browser: bool,
    /// Whether the transport presents a client certificate.
    pub certificate: bool,
    /// Whether signatures can be made and verified.
    pub signs: bool,
    /// Whether the token store has a lock of its own.
    pub locks: bool,
    /// Whether the rate limit is shared with other processes or tabs.
    pub shares_rate_limit: bool,
    /// Whether anything listens to events.
    pub listens: bool,
    /// Whether the platform ends a timer together with the request during which it was set, as workerd does. Then each timer has an
    /// alarm of its own, set during the request that waits for it.
    pub timers_end_with_requests: bool,
}

/// Refuses what needs signatures, before anything is sent, if the host can't make them.
pub fn check_signatures(signs: bool) -> Result<()> {
    if signs {
        return Ok(());
    }
    Err(Error::of(Kind::CryptoUnavailable))
}
