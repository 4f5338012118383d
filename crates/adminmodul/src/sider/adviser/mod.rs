//! `Adviser`: what the person has been told, and what mail is sent.

pub mod postkasse;
pub mod valg;

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Felt, Valg};
use crate::liste::{Fane, PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use askama::Template;
use bitemporal::Instant;
use styring::adviser::{self, Advisliste, Gruppe};

/// Where the list is.
const STI: &str = "/admin/adviser";

/// A notice in the list.
struct Advisrad {
    id: String,
    ulaest: bool,
    emne: String,
    tekst: String,
    gruppe: &'static str,
    tid: Dato,
    /// Where the object is, when the person may go there.
    sti: Option<String>,
}

#[derive(Template)]
#[template(path = "adviser/liste.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    gruppe: Felt,
    rader: Vec<Advisrad>,
    sider: Sider,
    ulaeste: bool,
    /// The code of the group that is shown; empty when all are.
    valgt: &'static str,
    /// For how long notices are kept.
    maaneder: u32,
    /// What has been shown: what came later is not marked as read with the rest.
    vist: i64,
}

/// The list, unread ones first.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let (kun_ulaeste, valgt) = (q.tekst("fane") != "alle", Gruppe::med_kode(q.tekst("gruppe")));
    let s = Advisliste { ulaeste: kun_ulaeste, gruppe: valgt, forbi: forbi(q) as u64, antal: PR_SIDE as u64 };
    let vist = k.nu().micros();
    let (mine, alle) = adviser::mine(&k.t().app, &k.kald, s).await?;
    let rader = mine.into_iter().map(|(a, ulaest)| Advisrad {
        id: a.id.to_string(),
        ulaest,
        gruppe: a.gruppe().navn(),
        tid: vis::tid(a.tid()),
        sti: k.link(&a.objekt.art, a.objekt.id),
        emne: a.emne,
        tekst: a.tekst,
    });
    let mut valg = vec![Valg::ny("", "Alle", valgt.is_none())];
    valg.extend(Gruppe::ALLE.into_iter().map(|g| Valg::ny(g.kode(), g.navn(), Some(g) == valgt)));
    let ramme = k.ramme("Adviser", STI).await;
    side(&Side {
        faner: Fane::alle(STI, q.tekst("fane"), &[("ulaeste", "Ulæste"), ("alle", "Alle")]),
        fane: if kun_ulaeste { String::new() } else { "alle".into() },
        gruppe: Felt::valg("gruppe", "Om", valg),
        rader: rader.collect(),
        sider: Sider::ny(q, usize::try_from(alle).unwrap_or(usize::MAX)),
        ulaeste: ramme.adviser > 0,
        valgt: valgt.map_or("", Gruppe::kode),
        maaneder: k.t().app.config().adviser.opbevaring_maaneder,
        vist,
        ramme,
    })
}

/// The list as the person left it.
fn tilbage(k: &Besoeg) -> String {
    let (fane, gruppe) = (k.f.krop.tekst("fane"), Gruppe::med_kode(k.f.krop.tekst("gruppe")));
    let fane = (fane == "alle").then_some("fane=alle".to_owned());
    let led: Vec<String> = fane.into_iter().chain(gruppe.map(|g| format!("gruppe={}", g.kode()))).collect();
    if led.is_empty() { STI.to_owned() } else { format!("{STI}?{}", led.join("&")) }
}

/// Marks one as read.
pub async fn laes(k: Besoeg) -> Svar {
    adviser::laes(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    k.videre(&tilbage(&k), "Advis er markeret som læst.")
}

/// Marks all as read that were shown: of the group that was chosen.
pub async fn laes_alle(k: Besoeg) -> Svar {
    let vist = k.f.krop.som::<i64>("vist").map_or_else(|| k.nu(), Instant::from_micros);
    let gruppe = Gruppe::med_kode(k.f.krop.tekst("gruppe"));
    adviser::laes_alle(&k.t().app, &k.kald, gruppe, vist).await?;
    let om = gruppe.map_or_else(String::new, |g| format!(" om {}", g.navn()));
    k.videre(&tilbage(&k), format!("Alle adviser{om} er markeret som læst."))
}
