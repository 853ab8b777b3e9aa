//! What the decoder learned from the rows before: the order of the keys, and the texts that come again.

use super::super::schema::MAX_FIELDS;
use super::cursor::Cursor;
use super::load;

/// Texts up to this length are shared among rows.
pub(super) const SHARED_LENGTH: usize = 40;
const BUCKETS: usize = 1024;

/// What was learned, by model and field. Kept as plain numbers: lists of zeros come from the allocator as they are.
#[derive(Debug)]
pub(super) struct RowCache {
    /// What came after this field.
    key_prefixes: Vec<[u32; 4]>,
    /// What a field held in the row before.
    last: Vec<[u32; 4]>,
    /// Shared texts, by a hash of theirs.
    buckets: Vec<[u32; 4]>,
}

/// What lay between a field's value and the next one: comma, white space, name and colon, all in one. The rows of a body
/// are written alike, so that one comparison mostly does for all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyPrefix {
    pub start: u32,
    /// 0 where none is known.
    pub length: u32,
    /// The field that came next.
    pub next: u32,
}

/// A text of the body, as it is, that already has a slot. None, where its slot is 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct InternedText {
    pub start: u32,
    pub length: u32,
    pub slot: u32,
}

/// What stands for the field before the first.
pub(super) const BEGIN: usize = MAX_FIELDS - 1;
/// What stands for unknown fields at the beginning of an object.
pub(super) const UNKNOWN: usize = MAX_FIELDS - 2;

impl RowCache {
    pub(super) fn new(models: usize) -> RowCache {
        let places = models * MAX_FIELDS;
        RowCache { key_prefixes: vec![[0; 4]; places], last: vec![[0; 4]; places], buckets: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn key_prefix(&self, model: usize, previous: usize) -> KeyPrefix {
        let [start, length, next, _] =
            self.key_prefixes.get(model * MAX_FIELDS + previous).copied().unwrap_or_default();
        KeyPrefix { start, length, next }
    }

    pub(super) fn keep_key_prefix(&mut self, model: usize, previous: usize, key_prefix: KeyPrefix) {
        if let Some(kept) = self.key_prefixes.get_mut(model * MAX_FIELDS + previous) {
            *kept = [key_prefix.start, key_prefix.length, key_prefix.next, 0];
        }
    }

    #[inline(always)]
    pub(super) fn last(&self, model: usize, field: usize) -> InternedText {
        let [start, length, slot, _] = self.last.get(model * MAX_FIELDS + field).copied().unwrap_or_default();
        InternedText { start, length, slot }
    }

    pub(super) fn keep_last(&mut self, model: usize, field: usize, known: InternedText) {
        if let Some(last) = self.last.get_mut(model * MAX_FIELDS + field) {
            *last = [known.start, known.length, known.slot, 0];
        }
    }

    /// A text that was seen before as one of its class.
    #[inline(always)]
    pub(super) fn shared(
        &self,
        bytes: &Cursor,
        class: u32,
        start: usize,
        length: usize,
    ) -> Option<InternedText> {
        let [of, from, long, slot] = self.buckets.get(bucket(bytes, class, start, length)?).copied()?;
        let is_known = slot != 0
            && of == class
            && long as usize == length
            && bytes.repeats(start, from as usize, length);
        is_known.then_some(InternedText { start: from, length: long, slot })
    }

    /// Remembers a text for the rows to come.
    #[inline(never)]
    pub(super) fn share(&mut self, bytes: &Cursor, class: u32, known: InternedText) {
        if self.buckets.is_empty() {
            self.buckets = vec![[0; 4]; BUCKETS];
        }
        let place = bucket(bytes, class, known.start as usize, known.length as usize);
        if let Some(shared) = place.and_then(|place| self.buckets.get_mut(place)) {
            *shared = [class, known.start, known.length, known.slot];
        }
    }
}

/// Where a text is to be looked for. `None` for one that isn't shared: it is long, or at the body's end.
#[inline(never)]
fn bucket(bytes: &Cursor, class: u32, start: usize, length: usize) -> Option<usize> {
    if length > SHARED_LENGTH {
        return None;
    }
    let mut hash = u64::from(class) << 8 | length as u64;
    let mut at = 0;
    while at < length {
        let word = load::eight(&bytes.all, start + at)?;
        // Of the last word only the bytes that are the text's.
        let word = if length - at < 8 { word << (8 * (8 - (length - at))) } else { word };
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        at += 8;
    }
    Some((hash >> 40) as usize % BUCKETS)
}
