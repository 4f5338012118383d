//! Entering by an authority's own identity provider: OpenID Connect, authorization code with PKCE, state and nonce.

use crate::billet::{Billet, Vist};
use crate::login::Login;
use crate::totp::procent;
use crate::{Klient, LoginFejl, Session};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::fmt;
use uuid::Uuid;

pub(crate) mod hent;
mod slut;
mod udbyder;

pub use udbyder::Udbyder;

/// Where providers send users back to, under the address of the installation.
pub const OIDC_SVAR: &str = "/login/oidc/svar";

/// What somebody goes to a provider for.
#[derive(Clone, Copy)]
pub enum Aerinde<'a> {
    /// To enter. It does not matter how long ago he showed the provider who he is, so this alone allows nothing dangerous.
    Ind,
    /// To be known there from now on, by an invitation or a recovery: the sealed ticket of it.
    Knyt(&'a str),
    /// To show again who he is: the provider must ask him anew, however lately it has.
    Igen(&'a Session),
}

/// Where to send a user.
#[derive(Clone)]
pub struct OidcStart {
    /// The address at the provider.
    pub adresse: String,
    /// Sealed; for a cookie of the path [`OIDC_SVAR`] that is sent along when another site refers here (`SameSite=Lax`).
    pub billet: String,
}

impl fmt::Debug for OidcStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcStart(***)")
    }
}

/// What a provider sent a user back with: the parameters of the address.
#[derive(Clone, Default, Deserialize)]
pub struct OidcSvar {
    /// What we sent along.
    #[serde(default)]
    pub state: String,
    /// What a token is got for.
    #[serde(default)]
    pub code: Option<String>,
    /// Why there is none.
    #[serde(default)]
    pub error: Option<String>,
    /// Who sends it (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
}

impl fmt::Debug for OidcSvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OidcSvar(***, error: {:?})", self.error)
    }
}

impl Login {
    /// The providers users may choose between: id and name.
    pub fn udbydere(&self) -> impl Iterator<Item = (&str, &str)> {
        self.config().udbydere.iter().map(|u| (u.id.as_str(), u.navn.as_str()))
    }

    /// The providers that know a user: id and name.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn egne_udbydere(&self, bruger: Uuid) -> Result<Vec<(&str, &str)>, LoginFejl> {
        let identiteter = self.app().store().identiteter(bruger).await?;
        let kendt = |u: &&Udbyder| identiteter.iter().any(|(udsteder, _)| *udsteder == u.udsteder);
        Ok(self.config().udbydere.iter().filter(kendt).map(|u| (u.id.as_str(), u.navn.as_str())).collect())
    }

    fn udbyder(&self, id: &str) -> Result<&Udbyder, LoginFejl> {
        self.config().udbydere.iter().find(|u| u.id == id).ok_or(LoginFejl::Ukendt)
    }

    /// Sends a user to a provider.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`] without such a provider, [`LoginFejl::Udbyder`], [`LoginFejl::Udloebet`],
    /// [`LoginFejl::ForMange`], [`LoginFejl::Intern`].
    pub async fn oidc_start(
        &self,
        udbyder: &str,
        aerinde: Aerinde<'_>,
        klient: &Klient,
    ) -> Result<OidcStart, LoginFejl> {
        self.maa_proeve(klient)?;
        let udbyder = self.udbyder(udbyder)?;
        let hvem = self.hvem(aerinde, klient).await?;
        let nu = self.app().now();
        let opslag = self.oidc().opslag(udbyder, nu).await.map_err(|aarsag| {
            tracing::warn!(udbyder = udbyder.id, aarsag, "en udbyder af login kan ikke bruges");
            LoginFejl::Udbyder(udbyder.navn.clone())
        })?;
        let [state, nonce, bevis] =
            std::array::from_fn(|_| URL_SAFE_NO_PAD.encode(self.app().tilfaeldige::<32>()));
        let udfordring = URL_SAFE_NO_PAD.encode(crate::krypt::sha256(bevis.as_bytes()));
        let mut adresse = opslag.autorisation.clone();
        let felter = [
            ("response_type", "code"),
            ("client_id", &udbyder.klient_id),
            ("redirect_uri", &self.oidc_svar()),
            ("scope", &udbyder.scope),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &udfordring),
            ("code_challenge_method", "S256"),
        ];
        let igen = matches!(aerinde, Aerinde::Igen(_));
        let igen_felter: &[(&str, &str)] = if igen { &[("prompt", "login"), ("max_age", "0")] } else { &[] };
        for (navn, vaerdi) in felter.iter().chain(igen_felter) {
            adresse.push(if adresse.contains('?') { '&' } else { '?' });
            adresse.push_str(&format!("{navn}={}", procent(vaerdi)));
        }
        let vist_efter = igen.then(|| nu.micros());
        let udbyder = udbyder.id.clone();
        let billet = Billet::Oidc { udbyder, state, nonce, bevis, hvem, vist_efter };
        Ok(OidcStart { adresse, billet: self.udsted(billet, klient) })
    }

    /// Whom an errand is about, when that is known.
    async fn hvem(&self, aerinde: Aerinde<'_>, klient: &Klient) -> Result<Option<Vist>, LoginFejl> {
        match aerinde {
            Aerinde::Ind => Ok(None),
            Aerinde::Knyt(billet) => match self.laes(billet, klient)? {
                // A password alone does not say that somebody is who he is elsewhere.
                Billet::Tilmeld(vist) if vist.token.is_some() => {
                    self.uaendret(vist.bruger, vist.generation).await?;
                    Ok(Some(vist))
                }
                _ => Err(LoginFejl::Udloebet),
            },
            Aerinde::Igen(session) => {
                let konto = self.kraev_konto(session.bruger()).await?;
                let (bruger, generation, session) = (konto.bruger, konto.generation, Some(session.post.id));
                Ok(Some(Vist { bruger, generation, amr: String::new(), token: None, session }))
            }
        }
    }

    fn oidc_svar(&self) -> String {
        format!("{}{OIDC_SVAR}", self.config().adresse)
    }
}
