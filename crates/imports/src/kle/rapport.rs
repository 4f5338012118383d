//! What an edition changes, for the person who decides whether to take it.

use jiff::civil::Date;
use std::fmt;
use uuid::Uuid;

/// The differences between an edition and what is stored. Every entry is a number with what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KleRapport {
    /// The edition's date.
    pub dato: Date,
    /// What it is an edition of.
    pub facet: Uuid,
    /// Classes not stored before.
    pub nye: Vec<String>,
    /// Classes with another title.
    pub aendrede_titler: Vec<String>,
    /// Classes with the same title but other guidance, sources, retention or keywords.
    pub aendrede_tekster: Vec<String>,
    /// Classes that are now retired.
    pub udgaaede: Vec<String>,
    /// Classes that are now moved, and where.
    pub flyttede: Vec<String>,
    /// Classes that were retired and are back.
    pub genopstaaede: Vec<String>,
    /// Stored classes the edition does not have. They are left as they are.
    pub forsvundne: Vec<String>,
    /// References to numbers nobody knows.
    pub ukendte: Vec<String>,
    /// How many classes are as they were.
    pub uaendrede: usize,
}

impl KleRapport {
    pub(super) fn ny(dato: Date, facet: Uuid) -> Self {
        Self {
            dato,
            facet,
            nye: Vec::new(),
            aendrede_titler: Vec::new(),
            aendrede_tekster: Vec::new(),
            udgaaede: Vec::new(),
            flyttede: Vec::new(),
            genopstaaede: Vec::new(),
            forsvundne: Vec::new(),
            ukendte: Vec::new(),
            uaendrede: 0,
        }
    }
}

/// How many entries of each kind are written out.
const VIST_MAX: usize = 20;

impl fmt::Display for KleRapport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let navn = if self.facet == super::EMNEPLAN { "Emneplan" } else { "Handlingsfacetter" };
        writeln!(f, "KLE {navn}, udgave {}", self.dato)?;
        let afsnit = [
            ("nye", &self.nye),
            ("ændrede titler", &self.aendrede_titler),
            ("ændrede tekster", &self.aendrede_tekster),
            ("udgåede", &self.udgaaede),
            ("flyttede", &self.flyttede),
            ("genopståede", &self.genopstaaede),
            ("forsvundne (røres ikke)", &self.forsvundne),
            ("henvisninger til ukendte numre", &self.ukendte),
        ];
        for (navn, linjer) in afsnit.into_iter().filter(|(_, linjer)| !linjer.is_empty()) {
            writeln!(f, "  {} {navn}", linjer.len())?;
            for linje in linjer.iter().take(VIST_MAX) {
                writeln!(f, "    {linje}")?;
            }
            if linjer.len() > VIST_MAX {
                writeln!(f, "    … og {} til", linjer.len() - VIST_MAX)?;
            }
        }
        write!(f, "  {} uændrede", self.uaendrede)
    }
}
