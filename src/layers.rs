//! Shows that imports between modules run one way and in no circle.
#![allow(clippy::string_slice, reason = "a test that panics fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// From the top down: a module imports from its own layer and those below it.
const LAYERS: [&[&str]; 5] = [
    &["wasm", "bench"],
    &["engine"],
    &["config", "grant", "refresh_token"],
    &["aisp", "oauth"],
    &["http", "json", "error", "options", "redact", "time", "digits", "base64url"],
];

/// A module's path, such as `http::limiter`; empty for the crate's root.
type Name = Vec<String>;

/// The modules and what each imports, tests left out.
fn imports() -> BTreeMap<Name, BTreeSet<Name>> {
    let mut sources = BTreeMap::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut Vec::new(), &mut sources);
    let paths: BTreeMap<Name, Vec<(bool, Name)>> =
        sources.iter().map(|(module, source)| (module.clone(), paths(source))).collect();
    // A name that a folder's module hands on belongs to the module below it.
    let mut handed_on = BTreeMap::new();
    for (module, paths) in &paths {
        for (_, path) in paths.iter().filter(|(public, _)| *public) {
            if let Some(target) = resolve(module, path, &sources, &BTreeMap::new()) {
                handed_on.insert((module.clone(), path.last().cloned().unwrap_or_default()), target);
            }
        }
    }
    let of = |module: &Name, paths: &[(bool, Name)]| {
        let own = |(public, path): &&(bool, Name)| {
            *public && resolve(module, path, &sources, &handed_on).is_some_and(|to| to.starts_with(module))
        };
        let used = paths.iter().filter(|path| !own(path));
        used.filter_map(|(_, path)| resolve(module, path, &sources, &handed_on))
            .filter(|to| to != module)
            .collect()
    };
    paths.iter().map(|(module, paths)| (module.clone(), of(module, paths))).collect()
}

fn collect(folder: &Path, module: &mut Name, sources: &mut BTreeMap<Name, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            module.push(name);
            collect(&path, module, sources);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut full = module.clone();
            full.extend((!matches!(name.as_str(), "mod" | "lib")).then_some(name));
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            let lines = code.lines().map(|line| line.split("//").next().unwrap());
            sources.insert(full, lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// The paths that a source names, with whether it hands them on (`pub use`).
fn paths(source: &str) -> Vec<(bool, Name)> {
    let mut found = Vec::new();
    for statement in source.split(';') {
        let (rest, used) = match statement.rsplit_once("use ") {
            Some((rest, used)) if rest.is_empty() || rest.ends_with(['\n', ' ', ')']) => (rest, used),
            _ => (statement, ""),
        };
        expand("", used.trim(), rest.trim_end().ends_with("pub"), &mut found);
        for root in ["crate::", "super::"] {
            for (at, _) in rest.match_indices(root) {
                let end = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
                let path = rest[at..].split(end).next().unwrap();
                expand("", path, false, &mut found);
            }
        }
    }
    found
}

/// Adds each path of `a::{b, c::d as e}`.
fn expand(prefix: &str, used: &str, public: bool, found: &mut Vec<(bool, Name)>) {
    let Some((head, list)) = used.split_once('{') else {
        let path = [prefix, used.split(" as ").next().unwrap()].concat();
        let names: Name =
            path.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        found.extend((!names.is_empty()).then_some((public, names)));
        return;
    };
    let (mut depth, mut start) = (0, 0);
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    for (at, character) in list.char_indices().chain([(list.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&[prefix, head].concat(), list[start..at].trim(), public, found);
                start = (at + 1).min(list.len());
            }
            _ => {}
        }
    }
}

/// The module of this crate that a path leads to.
fn resolve(
    module: &Name,
    path: &Name,
    sources: &BTreeMap<Name, String>,
    handed_on: &BTreeMap<(Name, String), Name>,
) -> Option<Name> {
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => Name::new(),
        "self" => module.clone(),
        "super" => {
            let up = path.iter().take_while(|name| *name == "super").count();
            rest = &path[up..];
            module[..module.len().saturating_sub(up)].to_vec()
        }
        child => {
            let below = [module.as_slice(), &[child.to_owned()]].concat();
            sources.contains_key(&below).then_some(below)?
        }
    };
    while let Some((next, after)) = rest.split_first() {
        let below = [at.as_slice(), std::slice::from_ref(next)].concat();
        if !sources.contains_key(&below) {
            return Some(handed_on.get(&(at.clone(), next.clone())).cloned().unwrap_or(at));
        }
        (at, rest) = (below, after);
    }
    Some(at)
}

fn layer(module: &Name) -> Option<usize> {
    let top = module.first()?;
    LAYERS.iter().position(|layer| layer.contains(&top.as_str()))
}

#[test]
fn layers_imports_run_from_hosts_down_to_values() {
    for (module, imports) in
        imports().iter().filter(|(module, _)| module.first().is_some_and(|top| top != "bin"))
    {
        if matches!(module.first().map(String::as_str), Some("layers" | "test_vectors") | None) {
            continue;
        }
        let from = layer(module).unwrap_or_else(|| panic!("{module:?} has no layer: name it in LAYERS"));
        for to in imports {
            assert!(
                layer(to).is_none_or(|to| to >= from),
                "{module:?} imports from a layer above it: {to:?}"
            );
        }
    }
}

#[test]
fn layers_modules_form_no_circle() {
    let mut imports = imports();
    loop {
        let open: BTreeSet<Name> = imports.keys().cloned().collect();
        let before = imports.len();
        imports.retain(|_, used| used.iter().any(|to| open.contains(to)));
        if imports.is_empty() {
            return;
        }
        assert!(imports.len() < before, "these modules import one another: {imports:#?}");
    }
}

#[test]
fn layers_paths_are_read_from_use_statements_and_expressions() {
    let source = "pub use a::{b, c::{D, E as F}};\nuse crate::x::Y;\nfn f() { crate::z::g(); super::h() }";
    let names: Vec<(bool, String)> =
        paths(source).into_iter().map(|(public, path)| (public, path.join("::"))).collect();
    for expected in [
        (true, "a::b"),
        (true, "a::c::D"),
        (true, "a::c::E"),
        (false, "crate::x::Y"),
        (false, "crate::z::g"),
        (false, "super::h"),
    ] {
        assert!(names.contains(&(expected.0, expected.1.into())), "{names:?}");
    }
}
