//! Where the authorization server's endpoints are (RFC 8414, OpenID Connect Discovery 1.0).

use crate::error::{Class, Error, Result};
use crate::http::{Request, Response, origin};
use crate::json::{self, Fields};

/// The authorization server's metadata, as far as this client uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// `issuer`, equal to the configured one character for character.
    pub issuer: String,
    /// `authorization_endpoint`
    pub authorization_endpoint: String,
    /// `token_endpoint`
    pub token_endpoint: String,
    /// `revocation_endpoint` (RFC 7009)
    pub revocation_endpoint: Option<String>,
    /// `userinfo_endpoint`
    pub userinfo_endpoint: Option<String>,
    /// `end_session_endpoint` (OpenID Connect RP-Initiated Logout 1.0)
    pub end_session_endpoint: Option<String>,
    /// `authorization_response_iss_parameter_supported` (RFC 9207, section 3)
    pub iss_parameter_supported: bool,
}

impl Metadata {
    /// The request for the metadata document of `issuer`.
    pub fn request(issuer: &str) -> Request {
        Request::get([issuer.trim_end_matches('/'), "/.well-known/openid-configuration"].concat())
    }

    /// The documented default paths, for a server that has no metadata document (404).
    pub fn defaults(issuer: &str) -> Self {
        let at = |path: &str| [issuer.trim_end_matches('/'), "/oauth/", path].concat();
        Self {
            issuer: issuer.into(),
            authorization_endpoint: at("authorize"),
            token_endpoint: at("token"),
            revocation_endpoint: Some(at("revoke")),
            userinfo_endpoint: None,
            end_session_endpoint: None,
            iss_parameter_supported: false,
        }
    }

    /// Reads the answer to [`Metadata::request`]. A 404 means the defaults; any other failure is an error.
    pub fn parse(issuer: &str, response: &Response) -> Result<Self> {
        if response.status == 404 {
            return Ok(Self::defaults(issuer));
        }
        if response.status != 200 {
            return Err(super::error_response(response, "The metadata document can't be had"));
        }
        let document = json::parse(&response.body).map_err(|error| {
            Error::response(json::Mismatch::new("openid-configuration", error.expected, "another text"))
        })?;
        Self::read(issuer, &document).map_err(|error| match error {
            Refusal::Mismatch(mismatch) => Error::response(mismatch),
            Refusal::Issuer => Error::new(
                Class::Authorization,
                "issuer_mismatch",
                "The metadata document names another issuer than the configured one, so it is refused (RFC 8414, section 3.3).",
            ),
        })
    }

    fn read(issuer: &str, document: &json::Value) -> core::result::Result<Self, Refusal> {
        let fields = Fields::of("openid-configuration", document)?;
        if fields.required_text("issuer")? != issuer {
            return Err(Refusal::Issuer);
        }
        let endpoint = |name: &str| -> core::result::Result<Option<String>, Refusal> {
            let Some(url) = fields.text(name)? else { return Ok(None) };
            origin(url).map_err(|found| json::Mismatch::new(fields.path(name), "an https URL", found))?;
            Ok(Some(url.into()))
        };
        let required = |name: &str| {
            endpoint(name)?.ok_or_else(|| Refusal::Mismatch(fields.mismatch(name, "an https URL")))
        };
        Ok(Self {
            issuer: issuer.into(),
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            revocation_endpoint: endpoint("revocation_endpoint")?,
            userinfo_endpoint: endpoint("userinfo_endpoint")?,
            end_session_endpoint: endpoint("end_session_endpoint")?,
            iss_parameter_supported: fields
                .flag("authorization_response_iss_parameter_supported")?
                .unwrap_or(false),
        })
    }
}

enum Refusal {
    Mismatch(json::Mismatch),
    Issuer,
}

impl From<json::Mismatch> for Refusal {
    fn from(mismatch: json::Mismatch) -> Self {
        Refusal::Mismatch(mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://api.oakford.dev";

    fn answer(status: u16, body: &str) -> Response {
        Response { status, body: body.into(), ..Response::default() }
    }

    fn document(issuer: &str, token: &str) -> String {
        format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"{ISSUER}/a","token_endpoint":"{token}","authorization_response_iss_parameter_supported":true}}"#
        )
    }

    #[test]
    fn a_404_means_the_default_paths_and_nothing_else_does() {
        let metadata = Metadata::parse(ISSUER, &answer(404, "")).unwrap();
        assert_eq!(metadata.token_endpoint, "https://api.oakford.dev/oauth/token");
        for status in [400, 401, 500, 502, 204] {
            assert!(Metadata::parse(ISSUER, &answer(status, "")).is_err(), "{status}");
        }
    }

    #[test]
    fn f11_the_issuer_is_compared_character_for_character() {
        for other in ["https://api.oakford.dev/", "https://API.oakford.dev", "https://evil.example"] {
            let error =
                Metadata::parse(ISSUER, &answer(200, &document(other, "https://a.example/t"))).unwrap_err();
            assert_eq!(error.code, "issuer_mismatch", "{other}");
        }
        assert!(
            Metadata::parse(ISSUER, &answer(200, &document(ISSUER, "https://a.example/t")))
                .unwrap()
                .iss_parameter_supported
        );
    }

    #[test]
    fn an_endpoint_over_plain_http_is_refused() {
        let error =
            Metadata::parse(ISSUER, &answer(200, &document(ISSUER, "http://a.example/t"))).unwrap_err();
        assert_eq!(
            error.message,
            "openid-configuration.token_endpoint: expected an https URL, found plain http beyond loopback"
        );
    }
}
