//! What is told of Identity Providere and føderationsaftaler.

use super::advis::{Advis, Adviseret};
use super::forskel::{Ved, partsnavn, punktum};
use super::frister::{CERTIFIKAT, CERTIFIKAT_ANDRE, Tidsrum};
use super::tabel::Haendelse;
use crate::brugere::sidste_dag;
use administration::{
    Entitet, Foederationsaftale, Foederationstilstand as T, ItSystem, Partsart, Politik, Politikdata,
    Systemtype,
};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeSet;

/// Days before its end on which both sides are told.
const AFTALE: [i64; 3] = [60, 30, 7];

/// What a change of an agreement is told as.
fn aftaleskift(foer: Option<&Foederationsaftale>, f: &Foederationsaftale) -> Option<&'static str> {
    let gammel = foer.map_or(T::Kladde, |g| g.tilstand);
    let halvt = foer.is_some_and(|g| !g.myndighed_ja) && f.myndighed_ja;
    match (gammel, f.tilstand) {
        (_, T::Kladde) if foer.is_none() && f.inviteret => Some("leverandøren inviterer jer"),
        (T::Kladde, T::Anmodet) => Some("anmodet, venter på myndighedens Godkender"),
        (T::Anmodet, T::Anmodet) if halvt => Some("godkendt af myndigheden, venter på leverandøren"),
        (T::Anmodet, T::Godkendt) => Some("godkendt"),
        (T::Anmodet, T::Kladde) => Some("sendt tilbage"),
        (T::Spaerret, T::Godkendt) => Some("spærringen er ophævet"),
        (g, T::Spaerret) if g != T::Spaerret => Some("spærret"),
        (g, T::Ophoert) if g != T::Ophoert => Some("ophørt"),
        _ => None,
    }
}

/// The notices a change of an agreement leads to.
pub(super) fn om_aftale(
    data: &Politikdata,
    foer: Option<&Foederationsaftale>,
    f: &Foederationsaftale,
    ved: &Ved<'_>,
    ud: &mut Vec<Advis>,
) {
    let Some(hvad) = aftaleskift(foer, f) else { return };
    let leverandoer = data.systemer.iter().find(|s| s.uuid == f.system).map(|s| s.leverandoer);
    let parter: BTreeSet<Cvr> =
        [Some(f.myndighed), leverandoer.filter(|_| f.sendt)].into_iter().flatten().collect();
    let (hvem, aarsag) = (partsnavn(data, ved.hvem.part()), punktum(ved.begrundelse));
    let felter = [("hvem", hvem.as_str()), ("hvad", hvad), ("aarsag", aarsag.as_str())];
    let noegle = (ved.version)(Foederationsaftale::ART, f.uuid).to_string();
    for part in parter {
        let objekt = Adviseret::ny(Foederationsaftale::ART, f.uuid, &f.navn);
        let advis = Advis::om(Haendelse::Foederationsaftale, part, objekt, &felter, ved.nu, &noegle);
        ud.push(advis.undtagen(ved.hvem.bruger()).ved_system(f.system));
    }
}

/// The notices a change of an Identity Provider leads to: its authority is told.
pub(super) fn om_idp(
    data: &Politikdata,
    foer: Option<&ItSystem>,
    s: &ItSystem,
    ved: &Ved<'_>,
    ud: &mut Vec<Advis>,
) {
    let Some(nu) = &s.idp else { return };
    let gammel = foer.and_then(|f| f.idp.as_ref());
    let niveau = |i: &administration::Idpprofil| i.nsis.as_ref().map(|n| (n.niveau, n.anmeldelse.clone()));
    let verificeret =
        |i: &administration::Idpprofil| i.nsis.as_ref().is_some_and(|n| n.verificeret.is_some());
    let hvad = match gammel {
        None => "registreret, venter på jeres Godkender",
        Some(g) if g.aarsag.is_none() && nu.aarsag.is_some() => "sendt tilbage",
        Some(g) if g.godkendt.is_none() && nu.godkendt.is_some() => "godkendt",
        Some(g) if niveau(g) != niveau(nu) => "NSIS-niveauet er ændret og skal verificeres",
        Some(g) if !verificeret(g) && verificeret(nu) => "NSIS-niveauet er verificeret",
        Some(_) => return,
    };
    let (hvem, aarsag) = (partsnavn(data, ved.hvem.part()), punktum(ved.begrundelse));
    let felter = [("hvem", hvem.as_str()), ("hvad", hvad), ("aarsag", aarsag.as_str())];
    let noegle = (ved.version)(ItSystem::ART, s.uuid).to_string();
    let objekt = Adviseret::ny(crate::foederation::IDP, s.uuid, &s.navn);
    let advis = Advis::om(Haendelse::Idp, s.leverandoer, objekt, &felter, ved.nu, &noegle);
    ud.push(advis.undtagen(ved.hvem.bruger()));
}

/// Whether a system offers authorities something to build jobfunktionsroller of.
fn tilbyder(s: &ItSystem, nu: Instant) -> bool {
    let brugervendt = s.typer.contains(&Systemtype::BrugervendtSystem);
    brugervendt
        && s.er_aabent(nu)
        && s.brugersystemroller.iter().any(|r| r.udfases.is_none_or(|dag| nu < dag))
}

/// That a system begins to offer something: every authority that may use it is told.
pub(super) fn om_tilbud(
    data: &Politikdata,
    foer: Option<&ItSystem>,
    s: &ItSystem,
    ved: &Ved<'_>,
    ud: &mut Vec<Advis>,
) {
    let nu = ved.nu;
    if !tilbyder(s, nu) || foer.is_some_and(|g| tilbyder(g, nu)) {
        return;
    }
    let hvem = partsnavn(data, s.leverandoer);
    let maa = |cvr: Cvr| s.myndighedsafgraensning.is_empty() || s.myndighedsafgraensning.contains(&cvr);
    for p in data.parter.iter().filter(|p| p.er(Partsart::Myndighed) && maa(p.cvr)) {
        let felter = [("hvem", hvem.as_str()), ("part", p.navn.as_str())];
        let objekt = Adviseret::ny(ItSystem::ART, s.uuid, &s.navn);
        // Told once, however often it stops and begins again.
        let advis = Advis::om(Haendelse::BrugervendtNyt, p.cvr, objekt, &felter, nu, "nyt");
        ud.push(advis.undtagen(ved.hvem.bruger()));
    }
}

/// The agreements that end, and the signing certificates that run out, within a span of time.
pub(super) fn forfaldne(politik: &Politik, rum: Tidsrum, ud: &mut Vec<Advis>) {
    let nu = rum.til();
    for f in &politik.data().foederationsaftaler {
        let Some(frist) = rum.foer(f.gyldig.to, &AFTALE) else { continue };
        let i_brug = matches!(politik.foederationstilstand(f, nu), T::Godkendt | T::Aktiv | T::Spaerret);
        let Some(system) = politik.system(f.system).filter(|_| i_brug) else { continue };
        let (dage, dag) = (frist.ord(), sidste_dag(f.gyldig.to));
        let felter = [("dage", dage.as_str()), ("dato", dag.as_str())];
        for part in BTreeSet::from([f.myndighed, system.leverandoer]) {
            let objekt = Adviseret::ny(Foederationsaftale::ART, f.uuid, &f.navn);
            let noegle = frist.naaet.to_string();
            let advis = Advis::om(Haendelse::FoederationUdloeber, part, objekt, &felter, nu, &noegle);
            ud.push(advis.ved_system(f.system));
        }
    }
    tjenester(politik, rum, ud);
    for idp in politik.data().systemer.iter().filter(|s| s.er_idp() && s.er_aabent(nu)) {
        let Some(slut) = idp.metadata.as_ref().and_then(|m| m.udloeber()) else { continue };
        let Some(frist) = rum.foer(slut, &CERTIFIKAT) else { continue };
        let mut parter = BTreeSet::from([idp.leverandoer]);
        if frist.naaet <= CERTIFIKAT_ANDRE {
            let systemer = politik.foederationsaftaler_af(idp.uuid).filter_map(|f| politik.system(f.system));
            parter.extend(systemer.map(|s| s.leverandoer));
            let alle = politik.data().parter.iter();
            parter.extend(alle.filter(|p| p.er(Partsart::Operatoer)).map(|p| p.cvr));
        }
        let (dage, dag) = (frist.ord(), sidste_dag(slut));
        let felter = [("dage", dage.as_str()), ("dato", dag.as_str())];
        for part in parter {
            let objekt = Adviseret::ny(crate::foederation::IDP, idp.uuid, &idp.navn);
            let noegle = format!("{}:{}", slut.micros(), frist.naaet);
            ud.push(Advis::om(Haendelse::IdpCertifikat, part, objekt, &felter, nu, &noegle));
        }
    }
}

/// The same of the systems people log in to: their suppliers are told.
fn tjenester(politik: &Politik, rum: Tidsrum, ud: &mut Vec<Advis>) {
    let nu = rum.til();
    for s in politik.data().systemer.iter().filter(|s| !s.er_idp() && s.er_aabent(nu)) {
        let Some(slut) = s.metadata.as_ref().and_then(|m| m.udloeber()) else { continue };
        let Some(frist) = rum.foer(slut, &CERTIFIKAT) else { continue };
        let (dage, dag) = (frist.ord(), sidste_dag(slut));
        let felter = [("dage", dage.as_str()), ("dato", dag.as_str())];
        let objekt = Adviseret::ny(ItSystem::ART, s.uuid, &s.navn);
        let noegle = format!("{}:{}", slut.micros(), frist.naaet);
        let advis = Advis::om(Haendelse::Metadatacertifikat, s.leverandoer, objekt, &felter, nu, &noegle);
        ud.push(advis.ved_system(s.uuid));
    }
}
