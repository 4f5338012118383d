//! Passkeys: entered with, and got before one is in for the first time. Only a browser with script can answer.

use super::{faerdig, klient, sagt, vis_fejl};
use crate::besoeg::{Forespoergsel, Svar};
use crate::fejl::Sidefejl;
use login::{PasskeyStart, Tilmelder};

/// What a browser is asked, as it stands in a page.
pub struct Noegle {
    /// Goes back with the answer.
    pub billet: String,
    /// The question, as JSON.
    pub valg: String,
}

impl From<PasskeyStart> for Noegle {
    fn from(start: PasskeyStart) -> Self {
        Self { billet: start.billet, valg: start.valg }
    }
}

/// Asks for any passkey that is for us.
pub async fn alene(f: &Forespoergsel) -> Result<Noegle, Sidefejl> {
    Ok(f.t.login.passkey_start(None, &klient(f)).await?.into())
}

/// Asks for a passkey of the user whose password was right; `None` when he has none.
pub async fn efter_adgangskode(f: &Forespoergsel, trin: &str) -> Option<Noegle> {
    let start = f.t.login.passkey_start(Some(trin), &klient(f)).await.ok()?;
    let valg: serde_json::Value = serde_json::from_str(&start.valg).ok()?;
    let har = valg["allowCredentials"].as_array().is_some_and(|alle| !alle.is_empty());
    har.then(|| start.into())
}

/// Asks for a new one.
pub async fn ny(f: &Forespoergsel, hvem: Tilmelder<'_>) -> Option<Noegle> {
    f.t.login.passkey_tilmeld_start(hvem, &klient(f)).await.ok().map(Noegle::from)
}

/// Enters with a passkey.
pub async fn ind(f: Forespoergsel) -> Svar {
    let (billet, svar) = (f.krop.tekst("billet"), f.krop.tekst("svar"));
    match f.t.login.passkey_slut(billet, svar, &klient(&f)).await {
        Ok(ny) => faerdig(&f, &ny).await,
        Err(fejl) => {
            let (status, fejl) = sagt(fejl)?;
            vis_fejl(&f, status, fejl).await
        }
    }
}

/// Keeps a new one, and lets its owner in.
pub async fn tilmeld(f: Forespoergsel) -> Svar {
    let (billet, svar) = (f.krop.tekst("billet"), f.krop.tekst("svar"));
    match f.t.login.passkey_tilmeld_slut(billet, svar, "", &klient(&f)).await {
        Ok(Some(ny)) => faerdig(&f, &ny).await,
        Ok(None) => Ok(crate::besoeg::viderestil(&f.videre())),
        Err(fejl) => Err(fejl.into()),
    }
}
