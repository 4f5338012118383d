//! Drafts as their supplier sees them, those without an authority yet included.

use super::kan_rettes;
use crate::{Kald, Styringsfejl};
use administration::{Aftaleversion, Emne, Handling, Modulfejl, Politik, Serviceaftale};
use uuid::Uuid;

/// The version of an agreement to correct.
fn aaben(aftale: &Serviceaftale) -> Option<&Aftaleversion> {
    aftale.versioner.iter().rfind(|v| kan_rettes(v))
}

/// What the party can correct and send, by number.
///
/// # Errors
///
pub fn kladder<'p>(
    kald: &Kald,
    politik: &'p Politik,
) -> Result<Vec<(&'p Serviceaftale, &'p Aftaleversion)>, Styringsfejl> {
    kald.kraev(Emne::Aftale, Handling::Opret)?;
    let egen = |a: &&Serviceaftale| politik.system(a.system).is_some_and(|s| s.leverandoer == kald.part());
    let alle = politik.data().aftaler.iter().filter(egen);
    let mut ud: Vec<_> = alle.filter_map(|a| Some((a, aaben(a)?))).collect();
    ud.sort_by(|a, b| a.0.nummer.cmp(&b.0.nummer));
    Ok(ud)
}

/// One of them.
///
/// # Errors
/// A-001; A-404; G-207 when there is nothing to correct.
pub fn kladde<'p>(
    kald: &Kald,
    politik: &'p Politik,
    uuid: Uuid,
) -> Result<(&'p Serviceaftale, &'p Aftaleversion), Styringsfejl> {
    kald.kraev(Emne::Aftale, Handling::Opret)?;
    let aftale =
        politik.data().aftaler.iter().find(|a| {
            a.uuid == uuid && politik.system(a.system).is_some_and(|s| s.leverandoer == kald.part())
        });
    let aftale = aftale.ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let version = aaben(aftale).ok_or_else(|| {
        let tekst = "Der er ingen kladde at rette. Opret en ændring; den nuværende gælder, til ændringen er godkendt.";
        Modulfejl::ny("G-207", tekst)
    })?;
    Ok((aftale, version))
}
