//! Copying an it-system and its serviceaftaler from one environment to another, as a change that is read before it is made.
//!
//! What differs between environments stays behind: certificates, states, answers, and whatever whoever runs the installation
//! has decided about the system. Every agreement arrives as a draft: the authorities answer anew.

#[cfg(test)]
mod tests;

use crate::aftale::{Aftalepart, Aftaletilstand, Aftaleversion, Serviceaftale};
use crate::bruger::Modulfejl;
use crate::brugersystemrolle::{Brugersystemrolle, Dataafgraensningstype};
use crate::data::Politikdata;
use crate::part::Partsart;
use crate::system::{ItSystem, Miljoe, Systemtilstand, Systemtype};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What goes along when an it-system is copied from this environment: the system, its certificates, so that the other
/// environment can tell them from its own, and the newest content of each of its agreements.
#[must_use]
pub fn udtag(data: &Politikdata, system: Uuid, miljoe: Miljoe) -> Option<Politikdata> {
    let system = data.systemer.iter().find(|s| s.uuid == system)?;
    let system = ItSystem {
        eksternt_id: None,
        miljoe,
        tilstand: Systemtilstand::Registreret,
        spaerret_af: None,
        lukkes: None,
        kontekster: None,
        can_impersonate: false,
        impersonering: Vec::new(),
        roller_aendret: None,
        dataafgraensningstyper: Vec::new(),
        idp: None,
        nsis_kraevet: None,
        metadata: None,
        ..system.clone()
    };
    let egne = data.aftaler.iter().filter(|a| {
        // A trial is asked for where it is tried.
        a.system == system.uuid && !a.provisioneret && !a.proevetilslutning
    });
    let aftaler = egne.filter_map(|a| {
        let nyeste = nyeste(a)?;
        let mut version = Aftaleversion { nummer: 1, genbekraeftes: None, ..nyeste.clone() };
        version.formaal.vilkaar_accepteret_af = None;
        version.gyldig.from = Instant::NEG_INFINITY;
        version.myndigheder = a.myndigheder().map(kladde).collect();
        // What was approved beforehand was so in the other environment.
        let standardgodkendelser = Vec::new();
        Some(Serviceaftale { nummer: None, versioner: vec![version], standardgodkendelser, ..a.clone() })
    });
    Some(Politikdata { aftaler: aftaler.collect(), systemer: vec![system], ..Politikdata::default() })
}

fn nyeste(aftale: &Serviceaftale) -> Option<&Aftaleversion> {
    aftale.versioner.iter().max_by_key(|v| v.nummer)
}

fn kladde(myndighed: Cvr) -> Aftalepart {
    Aftalepart::ny(myndighed, Aftaletilstand::Kladde)
}

/// What copying leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overfoersel {
    /// The policy as it would be. New agreements have no number yet.
    pub data: Politikdata,
    /// The system.
    pub system: Uuid,
    /// Whether it is new here.
    pub ny: bool,
    /// What is left as it is here, and why; in Danish.
    pub bemaerkninger: Vec<String>,
}

/// The policy with what a file says of an it-system and its agreements.
///
/// # Errors
/// T-201 when the file is not of one system; T-202 when it is another supplier's; T-203 when it was taken out of this
/// environment; T-204 when a service does not exist here; S-106 when the name is taken; S-107 when the system is closed here.
pub fn overfoer(
    data: &Politikdata,
    fil: &Politikdata,
    part: Cvr,
    miljoe: Miljoe,
    nu: Instant,
) -> Result<Overfoersel, Vec<Modulfejl>> {
    let [kopi] = fil.systemer.as_slice() else {
        let tekst =
            "Filen skal handle om netop ét it-system. Hent den på it-systemets side i det andet miljø.";
        return Err(vec![Modulfejl::felt("fil", "T-201", tekst)]);
    };
    kontroller(data, fil, kopi, part, miljoe)?;
    let mut ud = Overfoersel { data: data.clone(), system: kopi.uuid, ny: false, bemaerkninger: Vec::new() };
    ud.skriv_system(kopi, part, miljoe, nu);
    for aftale in fil.aftaler.iter().filter(|a| a.system == kopi.uuid) {
        ud.skriv_aftale(aftale, nu);
    }
    Ok(ud)
}

fn kontroller(
    data: &Politikdata,
    fil: &Politikdata,
    kopi: &ItSystem,
    part: Cvr,
    miljoe: Miljoe,
) -> Result<(), Vec<Modulfejl>> {
    let mut fejl = Vec::new();
    let mut nej = |kode, tekst: String| fejl.push(Modulfejl::felt("fil", kode, tekst));
    let her = data.systemer.iter().find(|s| s.uuid == kopi.uuid);
    if kopi.leverandoer != part || her.is_some_and(|s| s.leverandoer != part) {
        nej("T-202", "Filen handler om en anden leverandørs it-system.".into());
    } else if kopi.miljoe == miljoe {
        let navn = miljoe.navn();
        nej(
            "T-203",
            format!("Filen er hentet i miljøet {navn}, og det er dette. Læs den ind i det andet miljø."),
        );
    }
    if her.is_some_and(|s| s.tilstand == Systemtilstand::Lukket) {
        nej("S-107", format!("It-systemet {} er lukket her. Registrér et nyt.", kopi.navn));
    }
    let samme = |s: &&ItSystem| {
        s.uuid != kopi.uuid && s.leverandoer == part && s.navn.to_lowercase() == kopi.navn.to_lowercase()
    };
    if data.systemer.iter().any(|s| samme(&s)) {
        nej("S-106", format!("I har allerede et it-system med navnet {} her. Omdøb et af dem.", kopi.navn));
    }
    let optaget = |a: &Serviceaftale| data.aftaler.iter().any(|h| h.uuid == a.uuid && h.system != kopi.uuid);
    if fil.aftaler.iter().any(|a| a.system != kopi.uuid || optaget(a)) {
        nej("T-202", "Filen har aftaler, der hører til et andet it-system.".into());
    }
    let mut ukendte = BTreeSet::new();
    for valgt in fil.aftaler.iter().flat_map(|a| &a.versioner).flat_map(|v| &v.services) {
        if !data.services.iter().any(|s| s.uuid == valgt.service) {
            ukendte.insert(valgt.service);
        }
    }
    for service in ukendte {
        nej("T-204", format!("Servicen {service} findes ikke i dette miljø. Spørg driftsoperatøren."));
    }
    if fejl.is_empty() { Ok(()) } else { Err(fejl) }
}

impl Overfoersel {
    fn bemaerk(&mut self, tekst: String) {
        if !self.bemaerkninger.contains(&tekst) {
            self.bemaerkninger.push(tekst);
        }
    }

    /// The system: made, or told what the file says that may be changed here.
    fn skriv_system(&mut self, kopi: &ItSystem, part: Cvr, miljoe: Miljoe, nu: Instant) {
        let data = &mut self.data;
        let plads = match data.systemer.iter().position(|s| s.uuid == kopi.uuid) {
            Some(plads) => plads,
            None => {
                self.ny = true;
                let mut nyt = ItSystem::ny(kopi.uuid, "", part, Vec::new());
                nyt.typer.clear();
                nyt.miljoe = miljoe;
                data.systemer.push(nyt);
                data.systemer.len() - 1
            }
        };
        let system = &mut data.systemer[plads];
        let accepteret = system.oplysninger.vilkaar_accepteret_af.take();
        kopi.navn.trim().clone_into(&mut system.navn);
        system.typer.extend(&kopi.typer);
        system.myndighedsafgraensning.clone_from(&kopi.myndighedsafgraensning);
        system.oplysninger = kopi.oplysninger.clone();
        system.oplysninger.vilkaar_accepteret_af = accepteret;
        let mut uden = Vec::new();
        for rolle in &kopi.brugersystemroller {
            match maa_tilfoejes(system, rolle) {
                Ok(true) => {
                    system.brugersystemroller.push(rolle.clone());
                    system.roller_aendret = Some(nu);
                }
                Ok(false) => {}
                Err(hvorfor) => uden.push(format!("Rollen {} {hvorfor}", rolle.navn)),
            }
        }
        uden.into_iter().for_each(|tekst| self.bemaerk(tekst));
    }

    /// An agreement: a draft, or a change as a draft.
    fn skriv_aftale(&mut self, kopi: &Serviceaftale, nu: Instant) {
        let Some(indhold) = nyeste(kopi) else { return };
        let mut ny = indhold.clone();
        ny.nummer = 1;
        ny.genbekraeftes = None;
        ny.formaal.vilkaar_accepteret_af = None;
        ny.gyldig = Period { from: Instant::NEG_INFINITY, ..indhold.gyldig };
        let (kendte, ukendte): (Vec<Cvr>, Vec<Cvr>) = kopi
            .myndigheder()
            .partition(|cvr| self.data.parter.iter().any(|p| p.cvr == *cvr && p.er(Partsart::Myndighed)));
        for cvr in ukendte {
            self.bemaerk(format!("Myndigheden med CVR {cvr} findes ikke i dette miljø og er ikke med."));
        }
        let Some(plads) = self.data.aftaler.iter().position(|a| a.uuid == kopi.uuid) else {
            ny.myndigheder = kendte.into_iter().map(kladde).collect();
            let aftale = Serviceaftale {
                nummer: None,
                provisioneret: false,
                proevetilslutning: false,
                navn: kopi.navn.trim().to_owned(),
                versioner: vec![ny],
                standardgodkendelser: Vec::new(),
                ..kopi.clone()
            };
            return self.data.aftaler.push(aftale);
        };
        let aftale = &mut self.data.aftaler[plads];
        let navn = aftale.navn.clone();
        let Some(sidste) = nyeste(aftale) else { return };
        if samme_indhold(sidste, &ny) {
            return;
        }
        let nummer = sidste.nummer;
        let er_kladde = sidste.myndigheder.iter().all(|p| p.tilstand == Aftaletilstand::Kladde);
        if !er_kladde && aftale.er_undervejs() {
            return self.bemaerk(format!(
                "Aftalen {navn} har allerede en ændring undervejs her og bliver, som den er."
            ));
        }
        if er_kladde {
            ny.myndigheder.clone_from(&sidste.myndigheder);
            ny.nummer = nummer;
            aftale.versioner.retain(|v| v.nummer != nummer);
        } else {
            ny.myndigheder = aftale.fortsaetter(nu).into_iter().map(kladde).collect();
            ny.nummer = nummer + 1;
        }
        let med: BTreeSet<Cvr> = ny.myndigheder.iter().map(|p| p.myndighed).collect();
        aftale.versioner.push(ny);
        for cvr in kendte.into_iter().filter(|cvr| !med.contains(cvr)) {
            self.bemaerk(format!("Myndigheden med CVR {cvr} er ikke med i aftalen {navn} her. Tilføj den i kladden, hvis den skal spørges."));
        }
    }
}

/// Whether a role of the file is offered here as well: not when it is already, and not when the forms would refuse it.
///
/// # Errors
/// Why it is left out; in Danish, after the role's name.
fn maa_tilfoejes(system: &ItSystem, rolle: &Brugersystemrolle) -> Result<bool, String> {
    if let Some(her) = system.brugersystemroller.iter().find(|r| r.uuid == rolle.uuid) {
        if her == rolle {
            return Ok(false);
        }
        return Err(
            "er anderledes her og bliver, som den er: kommuner kan bruge den. Ret den på it-systemets side."
                .into(),
        );
    }
    if !system.typer.contains(&Systemtype::BrugervendtSystem) {
        return Err("er ikke med: kun et brugervendt system har roller.".into());
    }
    let navn = rolle.navn.trim().to_lowercase();
    let optaget = |r: &Brugersystemrolle| r.navn.to_lowercase() == navn || r.entity_id == rolle.entity_id;
    if system.brugersystemroller.iter().any(optaget) {
        return Err("er ikke med: it-systemet har en anden rolle her med navnet eller det EntityId.".into());
    }
    let faelles = Dataafgraensningstype::faelles();
    let kendt = |id: &str| system.dataafgraensningstyper.iter().chain(&faelles).any(|t| t.entity_id == id);
    match rolle.afgraensninger.iter().find(|a| !kendt(&a.entity_id)) {
        Some(a) => Err(format!(
            "er ikke med: dataafgrænsningstypen {} findes ikke her. Bed driftsoperatøren tilføje den, og overfør igen.",
            a.entity_id
        )),
        None => Ok(true),
    }
}

/// Whether two versions ask for the same.
fn samme_indhold(a: &Aftaleversion, b: &Aftaleversion) -> bool {
    let mut formaal = a.formaal.clone();
    formaal.vilkaar_accepteret_af.clone_from(&b.formaal.vilkaar_accepteret_af);
    formaal == b.formaal
        && a.begrundelse == b.begrundelse
        && a.services == b.services
        && a.gyldig.to == b.gyldig.to
}
