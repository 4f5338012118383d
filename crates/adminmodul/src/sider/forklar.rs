//! `Forklar afvisning`: what happened in a call, why, what was changed before it, and who can mend it.

use super::log::Lograd;
use crate::besoeg::{Besoeg, Svar, side_med};
use crate::fejl::status;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use askama::Template;
use axum::http::StatusCode;
use styring::forklar::{self, Forklaring};
use uuid::Uuid;

/// A line of the call.
struct Linje {
    tid: Dato,
    tag: Tag,
    tilladt: bool,
    hvem: String,
    for_hvem: String,
    operation: String,
    /// The agreement that opened it: where it is, if the person sees it, and its name.
    aftale: Option<(Option<String>, String)>,
    antal: u64,
    regel: Option<Regel>,
    tekst: String,
    foer: Vec<Lograd>,
}

/// The rule that refused it.
struct Regel {
    kode: &'static str,
    tekst: &'static str,
    mangler: String,
    goer: &'static str,
}

#[derive(Template)]
#[template(path = "forklar.html")]
struct Side {
    ramme: Ramme,
    reference: Felt,
    linjer: Vec<Linje>,
    fejl: Fejl,
}

fn aftale(k: &Besoeg, uuid: Uuid) -> (Option<String>, String) {
    let sti = k.link("aftale", uuid);
    let kendt = k.politik.data().aftaler.iter().find(|a| a.uuid == uuid).filter(|_| sti.is_some());
    let navn =
        kendt.map(|a| format!("{} {}", a.nummer.as_deref().unwrap_or_default(), a.navn).trim().to_owned());
    (sti, navn.unwrap_or_else(|| uuid.to_string()))
}

fn linje(k: &Besoeg, f: Forklaring) -> Linje {
    let (tone, navn) = if f.tilladt { ("ok", "Tilladt") } else { ("stop", "Afvist") };
    let foer = f.aendringer.into_iter().map(|l| Lograd::af(k, 0, l)).collect();
    Linje {
        tid: vis::sekund(f.tid),
        tag: Tag { tone, navn: navn.to_owned() },
        tilladt: f.tilladt,
        hvem: f.hvem,
        for_hvem: f.for_hvem,
        operation: format!("{} {}", vis::stort(&f.operation), f.objekttype).trim().to_owned(),
        aftale: f.aftale.map(|uuid| aftale(k, uuid)),
        antal: f.antal,
        regel: f.regel.map(|(r, mangler)| Regel { kode: r.kode, tekst: r.regel, mangler, goer: r.goer }),
        tekst: f.tekst,
        foer,
    }
}

/// The page, with the answer when a reference is given.
pub async fn vis(k: Besoeg) -> Svar {
    let q = k.f.query.tekst("reference").trim();
    let mut kode = StatusCode::OK;
    let (mut linjer, mut fejl) = (Vec::new(), Fejl::default());
    if !q.is_empty() {
        match forklar::forklar(&k.t().app, &k.kald, q).await {
            Ok(alle) => linjer = alle.into_iter().map(|f| linje(&k, f)).collect(),
            Err(styring::Styringsfejl::Afvist(alle)) if alle.iter().all(|f| f.felt.is_some()) => {
                kode = alle.first().map_or(StatusCode::OK, |f| status(f.kode));
                fejl = Fejl(alle);
            }
            Err(anden) => return Err(anden.into()),
        }
    }
    side_med(
        kode,
        &Side {
            ramme: k.ramme("Forklar afvisning", "/admin/forklar").await,
            reference: Felt::ny("reference", "Reference", q)
                .hjaelp("TransaktionsUUID fra svaret, eller MessageID fra anmodningen")
                .fejl(&fejl),
            linjer,
            fejl,
        },
    )
}
