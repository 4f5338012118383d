//! A message as a tree: elements of the tables with their values.

use crate::skema::{Element, Ns};

/// One element with what stands in it.
#[derive(Debug, Clone)]
pub struct Knude {
    /// Which element.
    pub element: &'static Element,
    /// What stands in it.
    pub vaerdi: Vaerdi,
}

/// What stands in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vaerdi {
    /// Text in the form its type reads it: a UUID in lower case, no blanks around a number.
    Tekst(Box<str>),
    /// Elements in the order of the schema.
    Knuder(Vec<Knude>),
}

impl PartialEq for Knude {
    fn eq(&self, other: &Self) -> bool {
        self.element.hedder(other.element.ns, other.element.navn) && self.vaerdi == other.vaerdi
    }
}
impl Eq for Knude {}

impl Knude {
    /// An element that holds text.
    pub fn tekst_i(element: &'static Element, tekst: impl Into<Box<str>>) -> Self {
        Self { element, vaerdi: Vaerdi::Tekst(tekst.into()) }
    }

    /// An element that holds elements.
    #[must_use]
    pub const fn af(element: &'static Element, boern: Vec<Self>) -> Self {
        Self { element, vaerdi: Vaerdi::Knuder(boern) }
    }

    /// Its name.
    #[must_use]
    pub const fn navn(&self) -> &'static str {
        self.element.navn
    }

    /// Its namespace.
    #[must_use]
    pub const fn ns(&self) -> Ns {
        self.element.ns
    }

    /// The elements in it.
    #[must_use]
    pub fn alle(&self) -> &[Self] {
        match &self.vaerdi {
            Vaerdi::Knuder(boern) => boern,
            Vaerdi::Tekst(_) => &[],
        }
    }

    /// The first element in it that is called so.
    #[must_use]
    pub fn barn(&self, navn: &str) -> Option<&Self> {
        self.alle().iter().find(|k| k.navn() == navn)
    }

    /// The elements in it that are called so.
    pub fn boern(&self, navn: &str) -> impl Iterator<Item = &Self> {
        self.alle().iter().filter(move |k| k.navn() == navn)
    }

    /// The text in it.
    #[must_use]
    pub fn tekst(&self) -> &str {
        match &self.vaerdi {
            Vaerdi::Tekst(tekst) => tekst,
            Vaerdi::Knuder(_) => "",
        }
    }

    /// The text of the first element in it that is called so.
    #[must_use]
    pub fn tekst_af(&self, navn: &str) -> Option<&str> {
        self.barn(navn).map(Self::tekst)
    }

    /// Every text called so at any depth.
    pub fn dybt<'k>(&'k self, navn: &'k str) -> Box<dyn Iterator<Item = &'k str> + 'k> {
        Box::new(self.alle().iter().flat_map(move |k| {
            let her = matches!(k.vaerdi, Vaerdi::Tekst(_)).then(|| k.tekst()).filter(|_| k.navn() == navn);
            her.into_iter().chain(k.dybt(navn))
        }))
    }

    /// Whether a true boolean called so stands in it.
    #[must_use]
    pub fn sand(&self, navn: &str) -> bool {
        self.tekst_af(navn) == Some("true")
    }
}
