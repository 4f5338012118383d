//! `Sundhed`: how an it-system is doing, from what is counted already. Nothing here reads the log.

use super::hent;
use crate::forbrug::seneste;
use crate::{Kald, Styringsfejl};
use administration::{
    Certifikatstatus, Dueslag, Dueslagstilstand, Emne, Handling, ItSystem, Leveringsmaade, Modulfejl, Politik,
};
use app::{App, Callbackproeve};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use store::Drift;
use uuid::Uuid;

/// Days that are looked back on, today among them.
pub const SUNDHED_DAGE: i64 = 14;
/// Days within which the last call and the last refusal are found.
const TILBAGE_DAGE: i64 = 90;
/// Dueslag that are shown.
const DUESLAG_MAX: usize = 40;

/// Calls on a day, whoever for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sundhedsdag {
    /// Its first moment.
    pub dag: Instant,
    /// Calls that were let through.
    pub kald: u64,
    /// Calls that were refused.
    pub afvist: u64,
}

/// The last refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sidsteafvisning {
    /// When.
    pub tid: Instant,
    /// The reference by which it is explained.
    pub reference: Uuid,
    /// What was asked for.
    pub hvad: String,
    /// For whom.
    pub myndighed: Cvr,
}

/// A PUSH dueslag, and how delivering to it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The dueslag.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// Where messages are posted, without what may be a secret in it.
    pub vaert: String,
    /// Its state.
    pub tilstand: Dueslagstilstand,
    /// Failed attempts in a row with the first message; `None` when nothing is wrong.
    pub forsoeg: Option<u32>,
    /// Whether delivery has been given up until somebody says so.
    pub opgivet: bool,
    /// What went wrong last.
    pub fejl: Option<String>,
}

/// How an it-system is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sundhed {
    /// The last days, the earliest first.
    pub dage: Vec<Sundhedsdag>,
    /// The last call that was let through, within [`TILBAGE_DAGE`] days.
    pub sidste_kald: Option<Instant>,
    /// The last that was refused, within as long.
    pub sidste_afvisning: Option<Sidsteafvisning>,
    /// The subject of the certificate that holds longest, and until when.
    pub certifikat: Option<(String, Instant)>,
    /// Whether it calls with a certificate at all.
    pub kalder: bool,
    /// Its PUSH dueslag.
    pub callback: Vec<Callback>,
    /// Of its metadata, until when: the document, when it says so, and the last signing certificate, when it has one.
    pub metadata: Option<(Option<Instant>, Option<Instant>)>,
}

/// Whether the person sees how a system is doing: its owner does, and who runs the installation.
#[must_use]
pub fn ser_sundhed(kald: &Kald, s: &ItSystem) -> bool {
    kald.ser(s.leverandoer) && kald.kraev(Emne::Forbrug, Handling::Se).is_ok()
}

/// How an it-system is doing.
///
/// # Errors
///
pub async fn sundhed(app: &App, kald: &Kald, uuid: Uuid) -> Result<Sundhed, Styringsfejl> {
    kald.kraev(Emne::Forbrug, Handling::Se)?;
    let (politik, nu) = (app.politik(), app.now());
    let s = hent(kald, &politik, uuid)?;
    if !ser_sundhed(kald, s) {
        return Err(Modulfejl::findes_ikke("It-systemet").into());
    }
    let dage = seneste(nu, SUNDHED_DAGE);
    let talt = app.store().forbrug_system(uuid, dage.first().copied().unwrap_or(nu)).await?;
    let mut taelling: BTreeMap<Instant, Sundhedsdag> =
        dage.into_iter().map(|dag| (dag, Sundhedsdag { dag, kald: 0, afvist: 0 })).collect();
    for t in talt {
        if let Some(dag) = taelling.get_mut(&t.dag) {
            *(if t.tilladt { &mut dag.kald } else { &mut dag.afvist }) += t.kald;
        }
    }
    let fra = crate::skriv::om_dage(nu, -TILBAGE_DAGE);
    let afvist = app.store().sidst_afvist(uuid, fra).await?;
    let gaeldende = s.certifikater.iter().filter(|c| c.status == Certifikatstatus::Aktiv);
    let certifikat = gaeldende.max_by_key(|c| c.gyldig.to).map(|c| (c.emne.clone(), c.gyldig.to));
    Ok(Sundhed {
        dage: taelling.into_values().collect(),
        sidste_kald: app.store().sidste_kald(uuid, fra).await?,
        sidste_afvisning: afvist.map(|a| Sidsteafvisning {
            tid: a.tid,
            reference: a.transaktion,
            hvad: format!("{} {}", a.operation, a.objekttype),
            myndighed: a.myndighed,
        }),
        certifikat,
        kalder: !s.er_idp(),
        callback: callback(app, &politik, uuid).await?,
        metadata: s.metadata.as_ref().map(|m| (m.gyldig_til, m.udloeber())),
    })
}

fn push_til(politik: &Politik, system: Uuid) -> impl Iterator<Item = &Dueslag> {
    let alle = politik.data().dueslag.iter();
    alle.filter(move |d| d.system == system && d.maade == Leveringsmaade::Push)
}

async fn callback(app: &App, politik: &Politik, system: Uuid) -> Result<Vec<Callback>, Styringsfejl> {
    let mut ud = Vec::new();
    for d in push_til(politik, system).take(DUESLAG_MAX) {
        let drift = app.store().drift(d.uuid).await?.unwrap_or_else(|| Drift::ny(d.uuid));
        ud.push(Callback {
            uuid: d.uuid,
            navn: d.navn.clone(),
            vaert: d.url.as_deref().map_or_else(String::new, vaert),
            tilstand: d.tilstand,
            forsoeg: Some(drift.forsoeg).filter(|n| *n > 0),
            opgivet: drift.pauset,
            fejl: drift.fejl,
        });
    }
    Ok(ud)
}

/// The host of an address.
fn vaert(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().rsplit('@').next().unwrap_or_default().to_owned()
}

/// Calls the receiver of one of the system's PUSH dueslag without a message (K-101).
///
/// # Errors
/// K-102 when it cannot be tried here.
pub async fn test_callback(
    app: &App,
    kald: &Kald,
    system: Uuid,
    dueslag: Uuid,
) -> Result<Callbackproeve, Styringsfejl> {
    kald.aktoer.kraev_system(Emne::Endepunkt, Handling::Ret, system)?;
    let politik = app.politik();
    let s = hent(kald, &politik, system)?;
    let findes_ikke = || Modulfejl::findes_ikke("Dueslaget");
    if s.leverandoer != kald.part() {
        return Err(findes_ikke().into());
    }
    let d = push_til(&politik, system).find(|d| d.uuid == dueslag).ok_or_else(findes_ikke)?;
    tracing::info!(korrelation = %kald.korrelation, bruger = %kald.aktoer.bruger, dueslag = %d.uuid, "callback prøves");
    let svar = app.udgang().proev_callback(d.uuid).await;
    svar.map_err(|fejl| Modulfejl::ny("K-102", format!("Callback kunne ikke prøves: {fejl}.")).into())
}
