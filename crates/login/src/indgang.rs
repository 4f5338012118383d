//! Entering: name and password, then a code.

use crate::adgangskode::foraeldet;
use crate::billet::{Billet, Vist};
use crate::krypt::Brug;
use crate::login::Login;
use crate::session::NySession;
use crate::{Hemmelig, Klient, LoginFejl, Loginhaendelse, Slags, totp};
use bitemporal::Instant;
use std::fmt;
use store::{Faktor, Faktorart, Konto, Kontotilstand, Loginsession, Loginskridt};
use uuid::Uuid;

/// What follows from a step.
#[derive(Debug)]
pub enum Trin {
    /// The user is in.
    Faerdig(NySession),
    /// A second factor is missing.
    AndenFaktor(Udfordring),
    /// The user has none, and must get one before he is in.
    Tilmeld(Udfordring),
}

/// What a user must still do, and what to send along when he does it.
#[derive(Clone)]
pub struct Udfordring {
    /// Sealed; goes back with the next step. For a hidden field or a cookie, not for an address.
    pub billet: String,
    /// Whether he has a code by time.
    pub totp: bool,
    /// Whether he has a passkey.
    pub passkey: bool,
    /// Until when.
    pub udloeber: Instant,
}

impl fmt::Debug for Udfordring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Udfordring(***, totp: {}, passkey: {})", self.totp, self.passkey)
    }
}

/// A login name as it is compared; `None` when it cannot be one.
pub(crate) fn fold(loginnavn: &str) -> Option<String> {
    let navn = loginnavn.trim();
    let god = (3..=254).contains(&navn.len()) && navn.split('@').count() == 2;
    let god = god && !navn.starts_with('@') && !navn.ends_with('@');
    (god && !navn.chars().any(|c| c.is_whitespace() || c.is_control())).then(|| navn.to_lowercase())
}

impl Login {
    /// Enters with name and password. Somebody unknown takes as long as a wrong password.
    ///
    /// # Errors
    /// [`LoginFejl::Forkert`], [`LoginFejl::ForMange`], [`LoginFejl::Optaget`], [`LoginFejl::Intern`].
    pub async fn log_ind(
        &self,
        loginnavn: &str,
        adgangskode: &str,
        klient: &Klient,
    ) -> Result<Trin, LoginFejl> {
        self.maa_proeve(klient)?;
        let plads = self.hasher().plads()?;
        let konto = match fold(loginnavn) {
            Some(navn) => self.app().store().konto_ved_loginnavn(&navn).await?,
            None => None,
        };
        let bruger = konto.as_ref().map(|k| k.bruger);
        let (konto, foer) = match self.kan_proeve(konto).await? {
            Ok(par) => par,
            Err(aarsag) => {
                // As much work as with an attempt that is counted.
                let nu = self.app().now();
                self.app().store().engangs(&[self.app().tilfaeldige()], nu, nu).await?;
                self.hasher().passer(&plads, adgangskode, None).await?;
                return Err(self.afvis(bruger, aarsag, None, klient).await?);
            }
        };
        let hash = konto.adgangskode.clone().unwrap_or_default();
        if !self.hasher().passer(&plads, adgangskode, Some(&hash)).await? {
            return Err(self.afvis(bruger, "forkert adgangskode", Some(foer), klient).await?);
        }
        self.fortryd(konto.bruger, foer).await?;
        if foraeldet(&hash) {
            let ny = self.hasher().hash(&plads, adgangskode, self.app().tilfaeldige()).await?;
            let skridt = Loginskridt::Rehash { bruger: konto.bruger, foer: hash, hash: ny };
            self.app().store().skriv_login(vec![skridt], vec![]).await?;
        }
        let vist = Vist {
            bruger: konto.bruger,
            generation: konto.generation,
            amr: "pwd".to_owned(),
            token: None,
            session: None,
        };
        self.efter_adgangskode(vist, klient).await
    }

    /// Counts the attempt, if the account has a password that may be tried; else why not.
    async fn kan_proeve(
        &self,
        konto: Option<Konto>,
    ) -> Result<Result<(Konto, u32), &'static str>, LoginFejl> {
        let Some(konto) = konto else { return Ok(Err("ukendt bruger")) };
        if konto.tilstand == Kontotilstand::Spaerret {
            return Ok(Err("spærret"));
        }
        if konto.adgangskode.is_none() {
            return Ok(Err("uden adgangskode"));
        }
        Ok(self.forsoeg(konto.clone()).await?.map(|foer| (konto, foer)).ok_or("venter"))
    }

    /// What is missing after a password.
    pub(crate) async fn efter_adgangskode(&self, vist: Vist, klient: &Klient) -> Result<Trin, LoginFejl> {
        let faktorer = self.app().store().faktorer(vist.bruger).await?;
        if !faktorer.is_empty() {
            return Ok(Trin::AndenFaktor(self.udfordring(Billet::AndenFaktor(vist), &faktorer, klient)));
        }
        if self.config().kun_adgangskode {
            return self.ny_session(&vist, vec![], None, klient).await.map(Trin::Faerdig);
        }
        Ok(Trin::Tilmeld(self.udfordring(Billet::Tilmeld(vist), &faktorer, klient)))
    }

    pub(crate) fn udfordring(&self, billet: Billet, faktorer: &[Faktor], klient: &Klient) -> Udfordring {
        let har = |art| faktorer.iter().any(|f| f.art == art);
        Udfordring {
            billet: self.udsted(billet, klient),
            totp: har(Faktorart::Totp),
            passkey: har(Faktorart::Passkey),
            udloeber: self.om(crate::billet::SEKUNDER),
        }
    }

    /// Enters with a code, after the password.
    ///
    /// # Errors
    /// [`LoginFejl::Udloebet`] and as [`Login::log_ind`].
    pub async fn bekraeft_totp(
        &self,
        billet: &str,
        kode: &str,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        let Billet::AndenFaktor(vist) = self.laes(billet, klient)? else { return Err(LoginFejl::Udloebet) };
        let konto = self.uaendret(vist.bruger, vist.generation).await?;
        let (brugt, foer) = self.proev_kode(konto, kode, klient).await?;
        let vist = Vist { amr: format!("{} otp", vist.amr), ..vist };
        match self.ny_session(&vist, vec![brugt], None, klient).await {
            // Another was faster with the same code.
            Err(LoginFejl::Udloebet) => {
                Err(self.afvis(Some(vist.bruger), "koden er brugt", Some(foer), klient).await?)
            }
            andet => andet,
        }
    }

    /// Counts and judges a code. Gives what must be written when it counts, and the attempts before it.
    pub(crate) async fn proev_kode(
        &self,
        konto: Konto,
        kode: &str,
        klient: &Klient,
    ) -> Result<(Loginskridt, u32), LoginFejl> {
        self.maa_proeve(klient)?;
        let bruger = konto.bruger;
        let Some(foer) = self.forsoeg(konto).await? else {
            return Err(self.afvis(Some(bruger), "venter", None, klient).await?);
        };
        let nu = self.app().now();
        for faktor in self.app().store().faktorer(bruger).await? {
            let Some(hemmelig) = self.totp_hemmelig(&faktor) else { continue };
            if let Some(taeller) = totp::passer(&hemmelig, kode, nu, faktor.taeller) {
                return Ok((Loginskridt::FaktorBrugt { id: faktor.id, taeller, nu }, foer));
            }
        }
        Err(self.afvis(Some(bruger), "forkert kode", Some(foer), klient).await?)
    }

    /// The secret of a TOTP factor; `None` for others, and for what no key of ours opens.
    fn totp_hemmelig(&self, faktor: &Faktor) -> Option<Vec<u8>> {
        if faktor.art != Faktorart::Totp {
            return None;
        }
        let hemmelig = self.noegle().aabn(Brug::Hvile, faktor.bruger.as_bytes(), &faktor.data);
        if hemmelig.is_none() {
            tracing::error!(faktor = %faktor.id, "en TOTP-hemmelighed kan ikke åbnes med loginnøglen");
        }
        hemmelig
    }

    /// Begins a session for who has shown enough; records what happened before it, if anything. [`LoginFejl::Udloebet`] when
    /// something was not as demanded.
    pub(crate) async fn ny_session(
        &self,
        vist: &Vist,
        ekstra: Vec<Loginskridt>,
        foer: Option<Loginhaendelse>,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        self.begynd(self.post(vist, klient), vist, ekstra, foer, klient).await
    }

    /// A session of somebody who has shown now who he is.
    pub(crate) fn post(&self, vist: &Vist, klient: &Klient) -> Loginsession {
        let nu = self.app().now();
        Loginsession {
            id: self.app().new_uuid(),
            bruger: vist.bruger,
            oprettet: nu,
            sidst: nu,
            udloeber: self.om(i64::from(self.config().session_timer) * 3600),
            bekraeftet: nu,
            adresse: klient.adressetekst(),
            agent: klient.agent.clone(),
            amr: vist.amr.clone(),
            handler_som: None,
        }
    }

    /// Begins this session, as [`Login::ny_session`] does.
    pub(crate) async fn begynd(
        &self,
        post: Loginsession,
        vist: &Vist,
        ekstra: Vec<Loginskridt>,
        foer: Option<Loginhaendelse>,
        klient: &Klient,
    ) -> Result<NySession, LoginFejl> {
        let nu = self.app().now();
        let token: [u8; 32] = self.app().tilfaeldige();
        let (token, noegle) = crate::session::token(&token);
        let Vist { bruger, generation, .. } = *vist;
        let mut skridt = vec![Loginskridt::Indlogget { bruger, generation, nu }];
        skridt.extend(vist.token.map(|token| Loginskridt::BrugToken(token, nu)));
        skridt.extend(ekstra);
        skridt.push(Loginskridt::NySession(noegle, post.clone()));
        let haendelse = Loginhaendelse {
            resultat: vist.amr.clone(),
            session: Some(post.id),
            ..self.haendelse(Slags::Login, Some(bruger), klient)
        };
        let haendelser = foer.into_iter().chain([haendelse]).collect();
        if !self.app().store().skriv_login(skridt, haendelser).await? {
            return Err(LoginFejl::Udloebet);
        }
        Ok(NySession { session: crate::Session::ny(post, &token), token: Hemmelig(token) })
    }

    /// Whether an account waits after failures, and until when; for an administrator.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`], [`LoginFejl::Intern`].
    pub async fn venter(&self, bruger: Uuid) -> Result<Option<Instant>, LoginFejl> {
        Ok(crate::forsoeg::venter(&self.kraev_konto(bruger).await?, self.app().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn names_are_folded_or_cannot_be() {
        assert_eq!(fold(" Grete@KORSBÆK.example ").as_deref(), Some("grete@korsbæk.example"));
        for daarlig in ["", "grete", "@x", "x@", "a@b@c", "a b@c", "a\n@b", &format!("{}@b", "a".repeat(254))]
        {
            assert_eq!(fold(daarlig), None, "{daarlig}");
        }
    }
}
