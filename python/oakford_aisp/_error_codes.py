"""The codes of the errors. Made from the table of errors in Rust: edit that, and run `npm run renew:errors`."""

from typing import Any, Literal

# Codes of `ConfigurationError`; servers may send others.
ConfigurationCode = Literal[
    "invalid_option",
    "secret_in_browser",
    "session_unreadable",
    "invalid_stored_session",
    "token_store_failed",
    "tokens_not_stored",
    "pending_store_failed",
    "dpop_is_off",
    "dpop_unsupported",
    "openid_needed",
    "authorization_details_unsupported",
    "crypto_unavailable",
    "no_randomness",
    "fetch_unavailable",
    "text_encoding_unavailable",
    "wasm_unavailable",
    "wasm_memory",
    "wasm_blocked",
]

# Codes of `AuthorizationError`; servers may send others.
AuthorizationCode = Literal[
    "invalid_pending",
    "pending_expired",
    "pending_mismatch",
    "pending_used",
    "missing_state",
    "state_mismatch",
    "missing_issuer",
    "issuer_mismatch",
    "missing_code",
    "duplicate_parameter",
    "authorization_refused",
    "token_in_callback",
    "access_denied",
    "login_required",
    "interaction_required",
    "consent_required",
    "server_error",
    "temporarily_unavailable",
]

# Codes of `OAuthError`; servers may send others.
OAuthCode = Literal[
    "no_refresh_token",
    "session_not_found",
    "refresh_outcome_unknown",
    "par_unsupported",
    "jwks_unsupported",
    "userinfo_unsupported",
    "logout_unsupported",
    "revocation_unsupported",
    "userinfo_subject",
    "token_not_bound",
    "dpop_key_lost",
    "dpop_nonce_unreadable",
    "id_token_missing",
    "id_token_malformed",
    "id_token_algorithm",
    "id_token_signature",
    "id_token_issuer",
    "id_token_audience",
    "id_token_subject",
    "id_token_nonce",
    "id_token_at_hash",
    "id_token_acr",
    "id_token_expired",
    "id_token_issued_at",
    "invalid_grant",
    "invalid_client",
    "invalid_scope",
]

# Codes of `ApiError`; servers may send others.
ApiCode = Literal[
    "account_not_found",
    "transactions_period_too_long",
    "invalid_cursor",
    "invalid_date_range",
    "invalid_request",
    "invalid_token",
    "provider_error",
    "provider_timeout",
    "provider_unavailable",
]

# Codes of `RateLimitError`; servers may send others.
RateLimitCode = Literal[
    "rate_limit_wait",
    "rate_limit_exceeded",
]

# Codes of `ConsentError`; servers may send others.
ConsentCode = Literal[
    "consent_expired",
    "consent_revoked",
    "sca_required",
]

# Codes of `NetworkError`; servers may send others.
NetworkCode = Literal[
    "part_not_loaded",
    "connection_failed",
    "offline",
    "network_error",
    "body_interrupted",
]

# Codes of `TimeoutError`; servers may send others.
TimeoutCode = Literal[
    "timeout",
    "deadline_exceeded",
]

# Codes of `AbortError`; servers may send others.
AbortCode = Literal[
    "aborted",
]

# Codes of `ResponseError`; servers may send others.
ResponseCode = Literal[
    "unexpected_redirect",
    "body_too_large",
    "empty_body",
    "invalid_response",
    "cursor_repeated",
    "too_many_pages",
]

# Codes of `InternalError`; servers may send others.
InternalCode = Literal[
    "internal_error",
    "panic",
]

# An option or argument is not what it should be; `path`, `expected` and `found` say which and how.
INVALID_OPTION: dict[str, Any] = {
    "class": "ConfigurationError",
    "code": "invalid_option",
    "message": "{}",
}

# The platform has no `crypto.getRandomValues`.
NO_RANDOMNESS: dict[str, Any] = {
    "class": "ConfigurationError",
    "code": "no_randomness",
    "message": "This platform has no `crypto.getRandomValues`, which the SDK needs, or it failed. Use another platform; in jsdom take it from Node (docs/runtimes.md).",
}

# A defect of this SDK.
INTERNAL_ERROR: dict[str, Any] = {
    "class": "InternalError",
    "code": "internal_error",
    "message": "A defect in the SDK ended this call{}. Report it with `client.debugBundle()`.",
}
