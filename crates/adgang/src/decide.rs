//! The decision itself.

use crate::afvist::flagnavn;
use crate::bevilling::{Mangel, bevillinger};
use crate::{Adgang, Afvist, Caller, Graense, Hvordan, Operation};
use administration::{Politik, Privilegium, Service};
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// Decides one call.
///
/// A caller with a certificate may do what its agreement gives. A caller with a token may do what the token gives *and*
/// the agreement still gives: both lists are judged by the same rules, and what both grant is granted.
///
/// # Errors
/// [`Afvist`], naming the rule that refuses it.
pub fn decide(
    politik: &Politik,
    caller: &Caller,
    operation: Operation,
    komponent: impl Into<&'static str>,
    objekttype: &'static str,
    nu: Instant,
) -> Result<Adgang, Afvist> {
    let services = services(politik, caller, komponent.into())?;
    let (service, myndighed) = kontekst(politik, caller, &services, nu)?;
    repraesentation(politik, caller, service, myndighed, nu)?;
    let aftalt = politik.privilegier_af(caller.berettiget(), myndighed, service.uuid, nu);
    if aftalt.is_empty() {
        return Err(ikke_i_kraft(politik, caller, operation, service, myndighed, nu));
    }
    let (aftaler, privilegier): (Vec<(Uuid, &str)>, Vec<Privilegium>) =
        aftalt.into_iter().map(|(a, p)| ((a.uuid, a.navn.as_str()), p)).unzip();
    let af_token = match &caller.hvordan {
        Hvordan::Certifikat => None,
        Hvordan::Token { privilegier, .. } => {
            let givet = bevillinger(service, privilegier, myndighed, operation);
            Some(givet.map_err(|mangel| afvist(service, None, mangel, operation, myndighed))?)
        }
    };
    let af_aftale = bevillinger(service, &privilegier, myndighed, operation)
        .map_err(|mangel| afvist(service, aftaler.first().map(|a| a.1), mangel, operation, myndighed))?;
    let aftale = af_aftale.first().and_then(|(i, _)| aftaler.get(*i)).map(|a| a.0);
    let graenser: Vec<Graense> = match af_token {
        None => af_aftale.into_iter().map(|(_, graense)| graense).collect(),
        Some(af_token) => {
            let begge = |(_, token): &(usize, Graense)| {
                let token = token.clone();
                af_aftale.iter().map(move |(_, aftale)| token.og(aftale))
            };
            af_token.iter().flat_map(begge).collect()
        }
    };
    Ok(Adgang::granted(caller, operation, objekttype, myndighed, aftale, graenser))
}

/// The services the call can be under: the one the token is for, else all that the register or index answers.
fn services<'p>(
    politik: &'p Politik,
    caller: &Caller,
    register: &'static str,
) -> Result<Vec<&'p Service>, Afvist> {
    let services: Vec<&Service> = match &caller.hvordan {
        Hvordan::Certifikat => politik.services_for(register).collect(),
        Hvordan::Token { audience, .. } => {
            let service = politik.service_med(audience).filter(|s| s.er_for(register));
            let forkert = || Afvist::ForkertService { audience: audience.clone(), register };
            vec![service.ok_or_else(forkert)?]
        }
    };
    if services.is_empty() { Err(Afvist::IngenService { register }) } else { Ok(services) }
}

/// The service and authority the call is for: the authority it names, else the only one there is.
fn kontekst<'p>(
    politik: &Politik,
    caller: &Caller,
    services: &[&'p Service],
    nu: Instant,
) -> Result<(&'p Service, Cvr), Afvist> {
    let system = caller.berettiget();
    // There is at least one service; the first stands in explanations when none has an agreement.
    let foerste = services.first().copied().ok_or(Afvist::IngenService { register: "" })?;
    let aftalte = |service: &&'p Service| {
        let service: &'p Service = service;
        politik.kontekster(system, service.uuid, nu).into_iter().map(move |cvr| (service, cvr))
    };
    let ingen =
        || Afvist::IngenAftale { system: caller.berettiget_navn().into(), service: foerste.navn.clone() };
    match (caller.myndighed, &caller.hvordan) {
        (Some(myndighed), _) => {
            let med = services.iter().find(|s| politik.har_aftale(system, myndighed, s.uuid, nu));
            Ok((med.copied().unwrap_or(foerste), myndighed))
        }
        (None, Hvordan::Token { .. }) => Err(Afvist::ForkertKontekst { myndighed: None }),
        (None, Hvordan::Certifikat) => {
            // What is not in force stands in the explanation, when there is nothing else.
            let kendte: Vec<_> = services
                .iter()
                .flat_map(|s| politik.kendte_kontekster(system, s.uuid).map(move |cvr| (*s, cvr)))
                .collect();
            let mut i_kraft: Vec<_> = services.iter().flat_map(aftalte).collect();
            // What a system tries does not make it unclear whom it acts for otherwise.
            let proeve = |(s, cvr): &(&Service, Cvr)| politik.kun_proeve(system, *cvr, s.uuid, nu);
            if i_kraft.iter().any(|k| !proeve(k)) {
                i_kraft.retain(|k| !proeve(k));
            } else if !i_kraft.is_empty() {
                // Nor are invented data given in place of what was agreed and has stopped: then the authority must be named.
                let stoppet = |(s, cvr): &&(&Service, Cvr)| har_stoppet(politik, system, *cvr, s.uuid, nu);
                i_kraft.extend(kendte.iter().filter(stoppet).copied());
            }
            let mut alle = if i_kraft.is_empty() { kendte } else { i_kraft }.into_iter();
            let foerste = alle.next().ok_or_else(ingen)?;
            if alle.any(|(_, cvr)| cvr != foerste.1) {
                return Err(Afvist::FlereMyndigheder { system: caller.berettiget_navn().into() });
            }
            Ok(foerste)
        }
    }
}

/// Whether anything but a trial was in force between a system and an authority about a service, and is not now.
fn har_stoppet(politik: &Politik, system: Uuid, myndighed: Cvr, service: Uuid, nu: Instant) -> bool {
    use administration::Aftaletilstand::{Hvilende, Ophoert, Spaerret, Udloebet};
    politik.aftaler(system, myndighed, service, nu).iter().any(|g| {
        !g.aftale.proevetilslutning && matches!(g.tilstand, Spaerret | Hvilende | Udloebet | Ophoert)
    })
}

/// Acting for another must still be allowed, in one of the two ways.
fn repraesentation(
    politik: &Politik,
    caller: &Caller,
    service: &Service,
    myndighed: Cvr,
    nu: Instant,
) -> Result<(), Afvist> {
    let Some(anden) = &caller.paa_vegne_af else { return Ok(()) };
    politik
        .repraesentation(caller.system, myndighed, service.uuid, anden.system, nu)
        .map_err(Afvist::PaaVegneAf)
}

/// Why no agreement gives anything now.
fn ikke_i_kraft(
    politik: &Politik,
    caller: &Caller,
    operation: Operation,
    service: &Service,
    myndighed: Cvr,
    nu: Instant,
) -> Afvist {
    let (system, navn) = (caller.berettiget(), caller.berettiget_navn());
    let aftaler = politik.aftaler(system, myndighed, service.uuid, nu);
    if let Some(tom) = aftaler.iter().find(|g| g.i_kraft()) {
        return afvist(service, Some(&tom.aftale.navn), Mangel::Rolle, operation, myndighed);
    }
    if let Some(g) = aftaler.iter().min_by_key(|g| g.forklaringsorden()) {
        if let Some(slut) = g.proeve_slut() {
            return Afvist::ProeveSlut { aftale: g.aftale.navn.clone(), slut, myndighed };
        }
        let lukket = (g.tilstand == administration::Aftaletilstand::Hvilende).then(|| {
            let lukket = politik.lukket(system, service.uuid, nu);
            let lukket = lukket.or_else(|| politik.uden_testdata(g.aftale, myndighed));
            lukket.unwrap_or_else(|| format!("{navn} ikke er registreret til at handle for myndigheden"))
        });
        let (aftale, tilstand) = (g.aftale.navn.clone(), g.tilstand);
        return Afvist::AftaleIkkeIKraft { aftale, tilstand, myndighed, lukket };
    }
    let (system_navn, service_navn) = (navn.to_owned(), service.navn.clone());
    if politik.kontekster(system, service.uuid, nu).is_empty() {
        return Afvist::IngenAftale { system: system_navn, service: service_navn };
    }
    Afvist::IngenAftaleMed { system: system_navn, service: service_navn, myndighed }
}

/// The refusal that follows from what is missing in the token (`aftale` is `None`) or in the agreement.
fn afvist(
    service: &Service,
    aftale: Option<&str>,
    mangel: Mangel,
    operation: Operation,
    myndighed: Cvr,
) -> Afvist {
    let aftale = aftale.map(str::to_owned);
    match mangel {
        Mangel::Scope if aftale.is_none() => Afvist::ForkertKontekst { myndighed: Some(myndighed) },
        Mangel::Scope | Mangel::Rolle => {
            let rolle = service.rolle_til(operation.as_str());
            let rolle = rolle.map_or_else(|| operation.as_str().to_owned(), |r| r.navn.clone());
            Afvist::ManglerRolle { aftale, rolle, myndighed }
        }
        Mangel::Ukendt(uri) => {
            Afvist::UkendtAfgraensning { aftale, uri, service: service.navn.clone(), myndighed }
        }
        Mangel::Kraevet(navn) => Afvist::ManglerAfgraensning { aftale, navn, myndighed },
        Mangel::Flag(art) => {
            Afvist::ManglerAfgraensning { aftale, navn: format!("{}=Ja", flagnavn(art)), myndighed }
        }
    }
}
