//! `fjern` of the Sags- og Dokumentindeks.

use super::fremsoeg::{self, Udtryk};
use super::{UUIDER_MAX, hoejst, sti};
use crate::fejl::Fejl;
use crate::knude::Knude;
use crate::model::unik_id;
use uuid::Uuid;

/// What is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FjernSager {
    /// `SagUuid`.
    pub sager: Vec<Uuid>,
    /// `SoegUdtryk`.
    pub udtryk: Option<Udtryk>,
    /// `EfterladSagsloeseDokumenter`: documents stay although their last case goes.
    pub efterlad_dokumenter: bool,
    /// `FjernOgsaaYdelse`: grants of the cases go too.
    pub fjern_ydelser: bool,
}

pub(super) fn laes(rod: &Knude) -> Result<FjernSager, Fejl> {
    hoejst(rod, rod.boern("SagUuid").count(), UUIDER_MAX, "sager")?;
    let sager: Vec<Uuid> = rod
        .boern("SagUuid")
        .enumerate()
        .map(|(nr, knude)| {
            let id = unik_id(knude);
            id.and_then(|id| id.uuid()).ok_or_else(|| {
                Fejl::regel(
                    format!("{}/sdi:SagUuid[{}]", sti(rod), nr + 1),
                    "en sag udpeges med UUIDIdentifikator",
                )
            })
        })
        .collect::<Result<_, _>>()?;
    let udtryk = rod
        .barn("SoegUdtryk")
        .map(|u| fremsoeg::udtryk(u, &format!("{}/sdi:SoegUdtryk", sti(rod))))
        .transpose()?
        .flatten();
    if sager.is_empty() && udtryk.is_none() {
        return Err(Fejl::regel(sti(rod), "der er intet at fjerne; angiv SagUuid eller et SoegUdtryk"));
    }
    Ok(FjernSager {
        sager,
        udtryk,
        efterlad_dokumenter: rod.sand("EfterladSagsloeseDokumenter"),
        fjern_ydelser: rod.sand("FjernOgsaaYdelse"),
    })
}
