//! The classifications a party can use, to read: KOMBIT's, and its own.

mod brug;

pub use brug::{Anvendelse, brug, daekker};
pub(crate) use brug::{kle_vaerdier, vaerdier};

use crate::opslag::{Art, Laeser, Laest, Post, erstatninger, findes_ikke, nu_under, ved_id};
use crate::{Kald, Styringsfejl};
use adgang::Operation;
use administration::{Emne, Handling};
use app::App;
use bitemporal::{Instant, Period};
use oio::catalog::klassifikation::{facet, klasse, klassifikation};
use oio::catalog::{BRUGERVENDT_NOEGLE, FACET, KLASSE, KLASSIFIKATION, Navn};
use oio::model::{Indhold, Livscyklus, Relation, TilstandKode, Vaerdi};
use oio::{Cvr, ObjektId, noegle};
use store::{Moenster, Ordnet};
use uuid::Uuid;

/// Classifications on a page, and facets of them.
pub const SYSTEMER_MAX: u64 = 50;
const FACETTER_MAX: u64 = 500;
/// Classes are counted so far.
pub const TAELT_MAX: u64 = 10_000;
/// A tree is at most this deep.
const DYBDE_MAX: usize = 20;

/// A dimension of a classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Its UUID.
    pub id: Uuid,
    /// Its title.
    pub titel: String,
    /// What it is about.
    pub beskrivelse: String,
    /// Its edition, when it tells of one.
    pub udgave: String,
    /// Whose it is.
    pub ejer: Cvr,
    /// The classification it belongs to.
    pub klassifikation: Option<Uuid>,
    /// How many classes stand in it, counted to [`TAELT_MAX`].
    pub klasser: u64,
}

/// A classification with its facets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Its UUID.
    pub id: Uuid,
    /// Its title.
    pub titel: String,
    /// What it is about.
    pub beskrivelse: String,
    /// Whose it is.
    pub ejer: Cvr,
    /// Its facets by title.
    pub facetter: Vec<Facet>,
}

/// A piece of time in the life of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tidsrum {
    /// When.
    pub periode: Period,
    /// What held.
    pub tekst: String,
}

/// One class, with everything told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Klasse {
    /// The class in a line.
    pub post: Post,
    /// Its facet, and the classification.
    pub facet: Option<Facet>,
    /// The classes above it, the topmost first.
    pub over: Vec<Post>,
    /// Its description, sources of law, notes and keywords, each with its name.
    pub tekster: Vec<(&'static str, String)>,
    /// What took its place.
    pub erstattet_af: Vec<Post>,
    /// Whose place it took.
    pub erstatter: Vec<Post>,
    /// When it was published, and when not.
    pub gyldighed: Vec<Tidsrum>,
    /// Its numbers and titles through time.
    pub titler: Vec<Tidsrum>,
    /// When it was recorded, and its life cycle from then on, the latest first.
    pub registreringer: Vec<(Instant, Livscyklus)>,
}

fn tekst(indhold: &Indhold, navn: Navn, nu: Instant) -> String {
    let egenskab = indhold.egenskab_at(nu).or(indhold.egenskaber.last());
    egenskab.and_then(|e| e.tekst(navn)).unwrap_or_default().trim().to_owned()
}

/// The title, or the key when there is none.
fn titel(indhold: &Indhold, navn: Navn, nu: Instant) -> String {
    let titel = tekst(indhold, navn, nu);
    if titel.is_empty() { tekst(indhold, BRUGERVENDT_NOEGLE.navn, nu) } else { titel }
}

/// A page of the classifications, by name, with their facets and how many classes each has; and the one after which the next
/// page begins.
///
/// # Errors
///
pub async fn systemer(
    app: &App,
    kald: &Kald,
    efter: Option<Uuid>,
) -> Result<(Vec<System>, Option<Uuid>), Styringsfejl> {
    kald.kraev(Emne::Klassifikation, Handling::Se)?;
    let laeser = Laeser::ny(app, kald, Operation::Soeg, &KLASSIFIKATION)?;
    let felt = noegle::felt_for(&KLASSIFIKATION, BRUGERVENDT_NOEGLE.navn);
    let efter =
        match efter {
            None => None,
            Some(id) => laeser.laes(&[ObjektId(id)]).await?.first().map(|l| {
                (noegle::fold(&tekst(&l.indhold, BRUGERVENDT_NOEGLE.navn, laeser.nu)), ObjektId(id))
            }),
        };
    let ordnet = laeser.ordnet(felt, "", SYSTEMER_MAX + 1);
    let mut ids = laeser.i_orden(&Ordnet { efter, ..ordnet }).await?;
    let flere = ids.len() as u64 > SYSTEMER_MAX;
    ids.truncate(SYSTEMER_MAX as usize);
    let naeste = if flere { ids.last().map(|id| id.0) } else { None };
    let en = |l: &Laest| System {
        id: l.id.0,
        titel: titel(&l.indhold, klassifikation::TITEL.navn, laeser.nu),
        beskrivelse: tekst(&l.indhold, klassifikation::BESKRIVELSE.navn, laeser.nu),
        ejer: l.ejer,
        facetter: Vec::new(),
    };
    let mut systemer: Vec<System> = laeser.laes(&ids).await?.iter().map(en).collect();
    let laeser = Laeser::ny(app, kald, Operation::Soeg, &FACET)?;
    let felt = noegle::felt_for(&FACET, facet::FACET_TILHOERER.navn).0;
    let under = Moenster::EnAf(systemer.iter().map(|s| s.id.to_string()).collect());
    let ids = laeser.find(vec![(felt, under)], FACETTER_MAX).await?;
    for f in facetter(app, kald, &ids).await? {
        if let Some(system) = systemer.iter_mut().find(|s| Some(s.id) == f.klassifikation) {
            system.facetter.push(f);
        }
    }
    systemer.iter_mut().for_each(|s| s.facetter.sort_by_cached_key(|f| (noegle::fold(&f.titel), f.id)));
    Ok((systemer, naeste))
}

/// Facets with how many classes each has.
async fn facetter(app: &App, kald: &Kald, ids: &[ObjektId]) -> Result<Vec<Facet>, Styringsfejl> {
    let laeser = Laeser::ny(app, kald, Operation::List, &FACET)?;
    let en = |l: &Laest| Facet {
        id: l.id.0,
        titel: titel(&l.indhold, facet::TITEL.navn, laeser.nu),
        beskrivelse: tekst(&l.indhold, facet::BESKRIVELSE.navn, laeser.nu),
        udgave: tekst(&l.indhold, facet::SUPPLEMENT.navn, laeser.nu),
        ejer: l.ejer,
        klassifikation: nu_under(&l.indhold, facet::FACET_TILHOERER.navn, laeser.nu),
        klasser: 0,
    };
    let mut facetter: Vec<Facet> = laeser.laes(ids).await?.iter().map(en).collect();
    let klasser = Laeser::ny(app, kald, Operation::Soeg, &KLASSE)?;
    let felt = noegle::felt_for(&KLASSE, klasse::FACET.navn);
    let numre: Vec<String> = facetter.iter().map(|f| f.id.to_string()).collect();
    let antal = klasser.tael(&klasser.ordnet(felt, "", TAELT_MAX), &numre).await?;
    facetter.iter_mut().zip(antal).for_each(|(f, antal)| f.klasser = antal);
    Ok(facetter)
}

/// One facet.
///
/// # Errors
/// A-001; A-404.
pub async fn facet(app: &App, kald: &Kald, id: Uuid) -> Result<Facet, Styringsfejl> {
    kald.kraev(Emne::Klassifikation, Handling::Se)?;
    let fundne = facetter(app, kald, &[ObjektId(id)]).await?;
    fundne.into_iter().next().ok_or_else(|| findes_ikke("Facetten"))
}

/// One class.
///
/// # Errors
/// A-001; A-404.
pub async fn hent(app: &App, kald: &Kald, id: Uuid) -> Result<Klasse, Styringsfejl> {
    kald.kraev(Emne::Klassifikation, Handling::Se)?;
    let laeser = Laeser::ny(app, kald, Operation::Laes, &KLASSE)?;
    let art = Art::Klasse(None);
    let laest = laeser.laes(&[ObjektId(id)]).await?;
    let laest = laest.first().ok_or_else(|| findes_ikke("Klassen"))?;
    let (post, indhold) = (laeser.post(art, laest), &laest.indhold);
    let mut over = Vec::new();
    let mut naeste = post.over;
    while let Some(id) = naeste.filter(|id| over.len() < DYBDE_MAX && *id != post.id) {
        let fundne = ved_id(app, kald, art, &[id]).await?;
        naeste = fundne.first().and_then(|p| p.over);
        over.extend(fundne);
    }
    over.reverse();
    let afloeser: Vec<Uuid> =
        indhold.relationer(klasse::ERSTATTER.navn).filter_map(Relation::uuid).take(50).collect();
    let facet = match post.facet {
        Some(id) => facetter(app, kald, &[ObjektId(id)]).await?.into_iter().next(),
        None => None,
    };
    let mut registreringer: Vec<_> =
        laeser.historie(laest.id).await?.iter().map(|r| (r.tidspunkt, r.livscyklus)).collect();
    registreringer.reverse();
    Ok(Klasse {
        facet,
        over,
        tekster: tekster(indhold, laeser.nu),
        erstattet_af: erstatninger(app, kald, id).await?,
        erstatter: ved_id(app, kald, art, &afloeser).await?,
        gyldighed: gyldighed(indhold),
        titler: titler(indhold),
        registreringer,
        post,
    })
}

fn tekster(indhold: &Indhold, nu: Instant) -> Vec<(&'static str, String)> {
    let stikord =
        indhold.egenskab_at(nu).or(indhold.egenskaber.last()).and_then(|e| e.get(klasse::SOEGEORD.navn));
    let stikord = match stikord {
        Some(Vaerdi::Grupper(grupper)) => {
            let ord = |g: &Vec<(Navn, String)>| {
                g.iter().find(|(n, _)| *n == klasse::SOEGEORD_ORD.navn).map(|(_, v)| v.clone())
            };
            grupper.iter().filter_map(ord).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let af = |navn| tekst(indhold, navn, nu);
    let mut alle = vec![
        ("Beskrivelse", af(klasse::BESKRIVELSE.navn)),
        ("Omfang", af(klasse::OMFANG.navn)),
        ("Eksempel", af(klasse::EKSEMPEL.navn)),
        ("Retskilder", af(klasse::RETSKILDE.navn)),
        ("Ændringsnotat", af(klasse::AENDRINGSNOTAT.navn)),
        ("Stikord", stikord),
    ];
    alle.retain(|(_, v)| !v.is_empty());
    alle
}

fn gyldighed(indhold: &Indhold) -> Vec<Tidsrum> {
    let en = |t: &oio::model::Tilstand| Tidsrum {
        periode: t.virkning.period,
        tekst: if t.kode == TilstandKode::Publiceret { "Publiceret" } else { "Udgået" }.to_owned(),
    };
    indhold.tilstande.iter().map(en).collect()
}

fn titler(indhold: &Indhold) -> Vec<Tidsrum> {
    let en = |e: &oio::model::Egenskab| {
        let del = |navn| e.tekst(navn).unwrap_or_default().trim();
        Tidsrum {
            periode: e.virkning.period,
            tekst: format!("{} {}", del(BRUGERVENDT_NOEGLE.navn), del(klasse::TITEL.navn)).trim().to_owned(),
        }
    };
    indhold.egenskaber.iter().map(en).collect()
}
