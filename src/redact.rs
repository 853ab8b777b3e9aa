//! Masks what no error, event or log may show: tokens, IBANs, card numbers.

/// What stands for a secret.
pub const REDACTED: &str = "[redacted]";

/// Masks what looks like a JWT, an IBAN or a card number (PAN), also where it is written in groups.
pub fn text(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some(first) = rest.chars().next() {
        let masked = if at_word_start(&out) { jwt(rest).or_else(|| account(rest)) } else { None };
        let length = match masked {
            Some((length, shown)) => {
                out.push_str(&shown);
                length
            }
            None => {
                // Up to where the next word may begin.
                let word = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
                let word = if out.ends_with('%') { word.min(2) } else { word };
                let length = word.max(first.len_utf8());
                out.push_str(rest.get(..length).unwrap_or_default());
                length
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Whether the text shows an IBAN that [`text`] would mask, in one piece or in groups of four.
pub fn holds_iban(input: &[u8]) -> bool {
    input.len() >= 15
        && may_hold_iban(input)
        && core::str::from_utf8(input).is_ok_and(|input| text(input).contains(IBAN_MASK))
}

/// Whether two letters with two digits behind them may be in the text, eight bytes at a look: most ids are settled by that.
#[inline(always)]
fn may_hold_iban(input: &[u8]) -> bool {
    let mut before = 0;
    for four in input.as_chunks::<4>().0 {
        // Letters have this bit set, digits haven't.
        let word = u32::from_le_bytes(*four) & 0x4040_4040;
        let both = u64::from(before) | u64::from(word) << 32;
        if both & both >> 8 & !(both >> 16) & !(both >> 24) & 0x40_4040_4040 != 0 {
            return true;
        }
        before = word;
    }
    false
}

/// Replaces every occurrence of a secret that the caller knows; short ones are left, they would eat plain words.
pub fn values(text: &mut String, secrets: &[&str]) {
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        if text.contains(secret) {
            *text = text.replace(secret, REDACTED);
        }
    }
}

/// Masks what the text of a token store's error may show: tokens beside their names, also where the text was cut, and the
/// password of a URL.
pub fn stored(input: &str) -> String {
    let named = masked_after(input, "Token", |text| {
        let value = text.trim_start_matches(|c: char| c.is_whitespace() || "\\\"':=".contains(c));
        let separator = text.len() - value.len();
        let is_member = text.get(..separator)?.contains([':', '=']);
        let length = value.find(|c: char| c.is_whitespace() || "\\\"',}".contains(c)).unwrap_or(value.len());
        (is_member && length > 0).then_some((separator, length))
    });
    masked_after(&named, "://", |text| {
        let length = text.find('@')?;
        let is_user = !text.get(..length)?.contains(|c: char| c.is_whitespace() || "/\"'".contains(c));
        is_user.then_some((0, length))
    })
}

/// Masks behind each `mark` what `find` gives: how far behind it begins, and its length.
fn masked_after(input: &str, mark: &str, find: impl Fn(&str) -> Option<(usize, usize)>) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        out.push_str(mark);
        rest = after;
        if let Some((begin, length)) = find(after) {
            out.push_str(after.get(..begin).unwrap_or_default());
            out.push_str(REDACTED);
            rest = after.get(begin + length..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// What stands between an IBAN's country and its last digits.
const IBAN_MASK: &str = "** **** ";

/// Whether what comes next begins a word; a percent-encoded character is none.
fn at_word_start(out: &str) -> bool {
    let encoded =
        out.len().checked_sub(3).and_then(|at| out.get(at..)).is_some_and(|end| end.starts_with('%'));
    encoded || !out.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// The length of the JWT, or of a part of one, that `text` starts with, and what is shown for it.
fn jwt(text: &str) -> Option<(usize, String)> {
    if !text.starts_with("eyJ") {
        return None;
    }
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let length = text.find(|c| !belongs(c)).unwrap_or(text.len());
    (length >= 16).then(|| (length, REDACTED.into()))
}

/// The length of the longest account or card number that `text` starts with, and what is shown for it.
fn account(text: &str) -> Option<(usize, String)> {
    let mut run = String::new();
    let mut separated = true;
    let mut found = None;
    for (index, character) in text.char_indices().chain([(text.len(), '\0')]) {
        if character.is_ascii_alphanumeric() && run.len() < 34 {
            if !may_go_on(&run, character) {
                break;
            }
            run.push(character);
            separated = false;
            continue;
        }
        // Groups are parted by one character: a space of any kind, a hyphen, a dot.
        if separated {
            break;
        }
        found = mask(&run).map(|shown| (index, shown)).or(found);
        separated = true;
    }
    found
}

/// Whether an account or card number may begin so: most words don't, which is seen at their third letter.
fn may_go_on(run: &str, next: char) -> bool {
    match (run.len(), run.starts_with(|c: char| c.is_ascii_digit())) {
        (0, _) => true,
        (1, false) => next.is_ascii_alphabetic(),
        (2 | 3, _) | (_, true) => next.is_ascii_digit(),
        _ => true,
    }
}

fn mask(run: &str) -> Option<String> {
    let last_four = run.len().checked_sub(4).and_then(|start| run.get(start..))?;
    if is_iban(run) {
        return Some([run.get(..2)?, IBAN_MASK, last_four].concat());
    }
    is_pan(run).then(|| ["**** ", last_four].concat())
}

/// ISO 13616: two letters, two check digits, up to 30 more; the check (ISO 7064, mod 97) spares ordinary words.
fn is_iban(word: &str) -> bool {
    let bytes = word.as_bytes();
    let [a, b, c, d, ..] = bytes else { return false };
    let shape =
        a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && c.is_ascii_digit() && d.is_ascii_digit();
    if !shape || !(15..=34).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let rearranged = bytes.iter().skip(4).chain(bytes.iter().take(4));
    let remainder = rearranged.fold(0u32, |sum, byte| match char::from(*byte).to_digit(36) {
        Some(value) if value > 9 => (sum * 100 + value) % 97,
        Some(value) => (sum * 10 + value) % 97,
        None => sum,
    });
    remainder == 1
}

/// ISO/IEC 7812: 13 to 19 digits that pass the Luhn check.
fn is_pan(word: &str) -> bool {
    if !(13..=19).contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = word
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0') * (1 + u32::from(index % 2 == 1));
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_of_many_words_takes_no_more_than_its_length() {
        let long = "a-".repeat(500_000);
        assert_eq!(text(&long), long);
    }

    #[test]
    fn an_iban_is_found_wherever_a_word_begins() {
        for before in ["", "1", "12-", "a-", "ab.", "2026-", "20260-", "202601-", "2026012-"] {
            for after in ["", "-1", " x", "/2026-01-01"] {
                let whole = [before, "DE89370400440532013000", after].concat();
                assert_eq!(holds_iban(whole.as_bytes()), text(&whole) != whole, "{whole}");
            }
        }
        for other in
            ["DE89370400440532013001", "NTRF123456789012", "0b5a66b4-2a0e-4c53-8f4c-ab12cd34ef56", ""]
        {
            assert!(!holds_iban(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn ibans_and_card_numbers_keep_their_last_four_only() {
        assert_eq!(text("of DE89370400440532013000."), "of DE** **** 3000.");
        assert_eq!(text("card 4111111111111111 refused"), "card **** 1111 refused");
        assert_eq!(text("PL61 1090 1014 0000 0712 1981 2874 is blocked"), "PL** **** 2874 is blocked");
        assert_eq!(text("4111 1111 1111 1111"), "**** 1111");
        assert_eq!(text("4111-1111-1111-1111"), "**** 1111");
        assert_eq!(text("iban%3DDE89370400440532013000&"), "iban%3DDE** **** 3000&");
        assert_eq!(text("DE89\u{a0}3704.0044\u{a0}0532\u{a0}0130\u{a0}00!"), "DE** **** 3000!");
    }

    #[test]
    fn json_web_tokens_vanish() {
        assert_eq!(text("token eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2ln bad"), "token [redacted] bad");
    }

    #[test]
    fn hostile_text_takes_no_longer_than_its_length() {
        for piece in ["eyJ-", "4-", "DE89 ", "eyJ.", "1 "] {
            assert!(!text(&piece.repeat(20_000)).is_empty());
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for plain in [
            "Missing required parameter: account_id",
            "2024-01-15T10:30:00Z",
            "żółć 😀",
            "",
            "acc-1234567890",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn a_stores_text_loses_tokens_beside_their_names_and_passwords_of_urls() {
        for (text, shown) in [
            (r#"at {"accessToken":"abc","scope":"a"}"#, r#"at {"accessToken":"[redacted]","scope":"a"}"#),
            (r#"'{\"refreshToken\":\"a.b"#, r#"'{\"refreshToken\":\"[redacted]"#),
            ("{ idToken: 'abc', x }", "{ idToken: '[redacted]', x }"),
            ("redis://user:p4ss@host:6379 refused", "redis://[redacted]@host:6379 refused"),
            ("https://host/a@b and Token without value", "https://host/a@b and Token without value"),
            ("Token: ", "Token: "),
            ("aToken=żółć", "aToken=[redacted]"),
        ] {
            assert_eq!(stored(text), shown);
        }
    }

    #[test]
    fn known_values_are_replaced_wherever_they_stand() {
        let mut message = "code=abc123&x=abc123".to_string();
        values(&mut message, &["abc123", ""]);
        assert_eq!(message, "code=[redacted]&x=[redacted]");
    }
}
