//! The rate limit fields of a response, as counts and durations.
//!
//! Three families of fields are read, the first that is there: `RateLimit` with `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers),
//! `RateLimit-Limit` and its kin (the same draft until its version 6), and `X-RateLimit-…`.

use crate::http::retry_after;

/// The rate limit fields of a response. The default is for an attempt without a response.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RateHeaders {
    /// The status; 0 where there was no answer.
    pub status: u16,
    /// The milliseconds of `Retry-After`.
    pub retry_after: Option<f64>,
    /// One for each quota that the answer names.
    pub readings: Vec<Reading>,
}

/// One quota of a response.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// How many calls it is.
    pub limit: Option<u32>,
    /// In how many milliseconds.
    pub window: Option<f64>,
    /// How many are left.
    pub remaining: Option<u32>,
    /// The milliseconds until the quota resets.
    pub resets_in: Option<f64>,
}

impl RateHeaders {
    /// Reads an answer's header fields; `get` gives a field by its name in lower case, `now_ms` is the time of day.
    pub fn read(status: u16, get: &dyn Fn(&str) -> Option<String>, now_ms: f64) -> Self {
        let date = get("date");
        let retry_after =
            get("retry-after").and_then(|value| retry_after::wait(&value, date.as_deref(), now_ms as i64));
        // Some servers send an instant of their own clock.
        let server_now = date.and_then(|date| retry_after::parse_http_date(&date, now_ms as i64));
        let server_now = server_now.map_or(now_ms, |ms| ms as f64);
        let text = |name| get(name).unwrap_or_default();
        let mut readings = structured(&text("ratelimit"), &text("ratelimit-policy"));
        for fields in [
            ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy"],
            ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-policy"],
        ] {
            if readings.is_empty() {
                readings = separate(&fields.map(text), server_now);
            }
        }
        for reading in &mut readings {
            reading.resets_in = reading.resets_in.map(|ms| ms.min(retry_after::LONGEST_WAIT));
        }
        Self { status, retry_after, readings }
    }

    /// Returns the longest time until the reset of a quota that is used up.
    pub(super) fn exhausted_for(&self) -> Option<f64> {
        let used_up = self.readings.iter().filter(|reading| reading.remaining == Some(0));
        used_up.filter_map(|reading| reading.resets_in).reduce(f64::max)
    }
}

/// `"default";r=50;t=30` with the policy `"default";q=100;w=60`, or `limit=100, remaining=50, reset=30` of version 7.
fn structured(state: &str, policies: &str) -> Vec<Reading> {
    let (items, policies) = (split(state, ','), split(policies, ','));
    let mut readings = Vec::new();
    if let Some(remaining) = value(&items, "remaining=") {
        readings.push(Reading {
            limit: value(&items, "limit=").map(count),
            window: None,
            remaining: Some(count(remaining)),
            resets_in: value(&items, "reset="),
        });
        return readings;
    }
    for item in items {
        let item = split(item, ';');
        let policy =
            policies.iter().map(|policy| split(policy, ';')).find(|policy| policy.first() == item.first());
        let policy = policy.unwrap_or_default();
        // Quotas are counted in other units too, in bytes for one.
        let other_unit = policy.iter().any(|part| part.starts_with("qu=") && *part != "qu=\"requests\"");
        let Some(remaining) = value(&item, "r=").filter(|_| !other_unit) else { continue };
        readings.push(Reading {
            limit: value(&policy, "q=").map(count),
            window: value(&policy, "w="),
            remaining: Some(count(remaining)),
            resets_in: value(&item, "t="),
        });
    }
    readings
}

/// Limit, remaining, reset and policies in fields of their own; the limit's lists policies too: `100, 100;w=60, 1000;w=3600`.
fn separate([limit, remaining, reset, policies]: &[String; 4], server_now: f64) -> Vec<Reading> {
    let mut readings = Vec::new();
    let reading = Reading {
        limit: split(limit, ',').first().and_then(|limit| value(&split(limit, ';'), "")).map(count),
        window: None,
        remaining: number(remaining).map(count),
        resets_in: number(reset).map(|reset| until(reset, server_now)),
    };
    if reading.limit.is_some() || reading.remaining.is_some() {
        readings.push(reading);
    }
    for policies in [limit, policies] {
        for policy in split(policies, ',') {
            let policy = split(policy, ';');
            let limit = value(&policy, "").map(count);
            let window = value(&policy, "w=");
            match readings.iter_mut().find(|reading| reading.limit == limit) {
                _ if limit.is_none() || window.is_none() => {}
                Some(reading) => reading.window = window,
                None => readings.push(Reading { limit, window, ..Reading::default() }),
            }
        }
    }
    readings
}

/// Returns the milliseconds until a reset that is given in seconds from now, or as an instant in seconds or milliseconds since the epoch.
fn until(reset: f64, server_now: f64) -> f64 {
    match reset {
        ..1e12 => reset,
        ..1e15 => (reset - server_now).max(0.0).ceil(),
        _ => (reset / 1000.0 - server_now).max(0.0).ceil(),
    }
}

/// A thousand times the number after `key`, so seconds as milliseconds, in the first of the parts that has both.
fn value(parts: &[&str], key: &str) -> Option<f64> {
    parts.iter().find_map(|part| number(part.strip_prefix(key)?))
}

fn number(text: &str) -> Option<f64> {
    retry_after::milliseconds(text.trim()).map(|thousandths| thousandths as f64)
}

/// The trimmed parts between separators, of which those in quoted strings are none.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = text.split(|character: char| {
        quoted ^= character == '"' && !escaped;
        escaped = quoted && !escaped && character == '\\';
        character == separator && !quoted
    });
    parts.map(str::trim).collect()
}

fn count(thousandths: f64) -> u32 {
    (thousandths / 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-01-15T10:30:00Z
    const NOW: f64 = 1_705_314_600_000.0;

    fn read(fields: &[(&str, &str)]) -> RateHeaders {
        let get = |name: &str| fields.iter().find(|(n, _)| *n == name).map(|(_, value)| value.to_string());
        RateHeaders::read(200, &get, NOW)
    }

    fn reading(limit: u32, window: f64, remaining: u32, resets_in: f64) -> Reading {
        Reading {
            limit: Some(limit),
            window: Some(window),
            remaining: Some(remaining),
            resets_in: Some(resets_in),
        }
    }

    #[test]
    fn structured_fields_are_joined_with_their_policies_by_name() {
        let headers = read(&[
            ("ratelimit", "\"burst\";r=0;t=7, \"a, b; c\\\"\" ; pk=:AbC=:;r=50;t=30"),
            ("ratelimit-policy", "\"a, b; c\\\"\";q=100;w=60;qu=\"requests\",\"burst\";q=50;w=10"),
        ]);
        assert_eq!(
            headers.readings,
            [reading(50, 10_000.0, 0, 7000.0), reading(100, 60_000.0, 50, 30_000.0)]
        );
        assert_eq!(headers.exhausted_for(), Some(7000.0));
    }

    #[test]
    fn a_structured_field_without_policy_tells_what_is_left() {
        let headers = read(&[("ratelimit", "default;r=50;t=30")]);
        assert_eq!(
            headers.readings,
            [Reading { remaining: Some(50), resets_in: Some(30_000.0), ..Reading::default() }]
        );
    }

    #[test]
    fn quotas_in_other_units_are_left_alone() {
        let headers = read(&[
            ("ratelimit", "\"bytes\";r=0;t=60"),
            ("ratelimit-policy", "\"bytes\";q=65535;w=60;qu=\"content-bytes\""),
        ]);
        assert_eq!(headers.readings, []);
    }

    #[test]
    fn older_versions_of_the_draft_are_read() {
        let seventh = read(&[("ratelimit", "limit=100, remaining=50, reset=5")]);
        let window_unknown = Reading { window: None, ..reading(100, 0.0, 50, 5000.0) };
        assert_eq!(seventh.readings, [window_unknown]);
        let sixth = read(&[
            ("ratelimit-limit", "100, 100;w=60, 1000;w=3600;comment=\"a;b,c\""),
            ("ratelimit-remaining", "3"),
            ("ratelimit-reset", "0.5"),
        ]);
        let hourly = Reading { limit: Some(1000), window: Some(3_600_000.0), ..Reading::default() };
        assert_eq!(sixth.readings, [reading(100, 60_000.0, 3, 500.0), hourly]);
        let with_policy = read(&[
            ("ratelimit-limit", "10"),
            ("ratelimit-remaining", "1"),
            ("ratelimit-reset", "2"),
            ("ratelimit-policy", "10;w=1"),
        ]);
        assert_eq!(with_policy.readings, [reading(10, 1000.0, 1, 2000.0)]);
    }

    #[test]
    fn a_reset_is_seconds_or_an_instant_by_the_servers_clock() {
        let resets_in = |reset: &str, date: &str| {
            let headers =
                read(&[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset", reset), ("date", date)]);
            headers.readings[0].resets_in
        };
        assert_eq!(resets_in("30", ""), Some(30_000.0));
        assert_eq!(resets_in("1705314630", ""), Some(30_000.0));
        assert_eq!(resets_in("1705314630000", ""), Some(30_000.0));
        assert_eq!(resets_in("1705314630", "Mon, 15 Jan 2024 10:30:20 GMT"), Some(10_000.0));
        assert_eq!(resets_in("1005314630", ""), Some(0.0));
        assert_eq!(resets_in("-3", ""), None);
        for far in ["999999999", "99999999999999999999", "253402300800", "253402300800000"] {
            assert_eq!(resets_in(far, ""), Some(86_400_000.0), "{far}");
        }
        let structured = read(&[("ratelimit", "default;r=0;t=999999999")]);
        assert_eq!(structured.exhausted_for(), Some(86_400_000.0));
        assert_eq!(resets_in("soon", ""), None);
    }

    #[test]
    fn nonsense_tells_nothing() {
        for value in ["", ",", ";;;", "\"", "default;r=-1", "default;r=x;t=y", "a=b, c=d", "NaN", "inf"] {
            for name in ["ratelimit", "ratelimit-limit", "x-ratelimit-limit", "x-ratelimit-remaining"] {
                assert_eq!(read(&[(name, value)]).readings, [], "{name}: {value}");
            }
        }
    }

    #[test]
    fn retry_after_is_read_too() {
        let headers = read(&[
            ("retry-after", "Mon, 15 Jan 2024 10:30:20 GMT"),
            ("date", "Mon, 15 Jan 2024 10:30:15 GMT"),
        ]);
        assert_eq!(headers.retry_after, Some(5000.0));
    }
}
