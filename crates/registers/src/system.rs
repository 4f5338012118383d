//! The bulk import of OrganisationSystem and KlassifikationSystem.

use crate::skriv::importer_med;
use adgang::{Caller, Operation};
use app::App;
use oio::catalog::ObjektType;
use oio::operation::SendtRegistrering;
use oio::{Fejl, ObjektId};

/// One object of a bulk import.
pub type SystemObjekt = (&'static ObjektType, ObjektId, Vec<SendtRegistrering>);

/// Imports each object on its own and tells how each went: one failure does not undo the others.
///
/// # Errors
/// `Afvist` or `Graense` for the whole call, before anything is written.
pub async fn importer_system(
    app: &App,
    caller: &Caller,
    objekter: Vec<SystemObjekt>,
) -> Result<Vec<(&'static ObjektType, ObjektId, Result<(), Fejl>)>, Fejl> {
    let max = app.config().import_max;
    if objekter.len() > max {
        return Err(Fejl::Graense(format!(
            "{} objekter i ét kald; højst {max}: del kaldet op",
            objekter.len()
        )));
    }
    let Some((foerste, ..)) = objekter.first() else { return Ok(Vec::new()) };
    let adgang = app.authorize(caller, Operation::Importer, foerste).await?;
    let mut udfald = Vec::with_capacity(objekter.len());
    for (typ, objekt, sendt) in objekter {
        udfald.push((typ, objekt, importer_med(app, &adgang, typ, objekt, sendt).await));
    }
    Ok(udfald)
}
