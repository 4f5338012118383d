//! The services of a request: which ones, and with what roles and limits.

use super::trin::Del;
use crate::besoeg::Besoeg;
use crate::felter::{Fejl, Felt, Opslag, Valg};
use administration::{
    Afgraensningskilde, Aftaleservice, JA, Parameterart, Parametertype, Politik, Service, Servicestatus,
};
use std::collections::BTreeMap;
use styring::aftaler::Anmodning;
use styring::vaerdier::Navne;
use uuid::Uuid;

fn rolleid(service: Uuid) -> String {
    format!("r-{service}")
}

fn parameterid(service: Uuid, nr: usize) -> String {
    format!("p-{service}-{nr}")
}

/// The limits of a service that the request can be given: those it enforces.
fn parametre(service: &Service) -> impl Iterator<Item = (usize, &Parametertype)> {
    service.parametre.iter().enumerate().filter(|(_, p)| service.parameter(&p.uri).is_some())
}

fn af_service(service: &Service, valgt: &Aftaleservice, fejl: &Fejl) -> Vec<Del> {
    let uuid = service.uuid;
    let mut ud = vec![Del::Overskrift(
        format!("{} {}", service.nummer, service.navn).trim().to_owned(),
        String::new(),
    )];
    let roller = service.roller.iter().map(|r| {
        let kan: Vec<&str> = r.operationer.iter().map(String::as_str).collect();
        Valg::ny(r.uri.clone(), r.navn.clone(), valgt.roller.contains(&r.uri)).med(kan.join(", "))
    });
    ud.push(Del::Kryds(
        Felt::valg(rolleid(uuid), "Roller", roller.collect()).hjaelp("Vælg kun det, systemet bruger"),
    ));
    let flag: Vec<Valg> = parametre(service)
        .filter(|(_, p)| p.art.er_flag())
        .map(|(nr, p)| {
            Valg::ny(
                nr.to_string(),
                p.navn.clone(),
                valgt.parametre.get(&p.uri).is_some_and(|v| v.iter().any(|v| v == JA)),
            )
        })
        .collect();
    if !flag.is_empty() {
        ud.push(Del::Kryds(
            Felt::valg(format!("f-{uuid}"), "Oplysninger og rettigheder", flag)
                .valgfri()
                .hjaelp("Uden kryds udelades de"),
        ));
    }
    for (nr, p) in parametre(service).filter(|(_, p)| !p.art.er_flag()) {
        let sat = valgt.parametre.get(&p.uri).cloned().unwrap_or_default();
        let id = parameterid(uuid, nr);
        let mut felt = match p.art {
            Parameterart::Single if !p.vaerdier.is_empty() => {
                let mut valg = vec![Valg::ny("", "Vælg", sat.is_empty())];
                valg.extend(p.vaerdier.iter().map(|v| Valg::ny(v.clone(), v.clone(), sat.contains(v))));
                Felt::valg(id, p.navn.clone(), valg)
            }
            Parameterart::Multi if !p.vaerdier.is_empty() => Felt::valg(
                id,
                p.navn.clone(),
                p.vaerdier.iter().map(|v| Valg::ny(v.clone(), v.clone(), sat.contains(v))).collect(),
            ),
            art => {
                let hjaelp = if art.er_liste() { "Flere værdier adskilles med komma" } else { "" };
                Felt::ny(id, p.navn.clone(), sat.join(", "))
                    .hjaelp(p.beskrivelse.clone().unwrap_or_else(|| hjaelp.to_owned()))
            }
        };
        felt.valgfri = !p.kraevet;
        felt = felt.fejl(fejl);
        ud.push(match (p.art, felt.valg.is_empty()) {
            (Parameterart::Kle, true) => match Opslag::af(Afgraensningskilde::Kle, &[], &Navne::default()) {
                Some(opslag) => Del::Opslag(felt, opslag),
                None => Del::Tekst(felt),
            },
            (_, true) => Del::Tekst(felt),
            (Parameterart::Single, false) => Del::Vaelg(felt),
            (_, false) => Del::Kryds(felt),
        });
    }
    ud
}

/// The services to choose among.
pub(super) fn valg(politik: &Politik, a: &Anmodning, fejl: &Fejl) -> Vec<Del> {
    let valgt = |s: &Service| a.services.iter().any(|v| v.service == s.uuid);
    let mulige = politik.data().services.iter().filter(|s| s.status == Servicestatus::IDrift || valgt(s));
    let valg = mulige.map(|s| {
        let roller: Vec<&str> = s.roller.iter().map(|r| r.navn.as_str()).collect();
        let navn = format!("{} {}", s.nummer, s.navn).trim().to_owned();
        Valg::ny(s.uuid.to_string(), navn, valgt(s)).med(format!("Roller: {}", roller.join(", ")))
    });
    vec![Del::Kryds(
        Felt::valg("services", "Services", valg.collect())
            .hjaelp("Vælg kun det, systemet bruger. Godkender ser det hele.")
            .fejl(fejl),
    )]
}

/// The roles and limits of those chosen.
pub(super) fn graenser(politik: &Politik, a: &Anmodning, fejl: &Fejl) -> Vec<Del> {
    let kendte = a.services.iter().filter_map(|v| Some((politik.service(v.service)?, v)));
    let ud: Vec<Del> = kendte.flat_map(|(s, v)| af_service(s, v, fejl)).collect();
    if ud.is_empty() {
        return vec![Del::Overskrift(
            "Ingen services er valgt".into(),
            "Gå tilbage til trin 4, og vælg mindst én.".into(),
        )];
    }
    ud
}

/// Reads which services are chosen.
pub(super) fn laes_valg(k: &Besoeg, a: &mut Anmodning) {
    let valgte: Vec<Uuid> = k.f.krop.alle("services").filter_map(|v| v.parse().ok()).collect();
    a.services.retain(|s| valgte.contains(&s.service));
    for service in valgte {
        if k.politik.service(service).is_some() && !a.services.iter().any(|s| s.service == service) {
            a.services.push(ny_service(k, service));
        }
    }
}

/// Reads their roles and limits.
pub(super) fn laes_graenser(k: &Besoeg, a: &mut Anmodning) {
    for valgt in &mut a.services {
        if let Some(service) = k.politik.service(valgt.service) {
            laes_service(k, service, valgt);
        }
    }
}

/// A service as it is first chosen: with the role that gives least.
fn ny_service(k: &Besoeg, service: Uuid) -> Aftaleservice {
    let roller = k.politik.service(service).map(|s| s.roller.as_slice()).unwrap_or_default();
    let mindste = roller.iter().min_by_key(|r| r.operationer.len());
    let roller = mindste.map(|r| r.uri.clone()).into_iter().collect();
    Aftaleservice { service, id: None, udstedt_kontekst: None, roller, parametre: BTreeMap::new() }
}

fn laes_service(k: &Besoeg, service: &Service, valgt: &mut Aftaleservice) {
    let f = &k.f.krop;
    let rid = rolleid(service.uuid);
    let roller: Vec<&str> = f.alle(&rid).collect();
    valgt.roller =
        service.roller.iter().filter(|r| roller.contains(&r.uri.as_str())).map(|r| r.uri.clone()).collect();
    let fid = format!("f-{}", service.uuid);
    let flag: Vec<&str> = f.alle(&fid).collect();
    for (nr, p) in parametre(service) {
        let vaerdier: Vec<String> = if p.art.er_flag() {
            if flag.contains(&nr.to_string().as_str()) { vec![JA.to_owned()] } else { Vec::new() }
        } else {
            let id = parameterid(service.uuid, nr);
            let sendte = f.alle(&id).flat_map(|v| {
                if p.art.er_liste() && p.vaerdier.is_empty() { v.split(',').collect() } else { vec![v] }
            });
            sendte.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
        };
        if vaerdier.is_empty() {
            valgt.parametre.remove(&p.uri);
        } else {
            valgt.parametre.insert(p.uri.clone(), vaerdier);
        }
    }
}
