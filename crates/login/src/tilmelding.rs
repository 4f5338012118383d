//! Getting something more to enter with, and losing it.

use crate::billet::{Billet, Vist};
use crate::krypt::Brug;
use crate::login::Login;
use crate::{Aktoer, Hemmelig, Klient, LoginFejl, Loginhaendelse, NySession, Session, Slags, totp};
use bitemporal::Instant;
use store::{Faktor, Faktorart, Konto, Loginskridt};
use uuid::Uuid;

/// Most factors of an account.
pub(crate) const FAKTORER_MAX: u64 = 10;
/// Most characters of the name of one.
const NAVN_MAX: usize = 60;

/// By what right somebody gets a new factor.
#[derive(Clone, Copy)]
pub enum Tilmelder<'t> {
    /// He was told to get one when he entered, or brought a token: the sealed ticket.
    Billet(&'t str),
    /// He is in, and has shown lately who he is.
    Session(&'t Session),
}

/// A TOTP secret, shown once.
#[derive(Debug)]
pub struct TotpTilmelding {
    /// Sealed; goes back with the first code.
    pub billet: Hemmelig,
    /// The secret as it is typed into an authenticator.
    pub hemmelig: Hemmelig,
    /// The secret as a link.
    pub uri: Hemmelig,
    /// The link as a picture, an SVG element.
    pub qr: Hemmelig,
}

/// A factor as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaktorVisning {
    /// Its id.
    pub id: Uuid,
    /// Whether it is a passkey, else a code by time.
    pub passkey: bool,
    /// What the user calls it.
    pub navn: String,
    /// When it was made.
    pub oprettet: Instant,
    /// When it was last used.
    pub brugt: Option<Instant>,
}

/// A name as it is kept.
pub(crate) fn navn(navn: &str, ellers: &str) -> String {
    let navn: String = navn.trim().chars().filter(|c| !c.is_control()).take(NAVN_MAX).collect();
    if navn.is_empty() { ellers.to_owned() } else { navn }
}

impl Login {
    /// What a user enters with beside the password.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn faktorer(&self, bruger: Uuid) -> Result<Vec<FaktorVisning>, LoginFejl> {
        let vis = |f: Faktor| FaktorVisning {
            id: f.id,
            passkey: f.art == Faktorart::Passkey,
            navn: f.navn,
            oprettet: f.oprettet,
            brugt: f.brugt,
        };
        Ok(self.app().store().faktorer(bruger).await?.into_iter().map(vis).collect())
    }

    /// Who gets a factor, and his account.
    pub(crate) async fn tilmelder(
        &self,
        hvem: Tilmelder<'_>,
        klient: &Klient,
    ) -> Result<(Vist, Konto), LoginFejl> {
        match hvem {
            Tilmelder::Billet(billet) => {
                let Billet::Tilmeld(vist) = self.laes(billet, klient)? else {
                    return Err(LoginFejl::Udloebet);
                };
                let konto = self.uaendret(vist.bruger, vist.generation).await?;
                Ok((vist, konto))
            }
            Tilmelder::Session(session) => {
                if !self.nylig_bekraeftet(session) {
                    return Err(LoginFejl::Bekraeft);
                }
                let konto = self.kraev_konto(session.bruger()).await?;
                let vist = Vist {
                    bruger: konto.bruger,
                    generation: konto.generation,
                    amr: session.post.amr.clone(),
                    token: None,
                    session: Some(session.post.id),
                };
                Ok((vist, konto))
            }
        }
    }

    /// Makes a TOTP secret and shows it. It counts when a code has shown that the user has it.
    ///
    /// # Errors
    /// [`LoginFejl::Udloebet`], [`LoginFejl::Bekraeft`], [`LoginFejl::Ugyldig`] before there is a password.
    pub async fn tilmeld_totp_start(
        &self,
        hvem: Tilmelder<'_>,
        klient: &Klient,
    ) -> Result<TotpTilmelding, LoginFejl> {
        let (vist, konto) = self.tilmelder(hvem, klient).await?;
        if konto.adgangskode.is_none() {
            return Err(LoginFejl::Ugyldig("Vælg en adgangskode først; koder bruges sammen med den."));
        }
        let hemmelig: [u8; totp::HEMMELIG] = self.app().tilfaeldige();
        let uri = totp::uri(&self.config().navn, &konto.loginnavn, &hemmelig);
        Ok(TotpTilmelding {
            billet: Hemmelig(self.udsted(Billet::Totp { vist, hemmelig }, klient)),
            hemmelig: Hemmelig(totp::base32(&hemmelig)),
            qr: Hemmelig(totp::qr(&uri).unwrap_or_default()),
            uri: Hemmelig(uri),
        })
    }

    /// Keeps the secret, when the code is right. Gives a session to who was not in yet.
    ///
    /// # Errors
    /// [`LoginFejl::Forkert`], [`LoginFejl::Udloebet`], [`LoginFejl::Intern`].
    pub async fn tilmeld_totp_slut(
        &self,
        billet: &str,
        kode: &str,
        navn: &str,
        klient: &Klient,
    ) -> Result<Option<NySession>, LoginFejl> {
        self.maa_proeve(klient)?;
        let Billet::Totp { vist, hemmelig } = self.laes(billet, klient)? else {
            return Err(LoginFejl::Udloebet);
        };
        let nu = self.app().now();
        // The secret is the user's own: nothing can be guessed here.
        let taeller = totp::passer(&hemmelig, kode, nu, 0).ok_or(LoginFejl::Ugyldig(
            "Koden er forkert. Se efter, at uret i din telefon går rigtigt, og prøv den næste kode.",
        ))?;
        let til = vist.bruger.as_bytes();
        let id = self.app().new_uuid();
        let faktor = Faktor {
            id,
            bruger: vist.bruger,
            art: Faktorart::Totp,
            navn: self::navn(navn, "Engangskoder"),
            // One secret is enrolled once, whoever sends the ticket again.
            noegle: crate::krypt::sha256(&hemmelig).to_vec(),
            data: self.noegle().forsegl(Brug::Hvile, til, self.app().tilfaeldige(), &hemmelig),
            taeller,
            oprettet: nu,
            brugt: Some(nu),
        };
        self.tilmeld(Vist { amr: format!("{} otp", vist.amr), ..vist }, faktor, klient).await
    }

    /// Keeps a factor and begins a session, unless there is one.
    pub(crate) async fn tilmeld(
        &self,
        vist: Vist,
        faktor: Faktor,
        klient: &Klient,
    ) -> Result<Option<NySession>, LoginFejl> {
        let (bruger, generation) = (vist.bruger, vist.generation);
        let resultat = if faktor.art == Faktorart::Totp { "engangskoder" } else { "adgangsnøgle" };
        let haendelse = Loginhaendelse {
            resultat: resultat.to_owned(),
            session: vist.session,
            ..self.haendelse(Slags::Tilmeldt, Some(bruger), klient)
        };
        if let Some(session) = vist.session {
            let skridt = vec![
                Loginskridt::Uaendret { bruger, generation },
                Loginskridt::HarSession(bruger, session),
                Loginskridt::NyFaktor(faktor, FAKTORER_MAX),
            ];
            self.skriv(skridt, haendelse, LoginFejl::Udloebet).await?;
            return Ok(None);
        }
        // Nobody who is not in adds to what others enter with: it must be the first.
        let skridt = vec![Loginskridt::NyFaktor(faktor, 1)];
        self.ny_session(&vist, skridt, Some(haendelse), klient).await.map(Some)
    }

    /// Takes a factor from a user. The last one stays, unless he can enter without.
    ///
    /// # Errors
    /// [`LoginFejl::Ukendt`], [`LoginFejl::Ugyldig`] for the last one; [`LoginFejl::Intern`].
    pub async fn fjern_faktor(&self, bruger: Uuid, faktor: Uuid, af: &Aktoer<'_>) -> Result<(), LoginFejl> {
        let konto = self.kraev_konto(bruger).await?;
        let andre = self.app().store().faktorer(bruger).await?.into_iter().filter(|f| f.id != faktor);
        let andre: Vec<_> = andre.collect();
        let med_kode = konto.adgangskode.is_some();
        let kan = andre.iter().any(|f| f.art == Faktorart::Passkey || med_kode)
            || (self.config().kun_adgangskode && med_kode)
            || !self.egne_udbydere(bruger).await?.is_empty();
        if !kan {
            return Err(LoginFejl::Ugyldig(
                "Det er det sidste, du kan logge ind med. Tilmeld en anden, før du fjerner den.",
            ));
        }
        // A new generation, so that of two that are taken at the same moment one stays.
        let skridt = vec![
            Loginskridt::NyGeneration { bruger, generation: konto.generation },
            Loginskridt::FjernFaktor(bruger, faktor),
        ];
        self.skriv(skridt, self.af(Slags::Fjernet, bruger, af), LoginFejl::Ukendt).await
    }
}
