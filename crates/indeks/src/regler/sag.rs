//! The rules of cases: S-01 to S-23. S-11 is kept by the schema.

use super::faelles::er_relation;
use super::sted::{har_huller, overlapper, perioder};
use super::{Proeve, Regel, SAG, SAG_DOKUMENT, advar, afvis};
use crate::knude::Knude;
use crate::model::Forekomst;
use crate::roller::{TYPE_ORGANISATION, TYPE_ORGENHED, TYPE_PERSON, find};
use crate::skema::Art;
use bitemporal::Instant;
use oio::UnikId;

/// Bytes of a journal note at most.
pub const NOTAT_BYTES_MAX: usize = 102_400;

pub(super) static REGLER: [Regel; 24] = [
    afvis("S-01", SAG, "BrugervendtNoegle, Sagsnummer og Titel skal være udfyldt i Egenskaber", |p| {
        skal_have(p, "Egenskaber", &["BrugervendtNoegle", "Sagsnummer", "Titel"])
    }),
    advar("S-02", SAG, "BrugervendtNoegle skal være lig Sagsnummer", |p| {
        let forskel = |f: &Forekomst| {
            f.felt("BrugervendtNoegle").zip(f.felt("Sagsnummer")).is_some_and(|(a, b)| a != b)
        };
        p.sendte_af("Egenskaber", forskel)
    }),
    advar("S-03", SAG_DOKUMENT, "BrugervendtNoegle bruges af en anden sag eller et andet dokument", |p| {
        let ejer = ejer_cvr(p);
        p.sendte_af("Egenskaber", |f| {
            let noegle = f.felt("BrugervendtNoegle").filter(|n| !n.is_empty());
            noegle.zip(ejer).is_some_and(|(n, e)| p.opslag.noegle_optaget(p.art, e, n) == Some(true))
        })
    }),
    afvis("S-04", SAG, "Foelsomhed skal være udfyldt i SagIndeksEgenskaber", |p| {
        skal_have(p, "SagIndeksEgenskaber", &["Foelsomhed"])
    }),
    afvis("S-05", SAG, "Ejer skal have CVR-Nummer og FuldtNavn", |p| {
        p.sendte_i("Sagsaktoer", "Ejer", |f| f.cvr().is_none() || mangler(f, "FuldtNavn"))
    }),
    advar("S-06", SAG, "Ejer skal være en myndighed", |p| {
        p.sendte_i("Sagsaktoer", "Ejer", |f| er_myndighed(p, f) == Some(false))
    }),
    advar("S-07", SAG, "Ansvarlig skal være en organisationsenhed", |p| {
        let enhed = |f: &Forekomst| f.hoved.objekttype == Some(UnikId::Uuid(TYPE_ORGENHED));
        p.sendte_i("Sagsaktoer", "Ansvarlig", |f| !enhed(f))
    }),
    afvis("S-08A", SAG, "Primær klasse skal have et KLE-emne som 32.24.04 i BrugervendtNoegle", |p| {
        p.sendte_i("Sagsklasse", "Primær klasse", |f| !f.felt("BrugervendtNoegle").is_some_and(er_kle))
    }),
    advar("S-08", SAG_DOKUMENT, "Primær klasse skal findes i KLE", |p| {
        let klasse = |f: &Forekomst| p.har(f, "Primær klasse");
        p.sendte(|f| klasse(f) && f.felt("BrugervendtNoegle").is_some_and(|n| p.opslag.kle(n) == Some(false)))
    }),
    advar("S-09", SAG, "sagen skal have en Handlingsklasse", |p| {
        let rolle = find(Art::Sag, "Sagsklasse", "Handlingsklasse");
        p.hvis(rolle.is_some_and(|r| p.efter_i(r).is_empty()), "Sagsklasse")
    }),
    afvis("S-10A", SAG, "Fremdrift skal have Opstaaet", |p| {
        let opstaaet = |f: &Forekomst| f.felt("FremdriftStatusKode") == Some("Opstaaet");
        p.hvis(!p.efter.indhold.af("Fremdrift").any(opstaaet), "Fremdrift")
    }),
    advar("S-10", SAG, "Fremdrift må ikke have huller, overlap eller gå baglæns", |p| {
        p.hvis(uorden(p, &["Opstaaet", "Oplyst", "Afgjort", "Afsluttet"]), "Fremdrift")
    }),
    advar(
        "S-12",
        SAG,
        "ReferenceID på en part skal være en URN for person eller virksomhed og passe til Type",
        |p| p.sendte_af("Sagspart", |f| f.urn().is_some_and(|u| !part_passer(u, f))),
    ),
    advar("S-13", SAG, "en part skal have FuldtNavn og ingen BrugervendtNoegle", |p| {
        p.sendte_af("Sagspart", |f| mangler(f, "FuldtNavn") || f.felt("BrugervendtNoegle").is_some())
    }),
    advar("S-14", SAG, "Bopælskommune angives uden CVR-Nummer og kun, når den er en anden end Ejer", |p| {
        let ejer = find(Art::Sag, "Sagsaktoer", "Ejer").map(|r| p.efter_i(r)).unwrap_or_default();
        let samme = |f: &Forekomst| ejer.iter().any(|e| e.hoved.reference == f.hoved.reference);
        p.sendte_i("Sagsaktoer", "Bopælskommune", |f| f.cvr().is_some() || samme(f))
    }),
    advar("S-15", SAG, "sagen eller dokumentet, der henvises til, findes ikke i indekset", |p| {
        let findes = |art, f: &Forekomst| f.uuid().and_then(|u| p.opslag.objekt(art, u)) == Some(false);
        let mut stier = p.sendte_af("Sagsrelation", |f| findes(Art::Sag, f));
        stier.extend(p.sendte_af("Journalpost", |f| findes(Art::Dokument, f)));
        stier
    }),
    advar(
        "S-16",
        SAG,
        "et Journalnotat har ReferenceID URN:Empty, Titel, Notat og Format og hverken Dokumenttitel eller OffentlighedUndtaget",
        |p| p.sendte_i("Journalpost", "Journalnotat", |f| !notat_rigtigt(f)),
    ),
    afvis("S-17", SAG, "Notat må højst fylde 102400 bytes", |p| {
        let bytes =
            |f: &Forekomst| notat(f).and_then(|n| n.tekst_af("Notat")).and_then(crate::form::base64_bytes);
        p.sendte_af("Journalpost", |f| bytes(f).is_some_and(|b| b > NOTAT_BYTES_MAX))
    }),
    advar("S-18", SAG, "Titel, Notat og Format udfyldes alle eller slet ikke", |p| {
        let dokument = |f: &Forekomst| p.har(f, "Tilakteret") || p.har(f, "Vedlagt");
        p.sendte_af("Journalpost", |f| dokument(f) && notat(f).is_some_and(|n| !matches!(dele(n), 0 | 3)))
    }),
    advar("S-19", SAG, "Afgørelsesklasse skal være på niveau 2 og sagen Afgjort eller Afsluttet", |p| {
        p.sendte_i("Sagsklasse", "Afgørelsesklasse", |f| {
            f.uuid().and_then(|u| p.opslag.afgoerelsesklasse(u)) == Some(false)
                || !afgjort(p, f.periode().from)
        })
    }),
    advar("S-20", SAG_DOKUMENT, "et IT-system skal have SystemNavn og ingen SystemURI", |p| {
        let system = |f: &Forekomst| f.afsnit.navn().ends_with("itsystemRelation");
        p.sendte(|f| system(f) && (mangler(f, "SystemNavn") || f.felt("SystemURI").is_some()))
    }),
    advar(
        "S-21",
        SAG_DOKUMENT,
        "en Sikkerhedsprofil peger på enhed eller bruger, ikke på hele myndigheden",
        |p| {
            let hele = |f: &Forekomst| f.hoved.objekttype == Some(UnikId::Uuid(TYPE_ORGANISATION));
            p.sendte_af("Sikkerhedsprofil", |f| hele(f) || (f.urn().is_some() && p.rolle(f).is_none()))
        },
    ),
    advar("S-22", SAG_DOKUMENT, "Soegeord er gået af brug", |p| {
        p.sendte(|f| er_relation(f) && f.udvidelse().any(|u| u.barn("Soegeord").is_some()))
    }),
    advar("S-23", SAG, "sagen har ingen Primær part", |p| {
        let rolle = find(Art::Sag, "Sagspart", "Primær part");
        p.hvis(p.foer.is_none() && rolle.is_some_and(|r| p.efter_i(r).is_empty()), "Sagspart")
    }),
];

/// Whether a field is absent or blank.
pub(super) fn mangler(f: &Forekomst, felt: &str) -> bool {
    f.felt(felt).is_none_or(|t| t.trim().is_empty())
}

/// A section that must be there at import, and these fields whenever it is sent.
pub(super) fn skal_have(p: &Proeve<'_>, afsnit: &str, felter: &[&str]) -> Vec<String> {
    let mut stier = p.sendte_af(afsnit, |f| felter.iter().any(|felt| mangler(f, felt)));
    stier.extend(p.hvis(p.efter.indhold.af(afsnit).next().is_none(), afsnit));
    stier
}

/// Whether a number has the form of a KLE topic.
#[must_use]
pub fn er_kle(tekst: &str) -> bool {
    tekst.len() == 8
        && tekst
            .bytes()
            .enumerate()
            .all(|(i, b)| if matches!(i, 2 | 5) { b == b'.' } else { b.is_ascii_digit() })
}

pub(super) fn er_myndighed(p: &Proeve<'_>, f: &Forekomst) -> Option<bool> {
    p.opslag.myndighed(f.hoved.reference.as_ref()?)
}

fn ejer_cvr<'a>(p: &Proeve<'a>) -> Option<&'a str> {
    p.efter.indhold.forekomster.iter().find(|f| p.har(f, "Ejer")).and_then(Forekomst::cvr)
}

/// Whether states have gaps or overlaps, or one follows a later one in this order.
pub(super) fn uorden(p: &Proeve<'_>, orden: &[&str]) -> bool {
    let mut alle: Vec<&Forekomst> = p.efter.indhold.af("Fremdrift").collect();
    alle.sort_by_key(|f| f.periode());
    let plads = |f: &&Forekomst| orden.iter().position(|o| f.felt("FremdriftStatusKode") == Some(o));
    let tider = perioder(alle.iter().copied());
    har_huller(&tider) || overlapper(&tider) || !alle.iter().map(plads).is_sorted()
}

fn afgjort(p: &Proeve<'_>, tid: Instant) -> bool {
    let status = p.efter.indhold.nu("Fremdrift", tid).and_then(|f| f.felt("FremdriftStatusKode"));
    matches!(status, Some("Afgjort" | "Afsluttet"))
}

fn cifre(tekst: &str, antal: usize) -> bool {
    tekst.len() == antal && tekst.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a URN names a person or a company, and one that fits the type where the type is known.
pub(super) fn part_passer(urn: &str, f: &Forekomst) -> bool {
    const PERSONER: [(&str, usize); 3] =
        [("urn:oio:cpr-nr:", 10), ("urn:oio:us:personid:", 7), ("urn:oio:udk:borgerid:", 12)];
    const VIRKSOMHEDER: [(&str, usize); 2] = [("urn:oio:cvr-nr:", 8), ("urn:oio:pnr:", 10)];
    let en_af = |former: &[(&str, usize)]| {
        former.iter().any(|(foran, antal)| urn.strip_prefix(foran).is_some_and(|tal| cifre(tal, *antal)))
    };
    let person = f.hoved.objekttype == Some(UnikId::Uuid(TYPE_PERSON));
    let navn = urn.strip_prefix("urn:oio:fuldtnavn:").is_some_and(|n| !n.is_empty());
    navn || en_af(&PERSONER) || (!person && en_af(&VIRKSOMHEDER))
}

fn egenskaber(f: &Forekomst) -> Option<&Knude> {
    f.knude("JournalpostEgenskaber")
}

fn notat(f: &Forekomst) -> Option<&Knude> {
    egenskaber(f)?.barn("JournalnotatEgenskaber")
}

/// How many of the three parts of a note are filled.
fn dele(notat: &Knude) -> usize {
    ["Titel", "Notat", "Format"]
        .into_iter()
        .filter(|d| notat.tekst_af(d).is_some_and(|t| !t.is_empty()))
        .count()
}

fn notat_rigtigt(f: &Forekomst) -> bool {
    let uden = |navn| egenskaber(f).is_some_and(|e| e.barn(navn).is_none());
    f.urn() == Some("URN:Empty")
        && notat(f).is_some_and(|n| dele(n) == 3)
        && uden("Dokumenttitel")
        && uden("OffentlighedUndtaget")
}
