//! One database at one size: load it, then ask it everything.

use crate::Args;
use crate::load::{self, CLIENTS, Figure};
use crate::message::{envelope, importer_adresse, laes, ret_adresse, soeg_bruger};
use crate::server::{Server, command};
use anyhow::{Context, Result, ensure};
use rustls::ClientConfig;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use testkit::klient::Klient;
use uuid::Uuid;

/// Everything measured in one scenario.
#[derive(Debug, Default)]
pub struct Figures {
    pub objects: usize,
    pub workbook_seconds: f64,
    pub kle_seconds: Option<f64>,
    pub start_seconds: f64,
    pub idle_mib: f64,
    pub laes: Figure,
    pub soeg: Figure,
    pub importer: Figure,
    pub ret: Figure,
    pub list_ms: f64,
    pub listed: usize,
    pub fremsoeg_per_second: f64,
    pub fremsoegt: usize,
    pub peak_mib: f64,
}

/// Loads and measures.
pub async fn run(args: &Args, name: &str, url: Option<&str>, scale: usize) -> Result<Figures> {
    let data = args.work.join(format!("{}-{scale}", name.to_lowercase()));
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    let database = match url {
        Some(url) => Some(fresh_database(url, &format!("bench_{scale}")).await?),
        None => None,
    };
    let database = database.as_deref();
    let units = args.units * scale;
    let workbook = data.join("organisation.xlsx");
    let (units_text, users_text) = (units.to_string(), (units * 5).to_string());
    command(
        &args.binary,
        &["generate", "--units", &units_text, "--users", &users_text, "--out", text(&workbook)?],
    )?;
    // The first start makes the certificates and seeds the demo; the figures are those of the second.
    Server::start(&args.binary, &data, database, 18_443).await?.stop()?;
    let place = ["--data", text(&data)?];
    let place: Vec<&str> = place.into_iter().chain(database.iter().flat_map(|u| ["--database", u])).collect();
    let load = ["import", "organisation", text(&workbook)?, "--cvr", "11223344"];
    let mut figures = Figures {
        workbook_seconds: command(&args.binary, &[&load, &place[..]].concat())?,
        ..Figures::default()
    };
    if let Some(kle) = &args.kle {
        figures.kle_seconds =
            Some(command(&args.binary, &[&["import", "kle", text(kle)?], &place[..]].concat())?);
    }
    let server = Server::start(&args.binary, &data, database, 18_443).await?;
    figures.start_seconds = server.start_seconds;
    figures.idle_mib = server.rss_mib();
    measure(args, &server, &mut figures, units).await?;
    server.stop()?;
    Ok(figures)
}

/// A path as it stands on a command line.
pub fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}

/// Makes an empty database of this name; how to reach it.
pub async fn fresh_database(url: &str, name: &str) -> Result<String> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
    client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
    let (base, query) = url.split_once('?').map_or((url, None), |(b, q)| (b, Some(q)));
    let base = base.rsplit_once('/').filter(|(b, _)| !b.ends_with('/')).map_or(base, |(b, _)| b);
    Ok(query.map_or_else(|| format!("{base}/{name}"), |q| format!("{base}/{name}?{q}")))
}

async fn measure(args: &Args, server: &Server, figures: &mut Figures, units: usize) -> Result<()> {
    let tls = server.demo.tls(Some(0))?;
    let address = server.demo.address("mtls");
    let mut klient = Klient::connect(&address, tls.clone()).await?;
    let brugere = Arc::new(ids(&mut klient, "bruger", 10_000).await?);
    let enheder = Arc::new(ids(&mut klient, "organisationenhed", units.min(2_000)).await?);
    ensure!(brugere.len() > 100 && enheder.len() > 100, "too little data");
    (figures.fremsoegt, figures.fremsoeg_per_second) = fremsoeg(&mut klient).await?;
    figures.objects = figures.fremsoegt;
    figures.peak_mib = server.rss_mib();
    (figures.listed, figures.list_ms) = list(&mut klient, &enheder).await?;
    let ok = |status: u16, kode: Option<u32>| status == 200 && kode == Some(20);
    let load = Load { address, tls, seconds: args.seconds };
    let b = brugere.clone();
    figures.laes = load.run(move |c, n| laes("bruger", b[pick(c, n, b.len())]), ok).await?;
    figures.peak_mib = figures.peak_mib.max(server.rss_mib());
    let navne = Arc::new(brugernavne(&mut klient, &brugere).await?);
    let organisation =
        server.demo.json["authorities"][0]["organisation"].as_str().unwrap_or_default().to_owned();
    let one = move |c: usize, n: usize| soeg_bruger(&organisation, &navne[pick(c, n, navne.len())]);
    figures.soeg = load.run(one, ok).await?;
    figures.peak_mib = figures.peak_mib.max(server.rss_mib());
    figures.importer =
        load.run(|c, n| importer_adresse(fresh(c, n), "bench", "Hjulmagervej 29, 4260 Korsbæk"), ok).await?;
    figures.peak_mib = figures.peak_mib.max(server.rss_mib());
    figures.ret = load.run(|c, n| ret_adresse(fresh(c, n % 100), n), ok).await?;
    figures.peak_mib = figures.peak_mib.max(server.rss_mib());
    Ok(())
}

struct Load {
    address: String,
    tls: Arc<ClientConfig>,
    seconds: u64,
}

impl Load {
    async fn run(
        &self,
        request: impl Fn(usize, usize) -> (String, String) + Send + Sync + 'static,
        accepted: fn(u16, Option<u32>) -> bool,
    ) -> Result<Figure> {
        load::run(&self.address, &self.tls, self.seconds, request, accepted).await
    }
}

/// Spreads the clients over all objects without chance, so that two runs ask the same.
pub fn pick(client: usize, n: usize, len: usize) -> usize {
    (client * 104_729 + n * CLIENTS * 31 + n * 7_919) % len
}

fn fresh(client: usize, n: usize) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("bench/{client}/{n}").as_bytes())
}

/// Up to `max` ids of one object type, by paging through `soeg`.
pub async fn ids(klient: &mut Klient, obj: &str, max: usize) -> Result<Vec<Uuid>> {
    let mut all = Vec::new();
    while all.len() < max {
        let inner = format!(
            "<SoegInput><sd:FoersteResultatReference>{}</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>500\
             </sd:MaksimalAntalKvantitet><AttributListe/><TilstandListe/><RelationListe/></SoegInput>",
            all.len()
        );
        let (path, body) = envelope(obj, &inner);
        let svar = klient.post(&path, &body).await?;
        let text = String::from_utf8(svar.body)?;
        let before = all.len();
        let found =
            text.split("UUIDIdentifikator>").filter_map(|piece| Uuid::try_parse(piece.get(..36)?).ok());
        all.extend(found);
        if all.len() - before < 500 {
            break;
        }
    }
    all.truncate(max);
    Ok(all)
}

/// The BrugerNavn of some of these users, spread over all of them.
async fn brugernavne(klient: &mut Klient, brugere: &[Uuid]) -> Result<Vec<String>> {
    let mut navne = Vec::new();
    for id in brugere.iter().step_by(brugere.len() / 500 + 1) {
        let (path, body) = laes("bruger", *id);
        let text = String::from_utf8(klient.post(&path, &body).await?.body)?;
        let found = text.split("BrugerNavn>").nth(1).and_then(|rest| rest.split('<').next());
        navne.push(found.context("a user without BrugerNavn")?.to_owned());
    }
    Ok(navne)
}

/// Lists the units in calls of the largest size the service takes; the time of all calls together.
async fn list(klient: &mut Klient, enheder: &[Uuid]) -> Result<(usize, f64)> {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for page in enheder.chunks(500) {
            let ids: String =
                page.iter().map(|id| format!("<sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator>")).collect();
            let (path, body) = envelope("organisationenhed", &format!("<ListInput>{ids}</ListInput>"));
            let svar = klient.post(&path, &body).await?;
            ensure!(svar.status_kode() == Some(20), "list: {:?}", svar.status_kode());
        }
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok((enheder.len(), best))
}

/// Reads the whole register page by page; objects, and objects per second.
async fn fremsoeg(klient: &mut Klient) -> Result<(usize, f64)> {
    const PAGE: usize = 5_000;
    let start = Instant::now();
    let mut objects = 0;
    for page in 0.. {
        let inner = format!(
            "<FremsoegObjekthierarkiInput><sd:FoersteResultatReference>{}</sd:FoersteResultatReference>\
             <sd:MaksimalAntalKvantitet>{PAGE}</sd:MaksimalAntalKvantitet></FremsoegObjekthierarkiInput>",
            page * PAGE
        );
        let (path, body) = envelope("organisationsystem", &inner);
        let svar = klient.post(&path, &body).await?;
        ensure!(svar.status_kode() == Some(20), "fremsoeg: {:?}", svar.status_kode());
        let found = count(&svar.body, b"ObjektType>") / 2;
        objects += found;
        if found == 0 {
            break;
        }
    }
    Ok((objects, objects as f64 / start.elapsed().as_secs_f64()))
}

fn count(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).filter(|w| *w == needle).count()
}
