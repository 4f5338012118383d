//! The roles of a trial: looked up, and turned into what the system would be sent by the one rule there is for that.

use super::laes::ROLLER_MAX;
use crate::foederation::Foederationsvisning;
use crate::skriv;
use crate::{Kald, Styringsfejl, delegeringer};
use administration::{
    Dataafgraensningstype, Entitet, Intetgrund, Jobfunktionsrolle, Kendte, Modtagersystem, Modulfejl,
    Oversat, Sendtrolle, oversaet as en_rolle,
};
use app::App;
use identity::bpp::{Constraint, Gruppe, Laest};
use oio::Cvr;
use std::collections::BTreeMap;

/// A role that was sent.
pub(super) struct Sendt {
    entity_id: String,
    scope: Option<Cvr>,
    vaerdier: Vec<(String, String)>,
    /// Why it is left out before anything is looked up.
    udeladt: Option<String>,
}

/// A role of a trial, and what it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollesvar {
    /// Its entityId.
    pub entity_id: String,
    /// Its name, when the party may use it.
    pub navn: Option<String>,
    /// The authority it was delegated by.
    pub delegeret_af: Option<Cvr>,
    /// What it became.
    pub oversat: Oversat,
    /// Why it was left out as it stood.
    pub udeladt: Option<String>,
}

impl Rollesvar {
    /// Why it, or a part of it, gives nothing: why, the shortest way out, and who may take it.
    #[must_use]
    pub fn hvorfor(&self) -> Vec<(String, String, &'static str)> {
        let udeladt = self.udeladt.iter().map(|grund| {
            let ret = "Ret gruppen i det, jeres Identity Provider sender.".to_owned();
            (format!("Gruppen kan ikke læses: {grund}."), ret, "Den, der driver jeres Identity Provider")
        });
        udeladt.chain(self.oversat.intet.iter().map(Intetgrund::ord)).collect()
    }
}

pub(super) fn af_ider(ider: Vec<String>) -> Vec<Sendt> {
    let en = |entity_id| Sendt { entity_id, scope: None, vaerdier: Vec::new(), udeladt: None };
    ider.into_iter().map(en).collect()
}

/// A group with several roles is as many groups with one each.
pub(super) fn af_bpp(laest: Laest) -> Vec<Sendt> {
    let mut ud = Vec::new();
    for g in laest.grupper {
        let vaerdier: Vec<_> = g.constraints.into_iter().map(|c| (c.navn, c.vaerdi)).collect();
        for entity_id in g.privilegier {
            ud.push(Sendt { entity_id, scope: Some(g.scope), vaerdier: vaerdier.clone(), udeladt: None });
        }
    }
    ud.extend(laest.udeladte.into_iter().map(|u| Sendt {
        entity_id: format!("Gruppe {}", u.plads),
        scope: None,
        vaerdier: Vec::new(),
        udeladt: Some(oio::logtekst(&u.grund.to_string())),
    }));
    ud
}

/// Turns them into what the system would be sent.
///
/// # Errors
/// F-314 when there are too many.
pub(super) async fn oversaet(
    app: &App,
    kald: &Kald,
    v: &Foederationsvisning<'_>,
    sendt: Vec<Sendt>,
    attribut: &(dyn Fn(&str) -> Vec<String> + Sync),
) -> Result<Vec<Rollesvar>, Styringsfejl> {
    if sendt.len() > ROLLER_MAX {
        let tekst = format!("Der er over {ROLLER_MAX} roller. Prøv med færre ad gangen.");
        return Err(Modulfejl::felt("proeves", "F-314", tekst).into());
    }
    let Some(system) = v.system else { return Ok(Vec::new()) };
    let mut kendt: BTreeMap<String, Option<(Jobfunktionsrolle, bool)>> = BTreeMap::new();
    for s in sendt.iter().filter(|s| s.udeladt.is_none()) {
        if !kendt.contains_key(&s.entity_id) {
            let fundet = slaa_op(app, kald, &s.entity_id).await?;
            kendt.insert(s.entity_id.clone(), fundet);
        }
    }
    let politik = app.politik();
    let faelles = Dataafgraensningstype::faelles();
    let til = Modtagersystem {
        system,
        aftale: v.aftale,
        kendte: Kendte { systemer: &politik.data().systemer, faelles: &faelles },
        attribut: &|navn| attribut(navn),
        nu: app.now(),
    };
    let en = |s: Sendt| {
        let fundet = kendt.get(&s.entity_id).and_then(Option::as_ref);
        let rolle = Sendtrolle { entity_id: &s.entity_id, scope: s.scope, vaerdier: &s.vaerdier };
        let oversat = match s.udeladt {
            Some(_) => Oversat::default(),
            None => en_rolle(&rolle, fundet.map(|(r, maa)| (r, *maa)), &til),
        };
        let min = fundet.filter(|(_, maa)| *maa).map(|(r, _)| r);
        Rollesvar {
            navn: min.map(|r| r.navn.clone()),
            delegeret_af: min.map(|r| r.myndighed).filter(|cvr| *cvr != kald.part()),
            oversat,
            udeladt: s.udeladt,
            entity_id: oio::logtekst(&s.entity_id),
        }
    };
    Ok(sendt.into_iter().map(en).collect())
}

/// The role with an entityId, and whether the party may use it now.
async fn slaa_op(
    app: &App,
    kald: &Kald,
    entity_id: &str,
) -> Result<Option<(Jobfunktionsrolle, bool)>, Styringsfejl> {
    let Some(raekke) = app.store().modulpost_unik(Jobfunktionsrolle::ART, entity_id).await? else {
        return Ok(None);
    };
    let rolle: Jobfunktionsrolle = skriv::laes(&raekke)?.post;
    let maa = rolle.myndighed == kald.part() || delegeringer::virker(app, &rolle, kald.part()).await?;
    Ok(Some((rolle, maa)))
}

/// What the system would be sent, each once.
pub(super) fn grupper(roller: &[Rollesvar]) -> Vec<Gruppe> {
    let mut ud: Vec<Gruppe> = Vec::new();
    for g in roller.iter().flat_map(|r| &r.oversat.giver) {
        let constraint = |(_, navn, vaerdi): &(String, String, String)| Constraint {
            navn: navn.clone(),
            vaerdi: vaerdi.clone(),
        };
        let gruppe = Gruppe {
            scope: g.scope,
            privilegier: vec![g.entity_id.clone()],
            constraints: g.graenser.iter().map(constraint).collect(),
        };
        if !ud.contains(&gruppe) {
            ud.push(gruppe);
        }
    }
    ud
}
