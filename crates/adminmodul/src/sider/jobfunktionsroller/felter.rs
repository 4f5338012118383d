//! The fields of a jobfunktionsrolle: a block for each role of a business system, a field for each of its limits.

use super::med_kendte;
use crate::besoeg::Besoeg;
use crate::felter::{Felt, Opslag, Valg};
use crate::formular::Formular;
use administration::{
    Afgraensningsart, Afgraensningskilde, Afgraensningsvaerdi, Brugersystemrolle, Dataafgraensningstype,
    ItSystem, Jobfunktionsrolle, Modulfejl, Tilknytning,
};
use styring::vaerdier::Navne;
use styring::{jobfunktionsroller, systemer};
use uuid::Uuid;

/// How a limit is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slags {
    /// A line of text, with commas between.
    Linje,
    /// A value on each line.
    Linjer,
    /// One of several.
    Vaelg,
    /// Any of several.
    Kryds,
}

impl Slags {
    fn af(typ: &Dataafgraensningstype) -> Self {
        let en = matches!(typ.art, Afgraensningsart::Single | Afgraensningsart::ItSystem);
        let valg = !typ.vaerdier.is_empty() || typ.kilde() == Afgraensningskilde::ItSystem;
        match typ.kilde() {
            Afgraensningskilde::Kle | Afgraensningskilde::Enhed => Self::Linje,
            _ if valg && en => Self::Vaelg,
            _ if valg => Self::Kryds,
            _ if en => Self::Linje,
            _ => Self::Linjer,
        }
    }
}

/// A limit to be filled in.
pub struct Graense {
    /// Its field.
    pub felt: Felt,
    /// How it is filled in.
    pub slags: Slags,
    /// The key of what is filled in at login instead.
    pub noegle: Felt,
    /// Where its values can be looked up, and what they are called.
    pub opslag: Option<Opslag>,
    /// What each value must match, when it is a text.
    pub moenster: Option<String>,
}

/// A role of a business system to be filled in.
pub struct Blok {
    /// The role.
    pub uuid: Uuid,
    /// Its name after that of its system.
    pub navn: String,
    /// What it lets a user do.
    pub beskrivelse: String,
    /// Whether it opens sensitive information.
    pub foelsom: bool,
    /// Its limits.
    pub graenser: Vec<Graense>,
    /// What is wrong with it and stands in no field.
    pub fejl: Vec<Modulfejl>,
}

/// Roles of a system that can be added.
pub struct Udbud {
    /// The system.
    pub system: String,
    /// The roles.
    pub roller: Vec<Valg>,
}

fn felt_id(rolle: Uuid, typ: &Dataafgraensningstype) -> String {
    format!("v-{rolle}-{}", typ.uuid)
}

/// The parts a value is written of.
fn led(typ: &Dataafgraensningstype, tekst: &str) -> Vec<String> {
    let flere = |c: char| c == ',' || c.is_whitespace();
    let dele: Vec<&str> = match (typ.kilde(), Slags::af(typ)) {
        (Afgraensningskilde::Kle | Afgraensningskilde::Enhed, _) => tekst.split(flere).collect(),
        (_, Slags::Linjer) => tekst.lines().collect(),
        (_, Slags::Kryds) => tekst.split(',').collect(),
        _ => vec![tekst],
    };
    dele.into_iter().map(|d| d.trim().to_owned()).filter(|d| !d.is_empty()).collect()
}

/// The values of a limit as a form says them. What was not changed stays as it was stored, with the names it has.
fn vaerdier(
    f: &Formular,
    rolle: Uuid,
    typ: &Dataafgraensningstype,
    foer: &[Afgraensningsvaerdi],
) -> Vec<Afgraensningsvaerdi> {
    let id = felt_id(rolle, typ);
    let ny = |vaerdi: String, dynamisk| Afgraensningsvaerdi {
        entity_id: typ.entity_id.clone(),
        navn: foer
            .iter()
            .find(|v| v.vaerdi == vaerdi && v.dynamisk == dynamisk)
            .map_or_else(String::new, |v| v.navn.clone()),
        vaerdi,
        dynamisk,
    };
    let egne = |dynamisk| foer.iter().filter(move |v| v.entity_id == typ.entity_id && v.dynamisk == dynamisk);
    let gamle: Vec<String> = egne(false).flat_map(|v| led(typ, &v.vaerdi)).collect();
    let nye: Vec<String> = f.alle(&id).flat_map(|v| led(typ, v)).collect();
    let mut ud: Vec<Afgraensningsvaerdi> = if nye == gamle {
        egne(false).cloned().collect()
    } else if matches!(typ.kilde(), Afgraensningskilde::Kle | Afgraensningskilde::Enhed) {
        if nye.is_empty() { Vec::new() } else { vec![ny(nye.join(","), false)] }
    } else {
        nye.into_iter().map(|v| ny(v, false)).collect()
    };
    ud.extend(f.alle(&format!("n{id}")).flat_map(str::split_whitespace).map(|n| ny(n.to_owned(), true)));
    ud
}

/// The roles of business systems a form names, with their limits; `foer` is what is stored.
pub fn laes(k: &Besoeg, f: &Formular, foer: &[Tilknytning]) -> Vec<Tilknytning> {
    let mut roller: Vec<Uuid> =
        f.alle("rolle").chain(f.alle("tilfoej")).filter_map(|v| v.parse().ok()).collect();
    let mut sete = std::collections::BTreeSet::new();
    roller.retain(|r| f.som("fjern") != Some(*r) && sete.insert(*r));
    let tilknyt = |rolle: Uuid| {
        let gamle = foer.iter().find(|t| t.rolle == rolle).map_or(&[][..], |t| &t.vaerdier);
        let vaerdier = med_kendte(k, |kendte| match kendte.rolle(rolle) {
            None => gamle.to_vec(),
            Some((system, b)) => {
                let typer = b.afgraensninger.iter().filter_map(|a| kendte.typ(system, &a.entity_id));
                typer.flat_map(|typ| vaerdier(f, rolle, typ, gamle)).collect()
            }
        });
        Tilknytning { rolle, vaerdier }
    };
    roller.into_iter().map(tilknyt).collect()
}

fn hjaelp(typ: &Dataafgraensningstype) -> String {
    let hvordan = match (typ.kilde(), Slags::af(typ), &typ.regulaert_udtryk) {
        (Afgraensningskilde::Kle, ..) => "Adskil flere med komma".to_owned(),
        (Afgraensningskilde::Enhed, ..) => "Skriv enhedernes UUID, adskilt med komma".to_owned(),
        (_, Slags::Linjer, Some(udtryk)) => format!("Én værdi på hver linje. Hver skal passe til {udtryk}"),
        (_, Slags::Linje, Some(udtryk)) => format!("Skal passe til {udtryk}"),
        (_, Slags::Linjer, None) => "Én værdi på hver linje".to_owned(),
        _ => String::new(),
    };
    let dele = [typ.beskrivelse.trim_end_matches('.'), &hvordan];
    dele.into_iter().filter(|d| !d.is_empty()).collect::<Vec<_>>().join(". ")
}

/// What can be chosen, and what is chosen though it can no longer be.
fn valg(k: &Besoeg, typ: &Dataafgraensningstype, valgte: &[String], navne: &Navne) -> Vec<Valg> {
    let valgt = |v: &str| valgte.iter().any(|t| t == v);
    let mut ud: Vec<Valg> = if typ.kilde() == Afgraensningskilde::ItSystem {
        let synlige = systemer::list(&k.kald, &k.politik).unwrap_or_default();
        let et = |s: &&ItSystem| Valg::ny(s.uuid.to_string(), s.navn.clone(), valgt(&s.uuid.to_string()));
        synlige.iter().map(et).collect()
    } else {
        typ.vaerdier.iter().map(|m| Valg::ny(m.vaerdi.clone(), m.navn.clone(), valgt(&m.vaerdi))).collect()
    };
    let andre: Vec<Valg> = valgte
        .iter()
        .filter(|t| !ud.iter().any(|v| v.vaerdi == **t))
        .map(|t| {
            Valg::ny(t.clone(), super::navn(k, navne, typ.kilde(), t).unwrap_or_else(|| t.clone()), true)
        })
        .collect();
    ud.extend(andre);
    ud
}

/// What is wrong with one role of a business system alone, with only these values.
fn alene(k: &Besoeg, rolle: &Jobfunktionsrolle, t: &Tilknytning, kun: Option<&str>) -> Vec<Modulfejl> {
    let vaerdier = t.vaerdier.iter().filter(|v| kun.is_none_or(|id| v.entity_id == id)).cloned().collect();
    let en =
        Jobfunktionsrolle { tilknytninger: vec![Tilknytning { rolle: t.rolle, vaerdier }], ..rolle.clone() };
    let mut fejl = jobfunktionsroller::mangler(&k.t().app, &en);
    fejl.retain(|f| matches!(f.felt, Some("afgraensninger" | "roller")));
    fejl
}

fn graense(
    k: &Besoeg,
    rolle: &Jobfunktionsrolle,
    t: &Tilknytning,
    (typ, kraevet): (&Dataafgraensningstype, bool),
    fejl: bool,
    navne: &Navne,
) -> Graense {
    let id = felt_id(t.rolle, typ);
    let slags = Slags::af(typ);
    let egne =
        |dynamisk| t.vaerdier.iter().filter(move |v| v.entity_id == typ.entity_id && v.dynamisk == dynamisk);
    let valgte: Vec<String> = egne(false).flat_map(|v| led(typ, &v.vaerdi)).collect();
    let noegler: Vec<&str> = egne(true).map(|v| v.vaerdi.as_str()).collect();
    let skille = if slags == Slags::Linjer { "\n" } else { ", " };
    let mut felt = Felt::ny(id.clone(), typ.navn.clone(), valgte.join(skille)).hjaelp(hjaelp(typ));
    felt.valgfri = !kraevet;
    if matches!(slags, Slags::Vaelg | Slags::Kryds) {
        felt.valg = valg(k, typ, &valgte, navne);
    }
    if slags == Slags::Vaelg {
        felt.valg.insert(0, Valg::ny("", "Vælg", valgte.is_empty()));
    }
    if fejl {
        // Of another limit that is missing, its own field tells.
        let denne = |f: &Modulfejl| f.kode != "J-402" || f.tekst.ends_with(&format!(" for {}.", typ.navn));
        let fundne = alene(k, rolle, t, Some(&typ.entity_id));
        felt.fejl = fundne.into_iter().find(|f| f.felt == Some("afgraensninger") && denne(f));
    }
    let noegle =
        Felt::ny(format!("n{id}"), "Dynamisk: parametrisk nøgle", noegler.join(" ")).valgfri().hjaelp(
            "Udfyld den, hvis myndighedens login skal oplyse værdien, hver gang en medarbejder logger ind",
        );
    let opslag = Opslag::af(typ.kilde(), &valgte, navne);
    let tekst = typ.kilde() == Afgraensningskilde::Andet && matches!(slags, Slags::Linje | Slags::Linjer);
    let moenster = typ.regulaert_udtryk.clone().filter(|_| tekst);
    Graense { felt, slags, noegle, opslag, moenster }
}

fn blok(k: &Besoeg, rolle: &Jobfunktionsrolle, t: &Tilknytning, fejl: bool, navne: &Navne) -> Blok {
    med_kendte(k, |kendte| {
        let Some((system, b)) = kendte.rolle(t.rolle) else {
            return Blok {
                uuid: t.rolle,
                navn: "En rolle, der ikke længere findes".into(),
                beskrivelse: "Leverandøren har fjernet den. Den giver ingen adgang.".into(),
                foelsom: false,
                graenser: Vec::new(),
                fejl: if fejl { alene(k, rolle, t, None) } else { Vec::new() },
            };
        };
        let typer =
            b.afgraensninger.iter().filter_map(|a| Some((kendte.typ(system, &a.entity_id)?, a.kraevet)));
        let graenser: Vec<Graense> = typer.map(|typ| graense(k, rolle, t, typ, fejl, navne)).collect();
        let mut rest = if fejl { alene(k, rolle, t, None) } else { Vec::new() };
        rest.retain(|f| !graenser.iter().any(|g| g.felt.fejl.as_ref().is_some_and(|e| e.tekst == f.tekst)));
        Blok {
            uuid: t.rolle,
            navn: format!("{} · {}", system.navn, b.navn),
            beskrivelse: b.beskrivelse.clone(),
            foelsom: b.foelsom,
            graenser,
            fejl: rest,
        }
    })
}

/// The blocks of a role, with what is wrong when that is asked for.
pub fn blokke(k: &Besoeg, rolle: &Jobfunktionsrolle, fejl: bool, navne: &Navne) -> Vec<Blok> {
    rolle.tilknytninger.iter().map(|t| blok(k, rolle, t, fejl, navne)).collect()
}

/// What can be added: the roles of systems the authority may use, but those it has and those that are out of use.
pub fn udbud(k: &Besoeg, rolle: &Jobfunktionsrolle) -> Vec<Udbud> {
    let kan = |b: &&Brugersystemrolle| {
        !rolle.tilknytninger.iter().any(|t| t.rolle == b.uuid) && b.udfases.is_none_or(|dag| dag > k.nu())
    };
    let ord = |b: &Brugersystemrolle| {
        let foelsom = if b.foelsom { "Følsomme oplysninger. " } else { "" };
        Valg::ny(b.uuid.to_string(), b.navn.clone(), false).med(format!("{foelsom}{}", b.beskrivelse))
    };
    let brugervendte = jobfunktionsroller::brugervendte(&k.kald, &k.politik).unwrap_or_default();
    let et = |s: &ItSystem| Udbud {
        system: s.navn.clone(),
        roller: s.brugersystemroller.iter().filter(kan).map(ord).collect(),
    };
    brugervendte.into_iter().map(et).filter(|u| !u.roller.is_empty()).collect()
}
