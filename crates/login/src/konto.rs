//! Accounts: made, invited, blocked, reset, and their passwords.

use crate::adgangskode::Plads;
use crate::billet::{Billet, Vist};
use crate::indgang::fold;
use crate::login::Login;
use crate::session::{noegle, token};
use crate::{Aktoer, Hemmelig, Klient, LoginFejl, Loginhaendelse, Session, Slags, Trin, Udfordring, regler};
use bitemporal::Instant;
use store::{Konto, Loginskridt, Logintoken, Tokenformaal};
use uuid::Uuid;

/// A token to hand to a user, once.
#[derive(Debug)]
pub struct Engangstoken {
    /// What goes into the link.
    pub token: Hemmelig,
    /// Until when it is good.
    pub udloeber: Instant,
}

/// A token that was shown and is good.
#[derive(Debug)]
pub struct Indloest {
    /// Whose account it opens.
    pub loginnavn: String,
    /// Whose it is.
    pub bruger: Uuid,
    /// What it is for.
    pub formaal: Tokenformaal,
    /// What to send along when the user chooses what to enter with. The token is used up by that, not before.
    pub udfordring: Udfordring,
}

impl Login {
    /// Makes the account of a user. Nobody can enter it until he is invited.
    ///
    /// # Errors
    /// [`LoginFejl::Findes`], [`LoginFejl::Ugyldig`], [`LoginFejl::Intern`].
    pub async fn opret_konto(&self, bruger: Uuid, loginnavn: &str, af: &Aktoer<'_>) -> Result<(), LoginFejl> {
        let loginnavn =
            fold(loginnavn).ok_or(LoginFejl::Ugyldig("Loginnavnet skal være en e-mailadresse."))?;
        let skridt = Loginskridt::Opret { bruger, loginnavn, nu: self.app().now() };
        self.skriv(vec![skridt], self.af(Slags::Oprettet, bruger, af), LoginFejl::Findes).await
    }

    /// Gives an account another name.
    ///
    /// # Errors
    /// As [`Login::opret_konto`].
    pub async fn omdoeb(&self, bruger: Uuid, loginnavn: &str, af: &Aktoer<'_>) -> Result<(), LoginFejl> {
        let loginnavn =
            fold(loginnavn).ok_or(LoginFejl::Ugyldig("Loginnavnet skal være en e-mailadresse."))?;
        let skridt = Loginskridt::Omdoeb { bruger, loginnavn };
        self.skriv(vec![skridt], self.af(Slags::Omdoebt, bruger, af), LoginFejl::Findes).await
    }

    /// The account of a user, as an administrator sees it.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn konto(&self, bruger: Uuid) -> Result<Option<Konto>, LoginFejl> {
        Ok(self.app().store().konto(bruger).await?)
    }

    /// The accounts of those of these users that have one, by UUID.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn konti(&self, brugere: &[Uuid]) -> Result<Vec<Konto>, LoginFejl> {
        Ok(self.app().store().konti(brugere).await?)
    }

    /// Invites a user, instead of any invitation before.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`] without an account, or when it is blocked; [`LoginFejl::Intern`].
    pub async fn inviter(&self, bruger: Uuid, af: &Aktoer<'_>) -> Result<Engangstoken, LoginFejl> {
        let konto = self.kraev_konto(bruger).await?;
        let skridt = Loginskridt::Uaendret { bruger, generation: konto.generation };
        let sekunder = i64::from(self.config().invitation_dage) * 24 * 3600;
        let haendelse = self.af(Slags::Inviteret, bruger, af);
        self.udlever(bruger, Tokenformaal::Invitation, sekunder, vec![skridt], haendelse).await
    }

    /// Takes everything from an account that it is entered with, here and at identity providers, ends its sessions, and
    /// gives a token to begin anew with.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`], [`LoginFejl::Intern`].
    pub async fn nulstil(&self, bruger: Uuid, af: &Aktoer<'_>) -> Result<Engangstoken, LoginFejl> {
        let skridt = vec![
            Loginskridt::Nulstil(bruger),
            Loginskridt::FjernFaktorer(bruger),
            Loginskridt::FjernIdentiteter(bruger),
            Loginskridt::FjernSessioner(bruger, None),
        ];
        let sekunder = i64::from(self.config().gendannelse_timer) * 3600;
        let haendelse = self.af(Slags::Nulstillet, bruger, af);
        self.udlever(bruger, Tokenformaal::Gendannelse, sekunder, skridt, haendelse).await
    }

    async fn udlever(
        &self,
        bruger: Uuid,
        formaal: Tokenformaal,
        sekunder: i64,
        mut skridt: Vec<Loginskridt>,
        haendelse: Loginhaendelse,
    ) -> Result<Engangstoken, LoginFejl> {
        let (token, noegle) = token(&self.app().tilfaeldige());
        let udloeber = self.om(sekunder);
        skridt.push(Loginskridt::NytToken(noegle, Logintoken { bruger, formaal, udloeber }));
        self.skriv(skridt, haendelse, LoginFejl::Ukendt).await?;
        Ok(Engangstoken { token: Hemmelig(token), udloeber })
    }

    /// Blocks an account: its sessions end, and nobody enters.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`] when it is not there or is blocked; [`LoginFejl::Intern`].
    pub async fn spaer(&self, bruger: Uuid, af: &Aktoer<'_>) -> Result<(), LoginFejl> {
        let skridt = vec![
            Loginskridt::Spaer(bruger),
            Loginskridt::FjernSessioner(bruger, None),
            Loginskridt::FjernTokens(bruger),
        ];
        self.skriv(skridt, self.af(Slags::Spaerret, bruger, af), LoginFejl::Ukendt).await
    }

    /// Opens a blocked account again, with what it was entered with before.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`] when it is not there or is not blocked; [`LoginFejl::Intern`].
    pub async fn genaabn(&self, bruger: Uuid, af: &Aktoer<'_>) -> Result<(), LoginFejl> {
        let skridt = vec![Loginskridt::Genaabn(bruger)];
        self.skriv(skridt, self.af(Slags::Genaabnet, bruger, af), LoginFejl::Ukendt).await
    }

    /// Looks at a token that a user brings. It stays good until he has chosen what to enter with.
    ///
    /// # Errors
    /// [`LoginFejl::Token`], [`LoginFejl::ForMange`], [`LoginFejl::Intern`].
    pub async fn indloes(&self, token: &str, klient: &Klient) -> Result<Indloest, LoginFejl> {
        self.maa_proeve(klient)?;
        let noegle = noegle(token);
        let fundet = match &noegle {
            Some(noegle) => self.app().store().logintoken(noegle).await?,
            None => None,
        };
        let Some(fundet) = fundet.filter(|t| t.udloeber > self.app().now()) else {
            self.afvis(None, "ukendt link", None, klient).await?;
            return Err(LoginFejl::Token);
        };
        let konto = self.kraev_konto(fundet.bruger).await?;
        let konto = self.uaendret(konto.bruger, konto.generation).await.map_err(|_| LoginFejl::Token)?;
        let vist = Vist {
            bruger: konto.bruger,
            generation: konto.generation,
            amr: "token".to_owned(),
            token: noegle,
            session: None,
        };
        let udfordring = self.udfordring(Billet::Tilmeld(vist), &[], klient);
        Ok(Indloest { loginnavn: konto.loginnavn, bruger: konto.bruger, formaal: fundet.formaal, udfordring })
    }

    /// Chooses the password of an account that a token opened, and that belongs to somebody of this name; uses the token up.
    ///
    /// # Errors
    /// [`LoginFejl::Adgangskode`], [`LoginFejl::Token`], [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn saet_adgangskode(
        &self,
        billet: &str,
        adgangskode: &str,
        navn: &str,
        klient: &Klient,
    ) -> Result<Trin, LoginFejl> {
        let Billet::Tilmeld(vist) = self.laes(billet, klient)? else { return Err(LoginFejl::Udloebet) };
        let token = vist.token.ok_or(LoginFejl::Udloebet)?;
        let Konto { bruger, loginnavn, generation, .. } = self.uaendret(vist.bruger, vist.generation).await?;
        regler::kontroller(adgangskode, &loginnavn, navn)?;
        let plads = self.hasher().plads()?;
        let hash = self.hasher().hash(&plads, adgangskode, self.app().tilfaeldige()).await?;
        let skridt = vec![
            Loginskridt::Adgangskode { bruger, generation, hash },
            Loginskridt::BrugToken(token, self.app().now()),
            Loginskridt::FjernSessioner(bruger, None),
        ];
        let haendelse = self.haendelse(Slags::Adgangskode, Some(bruger), klient);
        self.skriv(skridt, haendelse, LoginFejl::Token).await?;
        let amr = "pwd".to_owned();
        let vist = Vist { bruger, generation: generation + 1, amr, token: None, session: None };
        self.efter_adgangskode(vist, klient).await
    }

    /// Changes the password of the user at hand, who has this name; his other sessions end.
    ///
    /// # Errors
    /// [`LoginFejl::Forkert`], [`LoginFejl::Adgangskode`], [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn skift_adgangskode(
        &self,
        session: &Session,
        gammel: &str,
        ny: &str,
        navn: &str,
        klient: &Klient,
    ) -> Result<(), LoginFejl> {
        let bruger = session.bruger();
        let Konto { loginnavn, generation, .. } = self.kraev_konto(bruger).await?;
        regler::kontroller(ny, &loginnavn, navn)?;
        let plads = self.hasher().plads()?;
        self.proev_egen_adgangskode(&plads, bruger, gammel, klient).await?;
        let hash = self.hasher().hash(&plads, ny, self.app().tilfaeldige()).await?;
        let skridt = vec![
            Loginskridt::Adgangskode { bruger, generation, hash },
            Loginskridt::FjernSessioner(bruger, Some(session.post.id)),
            Loginskridt::FjernTokens(bruger),
        ];
        self.skriv(skridt, self.af_session(Slags::Adgangskode, session, klient), LoginFejl::Udloebet).await
    }

    /// Counts and judges a password of the user at hand. Gives the attempts before.
    pub(crate) async fn proev_egen_adgangskode(
        &self,
        plads: &Plads<'_>,
        bruger: Uuid,
        adgangskode: &str,
        klient: &Klient,
    ) -> Result<u32, LoginFejl> {
        self.maa_proeve(klient)?;
        let konto = self.kraev_konto(bruger).await?;
        let hash = konto.adgangskode.clone();
        let Some(foer) = self.forsoeg(konto).await? else {
            return Err(self.afvis(Some(bruger), "venter", None, klient).await?);
        };
        if self.hasher().passer(plads, adgangskode, hash.as_deref()).await? {
            return Ok(foer);
        }
        Err(self.afvis(Some(bruger), "forkert adgangskode", Some(foer), klient).await?)
    }
}
