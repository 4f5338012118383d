//! From the policy in force to the one wanted: what is added, changed and removed, in words.

use crate::data::{Entitet, Politikdata};
use crate::service::Service;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

/// What happens to an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slags {
    /// It is new.
    Tilfoej,
    /// It changes, in these ways.
    Ret(Vec<String>),
    /// It goes.
    Fjern,
}

/// One entity that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aendring {
    /// The kind in the store.
    pub art: &'static str,
    /// What it is called, with its article.
    pub ord: &'static str,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// What happens.
    pub slags: Slags,
    /// Its new body as JSON; `None` when it goes.
    pub krop: Option<Vec<u8>>,
}

impl fmt::Display for Aendring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ord, navn, .. } = self;
        match &self.slags {
            Slags::Tilfoej => write!(f, "+ {ord} {navn} tilføjes"),
            Slags::Fjern => write!(f, "- {ord} {navn} fjernes"),
            Slags::Ret(hvad) => {
                write!(f, "~ {ord} {navn} ændres")?;
                hvad.iter().try_for_each(|linje| write!(f, "\n    {linje}"))
            }
        }
    }
}

/// Everything that changes, in the order in which it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes.
    pub aendringer: Vec<Aendring>,
    /// What the wanted policy does not name and the plan keeps.
    pub beholdes: Vec<String>,
}

impl Plan {
    /// What it takes to go from one policy to another. What the wanted one leaves out is removed only with `slet`, and
    /// the services every installation begins with never are.
    #[must_use]
    pub fn ny(fra: &Politikdata, til: &Politikdata, slet: bool) -> Self {
        let (mut fra, mut til) = (fra.clone(), til.clone());
        fra.ordn();
        til.ordn();
        let mut plan = Self::default();
        plan.art(&fra.parter, &til.parter, slet);
        plan.art(&fra.services, &til.services, slet);
        plan.art(&fra.roller, &til.roller, slet);
        plan.art(&fra.systemer, &til.systemer, slet);
        plan.art(&fra.aftaler, &til.aftaler, slet);
        plan.art(&fra.dueslag, &til.dueslag, slet);
        plan.art(&fra.abonnementer, &til.abonnementer, slet);
        plan.art(&fra.foederationsaftaler, &til.foederationsaftaler, slet);
        plan
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn er_tom(&self) -> bool {
        self.aendringer.is_empty()
    }

    fn art<E: Entitet>(&mut self, fra: &[E], til: &[E], slet: bool) {
        let gamle: BTreeMap<Uuid, &E> = fra.iter().map(|e| (e.uuid(), e)).collect();
        for ny in til {
            let slags = match gamle.get(&ny.uuid()) {
                None => Slags::Tilfoej,
                Some(gammel) if *gammel == ny => continue,
                Some(gammel) => {
                    let (a, b) = (vaerdi(*gammel), vaerdi(ny));
                    if a == b {
                        continue;
                    }
                    let mut linjer = Vec::new();
                    forskelle("", &a, &b, &mut linjer);
                    Slags::Ret(linjer)
                }
            };
            self.aendringer.push(aendring(ny, slags, serde_json::to_vec(ny).ok()));
        }
        let nye: BTreeSet<Uuid> = til.iter().map(Entitet::uuid).collect();
        let standard: BTreeSet<Uuid> = Service::standard().iter().map(|s| s.uuid).collect();
        for gammel in fra.iter().filter(|e| !nye.contains(&e.uuid()) && !standard.contains(&e.uuid())) {
            if slet {
                self.aendringer.push(aendring(gammel, Slags::Fjern, None));
            } else {
                self.beholdes.push(format!("{} {}", E::ORD, gammel.navn()));
            }
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.er_tom() {
            writeln!(f, "Intet ændres.")?;
        }
        self.aendringer.iter().try_for_each(|a| writeln!(f, "{a}"))?;
        if !self.beholdes.is_empty() {
            writeln!(f, "Beholdes, selv om filen ikke nævner det (--slet fjerner det):")?;
            self.beholdes.iter().try_for_each(|b| writeln!(f, "    {b}"))?;
        }
        Ok(())
    }
}

fn aendring<E: Entitet>(e: &E, slags: Slags, krop: Option<Vec<u8>>) -> Aendring {
    Aendring { art: E::ART, ord: E::ORD, uuid: e.uuid(), navn: e.navn(), slags, krop }
}

fn vaerdi<E: Entitet>(e: &E) -> Value {
    serde_json::to_value(e).unwrap_or_default()
}

/// What tells the rows of a list apart.
const NOEGLER: [&str; 5] = ["uri", "nummer", "myndighed", "der", "service"];

/// The differences, one line each, named by where they are.
fn forskelle(sted: &str, fra: &Value, til: &Value, linjer: &mut Vec<String>) {
    match (fra, til) {
        _ if fra == til => {}
        (Value::Object(a), Value::Object(b)) => {
            let navne: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for navn in navne {
                let inde = if sted.is_empty() { navn.clone() } else { format!("{sted}, {navn}") };
                match (a.get(navn), b.get(navn)) {
                    (Some(a), Some(b)) => forskelle(&inde, a, b, linjer),
                    (None, Some(b)) => linjer.push(format!("{inde} sættes til {}", kort(b))),
                    (Some(a), None) => linjer.push(format!("{inde} fjernes (var {})", kort(a))),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(a), Value::Array(b)) => lister(sted, a, b, linjer),
        _ => linjer.push(format!("{sted} ændres fra {} til {}", kort(fra), kort(til))),
    }
}

fn lister(sted: &str, fra: &[Value], til: &[Value], linjer: &mut Vec<String>) {
    let rows: Vec<&Value> = fra.iter().chain(til).collect();
    let entydig = |noegle: &&&str| {
        let unik = |liste: &[Value]| {
            let set: BTreeSet<String> = liste.iter().map(|v| v[**noegle].to_string()).collect();
            set.len() == liste.len()
        };
        rows.iter().all(|v| v.get(**noegle).is_some()) && unik(fra) && unik(til)
    };
    let noegle = NOEGLER.iter().find(entydig);
    let id = |v: &Value| noegle.map_or_else(|| v.to_string(), |n| v[*n].to_string());
    let gamle: BTreeMap<String, &Value> = fra.iter().map(|v| (id(v), v)).collect();
    let nye: BTreeMap<String, &Value> = til.iter().map(|v| (id(v), v)).collect();
    for (id, ny) in &nye {
        match gamle.get(id) {
            None => linjer.push(format!("{sted}: {} tilføjes", kort(ny))),
            Some(gammel) => forskelle(&format!("{sted} {}", kort(ny)), gammel, ny, linjer),
        }
    }
    for (id, gammel) in gamle {
        if !nye.contains_key(&id) {
            linjer.push(format!("{sted}: {} fjernes", kort(gammel)));
        }
    }
    if linjer.is_empty() {
        linjer.push(format!("{sted}: rækkefølgen ændres"));
    }
}

/// A value so short that it can stand in a sentence.
fn kort(v: &Value) -> String {
    match v {
        Value::String(text) if text.chars().count() > 80 => {
            format!("{}…", text.chars().take(60).collect::<String>())
        }
        Value::String(text) => text.clone(),
        Value::Bool(true) => "ja".into(),
        Value::Bool(false) => "nej".into(),
        Value::Array(rows) => rows.iter().map(kort).collect::<Vec<_>>().join(", "),
        Value::Object(felter) => {
            let navn = ["emne", "navn", "uri", "nummer", "myndighed", "service", "anvenderkontekst"];
            let fundet = navn.iter().find_map(|n| felter.get(*n).filter(|v| **v != "").map(|v| (n, v)));
            match fundet {
                Some((n, v)) if **n == *"emne" || **n == *"navn" || **n == *"uri" => kort(v),
                Some((n, v)) => format!("{n} {}", kort(v)),
                None => {
                    let dele = felter.iter().map(|(n, v)| format!("{n} {}", kort(v)));
                    dele.collect::<Vec<_>>().join(", ")
                }
            }
        }
        other => other.to_string(),
    }
}
