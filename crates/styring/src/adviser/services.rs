//! Services that are phased out: told to who has agreements about them, a year before and nearer and nearer.

use super::advis::{Advis, Adviseret};
use super::forskel::partsnavn;
use super::frister::Tidsrum;
use super::tabel::Haendelse;
use crate::brugere::dato;
use administration::{Entitet, Politik, Service};
use bitemporal::Instant;
use jiff::Span;
use oio::Cvr;
use std::collections::BTreeMap;

/// Months before its last day on which it is told.
const MAANEDER: [i64; 4] = [12, 6, 3, 1];

/// What is to be told of services in a span of time. It walks the agreements for those alone whose time has come.
pub(super) fn forfaldne(politik: &Politik, rum: Tidsrum, ud: &mut Vec<Advis>) {
    for s in &politik.data().services {
        let Some(dag) = s.udfases.filter(|dag| *dag > rum.til()) else { continue };
        let Some(maaneder) = naaet(dag, rum) else { continue };
        for (part, antal) in aftaler(politik, s, rum.til()) {
            let antal = if antal == 1 { "1 aftale".to_owned() } else { format!("{antal} aftaler") };
            let om = if maaneder == 1 { "en måned".to_owned() } else { format!("{maaneder} måneder") };
            let navn = partsnavn(politik.data(), part);
            let felter = [
                ("part", navn.as_str()),
                ("antal", antal.as_str()),
                ("dato", &dato(dag)),
                ("maaneder", om.as_str()),
            ];
            let objekt = Adviseret::ny(Service::ART, s.uuid, &s.navn);
            let noegle = format!("{}:{maaneder}", dag.micros());
            ud.push(Advis::om(Haendelse::ServiceUdfases, part, objekt, &felter, rum.til(), &noegle));
        }
    }
}

/// The nearest of the thresholds that was reached.
fn naaet(dag: Instant, rum: Tidsrum) -> Option<i64> {
    let foer = |m: &i64| {
        let z = oio::tid::zoned(dag)?.checked_sub(Span::new().months(*m)).ok()?;
        Some(Instant::from_micros(z.timestamp().as_microsecond()))
    };
    MAANEDER.into_iter().filter(|m| foer(m).is_some_and(|tid| rum.har(tid))).min()
}

/// The parties with agreements in force that use a service, both sides, and how many each has.
fn aftaler(politik: &Politik, s: &Service, nu: Instant) -> BTreeMap<Cvr, usize> {
    let mut ud = BTreeMap::new();
    for aftale in &politik.data().aftaler {
        let Some(system) = politik.system(aftale.system) else { continue };
        let bruger = |cvr: &Cvr| {
            let g = aftale.gaeldende(*cvr, nu).filter(|g| g.i_kraft());
            g.is_some_and(|g| g.version.services.iter().any(|a| a.service == s.uuid))
        };
        let myndigheder: Vec<Cvr> = aftale.myndigheder().filter(bruger).collect();
        if !myndigheder.is_empty() && !myndigheder.contains(&system.leverandoer) {
            *ud.entry(system.leverandoer).or_default() += 1;
        }
        for cvr in myndigheder {
            *ud.entry(cvr).or_default() += 1;
        }
    }
    ud
}
