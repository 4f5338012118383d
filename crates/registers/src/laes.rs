//! laes and list: objects as seen through the four time filters.

use crate::parallel::in_pieces;
use crate::tilfoej::Stand;
use adgang::{Adgang, Caller, Operation};
use app::{App, fejl};
use bitemporal::Instant;
use oio::catalog::ObjektType;
use oio::model::{Livscyklus, Registrering};
use oio::operation::{Oejebliksbillede, TidsFilter};
use oio::{Cvr, Fejl, ObjektId, krop, laesning};
use store::Gemt;

/// Reads one object.
///
/// # Errors
/// [`Fejl::Ukendt`] when there is none for this caller, or it was deleted before what the filters reach; `Virkning`
/// when a filter ends before it begins; `Afvist`; `Intern`.
pub async fn laes(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    objekt: ObjektId,
    filter: TidsFilter,
) -> Result<Oejebliksbillede, Fejl> {
    let adgang = app.authorize(caller, Operation::Laes, typ).await?;
    let billede = billede(app, &adgang, typ, objekt, &filter).await?.ok_or(Fejl::Ukendt(objekt))?;
    app.log(&adgang, &[objekt]).await;
    Ok(billede)
}

/// Reads several objects, in the order asked for; what is unknown or invisible is left out.
///
/// # Errors
/// [`Fejl::Ukendt`] when none is left, `Graense` when too many are asked for, and as [`laes`].
pub async fn list(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    objekter: Vec<ObjektId>,
    filter: TidsFilter,
) -> Result<Vec<Oejebliksbillede>, Fejl> {
    let adgang = app.authorize(caller, Operation::List, typ).await?;
    let max = app.config().list_max;
    if objekter.len() > max {
        let antal = objekter.len();
        return Err(Fejl::Graense(format!("{antal} UUID'er i ét kald; højst {max}: del kaldet op")));
    }
    let billeder = if laesning::needs_history(&filter) {
        let mut billeder = Vec::with_capacity(objekter.len());
        for objekt in &objekter {
            billeder.extend(billede(app, &adgang, typ, *objekt, &filter).await?);
        }
        billeder
    } else {
        aktuelle(app, &adgang, typ, &objekter, &filter).await?
    };
    let fundne: Vec<ObjektId> = billeder.iter().map(|b| b.objekt).collect();
    app.log(&adgang, &fundne).await;
    if billeder.is_empty() {
        return Err(Fejl::Ukendt(objekter.first().copied().unwrap_or(ObjektId(uuid::Uuid::nil()))));
    }
    Ok(billeder)
}

/// The current registrering of each object, sliced; in one read.
pub(crate) async fn aktuelle(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekter: &[ObjektId],
    filter: &TidsFilter,
) -> Result<Vec<Oejebliksbillede>, Fejl> {
    let nu = app.now();
    let gemte = app.store().load_many(adgang, typ.name, objekter).await.map_err(fejl)?;
    let one = |gemt: &Gemt| {
        let stand = Stand::of(gemt)?;
        udsnit(app, adgang, typ, gemt.objekt, stand.ejer, vec![stand.registrering], filter, nu)
    };
    let levende: Vec<Gemt> = gemte.into_iter().filter(|g| g.livscyklus != Livscyklus::Slettet).collect();
    in_pieces(&levende, |piece| piece.iter().map(one).collect::<Vec<_>>()).into_iter().flatten().collect()
}

async fn billede(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
    filter: &TidsFilter,
) -> Result<Option<Oejebliksbillede>, Fejl> {
    if !laesning::needs_history(filter) {
        let Some(gemt) = app.store().load(adgang, typ.name, objekt).await.map_err(fejl)? else {
            return Ok(None);
        };
        if gemt.livscyklus == Livscyklus::Slettet {
            return Ok(None);
        }
        let stand = Stand::of(&gemt)?;
        return udsnit(app, adgang, typ, objekt, stand.ejer, vec![stand.registrering], filter, app.now())
            .map(Some);
    }
    let Some((ejer, kroppe)) = app.store().history(adgang, typ.name, objekt).await.map_err(fejl)? else {
        return Ok(None);
    };
    let historie: Result<Vec<Registrering>, _> = kroppe.iter().map(|k| krop::decode(k)).collect();
    let historie = historie.map_err(Fejl::intern)?;
    let billede = udsnit(app, adgang, typ, objekt, ejer, historie, filter, app.now())?;
    let kun_slettet = billede.registreringer.iter().all(|r| r.livscyklus == Livscyklus::Slettet);
    Ok((!kun_slettet).then_some(billede))
}

/// Slices by the filters and blanks what the agreement does not open.
#[allow(clippy::too_many_arguments, reason = "one private step shared by the reads above")]
fn udsnit(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
    ejer: Cvr,
    historie: Vec<Registrering>,
    filter: &TidsFilter,
    nu: Instant,
) -> Result<Oejebliksbillede, Fejl> {
    let mut registreringer = laesning::slice(typ, &historie, filter, nu, app.config().laes_uden_filter)?;
    for registrering in &mut registreringer {
        laesning::mask(&mut registrering.indhold, typ, |beskyttelse| adgang.kan_se(beskyttelse));
    }
    Ok(Oejebliksbillede { objekt, ejer, registreringer })
}
