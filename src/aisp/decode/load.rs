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

/// Whether so many bytes from `at` on are those of `other` from `from` on. `false` where either has fewer.
#[inline(always)]
pub(super) fn is_same(bytes: &[u8], at: usize, other: &[u8], from: usize, length: usize) -> bool {
    let is_inside = |all: &[u8], from: usize| from <= all.len() && length <= all.len() - from;
    if !is_inside(bytes, at) || !is_inside(other, from) {
        return false;
    }
    // SAFETY: both have `length` bytes from there on.
    unsafe { is_same_unchecked(bytes.as_ptr().add(at), other.as_ptr().add(from), length) }
}

/// # Safety
///
/// `length` bytes can be read from both.
#[inline(always)]
unsafe fn is_same_unchecked(a: *const u8, b: *const u8, length: usize) -> bool {
    // SAFETY, of all that follows: `place` stays below the length by at least what is read.
    let eight = |place: usize| unsafe {
        a.add(place).cast::<u64>().read_unaligned() == b.add(place).cast::<u64>().read_unaligned()
    };
    let four = |place: usize| unsafe {
        a.add(place).cast::<u32>().read_unaligned() == b.add(place).cast::<u32>().read_unaligned()
    };
    let one = |place: usize| unsafe { *a.add(place) == *b.add(place) };
    if length >= 8 {
        let mut place = 0;
        while place + 8 < length {
            if !eight(place) {
                return false;
            }
            place += 8;
        }
        // The last eight overlap with those before.
        return eight(length - 8);
    }
    if length >= 4 {
        return four(0) && four(length - 4);
    }
    // Of one to three bytes these are all.
    length == 0 || (one(0) && one(length / 2) && one(length - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_never_reaches_past_the_end() {
        let bytes: Vec<u8> = (1..=12).collect();
        assert_eq!(eight(&bytes, 4), Some(0x0c0b_0a09_0807_0605));
        for (at, length) in [(5, 12), (usize::MAX, 12), (0, 7)] {
            assert_eq!(eight(&bytes[..length], at), None);
        }
        assert!(!is_same(&bytes, 9, &bytes, 9, 4));
        assert!(!is_same(&bytes, usize::MAX, &bytes, 0, 1));
        assert!(!is_same(&bytes, 0, &bytes, 0, usize::MAX));
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
