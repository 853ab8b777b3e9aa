//! The error codes of this SDK, and how a server's code is kept apart from them.

const DOCUMENTATION: &[u8] = include_bytes!("../docs/errors.md");

/// The codes that the documentation lists as this SDK's own, each between spaces, collected when this is compiled.
static OWN: [u8; OWN_LENGTH] = own::<OWN_LENGTH>().0;
const OWN_LENGTH: usize = own::<0>().1;

/// Collects the codes of the tables above the servers' codes: as many bytes as fit, and how many there are.
#[expect(clippy::indexing_slicing, reason = "An index out of bounds fails the compilation.")]
const fn own<const FIT: usize>() -> ([u8; FIT], usize) {
    let mut codes = [b' '; FIT];
    let (mut at, mut length) = (0, 1);
    while !stands(b"\n## Codes of the servers", at) {
        at += 1;
        if !stands(b"\n| `", at - 1) {
            continue;
        }
        at += b"| `".len();
        while DOCUMENTATION[at] != b'`' {
            if length < FIT {
                codes[length] = DOCUMENTATION[at];
            }
            length += 1;
            at += 1;
        }
        length += 1;
    }
    (codes, length)
}

/// Whether the documentation has `text` at that place.
#[expect(clippy::indexing_slicing, reason = "An index out of bounds fails the compilation.")]
const fn stands(text: &[u8], at: usize) -> bool {
    let mut index = 0;
    while index < text.len() && DOCUMENTATION[at + index] == text[index] {
        index += 1;
    }
    index == text.len()
}

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
    let between_spaces = [" ", code, " "].concat();
    let is_listed = || OWN.windows(between_spaces.len()).any(|part| part == between_spaces.as_bytes());
    code.starts_with("http_") || (!code.contains(' ') && is_listed())
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
        let (own, servers) = include_str!("../docs/errors.md").split_once("## Codes of the servers").unwrap();
        let codes = |text: &'static str| -> Vec<&str> {
            let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
            rows.map(|(code, _)| code).collect()
        };
        let listed = core::str::from_utf8(&OWN).unwrap();
        assert_eq!(listed.split_whitespace().collect::<Vec<_>>(), codes(own));
        assert!(codes(own).len() > 50 && codes(servers).len() > 15);
        assert!(codes(own).into_iter().all(is_own) && !codes(servers).into_iter().any(is_own));
    }
}
