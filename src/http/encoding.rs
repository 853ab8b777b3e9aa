//! The encodings of HTTP and OAuth: form, percent, Basic.
//!
//! Rule: `docs/security.md#basic-encoding`.

use crate::base64url;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

fn percent(out: &mut String, byte: u8) {
    out.push('%');
    for nibble in [byte >> 4, byte & 15] {
        out.push(HEX.get(usize::from(nibble)).copied().map_or('0', char::from));
    }
}

fn encode(input: &str, keep: fn(u8) -> bool, space: Option<char>) -> String {
    let mut out = String::with_capacity(input.len() + 8);
    for byte in input.bytes() {
        match space {
            Some(character) if byte == b' ' => out.push(character),
            _ if keep(byte) => out.push(char::from(byte)),
            _ => percent(&mut out, byte),
        }
    }
    out
}

/// `application/x-www-form-urlencoded` of one name or value (RFC 6749, appendix B).
pub fn form_encode(input: &str) -> String {
    encode(input, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'*'), Some('+'))
}

/// One path segment (RFC 3986, section 3.3): only unreserved characters stand as they are. Empty, `.` and `..`
/// have no form that a URL parser would leave in its place.
pub fn path_segment(input: &str) -> Option<String> {
    if matches!(input, "" | "." | "..") {
        return None;
    }
    Some(encode(input, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~'), None))
}

/// The inverse of [`form_encode`]; a malformed escape stays as it is, invalid UTF-8 becomes U+FFFD.
pub fn form_decode(input: &str) -> String {
    let mut out = Vec::with_capacity(input.len());
    let mut rest = input.bytes();
    while let Some(byte) = rest.next() {
        let escape = || -> Option<u8> {
            let mut ahead = rest.clone();
            let high = char::from(ahead.next()?).to_digit(16)?;
            let low = char::from(ahead.next()?).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        };
        match byte {
            b'+' => out.push(b' '),
            b'%' => match escape() {
                Some(decoded) => {
                    out.push(decoded);
                    rest.nth(1);
                }
                None => out.push(b'%'),
            },
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The value of an `Authorization` header with the Basic scheme (RFC 7617) and form-encoded parts (RFC 6749, 2.3.1).
pub fn basic(id: &str, secret: &str) -> String {
    let credentials = [&form_encode(id), ":", &form_encode(secret)].concat();
    let standard = |digit| match digit {
        '-' => '+',
        '_' => '/',
        digit => digit,
    };
    let mut encoded: String = base64url::encode(credentials.as_bytes()).chars().map(standard).collect();
    while !encoded.len().is_multiple_of(4) {
        encoded.push('=');
    }
    ["Basic ", &encoded].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::vectors;
    use base64ct::{Base64, Encoding};
    use proptest::prelude::*;

    #[test]
    fn rfc6749_appendix_b_is_encoded_as_printed() {
        let vector = &vectors()["RFC6749-App-B"];
        let input = vector["input"].as_str().unwrap();
        assert_eq!(form_encode(input), vector["encoded"].as_str().unwrap());
        assert_eq!(form_decode(&form_encode(input)), input);
    }

    /// Rule: `basic-encoding`.
    #[test]
    fn id_and_secret_are_form_encoded_before_base64() {
        let vector = &vectors()["RFC6749-2.3.1 (vector from openid/AppAuth-Android#337)"];
        let text = |name: &str| vector[name].as_str().unwrap();
        assert_eq!(basic(text("client_id"), text("client_secret")), text("authorization"));
        assert_eq!(basic("id", ""), "Basic aWQ6");
    }

    proptest! {
        #[test]
        fn credentials_are_in_standard_base64(id: String, secret: String) {
            let credentials = [&form_encode(&id), ":", &form_encode(&secret)].concat();
            prop_assert_eq!(basic(&id, &secret), ["Basic ", &Base64::encode_string(credentials.as_bytes())].concat());
        }
    }

    #[test]
    fn an_id_stays_one_path_segment() {
        assert_eq!(path_segment("a/../b%2f c😀?#").as_deref(), Some("a%2F..%2Fb%252f%20c%F0%9F%98%80%3F%23"));
        for dots in ["", ".", ".."] {
            assert_eq!(path_segment(dots), None);
        }
    }

    #[test]
    fn malformed_escapes_stay() {
        assert_eq!(form_decode("100%+%zz%4"), "100% %zz%4");
    }
}
