//! What goes over the wire, field for field as role catalogues read and write it.

use crate::problem::Problem;
use administration::{
    Afgraensningsvaerdi, Dataafgraensningstype, ItSystem, Jobfunktionsrolle, Jobfunktionsrollestatus,
    Jobfunktionsrolletilstand, Politik, Tilknytning,
};
use axum::http::StatusCode;
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use styring::Kald;
use uuid::Uuid;

/// A jobfunktionsrolle.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rolle {
    #[serde(default)]
    uuid: Option<String>,
    #[serde(default)]
    navn: Option<String>,
    #[serde(default)]
    entity_id: Option<String>,
    #[serde(default)]
    brugersystemrolle_dataafgraensninger: Option<Vec<Systemrollevalg>>,
    #[serde(default)]
    beskrivelse: Option<String>,
    #[serde(default)]
    delegeret_til_cvr: Option<String>,
    #[serde(default)]
    organisation_cvr: Option<String>,
    #[serde(default)]
    pub(crate) version: Option<i32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Systemrollevalg {
    brugersystemrolle_uuid: String,
    #[serde(default)]
    dataafgraensnings_vaerdier: Option<Vec<Vaerdi>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vaerdi {
    #[serde(default)]
    navn: Option<String>,
    #[serde(default)]
    vaerdi: Option<String>,
    #[serde(default)]
    dynamisk: bool,
    dataafgraensningstype_entity_id: String,
    #[serde(default)]
    dataafgraensningstype_navn: Option<String>,
}

/// A system that roles are made of.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrugervendtSystem {
    uuid: Uuid,
    navn: String,
    organisation_navn: String,
    organisation_cvr: String,
    changed_date: String,
}

/// A role of such a system.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Systemrolle {
    navn: String,
    uuid: Uuid,
    entity_id: String,
    beskrivelse: String,
    dataafgraensningstyper: Vec<Afgraensning>,
}

#[derive(Debug, Serialize)]
struct Afgraensning {
    kraevet: &'static str,
    dataafgraensningstype: Typen,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Typen {
    uuid: Uuid,
    entity_id: String,
    navn: String,
    beskrivelse: String,
    #[serde(rename = "type")]
    art: &'static str,
    regulaert_udtryk: Option<String>,
    vaerdi_liste: Vec<Valg>,
    is_common: bool,
}

#[derive(Debug, Serialize)]
struct Valg {
    navn: String,
    vaerdi: String,
}

/// Whether role catalogues see a role: what was activated and has not ended.
pub(crate) fn i_brug(rolle: &Jobfunktionsrolle, nu: Instant) -> bool {
    !matches!(rolle.tilstand(nu), Jobfunktionsrolletilstand::Kladde | Jobfunktionsrolletilstand::Ophoert)
}

/// Whether two roles are the same but for what the interface does not carry.
pub(crate) fn ens(a: &Jobfunktionsrolle, b: &Jobfunktionsrolle) -> bool {
    (&a.navn, &a.entity_id, &a.beskrivelse, &a.tilknytninger)
        == (&b.navn, &b.entity_id, &b.beskrivelse, &b.tilknytninger)
}

/// What types of limits are called, by EntityId.
pub(crate) struct Typenavne(HashMap<String, String>);

impl Typenavne {
    /// Those of every system, and those all systems have.
    pub(crate) fn af(politik: &Politik) -> Self {
        let egne = politik.data().systemer.iter().flat_map(|s| s.dataafgraensningstyper.iter().cloned());
        let mut navne = HashMap::new();
        for typ in egne.chain(Dataafgraensningstype::faelles()) {
            navne.entry(typ.entity_id).or_insert(typ.navn);
        }
        Self(navne)
    }
}

impl Rolle {
    /// A role as it is sent, with the party it is delegated to.
    pub(crate) fn af(
        rolle: &Jobfunktionsrolle,
        version: i64,
        delegeret_til: Option<Cvr>,
        typer: &Typenavne,
    ) -> Self {
        let vaerdi = |v: &Afgraensningsvaerdi| Vaerdi {
            navn: (!v.navn.is_empty()).then(|| v.navn.clone()),
            vaerdi: Some(v.vaerdi.clone()),
            dynamisk: v.dynamisk,
            dataafgraensningstype_entity_id: v.entity_id.clone(),
            dataafgraensningstype_navn: typer.0.get(&v.entity_id).cloned(),
        };
        let valg = |t: &Tilknytning| Systemrollevalg {
            brugersystemrolle_uuid: t.rolle.to_string(),
            dataafgraensnings_vaerdier: Some(t.vaerdier.iter().map(vaerdi).collect()),
        };
        Self {
            uuid: Some(rolle.uuid.to_string()),
            navn: Some(rolle.navn.clone()),
            entity_id: Some(rolle.entity_id.clone()),
            brugersystemrolle_dataafgraensninger: Some(rolle.tilknytninger.iter().map(valg).collect()),
            beskrivelse: Some(rolle.beskrivelse.clone()),
            delegeret_til_cvr: delegeret_til.map(|c| c.to_string()),
            organisation_cvr: Some(rolle.myndighed.to_string()),
            version: i32::try_from(version).ok(),
        }
    }

    /// The role that was sent, in use at once.
    ///
    /// # Errors
    /// 406 when it is another authority's, or names something that is no UUID.
    pub(crate) fn rolle(self, uuid: Uuid, kald: &Kald) -> Result<Jobfunktionsrolle, Problem> {
        let afvis = |kode, tekst: String| Problem::ny(StatusCode::NOT_ACCEPTABLE, kode, tekst);
        if let Some(cvr) = self.organisation_cvr.filter(|c| *c != kald.part().to_string()) {
            return Err(afvis(
                "X-005",
                format!("Certifikatet tilhører {}, men rollen siger {cvr}.", kald.part()),
            ));
        }
        if self.uuid.as_ref().is_some_and(|u| Uuid::try_parse(u).is_err()) {
            return Err(afvis("X-006", "Rollens uuid er ikke et UUID.".into()));
        }
        let mut tilknytninger = Vec::new();
        for valg in self.brugersystemrolle_dataafgraensninger.unwrap_or_default() {
            let rolle = Uuid::try_parse(&valg.brugersystemrolle_uuid).map_err(|_| {
                afvis(
                    "X-006",
                    format!("{} er ikke et UUID på en brugersystemrolle.", valg.brugersystemrolle_uuid),
                )
            })?;
            let vaerdi = |v: Vaerdi| Afgraensningsvaerdi {
                entity_id: v.dataafgraensningstype_entity_id,
                navn: v.navn.unwrap_or_default(),
                vaerdi: v.vaerdi.unwrap_or_default(),
                dynamisk: v.dynamisk,
            };
            let vaerdier =
                valg.dataafgraensnings_vaerdier.unwrap_or_default().into_iter().map(vaerdi).collect();
            tilknytninger.push(Tilknytning { rolle, vaerdier });
        }
        Ok(Jobfunktionsrolle {
            uuid,
            myndighed: kald.part(),
            navn: self.navn.unwrap_or_default().trim().to_owned(),
            entity_id: self.entity_id.unwrap_or_default().trim().to_owned(),
            beskrivelse: self.beskrivelse.unwrap_or_default(),
            tilknytninger,
            status: Jobfunktionsrollestatus::Aktiveret,
            gyldig: Period::ALWAYS,
            foelsom: false,
            delegeret_til: None,
        })
    }
}

impl BrugervendtSystem {
    /// A system as it is sent. When its roles were last changed is not always known; then it is said to be today, so that
    /// clients read them again once a day.
    pub(crate) fn af(system: &ItSystem, politik: &Politik, nu: Instant) -> Self {
        let i_dag = || oio::tid::zoned(nu).and_then(|z| oio::tid::midnight(z.date()));
        let aendret = system.roller_aendret.or_else(i_dag).unwrap_or(nu);
        Self {
            uuid: system.uuid,
            navn: system.navn.clone(),
            organisation_navn: Kald::partsnavn(politik, system.leverandoer),
            organisation_cvr: system.leverandoer.to_string(),
            changed_date: tidspunkt(aendret),
        }
    }
}

/// A time with milliseconds and `Z`, which every reader of ISO 8601 takes.
fn tidspunkt(tid: Instant) -> String {
    let utc = jiff::Timestamp::from_microsecond(tid.micros()).unwrap_or_default();
    utc.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The roles of a system that can still be used. Every list is there, also when it is empty.
pub(crate) fn systemroller(system: &ItSystem, nu: Instant) -> Vec<Systemrolle> {
    let faelles = Dataafgraensningstype::faelles();
    let typ = |entity_id: &str| {
        let alle = system.dataafgraensningstyper.iter().chain(&faelles);
        alle.into_iter().find(|t| t.entity_id == entity_id).map(|t| Typen {
            uuid: t.uuid,
            entity_id: t.entity_id.clone(),
            navn: t.navn.clone(),
            beskrivelse: t.beskrivelse.clone(),
            art: t.art.navn(),
            regulaert_udtryk: t.regulaert_udtryk.clone(),
            vaerdi_liste: t
                .vaerdier
                .iter()
                .map(|v| Valg { navn: v.navn.clone(), vaerdi: v.vaerdi.clone() })
                .collect(),
            is_common: t.er_faelles(),
        })
    };
    let roller = system.brugersystemroller.iter().filter(|r| r.udfases.is_none_or(|dag| nu < dag));
    roller
        .map(|r| {
            let afgraensning = |a: &administration::Rolleafgraensning| {
                let kraevet = if a.kraevet { "JA" } else { "NEJ" };
                Some(Afgraensning { kraevet, dataafgraensningstype: typ(&a.entity_id)? })
            };
            Systemrolle {
                navn: r.navn.clone(),
                uuid: r.uuid,
                entity_id: r.entity_id.clone(),
                beskrivelse: r.beskrivelse.clone(),
                dataafgraensningstyper: r.afgraensninger.iter().filter_map(afgraensning).collect(),
            }
        })
        .collect()
}
