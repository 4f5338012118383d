//! Why a use case did nothing.

use administration::Modulfejl;
use oio::Fejl;
use std::fmt;

/// Why nothing was done.
#[derive(Debug)]
pub enum Styringsfejl {
    /// What is wrong with what was asked: everything that was found.
    Afvist(Vec<Modulfejl>),
    /// Our own fault.
    Intern(Fejl),
}

impl Styringsfejl {
    /// The failure with this code, if it is among those found.
    #[must_use]
    pub fn med_kode(&self, kode: &str) -> Option<&Modulfejl> {
        match self {
            Self::Afvist(fejl) => fejl.iter().find(|f| f.kode == kode),
            Self::Intern(_) => None,
        }
    }
}

impl From<Modulfejl> for Styringsfejl {
    fn from(fejl: Modulfejl) -> Self {
        Self::Afvist(vec![fejl])
    }
}

impl From<Fejl> for Styringsfejl {
    fn from(fejl: Fejl) -> Self {
        Self::Intern(fejl)
    }
}

impl From<store::StoreFejl> for Styringsfejl {
    fn from(fejl: store::StoreFejl) -> Self {
        Self::Intern(Fejl::intern(fejl))
    }
}

impl fmt::Display for Styringsfejl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Afvist(fejl) => {
                let tekster: Vec<String> = fejl.iter().map(ToString::to_string).collect();
                f.write_str(&tekster.join(" "))
            }
            Self::Intern(fejl) => fejl.fmt(f),
        }
    }
}

impl std::error::Error for Styringsfejl {}

/// Everything that is wrong, gathered before it is said.
#[derive(Debug, Default)]
pub(crate) struct Samling(Vec<Modulfejl>);

impl Samling {
    pub(crate) fn tilfoej(&mut self, fejl: Modulfejl) {
        self.0.push(fejl);
    }

    /// A text that must be there and not be too long.
    pub(crate) fn tekst(&mut self, felt: &'static str, navn: &str, vaerdi: &str, max: usize) {
        if vaerdi.trim().is_empty() {
            self.0.push(Modulfejl::mangler(felt, navn));
        }
        self.valgfri(felt, navn, vaerdi, max);
    }

    /// A text that may be left out.
    pub(crate) fn valgfri(&mut self, felt: &'static str, navn: &str, vaerdi: &str, max: usize) {
        if vaerdi.chars().count() > max {
            self.0.push(Modulfejl::for_lang(felt, navn, max));
        }
        // Characters that turn the order of writing make a text look like another.
        if vaerdi.chars().any(|c| {
            matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        }) {
            let tekst = format!("{navn} indeholder tegn, der ikke kan ses. Skriv teksten igen.");
            self.0.push(Modulfejl::felt(felt, "A-011", tekst));
        }
    }

    /// An e-mail address.
    pub(crate) fn email(&mut self, felt: &'static str, vaerdi: &str) {
        self.tekst(felt, "E-mail", vaerdi, 254);
        let ok = vaerdi.split_once('@').is_some_and(|(navn, sted)| {
            !navn.is_empty() && sted.contains('.') && !sted.starts_with('.') && !sted.ends_with('.')
        });
        if !vaerdi.trim().is_empty()
            && (!ok || vaerdi.contains(char::is_whitespace) || vaerdi.contains(['<', '>', '"', ',']))
        {
            self.0.push(Modulfejl::felt(
                felt,
                "A-012",
                "E-mailadressen forstås ikke. Skriv den som navn@korsbaek.dk.",
            ));
        }
    }

    /// Nothing, or everything that is wrong.
    pub(crate) fn slut(self) -> Result<(), Styringsfejl> {
        if self.0.is_empty() { Ok(()) } else { Err(Styringsfejl::Afvist(self.0)) }
    }
}
