//! Bruger and Person.

use super::adresser::{Adressebog, PERSONEN};
use super::{Byg, note};
use crate::byg::{BVN_MAX, egenskab, kort, relation};
use crate::{Fjernes, faste};
use bitemporal::Period;
use oio::catalog::organisation::{bruger, person};
use oio::catalog::{BRUGER, BRUGERVENDT_NOEGLE as BVN, PERSON};
use oio::model::Indhold;

impl Byg<'_> {
    pub(super) fn brugere(&mut self) {
        let adressebog = Adressebog::ny(self);
        for r in self.bog.raekker("brugere") {
            let id = r.tekst("bruger_id");
            let (uuid, period) = self.bruger[id];
            let personen = self.id("personer", id);
            if r.slettet("cpr") {
                self.fjern(&PERSON, personen, Fjernes::Felt(person::CPR_NUMMER.navn));
            }
            if r.slettet("robot") {
                self.fjern(&BRUGER, uuid, Fjernes::Relation(bruger::BRUGER_TYPER.navn, None));
            }
            if r.slettet("gyldig_til") {
                self.fjern(&BRUGER, uuid, Fjernes::Slutdato);
            }
            if period.is_empty() {
                self.fjern(&BRUGER, uuid, Fjernes::Objekt(period.to));
                continue;
            }
            let (tilstande, altid) = self.liv(&[period]);
            // The key of a person is readable by all, so it says nothing about the person.
            let noegle = personen.to_string();
            let felter = [
                (BVN, noegle.as_str()),
                (person::CPR_NUMMER, r.tekst("cpr")),
                (person::NAVN, r.tekst("navn")),
            ];
            let egenskaber = vec![egenskab(self.virkning(Period::since(period.from)), &felter)];
            self.tilfoej(&PERSON, personen, Indhold { egenskaber, ..Indhold::default() });

            let navn = r.tekst("brugernavn");
            let virkning = self.aktoer.med_note(altid.period, note(r, &[("bemærkning", "Bemærkning")]));
            let felter = [(BVN, kort(navn, BVN_MAX)), (bruger::BRUGERNAVN, navn)];
            let egenskaber = vec![egenskab(virkning, &felter)];
            let mut relationer = self.adresser(&PERSONEN, r, id, (uuid, period), &adressebog);
            if r.tekst("robot") == "ja" {
                let robot = faste::uuid("Non-Person Entity");
                relationer.push(relation(&bruger::BRUGER_TYPER, robot, self.virkning(period)));
            }
            relationer.push(relation(&bruger::TILHOERER, self.info.uuid, self.virkning(period)));
            relationer.push(relation(&bruger::TILKNYTTEDE_PERSONER, personen, self.virkning(period)));
            self.tilfoej(&BRUGER, uuid, Indhold { egenskaber, tilstande, relationer, ..Indhold::default() });
        }
    }
}
