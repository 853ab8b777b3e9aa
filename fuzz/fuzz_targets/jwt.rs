//! Three lines, an ID token, claims and a key set, of any text: taken apart or refused; no algorithm that a profile does not name is accepted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oakford_aisp::http::Response;
use oakford_aisp::json::{self, Value};
use oakford_aisp::oauth::Profile;
use oakford_aisp::oauth::id_token::{self, Expected};
use oakford_aisp::oauth::jwk::{self, KeySet};
use oakford_aisp::oauth::jws::{self, Algorithm};

const NOW: i64 = 1_768_467_900_000;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (token, claims, keys) = (line(), line(), line().as_bytes());
    let expected = Expected {
        issuer: "https://as.example",
        client_id: "demo",
        nonce: Some("n"),
        earlier: None,
        acr: &[],
        at_hash: "h",
        now: NOW,
        skew: 0,
    };
    // The signed form of the fuzzer's own claims, too: base64 is hard to guess.
    let signed = [&jws::signing_input(r#"{"alg":"ES256","kid":"a"}"#, claims), ".c2ln"].concat();
    let response = Response { status: 200, body: keys.to_vec(), ..Response::default() };
    let set = KeySet::parse(&response, NOW);
    for text in [token, &signed] {
        let Some(jws) = jws::parse(text) else { continue };
        for profile in [Profile::OAuth2, Profile::Fapi2] {
            if let Ok(algorithm) = id_token::algorithm(&jws, profile) {
                let named = jws.header.get("alg").and_then(Value::as_text);
                assert!(named != Some("none") && named.and_then(Algorithm::named) == Some(algorithm));
            }
        }
        if let Ok(identity) = id_token::check(&jws.payload, &expected) {
            assert!(!identity.subject.is_empty());
            assert_eq!(jws.payload.get("iss").and_then(Value::as_text), Some(expected.issuer));
        }
        if let Ok(set) = &set {
            let kid = jws.header.get("kid").and_then(Value::as_text);
            for key in set.candidates(Algorithm::Es256, kid) {
                assert!(json::parse(key.as_bytes()).is_ok_and(|key| key.get("d").is_none()));
            }
        }
    }
    if let Ok(key) = json::parse(keys) {
        let _ = jwk::thumbprint(&key);
    }
});
