//! The authorization server's clock, learned from its `Date` header: signed claims name times that the server has to accept.
//!
//! Rule: `docs/security.md#server-clock`.

use crate::http::retry_after::parse_http_date;

/// Clocks that are this close count as equal, in milliseconds: FAPI 2.0 has servers accept claims from 10 s ahead.
const NOTHING_MS: i64 = 5_000;

/// How far a server's clock is ahead of ours (negative: behind) in milliseconds, from a `Date` that came at `now`.
pub fn skew(date: &str, now: i64) -> Option<i64> {
    // The header's second is cut off and the answer was under way for a while, so this is never too far ahead.
    let skew = parse_http_date(date, now)?.saturating_sub(now);
    Some(if skew.abs() <= NOTHING_MS { 0 } else { skew })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1994-11-06T08:49:37Z
    const AT: i64 = 784_111_777_000;
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    /// Rule: `server-clock`.
    #[test]
    fn the_servers_clock_is_learned_from_its_date() {
        assert_eq!(skew(DATE, AT - 120_000), Some(120_000));
        assert_eq!(skew(DATE, AT + 3_600_000), Some(-3_600_000));
        assert_eq!(skew("Thu, 29 Feb 2024 00:00:00 GMT", 0), Some(1_709_164_800_000));
    }

    /// Rule: `server-clock`.
    #[test]
    fn a_difference_of_seconds_is_none() {
        assert_eq!(skew(DATE, AT + 1_500), Some(0));
        assert_eq!(skew(DATE, AT - 5_000), Some(0));
    }

    #[test]
    fn what_is_no_date_teaches_nothing() {
        for text in ["", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(skew(text, 0), None, "{text}");
        }
    }
}
