//! Messages that do not get through, or soon will not: a receiver of push that cannot be reached or whose certificate expires, and
//! a dueslag that nobody empties.

use super::advis::{Advis, Adviseret};
use super::forskel::aftaleparter;
use super::frister::{CERTIFIKAT, CERTIFIKAT_ANDRE, Tidsrum};
use super::tabel::Haendelse;
use crate::Styringsfejl;
use crate::brugere::dato;
use crate::skriv::DAG;
use administration::{Dueslag, Dueslagstilstand, Entitet, ItSystem, Leveringsmaade, Partsart, Politikdata};
use app::App;
use bitemporal::Instant;
use std::collections::BTreeSet;
use store::Drift;

const MINUT: i64 = 60_000_000;
/// How long a receiver of push has failed when it is told, before it is told each day.
const PUSH: [i64; 2] = [15 * MINUT, 60 * MINUT];
/// Most characters of what went wrong that are told.
const FEJL_MAX: usize = 200;

/// What is to be told of dueslag in a span of time.
pub(super) async fn forfaldne(app: &App, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let politik = app.politik();
    let drifter = app.store().drifter().await?;
    let mut ud = Vec::new();
    for d in politik.data().dueslag.iter().filter(|d| d.tilstand == Dueslagstilstand::Aktiv) {
        let Some(system) = politik.system(d.system) else { continue };
        if d.maade == Leveringsmaade::Push {
            let drift = drifter.iter().find(|x| x.dueslag == d.uuid);
            ud.extend(drift.and_then(|drift| om_push(system, d, drift, rum)));
            let slut = drift.and_then(|drift| drift.certifikat);
            ud.extend(
                slut.into_iter().flat_map(|slut| om_certifikat(politik.data(), (system, d), slut, rum)),
            );
        } else if let Some(siden) = app.store().koestand(d.uuid, 1).await?.aeldste {
            // Who fetches once a day lets nothing wait for more than one.
            ud.extend(naaet(siden, &[], rum).map(|efter| {
                let felter = [("dueslag", d.navn.as_str()), ("tid", &varighed(efter))];
                advis(Haendelse::DueslagVenter, system, d, &felter, (siden, efter), rum)
            }));
        }
    }
    Ok(ud)
}

fn om_push(system: &ItSystem, d: &Dueslag, drift: &Drift, rum: Tidsrum) -> Option<Advis> {
    let siden = drift.siden?;
    let efter = naaet(siden, &PUSH, rum)?;
    let fejl: String =
        drift.fejl.as_deref().unwrap_or("modtageren svarede ikke").chars().take(FEJL_MAX).collect();
    let haendelse = if drift.pauset { Haendelse::CallbackPause } else { Haendelse::CallbackFejler };
    let felter = [("dueslag", d.navn.as_str()), ("tid", &varighed(efter)), ("aarsag", &fejl)];
    Some(advis(haendelse, system, d, &felter, (siden, efter), rum))
}

/// That the certificate the receiver showed expires: told to its supplier, and near the end to who else has to do with it.
fn om_certifikat(
    data: &Politikdata,
    (system, d): (&ItSystem, &Dueslag),
    slut: Instant,
    rum: Tidsrum,
) -> Vec<Advis> {
    let Some(frist) = rum.foer(slut, &CERTIFIKAT) else { return Vec::new() };
    let mut parter = BTreeSet::from([system.leverandoer]);
    if frist.naaet <= CERTIFIKAT_ANDRE {
        parter.extend(aftaleparter(data, system.uuid, rum.til()));
        parter.extend(data.parter.iter().filter(|p| p.er(Partsart::Operatoer)).map(|p| p.cvr));
    }
    let (dage, dag) = (frist.ord(), dato(slut));
    let felter = [("dueslag", d.navn.as_str()), ("dage", dage.as_str()), ("dato", dag.as_str())];
    let et = |part| {
        let objekt = Adviseret::ny(ItSystem::ART, system.uuid, &system.navn);
        let noegle = format!("{}:{}:{}", d.uuid, slut.micros(), frist.naaet);
        let advis = Advis::om(Haendelse::CallbackCertifikat, part, objekt, &felter, rum.til(), &noegle);
        advis.ved_system(system.uuid)
    };
    parter.into_iter().map(et).collect()
}

fn advis(
    haendelse: Haendelse,
    system: &ItSystem,
    d: &Dueslag,
    felter: &[(&str, &str)],
    (siden, efter): (Instant, i64),
    rum: Tidsrum,
) -> Advis {
    let objekt = Adviseret::ny(ItSystem::ART, system.uuid, &system.navn);
    let noegle = format!("{}:{}:{efter}", d.uuid, siden.micros());
    Advis::om(haendelse, system.leverandoer, objekt, felter, rum.til(), &noegle).ved_system(system.uuid)
}

/// The longest time since then that was reached in the span: one of these, or a number of days.
fn naaet(siden: Instant, foerst: &[i64], rum: Tidsrum) -> Option<i64> {
    let gaaet = rum.til().micros().saturating_sub(siden.micros());
    let dage = (gaaet / DAG > 0).then_some(gaaet / DAG * DAG);
    let alle = foerst.iter().copied().chain(dage);
    alle.filter(|efter| rum.har(Instant::from_micros(siden.micros().saturating_add(*efter)))).max()
}

fn varighed(mikro: i64) -> String {
    match (mikro / DAG, mikro / MINUT) {
        (0, 60) => "en time".to_owned(),
        (0, minutter) => format!("{minutter} minutter"),
        (1, _) => "et døgn".to_owned(),
        (dage, _) => format!("{dage} døgn"),
    }
}

#[cfg(test)]
mod tests {
    use super::{MINUT, PUSH, naaet, varighed};
    use crate::adviser::Tidsrum;
    use crate::skriv::DAG;
    use bitemporal::Instant;

    #[test]
    fn a_failure_is_told_after_a_quarter_an_hour_and_each_day() {
        let at = Instant::from_micros;
        let ved = |fra: i64, til: i64| naaet(at(0), &PUSH, Tidsrum::ny(at(fra), at(til)));
        assert_eq!(ved(0, 14 * MINUT), None);
        assert_eq!(ved(14 * MINUT, 24 * MINUT), Some(15 * MINUT));
        assert_eq!(ved(24 * MINUT, 59 * MINUT), None);
        assert_eq!(ved(10 * MINUT, 60 * MINUT), Some(60 * MINUT), "the last of several is enough");
        assert_eq!(ved(60 * MINUT, DAG - 1), None);
        assert_eq!(ved(DAG - 1, DAG), Some(DAG));
        assert_eq!(ved(DAG, 2 * DAG + MINUT), Some(2 * DAG));
        let ord: Vec<String> = [15 * MINUT, 60 * MINUT, DAG, 3 * DAG].map(varighed).into();
        assert_eq!(ord, ["15 minutter", "en time", "et døgn", "3 døgn"]);
    }
}
