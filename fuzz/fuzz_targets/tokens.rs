//! Any bytes as a token endpoint's answer: an error, or tokens that come back from the store as they went in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oakford_aisp::http::Response;
use oakford_aisp::json;
use oakford_aisp::oauth::{Tokens, token};

const NOW: i64 = 1_768_467_900_000;

fuzz_target!(|body: &[u8]| {
    for (status, bound) in [(200, None), (200, Some("thumbprint")), (400, None), (503, None)] {
        check(status, bound, body);
    }
    let _ = Tokens::from_stored(&String::from_utf8_lossy(body), "demo", "https://as.example");
});

fn check(status: u16, bound: Option<&str>, body: &[u8]) {
    let response = Response { status, body: body.to_vec(), ..Response::default() };
    match token::parse(&response, "accounts", None, bound, NOW) {
        Ok(tokens) => {
            assert!(response.is_success());
            let stored = tokens.to_stored("demo", "https://as.example").finish();
            assert_eq!(Tokens::from_stored(&stored, "demo", "https://as.example").ok(), Some(tokens));
            assert!(Tokens::from_stored(&stored, "other", "https://as.example").is_err());
        }
        Err(error) => assert!(json::parse(error.to_json().as_bytes()).is_ok()),
    }
}
