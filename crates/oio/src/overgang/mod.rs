//! The transitions: from what is recorded and what is sent to the next registrering. One file per operation.
//!
//! Which operation is open in which state of the life cycle:
//!
//! | | no object | Opstaaet, Importeret | Passiveret | Slettet |
//! |---|---|---|---|---|
//! | opret | Opstaaet | | | |
//! | importer | Importeret | conflict | Importeret | Importeret |
//! | ret | unknown | same code | conflict | conflict |
//! | passiver | unknown | Passiveret | nothing | conflict |
//! | slet | unknown | Slettet | Slettet | unknown |

mod flet;
mod importer;
mod livets_gang;
mod opret;
mod ret;

pub use importer::importer;
pub use livets_gang::{passiver, slet};
pub use opret::opret;
pub use ret::ret;

use crate::catalog::ObjektType;
use crate::fejl::Fejl;
use crate::model::{Indhold, Livscyklus, Registrering};
use crate::operation::Udfoerelse;
use crate::validering::{hoved, normaliser, validate};

/// What `ret` and `passiver` answer on an object that is not live.
const UDE_AF_BRUG: &str = "Objektet er passiveret eller slettet";

/// Canonical and valid content.
fn godkend(typ: &'static ObjektType, indhold: Indhold, u: &Udfoerelse) -> Result<Indhold, Fejl> {
    hoved(u.note.as_deref(), None)?;
    let indhold = normaliser(typ, indhold)?;
    validate(typ, &indhold, u.krav)?;
    Ok(indhold)
}

/// The next registrering of an object: strictly later than the one before, even if the clock stands still.
fn naeste(foer: &Registrering, livscyklus: Livscyklus, indhold: Indhold, u: &Udfoerelse) -> Registrering {
    Registrering {
        tidspunkt: u.nu.max(foer.tidspunkt.next()),
        livscyklus,
        bruger_ref: Some(u.bruger_ref.clone()),
        note: u.note.clone(),
        indhold,
    }
}

#[cfg(test)]
mod tests;
