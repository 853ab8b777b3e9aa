//! What the decoder learned from the rows before: the order of the keys, and the texts that come again.

use super::super::schema::MAX_FIELDS;
use super::scan::Bytes;

/// Texts up to this length are shared among rows.
pub(super) const SHARED_LENGTH: usize = 40;
const BUCKETS: usize = 1024;

/// What was learned, by model and field.
#[derive(Debug)]
pub(super) struct Memory {
    /// The field that came after this one.
    next: Vec<u8>,
    /// What a field held in the row before.
    last: Vec<Known>,
    /// Shared texts, by a hash of theirs.
    buckets: Vec<Known>,
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

impl Memory {
    pub(super) fn new(models: usize) -> Memory {
        // At first each field is expected after the one that the model lists before it.
        let follow = (0..models * MAX_FIELDS).map(|place| ((place + 1) % MAX_FIELDS) as u8);
        Memory {
            next: follow.collect(),
            last: vec![Known::default(); models * MAX_FIELDS],
            buckets: Vec::new(),
        }
    }

    #[inline(always)]
    pub(super) fn expected(&self, model: usize, previous: usize) -> usize {
        self.next.get(model * MAX_FIELDS + previous).map_or(0, |field| usize::from(*field))
    }

    pub(super) fn learn(&mut self, model: usize, previous: usize, field: usize) {
        if let Some(next) = self.next.get_mut(model * MAX_FIELDS + previous) {
            *next = field as u8;
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
