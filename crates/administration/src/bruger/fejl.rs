//! Why something is not done, with the codes and texts of the specification.

use super::ret::{Emne, Handling, roller_til};
use crate::part::Partsart;
use std::fmt;

/// Why something is not done: a stable code, a Danish text that says what to do, and the field it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modulfejl {
    /// The code.
    pub kode: &'static str,
    /// The text.
    pub tekst: String,
    /// The field of the form, if it is about one.
    pub felt: Option<&'static str>,
}

impl Modulfejl {
    /// A failure about no field in particular.
    #[must_use]
    pub fn ny(kode: &'static str, tekst: impl Into<String>) -> Self {
        Self { kode, tekst: tekst.into(), felt: None }
    }

    /// A failure about a field.
    #[must_use]
    pub fn felt(felt: &'static str, kode: &'static str, tekst: impl Into<String>) -> Self {
        Self { kode, tekst: tekst.into(), felt: Some(felt) }
    }

    /// the roles do not allow it.
    #[must_use]
    pub fn ikke_ret(emne: Emne, handling: Handling) -> Self {
        Self::ikke_ret_som(&Partsart::ALLE, emne, handling)
    }

    /// A-001 on behalf of a party that is one of these kinds in the matter.
    #[must_use]
    pub fn ikke_ret_som(som: &[Partsart], emne: Emne, handling: Handling) -> Self {
        let roller = roller_til(emne, handling).filter(|r| som.contains(&r.part()));
        let roller: Vec<&str> = roller.map(super::Modulrolle::navn).collect();
        let kraeves = match roller.as_slice() {
            [] => "Ingen rolle giver ret til det.".to_owned(),
            [en] => format!("Rollen {en} kræves. Kontakt jeres Administrator."),
            flere => format!("En af rollerne {} kræves. Kontakt jeres Administrator.", flere.join(", ")),
        };
        Self::ny(
            "A-001",
            format!("Du har ikke rettighed til at {} {}. {kraeves}", handling.ord(), emne.ord()),
        )
    }

    /// the field is empty.
    #[must_use]
    pub fn mangler(felt: &'static str, navn: &str) -> Self {
        Self::felt(felt, "A-006", format!("{navn} skal udfyldes."))
    }

    /// the field is too long.
    #[must_use]
    pub fn for_lang(felt: &'static str, navn: &str, max: usize) -> Self {
        Self::felt(felt, "A-007", format!("{navn} må højst være {max} tegn."))
    }

    /// Not there, or not to be seen.
    #[must_use]
    pub fn findes_ikke(hvad: &str) -> Self {
        Self::ny("A-404", format!("{hvad} findes ikke, eller du har ikke adgang til at se det."))
    }
}

impl fmt::Display for Modulfejl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.tekst, self.kode)
    }
}

impl std::error::Error for Modulfejl {}
