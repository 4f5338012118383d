//! `bench administration`: how long the server takes for a page, with a large installation behind it.
//!
//! In one process, without network and browser: what is measured is the router, from request to the last byte of the page.

mod browser;
mod verden;

use crate::report;
use anyhow::{Result, ensure};
use browser::Browser;
use clap::Parser;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use verden::{ADGANGSKODE, Verden};

/// Times a page is asked for.
const GANGE: usize = 21;
/// What a page may take.
const MAAL: Duration = Duration::from_millis(50);

/// What to measure.
#[derive(Debug, Parser)]
pub struct Args {
    /// The server; not used, as the pages are served in this process.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Where data is kept while measuring.
    #[arg(long)]
    work: PathBuf,
    /// Where the report goes: between its markers.
    #[arg(long)]
    report: PathBuf,
    /// Municipalities.
    #[arg(long, default_value_t = 98)]
    kommuner: usize,
    /// It-systems.
    #[arg(long, default_value_t = 500)]
    systemer: usize,
    /// Agreements.
    #[arg(long, default_value_t = 20_000)]
    aftaler: usize,
    /// Users.
    #[arg(long, default_value_t = 50_000)]
    brugere: usize,
    /// Jobfunktionsroller of the municipality that asks.
    #[arg(long, default_value_t = 500)]
    roller: usize,
    /// Lines of the log.
    #[arg(long, default_value_t = 10_000_000)]
    log: usize,
}

/// The pages, and who asks for them: a Godkender of one municipality, a supplier, and whoever runs the installation.
const SIDER: [(&str, &str); 39] = [
    ("godkender", "/admin"),
    ("godkender", "/admin/opgaver"),
    ("godkender", "/admin/serviceaftaler"),
    ("godkender", "/admin/serviceaftaler?fane=aktive"),
    ("godkender", "/admin/serviceaftaler/{aftale}"),
    ("godkender", "/admin/serviceaftaler/{aftale}?fane=forbrug"),
    ("godkender", "/admin/serviceaftaler/{venter}/svar"),
    ("godkender", "/admin/it-systemer"),
    ("godkender", "/admin/it-systemer/{system}"),
    ("godkender", "/admin/certifikater"),
    ("godkender", "/admin/soeg?q=system+12"),
    ("administrator", "/admin/brugere"),
    ("administrator", "/admin/brugere?q=anna"),
    ("administrator", "/admin/brugere?sorter=-login"),
    ("administrator", "/admin/log"),
    ("administrator", "/admin/log?bruger=Anna"),
    ("administrator", "/admin/indsigt"),
    ("rolleadministrator", "/admin/jobfunktionsroller"),
    ("rolleadministrator", "/admin/jobfunktionsroller?q=anna"),
    ("rolleadministrator", "/admin/jobfunktionsroller?sorter=tilstand"),
    ("rolleadministrator", "/admin/jobfunktionsroller/ny"),
    ("rolleadministrator", "/admin/jobfunktionsroller/{rolle}"),
    ("rolleadministrator", "/admin/attesteringer"),
    ("rolleadministrator", "/admin/delegeringer"),
    ("rolleadministrator", "/admin/foederation"),
    ("administrator", "/admin/indstillinger"),
    ("leverandoer", "/admin"),
    ("leverandoer", "/admin/it-systemer"),
    ("leverandoer", "/admin/serviceaftaler?fane=aktive"),
    ("leverandoer", "/admin/servicekatalog"),
    ("operatoer", "/admin"),
    ("operatoer", "/admin/it-systemer"),
    ("operatoer", "/admin/serviceaftaler?fane=aktive"),
    ("operatoer", "/admin/brugere"),
    ("operatoer", "/admin/brugere?sorter=-status"),
    ("operatoer", "/admin/brugere?q=anna"),
    ("operatoer", "/admin/brugere?q=anna&sorter=part"),
    ("operatoer", "/admin/brugere?q=b&tilstand=AKTIV&sorter=-navn"),
    ("operatoer", "/admin/log"),
];

/// Makes the installation, asks for the pages, and writes the report.
///
/// # Errors
/// When something cannot be made, or a page is not given.
pub async fn run(args: &Args) -> Result<()> {
    let verden = Verden::ny(args).await?;
    let mut tabel = format!(
        "{} municipalities, {} it-systems, {} agreements, {} users, {} jobfunktionsroller, {} lines of the log; SQLite, \
         one request at a time.\n\n\
         | Page | Who | p50, ms | slowest of {GANGE}, ms | KiB |\n|---|---|---|---|---|\n",
        args.kommuner, args.systemer, args.aftaler, args.brugere, args.roller, args.log
    );
    let mut langsomme = 0;
    for (hvem, sti) in SIDER {
        let sti = sti
            .replace("{aftale}", &verden.aftale.to_string())
            .replace("{rolle}", &verden.rolle.to_string())
            .replace("{system}", &verden.system.to_string())
            .replace("{venter}", &verden.venter.to_string());
        let mut browser = Browser::ny(verden.router());
        browser.log_ind(&format!("{hvem}@bench.example"), ADGANGSKODE).await?;
        let (mut tider, mut bytes) = (Vec::with_capacity(GANGE), 0);
        for _ in 0..GANGE {
            let begyndt = Instant::now();
            let (status, laengde) = browser.get(&sti).await?;
            tider.push(begyndt.elapsed());
            ensure!(status.is_success(), "{hvem} {sti}: {status}");
            bytes = laengde;
        }
        tider.sort_unstable();
        let (midt, vaerst) = (tider[GANGE / 2], tider[GANGE - 1]);
        langsomme += u32::from(midt > MAAL);
        let dele = sti.split('/').map(|d| if uuid::Uuid::parse_str(d).is_ok() { "…" } else { d });
        let vist = dele.collect::<Vec<_>>().join("/");
        let ms = |t: Duration| t.as_secs_f64() * 1e3;
        writeln!(tabel, "| `{vist}` | {hvem} | {:.1} | {:.1} | {} |", ms(midt), ms(vaerst), bytes / 1024)?;
        eprintln!("{hvem:>14} {vist:<44} {:>8.1} {:>8.1} ms", ms(midt), ms(vaerst));
    }
    let begyndt = Instant::now();
    verden.godkend().await?;
    let ms = begyndt.elapsed().as_secs_f64() * 1e3;
    writeln!(
        tabel,
        "\nAn agreement is approved, written and in force in {ms:.0} ms. {langsomme} pages took more than 50 ms."
    )?;
    report::put(&args.report, "administration", &tabel)?;
    println!("{tabel}");
    Ok(())
}
