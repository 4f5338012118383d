//! From a workbook to the objects of Organisation, in the patterns of SF1500.
//!
//! | Rows | Objects |
//! |---|---|
//! | the organisation | Virksomhed, Myndighed, Organisation |
//! | `enheder`, `kle`, `it_systemer` | OrganisationEnhed with Enhedstype, Opgaver, TilknyttedeItSystemer |
//! | `adresser` and the columns that are addresses | Adresse, and Adresser of its owner; a DAR UUID is referred to directly |
//! | `brugere` | Bruger, Person |
//! | `ansættelser`, `ledere` | OrganisationFunktion Enhedsrolle; Lederrolle, one per unit and kind of leader |
//! | `udbetalende_enheder`, `henvendelsessteder` | OrganisationFunktion, and TilknyttedeFunktioner of the units it serves |
//! | `stedfortrædere`, `organisationskobling` | OrganisationFunktion of two types of our own: the deputy's name says for whom; a link's notes say which end is which |
//!
//! What OIO has no place for (level, cost centre, kind of employment …) stands in the note of the Egenskab.

mod adresser;
mod enheder;
mod funktioner;
mod personer;

use super::{Arbejdsbog, Fejlliste, R, Raekkefejl};
use crate::byg::{Aktoer, BVN_MAX, egenskab, kort, midnat, relation, tilstand, v5};
use crate::{Fjernelse, Fjernes, Forslag, OensketObjekt, kle};
use bitemporal::{Instant, Period, coalesce};
use jiff::civil::Date;
use oio::catalog::organisation::{myndighed, organisation, virksomhed};
use oio::catalog::{
    ADRESSE, BRUGER, BRUGERVENDT_NOEGLE as BVN, MYNDIGHED, ORGANISATION, ORGANISATIONENHED,
    ORGANISATIONFUNKTION, ObjektType, PERSON, VIRKSOMHED,
};
use oio::model::{Indhold, Tilstand, TilstandKode, Virkning};
use oio::{Cvr, ObjektId};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) use adresser::rolle;

/// The organisation that a workbook describes.
#[derive(Debug, Clone)]
pub struct OrganisationInfo {
    /// Its Organisation object.
    pub uuid: Uuid,
    /// Its CVR number.
    pub cvr: Cvr,
    /// Its name.
    pub navn: String,
    /// Its Virksomhed object.
    pub virksomhed: Uuid,
    /// Its Myndighed, if it is a public authority.
    pub myndighed: Option<MyndighedInfo>,
    /// The published classes of KLE by number. When empty, classes are taken to have name-based UUIDs; otherwise a number
    /// not among them is an error.
    pub kle: HashMap<String, Uuid>,
}

/// A public authority.
#[derive(Debug, Clone)]
pub struct MyndighedInfo {
    /// Its Myndighed object.
    pub uuid: Uuid,
    /// Its MyndighedsKode, three or four digits.
    pub kode: String,
}

/// What Organisation should hold by this workbook, taking effect on `dato`. Before it is written, lay it on what is
/// stored with [`Forslag::flet`].
///
/// UUIDs are those of the workbook, or else name-based: by the organisation's UUID and `<tab>/<id>`.
///
/// # Errors
/// Every row that cannot be expressed.
pub fn forslag(bog: &Arbejdsbog, info: &OrganisationInfo, dato: Date) -> Result<Forslag, Vec<Raekkefejl>> {
    let mut byg = Byg::ny(bog, info, dato);
    byg.organisation();
    byg.enheder();
    byg.brugere();
    byg.funktioner();
    let orden = [
        &VIRKSOMHED,
        &MYNDIGHED,
        &ADRESSE,
        &PERSON,
        &ORGANISATION,
        &ORGANISATIONENHED,
        &BRUGER,
        &ORGANISATIONFUNKTION,
    ];
    byg.ud.objekter.sort_by_key(|o| orden.iter().position(|t| *t == o.objekttype));
    byg.fejl.resultat(byg.ud)
}

/// The work in progress.
struct Byg<'b> {
    bog: &'b Arbejdsbog,
    info: &'b OrganisationInfo,
    aktoer: Aktoer,
    /// When the workbook takes effect.
    nu: Instant,
    /// UUID and period of each unit and user by id.
    enhed: HashMap<&'b str, (Uuid, Period)>,
    bruger: HashMap<&'b str, (Uuid, Period)>,
    ud: Forslag,
    fejl: Fejlliste,
}

impl<'b> Byg<'b> {
    fn ny(bog: &'b Arbejdsbog, info: &'b OrganisationInfo, dato: Date) -> Self {
        let nu = midnat(dato);
        let kendte = |fane: &str, kolonne| {
            bog.raekker(fane)
                .map(|r| {
                    let id = r.tekst(kolonne);
                    let navn = || v5(info.uuid, &format!("{fane}/{id}"));
                    (id, (Uuid::try_parse(r.tekst("uuid")).unwrap_or_else(|_| navn()), periode(r, nu)))
                })
                .collect()
        };
        Self {
            bog,
            info,
            aktoer: Aktoer(info.uuid),
            nu,
            enhed: kendte("enheder", "enhed_id"),
            bruger: kendte("brugere", "bruger_id"),
            ud: Forslag::default(),
            fejl: Fejlliste::default(),
        }
    }

    fn id(&self, fane: &str, id: &str) -> Uuid {
        v5(self.info.uuid, &format!("{fane}/{id}"))
    }

    fn tilfoej(&mut self, objekttype: &'static ObjektType, objekt: Uuid, indhold: Indhold) {
        self.ud.objekter.push(OensketObjekt { objekttype, objekt: ObjektId(objekt), indhold, note: None });
    }

    fn fjern(&mut self, objekttype: &'static ObjektType, objekt: Uuid, hvad: Fjernes) {
        self.ud.fjern.push(Fjernelse { objekttype, objekt: ObjektId(objekt), hvad });
    }

    fn virkning(&self, period: Period) -> Virkning {
        self.aktoer.virkning(period)
    }

    /// When an object is in use, and the virkning of what always holds of it.
    fn liv(&self, perioder: &[Period]) -> (Vec<Tilstand>, Virkning) {
        let start = perioder.iter().map(|p| p.from).min().unwrap_or(self.nu).min(self.nu);
        let mut tilstande = Vec::new();
        let mut naaet = start;
        let mut sorterede = perioder.to_vec();
        sorterede.sort_unstable();
        let mut tilfoej = |from, to, kode| {
            let period = Period { from, to };
            if !period.is_empty() {
                tilstande.push(tilstand(self.virkning(period), kode));
            }
        };
        for p in sorterede.iter().filter(|p| !p.is_empty()) {
            tilfoej(naaet, p.from, TilstandKode::Inaktiv);
            tilfoej(p.from.max(naaet), p.to, TilstandKode::Aktiv);
            naaet = naaet.max(p.to);
        }
        tilfoej(naaet, Instant::POS_INFINITY, TilstandKode::Inaktiv);
        coalesce(&mut tilstande, |a, b| a.kode == b.kode);
        (tilstande, self.virkning(Period::since(start)))
    }

    /// The class of a KLE number.
    fn kle(&mut self, r: R<'b>, nr: &str) -> Option<Uuid> {
        if self.info.kle.is_empty() {
            return Some(kle::klasse_uuid(kle::EMNEPLAN, nr));
        }
        let fundet = self.info.kle.get(nr).copied();
        if fundet.is_none() {
            self.fejl.meld(r.fejl("kle", format!("{nr} findes ikke i KLE, eller er udgået")));
        }
        fundet
    }

    fn organisation(&mut self) {
        let info = self.info;
        let rod = self.bog.raekker("enheder").find(|r| r.tekst("overordnet_id").is_empty());
        let Some((rod, period)) = rod.map(|r| self.enhed[r.tekst("enhed_id")]) else { return };
        let (tilstande, altid) = self.liv(&[Period::since(period.from)]);
        let cvr = info.cvr.to_string();
        let felter = [(BVN, cvr.as_str()), (virksomhed::CVR_NUMMER, &cvr)];
        let egenskaber = vec![egenskab(altid.clone(), &felter)];
        self.tilfoej(&VIRKSOMHED, info.virksomhed, Indhold { egenskaber, ..Indhold::default() });
        let mut relationer = vec![
            relation(&organisation::OVERORDNET, rod, self.virkning(period)),
            relation(&organisation::VIRKSOMHED, info.virksomhed, altid.clone()),
        ];
        if let Some(m) = &info.myndighed {
            let felter = [
                (myndighed::CVR_NUMMER, cvr.as_str()),
                (myndighed::NAVN, &info.navn),
                (myndighed::MYNDIGHEDSKODE, &m.kode),
            ];
            let egenskaber = vec![egenskab(altid.clone(), &felter)];
            self.tilfoej(&MYNDIGHED, m.uuid, Indhold { egenskaber, ..Indhold::default() });
            relationer.push(relation(&organisation::MYNDIGHED, m.uuid, altid.clone()));
        }
        let felter = [(BVN, kort(&info.navn, BVN_MAX)), (organisation::NAVN, &info.navn)];
        let egenskaber = vec![egenskab(altid, &felter)];
        self.tilfoej(
            &ORGANISATION,
            info.uuid,
            Indhold { egenskaber, tilstande, relationer, ..Indhold::default() },
        );
    }
}

/// The days a row says it holds: from `gyldig_fra`, or from `nu`, through `gyldig_til`.
fn periode(r: R<'_>, nu: Instant) -> Period {
    let efter = |dag: Date| dag.tomorrow().map_or(Instant::POS_INFINITY, midnat);
    let to = r.dato("gyldig_til").map_or(Instant::POS_INFINITY, efter);
    Period { from: r.dato("gyldig_fra").map_or(nu.min(to), midnat), to }
}

/// What lies in both; empty, at the earlier end, when nothing does.
fn faelles(a: Period, b: Period) -> Period {
    let to = a.to.min(b.to);
    Period { from: a.from.max(b.from).min(to), to }
}

/// A note of what OIO has no field for: one line per column that is filled. SF1500 wants CRLF between lines.
fn note(r: R<'_>, kolonner: &[(&str, &str)]) -> Option<String> {
    let linjer: Vec<String> = kolonner
        .iter()
        .filter(|(kolonne, _)| !r.tekst(kolonne).is_empty())
        .map(|(kolonne, navn)| format!("{navn}: {}", r.tekst(kolonne)))
        .collect();
    (!linjer.is_empty()).then(|| linjer.join("\r\n"))
}
