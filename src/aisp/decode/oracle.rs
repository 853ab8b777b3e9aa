//! A second implementation of the decoder by a general JSON parser, for property tests and for fuzzing.

use super::super::schema::{Field, Kind, Model, Shape};
use super::rows::{Raw, Record};
use super::{Decoded, Fault, Keys, Message, check, cursor, decimal, decode};
use serde_json::{Map, Value};

/// Decodes a body both ways and panics where they disagree. Returns whether it could be read.
#[allow(clippy::panic)]
pub fn compare(message: Message, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).into_owned();
    let ours = decode(message, body.to_vec(), &mut Keys::new());
    let theirs = serde_json::from_str::<Value>(&text);
    let is_read = ours.is_ok();
    match (ours, theirs) {
        (Ok(decoded), Ok(value)) => match rows(message, &value) {
            Ok(expected) => assert_eq!(written(&decoded), Value::Array(expected), "{text}"),
            Err(why) => panic!("decoded, although {why}: {text}"),
        },
        (Err(error), Ok(value)) => match error.fault {
            Fault::Limit => assert!(text.len() > 128, "{error}: {text}"),
            Fault::Contract => assert!(rows(message, &value).is_err(), "{error}: {text}"),
            Fault::Syntax | Fault::Empty => panic!("{error}, although it is JSON: {text}"),
        },
        (Ok(_), Err(error)) => {
            // What JavaScript takes and Rust's strings or the parser's stack can't hold.
            let is_known =
                text.to_lowercase().contains("\\ud") || error.to_string().contains("recursion limit");
            assert!(is_known, "decoded, although {error}: {text}");
        }
        (Err(_), Err(_)) => {}
    }
    is_read
}

/// What was decoded, read from the tape.
fn written(decoded: &Decoded) -> Value {
    Value::Array(decoded.rows().map(|row| written_object(&row.record)).collect())
}

fn written_object(record: &Record<'_>) -> Value {
    let mut object = Map::new();
    for (index, field) in record.model.fields.iter().enumerate() {
        let value = match field.kind {
            Kind::Flag if record.slot(index) == 0 => None,
            Kind::Flag => Some(Value::Bool(record.slot(index) == 2)),
            Kind::Model(_) => record.inner(index).map(|inner| written_object(&inner)),
            Kind::Texts => {
                list(record.elements(index).iter().filter_map(|slot| text(record.raw_at(*slot, Kind::Text))))
            }
            Kind::Models(model) => {
                list(record.elements(index).iter().map(|slot| written_object(&record.element(model, *slot))))
            }
            _ => text(record.raw(index)),
        };
        object.extend(value.map(|value| (field.wire.to_owned(), value)));
    }
    if record.model.shape != Shape::Value {
        let extra = record.raw_at(record.slot(record.model.extra_slot()), Kind::Text);
        let parsed = extra.map(|extra| serde_json::from_str(&extra.read()).unwrap_or(Value::Null));
        object.extend(parsed.map(|parsed| ("extra".to_owned(), parsed)));
    }
    Value::Object(object)
}

fn text(raw: Option<Raw<'_>>) -> Option<Value> {
    raw.map(|raw| Value::String(raw.read().into_owned()))
}

fn list(elements: impl Iterator<Item = Value>) -> Option<Value> {
    let all: Vec<Value> = elements.collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

type Rows = Result<Vec<Value>, String>;

/// What the rows have to be.
fn rows(message: Message, body: &Value) -> Rows {
    let envelope = message.body();
    if envelope.shape != Shape::Envelope {
        return object(envelope, body).map(|(row, _)| vec![row]);
    }
    let Value::Object(members) = body else { return Err("the envelope is no object".into()) };
    let mut rows = Vec::new();
    for field in envelope.fields {
        match (field.kind, members.get(field.wire)) {
            (Kind::Models(_), None) => return Err("there is no list".into()),
            (Kind::Models(model), Some(Value::Array(all))) => {
                rows = all.iter().map(|row| object(model, row).map(|(row, _)| row)).collect::<Rows>()?;
            }
            (Kind::Models(model), Some(one @ Value::Object(_))) => rows.push(object(model, one)?.0),
            (Kind::Text, None | Some(Value::Null)) => {}
            (Kind::Text | Kind::Id, Some(Value::String(_) | Value::Number(_))) => {}
            _ => return Err(format!("{} is of the wrong type", field.wire)),
        }
    }
    Ok(rows)
}

/// An object as its model has it, and the unknown fields that the object around it is to keep.
fn object(model: &'static Model, value: &Value) -> Result<(Value, Option<Value>), String> {
    let Value::Object(members) = value else { return Err("it is no object".into()) };
    let mut object = Map::new();
    let mut extra = Map::new();
    for (name, value) in members {
        let Some(index) = model.fields.iter().position(|field| field.wire == name) else {
            extra.insert(name.clone(), kept(value));
            continue;
        };
        let Some(field) = model.fields.get(index) else { continue };
        let (value, inner_extra) = field_value(field, value)?;
        extra.extend(inner_extra.map(|inner| (name.clone(), inner)));
        object.extend(value.map(|value| (name.clone(), value)));
    }
    for (index, field) in model.fields.iter().enumerate() {
        let is_absent = members.get(field.wire).is_none_or(Value::is_null);
        if model.required >> index & 1 == 1 && is_absent {
            return Err(format!("{} is missing", field.wire));
        }
    }
    let extra = (!extra.is_empty()).then_some(Value::Object(extra));
    if model.shape == Shape::Value {
        return Ok((Value::Object(object), extra));
    }
    object.extend(extra.map(|extra| ("extra".to_owned(), extra)));
    Ok((Value::Object(object), None))
}

type FieldValue = (Option<Value>, Option<Value>);

fn field_value(field: &'static Field, value: &Value) -> Result<FieldValue, String> {
    let wrong = || Err(format!("{} is of the wrong type or form", field.wire));
    let as_text = |text: &str| Ok((Some(Value::String(text.to_owned())), None));
    match (field.kind, value) {
        (_, Value::Null) => Ok((None, None)),
        (Kind::Text | Kind::Id | Kind::Code | Kind::OpenEnum(_), Value::String(text)) => as_text(text),
        (Kind::Id | Kind::Code, Value::Number(number)) => as_text(&number.to_string()),
        (Kind::Decimal, Value::String(text)) if check::is_decimal(text.as_bytes()) => as_text(text),
        (Kind::Decimal, Value::Number(number)) => {
            let number = number.to_string();
            match decimal::plain(number.as_bytes()) {
                Some(plain) => as_text(&String::from_utf8_lossy(&plain)),
                None if number.contains(['e', 'E']) => wrong(),
                None => as_text(&number),
            }
        }
        (Kind::Currency, Value::String(text)) if check::is_currency(text.as_bytes()) => as_text(text),
        (Kind::Date, Value::String(text)) if check::is_date(text.as_bytes()) => as_text(text),
        (Kind::Instant, Value::String(text))
            if check::is_instant(text.as_bytes()) || check::is_date(text.as_bytes()) =>
        {
            as_text(text)
        }
        (Kind::Flag, Value::Bool(flag)) => Ok((Some(Value::Bool(*flag)), None)),
        (Kind::Model(model), Value::Object(_)) => {
            object(model, value).map(|(value, extra)| (Some(value), extra))
        }
        (Kind::Texts, Value::String(text)) => {
            Ok((Some(Value::Array(vec![Value::String(text.clone())])), None))
        }
        (Kind::Texts, Value::Array(all)) => {
            let texts: Vec<Value> = all.iter().filter(|value| !value.is_null()).cloned().collect();
            if texts.iter().all(Value::is_string) { Ok((list(texts.into_iter()), None)) } else { wrong() }
        }
        (Kind::Models(model), Value::Object(_)) => {
            Ok((Some(Value::Array(vec![object(model, value)?.0])), None))
        }
        (Kind::Models(model), Value::Array(all)) => {
            let objects =
                all.iter().filter(|value| !value.is_null()).map(|value| Ok(object(model, value)?.0));
            Ok((list(objects.collect::<Rows>()?.into_iter()), None))
        }
        _ => wrong(),
    }
}

/// An unknown value: numbers that a double might change become text.
fn kept(value: &Value) -> Value {
    match value {
        Value::Number(number) if !cursor::fits_a_double(number.to_string().as_bytes()) => {
            Value::String(number.to_string())
        }
        Value::Array(all) => Value::Array(all.iter().map(kept).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), kept(value))).collect())
        }
        other => other.clone(),
    }
}

/// Writes a body that is nearly what the contract says, as a run of choices has it: names in any order, twice or unknown,
/// values of every type, texts escaped or not, white space anywhere.
#[derive(Debug)]
pub struct Writer<'a> {
    choices: std::slice::Iter<'a, u8>,
    body: Vec<u8>,
}

impl Writer<'_> {
    /// The body that these choices make.
    pub fn body(message: Message, choices: &[u8]) -> Vec<u8> {
        let mut writer = Writer { choices: choices.iter(), body: Vec::new() };
        writer.space();
        writer.object(message.body());
        writer.space();
        writer.body
    }

    /// A choice among so many; the first, where no choices are left.
    fn choose(&mut self, count: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(*choice) % count)
    }

    fn push(&mut self, text: &str) {
        self.body.extend_from_slice(text.as_bytes());
    }

    fn space(&mut self) {
        let spaces = ["", "", "", "", " ", "\n", "\t \r\n"];
        let choice = self.choose(spaces.len());
        self.push(spaces.get(choice).copied().unwrap_or_default());
    }

    fn object(&mut self, model: &'static Model) {
        let mut fields: Vec<(&'static Field, bool)> = Vec::new();
        for (index, field) in model.fields.iter().enumerate() {
            let is_required = model.required >> index & 1 == 1;
            match self.choose(if is_required { 200 } else { 8 }) {
                0 if !is_required => {}
                1 if is_required => {}
                2 => fields.extend([(field, is_required), (field, is_required)]),
                3 => fields.insert(0, (field, is_required)),
                _ => fields.push((field, is_required)),
            }
        }
        self.push("{");
        self.space();
        let mut is_first = true;
        for (field, is_required) in fields {
            if self.choose(16) == 1 {
                self.comma(&mut is_first);
                self.unknown_field();
            }
            self.comma(&mut is_first);
            self.text(field.wire);
            self.colon();
            self.value(field.kind, is_required);
            self.space();
        }
        self.push("}");
    }

    fn comma(&mut self, is_first: &mut bool) {
        if !*is_first {
            self.push(",");
            self.space();
        }
        *is_first = false;
    }

    fn colon(&mut self) {
        self.space();
        self.push(":");
        self.space();
    }

    fn unknown_field(&mut self) {
        let names = ["new_field", "__proto__", "κλειδί", "\"", "amount_", "", "currency "];
        let choice = self.choose(names.len());
        self.text(names.get(choice).copied().unwrap_or_default());
        self.colon();
        self.any(0);
        self.space();
    }

    fn value(&mut self, kind: Kind, is_required: bool) {
        if self.choose(250) == 1 {
            return self.any(0);
        }
        if self.choose(if is_required { 250 } else { 24 }) == 1 {
            return self.push("null");
        }
        let is_bad = self.choose(200) == 1;
        match kind {
            Kind::Currency if is_bad => self.text("eur"),
            Kind::Date if is_bad => self.text("2023-02-29"),
            Kind::Text => self.any_text(),
            Kind::Id | Kind::Code => match self.choose(6) {
                1 => self.number(),
                2 => self.any_text(),
                _ => self.text("PMNT-1"),
            },
            Kind::Decimal => match self.choose(4) {
                1 => self.number(),
                2 => self.text("99999999999999.999"),
                _ => self.text("-42.10"),
            },
            Kind::Currency => self.one_of(&["EUR", "EUR", "EUR", "USD", "EUR", "SEK", "EUR"]),
            Kind::Date => self.one_of(&["2024-02-29", "2024-02-28", "2024-02-29", "2024-03-01"]),
            Kind::Instant => self.one_of(&[
                "2024-01-15T10:30:00Z",
                "2024-01-15T10:30:00.5+02:00",
                "2024-01-15",
                "2024-01-15T10:30:00Z",
            ]),
            Kind::Flag => {
                let word = if self.choose(2) == 0 { "true" } else { "false" };
                self.push(word);
            }
            Kind::OpenEnum(of) => match self.choose(of.values.len() + 1) {
                known if known < of.values.len() => {
                    self.text(of.values.get(known).copied().unwrap_or_default())
                }
                _ => self.any_text(),
            },
            Kind::Model(model) => self.object(model),
            Kind::Texts => self.list(Writer::any_text),
            Kind::Models(model) => self.list(|writer| writer.object(model)),
        }
    }

    fn list(&mut self, mut element: impl FnMut(&mut Self)) {
        let length = self.choose(5);
        if length == 4 {
            return element(self);
        }
        self.push("[");
        self.space();
        for place in 0..length {
            if place > 0 {
                self.push(",");
                self.space();
            }
            if self.choose(24) == 1 {
                self.push("null")
            } else {
                element(self)
            }
            self.space();
        }
        self.push("]");
    }

    fn any(&mut self, depth: usize) {
        match self.choose(if depth < 4 { 8 } else { 6 }) {
            0 => self.push("null"),
            1 => self.push("true"),
            2 | 3 => self.number(),
            4 | 5 => self.any_text(),
            6 => {
                self.push("[");
                self.any(depth + 1);
                self.push(",");
                self.any(depth + 1);
                self.push("]");
            }
            _ => {
                self.push("{");
                self.any_text();
                self.colon();
                self.any(depth + 1);
                self.push("}");
            }
        }
    }

    fn number(&mut self) {
        let numbers = [
            "0",
            "-0",
            "12.30",
            "100",
            "-1.1",
            "99999999999999.999",
            "123456789012345678",
            "1.5e+3",
            "2e-4",
            "1e+900",
        ];
        let choice = self.choose(numbers.len());
        self.push(numbers.get(choice).copied().unwrap_or_default());
    }

    fn one_of(&mut self, texts: &[&str]) {
        let choice = self.choose(texts.len());
        self.text(texts.get(choice).copied().unwrap_or_default());
    }

    fn any_text(&mut self) {
        // Rarely one that no slot holds.
        let (long, wide) = match self.choose(100) {
            1 => ("0123456789abcdef".repeat(1100), String::new()),
            2 => (String::new(), "Ζορμπάς ".repeat(2100)),
            _ => Default::default(),
        };
        let texts = [
            "",
            "a",
            "Corner Bakery",
            "Café Zürich",
            "Ζορμπάς",
            "日本 €",
            "😀",
            "\u{85}",
            "a \"b\" \\ / \n\t\u{1}",
            &long,
            &wide,
        ];
        let choice = self.choose(4 * texts.len()) / 4;
        self.text(texts.get(choice).copied().unwrap_or_default());
    }

    fn text(&mut self, text: &str) {
        let is_escaped = self.choose(12) == 1;
        self.push("\"");
        for character in text.chars() {
            match character {
                '"' | '\\' => {
                    self.push("\\");
                    self.body.push(character as u8);
                }
                plain if !is_escaped && plain >= ' ' => {
                    self.push(plain.encode_utf8(&mut [0; 4]));
                }
                other => {
                    for unit in other.encode_utf16(&mut [0; 2]) {
                        self.push(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
        self.push("\"");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_body_is_read_as_a_general_parser_reads_it(choices in prop::collection::vec(any::<u8>(), 0..3000), message in prop::sample::select(Message::ALL)) {
            compare(message, &Writer::body(message, &choices));
        }

        #[test]
        fn a_damaged_body_is_refused_exactly_where_it_is_no_json(
            choices in prop::collection::vec(any::<u8>(), 0..400),
            place in any::<prop::sample::Index>(),
            damage in prop::sample::select(b"\"\\{}[],:0e\n \x00\x80\xc3\xe2\xedu".to_vec()),
        ) {
            let mut body = Writer::body(Message::TransactionList, &choices);
            let place = place.index(body.len());
            body[place] = damage;
            compare(Message::TransactionList, &body);
        }

        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..100)) {
            compare(Message::TransactionList, &body);
        }
    }
}
