//! importer: complete states under the caller's own UUID, for a new object or one out of use.

use super::godkend;
use crate::catalog::ObjektType;
use crate::fejl::Fejl;
use crate::model::{Livscyklus, Registrering};
use crate::operation::{SendtRegistrering, Udfoerelse};
use crate::validering;
use bitemporal::Instant;

/// How far a caller's clock may be ahead of ours, in microseconds: five minutes.
const SKEW_MICROS: i64 = 5 * 60 * 1_000_000;

/// The registreringer to record, ascending. All are checked before any is returned.
///
/// # Errors
/// [`Fejl::Konflikt`] on a live object; [`Fejl::Registreringstid`] for a time in the future, or not after what is
/// recorded; [`Fejl::Ugyldig`] when nothing is sent or two have the same time; the rule the content breaks.
pub fn importer(
    typ: &'static ObjektType,
    foer: Option<&Registrering>,
    sendt: Vec<SendtRegistrering>,
    u: &Udfoerelse,
) -> Result<Vec<Registrering>, Fejl> {
    if foer.is_some_and(|r| r.livscyklus.is_live()) {
        return Err(Fejl::Konflikt("Objektet findes allerede".into()));
    }
    if sendt.is_empty() {
        return Err(Fejl::ugyldig("Registrering", "mindst én skal være med"));
    }
    let mut nye = Vec::with_capacity(sendt.len());
    for registrering in sendt {
        validering::hoved(registrering.note.as_deref(), registrering.bruger_ref.as_ref())?;
        nye.push(Registrering {
            tidspunkt: tidspunkt(registrering.tidspunkt, foer, u)?,
            livscyklus: Livscyklus::Importeret,
            bruger_ref: Some(registrering.bruger_ref.unwrap_or_else(|| u.bruger_ref.clone())),
            note: registrering.note.or_else(|| u.note.clone()),
            indhold: godkend(typ, registrering.indhold, u)?,
        });
    }
    nye.sort_by_key(|r| r.tidspunkt);
    if nye.windows(2).any(|pair| pair[0].tidspunkt == pair[1].tidspunkt) {
        return Err(Fejl::ugyldig("Tidspunkt", "to registreringer har samme tidspunkt"));
    }
    Ok(nye)
}

fn tidspunkt(sendt: Option<Instant>, foer: Option<&Registrering>, u: &Udfoerelse) -> Result<Instant, Fejl> {
    // A time slightly ahead means now, as no time does: never refused for what was recorded a moment ago.
    let nu = foer.map_or(u.nu, |r| u.nu.max(r.tidspunkt.next()));
    let Some(sendt) = sendt else { return Ok(nu) };
    if sendt.micros() > u.nu.micros().saturating_add(SKEW_MICROS) {
        return Err(Fejl::Registreringstid("Registreringstidspunkt ligger i fremtiden".into()));
    }
    if sendt > u.nu {
        return Ok(nu);
    }
    if foer.is_some_and(|r| sendt <= r.tidspunkt) {
        return Err(Fejl::Registreringstid(
            "Registreringstidspunkt ligger ikke efter objektets seneste".into(),
        ));
    }
    Ok(sendt)
}
