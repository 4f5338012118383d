//! OrganisationEnhed.

use super::adresser::{Adressebog, ENHED};
use super::{Byg, R, note};
use crate::byg::{BVN_MAX, dynamisk, egenskab, kort, relation};
use crate::{Fjernes, faste};
use bitemporal::Period;
use oio::UnikId;
use oio::catalog::organisation::organisationenhed as enhed;
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, ORGANISATIONENHED};
use oio::model::{Egenskab, Indhold, Relation};
use std::collections::HashMap;
use uuid::Uuid;

/// What has no field of its own.
const NOTER: [(&str, &str); 4] = [
    ("niveau", "Niveau"),
    ("omkostningssted", "Omkostningssted"),
    ("se_nummer", "SE-nummer"),
    ("bemærkning", "Bemærkning"),
];

/// The role of a task, by aspect.
fn opgaverolle(aspekt: &str) -> Uuid {
    faste::uuid(match aspekt {
        "ansvarlig" => "Ansvarlig",
        "udførende" => "Udfoerende",
        _ => "Informeret",
    })
}

/// The rows of another tab by unit.
fn efter_enhed<'b>(byg: &Byg<'b>, fane: &str) -> HashMap<&'b str, Vec<R<'b>>> {
    let mut efter: HashMap<_, Vec<_>> = HashMap::new();
    for r in byg.bog.raekker(fane) {
        efter.entry(r.tekst("enhed_id")).or_default().push(r);
    }
    efter
}

impl Byg<'_> {
    pub(super) fn enheder(&mut self) {
        let adressebog = Adressebog::ny(self);
        let (kle, systemer) = (efter_enhed(self, "kle"), efter_enhed(self, "it_systemer"));
        let funktioner = self.tjenester();
        for r in self.bog.raekker("enheder") {
            let id = r.tekst("enhed_id");
            let (uuid, period) = self.enhed[id];
            self.enhedens_fjernelser(r, uuid, period);
            if period.is_empty() {
                continue;
            }
            let (tilstande, altid) = self.liv(&[period]);
            let navn = r.tekst("navn");
            let felter = [(BVN, kort(navn, BVN_MAX)), (enhed::NAVN, navn)];
            let virkning = self.aktoer.med_note(altid.period, note(r, &NOTER));
            let egenskaber: Vec<Egenskab> = vec![egenskab(virkning, &felter)];
            let mut relationer = self.adresser(&ENHED, r, id, (uuid, period), &adressebog);
            self.enhedens_plads(r, period, &mut relationer);
            for opgave in kle.get(id).into_iter().flatten() {
                self.opgave(*opgave, uuid, period, &mut relationer);
            }
            for til in funktioner.get(id).into_iter().flatten() {
                relationer.push(relation(&enhed::TILKNYTTEDE_FUNKTIONER, *til, self.virkning(period)));
            }
            for system in systemer.get(id).into_iter().flatten() {
                if system.slet() {
                    let hvad = Fjernes::Relation(enhed::TILKNYTTEDE_ITSYSTEMER.navn, None);
                    self.fjern(&ORGANISATIONENHED, uuid, hvad);
                } else if let Ok(til) = Uuid::try_parse(system.tekst("it_system_uuid")) {
                    relationer.push(relation(&enhed::TILKNYTTEDE_ITSYSTEMER, til, self.virkning(period)));
                }
            }
            self.tilfoej(
                &ORGANISATIONENHED,
                uuid,
                Indhold { egenskaber, tilstande, relationer, ..Indhold::default() },
            );
        }
    }

    fn enhedens_fjernelser(&mut self, r: R<'_>, uuid: Uuid, period: Period) {
        let fjern = [
            ("enhedstype", Fjernes::Relation(enhed::ENHEDSTYPE.navn, None)),
            ("udbetalende_enhed_id", Fjernes::Relation(enhed::TILKNYTTEDE_FUNKTIONER.navn, None)),
            ("gyldig_til", Fjernes::Slutdato),
        ];
        for (_, hvad) in fjern.into_iter().filter(|(kolonne, _)| r.slettet(kolonne)) {
            self.fjern(&ORGANISATIONENHED, uuid, hvad);
        }
        if period.is_empty() {
            self.fjern(&ORGANISATIONENHED, uuid, Fjernes::Objekt(period.to));
        }
    }

    /// Type, unit above, organisation.
    fn enhedens_plads(&self, r: R<'_>, period: Period, relationer: &mut Vec<Relation>) {
        let virkning = || self.virkning(period);
        if !r.tekst("enhedstype").is_empty() {
            relationer.push(relation(&enhed::ENHEDSTYPE, faste::uuid(r.tekst("enhedstype")), virkning()));
        }
        if let Some((over, _)) = self.enhed.get(r.tekst("overordnet_id")) {
            relationer.push(relation(&enhed::OVERORDNET, *over, virkning()));
        }
        relationer.push(relation(&enhed::TILHOERER, self.info.uuid, virkning()));
    }
}

impl<'b> Byg<'b> {
    fn opgave(&mut self, r: R<'b>, enhed: Uuid, period: Period, relationer: &mut Vec<Relation>) {
        let (nr, aspekt) = (r.tekst("kle"), r.tekst("aspekt"));
        let rolle = opgaverolle(aspekt);
        if r.slet() {
            let hvad = Fjernes::Relation(enhed::OPGAVER.navn, Some(UnikId::Uuid(rolle)));
            return self.fjern(&ORGANISATIONENHED, enhed, hvad);
        }
        let Some(til) = self.kle(r, nr) else { return };
        let noter = [("nedarves", "Nedarves"), ("bemærkning", "Bemærkning")];
        let virkning = self.aktoer.med_note(period, note(r, &noter));
        let indeks = format!("{nr} {aspekt}");
        relationer.push(dynamisk(&enhed::OPGAVER, til, rolle, faste::uuid("Klasse"), indeks, virkning));
    }
}
