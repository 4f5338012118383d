//! One agreement: what it says, who answered what, its versions, what can be done with it.

use super::forbrug::{Forbrug, forbrug};
use super::kommentar::{Kommentarer, kommentarer};
use super::ord::{Kort, formaal, gyldig, kort};
use super::standard::{Standardfelt, felt};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{Aftaletilstand as T, Emne, Handling, Modulfejl};
use askama::Template;
use bitemporal::Instant;
use styring::aftaler::{self, Aftalevisning, Gensendt};

const HISTORIK: u64 = 200;

/// An authority in the agreement, and what the person may do about it.
struct Partrad {
    cvr: String,
    navn: String,
    version: u32,
    tag: Tag,
    anmodet: Dato,
    /// When it was reminded by hand.
    gensendt: Dato,
    genbekraeftes: Dato,
    opsagt: Dato,
    aarsag: String,
    /// By whose rule it was approved, when no person did.
    efter: String,
    spaer: bool,
    ophaev: bool,
    opsig: bool,
}

struct Versionsrad {
    nummer: u32,
    tilstande: Vec<(String, Tag)>,
    gyldig: String,
    services: String,
}

#[derive(Template)]
#[template(path = "aftaler/aftale.html")]
pub(super) struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    sti: String,
    nummer: String,
    navn: String,
    system: String,
    systemsti: Option<String>,
    tag: Tag,
    version: u32,
    kort: Kort,
    formaal: Vec<(&'static str, String)>,
    parter: Vec<Partrad>,
    versioner: Vec<Versionsrad>,
    historik: Vec<Lograd>,
    kontekst: String,
    /// What is used, in its tab.
    forbrug: Option<Forbrug>,
    /// What was said about it, in its tab.
    kommentarer: Option<Kommentarer>,
    /// What the authority has approved beforehand.
    standard: Option<Standardfelt>,
    fejl: Fejl,
    svar: bool,
    kladde: bool,
    aendr: bool,
    kopier: bool,
    traek: bool,
    gensend: bool,
    genbekraeft: bool,
    slet: bool,
}

fn partrad(k: &Besoeg, v: &Aftalevisning<'_>, gensendte: &[Gensendt]) -> Partrad {
    let t = v.tilstand;
    let gensendt = gensendte.iter().find(|g| g.myndighed == v.myndighed && v.til_svar().is_some());
    let maa = |emne| aftaler::maa(&k.kald, &k.politik, v, emne);
    let i_kraft = matches!(t, T::Aktiv | T::Hvilende);
    Partrad {
        cvr: v.myndighed.to_string(),
        navn: k.partsnavn(v.myndighed),
        version: v.version.nummer,
        tag: vis::aftaletag(t),
        anmodet: vis::maaske(v.part.anmodet),
        gensendt: vis::maaske(gensendt.map(|g| Instant::from_micros(g.tid))),
        genbekraeftes: vis::maaske(v.version.genbekraeftes(v.part)),
        opsagt: v.part.opsagt_til.map_or_else(Dato::default, vis::sidste_dag),
        aarsag: v.part.aarsag.clone().unwrap_or_default(),
        efter: v.part.godkendt_efter.as_ref().map_or_else(String::new, |s| {
            format!("Godkendt efter standardgodkendelse givet af {} den {}", s.navn, vis::dato(s.givet).tekst)
        }),
        spaer: (i_kraft || t == T::Opsagt) && maa(Emne::Aftalespaerring),
        ophaev: t == T::Spaerret && aftaler::maa_ophaeve(&k.kald, &k.politik, v),
        opsig: (i_kraft || t == T::Spaerret) && v.part.tilstand != T::Opsagt && maa(Emne::Aftaleopsigelse),
    }
}

/// The agreement as the party at hand sees it first: its own part, else that of the first authority; and whether the party
/// is the supplier.
pub(super) fn faelles<'v, 'p>(
    k: &Besoeg,
    visninger: &'v [Aftalevisning<'p>],
) -> Result<(&'v Aftalevisning<'p>, bool), Modulfejl> {
    let egen = visninger.iter().find(|v| v.myndighed == k.kald.part());
    let v = egen.or(visninger.first()).ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let ejer = k.politik.system(v.aftale.system).map_or(k.kald.part(), |s| s.leverandoer);
    Ok((v, ejer == k.kald.part()))
}

/// Notes that who runs the installation has looked at it.
pub(super) async fn set(k: &Besoeg, v: &Aftalevisning<'_>) -> Result<(), Sidefejl> {
    let a = v.aftale;
    let ejere = k.politik.system(a.system).map(|s| s.leverandoer).into_iter().chain([v.myndighed]);
    Ok(styring::log::set_hos(&k.t().app, &k.kald, ("aftale", a.uuid, &a.navn), ejere).await?)
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    side(&aftale_side(&k, None, Fejl::default()).await?)
}

/// The page at a tab, with what was wrong in it.
pub(super) async fn aftale_side(k: &Besoeg, ved: Option<&str>, fejl: Fejl) -> Result<Side, Sidefejl> {
    let (uuid, nu) = (k.f.uuid("id")?, k.nu());
    let visninger = aftaler::hent(&k.kald, &k.politik, uuid, nu)?;
    let (v, leverandoer) = faelles(k, &visninger)?;
    let egen = visninger.iter().find(|v| v.myndighed == k.kald.part());
    let (a, aktoer) = (v.aftale, &k.kald.aktoer);
    set(k, v).await?;
    let sti = format!("/admin/serviceaftaler/{uuid}");
    let mulige = [
        ("indhold", "Indhold"),
        ("oplysninger", "Oplysninger"),
        ("forbrug", "Forbrug"),
        ("versioner", "Versioner"),
        ("kommentarer", "Kommentarer"),
        ("historik", "Historik"),
    ];
    let ser_forbrug = aktoer.kan(Emne::Forbrug, Handling::Se);
    let ser_kommentarer = aktoer.kan(Emne::Aftalekommentar, Handling::Se);
    let ses = |id: &str| (ser_forbrug || id != "forbrug") && (ser_kommentarer || id != "kommentarer");
    let mulige: Vec<_> = mulige.into_iter().filter(|(id, _)| ses(id)).collect();
    let valgt = ved.unwrap_or_else(|| k.f.query.tekst("fane"));
    let faner = Fane::med_log(k, uuid, Fane::alle(&sti, valgt, &mulige));
    let fane = mulige.iter().find(|(id, _)| *id == valgt).map_or("indhold", |(id, _)| id);
    let system = k.politik.system(a.system);
    let ejer = system.map_or(k.kald.part(), |s| s.leverandoer);
    let opretter = leverandoer && aktoer.kan(Emne::Aftale, Handling::Opret);
    let aaben = opretter && aftaler::kladde(&k.kald, &k.politik, uuid).is_ok();
    let anmodet = visninger.iter().any(|v| v.til_svar().is_some());
    let returneret = visninger
        .iter()
        .any(|v| v.tilstand == T::Returneret || v.aendring.is_some_and(|(_, t)| t == T::Returneret));
    let seer = |cvr| visninger.iter().any(|v| v.myndighed == cvr);
    let versionsrad = |ver: &administration::Aftaleversion| {
        let synlige = ver.myndigheder.iter().filter(|p| seer(p.myndighed));
        let tilstande: Vec<(String, Tag)> =
            synlige.map(|p| (k.partsnavn(p.myndighed), vis::aftaletag(ver.tilstand(p, nu)))).collect();
        let services: Vec<String> =
            ver.services.iter().map(|s| super::ord::serviceord(&k.politik, s).hvad).collect();
        Versionsrad { nummer: ver.nummer, tilstande, gyldig: gyldig(ver), services: services.join("; ") }
    };
    let historik = styring::log::om(&k.t().app, &k.kald, ("aftale", uuid), ejer, HISTORIK).await?;
    // A supplier's other authorities are not an authority's business.
    let kontekst = serde_json::json!({
        "aftale": uuid, "myndighed": v.myndighed.to_string(), "system": a.system,
        "services": v.version.services.iter().map(|s| s.service).collect::<Vec<_>>(),
    });
    let gensendte = if anmodet { aftaler::gensendte(&k.t().app, uuid).await? } else { Vec::new() };
    let kommentarer =
        if *fane == *"kommentarer" { kommentarer(k, &visninger, "aftale", &fejl).await? } else { None };
    Ok(Side {
        ramme: k
            .ramme(format!("{} {}", a.nummer.clone().unwrap_or_default(), a.navn), "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler"),
        faner,
        fane: fane.to_owned(),
        nummer: a.nummer.clone().unwrap_or_default(),
        navn: a.navn.clone(),
        system: system.map_or_else(String::new, |s| s.navn.clone()),
        systemsti: k.link("it-system", a.system),
        tag: vis::aftaletag(v.tilstand),
        version: v.version.nummer,
        kort: kort(k, a, v.version, (!leverandoer).then_some(v.myndighed)),
        formaal: formaal(v.version),
        parter: visninger.iter().map(|v| partrad(k, v, &gensendte)).collect(),
        versioner: a.versioner.iter().rev().map(versionsrad).filter(|v| !v.tilstande.is_empty()).collect(),
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(k, nr, l)).collect(),
        forbrug: if *fane == *"forbrug" { Some(forbrug(k, &visninger, v).await?) } else { None },
        kommentarer,
        standard: felt(k, egen).await?,
        fejl,
        kontekst: serde_json::to_string_pretty(&kontekst).unwrap_or_default(),
        svar: egen.is_some_and(|v| v.til_svar().is_some()) && aktoer.kan(Emne::Aftalesvar, Handling::Godkend),
        kladde: aaben,
        aendr: opretter && !aaben && !anmodet && !a.proevetilslutning,
        kopier: opretter && !a.proevetilslutning,
        traek: opretter && (anmodet || returneret),
        gensend: opretter && aftaler::kan_gensende(a, &gensendte, nu),
        genbekraeft: !a.proevetilslutning
            && egen.is_some_and(|v| matches!(v.tilstand, T::Aktiv | T::Hvilende))
            && aktoer.kan(Emne::Aftalegenbekraeftelse, Handling::Godkend),
        slet: opretter && visninger.iter().all(|v| aftaler::er_kladde(v)),
        sti,
    })
}
