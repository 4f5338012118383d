//! Adresse objects, and the relations of their owners.

use super::{Byg, R, faelles, periode};
use crate::byg::{BVN_MAX, dynamisk, egenskab, kort};
use crate::{Fjernes, faste};
use bitemporal::Period;
use oio::UnikId;
use oio::catalog::organisation::{adresse, bruger, organisationenhed};
use oio::catalog::{ADRESSE, BRUGER, BRUGERVENDT_NOEGLE as BVN, ORGANISATIONENHED, ObjektType, RelationType};
use oio::model::{Indhold, Relation};
use std::collections::HashMap;
use uuid::Uuid;

/// Owner, role in the workbook, and the shared class of that role.
const ROLLER: [(&str, &str, &str); 19] = [
    ("enhed", "AdressePost", "Postadresse"),
    ("enhed", "AdressePostRetur", "Postadresse_retur"),
    ("enhed", "AdresseHenvendelsesSted", "Henvendelsessted_enhed"),
    ("enhed", "Email", "Email_enhed"),
    ("enhed", "EmailBemærkninger", "Email_bemaerkninger"),
    ("enhed", "Telefon", "Mobiltelefon_enhed"),
    ("enhed", "FastnetTelefon", "Fastnettelefon_enhed"),
    ("enhed", "EAN", "EAN_enhed"),
    ("enhed", "URL", "URL_enhed"),
    ("enhed", "LOS-Adresse", "LOS_kaldenavn_kort"),
    ("enhed", "AdresseLokation", "Lokation_enhed"),
    ("enhed", "ÅbningstidTelefon", "Aabningstid_telefon"),
    ("enhed", "ÅbningstidHenvendelse", "Aabningstid_henvendelse"),
    ("enhed", "FOA", "FOA"),
    ("bruger", "Email", "Email_bruger"),
    ("bruger", "Telefon", "Mobiltelefon_bruger"),
    ("bruger", "FastnetTelefon", "Fastnettelefon_bruger"),
    ("bruger", "AdresseLokation", "Lokation_bruger"),
    ("bruger", "FMK-ID", "FMKID_bruger"),
];

/// Columns of `enheder` that are addresses.
pub(super) const ENHEDENS: [(&str, &str); 6] = [
    ("p_nummer", "PNR"),
    ("ean", "EAN_enhed"),
    ("los_kaldenavn_kort", "LOS_kaldenavn_kort"),
    ("los_id", "LOS_ID"),
    ("dtr_id", "DTR_ID"),
    ("sor", "SOR"),
];

/// Columns of `brugere` that are addresses.
pub(super) const BRUGERENS: [(&str, &str); 5] = [
    ("email", "Email_bruger"),
    ("telefon", "Mobiltelefon_bruger"),
    ("fastnet", "Fastnettelefon_bruger"),
    ("lokation", "Lokation_bruger"),
    ("racf_id", "RacfID_bruger"),
];

/// The shared class of a role of the workbook; `None` when this kind of owner has no such role.
pub(in crate::arbejdsbog) fn rolle(ejer: &str, rolle: &str) -> Option<&'static str> {
    ROLLER.iter().find(|(e, r, _)| *e == ejer && *r == rolle).map(|(_, _, bvn)| *bvn)
}

/// One kind of owner of addresses.
pub(super) struct Ejerart {
    navn: &'static str,
    typ: &'static ObjektType,
    relation: RelationType,
    objekttype: &'static str,
    kolonner: &'static [(&'static str, &'static str)],
}

pub(super) static ENHED: Ejerart = Ejerart {
    navn: "enhed",
    typ: &ORGANISATIONENHED,
    relation: organisationenhed::ADRESSER,
    objekttype: "OrgEnhedAdresse",
    kolonner: &ENHEDENS,
};

pub(super) static PERSONEN: Ejerart = Ejerart {
    navn: "bruger",
    typ: &BRUGER,
    relation: bruger::ADRESSER,
    objekttype: "BrugerAdresse",
    kolonner: &BRUGERENS,
};

/// The rows of `adresser` and of the tabs that imply addresses, by owner.
pub(super) struct Adressebog<'b> {
    raekker: HashMap<(&'b str, &'b str), Vec<R<'b>>>,
    los: HashMap<&'b str, &'b str>,
}

impl<'b> Adressebog<'b> {
    pub(super) fn ny(byg: &Byg<'b>) -> Self {
        let mut raekker: HashMap<_, Vec<_>> = HashMap::new();
        for r in byg.bog.raekker("adresser") {
            raekker.entry((r.tekst("ejer_type"), r.tekst("ejer_id"))).or_default().push(r);
        }
        let los = byg
            .bog
            .raekker("udbetalende_enheder")
            .filter(|r| !r.slet())
            .map(|r| (r.tekst("enhed_id"), r.tekst("los_kaldenavn_kort")))
            .collect();
        Self { raekker, los }
    }
}

/// One address of an owner.
struct En<'b> {
    rolle: &'static str,
    vaerdi: &'b str,
    dar: Option<Uuid>,
    period: Period,
    note: Option<String>,
}

impl<'b> Byg<'b> {
    /// The addresses of the unit or user in row `r`: adds the Adresse objects, returns the relations to them.
    pub(super) fn adresser(
        &mut self,
        art: &Ejerart,
        r: R<'b>,
        id: &'b str,
        ejer: (Uuid, Period),
        adressebog: &Adressebog<'b>,
    ) -> Vec<Relation> {
        let mut antal: HashMap<&str, usize> = HashMap::new();
        let mut set: Vec<(&str, &str)> = Vec::new();
        let mut relationer = Vec::new();
        for en in self.samlet(art, r, id, ejer, adressebog) {
            if en.period.is_empty() || (en.dar.is_none() && set.contains(&(en.rolle, en.vaerdi))) {
                continue;
            }
            set.push((en.rolle, en.vaerdi));
            let nr = antal.entry(en.rolle).or_default();
            *nr += 1;
            let til = match en.dar {
                Some(dar) => dar,
                None => {
                    let nr = if *nr > 1 { format!("/{nr}") } else { String::new() };
                    let uuid = self.id("adresser", &format!("{}/{id}/{}{nr}", art.navn, en.rolle));
                    let felter = [(BVN, kort(en.vaerdi, BVN_MAX)), (adresse::ADRESSETEKST, en.vaerdi)];
                    let egenskaber = vec![egenskab(self.virkning(Period::since(en.period.from)), &felter)];
                    self.tilfoej(&ADRESSE, uuid, Indhold { egenskaber, ..Indhold::default() });
                    uuid
                }
            };
            let virkning = self.aktoer.med_note(en.period, en.note);
            let (rolle, typ) = (faste::uuid(en.rolle), faste::uuid(art.objekttype));
            relationer.push(dynamisk(&art.relation, til, rolle, typ, til.to_string(), virkning));
        }
        relationer
    }

    /// Every address the workbook gives an owner; notes those it removes.
    fn samlet(
        &mut self,
        art: &Ejerart,
        r: R<'b>,
        id: &'b str,
        (ejer, period): (Uuid, Period),
        adressebog: &Adressebog<'b>,
    ) -> Vec<En<'b>> {
        let mut alle = Vec::new();
        let mut slettede: Vec<&'static str> = Vec::new();
        for (kolonne, rolle) in art.kolonner {
            if r.slettet(kolonne) {
                slettede.push(rolle);
            } else if !r.tekst(kolonne).is_empty() {
                alle.push(En { rolle, vaerdi: r.tekst(kolonne), dar: None, period, note: None });
            }
        }
        if let Some(vaerdi) = adressebog.los.get(id).filter(|_| art.navn == "enhed") {
            alle.push(En { rolle: "LOS_kaldenavn_kort", vaerdi, dar: None, period, note: None });
        }
        for a in adressebog.raekker.get(&(art.navn, id)).into_iter().flatten() {
            let Some(rolle) = rolle(art.navn, a.tekst("rolle")) else { continue };
            if a.slet() {
                slettede.push(rolle);
                continue;
            }
            let egen = periode(*a, period.from);
            alle.push(En {
                rolle,
                vaerdi: a.tekst("værdi"),
                dar: Uuid::try_parse(a.tekst("dar_uuid")).ok(),
                period: faelles(egen, period),
                note: super::note(*a, &[("synlighed", "Synlighed"), ("bemærkning", "Bemærkning")]),
            });
        }
        for rolle in slettede {
            let hvad = Fjernes::Relation(art.relation.navn, Some(UnikId::Uuid(faste::uuid(rolle))));
            self.fjern(art.typ, ejer, hvad);
        }
        alle
    }
}
