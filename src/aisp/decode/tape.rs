//! The tape: what the decoder writes for JavaScript to build objects from, one u32 for each field.
//!
//! A record is a run of slots, one for each field of its model, then `extra`, then `key`. A slot is 0 where there is
//! nothing. For an object it holds the place of its record on the tape, for a list the place of the list's length,
//! which the elements' slots follow; for a flag 1 or 2. For a text its two top bits say where the text lies:
//!
//! | top bits | the text lies in | the other bits |
//! | --- | --- | --- |
//! | 0, 1 | the chunk's text, one byte a character | offset (16 bits), length (14 bits) |
//! | 2 | the chunk's wide text, UTF-16 | the same, in units of two bytes |
//! | 3 | the words of the open enums, then the table of texts | a number |
//!
//! The texts of the rows are copied out of the body, unescaped, one behind the other wherever they fit into Latin-1: the
//! engine keeps them as one byte a character, and names of fields don't stay in memory with them. A chunk is a run of whole
//! rows with up to 64 KB of such text, so that one kept string doesn't hold all of it.
//!
//! The tape begins with a header of [`HEADER`] words: rows, place of the chunks, their number, place of the texts' table,
//! its length. A chunk takes [`CHUNK`] words: begin and end of its text, place of the list of its rows' records, their
//! number, begin and end of its wide text in the auxiliary buffer, begin and end of its keys there. A text of the table takes
//! [`TEXT`] words: where it lies ([`Source`]), its begin in bytes, its length.

use super::super::schema::MAX_WORDS;
use super::load;

/// Words in the header.
pub const HEADER: usize = 5;
/// Words of a chunk.
pub const CHUNK: usize = 8;
/// Words of a text of the table.
pub const TEXT: usize = 3;

/// The top bits of a text's slot.
pub(super) const WIDE: u32 = 2 << 30;
pub(super) const TABLE: u32 = 3 << 30;
const LENGTH_BITS: u32 = 14;
const OFFSETS: usize = 1 << 16;
const LENGTHS: usize = 1 << LENGTH_BITS;

/// How far the texts of a chunk may reach.
const CHUNK_REACH: usize = OFFSETS + LENGTHS;

/// Where a text of the table lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Source {
    /// Among the texts, one byte a character.
    Narrow = 0,
    /// In the auxiliary buffer, UTF-16.
    Wide = 1,
    /// In the auxiliary buffer, UTF-16 with lone surrogates, which a `TextDecoder` would replace.
    Broken = 2,
}

/// Returns the slot of a text at this offset of its chunk, if offset and length fit into one word.
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
pub enum TextRef {
    /// In the chunk's text, from this offset on, so many bytes.
    Chunk {
        /// Where it begins.
        offset: usize,
        /// How many bytes it takes.
        length: usize,
    },
    /// In the chunk's wide text; both are counted in units of two bytes.
    Wide {
        /// Where it begins.
        offset: usize,
        /// How many units it takes.
        length: usize,
    },
    /// A word of an open enum, or a text of the table.
    Table(usize),
}

impl TextRef {
    /// Reads the slot of a text.
    #[inline(always)]
    pub const fn of(slot: u32) -> TextRef {
        let rest = slot & !TABLE;
        let offset = (rest >> LENGTH_BITS) as usize;
        let length = rest as usize & (LENGTHS - 1);
        match slot & TABLE {
            WIDE => TextRef::Wide { offset, length },
            TABLE => TextRef::Table(rest as usize),
            _ => TextRef::Chunk { offset, length },
        }
    }
}

/// The tape while it is written, and the texts beside it.
#[derive(Debug)]
pub(super) struct Tape {
    /// Zeros from `used` on, so that a record needs no clearing.
    words: Vec<u32>,
    used: usize,
    /// The texts of all chunks.
    pub text: Vec<u8>,
    pub aux: Vec<u8>,
    /// Wide text of the present chunk.
    pub wide: Vec<u16>,
    /// Where the present chunk's text begins.
    begin: usize,
    /// The records of the present chunk's rows.
    rows: Vec<u32>,
    chunks: Vec<[u32; CHUNK]>,
    table: Vec<[u32; TEXT]>,
    /// How many words the open enums take before the table.
    words_known: usize,
    row_count: usize,
    /// Where the present row's texts begin, and how much the row before had of them.
    row_begin: (usize, usize),
    row_length: usize,
}

/// What a decoder leaves behind.
#[derive(Debug)]
pub(super) struct Closed {
    pub words: Vec<u32>,
    pub text: Vec<u8>,
    pub aux: Vec<u8>,
    pub rows: usize,
}

impl Tape {
    pub(super) fn new(body_length: usize, enums: usize) -> Tape {
        let mut text = Vec::with_capacity(body_length / 2 + 64);
        // No text lies at the very beginning of a chunk: the slot of an empty one would be 0.
        text.push(b' ');
        Tape {
            // What rows of the common sort need; more is made room for on the way.
            words: vec![0; body_length / 10 + 256],
            used: HEADER,
            text,
            aux: Vec::new(),
            wide: Vec::new(),
            begin: 0,
            rows: Vec::new(),
            chunks: Vec::new(),
            table: Vec::new(),
            words_known: enums * MAX_WORDS,
            row_count: 0,
            row_begin: (0, 0),
            row_length: 0,
        }
    }

    /// Makes room for a record, all of it 0.
    #[inline(always)]
    pub(super) fn record(&mut self, slots: usize) -> usize {
        let base = self.used;
        self.used += slots;
        if self.used > self.words.len() {
            self.grow();
        }
        base
    }

    #[inline(never)]
    fn grow(&mut self) {
        let mut words = vec![0; self.used + self.used / 2];
        if let Some(begin) = words.get_mut(..self.words.len()) {
            begin.copy_from_slice(&self.words);
        }
        self.words = words;
    }

    #[inline(always)]
    pub(super) fn set(&mut self, base: usize, slot: usize, value: u32) {
        if let Some(word) = self.words.get_mut(base + slot) {
            *word = value;
        }
    }

    /// Writes a list and gives its place.
    pub(super) fn list(&mut self, elements: &[u32]) -> u32 {
        let place = self.record(elements.len() + 1);
        self.set(place, 0, elements.len() as u32);
        for (index, element) in elements.iter().enumerate() {
            self.set(place, index + 1, *element);
        }
        place as u32
    }

    /// Opens a row; closes the chunk first where the row hardly fits into it.
    pub(super) fn open_row(&mut self) {
        let taken = (self.text.len() - self.begin).max(self.wide.len());
        if taken + self.row_length + self.row_length / 2 > OFFSETS && !self.rows.is_empty() {
            self.close_chunk();
        }
        if self.rows.is_empty() {
            self.begin = self.text.len().saturating_sub(1);
        }
        self.row_begin = (self.text.len(), self.wide.len());
    }

    pub(super) fn close_row(&mut self, base: usize) {
        self.rows.push(base as u32);
        self.row_count += 1;
        let (text, wide) = self.row_begin;
        self.row_length = (self.text.len() - text).max(self.wide.len() - wide);
    }

    /// Forgets all rows: a later list of the same name takes their place.
    pub(super) fn forget_rows(&mut self) {
        self.rows.clear();
        self.chunks.clear();
        self.wide.clear();
        self.row_count = 0;
    }

    /// Takes over a plain text of the body.
    #[inline(always)]
    pub(super) fn keep_at_once(&mut self, bytes: &[u8], start: usize, length: usize) -> u32 {
        let place = self.text.len();
        load::append(&mut self.text, bytes, start, length);
        self.slot_of(place, length)
    }

    /// The same, as a call: for where it is needed less often.
    #[inline(never)]
    pub(super) fn keep(&mut self, bytes: &[u8], start: usize, length: usize) -> u32 {
        self.keep_at_once(bytes, start, length)
    }

    /// The slot of what was added to the texts.
    #[inline(always)]
    pub(super) fn slot_of(&mut self, place: usize, length: usize) -> u32 {
        match slot(place.wrapping_sub(self.begin), length) {
            Some(slot) => slot,
            None => self.table_text(Source::Narrow, place, length),
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
                self.aux.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
                self.wide.truncate(start);
                self.table_text(if is_broken { Source::Broken } else { Source::Wide }, place, length * 2)
            }
        }
    }

    /// Adds a text to the table.
    #[inline(never)]
    pub(super) fn table_text(&mut self, source: Source, start: usize, length: usize) -> u32 {
        let number = self.words_known + self.table.len();
        self.table.push([source as u32, start as u32, length as u32]);
        TABLE | number as u32
    }

    /// Ends the present chunk.
    fn close_chunk(&mut self) {
        let end = self.text.len().min(self.begin + CHUNK_REACH);
        let rows = std::mem::take(&mut self.rows);
        let place = self.list(&rows) + 1;
        let wide = self.align_side();
        self.aux.extend(self.wide.iter().flat_map(|unit| unit.to_le_bytes()));
        let wide_end = self.aux.len();
        self.wide.clear();
        let chunk = [self.begin, end, place as usize, rows.len(), wide, wide_end, 0, 0];
        self.chunks.push(chunk.map(|word| word as u32));
        self.rows = rows;
        self.rows.clear();
    }

    /// Ends the tape: the tables go behind the records, and the header has their places.
    pub(super) fn close(mut self) -> Closed {
        if !self.rows.is_empty() {
            self.close_chunk();
        }
        self.words.truncate(self.used);
        let chunks = self.words.len();
        self.words.extend(self.chunks.iter().flatten());
        let table = self.words.len();
        self.words.extend(self.table.iter().flatten());
        let header = [self.row_count, chunks, self.chunks.len(), table, self.table.len()];
        for (word, value) in self.words.iter_mut().zip(header) {
            *word = value as u32;
        }
        Closed { words: self.words, text: self.text, aux: self.aux, rows: self.row_count }
    }

    fn align_side(&mut self) -> usize {
        if self.aux.len() % 2 == 1 {
            self.aux.push(0);
        }
        self.aux.len()
    }
}
