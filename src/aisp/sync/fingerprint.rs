//! Short fingerprints: long enough to recognise a value, too short to reveal it.
//!
//! They are salted with the account, so that the same counterparty looks different in every checkpoint.

/// FNV-1a over the bytes; its bits are mixed by [`mix`] before any of them are cut off.
fn fnv(salt: u64, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ salt;
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Lets every bit of the input count in every bit of the output (the finalizer of MurmurHash3).
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// The salt of an account.
pub(super) fn salt(account_id: &str) -> u64 {
    mix(fnv(0, account_id.as_bytes()))
}

/// 32 bits of some bytes, never 0.
pub(super) fn bytes(salt: u64, bytes: &[u8]) -> u32 {
    number(0, fnv(salt, bytes))
}

/// 32 bits of a number, never 0.
pub(super) fn number(salt: u64, number: u64) -> u32 {
    ((mix(number ^ salt) >> 32) as u32).max(1)
}

/// 16 bits of a name, never 0. Case and blanks don't count: banks write them differently once a row is booked.
pub(super) fn name(salt: u64, name: &str) -> u16 {
    let letters: Vec<u8> =
        name.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_uppercase()).collect();
    ((bytes(salt, &letters) >> 16) as u16).max(1)
}

/// An amount of money; `-3.2` and `-3.20` are the same.
pub(super) fn money(salt: u64, amount: &str, currency: &str) -> u32 {
    let mut digits = amount.as_bytes();
    let sign: &[u8] = if let [b'-', rest @ ..] = digits {
        digits = rest;
        b"-"
    } else {
        b""
    };
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    if digits.contains(&b'.') {
        while let [rest @ .., b'0'] = digits {
            digits = rest;
        }
        digits = digits.strip_suffix(b".").unwrap_or(digits);
    }
    bytes(salt, &[sign, digits, currency.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_recognised_however_many_zeros_it_is_written_with() {
        for (a, b) in [("-3.2", "-3.20"), ("100", "100.00"), ("0.50", ".5"), ("007", "7.0")] {
            assert_eq!(money(1, a, "EUR"), money(1, b, "EUR"), "{a} {b}");
        }
        for (a, b) in [("100", "10"), ("1.5", "15"), ("-1", "1"), ("0.1", "1")] {
            assert_ne!(money(1, a, "EUR"), money(1, b, "EUR"), "{a} {b}");
        }
        assert_ne!(money(1, "1", "EUR"), money(1, "1", "USD"));
    }

    #[test]
    fn a_name_is_recognised_however_its_letters_and_blanks_are_written() {
        assert_eq!(name(1, "Café Möwe"), name(1, "CAFé  MöWE "));
        assert_ne!(name(1, "Café Möwe"), name(1, "Café Möwen"));
    }

    #[test]
    fn another_account_gives_another_fingerprint() {
        assert_ne!(name(salt("a"), "Café"), name(salt("b"), "Café"));
        assert_ne!(bytes(salt("a"), b"x"), bytes(salt("b"), b"x"));
    }
}
