//! Finds the built front end, so that its hashed names are constants.

use std::path::Path;

fn main() {
    // Where this is built, not where this program was: several checkouts may share a target folder.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let manifest = Path::new(&here).join("../../ui/dist/manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rerun-if-changed=templates");
    let Ok(text) = std::fs::read_to_string(&manifest) else {
        println!(
            "cargo::error=The front end is not built (ui/dist is missing): run `cargo xtask ui` and build again."
        );
        return;
    };
    for (name, variable) in
        [("fundament.css", "UI_CSS"), ("fundament.js", "UI_JS"), ("icons.svg", "UI_ICONS")]
    {
        // The manifest is an object of strings: "name": "hashed name".
        let words: Vec<&str> = text.split('"').collect();
        let found = words.iter().position(|word| *word == name).and_then(|at| words.get(at + 2));
        let Some(hashed) = found else {
            println!(
                "cargo::error=ui/dist/manifest.json does not name {name}: run `cargo xtask ui` and build again."
            );
            return;
        };
        println!("cargo::rustc-env={variable}={hashed}");
    }
}
