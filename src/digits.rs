//! Whole numbers as decimal digits. What the standard library has for it would bring all of `core::fmt` into the wasm.

/// A number's digits, behind a minus where it is negative.
pub fn write(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

/// The number that is written in digits alone; `None` where the text is anything else, or too large.
pub fn read(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0i64, |number, byte| {
        if !byte.is_ascii_digit() {
            return None;
        }
        number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))
    })
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
