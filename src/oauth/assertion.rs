//! `private_key_jwt`: the client proves itself by a signed assertion (RFC 7523, sections 2.2 and 3; OpenID Connect Core, section 9).
//!
//! Rules: `docs/security.md#assertion-audience`, `docs/security.md#random-bits`, `docs/security.md#assertion-kid`.

use super::jws;
use crate::http::{Form, Request};
use crate::json::ObjectWriter;

/// What is known of the client's key: the key itself stays with the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    /// `alg`, as the server knows it: `PS256`, `ES256`, `EdDSA` or `Ed25519`.
    pub algorithm: String,
    /// `kid`, by which the server finds the client's key.
    pub kid: Option<String>,
}

/// An assertion holds for a minute: it is made for one request.
const LIFETIME_S: i64 = 60;

/// What is signed to make the client's assertion for `issuer` at `now` (milliseconds by the server's clock). `jti`: a random token.
pub fn signing_input(key: &ClientKey, client_id: &str, issuer: &str, jti: &str, now: i64) -> String {
    let mut header = ObjectWriter::new();
    header.text("alg", &key.algorithm).text("typ", "JWT").optional("kid", key.kid.as_deref());
    let seconds = now.div_euclid(1000);
    let mut claims = ObjectWriter::new();
    // FAPI 2.0, "Requirements for Clients": the audience is the issuer, as one string, so that no other server can use the assertion.
    claims.text("iss", client_id).text("sub", client_id).text("aud", issuer).text("jti", jti);
    claims.number("iat", seconds).number("exp", seconds.saturating_add(LIFETIME_S));
    jws::signing_input(&header.finish(), &claims.finish())
}

/// Appends the assertion to the form of `request`.
pub fn attach(request: &mut Request, assertion: &str) {
    let mut form = Form::new();
    form.push("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.push("client_assertion", assertion);
    if let Some(body) = &mut request.body {
        body.push('&');
        body.push_str(form.text());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Value;

    fn key(kid: Option<&str>) -> ClientKey {
        ClientKey { algorithm: "ES256".into(), kid: kid.map(String::from) }
    }

    fn parts(key: &ClientKey) -> (Value, Value) {
        let input = signing_input(key, "demo", "https://as.example", &"j".repeat(43), 1_700_000_000_999);
        let token = [&input, ".c2ln"].concat();
        let parsed = jws::parse(&token).unwrap();
        (parsed.header, parsed.payload)
    }

    /// Rule: `assertion-audience`.
    #[test]
    fn the_audience_is_the_issuer_as_a_string() {
        let (_, claims) = parts(&key(None));
        assert_eq!(claims.get("aud"), Some(&Value::Text("https://as.example".into())));
        assert_eq!(claims.get("iss"), claims.get("sub"));
        assert_eq!(claims.get("iat"), Some(&Value::Number("1700000000".into())));
        assert_eq!(claims.get("exp"), Some(&Value::Number("1700000060".into())));
    }

    /// Rule: `assertion-kid`.
    #[test]
    fn the_kid_is_sent_where_there_is_one() {
        assert_eq!(parts(&key(Some("k-2"))).0.to_json(), r#"{"alg":"ES256","typ":"JWT","kid":"k-2"}"#);
        assert_eq!(parts(&key(None)).0.to_json(), r#"{"alg":"ES256","typ":"JWT"}"#);
    }

    /// Rule: `random-bits`.
    #[test]
    fn an_assertion_has_the_id_that_it_is_given() {
        assert_eq!(parts(&key(None)).1.get("jti"), Some(&Value::Text("j".repeat(43))));
    }

    #[test]
    fn the_assertion_joins_the_form() {
        let mut request = Request::post("https://as.example/token".into());
        request.body = Some("grant_type=x".into());
        attach(&mut request, "a.b.c");
        assert_eq!(
            request.body.as_deref(),
            Some(
                "grant_type=x&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c"
            )
        );
    }
}
