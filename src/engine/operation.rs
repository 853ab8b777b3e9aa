//! The methods of a client and of its sessions, as values.

use crate::aisp::endpoint::Endpoint;

/// One method with its arguments. `key` names the session; `options` are JSON.
#[derive(Debug)]
pub enum Operation {
    /// `client.beginAuthorization(options)`: `{ url, pending }` as JSON.
    BeginAuthorization {
        /// The options.
        options: String,
    },
    /// `client.completeAuthorization(callbackUrl, pending, { key })`: the session as JSON.
    CompleteAuthorization {
        /// The session's key.
        key: String,
        /// The URL of the callback.
        callback_url: String,
        /// The pending authorization as JSON.
        pending: String,
    },
    /// `client.session(key)`: the session as JSON, or nothing.
    Restore {
        /// The session's key.
        key: String,
    },
    /// A method that reads an endpoint of the API: its rows, and `{ status, requestId?, nextCursor?, checkpoint? }` as JSON.
    Read {
        /// The session's key.
        key: String,
        /// The endpoint.
        endpoint: Endpoint,
        /// The id in the endpoint's path; empty if it has none.
        id: String,
        /// The options of a list.
        options: String,
        /// Where a list goes on.
        checkpoint: Option<String>,
    },
    /// `session.sync(accountId, options)`: the pages of rows, and the outcome as JSON with indexes into them.
    Sync {
        /// The session's key.
        key: String,
        /// The account.
        account_id: String,
        /// The options.
        options: String,
    },
    /// `session.refresh()`
    Refresh {
        /// The session's key.
        key: String,
    },
    /// `session.userInfo()`: the claims as JSON.
    UserInfo {
        /// The session's key.
        key: String,
    },
    /// `session.revoke()`
    Revoke {
        /// The session's key.
        key: String,
    },
}

impl Operation {
    /// Returns the key of the session that it belongs to; empty if there is none yet.
    pub fn key(&self) -> &str {
        match self {
            Self::BeginAuthorization { .. } => "",
            Self::CompleteAuthorization { key, .. }
            | Self::Restore { key }
            | Self::Read { key, .. }
            | Self::Sync { key, .. }
            | Self::Refresh { key }
            | Self::UserInfo { key }
            | Self::Revoke { key } => key,
        }
    }
}
