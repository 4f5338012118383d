//! Back from an identity provider: who it says the user is, and what follows.

use super::hent::Opslag;
use super::{OidcSvar, Udbyder};
use crate::billet::{Billet, Vist};
use crate::login::Login;
use crate::{Klient, LoginFejl, Loginhaendelse, NySession, Session, Slags};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use bitemporal::Instant;
use identity::jwt::{Idkrav, JwtFejl, verificer_idtoken};
use serde_json::{Map, Value};
use store::{Konto, Kontotilstand, Loginsession, Loginskridt};

/// Most characters of what a provider calls a person.
const EMNE_MAX: usize = 255;
/// Most characters of a code.
const KODE_MAX: usize = 4096;

impl Login {
    /// Ends what was begun at a provider: a session, if the person has an account here; `None` when it was to show again who
    /// he is, in the session of this browser.
    ///
    /// # Errors
    /// [`LoginFejl::UkendtPerson`]; [`LoginFejl::AndenPerson`] when the provider knows another than the one it is about;
    /// [`LoginFejl::Udbyder`], [`LoginFejl::Udloebet`], [`LoginFejl::ForMange`], [`LoginFejl::Intern`].
    pub async fn oidc_slut(
        &self,
        billet: &str,
        svar: &OidcSvar,
        session: Option<&Session>,
        klient: &Klient,
    ) -> Result<Option<NySession>, LoginFejl> {
        self.maa_proeve(klient)?;
        let Billet::Oidc { udbyder, state, nonce, bevis, hvem, vist_efter } = self.laes(billet, klient)?
        else {
            return Err(LoginFejl::Udloebet);
        };
        let udbyder = self.udbyder(&udbyder)?;
        let igen = hvem.as_ref().and_then(|v| v.session);
        let andres = igen.is_some() && igen != session.map(|s| s.post.id);
        if andres || verify_slices_are_equal(state.as_bytes(), svar.state.as_bytes()).is_err() {
            return Err(LoginFejl::Udloebet);
        }
        self.brug_en_gang(billet).await?;
        let claims = match self.indhent(udbyder, svar, &nonce, &bevis, vist_efter).await {
            Ok(claims) => claims,
            Err(aarsag) => {
                self.afvis(None, &format!("{}: {aarsag}", udbyder.id), None, klient).await?;
                return Err(LoginFejl::Udbyder(udbyder.navn.clone()));
            }
        };
        let emne = claims.get(&udbyder.identitet).and_then(Value::as_str);
        let Some(emne) = emne.filter(|e| !e.is_empty() && e.len() <= EMNE_MAX) else {
            let aarsag = format!("{}: {} mangler i tokenet", udbyder.id, udbyder.identitet);
            self.afvis(None, &aarsag, None, klient).await?;
            return Err(LoginFejl::Udbyder(udbyder.navn.clone()));
        };
        let kendt = self.app().store().konto_ved_identitet(&udbyder.udsteder, emne).await?;
        let anden = hvem.as_ref().filter(|v| match &kendt {
            Some(konto) => konto.bruger != v.bruger,
            // Nobody becomes somebody there by showing again who he is.
            None => v.session.is_some(),
        });
        if let Some(vist) = anden {
            let aarsag = format!("{}: en anden person", udbyder.id);
            self.afvis(Some(vist.bruger), &aarsag, None, klient).await?;
            return Err(LoginFejl::AndenPerson(udbyder.navn.clone()));
        }
        if let (Some(session), Some(Vist { bruger, generation, .. })) = (igen, hvem.as_ref()) {
            let skridt = Loginskridt::Uaendret { bruger: *bruger, generation: *generation };
            let hvordan = format!("oidc {}", udbyder.id);
            self.bekraeft_igen(session, *bruger, vec![skridt], &hvordan, klient).await?;
            return Ok(None);
        }
        self.oidc_ind(udbyder, emne, kendt, hvem, klient).await.map(Some)
    }

    /// Begins the session of somebody a provider has told of. An invitation or recovery he brought is used up, whether he was
    /// known or becomes so.
    async fn oidc_ind(
        &self,
        udbyder: &Udbyder,
        emne: &str,
        kendt: Option<Konto>,
        hvem: Option<Vist>,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        if let Some(konto) = kendt.as_ref().filter(|k| k.tilstand == Kontotilstand::Spaerret) {
            return Err(self.afvis(Some(konto.bruger), "spærret", None, klient).await?);
        }
        let amr = format!("oidc {}", udbyder.id);
        let vist = match (&kendt, hvem) {
            (_, Some(vist)) => Vist { amr, ..vist },
            (Some(konto), None) => {
                let (bruger, generation) = (konto.bruger, konto.generation);
                Vist { bruger, generation, amr, token: None, session: None }
            }
            (None, None) => {
                let aarsag = format!("{}: ukendt person", udbyder.id);
                self.afvis(None, &aarsag, None, klient).await?;
                return Err(LoginFejl::UkendtPerson(udbyder.navn.clone()));
            }
        };
        let ny = kendt.is_none().then(|| Loginskridt::NyIdentitet {
            bruger: vist.bruger,
            udsteder: udbyder.udsteder.clone(),
            emne: emne.to_owned(),
            nu: self.app().now(),
        });
        let knyttet = ny.is_some().then(|| Loginhaendelse {
            resultat: udbyder.id.clone(),
            ..self.haendelse(Slags::Knyttet, Some(vist.bruger), klient)
        });
        let post = Loginsession {
            handler_som: Some(udbyder.cvr),
            // The provider may have asked him this morning.
            bekraeftet: Instant::from_micros(0),
            ..self.post(&vist, klient)
        };
        self.begynd(post, &vist, ny.into_iter().collect(), knyttet, klient).await
    }

    /// Gets the id token for a code and verifies it.
    async fn indhent(
        &self,
        udbyder: &Udbyder,
        svar: &OidcSvar,
        nonce: &str,
        bevis: &str,
        vist_efter: Option<i64>,
    ) -> Result<Map<String, Value>, String> {
        if let Some(fejl) = &svar.error {
            let fejl: String = fejl.chars().filter(char::is_ascii_graphic).take(60).collect();
            return Err(format!("svarede {fejl}"));
        }
        if svar.iss.as_ref().is_some_and(|iss| *iss != udbyder.udsteder) {
            return Err("svaret er fra en anden udsteder".to_owned());
        }
        let kode = svar.code.as_deref().filter(|kode| !kode.is_empty() && kode.len() <= KODE_MAX);
        let kode = kode.ok_or("svaret har ingen kode")?;
        let nu = self.app().now();
        let opslag = self.oidc().opslag(udbyder, nu).await?;
        let token = self.oidc().token(udbyder, &opslag, kode, bevis, &self.oidc_svar()).await?;
        let proev = |opslag: &Opslag| {
            let krav = Idkrav {
                udsteder: &udbyder.udsteder,
                noegler: &opslag.noegler,
                klient_id: &udbyder.klient_id,
                nonce,
                vist_efter: vist_efter.map(Instant::from_micros),
            };
            verificer_idtoken(&token, &krav, self.app().now())
        };
        let udfald = match proev(&opslag) {
            // The provider may have changed its keys.
            Err(JwtFejl::Kid) => proev(&*self.oidc().igen(udbyder, nu).await?),
            andet => andet,
        };
        udfald.map_err(|fejl| fejl.to_string())
    }
}
