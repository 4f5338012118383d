//! One database with one data set: take it on, then start a server over it.

use super::Args;
use super::data::Sample;
use super::measure::{self, Figures};
use crate::scenario::{fresh_database, text};
use crate::server::{Server, command, flag};
use anyhow::{Context, Result};
use std::path::Path;

const PORT: u16 = 18_543;

/// Loads and measures.
pub async fn run(args: &Args, sample: &Sample, name: &str, url: Option<&str>) -> Result<Figures> {
    let data = args.work.join(format!("indekser-{}", name.to_lowercase()));
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    let database = match url {
        Some(url) => Some(fresh_database(url, "bench_indekser").await?),
        None => None,
    };
    let database = database.as_deref();
    // The first start makes the certificates and seeds the demo; the figures are those of the second.
    let first = Server::start(&args.binary, &data, database, PORT).await?;
    let cvr = first.demo.json["authorities"][0]["cvr"].as_str().context("an authority")?.to_owned();
    first.stop()?;
    let file = |navn: &str| sample.folder.join(navn);
    let load = |files: [&str; 2]| {
        let files = files.map(file);
        let place = [flag("--data", Some(text(&data)?)), flag("--database", database)].concat();
        let words = ["import", "indeks", text(&files[0])?, text(&files[1])?, "--cvr", &cvr];
        command(&args.binary, &[&words[..], &place].concat())
    };
    let before = bytes(&data, database).await?;
    let mut figures = Figures { objects: sample.objects, updates: sample.updates, ..Figures::default() };
    figures.import_seconds = load(["sagdokument.xml.gz", "ydelse.xml.gz"])?;
    figures.bytes = bytes(&data, database).await?.saturating_sub(before);
    figures.update_seconds = load(["sagdokument-opdater.xml.gz", "ydelse-opdater.xml.gz"])?;
    eprintln!(
        "   {} objects in {:.1} s, {} updates in {:.1} s, {} bytes",
        figures.objects, figures.import_seconds, figures.updates, figures.update_seconds, figures.bytes
    );
    let server = Server::start(&args.binary, &data, database, PORT).await?;
    figures.start_seconds = server.start_seconds;
    figures.idle_mib = server.rss_mib();
    measure::all(args.seconds, &server, sample, &mut figures).await?;
    server.stop()?;
    std::fs::remove_dir_all(&data)?;
    Ok(figures)
}

/// What the database takes on the disk.
async fn bytes(data: &Path, database: Option<&str>) -> Result<u64> {
    let Some(url) = database else {
        let mut sum = 0;
        for file in std::fs::read_dir(data)? {
            let file = file?;
            if file.file_name().to_string_lossy().starts_with("fundament.sqlite") {
                sum += file.metadata()?.len();
            }
        }
        return Ok(sum);
    };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let row = client.query_one("SELECT pg_database_size(current_database())", &[]).await?;
    Ok(u64::try_from(row.get::<_, i64>(0))?)
}
