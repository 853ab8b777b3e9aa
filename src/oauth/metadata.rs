//! Where the authorization server's endpoints are (RFC 8414, OpenID Connect Discovery 1.0).
//!
//! Rules: `docs/security.md#metadata-endpoints`, `docs/security.md#configured-issuer`,
//! `docs/security.md#exact-issuer`.

use super::Client;
use crate::error::{Error, Kind, Result};
use crate::http::{Request, Response, secure_origin};
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
    /// `jwks_uri`
    pub jwks_uri: Option<String>,
    /// `pushed_authorization_request_endpoint` (RFC 9126, section 5)
    pub pushed_authorization_request_endpoint: Option<String>,
    /// `require_pushed_authorization_requests` (RFC 9126, section 5)
    pub requires_pushed_requests: bool,
    /// `authorization_response_iss_parameter_supported` (RFC 9207, section 3)
    pub iss_parameter_supported: bool,
    /// `dpop_signing_alg_values_supported` (RFC 9449, section 5.1)
    pub dpop_algorithms: Option<Vec<String>>,
    /// `authorization_details_types_supported` (RFC 9396, section 10)
    pub authorization_details_types: Option<Vec<String>>,
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
            jwks_uri: Some(at("jwks")),
            pushed_authorization_request_endpoint: Some(at("par")),
            requires_pushed_requests: false,
            iss_parameter_supported: false,
            dpop_algorithms: None,
            authorization_details_types: None,
        }
    }

    /// Reads the answer to [`Metadata::request`]. A 404 means the defaults where the client's profile has any; any other failure is an
    /// error.
    pub fn parse(issuer: &str, response: &Response, client: &Client) -> Result<Self> {
        if response.status == 404 && client.profile.has_default_paths() {
            return Ok(Self::defaults(issuer));
        }
        if response.status != 200 {
            return Err(super::error_response(response, "The metadata document can't be had"));
        }
        let document = json::parse(&response.body).map_err(|error| {
            Error::response(json::FieldError::new("openid-configuration", error.expected, "another text"))
        })?;
        Self::read(issuer, &document, client).map_err(|error| match error {
            Refusal::FieldError(field_error) => Error::response(field_error),
            Refusal::Issuer => Error::of(Kind::IssuerMismatch),
        })
    }

    fn read(issuer: &str, document: &json::Value, client: &Client) -> core::result::Result<Self, Refusal> {
        let fields = Fields::of("openid-configuration", document)?;
        if fields.required_text("issuer")? != issuer {
            return Err(Refusal::Issuer);
        }
        // RFC 8705, section 5: where connections present a certificate, endpoints may be elsewhere.
        let aliases = if client.certificate {
            fields.object("mtls_endpoint_aliases", "openid-configuration.mtls_endpoint_aliases")?
        } else {
            None
        };
        // Borrowed until all is read: the error paths then have nothing to free, which makes the wasm smaller.
        let mut found = [None; ENDPOINTS.len()];
        for (place, (name, has_alias)) in found.iter_mut().zip(ENDPOINTS) {
            let alias = match aliases.filter(|_| has_alias) {
                Some(aliases) => endpoint(issuer, aliases, name, client)?,
                None => None,
            };
            *place = match alias {
                Some(url) => Some(url),
                None => endpoint(issuer, fields, name, client)?,
            };
        }
        let [authorization, token, revocation, userinfo, end_session, jwks, pushed] = found;
        let missing = |name: &str| fields.field_error(name, "an https URL");
        let authorization = authorization.ok_or_else(|| missing("authorization_endpoint"))?;
        let token = token.ok_or_else(|| missing("token_endpoint"))?;
        let requires_pushed = fields.flag("require_pushed_authorization_requests")?;
        let sends_iss = fields.flag("authorization_response_iss_parameter_supported")?;
        let dpop_algorithms = fields.texts("dpop_signing_alg_values_supported")?;
        let authorization_details_types = fields.texts("authorization_details_types_supported")?;
        let owned = |url: Option<&str>| url.map(String::from);
        Ok(Self {
            issuer: issuer.into(),
            authorization_endpoint: authorization.into(),
            token_endpoint: token.into(),
            revocation_endpoint: owned(revocation),
            userinfo_endpoint: owned(userinfo),
            end_session_endpoint: owned(end_session),
            jwks_uri: owned(jwks),
            pushed_authorization_request_endpoint: owned(pushed),
            requires_pushed_requests: requires_pushed.unwrap_or(false),
            iss_parameter_supported: sends_iss.unwrap_or(false),
            dpop_algorithms,
            authorization_details_types,
        })
    }
}

/// The endpoints that are read, and whether a client with a certificate goes by their aliases. Key sets are public, so they stay (`docs/security.md#mtls-aliases`).
const ENDPOINTS: [(&str, bool); 7] = [
    ("authorization_endpoint", false),
    ("token_endpoint", true),
    ("revocation_endpoint", true),
    ("userinfo_endpoint", true),
    ("end_session_endpoint", false),
    ("jwks_uri", false),
    ("pushed_authorization_request_endpoint", true),
];

/// Reads an endpoint. Plain http is for an issuer that is served so itself, on loopback or on one of `insecure_hosts`; and no endpoint has a fragment
/// (RFC 6749, sections 3.1 and 3.2).
fn endpoint<'a>(
    issuer: &str,
    fields: Fields<'a>,
    name: &str,
    client: &Client,
) -> core::result::Result<Option<&'a str>, json::FieldError> {
    let Some(url) = fields.text(name)? else { return Ok(None) };
    let fault = match secure_origin(url, &client.insecure_hosts) {
        Err(fault) => fault,
        Ok(origin) if issuer.starts_with("https:") && !origin.starts_with("https:") => "plain http",
        Ok(_) if url.contains('#') => "a fragment",
        Ok(_) => return Ok(Some(url)),
    };
    Err(json::FieldError::new(fields.path(name), "an https URL", fault))
}

enum Refusal {
    FieldError(json::FieldError),
    Issuer,
}

impl From<json::FieldError> for Refusal {
    fn from(field_error: json::FieldError) -> Self {
        Refusal::FieldError(field_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;
    use crate::oauth::{ClientAuth, Profile};

    const ISSUER: &str = "https://api.oakford.dev";

    fn client() -> Client {
        Client::plain(ClientAuth::None)
    }

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
        let metadata = Metadata::parse(ISSUER, &answer(404, ""), &client()).unwrap();
        assert_eq!(metadata.token_endpoint, "https://api.oakford.dev/oauth/token");
        for status in [400, 401, 500, 502, 204] {
            assert!(Metadata::parse(ISSUER, &answer(status, ""), &client()).is_err(), "{status}");
        }
    }

    /// Rule: `exact-issuer`.
    #[test]
    fn the_issuer_is_compared_character_for_character() {
        for other in ["https://api.oakford.dev/", "https://API.oakford.dev", "https://evil.example"] {
            let error =
                Metadata::parse(ISSUER, &answer(200, &document(other, "https://a.example/t")), &client())
                    .unwrap_err();
            assert_eq!(error.code, "issuer_mismatch", "{other}");
        }
        assert!(
            Metadata::parse(ISSUER, &answer(200, &document(ISSUER, "https://a.example/t")), &client())
                .unwrap()
                .iss_parameter_supported
        );
    }

    #[test]
    fn an_endpoint_over_plain_http_is_refused() {
        let error = Metadata::parse(ISSUER, &answer(200, &document(ISSUER, "http://a.example/t")), &client())
            .unwrap_err();
        assert_eq!(
            error.message,
            "`openid-configuration.token_endpoint` must be an https URL, got plain http beyond loopback. Report it to Oakford."
        );
    }

    #[test]
    fn an_endpoint_over_plain_http_is_taken_on_an_insecure_host_alone() {
        let issuer = "http://sandbox:8787";
        let client = Client { insecure_hosts: vec!["sandbox".into()], ..client() };
        let parse = |token| Metadata::parse(issuer, &answer(200, &document(issuer, token)), &client);
        assert_eq!(parse("http://sandbox:8787/t").unwrap().token_endpoint, "http://sandbox:8787/t");
        assert!(parse("http://sandbox.evil.example/t").is_err());
        assert!(parse("http://other/t").is_err());
    }

    #[test]
    fn an_https_issuer_names_no_endpoint_over_http_not_even_on_loopback() {
        const ENDPOINT_NAMES: [&str; 7] = [
            "authorization_endpoint",
            "token_endpoint",
            "revocation_endpoint",
            "userinfo_endpoint",
            "end_session_endpoint",
            "jwks_uri",
            "pushed_authorization_request_endpoint",
        ];
        let client = Client { certificate: true, ..client() };
        let read = |issuer: &str, name: &str, url: &str, aliased: bool| {
            let mut document: serde_json::Value =
                serde_json::from_str(&document(issuer, "https://a.example/t")).unwrap();
            if aliased {
                document["mtls_endpoint_aliases"][name] = url.into();
            } else {
                document[name] = url.into();
            }
            Metadata::parse(issuer, &answer(200, &document.to_string()), &client)
        };
        for name in ENDPOINT_NAMES {
            for url in ["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]/x"] {
                let error = read(ISSUER, name, url, false).unwrap_err();
                assert_eq!(error.field_error.as_ref().unwrap().found, "plain http", "{name} {url}");
                assert!(read("http://127.0.0.1:8080", name, url, false).is_ok(), "{name} {url}");
            }
            let error = read(ISSUER, name, "https://a.example/x#y", false).unwrap_err();
            assert_eq!(error.field_error.as_ref().unwrap().found, "a fragment", "{name}");
        }
        assert!(read(ISSUER, "token_endpoint", "http://localhost/x", true).is_err());
    }

    /// Rule: `metadata-endpoints`.
    #[test]
    fn the_fapi2_profile_has_no_default_paths() {
        let client = Client { profile: Profile::Fapi2, ..client() };
        let error = Metadata::parse(ISSUER, &answer(404, ""), &client).unwrap_err();
        assert_eq!((error.class, error.status), (Class::OAuth, Some(404)));
    }

    /// Rule: `mtls-aliases`.
    #[test]
    fn a_client_with_a_certificate_uses_the_aliases_but_never_for_keys() {
        let document = r#"{"issuer":"https://api.oakford.dev","authorization_endpoint":"https://a.example/a",
            "token_endpoint":"https://a.example/t","revocation_endpoint":"https://a.example/r","jwks_uri":"https://a.example/k",
            "userinfo_endpoint":"https://a.example/u","pushed_authorization_request_endpoint":"https://a.example/p",
            "mtls_endpoint_aliases":{"token_endpoint":"https://m.example/t","userinfo_endpoint":"https://m.example/u",
              "pushed_authorization_request_endpoint":"https://m.example/p","jwks_uri":"https://m.example/k",
              "authorization_endpoint":"https://m.example/a"}}"#;
        let plain = Metadata::parse(ISSUER, &answer(200, document), &client()).unwrap();
        assert_eq!(plain.token_endpoint, "https://a.example/t");
        let client = Client { certificate: true, ..client() };
        let aliased = Metadata::parse(ISSUER, &answer(200, document), &client).unwrap();
        assert_eq!(aliased.token_endpoint, "https://m.example/t");
        assert_eq!(aliased.userinfo_endpoint.as_deref(), Some("https://m.example/u"));
        assert_eq!(aliased.pushed_authorization_request_endpoint.as_deref(), Some("https://m.example/p"));
        assert_eq!(aliased.revocation_endpoint.as_deref(), Some("https://a.example/r"));
        assert_eq!(aliased.jwks_uri.as_deref(), Some("https://a.example/k"));
        assert_eq!(aliased.authorization_endpoint, "https://a.example/a");
    }
}
