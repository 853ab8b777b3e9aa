//! Numbers with an exponent, written out digit by digit: never by way of a double.

/// The longest number that is written out.
const MAX_DIGITS: usize = 400;

/// Writes a number of JSON that has an exponent without one: `1.25e3` is `1250`, `5E-2` is `0.05`. `None` where that
/// would take more than 400 digits.
pub(super) fn plain(number: &[u8]) -> Option<Vec<u8>> {
    let mark = number.iter().position(|byte| matches!(byte, b'e' | b'E'))?;
    let (mantissa, exponent) = number.split_at_checked(mark)?;
    let exponent = read_exponent(exponent.get(1..)?)?;
    let whole = mantissa.iter().filter(|byte| byte.is_ascii_digit()).count()
        - mantissa.iter().skip_while(|byte| **byte != b'.').filter(|byte| byte.is_ascii_digit()).count();
    let digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
    // Where the point goes, counted from the first digit.
    let point = i32::try_from(whole).ok()? + exponent;
    let before = usize::try_from(point.max(1)).ok()?;
    let zeros = usize::try_from((1 - point).max(0)).ok()?;
    if before + zeros + digits.len() > MAX_DIGITS {
        return None;
    }
    let all: Vec<u8> = std::iter::repeat_n(b'0', zeros).chain(digits).collect();
    let mut plain = Vec::new();
    if mantissa.first() == Some(&b'-') {
        plain.push(b'-');
    }
    // Leading zeros that only the written form needs are dropped, up to the one before the point.
    let head: Vec<u8> = all.iter().copied().chain(std::iter::repeat(b'0')).take(before).collect();
    let leading = head.iter().take_while(|digit| **digit == b'0').count().min(before - 1);
    plain.extend(head.into_iter().skip(leading));
    if all.len() > before {
        plain.push(b'.');
        plain.extend(all.into_iter().skip(before));
    }
    Some(plain)
}

fn read_exponent(text: &[u8]) -> Option<i32> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let mut value = 0i32;
    for digit in digits {
        value = value.checked_mul(10)?.checked_add(i32::from(digit - b'0'))?;
    }
    // Beyond this no number can be written out; a bound keeps the sums small.
    (value < 10_000).then_some(if is_negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_an_exponent_is_written_out() {
        for (number, written) in [
            ("1e2", "100"),
            ("1.25e3", "1250"),
            ("1.25e1", "12.5"),
            ("5E-2", "0.05"),
            ("-12.5e-1", "-1.25"),
            ("0e5", "0"),
            ("0.5e1", "5"),
            ("1.20e0", "1.20"),
            ("12e-2", "0.12"),
            ("0.001e2", "0.1"),
            ("1e+02", "100"),
        ] {
            assert_eq!(
                plain(number.as_bytes()).map(|text| String::from_utf8(text).unwrap()).as_deref(),
                Some(written),
                "{number}"
            );
        }
    }

    #[test]
    fn a_number_that_would_fill_pages_is_refused() {
        for number in ["1e401", "1e-401", "1e99999999999999999999"] {
            assert_eq!(plain(number.as_bytes()), None, "{number}");
        }
    }
}
