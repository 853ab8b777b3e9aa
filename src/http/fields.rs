//! Header fields of responses, as text.

/// The fields that the engine reads. A host hands over those that a response has.
pub const HEADERS: [&str; 15] = [
    "age",
    "date",
    "dpop-nonce",
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-policy",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "www-authenticate",
    "x-ratelimit-limit",
    "x-ratelimit-policy",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
];

/// Returns the value of a field in lines `name:value`, whose names are in lower case.
pub fn header<'a>(lines: &'a str, name: &str) -> Option<&'a str> {
    lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_finds_a_field_by_its_whole_name() {
        let lines = "date:Mon, 01 Jan 2024 00:00:00 GMT\nratelimit-limit:5\nempty:\n";
        assert_eq!(header(lines, "date"), Some("Mon, 01 Jan 2024 00:00:00 GMT"));
        assert_eq!(header(lines, "ratelimit"), None);
        assert_eq!((header(lines, "empty"), header(lines, "age")), (Some(""), None));
    }
}
