//! The labels of classes that roles and types point to.

use adgang::Aarsag;
use app::{App, fejl};
use oio::catalog::{BRUGERVENDT_NOEGLE, KLASSE};
use oio::{Cvr, Fejl, ObjektId, krop};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Labels by class UUID, for one answer. A class that does not exist has none.
#[derive(Debug, Default)]
pub struct Opslag(HashMap<Uuid, Arc<str>>);

impl Opslag {
    /// The label of a class.
    #[must_use]
    pub fn get(&self, klasse: Uuid) -> Option<&str> {
        self.0.get(&klasse).map(AsRef::as_ref)
    }
}

/// Looks up the labels of these classes: their BrugervendtNoegle in effect now, whoever owns them.
///
/// # Errors
/// [`Fejl::Intern`].
pub async fn labels(app: &App, klasser: impl IntoIterator<Item = Uuid>) -> Result<Opslag, Fejl> {
    let mut opslag = Opslag::default();
    let mut ukendte = Vec::new();
    for uuid in klasser {
        let klasse = ObjektId(uuid);
        match app.labels().get(klasse) {
            Some(Some(label)) => {
                opslag.0.insert(uuid, label);
            }
            Some(None) => {}
            None if !ukendte.contains(&klasse) => ukendte.push(klasse),
            None => {}
        }
    }
    if ukendte.is_empty() {
        return Ok(opslag);
    }
    let adgang = app.system_adgang(Aarsag::Labels, Cvr::KOMBIT);
    let nu = app.now();
    let mut fundne: HashMap<ObjektId, Arc<str>> = HashMap::new();
    for gemt in app.store().load_many(&adgang, KLASSE.name, &ukendte).await.map_err(fejl)? {
        let registrering = krop::decode(&gemt.krop).map_err(Fejl::intern)?;
        let egenskab = registrering.indhold.egenskab_at(nu).or(registrering.indhold.egenskaber.last());
        if let Some(label) = egenskab.and_then(|e| e.tekst(BRUGERVENDT_NOEGLE.navn)) {
            fundne.insert(gemt.objekt, label.into());
        }
    }
    for klasse in ukendte {
        let label = fundne.remove(&klasse);
        app.labels().put(klasse, label.clone());
        if let Some(label) = label {
            opslag.0.insert(klasse.0, label);
        }
    }
    Ok(opslag)
}
