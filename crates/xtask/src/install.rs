//! Installing what is missing, and saying so.

use crate::run::{answers, run, say};
use anyhow::{Result, bail};
use std::process::Command;

/// Makes sure `there` holds, by installing Debian packages if it does not.
pub fn debian(what: &str, packages: &[&str], there: impl Fn() -> bool) -> Result<()> {
    if there() {
        return Ok(());
    }
    let list = packages.join(" ");
    if !answers("apt-get", &["--version"]) {
        bail!("{what} is missing; install it (on Debian: apt-get install {list}) and run this again");
    }
    say(&format!("{what} is missing: installing {list}"));
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"));
    let apt = |args: &[&str]| {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            command.arg("apt-get");
        }
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())?;
    if !there() {
        bail!("{what} is still missing after installing {list}");
    }
    Ok(())
}

/// A C compiler, for the bundled SQLite and the cryptography.
pub fn c_compiler() -> Result<()> {
    debian("a C compiler", &["build-essential"], || answers("cc", &["--version"]))
}
