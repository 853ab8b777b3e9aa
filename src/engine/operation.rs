//! The methods of a client and of its sessions, as values.

use crate::aisp::endpoint::Endpoint;
use crate::error::{Error, Kind, Result};

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

/// What a method takes besides the session's key, in the order of the fields of its [`Operation`].
#[derive(Debug, Default)]
pub struct Arguments {
    /// The first one.
    pub a: Option<String>,
    /// The second one.
    pub b: Option<String>,
    /// The third one.
    pub c: Option<String>,
}

impl Operation {
    /// Returns the operation of a method by its name in the hosts' interfaces.
    ///
    /// # Errors
    /// `internal_error` if there is no such method, which is a defect of the host.
    pub fn named(method: &str, key: String, arguments: Arguments) -> Result<Self> {
        let Arguments { a, b, c } = arguments;
        let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
        Ok(match method {
            "beginAuthorization" => Self::BeginAuthorization { options: a },
            "completeAuthorization" => Self::CompleteAuthorization { key, callback_url: a, pending: b },
            "session" => Self::Restore { key },
            "sync" => Self::Sync { key, account_id: a, options: b },
            "refresh" => Self::Refresh { key },
            "userInfo" => Self::UserInfo { key },
            "revoke" => Self::Revoke { key },
            name => {
                let unknown = || Error::with_detail(Kind::InternalError, ": no such method");
                let endpoint = Endpoint::named(name).ok_or_else(unknown)?;
                Self::Read { key, endpoint, id: a, options: b, checkpoint: c }
            }
        })
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_has_the_arguments_in_the_order_of_its_fields() {
        let arguments = || Arguments { a: Some("1".into()), b: Some("2".into()), c: Some("3".into()) };
        let named = |method| format!("{:?}", Operation::named(method, "k".into(), arguments()).unwrap());
        assert_eq!(named("sync"), r#"Sync { key: "k", account_id: "1", options: "2" }"#);
        let transactions = named("transactions");
        let read = r#"id: "1", options: "2", checkpoint: Some("3") }"#;
        assert!(transactions.starts_with("Read") && transactions.ends_with(read), "{transactions}");
    }

    #[test]
    fn operation_is_an_internal_error_when_no_method_has_the_name() {
        for name in ["", "Sync", "accounts ", "standingOrder"] {
            let error = Operation::named(name, "k".into(), Arguments::default()).unwrap_err();
            assert_eq!((error.kind, error.code.as_str()), (Kind::InternalError, "internal_error"));
        }
    }
}
