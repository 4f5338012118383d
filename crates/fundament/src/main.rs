//! The binary: settings, certificates, listeners, command line. Wires, decides nothing.

mod adgangslog;
mod admin;
mod adviser;
mod besked;
mod check;
mod cli;
mod demo;
mod explain;
mod import;
mod indeksfil;
mod logging;
mod login;
mod metrics;
mod noegler;
mod open;
mod overtag;
mod pasning;
mod pki;
mod politik;
mod seed;
mod serve;
mod spaerring;
mod tls;
mod udgang;
mod valider;
mod webhooks;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    logging::start(&cli.log, cli.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("the machine can start threads");
    match runtime.block_on(cli.run()) {
        Ok(code) => code,
        Err(fejl) => {
            eprintln!("Fejl: {fejl:#}");
            ExitCode::FAILURE
        }
    }
}
