//! What a client is configured with, checked before anything is sent.

use crate::aisp::Environment;
use crate::error::{Class, Error, Result};
use crate::json::{self, Fields, Mismatch, Value};
use crate::oauth::{Client, ClientAuth, Secret};

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
}

const OPTIONS: [&str; 12] = [
    "environment",
    "clientId",
    "redirectUri",
    "clientSecret",
    "clientAuth",
    "scope",
    "timeoutMs",
    "deadlineMs",
    "maxBodyBytes",
    "tokenStore",
    "fetch",
    "onEvent",
];

impl Config {
    /// Reads the options of `createClient` as JSON. `browser`: the code runs where its source is public.
    pub fn parse(options: &str, browser: bool) -> Result<Self> {
        let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
        let config = Self::read(&value).map_err(Error::option)?;
        if browser && config.client.auth != ClientAuth::None {
            return Err(Error::new(
                Class::Configuration,
                "secret_in_browser",
                "clientSecret: a secret in a browser is public. Leave it out (PKCE protects a public client) or make the call from your server.",
            ));
        }
        Ok(config)
    }

    fn read(value: &Value) -> core::result::Result<Self, Mismatch> {
        let fields = Fields::of("", value)?;
        fields.only(&OPTIONS)?;
        let client = Client {
            id: not_empty(fields, "clientId", "the client id that Oakford gave you")?,
            redirect_uri: redirect_uri(fields)?,
            auth: auth(fields)?,
        };
        Ok(Self {
            environment: Environment::read(fields.value("environment"))?,
            client,
            scope: scope(fields, "openid accounts offline_access")?,
            timeout_ms: at_least_one(fields, "timeoutMs", 30_000)?,
            deadline_ms: at_least_one(fields, "deadlineMs", 120_000)?,
            max_body_bytes: at_least_one(fields, "maxBodyBytes", 67_108_864)?,
        })
    }
}

/// The option `scope`: a list of strings, or one string that is separated by spaces.
pub fn scope(fields: Fields<'_>, default: &str) -> core::result::Result<String, Mismatch> {
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
    Err(Mismatch::new(fields.path("scope"), EXPECTED, "a name that is no scope"))
}

fn not_empty(fields: Fields<'_>, name: &str, expected: &str) -> core::result::Result<String, Mismatch> {
    match fields.text(name)? {
        Some("") => Err(Mismatch::new(fields.path(name), expected, "an empty string")),
        Some(text) => Ok(text.into()),
        None => Err(fields.mismatch(name, expected)),
    }
}

fn redirect_uri(fields: Fields<'_>) -> core::result::Result<String, Mismatch> {
    const EXPECTED: &str = "an absolute URI without fragment, as it is registered";
    let uri = not_empty(fields, "redirectUri", EXPECTED)?;
    let refuse = |found| Err(Mismatch::new(fields.path("redirectUri"), EXPECTED, found));
    // RFC 6749, section 3.1.2. Native apps have schemes of their own, so the scheme is not limited to https.
    match uri.split_once(':') {
        None => refuse("no scheme"),
        Some(_) if uri.contains('#') => refuse("a fragment"),
        Some(_) => Ok(uri),
    }
}

fn auth(fields: Fields<'_>) -> core::result::Result<ClientAuth, Mismatch> {
    let secret = fields.text("clientSecret").map_err(|_| fields.mismatch("clientSecret", "a string"))?;
    let method = match fields.object("clientAuth", "clientAuth")? {
        None => None,
        Some(options) => {
            options.only(&["method"])?;
            Some(options.required_text("method")?)
        }
    };
    match (method, secret) {
        (None, None) | (Some("none"), None) => Ok(ClientAuth::None),
        (None | Some("client_secret_basic"), Some(secret)) => {
            Ok(ClientAuth::SecretBasic(Secret::new(secret)))
        }
        (Some("client_secret_post"), Some(secret)) => Ok(ClientAuth::SecretPost(Secret::new(secret))),
        (Some("client_secret_basic" | "client_secret_post"), None) => {
            Err(fields.mismatch("clientSecret", "a string"))
        }
        (Some(_), _) => Err(Mismatch::new(
            "clientAuth.method",
            "'client_secret_basic' or 'client_secret_post' with a clientSecret, or 'none' without",
            "another method",
        )),
    }
}

fn at_least_one(fields: Fields<'_>, name: &str, default: i64) -> core::result::Result<i64, Mismatch> {
    match fields.number(name)? {
        None => Ok(default),
        Some(number) if number >= 1 => Ok(number),
        Some(_) => Err(Mismatch::new(fields.path(name), "a whole number of at least 1", "a smaller one")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(more: &str) -> Result<Config> {
        Config::parse(
            &format!(
                r#"{{"environment":"sandbox","clientId":"demo","redirectUri":"https://app.example/cb"{more}}}"#
            ),
            false,
        )
    }

    #[test]
    fn the_defaults_are_those_of_the_documentation() {
        let config = config("").unwrap();
        assert_eq!(config.scope, "openid accounts offline_access");
        assert_eq!((config.timeout_ms, config.deadline_ms), (30_000, 120_000));
        assert_eq!(config.client.auth, ClientAuth::None);
    }

    #[test]
    fn a_secret_means_basic_unless_told_otherwise() {
        assert!(matches!(config(r#","clientSecret":"s""#).unwrap().client.auth, ClientAuth::SecretBasic(_)));
        let post = config(r#","clientSecret":"s","clientAuth":{"method":"client_secret_post"}"#).unwrap();
        assert!(matches!(post.client.auth, ClientAuth::SecretPost(_)));
        assert!(config(r#","clientAuth":{"method":"client_secret_basic"}"#).is_err());
        assert!(config(r#","clientSecret":"s","clientAuth":{"method":"none"}"#).is_err());
    }

    #[test]
    fn w4_a_secret_is_refused_in_a_browser() {
        let options = r#"{"environment":"sandbox","clientId":"demo","redirectUri":"https://a.example","clientSecret":"s3cr3t"}"#;
        let error = Config::parse(options, true).unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::Configuration, "secret_in_browser"));
        assert!(!error.message.contains("s3cr3t"));
    }

    #[test]
    fn wrong_options_are_named_and_never_echoed() {
        for (more, message) in [
            (r#","clientID":"x""#, "clientID: expected one of"),
            (r#","timeoutMs":"5""#, "timeoutMs: expected a whole number of at least 0, found a string"),
            (r#","timeoutMs":0"#, "timeoutMs: expected a whole number of at least 1, found a smaller one"),
            (r#","clientSecret":7"#, "clientSecret: expected a string, found a number"),
            (r#","scope":[1]"#, "scope: expected an array of strings, found another item in the array"),
            (r#","scope":[""]"#, "scope: expected an array of scope names, found a name that is no scope"),
        ] {
            let error = config(more).unwrap_err();
            assert!(error.message.starts_with(message), "{}", error.message);
        }
        let error = Config::parse("{}", false).unwrap_err();
        assert_eq!(error.message, "clientId: expected the client id that Oakford gave you, found nothing");
    }
}
