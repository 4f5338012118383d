//! What an object is found by in the store: its keys, each with the period it holds in.
//!
//! A key says less than a search asks: the store finds what may be meant by it, and [`crate::soeg`] decides.

use crate::model::{Forekomst, Registrering};
use crate::regler::er_kle;
use crate::roller::{ROLLER, Rolle, Rolleliste};
use crate::skema::Art;
use crate::synlighed::Foelsomhed;
use crate::verden::bevilling_af;
use bitemporal::{Instant, Period};
use oio::UnikId;
use uuid::Uuid;

/// Words of one text that have keys at most: more than a text of 255 characters can have.
const ORD_MAX: usize = 128;
/// Characters of a word in its key at most.
const ORD_TEGN_MAX: usize = 24;
/// Bytes of any other value in its key at most. What is longer is found by its beginning.
pub const VAERDI_MAX: usize = 128;

/// What a key is about. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Felt(pub i64);

/// What of an object its keys are about, whatever section it stands in.
const AFGRAENSNING: i64 = 0;
const NUMMER: i64 = 1;
const ORD: i64 = 2;

/// The relations that have keys, with the number of each. Those that nearly every object of an authority shares (Ejer, IT-system)
/// have none by themselves.
const RELATIONER: [(Art, &str, i64); 16] = [
    (Art::Sag, "Sagsaktoer", 10),
    (Art::Sag, "Sagsklasse", 11),
    (Art::Sag, "Sagspart", 12),
    (Art::Sag, "Sagsrelation", 13),
    (Art::Sag, "Sagsgenstande", 14),
    (Art::Sag, "Journalpost", 15),
    (Art::Dokument, "Dokumentrelation", 10),
    (Art::Dokument, "Dokumentaktoer", 11),
    (Art::Dokument, "Dokumentpart", 12),
    (Art::Dokument, "Dokumentklasse", 13),
    (Art::Bevilling, "Bevillingssag", 10),
    (Art::Bevilling, "Bevillingspart", 11),
    (Art::Bevilling, "Bevillingsaktoer", 12),
    (Art::Effektuering, "OekonomiskYdelseEffektueringRelation", 10),
    (Art::Effektuering, "Aktoer", 11),
    (Art::Effektuering, "OekonomiskEffektueringPart", 12),
];

/// Roles without keys: what most objects of an authority have alike.
const UDEN: [&str; 2] = ["Ejer", "Handlingsklasse"];
/// What a journal note points to instead of a document. It has no key.
const INTET: &str = "URN:Empty";

/// The fields of `Egenskaber` that are numbers as people write them.
pub(crate) const NUMRE: [&str; 3] = ["BrugervendtNoegle", "Sagsnummer", "Dokumentnummer"];

/// Whether what has this role has a key of what it points to.
pub(crate) fn har_noegle(rolle: &Rolle) -> bool {
    !UDEN.contains(&rolle.navn)
}

/// Whether every role of this section has keys.
pub(crate) fn alle_har_noegle(art: Art, afsnit: &str) -> bool {
    ROLLER.iter().filter(|r| r.art == art && r.afsnit == afsnit).all(har_noegle)
}

/// Whether it is a part of a payment, whose keys are of its grant.
pub(crate) fn er_betaling(f: &Forekomst) -> bool {
    f.afsnit.navn() == "OekonomiskYdelseEffektueringRelation"
}

impl Felt {
    const fn af(art: Art, nr: i64) -> Self {
        Self(art as i64 * 100 + nr)
    }

    /// Owner, KLE and følsomhed together: what decides who sees the object.
    #[must_use]
    pub const fn afgraensning(art: Art) -> Self {
        Self::af(art, AFGRAENSNING)
    }

    /// `BrugervendtNoegle`, `Sagsnummer` and `Dokumentnummer`.
    #[must_use]
    pub const fn nummer(art: Art) -> Self {
        Self::af(art, NUMMER)
    }

    /// The words of titles and of parties' names.
    #[must_use]
    pub const fn ord(art: Art) -> Self {
        Self::af(art, ORD)
    }

    /// What a relation of this section points to, if that has keys.
    #[must_use]
    pub fn reference(art: Art, afsnit: &str) -> Option<Self> {
        RELATIONER.iter().find(|(a, navn, _)| *a == art && *navn == afsnit).map(|(.., nr)| Self::af(art, *nr))
    }
}

/// One key of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Noegle {
    /// What it is about.
    pub felt: Felt,
    /// Its value, compared bytewise.
    pub vaerdi: Vec<u8>,
    /// When it begins to hold, in microseconds since 1970.
    pub fra: i64,
    /// When it no longer holds.
    pub til: i64,
}

/// The value of a reference: 16 bytes of a UUID, else the text. `None`: it has no key.
#[must_use]
pub fn reference(id: &UnikId) -> Option<Vec<u8>> {
    match (id.uuid(), id) {
        (Some(uuid), _) => Some(uuid_vaerdi(uuid)),
        (None, UnikId::Urn(urn)) if urn.as_ref() != INTET => Some(afkortet(urn.as_bytes())),
        _ => None,
    }
}

/// The value of a reference to this object.
#[must_use]
pub fn uuid_vaerdi(uuid: Uuid) -> Vec<u8> {
    uuid.as_bytes().to_vec()
}

/// The value of a number as people write it, or the beginning of one.
#[must_use]
pub fn nummer(tekst: &str) -> Vec<u8> {
    afkortet(tekst.to_lowercase().as_bytes())
}

/// The value of a word, or the beginning of one.
#[must_use]
pub fn ord_vaerdi(ord: &str) -> Vec<u8> {
    ord.to_lowercase().chars().take(ORD_TEGN_MAX).collect::<String>().into_bytes()
}

/// The words of a text, as they are looked up.
pub fn ord_i(tekst: &str) -> impl Iterator<Item = &str> {
    tekst.split(|c: char| !c.is_alphanumeric()).filter(|o| !o.is_empty())
}

/// The value of a delimitation, or the beginning of one: the owner's CVR number, the KLE number, and the level.
///
/// For documents KLE stands first: who sees a document may be another than its owner.
#[must_use]
pub fn afgraensning(art: Art, cvr: &str, kle: &str, niveau: Option<Foelsomhed>) -> Vec<u8> {
    let (foerst, saa) = if art == Art::Dokument { (kle, cvr) } else { (cvr, kle) };
    let mut vaerdi = [foerst.as_bytes(), saa.as_bytes()].concat();
    vaerdi.extend(niveau.map(|n| n as u8));
    vaerdi
}

fn afkortet(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len().min(VAERDI_MAX)].to_vec()
}

/// The keys of a registrering, ascending, each once.
#[must_use]
pub fn noegler(art: Art, r: &Registrering, roller: &Rolleliste) -> Vec<Noegle> {
    let mut alle = Vec::with_capacity(32);
    let mut med = |felt: Felt, vaerdi: Vec<u8>, periode: Period| {
        if !periode.is_empty() {
            alle.push(Noegle { felt, vaerdi, fra: periode.from.micros(), til: periode.to.micros() });
        }
    };
    for f in &r.indhold.forekomster {
        let periode = f.periode();
        if let Some(felt) = Felt::reference(art, f.afsnit.navn())
            && roller.af(art, f).is_none_or(har_noegle)
        {
            let vaerdi = if er_betaling(f) {
                bevilling_af(f).map(uuid_vaerdi)
            } else {
                f.hoved.reference.as_ref().and_then(reference)
            };
            vaerdi.into_iter().for_each(|vaerdi| med(felt, vaerdi, periode));
        }
        for navn in NUMRE {
            if f.afsnit.navn() == "Egenskaber"
                && let Some(tekst) = f.felt(navn)
            {
                med(Felt::nummer(art), nummer(tekst), periode);
            }
        }
        for tekst in soegetekster(f) {
            ord_i(tekst).take(ORD_MAX).for_each(|ord| med(Felt::ord(art), ord_vaerdi(ord), periode));
        }
    }
    for (vaerdi, periode) in afgraensninger(art, r, roller) {
        med(Felt::afgraensning(art), vaerdi, periode);
    }
    samlet(alle)
}

/// The texts of an instance whose words have keys.
pub(crate) fn soegetekster(f: &Forekomst) -> impl Iterator<Item = &str> {
    let titel = if f.afsnit.navn() == "Egenskaber" { f.felt("Titel") } else { None };
    let part = f.afsnit.navn().to_lowercase().ends_with("part");
    let navn = if part { f.felt("FuldtNavn") } else { None };
    titel.into_iter().chain(navn)
}

/// One key for each value and start: the one that holds longest.
fn samlet(mut alle: Vec<Noegle>) -> Vec<Noegle> {
    alle.sort_unstable_by(|a, b| {
        (a.felt, &a.vaerdi, a.fra).cmp(&(b.felt, &b.vaerdi, b.fra)).then(b.til.cmp(&a.til))
    });
    alle.dedup_by(|b, a| (a.felt, &a.vaerdi, a.fra) == (b.felt, &b.vaerdi, b.fra));
    alle
}

/// Owner, KLE and level wherever the three hold at once.
fn afgraensninger(art: Art, r: &Registrering, roller: &Rolleliste) -> Vec<(Vec<u8>, Period)> {
    let alle = &r.indhold.forekomster;
    let ejere = alle.iter().filter(|f| roller.er(art, f, "Ejer"));
    let emner = alle.iter().filter_map(|f| Some((emne(art, f, roller)?, f.periode())));
    let emner: Vec<(&str, Period)> = emner.collect();
    let afsnit = if art == Art::Sag { "SagIndeksEgenskaber" } else { "Egenskaber" };
    // A payment's level is that of its grants.
    let niveauer: Vec<(Option<Foelsomhed>, Period)> = if art == Art::Effektuering {
        vec![(None, Period::ALWAYS)]
    } else {
        let niveau = |f: &Forekomst| Some((Some(Foelsomhed::laes(f.felt("Foelsomhed")?)?), f.periode()));
        alle.iter().filter(|f| f.afsnit.navn() == afsnit).filter_map(niveau).collect()
    };
    let mut ud = Vec::new();
    for ejer in ejere {
        let Some(cvr) = ejer.cvr() else { continue };
        for (kle, i) in &emner {
            for (niveau, j) in &niveauer {
                let fra = ejer.periode().from.max(i.from).max(j.from);
                let til = ejer.periode().to.min(i.to).min(j.to);
                ud.push((afgraensning(art, cvr, kle, *niveau), Period { from: fra, to: til }));
            }
        }
    }
    ud.retain(|(_, p)| p.from < p.to && p.to > Instant::NEG_INFINITY);
    ud
}

/// The KLE number of an instance that says what the object is about.
fn emne<'f>(art: Art, f: &'f Forekomst, roller: &Rolleliste) -> Option<&'f str> {
    emne_soegt(art, f, roller).filter(|nummer| er_kle(nummer))
}

/// The same of a condition, where it may be a pattern.
pub(crate) fn emne_soegt<'f>(art: Art, f: &'f Forekomst, roller: &Rolleliste) -> Option<&'f str> {
    match (art, f.afsnit.navn()) {
        (Art::Sag, "Sagsklasse") | (Art::Dokument, "Dokumentklasse") => {
            roller.er(art, f, "Primær klasse").then(|| f.felt("BrugervendtNoegle")).flatten()
        }
        (Art::Bevilling, "BevilgetYdelse") => {
            f.knude("Ydelse")?.barn("Klassifikation")?.tekst_af("BrugervendtNoegle")
        }
        (Art::Effektuering, "OekonomiskYdelseEffektueringRelation") => f.felt("Klassifikationsbeskrivelse"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{hel, objekt};

    fn af(art: Art, xml: &str) -> Vec<Noegle> {
        noegler(art, &objekt(art, xml).registreringer[0], &Rolleliste::default())
    }

    fn har(alle: &[Noegle], felt: Felt, vaerdi: &[u8]) -> bool {
        alle.iter().any(|n| n.felt == felt && n.vaerdi == vaerdi)
    }

    #[test]
    fn a_case_is_found_by_its_party_numbers_words_and_delimitation() {
        let alle = af(Art::Sag, &hel(Art::Sag));
        let part = Felt::reference(Art::Sag, "Sagspart").expect("parties have keys");
        assert!(har(&alle, part, b"urn:oio:cpr-nr:0101010000"));
        assert!(har(&alle, Felt::nummer(Art::Sag), b"2025-0042"));
        assert!(har(&alle, Felt::ord(Art::Sag), "kontanthjælp".as_bytes()));
        let niveau = Some(Foelsomhed::FortroligePersonoplysninger);
        assert!(har(
            &alle,
            Felt::afgraensning(Art::Sag),
            &afgraensning(Art::Sag, "11111111", "32.24.04", niveau)
        ));
        let aktoer = Felt::reference(Art::Sag, "Sagsaktoer").expect("actors have keys");
        assert!(!har(&alle, aktoer, b"urn:oio:cvr-nr:11111111"), "the owner has no key by itself");
        let post = Felt::reference(Art::Sag, "Journalpost").expect("posts have keys");
        assert!(!har(&alle, post, INTET.as_bytes()), "a note points to nothing");
        assert!(alle.windows(2).all(|par| par[0] < par[1]), "ascending, each once");
    }

    #[test]
    fn a_delimitation_holds_where_all_of_it_does() {
        let felt = Felt::afgraensning(Art::Sag);
        let uden = hel(Art::Sag).replace("FORTROLIGE_PERSONOPLYSNINGER", "");
        let uden = uden.replace("<si:Foelsomhed></si:Foelsomhed>", "");
        assert!(af(Art::Sag, &uden).iter().all(|n| n.felt != felt), "nobody sees a case without a level");
        for art in Art::ALLE {
            let alle = af(art, &hel(art));
            assert!(alle.iter().any(|n| n.felt == Felt::afgraensning(art) && n.fra < n.til), "{art:?}");
        }
    }

    #[test]
    fn a_payment_is_found_by_its_grant() {
        let felt = Felt::reference(Art::Effektuering, "OekonomiskYdelseEffektueringRelation").expect("a key");
        let bevilling = Uuid::try_parse(crate::testing::BEVILLING).expect("a UUID");
        assert!(har(&af(Art::Effektuering, &hel(Art::Effektuering)), felt, &uuid_vaerdi(bevilling)));
    }
}
