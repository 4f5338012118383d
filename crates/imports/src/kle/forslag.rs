//! From an edition and what is stored to what Klassifikation should hold.

use super::gemt::{KleGemt, titel, udgaaet};
use super::{EMNEPLAN, HANDLINGSFACET, KLE, KleNode, KleRapport, KleUdgave, klasse_uuid};
use crate::byg::{Aktoer, dynamisk, egenskab, kort, midnat, relation, tilstand};
use crate::faste::{FRA, KL, KOMBIT, publiceret};
use crate::{Forslag, OensketObjekt, faste};
use bitemporal::{Instant, Period, Placed, coalesce, overwrite};
use jiff::civil::Date;
use oio::ObjektId;
use oio::catalog::klassifikation::{facet, klasse, klassifikation};
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, FACET, KLASSE, KLASSIFIKATION, ObjektType};
use oio::model::{Egenskab, Indhold, Relation, Tilstand, TilstandKode, Vaerdi, Virkning};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What the SupplementTekst of a facet begins with; the date of its edition follows.
pub(super) const UDGAVE: &str = "KLE-udgave ";
/// Who answers for the Klassifikation KLE.
const ANSVARLIG: Uuid = Uuid::from_u128(0x75d4_0d5a_16a6_47e2_8a2b_b5ab_aa70_a40c);
/// Longest keyword; a longer one stands in the keyword's description.
const STIKORD_MAX: usize = 50;

/// What an edition proposes.
#[derive(Debug, Clone)]
pub struct KleForslag {
    /// The objects that change, complete with their history.
    pub forslag: Forslag,
    /// What that means, in words.
    pub rapport: KleRapport,
}

/// The edition is older than the one stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("udgaven er fra {udgave}, men registret har allerede udgaven fra {gemt}")]
pub struct Foraeldet {
    /// The edition's date.
    pub udgave: Date,
    /// The date of the edition stored.
    pub gemt: Date,
}

/// What Klassifikation should hold after `udgave`. `officielle` gives UUIDs by number, for files that have none.
///
/// The same edition again proposes nothing. A later one proposes only what differs, with history: other texts hold from
/// its date. A stored class that the edition does not have is reported and left alone.
///
/// # Errors
/// [`Foraeldet`] for an edition older than the stored one, unless `tving`.
pub fn forslag(
    udgave: &KleUdgave,
    gemt: &KleGemt,
    officielle: &HashMap<String, Uuid>,
    tving: bool,
) -> Result<KleForslag, Foraeldet> {
    if let Some(stored) = gemt.udgave(udgave.facet).filter(|stored| *stored > udgave.dato && !tving) {
        return Err(Foraeldet { udgave: udgave.dato, gemt: stored });
    }
    let ids = ids(udgave, gemt, officielle);
    let mut plan = Plan {
        udgave,
        gemt,
        officielle,
        nu: midnat(udgave.dato),
        erstatter: HashMap::new(),
        rapport: KleRapport::ny(udgave.dato, udgave.facet),
        ids,
    };
    plan.find_erstatninger();
    let mut objekter = holdere(udgave, gemt);
    for plads in 0..udgave.noder.len() {
        objekter.extend(plan.klasse(plads));
    }
    plan.find_forsvundne();
    Ok(KleForslag { forslag: Forslag { objekter, fjern: Vec::new() }, rapport: plan.rapport })
}

/// The UUID of every node, never one that means another class: numbers are reused.
fn ids(udgave: &KleUdgave, gemt: &KleGemt, officielle: &HashMap<String, Uuid>) -> Vec<Uuid> {
    let mut brugt: HashSet<Uuid> = udgave.noder.iter().filter_map(|n| n.uuid).collect();
    let mut vaelg = |node: &KleNode| {
        if let Some(uuid) = node.uuid {
            return uuid;
        }
        let stored = gemt.med_nr(udgave.facet, &node.nr);
        let samme = stored.iter().find(|(_, indhold)| begynder(indhold) == Some(midnat(node.oprettet)));
        if let Some((id, _)) = samme {
            brugt.insert(id.0);
            return id.0;
        }
        let officiel = officielle.get(&node.nr).copied().filter(|_| node.historisk.is_none());
        let navne = [node.nr.clone(), format!("{}@{}", node.nr, node.oprettet)];
        let egne = navne.iter().map(|navn| klasse_uuid(udgave.facet, navn));
        let ledig = |id: &Uuid| !brugt.contains(id) && !stored.iter().any(|(s, _)| s.0 == *id);
        let valgt = officiel
            .into_iter()
            .chain(egne)
            .find(ledig)
            .expect("number and date name one class of the edition, and no stored one");
        brugt.insert(valgt);
        valgt
    };
    // Classes in use choose first, so that the plain number leads to them.
    let mut valgt = vec![Uuid::nil(); udgave.noder.len()];
    let (i_brug, historiske): (Vec<usize>, Vec<usize>) =
        (0..udgave.noder.len()).partition(|i| udgave.noder[*i].historisk.is_none());
    for plads in i_brug.into_iter().chain(historiske) {
        valgt[plads] = vaelg(&udgave.noder[plads]);
    }
    valgt
}

/// When a stored class began.
fn begynder(indhold: &Indhold) -> Option<Instant> {
    indhold.tilstande.first().map(|t| t.virkning.period.from)
}

struct Plan<'a> {
    udgave: &'a KleUdgave,
    gemt: &'a KleGemt,
    officielle: &'a HashMap<String, Uuid>,
    /// The edition's date.
    nu: Instant,
    /// UUID of each node.
    ids: Vec<Uuid>,
    /// For a class: which classes it took over from, and when.
    erstatter: HashMap<Uuid, Vec<(Uuid, Date)>>,
    rapport: KleRapport,
}

impl Plan<'_> {
    /// AfloestAf, turned around.
    fn find_erstatninger(&mut self) {
        let mut efter_nr: HashMap<&str, usize> = HashMap::new();
        for (plads, node) in self.udgave.noder.iter().enumerate() {
            if node.historisk.is_none() || !efter_nr.contains_key(node.nr.as_str()) {
                efter_nr.insert(&node.nr, plads);
            }
        }
        for (plads, node) in self.udgave.noder.iter().enumerate() {
            let Some(historisk) = &node.historisk else { continue };
            for nr in historisk.afloest_af.iter().flatten() {
                let stored = || self.gemt.med_nr(self.udgave.facet, nr).first().map(|(id, _)| id.0);
                match efter_nr.get(nr.as_str()).map(|p| self.ids[*p]).or_else(stored) {
                    Some(ny) => {
                        self.erstatter.entry(ny).or_default().push((self.ids[plads], historisk.dato));
                    }
                    None => self.rapport.ukendte.push(format!("{} afløst af {nr}", node.nr)),
                }
            }
        }
    }

    fn find_forsvundne(&mut self) {
        let kendte: HashSet<Uuid> = self.ids.iter().copied().collect();
        for ((facet, nr), klasser) in &self.gemt.klasser {
            for (id, indhold) in klasser.iter().filter(|_| *facet == self.udgave.facet) {
                if !kendte.contains(&id.0) {
                    self.rapport.forsvundne.push(format!("{nr} {}", titel(indhold)));
                }
            }
        }
        self.rapport.forsvundne.sort();
    }

    /// The class of a node, if it is not stored as it should be.
    fn klasse(&mut self, plads: usize) -> Option<OensketObjekt> {
        let node = &self.udgave.noder[plads];
        let objekt = ObjektId(self.ids[plads]);
        let med_nr = self.gemt.med_nr(self.udgave.facet, &node.nr);
        let gemt = med_nr.iter().find(|(id, _)| *id == objekt).map(|(_, indhold)| indhold);
        let indhold = Indhold {
            egenskaber: self.egenskaber(node, gemt),
            tilstande: self.tilstande(node, gemt),
            relationer: self.relationer(plads, gemt),
            lokal: gemt.map(|g| g.lokal.clone()).unwrap_or_default(),
        };
        let indhold = normal(&KLASSE, indhold);
        self.beret(node, gemt, &indhold);
        let note = Some(format!("{UDGAVE}{}", self.udgave.dato));
        (gemt != Some(&indhold)).then_some(OensketObjekt { objekttype: &KLASSE, objekt, indhold, note })
    }

    fn egenskaber(&self, node: &KleNode, gemt: Option<&Indhold>) -> Vec<Egenskab> {
        let note = node.rettet.map(|rettet| format!("Rettet: {rettet}"));
        let sidste = gemt.and_then(|g| g.egenskaber.last());
        let felter = self.felter(node, sidste);
        let fra = midnat(node.oprettet);
        let Some((sidste, gemt)) = sidste.zip(gemt) else {
            return vec![Egenskab { virkning: Aktoer(KL).med_note(Period::since(fra), note), felter }];
        };
        let mut egenskaber = gemt.egenskaber.clone();
        if sidste.felter != felter {
            let virkning = Aktoer(KL).med_note(Period::since(self.nu.max(fra)), note);
            overwrite(&mut egenskaber, Egenskab { virkning, felter });
        }
        egenskaber
    }

    /// The fields of a class. What this variant of the file does not carry stays as it is stored.
    fn felter(&self, node: &KleNode, sidste: Option<&Egenskab>) -> Vec<(oio::Navn, Vaerdi)> {
        let gemt = |navn| sidste.and_then(|e| e.get(navn)).cloned();
        let notat = if self.udgave.har_bevaring {
            let dele = [("Bevaring", &node.bevaring), ("Slettefrist", &node.slettefrist)];
            let dele = dele.iter().filter_map(|(navn, v)| v.as_ref().map(|v| format!("{navn}: {v}")));
            Some(dele.collect::<Vec<_>>().join("; ")).filter(|n| !n.is_empty()).map(Vaerdi::Tekst)
        } else {
            gemt(klasse::AENDRINGSNOTAT.navn)
        };
        let stikord = if self.udgave.har_stikord { stikord(node) } else { gemt(klasse::SOEGEORD.navn) };
        let tekster = egenskab(
            Virkning::of(Period::ALWAYS),
            &[
                (BVN, &node.nr),
                (klasse::BESKRIVELSE, &node.vejledning),
                (klasse::TITEL, &node.titel),
                (klasse::RETSKILDE, &node.retskilder),
            ],
        );
        let mut felter = tekster.felter;
        felter.extend(notat.map(|n| (klasse::AENDRINGSNOTAT.navn, n)));
        felter.extend(stikord.map(|s| (klasse::SOEGEORD.navn, s)));
        felter
    }

    fn tilstande(&self, node: &KleNode, gemt: Option<&Indhold>) -> Vec<Tilstand> {
        let publiceret = |fra, kode| tilstand(Aktoer(KL).virkning(Period::since(fra)), kode);
        let fra = midnat(node.oprettet);
        let mut tilstande = match gemt {
            None => vec![publiceret(fra, TilstandKode::Publiceret)],
            Some(gemt) => gemt.tilstande.clone(),
        };
        match &node.historisk {
            Some(historisk) => {
                let slut = midnat(historisk.dato);
                // An end that is put off: what was said to be the end no longer is.
                let foer = tilstande
                    .last()
                    .filter(|t| t.kode == TilstandKode::IkkePubliceret)
                    .map(|t| t.period().from);
                if let Some(foer) = foer.filter(|foer| *foer < slut) {
                    overwrite(&mut tilstande, publiceret(foer, TilstandKode::Publiceret));
                }
                overwrite(&mut tilstande, publiceret(slut, TilstandKode::IkkePubliceret));
            }
            None if gemt.is_some_and(udgaaet) => {
                overwrite(&mut tilstande, publiceret(self.nu, TilstandKode::Publiceret));
            }
            None => {}
        }
        coalesce(&mut tilstande, |a, b| a.kode == b.kode);
        tilstande
    }

    fn relationer(&self, plads: usize, gemt: Option<&Indhold>) -> Vec<Relation> {
        let node = &self.udgave.noder[plads];
        let virkning = Aktoer(KL).virkning(Period::since(midnat(node.oprettet)));
        let over =
            node.over.map(|over| relation(&klasse::OVERORDNET_KLASSE, self.ids[over], virkning.clone()));
        let mut oensket = vec![
            relation(&klasse::ANSVARLIG, KOMBIT, virkning.clone()),
            relation(&klasse::EJER, KL, virkning.clone()),
            relation(&klasse::FACET, self.udgave.facet, virkning.clone()),
        ];
        oensket.extend(over);
        let erstatter = self.erstatter.get(&self.ids[plads]);
        oensket.extend(erstatter.into_iter().flatten().map(|(gammel, dato)| {
            relation(&klasse::ERSTATTER, *gammel, Aktoer(KL).virkning(Period::since(midnat(*dato))))
        }));
        oensket.extend(node.stikord.iter().filter_map(|s| s.handlingsfacet.as_deref()).map(|nr| {
            dynamisk(
                &klasse::MAPNINGER,
                self.handlingsfacet(nr),
                faste::uuid("Mapning"),
                faste::uuid("Klasse"),
                String::new(),
                virkning.clone(),
            )
        }));
        match gemt {
            None => oensket,
            Some(gemt) => self.paa_gemte(gemt, oensket),
        }
    }

    /// Stored relations with what is new: another class above from the edition's date; more of the rest.
    fn paa_gemte(&self, gemt: &Indhold, oensket: Vec<Relation>) -> Vec<Relation> {
        let mut relationer = gemt.relationer.clone();
        for ny in oensket {
            let typ = KLASSE.relation(ny.navn).expect("a relation of Klasse");
            let gammel =
                relationer.iter().rfind(|r| r.navn == ny.navn && (!typ.many || r.reference == ny.reference));
            match gammel {
                Some(gammel) if gammel.reference == ny.reference => {}
                Some(_) => {
                    let (mut samme, resten) = relationer.into_iter().partition(|r| r.navn == ny.navn);
                    overwrite(&mut samme, ny.at_period(Period::since(self.nu)));
                    relationer = resten;
                    relationer.extend(samme);
                }
                None => relationer.push(ny),
            }
        }
        relationer
    }

    fn handlingsfacet(&self, nr: &str) -> Uuid {
        self.gemt
            .handlingsfacet(nr)
            .or_else(|| self.officielle.get(nr).copied())
            .unwrap_or_else(|| klasse_uuid(HANDLINGSFACET, nr))
    }

    /// Adds what happens to a class to the report.
    fn beret(&mut self, node: &KleNode, gemt: Option<&Indhold>, indhold: &Indhold) {
        let linje = format!("{} {}", node.nr, node.titel);
        let rapport = &mut self.rapport;
        let foer = gemt.is_some_and(udgaaet);
        match (&node.historisk, foer) {
            (Some(historisk), false) => match &historisk.afloest_af {
                None => rapport.udgaaede.push(linje.clone()),
                Some(numre) => rapport.flyttede.push(format!("{linje} → {}", numre.join(", "))),
            },
            (None, true) => rapport.genopstaaede.push(linje.clone()),
            (Some(_), true) | (None, false) => {}
        }
        match gemt {
            None => rapport.nye.push(linje),
            Some(gemt) if gemt == indhold => rapport.uaendrede += 1,
            Some(gemt) if titel(gemt) != node.titel => {
                rapport.aendrede_titler.push(format!("{} {} → {}", node.nr, titel(gemt), node.titel));
            }
            Some(gemt) if gemt.egenskaber != indhold.egenskaber => rapport.aendrede_tekster.push(linje),
            Some(_) => {}
        }
    }
}

fn stikord(node: &KleNode) -> Option<Vaerdi> {
    let gruppe = |s: &super::Stikord| {
        let mut felter = vec![(klasse::SOEGEORD_ORD.navn, kort(&s.tekst, STIKORD_MAX).to_owned())];
        if s.tekst.chars().count() > STIKORD_MAX {
            felter.push((klasse::BESKRIVELSE.navn, s.tekst.clone()));
        }
        if !s.orden.is_empty() {
            felter.push((klasse::SOEGEORD_KATEGORI.navn, s.orden.clone()));
        }
        felter
    };
    let grupper: Vec<_> = node.stikord.iter().map(gruppe).collect();
    (!grupper.is_empty()).then_some(Vaerdi::Grupper(grupper))
}

/// The Klassifikation and the facets, if they are not stored as they should be.
fn holdere(udgave: &KleUdgave, gemt: &KleGemt) -> Vec<OensketObjekt> {
    let virkning = Aktoer(KOMBIT).virkning(Period::since(midnat(FRA)));
    let mut kle = publiceret(virkning.clone());
    let felter = [(BVN, "KLE"), (klassifikation::TITEL, "KLE"), (klassifikation::OPHAVSRET, "KL")];
    kle.egenskaber = vec![egenskab(virkning.clone(), &felter)];
    kle.relationer = vec![
        relation(&klassifikation::ANSVARLIG, ANSVARLIG, virkning.clone()),
        relation(&klassifikation::EJER, KOMBIT, virkning.clone()),
    ];
    let mut objekter = Vec::new();
    let mut foreslaa = |objekttype: &'static ObjektType, uuid, gemt: Option<&Indhold>, indhold| {
        let indhold = normal(objekttype, indhold);
        if gemt != Some(&indhold) {
            let note = Some(format!("{UDGAVE}{}", udgave.dato));
            objekter.push(OensketObjekt { objekttype, objekt: ObjektId(uuid), indhold, note });
        }
    };
    let stored = gemt.klassifikationer.get(&ObjektId(KLE));
    foreslaa(&KLASSIFIKATION, KLE, stored, stored.cloned().unwrap_or(kle));
    for (uuid, navn) in [(EMNEPLAN, "KLE Emneplan"), (HANDLINGSFACET, "KLE - handlingsfacet")] {
        let stored = gemt.facetter.get(&ObjektId(uuid));
        let mut indhold = stored.cloned().unwrap_or_else(|| facetten(navn, &virkning));
        if uuid == udgave.facet && gemt.udgave(uuid) != Some(udgave.dato) {
            med_udgave(&mut indhold, udgave.dato);
        }
        foreslaa(&FACET, uuid, stored, indhold);
    }
    objekter
}

fn facetten(navn: &str, virkning: &Virkning) -> Indhold {
    let felter = [(BVN, navn), (facet::TITEL, navn), (facet::OPHAVSRET, "KL")];
    Indhold {
        egenskaber: vec![egenskab(virkning.clone(), &felter)],
        relationer: vec![
            relation(&facet::ANSVARLIG, KOMBIT, virkning.clone()),
            relation(&facet::EJER, KL, virkning.clone()),
            relation(&facet::FACET_TILHOERER, KLE, virkning.clone()),
        ],
        ..publiceret(virkning.clone())
    }
}

/// Writes the edition's date into the SupplementTekst of its facet, from that date on.
fn med_udgave(indhold: &mut Indhold, dato: Date) {
    let Some(sidste) = indhold.egenskaber.last().cloned() else { return };
    let mut ny = sidste.at_period(Period::since(midnat(dato)));
    ny.felter.retain(|(navn, _)| *navn != facet::SUPPLEMENT.navn);
    ny.felter.push((facet::SUPPLEMENT.navn, Vaerdi::Tekst(format!("{UDGAVE}{dato}"))));
    ny.felter.sort_by_key(|(navn, _)| FACET.egenskaber.iter().position(|f| f.navn == *navn));
    overwrite(&mut indhold.egenskaber, ny);
}

/// Content in the form the register keeps it in, so that it can be compared.
fn normal(typ: &'static ObjektType, indhold: Indhold) -> Indhold {
    oio::validering::normaliser(typ, indhold).expect("an importer builds from the catalog")
}
