//! The tape: what the decoder writes for JavaScript to build objects from, one u32 for each field.
//!
//! A record is a run of slots, one for each field of its model, then `extra`, then `key`. A slot is 0 where there is
//! nothing. For an object it holds the place of its record on the tape, for a list the place of the list's length,
//! which the elements' slots follow; for a flag 1 or 2. For a text its two top bits tell where the text lies:
//!
//! | top bits | the text lies in | the other bits |
//! | --- | --- | --- |
//! | 0 | the chunk of the body, one byte a character | offset (16 bits), length (14 bits) |
//! | 1 | the chunk's narrow text, one byte a character | the same |
//! | 2 | the chunk's wide text, UTF-16 | the same, in units of two bytes |
//! | 3 | the words of the open enums, then the table of texts | a number |
//!
//! A chunk is a run of whole rows, of up to 64 KB of the body, so that one kept string doesn't hold all the body. The
//! text in it has been unescaped in place wherever it fits into Latin-1, and `?` written over what doesn't, so that the
//! engine can keep the chunk as one byte a character.
//!
//! The tape begins with a header of [`HEADER`] words: rows, place of the chunks, their number, place of the texts' table,
//! its length. A chunk takes [`CHUNK`] words: begin and end in the body, place of the list of its rows' records, their
//! number, begin and end of its narrow text in the side buffer, begin and end of its wide text there, begin and end of its
//! keys there. A text of the table takes [`TEXT`] words: where it lies ([`Source`]), its begin in bytes, its length.

use super::super::schema::{MAX_FIELDS, MAX_WORDS};

/// Words in the header.
pub const HEADER: usize = 5;
/// Words of a chunk.
pub const CHUNK: usize = 10;
/// Words of a text of the table.
pub const TEXT: usize = 3;

/// The top bits of a text's slot.
pub(super) const NARROW: u32 = 1 << 30;
pub(super) const WIDE: u32 = 2 << 30;
pub(super) const TABLE: u32 = 3 << 30;
const LENGTH_BITS: u32 = 14;
const OFFSETS: usize = 1 << 16;
const LENGTHS: usize = 1 << LENGTH_BITS;

/// How much of the body a chunk takes at most, unless a single row is longer.
pub(super) const CHUNK_BYTES: usize = OFFSETS;
/// How far into the body the texts of a chunk may reach.
const CHUNK_REACH: usize = OFFSETS + LENGTHS;

/// An empty record: copied, as `resize` writes word by word where the crate is compiled for size.
static EMPTY: [u32; MAX_FIELDS] = [0; MAX_FIELDS];

/// Where a text of the table lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Source {
    /// In the body, one byte a character.
    Body = 0,
    /// In the side buffer, one byte a character.
    Narrow = 1,
    /// In the side buffer, UTF-16.
    Wide = 2,
    /// In the side buffer, UTF-16 with lone surrogates, which a `TextDecoder` would replace.
    Broken = 3,
}

/// The slot of a text at this offset of its chunk, where it can be told in one word.
#[inline(always)]
pub(super) const fn slot(offset: usize, length: usize) -> Option<u32> {
    if offset < OFFSETS && length < LENGTHS {
        Some((offset as u32) << LENGTH_BITS | length as u32)
    } else {
        None
    }
}

/// The slot of a known word of an open enum.
#[inline(always)]
pub(super) const fn word_slot(enum_id: usize, word: usize) -> u32 {
    TABLE | (enum_id * MAX_WORDS + word) as u32
}

/// What a text's slot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Chunk { offset: usize, length: usize },
    Narrow { offset: usize, length: usize },
    Wide { offset: usize, length: usize },
    Table(usize),
}

impl Spot {
    pub(super) const fn of(slot: u32) -> Spot {
        let rest = slot & !TABLE;
        let offset = (rest >> LENGTH_BITS) as usize;
        let length = rest as usize & (LENGTHS - 1);
        match slot & TABLE {
            0 => Spot::Chunk { offset, length },
            NARROW => Spot::Narrow { offset, length },
            WIDE => Spot::Wide { offset, length },
            _ => Spot::Table(rest as usize),
        }
    }
}

/// The tape while it is written, and the texts beside it.
#[derive(Debug)]
pub(super) struct Tape {
    pub words: Vec<u32>,
    pub side: Vec<u8>,
    /// Narrow text of the present chunk.
    pub narrow: Vec<u8>,
    /// Wide text of the present chunk.
    pub wide: Vec<u16>,
    /// Where the present chunk begins in the body.
    pub begin: usize,
    /// The records of the present chunk's rows.
    rows: Vec<u32>,
    chunks: Vec<[u32; CHUNK]>,
    table: Vec<[u32; TEXT]>,
    /// How many words the open enums take before the table.
    words_known: usize,
    row_count: usize,
    row_begin: usize,
    row_length: usize,
}

impl Tape {
    pub(super) fn new(body_length: usize, enums: usize) -> Tape {
        let mut words = Vec::with_capacity(body_length / 9 + 64);
        words.resize(HEADER, 0);
        Tape {
            words,
            side: Vec::new(),
            narrow: Vec::new(),
            wide: Vec::new(),
            begin: 0,
            rows: Vec::new(),
            chunks: Vec::new(),
            table: Vec::new(),
            words_known: enums * MAX_WORDS,
            row_count: 0,
            row_begin: 0,
            row_length: 0,
        }
    }

    /// Makes room for a record, all of it 0.
    #[inline(always)]
    pub(super) fn record(&mut self, slots: usize) -> usize {
        let base = self.words.len();
        self.words.extend_from_slice(EMPTY.get(..slots).unwrap_or_default());
        base
    }

    #[inline(always)]
    pub(super) fn set(&mut self, base: usize, slot: usize, value: u32) {
        if let Some(word) = self.words.get_mut(base + slot) {
            *word = value;
        }
    }

    /// Writes a list and gives its place.
    pub(super) fn list(&mut self, elements: &[u32]) -> u32 {
        let place = self.words.len() as u32;
        self.words.push(elements.len() as u32);
        self.words.extend_from_slice(elements);
        place
    }

    /// Opens a row that begins at this byte of the body; closes the chunk first where the row hardly fits into it.
    pub(super) fn open_row(&mut self, at: usize) {
        if at + self.row_length + self.row_length / 2 > self.begin + CHUNK_BYTES && !self.rows.is_empty() {
            self.close_chunk(at);
        }
        if self.rows.is_empty() {
            self.begin = at;
        }
        self.row_begin = at;
    }

    pub(super) fn close_row(&mut self, base: usize, at: usize) {
        self.rows.push(base as u32);
        self.row_count += 1;
        self.row_length = at - self.row_begin;
    }

    /// Forgets all rows: a later list of the same name takes their place.
    pub(super) fn forget_rows(&mut self) {
        self.rows.clear();
        self.chunks.clear();
        self.narrow.clear();
        self.wide.clear();
        self.row_count = 0;
    }

    /// The slot of a text that lies in the body.
    #[inline(always)]
    pub(super) fn body_text(&mut self, start: usize, length: usize) -> u32 {
        match slot(start.wrapping_sub(self.begin), length) {
            Some(slot) => slot,
            None => self.table_text(Source::Body, start, length),
        }
    }

    /// Takes over a narrow text.
    pub(super) fn narrow_text(&mut self, text: &[u8]) -> u32 {
        match slot(self.narrow.len(), text.len()) {
            Some(slot) => {
                self.narrow.extend_from_slice(text);
                NARROW | slot
            }
            None => {
                let start = self.side.len();
                self.side.extend_from_slice(text);
                self.table_text(Source::Narrow, start, text.len())
            }
        }
    }

    /// Takes over the wide text that was written at the end of `wide`, from `start` on.
    pub(super) fn wide_text(&mut self, start: usize, is_broken: bool) -> u32 {
        let length = self.wide.len() - start;
        match slot(start, length) {
            Some(slot) if !is_broken => WIDE | slot,
            _ => {
                let place = self.align_side();
                let units = self.wide.get(start..).unwrap_or_default();
                self.side.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
                self.wide.truncate(start);
                self.table_text(if is_broken { Source::Broken } else { Source::Wide }, place, length * 2)
            }
        }
    }

    /// Adds a text to the table.
    pub(super) fn table_text(&mut self, source: Source, start: usize, length: usize) -> u32 {
        let number = self.words_known + self.table.len();
        self.table.push([source as u32, start as u32, length as u32]);
        TABLE | number as u32
    }

    /// Ends the present chunk, of which the last row ended before `at`.
    pub(super) fn close_chunk(&mut self, at: usize) {
        let end = at.min(self.begin + CHUNK_REACH);
        let rows = std::mem::take(&mut self.rows);
        let place = self.list(&rows) + 1;
        let narrow = self.side.len();
        self.side.extend_from_slice(&self.narrow);
        let narrow_end = self.side.len();
        let wide = self.align_side();
        self.side.extend(self.wide.iter().flat_map(|unit| unit.to_le_bytes()));
        let wide_end = self.side.len();
        self.narrow.clear();
        self.wide.clear();
        let chunk = [self.begin, end, place as usize, rows.len(), narrow, narrow_end, wide, wide_end, 0, 0];
        self.chunks.push(chunk.map(|word| word as u32));
        self.rows = rows;
        self.rows.clear();
    }

    /// Ends the tape: the tables go behind the records, and the header tells where.
    pub(super) fn close(mut self, at: usize) -> (Vec<u32>, Vec<u8>, usize) {
        if !self.rows.is_empty() {
            self.close_chunk(at);
        }
        let chunks = self.words.len();
        self.words.extend(self.chunks.iter().flatten());
        let table = self.words.len();
        self.words.extend(self.table.iter().flatten());
        let header = [self.row_count, chunks, self.chunks.len(), table, self.table.len()];
        for (word, value) in self.words.iter_mut().zip(header) {
            *word = value as u32;
        }
        (self.words, self.side, self.row_count)
    }

    fn align_side(&mut self) -> usize {
        if self.side.len() % 2 == 1 {
            self.side.push(0);
        }
        self.side.len()
    }
}
