//! An agreement in force: blocked at once, opened again, given notice of, confirmed.

use super::{find, tilstand};
use crate::fejl::Samling;
use crate::{Kald, Styringsfejl, skriv};
use administration::{
    Aftalehaendelse, Aftalepart, Aftaletilstand, Emne, Handling, Modulfejl, Modulrolle, Serviceaftale,
    overgang,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use store::Loglinjeslags;
use uuid::Uuid;

const DAG: i64 = 86_400_000_000;
/// How long a confirmation lasts.
const GENBEKRAEFT_DAGE: i64 = 365;

/// Blocks an agreement at once: an authority for itself, the supplier and who runs the installation for the authority
/// named.
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
    let rolle = kald.kraev(Emne::Aftalespaerring, Handling::Ret)?;
    kraev_tekst(aarsag)?;
    skift(app, kald, rolle, uuid, myndighed, "spær serviceaftale", aarsag, |part, nu_tilstand| {
        part.tilstand = overgang(nu_tilstand, Aftalehaendelse::Spaer).map_err(tilstand)?;
        part.aarsag = Some(aarsag.trim().to_owned());
        Ok(())
    })
    .await
}

/// Lifts a block.
///
/// # Errors
/// G-210.
pub async fn ophaev(app: &App, kald: &Kald, uuid: Uuid, myndighed: Cvr) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalespaerring, Handling::Ret)?;
    skift(app, kald, rolle, uuid, myndighed, "ophæv spærring af serviceaftale", "", |part, nu_tilstand| {
        part.tilstand = overgang(nu_tilstand, Aftalehaendelse::Ophaev).map_err(tilstand)?;
        part.aarsag = None;
        Ok(())
    })
    .await
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
    let rolle = kald.kraev(Emne::Aftaleopsigelse, Handling::Ret)?;
    kraev_tekst(aarsag)?;
    let nu = app.now();
    if dag.micros() < nu.micros() - DAG {
        return Err(
            Modulfejl::felt("dag", "A-009", "Datoen ligger før i dag. Vælg i dag eller senere.").into()
        );
    }
    skift(app, kald, rolle, uuid, myndighed, "opsig serviceaftale", aarsag, |part, nu_tilstand| {
        part.spaerret = nu_tilstand == Aftaletilstand::Spaerret;
        part.tilstand = overgang(nu_tilstand, Aftalehaendelse::Opsig).map_err(tilstand)?;
        (part.opsagt_til, part.aarsag) = (Some(dag.max(nu)), Some(aarsag.trim().to_owned()));
        Ok(())
    })
    .await
}

fn kraev_tekst(aarsag: &str) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("aarsag", "Årsag", aarsag, 2_000);
    samling.slut()
}

/// Confirms an agreement for another year.
///
/// # Errors
/// G-210 when it is not in force.
pub async fn genbekraeft(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalegenbekraeftelse, Handling::Godkend)?;
    let myndighed = kald.part();
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.slags) = ("genbekræft serviceaftale".into(), Loglinjeslags::Besluttet);
        let nu = udkast.nu;
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        let nummer = aftale.gaeldende(myndighed, nu).filter(|g| g.i_kraft()).map(|g| g.version.nummer);
        let nummer = nummer
            .ok_or_else(|| Modulfejl::ny("G-210", "Aftalen er ikke i kraft og kan ikke genbekræftes."))?;
        let til = Instant::from_micros(nu.micros() + GENBEKRAEFT_DAGE * DAG);
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
#[allow(clippy::too_many_arguments, reason = "a change of state has as many parts")]
async fn skift(
    app: &App,
    kald: &Kald,
    rolle: Modulrolle,
    uuid: Uuid,
    myndighed: Cvr,
    handling: &str,
    begrundelse: &str,
    aendr: impl Fn(&mut Aftalepart, Aftaletilstand) -> Result<(), Modulfejl>,
) -> Result<(), Styringsfejl> {
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.begrundelse) = (handling.into(), begrundelse.trim().to_owned());
        udkast.slags = Loglinjeslags::Besluttet;
        let nu = udkast.nu;
        let system = find(&mut udkast.data.aftaler, uuid)?.system;
        let leverandoer = udkast.data.systemer.iter().find(|s| s.uuid == system).map(|s| s.leverandoer);
        if kald.part() != myndighed && !leverandoer.is_some_and(|cvr| kald.ser(cvr)) {
            return Err(Modulfejl::findes_ikke("Serviceaftalen").into());
        }
        let aftale = find(&mut udkast.data.aftaler, uuid)?;
        let (part, nu_tilstand) = bestemmende(aftale, myndighed, nu)?;
        Ok(aendr(part, nu_tilstand)?)
    })
    .await
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
