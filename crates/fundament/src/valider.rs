//! `fundament valider`: what a supplier hears before he goes live. No database; nothing is stored.

mod indstil;
mod proev;
mod rapport;
#[cfg(test)]
mod tests;

use crate::cli::ValiderArgs;
use anyhow::{Result, ensure};
use rapport::Rapport;
use std::process::ExitCode;

/// The exit code when something kept the files from being judged.
const IKKE_PROEVET: u8 = 2;

/// Judges the files and prints what was found: 0 when that is nothing, 1 when it is something, 2 when it could not be done.
pub fn run(args: &ValiderArgs) -> ExitCode {
    match valider(args) {
        Ok(rapport) => {
            if args.json {
                println!("{}", rapport.json());
            } else {
                print!("{}", rapport.tekst());
            }
            if rapport.fundet() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(fejl) => {
            eprintln!("Fejl: {fejl:#}");
            ExitCode::from(IKKE_PROEVET)
        }
    }
}

fn valider(args: &ValiderArgs) -> Result<Rapport> {
    ensure!(args.fra.is_none() || args.filer.len() == 1, "--fra kan kun bruges med én fil");
    let validering = indstil::validering(args.niveauer.as_deref(), args.roller.as_deref())?;
    proev::filer(args, &validering)
}
