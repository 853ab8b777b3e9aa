//! What is made from the models: TypeScript types, the words of open enums, the builders of rows, and the tables as JSON.

use oakford_aisp::aisp::models::{ENUMS, MODELS};
use oakford_aisp::aisp::schema::{Field, Kind, MAX_WORDS, Model, OpenEnum, Shape};

/// `models.ts`: an interface for each model, a union of literals for each open enum.
pub fn types() -> String {
    let mut out = String::from("// The types of the API's data. Made from the Rust models: edit those.\n\n");
    for of in ENUMS {
        out += &doc(of.doc, None, "");
        out += &format!("export type {} =\n", of.name);
        of.values.iter().for_each(|value| out += &format!("  | '{value}'\n"));
        out += "  | (string & {});\n\n";
    }
    for model in public_models() {
        out += &doc(model.doc, None, "");
        out += &format!("export interface {} {{\n", model.name);
        if model.shape == Shape::Keyed {
            out += &doc(
                "Unique in its listing, whether the bank gave the row an id or not: its id where it has \
                 one, else a hash of its stable content; `#2` and so on is added where a key comes again.",
                None,
                "  ",
            );
            out += "  key: string;\n";
        }
        for (index, field) in model.fields.iter().enumerate() {
            out += &doc(field.doc, Some(field), "  ");
            out += &member(field, is_required(model, index));
        }
        if model.shape != Shape::Value {
            out += &doc(
                "The fields that this version does not know, under their names on the wire. A number that a double might change is kept as text.",
                None,
                "  ",
            );
            out += "  extra: Readonly<Record<string, unknown>>;\n";
        }
        out += "}\n\n";
    }
    out
}

/// `words.ts`: the words of the open enums.
pub fn words() -> String {
    let mut out = String::from(
        "/** The words of the open enums, each enum padded to the same length. Made from the Rust models: edit those. */\n",
    );
    out += "export const WORDS: readonly string[] = [\n";
    for of in ENUMS {
        let words = (0..MAX_WORDS).map(|place| format!("'{}'", of.values.get(place).unwrap_or(&"")));
        out += &format!("  {},\n", words.collect::<Vec<_>>().join(", "));
    }
    out += "];\n";
    out
}

/// `rows.ts`: a builder for each model. Each makes an object literal, so that all rows have one shape.
pub fn builders() -> String {
    let names: Vec<&str> = public_models().map(|model| model.name).collect();
    let mut out = String::from("// Builds objects from the tape. Made from the Rust models: edit those.\n\n");
    out += "import { extra, flag, key, list, NO_FIELDS, text, texts } from '../tape.js';\n";
    out += &format!("import type {{ {} }} from './models.js';\n\n", names.join(", "));
    for model in public_models() {
        out += &format!("\nexport function build{0}(t: Int32Array, p: number): {0} {{\n", model.name);
        if model.shape == Shape::Keyed {
            // The key mostly is the first field, the id: one string for both.
            out += "  const id = text(t[p]!);\n  return {\n";
            out += &format!("    key: key(t[p + {}]!, id),\n", model.key_slot());
        } else {
            out += "  return {\n";
        }
        for (index, field) in model.fields.iter().enumerate() {
            let value = match (model.shape, index) {
                (Shape::Keyed, 0) => "id".to_owned(),
                _ => build(field, index, is_required(model, index)),
            };
            out += &format!("    {}: {value},\n", camel(field.wire));
        }
        if model.shape != Shape::Value {
            out += &format!(
                "    extra: t[p + {0}]! === 0 ? NO_FIELDS : extra(t[p + {0}]!),\n",
                model.extra_slot()
            );
        }
        out += "  };\n}\n";
    }
    out
}

fn build(field: &Field, index: usize, required: bool) -> String {
    let at = if index == 0 { "t[p]!".to_owned() } else { format!("t[p + {index}]!") };
    match field.kind {
        Kind::Flag => format!("flag({at})"),
        Kind::Texts => format!("texts(t, {at})"),
        Kind::Models(of) => format!("list(t, {at}, build{})", of.name),
        Kind::Model(of) if required => format!("build{}(t, {at})", of.name),
        Kind::Model(of) => format!("{at} === 0 ? undefined : build{}(t, {at})", of.name),
        _ if required => format!("text({at}) as string"),
        // Half of the fields are absent, and there are too many calls for the engine to inline them all.
        _ => format!("{at} === 0 ? undefined : text({at})"),
    }
}

fn member(field: &Field, required: bool) -> String {
    let name = camel(field.wire);
    let of = type_of(field.kind);
    match field.kind {
        Kind::Texts | Kind::Models(_) => format!("  {name}: readonly {of}[];\n"),
        _ if required => format!("  {name}: {of};\n"),
        _ => format!("  {name}?: {of} | undefined;\n"),
    }
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "boolean",
        Kind::OpenEnum(of) => of.name,
        Kind::Model(of) | Kind::Models(of) => of.name,
        _ => "string",
    }
}

/// The tables as JSON.
pub fn json() -> String {
    let enums: Vec<String> = ENUMS.iter().map(|of| json_enum(of)).collect();
    let models: Vec<String> = MODELS.iter().map(|model| json_model(model)).collect();
    format!("{{\"enums\":{{{}}},\"models\":{{{}}}}}", enums.join(","), models.join(","))
}

fn json_enum(of: &OpenEnum) -> String {
    let values: Vec<String> = of.values.iter().map(|value| format!("\"{value}\"")).collect();
    format!("\"{}\":[{}]", of.name, values.join(","))
}

fn json_model(model: &Model) -> String {
    let fields = model.fields.iter().enumerate().map(|(index, field)| {
        let (kind, of) = match field.kind {
            Kind::Text => ("text", ""),
            Kind::Code => ("code", ""),
            Kind::Id => ("id", ""),
            Kind::Decimal => ("decimal", ""),
            Kind::Currency => ("currency", ""),
            Kind::Date => ("date", ""),
            Kind::Instant => ("instant", ""),
            Kind::Flag => ("flag", ""),
            Kind::OpenEnum(of) => ("enum", of.name),
            Kind::Model(of) => ("model", of.name),
            Kind::Texts => ("texts", ""),
            Kind::Models(of) => ("models", of.name),
        };
        let required = is_required(model, index);
        format!("{{\"wire\":\"{}\",\"kind\":\"{kind}\",\"of\":\"{of}\",\"required\":{required}}}", field.wire)
    });
    format!("\"{}\":[{}]", model.name, fields.collect::<Vec<_>>().join(","))
}

/// The models that reach users: all but the envelopes.
pub fn public_models() -> impl Iterator<Item = &'static Model> {
    MODELS.iter().copied().filter(|model| model.shape != Shape::Envelope)
}

/// Whether the model's field of this place must be there.
pub fn is_required(model: &Model, index: usize) -> bool {
    model.required >> index & 1 == 1
}

fn doc(text: &str, field: Option<&Field>, indent: &str) -> String {
    let text = text.trim();
    match field {
        Some(field) => format!("{indent}/** {text} Wire: `{}` ({}). */\n", field.wire, field.source),
        None => format!("{indent}/** {text} */\n"),
    }
}

fn camel(wire: &str) -> String {
    let mut out = String::new();
    let mut is_start = false;
    for letter in wire.chars() {
        if letter == '_' {
            is_start = true;
        } else {
            out.push(if is_start { letter.to_ascii_uppercase() } else { letter });
            is_start = false;
        }
    }
    out
}
