//! An invented workbook of any size, the same for the same numbers.

use crate::arbejdsbog::{Arbejdsbog, ean_ciffer};

/// First names.
pub(crate) const FORNAVNE: [&str; 24] = [
    "Agda", "Alvilde", "Asbjørn", "Balder", "Bodil", "Carlo", "Dagny", "Ditlev", "Ebba", "Egon", "Elvira",
    "Folmer", "Frode", "Gudrun", "Hjalmar", "Ingeborg", "Kamma", "Laust", "Oda", "Regitze", "Sigrid", "Tage",
    "Yrsa", "Åge",
];
/// Surnames that nobody has.
pub(crate) const EFTERNAVNE: [&str; 16] = [
    "Eksempelsen",
    "Prøvegaard",
    "Testrup",
    "Fiktivsen",
    "Skabelund",
    "Opdigtsen",
    "Mønstergaard",
    "Attrapsen",
    "Pladsholm",
    "Demodal",
    "Kladderup",
    "Mustersen",
    "Papgaard",
    "Tænkstrup",
    "Påhitsen",
    "Legetoft",
];
const ENHEDER: [&str; 14] = [
    "Jobcenter",
    "Skolen",
    "Børnehaven",
    "Plejecenter",
    "Team",
    "Borgerservice",
    "Biblioteket",
    "Hjemmeplejen",
    "Driftsgården",
    "Sundhedscenter",
    "Ydelseskontor",
    "Dagcenter",
    "Fritidsklub",
    "Afdeling",
];
const STEDER: [&str; 12] = [
    "Nord",
    "Syd",
    "Øst",
    "Vest",
    "Midt",
    "Havnen",
    "Skovbrynet",
    "Bakken",
    "Åen",
    "Engen",
    "Møllen",
    "Fjorden",
];
const GADER: [&str; 8] =
    ["Algade", "Storegade", "Møllevej", "Kirkestræde", "Torvet", "Skovvænget", "Engdraget", "Havnepladsen"];
const STILLINGER: [&str; 10] = [
    "Sagsbehandler",
    "Lærer",
    "Pædagog",
    "Sygeplejerske",
    "Konsulent",
    "Ingeniør",
    "Bibliotekar",
    "Kontorassistent",
    "Driftsmedarbejder",
    "Fuldmægtig",
];
/// Topics, one per ten units.
const KLE: [&str; 8] = ["27.24", "27.36", "32.24", "32.30", "17.03", "05.01", "18.20", "85.02"];
/// Units below one unit.
const BOERN: usize = 6;

/// A small generator of pseudo-random numbers (splitmix64).
#[derive(Debug)]
pub(crate) struct Tilfaeldig(u64);

impl Tilfaeldig {
    /// The chance that this number gives.
    pub(crate) const fn ny(tal: u64) -> Self {
        Self(tal)
    }

    /// The next 64 bits.
    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn tal(&mut self, under: usize) -> usize {
        usize::try_from(self.bits() % under.max(1) as u64).unwrap_or(0)
    }

    pub(crate) fn valg<T: Copy>(&mut self, blandt: &[T]) -> T {
        blandt[self.tal(blandt.len())]
    }
}

/// A workbook with so many units and users: a tree with six units below each, addresses, posts, leaders, tasks, paying
/// units and contact places. All names are invented, and no CPR number can exist: its day is above 60.
#[must_use]
pub fn generer(enheder: usize, brugere: usize, seed: u64) -> Arbejdsbog {
    let mut bog = Arbejdsbog::default();
    let mut t = Tilfaeldig(seed);
    (0..enheder).for_each(|n| enhed(&mut bog, &mut t, n, enheder, brugere));
    if enheder > 0 {
        (0..brugere).for_each(|n| bruger(&mut bog, &mut t, n, enheder));
    }
    bog
}

fn enhed(bog: &mut Arbejdsbog, t: &mut Tilfaeldig, n: usize, enheder: usize, brugere: usize) {
    let id = format!("E{n}");
    let over = if n == 0 { String::new() } else { format!("E{}", (n - 1) / BOERN) };
    let navn = match n {
        0 => "Eksempelkøbing Kommune".to_owned(),
        _ => format!("{} {} {n}", t.valg(&ENHEDER), t.valg(&STEDER)),
    };
    let los = if n.is_multiple_of(50) { format!("LOS{n}") } else { String::new() };
    let type_ = if n * BOERN + 1 < enheder { "Afdeling" } else { "Team" };
    let ean = ean_ciffer(&format!("579{n:09}"));
    let fra = format!("{}-01-01", 2007 + t.tal(10) * usize::from(n > 0 && n * BOERN + 1 >= enheder));
    bog.tilfoej(
        "enheder",
        &[
            ("enhed_id", &id),
            ("navn", &navn),
            ("overordnet_id", &over),
            ("enhedstype", type_),
            ("gyldig_fra", &fra),
            ("ean", &ean),
            ("los_kaldenavn_kort", &los),
            ("p_nummer", &format!("10{n:08}")),
        ],
    );
    let adresse = format!("{} {}, 9999 Eksempelkøbing", t.valg(&GADER), 1 + t.tal(199));
    let adresser = [
        ("AdressePost", adresse),
        ("Email", format!("enhed{n}@eksempelkoebing.example")),
        ("FastnetTelefon", format!("79{n:06}")),
    ];
    for (rolle, vaerdi) in &adresser {
        bog.tilfoej(
            "adresser",
            &[("ejer_type", "enhed"), ("ejer_id", &id), ("rolle", rolle), ("værdi", vaerdi)],
        );
    }
    if n < brugere {
        bog.tilfoej("ledere", &[("enhed_id", &id), ("bruger_id", &format!("B{n}")), ("lederniveau", "3")]);
    }
    let aspekt = if n < KLE.len() { "ansvarlig" } else { "udførende" };
    bog.tilfoej("kle", &[("enhed_id", &id), ("kle", KLE[n % KLE.len()]), ("aspekt", aspekt)]);
    if n.is_multiple_of(50) {
        steder(bog, n, enheder, &los);
    }
}

/// Every fiftieth unit pays, and is the contact place, for the units that follow it.
fn steder(bog: &mut Arbejdsbog, n: usize, enheder: usize, los: &str) {
    let id = format!("E{n}");
    let betjener: Vec<String> = (n..(n + 50).min(enheder)).map(|i| format!("E{i}")).collect();
    let betjener = betjener.join(",");
    bog.tilfoej(
        "udbetalende_enheder",
        &[
            ("funktion_id", &format!("U{n}")),
            ("navn", "Udbetaling"),
            ("enhed_id", &id),
            ("los_kaldenavn_kort", los),
            ("betjener_enhed_id", &betjener),
        ],
    );
    bog.tilfoej(
        "henvendelsessteder",
        &[
            ("funktion_id", &format!("H{n}")),
            ("navn", "Henvendelse"),
            ("enhed_id", &id),
            ("kle", KLE[n / 50 % KLE.len()]),
            ("betjener_enhed_id", &betjener),
        ],
    );
}

fn bruger(bog: &mut Arbejdsbog, t: &mut Tilfaeldig, n: usize, enheder: usize) {
    let id = format!("B{n}");
    let navn = format!("{} {}", t.valg(&FORNAVNE), t.valg(&EFTERNAVNE));
    let brugernavn = format!("bruger{n}");
    let cpr = format!("{:02}{:02}{:02}{:04}", 61 + t.tal(31), 1 + t.tal(12), t.tal(100), t.tal(10_000));
    let fra = format!("{}-{:02}-01", 2017 + t.tal(7), 1 + t.tal(12));
    bog.tilfoej(
        "brugere",
        &[
            ("bruger_id", &id),
            ("brugernavn", &brugernavn),
            ("navn", &navn),
            ("cpr", &cpr),
            ("email", &format!("{brugernavn}@eksempelkoebing.example")),
            ("telefon", &format!("2{n:07}")),
            ("gyldig_fra", &fra),
        ],
    );
    bog.tilfoej(
        "ansættelser",
        &[
            ("ansættelse_id", &format!("A{n}")),
            ("bruger_id", &id),
            ("enhed_id", &format!("E{}", n % enheder)),
            ("stilling", t.valg(&STILLINGER)),
            ("primær", "ja"),
            ("gyldig_fra", &fra),
        ],
    );
}

#[cfg(test)]
mod tests {
    use super::generer;
    use crate::arbejdsbog::{forslag, laes, skriv_csv, skriv_xlsx};
    use crate::byg::dato;
    use crate::korsbaek::{Kommune, info};

    #[test]
    fn the_same_numbers_give_the_same_workbook() {
        assert_eq!(generer(20, 50, 7), generer(20, 50, 7));
        assert_ne!(generer(20, 50, 7), generer(20, 50, 8));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bog = generer(120, 300, 1);
        for filer in [skriv_csv(&bog), vec![("bog.xlsx".into(), skriv_xlsx(&bog))]] {
            let mut laest = laes(&filer).unwrap_or_else(|fejl| panic!("{}", fejl[0]));
            assert!(!laest.advarsler.is_empty(), "CPR numbers that cannot exist are worth a look");
            laest.advarsler.clear();
            assert!(laest == bog);
        }
    }

    #[test]
    fn a_large_municipality() {
        let bog = generer(2_000, 10_000, 1);
        let forslag = forslag(&bog, &info(Kommune::Korsbaek), dato(2024, 1, 1)).expect("a right workbook");
        assert!(forslag.objekter.len() >= 60_000, "{}", forslag.objekter.len());
        let ids: std::collections::HashSet<_> = forslag.objekter.iter().map(|o| o.objekt).collect();
        assert_eq!(ids.len(), forslag.objekter.len());
    }
}
