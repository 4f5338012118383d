//! Neighbours: which objects point to a given one.

use crate::soeg::{Side, betingelse, find};
use adgang::Adgang;
use app::App;
use bitemporal::Instant;
use oio::catalog::{self, Navn, ObjektType, Target};
use oio::operation::Skabelon;
use oio::soegning::{Betingelse, Moenster};
use oio::{Fejl, ObjektId, noegle};

/// The live objects of type `fra` whose relation `navn` points to `til` at any time.
pub(crate) async fn peger_paa(
    app: &App,
    adgang: &Adgang,
    fra: &'static ObjektType,
    navn: Navn,
    til: ObjektId,
) -> Result<Vec<ObjektId>, Fejl> {
    let ekstra = betingelse(Betingelse {
        felt: noegle::felt_for(fra, navn),
        moenster: Moenster::Lig(til.to_string()),
        fra: Instant::NEG_INFINITY,
        til: Instant::POS_INFINITY,
    });
    find(app, adgang, fra, &Skabelon::default(), &[ekstra], Side::ALT).await
}

/// Every (object type, relation) of Organisation that points to objects of this kind.
pub(crate) fn relationer_til(target: Target) -> impl Iterator<Item = (&'static ObjektType, Navn)> {
    catalog::ALLE.into_iter().flat_map(move |typ| {
        typ.relationer.iter().filter(move |r| r.target == target).map(move |r| (typ, r.navn))
    })
}
