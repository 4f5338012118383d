//! `fundament log`: the access log out of the database, and whether somebody has changed it.

use crate::cli::Place;
use crate::open;
use crate::pki::secret_file;
use anyhow::{Context, Result, anyhow};
use bitemporal::Instant;
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use store::LogLinje;

/// Lines read at a time.
const SIDE: u64 = 1_000;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Skriv linjer i tidsrækkefølge
    Export {
        /// Fra og med: åååå-mm-dd eller et tidspunkt som 2026-01-01T12:00:00Z
        #[arg(long, value_parser = tidspunkt)]
        fra: Option<Instant>,
        /// Til, men ikke med
        #[arg(long, value_parser = tidspunkt)]
        til: Option<Instant>,
        /// Filens format
        #[arg(long, value_enum, default_value_t = Format::Csv)]
        format: Format,
        /// Filen; ellers skrives til skærmen
        #[arg(long)]
        ud: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Efterprøv seglene: er linjer ændret, fjernet eller føjet til?
    Verify {
        /// Et segl, som er noteret tidligere (nr:hash): er det der endnu?
        #[arg(long, value_parser = noteret)]
        noteret: Option<(i64, Vec<u8>)>,
        #[command(flatten)]
        place: Place,
    },
}

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Semikolonsepareret
    Csv,
    /// Ét JSON-objekt pr. linje
    Jsonl,
}

fn tidspunkt(text: &str) -> Result<Instant, String> {
    administration::tid::laes(text)
}

fn noteret(text: &str) -> Result<(i64, Vec<u8>), String> {
    let fejl = || "skriv seglet som nr:hash, fx 42:9f86d0…".to_owned();
    let (nr, hash) = text.split_once(':').ok_or_else(fejl)?;
    let byte = |i: usize| u8::from_str_radix(hash.get(i..i + 2)?, 16).ok();
    let hash: Option<Vec<u8>> = (0..hash.len()).step_by(2).map(byte).collect();
    let hash = hash.filter(|h| h.len() == 32).ok_or_else(fejl)?;
    Ok((nr.parse().map_err(|_| fejl())?, hash))
}

/// A seal as it is noted: its number and its hash.
pub fn segl(nr: i64, hash: &[u8]) -> String {
    let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    format!("{nr}:{hex}")
}

/// Does it.
pub async fn run(command: LogCommand) -> Result<ExitCode> {
    match command {
        LogCommand::Export { fra, til, format, ud, place } => {
            let fra = fra.unwrap_or(Instant::NEG_INFINITY);
            let til = til.unwrap_or(Instant::POS_INFINITY);
            export(&place, (fra, til), format, ud).await
        }
        LogCommand::Verify { noteret, place } => verify(&place, noteret).await,
    }
}

async fn export(
    place: &Place,
    (fra, til): (Instant, Instant),
    format: Format,
    ud: Option<PathBuf>,
) -> Result<ExitCode> {
    let app = open::kun_laes(place).await?;
    let til_fil = ud.is_some();
    let to: Box<dyn Write + Send> = match &ud {
        Some(fil) => {
            Box::new(secret_file(fil).with_context(|| format!("{} kan ikke skrives", fil.display()))?)
        }
        None => Box::new(std::io::stdout()),
    };
    let mut skriver = Skriver::ny(BufWriter::new(to), format)?;
    let (mut naeste, mut antal) = (Some(fra), 0);
    while let Some(start) = naeste {
        let (linjer, efter) = app.store().adgangslog_side(None, (start, til), SIDE).await?;
        antal += linjer.len();
        for linje in &linjer {
            skriver.linje(linje)?;
        }
        naeste = efter;
    }
    skriver.slut()?;
    app.store().close().await;
    if til_fil {
        println!("{antal} linjer skrevet.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes lines in one of the formats.
enum Skriver<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

const KOLONNER: [&str; 11] = [
    "tid",
    "transaktion",
    "system",
    "myndighed",
    "aftale",
    "operation",
    "objekttype",
    "antal",
    "objekter",
    "udfald",
    "regel",
];

impl<W: Write> Skriver<W> {
    fn ny(to: W, format: Format) -> Result<Self> {
        Ok(match format {
            Format::Jsonl => Self::Jsonl(to),
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(to);
                csv.write_record(KOLONNER)?;
                Self::Csv(Box::new(csv))
            }
        })
    }

    fn linje(&mut self, l: &LogLinje) -> Result<()> {
        let text = |uuid: Option<uuid::Uuid>| uuid.map(|u| u.to_string());
        let (tid, transaktion) = (identity::tid::skriv(l.tid), l.transaktion.to_string());
        let (system, aftale) = (text(l.system), text(l.aftale));
        let myndighed = l.myndighed.map(|cvr| cvr.to_string());
        let objekter: Vec<String> = l.objekter.iter().map(ToString::to_string).collect();
        match self {
            Self::Jsonl(to) => {
                let objekt = json!({
                    "tid": tid, "transaktion": transaktion, "system": system, "myndighed": myndighed,
                    "aftale": aftale, "operation": l.operation, "objekttype": l.objekttype, "antal": l.antal,
                    "objekter": objekter, "udfald": l.udfald, "regel": l.regel,
                });
                writeln!(to, "{objekt}")?;
            }
            Self::Csv(csv) => csv.write_record([
                tid,
                transaktion,
                system.unwrap_or_default(),
                myndighed.unwrap_or_default(),
                aftale.unwrap_or_default(),
                uskadelig(&l.operation),
                uskadelig(&l.objekttype),
                l.antal.to_string(),
                objekter.join(" "),
                l.udfald.clone(),
                uskadelig(&l.regel),
            ])?,
        }
        Ok(())
    }

    fn slut(self) -> Result<()> {
        match self {
            Self::Jsonl(mut to) => Ok(to.flush()?),
            Self::Csv(csv) => Ok(csv.into_inner().map_err(|fejl| anyhow!(fejl.to_string()))?.flush()?),
        }
    }
}

/// The text as a spreadsheet shows it, never as one calculates it.
fn uskadelig(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

async fn verify(place: &Place, noteret: Option<(i64, Vec<u8>)>) -> Result<ExitCode> {
    let app = open::kun_laes(place).await?;
    let fundet = app.store().efterproev_log(noteret).await;
    app.store().close().await;
    let fundet = fundet?;
    println!(
        "{} linjer under {} segl efterprøvet; {} linjer venter på det næste.",
        fundet.linjer, fundet.segl, fundet.venter
    );
    if let Some((nr, hash)) = &fundet.hoved {
        println!("Seneste segl {}", segl(*nr, hash));
        println!("Notér det et andet sted; senere viser --noteret, at intet før det er ændret.");
    }
    if fundet.brud.is_empty() {
        println!("Alt passer.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nNogen har ændret adgangsloggen:");
    for brud in &fundet.brud {
        match brud.linjer {
            Some((fra, til)) => {
                println!(
                    "    {brud} (linjer fra {} til {})",
                    identity::tid::skriv(fra),
                    identity::tid::skriv(til)
                );
            }
            None => println!("    {brud}"),
        }
    }
    println!("Sammenlign med en sikkerhedskopi fra før; det første segl er det vigtigste.");
    Ok(ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    use super::{Format, Skriver, noteret, segl};
    use bitemporal::Instant;
    use store::{LogLinje, LogPost};
    use uuid::Uuid;

    fn skrevet(format: Format) -> String {
        let linje: LogLinje = LogPost {
            tid: Instant::from_micros(1_790_000_000_000_000),
            transaktion: Uuid::from_u128(1),
            system: None,
            myndighed: Some("11223344".parse().expect("a CVR number")),
            aftale: None,
            operation: "laes",
            objekttype: "Klasse",
            udfald: LogPost::AFVIST,
            regel: "=1+1;\"x\"".into(),
        }
        .into();
        let mut ud = Vec::new();
        let mut skriver = Skriver::ny(&mut ud, format).expect("begun");
        skriver.linje(&linje).expect("written");
        skriver.slut().expect("ended");
        String::from_utf8(ud).expect("text")
    }

    #[test]
    fn lines_are_written_in_both_formats() {
        let csv = skrevet(Format::Csv);
        let linje = csv.lines().nth(1).expect("a line after the names");
        assert!(linje.starts_with("2026-09-21T14:13:20.000Z;00000000-"), "{linje}");
        assert!(linje.ends_with(";afvist;\"'=1+1;\"\"x\"\"\""), "no formula: {linje}");
        let json: serde_json::Value = serde_json::from_str(&skrevet(Format::Jsonl)).expect("JSON");
        assert_eq!((&json["myndighed"], &json["regel"]), (&"11223344".into(), &"=1+1;\"x\"".into()));
        assert!(json["system"].is_null());
    }

    #[test]
    fn a_noted_seal_is_read_as_it_is_written() {
        let hash = vec![0xab; 32];
        assert_eq!(noteret(&segl(42, &hash)), Ok((42, hash)));
        for text in ["", "42", "42:", "42:ab", "x:ab", "42:æøå", &segl(1, &[0; 31])] {
            assert!(noteret(text).is_err(), "{text}");
        }
    }
}
