//! A delivery made by hand, with the answer at once: whether the receiver can be reached, and verifies the signature.

use super::levering::fejl;
use super::signatur::hoveder;
use super::{hent, indhold, linje, modulpost};
use crate::skriv;
use crate::{Kald, Styringsfejl};
use administration::{Emne, Handling, Modulfejl};
use app::{Adresse, App, Segl, Udekald, Udgaaende};
use std::time::Duration;
use store::Aendringslinje;
use uuid::Uuid;

/// Seconds between two tries of one webhook (N-833).
pub const PROEVE_MELLEMRUM: i64 = 60;
/// How long a try may take: somebody waits for it.
const HOEJST: Duration = Duration::from_secs(10);

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proevesvar {
    /// The HTTP status, when there was an answer.
    pub http: Option<u16>,
    /// What was wrong; nothing when the receiver took it.
    pub fejl: Option<String>,
    /// How long it took.
    pub varighed: Duration,
}

/// Sends a try, whatever state the webhook is in. That it was tried is stored before it is, so that nobody makes of it a
/// way to call others often. A trial of a program sends nothing.
///
/// # Errors
/// N-833 when it was tried a moment ago; N-834 when the key cannot be read.
pub async fn proev(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    segl: &dyn Segl,
    ud: &Udgaaende,
) -> Result<Proevesvar, Styringsfejl> {
    let rolle = kald.kraev(Emne::Webhook, Handling::Ret)?;
    let gemt = hent(app, kald, uuid).await?;
    let (mut w, nu) = (gemt.post, app.now());
    if w.proevet.is_some_and(|sidst| nu.micros() < sidst.saturating_add(PROEVE_MELLEMRUM * 1_000_000)) {
        let tekst = "Der er lige sendt en prøve. Vent et minut, før du sender en til.";
        return Err(Modulfejl::felt("proeve", "N-833", tekst).into());
    }
    let id = app.new_uuid();
    let krop = indhold::proeve(id, w.part, app.config().miljoe, nu);
    let klar = Adresse::laes(&w.adresse).ok().zip(hoveder(&w, segl, id, &krop, nu));
    let Some((adresse, hoveder)) = klar else {
        return Err(
            Modulfejl::felt("proeve", "N-834", "Nøglen kan ikke læses. Skift den, og prøv igen.").into()
        );
    };
    w.proevet = Some(nu.micros());
    let linje = Aendringslinje {
        detaljer: format!("til {}", adresse.vaert()),
        ..linje(kald, nu, rolle, &w, "send prøve til webhook")
    };
    skriv::gem(app, &[modulpost(&w, gemt.version)?], &[linje]).await?;
    if kald.er_proeve() {
        return Ok(Proevesvar { http: None, fejl: None, varighed: Duration::ZERO });
    }
    let kald = Udekald { adresse: adresse.som_tekst(), hoveder: &hoveder, svar_max: None, hoejst: HOEJST };
    let svar = ud.post(kald, krop).await;
    Ok(Proevesvar { http: svar.http, fejl: fejl(&svar), varighed: svar.varighed })
}
