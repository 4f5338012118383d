//! Reads the files and judges every object, imports before updates, so that an update is judged on what it updates.

use super::rapport::Rapport;
use crate::cli::ValiderArgs;
use crate::indeksfil::{Afviste, BESKADIGET, Fremdrift, Kilde, Laesefejl, beskadiget, i_orden};
use anyhow::{Context, Result};
use imports::overtag::afvist::Grund;
use imports::overtag::{Afkoder, Klip, Objekt};
use imports::valider::{Anmaerkning, Validering};
use indeks::kald::Opdatering;
use indeks::model::Registrering;
use indeks::skema::Art;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use uuid::Uuid;

/// Objects that are judged at a time.
const BUNDT: usize = 256;

/// What a processor found of one object.
struct Proevet {
    klip: Klip,
    anmaerkninger: Vec<Anmaerkning>,
    /// An update, which is judged where the objects are known.
    opdatering: Option<Opdatering>,
    /// What an import leaves behind that an update in these files is of.
    kendt: Option<((Art, Uuid), Registrering)>,
    roller: BTreeMap<(&'static str, String), u64>,
}

struct Proever<'a> {
    args: &'a ValiderArgs,
    validering: &'a Validering,
    /// Objects that updates in these files are of.
    opdateres: HashSet<Uuid>,
    kendte: HashMap<(Art, Uuid), Registrering>,
    rapport: Rapport,
}

/// Judges the files.
pub fn filer(args: &ValiderArgs, validering: &Validering) -> Result<Rapport> {
    let mut p = Proever {
        args,
        validering,
        opdateres: HashSet::new(),
        kendte: HashMap::new(),
        rapport: Rapport::ny(args.hoejst),
    };
    let mut importer = Vec::new();
    let mut opdateringer = Vec::new();
    for path in &args.filer {
        match Kilde::aabn(path, args.fra) {
            Ok(kilde) if kilde.rod().opdatering() => {
                p.saml_opdateres(kilde);
                opdateringer.push(path);
            }
            Ok(_) => importer.push(path),
            Err(fejl) => p.filfejl(path, fejl)?,
        }
    }
    for path in importer.into_iter().chain(opdateringer) {
        p.fil(path)?;
    }
    Ok(p.rapport)
}

impl Proever<'_> {
    /// What is wrong with a file as a whole is a finding; that it cannot be read is not.
    fn filfejl(&mut self, path: &Path, fejl: Laesefejl) -> Result<()> {
        match fejl {
            Laesefejl::Fil(fejl) => self.rapport.filfejl(path, &fejl),
            // A damaged archive is what the file holds.
            Laesefejl::Io(fejl) if beskadiget(&fejl) => {
                self.rapport.filfejl_tekst(path, "/", BESKADIGET);
            }
            Laesefejl::Io(fejl) => {
                return Err(fejl).with_context(|| format!("{} kan ikke læses", path.display()));
            }
        }
        Ok(())
    }

    /// Notes which objects a file updates. What is wrong with it is told when it is judged.
    fn saml_opdateres(&mut self, mut kilde: Kilde) {
        while let Ok(Some(klip)) = kilde.naeste() {
            self.opdateres.extend(klip.uuid());
        }
    }

    fn fil(&mut self, path: &Path) -> Result<()> {
        let mut kilde = match Kilde::aabn(path, self.args.fra) {
            Ok(kilde) => kilde,
            Err(fejl) => return self.filfejl(path, fejl),
        };
        let rod = kilde.rod().clone();
        self.rapport.fil(path, &rod);
        let mut afviste = Afviste::ny(self.args.afviste.as_deref(), path, &rod);
        let slut = RefCell::new(None);
        let mut fejl = None;
        let mut bar = Fremdrift::ny(path, &kilde);
        let bundt = || kilde.bundt(BUNDT, &slut);
        let (validering, opdateres) = (self.validering, std::mem::take(&mut self.opdateres));
        let arbejd = |klip: Vec<Klip>| {
            let mut afkoder = Afkoder::ny(rod.clone());
            klip.into_iter().map(|k| et_objekt(&mut afkoder, validering, &opdateres, k)).collect::<Vec<_>>()
        };
        i_orden(bundt, arbejd, |alle: Vec<Proevet>| {
            bar.objekter(alle.len() as u64);
            for et in alle {
                if fejl.is_none() {
                    fejl = self.modtag(path, et, &mut afviste).err();
                }
            }
        });
        bar.slut();
        self.opdateres = opdateres;
        fejl.map_or(Ok(()), Err)?;
        afviste.slut()?;
        match slut.into_inner() {
            Some(fejl) => self.filfejl(path, fejl),
            None => Ok(()),
        }
    }

    fn modtag(&mut self, path: &Path, et: Proevet, afviste: &mut Afviste) -> Result<()> {
        let Proevet { klip, mut anmaerkninger, opdatering, kendt, roller } = et;
        self.kendte.extend(kendt);
        self.rapport.roller(roller);
        if let Some(opdatering) = opdatering {
            let navn = (opdatering.art, opdatering.uuid);
            let foer = self.kendte.get(&navn);
            let (brud, efter) = self.validering.opdatering(foer, &opdatering);
            self.rapport.opdatering(foer.is_some());
            anmaerkninger.extend(brud);
            if let Some(efter) = efter {
                self.kendte.insert(navn, efter);
            }
        }
        if !anmaerkninger.is_empty() {
            let grunde: Vec<Grund> = anmaerkninger.iter().map(Anmaerkning::grund).collect();
            afviste.post(&klip, &grunde)?;
        }
        self.rapport.objekt(path, &klip, anmaerkninger);
        Ok(())
    }
}

fn et_objekt(
    afkoder: &mut Afkoder,
    validering: &Validering,
    opdateres: &HashSet<Uuid>,
    klip: Klip,
) -> Proevet {
    let mut ud =
        Proevet { anmaerkninger: Vec::new(), opdatering: None, kendt: None, roller: BTreeMap::new(), klip };
    let objekt = match afkoder.afkod(&ud.klip) {
        Ok(objekt) => objekt,
        Err(fejl) => {
            ud.anmaerkninger.push(Anmaerkning::ulaeselig(&ud.klip, fejl));
            return ud;
        }
    };
    validering.ukendte_roller(&objekt, &mut ud.roller);
    match objekt {
        Objekt::Opdatering(opdatering) => ud.opdatering = Some(opdatering),
        Objekt::Import(import) => {
            ud.anmaerkninger = validering.import(&import);
            let mut objekt = import.objekt;
            if opdateres.contains(&objekt.uuid) {
                ud.kendt = objekt.registreringer.pop().map(|nyeste| ((objekt.art, objekt.uuid), nyeste));
            }
        }
    }
    ud
}
