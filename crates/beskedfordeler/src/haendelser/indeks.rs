//! The message about what happened to one object of the Sags- og Dokumentindeks or the Ydelsesindeks.

use super::skriv::{Felter, Relateret};
use super::typer::{indeks_beskedtype, indeks_handling, indeks_objekt, rolle};
use crate::adgangskort::Afsender;
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::modtag::Udsendelse;
use administration::{SAGDOKUMENTINDEKSET, YDELSESINDEKSET};
use app::Beskedconfig;
use besked::{FOELSOMME, FORTROLIGE, IKKE_FORTROLIGE, Kuvert, SAERLIGT_BESKYTTEDE};
use bitemporal::Instant;
use indeks::besked::{Handling, Omslag, besked, betalings_foelsomhed, bevillinger};
use indeks::krop;
use indeks::model::{Forekomst, Registrering, Tid};
use indeks::skema::Art;
use indeks::synlighed::Foelsomhed;
use indeks::verden::bevilling_af;
use oio::{Cvr, UnikId};
use std::collections::{BTreeSet, HashMap};
use store::Haendelse;
use uuid::Uuid;

/// Most KLE numbers one message names. With more it names none, and only who may receive everything gets it.
const EMNER_MAX: usize = 200;
/// Most other objects it names.
const RELATEREDE_MAX: usize = 200;
/// How a URN begins that names an it-system as an actor.
const SYSTEM: &str = "urn:oio:it-system-uuid:";

impl Fordeler {
    /// Sends what happened to an index object with this number; `false` when nobody can receive it, and it is to be marked.
    pub(super) async fn udsend_indeks(&self, haendelse: &Haendelse, nr: i64) -> Result<bool, Fejl> {
        let art = Art::ALLE.into_iter().find(|a| a.typ().navn == haendelse.objekttype);
        let (Some(art), Some(handling)) = (art, Handling::med_navn(&haendelse.handling)) else {
            tracing::error!(target: "besked", id = haendelse.id, "en hændelse i et indeks er af en ukendt slags og udsendes ikke");
            return Ok(false);
        };
        let config = &self.app().config().besked;
        if !indeks_beskedtype(config, art).is_some_and(|typ| self.billede().register.har_beskedtype(typ)) {
            return Ok(false);
        }
        let gemt = self.app().store().indeks_registrering(nr, haendelse.tidspunkt).await?;
        let registrering = gemt.map(|bytes| krop::udpak(art, &bytes)).transpose();
        let registrering = registrering.map_err(|fejl| Fejl::Intern(fejl.to_string()))?;
        let mut omslag = Omslag::laes(&haendelse.omslag);
        if let (Art::Effektuering, None, Some(r)) = (art, omslag.foelsomhed, &registrering) {
            omslag.foelsomhed = self.bevillingers_foelsomhed(r, haendelse.ejer).await?;
        }
        let ting = Ting {
            config,
            art,
            nr,
            uuid: haendelse.objekt.0,
            ejer: haendelse.ejer,
            tidspunkt: haendelse.tidspunkt,
            handling,
            registrering: registrering.as_ref(),
            omslag: &omslag,
            nu: self.app().now(),
        };
        let Some(krop) = ting.besked() else { return Ok(false) };
        let kuvert = Kuvert::laes(krop.as_bytes()).map_err(|fejl| Fejl::Intern(fejl.tekst))?;
        let afsender = Afsender::os_selv(ansvarlig(art), haendelse.ejer);
        // Its Tidspunkt is the source's; whoever began to subscribe meanwhile gets it when it came here after that.
        let kom = registrering.as_ref().and_then(|r| r.sts_tidspunkt.as_ref());
        let sket = kom.map_or(haendelse.tidspunkt, Tid::instant);
        self.udsend_besked(&afsender, kuvert, krop.into(), Udsendelse { haendelse: haendelse.id, sket }).await
    }

    /// How sensitive a payment is, by its grants as they are now.
    async fn bevillingers_foelsomhed(
        &self,
        betaling: &Registrering,
        ejer: Cvr,
    ) -> Result<Option<Foelsomhed>, Fejl> {
        let navne = bevillinger(betaling);
        if navne.is_empty() || navne.len() > RELATEREDE_MAX {
            return Ok(None);
        }
        let spoergsmaal: Vec<(i64, Uuid)> = navne.iter().map(|uuid| (Art::Bevilling as i64, *uuid)).collect();
        let mut kendte = HashMap::new();
        for bevilling in self.app().store().indeks_objekter(&spoergsmaal).await? {
            if bevilling.ejer == ejer {
                let registrering = krop::udpak(Art::Bevilling, &bevilling.krop);
                kendte.insert(bevilling.id, registrering.map_err(|fejl| Fejl::Intern(fejl.to_string()))?);
            }
        }
        Ok(betalings_foelsomhed(betaling, |uuid| kendte.get(&uuid)))
    }
}

/// The index that answers for objects of a kind.
const fn ansvarlig(art: Art) -> Uuid {
    match art {
        Art::Sag | Art::Dokument => SAGDOKUMENTINDEKSET,
        Art::Bevilling | Art::Effektuering => YDELSESINDEKSET,
    }
}

/// The class of a level of følsomhed.
const fn klasse(foelsomhed: Foelsomhed) -> Uuid {
    match foelsomhed {
        Foelsomhed::IkkeFortroligeData => IKKE_FORTROLIGE,
        Foelsomhed::FortroligePersonoplysninger => FORTROLIGE,
        Foelsomhed::FoelsommePersonoplysninger => FOELSOMME,
        Foelsomhed::VipSager => SAERLIGT_BESKYTTEDE,
    }
}

/// What happened, and to what.
struct Ting<'a> {
    /// It may give classes of ours other UUIDs.
    config: &'a Beskedconfig,
    art: Art,
    nr: i64,
    uuid: Uuid,
    ejer: Cvr,
    tidspunkt: Instant,
    handling: Handling,
    /// `None` when the object has been removed with its history.
    registrering: Option<&'a Registrering>,
    omslag: &'a Omslag,
    nu: Instant,
}

impl Ting<'_> {
    /// The message; `None` for what is told of nowhere.
    fn besked(&self) -> Option<String> {
        let mut emner: Vec<String> = self.omslag.emner.iter().cloned().collect();
        if emner.len() > EMNER_MAX {
            emner.clear();
        }
        let handling = if self.registrering.is_some() { self.handling } else { Handling::Slettet };
        let felter = Felter {
            id: self.id(),
            beskedtype: indeks_beskedtype(self.config, self.art)?,
            ansvarlig: ansvarlig(self.art),
            modtagere: &[self.ejer],
            relaterede: self.relaterede(),
            aktoer: self.registrering.and_then(|r| aktoer(r.bruger_ref.as_ref()?)),
            tidspunkt: self.tidspunkt,
            ejer: self.ejer,
            objekt: self.uuid,
            objekttype: indeks_objekt(self.config, self.art)?,
            handling: indeks_handling(self.config, handling),
            emner: &emner,
            foelsomhed: self.omslag.foelsomhed.map(klasse),
            nu: self.nu,
        };
        let beskeddata = besked(self.art, self.uuid, self.registrering, self.omslag)?;
        let hele = felter.besked(&beskeddata);
        if hele.len() <= self.config.besked_max_bytes {
            return Some(hele);
        }
        // No receiver need take more than others may send. What it holds can be read in the index.
        tracing::warn!(target: "besked", objekt = %self.uuid, bytes = hele.len(), "en registrering er for stor til en besked; den udsendes uden Beskeddata");
        Some(felter.besked(""))
    }

    /// The id of the registrering, and of the message about it: the same every time.
    fn id(&self) -> Uuid {
        // The number tells objects of two kinds with one UUID apart, and an object from the one that came after it was removed.
        Uuid::new_v5(&self.uuid, format!("{}/{}", self.nr, self.tidspunkt.micros()).as_bytes())
    }

    /// The objects of the indexes it refers to, except documents.
    fn relaterede(&self) -> Vec<Relateret> {
        let alle = self.registrering.into_iter().flat_map(|r| &r.indhold.forekomster);
        let mut set = BTreeSet::new();
        let nye = alle.filter_map(|f| self.peger(f)).filter(|fundet| set.insert(*fundet));
        let relateret = |(afsnit, uuid, art)| {
            let typ = indeks_objekt(self.config, art)?;
            Some(Relateret { objekt: UnikId::Uuid(uuid), typ, rolle: rolle(afsnit) })
        };
        nye.filter_map(relateret).take(RELATEREDE_MAX).collect()
    }

    /// The relation that refers to another object of the indexes, and what it refers to.
    fn peger(&self, f: &Forekomst) -> Option<(&'static str, Uuid, Art)> {
        let afsnit = f.afsnit.navn();
        match (self.art, afsnit) {
            (Art::Sag, "Sagsrelation") | (Art::Bevilling, "Bevillingssag") => {
                Some((afsnit, f.uuid()?, Art::Sag))
            }
            (Art::Effektuering, _) => Some((afsnit, bevilling_af(f)?, Art::Bevilling)),
            _ => None,
        }
    }
}

/// Who registered it, as the UUID of a user or of an it-system.
fn aktoer(bruger: &UnikId) -> Option<Uuid> {
    bruger.uuid().or_else(|| match bruger {
        UnikId::Urn(urn) => Uuid::try_parse(urn.strip_prefix(SYSTEM)?).ok(),
        UnikId::Uuid(uuid) => Some(*uuid),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use indeks::model::registrering_af;
    use indeks::skema::Ns;
    use indeks::skema::operationer::ALLE;

    const OBJEKT: Uuid = Uuid::from_u128(0x10);
    const SAG: Uuid = Uuid::from_u128(0x20);
    const BEVILLING: Uuid = Uuid::from_u128(0x30);
    const KY: Uuid = Uuid::from_u128(0x40);

    /// The registrering with these relations, as an event holds it.
    fn registrering(art: Art, relationer: &str) -> Registrering {
        let p = art.typ().ns.praefiks();
        let ns: String =
            Ns::ALLE.iter().map(|n| format!(" xmlns:{}=\"{}\"", n.praefiks(), n.uri())).collect();
        let xml = format!(
            "<{p}:RegistreringBesked{ns}><sd:UUIDIdentifikator>{OBJEKT}</sd:UUIDIdentifikator><{p}:Registrering><sd:BrugerRef>\
             <sd:URNIdentifikator>{SYSTEM}{KY}</sd:URNIdentifikator></sd:BrugerRef><{p}:AttributListe/><{p}:TilstandListe/>\
             <{p}:RelationListe>{relationer}</{p}:RelationListe></{p}:Registrering></{p}:RegistreringBesked>"
        );
        let knude = indeks::laes_bytes(&ALLE, xml.as_bytes()).expect("an event");
        registrering_af(art.typ(), knude.barn("Registrering").expect("a registrering"))
    }

    fn omslag(emner: usize) -> Omslag {
        let emner = (0..emner).map(|n| format!("{:02}.{:02}.04", n / 100, n % 100)).collect();
        Omslag { foelsomhed: Some(Foelsomhed::FortroligePersonoplysninger), emner }
    }

    fn ting<'a>(
        config: &'a Beskedconfig,
        art: Art,
        registrering: Option<&'a Registrering>,
        omslag: &'a Omslag,
    ) -> Ting<'a> {
        Ting {
            config,
            art,
            nr: 7,
            uuid: OBJEKT,
            ejer: "11223344".parse().expect("a CVR number"),
            tidspunkt: Instant::from_micros(1_741_000_000_000_000),
            handling: Handling::FremdriftAendret,
            registrering,
            omslag,
            nu: Instant::from_micros(1_741_000_009_000_000),
        }
    }

    fn laest(ting: &Ting<'_>) -> (Kuvert, String) {
        let krop = ting.besked().expect("a message");
        (Kuvert::laes(krop.as_bytes()).expect("it keeps the schema"), krop)
    }

    fn med(navn: &str, art: &str, vaerdi: impl std::fmt::Display) -> String {
        format!("<besked:{navn}><sd:{art}Identifikator>{vaerdi}</sd:{art}Identifikator></besked:{navn}>")
    }

    fn peger(element: &str, til: Uuid) -> String {
        format!(
            "<{element}><gd:ReferenceID><sd:UUIDIdentifikator>{til}</sd:UUIDIdentifikator></gd:ReferenceID></{element}>"
        )
    }

    #[test]
    fn the_envelope_says_what_happened_to_what_and_how_sensitive_it_is() {
        let (config, omslag) = (Beskedconfig::default(), omslag(1));
        let r = registrering(Art::Sag, "");
        let (kuvert, krop) = laest(&ting(&config, Art::Sag, Some(&r), &omslag));
        assert_eq!(kuvert.beskedtype_uuid(), indeks_beskedtype(&config, Art::Sag));
        assert_eq!(kuvert.ansvarlig, Some(SAGDOKUMENTINDEKSET));
        let ejer = vec!["urn:oio:cvr-nr:11223344".to_owned()];
        assert_eq!((kuvert.tilladte, kuvert.myndigheder), (ejer.clone(), ejer));
        assert_eq!(kuvert.emner, ["urn:oio:kle:00.00.04"]);
        assert_eq!(kuvert.foelsomhed, Some(FORTROLIGE.to_string()));
        let handling = indeks_handling(&config, Handling::FremdriftAendret);
        let objekttype = indeks_objekt(&config, Art::Sag).expect("a class");
        for del in [
            med("ObjektId", "UUID", OBJEKT),
            med("ObjektType", "UUID", objekttype),
            med("ObjektHandling", "UUID", handling),
            med("RegistreringsAktoer", "UUID", KY),
        ] {
            assert!(krop.contains(&del), "{del} in\n{krop}");
        }
        assert!(krop.contains("Beskeddata") && krop.contains("sag:RegistreringBesked"), "{krop}");
    }

    #[test]
    fn the_levels_have_a_class_each_and_none_has_none() {
        let config = Beskedconfig::default();
        let klasser = Foelsomhed::ALLE.map(|f| {
            let omslag = Omslag { foelsomhed: Some(f), ..Omslag::default() };
            laest(&ting(&config, Art::Bevilling, None, &omslag)).0.foelsomhed_uuid().expect("a class")
        });
        let mut strengest = besked::FOELSOMHEDER;
        strengest.reverse();
        assert_eq!(klasser, strengest);
        let uden = laest(&ting(&config, Art::Bevilling, None, &Omslag::default())).0;
        assert_eq!((uden.foelsomhed, uden.ansvarlig), (None, Some(YDELSESINDEKSET)));
    }

    #[test]
    fn what_was_removed_is_told_of_as_deleted_with_empty_lists() {
        let (config, omslag) = (Beskedconfig::default(), omslag(1));
        let (kuvert, krop) = laest(&ting(&config, Art::Effektuering, None, &omslag));
        assert_eq!(kuvert.emner.len(), 1, "who may have it is still decided by what it was about");
        assert!(krop.contains(&med("ObjektHandling", "UUID", indeks_handling(&config, Handling::Slettet))));
        assert!(krop.contains("<oe:RelationListe/>") && !krop.contains("RegistreringsAktoer"), "{krop}");
        assert!(ting(&config, Art::Dokument, None, &omslag).besked().is_none(), "documents have no messages");
    }

    #[test]
    fn the_objects_it_refers_to_are_named_each_once() {
        let (config, omslag) = (Beskedconfig::default(), omslag(1));
        let betalt = format!(
            "<oe:OekonomiskYdelseEffektueringRelation><oe:BevilgetYdelseRef><sd:UUIDIdentifikator>{BEVILLING}</sd:UUIDIdentifikator>\
             <oe:BevilgetYdelseId>YD-1</oe:BevilgetYdelseId></oe:BevilgetYdelseRef></oe:OekonomiskYdelseEffektueringRelation>"
        );
        let cpr = "<sag:Sagspart><gd:ReferenceID><sd:URNIdentifikator>urn:oio:cpr-nr:0101010001</sd:URNIdentifikator>\
                   </gd:ReferenceID></sag:Sagspart>";
        let sager = [cpr.to_owned(), peger("sag:Sagsrelation", SAG).repeat(2)].concat();
        for (art, relationer, til, deres) in [
            (Art::Sag, sager, SAG, Art::Sag),
            (Art::Bevilling, peger("bi:Bevillingssag", SAG), SAG, Art::Sag),
            (Art::Effektuering, betalt, BEVILLING, Art::Bevilling),
        ] {
            let r = registrering(art, &relationer);
            let (_, krop) = laest(&ting(&config, art, Some(&r), &omslag));
            let typ = indeks_objekt(&config, deres).expect("a class");
            let del = [
                "<besked:RelateretObjekt>",
                &med("ObjektId", "UUID", til),
                &med("ObjektType", "UUID", typ),
                "<besked:ObjektRolle>",
            ]
            .concat();
            assert_eq!(krop.matches(&del).count(), 1, "{art:?}: {krop}");
            assert_eq!(krop.matches("<besked:RelateretObjekt>").count(), 1, "{art:?}: {krop}");
        }
    }

    #[test]
    fn the_id_is_the_same_every_time_and_of_nothing_else() {
        let (config, omslag) = (Beskedconfig::default(), omslag(1));
        let een = ting(&config, Art::Sag, None, &omslag);
        let id = een.id();
        assert_eq!(id, Ting { nu: Instant::from_micros(0), ..ting(&config, Art::Sag, None, &omslag) }.id());
        let senere = Ting { nr: 8, ..ting(&config, Art::Sag, None, &omslag) };
        assert_ne!(id, senere.id(), "removed and imported again with the same Tidspunkt");
        let naeste = Ting { tidspunkt: Instant::from_micros(1_741_000_000_000_001), ..een };
        assert_ne!(id, naeste.id());
    }

    #[test]
    fn what_is_too_much_for_a_message_is_left_to_be_read_in_the_index() {
        let mut config = Beskedconfig::default();
        let (r, mange) = (registrering(Art::Sag, ""), omslag(EMNER_MAX + 1));
        let (kuvert, _) = laest(&ting(&config, Art::Sag, Some(&r), &mange));
        assert!(kuvert.emner.is_empty(), "only an agreement about everything covers it");
        let (alle, uden_emne) = (omslag(EMNER_MAX), omslag(0));
        assert_eq!(laest(&ting(&config, Art::Sag, Some(&r), &alle)).0.emner.len(), EMNER_MAX);
        let hele = laest(&ting(&config, Art::Sag, Some(&r), &uden_emne)).1;
        config.besked_max_bytes = hele.len();
        assert_eq!(laest(&ting(&config, Art::Sag, Some(&r), &uden_emne)).1, hele);
        config.besked_max_bytes -= 1;
        assert!(!laest(&ting(&config, Art::Sag, Some(&r), &uden_emne)).1.contains("Beskeddata"));
    }
}
