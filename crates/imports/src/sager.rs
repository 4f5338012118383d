//! Invented cases of any number, with documents, journal notes, grants and payments: the same for the same numbers.
//!
//! Each case is made from its number and the seed alone, so a run needs no more memory than one case takes, and any part of it
//! can be made again. What is written are take-on files ([`crate::overtag`]) and files of updates that follow.
//!
//! Nobody is meant: a CPR number here has a month above 12, which neither a CPR number nor a replacement number has; a CVR
//! number of a company begins with 00; names are invented. KLE numbers have the form of real ones and are looked up nowhere.

mod bevilling;
mod data;
mod dokument;
mod effektuering;
mod forloeb;
mod sag;
mod skabelon;
mod tid;

#[cfg(test)]
mod tests;

use forloeb::Forloeb;
use oio::Cvr;
use skabelon::Skabelon;
use uuid::Uuid;

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Opsaetning {
    /// How many cases.
    pub sager: u64,
    /// The same number gives the same cases.
    pub seed: u64,
    /// The owner's CVR number.
    pub cvr: Cvr,
    /// The owner's name.
    pub kommune: String,
    /// The it-system that is Master and Afsender of all.
    pub system: Uuid,
    /// Its name.
    pub systemnavn: String,
}

impl Opsaetning {
    /// So many cases of Korsbæk Kommune.
    #[must_use]
    pub fn korsbaek(sager: u64, seed: u64) -> Self {
        let info = crate::korsbaek::info(crate::korsbaek::Kommune::Korsbaek);
        Self {
            sager,
            seed,
            cvr: info.cvr,
            kommune: info.navn,
            system: crate::korsbaek::KY,
            systemnavn: "KY".to_owned(),
        }
    }
}

/// The files of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fil {
    /// Documents and cases.
    SagDokument,
    /// Grants and payments.
    Ydelse,
    /// What is changed in documents and cases afterwards.
    SagDokumentOpdater,
    /// What is changed in payments afterwards.
    YdelseOpdater,
}

impl Fil {
    /// Every file, in the order they are loaded.
    pub const ALLE: [Self; 4] =
        [Self::SagDokument, Self::Ydelse, Self::SagDokumentOpdater, Self::YdelseOpdater];

    /// Its name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::SagDokument => "sagdokument.xml",
            Self::Ydelse => "ydelse.xml",
            Self::SagDokumentOpdater => "sagdokument-opdater.xml",
            Self::YdelseOpdater => "ydelse-opdater.xml",
        }
    }

    const fn rod(self) -> &'static str {
        match self {
            Self::SagDokument => "sdi:ImporterSagDokumentIndeksInput",
            Self::Ydelse => "yi:ImporterYdelseIndeksInput",
            Self::SagDokumentOpdater => "sdi:OpdaterSagDokumentIndeksInput",
            Self::YdelseOpdater => "yi:OpdaterYdelseIndeksInput",
        }
    }

    /// What it begins with.
    #[must_use]
    pub fn hoved(self) -> String {
        let mut ud = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{}", self.rod());
        for ns in indeks::skema::Ns::ALLE {
            ud.extend([" xmlns:", ns.praefiks(), "=\"", ns.uri(), "\""]);
        }
        ud.push_str(">\n");
        ud
    }

    /// What it ends with.
    #[must_use]
    pub fn fod(self) -> String {
        format!("</{}>\n", self.rod())
    }
}

/// How many objects of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Antal {
    pub sager: u64,
    pub dokumenter: u64,
    pub journalnotater: u64,
    pub bevillinger: u64,
    pub effektueringer: u64,
    pub opdateringer: u64,
}

impl Antal {
    /// The objects, updates aside.
    #[must_use]
    pub const fn objekter(&self) -> u64 {
        self.sager + self.dokumenter + self.bevillinger + self.effektueringer
    }
}

impl std::ops::AddAssign for Antal {
    fn add_assign(&mut self, andre: Self) {
        self.sager += andre.sager;
        self.dokumenter += andre.dokumenter;
        self.journalnotater += andre.journalnotater;
        self.bevillinger += andre.bevillinger;
        self.effektueringer += andre.effektueringer;
        self.opdateringer += andre.opdateringer;
    }
}

/// What has been made and not yet taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ud {
    tekst: [String; Fil::ALLE.len()],
    /// What has been made in all.
    pub antal: Antal,
}

impl Ud {
    /// What stands for a file.
    #[must_use]
    pub fn af(&self, fil: Fil) -> &str {
        &self.tekst[fil as usize]
    }

    /// Forgets what has been written; the memory stays.
    pub fn toem(&mut self) {
        self.tekst.iter_mut().for_each(String::clear);
    }

    fn til(&mut self, fil: Fil) -> &mut String {
        &mut self.tekst[fil as usize]
    }
}

/// Makes cases.
#[derive(Debug)]
pub struct Generator {
    opsaetning: Opsaetning,
    skabelon: Skabelon,
}

impl Generator {
    /// A generator of these.
    #[must_use]
    pub fn ny(opsaetning: Opsaetning) -> Self {
        let skabelon = Skabelon::ny(&opsaetning);
        Self { opsaetning, skabelon }
    }

    /// How many cases it makes.
    #[must_use]
    pub const fn sager(&self) -> u64 {
        self.opsaetning.sager
    }

    /// Writes the case of this number, from 0, with all that belongs to it.
    pub fn sag(&self, nr: u64, ud: &mut Ud) {
        let mut forloeb = Forloeb::ny(&self.opsaetning, nr);
        for dokument in 0..forloeb.dokumenter.len() {
            dokument::skriv(&self.skabelon, &forloeb, dokument, ud);
        }
        sag::skriv(&self.skabelon, &forloeb, ud);
        sag::opdater(&self.skabelon, &mut forloeb, ud);
        if let Some(ydelse) = forloeb.ydelse() {
            bevilling::skriv(&self.skabelon, &forloeb, &ydelse, ud);
            for maaned in 0..ydelse.betalinger {
                effektuering::skriv(&self.skabelon, &forloeb, &ydelse, maaned, ud);
            }
        }
    }
}
