//! What is made from the models for Python: the types that checkers and editors read.

use oakford_aisp::aisp::models::ENUMS;
use oakford_aisp::aisp::schema::{Field, Kind, Model, OpenEnum, Shape};

use super::models::{is_required, public_models};

/// Where [`stubs`] are kept.
pub const PATH: &str = "python/oakford_aisp/models.pyi";

const HEAD: &str =
    "# The types of the API's data. Made from the Rust models by `npm run renew:python`: edit those.

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, TypeAlias, final

from ._record import Record as Record

";

/// `models.pyi`: a class for each model, a union of literals and `str` for each open enum.
pub fn stubs() -> String {
    let mut out = String::from(HEAD);
    for of in ENUMS {
        out += &open_enum(of);
    }
    for model in public_models() {
        out += &class(model);
    }
    out
}

fn open_enum(of: &OpenEnum) -> String {
    let mut out = format!("{}: TypeAlias = (\n    Literal[\n", of.name);
    of.values.iter().for_each(|value| out += &format!("        \"{value}\",\n"));
    out + &format!("    ]\n    | str\n)\n\"\"\"{}\"\"\"\n", of.doc.trim())
}

fn class(model: &'static Model) -> String {
    let names = names(model);
    let mut out = format!("\n@final\nclass {}(Record):\n{}\n", model.name, doc(model.doc.trim(), None));
    out += "    __match_args__ = (\n";
    names.iter().for_each(|name| out += &format!("        \"{name}\",\n"));
    out += "    )\n\n    def __new__(\n        cls,\n        *,\n";
    // Required ones first, as readers expect; the order of keyword arguments is free.
    for wanted in [true, false] {
        for (index, field) in model.fields.iter().enumerate() {
            if is_required(model, index) == wanted {
                out += &format!("        {}: {},\n", field.wire, argument(field.kind, wanted));
            }
        }
    }
    if model.shape != Shape::Value {
        out += "        extra: Mapping[str, Any] | None = None,\n";
    }
    if model.shape == Shape::Keyed {
        out += "        key: str | None = None,\n";
    }
    out += &format!("    ) -> {}: ...\n", model.name);
    for (index, field) in model.fields.iter().enumerate() {
        out += if index == 0 { "" } else { "\n" };
        out += &property(field.wire, &attribute(field.kind, is_required(model, index)), &field_doc(field));
    }
    if model.shape != Shape::Value {
        let about = "The fields that this version does not know, under their names on the wire. \
                     Numbers are exact: `int` or `Decimal`.";
        out += "\n";
        out += &property("extra", "Mapping[str, Any]", &doc(about, Some("        ")));
    }
    if model.shape == Shape::Keyed {
        let about = "Unique in its listing, whether the bank gave the row an id or not: its id if it has one, \
                     else a hash of its stable content.";
        out += "\n";
        out += &property("key", "str", &doc(about, Some("        ")));
    }
    out
}

fn property(name: &str, of: &str, doc: &str) -> String {
    format!("    @property\n    def {name}(self) -> {of}:\n{doc}")
}

fn names(model: &Model) -> Vec<&'static str> {
    let more: &[&str] = match model.shape {
        Shape::Value | Shape::Envelope => &[],
        Shape::Record => &["extra"],
        Shape::Keyed => &["extra", "key"],
    };
    model.fields.iter().map(|field| field.wire).chain(more.iter().copied()).collect()
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Decimal => "Decimal",
        Kind::Date => "datetime.date",
        Kind::Instant => "datetime.datetime",
        Kind::Flag => "bool",
        Kind::OpenEnum(of) => of.name,
        Kind::Model(of) | Kind::Models(of) => of.name,
        Kind::Text | Kind::Code | Kind::Id | Kind::Currency | Kind::Texts => "str",
    }
}

fn attribute(kind: Kind, required: bool) -> String {
    let of = type_of(kind);
    match kind {
        Kind::Texts | Kind::Models(_) => format!("tuple[{of}, ...]"),
        _ if required => of.into(),
        _ => format!("{of} | None"),
    }
}

fn argument(kind: Kind, required: bool) -> String {
    let of = type_of(kind);
    match kind {
        // A text is an iterable of texts too, which the constructor refuses.
        Kind::Texts => format!("tuple[{of}, ...] | list[{of}] = ()"),
        Kind::Models(_) => format!("Iterable[{of}] = ()"),
        _ if required => of.into(),
        _ => format!("{of} | None = None"),
    }
}

fn field_doc(field: &Field) -> String {
    doc(&format!("{} ({})", field.doc.trim(), field.source), Some("        "))
}

/// A docstring, wrapped at 100 columns.
fn doc(text: &str, indent: Option<&str>) -> String {
    let indent = indent.unwrap_or("    ");
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let length = lines.last().map_or(0, |line| line.chars().count());
        if length > 0 && length + 1 + word.chars().count() > 90 - indent.len() {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    match lines.as_slice() {
        [only] => format!("{indent}\"\"\"{only}\"\"\"\n"),
        many => format!("{indent}\"\"\"{}\n{indent}\"\"\"\n", many.join(&format!("\n{indent}"))),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn generate_the_python_stubs_are_those_of_the_models() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(super::PATH);
        let kept = std::fs::read_to_string(path).unwrap();
        assert!(kept == super::stubs(), "stale: run `npm run renew:python`");
    }
}
