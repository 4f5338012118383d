//! Passkeys: got, and entered with, after a password or alone.

use crate::billet::{Billet, Vist};
use crate::login::Login;
use crate::tilmelding::Tilmelder;
use crate::{Klient, LoginFejl, NySession, Session};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::webauthn::{self, ALGORITMER, Krav};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt;
use store::{Faktor, Faktorart, Konto, Kontotilstand, Loginskridt};

/// Most characters of a browser's answer.
const SVAR_MAX: usize = 64 * 1024;
/// Milliseconds a user may take.
const TAALMOD: u64 = 300_000;

/// What a browser is asked to do with a passkey.
#[derive(Clone)]
pub struct PasskeyStart {
    /// Sealed; goes back with the answer.
    pub billet: String,
    /// JSON for `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    pub valg: String,
}

impl fmt::Debug for PasskeyStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasskeyStart(***)")
    }
}

/// A browser's answer, as `toJSON` gives it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Svar {
    raw_id: String,
    response: Dele,
}

#[derive(Deserialize)]
struct Dele {
    #[serde(rename = "clientDataJSON")]
    klientdata: String,
    #[serde(rename = "attestationObject", default)]
    attestering: Option<String>,
    #[serde(rename = "authenticatorData", default)]
    data: Option<String>,
    #[serde(rename = "signature", default)]
    signatur: Option<String>,
    #[serde(rename = "userHandle", default)]
    bruger: Option<String>,
}

fn b64(tekst: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(tekst.trim_end_matches('=')).ok()
}

fn svar(tekst: &str) -> Option<Svar> {
    if tekst.len() > SVAR_MAX { None } else { serde_json::from_str(tekst).ok() }
}

fn noegler(faktorer: &[Faktor]) -> Value {
    let passkeys = faktorer.iter().filter(|f| f.art == Faktorart::Passkey);
    passkeys.map(|f| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(&f.noegle) })).collect()
}

impl Login {
    fn krav<'k>(&'k self, udfordring: &'k [u8; 32]) -> Krav<'k> {
        Krav { oprindelse: &self.config().adresse, sted: self.config().vaert(), udfordring }
    }

    /// Asks for a new passkey.
    ///
    /// # Errors
    /// [`LoginFejl::Udloebet`], [`LoginFejl::Bekraeft`], [`LoginFejl::Intern`].
    pub async fn passkey_tilmeld_start(
        &self,
        hvem: Tilmelder<'_>,
        klient: &Klient,
    ) -> Result<PasskeyStart, LoginFejl> {
        let (vist, konto) = self.tilmelder(hvem, klient).await?;
        let faktorer = self.app().store().faktorer(konto.bruger).await?;
        let udfordring: [u8; 32] = self.app().tilfaeldige();
        let algoritmer: Vec<_> =
            ALGORITMER.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
        let valg = json!({
            "rp": { "id": self.config().vaert(), "name": self.config().navn },
            "user": {
                "id": URL_SAFE_NO_PAD.encode(konto.bruger.as_bytes()),
                "name": konto.loginnavn, "displayName": konto.loginnavn,
            },
            "challenge": URL_SAFE_NO_PAD.encode(udfordring),
            "pubKeyCredParams": algoritmer,
            "timeout": TAALMOD,
            "excludeCredentials": noegler(&faktorer),
            "authenticatorSelection": {
                "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
            },
            "attestation": "none",
        });
        let billet = self.udsted(Billet::NyPasskey { vist, udfordring }, klient);
        Ok(PasskeyStart { billet, valg: valg.to_string() })
    }

    /// Keeps a new passkey. Gives a session to who was not in yet.
    ///
    /// # Errors
    /// [`LoginFejl::Ugyldig`] when the answer does not fit; [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn passkey_tilmeld_slut(
        &self,
        billet: &str,
        browserens: &str,
        navn: &str,
        klient: &Klient,
    ) -> Result<Option<NySession>, LoginFejl> {
        self.maa_proeve(klient)?;
        let Billet::NyPasskey { vist, udfordring } = self.laes(billet, klient)? else {
            return Err(LoginFejl::Udloebet);
        };
        self.brug_en_gang(billet).await?;
        let laes = || {
            let svar = svar(browserens)?;
            let (klientdata, attestering) = (b64(&svar.response.klientdata)?, svar.response.attestering?);
            let ny = webauthn::registrer(&self.krav(&udfordring), &klientdata, &b64(&attestering)?);
            ny.inspect_err(|fejl| tracing::info!(%fejl, "en ny adgangsnøgle er afvist")).ok()
        };
        let ny = laes().ok_or(LoginFejl::Ugyldig("Adgangsnøglen kunne ikke tilmeldes. Prøv igen."))?;
        let nu = self.app().now();
        let faktor = Faktor {
            id: self.app().new_uuid(),
            bruger: vist.bruger,
            art: Faktorart::Passkey,
            navn: crate::tilmelding::navn(navn, "Adgangsnøgle"),
            noegle: ny.id,
            data: ny.noegle,
            taeller: ny.taeller.into(),
            oprettet: nu,
            brugt: Some(nu),
        };
        self.tilmeld(Vist { amr: format!("{} hwk", vist.amr), ..vist }, faktor, klient).await
    }

    /// Asks for a passkey: after a password, the user's own; without, any that is for us.
    ///
    /// # Errors
    /// [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn passkey_start(
        &self,
        anden_faktor: Option<&str>,
        klient: &Klient,
    ) -> Result<PasskeyStart, LoginFejl> {
        let vist = match anden_faktor.map(|billet| self.laes(billet, klient)).transpose()? {
            None => None,
            Some(Billet::AndenFaktor(vist)) => Some(vist),
            Some(_) => return Err(LoginFejl::Udloebet),
        };
        self.spoerg(vist, klient).await
    }

    /// Asks for a passkey again, from a user who is in.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`], [`LoginFejl::Intern`].
    pub async fn passkey_igen_start(
        &self,
        session: &Session,
        klient: &Klient,
    ) -> Result<PasskeyStart, LoginFejl> {
        let konto = self.kraev_konto(session.bruger()).await?;
        let vist = Vist {
            bruger: konto.bruger,
            generation: konto.generation,
            amr: String::new(),
            token: None,
            session: Some(session.post.id),
        };
        self.spoerg(Some(vist), klient).await
    }

    async fn spoerg(&self, vist: Option<Vist>, klient: &Klient) -> Result<PasskeyStart, LoginFejl> {
        let faktorer = match &vist {
            Some(vist) => self.app().store().faktorer(vist.bruger).await?,
            None => Vec::new(),
        };
        let udfordring: [u8; 32] = self.app().tilfaeldige();
        let valg = json!({
            "rpId": self.config().vaert(),
            "challenge": URL_SAFE_NO_PAD.encode(udfordring),
            "timeout": TAALMOD,
            "allowCredentials": noegler(&faktorer),
            "userVerification": "required",
        });
        let billet = self.udsted(Billet::Passkey { vist, udfordring }, klient);
        Ok(PasskeyStart { billet, valg: valg.to_string() })
    }

    /// Enters with a passkey. An account that waits after failures does not wait here: nothing can be guessed.
    ///
    /// # Errors
    /// [`LoginFejl::Forkert`], [`LoginFejl::ForMange`], [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn passkey_slut(
        &self,
        billet: &str,
        browserens: &str,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        let (vist, brugt) = self.proev_passkey(billet, browserens, None, klient).await?;
        match self.ny_session(&vist, vec![brugt], None, klient).await {
            // The counter did not rise: there may be two of it.
            Err(LoginFejl::Udloebet) => {
                let aarsag = "adgangsnøglens tæller steg ikke, eller kontoen er ændret";
                Err(self.afvis(Some(vist.bruger), aarsag, None, klient).await?)
            }
            andet => andet,
        }
    }

    /// The user shows again who he is, with a passkey.
    ///
    /// # Errors
    /// As [`Login::passkey_slut`].
    pub async fn passkey_igen_slut(
        &self,
        session: &Session,
        billet: &str,
        browserens: &str,
        klient: &Klient,
    ) -> Result<(), LoginFejl> {
        let (vist, brugt) = self.proev_passkey(billet, browserens, Some(session), klient).await?;
        self.bekraeft_igen(session.post.id, vist.bruger, vec![brugt], "hwk", klient).await
    }

    /// Judges an answer. Gives who it is, and what must be written when it counts.
    async fn proev_passkey(
        &self,
        billet: &str,
        browserens: &str,
        igen: Option<&Session>,
        klient: &Klient,
    ) -> Result<(Vist, Loginskridt), LoginFejl> {
        self.maa_proeve(klient)?;
        let Billet::Passkey { vist, udfordring } = self.laes(billet, klient)? else {
            return Err(LoginFejl::Udloebet);
        };
        if vist.as_ref().and_then(|v| v.session) != igen.map(|s| s.post.id) {
            return Err(LoginFejl::Udloebet);
        }
        self.brug_en_gang(billet).await?;
        let svar = svar(browserens);
        let id = svar.as_ref().and_then(|s| b64(&s.raw_id)).filter(|id| id.len() <= webauthn::ID_MAKS);
        let faktor = match &id {
            Some(id) => self.app().store().faktor_ved_noegle(id).await?,
            None => None,
        };
        let (Some(svar), Some(faktor)) = (svar, faktor.filter(|f| f.art == Faktorart::Passkey)) else {
            return Err(self.afvis(None, "ukendt adgangsnøgle", None, klient).await?);
        };
        let bruger = Some(faktor.bruger);
        let konto = self.kraev_konto(faktor.bruger).await?;
        if let Err(aarsag) = ejer(&faktor, &konto, vist.as_ref(), &svar) {
            return Err(self.afvis(bruger, aarsag, None, klient).await?);
        }
        let bekraeft = || {
            let dele = &svar.response;
            let (klientdata, data) = (b64(&dele.klientdata)?, b64(dele.data.as_deref()?)?);
            let signatur = b64(dele.signatur.as_deref()?)?;
            Some(webauthn::bekraeft(&self.krav(&udfordring), &faktor.data, &klientdata, &data, &signatur))
        };
        let taeller = match bekraeft() {
            Some(Ok(taeller)) => taeller,
            Some(Err(fejl)) => return Err(self.afvis(bruger, &fejl.to_string(), None, klient).await?),
            None => return Err(self.afvis(bruger, "svaret mangler noget", None, klient).await?),
        };
        let brugt = Loginskridt::FaktorBrugt { id: faktor.id, taeller: taeller.into(), nu: self.app().now() };
        let vist = vist.map_or_else(
            || Vist {
                bruger: konto.bruger,
                generation: konto.generation,
                amr: "hwk".to_owned(),
                token: None,
                session: None,
            },
            |vist| Vist { amr: format!("{} hwk", vist.amr), ..vist },
        );
        Ok((vist, brugt))
    }
}

/// Whether the passkey is of who is asked for, as far as it and the browser say.
fn ejer(faktor: &Faktor, konto: &Konto, vist: Option<&Vist>, svar: &Svar) -> Result<(), &'static str> {
    if konto.tilstand == Kontotilstand::Spaerret {
        return Err("spærret");
    }
    if vist.is_some_and(|v| v.bruger != faktor.bruger || v.generation != konto.generation) {
        return Err("en andens adgangsnøgle, eller kontoen er ændret");
    }
    match svar.response.bruger.as_deref().filter(|b| !b.is_empty()) {
        Some(bruger) if b64(bruger).as_deref() == Some(faktor.bruger.as_bytes()) => Ok(()),
        // Only after a password is it known otherwise who is asked for.
        None if vist.is_some() => Ok(()),
        _ => Err("adgangsnøglen er en anden brugers"),
    }
}
