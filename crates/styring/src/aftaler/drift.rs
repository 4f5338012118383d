//! An agreement in force: blocked at once, opened again, given notice of, confirmed.

use super::{find, om_et_aar, tilstand};
use crate::fejl::Samling;
use crate::skriv::{self, i_dag};
use crate::{Kald, Styringsfejl};
use administration::{
    Aftalehaendelse, Aftalepart, Aftaletilstand, Emne, Handling, Modulfejl, Modulrolle, Serviceaftale,
    overgang,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use store::Loglinjeslags;
use uuid::Uuid;

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
        (part.aarsag, part.spaerret_af) = (Some(aarsag.trim().to_owned()), Some(kald.part()));
        Ok(())
    })
    .await
}

/// Lifts a block: whoever set it does. What an authority has stopped, no supplier starts again.
///
/// # Errors
/// G-210; G-212 when somebody else set it.
pub async fn ophaev(app: &App, kald: &Kald, uuid: Uuid, myndighed: Cvr) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalespaerring, Handling::Ret)?;
    skift(app, kald, rolle, uuid, myndighed, "ophæv spærring af serviceaftale", "", |part, nu_tilstand| {
        part.tilstand = overgang(nu_tilstand, Aftalehaendelse::Ophaev).map_err(tilstand)?;
        kun_den_selv(app, kald, part.spaerret_af.unwrap_or(myndighed))?;
        (part.aarsag, part.spaerret_af) = (None, None);
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
    if dag < i_dag(nu) {
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
