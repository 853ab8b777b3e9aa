//! Instants: milliseconds since the epoch to RFC 3339 in UTC and back, without a time zone database.

use crate::digits;

/// The first and the last instant whose year has four digits, which are those that every reader of RFC 3339 takes.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

/// `2024-01-15T10:30:00.000Z`, as JavaScript's `toISOString` writes it; beyond the years 0 to 9999 their first or last instant.
pub fn to_rfc3339(milliseconds: i64) -> String {
    let milliseconds = milliseconds.clamp(FIRST, LAST);
    let days = milliseconds.div_euclid(86_400_000);
    let rest = milliseconds.rem_euclid(86_400_000);
    let (year, month, day) = civil(days);
    let mut out = String::with_capacity(24);
    let mut push = |number: i64, width: usize, end: char| {
        let digits = digits::write(number);
        out.extend(core::iter::repeat_n('0', width.saturating_sub(digits.len())));
        out.push_str(&digits);
        out.push(end);
    };
    push(year, 4, '-');
    push(month, 2, '-');
    push(day, 2, 'T');
    push(rest / 3_600_000, 2, ':');
    push(rest / 60_000 % 60, 2, ':');
    push(rest / 1000 % 60, 2, '.');
    push(rest % 1000, 3, 'Z');
    out
}

/// The inverse of [`to_rfc3339`], for any RFC 3339 instant; `None` where the text is none.
pub fn from_rfc3339(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't'])?;
    let (year, month, day) = date_parts(date.as_bytes())?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = (time.get(..zone)?, time.get(zone..)?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let clock = clock_ms(clock)?;
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        (sign, offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let minutes = two_digits(hours)? * 60 + two_digits(minutes)?;
            if sign == "-" { -minutes } else { minutes }
        }
    };
    let milliseconds = digits::thousandths(fraction)?;
    Some(days(year, month, day) * 86_400_000 + clock - offset * 60_000 + milliseconds)
}

/// Returns the milliseconds since midnight of `HH:MM:SS`; second 60 is a leap second.
pub fn clock_ms(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(two_digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let is_clock = parts.next().is_none() && hour <= 23 && minute <= 59 && second <= 60;
    is_clock.then_some(((hour * 60 + minute) * 60 + second) * 1000)
}

fn two_digits(text: &str) -> Option<i64> {
    digits::read(text).filter(|_| text.len() == 2)
}

/// Returns year, month and day of a `YYYY-MM-DD` that the calendar has.
pub fn date_parts(text: &[u8]) -> Option<(i64, i64, i64)> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = digits::from_bytes(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (digits::from_bytes(&[*m1, *m2])?, digits::from_bytes(&[*d1, *d2])?);
    (1..=days_in_month(year, month)).contains(&day).then_some((year, month, day))
}

/// Returns the number of days in a month of the proleptic Gregorian calendar; 0 if there is no such month.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days from the epoch to a date of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn instants_are_written_as_javascript_writes_them() {
        assert_eq!(to_rfc3339(1_705_314_600_000), "2024-01-15T10:30:00.000Z");
        assert_eq!(to_rfc3339(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(to_rfc3339(i64::MAX), "9999-12-31T23:59:59.999Z");
        assert_eq!(to_rfc3339(i64::MIN), "0000-01-01T00:00:00.000Z");
        assert_eq!(from_rfc3339("2024-01-15T11:30:00+01:00"), Some(1_705_314_600_000));
        assert_eq!(from_rfc3339("2024-01-15t10:30:00.5z"), Some(1_705_314_600_500));
    }

    #[test]
    fn what_is_no_instant_or_no_day_is_refused() {
        for text in [
            "",
            "2024-01-15",
            "2024-02-30T00:00:00Z",
            "2024-01-15T24:00:00Z",
            "2024-01-15T10:30:00",
            "2024-01-15T10:30Z",
            "2024-01-15T10:30:00.Z",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
        assert_eq!(date_parts(b"2023-02-29"), None);
        assert_eq!(date_parts(b"2024-02-29"), Some((2024, 2, 29)));
        assert_eq!(date_parts(b"2024-2-9"), None);
        assert_eq!(date_parts(b"2024-00-10"), None);
    }

    proptest! {
        #[test]
        fn days_count_every_day_of_every_month(year in 0i64..10_000, month in 1i64..=12, day in 1i64..=31) {
            let is_day = civil(days(year, month, day)) == (year, month, day);
            prop_assert_eq!(is_day, day <= days_in_month(year, month));
        }

        #[test]
        fn every_instant_comes_back(at in -62_135_596_800_000i64..253_402_300_799_999) {
            prop_assert_eq!(from_rfc3339(&to_rfc3339(at)), Some(at));
        }
    }
}
