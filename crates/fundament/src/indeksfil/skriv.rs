//! `fundament generate indeks`: invented cases as take-on files.

use super::i_orden;
use crate::cli::GenerateIndeksArgs;
use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use imports::korsbaek::{Kommune, info};
use imports::sager::{Antal, Fil, Generator, Opsaetning, Ud};
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Cases made at a time.
const BUNDT: u64 = 200;

/// A file, packed when its name says so.
pub enum Filskriver {
    Aaben(BufWriter<File>),
    Pakket(Box<GzEncoder<BufWriter<File>>>),
}

impl Filskriver {
    /// Makes a file.
    pub fn ny(path: &Path) -> Result<Self> {
        let fil = File::create(path).with_context(|| format!("{} kan ikke skrives", path.display()))?;
        let fil = BufWriter::with_capacity(1 << 20, fil);
        let pakkes = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"));
        Ok(if pakkes {
            Self::Pakket(Box::new(GzEncoder::new(fil, Compression::fast())))
        } else {
            Self::Aaben(fil)
        })
    }

    /// Writes these bytes.
    pub fn skriv(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Aaben(fil) => fil.write_all(bytes)?,
            Self::Pakket(fil) => fil.write_all(bytes)?,
        }
        Ok(())
    }

    /// Ends the file, so that all of it is there.
    pub fn slut(self) -> Result<()> {
        let mut fil = match self {
            Self::Aaben(fil) => fil,
            Self::Pakket(fil) => fil.finish()?,
        };
        Ok(fil.flush()?)
    }
}

fn opsaetning(args: &GenerateIndeksArgs) -> Opsaetning {
    let mut o = Opsaetning::korsbaek(args.sager, args.seed);
    if let Some(cvr) = args.kommune {
        let kendt = [Kommune::Korsbaek, Kommune::Nabokoebing].map(info).into_iter().find(|i| i.cvr == cvr);
        o.kommune = kendt.map_or_else(|| "Eksempelkøbing Kommune".to_owned(), |i| i.navn);
        o.cvr = cvr;
    }
    if let Some(navn) = &args.navn {
        o.kommune.clone_from(navn);
    }
    if let Some((system, navn)) = args.system.zip(args.systemnavn.clone()) {
        (o.system, o.systemnavn) = (system, navn);
    }
    o
}

/// The files to write: all into a folder, or one alone.
fn filer(args: &GenerateIndeksArgs) -> Result<Vec<(Fil, PathBuf)>> {
    let navn = args.ud.to_string_lossy().to_lowercase();
    if !args.ud.is_dir() && (navn.ends_with(".xml") || navn.ends_with(".xml.gz")) {
        return Ok(vec![(Fil::SagDokument, args.ud.clone())]);
    }
    fs::create_dir_all(&args.ud).with_context(|| format!("{} kan ikke oprettes", args.ud.display()))?;
    let efter = if args.gzip { ".gz" } else { "" };
    Ok(Fil::ALLE.into_iter().map(|fil| (fil, args.ud.join(format!("{}{efter}", fil.navn())))).collect())
}

/// Writes the files, and says what stands in them.
pub fn generer(args: &GenerateIndeksArgs) -> Result<()> {
    let o = opsaetning(args);
    ensure!(
        !o.kommune.trim().is_empty() && o.kommune.chars().count() <= 255,
        "navnet skal være på 1-255 tegn"
    );
    ensure!(
        !o.systemnavn.trim().is_empty() && o.systemnavn.chars().count() <= 255,
        "systemnavnet skal være på 1-255 tegn"
    );
    let filer = filer(args)?;
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").expect("the template is right");
    let bar = ProgressBar::new(args.sager).with_style(style).with_message("Sager");
    let antal = skriv(&Generator::ny(o), &filer, &bar);
    bar.finish_and_clear();
    sig(&antal?, &filer);
    Ok(())
}

fn skriv(generator: &Generator, filer: &[(Fil, PathBuf)], bar: &ProgressBar) -> Result<Antal> {
    let mut aabne = Vec::new();
    for (fil, path) in filer {
        let mut skriver = Filskriver::ny(path)?;
        skriver.skriv(fil.hoved().as_bytes())?;
        aabne.push((*fil, skriver));
    }
    let mut i_alt = Antal::default();
    let mut naeste = 0;
    let mut fejl = None;
    let stoppet = Cell::new(false);
    let bundt = || {
        let fra = if stoppet.get() { generator.sager() } else { naeste };
        naeste = fra.saturating_add(BUNDT).min(generator.sager());
        (fra < naeste).then_some(fra..naeste)
    };
    let lav = |numre: std::ops::Range<u64>| {
        let mut ud = Ud::default();
        let antal = numre.end - numre.start;
        numre.for_each(|nr| generator.sag(nr, &mut ud));
        (antal, ud)
    };
    i_orden(bundt, lav, |(sager, ud)| {
        i_alt += ud.antal;
        bar.inc(sager);
        if fejl.is_none() {
            fejl =
                aabne.iter_mut().try_for_each(|(fil, skriver)| skriver.skriv(ud.af(*fil).as_bytes())).err();
            stoppet.set(fejl.is_some());
        }
    });
    fejl.map_or(Ok(()), Err).context("filen kan ikke skrives")?;
    for (fil, mut skriver) in aabne {
        skriver.skriv(fil.fod().as_bytes())?;
        skriver.slut()?;
    }
    Ok(i_alt)
}

fn sig(antal: &Antal, filer: &[(Fil, PathBuf)]) {
    println!(
        "{} sager, {} dokumenter, {} journalnotater",
        antal.sager, antal.dokumenter, antal.journalnotater
    );
    if filer.len() > 1 {
        println!(
            "{} bevillinger, {} effektueringer, {} opdateringer",
            antal.bevillinger, antal.effektueringer, antal.opdateringer
        );
    } else {
        println!("Bevillinger, effektueringer og opdateringer skrives, når --ud er en mappe.");
    }
    for (_, path) in filer {
        println!("Skrevet: {}", path.display());
    }
}
