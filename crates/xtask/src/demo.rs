//! `cargo xtask demo`: from a fresh machine to a running system.

use crate::install;
use crate::run::{cargo, root, run, say, target};
use crate::ui;
use anyhow::Result;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Builds the server and becomes it.
pub fn demo(args: &[String]) -> Result<()> {
    install::c_compiler()?;
    ui::ui()?;
    say("Building (the first time takes some minutes)");
    run(&mut cargo(&["build", "--release", "-p", "fundament"]))?;
    let args = args.iter().filter(|a| *a != "--");
    let cause =
        Command::new(target().join("release/fundament")).arg("demo").args(args).current_dir(root()).exec();
    Err(cause.into())
}
