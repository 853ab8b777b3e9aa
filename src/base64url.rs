//! Base64url without padding (RFC 4648, section 5). A crate for it would take three kilobytes more of the wasm.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits =
            group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (32 - 8 * group.len());
        for _ in 0..=group.len() {
            out.extend(DIGITS.get((bits >> 26) as usize).copied().map(char::from));
            bits <<= 6;
        }
    }
    out
}

/// The bytes that [`encode`] wrote; `None` where it would not have written the text so.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for byte in group {
            bits = bits << 6 | u32::from(digit(*byte)?);
        }
        bits <<= 32 - 6 * group.len();
        let bytes = bits.to_be_bytes();
        let (whole, spare) = bytes.split_at_checked(group.len() - 1)?;
        if whole.is_empty() || spare.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(whole);
    }
    Some(out)
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;

    #[test]
    fn what_encode_does_not_write_is_refused() {
        for text in ["A", "AAAAA", "AB", "AAB", "AA==", "AA=", "A+AA", "A/AA", "A AA", "AAA\n", "ÄÄ"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_are_written_and_read_as_by_another_implementation(bytes: Vec<u8>) {
            let text = Base64UrlUnpadded::encode_string(&bytes);
            prop_assert_eq!(encode(&bytes), text.clone());
            prop_assert_eq!(decode(&text), Some(bytes));
        }

        #[test]
        fn any_text_is_read_or_refused_as_by_another_implementation(text in "[A-Da-d0-3_=+ -]{0,9}") {
            prop_assert_eq!(decode(&text), Base64UrlUnpadded::decode_vec(&text).ok());
        }
    }
}
