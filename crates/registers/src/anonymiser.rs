//! anonymiser: take a person's name and CPR number out of every registrering there ever was.

use crate::nabo::peger_paa;
use crate::soeg::{Side, find};
use crate::tilfoej::{Stand, tilfoej};
use adgang::{Adgang, Caller, Operation};
use app::{App, fejl};
use bitemporal::Instant;
use oio::catalog::organisation::{bruger, person};
use oio::catalog::{BRUGER, BRUGERVENDT_NOEGLE, Field, ObjektType, PERSON};
use oio::model::{Egenskab, Livscyklus, Registrering, Vaerdi};
use oio::operation::{Anonymiser, Skabelon, SoegEgenskab, SoegRegistrering, SoegVirkning};
use oio::{Fejl, ObjektId, krop};
use store::Omskrivning;

/// What the name becomes.
const NAVN: &str = "Anonymiseret";

/// Anonymises a person, and every user that was only ever linked to that person. UUIDs stay.
///
/// # Errors
/// [`Fejl::Ukendt`] when there is no such person; any other [`Fejl`]. Nothing is changed unless all is.
pub async fn anonymiser(app: &App, caller: &Caller, valg: Anonymiser) -> Result<(), Fejl> {
    let adgang = app.authorize(caller, Operation::Anonymiser, &PERSON).await?;
    let personer = match valg {
        Anonymiser::Uuid(person) => vec![person],
        Anonymiser::Cpr(cpr) => med_cpr(app, &adgang, cpr).await?,
    };
    let mut omskrivninger = Vec::new();
    for objekt in personer {
        let Some(person) = omskriv(app, &adgang, &PERSON, objekt).await? else { continue };
        omskrivninger.push(person);
        for bruger in brugere(app, &adgang, objekt).await? {
            omskrivninger.extend(omskriv(app, &adgang, &BRUGER, bruger).await?);
        }
    }
    if omskrivninger.is_empty() {
        return Err(Fejl::Ukendt(ObjektId(uuid::Uuid::nil())));
    }
    app.store().rewrite(&adgang, app.now(), omskrivninger).await.map_err(fejl)
}

/// The persons with this CPR number at any time, in use or not. A number that only stands in earlier registreringer is not
/// looked for; such a person is named by UUID.
async fn med_cpr(app: &App, adgang: &Adgang, cpr: String) -> Result<Vec<ObjektId>, Fejl> {
    let mut personer = Vec::new();
    let altid = SoegVirkning {
        fra: Some(Instant::NEG_INFINITY),
        til: Some(Instant::POS_INFINITY),
        ..SoegVirkning::default()
    };
    for livscyklus in [None, Some(Livscyklus::Passiveret)] {
        let skabelon = Skabelon {
            registrering: SoegRegistrering { livscyklus, ..SoegRegistrering::default() },
            virkning: altid.clone(),
            egenskaber: vec![SoegEgenskab {
                felter: vec![(person::CPR_NUMMER.navn, cpr.clone())],
                ..SoegEgenskab::default()
            }],
            ..Skabelon::default()
        };
        personer.extend(find(app, adgang, &PERSON, &skabelon, &[], Side::ALT).await?);
    }
    Ok(personer)
}

/// The users whose every link to a person, in all history, is to this one.
async fn brugere(app: &App, adgang: &Adgang, person: ObjektId) -> Result<Vec<ObjektId>, Fejl> {
    let link = bruger::TILKNYTTEDE_PERSONER.navn;
    let mut kandidater = peger_paa(app, adgang, &BRUGER, link, person).await?;
    let ude_af_brug = Skabelon {
        registrering: SoegRegistrering {
            livscyklus: Some(Livscyklus::Passiveret),
            ..SoegRegistrering::default()
        },
        ..Skabelon::default()
    };
    kandidater.extend(find(app, adgang, &BRUGER, &ude_af_brug, &[], Side::ALT).await?);
    let mut kun_denne = Vec::new();
    for bruger in kandidater {
        let historie = historie(app, adgang, &BRUGER, bruger).await?;
        let mut links =
            historie.iter().flat_map(|r| r.indhold.relationer(link)).filter_map(|r| r.uuid()).peekable();
        if links.peek().is_some() && links.all(|uuid| uuid == person.0) {
            kun_denne.push(bruger);
        }
    }
    Ok(kun_denne)
}

async fn historie(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
) -> Result<Vec<Registrering>, Fejl> {
    let fundet = app.store().history(adgang, typ.name, objekt).await.map_err(fejl)?;
    let kroppe = fundet.map(|(_, kroppe)| kroppe).unwrap_or_default();
    kroppe.iter().map(|k| krop::decode(k).map_err(Fejl::intern)).collect()
}

/// The rewrite of one object's whole history, and the new registrering that says it happened.
async fn omskriv(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
) -> Result<Option<Omskrivning>, Fejl> {
    let Some(gemt) = app.store().load(adgang, typ.name, objekt).await.map_err(fejl)? else { return Ok(None) };
    if !adgang.kan_skrive(gemt.ejer) {
        return Err(Fejl::Afvist("objektet ejes af en anden myndighed og kan kun ændres af den".into()));
    }
    let foer = Stand::of(&gemt)?;
    let mut historie = historie(app, adgang, typ, objekt).await?;
    for registrering in &mut historie {
        registrering.indhold.egenskaber.iter_mut().for_each(|e| anonym(typ, objekt, e));
    }
    let mut ny = foer.registrering.clone();
    ny.indhold.egenskaber.iter_mut().for_each(|e| anonym(typ, objekt, e));
    ny.tidspunkt = app.now().max(foer.registrering.tidspunkt.next());
    ny.bruger_ref = Some(adgang.bruger_ref.clone());
    ny.note = Some("Anonymiseret".into());
    Ok(Some(Omskrivning {
        kroppe: historie.iter().map(|r| (r.tidspunkt, krop::encode(r))).collect(),
        tilfoejelse: tilfoej(typ, objekt, gemt.ejer, Some(&foer.registrering), &[ny], "Ret"),
    }))
}

/// The attribute record without what identifies the person. The key stays unique: it is made from the UUID.
fn anonym(typ: &ObjektType, objekt: ObjektId, egenskab: &mut Egenskab) {
    let noegle = format!("anonym-{objekt}");
    egenskab.felter.retain(|(navn, _)| *navn != person::CPR_NUMMER.navn);
    egenskab.virkning.note = None;
    let navnefelt: &Field = if *typ == PERSON { &person::NAVN } else { &bruger::BRUGERNAVN };
    let navn = if *typ == PERSON { NAVN.to_owned() } else { noegle.clone() };
    for (felt, vaerdi) in &mut egenskab.felter {
        if *felt == BRUGERVENDT_NOEGLE.navn {
            *vaerdi = Vaerdi::Tekst(noegle.clone());
        } else if *felt == navnefelt.navn {
            *vaerdi = Vaerdi::Tekst(navn.clone());
        }
    }
}
