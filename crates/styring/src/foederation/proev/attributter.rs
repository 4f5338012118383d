//! The attributes of an answer: what they are called, and what of them is shown. Never a CPR number, never a token.

use administration::Foederationsaftale;
use identity::saml::Loginsvar;
use oio::logtekst;
use std::collections::BTreeSet;

/// The longest value that is shown, in characters.
const VAERDI_MAX: usize = 150;

/// An attribute in the two profiles: OIOSAML 2 and 3.
pub(super) type Navne = &'static [&'static str];
pub(super) const SPEC: Navne =
    &["dk:gov:saml:attribute:SpecVer", "https://data.gov.dk/model/core/specVersion"];
pub(super) const CVR: Navne =
    &["dk:gov:saml:attribute:CvrNumberIdentifier", "https://data.gov.dk/model/core/eid/professional/cvr"];
pub(super) const NSIS: &str = "https://data.gov.dk/concept/core/nsis/loa";
pub(super) const NIST: &str = "dk:gov:saml:attribute:AssuranceLevel";
pub(super) const ROLLER: Navne = &[
    "dk:gov:saml:attribute:Privileges_intermediate",
    "https://data.gov.dk/model/core/eid/privilegesIntermediate",
];
/// What a system is told of the person when it is there.
const OPLYSES: Navne = &[
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:2.5.4.3",
    "https://data.gov.dk/model/core/eid/email",
    "https://data.gov.dk/model/core/eid/fullName",
    "https://data.gov.dk/model/core/eid/firstName",
    "https://data.gov.dk/model/core/eid/lastName",
    "https://data.gov.dk/model/core/eid/professional/orgName",
    "dk:gov:saml:attribute:KombitSpecVer",
    "https://data.gov.dk/model/core/kombitSpecVer",
];

/// A text from outside, short, on one line and without CPR numbers.
pub(super) fn kort(tekst: &str) -> String {
    let ud = logtekst(tekst);
    if ud.chars().count() <= VAERDI_MAX {
        ud
    } else {
        ud.chars().take(VAERDI_MAX).collect::<String>() + " …"
    }
}

/// What is never shown: a token in the token, and whatever is about a CPR number.
fn skjult(navn: &str) -> Option<&'static str> {
    let lille = navn.to_ascii_lowercase();
    if ["cpr", "dateofbirth", "eid/age", "person/pid"].iter().any(|d| lille.contains(d)) {
        return Some("***");
    }
    lille.ends_with("bootstraptoken").then_some("(vises ikke)")
}

fn vis_vaerdi(s: &Loginsvar, navn: &str) -> String {
    match skjult(navn) {
        Some(i_stedet) => i_stedet.to_owned(),
        None if ROLLER.contains(&navn) => "Afkodet under Roller".to_owned(),
        None => kort(&s.vaerdier(navn).join(", ")),
    }
}

/// What was said of the person.
pub(super) fn vist(s: &Loginsvar) -> Vec<(String, String)> {
    let mut ud = vec![("NameID".to_owned(), kort(&s.name_id.0))];
    ud.extend(s.klasse.as_ref().map(|k| ("AuthnContextClassRef".to_owned(), kort(k))));
    let mut sete = BTreeSet::new();
    let navne = s.attributter.iter().map(|(n, _)| n).filter(|n| sete.insert(n.as_str()));
    ud.extend(navne.map(|n| (kort(n), vis_vaerdi(s, n))));
    ud
}

/// What the system would be told beside the roles: what every login has, what it is told when it is there, and what the
/// agreement names. Never CPR numbers.
pub(super) fn udleveres(s: &Loginsvar, aftale: &Foederationsaftale) -> Vec<(String, String)> {
    let faste = SPEC.iter().chain(CVR).chain(&[NIST, NSIS]).chain(OPLYSES).copied();
    let alle = faste.chain(aftale.attributter.iter().map(String::as_str));
    let mut sete = BTreeSet::new();
    let givet = alle.filter(|n| !s.vaerdier(n).is_empty() && skjult(n).is_none() && !ROLLER.contains(n));
    let mut ud = vec![("NameID".to_owned(), kort(&s.name_id.0))];
    ud.extend(givet.filter(|n| sete.insert(*n)).map(|n| (kort(n), vis_vaerdi(s, n))));
    ud
}
