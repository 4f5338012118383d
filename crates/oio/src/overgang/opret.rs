//! opret: the first registrering of an object whose UUID the server makes.

use super::godkend;
use crate::catalog::ObjektType;
use crate::fejl::Fejl;
use crate::model::{Indhold, Livscyklus, Registrering};
use crate::operation::Udfoerelse;

/// The first registrering.
///
/// # Errors
/// The rule the content breaks.
pub fn opret(typ: &'static ObjektType, indhold: Indhold, u: &Udfoerelse) -> Result<Registrering, Fejl> {
    Ok(Registrering {
        tidspunkt: u.nu,
        livscyklus: Livscyklus::Opstaaet,
        bruger_ref: Some(u.bruger_ref.clone()),
        note: u.note.clone(),
        indhold: godkend(typ, indhold, u)?,
    })
}
