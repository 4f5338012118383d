//! What stands where in the messages of the two indexes: the official schemas, as tables.
//!
//! Plain data. One reader ([`crate::laes`]) and one writer ([`crate::skriv`]) interpret it, and a contract test expands the
//! official XSD and compares. Namespaces stand by the type that declares an element, as `elementFormDefault` demands.

pub mod bevilling;
pub mod dokument;
pub mod effektuering;
pub mod faelles;
pub mod operationer;
pub mod sag;
mod simpel;

pub use simpel::{Form, Simpel};

/// The namespaces of the two indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "named by the prefixes of the specification")]
pub enum Ns {
    Sdi,
    Sag,
    Si,
    Di,
    Yi,
    Bi,
    Oe,
    Gd,
    Go,
    Sd,
}

impl Ns {
    /// Every namespace.
    pub const ALLE: [Self; 10] = [
        Self::Sdi,
        Self::Sag,
        Self::Si,
        Self::Di,
        Self::Yi,
        Self::Bi,
        Self::Oe,
        Self::Gd,
        Self::Go,
        Self::Sd,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Sdi => "urn:oio:sts:sagdok:sagdokumentindeks:6",
            Self::Sag => "urn:oio:sts:sagdok:sag:6",
            Self::Si => "urn:oio:sts:sagdok:sagindeks:6",
            Self::Di => "urn:oio:sts:sagdok:dokumentindeks:6",
            Self::Yi => "urn:oio:sts:ydelse:ydelseindeks:6",
            Self::Bi => "urn:oio:sts:ydelse:bevillingindeks:6",
            Self::Oe => "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6",
            Self::Gd => "urn:oio:sts:generelledefinitioner:6",
            Self::Go => "urn:oio:sts:generelleoperationer:6",
            Self::Sd => "urn:oio:sagdok:3.0.0",
        }
    }

    /// The prefix we write, and name elements by in paths.
    #[must_use]
    pub const fn praefiks(self) -> &'static str {
        match self {
            Self::Sdi => "sdi",
            Self::Sag => "sag",
            Self::Si => "si",
            Self::Di => "di",
            Self::Yi => "yi",
            Self::Bi => "bi",
            Self::Oe => "oe",
            Self::Gd => "gd",
            Self::Go => "go",
            Self::Sd => "sd",
        }
    }
}

/// What stands in an element.
#[derive(Debug, Clone, Copy)]
pub enum Indhold {
    /// Text of a simple type.
    Tekst(Simpel),
    /// These in this order.
    Felter(&'static [Element]),
    /// One of these. The element that holds this has no name: it is a choice among its siblings.
    Valg(&'static [Element]),
    /// `gd:LokalUdvidelseListe`: any of these that other schemas declare, then `gd:SenestAendretTidspunkt`.
    Udvidelse(&'static [Element]),
}

/// One element where it stands, and how often.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// The namespace it is declared in.
    pub ns: Ns,
    /// Its name; empty for a choice.
    pub navn: &'static str,
    /// How often it stands at least.
    pub mindst: u8,
    /// How often it stands at most; `None` is without end.
    pub hoejst: Option<u8>,
    /// What stands in it.
    pub indhold: Indhold,
}

/// An element that may stand once: what nearly all of them are.
pub(crate) const fn el(ns: Ns, navn: &'static str, indhold: Indhold) -> Element {
    Element { ns, navn, mindst: 0, hoejst: Some(1), indhold }
}

/// Exactly one of these.
pub(crate) const fn valg(af: &'static [Element]) -> Element {
    el(Ns::Sd, "", Indhold::Valg(af)).en()
}

impl Element {
    /// Stands exactly once.
    pub(crate) const fn en(self) -> Self {
        Self { mindst: 1, ..self }
    }
    /// Stands any number of times.
    pub(crate) const fn flere(self) -> Self {
        Self { hoejst: None, ..self }
    }
    /// Stands at most twice.
    pub(crate) const fn to(self) -> Self {
        Self { hoejst: Some(2), ..self }
    }
    /// The same as a part of another list of elements.
    pub(crate) const fn som(self, navn: &'static str) -> Self {
        Self { navn, ..self }
    }

    /// Whether it has this name.
    #[must_use]
    pub fn hedder(&self, ns: Ns, navn: &str) -> bool {
        self.ns == ns && self.navn == navn
    }

    /// The elements that may stand in it, those of choices and extensions included.
    pub fn boern(&'static self) -> impl Iterator<Item = &'static Element> {
        let direkte: &'static [Element] = match self.indhold {
            Indhold::Tekst(_) => &[],
            Indhold::Felter(f) | Indhold::Valg(f) | Indhold::Udvidelse(f) => f,
        };
        let senest = matches!(self.indhold, Indhold::Udvidelse(_)).then_some(&faelles::SENEST_AENDRET);
        direkte
            .iter()
            .flat_map(|e| match e.indhold {
                Indhold::Valg(af) => af.iter(),
                _ => std::slice::from_ref(e).iter(),
            })
            .chain(senest)
    }

    /// The element called so that may stand in it.
    #[must_use]
    pub fn barn(&'static self, navn: &str) -> Option<&'static Element> {
        self.boern().find(|e| e.navn == navn)
    }
}

/// Which of the three lists of a registrering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "named after the elements")]
pub enum Liste {
    AttributListe,
    TilstandListe,
    RelationListe,
}

impl Liste {
    /// The lists in the order of the schema.
    pub const ALLE: [Self; 3] = [Self::AttributListe, Self::TilstandListe, Self::RelationListe];

    /// The element's name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::AttributListe => "AttributListe",
            Self::TilstandListe => "TilstandListe",
            Self::RelationListe => "RelationListe",
        }
    }
}

/// What tells the instances of a section apart: its key in an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noeglet {
    /// One timeline for the whole section.
    Gruppe,
    /// One timeline for each value of `Id`.
    Id,
    /// One timeline for each role and `Indeks`.
    Rolle,
}

/// A kind of instance that a list of a registrering holds: an attribute group, a state, a relation.
#[derive(Debug)]
pub struct Afsnit {
    /// Its element.
    pub element: Element,
    /// The list it stands in.
    pub liste: Liste,
    /// Whether it stands in the list's extension.
    pub udvidelse: bool,
    /// What tells its instances apart.
    pub noeglet: Noeglet,
    /// The value of `Vis` in a filter that shows it.
    pub vis: &'static str,
}

impl Afsnit {
    /// An attribute group or a state: one instance at a time.
    const fn gruppe(element: Element, liste: Liste, vis: &'static str) -> Self {
        Self { element, liste, udvidelse: false, noeglet: Noeglet::Gruppe, vis }
    }

    /// A relation, whose instances are told apart by their role.
    const fn relation(element: Element, vis: &'static str) -> Self {
        Self { element, liste: Liste::RelationListe, udvidelse: false, noeglet: Noeglet::Rolle, vis }
    }

    /// The same in the extension of its list.
    const fn i_udvidelsen(self) -> Self {
        let Self { element, liste, noeglet, vis, .. } = self;
        Self { element, liste, udvidelse: true, noeglet, vis }
    }

    /// The element's name.
    #[must_use]
    pub const fn navn(&self) -> &'static str {
        self.element.navn
    }
}

impl PartialEq for Afsnit {
    fn eq(&self, other: &Self) -> bool {
        self.element.hedder(other.element.ns, other.element.navn)
    }
}
impl Eq for Afsnit {}

/// The four object types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Art {
    Sag,
    Dokument,
    Bevilling,
    Effektuering,
}

impl Art {
    /// Every object type.
    pub const ALLE: [Self; 4] = [Self::Sag, Self::Dokument, Self::Bevilling, Self::Effektuering];

    /// What it consists of.
    #[must_use]
    pub const fn typ(self) -> &'static Objekttype {
        match self {
            Self::Sag => &sag::SAG,
            Self::Dokument => &dokument::DOKUMENT,
            Self::Bevilling => &bevilling::BEVILLING,
            Self::Effektuering => &effektuering::EFFEKTUERING,
        }
    }
}

/// One object type.
#[derive(Debug)]
pub struct Objekttype {
    /// Which.
    pub art: Art,
    /// Its name in `UnikRetur/Type`.
    pub navn: &'static str,
    /// What people call it.
    pub ord: &'static str,
    /// The namespace of its lists.
    pub ns: Ns,
    /// `Registrering`.
    pub registrering: Element,
    /// The sections of its lists, in the order of the schema.
    pub afsnit: &'static [Afsnit],
}

impl Objekttype {
    /// The section of this name.
    #[must_use]
    pub fn afsnit(&'static self, navn: &str) -> Option<&'static Afsnit> {
        self.afsnit.iter().find(|a| a.navn() == navn)
    }
}

impl PartialEq for Objekttype {
    fn eq(&self, other: &Self) -> bool {
        self.art == other.art
    }
}
impl Eq for Objekttype {}
