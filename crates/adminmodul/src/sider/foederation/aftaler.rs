//! The list of føderationsaftaler.

use super::{AFTALER, STI, tag};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::{Felt, Valg};
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Emne, Foederationstilstand as T, Handling, Modulrolle};
use askama::Template;
use styring::foederation::{self, Foederationssoegning, Foederationsvisning};

struct Rad {
    sti: String,
    system: String,
    idp: String,
    myndighed: String,
    nsis: String,
    fra: Dato,
    til: Dato,
    mangler: String,
    tag: Tag,
}

impl Rad {
    fn af(k: &Besoeg, v: &Foederationsvisning<'_>) -> Self {
        let f = v.aftale;
        let venter = matches!(v.tilstand, T::Godkendt);
        Self {
            sti: format!("{AFTALER}/{}", f.uuid),
            system: v.system.map_or_else(|| f.navn.clone(), |s| s.navn.clone()),
            idp: v.idp.map_or_else(String::new, |s| s.navn.clone()),
            myndighed: k.partsnavn(f.myndighed),
            nsis: f.kraevet(v.system).map_or_else(String::new, |n| n.navn().to_owned()),
            fra: vis::dato(f.gyldig.from),
            til: vis::sidste_dag(f.gyldig.to),
            mangler: v.mangler.first().filter(|_| venter).map_or_else(String::new, |m| m.tekst.clone()),
            tag: tag(v.tilstand),
        }
    }
}

#[derive(Template)]
#[template(path = "foederation/aftaler.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    rader: Vec<Rad>,
    sider: Sider,
    q: Felt,
    tilstand: Felt,
    anmod: bool,
    inviter: bool,
    csv: String,
}

fn soegning(k: &Besoeg) -> Foederationssoegning {
    let q = &k.f.query;
    Foederationssoegning {
        tilstand: T::ALLE.into_iter().find(|t| t.to_string() == q.tekst("tilstand")),
        system: None,
        tekst: q.valgt("q").map(str::to_owned),
    }
}

/// The columns of the list.
fn kolonner<'p>() -> [Kolonne<Foederationsvisning<'p>>; 7] {
    [
        Kolonne::ny("system", "System", |_, v| {
            Noegle::tekst(v.system.map_or(v.aftale.navn.as_str(), |s| s.navn.as_str()))
        }),
        Kolonne::ny("idp", "Identity Provider", |_, v| Noegle::tekst(v.idp.map_or("", |s| s.navn.as_str()))),
        Kolonne::ny("myndighed", "Myndighed", |k, v| Noegle::tekst(&k.partsnavn(v.aftale.myndighed))),
        Kolonne::ny("nsis", "Mindste NSIS-niveau", |_, v| {
            v.aftale.kraevet(v.system).map_or(Noegle::Ingen, |n| Noegle::Tal(i64::from(n as u8)))
        }),
        Kolonne::ny("fra", "Gyldig fra", |_, v| Noegle::tid(v.aftale.gyldig.from)),
        Kolonne::ny("til", "Udløber efter", |_, v| Noegle::tid(v.aftale.gyldig.to)),
        Kolonne::ny("tilstand", "Tilstand", |_, v| Noegle::tekst(&tag(v.tilstand).navn)),
    ]
}

/// The agreements that are looked for, in the order that is asked for.
fn find(k: &Besoeg) -> Result<Vec<Foederationsvisning<'_>>, Sidefejl> {
    let mut alle = foederation::list(&k.kald, &k.politik, &soegning(k), k.nu())?;
    liste::sorter(k, &kolonner(), &mut alle);
    Ok(alle)
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let (q, s) = (&k.f.query, soegning(&k));
    let alle = find(&k)?;
    let sider = Sider::ny(q, alle.len());
    let mut tilstande = vec![Valg::ny("", "Alle", s.tilstand.is_none())];
    tilstande
        .extend(T::ALLE.map(|t| Valg::ny(t.to_string(), vis::stort(&t.to_string()), s.tilstand == Some(t))));
    let opret = k.kald.aktoer.kan(Emne::Foederationsaftale, Handling::Opret);
    let jfa = k.kald.aktoer.har(Modulrolle::Jobfunktionsrolleadministrator);
    side(&Side {
        ramme: k.ramme("Føderationsaftaler", AFTALER).await.under(STI, "Føderation"),
        hoveder: liste::hoveder(q, AFTALER, &kolonner()),
        rader: sider.af(alle).iter().map(|v| Rad::af(&k, v)).collect(),
        sider,
        q: Felt::ny("q", "System, Identity Provider eller myndighed", q.tekst("q")),
        tilstand: Felt::valg("tilstand", "Tilstand", tilstande),
        anmod: opret && jfa,
        inviter: opret && !jfa,
        csv: q.query_med("side", ""),
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let alle = find(&k)?;
    let raekke = |v: &Foederationsvisning<'_>| {
        let r = Rad::af(&k, v);
        vec![r.system, r.idp, r.myndighed, r.nsis, r.fra.tekst, r.til.tekst, r.tag.navn, r.mangler]
    };
    let hoved = [
        "Brugervendt system",
        "Identity Provider",
        "Myndighed",
        "Mindste NSIS-niveau",
        "Gyldig fra",
        "Gyldig til og med",
        "Tilstand",
        "Mangler",
    ];
    Ok(crate::csv::svar("foederationsaftaler", &hoved, alle.iter().map(raekke)))
}
