//! Sessions: begun, used, listed and ended.

use crate::krypt::sha256;
use crate::login::Login;
use crate::{Aktoer, Hemmelig, Klient, LoginFejl, Loginhaendelse, Slags};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use oio::Cvr;
use store::{Loginsession, Loginskridt};
use uuid::Uuid;

/// How often it is noted that a session is used.
const SIDST: i64 = 60 * 1_000_000;

/// A session in use.
#[derive(Debug, Clone)]
pub struct Session {
    /// What is kept of it.
    pub post: Loginsession,
    csrf: Hemmelig,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct NySession {
    /// The value of the cookie; kept nowhere here.
    pub token: Hemmelig,
    /// The session.
    pub session: Session,
}

/// A token as it is written, and the key it is kept under.
pub(crate) fn token(bytes: &[u8; 32]) -> (String, [u8; 32]) {
    (URL_SAFE_NO_PAD.encode(bytes), sha256(bytes))
}

/// The key of a written token; `None` when it cannot be one.
pub(crate) fn noegle(token: &str) -> Option<[u8; 32]> {
    // 32 bytes are 43 characters.
    let bytes = if token.len() == 43 { URL_SAFE_NO_PAD.decode(token).ok()? } else { return None };
    Some(sha256(&bytes))
}

impl Session {
    pub(crate) fn ny(post: Loginsession, token: &str) -> Self {
        // From the token, which is not stored: who reads the database cannot make it.
        let csrf = sign(&Key::new(HMAC_SHA256, token.as_bytes()), b"csrf");
        Self { post, csrf: Hemmelig(URL_SAFE_NO_PAD.encode(csrf)) }
    }

    /// Whose it is.
    #[must_use]
    pub fn bruger(&self) -> Uuid {
        self.post.bruger
    }

    /// What every form of the session must send along.
    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.csrf.0
    }

    /// Whether a form sent it.
    #[must_use]
    pub fn csrf_er(&self, sendt: &str) -> bool {
        verify_slices_are_equal(self.csrf.0.as_bytes(), sendt.as_bytes()).is_ok()
    }
}

impl Login {
    /// The session of a cookie; `None` when there is none, or it has been unused or alive for too long. One indexed read.
    ///
    /// # Errors
    /// [`LoginFejl::Optaget`], [`LoginFejl::Intern`].
    pub async fn session(&self, token: &str) -> Result<Option<Session>, LoginFejl> {
        let Some(noegle) = noegle(token) else { return Ok(None) };
        let Some(mut post) = self.app().store().loginsession(&noegle).await? else { return Ok(None) };
        let nu = self.app().now();
        if !self.lever(&post, nu) {
            return Ok(None);
        }
        if nu.micros() - post.sidst.micros() >= SIDST {
            self.app().store().loginsession_set(post.id, nu).await?;
            post.sidst = nu;
        }
        Ok(Some(Session::ny(post, token)))
    }

    /// Whether a session has not ended by itself.
    fn lever(&self, post: &Loginsession, nu: Instant) -> bool {
        let hvile = i64::from(self.config().hvile_minutter) * 60 * 1_000_000;
        nu < post.udloeber && nu.micros() - post.sidst.micros() < hvile
    }

    /// The sessions of a user that have not ended, the last used first.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn sessioner(&self, bruger: Uuid) -> Result<Vec<Loginsession>, LoginFejl> {
        let nu = self.app().now();
        let mut alle = self.app().store().loginsessioner(bruger).await?;
        alle.retain(|post| self.lever(post, nu));
        Ok(alle)
    }

    /// Ends the session at hand.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn log_ud(&self, session: &Session, klient: &Klient) -> Result<(), LoginFejl> {
        let haendelse = self.af_session(Slags::LogUd, session, klient);
        let skridt = vec![Loginskridt::FjernSession(session.bruger(), session.post.id)];
        // It may have ended in another way; then it has ended.
        self.app().store().skriv_login(skridt, vec![haendelse]).await?;
        Ok(())
    }

    /// Ends one session of a user.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`] when he has no such session; [`LoginFejl::Intern`].
    pub async fn tilbagekald(&self, bruger: Uuid, session: Uuid, af: &Aktoer<'_>) -> Result<(), LoginFejl> {
        let haendelse = Loginhaendelse { session: Some(session), ..self.af(Slags::Tilbagekaldt, bruger, af) };
        self.skriv(vec![Loginskridt::FjernSession(bruger, session)], haendelse, LoginFejl::Ukendt).await
    }

    /// Ends all sessions of a user, but perhaps one.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn tilbagekald_alle(
        &self,
        bruger: Uuid,
        undtagen: Option<Uuid>,
        af: &Aktoer<'_>,
    ) -> Result<(), LoginFejl> {
        let haendelse =
            Loginhaendelse { resultat: "alle".to_owned(), ..self.af(Slags::Tilbagekaldt, bruger, af) };
        self.skriv(vec![Loginskridt::FjernSessioner(bruger, undtagen)], haendelse, LoginFejl::Ukendt).await
    }

    /// Lets the user act for a party from now on. Whether he may is the caller's to know.
    ///
    /// # Errors
    /// [`LoginFejl::Udloebet`] when the session has ended; [`LoginFejl::Intern`].
    pub async fn saet_handler_som(
        &self,
        session: &Session,
        part: Option<Cvr>,
        klient: &Klient,
    ) -> Result<(), LoginFejl> {
        let resultat = part.map_or_else(|| "sig selv".to_owned(), |cvr| cvr.to_string());
        let haendelse = Loginhaendelse { resultat, ..self.af_session(Slags::HandlerSom, session, klient) };
        self.skriv(vec![Loginskridt::HandlerSom(session.post.id, part)], haendelse, LoginFejl::Udloebet).await
    }

    /// Whether the user has shown lately who he is; before dangerous acts.
    #[must_use]
    pub fn nylig_bekraeftet(&self, session: &Session) -> bool {
        let graense = i64::from(self.config().bekraeftet_minutter) * 60 * 1_000_000;
        self.app().now().micros() - session.post.bekraeftet.micros() < graense
    }

    /// The user shows again who he is, with a code.
    ///
    /// # Errors
    /// [`LoginFejl::Forkert`], [`LoginFejl::ForMange`], [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn bekraeft_igen_totp(
        &self,
        session: &Session,
        kode: &str,
        klient: &Klient,
    ) -> Result<(), LoginFejl> {
        let konto = self.kraev_konto(session.bruger()).await?;
        let (brugt, foer) = self.proev_kode(konto, kode, klient).await?;
        self.bekraeft_igen(session.post.id, session.bruger(), vec![brugt], "otp", klient).await?;
        self.fortryd(session.bruger(), foer).await
    }

    /// The user shows again who he is, with his password: in installations where that is enough to enter.
    ///
    /// # Errors
    /// [`LoginFejl::Bekraeft`] where it is not enough, and as [`Login::bekraeft_igen_totp`].
    pub async fn bekraeft_igen_adgangskode(
        &self,
        session: &Session,
        adgangskode: &str,
        klient: &Klient,
    ) -> Result<(), LoginFejl> {
        if !self.config().kun_adgangskode {
            return Err(LoginFejl::Bekraeft);
        }
        let plads = self.hasher().plads()?;
        let foer = self.proev_egen_adgangskode(&plads, session.bruger(), adgangskode, klient).await?;
        self.bekraeft_igen(session.post.id, session.bruger(), vec![], "pwd", klient).await?;
        self.fortryd(session.bruger(), foer).await
    }

    /// Notes that a user has shown again who he is.
    pub(crate) async fn bekraeft_igen(
        &self,
        session: Uuid,
        bruger: Uuid,
        mut skridt: Vec<Loginskridt>,
        hvordan: &str,
        klient: &Klient,
    ) -> Result<(), LoginFejl> {
        skridt.push(Loginskridt::Bekraeftet(session, self.app().now()));
        let haendelse = Loginhaendelse {
            session: Some(session),
            resultat: hvordan.to_owned(),
            ..self.haendelse(Slags::Bekraeftet, Some(bruger), klient)
        };
        self.skriv(skridt, haendelse, LoginFejl::Udloebet).await
    }

    /// An event in a session.
    pub(crate) fn af_session(&self, slags: Slags, session: &Session, klient: &Klient) -> Loginhaendelse {
        Loginhaendelse {
            session: Some(session.post.id),
            ..self.haendelse(slags, Some(session.bruger()), klient)
        }
    }

    /// An event that somebody else may have brought about.
    pub(crate) fn af(&self, slags: Slags, bruger: Uuid, af: &Aktoer<'_>) -> Loginhaendelse {
        Loginhaendelse { af: af.bruger, ..self.haendelse(slags, Some(bruger), af.klient) }
    }
}
