//! The house rules a machine can check. The allowed arrows are the table below; change it only with ARCHITECTURE.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which of our crates each crate may use, development aside.
const ARROWS: [(&str, &[&str]); 31] = [
    ("bitemporal", &[]),
    ("xml", &[]),
    ("identity", &["bitemporal", "oio", "xml"]),
    ("wss", &["bitemporal", "identity", "oio", "xml"]),
    ("oio", &["bitemporal"]),
    ("administration", &["besked", "bitemporal", "oio", "xml"]),
    ("adgang", &["administration", "bitemporal", "oio"]),
    ("imports", &["bitemporal", "indeks", "oio", "xml"]),
    ("store", &["adgang", "bitemporal", "oio"]),
    ("app", &["adgang", "administration", "bitemporal", "identity", "oio", "store", "xml"]),
    ("besked", &["bitemporal", "oio", "xml"]),
    ("indeks", &["bitemporal", "oio", "xml"]),
    ("udskrift", &[]),
    ("amqp", &["app", "besked", "bitemporal"]),
    ("rabbit", &["bitemporal", "oio", "store"]),
    (
        "beskedfordeler",
        &[
            "adgang",
            "administration",
            "app",
            "besked",
            "bitemporal",
            "identity",
            "indeks",
            "oio",
            "rabbit",
            "store",
            "xml",
        ],
    ),
    ("mail", &[]),
    ("login", &["app", "bitemporal", "identity", "oio", "store"]),
    ("styring", &["adgang", "administration", "app", "bitemporal", "identity", "oio", "store", "udskrift"]),
    ("adminmodul", &["administration", "app", "bitemporal", "login", "oio", "store", "styring", "udskrift"]),
    ("adminapi", &["administration", "app", "bitemporal", "login", "oio", "store", "styring"]),
    ("registers", &["adgang", "app", "bitemporal", "imports", "oio", "store"]),
    ("indekser", &["adgang", "administration", "app", "bitemporal", "indeks", "oio", "store"]),
    (
        "soap",
        &[
            "administration",
            "adgang",
            "app",
            "besked",
            "beskedfordeler",
            "bitemporal",
            "identity",
            "indeks",
            "indekser",
            "oio",
            "registers",
            "store",
            "wss",
            "xml",
        ],
    ),
    ("stsadmin", &["administration", "app", "bitemporal", "identity", "oio", "styring"]),
    ("sts", &["administration", "app", "bitemporal", "identity", "oio", "store", "wss", "xml"]),
    (
        "fundament",
        &[
            "adgang",
            "administration",
            "adminapi",
            "adminmodul",
            "amqp",
            "app",
            "besked",
            "beskedfordeler",
            "bitemporal",
            "identity",
            "imports",
            "indeks",
            "indekser",
            "login",
            "mail",
            "oio",
            "registers",
            "soap",
            "store",
            "sts",
            "stsadmin",
            "styring",
            "xml",
        ],
    ),
    ("testkit", &["bitemporal", "identity", "wss", "xml"]),
    (
        "bench",
        &[
            "administration",
            "adminmodul",
            "app",
            "bitemporal",
            "identity",
            "login",
            "oio",
            "store",
            "styring",
            "testkit",
            "wss",
            "xml",
        ],
    ),
    ("xtask", &[]),
    ("fuzz", &[]),
];

/// Crates without async, I/O, clock or chance.
const PURE: [&str; 11] = [
    "bitemporal",
    "xml",
    "identity",
    "wss",
    "oio",
    "administration",
    "adgang",
    "imports",
    "besked",
    "indeks",
    "udskrift",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

fn crates() -> Vec<String> {
    let folders = fs::read_dir(root().join("crates")).expect("crates/");
    let mut names: Vec<String> =
        folders.map(|f| f.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The names under a heading of a crate's manifest.
fn dependencies(name: &str, heading: &str) -> Vec<String> {
    let manifest =
        fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).expect("a manifest");
    let section =
        manifest.split("\n[").find_map(|s| s.strip_prefix(&format!("{heading}]\n"))).unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|n| !n.is_empty() && !n.starts_with('#')).map(str::to_owned).collect()
}

/// Every Rust file of a crate's `src`, with its text.
fn sources(name: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("crates").join(name).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&entry).expect("a source file");
                files.push((entry, text));
            }
        }
    }
    files
}

/// The text before its tests, without comments.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]").next().unwrap_or_default();
    body.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn tracked() -> Vec<String> {
    let output =
        Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git is there");
    String::from_utf8_lossy(&output.stdout).split('\0').filter(|f| !f.is_empty()).map(str::to_owned).collect()
}

#[test]
fn arrows_point_only_as_drawn() {
    let ours = crates();
    for name in &ours {
        let allowed =
            ARROWS.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name} is not in the table")).1;
        for dependency in dependencies(name, "dependencies").iter().filter(|d| ours.contains(d)) {
            assert!(allowed.contains(&dependency.as_str()), "{name} may not use {dependency}");
        }
    }
}

#[test]
fn pure_crates_are_pure() {
    for name in PURE {
        let dependencies = dependencies(name, "dependencies");
        for impure in ["tokio", "rusqlite", "tokio-postgres", "axum", "rustls"] {
            assert!(!dependencies.iter().any(|d| d == impure), "{name} may not use {impure}");
        }
        for (path, text) in sources(name) {
            for word in ["std::fs", "std::net", "std::env", "std::time::SystemTime", "async fn"] {
                assert!(
                    !code(&text).contains(word),
                    "{}: {word} has no place in a pure crate",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn fuzzers_are_built_of_pure_crates() {
    let lock = fs::read_to_string(root().join("fuzz/Cargo.lock")).expect("the lock file of the fuzzers");
    let has = |name: &str| lock.contains(&format!("name = \"{name}\"\n"));
    assert!(has("libfuzzer-sys") && has("soap"), "the lock file of the fuzzers");
    for impure in ["tokio", "rusqlite", "tokio-postgres", "axum", "rustls", "store", "app"] {
        assert!(!has(impure), "the fuzzers reach {impure}, which takes long to build");
    }
}

#[test]
fn sql_stands_in_the_store_alone() {
    for name in crates().iter().filter(|n| !["store", "bench", "xtask"].contains(&n.as_str())) {
        for (path, text) in sources(name) {
            for word in ["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE"] {
                assert!(!code(&text).contains(word), "{}: SQL belongs in store", path.display());
            }
        }
    }
}

#[test]
fn files_and_environment_are_the_binarys() {
    // The store locks its file and reads the certificate its URL names; the rest is for development.
    let may = ["fundament", "xtask", "bench", "testkit", "store"];
    for name in crates().iter().filter(|n| !may.contains(&n.as_str())) {
        for (path, text) in sources(name) {
            for word in ["std::fs", "std::env", "File::open"] {
                assert!(!code(&text).contains(word), "{}: {word} belongs in the binary", path.display());
            }
        }
    }
}

#[test]
fn adgang_is_made_in_two_places() {
    // Work the system does itself, each with a reason of its own.
    let may = ["crates/app/src/app.rs", "crates/adgang/src/adgang.rs"];
    for name in crates() {
        for (path, text) in sources(&name) {
            let relative = path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
            let test = relative.contains("/tests") || name == "store";
            assert!(
                test || may.contains(&relative.as_str()) || !code(&text).contains("Adgang::system("),
                "{relative}: Adgang::system is called by App::system_adgang only"
            );
        }
    }
}

#[test]
fn no_path_of_one_machine_and_no_unfinished_mark() {
    let marks =
        [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["TO", "DO"].concat(), ["FIX", "ME"].concat()];
    for file in tracked().iter().filter(|f| !f.ends_with(".lock") && *f != "LICENSE") {
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{file} holds {mark}");
        }
    }
}

#[test]
#[ignore = "needs the official contracts and the KLE file; cargo xtask test brings them"]
fn no_official_file_is_in_the_repository() {
    let hash = |path: &Path| {
        let output =
            Command::new("git").args(["hash-object", "--no-filters", "--"]).arg(path).output().expect("git");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let mut official = std::collections::HashSet::new();
    for (variable, folder) in [("FUNDAMENT_CONTRACTS", "contracts"), ("FUNDAMENT_DATA", "data")] {
        let default = root().join("../shared").join(folder);
        let mut folders = vec![std::env::var_os(variable).map_or(default, PathBuf::from)];
        while let Some(folder) = folders.pop() {
            for path in
                fs::read_dir(&folder).expect("the official files").map(|e| e.expect("an entry").path())
            {
                if path.is_dir() {
                    folders.push(path);
                } else if fs::metadata(&path).is_ok_and(|m| m.len() > 200) {
                    official.insert(hash(&path));
                }
            }
        }
    }
    assert!(official.len() > 100, "the official files were found");
    for file in tracked() {
        assert!(!official.contains(&hash(&root().join(&file))), "{file} is a copy of an official file");
    }
}
