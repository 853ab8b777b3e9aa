//! `Retry-After` (RFC 9110, section 10.2.3) and HTTP dates (section 5.6.7).

use crate::{digits, time};

/// The longest wait that a server can ask for: a day, in milliseconds.
pub(super) const LONGEST_WAIT: f64 = 86_400_000.0;

/// The end of the year 9999: no instant that is read here lies later.
const LAST: i64 = 253_402_300_799_999;

/// Returns the instant that a `Retry-After` means, in the clock of `now_ms`; never before now.
///
/// Takes seconds, with or without a fraction, and every form of HTTP date; `None` for any other text.
/// If the field came more than once, the longest wait counts.
pub fn parse(value: &str, now_ms: i64) -> Option<i64> {
    if let Some(date) = parse_http_date(value, now_ms) {
        return Some(date.max(now_ms));
    }
    let mut longest = None;
    for part in value.split(',') {
        longest = longest.max(Some(milliseconds(part.trim())?));
    }
    longest.map(|wait| now_ms.saturating_add(wait).min(LAST).max(now_ms))
}

/// Returns the wait that a `Retry-After` asks for, in milliseconds, at most a day. A date is compared with the response's own `Date` if
/// there is one, so that a difference between the clocks does not count.
pub fn wait(value: &str, date: Option<&str>, now_ms: i64) -> Option<f64> {
    let server_now = date.and_then(|date| parse_http_date(date, now_ms)).unwrap_or(now_ms);
    parse(value, server_now).map(|at| (at.saturating_sub(server_now) as f64).min(LONGEST_WAIT))
}

/// An HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
/// A year of two digits is the latest that is at most 50 years after `now_ms`.
pub fn parse_http_date(text: &str, now_ms: i64) -> Option<i64> {
    let mut parts = text.trim().split([' ', ',', '-']).filter(|part| !part.is_empty());
    let mut next = || parts.next();
    let (weekday, second, third, fourth, fifth) = (next()?, next()?, next()?, next()?, next()?);
    if !weekday.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let (day, month, year, clock) = match month_number(second) {
        Some(month) => (third, month, fifth, fourth),
        None if matches!(next(), Some("GMT" | "UTC")) => (second, month_number(third)?, fourth, fifth),
        None => return None,
    };
    if next().is_some() {
        return None;
    }
    let (day, clock) = (short_number(day)?, time::clock_ms(clock)?);
    let at = |year| time::days(year, month, day) * 86_400_000 + clock;
    let year = match (year.len(), short_number(year)?) {
        (4, year) => year,
        (2, year) => {
            let mut year = year + 1900;
            while year < 9900 && at(year + 50) <= now_ms {
                year += 100;
            }
            year
        }
        _ => return None,
    };
    (1..=time::days_in_month(year, month)).contains(&day).then(|| at(year))
}

/// Decimal seconds as milliseconds, rounded up; nothing but digits and a point is taken.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_whole = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    let parts = digits::thousandths(fraction).filter(|_| is_whole)?;
    let seconds = digits::read(whole).unwrap_or(i64::MAX);
    let more = fraction.bytes().skip(3).any(|b| b != b'0');
    Some(seconds.saturating_mul(1000).saturating_add(parts + i64::from(more)))
}

fn month_number(name: &str) -> Option<i64> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let index = MONTHS.chunks(3).position(|month| month.eq_ignore_ascii_case(name.as_bytes()))?;
    Some(index as i64 + 1)
}

/// A number of at most four digits.
fn short_number(text: &str) -> Option<i64> {
    digits::read(text).filter(|_| text.len() <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2024-01-15T10:30:00Z
    const NOW: i64 = 1_705_314_600_000;
    /// 1994-11-06T08:49:37Z
    const RFC_EXAMPLE: i64 = 784_111_777_000;

    #[test]
    fn seconds_are_counted_from_now_and_rounded_up() {
        for (text, wait) in [
            ("0", 0),
            ("120", 120_000),
            (" 7 ", 7000),
            ("1.5", 1500),
            ("0.0001", 1),
            ("2.0010", 2001),
            ("2.00100001", 2002),
            ("3, 5, 4", 5000),
        ] {
            assert_eq!(parse(text, NOW), Some(NOW + wait), "{text}");
        }
    }

    #[test]
    fn all_three_forms_of_a_date_are_one_instant() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun Nov 06 08:49:37 1994",
        ] {
            assert_eq!(parse_http_date(text, NOW), Some(RFC_EXAMPLE), "{text}");
        }
    }

    #[test]
    fn a_date_in_the_past_means_now_and_one_to_come_is_kept() {
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT", NOW), Some(NOW));
        assert_eq!(parse("Mon, 15 Jan 2024 10:30:01 GMT", NOW), Some(NOW + 1000));
        assert_eq!(parse("Monday, 15-Jan-24 10:31:00 GMT", NOW), Some(NOW + 60_000));
        assert_eq!(parse("Thu Feb 29 00:00:00 2024", NOW), time::from_rfc3339("2024-02-29T00:00:00Z"));
    }

    #[test]
    fn a_year_of_two_digits_lies_at_most_fifty_years_ahead() {
        let year = |text: &str, now| {
            time::to_rfc3339(parse_http_date(text, now).unwrap()).chars().take(4).collect::<String>()
        };
        assert_eq!(year("Sunday, 06-Nov-73 08:49:37 GMT", NOW), "2073");
        assert_eq!(year("Monday, 15-Jan-74 10:30:00 GMT", NOW), "2074");
        assert_eq!(year("Monday, 15-Jan-74 10:30:01 GMT", NOW), "1974");
        assert_eq!(year("Friday, 01-Jan-99 00:00:00 GMT", NOW), "1999");
        let new_years_eve_2099 = time::from_rfc3339("2099-12-31T23:59:00Z").unwrap();
        assert_eq!(year("Friday, 01-Jan-00 00:01:00 GMT", new_years_eve_2099), "2100");
        assert_eq!(year("Tuesday, 29-Feb-00 00:00:00 GMT", NOW), "2000");
    }

    #[test]
    fn negatives_and_nonsense_tell_nothing() {
        for text in [
            "",
            " ",
            "-5",
            "+5",
            "1e3",
            "NaN",
            "inf",
            "5s",
            ".5",
            "5.",
            "1.2.3",
            "5, soon",
            "soon",
            "0x10",
            "١",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 PST",
            "Sun, 06 Nov 1994 08:49:37 +0100",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 29 Feb 2023 08:49:37 GMT",
            "Sun, 06 Nov 199 08:49:37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 Nox 1994 08:49:37 GMT",
            "2024-01-15T10:30:00Z",
        ] {
            assert_eq!(parse(text, NOW), None, "{text}");
        }
    }

    #[test]
    fn numbers_beyond_the_calendar_end_with_it() {
        assert_eq!(parse("99999999999999999999999999", NOW), Some(LAST));
        assert_eq!(parse("9223372036854775.807", NOW), Some(LAST));
        assert_eq!(parse("5", i64::MAX), Some(i64::MAX));
        assert_eq!(parse("5", i64::MIN), Some(i64::MIN + 5000));
    }

    #[test]
    fn a_date_is_read_against_the_servers_own_clock() {
        let retry_after = "Mon, 15 Jan 2024 10:30:30 GMT";
        assert_eq!(wait(retry_after, Some("Mon, 15 Jan 2024 10:30:00 GMT"), NOW + 3_600_000), Some(30_000.0));
        assert_eq!(wait(retry_after, None, NOW), Some(30_000.0));
        assert_eq!(wait("2", Some("nonsense"), NOW), Some(2000.0));
        assert_eq!(wait("soon", None, NOW), None);
    }

    #[test]
    fn a_wait_is_at_most_a_day() {
        for text in ["86401", "999999999", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(wait(text, None, NOW), Some(LONGEST_WAIT), "{text}");
        }
        assert_eq!(wait("86399", None, NOW), Some(86_399_000.0));
    }

    proptest! {
        #[test]
        fn no_text_is_read_as_an_instant_before_now(text in "\\PC{0,40}", now in any::<i64>()) {
            if let Some(at) = parse(&text, now) {
                prop_assert!(at >= now);
            }
        }

        #[test]
        fn seconds_are_never_cut(seconds in 0.0f64..1e9) {
            let at = parse(&format!("{seconds:.6}"), NOW).unwrap();
            prop_assert!((at - NOW) as f64 >= seconds * 1000.0 - 0.001);
        }

        #[test]
        fn every_second_of_the_calendar_is_read_back(seconds in -62_135_596_800i64..253_402_300_800) {
            let text = time::to_rfc3339(seconds * 1000);
            let part = |range| text.get(range).unwrap();
            let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
                [part(5..7).parse::<usize>().unwrap() - 1];
            let (year, day, clock) = (part(0..4), part(8..10), part(11..19));
            let imf = format!("Mon, {day} {month} {year} {clock} GMT");
            prop_assert_eq!(parse_http_date(&imf, NOW), Some(seconds * 1000));
            let asctime = format!("Mon {month} {day} {clock} {year}");
            prop_assert_eq!(parse_http_date(&asctime, NOW), Some(seconds * 1000));
        }
    }
}
