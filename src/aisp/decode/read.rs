//! Reads objects by the tables of their models, in one pass.

use super::super::schema::{Field, Kind, Model, OpenEnum, Shape};
use super::check;
use super::cursor::{Broken, Cursor, same};
use super::decimal;
use super::error::{DecodeError, Drift, Fault, Found, expect};
use super::json_path::JsonPath;
use super::row_cache::{BEGIN, InternedText, KeyPrefix, RowCache, SHARED_LENGTH, UNKNOWN};
use super::tape::{Source, Tape, word_slot};
use super::text::{self, Text};

/// Why reading stopped. After a fault of contract the place is behind the value at fault, so that reading can go on
/// where a later field of the same name takes its place.
pub(super) type Stop = Box<DecodeError>;

/// The decoder at work on one body.
#[derive(Debug)]
pub(super) struct Reader {
    pub bytes: Cursor,
    pub tape: Tape,
    pub path: JsonPath,
    pub drift: Vec<Drift>,
    row_cache: RowCache,
    /// How many objects and lists are open.
    pub depth: u32,
    /// Slots of the elements of the lists that are open.
    elements: Vec<u32>,
    /// Unknown fields of the objects that are open, as JSON: `,"name":value` each.
    extra: Vec<u8>,
    /// Unknown fields found inside objects that keep none themselves.
    inner_extra: Vec<InnerExtra>,
}

/// What comes next in an object.
enum Name {
    /// Its end.
    End,
    /// The value of a known field.
    Known(usize, &'static Field),
    /// What follows an unknown field.
    Unknown,
}

/// Longer white space between fields isn't learned.
const MAX_GAP: usize = 256;

/// The fields of an object that were read, a bit each.
#[derive(Debug, Default)]
struct Seen {
    present: u64,
    /// Those that were `null`, at least once.
    nulls: u64,
}

#[derive(Debug)]
struct InnerExtra {
    /// The depth of the object that is to keep it.
    depth: u32,
    name: &'static str,
    members: Vec<u8>,
}

impl Reader {
    pub(super) fn new(body: Vec<u8>, models: usize, enums: usize) -> Reader {
        let tape = Tape::new(body.len(), enums);
        Reader {
            bytes: Cursor::new(body),
            tape,
            path: JsonPath::default(),
            drift: Vec::new(),
            row_cache: RowCache::new(models),
            depth: 0,
            elements: Vec::new(),
            extra: Vec::new(),
            inner_extra: Vec::new(),
        }
    }

    /// Reads a list of rows, each with its record.
    pub(super) fn rows(&mut self, name: &'static str, model: &'static Model) -> Result<(), Stop> {
        self.tape.forget_rows();
        self.path.enter_list(name);
        let result = match Found::starting_with(self.bytes.now()) {
            Found::Array => self.each(|reader| reader.row(model)),
            _ => self.row(model),
        };
        self.path.leave();
        result
    }

    /// Reads one row.
    pub(super) fn row(&mut self, model: &'static Model) -> Result<(), Stop> {
        if self.bytes.now() != b'{' {
            return self.field_error("", expect::OBJECT);
        }
        self.tape.open_row();
        let base = self.tape.record(model.slots());
        self.object(model, base)?;
        self.tape.close_row(base);
        Ok(())
    }

    /// Reads a list; the place is at its bracket.
    fn each(&mut self, mut element: impl FnMut(&mut Reader) -> Result<(), Stop>) -> Result<(), Stop> {
        self.deeper()?;
        self.bytes.at += 1;
        self.bytes.space();
        if self.bytes.now() == b']' {
            self.bytes.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        let mut stop = None;
        loop {
            if stop.is_some() {
                self.skip()?;
            } else if let Err(error) = element(self) {
                stop = Some(only_contract(error)?);
            }
            match self.bytes.comma_or(b']', expect::COMMA_OR_BRACKET) {
                Ok(true) => break,
                Ok(false) => self.path.next(),
                Err(broken) => return Err(self.broken(broken)),
            }
        }
        self.depth -= 1;
        stop.map_or(Ok(()), Err)
    }

    /// Reads an object into a record; the place is at its brace.
    fn object(&mut self, model: &'static Model, base: usize) -> Result<(), Stop> {
        self.deeper()?;
        let marks = (self.extra.len(), self.inner_extra.len());
        self.bytes.at += 1;
        let mut seen = Seen::default();
        self.members(model, base, &mut seen)?;
        self.depth -= 1;
        let missing = model.required & !seen.present;
        if missing != 0 {
            return self.missing(model, missing, seen.nulls);
        }
        if self.extra.len() > marks.0 || self.inner_extra.len() > marks.1 {
            self.keep_extra(model, base, marks);
        }
        Ok(())
    }

    /// Reads the members of an object and its end; the place is behind its brace.
    ///
    /// The place stays in a local variable between calls: in memory, each step would wait for the one before.
    fn members(&mut self, model: &'static Model, base: usize, seen: &mut Seen) -> Result<(), Stop> {
        let mut at = self.bytes.at;
        let mut previous = BEGIN;
        loop {
            let key_prefix = self.row_cache.key_prefix(model.id, previous);
            let index;
            let field;
            match model.fields.get(key_prefix.next as usize) {
                Some(next)
                    if key_prefix.length > 0
                        && self.bytes.repeats(at, key_prefix.start as usize, key_prefix.length as usize) =>
                {
                    at += key_prefix.length as usize;
                    (index, field) = (key_prefix.next as usize, next);
                }
                _ if self.bytes.byte(at) == b'}' => {
                    self.bytes.at = at + 1;
                    return Ok(());
                }
                _ => {
                    self.bytes.at = at;
                    let name = self.next_name(model, previous);
                    at = self.bytes.at;
                    match name? {
                        Name::End => return Ok(()),
                        Name::Known(known, next) => (index, field) = (known, next),
                        Name::Unknown => {
                            if previous == BEGIN {
                                previous = UNKNOWN;
                            }
                            continue;
                        }
                    }
                }
            }
            previous = index;
            let bit = 1u64 << index;
            if seen.present & bit != 0 {
                self.forget_inner_extra(field.wire);
            }
            let slot = match self.plain_value(model, index, field, at) {
                Some((slot, end)) => {
                    at = end;
                    slot
                }
                None => {
                    self.bytes.at = at;
                    let marks = (self.extra.len(), self.inner_extra.len());
                    let result = match field.kind {
                        Kind::Model(inner) if self.bytes.now() == b'{' => self.nested(field.wire, inner),
                        _ => self.careful_value(model, index, field),
                    };
                    let slot = match result {
                        Ok(slot) => slot,
                        Err(stop) => {
                            self.extra.truncate(marks.0);
                            self.inner_extra.truncate(marks.1);
                            self.recover(stop, field)?
                        }
                    };
                    at = self.bytes.at;
                    slot
                }
            };
            self.tape.set(base, index, slot);
            seen.present |= bit;
            if slot == 0 {
                seen.present &= !bit;
                seen.nulls |= bit;
            }
        }
    }

    /// Reads on from a value to the next: over the end of the object, or over comma, name and colon. An unknown field is
    /// read and kept.
    #[inline(never)]
    fn next_name(&mut self, model: &'static Model, previous: usize) -> Result<Name, Stop> {
        let start = self.bytes.at;
        self.bytes.space();
        if self.bytes.now() == b'}' {
            self.bytes.at += 1;
            return Ok(Name::End);
        }
        if previous != BEGIN {
            if self.bytes.now() != b',' {
                let broken = Broken { expected: expect::COMMA_OR_BRACE, at: self.bytes.at };
                return Err(self.broken(broken));
            }
            self.bytes.at += 1;
            self.bytes.space();
        }
        let begin = self.bytes.at;
        let Some((index, field)) = self.name(model)? else {
            self.unknown(begin)?;
            return Ok(Name::Unknown);
        };
        let value = self.bytes.at;
        if value - start < MAX_GAP {
            let key_prefix =
                KeyPrefix { start: start as u32, length: (value - start) as u32, next: index as u32 };
            self.row_cache.keep_key_prefix(model.id, previous, key_prefix);
        }
        Ok(Name::Known(index, field))
    }

    /// Reads a value that is plain: a text of ASCII without escapes, or one that was seen before. Gives its slot and its end.
    #[inline(always)]
    fn plain_value(
        &mut self,
        model: &'static Model,
        index: usize,
        field: &'static Field,
        at: usize,
    ) -> Option<(u32, usize)> {
        if self.bytes.byte(at) != b'"' {
            return match field.kind {
                Kind::Texts => self.one_text(at),
                _ => None,
            };
        }
        let start = at + 1;
        let end = match field.kind {
            Kind::Text | Kind::Id | Kind::Decimal => self.bytes.plain_end(start),
            Kind::Texts | Kind::Model(_) | Kind::Models(_) | Kind::Flag => return None,
            _ => {
                let last = self.row_cache.last(model.id, index);
                let length = last.length as usize;
                let is_again = length > 0
                    && self.bytes.byte(start + length) == b'"'
                    && self.bytes.repeats(start, last.start as usize, length);
                if is_again {
                    return Some((last.slot, start + length + 1));
                }
                return self.known_value(model, index, field, start);
            }
        };
        if self.bytes.byte(end) != b'"' {
            return None;
        }
        if matches!(field.kind, Kind::Decimal) && !check::is_decimal(self.bytes.range(start, end)) {
            return None;
        }
        Some((self.tape.keep_at_once(&self.bytes.all, start, end - start), end + 1))
    }

    /// Reads a list of one plain text: most lists of texts are that.
    #[inline(never)]
    fn one_text(&mut self, at: usize) -> Option<(u32, usize)> {
        if !self.bytes.has(at, b"[\"") {
            return None;
        }
        let start = at + 2;
        let end = self.bytes.end_of_plain(start);
        if !self.bytes.has(end, b"\"]") {
            return None;
        }
        let text = self.tape.keep(&self.bytes.all, start, end - start);
        Some((self.tape.list(&[text]), end + 2))
    }

    /// Reads a text that was seen before, though not in the row before: what was checked then needs no check.
    #[inline(never)]
    fn known_value(
        &mut self,
        model: &'static Model,
        index: usize,
        field: &'static Field,
        start: usize,
    ) -> Option<(u32, usize)> {
        let end = self.bytes.end_of_plain(start);
        let known = self.row_cache.shared(&self.bytes, class(field.kind), start, end - start)?;
        if self.bytes.byte(end) != b'"' {
            return None;
        }
        self.row_cache.keep_last(model.id, index, known);
        Some((known.slot, end + 1))
    }

    /// Reads any value of a known field.
    #[inline(never)]
    fn careful_value(
        &mut self,
        model: &'static Model,
        index: usize,
        field: &'static Field,
    ) -> Result<u32, Stop> {
        // There may be more of it than in the row that the prefix comes from.
        self.bytes.space();
        self.value(model, index, field)
    }

    /// Reads a field's name and the colon after it. `None` where the model doesn't know it.
    pub(super) fn name(&mut self, model: &'static Model) -> Result<Option<(usize, &'static Field)>, Stop> {
        if self.bytes.now() != b'"' {
            let broken = Broken { expected: expect::NAME, at: self.bytes.at };
            return Err(self.broken(broken));
        }
        let start = self.bytes.at + 1;
        let end = self.bytes.end_of_plain(start);
        let found = if self.bytes.byte(end) == b'"' {
            self.bytes.at = end + 1;
            find(model, self.bytes.range(start, end))
        } else {
            match text::units(&mut self.bytes) {
                // Names that are known are ASCII; what isn't becomes one that no name has.
                Ok(units) => find(
                    model,
                    &units.iter().map(|unit| u8::try_from(*unit).unwrap_or(0xff)).collect::<Vec<u8>>(),
                ),
                Err(broken) => return Err(self.broken(broken)),
            }
        };
        self.colon()?;
        Ok(found)
    }

    /// Reads the value of a known field. Gives its slot, 0 for `null`.
    #[inline(always)]
    fn value(&mut self, model: &'static Model, index: usize, field: &'static Field) -> Result<u32, Stop> {
        match (field.kind, self.bytes.now()) {
            (Kind::Text | Kind::Id, b'"') => self.text(),
            (Kind::Decimal, b'"') => self.decimal(field),
            (Kind::Code | Kind::Currency | Kind::Date | Kind::Instant | Kind::OpenEnum(_), b'"') => {
                self.shared_text(model, index, field)
            }
            (Kind::Model(inner), b'{') => self.nested(field.wire, inner),
            (Kind::Texts, b'[') => self.texts(field.wire),
            (Kind::Models(inner), b'[') => self.models(field.wire, inner),
            _ => self.unusual(field),
        }
    }

    #[inline(always)]
    fn text(&mut self) -> Result<u32, Stop> {
        match text::read(&mut self.bytes, &mut self.tape) {
            Ok(text) => Ok(self.slot(text)),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    /// Takes a text over, where it isn't yet.
    #[inline(always)]
    fn slot(&mut self, text: Text) -> u32 {
        match text {
            Text::Plain { start, length } => self.tape.keep(&self.bytes.all, start, length),
            Text::Kept { place, length } => self.tape.slot_of(place, length),
            Text::Slot(slot) => slot,
        }
    }

    /// The bytes of a text, where it has one for each character.
    fn narrow(&self, text: Text) -> Option<&[u8]> {
        match text {
            Text::Plain { start, length } => Some(self.bytes.range(start, start + length)),
            Text::Kept { place, length } => self.tape.text.get(place..place + length),
            Text::Slot(_) => None,
        }
    }

    fn decimal(&mut self, field: &'static Field) -> Result<u32, Stop> {
        match text::read(&mut self.bytes, &mut self.tape) {
            Ok(text) if self.narrow(text).is_some_and(check::is_decimal) => Ok(self.slot(text)),
            Ok(_) => Err(self.fault(field.wire, expect::DECIMAL, Found::String)),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    /// Reads a text that is checked or likely to come again, and isn't that of the row before.
    #[inline(never)]
    fn shared_text(
        &mut self,
        model: &'static Model,
        index: usize,
        field: &'static Field,
    ) -> Result<u32, Stop> {
        let text = match text::read(&mut self.bytes, &mut self.tape) {
            Ok(text) => text,
            Err(broken) => return Err(self.broken(broken)),
        };
        let is_fit = match (field.kind, self.narrow(text)) {
            (Kind::Currency, Some(value)) => check::is_currency(value),
            (Kind::Date, Some(value)) => check::is_date(value),
            (Kind::Instant, Some(value)) => check::is_instant(value),
            (Kind::Currency | Kind::Date | Kind::Instant, None) => false,
            _ => true,
        };
        if !is_fit {
            if !(matches!(field.kind, Kind::Instant) && self.narrow(text).is_some_and(check::is_date)) {
                return Err(self.fault(field.wire, expected(field.kind), Found::String));
            }
            self.note(field.wire, expect::INSTANT, Found::String);
        }
        // Only a text that lies in the body as it is can be compared with the next row's.
        let (start, length) = match text {
            Text::Plain { start, length }
                if length <= SHARED_LENGTH && !(is_fit && matches!(field.kind, Kind::Instant)) =>
            {
                (start, length)
            }
            _ => return Ok(self.slot(text)),
        };
        let slot = match field.kind {
            Kind::OpenEnum(of) => {
                word(of, self.bytes.range(start, start + length)).map(|word| word_slot(of.id, word))
            }
            _ => None,
        };
        let slot = slot.unwrap_or_else(|| {
            let place = self.tape.text.len();
            self.tape.keep(&self.bytes.all, start, length);
            self.tape.table_text(Source::Narrow, place, length)
        });
        let known = InternedText { start: start as u32, length: length as u32, slot };
        self.row_cache.share(&self.bytes, class(field.kind), known);
        self.row_cache.keep_last(model.id, index, known);
        Ok(slot)
    }

    fn nested(&mut self, name: &'static str, model: &'static Model) -> Result<u32, Stop> {
        self.path.enter(name);
        let result = self.record(model);
        self.path.leave();
        let base = result?;
        if model.shape == Shape::Value
            && self.inner_extra.last().is_some_and(|inner| inner.depth == self.depth)
        {
            self.name_inner_extra(name);
        }
        Ok(base)
    }

    fn record(&mut self, model: &'static Model) -> Result<u32, Stop> {
        if self.bytes.now() != b'{' {
            return self.field_error("", expect::OBJECT);
        }
        let base = self.tape.record(model.slots());
        self.object(model, base)?;
        Ok(base as u32)
    }

    fn texts(&mut self, name: &'static str) -> Result<u32, Stop> {
        self.list(name, |reader| match reader.bytes.now() {
            b'"' => reader.text().map(Some),
            b'n' => reader.null_element(expect::STRING),
            _ => reader.field_error("", expect::STRING),
        })
    }

    fn models(&mut self, name: &'static str, model: &'static Model) -> Result<u32, Stop> {
        self.list(name, |reader| match reader.bytes.now() {
            b'n' => reader.null_element(expect::OBJECT),
            _ => reader.record(model).map(Some),
        })
    }

    fn list(
        &mut self,
        name: &'static str,
        mut element: impl FnMut(&mut Reader) -> Result<Option<u32>, Stop>,
    ) -> Result<u32, Stop> {
        let mark = self.elements.len();
        self.path.enter_list(name);
        let mut push = |reader: &mut Reader| -> Result<(), Stop> {
            let slot = element(reader)?;
            reader.elements.extend(slot);
            Ok(())
        };
        // The caller reports a single value in place of a list as drift.
        let result = if self.bytes.now() == b'[' { self.each(push) } else { push(self) };
        self.path.leave();
        let place = self.tape.list(self.elements.get(mark..).unwrap_or_default());
        self.elements.truncate(mark);
        result.map(|()| place)
    }

    /// Passes over `null` in a list: it stands for nothing.
    fn null_element(&mut self, expected: &'static str) -> Result<Option<u32>, Stop> {
        self.word(b"null")?;
        self.note("", expected, Found::Null);
        Ok(None)
    }

    /// Reads a value that is flag or number, absent, coerced or wrong.
    #[inline(never)]
    fn unusual(&mut self, field: &'static Field) -> Result<u32, Stop> {
        let found = Found::starting_with(self.bytes.now());
        match (field.kind, found) {
            (Kind::Flag, Found::Boolean) if self.bytes.now() == b't' => self.word(b"true").map(|()| 2),
            (Kind::Flag, Found::Boolean) => self.word(b"false").map(|()| 1),
            (kind, Found::Null) => {
                self.word(b"null")?;
                if matches!(kind, Kind::Texts | Kind::Models(_)) {
                    self.note(field.wire, expected(kind), found);
                }
                Ok(0)
            }
            (Kind::Id | Kind::Code | Kind::Decimal, Found::Number) => {
                self.note(field.wire, expected(field.kind), found);
                self.number(field)
            }
            (Kind::Texts, Found::String) => {
                self.note(field.wire, expect::TEXTS, found);
                self.texts(field.wire)
            }
            (Kind::Models(inner), Found::Object) => {
                self.note(field.wire, expect::OBJECTS, found);
                self.models(field.wire, inner)
            }
            _ => self.field_error(field.wire, expected(field.kind)),
        }
    }

    /// Reads a number as text. An amount with an exponent is written out.
    fn number(&mut self, field: &'static Field) -> Result<u32, Stop> {
        let start = self.bytes.at;
        let has_exponent = match self.bytes.number() {
            Ok(has_exponent) => has_exponent,
            Err(broken) => return Err(self.broken(broken)),
        };
        let end = self.bytes.at;
        if !(has_exponent && matches!(field.kind, Kind::Decimal)) {
            return Ok(self.tape.keep(&self.bytes.all, start, end - start));
        }
        match decimal::plain(self.bytes.range(start, end)) {
            Some(plain) => Ok(self.tape.keep(&plain, 0, plain.len())),
            None => Err(self.fault(field.wire, expect::PLAIN_NUMBER, Found::Number)),
        }
    }

    /// Passes over an unknown field's value and keeps name and value; the name began at `begin`.
    #[inline(never)]
    fn unknown(&mut self, begin: usize) -> Result<(), Stop> {
        self.bytes.big_numbers.clear();
        self.skip()?;
        let end = self.bytes.at;
        self.extra.push(b',');
        let mut from = begin;
        // As text, a number keeps the digits that a double would lose.
        let quoted = if cfg!(feature = "exact-extra") { &[] } else { self.bytes.big_numbers.as_slice() };
        for (start, stop) in quoted {
            self.extra.extend_from_slice(self.bytes.range(from, *start));
            self.extra.push(b'"');
            self.extra.extend_from_slice(self.bytes.range(*start, *stop));
            self.extra.push(b'"');
            from = *stop;
        }
        self.extra.extend_from_slice(self.bytes.range(from, end));
        Ok(())
    }

    /// Gives the unknown fields of an object that has ended to the record, or to the object around it.
    #[inline(never)]
    fn keep_extra(&mut self, model: &'static Model, base: usize, marks: (usize, usize)) {
        for inner in self.inner_extra.drain(marks.1.min(self.inner_extra.len())..) {
            self.extra.extend_from_slice(b",\"");
            self.extra.extend_from_slice(inner.name.as_bytes());
            self.extra.extend_from_slice(b"\":{");
            self.extra.extend(inner.members.into_iter().skip(1));
            self.extra.push(b'}');
        }
        let mut members = self.extra.split_off(marks.0.min(self.extra.len()));
        if model.shape == Shape::Value {
            self.inner_extra.push(InnerExtra { depth: self.depth, name: "", members });
            return;
        }
        if let Some(comma) = members.first_mut() {
            *comma = b'{';
        }
        members.push(b'}');
        let slot = text::keep(&mut self.tape, members);
        self.tape.set(base, model.extra_slot(), slot);
    }

    fn name_inner_extra(&mut self, name: &'static str) {
        if let Some(inner) = self.inner_extra.last_mut().filter(|inner| inner.name.is_empty()) {
            inner.name = name;
        }
    }

    #[inline(never)]
    fn forget_inner_extra(&mut self, name: &'static str) {
        let depth = self.depth;
        self.inner_extra.retain(|inner| inner.depth != depth || inner.name != name);
    }

    /// Goes on after a fault where the same field comes again in the present object, as then the later one counts. Else
    /// passes over the rest of the object.
    #[inline(never)]
    pub(super) fn recover(&mut self, stop: Stop, field: &'static Field) -> Result<u32, Stop> {
        let stop = only_contract(stop)?;
        let here = self.bytes.at;
        let depth = self.depth;
        let mut comes_again = false;
        loop {
            match self.bytes.comma_or(b'}', expect::COMMA_OR_BRACE) {
                Ok(true) => break,
                Ok(false) => {}
                Err(broken) => return Err(self.broken(broken)),
            }
            if self.bytes.now() != b'"' {
                let broken = Broken { expected: expect::NAME, at: self.bytes.at };
                return Err(self.broken(broken));
            }
            match text::units(&mut self.bytes) {
                Ok(name) => comes_again |= name.iter().copied().eq(field.wire.bytes().map(u16::from)),
                Err(broken) => return Err(self.broken(broken)),
            }
            self.colon()?;
            self.skip()?;
        }
        if comes_again {
            self.bytes.at = here;
            return Ok(0);
        }
        self.depth = depth - 1;
        Err(stop)
    }

    fn missing(&self, model: &'static Model, missing: u64, nulls: u64) -> Result<(), Stop> {
        let index = missing.trailing_zeros() as usize;
        let found = if nulls & 1 << index != 0 { Found::Null } else { Found::Nothing };
        match model.fields.get(index) {
            Some(field) => Err(self.fault(field.wire, expected(field.kind), found)),
            None => Ok(()),
        }
    }

    /// Skips a value of the wrong type and returns its error.
    pub(super) fn field_error<T>(&mut self, name: &str, expected: &'static str) -> Result<T, Stop> {
        let found = Found::starting_with(self.bytes.now());
        let stop = self.fault(name, expected, found);
        self.skip()?;
        Err(stop)
    }

    /// A fault of contract at the present place.
    pub(super) fn fault(&self, name: &str, expected: &'static str, found: Found) -> Stop {
        let path = self.path.to_text(name, true);
        Box::new(DecodeError { fault: Fault::Contract, path, expected, found, offset: self.bytes.at })
    }

    /// A fault of grammar.
    pub(super) fn broken(&self, broken: Broken) -> Stop {
        let fault = if broken.expected == expect::TOO_DEEP { Fault::Limit } else { Fault::Syntax };
        let path = self.path.to_text("", true);
        Box::new(DecodeError {
            fault,
            path,
            expected: broken.expected,
            found: Found::Other,
            offset: broken.at,
        })
    }

    /// Notes that something was taken that isn't quite what the contract says: once for each shape.
    pub(super) fn note(&mut self, name: &str, expected: &'static str, found: Found) {
        if !self.drift.iter().any(|drift| drift.found == found && self.path.is(name, &drift.path)) {
            self.drift.push(Drift { path: self.path.to_text(name, false), expected, found });
        }
    }

    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        let depth = self.depth;
        self.bytes.skip(depth).map_err(|broken| self.broken(broken))
    }

    pub(super) fn colon(&mut self) -> Result<(), Stop> {
        match self.bytes.colon() {
            Ok(()) => Ok(()),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    pub(super) fn word(&mut self, word: &[u8]) -> Result<(), Stop> {
        match self.bytes.word(word) {
            Ok(()) => Ok(()),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    pub(super) fn deeper(&mut self) -> Result<(), Stop> {
        match self.bytes.check_depth(self.depth) {
            Ok(()) => self.depth += 1,
            Err(broken) => return Err(self.broken(broken)),
        }
        Ok(())
    }
}

/// Lets pass what can be recovered from.
fn only_contract(stop: Stop) -> Result<Stop, Stop> {
    if stop.fault == Fault::Contract { Ok(stop) } else { Err(stop) }
}

fn find(model: &'static Model, name: &[u8]) -> Option<(usize, &'static Field)> {
    model.fields.iter().enumerate().find(|(_, field)| same(field.wire.as_bytes(), name))
}

/// What texts may stand for one another: those that were checked for the same, or mean the same.
#[inline(always)]
const fn class(kind: Kind) -> u32 {
    match kind {
        Kind::Currency => 1,
        Kind::Date => 2,
        Kind::Instant => 3,
        Kind::OpenEnum(of) => 4 + of.id as u32,
        _ => 0,
    }
}

fn word(of: &OpenEnum, text: &[u8]) -> Option<usize> {
    of.values.iter().position(|value| same(value.as_bytes(), text))
}

/// What a kind of field expects, in the words of the errors.
pub(super) const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Code | Kind::Id | Kind::OpenEnum(_) => expect::STRING,
        Kind::Decimal => expect::DECIMAL,
        Kind::Currency => expect::CURRENCY,
        Kind::Date => expect::DATE,
        Kind::Instant => expect::INSTANT,
        Kind::Flag => expect::FLAG,
        Kind::Model(_) => expect::OBJECT,
        Kind::Texts => expect::TEXTS,
        Kind::Models(_) => expect::OBJECTS,
    }
}
