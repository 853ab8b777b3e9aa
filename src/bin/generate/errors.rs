//! What is made from the table of errors: the tables of `docs/errors.md`, the TypeScript of codes and of the errors that hosts make.

use oakford_aisp::error::Class;
use oakford_aisp::error::known_codes::KNOWN_CODES;
use oakford_aisp::error::table::{Entry, Maker, SECTIONS};

/// Where the documentation of the errors is.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md");

/// Where the codes of the Python package are, beside its classes.
pub const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/python/oakford_aisp/_error_codes.py");

const SERVERS: &str = "Codes of the servers";
const HEAD: &str = "| code | class | cause | cure |\n| --- | --- | --- | --- |\n";

/// Returns the documentation with the table of each section made from the table of errors; its prose stays.
pub fn documentation(current: &str) -> String {
    let sections = SECTIONS.iter().map(|section| {
        let rows = section.entries.iter().map(|Entry { kind, cause, cure, .. }| {
            let row = kind.row();
            line(row.code, row.class, cause, cure)
        });
        (section.title, rows.collect::<String>())
    });
    let known = KNOWN_CODES.iter().map(|known| line(known.code, known.class, known.cause, known.cure));
    let servers = std::iter::once((SERVERS, known.collect()));
    let parts: Vec<&str> = current.split("\n## ").collect();
    let mut out = String::from(parts.first().copied().unwrap_or_default());
    for (title, rows) in sections.chain(servers) {
        let section = parts.iter().find_map(|part| part.strip_prefix(title));
        let prose = section.map_or("\n\n", |section| section.split("| code |").next().unwrap_or_default());
        out += &format!("\n## {title}{prose}{HEAD}{rows}");
    }
    out
}

fn line(code: &str, class: Class, cause: &str, cure: &str) -> String {
    format!("| <a id=\"{code}\"></a>`{code}` | {} | {cause} | {cure} |\n", class.name())
}

/// `codes.ts`: the codes of each class, as types.
pub fn codes() -> String {
    let mut out =
        String::from("// The codes of the errors. Made from the table of errors in Rust: edit that.\n\n");
    out += "/** The codes of this SDK's errors and the known codes of servers, by class. */\n";
    out += "export interface ErrorCodes {\n";
    for class in Class::ALL {
        out += &format!("  /** Codes of `{0}`. */\n  {0}:", class.name());
        codes_of(class).for_each(|code| out += &format!("\n    | '{code}'"));
        out += ";\n";
    }
    out + "}\n"
}

/// `host-errors.ts`: the errors that hosts make, each with its class, code and message.
pub fn host_errors() -> String {
    let mut out = String::from(
        "// The errors that are made outside of the core. Made from the table of errors in Rust: edit that.\n",
    );
    for entry in entries().filter(|entry| entry.made_by != Maker::Core) {
        let row = entry.kind.row();
        out += &format!("\n/** {}. */\n", entry.cause);
        out += &format!("export const {} = {{\n", row.code.to_uppercase());
        out += &format!("  class: '{}',\n  code: '{}',\n", row.class.name(), row.code);
        out += &format!("  message: {:?},\n", row.message);
        if row.retryable {
            out += "  retryable: true,\n";
        }
        if row.reauth_required {
            out += "  reauthRequired: true,\n";
        }
        out += "} as const;\n";
    }
    out
}

/// `_error_codes.py`: the codes of each class, as types, and the errors that the Python host makes.
pub fn python() -> String {
    let mut out = String::from(
        "\"\"\"The codes of the errors. Made from the table of errors in Rust: edit that, and run `npm run renew:errors`.\"\"\"\n\n\
         from typing import Any, Literal\n",
    );
    for class in Class::ALL {
        out += &format!("\n# Codes of `{}`; servers may send others.\n", class.name());
        out += &format!("{}Code = Literal[\n", class.name().trim_end_matches("Error"));
        codes_of(class).for_each(|code| out += &format!("    \"{code}\",\n"));
        out += "]\n";
    }
    for entry in entries().filter(|entry| entry.made_by == Maker::Both) {
        let row = entry.kind.row();
        out += &format!("\n# {}.\n", entry.cause);
        out += &format!("{}: dict[str, Any] = {{\n", row.code.to_uppercase());
        out += &format!("    \"class\": \"{}\",\n    \"code\": \"{}\",\n", row.class.name(), row.code);
        out += &format!("    \"message\": {:?},\n}}\n", row.message);
    }
    out
}

fn codes_of(class: Class) -> impl Iterator<Item = &'static str> {
    let own = entries().map(|entry| entry.kind.row()).filter(move |row| row.class == class);
    let known = KNOWN_CODES.iter().filter(move |known| known.class == class);
    own.map(|row| row.code).chain(known.map(|known| known.code))
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    SECTIONS.iter().flat_map(|section| section.entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_that_of_the_table() {
        let current = std::fs::read_to_string(PATH).unwrap();
        assert!(documentation(&current) == current, "run: npm run renew:errors");
    }

    #[test]
    fn documentation_a_changed_row_a_missing_row_and_a_missing_section_are_written_again() {
        let current = std::fs::read_to_string(PATH).unwrap();
        let changed = current.replacen("| TimeoutError |", "| ApiError |", 1);
        let missing: String =
            current.split_inclusive('\n').filter(|line| !line.contains("`aborted`")).collect();
        let section = current.replacen("\n## Defects\n", "\n## Other\n", 1);
        for wrong in [changed, missing, section] {
            assert!(wrong != current && documentation(&wrong) == current);
        }
    }

    #[test]
    fn python_codes_are_those_of_the_table() {
        assert!(std::fs::read_to_string(PYTHON).unwrap() == python(), "run: npm run renew:errors");
    }

    #[test]
    fn codes_each_code_stands_below_its_class() {
        let codes = codes();
        let class_of = |code: &str| {
            let before = codes.split(&format!("| '{code}'")).next().unwrap();
            before
                .lines()
                .filter_map(|line| line.strip_suffix("Error:"))
                .next_back()
                .unwrap()
                .trim()
                .to_owned()
        };
        assert_eq!(class_of("session_not_found"), "OAuth");
        assert_eq!(class_of("consent_expired"), "Consent");
        assert_eq!(codes.matches("| '").count(), entries().count() + KNOWN_CODES.len());
    }

    #[test]
    fn host_errors_are_those_that_hosts_make() {
        let written = host_errors();
        assert!(written.contains("export const WASM_BLOCKED = {\n  class: 'ConfigurationError',\n"));
        assert!(written.contains("export const INTERNAL_ERROR = {"));
        assert!(!written.contains("session_not_found"));
    }
}
