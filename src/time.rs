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
    let (year, month, day) = date_parts(date)?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = (time.get(..zone)?, time.get(zone..)?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':').map(|part| number(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        (sign, offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let minutes = number(hours, 2)? * 60 + number(minutes, 2)?;
            if sign == "-" { -minutes } else { minutes }
        }
    };
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let milliseconds = digits::read(&fraction.chars().chain("00".chars()).take(3).collect::<String>())?;
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset * 60;
    Some(seconds * 1000 + milliseconds)
}

/// Year, month and day of a `YYYY-MM-DD` that stands in the calendar.
pub fn date_parts(text: &str) -> Option<(i64, i64, i64)> {
    let mut parts = text.split('-');
    let (year, month, day) =
        (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let sound = parts.next().is_none() && (1..=12).contains(&month) && day >= 1;
    (sound && civil(days(year, month, day)) == (year, month, day)).then_some((year, month, day))
}

fn number(text: &str, width: usize) -> Option<i64> {
    digits::read(text).filter(|_| text.len() == width)
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
        assert_eq!(date_parts("2023-02-29"), None);
        assert_eq!(date_parts("2024-02-29"), Some((2024, 2, 29)));
        assert_eq!(date_parts("2024-2-9"), None);
        assert_eq!(date_parts("2024-00-10"), None);
    }

    proptest! {
        #[test]
        fn every_instant_comes_back(at in -62_135_596_800_000i64..253_402_300_799_999) {
            prop_assert_eq!(from_rfc3339(&to_rfc3339(at)), Some(at));
        }
    }
}
