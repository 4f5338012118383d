//! `cargo xtask ui`: the front end, built into `ui/dist` for the binary to take in.

use crate::install;
use crate::run::{answers, root, run, say};
use anyhow::Result;
use std::process::Command;

/// Builds the front end.
pub fn ui() -> Result<()> {
    install::debian("Node.js", &["nodejs", "npm"], || {
        answers("node", &["--version"]) && answers("npm", &["--version"])
    })?;
    say("Building the front end");
    npm(&["ci", "--no-audit", "--no-fund"])?;
    npm(&["run", "build"])
}

/// Checks the types of its scripts, and what they judge; built first.
pub fn check() -> Result<()> {
    say("Types and tests of the front end");
    npm(&["run", "check"])
}

fn npm(args: &[&str]) -> Result<()> {
    run(Command::new("npm").args(args).current_dir(root().join("ui")))
}
