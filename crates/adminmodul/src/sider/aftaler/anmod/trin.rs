//! The fields of each step, and how they are read into a request.

use crate::besoeg::Besoeg;
use crate::felter::{Fejl, Felt, Valg};
use crate::vis;
use administration::{
    Aftaleservice, Aftaletype, JA, Modulfejl, Parameterart, Parametertype, Partsart, Politik, Service,
    Servicestatus,
};
use bitemporal::{Instant, Period};
use std::collections::BTreeMap;
use styring::aftaler::Anmodning;
use uuid::Uuid;

/// A part of a step.
pub(super) enum Del {
    Tekst(Felt),
    Langt(Felt),
    Dato(Felt),
    Radio(Felt),
    Kryds(Felt),
    Liste(Felt),
    Vaelg(Felt),
    /// A heading with what it is about.
    Overskrift(String, String),
}

pub(super) fn laes_type(tekst: &str) -> Option<Aftaletype> {
    match tekst {
        "uden" => Some(Aftaletype::UdenVideregivelse),
        "med" => Some(Aftaletype::MedVideregivelse),
        _ => None,
    }
}

pub(super) fn navn(vaerdi: &str, fejl: &Fejl) -> Felt {
    Felt::ny("navn", "Navn", vaerdi).hjaelp("Kort og genkendeligt, fx: KY læser organisation").fejl(fejl)
}

pub(super) fn aftaletype(valgt: Option<Aftaletype>) -> Felt {
    let valg = Aftaletype::ALLE.into_iter().map(|t| {
        let id = if t == Aftaletype::UdenVideregivelse { "uden" } else { "med" };
        Valg::ny(id, t.navn(), t == valgt.unwrap_or_default())
    });
    Felt::valg("type", "Serviceaftaletype", valg.collect())
}

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
            (_, true) => Del::Tekst(felt),
            (Parameterart::Single, false) => Del::Vaelg(felt),
            (_, false) => Del::Kryds(felt),
        });
    }
    ud
}

/// The fields of a step, with what is stored in them.
pub(super) fn felter(k: &Besoeg, politik: &Politik, trin: usize, a: &Anmodning, fejl: &Fejl) -> Vec<Del> {
    let f = &k.f.krop;
    // After a mistake, what the person wrote; else what is stored.
    let tekst = |id: &'static str, navn: &str, gemt: &str| {
        Felt::ny(id, navn, if f.har(id) { f.tekst(id) } else { gemt }).fejl(fejl)
    };
    match trin {
        1 => vec![
            Del::Tekst(navn(if f.har("navn") { f.tekst("navn") } else { &a.navn }, fejl)),
            Del::Radio(aftaletype(Some(a.formaal.aftaletype))),
        ],
        2 => {
            let system = politik.system(a.system).map_or_else(String::new, |s| s.navn.clone());
            let tekst = "Systemet kan ikke skiftes. Slet kladden, og begynd forfra, hvis anmodningen er til et andet.";
            vec![Del::Overskrift(system, tekst.to_owned())]
        }
        3 => {
            let afgraensning =
                politik.system(a.system).map(|s| s.myndighedsafgraensning.clone()).unwrap_or_default();
            let parter = politik.data().parter.iter().filter(|p| p.er(Partsart::Myndighed));
            let mulige = parter.filter(|p| afgraensning.is_empty() || afgraensning.contains(&p.cvr));
            let mut valg: Vec<Valg> = mulige
                .map(|p| {
                    Valg::ny(p.cvr.to_string(), p.navn.clone(), a.myndigheder.contains(&p.cvr))
                        .med(format!("CVR {}", p.cvr))
                })
                .collect();
            valg.sort_by_key(|v| v.navn.to_lowercase());
            vec![Del::Liste(
                Felt::valg("myndigheder", "Myndigheder", valg)
                    .hjaelp("Hver myndighed svarer for sig")
                    .fejl(fejl),
            )]
        }
        4 => {
            let i_drift = politik.data().services.iter().filter(|s| {
                s.status == Servicestatus::IDrift || a.services.iter().any(|v| v.service == s.uuid)
            });
            let valg = i_drift.map(|s| {
                let roller: Vec<&str> = s.roller.iter().map(|r| r.navn.as_str()).collect();
                let navn = format!("{} {}", s.nummer, s.navn).trim().to_owned();
                Valg::ny(s.uuid.to_string(), navn, a.services.iter().any(|v| v.service == s.uuid))
                    .med(format!("Roller: {}", roller.join(", ")))
            });
            vec![Del::Kryds(
                Felt::valg("services", "Services", valg.collect())
                    .hjaelp("Vælg kun det, systemet bruger. Godkender ser det hele.")
                    .fejl(fejl),
            )]
        }
        5 => {
            let mut ud: Vec<Del> = a
                .services
                .iter()
                .filter_map(|v| politik.service(v.service).map(|s| af_service(s, v, fejl)))
                .flatten()
                .collect();
            if ud.is_empty() {
                ud.push(Del::Overskrift(
                    "Ingen services er valgt".into(),
                    "Gå tilbage til trin 4, og vælg mindst én.".into(),
                ));
            }
            ud
        }
        6 => {
            let o = &a.formaal;
            let dato = |tid: Instant| vis::dato(tid).tekst;
            vec![
                Del::Langt(
                    tekst("begrundelse", "Begrundelse", &a.begrundelse)
                        .hjaelp("Hvorfor har systemet brug for det? Mindst 40 tegn."),
                ),
                Del::Langt(tekst("formaal", "Formål", &o.formaal)),
                Del::Tekst(tekst("hjemmel", "Hjemmel", &o.hjemmel).hjaelp("Lov og paragraf")),
                Del::Tekst(
                    tekst("kategorier", "Kategorier af personoplysninger", &o.kategorier.join(", "))
                        .valgfri()
                        .hjaelp("Adskilles med komma"),
                ),
                Del::Tekst(
                    tekst("databehandleraftale", "Databehandleraftale", &o.databehandleraftale)
                        .hjaelp("Reference"),
                ),
                Del::Tekst(
                    tekst("underdatabehandlere", "Underdatabehandlere", &o.underdatabehandlere).valgfri(),
                ),
                Del::Tekst(tekst("behandlingssted", "Behandlingssted", &o.behandlingssted).valgfri()),
                Del::Tekst(tekst("driftskontakt", "Kontakt ved drift", &o.driftskontakt)),
                Del::Dato(
                    tekst("fra", "Gyldig fra", &dato(a.gyldig.from))
                        .valgfri()
                        .hjaelp("dd-mm-åååå; fra godkendelsen, hvis feltet er tomt"),
                ),
                Del::Dato(
                    tekst("til", "Gyldig til", &dato(a.gyldig.to))
                        .valgfri()
                        .hjaelp("dd-mm-åååå; til opsigelse, hvis feltet er tomt"),
                ),
            ]
        }
        _ => {
            let valg = vec![Valg::ny(
                "ja",
                "Jeg accepterer vilkår og betingelser for de valgte services",
                a.formaal.vilkaar_accepteret_af.is_some(),
            )];
            vec![Del::Kryds(Felt::valg("vilkaar", "Vilkår", valg).fejl(fejl))]
        }
    }
}

/// Reads a step into a request.
pub(super) fn laes(k: &Besoeg, trin: usize, a: &mut Anmodning) -> Result<(), Vec<Modulfejl>> {
    let f = &k.f.krop;
    let tekst = |navn: &str| f.tekst(navn).trim().to_owned();
    match trin {
        1 => {
            a.navn = tekst("navn");
            a.formaal.aftaletype = laes_type(f.tekst("type")).unwrap_or(a.formaal.aftaletype);
        }
        3 => a.myndigheder = f.saet("myndigheder"),
        4 => {
            let valgte: Vec<Uuid> = f.alle("services").filter_map(|v| v.parse().ok()).collect();
            a.services.retain(|s| valgte.contains(&s.service));
            for service in valgte {
                if k.politik.service(service).is_some() && !a.services.iter().any(|s| s.service == service) {
                    a.services.push(ny_service(k, service));
                }
            }
        }
        5 => {
            for valgt in &mut a.services {
                if let Some(service) = k.politik.service(valgt.service) {
                    laes_service(k, service, valgt);
                }
            }
        }
        6 => {
            a.begrundelse = tekst("begrundelse");
            let o = &mut a.formaal;
            o.formaal = tekst("formaal");
            o.hjemmel = tekst("hjemmel");
            o.kategorier = f
                .tekst("kategorier")
                .split(',')
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
                .collect();
            o.databehandleraftale = tekst("databehandleraftale");
            o.underdatabehandlere = tekst("underdatabehandlere");
            o.behandlingssted = tekst("behandlingssted");
            o.driftskontakt = tekst("driftskontakt");
            let (fra, til) = match (f.dag("fra"), f.dag("til")) {
                (Ok(fra), Ok(til)) => {
                    (fra.unwrap_or(Instant::NEG_INFINITY), til.unwrap_or(Instant::POS_INFINITY))
                }
                (fra, til) => return Err([fra.err(), til.err()].into_iter().flatten().collect()),
            };
            let gyldig = Period::new(fra, til).filter(|p| !p.is_empty());
            a.gyldig = gyldig
                .ok_or_else(|| vec![Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato.")])?;
        }
        7 => a.formaal.vilkaar_accepteret_af = f.har("vilkaar").then(|| k.kald.aktoer.navn.clone()),
        _ => {}
    }
    Ok(())
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
