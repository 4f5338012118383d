//! An agreement in force: blocked at once, opened again, given notice of, confirmed.

use super::proeve::ikke_proeve;
use super::{Aftalevisning, find, om_et_aar, tilstand};
use crate::fejl::Samling;
use crate::skriv::{self, i_dag};
use crate::{Kald, Styringsfejl};
use administration::{
    Aftalehaendelse, Aftalepart, Aftaletilstand, Emne, Handling, Modulfejl, Partsart, Politik, Serviceaftale,
    overgang,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use store::Loglinjeslags;
use uuid::Uuid;

/// Blocks an agreement at once: an authority for itself, the supplier and who runs the installation for the authority
/// named. No version sets it aside, whenever it was approved; one that notice was given of still ends on its day.
///
/// # Errors
/// A-006 without a reason; G-210.
pub async fn spaer(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    myndighed: Cvr,
    aarsag: &str,
) -> Result<(), Styringsfejl> {
    kald.kraev(Emne::Aftalespaerring, Handling::Ret)?;
    kraev_tekst(aarsag)?;
    let hvad = (Emne::Aftalespaerring, "spær serviceaftale");
    skift(app, kald, (uuid, myndighed), hvad, aarsag, |part, nu_tilstand, _| {
        part.spaer(nu_tilstand, kald.part(), aarsag).map_err(tilstand)
    })
    .await
}

/// Lifts a block: whoever set it does. What an authority has stopped, no supplier starts again, its own one included.
///
/// # Errors
/// G-210; G-212 when somebody else set it.
pub async fn ophaev(app: &App, kald: &Kald, uuid: Uuid, myndighed: Cvr) -> Result<(), Styringsfejl> {
    kald.kraev(Emne::Aftalespaerring, Handling::Ret)?;
    let hvad = (Emne::Aftalespaerring, "ophæv spærring af serviceaftale");
    skift(app, kald, (uuid, myndighed), hvad, "", |part, nu_tilstand, system| {
        overgang(nu_tilstand, Aftalehaendelse::Ophaev).map_err(tilstand)?;
        kun_den_selv(app, kald, part.spaerret_af.unwrap_or(myndighed))?;
        ophaever(kald, part, system)?;
        part.ophaev(nu_tilstand).map_err(tilstand)
    })
    .await
}

/// What the authority has blocked takes a role of the authority's, also when its supplier is the same party.
fn ophaever(kald: &Kald, part: &Aftalepart, system: Uuid) -> Result<(), Modulfejl> {
    if part.spaerret_af.is_some_and(|cvr| cvr != part.myndighed) {
        return Ok(());
    }
    let myndigheden = [Partsart::Myndighed, Partsart::Operatoer];
    kald.aktoer.kraev_som(&myndigheden, Emne::Aftalespaerring, Handling::Ret, system).map(drop)
}

/// Gives notice: the agreement ends on a day, today at the earliest.
///
/// # Errors
/// A-006 without a reason; A-009 for a day in the past; G-210.
pub async fn opsig(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    myndighed: Cvr,
    dag: Instant,
    aarsag: &str,
) -> Result<(), Styringsfejl> {
    kald.kraev(Emne::Aftaleopsigelse, Handling::Ret)?;
    kraev_tekst(aarsag)?;
    let nu = app.now();
    if dag < i_dag(nu) {
        return Err(
            Modulfejl::felt("dag", "A-009", "Datoen ligger før i dag. Vælg i dag eller senere.").into()
        );
    }
    let hvad = (Emne::Aftaleopsigelse, "opsig serviceaftale");
    skift(app, kald, (uuid, myndighed), hvad, aarsag, |part, nu_tilstand, _| {
        part.opsig(nu_tilstand, dag.max(nu), aarsag).map_err(tilstand)
    })
    .await
}

/// G-212: a block is lifted by the party that set it.
pub(crate) fn kun_den_selv(app: &App, kald: &Kald, spaerret_af: Cvr) -> Result<(), Modulfejl> {
    if spaerret_af == kald.part() {
        return Ok(());
    }
    let hvem = Kald::partsnavn(&app.politik(), spaerret_af);
    Err(Modulfejl::ny(
        "G-212",
        format!("{hvem} har spærret og er den eneste, der kan ophæve spærringen. Kontakt dem."),
    ))
}

fn kraev_tekst(aarsag: &str) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("aarsag", "Årsag", aarsag, 2_000);
    samling.slut()
}

/// Confirms an agreement for another year.
///
/// # Errors
/// G-210 when it is not in force; G-224.
pub async fn genbekraeft(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalegenbekraeftelse, Handling::Godkend)?;
    let myndighed = kald.part();
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.slags) = ("genbekræft serviceaftale".into(), Loglinjeslags::Besluttet);
        let nu = udkast.nu;
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        kald.aktoer.kraev_system(Emne::Aftalegenbekraeftelse, Handling::Godkend, aftale.system)?;
        ikke_proeve(aftale)?;
        let nummer = aftale.gaeldende(myndighed, nu).filter(|g| g.i_kraft()).map(|g| g.version.nummer);
        let nummer = nummer
            .ok_or_else(|| Modulfejl::ny("G-210", "Aftalen er ikke i kraft og kan ikke genbekræftes."))?;
        let til = om_et_aar(nu);
        let versioner = aftale.versioner.iter_mut().filter(|v| v.nummer == nummer);
        for part in versioner.flat_map(|v| &mut v.myndigheder).filter(|p| p.myndighed == myndighed) {
            part.genbekraeftes = Some(til);
        }
        udkast.afslut(uuid, myndighed, "genbekræftet");
        Ok(())
    })
    .await
}

/// Changes the state of one authority in the version that decides.
async fn skift(
    app: &App,
    kald: &Kald,
    (uuid, myndighed): (Uuid, Cvr),
    (emne, handling): (Emne, &str),
    begrundelse: &str,
    aendr: impl Fn(&mut Aftalepart, Aftaletilstand, Uuid) -> Result<(), Modulfejl>,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(emne, Handling::Ret)?;
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.begrundelse) = (handling.into(), begrundelse.trim().to_owned());
        udkast.slags = Loglinjeslags::Besluttet;
        let nu = udkast.nu;
        let system = find(&mut udkast.data.aftaler, uuid)?.system;
        let leverandoer = udkast.data.systemer.iter().find(|s| s.uuid == system).map(|s| s.leverandoer);
        let som = parter_i(kald, myndighed, leverandoer)?;
        udkast.rolle = Some(kald.aktoer.kraev_som(&som, emne, Handling::Ret, system)?);
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        let (part, nu_tilstand) = bestemmende(aftale, myndighed, nu)?;
        Ok(aendr(part, nu_tilstand, system)?)
    })
    .await
}

/// What the person's party is in an agreement: its authority, its supplier, or who runs the installation.
///
/// # Errors
/// A-404 when it is nothing.
fn parter_i(kald: &Kald, myndighed: Cvr, leverandoer: Option<Cvr>) -> Result<Vec<Partsart>, Modulfejl> {
    let er = [
        (Partsart::Myndighed, kald.part() == myndighed),
        (Partsart::Leverandoer, Some(kald.part()) == leverandoer),
        (Partsart::Operatoer, kald.aktoer.ser_alle_parter()),
    ];
    let som: Vec<Partsart> = er.into_iter().filter(|(_, er)| *er).map(|(art, _)| art).collect();
    if som.is_empty() { Err(Modulfejl::findes_ikke("Serviceaftalen")) } else { Ok(som) }
}

/// Whether the person may block an agreement for an authority, or give notice of it, when its state allows it.
#[must_use]
pub fn maa(kald: &Kald, politik: &Politik, v: &Aftalevisning<'_>, emne: Emne) -> bool {
    let system = v.aftale.system;
    let som = parter_i(kald, v.myndighed, politik.system(system).map(|s| s.leverandoer));
    som.is_ok_and(|som| kald.aktoer.kraev_som(&som, emne, Handling::Ret, system).is_ok())
}

/// Whether the person may lift the block of an agreement for an authority.
#[must_use]
pub fn maa_ophaeve(kald: &Kald, politik: &Politik, v: &Aftalevisning<'_>) -> bool {
    v.part.spaerret_af.unwrap_or(v.myndighed) == kald.part()
        && maa(kald, politik, v, Emne::Aftalespaerring)
        && ophaever(kald, v.part, v.aftale.system).is_ok()
}

/// The authority in the version that decides, to be changed, and its state now.
fn bestemmende(
    aftale: &mut Serviceaftale,
    myndighed: Cvr,
    nu: Instant,
) -> Result<(&mut Aftalepart, Aftaletilstand), Modulfejl> {
    let fundet = aftale.gaeldende(myndighed, nu).map(|g| (g.version.nummer, g.tilstand));
    let (nummer, tilstand) = fundet.ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let versioner = aftale.versioner.iter_mut().filter(|v| v.nummer == nummer);
    let part = versioner.flat_map(|v| &mut v.myndigheder).find(|p| p.myndighed == myndighed);
    part.map(|p| (p, tilstand)).ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))
}
