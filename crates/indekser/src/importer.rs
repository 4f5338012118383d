//! importer: objects with their history, each for itself.

use crate::grundlag::Grundlag;
use crate::hent::{self, Kendt, intern};
use crate::kald::{adgang, arter};
use crate::opslag::{Kendskab, Om};
use crate::skriv::{Dommer, Nyt, besvar, doem, gem, runder, uden_svar};
use crate::{Svar, adgang as ret};
use adgang::{Adgang, Caller, Operation};
use app::App;
use bitemporal::Instant;
use indeks::besked::Handling;
use indeks::flet;
use indeks::kald::{Import, Indeks, Retur, UnikRetur};
use indeks::model::{Indhold, Objekt, Tid};
use indeks::regler::Proeve;
use indeks::skriveret::Skriver;
use indeks::verden::Navn;
use oio::Cvr;
use std::collections::HashMap;
use store::Indeksskrivning;

/// Puts objects into an index: those others point to first. One status for each, in the order of the call.
pub(crate) async fn importer(
    app: &App,
    caller: &Caller,
    indeks: Indeks,
    import: Vec<Import>,
) -> Svar<Vec<UnikRetur>> {
    let adgang = adgang(app, caller, Operation::Importer, indeks).await?;
    let kalder = Importerer {
        app,
        skriver: ret::skriver(&adgang, caller.berettiget()),
        grundlag: Grundlag::af(app.config()),
        nu: app.now(),
        adgang,
    };
    let navne: Vec<Navn> = import.iter().map(|i| (i.objekt.art, i.objekt.uuid)).collect();
    let mut retur: Vec<Option<Retur>> = vec![None; import.len()];
    for runde in runder(&navne, &arter(indeks)) {
        // What was stored stays stored: each object has its own status.
        if let Err(nej) = kalder.runde(&import, &runde, &mut retur).await {
            uden_svar(&runde, &mut retur, &nej);
        }
    }
    ret::log_afviste(app, &kalder.adgang, ret::afviste(retur.iter().flatten())).await;
    besvar(navne, retur, Retur::ok)
}

struct Importerer<'a> {
    app: &'a App,
    adgang: Adgang,
    skriver: Skriver,
    grundlag: Grundlag,
    nu: Instant,
}

impl Importerer<'_> {
    /// Stores the objects at these places of the call that may be stored.
    async fn runde(&self, import: &[Import], runde: &[usize], retur: &mut [Option<Retur>]) -> Svar<()> {
        let om: Vec<(Navn, &Indhold)> = runde.iter().flat_map(|i| indhold(&import[*i].objekt)).collect();
        let kendskab = Kendskab::om(self.app, &self.grundlag, self.adgang.myndighed, &om, self.nu).await?;
        let (mut pladser, mut skrivninger) = (Vec::new(), Vec::new());
        for i in runde {
            match self.dommer().import(&import[*i], &kendskab) {
                Ok(skrivning) => {
                    pladser.push(*i);
                    skrivninger.push(skrivning);
                }
                Err(nej) => retur[*i] = Some(nej),
            }
        }
        let gemt = gem(self.app, &self.adgang, self.nu, skrivninger).await?;
        let kendte = pladser.iter().zip(gemt).filter(|(_, gemt)| !gemt).map(|(i, _)| *i);
        self.kendte(import, &kendte.collect::<Vec<_>>(), retur).await
    }

    fn dommer(&self) -> Dommer<'_> {
        let ejer = self.adgang.myndighed;
        Dommer { skriver: &self.skriver, grundlag: &self.grundlag, ejer, nu: self.nu }
    }

    /// What is there already: what comes again is as good as stored, all else is in the way.
    async fn kendte(&self, import: &[Import], pladser: &[usize], retur: &mut [Option<Retur>]) -> Svar<()> {
        if pladser.is_empty() {
            return Ok(());
        }
        let deres: Vec<&Import> = pladser.iter().map(|i| &import[*i]).collect();
        let samme = de_samme(self.app, self.adgang.myndighed, self.nu, &deres).await?;
        for (i, _) in pladser.iter().zip(samme).filter(|(_, samme)| !samme) {
            retur[*i] = Some(findes());
        }
        Ok(())
    }
}

/// The refusal of an object that is in the way of itself.
pub(crate) fn findes() -> Retur {
    let tekst = "UUID'et er i brug; et objekt, der er i indekset, ændres med opdater";
    Retur { detalje: Some(tekst.to_owned()), ..Retur::ny(49, "Objektet findes allerede") }
}

/// Which of these say what is there already, of the same owner.
pub(crate) async fn de_samme(app: &App, ejer: Cvr, nu: Instant, import: &[&Import]) -> Svar<Vec<bool>> {
    let navne: Vec<Navn> = import.iter().map(|i| (i.objekt.art, i.objekt.uuid)).collect();
    let mut kendte = hent::navngivne(app, &navne).await?;
    let mut vores: Vec<&mut Kendt> = kendte.iter_mut().filter(|k| k.ejer == ejer).collect();
    hent::med_historik(app, &mut vores).await?;
    let kendte: HashMap<Navn, &Objekt> = vores.iter().map(|k| (k.navn(), &k.objekt)).collect();
    let samme = |i: &Import, navn: &Navn| {
        let kommet = || flet::importeret(i.objekt.clone(), nu);
        kendte.get(navn).is_some_and(|kendt| flet::samme_import(kendt, &kommet()))
    };
    Ok(import.iter().zip(&navne).map(|(i, navn)| samme(i, navn)).collect())
}

impl Dommer<'_> {
    /// What is to be stored of an import, when rules and rights let it in.
    pub(crate) fn import(&self, import: &Import, kendskab: &Kendskab) -> Svar<Indeksskrivning> {
        let objekt = &import.objekt;
        tider(objekt)?;
        for r in &objekt.registreringer {
            self.skriver.maa_importere(objekt.art, r, &self.grundlag.roller).map_err(|f| f.retur())?;
        }
        doem_import(objekt, self.grundlag, kendskab, self.nu)?;
        let objekt = flet::importeret(objekt.clone(), self.nu);
        Nyt {
            art: objekt.art,
            uuid: objekt.uuid,
            ejer: self.ejer,
            foer: None,
            registreringer: &objekt.registreringer,
            haendelse: (!import.uden_notifikation).then_some(Handling::Importeret),
        }
        .skrivning(self.grundlag)
    }
}

/// The contents of an object.
pub(crate) fn indhold(objekt: &Objekt) -> impl Iterator<Item = (Navn, &Indhold)> {
    objekt.registreringer.iter().map(|r| ((objekt.art, objekt.uuid), &r.indhold))
}

/// What an object must have, whatever the rules say: registreringer, each with a time of its own.
pub(crate) fn tider(objekt: &Objekt) -> Svar<()> {
    let nej = |tekst: &str| Retur { detalje: Some(tekst.to_owned()), ..Retur::ny(40, "Ugyldigt input") };
    let tider: Option<Vec<Instant>> =
        objekt.registreringer.iter().map(|r| r.tidspunkt.as_ref().map(Tid::instant)).collect();
    let mut tider = tider.ok_or_else(|| nej("G-01: en Registrering mangler Tidspunkt"))?;
    if tider.is_empty() {
        return Err(nej("G-01: objektet har ingen Registrering"));
    }
    tider.sort_unstable();
    if tider.windows(2).any(|par| par[0] == par[1]) {
        return Err(nej("G-01: to registreringer har samme Tidspunkt"));
    }
    Ok(())
}

/// Refuses an import that breaks a rule that refuses.
pub(crate) fn doem_import(
    objekt: &Objekt,
    grundlag: &Grundlag,
    kendskab: &Kendskab,
    nu: Instant,
) -> Svar<()> {
    let opslag = Om { kendskab, uuid: objekt.uuid };
    for r in &objekt.registreringer {
        doem(&Proeve::import(objekt.art, r, &grundlag.roller, &opslag, nu), grundlag)?;
    }
    if objekt.nyeste().is_none() { Err(intern("der er ingen registrering")) } else { Ok(()) }
}
