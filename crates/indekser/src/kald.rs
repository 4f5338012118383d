//! The way in: one call, and the message that answers it.

use crate::hent::afvist;
use crate::{Svar, fjern, fremsoeg, importer, opdater};
use adgang::{Adgang, Caller, Operation};
use administration::{SAGDOKUMENTINDEKS, YDELSESINDEKS};
use app::App;
use indeks::kald::{Indeks, Kald, Retur, skriv_retur, skriv_soegesvar, skriv_standard};
use indeks::skema::Art;

/// The message that answers a call: what stands below the SOAP body. What is refused as a whole is answered by one StandardRetur.
pub async fn udfoer(app: &App, caller: &Caller, kald: Kald) -> String {
    let svar = kald.svar();
    let udfoert = match kald {
        Kald::Importer(indeks, import) => {
            importer::importer(app, caller, indeks, import).await.map(|r| skriv_retur(svar, &r))
        }
        Kald::Opdater(indeks, opdateringer) => {
            opdater::opdater(app, caller, indeks, &opdateringer).await.map(|r| skriv_retur(svar, &r))
        }
        Kald::Fremsoeg(f) => fremsoeg::fremsoeg(app, caller, &f).await.map(|s| skriv_soegesvar(f.indeks, &s)),
        Kald::FjernSager(fjern) => fjern::sager(app, caller, &fjern).await.map(|r| skriv_retur(svar, &r)),
        Kald::Fjern { art, uuid, .. } => {
            fjern::ydelse(app, caller, (art, uuid)).await.map(|()| skriv_standard(svar, &Retur::ok()))
        }
    };
    udfoert.unwrap_or_else(|retur| skriv_standard(svar, &retur))
}

/// The same call judged by every rule, at its strictest, and stored nowhere: importer and opdater, with or without a caller.
pub async fn valider(app: &App, caller: Option<&Caller>, kald: Kald) -> String {
    let svar = kald.svar();
    match crate::valider::valider(app, caller, &kald).await {
        Ok(retur) => skriv_retur(svar, &retur),
        Err(retur) => skriv_standard(svar, &retur),
    }
}

/// What an index is called in the policy, and what its objects are called in the access log.
const fn navne(indeks: Indeks) -> (&'static str, &'static str) {
    match indeks {
        Indeks::SagDokument => (SAGDOKUMENTINDEKS, "SagDokumentIndeks"),
        Indeks::Ydelse => (YDELSESINDEKS, "YdelseIndeks"),
    }
}

/// What objects of an index are called in the access log.
pub(crate) const fn objekttype(indeks: Indeks) -> &'static str {
    navne(indeks).1
}

/// The index that holds objects of a kind.
pub(crate) const fn indeks_af(art: Art) -> Indeks {
    match art {
        Art::Sag | Art::Dokument => Indeks::SagDokument,
        Art::Bevilling | Art::Effektuering => Indeks::Ydelse,
    }
}

/// The kinds of an index, those that others point to first.
pub(crate) const fn arter(indeks: Indeks) -> [Art; 2] {
    match indeks {
        Indeks::SagDokument => [Art::Dokument, Art::Sag],
        Indeks::Ydelse => [Art::Bevilling, Art::Effektuering],
    }
}

/// Decides whether the caller may do this in an index; a refusal is in the access log.
pub(crate) async fn adgang(app: &App, caller: &Caller, operation: Operation, indeks: Indeks) -> Svar<Adgang> {
    let (komponent, objekttype) = navne(indeks);
    app.authorize_i(caller, operation, komponent, objekttype).await.map_err(afvist)
}
