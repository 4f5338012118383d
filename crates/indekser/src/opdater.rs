//! opdater: changes of objects, each for itself.

use crate::grundlag::Grundlag;
use crate::hent::{self, Kendt};
use crate::kald::{adgang, arter};
use crate::opslag::{Kendskab, Om};
use crate::skriv::{Dommer, FORSOEG_MAX, Nyt, besvar, doem, gem, optaget, runder, uden_svar};
use crate::{Svar, adgang as ret};
use adgang::{Adgang, Caller, Operation};
use app::App;
use bitemporal::Instant;
use indeks::besked::Handling;
use indeks::flet::{self, Opdateret};
use indeks::kald::{Indeks, Opdatering, Retur, UnikRetur};
use indeks::model::{Indhold, Tid};
use indeks::regler::Proeve;
use indeks::skriveret::{Forbudt, Skriver};
use indeks::verden::Navn;
use oio::Cvr;
use std::collections::HashMap;
use store::Indeksskrivning;

/// Changes objects of an index: those others point to first. One status for each, in the order of the call.
pub(crate) async fn opdater(
    app: &App,
    caller: &Caller,
    indeks: Indeks,
    opdateringer: &[Opdatering],
) -> Svar<Vec<UnikRetur>> {
    let adgang = adgang(app, caller, Operation::Opdater, indeks).await?;
    let kalder = Opdaterer {
        app,
        skriver: ret::skriver(&adgang, caller.berettiget()),
        grundlag: Grundlag::af(app.config()),
        nu: app.now(),
        adgang,
    };
    let navne: Vec<Navn> = opdateringer.iter().map(|o| (o.art, o.uuid)).collect();
    let mut retur: Vec<Option<Retur>> = vec![None; opdateringer.len()];
    for runde in runder(&navne, &arter(indeks)) {
        // What was stored stays stored: each object has its own status.
        if let Err(nej) = kalder.runde(opdateringer, runde.clone(), &mut retur).await {
            uden_svar(&runde, &mut retur, &nej);
        }
    }
    ret::log_afviste(app, &kalder.adgang, ret::afviste(retur.iter().flatten())).await;
    besvar(navne, retur, optaget)
}

struct Opdaterer<'a> {
    app: &'a App,
    adgang: Adgang,
    skriver: Skriver,
    grundlag: Grundlag,
    nu: Instant,
}

impl Opdaterer<'_> {
    /// Loads, decides, stores; and again what others changed meanwhile.
    async fn runde(
        &self,
        alle: &[Opdatering],
        mut tilbage: Vec<usize>,
        retur: &mut [Option<Retur>],
    ) -> Svar<()> {
        let om: Vec<(Navn, &Indhold)> =
            tilbage.iter().map(|i| ((alle[*i].art, alle[*i].uuid), &alle[*i].indhold)).collect();
        let kendskab = Kendskab::om(self.app, &self.grundlag, self.adgang.myndighed, &om, self.nu).await?;
        let (skriver, grundlag, nu) = (&self.skriver, &self.grundlag, self.nu);
        let dommer = Dommer { skriver, grundlag, ejer: self.adgang.myndighed, nu };
        for _ in 0..FORSOEG_MAX {
            if tilbage.is_empty() {
                break;
            }
            let deres = tilbage.iter().map(|i| &alle[*i]);
            let kendte = kendte(self.app, self.adgang.myndighed, deres).await?;
            let (mut pladser, mut skrivninger) = (Vec::new(), Vec::new());
            for i in tilbage {
                match dommer.opdatering(&alle[i], kendte.get(&(alle[i].art, alle[i].uuid)), &kendskab) {
                    Ok(Some(skrivning)) => {
                        pladser.push(i);
                        skrivninger.push(skrivning);
                    }
                    Ok(None) => retur[i] = Some(Retur::ok()),
                    Err(nej) => retur[i] = Some(nej),
                }
            }
            let gemt = gem(self.app, &self.adgang, self.nu, skrivninger).await?;
            for (i, _) in pladser.iter().zip(&gemt).filter(|(_, gemt)| **gemt) {
                retur[*i] = Some(Retur::ok());
            }
            tilbage = pladser.into_iter().zip(gemt).filter(|(_, gemt)| !gemt).map(|(i, _)| i).collect();
        }
        Ok(())
    }
}

/// The objects of the authority as they stand: with what came before where the same may have come again.
pub(crate) async fn kendte(
    app: &App,
    ejer: Cvr,
    opdateringer: impl Iterator<Item = &Opdatering> + Clone,
) -> Svar<HashMap<Navn, Kendt>> {
    let navne: Vec<Navn> = opdateringer.clone().map(|o| (o.art, o.uuid)).collect();
    let tider: HashMap<Navn, Instant> =
        opdateringer.map(|o| ((o.art, o.uuid), o.tidspunkt.instant())).collect();
    let mut kendte = hent::navngivne(app, &navne).await?;
    // Another authority's object is not there for this caller.
    kendte.retain(|k| k.ejer == ejer);
    let mut igen: Vec<&mut Kendt> =
        kendte.iter_mut().filter(|k| tider.get(&k.navn()) == Some(&k.tidspunkt)).collect();
    hent::med_historik(app, &mut igen).await?;
    Ok(kendte.into_iter().map(|k| (k.navn(), k)).collect())
}

impl Dommer<'_> {
    /// What is to be stored; `None` when the same has been stored before.
    pub(crate) fn opdatering(
        &self,
        opdatering: &Opdatering,
        kendt: Option<&Kendt>,
        kendskab: &Kendskab,
    ) -> Svar<Option<Indeksskrivning>> {
        let kendt = kendt.ok_or_else(ukendt)?;
        let foer = kendt.objekt.nyeste().ok_or_else(ukendt)?;
        let maa = |efter| {
            let maa = self.skriver.maa_aendre(opdatering.art, foer, efter, &self.grundlag.roller);
            maa.map_err(|f: Forbudt| f.retur())
        };
        maa(None)?;
        let ny = match flet::opdater(&kendt.objekt.registreringer, opdatering, self.nu) {
            Opdateret::Gentaget => return Ok(None),
            Opdateret::ForSent => return Err(for_sent(foer.tidspunkt.as_ref())),
            Opdateret::Ny(ny) => *ny,
        };
        maa(Some(&ny))?;
        let opslag = Om { kendskab, uuid: opdatering.uuid };
        let proeve = Proeve::opdatering(foer, opdatering, &ny, &self.grundlag.roller, &opslag, self.nu);
        doem(&proeve, self.grundlag)?;
        let handling = Handling::af(foer, &ny);
        let nyt = Nyt {
            art: opdatering.art,
            uuid: opdatering.uuid,
            ejer: kendt.ejer,
            foer: Some(kendt.tidspunkt),
            registreringer: std::slice::from_ref(&ny),
            haendelse: (!opdatering.uden_notifikation).then_some(handling),
        };
        nyt.skrivning(self.grundlag).map(Some)
    }
}

pub(crate) fn ukendt() -> Retur {
    Retur::ny(44, "Objektet findes ikke")
}

pub(crate) fn for_sent(nyeste: Option<&Tid>) -> Retur {
    let nyeste = nyeste.map_or_else(String::new, |t| format!(" ({})", t.tekst()));
    let tekst = format!("Tidspunkt skal være senere end den nyeste registrerings{nyeste}");
    Retur { detalje: Some(tekst), ..Retur::ny(49, "Objektet er ændret senere") }
}
