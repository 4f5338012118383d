//! ret: merge a change into the current registrering.

use super::flet::{egenskaber, relationer, tilstande};
use super::{UDE_AF_BRUG, godkend, naeste};
use crate::catalog::ObjektType;
use crate::fejl::Fejl;
use crate::model::{Indhold, LokalUdvidelse, Registrering};
use crate::operation::{Aendring, Udfoerelse};
use crate::validering::{normaliser, validate};

/// The next registrering, or `None` when the change leaves everything as it is.
///
/// A list that is absent or empty leaves that part unchanged.
///
/// # Errors
/// [`Fejl::Konflikt`] when the object is not live; the rule that the change, or the content after it, breaks.
pub fn ret(
    typ: &'static ObjektType,
    foer: &Registrering,
    aendring: &Aendring,
    u: &Udfoerelse,
) -> Result<Option<Registrering>, Fejl> {
    if !foer.livscyklus.is_live() {
        return Err(Fejl::Konflikt(UDE_AF_BRUG.into()));
    }
    let sendt = sendt(typ, aendring)?;
    let gammel = &foer.indhold;
    let indhold = Indhold {
        egenskaber: egenskaber(&gammel.egenskaber, &sendt.egenskaber),
        tilstande: tilstande(&gammel.tilstande, &sendt.tilstande),
        relationer: relationer(typ, &gammel.relationer, &sendt.relationer, u.nu),
        lokal: LokalUdvidelse {
            attributter: sendt.lokal.attributter.or_else(|| gammel.lokal.attributter.clone()),
            tilstande: sendt.lokal.tilstande.or_else(|| gammel.lokal.tilstande.clone()),
            relationer: sendt.lokal.relationer.or_else(|| gammel.lokal.relationer.clone()),
        },
    };
    let indhold = godkend(typ, indhold, u)?;
    Ok((indhold != *gammel).then(|| naeste(foer, foer.livscyklus, indhold, u)))
}

/// What was sent, canonical and free of contradictions of its own.
fn sendt(typ: &'static ObjektType, aendring: &Aendring) -> Result<Indhold, Fejl> {
    let indhold = normaliser(
        typ,
        Indhold {
            egenskaber: aendring.egenskaber.clone().unwrap_or_default(),
            tilstande: aendring.tilstande.clone().unwrap_or_default(),
            relationer: aendring.relationer.clone().unwrap_or_default(),
            lokal: aendring.lokal.clone(),
        },
    )?;
    // Mandatory attributes are asked for in the result; what is sent may be any part of it.
    validate(typ, &indhold, crate::validering::Krav::Lempelig)?;
    Ok(indhold)
}
