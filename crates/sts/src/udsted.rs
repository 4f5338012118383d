//! Issuing: the signed assertion, and the line in the access log without which nothing goes out.

use crate::afgoer::{Bestilling, Tilladt, afgoer, noegler};
use crate::fejl::StsFejl;
use app::App;
use bitemporal::Instant;
use identity::saml::Paastand;
use oio::Cvr;
use store::LogPost;
use uuid::Uuid;

const MINUTE: i64 = 60_000_000;

/// An issued assertion.
#[derive(Debug)]
pub struct Udstedt {
    /// Its id.
    pub id: String,
    /// It, byte for byte.
    pub assertion: String,
    /// When it is valid from.
    pub fra: Instant,
    /// When it expires.
    pub til: Instant,
}

/// Issues an assertion.
///
/// # Errors
/// Why it is refused. The refusal is in the access log.
pub async fn udsted(app: &App, bestilling: &Bestilling<'_>, reference: Uuid) -> Result<Udstedt, StsFejl> {
    let nu = app.now();
    let politik = app.politik();
    let noegler = noegler(app)?;
    let tilladt = afgoer(&politik, bestilling, app.config().obo_any_audience, &noegler, nu)?;
    let til = udloeb(bestilling, &tilladt, app.config().token_minutter_max, nu)?;
    let id = format!("_{}", app.new_uuid());
    let paastand = Paastand {
        id: id.clone(),
        udsteder: noegler.sts_betroet.udsteder().to_owned(),
        fra: nu,
        til,
        name_id: tilladt.name_id.clone(),
        obo_kalder: tilladt.obo_kalder.clone(),
        audience: bestilling.applies_to.to_owned(),
        cvr: bestilling.cvr,
        sikringsniveau: 3,
        bpp: Some(tilladt.bpp.clone()),
        indehaver: tilladt.indehaver.clone(),
    };
    let assertion = paastand.signer(&noegler.sts.noegle, &noegler.sts.certifikat).map_err(StsFejl::intern)?;
    log_udstedt(app, &tilladt, bestilling, reference, &id, nu).await?;
    Ok(Udstedt { id, assertion, fra: nu, til })
}

/// When the token expires: as asked, at most the limit, and not after the token it stands on.
fn udloeb(
    bestilling: &Bestilling<'_>,
    tilladt: &Tilladt,
    minutter_max: u32,
    nu: Instant,
) -> Result<Instant, StsFejl> {
    let max = nu.micros() + i64::from(minutter_max) * MINUTE;
    let asked = bestilling.expires.map_or(max, Instant::micros);
    if asked <= nu.micros() {
        return Err(StsFejl::Form("Lifetime/Expires er passeret".into()));
    }
    // Less than a minute is of no use to anybody.
    let til = asked.max(nu.micros() + MINUTE).min(max).min(tilladt.senest.map_or(i64::MAX, Instant::micros));
    if til <= nu.micros() {
        return Err(StsFejl::PaaVegneAf("tokenet er udløbet".into()));
    }
    Ok(Instant::from_micros(til))
}

/// Writes that a token was issued. It is stored when this returns.
///
/// # Errors
/// [`StsFejl::Log`]: then nothing may go out.
pub async fn log_udstedt(
    app: &App,
    tilladt: &Tilladt,
    bestilling: &Bestilling<'_>,
    reference: Uuid,
    id: &str,
    nu: Instant,
) -> Result<(), StsFejl> {
    let regel = format!(
        "token {id} til {}; certifikat {}; version {}{}",
        bestilling.applies_to,
        bestilling.kalder.thumbprint(),
        app.politik().version(),
        tilladt.repraesenteret_id.as_ref().map_or_else(String::new, |r| format!("; på vegne af {r}"))
    );
    let post = LogPost {
        tid: nu,
        transaktion: reference,
        system: Some(tilladt.system),
        myndighed: Some(bestilling.cvr),
        aftale: None,
        operation: "issue",
        objekttype: "Token",
        udfald: "ok",
        regel,
    };
    app.store().log_nu(post).await.map_err(|cause| {
        tracing::error!(target: "sts", %cause, "adgangsloggen kan ikke skrives");
        StsFejl::Log
    })
}

/// Writes that a token was refused, for whoever owns the request to have it explained.
pub async fn log_afvist(app: &App, fejl: &StsFejl, system: Option<Uuid>, cvr: Option<Cvr>, reference: Uuid) {
    if let StsFejl::Intern(cause) = fejl {
        tracing::error!(target: "sts", %reference, %cause, "intern fejl");
    }
    let regel = oio::logtekst(&fejl.to_string());
    tracing::info!(target: "sts", %reference, udfald = "afvist", "{regel}");
    let post = LogPost {
        tid: app.now(),
        transaktion: reference,
        system,
        myndighed: cvr,
        aftale: None,
        operation: "issue",
        objekttype: "Token",
        udfald: "afvist",
        regel,
    };
    // The refusal goes out all the same: it tells nothing that the log should have held back.
    if let Err(cause) = app.store().log_afvist(post).await {
        tracing::error!(target: "sts", %cause, "adgangsloggen kan ikke skrives");
    }
}
