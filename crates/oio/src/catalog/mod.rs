//! The catalog: one description per object type, from which codecs, schemas, validation and search keys follow.
//!
//! Plain data. To add an object type, write one file like `klassifikation/klasse.rs` and name it in [`ALLE`].
//! Nothing outside an object's own file and its register's module may ask which type it has.

mod field;
pub mod klassifikation;
mod navn;
pub mod organisation;
mod relation;

pub use field::{Beskyttelse, Field, Kind, Ns};
pub use navn::Navn;
pub use relation::{Dynamisk, RelationType, Target};

pub use klassifikation::{FACET, KLASSE, KLASSIFIKATION};
pub use organisation::{
    ADRESSE, BRUGER, INTERESSEFAELLESSKAB, ITSYSTEM, MYNDIGHED, ORGANISATION, ORGANISATIONENHED,
    ORGANISATIONFUNKTION, PERSON, VIRKSOMHED,
};

/// `BrugervendtNoegleTekst`, the first field of every object type.
pub const BRUGERVENDT_NOEGLE: Field = field::text("BrugervendtNoegleTekst").max(50).searched();

/// The registers whose object types the catalog holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Register {
    Organisation,
    Klassifikation,
}

impl Register {
    /// The name as it stands in namespaces and paths.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Klassifikation => "klassifikation",
        }
    }
}

impl From<Register> for &'static str {
    /// The name by which services and agreements know it.
    fn from(register: Register) -> Self {
        register.slug()
    }
}

/// What an object type extends in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// `sd:SagDokObjektType`.
    SagDokObjekt,
    /// `part:PartType`.
    Part,
    /// `of:AktoerType`.
    Aktoer,
}

/// Which tilstand an object type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tilstandsart {
    /// `Gyldighed` with Aktiv or Inaktiv.
    Gyldighed,
    /// `PubliceretStatus` with `ErPubliceretIndikator`.
    Publiceret,
}

impl Tilstandsart {
    /// The element that holds one tilstand.
    #[must_use]
    pub const fn element(self) -> &'static str {
        match self {
            Self::Gyldighed => "Gyldighed",
            Self::Publiceret => "PubliceretStatus",
        }
    }
}

/// One object type: what the lists of its registreringer may hold. Slices are in wire order (`xs:sequence`).
#[derive(Debug)]
pub struct ObjektType {
    /// The element name, such as `OrganisationEnhed`.
    pub name: &'static str,
    /// The register it lives in.
    pub register: Register,
    /// What its schema type extends.
    pub base: Base,
    /// Fields of `Egenskab`, over all versions.
    pub egenskaber: &'static [Field],
    /// The tilstand it has, if any.
    pub tilstand: Option<Tilstandsart>,
    /// Relations, over all versions.
    pub relationer: &'static [RelationType],
    /// The versions whose lists end in `LokalUdvidelse`.
    pub lokal_udvidelse: &'static [u8],
    /// The service versions that expose it.
    pub versions: &'static [u8],
    /// Whether `opret` may leave its lists out (`minOccurs="0"` in the contract).
    pub opret_lister_valgfri: bool,
    /// How people look it up, when they do: by where it stands in a tree, and by words.
    pub opslag: Option<Opslag>,
}

/// How people look an object up. Search keys of their own follow from it, so that a level of a tree is a walk along an index,
/// however many objects there are, and a word is found without reading every title.
#[derive(Debug, Clone, Copy)]
pub struct Opslag {
    /// The relations that say where in a tree an object stands, each to one object at a time; the first leads farthest up.
    pub under: &'static [RelationType],
    /// The field its siblings are in the order of.
    pub efter: Field,
    /// The field whose words it is found by.
    pub ord: Field,
}

impl ObjektType {
    /// The Egenskab field called `name`.
    #[must_use]
    pub fn field(&self, name: Navn) -> Option<&'static Field> {
        self.egenskaber.iter().find(|f| f.navn == name)
    }

    /// The relation called `name`.
    #[must_use]
    pub fn relation(&self, name: Navn) -> Option<&'static RelationType> {
        self.relationer.iter().find(|r| r.navn == name)
    }

    /// The Egenskab fields of one service version, in wire order.
    pub fn egenskaber_i(&self, version: u8) -> impl Iterator<Item = &'static Field> {
        self.egenskaber.iter().filter(move |f| f.i_version(version))
    }

    /// The relations of one service version, in wire order.
    pub fn relationer_i(&self, version: u8) -> impl Iterator<Item = &'static RelationType> {
        self.relationer.iter().filter(move |r| r.i_version(version))
    }

    /// The name in lower case, as it stands in namespaces and paths.
    #[must_use]
    pub fn slug(&self) -> String {
        self.name.to_lowercase()
    }
}

impl PartialEq for ObjektType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ObjektType {}

static ORGANISATION_LISTER: [&ObjektType; 6] =
    [&ORGANISATION, &ORGANISATIONENHED, &ORGANISATIONFUNKTION, &BRUGER, &INTERESSEFAELLESSKAB, &ITSYSTEM];
static KLASSIFIKATION_LISTER: [&ObjektType; 3] = [&KLASSIFIKATION, &FACET, &KLASSE];

/// The lists of a whole register, as `fremsoegobjekthierarki` answers with them, in the contract's order.
#[must_use]
pub fn lister(register: Register) -> &'static [&'static ObjektType] {
    match register {
        Register::Organisation => &ORGANISATION_LISTER,
        Register::Klassifikation => &KLASSIFIKATION_LISTER,
    }
}

/// Every object type.
pub static ALLE: [&ObjektType; 13] = [
    &ADRESSE,
    &BRUGER,
    &INTERESSEFAELLESSKAB,
    &ITSYSTEM,
    &MYNDIGHED,
    &ORGANISATION,
    &ORGANISATIONENHED,
    &ORGANISATIONFUNKTION,
    &PERSON,
    &VIRKSOMHED,
    &KLASSIFIKATION,
    &FACET,
    &KLASSE,
];

/// The object type called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static ObjektType> {
    ALLE.into_iter().find(|t| t.name == name)
}
