//! One file, from where it was left to its end.

use super::filfejl;
use super::sted::{Sted, fingeraftryk};
use crate::indeksfil::{Afviste, Fremdrift, Kilde, i_orden};
use anyhow::{Result, anyhow, ensure};
use app::App;
use imports::overtag::afvist::Grund;
use imports::overtag::{Afkoder, Klip, Objekt};
use imports::valider::Anmaerkning;
use indeks::kald::Retur;
use indekser::overtag::{Forberedt, Overtager, Udfald};
use oio::Cvr;
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::Handle;
use uuid::Uuid;

/// Where a load can be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punkt {
    /// A portion's refusals are put aside, and nothing of it is stored.
    Foer,
    /// It is stored, and some of it was there already: how far it is, is not noted yet.
    Mellem,
    /// It is noted.
    Efter,
}

/// What is to be loaded, and how.
pub struct Job<'a> {
    pub app: &'a App,
    pub cvr: Cvr,
    pub system: Option<Uuid>,
    pub haendelser: bool,
    /// Where what is refused is put.
    pub afviste: &'a Path,
    pub forfra: bool,
    /// Objects stored in one write.
    pub portion: usize,
    /// Asked at each point whether to stop there.
    pub stop: &'a (dyn Fn(Punkt) -> bool + Sync),
}

/// What became of a file.
pub struct Rapport {
    pub navn: String,
    pub sted: Sted,
    /// It was loaded before.
    pub allerede: bool,
    pub stoppet: bool,
    /// What ends the file too early.
    pub fejl: Option<String>,
    /// Objects of this time.
    pub objekter: u64,
    pub tid: Duration,
    pub afvist_fil: Option<PathBuf>,
}

/// An object as a processor leaves it.
struct Laest {
    klip: Klip,
    forberedt: Result<Forberedt, Grund>,
}

/// A file under way.
struct Fil<'a> {
    job: &'a Job<'a>,
    overtager: &'a Overtager,
    id: Uuid,
    version: i64,
    sted: Sted,
    afviste: Afviste,
}

impl Job<'_> {
    /// Loads a file from where it was left.
    pub async fn fil(&self, path: &Path) -> Result<Rapport> {
        let mut rapport = Rapport {
            navn: path.display().to_string(),
            sted: Sted::default(),
            allerede: false,
            stoppet: false,
            fejl: None,
            objekter: 0,
            tid: Duration::ZERO,
            afvist_fil: None,
        };
        let rod = match Kilde::aabn(path, None) {
            Ok(kilde) => kilde.rod().clone(),
            Err(fejl) => {
                rapport.fejl = Some(filfejl(path, fejl)?);
                return Ok(rapport);
            }
        };
        let overtager = Overtager::ny(self.app, rod.indeks(), self.cvr, self.system, self.haendelser);
        let id = fingeraftryk(path, self.cvr, self.system)?;
        let gemt = overtager.naaet(id).await.map_err(fejl)?;
        let kendt = gemt.as_ref().filter(|_| !self.forfra);
        let sted = kendt.map(Sted::udpak).transpose()?.unwrap_or_default();
        let afviste = Afviste::ny(Some(self.afviste), path, &rod);
        if sted.slut {
            let fil = afviste.path().filter(|_| sted.afvist_bytes > 0).map(Path::to_owned);
            return Ok(Rapport { sted, allerede: true, afvist_fil: fil, ..rapport });
        }
        ensure!(
            kendt.is_some() || self.forfra || !afviste.path().is_some_and(Path::exists),
            "{} findes allerede; flyt den, eller angiv en anden mappe med --afviste",
            afviste.path().unwrap_or(path).display()
        );
        let version = gemt.map_or(0, |g| g.version) + 1;
        // From here on the file of what is refused is ours.
        overtager.noter(sted.pak(id, version)?).await.map_err(fejl)?;
        let afviste = Afviste::fortsaet(self.afviste, path, &rod, sted.afvist_bytes)?;
        let mut fil = Fil { job: self, overtager: &overtager, id, version, sted, afviste };
        fil.indlaes(path, &mut rapport).await?;
        let sidste = fil.afviste.path().filter(|_| fil.sted.afvist_bytes > 0).map(Path::to_owned);
        Ok(Rapport { sted: fil.sted, afvist_fil: sidste, ..rapport })
    }
}

impl Fil<'_> {
    async fn indlaes(&mut self, path: &Path, rapport: &mut Rapport) -> Result<()> {
        let begyndt = self.sted.nr;
        let fra = (begyndt > 0).then_some((self.sted.byte, begyndt));
        let mut kilde = match Kilde::fortsaet(path, fra) {
            Ok(kilde) => kilde,
            Err(fejl) => {
                rapport.fejl = Some(filfejl(path, fejl)?);
                return Ok(());
            }
        };
        let (slut, mut udfald, stop) = (RefCell::new(None), Ok(true), Cell::new(false));
        let mut bar = Fremdrift::ny(path, &kilde).med_linjer();
        let (rod, portion, overtager) = (kilde.rod().clone(), self.job.portion, self.overtager);
        let bundt = || if stop.get() { None } else { kilde.bundt(portion, &slut) };
        let arbejd = |klip: Vec<Klip>| {
            let mut afkoder = Afkoder::ny(rod.clone());
            klip.into_iter().map(|k| et_objekt(&mut afkoder, overtager, k)).collect::<Vec<_>>()
        };
        // Reading and judging go on while a portion is stored.
        tokio::task::block_in_place(|| {
            i_orden(bundt, arbejd, |alle: Vec<Laest>| {
                if !stop.get() {
                    let (antal, afvist) = (alle.len() as u64, self.sted.afvist);
                    udfald = Handle::current().block_on(self.portion(alle));
                    bar.afviste(self.sted.afvist - afvist);
                    bar.objekter(antal);
                    stop.set(!matches!(udfald, Ok(true)));
                }
            });
        });
        rapport.tid = bar.slut();
        rapport.objekter = self.sted.nr - begyndt;
        self.afviste.slut()?;
        rapport.stoppet = !udfald?;
        rapport.fejl = match slut.into_inner() {
            Some(fejl) if !rapport.stoppet => Some(filfejl(path, fejl)?),
            _ => None,
        };
        if rapport.stoppet || rapport.fejl.is_some() {
            return Ok(());
        }
        self.sted.slut = true;
        self.noter().await
    }

    /// Stores a portion, and notes how far that is. `false`: somebody wants it to stop.
    async fn portion(&mut self, alle: Vec<Laest>) -> Result<bool> {
        let Some(sidste) = alle.last().map(|l| (l.klip.slut(), l.klip.nr)) else { return Ok(true) };
        let mut ny = self.sted.clone();
        (ny.byte, ny.nr) = sidste;
        let (mut klip, mut forberedte) = (Vec::new(), Vec::new());
        for laest in alle {
            match laest.forberedt {
                Ok(forberedt) => {
                    klip.push(laest.klip);
                    forberedte.push(forberedt);
                }
                Err(grund) => self.afvis(&mut ny, &laest.klip, grund)?,
            }
        }
        let afgjort = self.overtager.afgoer(forberedte).await.map_err(fejl)?;
        let ventet = afgjort.ventet().to_vec();
        for (klip, udfald) in klip.iter().zip(&ventet) {
            self.tael(&mut ny, klip, udfald)?;
        }
        ny.afvist_bytes = self.afviste.gem()?;
        if (self.job.stop)(Punkt::Foer) {
            return Ok(false);
        }
        self.version += 1;
        let skrevet = self.overtager.skriv(afgjort, ny.pak(self.id, self.version)?).await.map_err(fejl)?;
        if skrevet.som_ventet {
            self.sted = ny;
            return Ok(!(self.job.stop)(Punkt::Efter));
        }
        if (self.job.stop)(Punkt::Mellem) {
            return Ok(false);
        }
        for (klip, (ventet, udfald)) in klip.iter().zip(ventet.iter().zip(&skrevet.udfald)) {
            if ventet != udfald {
                ny.gemt -= 1;
                self.tael(&mut ny, klip, udfald)?;
            }
        }
        ny.afvist_bytes = self.afviste.gem()?;
        self.version -= 1;
        self.sted = ny;
        self.noter().await?;
        Ok(!(self.job.stop)(Punkt::Efter))
    }

    fn tael(&mut self, sted: &mut Sted, klip: &Klip, udfald: &Udfald) -> Result<()> {
        match udfald {
            Udfald::Gemt => sted.gemt += 1,
            Udfald::Fandtes => sted.fandtes += 1,
            Udfald::Afvist(retur) => self.afvis(sted, klip, grund(retur))?,
        }
        Ok(())
    }

    fn afvis(&mut self, sted: &mut Sted, klip: &Klip, grund: Grund) -> Result<()> {
        sted.afvist += 1;
        *sted.regler.entry(grund.regel.clone()).or_default() += 1;
        self.afviste.post(klip, &[grund])
    }

    async fn noter(&mut self) -> Result<()> {
        self.version += 1;
        self.overtager.noter(self.sted.pak(self.id, self.version)?).await.map_err(fejl)
    }
}

fn et_objekt(afkoder: &mut Afkoder, overtager: &Overtager, klip: Klip) -> Laest {
    let forberedt = match afkoder.afkod(&klip) {
        Ok(Objekt::Import(import)) => Ok(overtager.import(import)),
        Ok(Objekt::Opdatering(opdatering)) => Ok(overtager.opdatering(opdatering)),
        Err(fejl) => Err(Anmaerkning::ulaeselig(&klip, fejl).grund()),
    };
    Laest { klip, forberedt }
}

/// Why an object was refused: the rule and the place, when the status says them, else the status.
fn grund(retur: &Retur) -> Grund {
    let tekst = retur.detalje.as_deref().unwrap_or(&retur.tekst);
    let regel = tekst.split_once(": ").filter(|(nr, _)| {
        nr.len() <= 6
            && nr.contains('-')
            && nr.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
    });
    let Some((nr, resten)) = regel else {
        return Grund { regel: retur.kode.to_string(), sti: String::new(), tekst: tekst.to_owned() };
    };
    let (tekst, sti) = resten.strip_suffix(')').and_then(|r| r.rsplit_once(" (")).unwrap_or((resten, ""));
    Grund { regel: nr.to_owned(), sti: sti.to_owned(), tekst: tekst.to_owned() }
}

/// A status that ends the load, as an error.
fn fejl(retur: Retur) -> anyhow::Error {
    match retur.detalje {
        Some(detalje) => anyhow!("{}: {detalje}", retur.tekst),
        None => anyhow!(retur.tekst),
    }
}
