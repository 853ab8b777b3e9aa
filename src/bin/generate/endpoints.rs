//! What is made from the endpoints: the TypeScript of their options, and the builder of the rows of each message.

use std::collections::BTreeSet;

use oakford_aisp::aisp::endpoint::{Endpoint, Message};
use oakford_aisp::aisp::endpoint_schema::{Entry, Extent, Parameter, ParameterKind};
use oakford_aisp::aisp::schema::Shape;

/// What every list takes.
const OF_LISTS: &str = "  /** Where to go on: the `checkpoint` of a page or of an error, from a listing with the same parameters. */
  checkpoint?: string | undefined;
  /** More pages than this are an error. Default: 10,000. */
  maxPages?: number | undefined;
";

/// `queries.ts`: an interface for the options of each list.
pub fn queries() -> String {
    let mut out = String::from("// The options of lists. Made from the endpoints in Rust: edit those.\n\n");
    out += "import type { CallOptions } from '../options.js';\n";
    for Entry { method, query, parameters, .. } in entries().filter(|entry| entry.extent == Extent::Page) {
        out += &format!("\n/** What `{method}` takes. */\nexport interface {query} extends CallOptions {{\n");
        for Parameter { option, kind, doc, .. } in *parameters {
            out += &format!("  /** {} */\n  {option}?: {} | undefined;\n", doc.trim(), type_of(*kind));
        }
        out += &format!("{OF_LISTS}}}\n");
    }
    out
}

fn type_of(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Date | ParameterKind::DateNotBefore(_) => "string".into(),
        ParameterKind::Word(words, _) => {
            words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ")
        }
        ParameterKind::Limit => "number".into(),
        ParameterKind::Flag => "boolean".into(),
    }
}

/// `messages.ts`: the rows of each endpoint, and the builder for each message.
pub fn messages() -> String {
    let rows: BTreeSet<&str> = Message::ALL.iter().map(|message| message.row().name).collect();
    let names = |prefix: &str| rows.iter().map(|row| format!("{prefix}{row}")).collect::<Vec<_>>().join(", ");
    let mut out = String::from(
        "// Builds the rows that a body was read as. Made from the endpoints in Rust: edit those.\n\n",
    );
    out += "import { buildAll } from '../tape.js';\n";
    out += &format!("import type {{ {} }} from './models.js';\n", names(""));
    out += &format!("import {{ {} }} from './rows.js';\n", names("build"));
    out += "\n/** The rows of each method that reads an endpoint. */\nexport interface EndpointRows {\n";
    for endpoint in Endpoint::ALL {
        out += &format!("  {}: {};\n", endpoint.entry().method, endpoint.message().row().name);
    }
    out += "}\n\n/** What a body was read as: the numbers of the decoder's `Message`. */\nexport type Message = ";
    out += &Message::ALL.iter().map(|message| number(*message)).collect::<Vec<_>>().join(" | ");
    out += ";\n\n/** The rows of a list, or the one object. It copies what it keeps: the buffers may be the wasm instance's memory. */\n";
    out += "export function build(\n  message: Message,\n  texts: Uint8Array,\n  tape: Uint32Array,\n  aux: Uint8Array,\n): ";
    let results = rows.iter().map(|row| format!("{row} | {row}[]")).collect::<Vec<_>>().join(" | ");
    out += &format!("{results} {{\n  switch (message) {{\n");
    for message in Message::ALL {
        let row = message.row().name;
        let one =
            if message.body().shape == Shape::Envelope { String::new() } else { format!("[0] as {row}") };
        out += &format!("    case {}: // {message:?}\n", number(*message));
        out += &format!("      return buildAll(texts, tape, aux, build{row}){one};\n");
    }
    out + "  }\n}\n"
}

fn number(message: Message) -> String {
    (message as u8).to_string()
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    Endpoint::ALL.iter().map(|endpoint| endpoint.entry())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_each_has_the_builder_of_its_rows() {
        let written = messages();
        let cases: Vec<&str> = written.split("    case ").skip(1).collect();
        assert_eq!(cases.len(), Message::ALL.len());
        for (case, message) in cases.iter().zip(Message::ALL) {
            assert!(case.starts_with(&format!("{}: ", *message as u8)), "{case}");
            assert!(case.contains(&format!(", build{})", message.row().name)), "{case}");
        }
        assert!(written.contains("buildAll(texts, tape, aux, buildAccount)[0] as Account;"));
        assert!(written.contains("  balances: Balance;\n"));
    }

    #[test]
    fn queries_each_list_has_its_options_and_those_of_every_list() {
        let written = queries();
        let lists: Vec<&Entry> = entries().filter(|entry| entry.extent == Extent::Page).collect();
        assert_eq!(written.matches("export interface ").count(), lists.len());
        for Entry { query, options, .. } in lists {
            let interface = written.split(&format!("interface {query} ")).nth(1).unwrap();
            let interface = interface.split("\n}\n").next().unwrap();
            let members: Vec<&str> = interface
                .lines()
                .filter_map(|line| line.split_once("?: "))
                .map(|(name, _)| name.trim())
                .collect();
            assert_eq!(members, *options);
        }
        assert!(written.contains("  status?: 'booked' | 'pending' | 'all' | undefined;\n"));
    }
}
