//! `fundament log`: the access log out of the database, and whether somebody has changed it or the change log.

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
use store::{Efterproevning, Kaedeproeve, Led, LogLinje};

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
    /// Efterprøv adgangsloggens segl og ændringsloggens kæde: er linjer ændret, fjernet eller føjet til?
    Verify {
        /// Et segl, som er noteret tidligere (nr:hash): er det der endnu?
        #[arg(long, value_parser = noteret)]
        noteret: Option<Led>,
        /// En linje i ændringsloggen, som er noteret tidligere (nr:hash): er den der endnu?
        #[arg(long, value_parser = noteret)]
        noteret_linje: Option<Led>,
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

fn noteret(text: &str) -> Result<Led, String> {
    let fejl = || "skriv det som nr:hash, fx 42:9f86d0…".to_owned();
    let (nr, hash) = text.split_once(':').ok_or_else(fejl)?;
    let byte = |i: usize| u8::from_str_radix(hash.get(i..i + 2)?, 16).ok();
    let hash: Option<Vec<u8>> = (0..hash.len()).step_by(2).map(byte).collect();
    let hash = hash.filter(|h| h.len() == 32).ok_or_else(fejl)?;
    Ok((nr.parse().map_err(|_| fejl())?, hash))
}

/// A seal, or a line of the change log, as it is noted: its number and its hash.
pub fn led(nr: i64, hash: &[u8]) -> String {
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
        LogCommand::Verify { noteret, noteret_linje, place } => verify(&place, noteret, noteret_linje).await,
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

async fn verify(place: &Place, noteret: Option<Led>, noteret_linje: Option<Led>) -> Result<ExitCode> {
    let app = open::kun_laes(place).await?;
    let fundet = app.store().efterproev_log(noteret).await;
    // First the seals, with the ends of the change log that stand under them; the log itself only grows.
    let kaede = match &fundet {
        Ok(fundet) => {
            let ankre = fundet.ankre.iter().cloned().chain(noteret_linje);
            app.store().efterproev_aendringslog(ankre).await
        }
        Err(_) => Ok(Kaedeproeve::default()),
    };
    app.store().close().await;
    let (segl_passer, kaede_passer) = (fortael_segl(&fundet?), fortael_kaede(&kaede?));
    if segl_passer && kaede_passer {
        println!("Alt passer.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Sammenlign med en sikkerhedskopi fra før; det, der står først, er det vigtigste.");
    Ok(ExitCode::FAILURE)
}

/// What the seals have shown; whether they fit.
fn fortael_segl(fundet: &Efterproevning) -> bool {
    println!(
        "Adgangsloggen: {} linjer under {} segl efterprøvet; {} linjer venter på det næste.",
        fundet.linjer, fundet.segl, fundet.venter
    );
    if let Some((nr, hash)) = &fundet.hoved {
        println!("Seneste segl {}", led(*nr, hash));
        println!("Notér det et andet sted; senere viser --noteret, at intet før det er ændret.");
    }
    if fundet.brud.is_empty() {
        return true;
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
    println!();
    false
}

/// What following the change log has shown; whether it fits.
fn fortael_kaede(kaede: &Kaedeproeve) -> bool {
    println!("Ændringsloggen: {} linjer efterprøvet.", kaede.linjer);
    if let Some(brud) = &kaede.brud {
        println!("\nNogen har ændret ændringsloggen; det første, der ikke passer, er\n    {brud}\n");
        return false;
    }
    if let Some((nr, hash)) = &kaede.hoved {
        println!("Seneste linje {}", led(*nr, hash));
        println!("Notér den et andet sted; senere viser --noteret-linje, at intet til og med den er ændret.");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Format, Kaedeproeve, Skriver, fortael_kaede, led, noteret};
    use bitemporal::Instant;
    use store::{Kaedebrud, LogLinje, LogPost};
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
    fn a_line_that_does_not_fit_is_a_failure() {
        let hel = Kaedeproeve { linjer: 3, hoved: Some((3, vec![0xab; 32])), brud: None };
        assert!(fortael_kaede(&hel) && fortael_kaede(&Kaedeproeve::default()));
        assert!(!fortael_kaede(&Kaedeproeve { brud: Some(Kaedebrud::Afkortet(4, 6)), ..hel }));
    }

    #[test]
    fn a_noted_seal_is_read_as_it_is_written() {
        let hash = vec![0xab; 32];
        assert_eq!(noteret(&led(42, &hash)), Ok((42, hash)));
        for text in ["", "42", "42:", "42:ab", "x:ab", "42:æøå", &led(1, &[0; 31])] {
            assert!(noteret(text).is_err(), "{text}");
        }
    }
}
