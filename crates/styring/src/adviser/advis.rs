//! A notice, made of a row of the table and what is filled in.

use super::tabel::{Gruppe, Haendelse, Regel, regel, regel_med_kode};
use crate::Styringsfejl;
use administration::Modulrolle;
use bitemporal::Instant;
use oio::{Cvr, logtekst};
use serde::{Deserialize, Serialize};
use store::Advisrad;
use uuid::Uuid;

/// Most characters of what is filled in.
const FELT_MAX: usize = 500;

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adviseret {
    /// The kind of object.
    pub art: String,
    /// The object.
    pub id: Uuid,
    /// Its name then.
    pub navn: String,
}

impl Adviseret {
    /// An object.
    #[must_use]
    pub fn ny(art: &str, id: Uuid, navn: &str) -> Self {
        Self { art: art.into(), id, navn: rens(navn) }
    }

    /// Where it is found in the module.
    #[must_use]
    pub fn sti(&self) -> String {
        let led = match self.art.as_str() {
            "aftale" => "serviceaftaler",
            "it-system" => "it-systemer",
            "bruger" => "brugere",
            "jobfunktionsrolle" => "jobfunktionsroller",
            "delegering" => "delegeringer",
            "attestering" => "attesteringer",
            "idp" => "foederation/idp",
            "foederationsaftale" => "foederationsaftaler",
            "service" => "servicekatalog",
            "stikproeve" => "stikproever",
            "stikproever" => return "/admin/stikproever".into(),
            "opgave" => return "/admin/opgaver".into(),
            "part" => return "/admin/indstillinger".into(),
            "kom-i-gang" => return "/admin/kom-i-gang".into(),
            // It may have been removed since.
            "webhook" => return "/admin/webhooks".into(),
            _ => return "/admin/adviser".into(),
        };
        format!("/admin/{led}/{}", self.id)
    }
}

/// A notice as stored: who is told follows from the event, except where it is said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advis {
    /// Its UUID. Two notices of the same are one.
    pub id: Uuid,
    /// When it happened, in microseconds.
    pub tid: i64,
    /// The party that is told.
    pub part: Cvr,
    /// The event, as the table stores it.
    pub haendelse: String,
    /// Only this person, and not the roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// Only this role, where the table names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolle: Option<Modulrolle>,
    /// Who did it, and needs not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub af: Option<Uuid>,
    /// The it-system it concerns: roles that do not reach it are not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Uuid>,
    /// What it is about.
    pub objekt: Adviseret,
    /// The subject.
    pub emne: String,
    /// The text.
    pub tekst: String,
}

impl Advis {
    /// That something happened to an object, for a party. What is filled in is told to whoever gets it. `noegle` tells it
    /// apart from others of the same event, party and object.
    #[must_use]
    pub fn om(
        haendelse: Haendelse,
        part: Cvr,
        objekt: Adviseret,
        felter: &[(&str, &str)],
        tid: Instant,
        noegle: &str,
    ) -> Self {
        let regel = regel(haendelse);
        let urn = format!("urn:fundament:advis:{}:{part}:{}:{noegle}", regel.kode, objekt.id);
        let udfyldt = |skabelon: &str| {
            fyld(skabelon, |navn| {
                if navn == "objekt" {
                    return Some(objekt.navn.clone());
                }
                felter.iter().find(|(n, _)| *n == navn).map(|(_, v)| rens(v))
            })
        };
        Self {
            id: Uuid::new_v5(&Uuid::NAMESPACE_URL, urn.as_bytes()),
            tid: tid.micros(),
            part,
            haendelse: regel.kode.into(),
            person: None,
            rolle: None,
            af: None,
            system: None,
            emne: udfyldt(regel.emne),
            tekst: udfyldt(regel.tekst),
            objekt,
        }
    }

    /// For one person alone.
    #[must_use]
    pub fn til_person(mut self, person: Uuid) -> Self {
        self.id = Uuid::new_v5(&self.id, person.as_bytes());
        self.person = Some(person);
        self
    }

    /// For one role.
    #[must_use]
    pub fn til_rolle(mut self, rolle: Modulrolle) -> Self {
        self.id = Uuid::new_v5(&self.id, rolle.kode().as_bytes());
        self.rolle = Some(rolle);
        self
    }

    /// Not for who did it.
    #[must_use]
    pub fn undtagen(mut self, af: Option<Uuid>) -> Self {
        self.af = af;
        self
    }

    /// About an it-system.
    #[must_use]
    pub fn ved_system(mut self, system: Uuid) -> Self {
        self.system = Some(system);
        self
    }

    /// When it happened.
    #[must_use]
    pub fn tid(&self) -> Instant {
        Instant::from_micros(self.tid)
    }

    /// Its row of the table; none when the event is no longer told of.
    #[must_use]
    pub fn regel(&self) -> Option<&'static Regel> {
        regel_med_kode(&self.haendelse)
    }

    /// Whether it is the roll-up of the week.
    pub(super) fn er_overblik(&self) -> bool {
        self.regel().is_some_and(|r| r.haendelse == Haendelse::UgensOverblik)
    }

    /// What it is chosen about with.
    #[must_use]
    pub fn gruppe(&self) -> Gruppe {
        self.regel().map_or(Gruppe::Opgaver, |r| r.gruppe)
    }

    /// The roles that are told.
    #[must_use]
    pub fn roller(&self) -> Vec<Modulrolle> {
        match (self.person, self.rolle) {
            (Some(_), _) => Vec::new(),
            (None, Some(rolle)) => vec![rolle],
            (None, None) => self.regel().map_or_else(Vec::new, |r| r.roller.to_vec()),
        }
    }

    /// Whether the party's mailbox is told.
    #[must_use]
    pub fn til_postkasse(&self) -> bool {
        self.person.is_none() && self.regel().is_some_and(|r| r.postkasse)
    }

    pub(crate) fn rad(&self) -> Advisrad {
        let krop = serde_json::to_vec(self).unwrap_or_default();
        Advisrad { id: self.id, tid: self.tid(), part: self.part, krop }
    }

    pub(crate) fn laes(rad: &Advisrad) -> Result<Self, Styringsfejl> {
        Ok(serde_json::from_slice(&rad.krop).map_err(oio::Fejl::intern)?)
    }
}

/// Notices as they are stored. Of a new task nobody is told who is told of its object anyhow, be it by name.
pub(crate) fn rader(adviser: &[Advis]) -> Vec<Advisrad> {
    let opgave = |a: &Advis| a.regel().is_some_and(|r| r.haendelse == Haendelse::OpgaveNy);
    let fortalt = |o: &Advis| {
        let andre = adviser.iter().filter(|a| !opgave(a) && a.part == o.part && a.objekt.id == o.objekt.id);
        let faar = |a: &Advis, rolle| {
            let ved_navn = a.person.is_some() && a.regel().is_some_and(|r| r.roller.contains(&rolle));
            ved_navn || a.roller().contains(&rolle)
        };
        o.rolle.is_some_and(|rolle| andre.into_iter().any(|a| faar(a, rolle)))
    };
    adviser.iter().filter(|a| !opgave(a) || !fortalt(a)).map(Advis::rad).collect()
}

/// What is filled in: on one line, of a length, and with nothing that looks like a CPR number.
fn rens(tekst: &str) -> String {
    let tekst = logtekst(&tekst.split_whitespace().collect::<Vec<_>>().join(" "));
    if tekst.chars().count() <= FELT_MAX {
        return tekst;
    }
    tekst.chars().take(FELT_MAX).chain(['…']).collect()
}

/// A template with its words in braces replaced, each once: braces in what is filled in stay.
fn fyld(skabelon: &str, vaerdi: impl Fn(&str) -> Option<String>) -> String {
    let mut ud = String::with_capacity(skabelon.len() * 2);
    let mut rest = skabelon;
    while let Some((foer, efter)) = rest.split_once('{') {
        let Some((navn, videre)) = efter.split_once('}') else { break };
        ud.push_str(foer);
        ud.push_str(&vaerdi(navn).unwrap_or_else(|| "–".into()));
        rest = videre;
    }
    ud.push_str(rest);
    ud.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Advis, Adviseret, FELT_MAX, rader};
    use crate::adviser::Haendelse;
    use administration::Modulrolle;
    use bitemporal::Instant;
    use oio::Cvr;
    use uuid::Uuid;

    fn advis(haendelse: Haendelse, felter: &[(&str, &str)], noegle: &str) -> Advis {
        let objekt = Adviseret::ny("aftale", Uuid::from_u128(1), "KY {hvem}");
        Advis::om(haendelse, Cvr::KOMBIT, objekt, felter, Instant::from_micros(5), noegle)
    }

    #[test]
    fn templates_are_filled_once_and_show_no_cpr_number() {
        let a = advis(
            Haendelse::AftaleReturneret,
            &[("hvem", "Korsbæk\r\nBcc: ond@example.dk"), ("aarsag", "Om 010203-1234 og {objekt}?")],
            "1",
        );
        assert_eq!(a.emne, "Korsbæk Bcc: ond@example.dk har spørgsmål til serviceaftalen KY {hvem}");
        assert!(a.tekst.ends_with("Om *** og {objekt}?"), "{}", a.tekst);
        let lang = advis(Haendelse::AftaleAfvist, &[("aarsag", &"x".repeat(4_000))], "1");
        assert!(lang.tekst.chars().count() < FELT_MAX + 200);
    }

    #[test]
    fn the_same_is_told_once() {
        let a = advis(Haendelse::AftaleAnmodet, &[], "1");
        assert_eq!(a.id, advis(Haendelse::AftaleAnmodet, &[], "1").id);
        assert_ne!(a.id, advis(Haendelse::AftaleAnmodet, &[], "2").id);
        assert_ne!(a.id, advis(Haendelse::AftaleAfvist, &[], "1").id);
        assert_ne!(a.id, a.clone().til_person(Uuid::nil()).id);
        assert_eq!(Advis::laes(&a.rad()).expect("read"), a);
    }

    #[test]
    fn a_task_is_not_told_of_beside_what_it_is_about() {
        let opgave = |rolle| advis(Haendelse::OpgaveNy, &[], "1").til_rolle(rolle);
        let anmodet = advis(Haendelse::AftaleAnmodet, &[], "1");
        let antal = |alle: &[Advis]| rader(alle).len();
        assert_eq!(antal(&[anmodet.clone(), opgave(Modulrolle::Godkender)]), 1);
        assert_eq!(antal(&[anmodet, opgave(Modulrolle::Administrator)]), 2, "another role");
        let ved_navn = advis(Haendelse::AttesteringStartet, &[], "1").til_person(Uuid::from_u128(9));
        assert_eq!(antal(&[ved_navn.clone(), opgave(Modulrolle::Systemansvarlig)]), 1, "told by name");
        assert_eq!(antal(&[ved_navn, opgave(Modulrolle::Godkender)]), 2, "another role");
        assert_eq!(antal(&[opgave(Modulrolle::Godkender)]), 1);
    }
}
