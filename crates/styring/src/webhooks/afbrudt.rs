//! A webhook whose receiver was tried for three days: nothing more is sent, and somebody must do something about it.

use super::modulpost;
use crate::Styringsfejl;
use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::opgaver::Opgave;
use crate::skriv::{self, Gemt, Hvem};
use administration::{Entitet, Modulrolle, Partsart, Webhook};
use app::App;
use oio::Cvr;
use store::Aendringslinje;
use uuid::Uuid;

/// How often it is written anew when others change the webhook at the same time.
const FORSOEG: usize = 3;

/// Who looks after the webhooks of a party.
fn ansvarlig(app: &App, part: Cvr) -> Modulrolle {
    let politik = app.politik();
    match politik.part(part) {
        Some(p) if p.er(Partsart::Myndighed) => Modulrolle::Administrator,
        Some(p) if p.er(Partsart::Operatoer) => Modulrolle::Driftsoperatoer,
        _ => Modulrolle::Leverandoeradministrator,
    }
}

/// Stores that a webhook is AFBRUDT, with the task and the notice about it: once, whoever comes first.
pub(super) async fn afbryd(app: &App, webhook: Uuid, aarsag: &str) -> Result<(), Styringsfejl> {
    for _ in 0..FORSOEG {
        let Some(Gemt { mut post, version }) = skriv::hent::<Webhook>(app, webhook).await? else {
            return Ok(());
        };
        if post.afbrudt.is_some() {
            return Ok(());
        }
        let nu = app.now();
        post.afbrudt = Some(nu.micros());
        let hvem = (post.part, ansvarlig(app, post.part));
        let titel = format!("Få webhooken {} til at modtage igen", post.navn);
        let opgave = Opgave::ny(app, "Webhook afbrudt", titel, hvem, (Webhook::ART, webhook)).inden(14);
        let installationen = Hvem::Installationen { part: post.part, korrelation: app.new_uuid() };
        let linje = Aendringslinje {
            art: Webhook::ART.into(),
            objekt: Some(webhook),
            objektnavn: post.navn.clone(),
            detaljer: aarsag.to_owned(),
            ..installationen.linje(nu, "afbryd webhook")
        };
        let objekt = Adviseret::ny(Webhook::ART, webhook, &post.navn);
        let felter = [("aarsag", aarsag)];
        let noegle = version.to_string();
        let advis = Advis::om(Haendelse::WebhookAfbrudt, post.part, objekt, &felter, nu, &noegle);
        let poster = [modulpost(&post, version)?, opgave.post(0)];
        match skriv::gem_med(app, &poster, &[linje], &[advis]).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}
