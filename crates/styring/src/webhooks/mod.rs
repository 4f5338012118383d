//! Webhooks: a party's own systems get its notices, signed, as its people get them in the module.
//!
//! The Administrator chooses where to and which groups of events. A notice is laid with the party's webhooks in the write
//! that lays it with people (`adviser/fordel.rs`); whoever sends leases one delivery at a time ([`naeste`]), posts it, and
//! says what came of it ([`afslut`]). A delivery that fails is tried again, farther and farther apart over three days; then
//! the webhook is AFBRUDT, the Administrator gets a task, and nothing more is sent until somebody asks for it.

mod afbrudt;
mod indhold;
mod levering;
mod proev;
mod signatur;

pub use levering::{Afsending, Fulgt, afslut, begynd, naeste};
pub(crate) use levering::{planlaeg, rens};
pub use proev::{PROEVE_MELLEMRUM, Proevesvar, proev};
pub use signatur::{HOVED_ID, HOVED_SIGNATUR, HOVED_TID, signatur};

use crate::adviser::Gruppe;
use crate::fejl::Samling;
use crate::opgaver;
use crate::skriv::{self, DAG, Gemt, overhalet};
use crate::{Kald, Styringsfejl};
use administration::{Emne, Entitet, Handling, Modulfejl, Modulrolle, Webhook, Webhooktilstand};
use app::{Adresse, App, Segl};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeSet;
use std::fmt;
use store::{Aendringslinje, Modulpost, Modulsoegning, Webhooklevering, Webhooktal};
use uuid::Uuid;

/// Webhooks of one party, at most (N-831).
pub const WEBHOOKS_MAX: u64 = 10;
/// How many days deliveries are kept, and can be tried again.
pub const OPBEVARING_DAGE: i64 = 30;
/// How many days the key before still signs beside a new one.
pub const OVERLAP_DAGE: i64 = 7;
/// How far deliveries are counted.
pub const TAELLES_MAX: u64 = 1_000;

/// What is said of a webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Webhookfelter {
    /// What the party calls it.
    pub navn: String,
    /// Where notices are posted to.
    pub adresse: String,
    /// Notices about what.
    pub grupper: BTreeSet<Gruppe>,
}

impl Webhookfelter {
    /// What is stored.
    #[must_use]
    pub fn af(w: &Webhook) -> Self {
        Self {
            navn: w.navn.clone(),
            adresse: w.adresse.clone(),
            grupper: w.grupper.iter().filter_map(|kode| Gruppe::med_kode(kode)).collect(),
        }
    }

    fn kontroller(&self) -> Result<Adresse, Styringsfejl> {
        let mut samling = Samling::default();
        samling.tekst("navn", "Navn", &self.navn, 100);
        samling.tekst("adresse", "Adresse", &self.adresse, 500);
        let adresse = Adresse::laes(&self.adresse);
        if let Err(fejl) = &adresse
            && !self.adresse.trim().is_empty()
        {
            samling.tilfoej(Modulfejl::felt("adresse", "N-832", fejl.to_string()));
        }
        if self.grupper.is_empty() {
            samling.tilfoej(Modulfejl::felt("grupper", "A-006", "Vælg mindst én slags adviser."));
        }
        for gruppe in self.grupper.iter().filter(|g| !Gruppe::partens().any(|p| p == **g)) {
            let tekst = format!("{} er til hver person og kan ikke leveres til en modtager.", gruppe.navn());
            samling.tilfoej(Modulfejl::felt("grupper", "N-835", tekst));
        }
        samling.slut()?;
        adresse.map_err(|fejl| Modulfejl::felt("adresse", "N-832", fejl.to_string()).into())
    }

    fn koder(&self) -> BTreeSet<String> {
        self.grupper.iter().map(|g| g.kode().to_owned()).collect()
    }
}

/// The key of a webhook as it is shown, once. It has no other way out, and none into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Hemmelighed(pub String);

impl fmt::Debug for Hemmelighed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hemmelig)")
    }
}

/// The party's webhooks, in the order they were made.
///
/// # Errors
///
pub async fn liste(app: &App, kald: &Kald) -> Result<Vec<Gemt<Webhook>>, Styringsfejl> {
    kald.kraev(Emne::Webhook, Handling::Se)?;
    partens(app, kald.part()).await
}

async fn partens(app: &App, part: Cvr) -> Result<Vec<Gemt<Webhook>>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Webhook::ART,
        noegler: vec![("part", part.to_string())],
        // One more may come when two make one at the same time.
        antal: WEBHOOKS_MAX * 2,
        ..Modulsoegning::default()
    };
    app.store().modul_find(&soegning).await?.0.iter().map(skriv::laes).collect()
}

/// One of them.
///
/// # Errors
/// A-001; A-404 when it is another party's.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Gemt<Webhook>, Styringsfejl> {
    kald.kraev(Emne::Webhook, Handling::Se)?;
    let gemt = skriv::hent::<Webhook>(app, uuid).await?.filter(|g| g.post.part == kald.part());
    gemt.ok_or_else(|| Modulfejl::findes_ikke("Webhooken").into())
}

/// One of them in the version that the person has seen.
async fn set(app: &App, kald: &Kald, uuid: Uuid, version: i64) -> Result<Webhook, Styringsfejl> {
    let gemt = hent(app, kald, uuid).await?;
    if gemt.version == version { Ok(gemt.post) } else { Err(overhalet().into()) }
}

/// Makes one, and its key.
///
/// # Errors
/// A-001; what is wrong with the fields, N-832 and N-835 among it; N-831 when there are too many.
pub async fn opret(
    app: &App,
    kald: &Kald,
    segl: &dyn Segl,
    felter: &Webhookfelter,
) -> Result<(Webhook, Hemmelighed), Styringsfejl> {
    let rolle = kald.kraev(Emne::Webhook, Handling::Opret)?;
    let adresse = felter.kontroller()?;
    if partens(app, kald.part()).await?.len() as u64 >= WEBHOOKS_MAX {
        let tekst = format!("I kan højst have {WEBHOOKS_MAX} webhooks. Fjern en, I ikke bruger.");
        return Err(Modulfejl::felt("navn", "N-831", tekst).into());
    }
    let (nu, uuid) = (app.now(), app.new_uuid());
    let (noegle, hemmelighed) = signatur::ny_noegle(app, segl, uuid);
    let w = Webhook {
        uuid,
        part: kald.part(),
        navn: felter.navn.trim().to_owned(),
        adresse: adresse.som_tekst().to_owned(),
        grupper: felter.koder(),
        noegler: vec![noegle],
        oprettet: nu.micros(),
        afbrudt: None,
        proevet: None,
    };
    let linje = Aendringslinje { detaljer: ord(&w), ..linje(kald, nu, rolle, &w, "opret webhook") };
    skriv::gem(app, &[modulpost(&w, 0)?], &[linje]).await?;
    Ok((w, hemmelighed))
}

/// Changes what is said of one.
///
/// # Errors
/// what is wrong with the fields.
pub async fn ret(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    felter: &Webhookfelter,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Webhook, Handling::Ret)?;
    let gammel = set(app, kald, uuid, version).await?;
    let adresse = felter.kontroller()?;
    let ny = Webhook {
        navn: felter.navn.trim().to_owned(),
        adresse: adresse.som_tekst().to_owned(),
        grupper: felter.koder(),
        ..gammel.clone()
    };
    if ny == gammel {
        return Ok(());
    }
    let linje = Aendringslinje { detaljer: ord(&ny), ..linje(kald, app.now(), rolle, &ny, "ret webhook") };
    skriv::gem(app, &[modulpost(&ny, version)?], &[linje]).await
}

/// Gives one another key. The one before signs beside it for [`OVERLAP_DAGE`], or not at all when it is known to others.
///
/// # Errors
///
pub async fn skift_noegle(
    app: &App,
    kald: &Kald,
    segl: &dyn Segl,
    (uuid, version): (Uuid, i64),
    straks: bool,
) -> Result<(Webhook, Hemmelighed), Styringsfejl> {
    let rolle = kald.kraev(Emne::Webhook, Handling::Ret)?;
    let mut w = set(app, kald, uuid, version).await?;
    let nu = app.now();
    let (noegle, hemmelighed) = signatur::ny_noegle(app, segl, uuid);
    let overlap = if straks { nu } else { skriv::om_dage(nu, OVERLAP_DAGE) };
    w.skift(noegle, nu, overlap);
    let detaljer = if straks {
        "den gamle nøgle bruges ikke mere".to_owned()
    } else {
        format!("den gamle nøgle underskriver også til og med {}", crate::brugere::sidste_dag(overlap))
    };
    let linje = Aendringslinje { detaljer, ..linje(kald, nu, rolle, &w, "skift webhookens nøgle") };
    skriv::gem(app, &[modulpost(&w, version)?], &[linje]).await?;
    Ok((w, hemmelighed))
}

/// Removes one, with its deliveries and the task about it.
///
/// # Errors
///
pub async fn fjern(app: &App, kald: &Kald, uuid: Uuid, version: i64) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Webhook, Handling::Afslut)?;
    let w = set(app, kald, uuid, version).await?;
    let linje = linje(kald, app.now(), rolle, &w, "fjern webhook");
    let mut poster = opgaver::afsluttede(app, uuid, w.part, "webhooken er fjernet").await?;
    poster.push(Modulpost { krop: None, ..modulpost(&w, version)? });
    skriv::gem(app, &poster, &[linje]).await?;
    if kald.er_proeve() {
        return Ok(());
    }
    // Whoever stops here leaves deliveries that nobody sends, and that are forgotten in their time.
    Ok(app.store().glem_leveringer(uuid).await?)
}

/// Lets what was given up be tried again, and what waits at once: the webhook is AKTIV.
///
/// # Errors
///
pub async fn proev_igen(app: &App, kald: &Kald, uuid: Uuid) -> Result<u64, Styringsfejl> {
    let rolle = kald.kraev(Emne::Webhook, Handling::Ret)?;
    let Gemt { mut post, version } = hent(app, kald, uuid).await?;
    let nu = app.now();
    post.afbrudt = None;
    let linje = linje(kald, nu, rolle, &post, "prøv webhooken igen");
    let mut poster = opgaver::afsluttede(app, uuid, post.part, "leveres igen").await?;
    poster.push(modulpost(&post, version)?);
    skriv::gem(app, &poster, &[linje]).await?;
    if kald.er_proeve() { Ok(0) } else { Ok(app.store().genoptag_leveringer(uuid, nu).await?) }
}

/// A webhook's deliveries of the last days, the newest first; and how many there are, counted to [`TAELLES_MAX`].
///
/// # Errors
///
pub async fn leveringer(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    (forbi, antal): (u64, u64),
) -> Result<(Vec<(Webhooklevering, String)>, u64), Styringsfejl> {
    hent(app, kald, uuid).await?;
    let alle = app.store().antal_leveringer(uuid, TAELLES_MAX).await?;
    let rader = app.store().webhookleveringer(uuid, forbi, antal).await?.into_iter().map(|l| {
        let emne = l.advis.as_ref().and_then(crate::adviser::laest).map(|a| a.emne);
        (l, emne.unwrap_or_else(|| "Et slettet advis".to_owned()))
    });
    Ok((rader.collect(), alle))
}

/// How many of its deliveries wait, and how many were given up, counted to [`TAELLES_MAX`].
///
/// # Errors
///
pub async fn tal(app: &App, kald: &Kald, uuid: Uuid) -> Result<Webhooktal, Styringsfejl> {
    hent(app, kald, uuid).await?;
    Ok(app.store().webhooktal(uuid, TAELLES_MAX).await?)
}

/// The moment deliveries are kept from.
fn graense(nu: Instant) -> Instant {
    Instant::from_micros(nu.micros().saturating_sub(OPBEVARING_DAGE * DAG))
}

/// What the log says of one: not the whole address, which may hold a secret.
fn ord(w: &Webhook) -> String {
    let vaert = Adresse::laes(&w.adresse).map_or_else(|_| String::new(), |a| a.vaert().to_owned());
    let grupper: Vec<&str> = w.grupper.iter().map(String::as_str).collect();
    format!("leveres til {vaert}\nadviser om {}", grupper.join(", "))
}

fn linje(kald: &Kald, nu: Instant, rolle: Modulrolle, w: &Webhook, handling: &str) -> Aendringslinje {
    Aendringslinje {
        art: Webhook::ART.into(),
        objekt: Some(w.uuid),
        objektnavn: w.navn.clone(),
        ..kald.linje(nu, Some(rolle), handling)
    }
}

fn modulpost(w: &Webhook, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let post = skriv::post(w, foer, Some(("part", w.part.to_string())))?;
    Ok(Modulpost { orden: skriv::i_orden(w.oprettet), ..post })
}
