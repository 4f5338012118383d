//! Classes from CSV: a chart of accounts, a local classification, the official UUIDs of KLE.
//!
//! Columns `uuid;code;title;description;active;parent;from;to;sort`; only `code` and `title` are required. `from` and
//! `to` are dates, both inclusive; `parent` is the code of another row.

use crate::byg::{Aktoer, egenskab, midnat, relation, tilstand, v5};
use crate::{Fjernelse, Fjernes, Forslag, Fund, OensketObjekt, faste, tekst};
use bitemporal::{Instant, Period};
use jiff::civil::Date;
use oio::ObjektId;
use oio::catalog::klassifikation::{facet, klasse, klassifikation};
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, FACET, KLASSE, KLASSIFIKATION, ObjektType, RelationType};
use oio::model::{Indhold, TilstandKode};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

pub use crate::faste::faste_klasser;

/// The columns, each with its Danish name.
const KOLONNER: [[&str; 2]; 9] = [
    ["uuid", "uuid"],
    ["code", "kode"],
    ["title", "titel"],
    ["description", "beskrivelse"],
    ["active", "aktiv"],
    ["parent", "overordnet"],
    ["from", "fra"],
    ["to", "til"],
    ["sort", "sortering"],
];

/// One class of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KlasseRaekke {
    /// Its UUID, if the file gives it.
    pub uuid: Option<Uuid>,
    /// Its BrugervendtNoegle.
    pub kode: String,
    /// Its title.
    pub titel: String,
    /// Its description; may be empty.
    pub beskrivelse: String,
    /// Whether it is published.
    pub aktiv: bool,
    /// The code of the class above.
    pub overordnet: Option<String>,
    /// First day it holds.
    pub fra: Option<Date>,
    /// Last day it holds.
    pub til: Option<Date>,
    /// Its place among its siblings, 1 to 100.
    pub sortering: Option<u8>,
}

/// Reads a file of classes.
///
/// # Errors
/// Everything that is wrong in it.
pub fn laes(bytes: &[u8]) -> Result<Vec<KlasseRaekke>, Vec<Fund>> {
    let raekker = raekker(bytes)?;
    let fejl = sammenhaeng(&raekker);
    if fejl.is_empty() { Ok(raekker.into_iter().map(|(_, r)| r).collect()) } else { Err(fejl) }
}

/// The rows with their lines, each right in itself.
fn raekker(bytes: &[u8]) -> Result<Vec<(usize, KlasseRaekke)>, Vec<Fund>> {
    let fund = |linje, sted: &str, grund: String| Fund { linje, sted: sted.into(), grund };
    let poster = tekst::poster(bytes).map_err(|fund| vec![fund])?;
    let mut poster = poster.into_iter();
    let hoved = poster.next().map(|(_, celler)| celler).unwrap_or_default();
    let plads = KOLONNER.map(|navne| hoved.iter().position(|h| navne.contains(&tekst::fold(h).as_str())));
    let mangler: Vec<Fund> = [1, 2]
        .into_iter()
        .filter(|k| plads[*k].is_none())
        .map(|k| fund(1, KOLONNER[k][0], "kolonnen mangler".into()))
        .collect();
    if !mangler.is_empty() {
        return Err(mangler);
    }
    let (mut raekker, mut fejl) = (Vec::new(), Vec::new());
    for (linje, celler) in poster.filter(|(_, celler)| celler.iter().any(|c| !c.is_empty())) {
        let celle = |k: usize| plads[k].and_then(|p| celler.get(p)).map_or("", String::as_str);
        match raekke(celle) {
            Ok(raekke) => raekker.push((linje, raekke)),
            Err(grunde) => {
                fejl.extend(grunde.into_iter().map(|(k, g)| fund(linje, KOLONNER[k][0], g.into())))
            }
        }
    }
    if fejl.is_empty() { Ok(raekker) } else { Err(fejl) }
}

/// One row; or, for each wrong cell, its column and why.
fn raekke<'c>(celle: impl Fn(usize) -> &'c str) -> Result<KlasseRaekke, Vec<(usize, &'static str)>> {
    let mut fejl = Vec::new();
    let aktiv = match tekst::fold(celle(4)).as_str() {
        "" | "true" | "1" | "ja" | "yes" => true,
        "false" | "0" | "nej" | "no" => false,
        _ => {
            fejl.push((4, "skal være true eller false"));
            true
        }
    };
    let mut maaske = |k: usize, grund, ok: bool| {
        if !celle(k).is_empty() && !ok {
            fejl.push((k, grund));
        }
    };
    let uuid = Uuid::try_parse(celle(0)).ok();
    let (fra, til) = (tekst::dato(celle(6)), tekst::dato(celle(7)));
    let sortering = celle(8).parse().ok().filter(|n| (1..=100).contains(n));
    maaske(0, "er ikke en UUID", uuid.is_some());
    maaske(1, "højst 50 tegn", celle(1).chars().count() <= 50);
    maaske(2, "højst 300 tegn", celle(2).chars().count() <= 300);
    maaske(3, "højst 10000 tegn", celle(3).chars().count() <= 10_000);
    maaske(6, "er ikke en dato", fra.is_some());
    maaske(7, "er ikke en dato", til.is_some());
    maaske(7, "ligger før from", fra.is_none_or(|fra| til.is_none_or(|til| fra <= til)));
    maaske(8, "skal være et tal fra 1 til 100", sortering.is_some());
    for k in [1, 2] {
        if celle(k).is_empty() {
            fejl.push((k, "skal være udfyldt"));
        }
    }
    if !fejl.is_empty() {
        return Err(fejl);
    }
    Ok(KlasseRaekke {
        uuid,
        kode: celle(1).into(),
        titel: celle(2).into(),
        beskrivelse: celle(3).into(),
        aktiv,
        overordnet: Some(celle(5).to_owned()).filter(|p| !p.is_empty()),
        fra,
        til,
        sortering,
    })
}

/// Codes that stand twice, parents that do not exist, rings.
fn sammenhaeng(raekker: &[(usize, KlasseRaekke)]) -> Vec<Fund> {
    let mut fund = Vec::new();
    let mut over: HashMap<&str, Option<&str>> = HashMap::new();
    for (linje, r) in raekker {
        if over.insert(&r.kode, r.overordnet.as_deref()).is_some() {
            fund.push(Fund { linje: *linje, sted: r.kode.clone(), grund: "koden står to gange".into() });
        }
    }
    for (linje, r) in raekker {
        let mut set = HashSet::from([r.kode.as_str()]);
        let mut naeste = r.overordnet.as_deref();
        while let Some(kode) = naeste {
            let grund = match over.get(kode) {
                None => Some(format!("den overordnede {kode} findes ikke")),
                Some(_) if !set.insert(kode) => Some("koden er overordnet sig selv".into()),
                Some(op) => {
                    naeste = *op;
                    continue;
                }
            };
            fund.extend(grund.map(|grund| Fund { linje: *linje, sted: r.kode.clone(), grund }));
            break;
        }
    }
    fund
}

/// Official UUIDs by code, from a file with at least the columns `uuid`, `code` and `title`. Rows without a UUID, and
/// those no longer active where an active one has the same code, are passed over.
///
/// # Errors
/// Everything that is wrong in it.
pub fn officielle(bytes: &[u8]) -> Result<HashMap<String, Uuid>, Vec<Fund>> {
    let mut ids: HashMap<String, (bool, Uuid)> = HashMap::new();
    for (_, r) in raekker(bytes)? {
        if let Some(uuid) = r.uuid
            && (r.aktiv || !ids.contains_key(&r.kode))
        {
            ids.insert(r.kode, (r.aktiv, uuid));
        }
    }
    Ok(ids.into_iter().map(|(kode, (_, uuid))| (kode, uuid)).collect())
}

/// An object that classes are filed under.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its BrugervendtNoegle.
    pub bvn: String,
    /// Its title.
    pub titel: String,
}

/// Where the classes of a file belong.
#[derive(Debug, Clone)]
pub struct Maal {
    /// The klassifikation.
    pub klassifikation: Holder,
    /// The facet.
    pub facet: Holder,
    /// The owning organisation.
    pub ejer: Uuid,
}

/// What the register should hold so that the facet has these classes from `dato` on. Classes of the facet that are not
/// in the file stay as they are.
#[must_use]
pub fn forslag(raekker: &[KlasseRaekke], maal: &Maal, dato: Date) -> Forslag {
    let aktoer = Aktoer(maal.ejer);
    let ids: HashMap<&str, Uuid> = raekker
        .iter()
        .map(|r| (r.kode.as_str(), r.uuid.unwrap_or_else(|| v5(maal.facet.uuid, &r.kode))))
        .collect();
    let mut forslag = Forslag::default();
    let klassifikation = holder(&KLASSIFIKATION, &maal.klassifikation, None, aktoer, dato);
    let facet_under = Some((facet::FACET_TILHOERER, maal.klassifikation.uuid));
    forslag.objekter.extend([klassifikation, holder(&FACET, &maal.facet, facet_under, aktoer, dato)]);
    for r in raekker {
        let objekt = ObjektId(ids[r.kode.as_str()]);
        let fra = midnat(r.fra.unwrap_or(dato));
        let virkning = aktoer.virkning(Period::since(fra));
        let sortering = r.sortering.map(|n| n.to_string()).unwrap_or_default();
        let felter = [
            (BVN, r.kode.as_str()),
            (klasse::BESKRIVELSE, &r.beskrivelse),
            (klasse::TITEL, &r.titel),
            (klasse::SORTERING, &sortering),
        ];
        let mut relationer = vec![
            relation(&klasse::ANSVARLIG, maal.ejer, virkning.clone()),
            relation(&klasse::EJER, maal.ejer, virkning.clone()),
            relation(&klasse::FACET, maal.facet.uuid, virkning.clone()),
        ];
        relationer.extend(
            r.overordnet
                .iter()
                .map(|o| relation(&klasse::OVERORDNET_KLASSE, ids[o.as_str()], virkning.clone())),
        );
        let slut = match (r.aktiv, r.til) {
            (_, Some(til)) => Some(midnat(til.tomorrow().unwrap_or(til))),
            (false, None) => Some(midnat(dato).max(fra)),
            (true, None) => None,
        };
        if slut.is_none() {
            forslag.fjern.push(Fjernelse { objekttype: &KLASSE, objekt, hvad: Fjernes::Slutdato });
        }
        let indhold = Indhold { relationer, ..publiceret(aktoer, fra, slut, egenskab(virkning, &felter)) };
        forslag.objekter.push(OensketObjekt { objekttype: &KLASSE, objekt, indhold, note: None });
    }
    forslag
}

fn publiceret(aktoer: Aktoer, fra: Instant, slut: Option<Instant>, en: oio::model::Egenskab) -> Indhold {
    let perioder = [(fra, slut.unwrap_or(Instant::POS_INFINITY), TilstandKode::Publiceret)]
        .into_iter()
        .chain(slut.map(|slut| (slut, Instant::POS_INFINITY, TilstandKode::IkkePubliceret)));
    let tilstande = perioder
        .filter(|(fra, til, _)| fra < til)
        .map(|(from, to, kode)| tilstand(aktoer.virkning(Period { from, to }), kode))
        .collect();
    Indhold { egenskaber: vec![en], tilstande, ..Indhold::default() }
}

fn holder(
    objekttype: &'static ObjektType,
    holder: &Holder,
    over: Option<(RelationType, Uuid)>,
    aktoer: Aktoer,
    dato: Date,
) -> OensketObjekt {
    let virkning = aktoer.virkning(Period::since(midnat(dato)));
    let mut indhold = faste::publiceret(virkning.clone());
    indhold.egenskaber =
        vec![egenskab(virkning.clone(), &[(BVN, &holder.bvn), (klassifikation::TITEL, &holder.titel)])];
    indhold.relationer = vec![
        relation(&klassifikation::ANSVARLIG, aktoer.0, virkning.clone()),
        relation(&klassifikation::EJER, aktoer.0, virkning.clone()),
    ];
    indhold.relationer.extend(over.map(|(typ, til)| relation(&typ, til, virkning)));
    OensketObjekt { objekttype, objekt: ObjektId(holder.uuid), indhold, note: None }
}

#[cfg(test)]
mod tests;
