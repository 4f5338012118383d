//! Kill -9 while clients write, again and again.
//!
//! After every restart each acknowledged write must be there; each unacknowledged one must be there whole or not at all;
//! and `fundament check` must find nothing.

pub mod beskeder;

use crate::message::{importer_adresse, laes, soeg_adresse};
use crate::server::{Server, command};
use anyhow::{Context, Result, ensure};
use clap::Parser;
use rustls::ClientConfig;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use testkit::klient::Klient;
use uuid::Uuid;

/// Clients that write at the same time.
const WRITERS: usize = 8;
/// The earliest and latest moment of the kill, in milliseconds after the writing began.
const KILL_MILLIS: (u64, u64) = (20, 400);
const PORT: u16 = 18_643;

/// How to crash.
#[derive(Debug, Parser)]
pub struct Args {
    /// The server.
    #[arg(long)]
    binary: PathBuf,
    /// Where data is kept.
    #[arg(long)]
    work: PathBuf,
    /// How many times.
    #[arg(long, default_value_t = 50)]
    rounds: u64,
    /// Decides the moments; printed, so that a failure can be repeated.
    #[arg(long)]
    seed: Option<u64>,
}

/// What one writer knows: what was acknowledged, and what it was waiting for when the server died.
#[derive(Default)]
struct Writes {
    acknowledged: Vec<Uuid>,
    unknown: Vec<Uuid>,
}

/// Runs the rounds on SQLite.
pub async fn run(args: &Args) -> Result<()> {
    let seed = args.seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("crash: {} rounds, --seed {seed}", args.rounds);
    let data = args.work.join("sqlite");
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    let place = data.to_str().context("a path that is not UTF-8")?.to_owned();
    let (mut acknowledged, mut unknown) = (0, 0);
    for round in 0..args.rounds {
        let mut server = Server::start(&args.binary, &data, None, PORT).await?;
        let address = server.demo.address("mtls");
        let tls = server.demo.tls(Some(0))?;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                tokio::spawn(write(
                    address.clone(),
                    tls.clone(),
                    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{seed}/{round}/{writer}").as_bytes()),
                ))
            })
            .collect();
        let span = KILL_MILLIS.1 - KILL_MILLIS.0;
        let moment = KILL_MILLIS.0
            + Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{seed}/{round}").as_bytes()).as_u128() as u64
                % span;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill()?;
        drop(server);
        let mut all = Writes::default();
        for writer in writers {
            let writes = writer.await?;
            all.acknowledged.extend(writes.acknowledged);
            all.unknown.extend(writes.unknown);
        }
        ensure!(
            !all.acknowledged.is_empty() || moment < 100,
            "round {round}: nothing was written in {moment} ms"
        );
        let server = Server::start(&args.binary, &data, None, PORT).await?;
        verify(&server, &all).await.with_context(|| format!("round {round}, --seed {seed}"))?;
        server.stop()?;
        command(&args.binary, &["check", "--data", &place])
            .with_context(|| format!("round {round}, --seed {seed}"))?;
        acknowledged += all.acknowledged.len();
        unknown += all.unknown.len();
    }
    println!(
        "crash: {acknowledged} acknowledged writes all there, {unknown} unacknowledged ones whole or absent"
    );
    Ok(())
}

/// Imports one address after the other until the server is gone.
async fn write(address: String, tls: Arc<ClientConfig>, names: Uuid) -> Writes {
    let mut writes = Writes::default();
    let Ok(mut klient) = Klient::connect(&address, tls).await else { return writes };
    for n in 0u32.. {
        let id = Uuid::new_v5(&names, &n.to_be_bytes());
        let (path, body) = importer_adresse(id, &id.to_string(), &id.to_string());
        match klient.post(&path, &body).await {
            Ok(svar) if svar.status_kode() == Some(20) => writes.acknowledged.push(id),
            _ => {
                writes.unknown.push(id);
                return writes;
            }
        }
    }
    writes
}

async fn verify(server: &Server, writes: &Writes) -> Result<()> {
    let mut klient = Klient::connect(&server.demo.address("mtls"), server.demo.tls(Some(0))?).await?;
    for id in &writes.acknowledged {
        ensure!(is_there(&mut klient, *id).await?, "{id} was acknowledged and is lost");
    }
    for id in &writes.unknown {
        is_there(&mut klient, *id).await?;
    }
    Ok(())
}

/// Whether the address is there, whole: body and search keys agree.
async fn is_there(klient: &mut Klient, id: Uuid) -> Result<bool> {
    let (path, body) = laes("adresse", id);
    let read = klient.post(&path, &body).await?;
    let (path, body) = soeg_adresse(&id.to_string());
    let found = klient.post(&path, &body).await?;
    let there = |kode| match kode {
        Some(20) => Ok(true),
        Some(44) => Ok(false),
        other => anyhow::bail!("{id}: StatusKode {other:?}"),
    };
    let (read_there, found_there) = (there(read.status_kode())?, there(found.status_kode())?);
    ensure!(read_there == found_there, "{id} is half written: body {read_there}, keys {found_there}");
    let text = String::from_utf8_lossy(&read.body).matches(&id.to_string()).count();
    ensure!(!read_there || text >= 3, "{id} does not hold what was sent");
    Ok(read_there)
}
