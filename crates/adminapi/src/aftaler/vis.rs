//! An agreement as it goes over the wire.

use crate::ud;
use administration::{Aftaletilstand, Aftaletype, Aftaleversion, Politik};
use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use styring::Kald;
use styring::aftaler::{Aftalevisning, indholdsmaerke};
use utoipa::ToSchema;
use uuid::Uuid;

/// En serviceaftale for én myndighed.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = AftaleForMyndighed)]
#[graphql(name = "AftaleForMyndighed", complex)]
pub(crate) struct Rad {
    /// Serviceaftalens UUID.
    pub uuid: Uuid,
    #[schema(example = "SA-2026-0001")]
    nummer: Option<String>,
    #[schema(example = "KY læser organisation")]
    navn: String,
    /// Om det er en prøvetilslutning: kort tid, kun læsning, og kun opdigtede data.
    proevetilslutning: bool,
    /// It-systemets UUID.
    pub system: Uuid,
    #[schema(example = "KY")]
    systemnavn: String,
    /// Leverandørens CVR-nummer.
    leverandoer: Option<String>,
    /// Myndighedens CVR-nummer.
    #[schema(example = "11223344")]
    myndighed: String,
    #[schema(example = "Korsbæk Kommune")]
    myndighedsnavn: String,
    #[schema(example = "AKTIV")]
    tilstand: String,
    /// Nummeret på versionen, der gælder.
    version: u32,
    /// Nummeret på versionen, myndigheden skal svare på.
    #[serde(skip_serializing_if = "Option::is_none")]
    til_svar: Option<u32>,
    /// En ændring, der venter.
    #[serde(skip_serializing_if = "Option::is_none")]
    aendring: Option<Aendring>,
    /// Hvornår der blev anmodet.
    anmodet: Option<String>,
    gyldig_fra: Option<String>,
    gyldig_til: Option<String>,
    /// Hvornår den senest skal genbekræftes.
    genbekraeftes: Option<String>,
    /// Hvornår den ophører efter opsigelse.
    opsagt_til: Option<String>,
    /// Hvem der har spærret (CVR).
    spaerret_af: Option<String>,
    /// Hvorfor den er spærret, opsagt, returneret eller afvist.
    aarsag: Option<String>,
}

/// En version, der venter.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Aftaleaendring)]
#[graphql(name = "Aftaleaendring")]
pub(crate) struct Aendring {
    version: u32,
    #[schema(example = "ANMODET")]
    tilstand: String,
}

impl Rad {
    pub(super) fn af(politik: &Politik, v: &Aftalevisning<'_>) -> Self {
        let system = politik.system(v.aftale.system);
        let tid = |t: Option<bitemporal::Instant>| t.and_then(ud::tid);
        Self {
            uuid: v.aftale.uuid,
            nummer: v.aftale.nummer.clone(),
            navn: v.aftale.navn.clone(),
            proevetilslutning: v.aftale.proevetilslutning,
            system: v.aftale.system,
            systemnavn: system.map_or_else(String::new, |s| s.navn.clone()),
            leverandoer: system.map(|s| s.leverandoer.to_string()),
            myndighed: v.myndighed.to_string(),
            myndighedsnavn: Kald::partsnavn(politik, v.myndighed),
            tilstand: v.tilstand.to_string(),
            version: v.version.nummer,
            til_svar: v.til_svar().map(|v| v.nummer),
            aendring: v.aendring.map(|(v, t)| Aendring { version: v.nummer, tilstand: t.to_string() }),
            anmodet: tid(v.part.anmodet),
            gyldig_fra: tid(v.part.gyldig_fra).or_else(|| ud::tid(v.version.gyldig.from)),
            gyldig_til: ud::tid(v.version.gyldig.to),
            genbekraeftes: tid(v.version.genbekraeftes(v.part)),
            opsagt_til: tid(v.part.opsagt_til),
            spaerret_af: v.part.spaerret_af.map(|c| c.to_string()),
            aarsag: v.part.aarsag.clone(),
        }
    }
}

/// En serviceaftale.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Serviceaftale)]
#[graphql(name = "Serviceaftale")]
pub(crate) struct Aftale {
    uuid: Uuid,
    #[schema(example = "SA-2026-0001")]
    nummer: Option<String>,
    #[schema(example = "KY læser organisation")]
    pub navn: String,
    /// Om det er en prøvetilslutning: kort tid, kun læsning, og kun opdigtede data.
    proevetilslutning: bool,
    /// It-systemets UUID.
    system: Uuid,
    /// Myndighederne i den, som personen kan se.
    myndigheder: Vec<Rad>,
    /// Versionerne, der gælder eller venter.
    versioner: Vec<Version>,
}

/// En version af en serviceaftale.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Aftaleversion)]
#[graphql(name = "Aftaleversion")]
pub(crate) struct Version {
    nummer: u32,
    /// Mærket af det, en myndighed svarer på.
    #[schema(example = "5d41402abc4b2a76")]
    indholdsmaerke: String,
    begrundelse: String,
    gyldig_fra: Option<String>,
    gyldig_til: Option<String>,
    services: Vec<Aftaltservice>,
    formaal: Formaal,
}

/// Hvad der er aftalt om en service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, SimpleObject)]
#[serde(deny_unknown_fields)]
#[schema(as = Aftaleservice)]
#[graphql(name = "Aftaleservice")]
pub(crate) struct Aftaltservice {
    /// Servicens UUID.
    pub service: Uuid,
    /// URI'erne for de servicesystemroller, der gives.
    pub roller: Vec<String>,
    /// Værdierne af parametrene, efter parameterets URI.
    #[serde(default)]
    pub parametre: BTreeMap<String, Vec<String>>,
}

/// Hvad myndigheden får at vide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = Aftaleformaal)]
#[graphql(name = "Aftaleformaal")]
pub(crate) struct Formaal {
    /// Om data videregives fra én dataejer til én datamodtager.
    pub med_videregivelse: bool,
    #[schema(example = "Vise, hvilken enhed der har ansvaret for en sag")]
    pub formaal: String,
    #[schema(example = "Databeskyttelsesforordningens artikel 6, stk. 1, litra e")]
    pub hjemmel: String,
    pub kategorier: Vec<String>,
    #[schema(example = "DBA-2026-17")]
    pub databehandleraftale: String,
    pub underdatabehandlere: String,
    pub behandlingssted: String,
    #[schema(example = "drift@matador.example")]
    pub driftskontakt: String,
}

impl From<&administration::Aftaleformaal> for Formaal {
    fn from(f: &administration::Aftaleformaal) -> Self {
        Self {
            med_videregivelse: f.aftaletype == Aftaletype::MedVideregivelse,
            formaal: f.formaal.clone(),
            hjemmel: f.hjemmel.clone(),
            kategorier: f.kategorier.clone(),
            databehandleraftale: f.databehandleraftale.clone(),
            underdatabehandlere: f.underdatabehandlere.clone(),
            behandlingssted: f.behandlingssted.clone(),
            driftskontakt: f.driftskontakt.clone(),
        }
    }
}

pub(super) fn services(v: &Aftaleversion) -> Vec<Aftaltservice> {
    let en = |s: &administration::Aftaleservice| Aftaltservice {
        service: s.service,
        roller: s.roller.clone(),
        parametre: s.parametre.clone(),
    };
    v.services.iter().map(en).collect()
}

impl Version {
    pub(crate) fn af(v: &Aftaleversion) -> Self {
        Self {
            nummer: v.nummer,
            indholdsmaerke: indholdsmaerke(v),
            begrundelse: v.begrundelse.clone(),
            gyldig_fra: ud::tid(v.gyldig.from),
            gyldig_til: ud::tid(v.gyldig.to),
            services: services(v),
            formaal: Formaal::from(&v.formaal),
        }
    }
}

impl Aftale {
    /// What a person sees of an agreement. A change that is a draft is its supplier's own.
    pub(super) fn af(kald: &Kald, politik: &Politik, visninger: &[Aftalevisning<'_>]) -> Option<Self> {
        let a = visninger.first()?.aftale;
        let leverandoer = politik.system(a.system).is_some_and(|s| kald.ser(s.leverandoer));
        let kladde = |t: Aftaletilstand| t == Aftaletilstand::Kladde && !leverandoer;
        let mut versioner: BTreeMap<u32, &Aftaleversion> = BTreeMap::new();
        for v in visninger {
            versioner.insert(v.version.nummer, v.version);
            versioner.extend(v.aendring.filter(|(_, t)| !kladde(*t)).map(|(v, _)| (v.nummer, v)));
        }
        Some(Self {
            uuid: a.uuid,
            nummer: a.nummer.clone(),
            navn: a.navn.clone(),
            proevetilslutning: a.proevetilslutning,
            system: a.system,
            myndigheder: visninger.iter().map(|v| Rad::af(politik, v)).collect(),
            versioner: versioner.into_values().map(Version::af).collect(),
        })
    }
}
