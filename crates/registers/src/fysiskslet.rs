//! fysiskslet: remove a unit and everything that only exists because of it, history included.

use crate::nabo::{peger_paa, relationer_til};
use crate::tilfoej::Stand;
use adgang::{Adgang, Caller, Operation};
use app::{App, fejl};
use oio::catalog::organisation::{organisationenhed, organisationfunktion};
use oio::catalog::{ADRESSE, ORGANISATIONENHED, ORGANISATIONFUNKTION, ObjektType, Target};
use oio::{Fejl, ObjektId};
use std::collections::HashSet;
use store::Fjernelse;

/// Most units one call may remove.
const UNITS_MAX: usize = 10_000;

/// Removes a unit with its subtree, the functions tied to those units only, and the addresses of either that nothing
/// else uses. The unit must belong to `organisation`.
///
/// # Errors
/// [`Fejl::Ukendt`] when there is no such unit, `Ugyldig` when it belongs to another organisation, `Graense` when the
/// subtree is too large, any other [`Fejl`]. Nothing is removed unless all is.
pub async fn fysiskslet(
    app: &App,
    caller: &Caller,
    organisation: ObjektId,
    enhed: ObjektId,
) -> Result<(), Fejl> {
    let adgang = app.authorize(caller, Operation::Fysiskslet, &ORGANISATIONENHED).await?;
    let rod = stand(app, &adgang, &ORGANISATIONENHED, enhed).await?.ok_or(Fejl::Ukendt(enhed))?;
    if !adgang.kan_skrive(rod.ejer) {
        return Err(Fejl::Ukendt(enhed));
    }
    let tilhoerer = rod.registrering.indhold.relationer(organisationenhed::TILHOERER.navn);
    if !tilhoerer.filter_map(|r| r.uuid()).any(|uuid| uuid == organisation.0) {
        return Err(Fejl::ugyldig("OrganisationUUID", "enheden tilhører ikke denne organisation"));
    }
    let enheder = undertrae(app, &adgang, enhed).await?;
    let funktioner = kun_knyttet_til(app, &adgang, &enheder).await?;
    let adresser = kun_brugt_af(app, &adgang, &enheder, &funktioner).await?;
    let fjernes = [(&ORGANISATIONENHED, enheder), (&ORGANISATIONFUNKTION, funktioner), (&ADRESSE, adresser)];
    let fjernelser: Vec<Fjernelse> = fjernes
        .into_iter()
        .flat_map(|(typ, ids)| ids.into_iter().map(|objekt| Fjernelse { objekt, objekttype: typ.name }))
        .collect();
    app.store().purge(&adgang, app.now(), fjernelser).await.map_err(fejl)
}

async fn stand(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
) -> Result<Option<Stand>, Fejl> {
    let gemt = app.store().load(adgang, typ.name, objekt).await.map_err(fejl)?;
    gemt.as_ref().map(Stand::of).transpose()
}

async fn undertrae(app: &App, adgang: &Adgang, rod: ObjektId) -> Result<HashSet<ObjektId>, Fejl> {
    let mut set = HashSet::from([rod]);
    let mut koe = vec![rod];
    while let Some(enhed) = koe.pop() {
        let boern =
            peger_paa(app, adgang, &ORGANISATIONENHED, organisationenhed::OVERORDNET.navn, enhed).await?;
        koe.extend(boern.into_iter().filter(|barn| set.insert(*barn)));
        if set.len() > UNITS_MAX {
            return Err(Fejl::Graense(format!("undertræet har over {UNITS_MAX} enheder; slet det i dele")));
        }
    }
    Ok(set)
}

/// The functions that point to units among `enheder` and to no other unit.
async fn kun_knyttet_til(
    app: &App,
    adgang: &Adgang,
    enheder: &HashSet<ObjektId>,
) -> Result<HashSet<ObjektId>, Fejl> {
    let navn = organisationfunktion::TILKNYTTEDE_ENHEDER.navn;
    let mut funktioner = HashSet::new();
    for enhed in enheder {
        for funktion in peger_paa(app, adgang, &ORGANISATIONFUNKTION, navn, *enhed).await? {
            let Some(stand) = stand(app, adgang, &ORGANISATIONFUNKTION, funktion).await? else { continue };
            let mut andre =
                stand.registrering.indhold.relationer(navn).filter_map(|r| r.uuid()).map(ObjektId);
            if andre.all(|e| enheder.contains(&e)) {
                funktioner.insert(funktion);
            }
        }
    }
    Ok(funktioner)
}

/// The addresses of these units and functions that no object outside them points to.
async fn kun_brugt_af(
    app: &App,
    adgang: &Adgang,
    enheder: &HashSet<ObjektId>,
    funktioner: &HashSet<ObjektId>,
) -> Result<HashSet<ObjektId>, Fejl> {
    let mut kandidater = HashSet::new();
    for (typ, ids) in [(&ORGANISATIONENHED, enheder), (&ORGANISATIONFUNKTION, funktioner)] {
        for objekt in ids {
            let Some(stand) = stand(app, adgang, typ, *objekt).await? else { continue };
            let adresser = stand.registrering.indhold.relationer(organisationenhed::ADRESSER.navn);
            kandidater.extend(adresser.filter_map(|r| r.uuid()).map(ObjektId));
        }
    }
    let mut kun_her = HashSet::new();
    for adresse in kandidater {
        if !brugt_udenfor(app, adgang, adresse, enheder, funktioner).await?
            && stand(app, adgang, &ADRESSE, adresse).await?.is_some_and(|s| adgang.kan_skrive(s.ejer))
        {
            kun_her.insert(adresse);
        }
    }
    Ok(kun_her)
}

async fn brugt_udenfor(
    app: &App,
    adgang: &Adgang,
    adresse: ObjektId,
    enheder: &HashSet<ObjektId>,
    funktioner: &HashSet<ObjektId>,
) -> Result<bool, Fejl> {
    for (typ, navn) in relationer_til(Target::Adresse) {
        let brugere = peger_paa(app, adgang, typ, navn, adresse).await?;
        if brugere.iter().any(|b| !enheder.contains(b) && !funktioner.contains(b)) {
            return Ok(true);
        }
    }
    Ok(false)
}
