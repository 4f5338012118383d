//! `cargo xtask fuzz`: random messages for the SOAP parser, guided by what they reach.

use crate::run::{answers, cargo, root, run, say};
use anyhow::Result;

/// Fuzzes for some seconds.
///
/// Guidance by coverage asks the compiler for flags it keeps for nightly toolchains; `RUSTC_BOOTSTRAP` makes the stable
/// one take them, so that no second toolchain is needed.
pub fn fuzz(seconds: &str) -> Result<()> {
    if !answers("cargo", &["fuzz", "--version"]) {
        say("Installing cargo-fuzz");
        run(&mut cargo(&["install", "cargo-fuzz", "--locked", "--version", "0.13.1"]))?;
    }
    say(&format!(
        "Fuzzing the SOAP parser for {seconds} s (building it for that takes some minutes the first time)"
    ));
    let limit = format!("-max_total_time={seconds}");
    run(cargo(&["fuzz", "run", "soap", "--", &limit, "-max_len=65536", "-timeout=5"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTFLAGS")
        .current_dir(root().join("fuzz")))
}
