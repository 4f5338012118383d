//! passiver and slet: the ends of an object's life.

use super::{UDE_AF_BRUG, naeste};
use crate::fejl::Fejl;
use crate::ids::ObjektId;
use crate::model::{Indhold, Livscyklus, Registrering};
use crate::operation::Udfoerelse;
use crate::validering::hoved;

/// Takes an object out of use, keeping its content; nothing when it already is.
///
/// # Errors
/// [`Fejl::Konflikt`] when it is deleted; [`Fejl::Ugyldig`] when the note is too long.
pub fn passiver(foer: &Registrering, u: &Udfoerelse) -> Result<Option<Registrering>, Fejl> {
    hoved(u.note.as_deref(), None)?;
    match foer.livscyklus {
        Livscyklus::Opstaaet | Livscyklus::Importeret => {
            Ok(Some(naeste(foer, Livscyklus::Passiveret, foer.indhold.clone(), u)))
        }
        Livscyklus::Passiveret => Ok(None),
        Livscyklus::Slettet => Err(Fejl::Konflikt(UDE_AF_BRUG.into())),
    }
}

/// Deletes an object logically: the new registrering is empty, the earlier ones stay.
///
/// # Errors
/// [`Fejl::Ukendt`] when it is deleted already; [`Fejl::Ugyldig`] when the note is too long.
pub fn slet(objekt: ObjektId, foer: &Registrering, u: &Udfoerelse) -> Result<Registrering, Fejl> {
    hoved(u.note.as_deref(), None)?;
    match foer.livscyklus {
        Livscyklus::Opstaaet | Livscyklus::Importeret | Livscyklus::Passiveret => {
            Ok(naeste(foer, Livscyklus::Slettet, Indhold::default(), u))
        }
        Livscyklus::Slettet => Err(Fejl::Ukendt(objekt)),
    }
}
