//! A short piece of a body that was not understood, for error messages.

/// The first 120 characters, white space and what could forge a terminal's or an editor's view folded. The error that it goes into redacts it.
pub fn snippet(body: &[u8]) -> String {
    let head = body.get(..2000).unwrap_or(body);
    fold(&String::from_utf8_lossy(head), 120)
}

/// The first 300 characters of a server's own description, white space folded.
pub fn shorten(text: &str) -> String {
    fold(text, 300)
}

fn fold(text: &str, mut left: u32) -> String {
    let mut out = String::new();
    for word in text.split(is_gap).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        for character in word.chars() {
            if left == 0 {
                out.push('…');
                return out;
            }
            left -= 1;
            out.push(character);
        }
    }
    out
}

/// White space, control characters (line breaks and escapes among them), and those that hide text or turn its direction.
fn is_gap(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_short_and_on_one_line() {
        assert_eq!(snippet(b" <p>\n\tno\r\n</p>\0 "), "<p> no </p>");
        assert_eq!(snippet("ż".repeat(5000).as_bytes()).chars().count(), 121);
        assert_eq!(snippet(b""), "");
        assert_eq!(shorten("a\u{202e}b\u{2066}\u{1b}[2J\u{9b}c\r\nd"), "a b [2J c d");
    }
}
