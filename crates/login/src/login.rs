//! [`Login`]: what every step starts from.

use crate::adgangskode::Hasher;
use crate::begraenser::Begraenser;
use crate::oidc::hent::Oidc;
use crate::{LoginFejl, Loginconfig, Loginhaendelse, Loginnoegle};
use app::App;
use bitemporal::Instant;
use std::sync::Arc;
use store::{Konto, Kontotilstand};
use uuid::Uuid;

/// Events that are forgotten at a time.
const GLEM: u64 = 1_000;

/// Login of users. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Login(Arc<Dele>);

struct Dele {
    app: App,
    noegle: Loginnoegle,
    config: Loginconfig,
    hasher: Hasher,
    begraenser: Begraenser,
    oidc: Oidc,
}

impl Login {
    /// Login with this key and these settings. Computes a hash, which takes a moment.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub fn new(app: App, noegle: Loginnoegle, config: Loginconfig) -> Result<Self, LoginFejl> {
        Self::med_klient(app, noegle, config, reqwest::Client::builder())
    }

    /// The same with a client of HTTP that trusts other issuers, for identity providers.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub fn med_klient(
        app: App,
        noegle: Loginnoegle,
        config: Loginconfig,
        klient: reqwest::ClientBuilder,
    ) -> Result<Self, LoginFejl> {
        config.kontroller().map_err(LoginFejl::intern)?;
        let hasher = Hasher::ny(app.tilfaeldige())?;
        let oidc = Oidc::ny(klient).map_err(LoginFejl::intern)?;
        Ok(Self(Arc::new(Dele { app, noegle, config, hasher, begraenser: Begraenser::default(), oidc })))
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Loginconfig {
        &self.0.config
    }

    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    pub(crate) fn noegle(&self) -> &Loginnoegle {
        &self.0.noegle
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    pub(crate) fn begraenser(&self) -> &Begraenser {
        &self.0.begraenser
    }

    pub(crate) fn oidc(&self) -> &Oidc {
        &self.0.oidc
    }

    /// So many seconds from now.
    pub(crate) fn om(&self, sekunder: i64) -> Instant {
        Instant::from_micros(self.app().now().micros().saturating_add(sekunder.saturating_mul(1_000_000)))
    }

    /// The account of a user; [`LoginFejl::Ukendt`] without one.
    pub(crate) async fn kraev_konto(&self, bruger: Uuid) -> Result<Konto, LoginFejl> {
        self.app().store().konto(bruger).await?.ok_or(LoginFejl::Ukendt)
    }

    /// The account of something that was begun, if nothing has changed since.
    pub(crate) async fn uaendret(&self, bruger: Uuid, generation: i64) -> Result<Konto, LoginFejl> {
        let konto = self.app().store().konto(bruger).await?;
        konto
            .filter(|k| k.generation == generation && k.tilstand != Kontotilstand::Spaerret)
            .ok_or(LoginFejl::Udloebet)
    }

    /// Writes, or says `ellers` when something was not as demanded.
    pub(crate) async fn skriv(
        &self,
        skridt: Vec<store::Loginskridt>,
        haendelse: Loginhaendelse,
        ellers: LoginFejl,
    ) -> Result<(), LoginFejl> {
        if self.app().store().skriv_login(skridt, vec![haendelse]).await? { Ok(()) } else { Err(ellers) }
    }

    /// What happened, for the log: of one user or all, the latest first.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn haendelser(
        &self,
        bruger: Option<Uuid>,
        fra: Instant,
        til: Instant,
        antal: u64,
    ) -> Result<Vec<Loginhaendelse>, LoginFejl> {
        Ok(self.app().store().loginhaendelser(bruger, fra, til, antal).await?)
    }

    /// Forgets what has expired, and what happened longer ago than the settings say; for now and then. Gives how much.
    ///
    /// # Errors
    /// [`LoginFejl::Intern`].
    pub async fn ryd(&self) -> Result<u64, LoginFejl> {
        let (store, nu) = (self.app().store(), self.app().now());
        let mut ryddet = store.ryd_login(nu).await?;
        let maaneder = jiff::Span::new().months(self.config().haendelser_maaneder);
        let graense = oio::tid::zoned(nu).and_then(|z| z.checked_sub(maaneder).ok());
        let Some(graense) = graense else { return Ok(ryddet) };
        let graense = Instant::from_micros(graense.timestamp().as_microsecond());
        loop {
            let glemt = store.glem_loginhaendelser(graense, GLEM).await?;
            ryddet += glemt;
            if glemt < GLEM {
                return Ok(ryddet);
            }
        }
    }
}
