//! A føderationsaftale asked for, a draft corrected, or an authority invited.

use super::aftale::ord;
use super::idpfelter::{niveauer, valgt_niveau};
use super::{AFTALER, STI};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use crate::vis;
use administration::{
    Emne, Foederationsaftale, Handling, ItSystem, Modulfejl, Modulrolle, Partsart, Systemtilstand,
};
use askama::Template;
use bitemporal::{Instant, Period};
use std::collections::BTreeSet;
use styring::foederation::{self, Foederationsfelter};
use styring::systemer::maerke;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "foederation/felter.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    maerke: String,
    overhalet: Vec<(&'static str, String)>,
    /// A supplier invites, rather than an authority asking.
    inviter: bool,
    /// The system cannot be another one any more.
    fast: Option<String>,
    system: Felt,
    idp: Felt,
    myndighed: Felt,
    parter: Vec<(String, String)>,
    nsis: Felt,
    attributter: Felt,
    fra: Felt,
    til: Felt,
    maade: Felt,
    roller: Felt,
    fejl: Fejl,
}

/// What the form says, and what of it is not understood.
fn laes(f: &Formular) -> (Foederationsfelter, Vec<Modulfejl>) {
    let mut fejl = Vec::new();
    let mut dag = |laest: Result<Option<Instant>, _>| laest.map_err(|e| fejl.push(e)).ok().flatten();
    let fra = dag(f.dag("fra")).unwrap_or(Instant::NEG_INFINITY);
    let til = dag(f.slutdag("til")).unwrap_or(Instant::POS_INFINITY);
    let gyldig = Period::new(fra, til).filter(|g| !g.is_empty());
    if gyldig.is_none() {
        fejl.push(Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato."));
    }
    let myndighed = f.valgt("myndighed").and_then(|m| {
        let cvr = m.parse().ok();
        if cvr.is_none() {
            fejl.push(Modulfejl::felt("myndighed", "A-008", "Ugyldigt CVR-nummer."));
        }
        cvr
    });
    let linjer = f.tekst("attributter").lines().map(|l| l.trim().to_owned());
    let felter = Foederationsfelter {
        system: f.som("system"),
        idp: f.som("idp"),
        myndighed,
        nsis: valgt_niveau(f),
        attributter: linjer.filter(|l| !l.is_empty()).collect(),
        gyldig: gyldig.unwrap_or(Period::ALWAYS),
        roller: (f.tekst("maade") == "liste").then(|| f.saet("roller")),
    };
    (felter, fejl)
}

/// The authority's own Identity Providere.
fn idper(k: &Besoeg, valgt: Option<Uuid>) -> Vec<Valg> {
    let egne = k
        .politik
        .systemer_hos(k.kald.part())
        .filter(|s| s.er_idp() && !matches!(s.tilstand, Systemtilstand::Kladde | Systemtilstand::Lukket));
    let mut ud = vec![Valg::ny("", "Vælg", valgt.is_none())];
    ud.extend(egne.map(|s| Valg::ny(s.uuid.to_string(), s.navn.clone(), valgt == Some(s.uuid))));
    ud
}

/// The systems to choose among, each with what it demands.
fn systemer(muligheder: &[&ItSystem], valgt: Option<Uuid>) -> Vec<Valg> {
    let navn = |s: &ItSystem| {
        s.nsis_kraevet.map_or_else(|| s.navn.clone(), |n| format!("{} (kræver NSIS {n})", s.navn))
    };
    let mut ud = vec![Valg::ny("", "Vælg", valgt.is_none())];
    ud.extend(muligheder.iter().map(|s| Valg::ny(s.uuid.to_string(), navn(s), valgt == Some(s.uuid))));
    ud
}

/// The roles of the system chosen. There are none to choose among before one is.
fn roller(system: Option<&ItSystem>, valgt: Option<&BTreeSet<Uuid>>) -> Vec<Valg> {
    let hver = system.into_iter().flat_map(|s| &s.brugersystemroller);
    hver.map(|r| Valg::ny(r.uuid.to_string(), r.navn.clone(), valgt.is_some_and(|v| v.contains(&r.uuid))))
        .collect()
}

async fn felter_side(
    k: &Besoeg,
    nu: Option<&Foederationsaftale>,
    v: &Foederationsfelter,
    fejl: Fejl,
) -> Result<Side, Sidefejl> {
    let f = &k.f.krop;
    let inviter = nu.is_none() && inviterer(k);
    let titel = match nu {
        Some(n) if n.inviteret && n.idp.is_none() => "Svar på invitation",
        Some(_) => "Ret føderationsaftale",
        None if inviter => "Invitér en myndighed",
        None => "Anmod om føderationsaftale",
    };
    let mut ramme =
        k.ramme(titel, AFTALER).await.under(STI, "Føderation").under(AFTALER, "Føderationsaftaler");
    let mut tilbage = AFTALER.to_owned();
    if let Some(nu) = nu {
        tilbage = format!("{AFTALER}/{}", nu.uuid);
        ramme = ramme.under(tilbage.clone(), nu.navn.clone());
    }
    let muligheder =
        if nu.is_some() { Vec::new() } else { foederation::muligheder(&k.kald, &k.politik, k.nu()) };
    let system = v.system.and_then(|s| k.politik.system(s));
    let system = system.filter(|s| nu.is_some() || muligheder.iter().any(|m| m.uuid == s.uuid));
    let skrevet = |navn: &str, ellers: String| if f.har(navn) { f.tekst(navn).to_owned() } else { ellers };
    let mut parter: Vec<(String, String)> = Vec::new();
    if inviter {
        let alle = k.politik.data().parter.iter().filter(|p| p.er(Partsart::Myndighed));
        parter.extend(alle.map(|p| (p.cvr.to_string(), p.navn.clone())));
        parter.sort_by_key(|(_, navn)| navn.to_lowercase());
    }
    let maader = [("alle", "Alle systemets roller"), ("liste", "Kun disse")];
    let liste = v.roller.is_some();
    let overhalet = match nu {
        Some(n) if fejl.overhalet() => {
            let politik = k.t().app.politik();
            ord(k, &foederation::hent(&k.kald, &politik, n.uuid, k.nu())?)
        }
        _ => Vec::new(),
    };
    Ok(Side {
        ramme,
        sti: if nu.is_some() { format!("{tilbage}/ret") } else { format!("{AFTALER}/ny") },
        tilbage,
        maerke: k.maerke("maerke", &fejl, nu.map_or_else(String::new, maerke)),
        overhalet,
        inviter,
        fast: nu.map(|_| system.map_or_else(String::new, |s| s.navn.clone())),
        system: Felt::valg("system", "Brugervendt system", systemer(&muligheder, v.system)).fejl(&fejl),
        idp: Felt::valg("idp", "Identity Provider", idper(k, v.idp))
            .hjaelp("Kun dem, jeres Godkender har godkendt. I kan gemme en kladde uden")
            .fejl(&fejl),
        myndighed: Felt::ny("myndighed", "Myndighed (CVR)", skrevet("myndighed", String::new()))
            .hjaelp("Otte cifre. Myndigheden vælger selv sin Identity Provider")
            .fejl(&fejl),
        parter,
        nsis: Felt::valg("nsis", "Mindste NSIS-niveau", niveauer("Det, systemet kræver", v.nsis))
            .hjaelp("Vælg kun et, hvis aftalen skal kræve mere end systemet selv")
            .fejl(&fejl),
        attributter: Felt::ny("attributter", "Attributter, der udleveres", v.attributter.iter().cloned().collect::<Vec<_>>().join("\n"))
            .valgfri()
            .hjaelp("Ud over det, et login altid indeholder: én på hver linje, for eksempel dk:gov:saml:attribute:CvrNumberIdentifier")
            .fejl(&fejl),
        fra: Felt::ny("fra", "Gyldig fra", skrevet("fra", vis::dato(v.gyldig.from).tekst))
            .valgfri()
            .hjaelp("dd-mm-åååå; når aftalen er godkendt, hvis feltet er tomt")
            .fejl(&fejl),
        til: Felt::ny("til", "Gyldig til og med", skrevet("til", vis::sidste_dag(v.gyldig.to).tekst))
            .valgfri()
            .hjaelp("dd-mm-åååå; indtil den afsluttes, hvis feltet er tomt")
            .fejl(&fejl),
        maade: Felt::valg(
            "maade",
            "Roller tilladt",
            maader.map(|(id, navn)| Valg::ny(id, navn, (id == "liste") == liste)).to_vec(),
        ),
        roller: Felt::valg("roller", "Brugersystemroller", roller(system, v.roller.as_ref())).valgfri().fejl(&fejl),
        fejl,
    })
}

/// Whether the person invites for a supplier, rather than asks for an authority.
fn inviterer(k: &Besoeg) -> bool {
    !k.kald.aktoer.har(Modulrolle::Jobfunktionsrolleadministrator)
        && k.kald.aktoer.har(Modulrolle::Leverandoeradministrator)
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    let valgt: Option<Uuid> = k.f.query.som("system");
    let felter = Foederationsfelter { system: valgt, ..Foederationsfelter::default() };
    side(&felter_side(&k, None, &felter, Fejl::default()).await?)
}

/// Makes one: as a draft, or sent.
pub async fn opret(k: Besoeg) -> Svar {
    let (felter, mut fejl) = laes(&k.f.krop);
    let (app, send) = (&k.t().app, k.f.krop.tekst("knap") != "kladde");
    if felter.system.is_none() {
        fejl.insert(0, Modulfejl::mangler("system", "Brugervendt system"));
    }
    if fejl.is_empty() {
        let (gjort, tekst) = if inviterer(&k) {
            (foederation::inviter(app, &k.kald, &felter).await, "Myndigheden er inviteret.")
        } else if send {
            let tekst = "Anmodningen er sendt og venter på jeres Godkender.";
            (foederation::anmod(app, &k.kald, &felter, true).await, tekst)
        } else {
            (foederation::anmod(app, &k.kald, &felter, false).await, "Kladden er gemt.")
        };
        match gjort {
            Ok(uuid) => return k.videre(&format!("{AFTALER}/{uuid}"), tekst),
            Err(afvist) => fejl = Fejl::af(afvist)?.0,
        }
    }
    side_igen(&felter_side(&k, None, &felter, Fejl(fejl)).await?)
}

fn hent(k: &Besoeg) -> Result<Foederationsaftale, Sidefejl> {
    let politik = k.t().app.politik();
    let v = foederation::hent(&k.kald, &politik, k.f.uuid("id")?, k.nu())?;
    foederation::ret_maa(&k.kald, v.aftale)?;
    if v.tilstand == administration::Foederationstilstand::Kladde {
        return Ok(v.aftale.clone());
    }
    k.kald.kraev(Emne::Foederationsaftale, Handling::Opret)?;
    let tekst = "Føderationsaftalen er sendt og kan ikke rettes. Bliver den sendt tilbage, kan den.";
    Err(Modulfejl::ny("F-308", tekst).into())
}

/// The form for a draft.
pub async fn vis_ret(k: Besoeg) -> Svar {
    let nu = hent(&k)?;
    side(&felter_side(&k, Some(&nu), &Foederationsfelter::af(&nu), Fejl::default()).await?)
}

/// Corrects a draft, and sends it or not.
pub async fn ret(k: Besoeg) -> Svar {
    let nu = hent(&k)?;
    let (mut felter, fejl) = laes(&k.f.krop);
    felter.system = Some(nu.system);
    if !fejl.is_empty() {
        return side_igen(&felter_side(&k, Some(&nu), &felter, Fejl(fejl)).await?);
    }
    let send = k.f.krop.tekst("knap") != "kladde";
    let vist = k.f.krop.tekst("maerke");
    match foederation::ret(&k.t().app, &k.kald, nu.uuid, vist, &felter, send).await {
        Ok(()) => {
            let tekst =
                if send { "Anmodningen er sendt og venter på jeres Godkender." } else { "Kladden er gemt." };
            k.videre(&format!("{AFTALER}/{}", nu.uuid), tekst)
        }
        Err(fejl) => {
            let objekt = ("foederationsaftale", nu.uuid, nu.navn.as_str());
            let (status, fejl) = k.igen(fejl, objekt, nu.myndighed).await?;
            side_med(status, &felter_side(&k, Some(&hent(&k)?), &felter, fejl).await?)
        }
    }
}
