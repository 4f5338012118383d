//! The permission matrix: `rettigheder.txt`, read once. The file is what is reviewed, and what is enforced.

use super::rolle::Modulrolle;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// What can be done with something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Handling {
    Opret,
    Se,
    Ret,
    Afslut,
    Godkend,
    Aktiver,
    Tildel,
}

impl Handling {
    /// Every one, in the order of the matrix.
    pub const ALLE: [Self; 7] =
        [Self::Opret, Self::Se, Self::Ret, Self::Afslut, Self::Godkend, Self::Aktiver, Self::Tildel];

    /// Its letter in the matrix.
    #[must_use]
    pub const fn bogstav(self) -> char {
        match self {
            Self::Opret => 'C',
            Self::Se => 'R',
            Self::Ret => 'U',
            Self::Afslut => 'D',
            Self::Godkend => 'G',
            Self::Aktiver => 'P',
            Self::Tildel => 'A',
        }
    }

    /// The Danish verb.
    #[must_use]
    pub const fn ord(self) -> &'static str {
        match self {
            Self::Opret => "oprette",
            Self::Se => "se",
            Self::Ret => "rette",
            Self::Afslut => "afslutte",
            Self::Godkend => "godkende",
            Self::Aktiver => "aktivere",
            Self::Tildel => "tildele",
        }
    }
}

/// A row of the matrix, with what it is called in a sentence.
macro_rules! opgaver {
    ($($navn:ident $raekke:literal $ord:literal;)*) => {
        /// What a task is about: a row of the permission matrix.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the names are those of the matrix")]
        pub enum Emne { $($navn),* }

        impl Emne {
            /// Every row.
            pub const ALLE: &[Self] = &[$(Self::$navn),*];

            /// Its name in the matrix.
            #[must_use]
            pub const fn raekke(self) -> &'static str {
                match self { $(Self::$navn => $raekke),* }
            }

            /// What it is called in a sentence.
            #[must_use]
            pub const fn ord(self) -> &'static str {
                match self { $(Self::$navn => $ord),* }
            }
        }
    };
}

opgaver! {
    Stamdata "stamdata" "stamdata";
    RolleCertifikat "rolle-certifikat" "certifikatet til rolle-snitfladen";
    Bruger "bruger" "brugere";
    Forretningsrolle "forretningsrolle" "forretningsroller";
    Administratorrolle "administratorrolle" "rollerne Administrator og Logansvarlig";
    Operatoerrolle "operatoerrolle" "driftsoperatørens roller";
    ItSystem "it-system" "it-systemer";
    Certifikat "certifikat" "certifikater";
    Endepunkt "endepunkt" "endepunkter";
    Brugersystemrolle "brugersystemrolle" "brugersystemroller";
    Myndighedsafgraensning "myndighedsafgraensning" "myndighedsafgrænsningen";
    LukItSystem "it-system-luk" "et it-system";
    SpaerItSystem "it-system-spaer" "spærringen af et it-system";
    Servicekatalog "servicekatalog" "servicekataloget";
    Aftale "aftale" "anmodninger om serviceaftaler";
    Proevetilslutning "proevetilslutning" "prøvetilslutninger";
    Aftalekommentar "aftale-kommentar" "kommentarer til en aftale";
    Aftalesvar "aftale-svar" "en serviceaftale";
    Aftalespaerring "aftale-spaer" "spærringen af en serviceaftale";
    Aftaleopsigelse "aftale-opsig" "opsigelsen af en serviceaftale";
    Aftalegenbekraeftelse "aftale-genbekraeft" "genbekræftelsen af en serviceaftale";
    Forbrug "forbrug" "forbrug";
    Idp "idp" "Identity Providere";
    Foederationsaftale "foederationsaftale" "føderationsaftaler";
    Loginproeve "login-proeve" "prøver af login";
    Jobfunktionsrolle "jobfunktionsrolle" "jobfunktionsroller";
    JobfunktionsrolleAktivering "jobfunktionsrolle-aktiver" "en jobfunktionsrolle";
    Delegering "delegering" "delegeringer";
    Delegeringssvar "delegering-svar" "en modtaget delegering";
    Attestering "attestering" "attesteringer";
    KomIGang "kom-i-gang" "planen for at komme i gang";
    Opgave "opgave" "opgaver";
    Log "log" "loggen";
    Stikproeve "stikproeve" "stikprøver";
    Rapport "rapport" "rapporter";
    Indstilling "indstilling" "indstillinger";
    Webhook "webhook" "webhooks";
    Rolleregler "rolleregler" "reglerne for, hvem der må have hvilke roller";
    Afvisning "afvisning" "forklaringen på en afvisning";
    Overfoersel "overfoersel" "overførsler mellem miljøer";
    Besked "besked" "dueslag og beskeder";
    OrgStrategi "org-strategi" "strategi, kilder og feltejerskab";
    OrgDataload "org-dataload" "et initielt dataload";
    OrgImport "org-import" "periodiske importer";
    OrgArbejdsudgave "org-arbejdsudgave" "organisationens enheder og ansættelser";
    OrgValidering "org-validering" "en validering af organisationen";
    OrgKle "org-kle" "enheders KLE-opmærkning";
    OrgPublicering "org-publicering" "organisationen";
    OrgTilbagerulning "org-tilbagerulning" "en tilbagerulning af organisationen";
    Noegletal "noegletal" "nøgletal";
    Klassifikation "klassifikation" "egne klassifikationer";
    KleUdgave "kle-udgave" "konsekvenserne af en KLE-udgave";
}

/// The matrix as text, as it is reviewed.
pub const RETTIGHEDER: &str = include_str!("rettigheder.txt");

type Celler = HashMap<(Modulrolle, Emne), BTreeSet<Handling>>;

static MATRIX: LazyLock<Celler> = LazyLock::new(|| laes(RETTIGHEDER).expect("a test reads the matrix"));

/// Reads a matrix.
fn laes(tekst: &str) -> Result<Celler, String> {
    let mut linjer = tekst.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let hoved = linjer.next().ok_or("rækken med roller mangler")?;
    let roller: Vec<Modulrolle> = hoved
        .split_whitespace()
        .skip(1)
        .map(|kode| Modulrolle::med_kode(kode).ok_or_else(|| format!("ukendt rolle {kode}")))
        .collect::<Result<_, _>>()?;
    if roller != Modulrolle::ALLE {
        return Err("rollerne skal stå alle sammen og i deres orden".into());
    }
    let mut celler = Celler::new();
    let mut emner = BTreeSet::new();
    for linje in linjer {
        let mut ord = linje.split_whitespace();
        let raekke = ord.next().unwrap_or_default();
        let emne = Emne::ALLE.iter().find(|e| e.raekke() == raekke);
        let emne = *emne.ok_or_else(|| format!("ukendt opgave {raekke}"))?;
        if !emner.insert(emne) {
            return Err(format!("{raekke} står to gange"));
        }
        let celle: Vec<&str> = ord.collect();
        if celle.len() != roller.len() {
            return Err(format!("{raekke} har {} celler, ikke {}", celle.len(), roller.len()));
        }
        for (rolle, celle) in roller.iter().zip(celle) {
            let bogstaver = celle.chars().filter(|c| *c != '-');
            let maa = bogstaver
                .map(|c| Handling::ALLE.into_iter().find(|h| h.bogstav() == c).ok_or(c))
                .collect::<Result<BTreeSet<_>, _>>()
                .map_err(|c| format!("{raekke}: {c} er ikke en handling"))?;
            celler.insert((*rolle, emne), maa);
        }
    }
    match Emne::ALLE.iter().find(|e| !emner.contains(e)) {
        Some(mangler) => Err(format!("{} mangler", mangler.raekke())),
        None => Ok(celler),
    }
}

/// Whether a role may do this.
#[must_use]
pub fn maa(rolle: Modulrolle, emne: Emne, handling: Handling) -> bool {
    MATRIX.get(&(rolle, emne)).is_some_and(|h| h.contains(&handling))
}

/// The roles that may do this.
pub fn roller_til(emne: Emne, handling: Handling) -> impl Iterator<Item = Modulrolle> {
    Modulrolle::ALLE.into_iter().filter(move |r| maa(*r, emne, handling))
}

/// Whether a role changes anything at all, beyond its holder's own tasks and settings (SOD-3).
#[must_use]
pub fn aendrer(rolle: Modulrolle) -> bool {
    let egne = [Emne::Opgave, Emne::Stikproeve];
    Emne::ALLE
        .iter()
        .filter(|e| !egne.contains(e))
        .any(|emne| Handling::ALLE.into_iter().any(|h| h != Handling::Se && maa(rolle, *emne, h)))
}

#[cfg(test)]
mod tests {
    use super::{Emne, Handling, Modulrolle, RETTIGHEDER, aendrer, laes, maa, roller_til};

    #[test]
    fn the_matrix_is_whole() {
        let celler = laes(RETTIGHEDER).expect("a matrix");
        assert_eq!(celler.len(), Modulrolle::ALLE.len() * Emne::ALLE.len());
    }

    #[test]
    fn a_broken_matrix_is_refused() {
        let check = |gammelt: &str, nyt: &str, forventet: &str| {
            let fejl = laes(&RETTIGHEDER.replacen(gammelt, nyt, 1)).expect_err("a mistake");
            assert!(fejl.contains(forventet), "{fejl}");
        };
        check("aftale-svar ", "aftale-ekko ", "ukendt opgave aftale-ekko");
        check("aftale-svar            -", "aftale-svar            X", "X er ikke en handling");
        check("aftale-svar            -", "aftale-svar", "18 celler");
        check("opgave                 ADM", "opgave                 XYZ", "ukendt rolle XYZ");
        check("forbrug ", "aftale ", "aftale står to gange");
    }

    #[test]
    fn only_a_godkender_answers_for_the_authority() {
        assert_eq!(
            roller_til(Emne::Aftalesvar, Handling::Godkend).collect::<Vec<_>>(),
            [Modulrolle::Godkender]
        );
        assert!(!maa(Modulrolle::Driftsoperatoer, Emne::Aftalesvar, Handling::Godkend));
    }

    #[test]
    fn who_reads_changes_nothing() {
        let laesere = [
            Modulrolle::Laeseadgang,
            Modulrolle::Logansvarlig,
            Modulrolle::LeverandoerLaes,
            Modulrolle::Support,
        ];
        for rolle in Modulrolle::ALLE {
            assert_eq!(!aendrer(rolle), laesere.contains(&rolle), "{rolle}");
        }
    }
}
