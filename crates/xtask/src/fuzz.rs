//! `cargo xtask fuzz`: random messages for the SOAP parser, guided by what they reach.

use crate::run::{answers, cargo, root, run, say};
use anyhow::Result;
use std::process::Command;

/// Fuzzes for some seconds. Coverage guidance needs the nightly toolchain; without one, this says so and does not fail.
pub fn fuzz(seconds: &str) -> Result<()> {
    if !answers("rustup", &["run", "nightly", "rustc", "--version"]) {
        say("Skipped: fuzzing needs a nightly toolchain (rustup toolchain install nightly)");
        return Ok(());
    }
    if !answers("cargo", &["fuzz", "--version"]) {
        say("Installing cargo-fuzz");
        run(&mut cargo(&["install", "cargo-fuzz", "--locked", "--version", "0.13.1"]))?;
    }
    say(&format!("Fuzzing the SOAP parser for {seconds} s"));
    let limit = format!("-max_total_time={seconds}");
    run(Command::new("rustup")
        .args([
            "run",
            "nightly",
            "cargo",
            "fuzz",
            "run",
            "soap",
            "--",
            &limit,
            "-max_len=65536",
            "-timeout=5",
        ])
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .current_dir(root().join("fuzz")))
}
