//! Integers as decimal digits: the one place that reads and writes them. The standard library's way would bring all of `core::fmt`
//! into the wasm.

/// Returns the digits of a number, with a minus if it is negative.
pub fn write(number: i64) -> String {
    let mut text = String::new();
    if number < 0 {
        text.push('-');
    }
    push(&mut text, number.unsigned_abs());
    text
}

/// Appends the digits of a number.
pub fn push(text: &mut String, number: u64) {
    if number >= 10 {
        push(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Returns the number that the text writes in digits alone; `None` for any other text and for a number that is too large.
pub fn read(text: &str) -> Option<i64> {
    from_bytes(text.as_bytes())
}

/// As [`read`], for bytes.
pub fn from_bytes(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0i64, |number, byte| {
        if !byte.is_ascii_digit() {
            return None;
        }
        number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))
    })
}

/// Returns the thousandths in the digits after a decimal point, cut off after the third; `None` for any other text.
pub fn thousandths(fraction: &str) -> Option<i64> {
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let digit = |place: usize| i64::from(fraction.as_bytes().get(place).map_or(0, |byte| byte - b'0'));
    is_fraction.then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_alone_are_read() {
        assert_eq!(read("007"), Some(7));
        for text in ["", "-1", "+1", " 1", "1.0", "1e3", "٣", "9223372036854775808"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn thousandths_are_the_first_three_digits() {
        for (fraction, expected) in [
            ("0", Some(0)),
            ("5", Some(500)),
            ("07", Some(70)),
            ("1239", Some(123)),
            ("", None),
            ("1x", None),
        ] {
            assert_eq!(thousandths(fraction), expected, "{fraction}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_as_the_standard_library_has_them(number: i64) {
            prop_assert_eq!(write(number), number.to_string());
            prop_assert_eq!(read(&number.to_string()), (number >= 0).then_some(number));
        }

        #[test]
        fn edges(number in prop::sample::select(vec![0, i64::MIN, i64::MAX])) {
            prop_assert_eq!(write(number), number.to_string());
        }
    }
}
