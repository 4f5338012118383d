//! `cargo xtask fuzz`: random messages for everything that reads what strangers send, guided by what they reach.

use crate::run::{answers, cargo, root, run, say};
use anyhow::Result;

/// The targets of `fuzz/`, and the largest input of each in bytes.
const TARGETS: [(&str, u32); 4] =
    [("soap", 65_536), ("rst", 32_768), ("c14n", 16_384), ("signature", 16_384)];

/// Fuzzes every target for its share of some seconds, or one of them for all.
///
/// Guidance by coverage asks the compiler for flags it keeps for nightly toolchains; `RUSTC_BOOTSTRAP` makes the stable
/// one take them, so that no second toolchain is needed.
pub fn fuzz(seconds: u64, only: Option<&str>) -> Result<()> {
    if !answers("cargo", &["fuzz", "--version"]) {
        say("Installing cargo-fuzz");
        run(&mut cargo(&["install", "cargo-fuzz", "--locked", "--version", "0.13.1"]))?;
    }
    let targets: Vec<_> = TARGETS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)).collect();
    let share = seconds / targets.len().max(1) as u64;
    for (name, bytes) in targets {
        say(&format!(
            "Fuzzing {name} for {share} s (building it for that takes some minutes the first time)"
        ));
        let (time, size) = (format!("-max_total_time={share}"), format!("-max_len={bytes}"));
        run(cargo(&[
            "fuzz",
            "run",
            name,
            "--",
            &time,
            &size,
            "-timeout=5",
            "-verbosity=0",
            "-print_final_stats=1",
        ])
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTFLAGS")
        .current_dir(root().join("fuzz")))?;
    }
    Ok(())
}
