//! The parts of messages that are the same in all cases, put together once.

use super::Opsaetning;
use super::data::{EMNER, ENHEDER, HANDLINGER, NOTATER};
use super::forloeb::{BEHANDLERE, Part};
use super::tid::Stund;
use crate::generer::{EFTERNAVNE, FORNAVNE, Tilfaeldig};
use crate::kle::{EMNEPLAN, HANDLINGSFACET, klasse_uuid};
use base64::Engine;
use indeks::roller::{self, find};
use indeks::skema::Art;
use uuid::Uuid;

const UUID: [&str; 2] = ["<sd:UUIDIdentifikator>", "</sd:UUIDIdentifikator>"];
const URN: [&str; 2] = ["<sd:URNIdentifikator>", "</sd:URNIdentifikator>"];
/// The published types of the Ydelsesindeks.
const TYPE_BEVILLINGSSAG: u128 = 0xf08a_4a13_2567_41d0_bf8d_3af7_54b0_3464;
const TYPE_B_PERSON: u128 = 0xc59f_1523_1786_48c7_baff_466d_e1db_3320;
const TYPE_B_EJER: u128 = 0x45b7_dafb_d90e_41da_b30e_ba00_7e57_7a8a;
const TYPE_B_ANSVARLIG: u128 = 0x4546_cca2_838e_4e0d_a5bd_8375_7d60_3362;
const YDELSE_ROLLE: u128 = 0x6ebd_938f_0bbf_4142_a65c_fefe_15e9_f192;
const YDELSE_TYPE: u128 = 0x3aa4_5cbd_94c3_4601_84a6_66ce_0f15_7dda;
const KLASSE_ROLLE: u128 = 0xea90_9030_c5fa_4544_9b22_a001_0d08_ebe1;
const KLASSE_TYPE: u128 = 0x7c51_b9a8_d388_4e83_8c8b_ee3a_9045_8d0b;
const TYPE_E_EJER: u128 = 0xc622_654c_d87f_4ac7_9a42_d058_0253_b979;
const TYPE_E_YDELSE: u128 = 0x4fd9_d6c1_2939_4bfe_b803_ab0b_3904_bd2f;
const TYPE_E_PART: u128 = 0x4807_69fd_9744_4859_950f_95cb_b563_3d36;

/// A UUID of a thing that has no published one.
pub(super) fn lokal(hvad: &str, navn: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:fundament:indeks:{hvad}:{navn}").as_bytes())
}

/// `<navn>` with a UUID in it.
pub(super) fn uuid_i(ud: &mut String, navn: &str, uuid: Uuid) {
    let mut plads = Uuid::encode_buffer();
    let tekst: &str = uuid.hyphenated().encode_lower(&mut plads);
    ud.extend(["<", navn, ">", UUID[0], tekst, UUID[1], "</", navn, ">"]);
}

/// `<navn>` with a text that holds nothing to escape.
pub(super) fn felt(ud: &mut String, navn: &str, tekst: &str) {
    ud.extend(["<", navn, ">", tekst, "</", navn, ">"]);
}

/// `<navn>` with a text.
pub(super) fn tekst_i(ud: &mut String, navn: &str, tekst: &str) {
    ud.extend(["<", navn, ">"]);
    xml::escape_into(ud, tekst);
    ud.extend(["</", navn, ">"]);
}

fn rolle(art: Art, afsnit: &str, navn: &str) -> Uuid {
    find(art, afsnit, navn).expect("the table of roles has it").uuid()
}

/// Rolle and Type of a relation.
fn hoved(art: Art, afsnit: &str, navn: &str, typ: Uuid) -> String {
    let mut ud = String::new();
    uuid_i(&mut ud, "gd:Rolle", rolle(art, afsnit, navn));
    uuid_i(&mut ud, "gd:Type", typ);
    ud
}

/// What a relation needs to be written.
#[derive(Debug)]
pub(super) struct Relation {
    navn: &'static str,
    hoved: String,
}

impl Relation {
    /// A relation in a role. The name is with its prefix.
    fn ny(art: Art, navn: &'static str, rolle: &str, typ: Uuid) -> Self {
        let afsnit = navn.rsplit(':').next().unwrap_or(navn);
        Self { navn, hoved: hoved(art, afsnit, rolle, typ) }
    }

    /// Begins it: its virkning, role, type, `Indeks` if it has one, and whom it points to.
    pub fn begynd(&self, ud: &mut String, virkning: &str, indeks: Option<usize>, til: Til<'_>) {
        ud.extend(["<", self.navn, ">", virkning, &self.hoved]);
        if let Some(indeks) = indeks {
            felt(ud, "gd:Indeks", &indeks.to_string());
        }
        match til {
            Til::Uuid(uuid) => uuid_i(ud, "gd:ReferenceID", uuid),
            Til::Urn(urn) => ud.extend(["<gd:ReferenceID>", URN[0], urn, URN[1], "</gd:ReferenceID>"]),
        }
    }

    /// Ends it.
    pub fn slut(&self, ud: &mut String) {
        ud.extend(["</", self.navn, ">"]);
    }

    /// The whole of one whose reference and fields never change.
    fn fast(&self, til: Til<'_>, felter: &str) -> Fast {
        let mut rest = String::new();
        self.begynd(&mut rest, "", None, til);
        rest.push_str(felter);
        self.slut(&mut rest);
        let foran = self.navn.len() + 2;
        Fast { start: rest[..foran].to_owned(), rest: rest[foran..].to_owned() }
    }
}

/// Whom a relation points to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Til<'t> {
    Uuid(Uuid),
    Urn(&'t str),
}

/// A relation of which only the virkning changes.
#[derive(Debug)]
pub(super) struct Fast {
    start: String,
    rest: String,
}

impl Fast {
    pub fn skriv(&self, ud: &mut String, virkning: &str) {
        ud.extend([self.start.as_str(), virkning, &self.rest]);
    }
}

fn udvidelse(navn: &str, felter: &[(&str, &str)]) -> String {
    let mut ud = format!("<gd:LokalUdvidelseListe><{navn}>");
    felter.iter().for_each(|(felt, tekst)| tekst_i(&mut ud, felt, tekst));
    ud.extend(["</", navn, "></gd:LokalUdvidelseListe>"]);
    ud
}

fn felter(alle: &[(&str, &str)]) -> String {
    let mut ud = String::new();
    alle.iter().for_each(|(felt, tekst)| tekst_i(&mut ud, felt, tekst));
    ud
}

/// Everything that is the same in all cases.
#[derive(Debug)]
pub(super) struct Skabelon {
    /// What follows the times of a virkning: who made it so.
    aktoer: String,
    /// `sd:BrugerRef`.
    pub bruger: String,
    pub sag_ejer: Fast,
    pub sag_enhed: Vec<Fast>,
    pub sag_behandler: Vec<Fast>,
    pub sag_klasse: Vec<Fast>,
    pub handling: Vec<Fast>,
    pub sag_systemer: [Fast; 2],
    pub primaer_part: [Relation; 2],
    pub sekundaer_part: Relation,
    pub andre_sager: Relation,
    pub byggeri: Relation,
    pub tilakteret: Relation,
    pub vedlagt: Relation,
    pub journalnotat: Relation,
    /// `sag:JournalpostEgenskaber` of each note.
    pub notat: Vec<String>,
    pub dok_ejer: Fast,
    pub dok_enhed: Vec<Fast>,
    pub dok_klasse: Vec<Fast>,
    pub dok_systemer: [Fast; 2],
    pub parter: [Relation; 2],
    pub bilag: Relation,
    pub bevillingssag: Relation,
    pub ydelsesmodtager: Relation,
    pub bev_ejer: Fast,
    pub bev_enhed: Vec<Fast>,
    /// Both `bi:ItSystem`.
    pub bev_systemer: String,
    /// `bi:Ydelse` by topic.
    pub ydelse: Vec<String>,
    pub frekvens: String,
    pub ydelsesdel: Relation,
    pub eff_ejer: Fast,
    pub eff_systemer: [Fast; 2],
    pub modtager: Relation,
}

impl Skabelon {
    pub fn ny(o: &Opsaetning) -> Self {
        let cvr = o.cvr.to_string();
        let ejer_urn = format!("urn:oio:cvr-nr:{cvr}");
        let k = Kilde { o, cvr: &cvr, ejer: Til::Urn(&ejer_urn) };
        let (s, d, b, e) = (Art::Sag, Art::Dokument, Art::Bevilling, Art::Effektuering);
        let (dokument, sag) = (lokal("type", "Dokument"), lokal("type", "Sag"));
        let part = |art: Art, navn: &'static str, rolle: &str| {
            [lokal("type", "Virksomhed"), roller::TYPE_PERSON].map(|typ| Relation::ny(art, navn, rolle, typ))
        };
        let ejer = [("BrugervendtNoegle", cvr.as_str()), ("FuldtNavn", o.kommune.as_str())];
        let u = Uuid::from_u128;
        Self {
            aktoer: format!(
                "<sd:AktoerRef>{}urn:oio:it-system-uuid:{}{}</sd:AktoerRef><sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode>",
                URN[0], o.system, URN[1]
            ),
            bruger: format!(
                "<sd:BrugerRef>{}urn:oio:it-system-uuid:{}{}</sd:BrugerRef>",
                URN[0], o.system, URN[1]
            ),
            sag_ejer: k.ejer(
                s,
                "sag:Sagsaktoer",
                roller::TYPE_ORGANISATION,
                &udvidelse(
                    "si:SagsaktoerLokalUdvidelse",
                    &[
                        ("si:BrugervendtNoegle", ejer[0].1),
                        ("si:FuldtNavn", ejer[1].1),
                        ("si:CVR-Nummer", &cvr),
                    ],
                ),
            ),
            sag_enhed: k.enheder(s, "sag:Sagsaktoer", roller::TYPE_ORGENHED, |navn| {
                udvidelse("si:SagsaktoerLokalUdvidelse", &[("si:FuldtNavn", navn), ("si:CVR-Nummer", &cvr)])
            }),
            sag_behandler: k.behandlere(),
            sag_klasse: k.klasser(
                s,
                "sag:Sagsklasse",
                "si:SagsklasseLokalUdvidelse",
                ["si:Klassetitel", "si:BrugervendtNoegle"],
            ),
            handling: HANDLINGER
                .iter()
                .map(|(nr, titel)| {
                    let r = Relation::ny(s, "sag:Sagsklasse", "Handlingsklasse", roller::TYPE_KLASSE);
                    let udv = udvidelse(
                        "si:SagsklasseLokalUdvidelse",
                        &[("si:Klassetitel", titel), ("si:BrugervendtNoegle", nr)],
                    );
                    r.fast(Til::Uuid(klasse_uuid(HANDLINGSFACET, nr)), &udv)
                })
                .collect(),
            sag_systemer: k.systemer(s, "si:SagsitsystemRelation", "si:SystemNavn"),
            primaer_part: part(s, "sag:Sagspart", "Primær part"),
            sekundaer_part: Relation::ny(s, "sag:Sagspart", "Sekundær part", roller::TYPE_PERSON),
            andre_sager: Relation::ny(s, "sag:Sagsrelation", "Andre sager", sag),
            byggeri: Relation::ny(s, "sag:Sagsgenstande", "Byggeri", lokal("type", "Ejendom")),
            tilakteret: Relation::ny(s, "sag:Journalpost", "Tilakteret", dokument),
            vedlagt: Relation::ny(s, "sag:Journalpost", "Vedlagt", dokument),
            journalnotat: Relation::ny(s, "sag:Journalpost", "Journalnotat", dokument),
            notat: NOTATER.iter().map(|(titel, tekst)| notat(titel, tekst)).collect(),
            dok_ejer: k.ejer(
                d,
                "di:Dokumentaktoer",
                roller::TYPE_ORGANISATION,
                &udvidelse(
                    "di:DokumentaktoerLokalUdvidelse",
                    &[("di:BrugervendtNoegle", ejer[0].1), ("di:FuldtNavn", ejer[1].1), ("di:CVR-Nr", &cvr)],
                ),
            ),
            dok_enhed: k.enheder(d, "di:Dokumentaktoer", roller::TYPE_ORGENHED, |navn| {
                udvidelse("di:DokumentaktoerLokalUdvidelse", &[("di:FuldtNavn", navn)])
            }),
            dok_klasse: k.klasser(
                d,
                "di:Dokumentklasse",
                "di:DokumentklasseLokalUdvidelse",
                ["di:Klassetitel", "di:BrugervendtNoegle"],
            ),
            dok_systemer: k.systemer(d, "di:DokumentitsystemRelation", "di:SystemNavn"),
            parter: part(d, "di:Dokumentpart", "Parter"),
            bilag: Relation::ny(d, "di:Dokumentrelation", "Bilag", dokument),
            bevillingssag: Relation::ny(b, "bi:Bevillingssag", "Bevillingssag", u(TYPE_BEVILLINGSSAG)),
            ydelsesmodtager: Relation::ny(b, "bi:Bevillingspart", "Ydelsesmodtager", u(TYPE_B_PERSON)),
            bev_ejer: k.ejer(
                b,
                "bi:Bevillingsaktoer",
                u(TYPE_B_EJER),
                &felter(&[("bi:FuldtNavn", ejer[1].1), ("bi:CVR-nr", &cvr)]),
            ),
            bev_enhed: k.enheder(b, "bi:Bevillingsaktoer", u(TYPE_B_ANSVARLIG), |navn| {
                felter(&[("bi:FuldtNavn", navn)])
            }),
            bev_systemer: k.bevillingens_systemer(),
            ydelse: EMNER
                .iter()
                .map(|emne| ydelse(emne.ydelse.unwrap_or(emne.titel), emne.kle, emne.titel))
                .collect(),
            frekvens: lokal("frekvens", "Månedlig").to_string(),
            ydelsesdel: Relation::ny(
                e,
                "oe:OekonomiskYdelseEffektueringRelation",
                "Ydelseseffektuering",
                u(TYPE_E_YDELSE),
            ),
            eff_ejer: k.ejer(
                e,
                "oe:Aktoer",
                u(TYPE_E_EJER),
                &felter(&[("oe:FuldtNavn", ejer[1].1), ("oe:CVR-nr", &cvr)]),
            ),
            eff_systemer: k.systemer(e, "oe:ItSystem", "oe:SystemNavn"),
            modtager: Relation::ny(
                e,
                "oe:OekonomiskEffektueringPart",
                "Effektueringsmodtager",
                u(TYPE_E_PART),
            ),
        }
    }

    /// A virkning in a namespace, from a time, open or until another.
    pub fn virkning(&self, ud: &mut String, ns: &str, fra: &str, til: Option<&str>) {
        const TID: [&str; 2] = ["<sd:TidsstempelDatoTid>", "</sd:TidsstempelDatoTid>"];
        ud.extend([
            "<",
            ns,
            ":Virkning><sd:FraTidspunkt>",
            TID[0],
            fra,
            TID[1],
            "</sd:FraTidspunkt><sd:TilTidspunkt>",
        ]);
        match til {
            Some(til) => ud.extend([TID[0], til, TID[1]]),
            None => ud.push_str("<sd:GraenseIndikator>true</sd:GraenseIndikator>"),
        }
        ud.extend(["</sd:TilTidspunkt>", &self.aktoer, "</", ns, ":Virkning>"]);
    }

    /// A virkning of a relation, open.
    pub fn aaben(&self, fra: Stund) -> String {
        let mut ud = String::with_capacity(400);
        self.virkning(&mut ud, "gd", &fra.tekst(), None);
        ud
    }

    /// The head of a registrering.
    pub fn registrering(&self, ud: &mut String, ns: &str, tidspunkt: &str) {
        ud.extend(["<", ns, ":Registrering><sd:Tidspunkt>", tidspunkt, "</sd:Tidspunkt>"]);
        ud.extend(["<sd:LivscyklusKode>Importeret</sd:LivscyklusKode>", &self.bruger]);
    }
}

/// The extension of a party's relation, or its fields.
pub(super) fn part_navn(ud: &mut String, udvidelse: &str, felt: &str, part: &Part) {
    ud.extend(["<gd:LokalUdvidelseListe><", udvidelse, ">"]);
    tekst_i(ud, felt, &part.navn);
    ud.extend(["</", udvidelse, "></gd:LokalUdvidelseListe>"]);
}

fn notat(titel: &str, tekst: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD.encode(tekst);
    format!(
        "<sag:JournalpostEgenskaber><sag:JournalnotatEgenskaber><sag:Titel>{titel}</sag:Titel><sag:Notat>{bytes}</sag:Notat>\
         <sag:Format>{}</sag:Format></sag:JournalnotatEgenskaber></sag:JournalpostEgenskaber>",
        lokal("format", "Text")
    )
}

fn ydelse(navn: &str, kle: &str, titel: &str) -> String {
    let mut ud = "<bi:Ydelse>".to_owned();
    uuid_i(&mut ud, "bi:Rolle", Uuid::from_u128(YDELSE_ROLLE));
    uuid_i(&mut ud, "bi:Type", Uuid::from_u128(YDELSE_TYPE));
    uuid_i(&mut ud, "bi:ReferenceID", lokal("ydelse", navn));
    tekst_i(&mut ud, "bi:Ydelsesnavn", navn);
    ud.push_str("<bi:Klassifikation>");
    uuid_i(&mut ud, "bi:Rolle", Uuid::from_u128(KLASSE_ROLLE));
    uuid_i(&mut ud, "bi:Type", Uuid::from_u128(KLASSE_TYPE));
    uuid_i(&mut ud, "bi:ReferenceID", klasse_uuid(EMNEPLAN, kle));
    felt(&mut ud, "bi:BrugervendtNoegle", kle);
    tekst_i(&mut ud, "bi:Klassetitel", titel);
    ud.push_str("</bi:Klassifikation></bi:Ydelse>");
    ud
}

/// Where the parts come from.
struct Kilde<'o> {
    o: &'o Opsaetning,
    cvr: &'o str,
    ejer: Til<'o>,
}

impl Kilde<'_> {
    fn ejer(&self, art: Art, navn: &'static str, typ: Uuid, felter: &str) -> Fast {
        Relation::ny(art, navn, "Ejer", typ).fast(self.ejer, felter)
    }

    fn enheder(&self, art: Art, navn: &'static str, typ: Uuid, felter: impl Fn(&str) -> String) -> Vec<Fast> {
        let r = Relation::ny(art, navn, "Ansvarlig", typ);
        let en = |enhed: &&str| {
            r.fast(Til::Uuid(lokal("enhed", &format!("{}:{enhed}", self.cvr))), &felter(enhed))
        };
        ENHEDER.iter().map(en).collect()
    }

    fn behandlere(&self) -> Vec<Fast> {
        let r = Relation::ny(Art::Sag, "sag:Sagsaktoer", "Primær behandler", roller::TYPE_BRUGER);
        let mut t = Tilfaeldig::ny(self.o.seed);
        let en = |nr: usize| {
            let navn = format!("{} {}", t.valg(&FORNAVNE), t.valg(&EFTERNAVNE));
            let udv = udvidelse(
                "si:SagsaktoerLokalUdvidelse",
                &[("si:FuldtNavn", &navn), ("si:CVR-Nummer", self.cvr)],
            );
            r.fast(Til::Uuid(lokal("bruger", &format!("{}:{nr}", self.cvr))), &udv)
        };
        (0..BEHANDLERE).map(en).collect()
    }

    fn klasser(&self, art: Art, navn: &'static str, udv: &str, [titel, noegle]: [&str; 2]) -> Vec<Fast> {
        let r = Relation::ny(art, navn, "Primær klasse", roller::TYPE_KLASSE);
        let en = |emne: &super::data::Emne| {
            let udv = udvidelse(udv, &[(titel, emne.titel), (noegle, emne.kle)]);
            r.fast(Til::Uuid(klasse_uuid(EMNEPLAN, emne.kle)), &udv)
        };
        EMNER.iter().map(en).collect()
    }

    fn systemer(&self, art: Art, navn: &'static str, felt: &str) -> [Fast; 2] {
        ["Master", "Afsender"].map(|rolle| {
            let r = Relation::ny(art, navn, rolle, roller::TYPE_ITSYSTEM);
            r.fast(Til::Uuid(self.o.system), &felter(&[(felt, &self.o.systemnavn)]))
        })
    }

    fn bevillingens_systemer(&self) -> String {
        let mut ud = String::new();
        for navn in ["Master", "Afsender"] {
            ud.push_str("<bi:ItSystem>");
            uuid_i(&mut ud, "bi:Rolle", rolle(Art::Effektuering, "ItSystem", navn));
            uuid_i(&mut ud, "bi:Type", roller::TYPE_ITSYSTEM);
            uuid_i(&mut ud, "bi:ReferenceID", self.o.system);
            tekst_i(&mut ud, "bi:SystemNavn", &self.o.systemnavn);
            ud.push_str("</bi:ItSystem>");
        }
        ud
    }
}
