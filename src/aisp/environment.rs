//! Where the API is: Oakford's environments, or a server of one's own.

use crate::http::BaseUrl;
use crate::http::limiter::Limits;
use crate::json::{FieldError, Fields, Value};

/// A server of the API and its authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The base URL of the API.
    pub base: BaseUrl,
    /// The issuer. Default: the base URL's origin.
    pub issuer: String,
    /// What is published of its rate limits.
    pub limits: Limits,
}

impl Environment {
    /// Reads `'sandbox'`, `'production'` or `{ baseUrl, issuer? }`. `insecure_hosts` may be reached by plain http.
    pub fn read(value: Option<&Value>, insecure_hosts: &[String]) -> Result<Self, FieldError> {
        const EXPECTED: &str = "'sandbox', 'production' or `{ baseUrl, issuer? }`";
        let refuse = |found| FieldError::new("environment", EXPECTED, found);
        let (base_url, limits) = match value {
            Some(Value::Text(name)) => match name.as_str() {
                "sandbox" => ("https://api-sandbox.oakford.dev/aisp/v1", Limits::SANDBOX),
                "production" => ("https://api.oakford.dev/aisp/v1", Limits::PRODUCTION),
                _ => return Err(refuse("another string")),
            },
            Some(value @ Value::Object(_)) => {
                return Self::custom(Fields::of("environment", value)?, insecure_hosts);
            }
            Some(other) => return Err(refuse(other.type_name())),
            None => return Err(refuse("nothing")),
        };
        Self::at(base_url, None, limits, &[]).map_err(refuse)
    }

    fn custom(fields: Fields<'_>, insecure_hosts: &[String]) -> Result<Self, FieldError> {
        fields.only(&["baseUrl", "issuer"])?;
        let base_url = fields.required_text("baseUrl")?;
        let issuer = fields.text("issuer")?;
        if let Some(issuer) = issuer {
            BaseUrl::parse(issuer, insecure_hosts)
                .map_err(|found| url_error(fields.path("issuer"), found))?;
        }
        Self::at(base_url, issuer, Limits::UNKNOWN, insecure_hosts)
            .map_err(|found| url_error(fields.path("baseUrl"), found))
    }

    fn at(
        base_url: &str,
        issuer: Option<&str>,
        limits: Limits,
        insecure_hosts: &[String],
    ) -> Result<Self, &'static str> {
        let base = BaseUrl::parse(base_url, insecure_hosts)?;
        let issuer = issuer.unwrap_or(base.origin()).into();
        Ok(Self { base, issuer, limits })
    }
}

fn url_error(path: String, found: &str) -> FieldError {
    FieldError::new(
        path,
        "an https URL (http on loopback and `allowInsecureHosts` only) without query and fragment",
        found,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read(json: &str) -> Result<Environment, FieldError> {
        Environment::read(Some(&parse(json.as_bytes()).unwrap()), &[])
    }

    #[test]
    fn the_documented_environments_are_known_by_name() {
        assert_eq!(read("\"sandbox\"").unwrap().issuer, "https://api-sandbox.oakford.dev");
        assert_eq!(read("\"production\"").unwrap().base.as_str(), "https://api.oakford.dev/aisp/v1");
    }

    #[test]
    fn a_server_of_ones_own_has_its_origin_as_issuer_unless_told_otherwise() {
        assert_eq!(
            read(r#"{"baseUrl":"http://127.0.0.1:9/aisp/v1/"}"#).unwrap().issuer,
            "http://127.0.0.1:9"
        );
        let own = read(r#"{"baseUrl":"https://a.example/x","issuer":"https://b.example/y/"}"#).unwrap();
        assert_eq!(own.issuer, "https://b.example/y/");
    }

    #[test]
    fn what_is_no_environment_is_named() {
        for (json, message) in [
            (
                "\"test\"",
                "`environment` must be 'sandbox', 'production' or `{ baseUrl, issuer? }`, got another string.",
            ),
            ("{}", "`environment.baseUrl` must be a string, got nothing."),
            (
                r#"{"baseUrl":"http://a.example"}"#,
                "`environment.baseUrl` must be an https URL (http on loopback and `allowInsecureHosts` only) without query and fragment, got plain http beyond loopback.",
            ),
        ] {
            assert_eq!(read(json).unwrap_err().message(), message);
        }
    }
}
