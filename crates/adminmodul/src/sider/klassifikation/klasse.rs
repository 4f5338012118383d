//! One class: what is said of it, what stands under it, what happened to it, and where it is used.

use super::{Rad, STI};
use crate::besoeg::{Besoeg, Svar, side};
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use askama::Template;
use bitemporal::Period;
use oio::model::Livscyklus;
use styring::klassifikation::{self, Anvendelse, Klasse, Tidsrum};
use styring::opslag::{self, Art};

const FANER: [(&str, &str); 3] =
    [("oplysninger", "Oplysninger"), ("historik", "Historik"), ("brug", "Hvor bruges den")];

/// A piece of time as it is shown.
struct Stykke {
    fra: Dato,
    til: Dato,
    tekst: String,
}

/// Where it is used.
struct Brug {
    sti: Option<String>,
    art: &'static str,
    navn: String,
    graenser: String,
}

#[derive(Template)]
#[template(path = "klassifikation/klasse.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    klasse: Rad,
    afloest_af: Vec<Rad>,
    fakta: Vec<(&'static str, String)>,
    over: Vec<Rad>,
    facet: Option<(String, String)>,
    erstatter: Vec<Rad>,
    boern: Vec<Rad>,
    naeste: Option<String>,
    foerste: Option<String>,
    gyldighed: Vec<Stykke>,
    titler: Vec<Stykke>,
    registreringer: Vec<(Dato, &'static str)>,
    brug: Vec<Brug>,
}

fn stykker(alle: &[Tidsrum]) -> Vec<Stykke> {
    let en = |t: &Tidsrum| Stykke {
        fra: vis::dato(t.periode.from),
        til: vis::sidste_dag(t.periode.to),
        tekst: t.tekst.clone(),
    };
    alle.iter().rev().map(en).collect()
}

const fn liv(livscyklus: Livscyklus) -> &'static str {
    match livscyklus {
        Livscyklus::Opstaaet => "Opstået",
        Livscyklus::Importeret => "Importeret",
        Livscyklus::Passiveret => "Passiveret",
        Livscyklus::Slettet => "Slettet",
    }
}

/// From the first day it was published to the last, in words.
fn gyldig(k: &Klasse) -> String {
    let publiceret = |t: &&Tidsrum| t.tekst == "Publiceret";
    let mut perioder = k.gyldighed.iter().filter(publiceret).map(|t: &Tidsrum| t.periode);
    let Some(foerste) = perioder.next() else { return "Ikke publiceret".to_owned() };
    let sidste = perioder.next_back().unwrap_or(foerste);
    let Period { from, .. } = foerste;
    let (fra, til) = (vis::dato(from), vis::sidste_dag(sidste.to));
    match (fra.er_tom(), til.er_tom()) {
        (true, true) => "Altid".to_owned(),
        (false, true) => format!("Fra {}", fra.tekst),
        (true, false) => format!("Til og med {}", til.tekst),
        (false, false) => format!("Fra {} til og med {}", fra.tekst, til.tekst),
    }
}

fn brug(k: &Besoeg, a: &Anvendelse) -> Brug {
    Brug {
        sti: k.link(a.art, a.id),
        art: if a.art == "aftale" { "Serviceaftale" } else { "Jobfunktionsrolle" },
        navn: a.navn.clone(),
        graenser: a.graenser.join(", "),
    }
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let app = &k.t().app;
    let klasse = klassifikation::hent(app, &k.kald, k.f.uuid("id")?).await?;
    let post = &klasse.post;
    let sti = format!("{STI}/klasser/{}", post.id);
    let valgt = k.f.query.tekst("fane");
    let fane = if FANER.iter().any(|(id, _)| *id == valgt) { valgt } else { "oplysninger" };
    let efter = k.f.query.som("efter");
    let niveau = if fane == "oplysninger" {
        opslag::niveau(app, &k.kald, Art::Klasse(post.facet), Some(post.id), efter).await?
    } else {
        opslag::Niveau::default()
    };
    let anvendt = if fane == "brug" { klassifikation::brug(app, &k.kald, post).await? } else { Vec::new() };
    let rader = |alle: &[opslag::Post]| alle.iter().map(|p| Rad::af(&k, p)).collect::<Vec<_>>();
    let mut ramme = k.ramme(post.navn(), STI).await.under(STI, "Klassifikation");
    let facet = klasse.facet.as_ref().map(|f| (format!("{STI}/facetter/{}", f.id), f.titel.clone()));
    if let Some((sti, titel)) = &facet {
        ramme = ramme.under(sti.clone(), titel.clone());
    }
    for p in &klasse.over {
        ramme = ramme.under(format!("{STI}/klasser/{}", p.id), p.navn());
    }
    let mut fakta = vec![
        ("Nummer", post.nr.clone()),
        ("Titel", post.titel.clone()),
        ("Gyldig", gyldig(&klasse)),
        ("Ejer", k.partsnavn(post.ejer)),
    ];
    fakta.extend(klasse.tekster.clone());
    fakta.push(("UUID", post.id.to_string()));
    side(&Side {
        ramme,
        faner: Fane::alle(&sti, fane, &FANER),
        fane: fane.to_owned(),
        klasse: Rad::af(&k, post),
        afloest_af: rader(&klasse.erstattet_af),
        fakta,
        over: rader(&klasse.over),
        facet,
        erstatter: rader(&klasse.erstatter),
        boern: rader(&niveau.poster),
        naeste: niveau.naeste.map(|id| format!("efter={id}")),
        foerste: efter.map(|_: uuid::Uuid| sti.clone()),
        gyldighed: stykker(&klasse.gyldighed),
        titler: stykker(&klasse.titler),
        registreringer: klasse.registreringer.iter().map(|(tid, l)| (vis::tid(*tid), liv(*l))).collect(),
        brug: anvendt.iter().map(|a| brug(&k, a)).collect(),
    })
}
