//! Deliveries: laid with a party's webhooks, handed to whoever sends, and what came of them.

use super::signatur::hoveder;
use super::{Webhooktilstand, afbrudt, graense, indhold, partens};
use crate::Styringsfejl;
use crate::adviser::{Advis, laest, mellemrum, nok_forsoeg};
use crate::skriv;
use administration::{Miljoe, Webhook};
use app::{Adresse, App, Segl, Udesvar};
use bitemporal::Instant;
use std::time::Duration;
use store::{Laantlevering, NyWebhooklevering, Webhookudfald};
use uuid::Uuid;

/// Most characters that are kept of what went wrong.
const SVAR_MAX: usize = 300;
/// Deliveries forgotten in one step, so that nothing else waits long.
const RENS_SKRIDT: u64 = 500;

/// What is posted now.
#[derive(Debug, Clone)]
pub struct Afsending {
    /// The delivery.
    pub id: Uuid,
    /// The webhook.
    pub webhook: Uuid,
    /// Where to: it may hold a secret, and is not for a log.
    pub adresse: Adresse,
    /// The headers, the signatures among them.
    pub hoveder: Vec<(&'static str, String)>,
    /// The body.
    pub krop: Vec<u8>,
    forsoeg: u32,
}

/// What followed from an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fulgt {
    /// The receiver has it.
    Leveret,
    /// It is tried again; what went wrong.
    Senere(String),
    /// The webhook is AFBRUDT; what went wrong.
    Afbrudt(String),
    /// It was another's by then.
    Andens,
}

/// What is to be laid of a notice with the party's webhooks. What is told to one person alone is no webhook's.
pub(crate) async fn planlaeg(app: &App, advis: &Advis) -> Result<Vec<NyWebhooklevering>, Styringsfejl> {
    if advis.person.is_some() || advis.tid() < graense(app.now()) {
        return Ok(Vec::new());
    }
    let mut alle = partens(app, advis.part).await?;
    alle.retain(|g| g.post.grupper.contains(advis.gruppe().kode()) && g.post.oprettet <= advis.tid);
    let en = |w: Webhook| NyWebhooklevering {
        id: Uuid::new_v5(&advis.id, w.uuid.as_bytes()),
        webhook: w.uuid,
        opgivet: w.tilstand() == Webhooktilstand::Afbrudt,
    };
    Ok(alle.into_iter().map(|g| en(g.post)).collect())
}

/// To be done once when a server starts.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn begynd(app: &App) -> Result<(), Styringsfejl> {
    Ok(app.store().glem_leveringslaan().await?)
}

/// The next delivery to make, leased to `laaner` for so long; `None` when none is due. One server makes one to a webhook at a
/// time. `adresse` is where the module is found.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn naeste(
    app: &App,
    (laaner, laenge): (Uuid, Duration),
    segl: &dyn Segl,
    adresse: &str,
) -> Result<Option<Afsending>, Styringsfejl> {
    loop {
        let nu = app.now();
        let til = nu.micros().saturating_add(i64::try_from(laenge.as_micros()).unwrap_or(i64::MAX));
        let Some(laant) = app.store().laan_levering(laaner, nu, Instant::from_micros(til)).await? else {
            return Ok(None);
        };
        let slut = async |udfald: &Webhookudfald, svar: &str| {
            let om = (laant.id, laant.webhook);
            app.store().afslut_levering(om, laaner, nu, udfald, (None, svar)).await
        };
        let webhook = skriv::hent::<Webhook>(app, laant.webhook).await?.map(|g| g.post);
        let advis = laant.advis.as_ref().and_then(laest);
        let (Some(w), Some(advis)) = (webhook, advis) else {
            slut(&Webhookudfald::Bortfaldet, "").await?;
            continue;
        };
        if w.tilstand() == Webhooktilstand::Afbrudt {
            slut(&Webhookudfald::Opgivet, "webhooken er afbrudt").await?;
            continue;
        }
        match goer_klar(&w, segl, &laant, &advis, (app.config().miljoe, adresse, nu)) {
            Ok(klar) => return Ok(Some(klar)),
            Err(hvorfor) => {
                afbrudt::afbryd(app, w.uuid, hvorfor).await?;
                slut(&Webhookudfald::Opgivet, hvorfor).await?;
            }
        }
    }
}

fn goer_klar(
    w: &Webhook,
    segl: &dyn Segl,
    laant: &Laantlevering,
    advis: &Advis,
    (miljoe, her, nu): (Miljoe, &str, Instant),
) -> Result<Afsending, &'static str> {
    let adresse = Adresse::laes(&w.adresse).map_err(|_| "adressen kan ikke bruges; ret den")?;
    let krop = indhold::af_advis(advis, miljoe, her);
    let hoveder = hoveder(w, segl, advis.id, &krop, nu).ok_or("nøglen kan ikke læses; skift den")?;
    let (id, webhook, forsoeg) = (laant.id, laant.webhook, laant.forsoeg);
    Ok(Afsending { id, webhook, adresse, hoveder, krop, forsoeg })
}

/// Notes what came of a delivery, and what follows from it.
///
/// # Errors
/// A-005 when others change the webhook all the time; [`Styringsfejl::Intern`].
pub async fn afslut(
    app: &App,
    laaner: Uuid,
    afsending: &Afsending,
    svar: &Udesvar,
) -> Result<Fulgt, Styringsfejl> {
    let foerste = i64::from(app.config().adviser.proev_igen_sekunder) * 1_000_000;
    let nu = app.now();
    let tekst = fejl(svar).unwrap_or_default();
    let (udfald, fulgt) = if tekst.is_empty() {
        (Webhookudfald::Leveret, Fulgt::Leveret)
    } else if nok_forsoeg(foerste, afsending.forsoeg) {
        // First: whoever is stopped after it finds the webhook AFBRUDT, and gives the delivery up.
        afbrudt::afbryd(app, afsending.webhook, &tekst).await?;
        (Webhookudfald::Opgivet, Fulgt::Afbrudt(tekst.clone()))
    } else {
        let igen = nu.micros().saturating_add(mellemrum(foerste, afsending.forsoeg));
        (Webhookudfald::Senere(Instant::from_micros(igen)), Fulgt::Senere(tekst.clone()))
    };
    let om = (afsending.id, afsending.webhook);
    let noteret = app.store().afslut_levering(om, laaner, nu, &udfald, (svar.http, &tekst)).await?;
    Ok(if noteret { fulgt } else { Fulgt::Andens })
}

/// What was wrong with an answer; `None` when the receiver took what it was sent.
pub(super) fn fejl(svar: &Udesvar) -> Option<String> {
    let tekst = match (&svar.fejl, svar.http) {
        (Some(fejl), _) => fejl.clone(),
        (None, Some(200..=299)) => return None,
        (None, Some(http @ 300..=399)) => {
            format!("modtageren sender videre ({http}), og det følges ikke; skriv den endelige adresse")
        }
        (None, Some(http)) => format!("modtageren svarede {http}"),
        (None, None) => "modtageren svarede ikke".to_owned(),
    };
    Some(tekst.chars().take(SVAR_MAX).collect())
}

/// Forgets deliveries of notices that are old.
pub(crate) async fn rens(app: &App) -> Result<(), Styringsfejl> {
    let foer = graense(app.now());
    while app.store().rens_leveringer(foer, RENS_SKRIDT).await? == RENS_SKRIDT {}
    Ok(())
}
