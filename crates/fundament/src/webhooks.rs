//! The deliveries of webhooks, made by this server: several at a time, one to each receiver.

use crate::pasning::hver;
use app::{App, FORBIND_MAX, SVAR_MAX, Udekald, Udgaaende};
use login::Login;
use std::time::Duration;
use styring::webhooks::{self, Afsending, Fulgt};
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

/// How often what is due is looked for.
const SECOND: Duration = Duration::from_secs(1);
/// How long a server has a delivery when it says nothing more: longer than any call.
const LAAN: Duration = Duration::from_secs(90);
/// Deliveries made at a time.
const SAMTIDIGE: usize = 16;

/// What makes deliveries. Cheap to clone.
#[derive(Clone)]
pub struct Webhooks {
    app: App,
    ud: Udgaaende,
    segl: Login,
    /// Where the Administrationsmodul is found.
    adresse: String,
    laaner: Uuid,
}

/// Starts it.
pub fn start(app: &App, ud: Udgaaende, segl: Login, adresse: String) -> JoinHandle<()> {
    let w = Webhooks { app: app.clone(), ud, segl, adresse, laaner: app.new_uuid() };
    tokio::spawn(w.koer())
}

impl Webhooks {
    async fn koer(self) {
        if let Err(fejl) = webhooks::begynd(&self.app).await {
            tracing::error!(%fejl, "leveringer til webhooks, som serveren havde i hånden før, venter, til lånet udløber");
        }
        let (mut tick, mut i_gang) = (hver(SECOND), JoinSet::new());
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                Some(_) = i_gang.join_next() => {}
            }
            while i_gang.len() < SAMTIDIGE {
                match self.naeste().await {
                    Ok(Some(afsending)) => drop(i_gang.spawn(self.clone().lever(afsending))),
                    Ok(None) => break,
                    Err(fejl) => {
                        tracing::error!(%fejl, "leveringer til webhooks kunne ikke læses; det forsøges igen");
                        break;
                    }
                }
            }
        }
    }

    async fn naeste(&self) -> Result<Option<Afsending>, styring::Styringsfejl> {
        webhooks::naeste(&self.app, (self.laaner, LAAN), &self.segl, &self.adresse).await
    }

    /// Makes one, and notes what came of it. What cannot be noted comes again when the lease has run out.
    async fn lever(self, a: Afsending) {
        let kald = Udekald {
            adresse: a.adresse.som_tekst(),
            hoveder: &a.hoveder,
            svar_max: None,
            hoejst: FORBIND_MAX + SVAR_MAX,
        };
        let svar = self.ud.post(kald, a.krop.clone()).await;
        let (webhook, vaert) = (a.webhook, a.adresse.vaert());
        match webhooks::afslut(&self.app, self.laaner, &a, &svar).await {
            Ok(Fulgt::Leveret) => tracing::debug!(%webhook, vaert, "advis leveret til en webhook"),
            Ok(Fulgt::Senere(hvorfor)) => {
                tracing::info!(%webhook, vaert, hvorfor, "en webhook tog ikke imod; det forsøges igen");
            }
            Ok(Fulgt::Afbrudt(hvorfor)) => {
                tracing::warn!(%webhook, vaert, hvorfor, "en webhook tog ikke imod i tre døgn og er afbrudt");
            }
            Ok(Fulgt::Andens) => {
                tracing::warn!(%webhook, vaert, "en levering tog længere end lånet og kan komme igen")
            }
            Err(fejl) => {
                tracing::error!(%webhook, vaert, %fejl, "en levering kunne ikke noteres og kommer igen")
            }
        }
    }
}

#[cfg(test)]
mod tests;
