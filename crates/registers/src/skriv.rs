//! The five writes on one object: opret, importer, ret, passiver, slet.

use crate::organisation;
use crate::tilfoej::{Stand, tilfoej};
use adgang::{Adgang, Caller, Operation};
use app::{App, fejl};
use oio::catalog::ObjektType;
use oio::model::{Indhold, Registrering};
use oio::operation::{Aendring, SendtRegistrering, Udfoerelse};
use oio::{Fejl, ObjektId, overgang};
use store::StoreFejl;

/// How often a write that lost its guard to another writer is decided anew.
const ATTEMPTS_MAX: usize = 16;

/// Creates an object under a new UUID.
///
/// # Errors
/// Any [`Fejl`] but `Ukendt`.
pub async fn opret(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    note: Option<String>,
    mut indhold: Indhold,
) -> Result<ObjektId, Fejl> {
    let adgang = app.authorize(caller, Operation::Opret, typ).await?;
    organisation::udfyld(typ, &mut indhold.egenskaber);
    let objekt = ObjektId(app.new_uuid());
    let ny = overgang::opret(typ, indhold, &udfoerelse(app, &adgang, note))?;
    let saet = tilfoej(typ, objekt, adgang.myndighed, None, &[ny], "Opret");
    app.store().append(&adgang, app.now(), vec![saet]).await.map_err(fejl)?;
    app.labels().forget(objekt);
    Ok(objekt)
}

/// Records an object under the caller's own UUID: new, or alive again after `passiver` or `slet`.
///
/// # Errors
/// [`Fejl::Konflikt`] when the object is live; any other [`Fejl`].
pub async fn importer(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    objekt: ObjektId,
    sendt: Vec<SendtRegistrering>,
) -> Result<(), Fejl> {
    let adgang = app.authorize(caller, Operation::Importer, typ).await?;
    importer_med(app, &adgang, typ, objekt, sendt).await
}

/// `importer` under an access already granted.
pub(crate) async fn importer_med(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
    mut sendt: Vec<SendtRegistrering>,
) -> Result<(), Fejl> {
    for registrering in &mut sendt {
        organisation::udfyld(typ, &mut registrering.indhold.egenskaber);
    }
    let decide = |stand: Option<&Stand>, u: &Udfoerelse| {
        overgang::importer(typ, stand.map(|s| &s.registrering), sendt.clone(), u)
    };
    skriv(app, adgang, typ, objekt, None, "Importer", decide).await
}

/// Records a change. Periods the change does not mention keep their values.
///
/// # Errors
/// [`Fejl::Ukendt`], [`Fejl::Konflikt`] when the object is passive or deleted, any other [`Fejl`].
pub async fn ret(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    objekt: ObjektId,
    note: Option<String>,
    mut aendring: Aendring,
) -> Result<(), Fejl> {
    let adgang = app.authorize(caller, Operation::Ret, typ).await?;
    organisation::udfyld(typ, aendring.egenskaber.as_deref_mut().unwrap_or_default());
    let decide = |stand: Option<&Stand>, u: &Udfoerelse| {
        let foer = stand.ok_or(Fejl::Ukendt(objekt))?;
        Ok(overgang::ret(typ, &foer.registrering, &aendring, u)?.into_iter().collect())
    };
    skriv(app, &adgang, typ, objekt, note, "Ret", decide).await
}

/// Takes an object out of use. It can still be read, and imported anew.
///
/// # Errors
/// [`Fejl::Ukendt`], [`Fejl::Konflikt`] when it is deleted, any other [`Fejl`].
pub async fn passiver(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    objekt: ObjektId,
    note: Option<String>,
) -> Result<(), Fejl> {
    let adgang = app.authorize(caller, Operation::Passiver, typ).await?;
    let decide = |stand: Option<&Stand>, u: &Udfoerelse| {
        let foer = stand.ok_or(Fejl::Ukendt(objekt))?;
        Ok(overgang::passiver(&foer.registrering, u)?.into_iter().collect())
    };
    skriv(app, &adgang, typ, objekt, note, "Passiver", decide).await
}

/// Deletes an object logically: its history can still be read by registration time.
///
/// # Errors
/// [`Fejl::Ukendt`], also when it is deleted already; any other [`Fejl`].
pub async fn slet(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    objekt: ObjektId,
    note: Option<String>,
) -> Result<(), Fejl> {
    let adgang = app.authorize(caller, Operation::Slet, typ).await?;
    let decide = |stand: Option<&Stand>, u: &Udfoerelse| {
        let foer = stand.ok_or(Fejl::Ukendt(objekt))?;
        Ok(vec![overgang::slet(objekt, &foer.registrering, u)?])
    };
    skriv(app, &adgang, typ, objekt, note, "Slet", decide).await
}

/// Loads, decides, appends; and again when another writer came between. Nothing to append is success too.
async fn skriv(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
    note: Option<String>,
    handling: &'static str,
    decide: impl Fn(Option<&Stand>, &Udfoerelse) -> Result<Vec<Registrering>, Fejl>,
) -> Result<(), Fejl> {
    for _ in 0..ATTEMPTS_MAX {
        let gemt = app.store().load(adgang, typ.name, objekt).await.map_err(fejl)?;
        let stand = gemt.as_ref().map(Stand::of).transpose()?;
        let ejer = stand.as_ref().map_or(adgang.myndighed, |s| s.ejer);
        if !adgang.kan_skrive(ejer) {
            return Err(Fejl::Afvist("objektet ejes af en anden myndighed og kan kun ændres af den".into()));
        }
        let nye = decide(stand.as_ref(), &udfoerelse(app, adgang, note.clone()))?;
        if nye.is_empty() {
            app.log(adgang, &[objekt]).await;
            return Ok(());
        }
        let saet = tilfoej(typ, objekt, ejer, stand.as_ref().map(|s| &s.registrering), &nye, handling);
        match app.store().append(adgang, app.now(), vec![saet]).await {
            Ok(()) => {
                app.labels().forget(objekt);
                return Ok(());
            }
            // An object we cannot see holds the UUID: deciding again would not help.
            Err(StoreFejl::Tabt(_)) if stand.is_none() && optaget(app, adgang, typ, objekt).await? => {
                return Err(Fejl::Afvist("UUID'et er i brug af en anden myndighed eller objekttype".into()));
            }
            Err(StoreFejl::Tabt(_)) => {}
            Err(other) => return Err(fejl(other)),
        }
    }
    Err(fejl(StoreFejl::Tabt(objekt)))
}

/// Whether the UUID is taken although this caller sees nothing there.
async fn optaget(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
) -> Result<bool, Fejl> {
    Ok(app.store().load(adgang, typ.name, objekt).await.map_err(fejl)?.is_none())
}

pub(crate) fn udfoerelse(app: &App, adgang: &Adgang, note: Option<String>) -> Udfoerelse {
    Udfoerelse { nu: app.now(), bruger_ref: adgang.bruger_ref.clone(), note, krav: app.config().krav() }
}
