//! `Webhooks`: which of the party's own systems get its notices, and what became of each delivery.

pub mod formular;
pub mod noegle;
pub mod webhook;

use crate::besoeg::{Besoeg, Svar, side};
use crate::ramme::Ramme;
use crate::vis::{self, Tag};
use administration::{Emne, Handling, Webhook, Webhooktilstand};
use app::Adresse;
use askama::Template;
use store::Webhooktal;
use styring::adviser::Gruppe;
use styring::webhooks::{self, WEBHOOKS_MAX, Webhookfelter};

/// Where the list is.
const STI: &str = "/admin/webhooks";

struct Rad {
    id: String,
    navn: String,
    vaert: String,
    grupper: Vec<&'static str>,
    tag: Tag,
    venter: String,
}

#[derive(Template)]
#[template(path = "webhooks/liste.html")]
struct Side {
    ramme: Ramme,
    rader: Vec<Rad>,
    /// Whether the person may make one, and there is room for it.
    opret: bool,
    maa: bool,
    hoejst: u64,
}

/// The state of one.
fn tag(w: &Webhook) -> Tag {
    let tilstand = w.tilstand();
    let tone = if tilstand == Webhooktilstand::Aktiv { "ok" } else { "stop" };
    Tag { tone, navn: vis::stort(&tilstand.to_string()) }
}

/// The machine that is posted to.
fn vaert(w: &Webhook) -> String {
    Adresse::laes(&w.adresse).map_or_else(|_| "–".to_owned(), |a| a.vaert().to_owned())
}

/// What it gets notices about, in words.
fn grupper(w: &Webhook) -> Vec<&'static str> {
    Webhookfelter::af(w).grupper.into_iter().map(Gruppe::navn).collect()
}

/// What waits, and what was given up, in words.
fn ord(tal: Webhooktal) -> String {
    let antal =
        |n: u64, en: &str, flere: &str| vis::antal(usize::try_from(n).unwrap_or(usize::MAX), en, flere);
    match (tal.venter, tal.opgivne) {
        (0, 0) => "Alt er leveret".to_owned(),
        (venter, 0) => antal(venter, "levering venter", "leveringer venter"),
        (0, opgivne) => antal(opgivne, "levering opgivet", "leveringer opgivet"),
        (venter, opgivne) => format!(
            "{}, {}",
            antal(venter, "levering venter", "leveringer venter"),
            antal(opgivne, "opgivet", "opgivet")
        ),
    }
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let mut rader = Vec::new();
    for w in webhooks::liste(&k.t().app, &k.kald).await?.into_iter().map(|g| g.post) {
        rader.push(Rad {
            id: w.uuid.to_string(),
            vaert: vaert(&w),
            grupper: grupper(&w),
            tag: tag(&w),
            venter: ord(webhooks::tal(&k.t().app, &k.kald, w.uuid).await?),
            navn: w.navn,
        });
    }
    let maa = k.kald.aktoer.kan(Emne::Webhook, Handling::Opret);
    side(&Side {
        ramme: k.ramme("Webhooks", STI).await.under("/admin/indstillinger", "Indstillinger"),
        opret: maa && (rader.len() as u64) < WEBHOOKS_MAX,
        maa,
        hoejst: WEBHOOKS_MAX,
        rader,
    })
}
