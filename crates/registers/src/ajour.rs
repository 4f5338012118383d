//! Search keys that this program derives and an earlier one did not, for objects that an earlier one stored.

use crate::tilfoej::{Stand, noegler};
use adgang::{Aarsag, Adgang};
use app::{App, fejl};
use oio::catalog::{self, ObjektType};
use oio::{Cvr, Fejl, ObjektId, noegle};
use store::{EntitetSkrivning, Gemt, Livsfilter, Noegle, Soegning};
use uuid::Uuid;

/// What remembers that it was done, and which keys it was.
const ART: &str = "soegenoegler";
const UDGAVE: &[u8] = b"plads og ord";
/// Objects at a time.
const CHUNK: u64 = 500;

/// Gives the objects that people look up the keys they are looked up by; see [`catalog::Opslag`]. Done once: later calls
/// find that it was. `naaet` hears how many objects have got theirs, every 500.
///
/// # Errors
/// [`Fejl::Intern`].
pub async fn ajourfoer_noegler(app: &App, naaet: &(dyn Fn(u64) + Sync)) -> Result<(), Fejl> {
    let gjort = app.store().entities(ART).await.map_err(fejl)?;
    if gjort.iter().any(|(_, _, krop)| krop == UDGAVE) {
        return Ok(());
    }
    let adgang = app.system_adgang(Aarsag::Noegler, Cvr::KOMBIT);
    let mut antal = 0;
    for typ in catalog::ALLE.into_iter().filter(|t| t.opslag.is_some()) {
        let mut soegning = Soegning {
            objekttype: typ.name,
            betingelser: Vec::new(),
            livscyklus: Livsfilter::Levende,
            aendret_fra: None,
            ejer: None,
            efter: None,
            foerste: 0,
            antal: CHUNK,
        };
        loop {
            let ids = app.store().find(&adgang, &soegning).await.map_err(fejl)?;
            suppler(app, &adgang, typ, &ids).await?;
            antal += ids.len() as u64;
            if !ids.is_empty() {
                naaet(antal);
            }
            if (ids.len() as u64) < CHUNK {
                break;
            }
            soegning.efter = ids.last().copied();
        }
    }
    let skrivning =
        EntitetSkrivning { art: ART.into(), id: Uuid::nil(), krop: Some(UDGAVE.into()), foer: None };
    app.store().put_entities(vec![skrivning]).await.map_err(fejl)
}

/// Until nobody has changed any of them meanwhile.
async fn suppler(app: &App, adgang: &Adgang, typ: &'static ObjektType, ids: &[ObjektId]) -> Result<(), Fejl> {
    let mut laest = app.store().load_many(adgang, typ.name, ids).await.map_err(fejl)?;
    loop {
        let nye: Vec<_> =
            laest.iter().map(|g| Ok((g.objekt, g.tidspunkt, egne(typ, g)?))).collect::<Result<_, Fejl>>()?;
        app.store().suppler_noegler(&nye).await.map_err(fejl)?;
        let nu = app.store().load_many(adgang, typ.name, ids).await.map_err(fejl)?;
        let stand = |alle: &[Gemt]| alle.iter().map(|g| (g.objekt, g.tidspunkt)).collect::<Vec<_>>();
        if stand(&nu) == stand(&laest) {
            return Ok(());
        }
        laest = nu;
    }
}

/// The keys an earlier program did not derive.
fn egne(typ: &'static ObjektType, gemt: &Gemt) -> Result<Vec<Noegle>, Fejl> {
    let felter = [noegle::felt_plads(typ).0, noegle::felt_ord(typ).0];
    let mut alle = noegler(typ, &Stand::of(gemt)?.registrering);
    alle.retain(|n| felter.contains(&n.felt));
    Ok(alle)
}
