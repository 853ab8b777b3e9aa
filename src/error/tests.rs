#![allow(clippy::string_slice, reason = "a test that panics fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

#[test]
fn a_servers_text_loses_account_numbers_and_the_secrets_of_the_call() {
    let error = Error::server(
        Class::Api,
        Kind::ServerError,
        "x",
        "bad token s3cr3t-token for DE89370400440532013000",
    )
    .without(&["s3cr3t-token"]);
    assert_eq!(error.message, "bad token [redacted] for DE** **** 3000");
}
#[test]
fn the_whole_chain_of_causes_loses_them_too() {
    let mut error = Error::of(Kind::NetworkError);
    let cause = Cause {
        name: "s3cr3t Error".into(),
        message: "s3cr3t".into(),
        code: Some("E_s3cr3t_DE89370400440532013000".into()),
    };
    error.causes = vec![cause.clone(), cause];
    let shown = error.without(&["s3cr3t"]).to_json();
    assert!(!shown.contains("s3cr3t") && !shown.contains("370400440532013000"), "{shown}");
}

/// The kinds of this SDK's own errors.
fn kinds() -> impl Iterator<Item = Kind> {
    table::SECTIONS.iter().flat_map(|section| section.entries).map(|entry| entry.kind)
}

/// Every message: those of the rows and those of single places.
fn messages() -> impl Iterator<Item = &'static str> {
    kinds().map(|kind| kind.row().message).chain(wording::ALL.iter().map(|wording| wording.message))
}

#[test]
fn table_each_kind_has_a_code_of_its_own_a_class_a_message_a_cause_and_a_cure() {
    let mut codes = BTreeSet::new();
    for entry in table::SECTIONS.iter().flat_map(|section| section.entries) {
        let row = entry.kind.row();
        assert!(row.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", row.code);
        assert!(codes.insert(row.code), "{} is there twice", row.code);
        assert!(!row.message.is_empty(), "{}", row.code);
        assert!(entry.cause.len() > 5 && entry.cure.len() > 5, "{}", row.code);
        let error = Error::of(entry.kind);
        assert_eq!((error.kind, error.class, error.code.as_str()), (entry.kind, row.class, row.code));
        assert_eq!((error.retryable, error.reauth_required), (row.retryable, row.reauth_required));
    }
    assert_eq!(codes.len(), Kind::GrantRefused as usize, "each kind stands in a section");
    for known in known_codes::KNOWN_CODES {
        assert!(codes.insert(known.code), "{} is a code of this SDK or there twice", known.code);
        assert!(known.cause.len() > 5 && known.cure.len() > 5, "{}", known.code);
    }
}

#[test]
fn table_each_class_has_a_kind_or_a_known_code() {
    let known = known_codes::KNOWN_CODES.iter().map(|known| known.class);
    let used: Vec<Class> = kinds().map(|kind| kind.row().class).chain(known).collect();
    for class in Class::ALL {
        assert!(used.contains(&class), "{}", class.name());
    }
}

/// Words that the texts do without: the subject, or a standard term, is clearer.
const UNWANTED: [&str; 8] =
    ["told", "whoever", "anew", "somebody", "not here any more", "expected one", "illegal", "please"];

/// How a sentence begins that says what to do.
const ACTIONS: [&str; 25] = [
    "Add",
    "Allow",
    "Ask",
    "Begin",
    "Bring",
    "Call",
    "Check",
    "Close",
    "Complete",
    "Configure",
    "Connect",
    "Create",
    "Do",
    "End",
    "Except",
    "Go on",
    "Leave",
    "List",
    "Pass",
    "Register",
    "Repair",
    "Report",
    "Restore",
    "Serve",
    "Use",
];

/// Returns what is wrong with a text that a user may meet.
fn fault(text: &str) -> Option<String> {
    let outside: Vec<&str> = text.split('`').step_by(2).collect();
    let words = outside
        .iter()
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && !['_', '\''].contains(&c)));
    let is_name = |word: &str| {
        let starts_low = word.starts_with(|c: char| c.is_ascii_lowercase());
        starts_low && word != "iOS" && word.contains(|c: char| c.is_ascii_uppercase() || c == '_')
    };
    if let Some(name) = words.into_iter().find(|word| is_name(word)) {
        return Some(format!("{name} is not in backticks"));
    }
    let low = text.to_lowercase();
    if let Some(word) = UNWANTED.iter().find(|word| low.contains(*word)) {
        return Some(format!("it says {word}"));
    }
    (text.matches(". ").count() > 1).then(|| "it has more than two sentences".into())
}

#[test]
fn texts_of_the_table_say_in_two_sentences_what_is_wrong_and_what_to_do() {
    for message in messages() {
        // A detail is a sentence of its own where it opens the message, and a phrase elsewhere.
        let text = match message.strip_prefix("{} ") {
            Some(cure) => format!("Wrong. {cure}"),
            None => message.replace("{}", "x"),
        };
        assert_eq!(fault(&text), None, "{message}");
        if [Kind::InvalidOption, Kind::AuthorizationRefused, Kind::Aborted]
            .map(|kind| kind.row().message)
            .contains(&message)
        {
            continue;
        }
        let Some((_, cure)) = text.split_once(". ") else { panic!("it says not what to do: {message}") };
        assert!(ACTIONS.iter().any(|action| cure.starts_with(action)) && text.ends_with('.'), "{message}");
    }
}

#[test]
fn texts_of_field_errors_name_the_path_what_must_stand_there_and_what_was_found() {
    let error = Error::option(FieldError::new("limit", "an integer from 1 to 500", "a fraction"));
    assert_eq!(error.message, "`limit` must be an integer from 1 to 500, got a fraction.");
    let error = Error::response(FieldError::new("jwks.keys", "an array of keys", "another value"));
    assert_eq!(
        error.message,
        "`jwks.keys` must be an array of keys, got another value. Report it to Oakford."
    );
}

/// Returns the string literals of a source; raw ones, which hold data, are left out.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'', '#']) {
        let (from, next) = (&rest[at..], &rest[at + 1..]);
        rest = if from.starts_with("//") {
            from.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(raw) = from.strip_prefix("#\"") {
            raw.split_once("\"#").map_or("", |(_, after)| after)
        } else if from.starts_with("'\"'") || from.starts_with("'\\") {
            &from[3..]
        } else if let Some(text) = from.strip_prefix('"') {
            let mut escaped = false;
            let ends = |c: char| {
                let is_end = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                is_end
            };
            let end = text.find(ends).unwrap();
            // A backslash at the end of a line leaves out the spaces that follow.
            let lines = text[..end].split("\\\n").map(str::trim_start);
            found.push(lines.collect::<String>());
            &text[end + 1..]
        } else {
            next
        };
    }
    found
}

#[test]
fn texts_of_the_sources_keep_to_the_rules_too() {
    // Comments for the documentation, tests, and the table, which has rules of its own.
    const APART: [&str; 5] = ["/bin/", "/testing/", "/layers.rs", "/aisp/models.rs", "/error/table.rs"];
    let mut faults = Vec::new();
    let mut read = 0;
    for (path, source) in all_texts() {
        if APART.iter().any(|part| path.contains(part)) {
            continue;
        }
        let is_prose = |text: &String| {
            *text != "openid accounts offline_access"
                && text.split(' ').filter(|word| word.len() > 1).count() > 2
        };
        for text in literals(&source).into_iter().filter(is_prose) {
            let opens =
                ["expected", "must be", "got ", "found "].iter().find(|word| text.starts_with(**word));
            let fault = fault(&text).or(opens.map(|word| format!("it begins with {word}")));
            faults.extend(fault.map(|fault| format!("{path}: {fault}: {text}")));
            read += 1;
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(read > 80, "{read}");
}

#[test]
fn table_the_text_of_an_unknown_outcome_holds_with_and_without_a_retry_instant() {
    let row = Kind::RefreshOutcomeUnknown.row();
    assert!(row.message.contains("from `retryAt` on if there is one"), "{}", row.message);
}

#[test]
fn table_the_kinds_of_servers_have_no_row() {
    for kind in [Kind::GrantRefused, Kind::ClientRefused, Kind::RequestRefused, Kind::ServerError] {
        assert_eq!(kind.row().message, "");
        let error = Error::server(Class::OAuth, kind, "access_denied", "No");
        assert_eq!((error.kind, error.code.as_str(), error.message.as_str()), (kind, "access_denied", "No"));
    }
}

#[test]
fn error_a_detail_stands_in_the_message_and_is_redacted() {
    let error = Error::with_detail(Kind::TokenStoreFailed, "get of DE89370400440532013000");
    assert!(
        error.message.starts_with("The token store's get of DE** **** 3000 failed, "),
        "{}",
        error.message
    );
}

/// The sources below `folder`, without their tests.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            found.push((path.display().to_string(), code.into()));
        }
    }
}

/// All sources, with their comments.
fn all_texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn all_sources() -> Vec<(String, String)> {
    let code_of = |line: &str| String::from(line.split("//").next().unwrap());
    let code = |text: String| text.lines().map(code_of).collect::<Vec<_>>().join("\n");
    all_texts().into_iter().map(|(path, text)| (path, code(text))).collect()
}

/// The kinds that stand behind each `start` in a source.
fn kinds_behind<'a>(source: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let is_name = |c: char| !c.is_alphanumeric();
    source.split(start).skip(1).filter_map(move |rest| {
        rest.trim_start().strip_prefix("Kind::").and_then(|rest| rest.split(is_name).next())
    })
}

#[test]
fn sources_each_detail_has_a_place_in_its_message_and_each_place_has_a_detail() {
    let has_place = |name: &str| {
        let kind = kinds().find(|kind| format!("{kind:?}") == name);
        kind.is_some_and(|kind| kind.row().message.contains("{}"))
    };
    let (mut plain, mut detailed) = (0, 0);
    for (path, source) in all_sources() {
        for name in kinds_behind(&source, "Error::of(") {
            assert!(!has_place(name), "{path}: {name} needs a detail");
            plain += 1;
        }
        for start in ["Error::with_detail(", "Error::with_field_error("] {
            for name in kinds_behind(&source, start) {
                assert!(has_place(name), "{path}: {name} takes no detail");
                detailed += 1;
            }
        }
    }
    assert!(plain > 30 && detailed > 5, "{plain}, {detailed}");
}

#[test]
fn sources_each_kind_that_the_core_makes_is_made() {
    let sources = all_sources();
    for entry in table::SECTIONS.iter().flat_map(|section| section.entries) {
        let name = format!("Kind::{:?}", entry.kind);
        let is_made = sources.iter().any(|(_, source)| {
            source.split(&name).skip(1).any(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        assert_eq!(is_made, entry.made_by != table::Maker::Host, "{name}");
    }
}

/// The comparison that a flow makes with the text of an error, if there is one.
fn comparison(source: &str) -> Option<&str> {
    const AFTER: [&str; 9] = [
        " ==",
        " !=",
        " {",
        ".as_str()",
        ".as_deref()",
        ".starts_with(",
        ".ends_with(",
        ".contains(",
        ".eq(",
    ];
    [".code", ".server_code", ".message"].iter().find_map(|field| {
        source.match_indices(field).find_map(|(at, _)| {
            let (before, after) = (&source[..at], &source[at + field.len()..]);
            let variable = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
            let is_compared = AFTER.iter().any(|next| after.starts_with(next))
                || ["== ", "!= ", "== &", "!= &"].iter().any(|operator| variable.ends_with(operator));
            is_compared.then(|| source[variable.len()..].lines().next().unwrap())
        })
    })
}

#[test]
fn sources_no_flow_decides_by_the_text_of_a_code_or_message() {
    for text in
        ["if error.code == \"x\" {", "match error.code.as_str() {", "a == why.code", "match &*error.code {"]
    {
        assert!(comparison(text).is_some(), "{text}");
    }
    let is_flow =
        |path: &str| ["engine", "wasm"].iter().any(|layer| path.contains(&format!("/src/{layer}/")));
    let flows: Vec<_> = all_sources().into_iter().filter(|(path, _)| is_flow(path)).collect();
    assert!(flows.len() > 10, "{}", flows.len());
    for (path, source) in flows {
        assert_eq!(comparison(&source), None, "{path}");
    }
}
