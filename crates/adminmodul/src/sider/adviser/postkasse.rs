//! What mail the party's mailbox gets, and what mail could not be delivered.

use super::valg::{felter, postkassens, sendt};
use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::Felt;
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use administration::{Emne, Handling};
use askama::Template;
use styring::adviser::{self, gem_postkassens, postkassens_valg};

const STI: &str = "/admin/adviser/postkasse";

struct Opgivet {
    part: String,
    hvem: String,
    emner: Vec<String>,
    hvornaar: Dato,
    svar: String,
}

#[derive(Template)]
#[template(path = "adviser/postkasse.html")]
struct Side {
    ramme: Ramme,
    felter: Vec<Felt>,
    email: String,
    mail: bool,
    ret: bool,
    opgivne: Vec<Opgivet>,
}

/// The form, and what could not be delivered.
pub async fn vis(k: Besoeg) -> Svar {
    let valg = postkassens_valg(&k.t().app, &k.kald).await?;
    let ret = k.kald.aktoer.kan(Emne::Indstilling, Handling::Ret);
    let opgivne = if ret { adviser::opgivne(&k.t().app, &k.kald).await? } else { Vec::new() };
    let opgivne = opgivne.into_iter().map(|o| Opgivet {
        part: k.partsnavn(o.part),
        hvem: o.hvem,
        emner: o.emner,
        hvornaar: vis::tid(o.hvornaar),
        svar: o.svar,
    });
    side(&Side {
        ramme: k.ramme("Fælles postkasse", STI).await.under("/admin/adviser", "Adviser"),
        felter: felter(&valg, &postkassens(), "Ingen mail"),
        email: k.politik.part(k.kald.part()).map_or_else(String::new, |p| p.email.clone()),
        mail: k.t().mail,
        ret,
        opgivne: opgivne.collect(),
    })
}

/// Changes the choices.
pub async fn gem(k: Besoeg) -> Svar {
    gem_postkassens(&k.t().app, &k.kald, &sendt(&k.f.krop)).await?;
    k.videre(STI, "Valgene er gemt og gælder nye adviser.")
}
