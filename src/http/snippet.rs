//! A short piece of a body that was not understood, for error messages.

/// The first 120 characters, white space folded. The error that it goes into redacts it.
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
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_short_and_on_one_line() {
        assert_eq!(snippet(b" <p>\n\tno\r\n</p>\0 "), "<p> no </p>");
        assert_eq!(snippet("ż".repeat(5000).as_bytes()).chars().count(), 121);
        assert_eq!(snippet(b""), "");
    }
}
