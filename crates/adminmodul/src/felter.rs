//! Fields of forms: what stands in them, and what was wrong with it.

use crate::fejl::{Sidefejl, status};
use administration::{Afgraensningskilde, Modulfejl};
use axum::http::StatusCode;
use styring::Styringsfejl;
use styring::vaerdier::Navne;

/// What was wrong with a form; empty before it was sent.
#[derive(Debug, Clone, Default)]
pub struct Fejl(pub Vec<Modulfejl>);

impl Fejl {
    /// What a use case said, when the form can be shown again; else the page it becomes.
    pub fn af(fejl: Styringsfejl) -> Result<Self, Sidefejl> {
        match fejl {
            Styringsfejl::Afvist(alle) => Self::af_alle(alle),
            intern @ Styringsfejl::Intern(_) => Err(intern.into()),
        }
    }

    /// The same of failures at hand.
    pub fn af_alle(alle: Vec<Modulfejl>) -> Result<Self, Sidefejl> {
        let side =
            alle.iter().any(|f| f.felt.is_none() && status(f.kode) != StatusCode::UNPROCESSABLE_ENTITY);
        if side { Err(Styringsfejl::Afvist(alle).into()) } else { Ok(Self(alle)) }
    }

    /// What was wrong with a field.
    pub fn ved(&self, felt: &str) -> Option<&Modulfejl> {
        self.0.iter().find(|f| f.felt == Some(felt))
    }

    /// Whether another was first.
    pub fn overhalet(&self) -> bool {
        self.0.iter().any(|f| f.kode == "A-005")
    }

    /// The box that confirms was not ticked.
    pub fn ubekraeftet() -> Self {
        let tekst = "Sæt kryds for at bekræfte, at du har læst, hvad det betyder.";
        Self(vec![Modulfejl::felt("forstaaet", "A-021", tekst)])
    }

    /// Whether nothing was wrong.
    pub fn er_tom(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields must be corrected, in words.
    pub fn ret(&self) -> String {
        match self.0.len() {
            1 => "Ret dette:".to_owned(),
            n => format!("Ret disse {n}:"),
        }
    }
}

/// A choice among several.
#[derive(Debug, Clone, Default)]
pub struct Valg {
    /// What is sent.
    pub vaerdi: String,
    /// What is read.
    pub navn: String,
    /// What it means, or nothing.
    pub hjaelp: String,
    /// Whether it is chosen.
    pub valgt: bool,
}

impl Valg {
    /// A choice.
    pub fn ny(vaerdi: impl Into<String>, navn: impl Into<String>, valgt: bool) -> Self {
        Self { vaerdi: vaerdi.into(), navn: navn.into(), hjaelp: String::new(), valgt }
    }

    /// With what it means.
    pub fn med(mut self, hjaelp: impl Into<String>) -> Self {
        self.hjaelp = hjaelp.into();
        self
    }
}

/// A field.
#[derive(Debug, Clone, Default)]
pub struct Felt {
    /// Its name and id.
    pub id: String,
    /// Its label.
    pub navn: String,
    /// What stands in it.
    pub vaerdi: String,
    /// What it is for.
    pub hjaelp: String,
    /// Whether it may be left out.
    pub valgfri: bool,
    /// What was wrong.
    pub fejl: Option<Modulfejl>,
    /// `text`, `email`, `password` …
    pub art: &'static str,
    /// What browsers may fill in.
    pub autofyld: &'static str,
    /// Choices, when it is one among several.
    pub valg: Vec<Valg>,
}

impl Felt {
    /// A field of text.
    pub fn ny(id: impl Into<String>, navn: impl Into<String>, vaerdi: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            navn: navn.into(),
            vaerdi: vaerdi.into(),
            art: "text",
            autofyld: "off",
            ..Self::default()
        }
    }

    /// A field with choices.
    pub fn valg(id: impl Into<String>, navn: impl Into<String>, valg: Vec<Valg>) -> Self {
        Self { valg, ..Self::ny(id, navn, "") }
    }

    /// With what it is for.
    pub fn hjaelp(mut self, hjaelp: impl Into<String>) -> Self {
        self.hjaelp = hjaelp.into();
        self
    }

    /// One that may be left out.
    pub fn valgfri(mut self) -> Self {
        self.valgfri = true;
        self
    }

    /// Of another kind than text.
    pub fn art(mut self, art: &'static str) -> Self {
        self.art = art;
        self
    }

    /// That browsers may fill in.
    pub fn autofyld(mut self, autofyld: &'static str) -> Self {
        self.autofyld = autofyld;
        self
    }

    /// With what was wrong.
    pub fn fejl(mut self, fejl: &Fejl) -> Self {
        self.fejl = fejl.ved(&self.id).cloned();
        self
    }

    /// The ids of what describes it.
    pub fn beskrevet(&self) -> String {
        let hjaelp = if self.hjaelp.is_empty() { String::new() } else { format!("{}-h", self.id) };
        let fejl = if self.fejl.is_some() { format!("{}-f", self.id) } else { String::new() };
        format!("{hjaelp} {fejl}").trim().to_owned()
    }
}

/// What a field can be filled in from.
pub struct Opslag {
    /// Where the choices are.
    pub sti: &'static str,
    /// What the button says.
    pub knap: &'static str,
    /// What stands in the field that is known: the value, and what it is called.
    pub valgte: Vec<(String, String)>,
}

impl Opslag {
    /// For a limit that is taken from a register.
    pub fn af(kilde: Afgraensningskilde, vaerdier: &[String], navne: &Navne) -> Option<Self> {
        let (sti, knap) = match kilde {
            Afgraensningskilde::Kle => ("/admin/opslag/kle", "Vælg i KLE"),
            Afgraensningskilde::Enhed => ("/admin/opslag/enheder", "Vælg enheder"),
            _ => return None,
        };
        let kaldt = |v: &String| {
            let navn = navne.get(kilde, v)?;
            let nummer = if kilde == Afgraensningskilde::Kle { format!("{v} ") } else { String::new() };
            Some((v.clone(), nummer + &navn))
        };
        Some(Self { sti, knap, valgte: vaerdier.iter().filter_map(kaldt).collect() })
    }
}
