//! What must hold among the entities of a policy before any of it is put in force.

use crate::aftale::{Aftaleservice, Serviceaftale};
use crate::brugersystemrolle::Dataafgraensningstype;
use crate::data::{Entitet, Politikdata};
use crate::part::{Part, Partsart};
use crate::service::{
    BESKEDFORDELER, JA, OPERATIONER, Parameterart, Parametertype, SAGDOKUMENTINDEKS, Service,
    Servicesystemrolle, YDELSESINDEKS,
};
use crate::standard;
use crate::system::{ItSystem, Miljoe, Systemtilstand};
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use uuid::Uuid;

mod besked;
mod foederation;
#[cfg(test)]
mod tests;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    /// The file or entity, and the field.
    pub sted: String,
    /// What is wrong and what to do, in Danish.
    pub fejl: String,
}

impl fmt::Display for Fund {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.sted, self.fejl)
    }
}

/// What of ours can answer a service.
const KOMPONENTER: [&str; 5] =
    ["organisation", "klassifikation", BESKEDFORDELER, SAGDOKUMENTINDEKS, YDELSESINDEKS];

/// Everything that is wrong with a policy.
#[must_use]
pub fn valider(data: &Politikdata) -> Vec<Fund> {
    let mut kontrol = Kontrol::ny(data);
    kontrol.entydige(&data.parter);
    kontrol.entydige(&data.services);
    kontrol.entydige(&data.roller);
    kontrol.entydige(&data.systemer);
    kontrol.entydige(&data.aftaler);
    kontrol.entydige(&data.dueslag);
    kontrol.entydige(&data.abonnementer);
    kontrol.entydige(&data.foederationsaftaler);
    kontrol.parter();
    kontrol.services();
    kontrol.systemer();
    for aftale in &data.aftaler {
        kontrol.aftale(aftale);
    }
    kontrol.dueslag();
    kontrol.abonnementer();
    kontrol.foederation();
    kontrol.fund
}

/// What is checked, with everything that is asked for again and again by what it is asked by.
struct Kontrol<'a> {
    data: &'a Politikdata,
    parter: HashMap<Cvr, Vec<&'a Part>>,
    systemer: HashMap<Uuid, &'a ItSystem>,
    services: HashMap<Uuid, &'a Service>,
    roller: HashMap<&'a str, &'a Servicesystemrolle>,
    fund: Vec<Fund>,
}

impl<'a> Kontrol<'a> {
    fn ny(data: &'a Politikdata) -> Self {
        let mut parter: HashMap<Cvr, Vec<&Part>> = HashMap::new();
        for part in &data.parter {
            parter.entry(part.cvr).or_default().push(part);
        }
        // Of those that share what they are found by, the first.
        Self {
            data,
            parter,
            systemer: data.systemer.iter().rev().map(|s| (s.uuid, s)).collect(),
            services: data.services.iter().rev().map(|s| (s.uuid, s)).collect(),
            roller: data.roller.iter().rev().map(|r| (r.uri.as_str(), r)).collect(),
            fund: Vec::new(),
        }
    }

    fn fejl<E: Entitet>(&mut self, e: &E, felt: &str, fejl: impl Into<String>) {
        self.fund.push(Fund { sted: format!("{} {}: {felt}", E::ORD, e.navn()), fejl: fejl.into() });
    }

    fn har(&self, cvr: Cvr, art: Partsart) -> bool {
        self.parter.get(&cvr).is_some_and(|parter| parter.iter().any(|p| p.er(art)))
    }

    fn entydige<E: Entitet>(&mut self, alle: &[E]) {
        let mut set = BTreeSet::new();
        for e in alle {
            if !set.insert(e.uuid()) {
                self.fejl(e, "uuid", "samme UUID står to gange; giv hver sit");
            }
            if e.navn().trim().is_empty() {
                self.fejl(e, "navn", "navnet mangler");
            }
        }
    }

    fn parter(&mut self) {
        let mut set = BTreeSet::new();
        for part in &self.data.parter {
            if !set.insert(part.cvr) {
                self.fejl(part, "cvr", "der er to parter med samme CVR-nummer; saml dem til én");
            }
        }
    }

    fn services(&mut self) {
        let mut set: BTreeMap<&str, &str> = BTreeMap::new();
        for service in &self.data.services {
            if service.identifikatorer.is_empty() {
                self.fejl(service, "identifikatorer", "mindst én identifikator (entityID) er nødvendig");
            }
            for identifikator in &service.identifikatorer {
                if identifikator.trim() != identifikator || identifikator.is_empty() {
                    self.fejl(service, "identifikatorer", "en identifikator er tom eller har blanke tegn");
                }
                if let Some(anden) = set.insert(identifikator, &service.navn) {
                    let fejl = format!("{identifikator} tilhører allerede servicen {anden}");
                    self.fejl(service, "identifikatorer", fejl);
                }
            }
            let komponent = service.komponent.as_deref();
            if komponent.is_some_and(|k| !KOMPONENTER.contains(&k)) {
                let fejl = format!("skal være {} eller udelades", KOMPONENTER.join(", "));
                self.fejl(service, "komponent", fejl);
            }
            for fejl in roller_og_typer(service) {
                self.fejl(service, "roller og parametre", fejl);
            }
        }
    }

    fn systemer(&mut self) {
        let mut certifikater: HashMap<[u8; 32], Uuid> = HashMap::new();
        let (mut navne, mut roller) = (BTreeSet::new(), HashMap::new());
        for system in &self.data.systemer {
            if !navne.insert((system.leverandoer, system.navn.to_lowercase())) {
                self.fejl(system, "navn", "leverandøren har allerede et it-system med det navn");
            }
            if !self.parter.contains_key(&system.leverandoer) {
                self.fejl(system, "leverandoer", format!("{} er ikke en kendt part", system.leverandoer));
            }
            if system.typer.is_empty() {
                self.fejl(system, "typer", "vælg mindst én type, fx Anvendersystem");
            }
            if system.tilstand == Systemtilstand::UnderLukning && system.lukkes.is_none() {
                self.fejl(system, "lukkes", "et it-system UNDER LUKNING skal have en dato");
            }
            for certifikat in &system.certifikater {
                if let Some(ejer) = certifikater.insert(certifikat.tommelfinger, system.uuid) {
                    let fejl = if ejer == system.uuid {
                        "samme certifikat står to gange"
                    } else {
                        "certifikatet er registreret på et andet it-system; hvert system skal have sit eget"
                    };
                    self.fejl(system, "certifikater", fejl);
                }
                match crate::certifikat::laes(&certifikat.der) {
                    Err(fejl) => self.fejl(system, "certifikater", fejl),
                    Ok(laest) => self.certifikatets_cvr(system, laest.cvr),
                }
            }
            self.impersonering(system);
            self.brugersystemroller(system);
            // A jobfunktionsrolle names a role by its UUID alone.
            for (uuid, navn) in system.brugersystemroller.iter().map(|r| (r.uuid, &r.navn)) {
                if roller.insert(uuid, system.uuid).is_some() {
                    self.fejl(
                        system,
                        "brugersystemroller",
                        format!("{navn} har et UUID, der er brugt: {uuid}"),
                    );
                }
            }
        }
    }

    /// What a brugervendt system offers its users.
    fn brugersystemroller(&mut self, system: &ItSystem) {
        let faelles = Dataafgraensningstype::faelles();
        let mut ider = BTreeSet::new();
        for rolle in &system.brugersystemroller {
            if !ider.insert(rolle.entity_id.as_str()) {
                self.fejl(system, "brugersystemroller", format!("{} står to gange", rolle.entity_id));
            }
            let kendt =
                |id: &str| system.dataafgraensningstyper.iter().chain(&faelles).any(|t| t.entity_id == id);
            for a in rolle.afgraensninger.iter().filter(|a| !kendt(&a.entity_id)) {
                let fejl =
                    format!("rollen {} har en ukendt dataafgrænsningstype {}", rolle.navn, a.entity_id);
                self.fejl(system, "brugersystemroller", fejl);
            }
        }
        for typ in &system.dataafgraensningstyper {
            if !ider.insert(typ.entity_id.as_str()) || typ.er_faelles() {
                let fejl = format!("dataafgrænsningstypen {} findes allerede", typ.entity_id);
                self.fejl(system, "dataafgraensningstyper", fejl);
            }
        }
    }

    fn certifikatets_cvr(&mut self, system: &ItSystem, cvr: Option<Cvr>) {
        match cvr {
            None => self.fejl(
                system,
                "certifikater",
                "certifikatet har intet CVR-nummer; brug et OCES-systemcertifikat",
            ),
            Some(cvr) if cvr != system.leverandoer && !self.har(cvr, Partsart::Operatoer) => {
                let fejl = format!(
                    "certifikatet tilhører {cvr}, men leverandøren er {}; brug leverandørens eget",
                    system.leverandoer
                );
                self.fejl(system, "certifikater", fejl);
            }
            Some(_) => {}
        }
    }

    fn impersonering(&mut self, system: &ItSystem) {
        for i in &system.impersonering {
            if i.system == system.uuid {
                self.fejl(system, "impersonering", "et it-system kan ikke repræsentere sig selv");
            } else if !self.systemer.contains_key(&i.system) {
                self.fejl(system, "impersonering", format!("it-systemet {} findes ikke", i.system));
            }
            if !self.har(i.anvenderkontekst, Partsart::Myndighed) {
                let fejl = format!("{} er ikke en kendt myndighed", i.anvenderkontekst);
                self.fejl(system, "impersonering", fejl);
            }
        }
    }

    fn aftale(&mut self, aftale: &Serviceaftale) {
        let Some(system) = self.systemer.get(&aftale.system).copied() else {
            self.fejl(aftale, "system", format!("it-systemet {} findes ikke", aftale.system));
            return;
        };
        if aftale.versioner.is_empty() {
            self.fejl(aftale, "versioner", "aftalen har ingen version");
        }
        for fejl in aftale.forkert_proeve() {
            self.fejl(aftale, "proevetilslutning", fejl);
        }
        let mut numre = BTreeSet::new();
        for version in &aftale.versioner {
            let sted = format!("version {}", version.nummer);
            if !numre.insert(version.nummer) {
                self.fejl(aftale, &sted, "nummeret står to gange");
            }
            let mut set = BTreeSet::new();
            for cvr in version.myndigheder.iter().map(|m| m.myndighed) {
                if !set.insert(cvr) {
                    self.fejl(aftale, &sted, format!("myndigheden {cvr} står to gange"));
                }
                if !self.har(cvr, Partsart::Myndighed) {
                    self.fejl(aftale, &sted, format!("{cvr} er ikke en kendt myndighed"));
                }
                let afgraensning = &system.myndighedsafgraensning;
                if !afgraensning.is_empty() && !afgraensning.contains(&cvr) {
                    let fejl = format!("it-systemet {} er ikke for myndigheden {cvr}", system.navn);
                    self.fejl(aftale, &sted, fejl);
                }
            }
            for valgt in &version.services {
                for fejl in self.valgt(system, valgt) {
                    self.fejl(aftale, &sted, fejl);
                }
            }
        }
    }

    /// What is wrong with what an agreement gives in one service.
    fn valgt(&self, system: &ItSystem, valgt: &Aftaleservice) -> Vec<String> {
        let Some(service) = self.services.get(&valgt.service).copied() else {
            return vec![format!("servicen {} findes ikke", valgt.service)];
        };
        let mut fejl = Vec::new();
        let mut typer: Vec<&Parametertype> = service.parametre.iter().collect();
        for uri in &valgt.roller {
            let loes = self.roller.get(uri.as_str()).copied().filter(|_| service.komponent.is_none());
            match service.rolle(uri).or(loes) {
                Some(rolle) => typer.extend(&rolle.parametre),
                None => fejl.push(format!("servicen {service} har ikke rollen {uri}")),
            }
        }
        if valgt.roller.is_empty() {
            fejl.push(format!("servicen {service} er valgt uden roller"));
        }
        for (uri, vaerdier) in &valgt.parametre {
            match typer.iter().find(|t| t.uri == *uri) {
                None => fejl.push(format!("servicen {service} kender ikke dataafgrænsningen {uri}")),
                Some(typ) => {
                    fejl.extend(vaerdier.iter().filter_map(|v| vaerdi(typ, v)));
                    let aabner = vaerdier.iter().any(|v| v == JA);
                    let produktion = system.miljoe == Miljoe::Produktion;
                    if typ.art == Parameterart::Fysiskslet && aabner && produktion {
                        fejl.push("fysiskslet kan ikke aftales i produktion".into());
                    }
                }
            }
        }
        let mangler = typer.iter().filter(|t| t.kraevet && !valgt.parametre.contains_key(&t.uri));
        fejl.extend(mangler.map(|t| format!("dataafgrænsningen {} er krævet i servicen {service}", t.navn)));
        fejl
    }
}

/// What is wrong with the roles and types of a service.
fn roller_og_typer(service: &Service) -> Vec<String> {
    let mut fejl = Vec::new();
    let mut set = BTreeSet::new();
    let uris = service.roller.iter().map(|r| &r.uri).chain(service.parametre.iter().map(|p| &p.uri));
    for uri in uris {
        if !set.insert(uri) {
            fejl.push(format!("{uri} står to gange"));
        }
        if !(uri.starts_with("http://") || uri.starts_with("https://")) || uri.contains(char::is_whitespace) {
            fejl.push(format!("{uri} skal være en URI, der begynder med http"));
        }
    }
    let Some(komponent) = &service.komponent else { return fejl };
    for (rolle, operation) in service.roller.iter().flat_map(|r: &Servicesystemrolle| {
        r.operationer.iter().filter(|o| !OPERATIONER.contains(&o.as_str())).map(|o| (r.navn.as_str(), o))
    }) {
        fejl.push(format!("rollen {rolle}: operationen {operation} findes ikke"));
    }
    let kun = if service.er_indeks() { "KLE, følsomhed og it-system" } else { "flag" };
    for typ in service.parametre.iter().filter(|t| !service.haandhaever(t.art)) {
        fejl.push(format!(
            "{komponent} håndhæver kun {kun}; dataafgrænsningen {} kan ikke tilbydes",
            typ.navn
        ));
    }
    fejl
}

/// What is wrong with the value of a limit.
fn vaerdi(typ: &Parametertype, vaerdi: &str) -> Option<String> {
    let dele = vaerdi.split(',').map(str::trim);
    let ok = match typ.art {
        art if art.er_flag() => vaerdi == JA || vaerdi == "Nej",
        Parameterart::Single | Parameterart::Multi | Parameterart::Foelsomhed if !typ.vaerdier.is_empty() => {
            dele.clone().all(|v| typ.vaerdier.iter().any(|t| t == v))
        }
        _ if besked::kendt(typ) => dele.clone().all(|v| besked::gyldig(typ, v)),
        Parameterart::Kle if standard::er_indeksets(typ) => dele.clone().all(besked::kle),
        Parameterart::ItSystem if standard::er_indeksets(typ) => {
            dele.clone().all(|v| Uuid::try_parse(v).is_ok())
        }
        Parameterart::Orgenhed => dele.clone().all(|v| Uuid::try_parse(v).is_ok()),
        _ => !vaerdi.trim().is_empty(),
    };
    (!ok).then(|| format!("{vaerdi} er ikke en gyldig værdi af dataafgrænsningen {}", typ.navn))
}
