//! One point of a run: what the role gives in the it-system, and the answer about it.

use super::{STI, en::tag};
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Attest, Attestsvar, Entitet, Jobfunktionsrolle, Modulfejl, Punktstatus};
use askama::Template;
use bitemporal::Instant;
use styring::attesteringer::{self, Punktsoegning};

/// Points looked through for the next one that waits.
const NAESTE_MAX: u64 = 500;

/// An answer as it is shown.
struct Svarrad {
    tag: Tag,
    tid: Dato,
    af: String,
    version: i64,
    begrundelse: String,
    ord: Vec<String>,
}

impl Svarrad {
    fn af(a: &Attest) -> Self {
        let (tone, status) = match a.svar {
            Attestsvar::Bekraeftet => ("ok", Punktstatus::Bekraeftet),
            Attestsvar::Aendring => ("warn", Punktstatus::Aendring),
        };
        Self {
            tag: Tag { tone, navn: status.ord().into() },
            tid: vis::tid(Instant::from_micros(a.tid)),
            af: a.af.1.clone(),
            version: a.version,
            begrundelse: a.begrundelse.clone(),
            ord: a.ord.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "attesteringer/punkt.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    rolle: String,
    rollesti: Option<String>,
    system: String,
    foelsom: bool,
    tag: Tag,
    frist: Dato,
    beskrivelse: String,
    ord: Vec<String>,
    sammensat_af: String,
    version: String,
    bortfaldet: bool,
    aendret: bool,
    egen: bool,
    maa: bool,
    svar: Vec<Svarrad>,
    begrundelse: Felt,
    fejl: Fejl,
}

/// Which point: they are numbered from 1.
fn nr(k: &Besoeg) -> u32 {
    k.f.led("nr").parse().unwrap_or(0)
}

async fn punktside(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let v = attesteringer::punkt(&k.t().app, &k.kald, k.f.uuid("id")?, nr(k)).await?;
    let (a, p) = (&v.koersel, &v.punkt);
    let hjem = format!("{STI}/{}", a.uuid);
    let egen = v.sammensat_af.as_ref().is_some_and(|(id, _)| *id == k.kald.aktoer.bruger);
    Ok(Side {
        ramme: k.ramme(p.navn(), STI).await.under(STI, "Attestering").under(&hjem, &a.navn),
        sti: format!("{hjem}/punkter/{}", p.nr),
        rolle: p.rollenavn.clone(),
        rollesti: v.rolle.as_ref().and_then(|_| k.link(Jobfunktionsrolle::ART, p.rolle)),
        system: p.systemnavn.clone(),
        foelsom: p.foelsom,
        tag: tag(p.status(), a.tilstand(k.nu())),
        frist: vis::sidste_dag(Instant::from_micros(a.frist)),
        beskrivelse: v.rolle.as_ref().map_or_else(String::new, |g| g.post.beskrivelse.clone()),
        ord: v.ord.clone(),
        sammensat_af: v.sammensat_af.as_ref().map_or_else(String::new, |(_, navn)| navn.clone()),
        version: k.maerke("version", &fejl, v.version()),
        bortfaldet: v.bortfaldet,
        aendret: v.aendret,
        egen,
        maa: v.maa(&k.kald),
        svar: p.svar.iter().rev().map(Svarrad::af).collect(),
        begrundelse: Felt::ny("begrundelse", "Hvad skal ændres, og hvorfor", k.f.krop.tekst("begrundelse"))
            .hjaelp("Kun når du beder om en ændring. Skriv ikke CPR-numre.")
            .valgfri()
            .fejl(&fejl),
        fejl,
    })
}

/// The point.
pub async fn vis(k: Besoeg) -> Svar {
    side(&punktside(&k, Fejl::default()).await?)
}

/// Answers about it, and goes on to the next of the it-system that waits.
pub async fn svar(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let (id, nr) = (k.f.uuid("id")?, nr(&k));
    let (svar, ord) = match f.tekst("svar") {
        "bekraeft" => (Attestsvar::Bekraeftet, "er bekræftet."),
        "aendring" => {
            (Attestsvar::Aendring, "er sendt til jeres Jobfunktionsrolleadministrator med din begrundelse.")
        }
        _ => return mangler(&k).await,
    };
    let version = f.som("version").unwrap_or(0);
    let app = &k.t().app;
    match attesteringer::svar(app, &k.kald, (id, nr), version, svar, f.tekst("begrundelse")).await {
        Ok(()) => {
            let punkt = attesteringer::punkt(app, &k.kald, id, nr).await?.punkt;
            let s = Punktsoegning {
                system: Some(punkt.system),
                status: Some(Punktstatus::Venter),
                antal: NAESTE_MAX,
                ..Punktsoegning::default()
            };
            let (venter, _) = attesteringer::punkter(app, &k.kald, id, &s).await?;
            let naeste = venter.iter().find(|p| p.nr > nr).map(|p| format!("{STI}/{id}/punkter/{}", p.nr));
            let sti = naeste.unwrap_or_else(|| format!("{STI}/{id}"));
            k.videre(&sti, format!("{} i {} {ord}", punkt.rollenavn, punkt.systemnavn))
        }
        Err(fejl) => {
            let v = attesteringer::punkt(app, &k.kald, id, nr).await?;
            let objekt = (Jobfunktionsrolle::ART, v.punkt.rolle, v.punkt.rollenavn.as_str());
            let (status, fejl) = k.igen(fejl, objekt, v.punkt.part).await?;
            side_med(status, &punktside(&k, fejl).await?)
        }
    }
}

async fn mangler(k: &Besoeg) -> Svar {
    let fejl = Modulfejl::ny("A-006", "Vælg Bekræft eller Bed om ændring.");
    crate::besoeg::side_igen(&punktside(k, Fejl(vec![fejl])).await?)
}
