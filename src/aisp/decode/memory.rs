//! What the decoder learned from the rows before: the order of the keys, and the texts that come again.

use super::super::schema::MAX_FIELDS;
use super::scan::Bytes;

/// Texts up to this length are shared among rows.
pub(super) const SHARED_LENGTH: usize = 40;
const BUCKETS: usize = 1024;

/// What was learned, by model and field.
#[derive(Debug)]
pub(super) struct Memory {
    /// What came after this field.
    gaps: Vec<Gap>,
    /// What a field held in the row before.
    last: Vec<Known>,
    /// Shared texts, by a hash of theirs.
    buckets: Vec<Known>,
}

/// What lay between a field's value and the next one: comma, white space, name and colon, all in one. The rows of a body
/// are written alike, so that one comparison mostly does for all of them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gap {
    pub start: u32,
    /// 0 where none is known.
    pub length: u32,
    /// The field that came next.
    pub next: u32,
}

/// A text of the body that already has a slot. None, where its slot is 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub start: u32,
    pub length: u32,
    pub slot: u32,
}

/// What stands for the field before the first.
pub(super) const BEGIN: usize = MAX_FIELDS - 1;
/// What stands for unknown fields at the beginning of an object.
pub(super) const UNKNOWN: usize = MAX_FIELDS - 2;

impl Memory {
    pub(super) fn new(models: usize) -> Memory {
        let places = models * MAX_FIELDS;
        Memory {
            gaps: vec![Gap::default(); places],
            last: vec![Known::default(); places],
            buckets: Vec::new(),
        }
    }

    #[inline(always)]
    pub(super) fn gap(&self, model: usize, previous: usize) -> Gap {
        self.gaps.get(model * MAX_FIELDS + previous).copied().unwrap_or_default()
    }

    pub(super) fn keep_gap(&mut self, model: usize, previous: usize, gap: Gap) {
        if let Some(kept) = self.gaps.get_mut(model * MAX_FIELDS + previous) {
            *kept = gap;
        }
    }

    #[inline(always)]
    pub(super) fn last(&self, model: usize, field: usize) -> Known {
        self.last.get(model * MAX_FIELDS + field).copied().unwrap_or_default()
    }

    pub(super) fn keep_last(&mut self, model: usize, field: usize, known: Known) {
        if let Some(last) = self.last.get_mut(model * MAX_FIELDS + field) {
            *last = known;
        }
    }

    /// The slot of a text that was seen before, else the one that `make` gives it.
    pub(super) fn share(
        &mut self,
        bytes: &Bytes,
        start: usize,
        length: usize,
        make: impl FnOnce() -> u32,
    ) -> u32 {
        if self.buckets.is_empty() {
            self.buckets.resize(BUCKETS, Known::default());
        }
        let mut hash = 0u32;
        let mut at = start;
        while at < start + length {
            hash = (hash ^ u32::from(bytes.byte(at))).wrapping_mul(0x0100_0193);
            at += 1;
        }
        let bucket = (hash ^ hash >> 15) as usize % BUCKETS;
        let Some(known) = self.buckets.get_mut(bucket) else {
            return make();
        };
        if known.slot != 0
            && known.length as usize == length
            && bytes.repeats(start, known.start as usize, length)
        {
            return known.slot;
        }
        *known = Known { start: start as u32, length: length as u32, slot: make() };
        known.slot
    }
}
