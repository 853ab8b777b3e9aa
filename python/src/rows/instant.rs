//! Dates and instants as numbers: their texts were checked by the decoder.

/// A date and time, with what its text says about the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    /// Year, month, day.
    pub date: (u16, u8, u8),
    /// Hour, minute, second.
    pub time: (u8, u8, u8),
    /// Microseconds; further digits are left out, as Python's `datetime` holds no more.
    pub microsecond: u32,
    /// Minutes east of UTC. `None` where the text names no zone.
    pub offset: Option<i16>,
}

/// Reads a date of the years 1 to 9999, which are those that Python has.
pub(super) fn date(text: &[u8]) -> Option<(u16, u8, u8)> {
    let (year, month, day) = oakford_aisp::time::date_parts(text)?;
    let year = u16::try_from(year).ok().filter(|year| *year > 0)?;
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// Reads an instant. A date alone is its midnight.
pub(super) fn read(text: &[u8]) -> Option<Instant> {
    let (day, rest) = text.split_at_checked(10)?;
    let date = date(day)?;
    let mut instant = Instant { date, time: (0, 0, 0), microsecond: 0, offset: None };
    let [_, h1, h2, b':', m1, m2, rest @ ..] = rest else {
        return rest.is_empty().then_some(instant);
    };
    instant.time = (two(*h1, *h2)?, two(*m1, *m2)?, 0);
    let mut rest = rest;
    if let [b':', s1, s2, more @ ..] = rest {
        instant.time.2 = two(*s1, *s2)?;
        rest = more;
        if let [b'.', more @ ..] = rest {
            let count = more.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, after) = more.split_at_checked(count)?;
            let six = digits.iter().copied().chain(std::iter::repeat(b'0')).take(6);
            instant.microsecond = six.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
            rest = after;
        }
    }
    instant.offset = match rest {
        [] => None,
        [b'Z' | b'z'] => Some(0),
        [sign, h1, h2, b':', m1, m2] => {
            let minutes = i16::from(two(*h1, *h2)?) * 60 + i16::from(two(*m1, *m2)?);
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => return None,
    };
    Some(instant)
}

fn two(tens: u8, ones: u8) -> Option<u8> {
    let digit = |byte: u8| byte.checked_sub(b'0').filter(|digit| *digit < 10);
    Some(digit(tens)? * 10 + digit(ones)?)
}
