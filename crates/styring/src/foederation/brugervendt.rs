//! What a brugervendt system demands of who logs in, and its metadata: its supplier says.

use super::entity_id_ledigt;
use crate::skriv::{self, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Handling, Modulfejl, Nsisniveau, Samlrolle, Systemtilstand, Systemtype, laes_metadata,
};
use app::App;
use uuid::Uuid;

/// Says which level a brugervendt system demands, and what its metadata is; empty keeps what there is.
///
/// # Errors
/// M-101 to M-103, C-101, C-104; S-107 when it is closed, or logs people in itself.
pub async fn ret_brugervendt(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    nsis: Option<Nsisniveau>,
    metadata: &[u8],
) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_system(Emne::Endepunkt, Handling::Ret, uuid)?;
    let tom = metadata.iter().all(u8::is_ascii_whitespace);
    let laest =
        (!tom).then(|| laes_metadata(metadata, Samlrolle::Tjeneste, app.now())).transpose()?.map(Box::new);
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "ret føderation af it-system".into();
        if let Some(m) = &laest {
            entity_id_ledigt(kald, &udkast.data, uuid, &m.entity_id)?;
        }
        let brugervendt = udkast.data.systemer.iter_mut().find(|s| {
            s.uuid == uuid && s.leverandoer == kald.part() && s.typer.contains(&Systemtype::BrugervendtSystem)
        });
        let system = brugervendt.ok_or_else(|| Modulfejl::findes_ikke("Det brugervendte system"))?;
        if system.tilstand == Systemtilstand::Lukket || system.er_idp() {
            let tekst = "Det kan ikke lade sig gøre: it-systemet er lukket, eller dets metadata hører til en Identity Provider.";
            return Err(Modulfejl::ny("S-107", tekst).into());
        }
        if maerke(system) != maerket {
            return Err(overhalet().into());
        }
        system.nsis_kraevet = nsis;
        if let Some(m) = &laest {
            system.metadata = Some(m.clone());
        }
        Ok(())
    })
    .await
}
