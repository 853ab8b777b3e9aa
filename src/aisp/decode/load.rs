//! Loads of several bytes at once. The only unsafe code of the decoder: slices' own methods stay calls where the crate is
//! compiled for size, and these loads are most of what the decoder does.

/// Eight bytes from this place, or `None` where there are fewer.
#[inline(always)]
pub(super) fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    if bytes.len() < 8 || at > bytes.len() - 8 {
        return None;
    }
    // SAFETY: `at + 8 <= bytes.len()`, and any eight bytes are a `u64`.
    Some(u64::from_le(unsafe { bytes.as_ptr().add(at).cast::<u64>().read_unaligned() }))
}

/// Four bytes from this place, or `None` where there are fewer.
#[inline(always)]
pub(super) fn four(bytes: &[u8], at: usize) -> Option<u32> {
    if bytes.len() < 4 || at > bytes.len() - 4 {
        return None;
    }
    // SAFETY: `at + 4 <= bytes.len()`, and any four bytes are a `u32`.
    Some(u32::from_le(unsafe { bytes.as_ptr().add(at).cast::<u32>().read_unaligned() }))
}

/// Whether the bytes from `at` on begin with those of `other` from `from` to its end or for `length`.
#[inline(always)]
pub(super) fn is_same(bytes: &[u8], at: usize, other: &[u8], from: usize, length: usize) -> bool {
    if length >= 8 {
        let mut place = 0;
        while place + 8 < length {
            if !is_some_same(eight(bytes, at + place), eight(other, from + place)) {
                return false;
            }
            place += 8;
        }
        // The last eight overlap with those before.
        return is_some_same(eight(bytes, at + length - 8), eight(other, from + length - 8));
    }
    if length >= 4 {
        return is_some_same(four(bytes, at), four(other, from))
            && is_some_same(four(bytes, at + length - 4), four(other, from + length - 4));
    }
    let mut place = 0;
    while place < length {
        match (bytes.get(at + place), other.get(from + place)) {
            (Some(a), Some(b)) if *a == *b => place += 1,
            _ => return false,
        }
    }
    true
}

/// `None` is the same as nothing.
#[inline(always)]
fn is_some_same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_never_reaches_past_the_end() {
        let bytes: Vec<u8> = (1..=12).collect();
        assert_eq!(eight(&bytes, 4), Some(0x0c0b_0a09_0807_0605));
        assert_eq!(four(&bytes, 8), Some(0x0c0b_0a09));
        for (at, length) in [(5, 12), (usize::MAX, 12), (0, 7)] {
            assert_eq!(eight(&bytes[..length], at), None);
        }
        assert_eq!(four(&bytes, 9), None);
        assert_eq!(four(&bytes[..3], 0), None);
    }

    #[test]
    fn texts_of_any_length_are_compared_whole() {
        let text: Vec<u8> = (0..40).collect();
        for length in 0..40 {
            let mut body = vec![9; 3];
            body.extend(&text[..length]);
            assert!(is_same(&body, 3, &text, 0, length), "{length}");
            assert!(!is_same(&body, 4, &text, 0, length) || length == 0, "{length}");
            for place in 0..length {
                let mut other = text.clone();
                other[place] ^= 0x80;
                assert!(!is_same(&body, 3, &other, 0, length), "{length} at {place}");
            }
        }
    }
}
