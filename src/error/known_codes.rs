//! The known codes of servers, for the documentation and the types of the hosts. Nothing of it is in the wasm.

use super::class::Class;

/// A code that servers are known to send.
#[derive(Debug)]
pub struct KnownCode {
    /// The code.
    pub code: &'static str,
    /// The class of its error.
    pub class: Class,
    /// What happened.
    pub cause: &'static str,
    /// What the caller can do.
    pub cure: &'static str,
}

/// The codes in the order of the documentation. The list is open: servers may send any other.
pub const KNOWN_CODES: &[KnownCode] = &[
    KnownCode {
        code: "account_not_found",
        class: Class::Api,
        cause: "The account is unknown, or the customer did not consent to it",
        cure: "List the accounts; connect again for more of them",
    },
    KnownCode {
        code: "consent_expired",
        class: Class::Consent,
        cause: "The consent ran out",
        cure: "Connect the customer again under the same key",
    },
    KnownCode {
        code: "consent_revoked",
        class: Class::Consent,
        cause: "The customer revoked the consent",
        cure: "Connect the customer again, if they want it",
    },
    KnownCode {
        code: "sca_required",
        class: Class::Consent,
        cause: "The bank wants strong authentication",
        cure: "Connect the customer again",
    },
    KnownCode {
        code: "transactions_period_too_long",
        class: Class::Api,
        cause: "History over 90 days needs fresh strong authentication",
        cure: "Ask for a shorter period, or connect the customer again",
    },
    KnownCode {
        code: "invalid_cursor",
        class: Class::Api,
        cause: "The cursor has ended or belongs to other parameters",
        cure: "Begin the listing again",
    },
    KnownCode {
        code: "invalid_date_range",
        class: Class::Api,
        cause: "The server does not take these dates",
        cure: "Correct `dateFrom` and `dateTo`",
    },
    KnownCode {
        code: "invalid_request",
        class: Class::Api,
        cause: "The server does not take the request",
        cure: "The message says which parameter",
    },
    KnownCode {
        code: "invalid_token",
        class: Class::Api,
        cause: "The access token is not accepted, after a refresh too",
        cure: "Connect the customer again",
    },
    KnownCode {
        code: "rate_limit_exceeded",
        class: Class::RateLimit,
        cause: "Too many requests, retries included",
        cure: "Call again at `retryAt`",
    },
    KnownCode {
        code: "provider_error",
        class: Class::Api,
        cause: "The bank behind the API failed",
        cure: "Call again later",
    },
    KnownCode {
        code: "provider_timeout",
        class: Class::Api,
        cause: "The bank did not answer in time",
        cure: "Call again later",
    },
    KnownCode {
        code: "provider_unavailable",
        class: Class::Api,
        cause: "The bank can't be reached",
        cure: "Call again later",
    },
    KnownCode {
        code: "access_denied",
        class: Class::Authorization,
        cause: "The customer or the bank declined",
        cure: "Offer to try again",
    },
    KnownCode {
        code: "login_required",
        class: Class::Authorization,
        cause: "`prompt: 'none'`, and the customer has to log in",
        cure: "Begin without `prompt`",
    },
    KnownCode {
        code: "interaction_required",
        class: Class::Authorization,
        cause: "`prompt: 'none'`, and the bank has to ask something",
        cure: "Begin without `prompt`",
    },
    KnownCode {
        code: "consent_required",
        class: Class::Authorization,
        cause: "`prompt: 'none'`, and the customer has to consent",
        cure: "Begin without `prompt`",
    },
    KnownCode {
        code: "server_error",
        class: Class::Authorization,
        cause: "The authorization server failed",
        cure: "Begin again later",
    },
    KnownCode {
        code: "temporarily_unavailable",
        class: Class::Authorization,
        cause: "The authorization server can't serve just now",
        cure: "Begin again later",
    },
    KnownCode {
        code: "invalid_grant",
        class: Class::OAuth,
        cause: "The code or refresh token is used up, expired or revoked",
        cure: "Connect the customer again",
    },
    KnownCode {
        code: "invalid_client",
        class: Class::OAuth,
        cause: "The server does not accept the client's authentication",
        cure: "Check `clientId`, secret or key",
    },
    KnownCode {
        code: "invalid_scope",
        class: Class::OAuth,
        cause: "The server does not grant this scope",
        cure: "Ask for less",
    },
];
