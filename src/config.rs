//! What a client is configured with, checked before anything is sent.
//!
//! Rules: `docs/security.md#bound-tokens`, `docs/security.md#key-authentication`,
//! `docs/security.md#no-browser-secret`.

use crate::aisp::Environment;
use crate::digits;
use crate::error::{Error, Kind, Result};
use crate::http::is_host;
use crate::http::limiter::Limits;
use crate::json::{self, FieldError, Fields, Value};
use crate::oauth::{Client, ClientAuth, Profile, Secret, asks_openid};

/// The configuration of a client. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where the API and its authorization server are.
    pub environment: Environment,
    /// The registered client.
    pub client: Client,
    /// The scope that is asked for unless a call says otherwise, separated by spaces.
    pub scope: String,
    /// The longest that one attempt may take, body included.
    pub timeout_ms: i64,
    /// The longest that a whole call may take.
    pub deadline_ms: i64,
    /// The largest body that is read, in bytes.
    pub max_body_bytes: i64,
    /// The most retries of a call.
    pub max_retries: u32,
    /// The rate limits to keep to; absent where none are, and answers leave no memory.
    pub rate_limit: Option<Limits>,
}

const OPTIONS: [&str; 19] = [
    "environment",
    "allowInsecureHosts",
    "clientId",
    "redirectUri",
    "clientSecret",
    "clientAuth",
    "profile",
    "dpop",
    "scope",
    "runtime",
    "timeoutMs",
    "deadlineMs",
    "maxBodyBytes",
    "maxRetries",
    "rateLimit",
    "tokenStore",
    "rateLimitStore",
    "fetch",
    "onEvent",
];

impl Config {
    /// Reads the options of `createClient` as JSON; keys are not in it, the platform holds them. `browser`: the code runs where its source
    /// is public. `certificate`: its `fetch` presents a client certificate.
    pub fn parse(options: &str, browser: bool, certificate: bool) -> Result<Self> {
        let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
        let config = Self::read(&value, certificate).map_err(Error::option)?;
        if browser && config.client.is_confidential() {
            return Err(Error::of(Kind::SecretInBrowser));
        }
        Ok(config)
    }

    /// Whether signatures are made or verified: the client's own, those of DPoP proofs, those of ID tokens.
    pub fn needs_signatures(&self) -> bool {
        self.client.dpop || self.client.auth == ClientAuth::PrivateKey || asks_openid(&self.scope)
    }

    fn read(value: &Value, certificate: bool) -> core::result::Result<Self, FieldError> {
        let fields = Fields::of("", value)?;
        fields.only(&OPTIONS)?;
        runtime(fields)?;
        let profile = profile(fields)?;
        let client = Client {
            id: not_empty(fields, "clientId", "the client id that Oakford gave you")?,
            redirect_uri: redirect_uri(fields)?,
            auth: auth(fields, profile, certificate)?,
            profile,
            dpop: dpop(fields, profile, certificate)?,
            certificate,
            insecure_hosts: insecure_hosts(fields)?,
        };
        let environment = Environment::read(fields.value("environment"), &client.insecure_hosts)?;
        let is_strict = profile == Profile::Fapi2 || environment.issuer.starts_with("https:");
        if is_strict && !client.insecure_hosts.is_empty() {
            const EXPECTED: &str = "absent with an https issuer (as of 'production') or the profile fapi2";
            return Err(FieldError::new(INSECURE_HOSTS, EXPECTED, "host names"));
        }
        Ok(Self {
            rate_limit: Limits::read(fields.value("rateLimit"), environment.limits)?,
            max_retries: u32::try_from(fields.count("maxRetries")?.unwrap_or(2)).unwrap_or(u32::MAX),
            environment,
            client,
            scope: scope(fields, "openid accounts offline_access")?,
            timeout_ms: at_least_one(fields, "timeoutMs", 30_000)?,
            deadline_ms: at_least_one(fields, "deadlineMs", 120_000)?,
            max_body_bytes: at_least_one(fields, "maxBodyBytes", 67_108_864)?,
        })
    }
}

/// The option `scope`: a list of strings, or one string that is separated by spaces.
pub fn scope(fields: Fields<'_>, default: &str) -> core::result::Result<String, FieldError> {
    const EXPECTED: &str = "an array of scope names";
    let scope = match fields.value("scope") {
        None => return Ok(default.into()),
        Some(Value::Text(text)) => text.clone(),
        Some(_) => fields.texts("scope")?.unwrap_or_default().join(" "),
    };
    // RFC 6749, section 3.3: scope tokens are visible ASCII without quotation mark and backslash.
    let sound = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'))
    };
    if scope.split(' ').all(sound) {
        return Ok(scope);
    }
    Err(FieldError::new(fields.path("scope"), EXPECTED, "a name that is no scope"))
}

const INSECURE_HOSTS: &str = "allowInsecureHosts";

/// The hosts that may be reached by plain http, such as containers.
fn insecure_hosts(fields: Fields<'_>) -> core::result::Result<Vec<String>, FieldError> {
    let hosts = fields.texts(INSECURE_HOSTS)?.unwrap_or_default();
    if hosts.iter().all(|host| is_host(host)) {
        return Ok(hosts);
    }
    const EXPECTED: &str = "exact host names such as 'sandbox', without scheme, port or wildcard";
    Err(FieldError::new(INSECURE_HOSTS, EXPECTED, "another string"))
}

fn not_empty(fields: Fields<'_>, name: &str, expected: &str) -> core::result::Result<String, FieldError> {
    match fields.text(name)? {
        Some("") => Err(FieldError::new(fields.path(name), expected, "an empty string")),
        Some(text) => Ok(text.into()),
        None => Err(fields.field_error(name, expected)),
    }
}

fn redirect_uri(fields: Fields<'_>) -> core::result::Result<String, FieldError> {
    const EXPECTED: &str = "an absolute URI without fragment, as it is registered";
    let uri = not_empty(fields, "redirectUri", EXPECTED)?;
    let refuse = |found| Err(FieldError::new(fields.path("redirectUri"), EXPECTED, found));
    // RFC 6749, section 3.1.2. Native apps have schemes of their own, so the scheme is not limited to https.
    match uri.split_once(':') {
        None => refuse("no scheme"),
        Some(_) if uri.contains('#') => refuse("a fragment"),
        Some(_) => Ok(uri),
    }
}

/// The platform reads the option; a word that it does not know would leave the question open.
fn runtime(fields: Fields<'_>) -> core::result::Result<(), FieldError> {
    match fields.text("runtime")? {
        None | Some("server") => Ok(()),
        Some(_) => Err(FieldError::new("runtime", "'server'", "another string")),
    }
}

fn profile(fields: Fields<'_>) -> core::result::Result<Profile, FieldError> {
    match fields.text("profile")? {
        None | Some("oauth2") => Ok(Profile::OAuth2),
        Some("fapi2") => Ok(Profile::Fapi2),
        Some(_) => Err(FieldError::new("profile", "'oauth2' or 'fapi2'", "another string")),
    }
}

/// FAPI 2.0, "Requirements for Clients": tokens are bound to a key or a certificate. Where no certificate is presented, it is a key.
fn dpop(fields: Fields<'_>, profile: Profile, certificate: bool) -> core::result::Result<bool, FieldError> {
    let bound_otherwise = profile == Profile::OAuth2 || certificate;
    match fields.flag("dpop").map_err(|_| fields.field_error("dpop", "true, false or a key pair"))? {
        None => Ok(!bound_otherwise),
        Some(false) if !bound_otherwise => Err(FieldError::new(
            "dpop",
            "true in the profile fapi2, or a fetch that presents a certificate (`mtlsFetch`)",
            "false",
        )),
        Some(dpop) => Ok(dpop),
    }
}

fn auth(
    fields: Fields<'_>,
    profile: Profile,
    certificate: bool,
) -> core::result::Result<ClientAuth, FieldError> {
    let secret = fields.text("clientSecret").map_err(|_| fields.field_error("clientSecret", "a string"))?;
    let method = match fields.object("clientAuth", "clientAuth")? {
        None => None,
        Some(options) => Some(method(options)?),
    };
    if secret == Some("") {
        return Err(FieldError::new("clientSecret", "a string that is not empty", "an empty string"));
    }
    if profile == Profile::Fapi2 && secret.is_some() {
        const EXPECTED: &str = "absent in the profile fapi2, which needs `clientAuth` with 'private_key_jwt' or 'tls_client_auth'";
        return Err(FieldError::new("clientSecret", EXPECTED, "a string"));
    }
    match (method, secret) {
        (Some("private_key_jwt"), None) => Ok(ClientAuth::PrivateKey),
        (Some("tls_client_auth"), None) if certificate => Ok(ClientAuth::Certificate),
        (Some("tls_client_auth"), None) => Err(FieldError::new(
            "fetch",
            "a fetch that presents the client's certificate (`mtlsFetch` of @oakford/aisp/node)",
            "none",
        )),
        _ if profile == Profile::Fapi2 => Err(FieldError::new(
            "clientAuth.method",
            "'private_key_jwt' or 'tls_client_auth' in the profile fapi2",
            if method.is_some() { "another method" } else { "nothing" },
        )),
        (None, None) | (Some("none"), None) => Ok(ClientAuth::None),
        (None | Some("client_secret_basic"), Some(secret)) => {
            Ok(ClientAuth::SecretBasic(Secret::new(secret)))
        }
        (Some("client_secret_post"), Some(secret)) => Ok(ClientAuth::SecretPost(Secret::new(secret))),
        (Some("client_secret_basic" | "client_secret_post"), None) => {
            Err(fields.field_error("clientSecret", "a string"))
        }
        (Some(_), _) => Err(FieldError::new(
            "clientAuth.method",
            "'client_secret_basic' or 'client_secret_post' with a `clientSecret`, or 'private_key_jwt', 'tls_client_auth' or 'none' without",
            "another method",
        )),
    }
}

/// The method; of `private_key_jwt` also the options that are no key.
fn method<'a>(options: Fields<'a>) -> core::result::Result<&'a str, FieldError> {
    let method = options.required_text("method")?;
    if method != "private_key_jwt" {
        options.only(&["method"])?;
        return Ok(method);
    }
    options.only(&["method", "privateKey", "kid", "alg"])?;
    options.text("kid")?;
    const NAMES: [&str; 4] = ["PS256", "ES256", "EdDSA", "Ed25519"];
    if options.text("alg")?.is_some_and(|name| !NAMES.contains(&name)) {
        return Err(FieldError::new(
            options.path("alg"),
            "'PS256', 'ES256', 'EdDSA' or 'Ed25519'",
            "another string",
        ));
    }
    // The platform holds the key and says here only that there is one.
    if options.flag("privateKey").ok().flatten() != Some(true) {
        return Err(options.field_error("privateKey", "a private key as CryptoKey or JWK"));
    }
    Ok(method)
}

/// Reads an integer ≥ 1.
pub fn at_least_one(fields: Fields<'_>, name: &str, default: i64) -> core::result::Result<i64, FieldError> {
    match fields.number(name)? {
        None => Ok(default),
        Some(number) if number >= 1 => Ok(number),
        Some(number) => Err(FieldError::new(fields.path(name), "an integer ≥ 1", &digits::write(number))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;

    fn config(more: &str) -> Result<Config> {
        with(more, false)
    }

    fn with(more: &str, certificate: bool) -> Result<Config> {
        Config::parse(
            &format!(
                r#"{{"environment":"sandbox","clientId":"demo","redirectUri":"https://app.example/cb"{more}}}"#
            ),
            false,
            certificate,
        )
    }

    #[test]
    fn the_defaults_are_those_of_the_documentation() {
        let config = config("").unwrap();
        assert_eq!(config.scope, "openid accounts offline_access");
        assert_eq!((config.timeout_ms, config.deadline_ms, config.max_retries), (30_000, 120_000, 2));
        assert_eq!(config.rate_limit, Some(Limits::SANDBOX));
        assert_eq!(config.client.auth, ClientAuth::None);
    }

    #[test]
    fn the_rate_limit_is_the_environments_unless_told_otherwise() {
        assert_eq!(config(r#","rateLimit":false"#).unwrap().rate_limit, None);
        let tighter = config(r#","rateLimit":{"perMinute":30}"#).unwrap().rate_limit;
        assert_eq!(tighter, Some(Limits { per_minute: Some(30), ..Limits::SANDBOX }));
        let own = r#"{"environment":{"baseUrl":"http://127.0.0.1:1"},"clientId":"demo","redirectUri":"https://a.example"}"#;
        assert_eq!(Config::parse(own, false, false).unwrap().rate_limit, Some(Limits::UNKNOWN));
    }

    #[test]
    fn a_secret_means_basic_unless_told_otherwise() {
        assert!(matches!(config(r#","clientSecret":"s""#).unwrap().client.auth, ClientAuth::SecretBasic(_)));
        let post = config(r#","clientSecret":"s","clientAuth":{"method":"client_secret_post"}"#).unwrap();
        assert!(matches!(post.client.auth, ClientAuth::SecretPost(_)));
        assert!(config(r#","clientAuth":{"method":"client_secret_basic"}"#).is_err());
        assert!(config(r#","clientSecret":"s","clientAuth":{"method":"none"}"#).is_err());
    }

    /// Rule: `no-browser-secret`.
    #[test]
    fn a_secret_is_refused_in_a_browser() {
        let options = r#"{"environment":"sandbox","clientId":"demo","redirectUri":"https://a.example","clientSecret":"s3cr3t"}"#;
        let error = Config::parse(options, true, false).unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::Configuration, "secret_in_browser"));
        assert!(!error.message.contains("s3cr3t"));
    }

    #[test]
    fn wrong_options_are_named_and_never_echoed() {
        for (more, message) in [
            (r#","clientID":"x""#, "`clientID` must be one of the options"),
            (r#","timeoutMs":"5""#, "`timeoutMs` must be an integer ≥ 0, got a string."),
            (r#","timeoutMs":0"#, "`timeoutMs` must be an integer ≥ 1, got 0."),
            (r#","clientSecret":7"#, "`clientSecret` must be a string, got a number."),
            (
                r#","clientSecret":"""#,
                "`clientSecret` must be a string that is not empty, got an empty string.",
            ),
            (r#","maxRetries":1.5"#, "`maxRetries` must be an integer ≥ 0, got a fraction."),
            (r#","scope":[1]"#, "`scope` must be an array of strings, got another item in the array."),
            (r#","runtime":"browser""#, "`runtime` must be 'server', got another string."),
            (r#","scope":[""]"#, "`scope` must be an array of scope names, got a name that is no scope."),
        ] {
            let error = config(more).unwrap_err();
            assert!(error.message.starts_with(message), "{}", error.message);
        }
        let error = Config::parse("{}", false, false).unwrap_err();
        assert_eq!(error.message, "`clientId` must be the client id that Oakford gave you, got nothing.");
    }

    #[test]
    fn signatures_are_needed_with_openid_dpop_or_a_key_of_the_client() {
        let plain = r#","scope":["accounts"]"#;
        assert!(!config(plain).unwrap().needs_signatures());
        assert!(!config(&[plain, r#","clientSecret":"s""#].concat()).unwrap().needs_signatures());
        let tls = r#","profile":"fapi2","clientAuth":{"method":"tls_client_auth"}"#;
        assert!(!with(&[plain, tls].concat(), true).unwrap().needs_signatures());
        assert!(config("").unwrap().needs_signatures());
        assert!(config(&[plain, r#","dpop":true"#].concat()).unwrap().needs_signatures());
        assert!(config(&[plain, KEY].concat()).unwrap().needs_signatures());
    }

    fn insecure(environment: &str, hosts: &str, more: &str) -> Result<Config> {
        Config::parse(
            &format!(
                r#"{{"environment":{environment},"clientId":"demo","redirectUri":"https://app.example/cb","allowInsecureHosts":{hosts}{more}}}"#
            ),
            false,
            false,
        )
    }

    #[test]
    fn plain_http_is_taken_for_hosts_that_the_option_names() {
        let own = r#"{"baseUrl":"http://sandbox:8787/aisp/v1"}"#;
        let config = insecure(own, r#"["sandbox"]"#, "").unwrap();
        assert_eq!(config.environment.issuer, "http://sandbox:8787");
        assert_eq!(config.client.insecure_hosts, ["sandbox"]);
        for hosts in ["[]", r#"["other"]"#] {
            let error = insecure(own, hosts, "").unwrap_err();
            assert!(
                error.message.starts_with("`environment.baseUrl` must be an https URL"),
                "{}",
                error.message
            );
            assert!(error.message.contains("allowInsecureHosts"), "{}", error.message);
        }
        let mixed = r#"{"baseUrl":"https://api.example","issuer":"http://sandbox:8787"}"#;
        assert!(insecure(mixed, r#"["sandbox"]"#, "").is_ok());
    }

    #[test]
    fn insecure_hosts_are_refused_with_an_https_issuer_and_in_the_fapi2_profile() {
        let own = r#"{"baseUrl":"http://sandbox:8787/aisp/v1"}"#;
        let https = r#"{"baseUrl":"http://sandbox:8787/aisp/v1","issuer":"https://sandbox"}"#;
        let fapi2 = format!(r#","profile":"fapi2"{KEY}"#);
        for (environment, more) in [
            (r#""production""#, ""),
            (r#""sandbox""#, ""),
            (https, ""),
            (r#"{"baseUrl":"https://sandbox"}"#, ""),
            (own, fapi2.as_str()),
        ] {
            let error = insecure(environment, r#"["sandbox"]"#, more).unwrap_err();
            assert_eq!(error.class, Class::Configuration);
            assert_eq!(
                error.message,
                "`allowInsecureHosts` must be absent with an https issuer (as of 'production') or the profile fapi2, got host names."
            );
        }
    }

    #[test]
    fn insecure_hosts_are_exact_names() {
        let own = r#"{"baseUrl":"http://sandbox:8787/aisp/v1"}"#;
        for hosts in [
            r#"["sandbox","*"]"#,
            r#"["*.internal"]"#,
            r#"[".internal"]"#,
            r#"["sandbox:8787"]"#,
            r#"["http://sandbox"]"#,
            r#"[""]"#,
        ] {
            assert_eq!(
                insecure(own, hosts, "").unwrap_err().message,
                "`allowInsecureHosts` must be exact host names such as 'sandbox', without scheme, port or wildcard, got another string."
            );
        }
        for hosts in [r#""sandbox""#, "true", "[1]"] {
            let error = insecure(own, hosts, "").unwrap_err();
            assert!(
                error.message.starts_with("`allowInsecureHosts` must be an array of strings"),
                "{}",
                error.message
            );
        }
    }

    const KEY: &str = r#","clientAuth":{"method":"private_key_jwt","privateKey":true,"kid":"k"}"#;

    /// Rule: `no-browser-secret`.
    #[test]
    fn a_private_key_is_refused_in_a_browser() {
        let options = format!(
            r#"{{"environment":"sandbox","clientId":"demo","redirectUri":"https://a.example"{KEY}}}"#
        );
        assert_eq!(Config::parse(&options, true, false).unwrap_err().code, "secret_in_browser");
    }

    /// Rule: `key-authentication`.
    #[test]
    fn a_secret_or_a_public_client_does_not_build_in_the_fapi2_profile() {
        for (more, path) in [
            (r#","profile":"fapi2""#, "clientAuth.method"),
            (r#","profile":"fapi2","clientSecret":"s""#, "clientSecret"),
            (r#","profile":"fapi2","clientAuth":{"method":"none"}"#, "clientAuth.method"),
            (
                r#","profile":"fapi2","clientAuth":{"method":"client_secret_post"},"clientSecret":"s""#,
                "clientSecret",
            ),
            (r#","profile":"fapi2","clientAuth":{"method":"client_secret_basic"}"#, "clientAuth.method"),
            (r#","profile":"fapi2","clientAuth":{"method":"tls_client_auth"}"#, "fetch"),
            (r#","profile":"fapi1""#, "profile"),
        ] {
            assert_eq!(config(more).unwrap_err().field_error.as_ref().unwrap().path, path, "{more}");
        }
    }

    /// Rule: `bound-tokens`.
    #[test]
    fn the_fapi2_profile_binds_tokens_to_a_key_or_a_certificate() {
        let fapi = format!(r#","profile":"fapi2"{KEY}"#);
        let client = config(&fapi).unwrap().client;
        assert_eq!(
            (client.auth, client.dpop, client.profile),
            (ClientAuth::PrivateKey, true, Profile::Fapi2)
        );
        let off = format!(r#"{fapi},"dpop":false"#);
        assert_eq!(config(&off).unwrap_err().field_error.as_ref().unwrap().path, "dpop");
        assert!(!with(&off, true).unwrap().client.dpop);
        let tls = r#","profile":"fapi2","clientAuth":{"method":"tls_client_auth"}"#;
        let client = with(tls, true).unwrap().client;
        assert_eq!((client.auth, client.dpop, client.certificate), (ClientAuth::Certificate, false, true));
        assert!(with(&[tls, r#","dpop":true"#].concat(), true).unwrap().client.dpop);
        assert!(!config("").unwrap().client.dpop);
    }

    #[test]
    fn the_options_of_a_key_are_checked() {
        for (auth, path) in [
            (r#"{"method":"private_key_jwt"}"#, "clientAuth.privateKey"),
            (r#"{"method":"private_key_jwt","privateKey":{"d":"s3cr3t"}}"#, "clientAuth.privateKey"),
            (r#"{"method":"private_key_jwt","privateKey":true,"alg":"RS256"}"#, "clientAuth.alg"),
            (r#"{"method":"private_key_jwt","privateKey":true,"kid":7}"#, "clientAuth.kid"),
            (r#"{"method":"private_key_jwt","privateKey":true,"Kid":"k"}"#, "clientAuth.Kid"),
            (r#"{"method":"client_secret_jwt"}"#, "clientAuth.method"),
            (r#"{"method":"none","kid":"k"}"#, "clientAuth.kid"),
        ] {
            let error = config(&format!(r#","clientAuth":{auth}"#)).unwrap_err();
            assert_eq!(error.field_error.as_ref().unwrap().path, path, "{auth}");
            assert!(!error.message.contains("s3cr3t"));
        }
        assert!(config(r#","dpop":"yes""#).is_err());
    }
}
