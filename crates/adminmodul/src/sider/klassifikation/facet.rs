//! The top of a facet's tree, a page at a time. Levels below stand on the page of the class they are under.

use super::{Rad, STI, antal, udgave};
use crate::besoeg::{Besoeg, Svar, side};
use crate::ramme::Ramme;
use askama::Template;
use styring::klassifikation::{self, TAELT_MAX};
use styring::opslag::{self, Art};

#[derive(Template)]
#[template(path = "klassifikation/facet.html")]
struct Side {
    ramme: Ramme,
    fakta: Vec<(&'static str, String)>,
    rader: Vec<Rad>,
    naeste: Option<String>,
    foerste: Option<String>,
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let app = &k.t().app;
    let facet = klassifikation::facet(app, &k.kald, k.f.uuid("id")?).await?;
    let efter = k.f.query.som("efter");
    let niveau = opslag::niveau(app, &k.kald, Art::Klasse(Some(facet.id)), None, efter).await?;
    side(&Side {
        ramme: k.ramme(facet.titel.clone(), STI).await.under(STI, "Klassifikation"),
        fakta: vec![
            ("Beskrivelse", facet.beskrivelse.clone()),
            ("Udgave", udgave(&facet)),
            ("Ejer", k.partsnavn(facet.ejer)),
            ("Klasser", antal(facet.klasser, TAELT_MAX)),
            ("UUID", facet.id.to_string()),
        ],
        rader: niveau.poster.iter().map(|p| Rad::af(&k, p)).collect(),
        naeste: niveau.naeste.map(|id| format!("efter={id}")),
        foerste: efter.map(|_: uuid::Uuid| format!("{STI}/facetter/{}", facet.id)),
    })
}
