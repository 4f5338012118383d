//! One call to a receiver.

use app::{FORBIND_MAX, SVAR_MAX, Udekald, Udgaaende, sikkert_hoved};
use std::time::Duration;

/// What came back.
#[derive(Debug, Default)]
pub(super) struct Svar {
    /// The HTTP status; `None` when there was no answer.
    pub(super) http: Option<u16>,
    /// The StatusKode in the answer.
    pub(super) status: Option<u16>,
    /// What went wrong, for the log.
    pub(super) fejl: Option<String>,
    /// How long it took.
    pub(super) varighed: Duration,
    /// The certificate the receiver showed (DER).
    pub(super) certifikat: Option<Vec<u8>>,
}

/// What is sent beside the body.
pub(super) struct Kald<'k> {
    pub(super) adresse: &'k str,
    pub(super) besked_id: &'k str,
    pub(super) transaktion: &'k str,
    pub(super) forsoeg: u32,
    pub(super) svar_max: usize,
}

impl Kald<'_> {
    /// Makes the call.
    pub(super) async fn send(&self, klient: &Udgaaende, krop: Vec<u8>) -> Svar {
        let hoveder = [
            ("content-type", "application/xml; charset=UTF-8".to_owned()),
            ("accept", "application/xml, text/xml".to_owned()),
            ("x-besked-id", sikkert_hoved(self.besked_id)),
            ("x-transaktions-id", sikkert_hoved(self.transaktion)),
            ("x-leveranceforsoeg", self.forsoeg.to_string()),
        ];
        let kald = Udekald {
            adresse: self.adresse,
            hoveder: &hoveder,
            svar_max: Some(self.svar_max),
            hoejst: FORBIND_MAX + SVAR_MAX,
        };
        let svar = klient.post(kald, krop).await;
        let status = if svar.fejl.is_some() { None } else { besked::laes_kvittering(&svar.krop) };
        let (http, varighed, certifikat) = (svar.http, svar.varighed, svar.certifikat);
        Svar { http, status, fejl: svar.fejl, varighed, certifikat }
    }
}
