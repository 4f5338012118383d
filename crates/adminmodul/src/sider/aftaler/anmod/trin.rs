//! The fields of each step, and how they are read into a request.

use super::services;
use crate::besoeg::Besoeg;
use crate::felter::{Fejl, Felt, Opslag, Valg};
use crate::vis;
use administration::{Aftaletype, Modulfejl, Partsart, Politik};
use bitemporal::{Instant, Period};
use styring::aftaler::Anmodning;

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
    /// A line of text that can be filled in from a register.
    Opslag(Felt, Opslag),
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

/// The fields of a step, with what is asked for in them.
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
        4 => services::valg(politik, a, fejl),
        5 => services::graenser(politik, a, fejl),
        6 => {
            let o = &a.formaal;
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
                    tekst("fra", "Gyldig fra", &vis::dato(a.gyldig.from).tekst)
                        .valgfri()
                        .hjaelp("dd-mm-åååå; fra godkendelsen, hvis feltet er tomt"),
                ),
                Del::Dato(
                    tekst("til", "Gyldig til", &vis::sidste_dag(a.gyldig.to).tekst)
                        .valgfri()
                        .hjaelp("Sidste dag, dd-mm-åååå; til opsigelse, hvis feltet er tomt"),
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
        4 => services::laes_valg(k, a),
        5 => services::laes_graenser(k, a),
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
            let (fra, til) = match (f.dag("fra"), f.slutdag("til")) {
                (Ok(fra), Ok(til)) => {
                    (fra.unwrap_or(Instant::NEG_INFINITY), til.unwrap_or(Instant::POS_INFINITY))
                }
                (fra, til) => return Err([fra.err(), til.err()].into_iter().flatten().collect()),
            };
            let fra = vis::behold(fra, a.gyldig.from, vis::dato);
            let til = vis::behold(til, a.gyldig.to, vis::sidste_dag);
            let gyldig = Period::new(fra, til).filter(|p| !p.is_empty());
            a.gyldig = gyldig
                .ok_or_else(|| vec![Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato.")])?;
        }
        7 => a.formaal.vilkaar_accepteret_af = f.har("vilkaar").then(|| k.kald.aktoer.navn.clone()),
        _ => {}
    }
    Ok(())
}
