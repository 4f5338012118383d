//! `Føderation`: the Identity Providere with their level and certificates, and the matrix of which system takes which.

pub mod aftale;
pub mod aftaler;
pub mod brugervendt;
pub mod drift;
pub mod felter;
pub mod hentning;
pub mod idp;
pub mod idpfelter;
pub mod idpsvar;
pub mod proev;
pub mod svar;

use crate::besoeg::{Besoeg, Svar, side};
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{
    Emne, Foederationsaftale, Foederationstilstand as T, Handling, ItSystem, Systemtilstand, f302,
};
use askama::Template;
use std::collections::BTreeMap;
use styring::foederation::{self, Foederationssoegning, Foederationsvisning};
use uuid::Uuid;

/// Where the pages are.
pub(super) const STI: &str = "/admin/foederation";
/// Where those of the agreements are.
pub(super) const AFTALER: &str = "/admin/foederationsaftaler";
/// Most columns of the matrix; the rest are in the list.
const KOLONNER_MAX: usize = 6;
/// From so many days before a certificate runs out, it is said aloud (F-302).
const ADVAR_DAGE: i64 = 30;

/// The tag of an agreement.
pub fn tag(t: T) -> Tag {
    let tone = match t {
        T::Kladde => "",
        T::Anmodet => "wait",
        T::Godkendt => "info",
        T::Aktiv => "ok",
        T::Spaerret | T::Ophoert => "stop",
    };
    Tag { tone, navn: vis::stort(&t.to_string()) }
}

/// The tag of an Identity Provider: one that is a draft waits for its authority.
pub fn idptag(s: &ItSystem) -> Tag {
    let returneret = s.idp.as_ref().is_some_and(|i| i.aarsag.is_some());
    match s.tilstand {
        Systemtilstand::Kladde if returneret => Tag { tone: "stop", navn: "Sendt tilbage".into() },
        Systemtilstand::Kladde => Tag { tone: "wait", navn: "Venter på Godkender".into() },
        t => vis::systemtag(t),
    }
}

/// When the certificates of some metadata run out, and how near that is.
pub(super) struct Udloeb {
    /// The last day.
    pub dag: Dato,
    /// How far away it is.
    pub om: String,
    /// F-302, when it is near or past.
    pub advarsel: Option<String>,
}

/// When the certificates of a system's metadata run out.
pub(super) fn udloeb(k: &Besoeg, s: &ItSystem) -> Option<Udloeb> {
    let slut = s.metadata.as_ref()?.udloeber()?;
    let naer = vis::dage_til(k.nu(), slut) <= ADVAR_DAGE;
    Some(Udloeb {
        dag: vis::sidste_dag(slut),
        om: vis::om_dage(k.nu(), slut),
        advarsel: naer.then(|| f302(slut).tekst),
    })
}

/// The level of an Identity Provider, in words.
pub(super) fn niveau(s: &ItSystem) -> String {
    let Some(n) = s.nsis() else { return "Intet niveau registreret".into() };
    match n.verificeret {
        Some(dag) => format!("{}, verificeret {}", n.niveau, vis::dato(dag).tekst),
        None => format!("{}, ikke verificeret endnu", n.niveau),
    }
}

/// An Identity Provider in a list.
pub struct Idprad {
    sti: String,
    navn: String,
    praesentationsnavn: String,
    myndighed: String,
    niveau: String,
    registreret: Dato,
    udloeb: Option<Udloeb>,
    aftaler: usize,
    tag: Tag,
}

/// The agreements in force of an Identity Provider.
fn i_kraft(k: &Besoeg, s: &ItSystem) -> usize {
    let aktiv = |f: &&Foederationsaftale| k.politik.foederationstilstand(f, k.nu()) == T::Aktiv;
    k.politik.foederationsaftaler_af(s.uuid).filter(aktiv).count()
}

/// The columns of the list of Identity Providere.
fn kolonner<'p>() -> [Kolonne<&'p ItSystem>; 6] {
    [
        Kolonne::ny("navn", "Navn", |_, s| Noegle::tekst(&s.navn)),
        Kolonne::ny("myndighed", "Myndighed", |k, s| Noegle::tekst(&k.partsnavn(s.leverandoer))),
        Kolonne::ny("nsis", "NSIS-niveau", |_, s| {
            s.nsis().map_or(Noegle::Ingen, |n| Noegle::Tal(i64::from(n.niveau as u8)))
        }),
        Kolonne::ny("certifikat", "Signeringscertifikat udløber", |_, s| {
            Noegle::maaske(s.metadata.as_ref().and_then(|m| m.udloeber()))
        }),
        Kolonne::tal("aftaler", "Aktive aftaler", |k, s| Noegle::antal(i_kraft(k, s))),
        Kolonne::ny("tilstand", "Tilstand", |_, s| Noegle::tekst(&idptag(s).navn)),
    ]
}

impl Idprad {
    fn af(k: &Besoeg, s: &ItSystem) -> Self {
        let profil = s.idp.as_deref();
        Self {
            sti: format!("{STI}/idp/{}", s.uuid),
            navn: s.navn.clone(),
            praesentationsnavn: profil.map_or_else(String::new, |p| p.praesentationsnavn.clone()),
            myndighed: k.partsnavn(s.leverandoer),
            niveau: niveau(s),
            registreret: vis::maaske(s.nsis().and_then(|n| n.registreret)),
            udloeb: udloeb(k, s),
            aftaler: i_kraft(k, s),
            tag: idptag(s),
        }
    }
}

/// A row or a column of the matrix.
struct Hoved {
    navn: String,
    om: String,
    udloeb: Option<Udloeb>,
}

/// What two of them have agreed.
struct Celle {
    sti: String,
    tag: Tag,
    hvad: String,
}

struct Matrix {
    hjoerne: &'static str,
    kolonner: Vec<Hoved>,
    rader: Vec<(Hoved, Vec<Vec<Celle>>)>,
    udeladt: usize,
}

/// The systems down and the Identity Providere across for an authority; the other way round for a supplier, which has few
/// systems and many authorities. What has ended is in the list.
fn matrix(k: &Besoeg, alle: &[Foederationsvisning<'_>], myndighed: bool, sider: &Sider) -> Matrix {
    let (mut ned, mut hen) = (BTreeMap::new(), BTreeMap::new());
    let noegle = |s: &ItSystem| (s.navn.to_lowercase(), s.uuid);
    let levende = alle.iter().filter(|v| v.tilstand != T::Ophoert);
    let par: Vec<_> = levende.filter_map(|v| Some((v, v.system?, v.idp?))).collect();
    for (_, s, i) in &par {
        let (r, c) = if myndighed { (*s, *i) } else { (*i, *s) };
        ned.insert(noegle(r), r);
        hen.insert(noegle(c), c);
    }
    let mut celler: BTreeMap<(Uuid, Uuid), Vec<Celle>> = BTreeMap::new();
    for (v, s, i) in &par {
        let (r, c) = if myndighed { (*s, *i) } else { (*i, *s) };
        let sti = format!("{AFTALER}/{}", v.aftale.uuid);
        let hvad = format!("{} med {}", s.navn, i.navn);
        celler.entry((r.uuid, c.uuid)).or_default().push(Celle { sti, tag: tag(v.tilstand), hvad });
    }
    let hoved = |s: &ItSystem| Hoved {
        navn: s.navn.clone(),
        om: if s.er_idp() {
            format!("{}. NSIS {}", k.partsnavn(s.leverandoer), niveau(s))
        } else {
            s.nsis_kraevet.map_or_else(|| "Kræver intet NSIS-niveau".into(), |n| format!("Kræver NSIS {n}"))
        },
        udloeb: udloeb(k, s),
    };
    let kolonner: Vec<&ItSystem> = hen.into_values().collect();
    let udeladt = kolonner.len().saturating_sub(KOLONNER_MAX);
    let kolonner = &kolonner[..kolonner.len() - udeladt];
    let mut raekke = |r: &ItSystem| {
        let hver = kolonner.iter().map(|c| celler.remove(&(r.uuid, c.uuid)).unwrap_or_default());
        let celler = hver.collect();
        (hoved(r), celler)
    };
    let rader = sider.af(ned.into_values().collect::<Vec<_>>()).into_iter().map(&mut raekke).collect();
    Matrix {
        hjoerne: if myndighed { "System" } else { "Identity Provider" },
        kolonner: kolonner.iter().map(|s| hoved(s)).collect(),
        rader,
        udeladt,
    }
}

#[derive(Template)]
#[template(path = "foederation/overblik.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    idper: Vec<Idprad>,
    idpsider: Sider,
    matrix: Option<Matrix>,
    tilslut: bool,
    anmod: bool,
    inviter: bool,
    proev: bool,
}

/// The overview.
pub async fn vis(k: Besoeg) -> Svar {
    let mut idper = foederation::idper(&k.kald, &k.politik)?;
    liste::sorter(&k, &kolonner(), &mut idper);
    let aktoer = &k.kald.aktoer;
    let myndighed = k.politik.part(k.kald.part()).is_some_and(|p| p.er(administration::Partsart::Myndighed));
    let se_aftaler = aktoer.kan(Emne::Foederationsaftale, Handling::Se) && !aktoer.ser_alle_parter();
    let alle = if se_aftaler {
        foederation::list(&k.kald, &k.politik, &Foederationssoegning::default(), k.nu())?
    } else {
        Vec::new()
    };
    let antal = alle.iter().filter(|v| v.tilstand != T::Ophoert && v.idp.is_some()).count();
    let sider = Sider::ny(&k.f.query, idper.len().max(antal));
    let rader = sider.af(idper).into_iter().map(|s| Idprad::af(&k, s)).collect();
    let jfa = aktoer.har(administration::Modulrolle::Jobfunktionsrolleadministrator);
    let opret = aktoer.kan(Emne::Foederationsaftale, Handling::Opret);
    side(&Side {
        ramme: k.ramme("Føderation", STI).await,
        hoveder: liste::hoveder(&k.f.query, STI, &kolonner()),
        idper: rader,
        matrix: se_aftaler.then(|| matrix(&k, &alle, myndighed, &sider)),
        idpsider: sider,
        tilslut: aktoer.kan(Emne::Idp, Handling::Opret),
        anmod: opret && jfa,
        inviter: opret && !jfa,
        proev: aktoer.kan(Emne::Loginproeve, Handling::Opret),
    })
}
