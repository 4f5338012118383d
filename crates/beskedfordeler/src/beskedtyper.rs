//! Which types of messages there are: the classes in use in Klassifikation, and those the settings name.

use crate::fejl::Fejl;
use adgang::Aarsag;
use app::App;
use bitemporal::Instant;
use identity::tid;
use oio::catalog::KLASSE;
use oio::model::{Registrering, TilstandKode};
use oio::{Cvr, ObjektId, krop};
use quick_cache::sync::Cache;
use std::time::Duration;
use uuid::Uuid;

/// How long what was found is trusted; another server may have written the class meanwhile.
const TRUSTED_FOR: Duration = Duration::from_secs(60);
/// Most types remembered.
const TYPER_MAX: usize = 10_000;

/// The types that are known to exist, or not to.
pub(crate) struct Beskedtyper {
    kendte: Cache<Uuid, (Instant, bool)>,
    /// One look-up at a time, in the order they came, so that messages of one sender keep theirs.
    opslag: tokio::sync::Mutex<()>,
}

impl Default for Beskedtyper {
    fn default() -> Self {
        Self { kendte: Cache::new(TYPER_MAX), opslag: tokio::sync::Mutex::default() }
    }
}

impl Beskedtyper {
    /// Whether messages of this type may be sent.
    pub(crate) async fn findes(&self, app: &App, beskedtype: Uuid) -> Result<bool, Fejl> {
        if app.config().besked.beskedtyper.contains(&beskedtype) {
            return Ok(true);
        }
        if let Some(findes) = self.kendt(app, beskedtype) {
            return Ok(findes);
        }
        // In the order they came also when many come at once.
        let _foran = tokio::task::unconstrained(self.opslag.lock()).await;
        if let Some(findes) = self.kendt(app, beskedtype) {
            return Ok(findes);
        }
        let adgang = app.system_adgang(Aarsag::Labels, Cvr::KOMBIT);
        let gemt = app.store().load(&adgang, KLASSE.name, ObjektId(beskedtype)).await?;
        let nu = app.now();
        let findes = match gemt {
            None => false,
            Some(gemt) => {
                let registrering = krop::decode(&gemt.krop).map_err(|fejl| Fejl::Intern(fejl.to_string()))?;
                i_brug(&registrering, nu)
            }
        };
        self.kendte.insert(beskedtype, (nu, findes));
        Ok(findes)
    }

    fn kendt(&self, app: &App, beskedtype: Uuid) -> Option<bool> {
        let nu = app.now();
        let (set, findes) = self.kendte.get(&beskedtype)?;
        (nu < tid::plus(set, TRUSTED_FOR)).then_some(findes)
    }
}

/// Whether a class is in use: live, and published as far as it says anything about that.
fn i_brug(registrering: &Registrering, nu: Instant) -> bool {
    let mut nutid =
        registrering.indhold.tilstande.iter().filter(|t| t.virkning.period.contains(nu)).peekable();
    let udgivet = nutid.peek().is_none() || nutid.any(|t| t.kode == TilstandKode::Publiceret);
    registrering.livscyklus.is_live() && udgivet
}
