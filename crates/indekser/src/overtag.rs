//! Take-on: the objects of a file, portion by portion, judged as importer and opdater judge them.
//!
//! [`Overtager::import`] and [`Overtager::opdatering`] ask nobody and may run on every processor; [`Overtager::afgoer`] says what
//! becomes of a portion, in the order of the file; [`Overtager::skriv`] stores it in one durable write with how far the file has
//! come. A load that stops anywhere goes on from there.

use crate::adgang as ret;
use crate::grundlag::Grundlag;
use crate::hent::{Kendt, lager};
use crate::importer::{de_samme, doem_import, findes, indhold};
use crate::kald::{arter, objekttype};
use crate::opdater::{kendte, ukendt};
use crate::opslag::Kendskab;
use crate::skriv::{Dommer, FORSOEG_MAX, gem, optaget};
use adgang::{Aarsag, Adgang};
use app::App;
use bitemporal::Instant;
use indeks::kald::{Import, Indeks, Opdatering, Retur};
use indeks::model::{Indhold, Registrering};
use indeks::skema::Art;
use indeks::skriveret::Skriver;
use indeks::verden::{Navn, systemer};
use oio::{Cvr, ObjektId};
use std::collections::HashMap;
use store::{Indeksskrivning, Overtagelse, SKRIVNINGER_MAX, StoreFejl};
use uuid::Uuid;

/// Most objects of a portion.
pub const PORTION_MAX: usize = SKRIVNINGER_MAX;

/// Takes objects on for one authority: the system itself, asked by whoever runs it.
pub struct Overtager {
    app: App,
    indeks: Indeks,
    adgang: Adgang,
    /// The only Master or Afsender whose objects are taken; `None`: whoever the objects name.
    system: Option<Uuid>,
    haendelser: bool,
    grundlag: Grundlag,
}

/// An object, judged by what it says alone.
pub struct Forberedt(Slags);

enum Slags {
    /// With what is to be stored of it, until it is.
    Import(Box<Import>, Option<Indeksskrivning>),
    Opdatering(Box<Opdatering>),
    Afvist(Retur),
}

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Udfald {
    /// It was stored.
    Gemt,
    /// The same was there already.
    Fandtes,
    /// It was refused.
    Afvist(Retur),
}

/// A portion of which it is known what is to be stored.
pub struct Afgjort {
    alle: Vec<Slags>,
    /// What became of each; of those to be stored, that they were.
    udfald: Vec<Udfald>,
    skrives: Vec<(usize, Indeksskrivning)>,
}

/// What became of a portion.
pub struct Skrevet {
    /// Of each object, in the order of the file.
    pub udfald: Vec<Udfald>,
    /// Whether it was as expected; only then how far the file has come was written, too.
    pub som_ventet: bool,
}

impl Afgjort {
    /// What becomes of each object, in the order of the file, when no other writer comes first and nothing is there already.
    #[must_use]
    pub fn ventet(&self) -> &[Udfald] {
        &self.udfald
    }
}

impl Overtager {
    /// Takes on objects that `cvr` owns, with events of them or without.
    #[must_use]
    pub fn ny(app: &App, indeks: Indeks, cvr: Cvr, system: Option<Uuid>, haendelser: bool) -> Self {
        let mut adgang = app.system_adgang(Aarsag::ImportIndeks, cvr);
        adgang.objekttype = objekttype(indeks);
        let grundlag = Grundlag::af(app.config());
        Self { app: app.clone(), indeks, adgang, system, haendelser, grundlag }
    }

    /// Who an object may be changed by: the system that was named, else those its registreringer name.
    fn skriver(&self, art: Art, registreringer: &[Registrering]) -> Skriver {
        let navngivne =
            |rolle| registreringer.iter().flat_map(move |r| systemer(art, r, &self.grundlag.roller, rolle));
        let alle = || navngivne("Master").chain(navngivne("Afsender")).collect();
        let systemer = self.system.map_or_else(alle, |system| vec![system]);
        Skriver { cvr: self.adgang.myndighed.to_string(), systemer }
    }

    fn dommer<'a>(&'a self, skriver: &'a Skriver, nu: Instant) -> Dommer<'a> {
        Dommer { skriver, grundlag: &self.grundlag, ejer: self.adgang.myndighed, nu }
    }

    /// A new object, judged and made ready to be stored. What must be looked up is asked in [`Overtager::afgoer`].
    #[must_use]
    pub fn import(&self, mut import: Import) -> Forberedt {
        import.uden_notifikation |= !self.haendelser;
        let skriver = self.skriver(import.objekt.art, &import.objekt.registreringer);
        let skrivning = self.dommer(&skriver, self.app.now()).import(&import, &Kendskab::default());
        Forberedt(match skrivning {
            Ok(skrivning) => Slags::Import(Box::new(import), Some(skrivning)),
            Err(nej) => Slags::Afvist(nej),
        })
    }

    /// A change of an object, to be judged when it is known what it changes.
    #[must_use]
    pub fn opdatering(&self, mut opdatering: Opdatering) -> Forberedt {
        opdatering.uden_notifikation |= !self.haendelser;
        Forberedt(Slags::Opdatering(Box::new(opdatering)))
    }

    /// What is to be stored of a portion: at most [`PORTION_MAX`] objects. Changes of one object belong in portions of their own.
    ///
    /// # Errors
    /// It could not be decided, and nothing was.
    pub async fn afgoer(&self, portion: Vec<Forberedt>) -> Result<Afgjort, Retur> {
        let nu = self.app.now();
        let mut alle: Vec<Slags> = portion.into_iter().map(|f| f.0).collect();
        let om: Vec<(Navn, &Indhold)> = alle.iter().flat_map(omhandler).collect();
        let mut kendskab = Kendskab::om(&self.app, &self.grundlag, self.adgang.myndighed, &om, nu).await?;
        let opdateringer: Vec<&Opdatering> = alle.iter().filter_map(Slags::som_opdatering).collect();
        let kendte = kendte(&self.app, self.adgang.myndighed, opdateringer.into_iter()).await?;
        let mut udfald = vec![Udfald::Gemt; alle.len()];
        let mut skrives = Vec::new();
        for plads in self.orden(&alle) {
            let et = &mut alle[plads];
            match self.et_objekt(et, &mut kendskab, &kendte, nu) {
                Ok(Some(skrivning)) => skrives.push((plads, skrivning)),
                Ok(None) => udfald[plads] = Udfald::Fandtes,
                // Our own failure is not the object's.
                Err(nej) if nej.kode >= 50 => return Err(nej),
                Err(nej) => udfald[plads] = Udfald::Afvist(nej),
            }
        }
        let afviste = ret::afviste(udfald.iter().filter_map(Udfald::retur));
        ret::log_afviste(&self.app, &self.adgang, afviste).await;
        Ok(Afgjort { alle, udfald, skrives })
    }

    /// The places of a portion in the order they are judged in: those others point to first.
    fn orden(&self, alle: &[Slags]) -> Vec<usize> {
        let foerst = arter(self.indeks);
        let mut orden: Vec<usize> = (0..alle.len()).collect();
        orden.sort_by_key(|plads| foerst.iter().position(|art| Some(*art) == alle[*plads].art()));
        orden
    }

    fn et_objekt(
        &self,
        et: &mut Slags,
        kendskab: &mut Kendskab,
        kendte: &HashMap<Navn, Kendt>,
        nu: Instant,
    ) -> Result<Option<Indeksskrivning>, Retur> {
        match et {
            Slags::Afvist(nej) => Err(nej.clone()),
            Slags::Opdatering(opdatering) => self.aendring(opdatering, kendte, kendskab, nu),
            Slags::Import(import, skrivning) => {
                let objekt = &import.objekt;
                if kendskab.ved_noget() {
                    doem_import(objekt, &self.grundlag, kendskab, nu)?;
                    indhold(objekt).for_each(|(navn, indhold)| kendskab.kender(navn, Some(indhold)));
                }
                Ok(skrivning.take())
            }
        }
    }

    fn aendring(
        &self,
        opdatering: &Opdatering,
        kendte: &HashMap<Navn, Kendt>,
        kendskab: &Kendskab,
        nu: Instant,
    ) -> Result<Option<Indeksskrivning>, Retur> {
        let kendt = kendte.get(&(opdatering.art, opdatering.uuid)).ok_or_else(ukendt)?;
        let nyeste = kendt.objekt.nyeste().map_or(&[][..], std::slice::from_ref);
        let skriver = self.skriver(opdatering.art, nyeste);
        self.dommer(&skriver, nu).opdatering(opdatering, Some(kendt), kendskab)
    }

    /// Stores a portion, in one durable write with how far that is when it went as expected.
    ///
    /// # Errors
    /// It could not be stored; how far the file had come says what was.
    pub async fn skriv(&self, afgjort: Afgjort, naaet: Overtagelse) -> Result<Skrevet, Retur> {
        let Afgjort { alle, mut udfald, skrives } = afgjort;
        let (pladser, skrivninger): (Vec<usize>, Vec<_>) = skrives.into_iter().unzip();
        let (nu, fil) = (self.app.now(), naaet.id);
        let gemt = self.app.store().indeks_overtag(&self.adgang, nu, skrivninger, naaet).await;
        let gemt = gemt.map_err(|fejl| overhalet(fejl, fil))?;
        let tabte: Vec<usize> =
            pladser.into_iter().zip(gemt).filter(|(_, gemt)| !gemt).map(|(plads, _)| plads).collect();
        if tabte.is_empty() {
            return Ok(Skrevet { udfald, som_ventet: true });
        }
        self.importer_igen(&alle, &tabte, &mut udfald).await?;
        self.opdater_igen(&alle, &tabte, &mut udfald).await?;
        Ok(Skrevet { udfald, som_ventet: false })
    }

    /// What is there already: what comes again is as good as stored, all else is in the way.
    async fn importer_igen(
        &self,
        alle: &[Slags],
        tabte: &[usize],
        udfald: &mut [Udfald],
    ) -> Result<(), Retur> {
        let deres: Vec<(usize, &Import)> =
            tabte.iter().filter_map(|p| Some((*p, alle[*p].som_import()?))).collect();
        let import: Vec<&Import> = deres.iter().map(|(_, import)| *import).collect();
        let samme = de_samme(&self.app, self.adgang.myndighed, self.app.now(), &import).await?;
        for ((plads, _), samme) in deres.into_iter().zip(samme) {
            udfald[plads] = if samme { Udfald::Fandtes } else { Udfald::Afvist(findes()) };
        }
        Ok(())
    }

    /// What others changed meanwhile is decided anew.
    async fn opdater_igen(
        &self,
        alle: &[Slags],
        tabte: &[usize],
        udfald: &mut [Udfald],
    ) -> Result<(), Retur> {
        let mut tilbage: Vec<usize> =
            tabte.iter().copied().filter(|p| alle[*p].som_opdatering().is_some()).collect();
        for _ in 0..FORSOEG_MAX {
            let deres = tilbage.iter().filter_map(|p| Some((*p, alle[*p].som_opdatering()?)));
            let deres: Vec<(usize, &Opdatering)> = deres.collect();
            if deres.is_empty() {
                return Ok(());
            }
            let nu = self.app.now();
            let om: Vec<(Navn, &Indhold)> = tilbage.iter().flat_map(|p| omhandler(&alle[*p])).collect();
            let kendskab = Kendskab::om(&self.app, &self.grundlag, self.adgang.myndighed, &om, nu).await?;
            let kendte = kendte(&self.app, self.adgang.myndighed, deres.iter().map(|(_, o)| *o)).await?;
            let (mut pladser, mut skrivninger) = (Vec::new(), Vec::new());
            for (plads, opdatering) in deres {
                match self.aendring(opdatering, &kendte, &kendskab, nu) {
                    Ok(Some(skrivning)) => {
                        pladser.push(plads);
                        skrivninger.push(skrivning);
                    }
                    Ok(None) => udfald[plads] = Udfald::Fandtes,
                    Err(nej) if nej.kode >= 50 => return Err(nej),
                    Err(nej) => udfald[plads] = Udfald::Afvist(nej),
                }
            }
            let gemt = gem(&self.app, &self.adgang, nu, skrivninger).await?;
            tilbage = pladser.into_iter().zip(gemt).filter(|(_, gemt)| !gemt).map(|(p, _)| p).collect();
        }
        tilbage.into_iter().for_each(|plads| udfald[plads] = Udfald::Afvist(optaget()));
        Ok(())
    }

    /// Writes how far a file has come.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn noter(&self, naaet: Overtagelse) -> Result<(), Retur> {
        let fil = naaet.id;
        let noteret = self.app.store().saet_overtagelse(self.app.now(), naaet).await;
        noteret.map_err(|fejl| overhalet(fejl, fil))
    }

    /// How far a file has come; `None` when it has not been begun.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn naaet(&self, fil: Uuid) -> Result<Option<Overtagelse>, Retur> {
        self.app.store().overtagelse(fil).await.map_err(lager)
    }
}

fn overhalet(fejl: StoreFejl, fil: Uuid) -> Retur {
    match fejl {
        StoreFejl::Tabt(ObjektId(id)) if id == fil => {
            Retur::ny(49, "Filen er ved at blive indlæst af en anden kørsel; vent, til den er færdig")
        }
        andet => lager(andet),
    }
}

fn omhandler(et: &Slags) -> Vec<(Navn, &Indhold)> {
    match et {
        Slags::Import(import, _) => indhold(&import.objekt).collect(),
        Slags::Opdatering(o) => vec![((o.art, o.uuid), &o.indhold)],
        Slags::Afvist(_) => Vec::new(),
    }
}

impl Slags {
    fn art(&self) -> Option<Art> {
        match self {
            Self::Import(import, _) => Some(import.objekt.art),
            Self::Opdatering(o) => Some(o.art),
            Self::Afvist(_) => None,
        }
    }

    fn som_import(&self) -> Option<&Import> {
        if let Self::Import(import, _) = self { Some(import) } else { None }
    }

    fn som_opdatering(&self) -> Option<&Opdatering> {
        if let Self::Opdatering(opdatering) = self { Some(opdatering) } else { None }
    }
}

impl Udfald {
    /// The refusal.
    #[must_use]
    pub const fn retur(&self) -> Option<&Retur> {
        if let Self::Afvist(retur) = self { Some(retur) } else { None }
    }
}
