//! Writes what is made from the models, the endpoints and the table of errors.
//!
//! `cargo run --bin generate -- pkg-template/src/generated` writes the package's TypeScript; `-- --json` prints the models' tables, for the
//! check against `openapi.yaml`; `-- --docs` writes the tables of `docs/errors.md` and the codes of the Python package;
//! `-- --python` writes the stubs of the Python package.

#[cfg(not(target_arch = "wasm32"))]
mod endpoints;
#[cfg(not(target_arch = "wasm32"))]
mod errors;
#[cfg(not(target_arch = "wasm32"))]
mod models;
#[cfg(not(target_arch = "wasm32"))]
mod python;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::io::Result<()> {
    use std::fs;
    match std::env::args().nth(1).as_deref() {
        Some("--json") => {
            println!("{}", models::json());
            Ok(())
        }
        Some("--docs") => {
            fs::write(errors::PATH, errors::documentation(&fs::read_to_string(errors::PATH)?))?;
            fs::write(errors::PYTHON, errors::python())
        }
        Some("--python") => fs::write(python::PATH, python::stubs()),
        Some(folder) => {
            fs::create_dir_all(folder)?;
            let folder = std::path::Path::new(folder);
            fs::write(folder.join("models.ts"), models::types())?;
            fs::write(folder.join("words.ts"), models::words())?;
            fs::write(folder.join("rows.ts"), models::builders())?;
            fs::write(folder.join("queries.ts"), endpoints::queries())?;
            fs::write(folder.join("messages.ts"), endpoints::messages())?;
            fs::write(folder.join("codes.ts"), errors::codes())?;
            fs::write(folder.join("host-errors.ts"), errors::host_errors())
        }
        None => Err(std::io::Error::other("usage: generate <folder> | --json | --docs | --python")),
    }
}

/// The documentation of models and errors isn't in the wasm module, and neither is this.
#[cfg(target_arch = "wasm32")]
fn main() {}
