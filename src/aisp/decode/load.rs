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

/// Adds so many bytes of `from`, beginning at `start`, to the end of `to`. Where `from` has fewer, nothing.
#[inline(always)]
pub(super) fn append(to: &mut Vec<u8>, from: &[u8], start: usize, length: usize) {
    let place = to.len();
    // The last load and the last store may reach seven bytes past the text.
    let Some(room) = to.capacity().checked_sub(place + 8) else {
        return append_exactly(to, from, start, length);
    };
    if from.len() < 8 || start > from.len() - 8 || length > from.len() - 8 - start || length > room {
        return append_exactly(to, from, start, length);
    }
    let mut at = 0;
    while at < length {
        // SAFETY: `at < length`, so that `start + at + 8 <= from.len()` and `place + at + 8 <= to.capacity()`.
        unsafe {
            let word = from.as_ptr().add(start + at).cast::<u64>().read_unaligned();
            to.as_mut_ptr().add(place + at).cast::<u64>().write_unaligned(word);
        }
        at += 8;
    }
    // SAFETY: `length` bytes were written behind the `place` that there were, within the capacity.
    unsafe { to.set_len(place + length) };
}

#[inline(never)]
fn append_exactly(to: &mut Vec<u8>, from: &[u8], start: usize, length: usize) {
    let text = start.checked_add(length).and_then(|end| from.get(start..end)).unwrap_or_default();
    to.reserve(text.len() + 8);
    to.extend_from_slice(text);
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
    fn texts_of_any_length_are_added_whole() {
        let text: Vec<u8> = (0..40).collect();
        for start in 0..40 {
            for length in 0..=40 {
                let mut all = vec![7; 3];
                append(&mut all, &text, start, length);
                append(&mut all, &text, start, length);
                let part = text.get(start..start + length).unwrap_or_default();
                assert_eq!(all, [&[7; 3], part, part].concat(), "{length} from {start}");
            }
        }
        let mut all = Vec::new();
        append(&mut all, &text, 1, usize::MAX);
        append(&mut all, &text, usize::MAX, 1);
        assert!(all.is_empty());
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
