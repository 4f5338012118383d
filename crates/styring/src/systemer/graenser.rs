//! Who uses a type of limit (dataafgrænsningstype) of a system, and what they are told when its supplier changes or withdraws it
//! or one of its values.
//!
//! Types come by whatever way the policy is changed, files among them. So the difference is found by time: what each system
//! offered when it was looked last is remembered, in the write of the notices.

use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Afgraensningsvaerdi, Dataafgraensningstype, Entitet, ItSystem, Jobfunktionsrolle,
    Jobfunktionsrolletilstand,
};
use app::App;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Roles and values that are named in a notice.
const NAEVNES: usize = 5;
/// The key of those that offer something.
const TILBYDER: &str = "tilbyder";

/// What a system offered when it was looked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Graensebillede {
    /// The system.
    uuid: Uuid,
    /// Its own types of limits.
    typer: Vec<Dataafgraensningstype>,
}

impl Entitet for Graensebillede {
    const ART: &'static str = "graensebillede";
    const ORD: &'static str = "det, it-systemets dataafgrænsninger var,";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.uuid.to_string()
    }
}

/// What became of a type of limit, and whom it concerns.
#[derive(Debug, PartialEq, Eq)]
struct Skift {
    haendelse: Haendelse,
    entity_id: String,
    /// What people call the type.
    navn: String,
    hvad: String,
    /// Those who use these values; everybody who uses the type when none are named.
    vaerdier: Option<BTreeSet<String>>,
}

/// Names, the first of them.
fn naevn(navne: &[String]) -> String {
    match navne.len().saturating_sub(NAEVNES) {
        0 => navne.join(", "),
        flere => format!("{} og {flere} til", navne[..NAEVNES].join(", ")),
    }
}

/// What became of the types of a system. What is only added is told to nobody: nobody uses it.
fn skift(foer: &[Dataafgraensningstype], efter: &[Dataafgraensningstype]) -> Vec<Skift> {
    let mut ud = Vec::new();
    for gammel in foer {
        let et = |haendelse, hvad, vaerdier| Skift {
            haendelse,
            entity_id: gammel.entity_id.clone(),
            navn: gammel.navn.clone(),
            hvad,
            vaerdier,
        };
        let Some(ny) = efter.iter().find(|t| t.entity_id == gammel.entity_id) else {
            let hvad = format!("dataafgrænsningen {}", gammel.navn);
            ud.push(et(Haendelse::GraenseUdgaaet, hvad, None));
            continue;
        };
        let vaek = gammel.vaerdier.iter().filter(|v| !ny.vaerdier.iter().any(|n| n.vaerdi == v.vaerdi));
        let vaek: Vec<_> = vaek.filter(|_| !ny.vaerdier.is_empty()).collect();
        if !vaek.is_empty() {
            let navne: Vec<String> = vaek.iter().map(|v| v.navn.clone()).collect();
            let ord = if navne.len() == 1 { "værdien" } else { "værdierne" };
            let hvad = format!("{ord} {} af dataafgrænsningen {}", naevn(&navne), gammel.navn);
            let vaerdier = vaek.into_iter().map(|v| v.vaerdi.clone()).collect();
            ud.push(et(Haendelse::GraenseUdgaaet, hvad, Some(vaerdier)));
        }
        let hele = typens(gammel, ny);
        let omdoebte: Vec<_> = gammel
            .vaerdier
            .iter()
            .filter_map(|v| Some((v, ny.vaerdier.iter().find(|n| n.vaerdi == v.vaerdi && n.navn != v.navn)?)))
            .collect();
        let navne: Vec<String> =
            omdoebte.iter().map(|(v, n)| format!("{} hedder nu {}", v.navn, n.navn)).collect();
        let hvad: Vec<String> =
            hele.iter().cloned().chain((!navne.is_empty()).then(|| naevn(&navne))).collect();
        if !hvad.is_empty() {
            let deres = omdoebte.iter().map(|(v, _)| v.vaerdi.clone()).collect();
            ud.push(et(Haendelse::GraenseAendret, hvad.join("; "), hele.is_empty().then_some(deres)));
        }
    }
    ud
}

/// What is another of a type as a whole, in words.
fn typens(foer: &Dataafgraensningstype, efter: &Dataafgraensningstype) -> Vec<String> {
    let mut ud = Vec::new();
    if foer.navn != efter.navn {
        ud.push(format!("den hedder nu {}", efter.navn));
    }
    if foer.beskrivelse != efter.beskrivelse {
        ud.push(format!("beskrivelsen er nu: {}", efter.beskrivelse));
    }
    if foer.art != efter.art {
        ud.push(format!("typen er nu {}", efter.art.navn()));
    }
    if foer.regulaert_udtryk != efter.regulaert_udtryk {
        ud.push("det regulære udtryk, værdier skal passe til, er et andet".into());
    }
    match (foer.vaerdier.is_empty(), efter.vaerdier.is_empty()) {
        (true, false) => ud.push("værdier vælges nu fra en liste".into()),
        (false, true) => ud.push("værdier vælges ikke længere fra en liste".into()),
        _ => {}
    }
    ud
}

/// Whether a role of a system uses what became another.
fn bruger(rolle: &Jobfunktionsrolle, system: &HashSet<Uuid>, s: &Skift) -> bool {
    let ramt = |v: &Afgraensningsvaerdi| match &s.vaerdier {
        _ if v.entity_id != s.entity_id => false,
        None => true,
        Some(vaerdier) => !v.dynamisk && v.vaerdi.split(',').any(|d| vaerdier.contains(d.trim())),
    };
    rolle.tilknytninger.iter().any(|t| system.contains(&t.rolle) && t.vaerdier.iter().any(ramt))
}

/// The jobfunktionsroller made of a system's roles, whoever has them, that have not ended.
async fn roller_af(app: &App, system: Uuid) -> Result<Vec<Jobfunktionsrolle>, Styringsfejl> {
    let nu = app.now();
    let alle = skriv::alle_med::<Jobfunktionsrolle>(app, ("system", system.to_string())).await?;
    let i_live = |r: &Jobfunktionsrolle| r.tilstand(nu) != Jobfunktionsrolletilstand::Ophoert;
    Ok(alle.into_iter().map(|g| g.post).filter(i_live).collect())
}

/// Tells authorities whose jobfunktionsroller use a type of limit, or a value of one, that its supplier has changed or withdrawn
/// it since it was looked last. Gives how many systems had changed. Done twice, or by two servers, it is told once: what was
/// seen is written with the notices.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn aendrede_graenser(app: &App) -> Result<usize, Styringsfejl> {
    let politik = app.politik();
    let alle = skriv::alle_med::<Graensebillede>(app, (TILBYDER, String::new())).await?;
    let mut sete: HashMap<Uuid, Gemt<Graensebillede>> = alle.into_iter().map(|g| (g.post.uuid, g)).collect();
    let mut antal = 0;
    for system in &politik.data().systemer {
        let set = match sete.remove(&system.uuid) {
            None if system.dataafgraensningstyper.is_empty() => continue,
            // One that offered nothing for a while has no key to be found by.
            None => skriv::hent::<Graensebillede>(app, system.uuid).await?,
            set => set,
        };
        let (foer, version) = set.map_or((None, 0), |g| (Some(g.post.typer), g.version));
        if foer.as_ref() == Some(&system.dataafgraensningstyper) {
            continue;
        }
        // What is seen for the first time has not changed.
        let adviser = match &foer {
            Some(foer) => adviser(app, system, foer, version).await?,
            None => Vec::new(),
        };
        let nyt = Graensebillede { uuid: system.uuid, typer: system.dataafgraensningstyper.clone() };
        let tilbyder = (!nyt.typer.is_empty()).then(|| (TILBYDER, String::new()));
        let post = skriv::post(&nyt, version, tilbyder)?;
        match skriv::gem_med(app, &[post], &[], &adviser).await {
            Ok(()) => antal += 1,
            // Another server was first.
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            Err(fejl) => return Err(fejl),
        }
    }
    Ok(antal)
}

/// The notices about what became of the types of a system.
async fn adviser(
    app: &App,
    system: &ItSystem,
    foer: &[Dataafgraensningstype],
    version: i64,
) -> Result<Vec<Advis>, Styringsfejl> {
    let skift = skift(foer, &system.dataafgraensningstyper);
    if skift.is_empty() {
        return Ok(Vec::new());
    }
    let (politik, roller) = (app.politik(), roller_af(app, system.uuid).await?);
    let egne: HashSet<Uuid> = system.brugersystemroller.iter().map(|b| b.uuid).collect();
    let hvem = Kald::partsnavn(&politik, system.leverandoer);
    let mut ud = Vec::new();
    for s in &skift {
        let mut ramte: BTreeMap<Cvr, Vec<String>> = BTreeMap::new();
        for rolle in roller.iter().filter(|r| bruger(r, &egne, s)) {
            ramte.entry(rolle.myndighed).or_default().push(rolle.navn.clone());
        }
        for (part, mut navne) in ramte {
            navne.sort();
            let antal = match navne.len() {
                1 => "1 jobfunktionsrolle".to_owned(),
                n => format!("{n} jobfunktionsroller"),
            };
            let (part_navn, roller) = (Kald::partsnavn(&politik, part), naevn(&navne));
            let felter = [
                ("hvem", hvem.as_str()),
                ("part", part_navn.as_str()),
                ("graense", s.navn.as_str()),
                ("hvad", s.hvad.as_str()),
                ("antal", antal.as_str()),
                ("roller", roller.as_str()),
            ];
            let objekt = Adviseret::ny(ItSystem::ART, system.uuid, &system.navn);
            let noegle = format!("{}:{version}", s.entity_id);
            ud.push(Advis::om(s.haendelse, part, objekt, &felter, app.now(), &noegle));
        }
    }
    Ok(ud)
}

#[cfg(test)]
mod tests {
    use super::{Skift, skift};
    use crate::adviser::Haendelse as H;
    use administration::{Afgraensningsart, Dataafgraensningstype, Valgmulighed};
    use uuid::Uuid;

    fn typ(vaerdier: &[(&str, &str)]) -> Dataafgraensningstype {
        let valg =
            |(navn, vaerdi): &(&str, &str)| Valgmulighed { navn: (*navn).into(), vaerdi: (*vaerdi).into() };
        Dataafgraensningstype {
            uuid: Uuid::nil(),
            navn: "Niveau".into(),
            beskrivelse: "Hvor fortrolige sager".into(),
            entity_id: "http://ky.example/constraints/niveau/1".into(),
            art: Afgraensningsart::Single,
            regulaert_udtryk: None,
            vaerdier: vaerdier.iter().map(valg).collect(),
        }
    }

    fn kort(s: &[Skift]) -> Vec<(H, String, Option<Vec<&str>>)> {
        let vaerdier = |s: &Skift| s.vaerdier.as_ref().map(|v| v.len());
        assert!(s.iter().all(|s| vaerdier(s) != Some(0)), "somebody is concerned");
        s.iter()
            .map(|s| {
                (
                    s.haendelse,
                    s.hvad.clone(),
                    s.vaerdier.as_ref().map(|v| v.iter().map(String::as_str).collect()),
                )
            })
            .collect()
    }

    #[test]
    fn what_is_withdrawn_or_changed_is_told_and_what_is_added_is_not() {
        let foer = typ(&[("Normal", "1"), ("Fortrolig", "2")]);
        let efter = |aendr: &dyn Fn(&mut Dataafgraensningstype)| {
            let mut ny = foer.clone();
            aendr(&mut ny);
            skift(std::slice::from_ref(&foer), &[ny])
        };
        assert_eq!(
            kort(&skift(std::slice::from_ref(&foer), &[])),
            [(H::GraenseUdgaaet, "dataafgrænsningen Niveau".into(), None)]
        );
        let fjern = efter(&|t| drop(t.vaerdier.pop()));
        let hvad = "værdien Fortrolig af dataafgrænsningen Niveau";
        assert_eq!(kort(&fjern), [(H::GraenseUdgaaet, hvad.into(), Some(vec!["2"]))]);
        let omdoeb = efter(&|t| t.vaerdier[0].navn = "Almindelig".into());
        assert_eq!(
            kort(&omdoeb),
            [(H::GraenseAendret, "Normal hedder nu Almindelig".into(), Some(vec!["1"]))]
        );
        let nyt_navn = efter(&|t| t.navn = "Trin".into());
        assert_eq!(kort(&nyt_navn), [(H::GraenseAendret, "den hedder nu Trin".into(), None)]);
        assert_eq!(efter(&|t| t.regulaert_udtryk = Some("[0-9]".into())).len(), 1);
        let frit = efter(&|t| t.vaerdier.clear());
        assert_eq!(
            kort(&frit),
            [(H::GraenseAendret, "værdier vælges ikke længere fra en liste".into(), None)]
        );
        let flere = efter(&|t| t.vaerdier.push(Valgmulighed { navn: "Hemmelig".into(), vaerdi: "3".into() }));
        assert!(flere.is_empty());
        assert!(skift(&[], &[foer]).is_empty());
    }
}
