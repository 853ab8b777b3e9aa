//! Whether a text has the form that its field asks for.

use crate::{digits, time};

/// A decimal number as the contract writes it: a sign where it is negative, digits, and a fraction after a point.
pub(super) fn is_decimal(text: &[u8]) -> bool {
    let mut rest = match text {
        [b'-', rest @ ..] => rest,
        all => all,
    };
    // Whether the last byte was a digit, and whether a point came before it.
    let (mut is_digit, mut is_fraction) = (false, false);
    while let [byte, more @ ..] = rest {
        match byte {
            b'0'..=b'9' => is_digit = true,
            b'.' if is_digit && !is_fraction => (is_digit, is_fraction) = (false, true),
            _ => return false,
        }
        rest = more;
    }
    is_digit
}

/// Three capital letters.
pub(super) fn is_currency(text: &[u8]) -> bool {
    matches!(text, [b'A'..=b'Z', b'A'..=b'Z', b'A'..=b'Z'])
}

/// A date that the calendar has, written `YYYY-MM-DD`.
pub(super) fn is_date(text: &[u8]) -> bool {
    time::date_parts(text).is_some()
}

/// A date and time of RFC 3339, taken a little wider: seconds and zone may be missing, a space may stand for `T`.
pub(super) fn is_instant(text: &[u8]) -> bool {
    let Some((date, [b'T' | b't' | b' ', time @ ..])) = text.split_at_checked(10) else {
        return false;
    };
    is_date(date) && is_time(time)
}

fn is_time(time: &[u8]) -> bool {
    let Some((hour_and_minute, mut rest)) = time.split_at_checked(5) else {
        return false;
    };
    if !is_clock(hour_and_minute, 23) {
        return false;
    }
    if let [b':', s1, s2, more @ ..] = rest {
        // 60 is a leap second.
        if digits::from_bytes(&[*s1, *s2]).is_none_or(|second| second > 60) {
            return false;
        }
        rest = match more {
            [b'.', fraction @ ..] => {
                let count = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
                match fraction.split_at_checked(count) {
                    Some((_, after)) if count > 0 => after,
                    _ => return false,
                }
            }
            after => after,
        };
    }
    match rest {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', offset @ ..] => is_clock(offset, 23),
        _ => false,
    }
}

/// `HH:MM`, with hours up to the given one.
fn is_clock(text: &[u8], last_hour: i64) -> bool {
    let [h1, h2, b':', m1, m2] = text else {
        return false;
    };
    digits::from_bytes(&[*h1, *h2]).is_some_and(|hour| hour <= last_hour)
        && digits::from_bytes(&[*m1, *m2]).is_some_and(|minute| minute < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_digits_with_at_most_one_point_inside() {
        for good in ["0", "100", "-1.1", "99999999999999.999", "007", "-0.00"] {
            assert!(is_decimal(good.as_bytes()), "{good}");
        }
        for bad in ["", "-", "+1", "1.", ".5", "1.2.3", "1e3", "1,5", " 1", "١", "--1", "NaN"] {
            assert!(!is_decimal(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for good in ["2024-02-29", "2000-02-29", "2023-12-31", "0001-01-01"] {
            assert!(is_date(good.as_bytes()), "{good}");
        }
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "2024-1-1",
            "24-01-01",
            "2024-04-31",
            "2024/01/01",
            "",
        ] {
            assert!(!is_date(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn instants_are_a_date_a_time_and_perhaps_a_zone() {
        for good in [
            "2024-01-15T10:30:00Z",
            "2024-01-15t10:30:00.123456+05:30",
            "2024-01-15 10:30:60z",
            "2024-01-15T10:30",
            "2024-01-15T10:30:00",
        ] {
            assert!(is_instant(good.as_bytes()), "{good}");
        }
        for bad in [
            "2024-01-15",
            "2024-01-15T",
            "2024-01-15T25:00:00Z",
            "2024-01-15T10:60Z",
            "2024-01-15T10:30:00.",
            "2024-01-15T10:30:00X",
            "2024-01-15T10:30:61Z",
            "2024-01-15T10:30:00+5",
        ] {
            assert!(!is_instant(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn currencies_are_three_capitals() {
        assert!(is_currency(b"EUR"));
        for bad in ["eur", "EU", "EURO", "E1R", ""] {
            assert!(!is_currency(bad.as_bytes()), "{bad}");
        }
    }
}
