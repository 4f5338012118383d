//! OrganisationFunktion: posts, leaders, deputies, paying units, contact places, links between units.

use super::{Byg, R, faelles, note, periode};
use crate::byg::{BVN_MAX, egenskab, relation};
use crate::{Fjernes, faste};
use bitemporal::Period;
use oio::catalog::organisation::{organisationenhed, organisationfunktion as funktion};
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, ORGANISATIONENHED, ORGANISATIONFUNKTION, RelationType};
use oio::model::{Indhold, Relation};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A function to be.
struct Ny<'t> {
    uuid: Uuid,
    typ: &'static str,
    bvn: String,
    navn: &'t str,
    note: Option<String>,
    /// When it is in use.
    perioder: Vec<Period>,
    /// Users, units and tasks.
    relationer: Vec<Relation>,
}

impl<'b> Byg<'b> {
    pub(super) fn funktioner(&mut self) {
        for r in self.bog.raekker("ansættelser") {
            self.ansaettelse(r);
        }
        self.ledere();
        for r in self.bog.raekker("stedfortrædere") {
            self.stedfortraeder(r);
        }
        for r in self.bog.raekker("udbetalende_enheder") {
            self.udbetalende(r);
        }
        self.underforstaaede_udbetalende();
        for r in self.bog.raekker("henvendelsessteder") {
            self.henvendelsessted(r);
        }
        for r in self.bog.raekker("organisationskobling") {
            self.kobling(r);
        }
    }

    /// Adds a function; one that is never in use is ended instead, if it is stored.
    fn funktion(&mut self, ny: Ny<'_>) {
        if ny.perioder.iter().all(|p| p.is_empty()) {
            let til = ny.perioder.iter().map(|p| p.to).max().unwrap_or(self.nu);
            return self.fjern(&ORGANISATIONFUNKTION, ny.uuid, Fjernes::Objekt(til));
        }
        let (tilstande, altid) = self.liv(&ny.perioder);
        let bvn = if ny.bvn.chars().count() > BVN_MAX { ny.uuid.to_string() } else { ny.bvn };
        let virkning = self.aktoer.med_note(altid.period, ny.note);
        let egenskaber = vec![egenskab(virkning, &[(BVN, &bvn), (funktion::NAVN, ny.navn)])];
        let mut relationer = ny.relationer;
        relationer.retain(|r| !r.virkning.period.is_empty());
        relationer.push(relation(&funktion::FUNKTIONSTYPE, faste::uuid(ny.typ), altid.clone()));
        relationer.push(relation(&funktion::TILKNYTTEDE_ORGANISATIONER, self.info.uuid, altid));
        self.tilfoej(
            &ORGANISATIONFUNKTION,
            ny.uuid,
            Indhold { egenskaber, tilstande, relationer, ..Indhold::default() },
        );
    }

    fn til(&self, typ: &RelationType, til: Uuid, period: Period) -> Relation {
        relation(typ, til, self.virkning(period))
    }

    fn slet(&mut self, uuid: Uuid) {
        self.fjern(&ORGANISATIONFUNKTION, uuid, Fjernes::Objekt(self.nu));
    }

    fn ansaettelse(&mut self, r: R<'b>) {
        let (bruger_id, enhed_id) = (r.tekst("bruger_id"), r.tekst("enhed_id"));
        let id = match r.tekst("ansættelse_id") {
            "" => format!("{bruger_id}/{enhed_id}"),
            id => id.to_owned(),
        };
        let uuid = self.id("ansættelser", &id);
        if r.slet() {
            return self.slet(uuid);
        }
        let ((bruger, b), (enhed, e)) = (self.bruger[bruger_id], self.enhed[enhed_id]);
        let period = faelles(faelles(periode(r, self.nu.max(b.from).max(e.from)), b), e);
        let noter =
            [("ansættelsestype", "Ansættelsestype"), ("primær", "Primær"), ("bemærkning", "Bemærkning")];
        self.funktion(Ny {
            uuid,
            typ: "Enhedsrolle",
            bvn: format!("ansaettelse-{id}"),
            navn: r.tekst("stilling"),
            note: note(r, &noter),
            perioder: vec![period],
            relationer: vec![
                self.til(&funktion::TILKNYTTEDE_BRUGERE, bruger, period),
                self.til(&funktion::TILKNYTTEDE_ENHEDER, enhed, period),
            ],
        });
    }

    /// One function per unit and kind of leader; who holds it changes over time.
    fn ledere(&mut self) {
        let mut poster: BTreeMap<(&str, &str), Vec<R<'b>>> = BTreeMap::new();
        for r in self.bog.raekker("ledere") {
            poster.entry((r.tekst("enhed_id"), r.tekst("ledertype"))).or_default().push(r);
        }
        for ((enhed_id, ledertype), raekker) in poster {
            let skille = if ledertype.is_empty() { "" } else { "/" };
            let uuid = self.id("ledere", &format!("{enhed_id}{skille}{ledertype}"));
            let (enhed, e) = self.enhed[enhed_id];
            let (mut perioder, mut relationer) = (Vec::new(), Vec::new());
            let mut seneste = raekker[0];
            for r in raekker.iter().filter(|r| !r.slet()) {
                let Some((bruger, b)) = self.bruger.get(r.tekst("bruger_id")).copied() else { continue };
                let period = faelles(faelles(periode(*r, self.nu.max(b.from).max(e.from)), b), e);
                if period.from >= periode(seneste, self.nu).from {
                    seneste = *r;
                }
                relationer.push(self.til(&funktion::TILKNYTTEDE_BRUGERE, bruger, period));
                perioder.push(period);
            }
            let enhedens = perioder
                .iter()
                .copied()
                .reduce(|a, b| Period { from: a.from.min(b.from), to: a.to.max(b.to) });
            relationer.extend(enhedens.map(|p| self.til(&funktion::TILKNYTTEDE_ENHEDER, enhed, p)));
            if perioder.iter().any(|p| p.to > self.nu) {
                self.fjern(&ORGANISATIONFUNKTION, uuid, Fjernes::Slutdato);
            }
            let noter = [("lederniveau", "Lederniveau"), ("ansvar", "Ansvar"), ("bemærkning", "Bemærkning")];
            self.funktion(Ny {
                uuid,
                typ: "Lederrolle",
                bvn: format!("leder-{enhed_id}{skille}{ledertype}"),
                navn: if ledertype.is_empty() { "Leder" } else { ledertype },
                note: note(seneste, &noter),
                perioder,
                relationer,
            });
        }
    }

    fn stedfortraeder(&mut self, r: R<'b>) {
        let (leder_id, id) = (r.tekst("leder_bruger_id"), r.tekst("stedfortræder_bruger_id"));
        let enhed_id = r.tekst("enhed_id");
        let navn = format!("{leder_id}/{id}/{enhed_id}");
        let uuid = self.id("stedfortrædere", navn.trim_end_matches('/'));
        if r.slet() {
            return self.slet(uuid);
        }
        let enheder: Vec<&str> = match enhed_id {
            "" => {
                let ledede = self.bog.raekker("ledere").filter(|l| l.tekst("bruger_id") == leder_id);
                ledede.map(|l| l.tekst("enhed_id")).collect()
            }
            id => vec![id],
        };
        if enheder.is_empty() {
            self.fejl.meld(
                r.fejl("enhed_id", "lederen leder ingen enhed; angiv, hvor stedfortræderen træder til"),
            );
            return;
        }
        let (bruger, b) = self.bruger[id];
        let period = faelles(periode(r, self.nu.max(b.from)), b);
        let mut relationer = vec![self.til(&funktion::TILKNYTTEDE_BRUGERE, bruger, period)];
        for enhed_id in enheder {
            let (enhed, e) = self.enhed[enhed_id];
            relationer.push(self.til(&funktion::TILKNYTTEDE_ENHEDER, enhed, faelles(period, e)));
        }
        let leder = self.bog.raekker("brugere").find(|b| b.tekst("bruger_id") == leder_id);
        let titel = format!("Stedfortræder for {}", leder.map_or(leder_id, |l| l.tekst("brugernavn")));
        self.funktion(Ny {
            uuid,
            typ: "Stedfortraeder",
            bvn: format!("stedfortraeder-{}", navn.trim_end_matches('/')),
            navn: &titel,
            note: note(r, &[("bemærkning", "Bemærkning")]),
            perioder: vec![period],
            relationer,
        });
    }

    fn udbetalende(&mut self, r: R<'b>) {
        let id = r.tekst("funktion_id");
        let uuid = self.id("udbetalende_enheder", id);
        if r.slet() {
            return self.slet_tjeneste(r, uuid);
        }
        let (enhed, period) = self.enhed[r.tekst("enhed_id")];
        self.funktion(Ny {
            uuid,
            typ: "Udbetalende_enhed",
            bvn: format!("udbetalende-{id}"),
            navn: r.tekst("navn"),
            note: note(r, &[("bemærkning", "Bemærkning")]),
            perioder: vec![period],
            relationer: vec![self.til(&funktion::TILKNYTTEDE_ENHEDER, enhed, period)],
        });
    }

    /// A paying unit that units point to without a row of its own.
    fn underforstaaede_udbetalende(&mut self) {
        let mut set: Vec<&str> =
            self.bog.raekker("udbetalende_enheder").map(|r| r.tekst("enhed_id")).collect();
        for r in self.bog.raekker("enheder") {
            let enhed_id = r.tekst("udbetalende_enhed_id");
            if enhed_id.is_empty() || set.contains(&enhed_id) {
                continue;
            }
            set.push(enhed_id);
            let (enhed, period) = self.enhed[enhed_id];
            self.funktion(Ny {
                uuid: self.id("udbetalende_enheder", &format!("enhed/{enhed_id}")),
                typ: "Udbetalende_enhed",
                bvn: format!("udbetalende-enhed-{enhed_id}"),
                navn: "",
                note: None,
                perioder: vec![period],
                relationer: vec![self.til(&funktion::TILKNYTTEDE_ENHEDER, enhed, period)],
            });
        }
    }

    fn henvendelsessted(&mut self, r: R<'b>) {
        let id = r.tekst("funktion_id");
        let uuid = self.id("henvendelsessteder", id);
        if r.slet() {
            return self.slet_tjeneste(r, uuid);
        }
        let (enhed, period) = self.enhed[r.tekst("enhed_id")];
        let mut relationer = vec![self.til(&funktion::TILKNYTTEDE_ENHEDER, enhed, period)];
        for nr in r.liste("kle") {
            let klasse = self.kle(r, nr);
            relationer.extend(klasse.map(|k| self.til(&funktion::TILKNYTTEDE_OPGAVER, k, period)));
        }
        self.funktion(Ny {
            uuid,
            typ: "Henvendelsessted",
            bvn: format!("henvendelsessted-{id}"),
            navn: r.tekst("navn"),
            note: note(r, &[("bemærkning", "Bemærkning")]),
            perioder: vec![period],
            relationer,
        });
    }

    fn kobling(&mut self, r: R<'b>) {
        let (fra_id, til_id, typ) = (r.tekst("fra_enhed_id"), r.tekst("til_enhed_id"), r.tekst("type"));
        let uuid = self.id("organisationskobling", &format!("{fra_id}/{til_id}/{typ}"));
        if r.slet() {
            return self.slet(uuid);
        }
        let ((fra, f), (til, t)) = (self.enhed[fra_id], self.enhed[til_id]);
        let period = faelles(faelles(periode(r, self.nu.max(f.from).max(t.from)), f), t);
        let ende = |uuid, note: &str| {
            let virkning = self.aktoer.med_note(period, Some(note.into()));
            relation(&funktion::TILKNYTTEDE_ENHEDER, uuid, virkning)
        };
        let relationer = vec![ende(fra, "Fra"), ende(til, "Til")];
        self.funktion(Ny {
            uuid,
            typ: "Organisationskobling",
            bvn: format!("kobling-{fra_id}-{til_id}-{typ}"),
            navn: typ,
            note: note(r, &[("bemærkning", "Bemærkning")]),
            perioder: vec![period],
            relationer,
        });
    }

    /// Ends a paying unit or contact place, and the relations of those it served.
    fn slet_tjeneste(&mut self, r: R<'b>, uuid: Uuid) {
        self.slet(uuid);
        for enhed_id in r.liste("betjener_enhed_id") {
            let (enhed, _) = self.enhed[enhed_id];
            let hvad = Fjernes::Relation(organisationenhed::TILKNYTTEDE_FUNKTIONER.navn, None);
            self.fjern(&ORGANISATIONENHED, enhed, hvad);
        }
    }

    /// The paying unit and contact places that serve each unit.
    pub(super) fn tjenester(&self) -> HashMap<&'b str, Vec<Uuid>> {
        let mut tjenester: HashMap<&str, Vec<Uuid>> = HashMap::new();
        let mut betaler: HashMap<&str, Uuid> = HashMap::new();
        for fane in ["udbetalende_enheder", "henvendelsessteder"] {
            for r in self.bog.raekker(fane).filter(|r| !r.slet()) {
                let uuid = self.id(fane, r.tekst("funktion_id"));
                if fane == "udbetalende_enheder" {
                    betaler.entry(r.tekst("enhed_id")).or_insert(uuid);
                }
                for enhed in r.liste("betjener_enhed_id") {
                    tjenester.entry(enhed).or_default().push(uuid);
                }
            }
        }
        for r in self.bog.raekker("enheder").filter(|r| !r.tekst("udbetalende_enhed_id").is_empty()) {
            let enhed_id = r.tekst("udbetalende_enhed_id");
            let egen = || self.id("udbetalende_enheder", &format!("enhed/{enhed_id}"));
            let uuid = betaler.get(enhed_id).copied().unwrap_or_else(egen);
            let hos = tjenester.entry(r.tekst("enhed_id")).or_default();
            if !hos.contains(&uuid) {
                hos.push(uuid);
            }
        }
        tjenester
    }
}
