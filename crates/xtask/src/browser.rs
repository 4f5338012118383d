//! `cargo xtask browser`: journeys through the Administrationsmodul in a real browser, from the first click to an effect
//! outside of it, and a look at every page.

use crate::install;
use crate::interop::{Ground, Server, binary};
use crate::run::{answers, cargo, root, run, say};
use crate::ui;
use anyhow::Result;
use std::process::Command;

/// So that what is changed by hand is seen by other nodes at once, and a receiver of webhooks can be on this machine.
const SETTINGS: &str = "politik_sekunder = 1\ninterne_vaerter = [\"localhost\"]\n";

/// All journeys, or those whose file begins with the argument, on what is built first.
pub fn alone(journeys: &[String]) -> Result<()> {
    ui::ui()?;
    run(&mut cargo(&["build", "-p", "fundament"]))?;
    browser(journeys)
}

/// Installs what the journeys need; gives the browser.
pub fn prepare() -> Result<String> {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
    install::debian("Chromium", &["chromium"], || answers(&chromium, &["--version"]))?;
    install::debian("openssl", &["openssl"], || answers("openssl", &["version"]))?;
    install::debian("pdftotext", &["poppler-utils"], || answers("pdftotext", &["-v"]))?;
    Ok(chromium)
}

/// The same, on what is built already.
pub fn browser(journeys: &[String]) -> Result<()> {
    let chromium = prepare()?;
    say("Journeys through the Administrationsmodul in Chromium");
    let server = Server::start("browser", Ground::default(), SETTINGS)?;
    run(Command::new("node")
        .args(["--test-reporter=spec", "test/rejser.mjs"])
        .args(journeys)
        .current_dir(root().join("ui"))
        .env("CHROMIUM", &chromium)
        .env("FUNDAMENT_PROGRAM", binary())
        .env("FUNDAMENT_DEMO", server.data.join("demo.json")))
}
