//! `Kopiér`: a new draft that begins as a jobfunktionsrolle that is there. Nothing is stored until the form is.

use super::ret::{Vis, eget, ret_side, tom};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use administration::Jobfunktionsrolle;
use styring::{Styringsfejl, jobfunktionsroller};
use uuid::Uuid;

/// Longest name of a copy, in characters.
const NAVN_MAX: usize = 256;

/// The role a new one is a copy of, as the address or the form says.
pub(super) fn kopi_af(k: &Besoeg) -> Option<Uuid> {
    let kopieres = k.f.rute.sti.ends_with("/kopier");
    k.f.krop.som("kopi_af").or_else(|| k.f.uuid("id").ok().filter(|_| kopieres))
}

/// A draft of the same as a role of the authority: another name, no EntityId and no days.
fn kopi(k: &Besoeg, rolle: Jobfunktionsrolle) -> Jobfunktionsrolle {
    let navn = format!("Kopi af {}", rolle.navn).chars().take(NAVN_MAX).collect();
    Jobfunktionsrolle {
        navn,
        beskrivelse: rolle.beskrivelse,
        tilknytninger: rolle.tilknytninger,
        foelsom: rolle.foelsom,
        ..tom(k)
    }
}

/// What a new role begins with: nothing, or what the one it is a copy of is made of, with the names its values have there.
pub(super) async fn grund(k: &Besoeg) -> Result<Jobfunktionsrolle, Sidefejl> {
    let Some(uuid) = kopi_af(k) else { return Ok(tom(k)) };
    match jobfunktionsroller::hent(&k.t().app, &k.kald, uuid).await {
        Ok(gemt) if gemt.post.myndighed == k.kald.part() => {
            Ok(Jobfunktionsrolle { tilknytninger: gemt.post.tilknytninger, ..tom(k) })
        }
        // Gone meanwhile, or never the authority's: what the form says is what there is.
        Ok(_) | Err(Styringsfejl::Afvist(_)) => Ok(tom(k)),
        Err(fejl) => Err(fejl.into()),
    }
}

/// The form for a new one, filled from one that is there.
pub async fn vis(k: Besoeg) -> Svar {
    let rolle = kopi(&k, eget(&k).await?.post);
    side(&ret_side(&k, None, &rolle, Vis::Felter, Fejl::default()).await?)
}
