//! What time brings about: reminders, what must be confirmed, what runs out.

use super::advis::{Advis, Adviseret, rader};
use super::forskel::{aftaleparter, partsnavn};
use super::tabel::Haendelse;
use super::{dueslag, egne, ubrugt};
use crate::brugere::{dato, sidste_dag};
use crate::skriv::{DAG, om_dage};
use crate::{Styringsfejl, attesteringer, delegeringer, stikproever, systemer};
use administration::{
    Aftaletilstand, Certifikat, Certifikatstatus, Entitet, Gaeldende, ItSystem, Part, Partsart, Politik,
    Politikdata, Serviceaftale, Systemtilstand,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// Days after a request on which the authority is reminded.
const PAAMIND: [i64; 4] = [3, 7, 14, 30];
/// Days after a request on which it lapses.
pub(crate) const BORTFALD: i64 = 90;
/// Days before an agreement must be confirmed, or runs out.
const AFTALE: [i64; 3] = [60, 30, 7];
/// Days before a trial ends.
const PROEVE: [i64; 2] = [7, 1];
/// Days before a certificate runs out.
pub(super) const CERTIFIKAT: [i64; 5] = [90, 30, 14, 7, 1];
/// From so many days before on, those who depend on a certificate are told as well.
pub(super) const CERTIFIKAT_ANDRE: i64 = 7;
/// How long an agreement outlives the day it should have been confirmed.
const HENSTAND: i64 = 30;
/// Notices written in one step.
const SKRIDT: usize = 200;
/// What the round is called in the store.
const RUNDE: &str = "frister";

/// The span of time that is looked at: after `fra`, until `til`.
#[derive(Clone, Copy)]
pub(crate) struct Tidsrum {
    fra: Instant,
    til: Instant,
}

impl Tidsrum {
    #[cfg(test)]
    pub(super) fn ny(fra: Instant, til: Instant) -> Self {
        Self { fra, til }
    }

    pub(super) fn har(self, tid: Instant) -> bool {
        tid.is_finite() && self.fra < tid && tid <= self.til
    }

    /// When it is looked at.
    pub(crate) fn til(self) -> Instant {
        self.til
    }

    /// The nearest of some numbers of days before `slut` that was reached, and the days that are left: when several were
    /// reached while nobody looked, the last one is enough.
    pub(crate) fn foer(self, slut: Instant, dage: &[i64]) -> Option<Frist> {
        if !slut.is_finite() || slut <= self.til {
            return None;
        }
        let naaet = dage.iter().copied().filter(|d| self.har(om_dage(slut, -d))).min()?;
        let rest = slut.micros().saturating_sub(self.til.micros());
        Some(Frist { naaet, dage: rest / DAG + i64::from(rest % DAG > 0) })
    }

    /// The last of some numbers of days after `tid` that was reached.
    pub(crate) fn efter(self, tid: Instant, dage: &[i64]) -> Option<i64> {
        dage.iter().copied().filter(|d| self.har(om_dage(tid, *d))).max()
    }
}

/// A threshold that was reached.
#[derive(Clone, Copy)]
pub(crate) struct Frist {
    /// The threshold, in days.
    pub(crate) naaet: i64,
    /// The days there are now.
    dage: i64,
}

impl Frist {
    const NU: Self = Self { naaet: 0, dage: 0 };

    /// The days there are now, in words.
    pub(crate) fn ord(self) -> String {
        if self.dage == 1 { "1 dag".to_owned() } else { format!("{} dage", self.dage) }
    }
}

/// Everything whose time came after `fra` and no later than `til`.
#[must_use]
pub fn forfaldne(politik: &Politik, fra: Instant, til: Instant) -> Vec<Advis> {
    let (rum, data) = (Tidsrum { fra, til }, politik.data());
    let mut ud = Vec::new();
    for aftale in &data.aftaler {
        if let Some(system) = politik.system(aftale.system) {
            om_aftale(data, aftale, system, rum, &mut ud);
        }
    }
    for system in data.systemer.iter().filter(|s| s.tilstand != Systemtilstand::Lukket) {
        om_certifikater(data, system, rum, &mut ud);
    }
    for part in data.parter.iter().filter(|p| !p.rollecertifikater.is_empty()) {
        om_rollecertifikater(part, rum, &mut ud);
    }
    super::foederation::forfaldne(politik, rum, &mut ud);
    super::services::forfaldne(politik, rum, &mut ud);
    ud
}

fn om_aftale(
    data: &Politikdata,
    aftale: &Serviceaftale,
    system: &ItSystem,
    rum: Tidsrum,
    ud: &mut Vec<Advis>,
) {
    let mut sig = |haendelse, myndighed: Cvr, til: &[Cvr], frist: Frist, dag: Instant| {
        let sidste = matches!(haendelse, Haendelse::AftaleUdloeber | Haendelse::ProeveSlutter);
        for modtager in til {
            let felter = [
                ("hvem", partsnavn(data, system.leverandoer)),
                ("part", partsnavn(data, *modtager)),
                ("myndighed", partsnavn(data, myndighed)),
                ("system", system.navn.clone()),
                ("dage", frist.ord()),
                ("dato", if sidste { sidste_dag(dag) } else { dato(dag) }),
            ];
            let felter: Vec<(&str, &str)> = felter.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let objekt = Adviseret::ny(Serviceaftale::ART, aftale.uuid, &aftale.navn);
            let noegle = format!("{myndighed}:{}:{}", frist.naaet, dag.micros());
            let advis = Advis::om(haendelse, *modtager, objekt, &felter, rum.til, &noegle);
            ud.push(advis.ved_system(system.uuid));
        }
    };
    for version in &aftale.versioner {
        for part in version.myndigheder.iter().filter(|p| p.tilstand == Aftaletilstand::Anmodet) {
            let Some(anmodet) = part.anmodet else { continue };
            let bortfald = om_dage(anmodet, BORTFALD);
            let naaet = PAAMIND.iter().copied().filter(|d| rum.har(om_dage(anmodet, *d))).max();
            if let Some(naaet) = naaet.filter(|_| rum.til < bortfald) {
                let frist = Frist { naaet, dage: (rum.til.micros() - anmodet.micros()) / DAG };
                sig(Haendelse::AftalePaamindelse, part.myndighed, &[part.myndighed], frist, bortfald);
            }
        }
    }
    for cvr in aftale.myndigheder() {
        let Some(g) = aftale.gaeldende(cvr, rum.til) else { continue };
        let begge = [cvr, system.leverandoer];
        let begge = if cvr == system.leverandoer { &begge[..1] } else { &begge[..] };
        let genbekraeftes = g.version.genbekraeftes(g.part);
        let kun_leverandoer = [system.leverandoer];
        match g.tilstand {
            Aftaletilstand::Aktiv if aftale.proevetilslutning => {
                if let Some(dage) = rum.foer(g.version.gyldig.to, &PROEVE) {
                    sig(Haendelse::ProeveSlutter, cvr, &kun_leverandoer, dage, g.version.gyldig.to);
                }
            }
            Aftaletilstand::Udloebet if aftale.proevetilslutning && rum.har(g.version.gyldig.to) => {
                sig(Haendelse::ProeveSluttet, cvr, &kun_leverandoer, Frist::NU, g.version.gyldig.to);
            }
            Aftaletilstand::Aktiv => {
                if let Some((dag, dage)) = genbekraeftes.and_then(|d| Some((d, rum.foer(d, &AFTALE)?))) {
                    sig(Haendelse::AftaleGenbekraeft, cvr, &[cvr], dage, dag);
                }
                let slut = slut(&g);
                if let Some(dage) = rum.foer(g.version.gyldig.to, &AFTALE) {
                    sig(Haendelse::AftaleUdloeber, cvr, begge, dage, g.version.gyldig.to);
                } else if slut < g.version.gyldig.to
                    && let Some(dage) = rum.foer(slut, &AFTALE[2..])
                {
                    sig(Haendelse::AftaleUdloeber, cvr, begge, dage, slut);
                }
            }
            Aftaletilstand::Udloebet if !aftale.proevetilslutning && rum.har(slut(&g)) => {
                sig(Haendelse::AftaleUdloebet, cvr, begge, Frist::NU, slut(&g));
            }
            Aftaletilstand::Ophoert => {
                if let Some(dag) = g.part.opsagt_til.filter(|d| rum.har(*d)) {
                    sig(Haendelse::AftaleOphoert, cvr, begge, Frist::NU, dag);
                }
            }
            _ => {}
        }
    }
}

/// When an agreement runs out: at its end, or a while after it should have been confirmed.
fn slut(g: &Gaeldende<'_>) -> Instant {
    let ubekraeftet = g.version.genbekraeftes(g.part).map(|d| om_dage(d, HENSTAND));
    ubekraeftet.map_or(g.version.gyldig.to, |d| d.min(g.version.gyldig.to))
}

/// Whether a certificate is in use and no other takes over.
fn staar_alene(c: &Certifikat, alle: &[Certifikat]) -> bool {
    c.status != Certifikatstatus::Tilbagekaldt && !c.er_afloest(alle)
}

/// What is told of a certificate, if its time came: the event, and the threshold.
fn certifikatfrist(c: &Certifikat, rum: Tidsrum) -> Option<(Haendelse, Frist)> {
    if rum.har(c.gyldig.to) {
        return Some((Haendelse::CertifikatUdloebet, Frist::NU));
    }
    rum.foer(c.gyldig.to, &CERTIFIKAT).map(|dage| (Haendelse::CertifikatUdloeber, dage))
}

fn certifikatadvis(
    (haendelse, frist): (Haendelse, Frist),
    part: Cvr,
    objekt: Adviseret,
    c: &Certifikat,
    rum: Tidsrum,
) -> Advis {
    let felter = [("emne", c.emne.as_str()), ("dage", &frist.ord()), ("dato", &dato(c.gyldig.to))];
    let noegle = format!("{}:{}", administration::hex(&c.tommelfinger), frist.naaet);
    Advis::om(haendelse, part, objekt, &felter, rum.til, &noegle)
}

fn om_certifikater(data: &Politikdata, system: &ItSystem, rum: Tidsrum, ud: &mut Vec<Advis>) {
    for c in system.certifikater.iter().filter(|c| staar_alene(c, &system.certifikater)) {
        let Some(frist) = certifikatfrist(c, rum) else { continue };
        let mut parter = vec![system.leverandoer];
        if frist.1.naaet <= CERTIFIKAT_ANDRE {
            parter.extend(aftaleparter(data, system.uuid, rum.til));
            parter.extend(data.parter.iter().filter(|p| p.er(Partsart::Operatoer)).map(|p| p.cvr));
        }
        parter.sort_unstable();
        parter.dedup();
        for part in parter {
            let objekt = Adviseret::ny(ItSystem::ART, system.uuid, &system.navn);
            ud.push(certifikatadvis(frist, part, objekt, c, rum).ved_system(system.uuid));
        }
    }
}

fn om_rollecertifikater(part: &Part, rum: Tidsrum, ud: &mut Vec<Advis>) {
    for c in part.rollecertifikater.iter().filter(|c| staar_alene(c, &part.rollecertifikater)) {
        if let Some(frist) = certifikatfrist(c, rum) {
            let objekt = Adviseret::ny(Part::ART, part.uuid, "rollekataloget");
            ud.push(certifikatadvis(frist, part.cvr, objekt, c, rum));
        }
    }
}

/// Writes the notices whose time has come since this was done last, here or on another server. It walks the policy, which
/// is in memory, the delegeringer in use and the attesteringer under way: some thousand take milliseconds, and deadlines are days apart. Two servers that look at the
/// same time write the same notices, and each of them is there once.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn frister(app: &App) -> Result<usize, Styringsfejl> {
    let nu = app.now();
    // The first time there is nothing to catch up on.
    let Some(fra) = app.store().advisrunde(RUNDE).await? else {
        app.store().saet_advisrunde(RUNDE, nu).await?;
        return Ok(0);
    };
    let mut adviser = forfaldne(&app.politik(), fra, nu);
    adviser.extend(egne::forfaldne(&app.politik(), &app.egne_certifikater(), Tidsrum { fra, til: nu }));
    adviser.extend(delegeringer::forfaldne(app, Tidsrum { fra, til: nu }).await?);
    adviser.extend(attesteringer::forfaldne(app, Tidsrum { fra, til: nu }).await?);
    adviser.extend(ubrugt::forfaldne(app, Tidsrum { fra, til: nu }).await?);
    adviser.extend(dueslag::forfaldne(app, Tidsrum { fra, til: nu }).await?);
    adviser.extend(systemer::forfaldne(app, Tidsrum { fra, til: nu }).await?);
    adviser.extend(stikproever::forfaldne(app, Tidsrum { fra, til: nu }).await?);
    for nogle in rader(&adviser).chunks(SKRIDT) {
        app.store().skriv_adviser(nogle).await?;
    }
    // Last: whoever is stopped before this writes the same ones again.
    app.store().saet_advisrunde(RUNDE, nu).await?;
    Ok(adviser.len())
}

/// The agreements with a request that nobody has answered in time, with their suppliers.
pub(super) fn ubesvarede(politik: &Politik, nu: Instant) -> Vec<(Uuid, Cvr)> {
    let ude = |a: &Serviceaftale| {
        let parter = a.versioner.iter().flat_map(|v| &v.myndigheder);
        parter.filter(|p| p.tilstand == Aftaletilstand::Anmodet).any(|p| for_sent(p.anmodet, nu))
    };
    let aftaler = politik.data().aftaler.iter().filter(|a| ude(a));
    aftaler.filter_map(|a| Some((a.uuid, politik.system(a.system)?.leverandoer))).collect()
}

/// Whether what was asked then has lapsed.
pub(super) fn for_sent(anmodet: Option<Instant>, nu: Instant) -> bool {
    anmodet.is_some_and(|a| nu.micros() >= a.micros().saturating_add(BORTFALD * DAG))
}

#[cfg(test)]
mod tests;
