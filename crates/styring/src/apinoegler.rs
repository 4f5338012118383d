//! API-nøgler: made by a person for himself, recognised with every call of a program, and revoked.

use crate::fejl::Samling;
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Apinoegle, Bruger, Entitet, Modulfejl, Noegletilstand, hex, noegle_udloeber, tommelfinger,
};
use app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use std::fmt;
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

/// Keys of one person that can be used, at most (N-803).
pub const NOEGLER_MAX: usize = 20;
/// Keys in the list, at most: the newest.
pub const LISTE_MAX: u64 = 100;
/// What every key begins with, so that people and programs that look for secrets know one.
pub const FORLED: &str = "fundament_";
/// Characters after it: 32 random bytes.
const TEGN: usize = 43;

/// What is said of a new key.
#[derive(Debug, Clone, Default)]
pub struct NyApinoegle {
    /// What the person calls it.
    pub navn: String,
    /// The last day it can be used.
    pub udloeber: Option<Instant>,
    /// Whether it only reads.
    pub kun_laesning: bool,
}

/// A key as it is shown, once. It has no other way out, and none into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Hemmelighed(pub String);

impl fmt::Debug for Hemmelighed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hemmelig)")
    }
}

/// Makes a key that acts as the person, for the party he acts for now. Whoever has a role may.
///
/// # Errors
/// N-801, N-802 for its last day; N-803 when there are too many.
pub async fn opret(
    app: &App,
    kald: &Kald,
    ny: &NyApinoegle,
) -> Result<(Apinoegle, Hemmelighed), Styringsfejl> {
    let nu = app.now();
    let mut samling = Samling::default();
    samling.tekst("navn", "Navn", &ny.navn, 100);
    let udloeber = match ny.udloeber.map(|dag| noegle_udloeber(dag, nu)) {
        Some(Ok(udloeber)) => udloeber,
        Some(Err(fejl)) => {
            samling.tilfoej(fejl);
            nu
        }
        None => {
            samling.tilfoej(Modulfejl::mangler("udloeber", "Gælder til og med"));
            nu
        }
    };
    samling.slut()?;
    let aktive = mine(app, kald).await?.into_iter();
    if aktive.filter(|g| g.post.tilstand(nu) == Noegletilstand::Aktiv).count() >= NOEGLER_MAX {
        let tekst = format!("Du kan højst have {NOEGLER_MAX} aktive nøgler. Tilbagekald en, du ikke bruger.");
        return Err(Modulfejl::felt("navn", "N-803", tekst).into());
    }
    let noegle = format!("{FORLED}{}", URL_SAFE_NO_PAD.encode(app.tilfaeldige::<32>()));
    let post = Apinoegle {
        uuid: app.new_uuid(),
        bruger: kald.aktoer.bruger,
        part: kald.part(),
        navn: ny.navn.trim().to_owned(),
        aftryk: aftryk(&noegle),
        kun_laesning: ny.kun_laesning,
        oprettet: nu.micros(),
        udloeber: udloeber.micros(),
        sidst_brugt: None,
        tilbagekaldt: None,
    };
    let kun = if post.kun_laesning { "kun læsning" } else { "alt, personen må" };
    let detaljer = format!("kan bruges til og med {}\ngiver ret til {kun}", sidste_dag(&post));
    let linje = Aendringslinje { detaljer, ..linje(kald, nu, &post, "opret API-nøgle") };
    skriv::gem(app, &[modulpost(&post, 0)?], &[linje]).await?;
    Ok((post, Hemmelighed(noegle)))
}

fn aftryk(noegle: &str) -> String {
    hex(&tommelfinger(noegle.as_bytes()))
}

/// The last day a key can be used, as people write it.
#[must_use]
pub fn sidste_dag(n: &Apinoegle) -> String {
    crate::brugere::sidste_dag(Instant::from_micros(n.udloeber))
}

/// The person's own keys, the newest first. Nobody sees another's.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn mine(app: &App, kald: &Kald) -> Result<Vec<Gemt<Apinoegle>>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Apinoegle::ART,
        noegler: vec![("bruger", kald.aktoer.bruger.to_string())],
        omvendt: true,
        antal: LISTE_MAX,
        ..Modulsoegning::default()
    };
    app.store().modul_find(&soegning).await?.0.iter().map(skriv::laes).collect()
}

/// One of them.
///
/// # Errors
/// A-404 when it is not the person's.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Gemt<Apinoegle>, Styringsfejl> {
    let gemt = skriv::hent::<Apinoegle>(app, uuid).await?.filter(|g| g.post.bruger == kald.aktoer.bruger);
    gemt.ok_or_else(|| Modulfejl::findes_ikke("API-nøglen").into())
}

/// Revokes one of the person's keys, at once and for good.
///
/// # Errors
/// A-404; A-005; N-804 when it is revoked.
pub async fn tilbagekald(app: &App, kald: &Kald, uuid: Uuid) -> Result<Apinoegle, Styringsfejl> {
    // A call that notes the day of its use comes in between once at most.
    for forsoeg in 0..3 {
        let nu = app.now();
        let Gemt { mut post, version } = hent(app, kald, uuid).await?;
        if post.tilbagekaldt.is_some() {
            return Err(Modulfejl::ny("N-804", "Nøglen er allerede tilbagekaldt.").into());
        }
        post.tilbagekaldt = Some(nu.micros());
        let linje = linje(kald, nu, &post, "tilbagekald API-nøgle");
        match skriv::gem(app, &[modulpost(&post, version)?], &[linje]).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() && forsoeg < 2 => {}
            svar => return svar.map(|()| post),
        }
    }
    Err(skriv::overhalet().into())
}

/// A call by a program, with the key it came with.
#[derive(Debug, Clone)]
pub struct Noeglekald {
    /// The call: the person who made the key, with the roles that hold now for its party.
    pub kald: Kald,
    /// The key.
    pub noegle: Apinoegle,
}

/// The call of whoever has this key. Nothing when it is unknown, has ended or is revoked, or when the person is disabled or
/// has no role for the party now: the caller is told no more than that.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn genkend(
    app: &App,
    noegle: &str,
    adresse: &str,
    korrelation: Uuid,
) -> Result<Option<Noeglekald>, Styringsfejl> {
    let tegn = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    // What cannot be a key costs no read.
    if !noegle.strip_prefix(FORLED).is_some_and(|rest| rest.len() == TEGN && rest.bytes().all(tegn)) {
        return Ok(None);
    }
    let nu = app.now();
    let Some(raekke) = app.store().modulpost_unik(Apinoegle::ART, &aftryk(noegle)).await? else {
        return Ok(None);
    };
    let Gemt { mut post, version } = skriv::laes::<Apinoegle>(&raekke)?;
    if post.tilstand(nu) != Noegletilstand::Aktiv {
        return Ok(None);
    }
    let bruger = skriv::hent::<Bruger>(app, post.bruger).await?;
    let Some(aktoer) = bruger.and_then(|b| b.post.handler_som(post.part, nu)) else { return Ok(None) };
    let dag = |tid| oio::tid::day_of(Instant::from_micros(tid));
    if post.sidst_brugt.is_none_or(|sidst| dag(sidst) != dag(nu.micros())) {
        // Once a day: versions are kept for ever. Who is overtaken was noted by the other call.
        post.sidst_brugt = Some(nu.micros());
        match skriv::gem(app, &[modulpost(&post, version)?], &[]).await {
            Ok(()) => {}
            // Somebody was first: another call, or it is being revoked right now. It is read anew.
            Err(fejl) if fejl.med_kode("A-005").is_some() => {
                let Some(igen) = skriv::hent::<Apinoegle>(app, post.uuid).await? else { return Ok(None) };
                if igen.post.tilstand(nu) != Noegletilstand::Aktiv {
                    return Ok(None);
                }
                post = igen.post;
            }
            Err(fejl) => return Err(fejl),
        }
    }
    let kald = Kald { aktoer, adresse: adresse.to_owned(), kilde: Kald::API, korrelation };
    Ok(Some(Noeglekald { kald, noegle: post }))
}

fn linje(kald: &Kald, nu: Instant, n: &Apinoegle, handling: &str) -> Aendringslinje {
    Aendringslinje {
        art: Apinoegle::ART.into(),
        objekt: Some(n.uuid),
        objektnavn: n.navn.clone(),
        ..kald.linje(nu, kald.aktoer.roller().into_iter().next(), handling)
    }
}

fn modulpost(n: &Apinoegle, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let post = skriv::post(n, foer, Some(("bruger", n.bruger.to_string())))?;
    Ok(Modulpost { unik: Some(n.aftryk.clone()), orden: skriv::i_orden(n.oprettet), ..post })
}
