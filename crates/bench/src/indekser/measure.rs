//! The measurements over a data set: SAPA reads, KY writes, each with its client certificate.

use super::data::{KY, Sample};
use super::message::{bevillinger_til, importer, opdater, sag, sager_af, sager_om};
use crate::load::{CLIENTS, Figure, several};
use crate::scenario::pick;
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use std::time::Instant;
use testkit::klient::{Klient, SOAP_12, request};
use uuid::Uuid;

/// The demo's system that searches.
const SAPA: &str = "6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a03";
/// A field of work that a fifth of the cases are in.
const DENSE: &str = "32.*";
/// Times a page is asked for.
const TIMES: usize = 41;
/// Objects a person may be found in when the search is to be one of a person.
const HITS_MAX: usize = 20;

/// Everything measured over one data set.
#[derive(Debug, Default)]
pub struct Figures {
    pub objects: usize,
    pub updates: usize,
    pub import_seconds: f64,
    pub update_seconds: f64,
    pub bytes: u64,
    pub start_seconds: f64,
    pub idle_mib: f64,
    pub peak_mib: f64,
    pub person: Figure,
    /// Cases of a person, on average.
    pub person_hits: f64,
    pub uuid: Figure,
    pub overblik: Figure,
    pub year: Page,
    pub month: Page,
    pub importer: Figure,
    pub opdater: Figure,
}

/// How long the first page of a search takes one client.
#[derive(Debug, Default)]
pub struct Page {
    pub p50: f64,
    pub slowest: f64,
    /// How many the answer says there are.
    pub antal: usize,
}

/// The place of a system in `demo.json`.
fn system(server: &Server, uuid: &str) -> Result<usize> {
    let systems = server.demo.json["systems"].as_array().context("demo.json has no systems")?;
    systems.iter().position(|s| s["uuid"] == uuid).context("the system is not in demo.json")
}

fn found(status: u16, kode: Option<u32>) -> bool {
    status == 200 && kode == Some(20)
}

/// Measures all of it: what reads first, as what writes changes what there is.
pub async fn all(seconds: u64, server: &Server, sample: &Sample, figures: &mut Figures) -> Result<()> {
    let address = server.demo.address("mtls");
    let cvr = server.demo.json["authorities"][0]["cvr"].as_str().context("an authority")?;
    let for_whom = format!("X-Anvenderkontekst: {cvr}\r\n");
    let sapa = server.demo.tls(Some(system(server, SAPA)?))?;
    let mut one = One {
        klient: Klient::connect(&address, sapa.clone()).await?,
        address: &address,
        for_whom: &for_whom,
    };
    figures.person_hits = one.hits(&sample.personer).await?;
    figures.year = one.page(&sager_af(cvr, DENSE, ("2024-01-01", "2025-01-01"))).await?;
    figures.month = one.page(&sager_af(cvr, DENSE, ("2024-03-01", "2024-04-01"))).await?;
    eprintln!("   pages: {:?}, {:?}", figures.year, figures.month);

    let personer = sample.personer.clone();
    let call = move |c, n| [sager_om(&personer[pick(c, n, personer.len())])];
    figures.person = several(&address, &sapa, seconds, &for_whom, call, found).await?;
    let sager = sample.sager.clone();
    let call = move |c, n| [sag(sager[pick(c, n, sager.len())])];
    figures.uuid = several(&address, &sapa, seconds, &for_whom, call, found).await?;
    let modtagere = sample.modtagere.clone();
    let calls = move |c, n| {
        let person = &modtagere[pick(c, n, modtagere.len())];
        [sager_om(person), bevillinger_til(person)]
    };
    figures.overblik = several(&address, &sapa, seconds, &for_whom, calls, found).await?;
    eprintln!("   person {:?}, uuid {:?}, overview {:?}", figures.person, figures.uuid, figures.overblik);

    let ky = server.demo.tls(Some(system(server, KY)?))?;
    let nye = sample.nye.clone();
    let call = move |c: usize, n: usize| {
        let nr = c + n * CLIENTS;
        [importer(&nye[nr % nye.len()].som(Uuid::new_v5(&Uuid::NAMESPACE_OID, &nr.to_le_bytes()), nr))]
    };
    figures.importer = several(&address, &ky, seconds, "", call, found).await?;
    let sager = sample.sager.clone();
    // Each case is changed by one client alone: what is measured is writing, not writing in each other's way.
    let call = move |c: usize, n: usize| {
        let hver = sager.len() / CLIENTS;
        [opdater(sager[c * hver + n % hver], KY, n)]
    };
    figures.opdater = several(&address, &ky, seconds, "", call, found).await?;
    eprintln!("   importer {:?}, opdater {:?}", figures.importer, figures.opdater);
    figures.peak_mib = server.peak_rss_mib();
    Ok(())
}

/// One client that asks alone.
struct One<'a> {
    klient: Klient,
    address: &'a str,
    for_whom: &'a str,
}

impl One<'_> {
    /// How many the answer to a search says there are.
    async fn antal(&mut self, (path, body): &(String, String)) -> Result<usize> {
        let svar = self.klient.send(&request(self.address, path, SOAP_12, self.for_whom, body)).await?;
        if (svar.status, svar.status_kode()) == (200, Some(44)) {
            return Ok(0);
        }
        let text = String::from_utf8(svar.body)?;
        let said = text.split_once("<sdi:Antal>").and_then(|(_, rest)| rest.split_once("<sdi:Antal>"));
        let antal = said.and_then(|(_, rest)| rest.split_once('<')?.0.parse().ok());
        antal
            .with_context(|| format!("no answer to a search: {}", text.chars().take(900).collect::<String>()))
    }

    /// Cases of a person on average, by some of them; none has too many.
    async fn hits(&mut self, personer: &[String]) -> Result<f64> {
        let (mut sum, mut asked) = (0, 0);
        for person in personer.iter().step_by(personer.len() / 100) {
            let antal = self.antal(&sager_om(person)).await?;
            ensure!((1..=HITS_MAX).contains(&antal), "a person has {antal} cases");
            sum += antal;
            asked += 1;
        }
        Ok(f64::from(sum as u32) / f64::from(asked))
    }

    async fn page(&mut self, call: &(String, String)) -> Result<Page> {
        let mut page = Page::default();
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let sent = Instant::now();
            page.antal = self.antal(call).await?;
            times.push(sent.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_unstable_by(f64::total_cmp);
        (page.p50, page.slowest) = (times[TIMES / 2], times[TIMES - 1]);
        Ok(page)
    }
}
