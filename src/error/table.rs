//! The table of this SDK's errors: code, class, message, cause and cure of each kind, in one place.
//!
//! `docs/errors.md` and the TypeScript of the codes are made from it (`src/bin/generate`). A message has at most two sentences: what
//! is wrong, what was found, what to do. Causes and cures are for the documentation and not in the wasm.

use super::class::Class;

/// What the table says of a kind.
#[derive(Debug)]
pub struct Row {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong and what to do, in at most two sentences. `{}` stands for a detail. Empty in the wasm if hosts alone make the error.
    pub message: &'static str,
    /// The class in the public interface.
    pub class: Class,
    /// Whether the same call may succeed later without a change.
    pub retryable: bool,
    /// Whether the customer has to authorize again.
    pub reauth_required: bool,
}

/// A message for a place where the message of the kind's row is not exact.
#[derive(Debug)]
pub struct Wording {
    /// The kind, which gives code, class and flags.
    pub kind: Kind,
    /// The message.
    pub message: &'static str,
}

/// Which code makes an error.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// The core alone.
    Core,
    /// Hosts alone.
    Host,
    /// The core and hosts.
    Both,
}

/// What the documentation says of a kind, besides its row.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Entry {
    /// The kind.
    pub kind: Kind,
    /// What happened.
    pub cause: &'static str,
    /// What the caller can do.
    pub cure: &'static str,
    /// Which code makes the error.
    pub made_by: Maker,
}

/// A section of the documentation.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// The kinds, in order.
    pub entries: &'static [Entry],
}

/// The message of an ID token that is not accepted.
macro_rules! not_used {
    ($wrong:literal) => {
        concat!($wrong, ", so its tokens are not used. Begin again, and report it to Oakford if it stays.")
    };
}

/// Reads the table: sections of the documentation, and in them the kinds.
///
/// `message` may have `{}` for a detail (see [`Error::with_detail`](super::Error::with_detail)). The flags `retryable` and
/// `reauth_required` are false unless they are named. `made_by` says that hosts make the error (`Host`), or they too (`Both`).
macro_rules! errors {
    ($($title:literal {
        $($kind:ident => {
            class: $class:ident,
            code: $code:literal,
            message: $message:expr,
            cause: $cause:literal,
            cure: $cure:literal,
            $(retryable: $retryable:literal,)?
            $(reauth_required: $reauth_required:literal,)?
            $(made_by: $maker:ident,)?
        })*
    })*) => {
        /// What went wrong, for flows to decide by: one kind for each code of this SDK, and those of what a server refused.
        ///
        /// The SDK sets it where it makes the error, so no text of a server can.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind {
            $($(
                #[doc = concat!("`", $code, "`: ", $cause)]
                $kind,
            )*)*
            /// The authorization server refused the code or the refresh token: `invalid_grant` from its token endpoint.
            GrantRefused,
            /// The authorization server refused the client: `invalid_client` or `unauthorized_client` from one of its endpoints.
            ClientRefused,
            /// The authorization server refused the request with another code of RFC 6749, section 5.2, or RFC 9449, section 5.
            RequestRefused,
            /// A server, or a gateway before it, answered with another code.
            ServerError,
        }

        /// The rows, in the order of the kinds.
        static ROWS: &[Row] = &[$($(Row {
            code: $code,
            message: if !for_wasm() || is_made_by_core!($($maker)?) { $message } else { "" },
            class: Class::$class,
            retryable: false $(|| $retryable)?,
            reauth_required: false $(|| $reauth_required)?,
        },)*)*];

        /// The sections of the documentation.
        #[cfg(not(target_arch = "wasm32"))]
        pub const SECTIONS: &[Section] = &[$(Section {
            title: $title,
            entries: &[$(Entry {
                kind: Kind::$kind,
                cause: $cause,
                cure: $cure,
                made_by: maker!($($maker)?),
            },)*],
        },)*];
    };
}

const fn for_wasm() -> bool {
    cfg!(target_arch = "wasm32")
}

macro_rules! is_made_by_core {
    (Host) => {
        false
    };
    ($($maker:ident)?) => {
        true
    };
}

#[cfg(not(target_arch = "wasm32"))]
macro_rules! maker {
    () => {
        Maker::Core
    };
    ($maker:ident) => {
        Maker::$maker
    };
}

/// What the kind of a server's error has in place of a row, which [`Error::server`](super::Error::server) never reads.
static NO_ROW: Row = Row {
    code: "internal_error",
    message: "",
    class: Class::Internal,
    retryable: false,
    reauth_required: false,
};

impl Kind {
    /// Returns the kind's row. The kinds of servers' errors have none: their code and message are the server's.
    pub fn row(self) -> &'static Row {
        ROWS.get(self as usize).unwrap_or(&NO_ROW)
    }
}

/// Returns whether `code` is in the table.
pub(super) fn has_code(code: &str) -> bool {
    ROWS.iter().any(|row| row.code == code)
}

/// Messages for places where the message of the kind's row is not exact.
pub mod wording {
    use super::{Kind, Wording};

    macro_rules! wordings {
        ($($(#[$doc:meta])* $name:ident: $kind:ident = $message:literal;)*) => {
            $($(#[$doc])* pub const $name: Wording = Wording { kind: Kind::$kind, message: $message };)*

            /// All of them.
            #[cfg(test)]
            pub const ALL: &[Wording] = &[$($name),*];
        };
    }

    wordings! {
        /// The callback is from another issuer than the customer was sent to.
        CALLBACK_ISSUER: IssuerMismatch = "The callback comes from another authorization server than the customer was sent to (RFC 9207). Begin again.";
        /// A holder of a session's lock may have lost it.
        LOCK_LOST: TokenStoreFailed = "This process stood still for so long that another may hold its lock of the session, so the refresh token was not sent. Call again.";
        /// `crypto.subtle` failed.
        CRYPTO_FAILED: CryptoUnavailable = "The platform's cryptography (`crypto.subtle`) can't do what is needed (see `cause`). Use a newer runtime, or a key of another algorithm.";
        /// A proxy refused the connection.
        PROXY_REFUSED: ConnectionFailed = "The proxy refused the connection (status 407), so the server received nothing. Check the proxy's credentials.";
        /// A call's wait for a refresh ended.
        REFRESH_TIMEOUT: Timeout = "The tokens were not refreshed within `timeoutMs`, and the refresh goes on. Call again to use its result.";
    }
}

errors! {
    "Options and arguments: nothing was sent" {
        InvalidOption => {
            class: Configuration,
            code: "invalid_option",
            message: "{}",
            cause: "An option or argument is not what it should be; `path`, `expected` and `found` say which and how",
            cure: "Correct it; only an integer that is out of range is shown, since other values may be secret. What JSON would lose (an invalid date, NaN, a function) is refused at any depth. With `path: 'fetch'` it gave no `Response`, and the server may have seen the request",
            made_by: Both,
        }
        SecretInBrowser => {
            class: Configuration,
            code: "secret_in_browser",
            message: "`clientSecret` and `clientAuth` are public in a browser. Leave them out (PKCE protects a public client), or call from your server, which under jsdom says so by `runtime: 'server'`.",
            cause: "A client secret in a browser, where everybody can read it",
            cure: "Leave it out, PKCE protects a public client; or call from your server, which under jsdom or happy-dom, or in a worker that does not name its runtime, says `runtime: 'server'`",
        }
        SessionUnreadable => {
            class: Configuration,
            code: "session_unreadable",
            message: "The token store's entry under this key can't be read as a session: it was cut, overwritten or encrypted with another key. Restore it, or connect the customer again.",
            cause: "The token store's entry under the session's key can't be read: it was cut or overwritten, or encrypted with another key",
            cure: "Restore the entry or the key; else connect the customer again under the same key, which replaces it",
            reauth_required: true,
        }
        InvalidStoredSession => {
            class: Configuration,
            code: "invalid_stored_session",
            message: "The stored session belongs to another client or issuer than this client is configured for. Use a prefix or store of its own for each client and environment.",
            cause: "The session under this key belongs to another client or issuer",
            cure: "Use a prefix or store of its own for each client and environment",
        }
        TokenStoreFailed => {
            class: Configuration,
            code: "token_store_failed",
            message: "The token store's {} failed, took too long or gave something that the interface does not allow. Repair the store, then call again.",
            cause: "The token store threw, took too long or gave what its interface does not allow (see `cause`), or its lock of a session was lost. No code and no refresh token was sent, and nothing was deleted",
            cure: "Repair the store, then call again",
            retryable: true,
        }
        TokensNotStored => {
            class: Configuration,
            code: "tokens_not_stored",
            message: "The server gave new tokens, and the token store rejected them (see `cause`). Repair the store before this process ends, which writes them when the store accepts them.",
            cause: "The server gave new tokens and the token store did not take them",
            cure: "Repair the store soon: this process goes on with them and writes them as soon as it can",
            retryable: true,
        }
        PendingStoreFailed => {
            class: Configuration,
            code: "pending_store_failed",
            message: "The browser’s IndexedDB is missing or failed (see `cause`). Allow the site to store data; on a server keep `pending` in the session cookie.",
            cause: "`pendingStore` found no IndexedDB, or the browser refused access to it (see `cause`)",
            cure: "Allow the site to store data; on a server keep `pending` in the session cookie",
            made_by: Host,
        }
        DpopIsOff => {
            class: Configuration,
            code: "dpop_is_off",
            message: "This session or pending authorization is bound to a DPoP key, but the client was created without the option `dpop`. Create the client with it.",
            cause: "A session or pending authorization is bound to a DPoP key, and the client was made without `dpop`",
            cure: "Create the client with `dpop`",
        }
        DpopUnsupported => {
            class: Configuration,
            code: "dpop_unsupported",
            message: "The authorization server's `dpop_signing_alg_values_supported` does not have the algorithm of the DPoP key. Bring a key for ES256, EdDSA or PS256 that it has.",
            cause: "The server does not support the DPoP key's algorithm",
            cure: "Bring a key of an algorithm that it names",
        }
        OpenidNeeded => {
            class: Configuration,
            code: "openid_needed",
            message: "`userInfo()` needs a session with the scope `openid`, because its answer is compared with the ID token. Ask for `openid` when the customer is connected.",
            cause: "`userInfo()` of a session without the scope `openid`",
            cure: "Ask for `openid` when the customer is connected",
        }
        AuthorizationDetailsUnsupported => {
            class: Configuration,
            code: "authorization_details_unsupported",
            message: "`authorizationDetails` must be absent, because the server does not know details of the type `account_information` (RFC 9396). Leave it out.",
            cause: "The server does not know details of the type `account_information`",
            cure: "Leave `authorizationDetails` out",
        }
        CryptoUnavailable => {
            class: Configuration,
            code: "crypto_unavailable",
            message: "This platform has no `crypto.subtle`, which the scope `openid`, `dpop` and `private_key_jwt` need. Serve the page by https or from localhost; in jsdom take it from Node (docs/runtimes.md).",
            cause: "`crypto.subtle` is missing, which the scope `openid`, `dpop` and `private_key_jwt` need, or can't do what is needed (see `cause`)",
            cure: "In browsers serve the page by https or from localhost; in a test environment see [testing](testing.md); elsewhere use a newer runtime",
        }
        NoRandomness => {
            class: Configuration,
            code: "no_randomness",
            message: "This platform has no `crypto.getRandomValues`, which the SDK needs, or it failed. Use another platform; in jsdom take it from Node (docs/runtimes.md).",
            cause: "The platform has no `crypto.getRandomValues`",
            cure: "Use a platform that has it; in a test environment see [testing](testing.md)",
            made_by: Both,
        }
        FetchUnavailable => {
            class: Configuration,
            code: "fetch_unavailable",
            message: "This platform has no `fetch`, which the SDK needs. Pass one as the option `fetch`; in jsdom take it from Node (docs/runtimes.md).",
            cause: "The platform has no `fetch`, and none was given",
            cure: "Pass one as the option `fetch`; in a test environment see [testing](testing.md)",
            made_by: Host,
        }
        TextEncodingUnavailable => {
            class: Configuration,
            code: "text_encoding_unavailable",
            message: "This platform has no `{}`, which the SDK needs. Use another platform; in jsdom take it from Node (docs/runtimes.md).",
            cause: "The platform has no `TextDecoder` or no `TextEncoder`, such as Jest's jsdom",
            cure: "See [testing](testing.md)",
            made_by: Host,
        }
        WasmUnavailable => {
            class: Configuration,
            code: "wasm_unavailable",
            message: "This platform has no WebAssembly, which the SDK needs (iOS in Lockdown Mode turns it off). Except the site from Lockdown Mode, or call from your server (docs/runtimes.md).",
            cause: "The platform has no WebAssembly: iOS in Lockdown Mode, `node --jitless`",
            cure: "Tell the customer to except the site from Lockdown Mode, or make the calls from your server",
            made_by: Host,
        }
        WasmMemory => {
            class: Configuration,
            code: "wasm_memory",
            message: "The platform gives no memory for WebAssembly (see `cause`). Close other pages or raise the process's limit, then call again.",
            cause: "The platform gives WebAssembly no memory (see `cause`)",
            cure: "Call again once there is some; raise the process's limit of address space (`ulimit -v`)",
            retryable: true,
            made_by: Host,
        }
        WasmBlocked => {
            class: Configuration,
            code: "wasm_blocked",
            message: "WebAssembly could not be compiled (see `cause`). Add `'wasm-unsafe-eval'` to `script-src` if the page has a Content-Security-Policy.",
            cause: "WebAssembly could not be compiled (see `cause`)",
            cure: "Under a Content-Security-Policy add `'wasm-unsafe-eval'` to `script-src`",
            made_by: Host,
        }
    }
    "Callbacks: no code was sent" {
        InvalidPending => {
            class: Authorization,
            code: "invalid_pending",
            message: "{} Begin a new authorization.",
            cause: "The kept `pending` is damaged",
            cure: "Keep it as it is; begin a new authorization",
        }
        PendingExpired => {
            class: Authorization,
            code: "pending_expired",
            message: "The pending authorization is too old to be completed. Begin again.",
            cause: "The customer took longer than the transaction holds",
            cure: "Begin again; `pendingLifetimeMs` makes it longer",
        }
        PendingMismatch => {
            class: Authorization,
            code: "pending_mismatch",
            message: "The pending authorization was begun by a client with another client id or issuer. Complete it with that client.",
            cause: "`pending` was begun by a client with another client id or issuer",
            cure: "Complete with the client that began",
        }
        PendingUsed => {
            class: Authorization,
            code: "pending_used",
            message: "This pending authorization was completed already. Begin a new one.",
            cause: "This transaction was completed already: a double click, a reloaded callback page",
            cure: "Go on with the session that it gave, or begin again",
        }
        MissingState => {
            class: Authorization,
            code: "missing_state",
            message: "The callback has no `state`, so the SDK can't check who began the authorization. Begin again.",
            cause: "The callback has no `state`",
            cure: "Begin again; a callback that nobody began is an attack or a bookmark",
        }
        StateMismatch => {
            class: Authorization,
            code: "state_mismatch",
            message: "The callback's `state` is not that of this pending authorization: it belongs to another, or is forged. Begin again.",
            cause: "The callback belongs to another transaction, or is forged",
            cure: "Keep one `pending` for each browser session; begin again",
        }
        MissingIssuer => {
            class: Authorization,
            code: "missing_issuer",
            message: "The callback does not name its issuer (`iss`), though the server or the profile promises it (RFC 9207). Pass the whole callback URL, or begin again.",
            cause: "No `iss` came, and the server says that it sends one (RFC 9207)",
            cure: "Pass the whole callback URL; else begin again",
        }
        IssuerMismatch => {
            class: Authorization,
            code: "issuer_mismatch",
            message: "The metadata document names another issuer than the configured one, so it is refused (RFC 8414, section 3.3). Check `environment.issuer`.",
            cause: "The callback, or the metadata, is another issuer's than the configured one",
            cure: "Check `environment.issuer`; in a callback it is an attack (mix-up)",
        }
        MissingCode => {
            class: Authorization,
            code: "missing_code",
            message: "The callback has neither a `code` nor an `error`. Pass the whole callback URL, or begin again.",
            cause: "Neither a code nor an error came",
            cure: "Pass the whole callback URL",
        }
        DuplicateParameter => {
            class: Authorization,
            code: "duplicate_parameter",
            message: "The callback has the parameter `{}` more than once. Begin again.",
            cause: "A parameter came twice (RFC 6749, section 3.1)",
            cure: "Begin again; look for who rewrites the URL",
        }
        AuthorizationRefused => {
            class: Authorization,
            code: "authorization_refused",
            message: "The authorization server refused the authorization request{}",
            cause: "The server refused the authorization, and its `error` is no code, or one of this SDK's own (then it is the `serverCode`)",
            cure: "Begin again; report it to the provider",
        }
        TokenInCallback => {
            class: Authorization,
            code: "token_in_callback",
            message: "The callback has a token, and only a code is accepted (RFC 9700, section 2.1.2). Register the client for the code flow only.",
            cause: "A token stands in the callback; only a code is accepted",
            cure: "Register the client for the code flow only",
        }
    }
    "The authorization server" {
        NoRefreshToken => {
            class: OAuth,
            code: "no_refresh_token",
            message: "The session has no refresh token (scope `offline_access`), so it can't be renewed. Connect the customer again.",
            cause: "The session can't be renewed: it has no refresh token",
            cure: "Ask for `offline_access`, connect the customer again",
            reauth_required: true,
        }
        SessionNotFound => {
            class: OAuth,
            code: "session_not_found",
            message: "The token store has no session under this key: it was revoked or removed. Connect the customer again.",
            cause: "The token store holds no session under this key",
            cure: "Connect the customer again",
            reauth_required: true,
        }
        RefreshOutcomeUnknown => {
            class: OAuth,
            code: "refresh_outcome_unknown",
            message: "The refresh token was sent, and no readable answer arrived, so the server may have used it. Call again, from `retryAt` on if there is one: the session sends it again.",
            cause: "A refresh token was sent and no readable answer arrived, so nobody knows whether the server used it. The session keeps it and sends it again: see [refresh](refresh.md#an-unknown-outcome)",
            cure: "Call again, from `retryAt` on if there is one; `reauthRequired` is false until the server refuses",
            retryable: true,
        }
        ParUnsupported => {
            class: OAuth,
            code: "par_unsupported",
            message: "The authorization server has no endpoint for pushed authorization requests, which the profile `fapi2` needs. Use a server that has one.",
            cause: "The profile `fapi2` needs pushed authorization requests, and the server has no endpoint for them",
            cure: "Use a server that has one",
        }
        JwksUnsupported => {
            class: OAuth,
            code: "jwks_unsupported",
            message: "The authorization server names no keys (`jwks_uri`), so its ID tokens can't be verified. Leave out the scope `openid`.",
            cause: "The server names no keys, so its ID tokens can't be verified",
            cure: "Leave out the scope `openid`",
        }
        UserinfoUnsupported => {
            class: OAuth,
            code: "userinfo_unsupported",
            message: "The authorization server's metadata names no `userinfo_endpoint`. Do without `userInfo()`.",
            cause: "The metadata names no `userinfo_endpoint`",
            cure: "Do without",
        }
        LogoutUnsupported => {
            class: OAuth,
            code: "logout_unsupported",
            message: "The authorization server's metadata names no `end_session_endpoint`. End your own session only.",
            cause: "The metadata names no `end_session_endpoint`",
            cure: "End your own session only",
        }
        RevocationUnsupported => {
            class: OAuth,
            code: "revocation_unsupported",
            message: "The authorization server's metadata names no `revocation_endpoint`, so the tokens stay valid until they expire. Ask the customer to withdraw the consent at the bank.",
            cause: "The metadata names no `revocation_endpoint`: `revoke()` removed the session here, and its tokens hold at the server until they end",
            cure: "Tell the customer to withdraw the consent at the bank",
        }
        UserinfoSubject => {
            class: OAuth,
            code: "userinfo_subject",
            message: "UserInfo is about another subject than the session's ID token, so it is not used. Report it to Oakford.",
            cause: "UserInfo is about somebody else than the ID token",
            cure: "Do not use it; report it to the provider",
        }
        TokenNotBound => {
            class: OAuth,
            code: "token_not_bound",
            message: "The access token is not bound to the DPoP key (its `token_type` is Bearer), so it is refused. Register the client for DPoP-bound tokens, or create it without `dpop`.",
            cause: "The server gave a bearer token where one bound to the DPoP key was asked for",
            cure: "Have the client registered for DPoP-bound tokens, or create it without `dpop`",
            reauth_required: true,
        }
        DpopKeyLost => {
            class: OAuth,
            code: "dpop_key_lost",
            message: "The DPoP key of this session is missing here (another process or browser profile, or cleared storage). Connect the customer again; on servers bring a key pair of your own as `dpop`.",
            cause: "The key that the session is bound to is not here any more",
            cure: "Connect the customer again; servers bring a key pair of their own as `dpop`",
            reauth_required: true,
        }
        DpopNonceUnreadable => {
            class: OAuth,
            code: "dpop_nonce_unreadable",
            message: "The server refused the DPoP proof, and its `DPoP-Nonce` can't be read. List `DPoP-Nonce` and `WWW-Authenticate` in the server's `Access-Control-Expose-Headers`.",
            cause: "The server wants a nonce that a browser can't read, or refuses (401) and a browser can't read why",
            cure: "The server has to expose `DPoP-Nonce` and `WWW-Authenticate` (CORS)",
        }
        IdTokenMissing => {
            class: OAuth,
            code: "id_token_missing",
            message: not_used!("`openid` was requested, but no ID token came"),
            cause: "`openid` was asked for, and no ID token came",
            cure: "Report it to the provider, or leave `openid` out",
            reauth_required: true,
        }
        IdTokenMalformed => {
            class: OAuth,
            code: "id_token_malformed",
            message: not_used!("The ID token is no signed JWT"),
            cause: "The ID token is no signed JWT",
            cure: "Report it to the provider",
            reauth_required: true,
        }
        IdTokenAlgorithm => {
            class: OAuth,
            code: "id_token_algorithm",
            message: not_used!("The ID token is signed with an algorithm that this profile does not accept"),
            cause: "It is signed by an algorithm that the profile does not accept",
            cure: "Have the client registered for PS256, ES256 or EdDSA",
            reauth_required: true,
        }
        IdTokenSignature => {
            class: OAuth,
            code: "id_token_signature",
            message: not_used!("No key of the authorization server verifies the ID token's signature"),
            cause: "No key of the server verifies it",
            cure: "Begin again; if it stays, report it",
            reauth_required: true,
        }
        IdTokenIssuer => {
            class: OAuth,
            code: "id_token_issuer",
            message: not_used!("The ID token is from another issuer than the configured one"),
            cause: "It is another issuer's",
            cure: "Check `environment.issuer`",
            reauth_required: true,
        }
        IdTokenAudience => {
            class: OAuth,
            code: "id_token_audience",
            message: not_used!("The ID token is not for this client (`aud`, `azp`)"),
            cause: "It is not for this client",
            cure: "Check `clientId`",
            reauth_required: true,
        }
        IdTokenSubject => {
            class: OAuth,
            code: "id_token_subject",
            message: not_used!("The ID token names {}"),
            cause: "It names nobody, or after a refresh somebody else",
            cure: "Connect the customer again",
            reauth_required: true,
        }
        IdTokenNonce => {
            class: OAuth,
            code: "id_token_nonce",
            message: not_used!("The ID token's `nonce` is not that of this authorization, so it may be replayed"),
            cause: "It belongs to another transaction",
            cure: "Begin again",
            reauth_required: true,
        }
        IdTokenAtHash => {
            class: OAuth,
            code: "id_token_at_hash",
            message: not_used!("The ID token belongs to another access token (`at_hash`)"),
            cause: "It belongs to another access token",
            cure: "Begin again",
            reauth_required: true,
        }
        IdTokenAcr => {
            class: OAuth,
            code: "id_token_acr",
            message: not_used!("The customer was not authenticated in any of the ways that were requested (`acr`)"),
            cause: "The customer was not authenticated as was asked for",
            cure: "Begin again, or ask for less",
            reauth_required: true,
        }
        IdTokenExpired => {
            class: OAuth,
            code: "id_token_expired",
            message: not_used!("The ID token has {}"),
            cause: "It has ended already",
            cure: "Set this machine's clock",
            reauth_required: true,
        }
        IdTokenIssuedAt => {
            class: OAuth,
            code: "id_token_issued_at",
            message: not_used!("The ID token {}"),
            cause: "It is from the future, not valid yet (`nbf`), or does not say when it was issued",
            cure: "Set this machine's clock",
            reauth_required: true,
        }
    }
    "Calls" {
        RateLimitWait => {
            class: RateLimit,
            code: "rate_limit_wait",
            message: "The rate limit leaves no room for this call before its `deadlineMs`, so it was not sent. Call again at `retryAt`, or raise `deadlineMs`.",
            cause: "The rate limit leaves no room before the call's deadline; it was not sent",
            cure: "Call again at `retryAt`, or give it a longer `deadlineMs`",
            retryable: true,
        }
        PartNotLoaded => {
            class: Network,
            code: "part_not_loaded",
            message: "A part of the SDK that this call needs could not be loaded (see `cause`), so nothing was sent. Call again, and reload the page if it stays.",
            cause: "A part of the SDK that is loaded when it is first needed could not be had (see `cause`): often a page that is older than what its server has now. Nothing was sent",
            cure: "Call again; where it stays, reload the page",
            retryable: true,
        }
        ConnectionFailed => {
            class: Network,
            code: "connection_failed",
            message: "No connection to the server could be made (see `cause`), so nothing was sent. Check the address, the network and the certificates.",
            cause: "No connection could be made (see `cause`): DNS, refused, connect time-out, TLS handshake or certificate, a proxy's refusal. Nothing was sent",
            cure: "Check the address, the network and the certificates; call again",
            retryable: true,
        }
        Offline => {
            class: Network,
            code: "offline",
            message: "The device is offline (`navigator.onLine` is false), so nothing was sent. Call again when it is online.",
            cause: "The browser is offline (`navigator.onLine` is false). Nothing was sent",
            cure: "Call again when the browser is online",
            retryable: true,
        }
        NetworkError => {
            class: Network,
            code: "network_error",
            message: "The connection failed before a response arrived, and the server may have received the request. Call again.",
            cause: "The connection broke before an answer came; in a browser also what CORS forbids",
            cure: "Call again; `requestSent` says whether the server may have seen it",
            retryable: true,
        }
        BodyInterrupted => {
            class: Network,
            code: "body_interrupted",
            message: "The connection ended in the middle of the response body. Call again.",
            cause: "The connection ended in the middle of the answer",
            cure: "Call again",
            retryable: true,
        }
        Timeout => {
            class: Timeout,
            code: "timeout",
            message: "The server did not answer in full within `timeoutMs`. Call again, or raise `timeoutMs`.",
            cause: "An attempt, or the refresh that it needed, took longer than `timeoutMs`",
            cure: "Call again, or raise `timeoutMs`",
            retryable: true,
        }
        DeadlineExceeded => {
            class: Timeout,
            code: "deadline_exceeded",
            message: "The call took longer than its `deadlineMs`, waits included. Call again, or raise `deadlineMs`.",
            cause: "The call took longer than `deadlineMs`, waits and retries included",
            cure: "Call again, or raise `deadlineMs`",
            retryable: true,
        }
        Aborted => {
            class: Abort,
            code: "aborted",
            message: "The call was aborted by its signal, whose reason is the `cause`.",
            cause: "Your signal aborted; its reason is the `cause`",
            cure: "None is needed",
        }
        UnexpectedRedirect => {
            class: Response,
            code: "unexpected_redirect",
            message: "The server answered with a redirect, and none is followed, since it could carry a token elsewhere. Configure the address that it redirects to.",
            cause: "The server answered with a redirect; none is followed, since it could carry a token elsewhere",
            cure: "Configure the address that it redirects to",
        }
        BodyTooLarge => {
            class: Response,
            code: "body_too_large",
            message: "The body is larger than `maxBodyBytes`, or than 1 MB where it is no data of the API. Ask for smaller pages (`limit`), or raise `maxBodyBytes`.",
            cause: "The body of the API's success is larger than `maxBodyBytes`, or another success than 1 MB (metadata, keys, tokens, PAR, revocation, UserInfo). Of errors 64 KB are read",
            cure: "Ask for smaller pages (`limit`), or raise it; else report it to the provider",
        }
        EmptyBody => {
            class: Response,
            code: "empty_body",
            message: "{} Call again, and report it to Oakford if it stays.",
            cause: "A success came without a body",
            cure: "Call again; if it stays, report it to the provider",
        }
        InvalidResponse => {
            class: Response,
            code: "invalid_response",
            message: "{} Report it to Oakford.",
            cause: "The body is not what the contract says: see `path`, `expected`, `found`",
            cure: "Report it to the provider",
        }
        CursorRepeated => {
            class: Response,
            code: "cursor_repeated",
            message: "The server gave the same cursor twice, so the listing would never end. Go on from `checkpoint` later.",
            cause: "The server gave the same cursor twice, so that the listing would never end",
            cure: "Go on from `checkpoint` later; report it",
        }
        TooManyPages => {
            class: Response,
            code: "too_many_pages",
            message: "The listing has more pages than `maxPages` allows. Go on from `checkpoint`, or raise `maxPages`.",
            cause: "The listing has more pages than `maxPages`",
            cure: "Go on from `checkpoint`, or raise it",
        }
    }
    "Defects" {
        InternalError => {
            class: Internal,
            code: "internal_error",
            message: "A defect in the SDK ended this call{}. Report it with `client.debugBundle()`.",
            cause: "A defect of this SDK",
            cure: "Report it with `client.debugBundle()`; the client goes on working",
            made_by: Both,
        }
        Panic => {
            class: Internal,
            code: "panic",
            message: "A defect in the SDK ended this call{}, and the client goes on working. Report it with `client.debugBundle()`.",
            cause: "A defect of this SDK ended its WebAssembly instance; a fresh one has taken over",
            cure: "As above",
            made_by: Host,
        }
    }
}
