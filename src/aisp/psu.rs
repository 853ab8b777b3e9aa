//! The option `psu`: the customer's IP address and browser, as far as they can be sent as PSU headers.

use crate::digits;
use crate::json::{FieldError, Fields};

/// The values of the PSU headers, and what was left out of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Psu {
    /// `PSU-IP-Address`. Without it a bank counts the call as unattended.
    pub ip_address: Option<String>,
    /// `PSU-User-Agent`.
    pub user_agent: Option<String>,
    /// The options that can't be sent, each with the reason.
    pub left_out: Vec<(&'static str, &'static str)>,
}

impl Psu {
    /// Reads the option. Private addresses are sent to a `loopback` server only, because a bank can't use them.
    ///
    /// A visitor chooses the browser's name, so what can't be sent of it does not fail the call.
    pub fn read(fields: Fields<'_>, loopback: bool) -> Result<Self, FieldError> {
        fields.only(&["ipAddress", "userAgent"])?;
        let mut psu = Self::default();
        if let Some(text) = fields.text("ipAddress")? {
            const EXPECTED: &str = "one IP address, without port";
            match is_public(text) {
                Some(public) if public || loopback => psu.ip_address = Some(text.into()),
                Some(_) => psu.left_out.push(("psu.ipAddress", "private_address")),
                None => {
                    let found = if text.contains(',') { "a list" } else { "another string" };
                    return Err(FieldError::new(fields.path("ipAddress"), EXPECTED, found));
                }
            }
        }
        if let Some(text) = fields.text("userAgent")?.map(str::trim).filter(|text| !text.is_empty()) {
            if text.contains(['\r', '\n', '\0']) {
                return Err(FieldError::new(fields.path("userAgent"), "one line of text", "others"));
            }
            if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
                psu.user_agent = Some(text.into());
            } else {
                psu.left_out.push(("psu.userAgent", "not_ascii"));
            }
        }
        Ok(psu)
    }
}

/// Whether an address can be reached from everywhere; `None` where the text is no address. A zone (`%eth0`) makes it local.
fn is_public(text: &str) -> Option<bool> {
    if let Some(address) = v4(text) {
        return Some(is_public_v4(address));
    }
    let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    let groups = v6(address)?;
    match zone {
        Some(zone) => zone.bytes().all(|byte| byte.is_ascii_graphic()).then_some(false),
        None => Some(match *groups.as_slice() {
            // Unspecified and loopback; an IPv4 address; unique local, link-local and multicast.
            [0, 0, 0, 0, 0, 0, 0, 0 | 1] => false,
            [0, 0, 0, 0, 0, 0xffff, high, low] => is_public_v4(u32::from(high) << 16 | u32::from(low)),
            [first, ..] => !matches!(first, 0xfc00..=0xfdff | 0xfe80..=0xfebf | 0xff00..),
            [] => false,
        }),
    }
}

/// The ranges of RFC 6890 that no other network can reach, and multicast.
fn is_public_v4(address: u32) -> bool {
    let private = matches!(address >> 24, 0 | 10 | 127 | 224..)
        || matches!(address >> 16, 0xa9fe | 0xc0a8 | 0xac10..=0xac1f | 0x6440..=0x647f);
    !private
}

// Parsed by hand: the standard library's parser would cost a kilobyte of wasm.
fn v4(text: &str) -> Option<u32> {
    let mut address = 0;
    let mut count = 0;
    for part in text.split('.') {
        let sound = part.len() <= 3 && (part.len() == 1 || !part.starts_with('0'));
        let byte = digits::read(part).filter(|byte| sound && *byte <= 255)?;
        address = address << 8 | byte as u32;
        count += 1;
    }
    (count == 4).then_some(address)
}

/// The eight groups of an IPv6 address (RFC 4291, section 2.2).
fn v6(text: &str) -> Option<Vec<u16>> {
    let (head, tail) = text.split_once("::").map_or((text, None), |(head, tail)| (head, Some(tail)));
    let mut all = groups(head, tail.is_none())?;
    if let Some(tail) = tail {
        let tail = groups(tail, true)?;
        all.resize(7_usize.checked_sub(tail.len()).filter(|room| all.len() <= *room)? + 1, 0);
        all.extend(tail);
    }
    (all.len() == 8).then_some(all)
}

/// Groups between single colons. An IPv4 address may be the `last`.
fn groups(text: &str, last: bool) -> Option<Vec<u16>> {
    let mut groups = Vec::new();
    let mut parts = text.split(':').peekable();
    if text.is_empty() {
        return Some(groups);
    }
    while let Some(part) = parts.next() {
        if last
            && parts.peek().is_none()
            && let Some(address) = v4(part)
        {
            groups.extend([(address >> 16) as u16, address as u16]);
            break;
        }
        if part.is_empty() || part.len() > 4 {
            return None;
        }
        groups.push(part.chars().try_fold(0, |sum, digit| Some(sum << 4 | digit.to_digit(16)? as u16))?);
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read(json: &str, loopback: bool) -> Result<Psu, String> {
        let value = parse(json.as_bytes()).unwrap();
        Psu::read(Fields::of("psu", &value).unwrap(), loopback).map_err(|field_error| field_error.message())
    }

    #[test]
    fn addresses_public_ones_are_recognised() {
        for text in ["203.0.113.7", "172.32.0.1", "2001:db8::1", "::ffff:203.0.113.7", "100.128.0.1"] {
            assert_eq!(is_public(text), Some(true), "{text}");
        }
        for text in [
            "10.0.0.1",
            "127.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fe80::1%eth0",
            "fd00::1",
            "ff02::1",
        ] {
            assert_eq!(is_public(text), Some(false), "{text}");
        }
        for text in
            ["", "unknown", "1.2.3.4:80", "[::1]", "1.2.3.4, 5.6.7.8", "1.2.3", "10.0.0.1%eth0", "::1%a b"]
        {
            assert_eq!(is_public(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_are_parsed_as_by_the_standard_library() {
        let words = [
            "",
            ":",
            "::",
            "1",
            "ffff",
            "0",
            "01",
            "fe80",
            "12345",
            "g",
            "1.2.3.4",
            "1.2.3.256",
            "1.2.3.04",
            "1.2.3",
            ".",
        ];
        let mut texts: Vec<String> = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| words.map(|word| [text, word].concat())).collect();
            for text in &texts {
                assert_eq!(v4(text), text.parse::<std::net::Ipv4Addr>().ok().map(u32::from), "{text}");
                let segments =
                    text.parse::<std::net::Ipv6Addr>().ok().map(|address| address.segments().to_vec());
                assert_eq!(v6(text), segments, "{text}");
            }
        }
        for text in [
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7::",
            "::1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "1:2:3:4::5:6:7:8",
            "1::2::3",
        ] {
            let segments = text.parse::<std::net::Ipv6Addr>().ok().map(|address| address.segments().to_vec());
            assert_eq!(v6(text), segments, "{text}");
        }
    }

    #[test]
    fn addresses_private_ones_are_sent_to_a_loopback_server_only() {
        let json = r#"{"ipAddress":"fe80::1%eth0","userAgent":"Mozilla/5.0"}"#;
        assert_eq!(read(json, true).unwrap().ip_address.as_deref(), Some("fe80::1%eth0"));
        let psu = read(json, false).unwrap();
        assert_eq!((psu.ip_address, psu.user_agent.as_deref()), (None, Some("Mozilla/5.0")));
        assert_eq!(psu.left_out, [("psu.ipAddress", "private_address")]);
    }

    #[test]
    fn a_list_of_addresses_is_refused_by_name() {
        assert_eq!(
            read(r#"{"ipAddress":"1.2.3.4, 5.6.7.8"}"#, true).unwrap_err(),
            "`psu.ipAddress` must be one IP address, without port, got a list."
        );
    }

    #[test]
    fn a_user_agent_that_is_not_ascii_is_left_out_and_a_second_line_is_refused() {
        let psu = read(r#"{"ipAddress":"203.0.113.7","userAgent":"Gerät"}"#, false).unwrap();
        assert_eq!((psu.ip_address.as_deref(), psu.user_agent), (Some("203.0.113.7"), None));
        assert_eq!(psu.left_out, [("psu.userAgent", "not_ascii")]);
        assert!(read(r#"{"userAgent":"a\r\nb: c"}"#, false).is_err());
        assert_eq!(read(r#"{"userAgent":" "}"#, false), Ok(Psu::default()));
    }
}
