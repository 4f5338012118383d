//! The command line. Texts are Danish; every flag is also an environment variable.

use crate::adgangslog::{self, LogCommand};
use crate::admin::{self, BrugerCommand};
use crate::adviser::MailArgs;
use crate::besked::{self, BeskedCommand};
use crate::logging::LogFormat;
use crate::noegler::{self, KeysCommand};
use crate::{check, demo, explain, import, indeksfil, overtag, politik, serve, valider};
use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Fundament: de fælleskommunale støttesystemer, på din egen maskine.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Logniveau, fx `info` eller `soap=debug,info`
    #[arg(long, global = true, env = "FUNDAMENT_LOG", default_value = "info")]
    pub log: String,
    /// Logformat
    #[arg(long, global = true, env = "FUNDAMENT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Server tjenesterne
    Serve(ServeArgs),
    /// Server med udviklingscertifikater og den opdigtede Korsbæk Kommune
    Demo {
        #[command(flatten)]
        serve: ServeArgs,
        /// Begynd forfra: slet datamappen først
        #[arg(long)]
        reset: bool,
    },
    /// Indlæs en fil
    Import {
        #[command(subcommand)]
        what: ImportCommand,
    },
    /// Lav en opdigtet organisation af ønsket størrelse, eller opdigtede sager til indekserne
    #[command(args_conflicts_with_subcommands = true)]
    Generate {
        #[command(subcommand)]
        what: Option<GenerateCommand>,
        #[command(flatten)]
        organisation: Option<GenerateArgs>,
    },
    /// Forklar alt, der er galt i filer til indekserne, før de sendes; intet gemmes
    Valider(ValiderArgs),
    /// Politikken: parter, it-systemer, certifikater, services og serviceaftaler som filer
    Policy {
        #[command(subcommand)]
        what: PolicyCommand,
    },
    /// Efterprøv, at lageret er helt
    Check(Place),
    /// Installationens egne nøgler: til tokens, svar og JWT
    Keys {
        #[command(subcommand)]
        what: KeysCommand,
    },
    /// Forklar et kald: hvem ville hvad, og hvorfor blev det afvist
    Explain {
        /// Transaktionens UUID eller beskedens MessageID
        reference: String,
        #[command(flatten)]
        place: Place,
    },
    /// Beskedfordeleren: se, hvad der sker, og ret op på det, der gik galt
    Besked {
        #[command(subcommand)]
        what: BeskedCommand,
    },
    /// Brugere af Administrationsmodulet: den første, og dem, der ikke kan komme ind
    Bruger {
        #[command(subcommand)]
        what: BrugerCommand,
    },
    /// Adgangsloggen
    Log {
        #[command(subcommand)]
        what: LogCommand,
    },
}

#[derive(Debug, Args)]
struct GenerateArgs {
    /// Antal enheder
    #[arg(long)]
    units: usize,
    /// Antal brugere
    #[arg(long)]
    users: usize,
    /// Hvor den skrives: en .xlsx-fil eller en mappe til CSV-filer
    #[arg(long)]
    out: PathBuf,
    /// Det samme tal giver den samme organisation
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Subcommand)]
enum GenerateCommand {
    /// Sager, dokumenter, bevillinger og effektueringer, og opdateringer af dem, som filer til indekserne
    Indeks(GenerateIndeksArgs),
}

/// What of the indexes is to be invented.
#[derive(Debug, Clone, Args)]
pub struct GenerateIndeksArgs {
    /// Antal sager; hver har i gennemsnit 3 dokumenter
    #[arg(long)]
    pub sager: u64,
    /// Det samme tal giver de samme sager
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// CVR-nummeret på kommunen, der ejer sagerne; ellers Korsbæk Kommune
    #[arg(long)]
    pub kommune: Option<oio::Cvr>,
    /// Kommunens navn
    #[arg(long)]
    pub navn: Option<String>,
    /// UUID på IT-systemet, der er Master og Afsender; ellers KY
    #[arg(long, requires = "systemnavn")]
    pub system: Option<uuid::Uuid>,
    /// IT-systemets navn
    #[arg(long, requires = "system")]
    pub systemnavn: Option<String>,
    /// Hvor de skrives: en mappe, eller en fil (.xml eller .xml.gz) til sager og dokumenter alene
    #[arg(long)]
    pub ud: PathBuf,
    /// Pak filerne i mappen med gzip
    #[arg(long)]
    pub gzip: bool,
}

/// What is to be judged.
#[derive(Debug, Clone, Args)]
pub struct ValiderArgs {
    /// Import- og opdateringsbeskeder, overtagelsesfiler (også .gz) eller SOAP-konvolutter
    #[arg(required = true)]
    pub filer: Vec<PathBuf>,
    /// Reglernes niveauer (TOML: "S-02" = "afvis", "advar" eller "fra"); ellers afviser alle
    #[arg(long)]
    pub niveauer: Option<PathBuf>,
    /// Flere UUID'er for roller (TOML: [[rolle]] med objekttype, relation, rolle og uuid)
    #[arg(long)]
    pub roller: Option<PathBuf>,
    /// Svar som JSON
    #[arg(long)]
    pub json: bool,
    /// Hvor mange anmærkninger der vises; opgørelsen tæller alle
    #[arg(long, default_value_t = 1000)]
    pub hoejst: usize,
    /// En mappe, hvor objekter med anmærkninger skrives, så de kan rettes og prøves igen
    #[arg(long)]
    pub afviste: Option<PathBuf>,
    /// Begynd ved denne byte, hvor et objekt begynder (kun med én fil)
    #[arg(long)]
    pub fra: Option<u64>,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Skriv hele politikken til en fil (.toml eller .json), en mappe eller skærmen
    Export {
        /// Filen eller mappen; ellers skrives til skærmen
        path: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Vis i ord, hvad en fil eller mappe ville ændre
    Diff {
        /// Filen eller mappen
        path: PathBuf,
        #[command(flatten)]
        place: Place,
        /// Vis også det, der fjernes med apply --slet
        #[arg(long)]
        slet: bool,
    },
    /// Anvend en fil eller mappe: det hele eller intet
    Apply {
        /// Filen eller mappen
        path: PathBuf,
        #[command(flatten)]
        place: Place,
        /// Fjern det, som filen ikke nævner
        #[arg(long)]
        slet: bool,
        /// Spørg ikke først
        #[arg(long)]
        ja: bool,
    },
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// KLE: Emneplan 2.0 eller Handlingsfacetter (XML)
    Kle {
        /// Filen
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        /// Indlæs også en ældre udgave end den indlæste
        #[arg(long)]
        force: bool,
        /// CSV med officielle UUID'er (uuid;code;title;description;active)
        #[arg(long)]
        uuids: Option<PathBuf>,
    },
    /// En organisation: en arbejdsbog (.xlsx) eller en mappe med CSV-filer
    Organisation {
        /// Filen eller mappen
        file: PathBuf,
        /// Myndighedens CVR-nummer
        #[arg(long)]
        cvr: oio::Cvr,
        #[command(flatten)]
        place: Place,
        /// Hvornår ændringerne får virkning (åååå-mm-dd); ellers i dag
        #[arg(long)]
        dato: Option<jiff::civil::Date>,
    },
    /// Overtag objekter til indekserne; den samme kommando går videre, hvor den sidste blev stoppet
    Indeks(ImportIndeksArgs),
}

/// What is to be taken on.
#[derive(Debug, Clone, Args)]
pub struct ImportIndeksArgs {
    /// Overtagelsesfiler (også .gz): importer og opdateringer
    #[arg(required = true)]
    pub filer: Vec<PathBuf>,
    /// CVR-nummeret på myndigheden, der ejer objekterne
    #[arg(long)]
    pub cvr: oio::Cvr,
    /// Kun objekter, som dette IT-system (UUID) er Master eller Afsender for
    #[arg(long)]
    pub system: Option<uuid::Uuid>,
    /// En mappe til objekter, der afvises, så de kan rettes og indlæses; ellers afviste i datamappen
    #[arg(long)]
    pub afviste: Option<PathBuf>,
    /// Begynd forfra, også med filer, der er indlæst
    #[arg(long)]
    pub forfra: bool,
    /// Send hændelser, hvor objekterne ikke siger UdenNotifikation; ellers sendes ingen
    #[arg(long)]
    pub med_haendelser: bool,
    #[command(flatten)]
    pub place: Place,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Datamappen
    #[arg(long, env = "FUNDAMENT_DATA", default_value = "data")]
    pub data: PathBuf,
    /// En PostgreSQL-database i stedet for SQLite-filen i datamappen (postgres://…)
    #[arg(long, env = "FUNDAMENT_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// En RabbitMQ, der holder beskedernes køer i stedet for databasen (amqp://… eller amqps://…)
    #[arg(long, env = "FUNDAMENT_BROKER", hide_env_values = true)]
    pub broker: Option<String>,
}

/// Where to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub place: Place,
    /// Forside, helbred og målinger
    #[arg(long, env = "FUNDAMENT_HTTPS", default_value = "127.0.0.1:8443")]
    pub https: SocketAddr,
    /// Tjenesterne, med klientcertifikat
    #[arg(long, env = "FUNDAMENT_MTLS", default_value = "127.0.0.1:8444")]
    pub mtls: SocketAddr,
    /// Beskedfordeleren: AMQP over TLS
    #[arg(long, env = "FUNDAMENT_AMQPS", default_value = "127.0.0.1:8571")]
    pub amqps: SocketAddr,
    #[command(flatten)]
    pub mail: MailArgs,
}

impl Cli {
    /// Does what the command line asks.
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Serve(args) => serve::run(&args).await?,
            Command::Demo { serve, reset } => demo::run(&serve, reset).await?,
            Command::Import { what: ImportCommand::Kle { file, place, force, uuids } } => {
                return import::kle(&place, &file, uuids.as_deref(), force).await;
            }
            Command::Import { what: ImportCommand::Organisation { file, cvr, place, dato } } => {
                return import::organisation(&place, &file, cvr, dato).await;
            }
            Command::Import { what: ImportCommand::Indeks(args) } => return Ok(overtag::run(&args).await),
            Command::Generate { what: Some(GenerateCommand::Indeks(args)), .. } => indeksfil::generer(&args)?,
            Command::Generate { organisation: Some(o), .. } => {
                import::generate(o.units, o.users, o.seed, &o.out)?;
            }
            Command::Generate { .. } => {
                bail!("angiv --units, --users og --out, eller brug fundament generate indeks");
            }
            Command::Valider(args) => return Ok(valider::run(&args)),
            Command::Policy { what: PolicyCommand::Export { path, place } } => {
                politik::export(&place, path.as_deref()).await?;
            }
            Command::Policy { what: PolicyCommand::Diff { path, place, slet } } => {
                return politik::diff(&place, &path, slet).await;
            }
            Command::Policy { what: PolicyCommand::Apply { path, place, slet, ja } } => {
                return politik::apply(&place, &path, slet, ja).await;
            }
            Command::Keys { what } => noegler::run(what)?,
            Command::Explain { reference, place } => return explain::run(&place, &reference).await,
            Command::Besked { what } => return besked::run(what).await,
            Command::Bruger { what } => return admin::run(what).await,
            Command::Log { what } => return adgangslog::run(what).await,
            Command::Check(place) => return check::run(&place).await,
        }
        Ok(ExitCode::SUCCESS)
    }
}
