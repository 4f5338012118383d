//! Drafts as their supplier sees them, those without an authority yet included.

use super::{Anmodning, gem_kladde};
use crate::skriv::overhalet;
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{Aftaletilstand, Aftaleversion, Emne, Handling, Modulfejl, Politik, Serviceaftale};
use app::App;
use uuid::Uuid;

/// The version of an agreement that can be corrected: a draft, or one that somebody returned.
fn aaben(aftale: &Serviceaftale) -> Option<&Aftaleversion> {
    let rettes = |v: &Aftaleversion| {
        let mut tilstande = v.myndigheder.iter().map(|p| p.tilstand);
        v.myndigheder.is_empty()
            || tilstande.any(|t| matches!(t, Aftaletilstand::Kladde | Aftaletilstand::Returneret))
    };
    aftale.versioner.iter().rfind(|v| rettes(v))
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

/// Stores a draft that was filled from one with this mark.
///
/// # Errors
/// A-005 when it is another now; as [`gem_kladde`].
pub async fn gem_kladde_fra(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    anmodning: &Anmodning,
) -> Result<(), Styringsfejl> {
    let laest = app.laes_politik().await?;
    let nu = laest.data.aftaler.iter().find(|a| a.uuid == uuid);
    if nu.is_some_and(|a| maerke(a) != maerket) {
        return Err(overhalet().into());
    }
    gem_kladde(app, kald, Some(uuid), anmodning).await.map(drop)
}
