//! What the operations take and give, the same for every protocol.

use crate::ids::{Cvr, ObjektId, UnikId};
use crate::model::{AktoerTypeKode, Indhold, Livscyklus, LokalUdvidelse, Registrering, Tilstand};
use crate::model::{Egenskab, Relation, TilstandKode};
use crate::validering::Krav;
use bitemporal::Instant;

/// When and by whom an operation is carried out.
#[derive(Debug, Clone)]
pub struct Udfoerelse {
    /// The time of the operation; becomes the registration time.
    pub nu: Instant,
    /// Who does it (`BrugerRef`): from the caller's credentials, never from the input.
    pub bruger_ref: UnikId,
    /// `NoteTekst` of the input.
    pub note: Option<String>,
    /// How strict the usage rules are kept.
    pub krav: Krav,
}

/// One registrering as `importer` receives it: a complete state.
#[derive(Debug, Clone, Default)]
pub struct SendtRegistrering {
    /// `Tidspunkt`; absent means the time of the operation.
    pub tidspunkt: Option<Instant>,
    /// `BrugerRef`; absent means the caller.
    pub bruger_ref: Option<UnikId>,
    /// `NoteTekst`.
    pub note: Option<String>,
    /// The three lists.
    pub indhold: Indhold,
}

/// What `ret` changes. `None` leaves a list as it is, and so does an empty one.
#[derive(Debug, Clone, Default)]
pub struct Aendring {
    /// `AttributListe`.
    pub egenskaber: Option<Vec<Egenskab>>,
    /// `TilstandListe`.
    pub tilstande: Option<Vec<Tilstand>>,
    /// `RelationListe`.
    pub relationer: Option<Vec<Relation>>,
    /// `LokalUdvidelse` of the lists that were sent with one.
    pub lokal: LokalUdvidelse,
}

/// The four filters of `laes` and `list`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TidsFilter {
    /// `VirkningFraFilter`.
    pub virkning_fra: Option<Instant>,
    /// `VirkningTilFilter`.
    pub virkning_til: Option<Instant>,
    /// `RegistreringFraFilter`.
    pub registrering_fra: Option<Instant>,
    /// `RegistreringTilFilter`.
    pub registrering_til: Option<Instant>,
}

/// `FiltreretOejebliksbillede`: an object as seen through the filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oejebliksbillede {
    /// The object.
    pub objekt: ObjektId,
    /// The authority that owns it (`DataEjer`, on the wire from version 7).
    pub ejer: Cvr,
    /// The registreringer seen, ascending by time.
    pub registreringer: Vec<Registrering>,
}

/// The template of `soeg`: a pattern of what the object must hold. Everything absent matches everything.
#[derive(Debug, Clone, Default)]
pub struct Skabelon {
    /// `SoegRegistrering`.
    pub registrering: SoegRegistrering,
    /// `SoegVirkning`: the effect period of every item that has none of its own, and demands on the virkning.
    pub virkning: SoegVirkning,
    /// `DataEjer/CVR` (version 7).
    pub ejer: Option<Cvr>,
    /// Alternatives: one of these must match. Field values may hold the wildcard `*`.
    pub egenskaber: Vec<SoegEgenskab>,
    /// All of these must match.
    pub tilstande: Vec<SoegTilstand>,
    /// All of these must match.
    pub relationer: Vec<SoegRelation>,
}

/// `SoegRegistrering`.
#[derive(Debug, Clone, Default)]
pub struct SoegRegistrering {
    /// Only objects with a registrering at or after this time.
    pub fra: Option<Instant>,
    /// Only objects with a registrering at or before this time; in the past, the object is matched as it was then.
    pub til: Option<Instant>,
    /// Only objects whose registrering has this code.
    pub livscyklus: Option<Livscyklus>,
    /// Only objects recorded by this actor.
    pub bruger_ref: Option<UnikId>,
}

/// `SoegVirkning`, and the Virkning of one item in a template.
#[derive(Debug, Clone, Default)]
pub struct SoegVirkning {
    /// Start of the effect period searched.
    pub fra: Option<Instant>,
    /// End of the effect period searched.
    pub til: Option<Instant>,
    /// Demanded `AktoerRef`.
    pub aktoer_ref: Option<UnikId>,
    /// Demanded `AktoerTypeKode`.
    pub aktoer_type: Option<AktoerTypeKode>,
    /// Demanded `NoteTekst`.
    pub note: Option<String>,
}

/// A pattern for one Egenskab. Without fields it matches everything.
#[derive(Debug, Clone, Default)]
pub struct SoegEgenskab {
    /// Its own effect period, if sent.
    pub virkning: Option<SoegVirkning>,
    /// Demanded values, `*` being any run of characters. Repeated fields each demand one of the values.
    pub felter: Vec<(crate::Navn, String)>,
    /// Demanded groups: the group's name, and demanded values of its inner fields.
    pub grupper: Vec<(crate::Navn, Vec<(crate::Navn, String)>)>,
}

/// A pattern for one tilstand.
#[derive(Debug, Clone)]
pub struct SoegTilstand {
    /// Its own effect period, if sent.
    pub virkning: Option<SoegVirkning>,
    /// The code, if demanded.
    pub kode: Option<TilstandKode>,
}

/// A pattern for one relation.
#[derive(Debug, Clone)]
pub struct SoegRelation {
    /// The relation.
    pub navn: crate::Navn,
    /// Its own effect period, if sent.
    pub virkning: Option<SoegVirkning>,
    /// Demanded `ReferenceID`.
    pub reference: Option<UnikId>,
    /// Demanded `Rolle`.
    pub rolle: Option<UnikId>,
    /// Demanded `Type`.
    pub objekttype: Option<UnikId>,
    /// Demanded `Indeks`.
    pub indeks: Option<String>,
}

/// What `fremsoegobjekthierarki` asks for.
#[derive(Debug, Clone, Default)]
pub struct Fremsoegning {
    /// `SoegRegistrering`.
    pub registrering: SoegRegistrering,
    /// `SoegVirkning`.
    pub virkning: SoegVirkning,
    /// A pattern per list, for the lists that have one.
    pub egenskaber: Vec<(&'static crate::catalog::ObjektType, SoegEgenskab)>,
    /// Offset into each list.
    pub foerste: Option<i64>,
    /// Page size of each list.
    pub antal: Option<i64>,
}

/// Whom to anonymise.
#[derive(Debug, Clone)]
pub enum Anonymiser {
    /// The Person object.
    Uuid(ObjektId),
    /// Every Person object with this CPR number.
    Cpr(String),
}
