//! The error codes of this SDK, and how a server's code is kept apart from them.

/// Every code of this SDK's own that `docs/errors.md` lists, between spaces. A server's code is compared with them.
const OWN: &str = " aborted authorization_details_unsupported authorization_refused body_interrupted body_too_large \
connection_failed crypto_unavailable cursor_repeated deadline_exceeded dpop_is_off dpop_key_lost dpop_nonce_unreadable \
dpop_unsupported duplicate_parameter empty_body id_token_acr id_token_algorithm id_token_at_hash id_token_audience \
id_token_expired id_token_issued_at id_token_issuer id_token_malformed id_token_missing id_token_nonce id_token_signature \
id_token_subject internal_error invalid_option invalid_pending invalid_response invalid_stored_session issuer_mismatch \
jwks_unsupported logout_unsupported missing_code missing_issuer missing_state network_error no_randomness \
no_refresh_token offline openid_needed panic par_unsupported part_not_loaded pending_expired pending_mismatch pending_used \
rate_limit_wait refresh_outcome_unknown revocation_unsupported secret_in_browser session_not_found state_mismatch \
timeout token_in_callback token_not_bound token_store_failed tokens_not_stored too_many_pages unexpected_redirect \
userinfo_subject userinfo_unsupported wasm_blocked ";

/// The longest code that is taken from a server, in bytes.
const LONGEST: usize = 100;

/// The `code` and the `serverCode` of an error that a server's code `sent` makes.
///
/// A code stands for itself, unless it is one of this SDK's own or begins with `http_`: then `code` is `generic`, and the
/// server's is the `serverCode`. A code that is too long, or has characters beyond those of RFC 6749, section 5.2, is ignored.
pub fn of_server(sent: Option<&str>, generic: &str) -> (String, Option<String>) {
    match sent.filter(|code| is_code(code)) {
        None => (generic.into(), None),
        Some(code) if is_own(code) => (generic.into(), Some(code.into())),
        Some(code) => (code.into(), None),
    }
}

fn is_own(code: &str) -> bool {
    code.starts_with("http_") || (!code.contains(' ') && OWN.contains(&[" ", code, " "].concat()))
}

fn is_code(text: &str) -> bool {
    let allowed = |byte: u8| (b' '..=b'~').contains(&byte) && !matches!(byte, b'"' | b'\\');
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_code_stands_for_itself_unless_it_is_one_of_ours() {
        for code in ["invalid_grant", "access_denied", "refresh_outcome", "outcome_unknown", "time", "out"] {
            assert_eq!(of_server(Some(code), "http_400"), (code.into(), None));
        }
        for code in ["refresh_outcome_unknown", "aborted", "wasm_blocked", "timeout", "http_200", "http_x"] {
            assert_eq!(of_server(Some(code), "http_400"), ("http_400".into(), Some(code.into())));
        }
    }

    #[test]
    fn what_is_no_code_is_ignored() {
        let long = "x".repeat(LONGEST + 1);
        for text in ["", "a\nb", "\u{1b}[31mred", "a\u{202e}b", "naïve", "a\"b", &long] {
            assert_eq!(of_server(Some(text), "http_400"), ("http_400".into(), None), "{text}");
        }
        assert_eq!(of_server(None, "http_400"), ("http_400".into(), None));
        assert_eq!(of_server(Some("aborted timeout"), "x"), ("aborted timeout".into(), None));
    }

    #[test]
    fn the_list_is_that_of_the_documentation() {
        let (own, _) = include_str!("../docs/errors.md").split_once("## Codes of the servers").unwrap();
        let rows = own.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let mut documented: Vec<&str> = rows.map(|(code, _)| code).collect();
        documented.sort_unstable();
        assert_eq!(OWN.split_whitespace().collect::<Vec<_>>(), documented);
    }
}
