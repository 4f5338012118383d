//! `cargo xtask fuzz`: random messages for everything that reads what strangers send, guided by what they reach.

use crate::run::{cargo, root, run, say};
use anyhow::{Context, Result, bail, ensure};
use std::path::PathBuf;
use std::process::Command;

/// The targets of `fuzz/`, and the largest input of each in bytes.
const TARGETS: [(&str, u32); 6] = [
    ("soap", 65_536),
    ("rst", 32_768),
    ("c14n", 16_384),
    ("signature", 16_384),
    ("indeks", 16_384),
    ("login", 32_768),
];

/// What libFuzzer is guided by, as `cargo fuzz` asks for it: every edge counted, every comparison seen, memory watched.
const FLAGS: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-sanitizer-coverage-stack-depth",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Zsanitizer=address",
];

/// Fuzzes every target for its share of some seconds, or one of them for all.
pub fn fuzz(seconds: u64, only: Option<&str>) -> Result<()> {
    let targets: Vec<_> = TARGETS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)).collect();
    ensure!(!targets.is_empty(), "no target is called '{}'", only.unwrap_or_default());
    build()?;
    let (folder, programs) = (folder(), programs()?);
    let share = seconds / targets.len() as u64;
    for (name, bytes) in targets {
        say(&format!("Fuzzing {name} for {share} s"));
        let [corpus, artifacts] = ["corpus", "artifacts"].map(|kind| folder.join(kind).join(name));
        for made in [&corpus, &artifacts] {
            std::fs::create_dir_all(made).with_context(|| format!("make {}", made.display()))?;
        }
        run(Command::new(programs.join(name))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(format!("-max_total_time={share}"))
            .arg(format!("-max_len={bytes}"))
            .args(["-timeout=5", "-verbosity=0", "-print_final_stats=1"])
            .arg(corpus)
            .env("ASAN_OPTIONS", "detect_odr_violation=0")
            .current_dir(&folder))?;
    }
    Ok(())
}

/// Builds all of them.
///
/// Guidance by coverage asks the compiler for flags it keeps for nightly toolchains; `RUSTC_BOOTSTRAP` makes the stable
/// one take them, so that no second toolchain is needed.
pub fn build() -> Result<()> {
    say("Building the fuzzers");
    // With a target named, the flags are for the programs alone, not for what builds them.
    run(cargo(&["build", "--release", "--bins", "--target", &host()?])
        .current_dir(folder())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", format!("{} --cfg fuzzing", FLAGS.join(" ")))
        .env_remove("CARGO_TARGET_DIR"))
}

fn folder() -> PathBuf {
    root().join("fuzz")
}

/// Where the fuzzers are built to.
fn programs() -> Result<PathBuf> {
    Ok(folder().join("target").join(host()?).join("release"))
}

/// The machine this is, as the compiler names it.
fn host() -> Result<String> {
    let told = Command::new("rustc").arg("-vV").output().context("start rustc")?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    match told.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => bail!("rustc does not say which machine this is:\n{told}"),
    }
}
