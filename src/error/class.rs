//! The classes of the public interface.

/// Which class of the public interface an error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An option or argument is wrong; nothing was sent.
    Configuration,
    /// The callback of an authorization is an error, forged, stale or used.
    Authorization,
    /// The token, pushed-authorization or revocation endpoint refused.
    OAuth,
    /// The API answered with an error.
    Api,
    /// The API answered 429.
    RateLimit,
    /// The customer's consent expired or was revoked, or the bank requires strong authentication.
    Consent,
    /// No answer came.
    Network,
    /// An attempt or the whole call took too long.
    Timeout,
    /// The caller's signal ended the call.
    Abort,
    /// The answer is not what the contract says.
    Response,
    /// A defect of this SDK.
    Internal,
}

impl Class {
    /// Every class, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Configuration,
        Self::Authorization,
        Self::OAuth,
        Self::Api,
        Self::RateLimit,
        Self::Consent,
        Self::Network,
        Self::Timeout,
        Self::Abort,
        Self::Response,
        Self::Internal,
    ];

    /// Returns the class's name in the hosts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configuration => "ConfigurationError",
            Self::Authorization => "AuthorizationError",
            Self::OAuth => "OAuthError",
            Self::Api => "ApiError",
            Self::RateLimit => "RateLimitError",
            Self::Consent => "ConsentError",
            Self::Network => "NetworkError",
            Self::Timeout => "TimeoutError",
            Self::Abort => "AbortError",
            Self::Response => "ResponseError",
            Self::Internal => "InternalError",
        }
    }
}
