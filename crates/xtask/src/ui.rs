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
    let npm = |args: &[&str]| run(Command::new("npm").args(args).current_dir(root().join("ui")));
    npm(&["ci", "--no-audit", "--no-fund"])?;
    npm(&["run", "build"])
}
