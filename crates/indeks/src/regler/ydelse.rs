//! The rules of grants and payments: B-01 to B-05, E-01 to E-04.

use super::sag::{er_kle, mangler, skal_have};
use super::sted::{overlapper, perioder};
use super::{BEVILLING, EFFEKTUERING, Proeve, Regel, advar, afvis};
use crate::flet::noegle;
use crate::form::beloeb;
use crate::knude::Knude;
use crate::model::{Forekomst, Tid};
use std::collections::HashMap;
use uuid::Uuid;

const YDELSE: &str = "BevilgetYdelse";
const EFFEKTUERET: &str = "OekonomiskYdelseEffektueringRelation";

pub(super) static REGLER: [Regel; 12] = [
    afvis("B-01", BEVILLING, "Ejer skal have CVR-nr", |p| {
        p.sendte_i("Bevillingsaktoer", "Ejer", |f| f.cvr().is_none())
    }),
    afvis("B-01F", BEVILLING, "Foelsomhed skal være udfyldt i Egenskaber", |p| {
        skal_have(p, "Egenskaber", &["Foelsomhed"])
    }),
    advar("B-01S", BEVILLING, "bevillingen skal høre til en sag (Bevillingssag)", |p| {
        p.hvis(p.efter.indhold.af("Bevillingssag").next().is_none(), "Bevillingssag")
    }),
    afvis("B-02", BEVILLING, "BevilgetYdelse skal have et Id, som ingen anden har på samme tid", ids),
    advar("B-03", BEVILLING, "mindst én BevilgetYdelse skal have en Klassifikation med KLE-emne", |p| {
        p.hvis(!p.efter.indhold.af(YDELSE).any(|f| kle_af(f).is_some()), YDELSE)
    }),
    advar("B-04", BEVILLING, "Bevillingstartdato og Bevillingslutdato udfyldes af indekset", |p| {
        let sat =
            |f: &Forekomst| f.felt("Bevillingstartdato").is_some() || f.felt("Bevillingslutdato").is_some();
        p.sendte_af("Egenskaber", sat)
    }),
    afvis("B-05", BEVILLING, "startdato skal ligge før slutdato", |p| {
        let plan = |k: &Knude| {
            baglaens(k.tekst_af("EffektueringsplanStartdato"), k.tekst_af("EffektueringsplanSlutdato"))
        };
        let planer =
            |f: &Forekomst| f.felter.iter().filter(|k| k.navn() == "OekonomiskEffektueringsplan").any(plan);
        p.sendte_af(YDELSE, |f| {
            baglaens(f.felt("BevilgetYdelseStartdato"), f.felt("BevilgetYdelseSlutdato")) || planer(f)
        })
    }),
    afvis("E-01", EFFEKTUERING, "Startdato og Slutdato skal være udfyldt i Egenskaber", |p| {
        skal_have(p, "Egenskaber", &["Startdato", "Slutdato"])
    }),
    afvis("E-01E", EFFEKTUERING, "Ejer skal have CVR-nr", |p| {
        p.sendte_i("Aktoer", "Ejer", |f| f.cvr().is_none())
    }),
    advar(
        "E-02",
        EFFEKTUERING,
        "BevilgetYdelseRef peger ikke på en ydelse i en bevilling i indekset",
        |p| {
            let findes = |f: &Forekomst| {
                let peger = f.knude("BevilgetYdelseRef")?;
                let bevilling = Uuid::try_parse(peger.tekst_af("UUIDIdentifikator")?).ok()?;
                p.opslag.bevilget_ydelse(bevilling, peger.tekst_af("BevilgetYdelseId")?)
            };
            p.sendte_af(EFFEKTUERET, |f| findes(f) == Some(false))
        },
    ),
    advar("E-03", EFFEKTUERING, "Klassifikationsbeskrivelse skal være et KLE-emne som 32.24.04", |p| {
        p.sendte_af(EFFEKTUERET, |f| !f.felt("Klassifikationsbeskrivelse").is_some_and(er_kle))
    }),
    advar("E-04", EFFEKTUERING, "summen af Ydelsesbeloeb er en anden end SamletBruttobeloeb", sum),
];

/// The KLE number of a BevilgetYdelse.
#[must_use]
pub fn kle_af(ydelse: &Forekomst) -> Option<&str> {
    let klasse = ydelse.knude("Ydelse")?.barn("Klassifikation")?;
    klasse.tekst_af("BrugervendtNoegle").filter(|n| er_kle(n))
}

/// Whether a second time is not after a first.
fn baglaens(start: Option<&str>, slut: Option<&str>) -> bool {
    let tid = |t: Option<&str>| t.and_then(Tid::laes).map(|t| t.instant());
    tid(start).zip(tid(slut)).is_some_and(|(a, b)| a >= b)
}

fn ids(p: &Proeve<'_>) -> Vec<String> {
    let mut stier = p.sendte_af(YDELSE, |f| mangler(f, "Id"));
    let mut efter_id: HashMap<_, Vec<&Forekomst>> = HashMap::new();
    for f in p.efter.indhold.af(YDELSE).filter(|f| !mangler(f, "Id")) {
        efter_id.entry(noegle(f)).or_default().push(f);
    }
    let dobbelt = efter_id.into_values().any(|alle| overlapper(&perioder(alle)));
    stier.extend(p.hvis(dobbelt, YDELSE));
    stier
}

/// What the newest attributes say in all, against what is paid in parts.
fn sum(p: &Proeve<'_>) -> Vec<String> {
    let nyeste = p.efter.indhold.af("Egenskaber").max_by_key(|f| f.periode());
    let samlet = nyeste.and_then(|f| f.felt("SamletBruttobeloeb")).and_then(beloeb);
    let dele: Vec<i128> =
        p.efter.indhold.af(EFFEKTUERET).filter_map(|f| f.felt("Ydelsesbeloeb")).filter_map(beloeb).collect();
    let forskel = samlet.is_some_and(|s| !dele.is_empty() && s != dele.iter().sum::<i128>());
    p.hvis(forskel, EFFEKTUERET)
}
