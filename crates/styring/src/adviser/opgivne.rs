//! Mails that could not be delivered.

use super::fordel::laest;
use crate::skriv;
use crate::{Kald, Styringsfejl};
use administration::{Bruger, Emne, Handling};
use app::App;
use bitemporal::Instant;

/// Mails in the list.
const LISTE_MAX: u64 = 50;
/// Notices of a mail that are named.
const NAEVNES: u64 = 3;

/// A mail that was given up.
#[derive(Debug, Clone)]
pub struct Opgivet {
    /// The party it was for.
    pub part: oio::Cvr,
    /// Who it was for: a person, or the mailbox.
    pub hvem: String,
    /// What it told.
    pub emner: Vec<String>,
    /// When it was given up.
    pub hvornaar: Instant,
    /// What the mail server said.
    pub svar: String,
}

/// The latest mails of the party that were given up; those of all parties for who runs the installation. They say what was
/// told to whom, so it takes the right to set the mailbox up.
///
/// # Errors
///
pub async fn opgivne(app: &App, kald: &Kald) -> Result<Vec<Opgivet>, Styringsfejl> {
    kald.kraev(Emne::Indstilling, Handling::Ret)?;
    let part = (!kald.aktoer.ser_alle_parter()).then(|| kald.part());
    let mut ud = Vec::new();
    for opgivet in app.store().opgivne_mails(part, LISTE_MAX).await? {
        let hvem = if opgivet.mail.postkasse {
            "Postkassen".to_owned()
        } else {
            let bruger = skriv::hent::<Bruger>(app, opgivet.mail.modtager).await?;
            bruger.map_or_else(|| "En tidligere bruger".to_owned(), |g| g.post.navn)
        };
        let i = app.store().mailens_adviser(opgivet.mail.id, NAEVNES).await?;
        let emner = i.iter().filter_map(laest).map(|a| a.emne).collect();
        ud.push(Opgivet {
            part: opgivet.mail.part,
            hvem,
            emner,
            hvornaar: opgivet.hvornaar,
            svar: opgivet.svar,
        });
    }
    Ok(ud)
}
