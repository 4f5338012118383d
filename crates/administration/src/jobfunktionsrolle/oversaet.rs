//! What a jobfunktionsrolle that somebody logs in with becomes in a brugervendt system, and why it becomes nothing.

use super::valider::vaerdi;
use super::{Afgraensningsvaerdi, Jobfunktionsrolle, Jobfunktionsrolletilstand, Kendte, Tilknytning};
use crate::brugersystemrolle::Brugersystemrolle;
use crate::foederation::Foederationsaftale;
use crate::system::ItSystem;
use bitemporal::Instant;
use oio::Cvr;

/// A role as an Identity Provider sends it.
#[derive(Debug, Clone, Copy)]
pub struct Sendtrolle<'a> {
    /// Its entityId.
    pub entity_id: &'a str,
    /// Whose it is said to be; `None` when nothing was said.
    pub scope: Option<Cvr>,
    /// What was sent along: names and values.
    pub vaerdier: &'a [(String, String)],
}

/// Where it is sent to.
pub struct Modtagersystem<'a> {
    /// The system.
    pub system: &'a ItSystem,
    /// The agreement by which people log in to it.
    pub aftale: &'a Foederationsaftale,
    /// What there is.
    pub kendte: Kendte<'a>,
    /// What else was said of the person: the values of an attribute.
    pub attribut: &'a dyn Fn(&str) -> Vec<String>,
    /// When.
    pub nu: Instant,
}

/// A role the system is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Givetrolle {
    /// What people call it.
    pub navn: String,
    /// Its entityId.
    pub entity_id: String,
    /// On whose data.
    pub scope: Cvr,
    /// The limits: the name and the entityId of the type, and the value.
    pub graenser: Vec<(String, String, String)>,
}

/// Why a role, or a part of it, becomes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intetgrund {
    /// There is no such jobfunktionsrolle.
    Ukendt,
    /// It is a role of a system, which is not what is to be sent.
    Brugersystemrolle(String),
    /// It is another's, and not delegated now.
    IkkeDelegeret,
    /// It is said to be of another authority than it is.
    Scope(Cvr),
    /// It cannot be used now.
    IkkeIBrug(Jobfunktionsrolletilstand),
    /// It holds nothing of this system.
    IntetISystemet(String),
    /// The role of the system was withdrawn.
    Udgaaet(String),
    /// The agreement does not let it be used.
    IkkeTilladt(String),
    /// It is limited by something the role of the system cannot be limited by: the role, the type.
    UkendtGraense(String, String),
    /// The Identity Provider was to tell a value and did not: the role, the key.
    MangletVaerdi(String, String),
    /// A value that was told is none of its type: the role, and what is wrong.
    ForkertVaerdi(String, String),
    /// The role of the system demands a limit that is not there: the role, the type.
    Kraevet(String, String),
}

impl Intetgrund {
    /// Why, the shortest way out, and who may take it.
    #[must_use]
    pub fn ord(&self) -> (String, String, &'static str) {
        const JFA: &str = "Jobfunktionsrolleadministrator";
        const IDP: &str = "Den, der driver jeres Identity Provider";
        let aktiver = "Aktivér jobfunktionsrollen, eller fjern den fra brugeren.";
        let (hvorfor, ret, hvem) = match self {
            Self::Ukendt => (
                "Der er ingen jobfunktionsrolle med det rolle-id hos jer.".to_owned(),
                "Ret rolle-id'et i jeres Identity Provider, eller opret jobfunktionsrollen.",
                JFA,
            ),
            Self::Brugersystemrolle(navn) => (
                format!("Det er brugersystemrollen {navn}, og den kan ikke sendes direkte."),
                "Send den jobfunktionsrolle, som brugersystemrollen er en del af.",
                IDP,
            ),
            Self::IkkeDelegeret => (
                "Rollen er en anden myndigheds og er ikke delegeret til jer nu.".to_owned(),
                "Bed myndigheden om at delegere rollen til jer, eller accepter delegeringen.",
                JFA,
            ),
            Self::Scope(cvr) => (
                format!("Rollen er sendt for CVR {cvr}, men tilhører en anden myndighed."),
                "Send rollen med CVR-nummeret på den myndighed, der ejer den (Scope).",
                IDP,
            ),
            Self::IkkeIBrug(tilstand) => (format!("Jobfunktionsrollen er {tilstand}."), aktiver, JFA),
            Self::IntetISystemet(system) => (
                format!("Jobfunktionsrollen giver intet i {system}."),
                "Tilknyt en af systemets brugersystemroller.",
                JFA,
            ),
            Self::Udgaaet(navn) => (
                format!("Brugersystemrollen {navn} er udgået."),
                "Erstat den i jobfunktionsrollen med en, systemet udbyder nu.",
                JFA,
            ),
            Self::IkkeTilladt(navn) => (
                format!("Føderationsaftalen tillader ikke brugersystemrollen {navn}."),
                "Afslut aftalen, og anmod om en ny, der tillader rollen.",
                JFA,
            ),
            Self::UkendtGraense(navn, typ) => (
                format!("{navn} kan ikke afgrænses med {typ}."),
                "Fjern afgrænsningen i jobfunktionsrollen.",
                JFA,
            ),
            Self::MangletVaerdi(navn, noegle) => (
                format!("{navn} afgrænses ved login, men billetten har ingen værdi for {noegle}."),
                "Send værdien som Constraint ved rollen eller som attribut.",
                IDP,
            ),
            Self::ForkertVaerdi(navn, hvad) => {
                (format!("{navn}: {hvad}"), "Ret den værdi, der sendes ved login.", IDP)
            }
            Self::Kraevet(navn, typ) => {
                (format!("{navn} kræver en værdi for {typ}."), "Angiv værdien i jobfunktionsrollen.", JFA)
            }
        };
        (hvorfor, ret.to_owned(), hvem)
    }
}

/// What one role became.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Oversat {
    /// What the system is sent.
    pub giver: Vec<Givetrolle>,
    /// What becomes nothing, and why.
    pub intet: Vec<Intetgrund>,
}

/// Turns a role into what the system is sent (§8.6 of Adgangsstyring). `kendt` is the jobfunktionsrolle of that entityId, and
/// whether the party the person works for may use it: its own, or delegated to it now.
#[must_use]
pub fn oversaet(
    sendt: &Sendtrolle<'_>,
    kendt: Option<(&Jobfunktionsrolle, bool)>,
    til: &Modtagersystem<'_>,
) -> Oversat {
    use Jobfunktionsrolletilstand as T;
    let intet = |grund| Oversat { giver: Vec::new(), intet: vec![grund] };
    let Some((rolle, maa)) = kendt else {
        let alle = til.kendte.systemer.iter().flat_map(|s| &s.brugersystemroller);
        let bsr = alle.into_iter().find(|b| b.entity_id == sendt.entity_id);
        return intet(bsr.map_or(Intetgrund::Ukendt, |b| Intetgrund::Brugersystemrolle(b.navn.clone())));
    };
    if !maa {
        return intet(Intetgrund::IkkeDelegeret);
    }
    if let Some(scope) = sendt.scope.filter(|s| *s != rolle.myndighed) {
        return intet(Intetgrund::Scope(scope));
    }
    let tilstand = rolle.tilstand(til.nu);
    if !matches!(tilstand, T::Aktiv | T::Udfases) {
        return intet(Intetgrund::IkkeIBrug(tilstand));
    }
    let mut ud = Oversat::default();
    for t in &rolle.tilknytninger {
        let Some(b) = til.system.brugersystemroller.iter().find(|b| b.uuid == t.rolle) else { continue };
        match en(sendt, t, b, til) {
            Ok(graenser) => ud.giver.push(Givetrolle {
                navn: b.navn.clone(),
                entity_id: b.entity_id.clone(),
                scope: rolle.myndighed,
                graenser,
            }),
            Err(grund) => ud.intet.push(grund),
        }
    }
    if ud.giver.is_empty() && ud.intet.is_empty() {
        ud.intet.push(Intetgrund::IntetISystemet(til.system.navn.clone()));
    }
    ud
}

/// The limits of one role of the system, or why it becomes nothing. Nothing is ever widened: a limit that cannot be filled in
/// takes the role away.
fn en(
    sendt: &Sendtrolle<'_>,
    t: &Tilknytning,
    b: &Brugersystemrolle,
    til: &Modtagersystem<'_>,
) -> Result<Vec<(String, String, String)>, Intetgrund> {
    if b.udfases.is_some_and(|dag| dag <= til.nu) {
        return Err(Intetgrund::Udgaaet(b.navn.clone()));
    }
    if til.aftale.roller.as_ref().is_some_and(|r| !r.contains(&b.uuid)) {
        return Err(Intetgrund::IkkeTilladt(b.navn.clone()));
    }
    let mut ud = Vec::new();
    for v in &t.vaerdier {
        let kan = b.afgraensninger.iter().any(|a| a.entity_id == v.entity_id);
        let Some(typ) = til.kendte.typ(til.system, &v.entity_id).filter(|_| kan) else {
            return Err(Intetgrund::UkendtGraense(b.navn.clone(), v.entity_id.clone()));
        };
        let vaerdier = if v.dynamisk { oplyst(sendt, til, &v.vaerdi) } else { vec![v.vaerdi.clone()] };
        if vaerdier.is_empty() {
            return Err(Intetgrund::MangletVaerdi(b.navn.clone(), v.vaerdi.clone()));
        }
        for oplyst in vaerdier {
            let proevet = Afgraensningsvaerdi { vaerdi: oplyst.clone(), dynamisk: false, ..v.clone() };
            if let Some(fejl) = vaerdi(&proevet, typ, &til.kendte).filter(|_| v.dynamisk) {
                return Err(Intetgrund::ForkertVaerdi(b.navn.clone(), fejl.tekst));
            }
            ud.push((typ.navn.clone(), v.entity_id.clone(), oplyst));
        }
    }
    if let Some(krav) =
        b.afgraensninger.iter().find(|a| a.kraevet && !ud.iter().any(|(_, id, _)| *id == a.entity_id))
    {
        let typ = til.kendte.typ(til.system, &krav.entity_id);
        let navn = typ.map_or(&krav.entity_id, |t| &t.navn);
        return Err(Intetgrund::Kraevet(b.navn.clone(), navn.clone()));
    }
    Ok(ud)
}

/// The values of a parametric key: sent with the role, else as an attribute.
fn oplyst(sendt: &Sendtrolle<'_>, til: &Modtagersystem<'_>, noegle: &str) -> Vec<String> {
    let ved_rollen: Vec<String> =
        sendt.vaerdier.iter().filter(|(n, _)| n == noegle).map(|(_, v)| v.clone()).collect();
    if ved_rollen.is_empty() { (til.attribut)(noegle) } else { ved_rollen }
}
