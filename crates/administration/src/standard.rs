//! The services every installation begins with. An installation replaces one by storing a service with the same UUID.

mod indeks;

pub(crate) use indeks::er_indeksets;
pub use indeks::{FOELSOMHEDER, SAGDOKUMENTINDEKSET, YDELSESINDEKSET};

use crate::service::{
    BESKEDFORDELER, JA, OPERATIONER, Parameterart, Parametertype, Rolle, Service, Servicesystemrolle,
};
use oio::Cvr;
use oio::catalog::Register;
use std::collections::{BTreeMap, BTreeSet};
use uuid::{Uuid, uuid};

/// SF1500 Organisation.
pub const ORGANISATION: Uuid = uuid!("f0da3e27-1500-4c0e-8f6b-6f7267616e69");
/// SF1510 Klassifikation.
pub const KLASSIFIKATION: Uuid = uuid!("f0da3e27-1510-4c0e-8f6b-6b6c61737369");
/// SF1462 Afsend besked.
pub const BESKED_AFSEND: Uuid = uuid!("f0da3e27-1462-4c0e-8f6b-616673656e64");
/// SF1461 Modtag beskeder.
pub const BESKED_MODTAG: Uuid = uuid!("f0da3e27-1461-4c0e-8f6b-6d6f64746167");

/// The host in the URIs of roles and limits.
const DOMAENE: &str = "stoettesystemerne.dk";
/// What only the indexes do.
const INDEKS: [&str; 3] = ["opdater", "fremsoeg", "fjern"];
/// What only those who write may do.
pub(crate) const SKRIVER: [&str; 7] =
    ["opret", "importer", "ret", "passiver", "slet", "anonymiser", "fysiskslet"];

/// The flags of an agreement with a register of ours. Everything is closed unless it says `Ja`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dataafgraensninger {
    /// `senavn`: names of persons.
    pub se_navn: bool,
    /// `secpr-nummer`: CPR numbers.
    pub se_cpr: bool,
    /// `anonymiser`: the operation of that name.
    pub anonymiser: bool,
    /// `fysiskslet`: the operation of that name; test installations only.
    pub fysiskslet: bool,
}

impl Dataafgraensninger {
    /// All flags open.
    pub const ALLE: Self = Self { se_navn: true, se_cpr: true, anonymiser: true, fysiskslet: true };

    /// The flags that are open, as values of the types the service has for them.
    #[must_use]
    pub fn parametre(self, service: &Service) -> BTreeMap<String, Vec<String>> {
        let flag = [
            (self.se_navn, Parameterart::SeNavn),
            (self.se_cpr, Parameterart::SeCpr),
            (self.anonymiser, Parameterart::Anonymiser),
            (self.fysiskslet, Parameterart::Fysiskslet),
        ];
        let aabne = flag.into_iter().filter(|(aaben, _)| *aaben);
        aabne
            .filter_map(|(_, art)| service.parameter_af(art))
            .map(|p| (p.uri.clone(), vec![JA.to_owned()]))
            .collect()
    }
}

impl Service {
    /// The services every installation begins with.
    #[must_use]
    pub fn standard() -> Vec<Self> {
        vec![
            Self::organisation(),
            Self::klassifikation(),
            Self::besked_afsend(),
            Self::besked_modtag(),
            Self::sagdokumentindeks(),
            Self::ydelsesindeks(),
        ]
    }

    /// SF1500 Organisation, as we answer it.
    #[must_use]
    pub fn organisation() -> Self {
        let identifikatorer = [
            "http://stoettesystemerne.dk/service/organisation/3",
            "http://entityid.kombit.dk/service/organisation/7",
        ];
        let parametre = vec![
            flag("senavn", "SeNavn", Parameterart::SeNavn),
            flag("secpr-nummer", "SeCPR", Parameterart::SeCpr),
            flag("anonymiser", "Anonymiser", Parameterart::Anonymiser),
            flag("fysiskslet", "Fysisk slet", Parameterart::Fysiskslet),
        ];
        egen(ORGANISATION, "SF1500", "Organisation", Register::Organisation, &identifikatorer, parametre)
    }

    /// SF1510 Klassifikation, as we answer it.
    #[must_use]
    pub fn klassifikation() -> Self {
        let identifikatorer = [
            "http://entityid.kombit.dk/service/klassifikation/6",
            "http://entityid.kombit.dk/service/klassifikation/7",
        ];
        egen(
            KLASSIFIKATION,
            "SF1510",
            "Klassifikation",
            Register::Klassifikation,
            &identifikatorer,
            Vec::new(),
        )
    }
}

impl Service {
    /// SF1462 Afsend besked.
    #[must_use]
    pub fn besked_afsend() -> Self {
        let tilladte = graense("tilladtemyndigheder", "TilladteMyndigheder", Parameterart::Multi);
        besked(BESKED_AFSEND, "SF1462", "BeskedAfsend", "afsend", "afsend", tilladte)
    }

    /// SF1461 Modtag beskeder.
    #[must_use]
    pub fn besked_modtag() -> Self {
        let afsendende = graense("afsendendemyndighed", "AfsendendeMyndighed", Parameterart::Multi);
        besked(BESKED_MODTAG, "SF1461", "BeskedModtag", "modtag", "afhent", afsendende)
    }
}

/// The environments of the old entity ids; the last is production.
const MILJOER: [&str; 3] = ["eksterntest-", "test-", ""];

fn graense(sti: &str, navn: &str, art: Parameterart) -> Parametertype {
    Parametertype {
        uri: format!("http://{DOMAENE}/constraints/beskedfordeler/{sti}/1"),
        ..flag(sti, navn, art)
    }
}

/// A service of the distributor. The old entity ids are built from the names of its hosts.
fn besked(
    uuid: Uuid,
    nummer: &str,
    navn: &str,
    retning: &str,
    gammel: &str,
    myndigheder: Parametertype,
) -> Service {
    let mut identifikatorer = BTreeSet::from([format!("http://entityid.kombit.dk/service/bfo_{retning}/2")]);
    let gamle = MILJOER.map(|m| format!("http://beskedfordeler.{m}{DOMAENE}/service/{gammel}/1"));
    identifikatorer.extend(gamle);
    let rolle = Servicesystemrolle {
        uri: format!("http://{DOMAENE}/roles/servicesystemrolle/besked_{retning}/1"),
        navn: navn.into(),
        operationer: BTreeSet::new(),
        parametre: Vec::new(),
    };
    let version = Parametertype {
        vaerdier: vec!["1".into(), "2".into()],
        ..graense("version", "Version", Parameterart::Single)
    };
    Service {
        uuid,
        navn: navn.into(),
        nummer: nummer.into(),
        udbyder: Some(Cvr::KOMBIT),
        servicetype: None,
        status: crate::Servicestatus::IDrift,
        udfases: None,
        komponent: Some(BESKEDFORDELER.into()),
        identifikatorer,
        eksternt_id: Some(format!("http://entityid.kombit.dk/service/bfo_{retning}/2")),
        metadata: BTreeMap::new(),
        roller: vec![rolle],
        parametre: vec![
            graense("beskedtype", "Beskedtype", Parameterart::Multi),
            graense("foelsomhed", "Foelsomhed", Parameterart::Foelsomhed),
            graense("kommunaltforvaltningsomraade", "KommunaltForvaltningsomraade", Parameterart::Kle),
            myndigheder,
            version,
        ],
    }
}

fn flag(sti: &str, navn: &str, art: Parameterart) -> Parametertype {
    Parametertype {
        uri: format!("http://{DOMAENE}/constraints/{sti}/1"),
        navn: navn.into(),
        art,
        kraevet: false,
        vaerdier: Vec::new(),
        beskrivelse: None,
    }
}

fn egen(
    uuid: Uuid,
    nummer: &str,
    navn: &str,
    register: Register,
    identifikatorer: &[&str],
    parametre: Vec<Parametertype>,
) -> Service {
    let rolle = |rolle: Rolle| {
        let skriver = rolle == Rolle::Rediger;
        let registerets = OPERATIONER.iter().filter(|o| !INDEKS.contains(o));
        let operationer = registerets.filter(|o| skriver || !SKRIVER.contains(o));
        let slug = register.slug();
        Servicesystemrolle {
            uri: format!(
                "http://{DOMAENE}/roles/servicesystemrolle/{slug}_{}/1",
                rolle.navn().to_lowercase()
            ),
            navn: rolle.navn().into(),
            operationer: operationer.map(|o| (*o).to_owned()).collect(),
            parametre: Vec::new(),
        }
    };
    Service {
        uuid,
        navn: navn.into(),
        nummer: nummer.into(),
        udbyder: Some(Cvr::KOMBIT),
        servicetype: None,
        status: crate::Servicestatus::IDrift,
        udfases: None,
        komponent: Some(register.slug().into()),
        identifikatorer: identifikatorer.iter().map(|i| (*i).to_owned()).collect::<BTreeSet<_>>(),
        eksternt_id: None,
        metadata: BTreeMap::new(),
        roller: vec![rolle(Rolle::Udstil), rolle(Rolle::Rediger)],
        parametre,
    }
}
