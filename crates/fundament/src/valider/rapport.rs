//! What was found, for people and for programs. Holds a bounded number of findings, and counts them all.

use imports::overtag::{Klip, Rod};
use imports::valider::{Anmaerkning, KALD, KRAEVER_OPSLAG, SKEMA};
use indeks::Fejl;
use indeks::kald::Indeks;
use indeks::regler::Niveau;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Unknown roles that are named at most.
const ROLLER_MAX: usize = 20;

/// One finding with the place of its object.
struct Fund {
    fil: usize,
    byte: u64,
    nr: u64,
    a: Anmaerkning,
}

struct Fil {
    navn: String,
    hvad: &'static str,
    objekter: u64,
    fejl: Option<(String, String)>,
}

#[derive(Default)]
struct Tal {
    niveau: Option<Niveau>,
    tekst: String,
    antal: u64,
    objekter: u64,
}

/// What was found.
pub struct Rapport {
    hoejst: usize,
    filer: Vec<Fil>,
    skema: Vec<Fund>,
    regler: Vec<Fund>,
    tal: BTreeMap<&'static str, Tal>,
    /// Objects with findings.
    ramte: u64,
    roller: BTreeMap<(&'static str, String), u64>,
    alene: u64,
}

impl Rapport {
    /// Nothing yet; shows so many findings at most.
    pub const fn ny(hoejst: usize) -> Self {
        Self {
            hoejst,
            filer: Vec::new(),
            skema: Vec::new(),
            regler: Vec::new(),
            tal: BTreeMap::new(),
            ramte: 0,
            roller: BTreeMap::new(),
            alene: 0,
        }
    }

    /// A file is begun.
    pub fn fil(&mut self, path: &Path, rod: &Rod) {
        let hvad = match (rod.indeks(), rod.opdatering()) {
            (Indeks::SagDokument, false) => "import til Sags- og Dokumentindekset",
            (Indeks::SagDokument, true) => "opdatering af Sags- og Dokumentindekset",
            (Indeks::Ydelse, false) => "import til Ydelsesindekset",
            (Indeks::Ydelse, true) => "opdatering af Ydelsesindekset",
        };
        self.filer.push(Fil { navn: path.display().to_string(), hvad, objekter: 0, fejl: None });
    }

    fn nr(&mut self, path: &Path) -> usize {
        let navn = path.display().to_string();
        // The file at hand is the last.
        self.filer.iter().rposition(|f| f.navn == navn).unwrap_or_else(|| {
            self.filer.push(Fil { navn, hvad: "ikke en fil til indekserne", objekter: 0, fejl: None });
            self.filer.len() - 1
        })
    }

    /// What is wrong with a file as a whole.
    pub fn filfejl(&mut self, path: &Path, fejl: &Fejl) {
        self.filfejl_tekst(path, &fejl.sti, &fejl.tekst);
    }

    pub fn filfejl_tekst(&mut self, path: &Path, sti: &str, tekst: &str) {
        let nr = self.nr(path);
        self.filer[nr].fejl = Some((sti.to_owned(), tekst.to_owned()));
    }

    /// Roles that mean nothing here.
    pub fn roller(&mut self, roller: BTreeMap<(&'static str, String), u64>) {
        for (rolle, antal) in roller {
            // Bounded, whatever is sent.
            if self.roller.len() < 10 * ROLLER_MAX || self.roller.contains_key(&rolle) {
                *self.roller.entry(rolle).or_default() += antal;
            }
        }
    }

    /// An update was judged, on the object or alone.
    pub fn opdatering(&mut self, paa_objektet: bool) {
        self.alene += u64::from(!paa_objektet);
    }

    /// One object with what was found.
    pub fn objekt(&mut self, path: &Path, klip: &Klip, anmaerkninger: Vec<Anmaerkning>) {
        let fil = self.nr(path);
        self.filer[fil].objekter += 1;
        self.ramte += u64::from(!anmaerkninger.is_empty());
        let mut set: Vec<&'static str> = Vec::new();
        for a in anmaerkninger {
            let tal = self.tal.entry(a.regel).or_default();
            tal.niveau = Some(a.niveau);
            tal.antal += 1;
            if !set.contains(&a.regel) {
                set.push(a.regel);
                tal.objekter += 1;
            }
            let ulaeselig = matches!(a.regel, SKEMA | KALD);
            if tal.tekst.is_empty() {
                tal.tekst = match a.regel {
                    SKEMA => "ikke som skemaet kræver".to_owned(),
                    KALD => "kan ikke være i et kald".to_owned(),
                    _ => a.tekst.clone(),
                };
            }
            let liste = if ulaeselig { &mut self.skema } else { &mut self.regler };
            if liste.len() < self.hoejst {
                liste.push(Fund { fil, byte: klip.byte, nr: klip.nr, a });
            }
        }
    }

    /// Whether anything was found.
    pub fn fundet(&self) -> bool {
        !self.tal.is_empty() || self.filer.iter().any(|f| f.fejl.is_some())
    }

    fn antal(&self) -> u64 {
        self.tal.values().map(|t| t.antal).sum()
    }

    /// The findings that are shown, what the schema refuses first.
    fn viste(&self) -> impl Iterator<Item = &Fund> {
        self.skema.iter().chain(&self.regler).take(self.hoejst)
    }

    /// The rules by number, what keeps an object from being read first.
    fn opgoerelse(&self) -> impl Iterator<Item = (&'static str, &Tal)> {
        let ulaeselig = |regel: &str| matches!(regel, SKEMA | KALD);
        let foerst = self.tal.iter().filter(move |(r, _)| ulaeselig(r));
        foerst.chain(self.tal.iter().filter(move |(r, _)| !ulaeselig(r))).map(|(r, t)| (*r, t))
    }

    /// For people.
    pub fn tekst(&self) -> String {
        let mut ud = String::new();
        self.skriv(&mut ud).expect("writing to a string does not fail");
        ud
    }

    fn skriv(&self, ud: &mut String) -> std::fmt::Result {
        for fil in self.filer.iter() {
            let Some((sti, tekst)) = &fil.fejl else { continue };
            let sted = if sti == "/" { String::new() } else { format!(" ({sti})") };
            writeln!(ud, "{}: {tekst}{sted}\n", fil.navn)?;
        }
        let mut objekt = None;
        for fund in self.viste() {
            let Fund { fil, byte, nr, a } = fund;
            if objekt != Some((*fil, *byte)) {
                objekt = Some((*fil, *byte));
                let uuid = a.uuid.map_or_else(|| "uden UUID".to_owned(), |u| u.to_string());
                writeln!(
                    ud,
                    "{} {uuid} ({}, objekt {nr}, byte {byte})",
                    a.objekttype, self.filer[*fil].navn
                )?;
            }
            writeln!(ud, "  {} {}: {}", a.regel, niveau(a.niveau), a.tekst)?;
            writeln!(ud, "    sted: {}", a.sti)?;
            writeln!(ud, "    afsnit: {}", a.afsnit)?;
        }
        let skjulte = self.antal().saturating_sub(self.viste().count() as u64);
        if skjulte > 0 {
            writeln!(ud, "… og {skjulte} anmærkninger mere; vis flere med --hoejst")?;
        }
        if objekt.is_some() {
            writeln!(ud)?;
        }
        self.skriv_opgoerelse(ud)
    }

    fn skriv_opgoerelse(&self, ud: &mut String) -> std::fmt::Result {
        for fil in &self.filer {
            writeln!(ud, "{}: {}, {} objekter", fil.navn, fil.hvad, fil.objekter)?;
        }
        if !self.tal.is_empty() {
            writeln!(ud, "\n{:<7} {:<6} {:>10} {:>10}  Hvad", "Regel", "Niveau", "Antal", "Objekter")?;
            for (regel, t) in self.opgoerelse() {
                let n = t.niveau.map(niveau).unwrap_or_default();
                writeln!(ud, "{regel:<7} {n:<6} {:>10} {:>10}  {}", t.antal, t.objekter, t.tekst)?;
            }
        }
        writeln!(ud)?;
        if self.fundet() {
            writeln!(ud, "{} anmærkninger til {} objekter.", self.antal(), self.ramte)?;
        } else {
            writeln!(ud, "Ingen anmærkninger.")?;
        }
        if self.alene > 0 {
            writeln!(
                ud,
                "{} opdateringer er af objekter, der ikke importeres i filerne; kun det, de sender, er prøvet.",
                self.alene
            )?;
        }
        if !self.roller.is_empty() {
            writeln!(ud, "Roller, der ikke kendes her (angiv dem med --roller):")?;
            for ((relation, uuid), antal) in self.roller.iter().take(ROLLER_MAX) {
                writeln!(ud, "  {relation}: {uuid} ({antal} steder)")?;
            }
        }
        writeln!(
            ud,
            "Ikke prøvet, fordi det kræver opslag i indekset, KLE eller Organisation: {}.",
            KRAEVER_OPSLAG.join(", ")
        )
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let fund = |f: &Fund| {
            json!({
                "fil": self.filer[f.fil].navn,
                "byte": f.byte,
                "nr": f.nr,
                "objekttype": f.a.objekttype,
                "uuid": f.a.uuid.map(|u| u.to_string()),
                "regel": f.a.regel,
                "niveau": niveau(f.a.niveau),
                "sti": f.a.sti,
                "afsnit": f.a.afsnit,
                "tekst": f.a.tekst,
            })
        };
        let filer = self.filer.iter().map(|f| {
            let fejl = f.fejl.as_ref().map(|(sti, tekst)| json!({ "sti": sti, "tekst": tekst }));
            json!({ "fil": f.navn, "hvad": f.hvad, "objekter": f.objekter, "fejl": fejl })
        });
        let regler = self.opgoerelse().map(|(regel, t)| {
            json!({
                "regel": regel,
                "niveau": t.niveau.map(niveau),
                "antal": t.antal,
                "objekter": t.objekter,
                "tekst": t.tekst,
            })
        });
        let roller = self.roller.iter().take(ROLLER_MAX);
        let roller = roller
            .map(|((relation, uuid), antal)| json!({ "relation": relation, "uuid": uuid, "antal": antal }));
        json!({
            "filer": filer.collect::<Vec<_>>(),
            "fund": self.viste().map(fund).collect::<Vec<_>>(),
            "antal": self.antal(),
            "objekter_med_fund": self.ramte,
            "regler": regler.collect::<Vec<_>>(),
            "ukendte_roller": roller.collect::<Vec<_>>(),
            "opdateringer_alene": self.alene,
            "ikke_proevet": KRAEVER_OPSLAG,
        })
    }
}

const fn niveau(niveau: Niveau) -> &'static str {
    match niveau {
        Niveau::Afvis => "afvis",
        Niveau::Advar => "advar",
        Niveau::Fra => "fra",
    }
}
