//! What happens in one case: everything chance decides, decided before a word is written.

use super::Opsaetning;
use super::data::{
    DOKUMENTER, EMNER, Emne, FIRMAER, FOELSOMHED, FREMDRIFT, HANDLINGER, MELLEMNAVNE, NOTATER,
};
use super::tid::Stund;
use crate::generer::{EFTERNAVNE, FORNAVNE, Tilfaeldig};
use uuid::Uuid;

/// The first and the last day on which a case begins: 2015-01-01 and 2025-12-31.
const BEGYNDER: i32 = 16_436;
const SLUTTER: i32 = 20_453;
/// How many documents a case has: three on average.
const ANTAL_DOKUMENTER: [usize; 12] = [0, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 7];
/// Case workers of one municipality.
pub(super) const BEHANDLERE: usize = 200;
/// CPR numbers whose month is 13 to 99.
const UMULIGE_CPR: u64 = 31 * 87 * 100 * 10_000;

/// What a UUID is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum UuidTil {
    Sag = 1,
    Dokument,
    Bevilling,
    Effektuering,
    Ydelsesdel,
}

/// A UUID that follows from the seed and a number.
pub(super) fn uuid(seed: u64, slags: UuidTil, nr: u64, under: u64) -> Uuid {
    let blandet = [slags as u64, nr, under].iter().fold(seed, |s, tal| Tilfaeldig::ny(s).bits() ^ tal);
    let mut t = Tilfaeldig::ny(blandet);
    let (hoej, lav) = (t.bits(), t.bits());
    Uuid::from_u64_pair(hoej & !0xF000 | 0x4000, lav & !(0b11 << 62) | (0b10 << 62))
}

/// Somebody a case is about.
#[derive(Debug)]
pub(super) struct Part {
    pub urn: String,
    pub navn: String,
    pub person: bool,
}

impl Part {
    /// The person of this number.
    fn person(seed: u64, nr: u64) -> Self {
        let mut t = Tilfaeldig::ny(seed ^ nr.wrapping_mul(0xa076_1d64_78bd_642f));
        // Every number has its own: the factor shares none with the count.
        let mut rest = (nr % UMULIGE_CPR * 1_000_000_007 + seed % UMULIGE_CPR) % UMULIGE_CPR;
        let mut tag = |antal: u64| {
            let tal = rest % antal;
            rest /= antal;
            tal
        };
        let (loebenr, aar, maaned, dag) = (tag(10_000), tag(100), 13 + tag(87), 1 + tag(31));
        let mellem = if t.tal(3) == 0 { t.valg(&MELLEMNAVNE) } else { "" };
        let luft = if mellem.is_empty() { "" } else { " " };
        Self {
            urn: format!("urn:oio:cpr-nr:{dag:02}{maaned:02}{aar:02}{loebenr:04}"),
            navn: format!("{} {mellem}{luft}{}", t.valg(&FORNAVNE), t.valg(&EFTERNAVNE)),
            person: true,
        }
    }

    fn virksomhed(t: &mut Tilfaeldig) -> Self {
        let nr = t.tal(1_000_000);
        let navn = FIRMAER[nr % FIRMAER.len()].to_owned();
        Self { urn: format!("urn:oio:cvr-nr:00{nr:06}"), navn, person: false }
    }
}

/// One document.
#[derive(Debug)]
pub(super) struct Dokument {
    pub uuid: Uuid,
    pub titel: &'static str,
    pub typ: &'static str,
    pub foelsomhed: usize,
    pub oprettet: Stund,
    /// When it was final, if it is.
    pub endeligt: Option<Stund>,
    /// When an update makes it final.
    pub opdateres: Option<Stund>,
    pub vedlagt: bool,
    /// Whether it is an annex to the one before it.
    pub bilag: bool,
}

/// What is granted.
#[derive(Debug)]
pub(super) struct Ydelse {
    pub uuid: Uuid,
    pub navn: &'static str,
    pub bevilget: Stund,
    /// Amounts in øre, one for each thing granted.
    pub beloeb: Vec<i64>,
    /// Months paid, none of them after the last day.
    pub betalinger: usize,
}

/// One case.
#[derive(Debug)]
pub(super) struct Forloeb {
    pub seed: u64,
    pub nr: u64,
    pub t: Tilfaeldig,
    pub uuid: Uuid,
    pub emne: usize,
    pub handling: usize,
    pub foelsomhed: usize,
    /// The states it has been in, since when.
    pub trin: Vec<(Stund, usize)>,
    pub part: Part,
    pub medpart: Option<Part>,
    pub behandler: Option<usize>,
    pub dokumenter: Vec<Dokument>,
    /// Places in [`NOTATER`].
    pub notater: Vec<usize>,
    /// Whether the title is kept from the public.
    pub undtaget: bool,
    /// Whether its start was recorded by itself.
    pub historik: bool,
    /// An earlier case it is connected with.
    pub anden_sag: Option<Uuid>,
}

impl Forloeb {
    pub fn ny(o: &Opsaetning, nr: u64) -> Self {
        let mut t = Tilfaeldig::ny(Tilfaeldig::ny(o.seed).bits() ^ nr.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let emne = t.tal(EMNER.len());
        let trin = trin(&mut t);
        let foelsomhed = foelsomhed(t.tal(100));
        let personer = o.sager / 3 + 1;
        let person = |t: &mut Tilfaeldig| Part::person(o.seed, t.bits() % personer);
        let part = match (&EMNER[emne].ydelse, t.tal(12)) {
            (None, 0) => Part::virksomhed(&mut t),
            _ => person(&mut t),
        };
        let medpart = (t.tal(10) == 0).then(|| person(&mut t)).filter(|p| p.urn != part.urn);
        let anden_sag = (nr > 0 && t.tal(30) == 0).then(|| uuid(o.seed, UuidTil::Sag, t.bits() % nr, 0));
        let dokumenter = dokumenter(o.seed, nr, &mut t, &trin, foelsomhed);
        let antal_notater = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][t.tal(10)];
        Self {
            seed: o.seed,
            nr,
            uuid: uuid(o.seed, UuidTil::Sag, nr, 0),
            emne,
            handling: t.tal(HANDLINGER.len()),
            foelsomhed,
            trin,
            part,
            medpart,
            behandler: (t.tal(5) > 0).then(|| t.tal(BEHANDLERE)),
            dokumenter,
            notater: (0..antal_notater).map(|_| t.tal(NOTATER.len())).collect(),
            undtaget: foelsomhed > 1 && t.tal(5) == 0,
            historik: t.tal(5) == 0,
            anden_sag,
            t,
        }
    }

    pub fn emne(&self) -> &'static Emne {
        &EMNER[self.emne]
    }

    pub fn oprettet(&self) -> Stund {
        self.trin[0].0
    }

    /// When the last that is known of it was recorded.
    pub fn registreret(&self) -> Stund {
        self.trin[self.trin.len() - 1].0
    }

    /// Its number as people write it: unique in the municipality.
    pub fn sagsnummer(&self) -> String {
        format!("{}-{:08}", self.oprettet().dato().0, self.nr + 1)
    }

    /// What is granted in it, if anything is.
    pub fn ydelse(&mut self) -> Option<Ydelse> {
        let navn = self.emne().ydelse.filter(|_| self.t.tal(5) > 0)?;
        let t = &mut self.t;
        let sidste = self.trin[self.trin.len() - 1].0;
        let dele = if t.tal(5) == 0 { 2 } else { 1 };
        let mulige = (2..11).take_while(|maaned| sidste.maaned(*maaned).dag <= SLUTTER + 1).count();
        Some(Ydelse {
            uuid: uuid(self.seed, UuidTil::Bevilling, self.nr, 0),
            navn,
            bevilget: sidste,
            beloeb: (0..dele).map(|_| 100_000 + 50 * t.tal(20_000) as i64).collect(),
            betalinger: mulige.min(1 + t.tal(9)),
        })
    }
}

fn foelsomhed(af_hundrede: usize) -> usize {
    let mut naaet = 0;
    let over = FOELSOMHED.iter().position(|(_, andel)| {
        naaet += andel;
        af_hundrede < naaet
    });
    over.unwrap_or(0)
}

/// A day in office hours.
fn arbejdstid(t: &mut Tilfaeldig, dag: i32) -> Stund {
    Stund { dag, sek: 8 * 3600 + i32::try_from(t.tal(8 * 3600)).unwrap_or(0) }.arbejdsdag(0)
}

fn dage(t: &mut Tilfaeldig, fra: i32, antal: usize) -> i32 {
    fra + i32::try_from(t.tal(antal)).unwrap_or(0)
}

/// The states of a case: always Opstaaet first, never one it was not in, and now and then one that was skipped.
fn trin(t: &mut Tilfaeldig) -> Vec<(Stund, usize)> {
    let begyndt = dage(t, BEGYNDER, (SLUTTER - BEGYNDER) as usize);
    let mut trin = vec![(arbejdstid(t, begyndt), 0)];
    let naar = [0, 1, 1, 2, 2, 3, 3, 3, 3, 3][t.tal(10)];
    for status in 1..FREMDRIFT.len() {
        let (sidst, _) = trin[trin.len() - 1];
        let dag = sidst.dag + dage(t, 2, 80);
        let springes = status < naar && t.tal(10) == 0;
        if status > naar || dag > SLUTTER {
            break;
        }
        if !springes {
            trin.push((arbejdstid(t, dag), status));
        }
    }
    trin
}

fn dokumenter(
    seed: u64,
    nr: u64,
    t: &mut Tilfaeldig,
    trin: &[(Stund, usize)],
    sagens: usize,
) -> Vec<Dokument> {
    let (fra, til) = (trin[0].0, trin[trin.len() - 1].0);
    let spaend = usize::try_from(til.dag - fra.dag).unwrap_or(0) + 1;
    (0..ANTAL_DOKUMENTER[t.tal(ANTAL_DOKUMENTER.len())])
        .map(|i| {
            let (titel, typ) = if i == 0 { DOKUMENTER[0] } else { t.valg(&DOKUMENTER) };
            // Not after the case was last recorded, which is when it is referred to.
            let oprettet = Stund { dag: dage(t, fra.dag, spaend), sek: fra.sek }.min(til);
            let endeligt = (t.tal(3) == 0).then(|| oprettet.arbejdsdag(dage(t, 1, 10)));
            let opdateres =
                (endeligt.is_none() && t.tal(5) == 0).then(|| oprettet.arbejdsdag(dage(t, 11, 20)));
            Dokument {
                uuid: uuid(seed, UuidTil::Dokument, nr, i as u64),
                titel,
                typ,
                foelsomhed: if t.tal(5) == 0 { sagens.saturating_sub(1) } else { sagens },
                oprettet,
                endeligt,
                opdateres,
                vedlagt: t.tal(6) == 0,
                bilag: i > 0 && t.tal(12) == 0,
            }
        })
        .collect()
}
