//! Any text as a callback URL: refused unless it holds this transaction's state, its issuer and a code, and no token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oakford_aisp::http::form_decode;
use oakford_aisp::json;
use oakford_aisp::oauth::{Pending, callback};

const PENDING: &str = r#"{"issuer":"https://as.example","clientId":"demo","state":"ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAy",
    "codeVerifier":"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk","redirectUri":"https://client.example/cb","scope":"accounts",
    "createdAt":"2026-01-15T09:00:00Z","expiresAt":"2026-01-15T09:10:00Z"}"#;
/// 2026-01-15T09:05:00Z
const NOW: i64 = 1_768_467_900_000;

fuzz_target!(|url: &str| {
    check(url, false);
    check(url, true);
});

fn check(url: &str, iss_required: bool) {
    let Ok(pending) = Pending::parse(PENDING) else { unreachable!("the pending transaction is sound") };
    let state = pending.state.clone();
    let _ = callback::carries_state(url, &pending);
    match callback::verify(url, pending.clone(), iss_required, NOW) {
        Ok(verified) => {
            assert_eq!(*verified.pending(), pending);
            let decoded = form_decode(url);
            assert!(decoded.contains(&state) && decoded.contains("code"));
            assert!(!iss_required || decoded.contains("https://as.example"));
            let joint = if url.contains('?') { "&" } else { "?" };
            let with_token = [url, joint, "access_token=x"].concat();
            assert!(url.contains('#') || callback::verify(&with_token, pending, iss_required, NOW).is_err());
        }
        Err(error) => assert!(json::parse(error.to_json().as_bytes()).is_ok()),
    }
}
