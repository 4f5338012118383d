//! What Organisation does beyond the eight operations on any object.

use oio::catalog::organisation::virksomhed;
use oio::catalog::{BRUGERVENDT_NOEGLE, ObjektType, VIRKSOMHED};
use oio::model::{Egenskab, Vaerdi};

/// Virksomhed: the CVR number stands in BrugervendtNoegleTekst and in CVR-NummerTekst, whichever was sent.
///
/// Assumption: the usage guide puts it in the first, deployed clients search by the second, so both are kept.
pub(crate) fn udfyld(typ: &ObjektType, egenskaber: &mut [Egenskab]) {
    if typ != &VIRKSOMHED {
        return;
    }
    for egenskab in egenskaber {
        let noegle = egenskab.tekst(BRUGERVENDT_NOEGLE.navn).map(str::to_owned);
        let cvr = egenskab.tekst(virksomhed::CVR_NUMMER.navn).map(str::to_owned);
        match (noegle, cvr) {
            (None, Some(cvr)) => egenskab.felter.insert(0, (BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(cvr))),
            (Some(noegle), None) if noegle.parse::<oio::Cvr>().is_ok() => {
                let place =
                    usize::from(egenskab.felter.first().is_some_and(|(n, _)| *n == BRUGERVENDT_NOEGLE.navn));
                egenskab.felter.insert(place, (virksomhed::CVR_NUMMER.navn, Vaerdi::Tekst(noegle)));
            }
            _ => {}
        }
    }
}
