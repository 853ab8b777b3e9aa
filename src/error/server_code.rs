//! A server's code, kept apart from the codes of this SDK.

use super::table;

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
    code.starts_with("http_") || table::has_code(code)
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
}
