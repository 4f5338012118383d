//! A føderationsaftale blocked at once, opened again, and ended: by either side.

use super::{Foederationsvisning, find, overgang};
use crate::fejl::Samling;
use crate::skriv;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Foederationsaftale, Foederationshaendelse as H, Handling, Modulfejl, Modulrolle, Partsart,
    foederationsovergang,
};
use app::App;
use store::Loglinjeslags;
use uuid::Uuid;

/// The role by which the person acts in an agreement: one of its authority's or of its supplier's.
fn som(kald: &Kald, v: &Foederationsvisning<'_>) -> Result<Modulrolle, Modulfejl> {
    let (emne, system) = (Emne::Foederationsaftale, v.aftale.system);
    let giver = |part, handling| kald.aktoer.kraev_som(&[part], emne, handling, system);
    let mut svar = Err(Modulfejl::ikke_ret(emne, Handling::Opret));
    if v.aftale.myndighed == kald.part() {
        svar = giver(Partsart::Myndighed, Handling::Opret)
            .or_else(|_| giver(Partsart::Myndighed, Handling::Godkend));
    }
    if svar.is_err() && v.leverandoer() == Some(kald.part()) {
        svar = giver(Partsart::Leverandoer, Handling::Opret);
    }
    svar
}

/// Whether the person may bring an event about now.
#[must_use]
pub fn maa_drive(kald: &Kald, v: &Foederationsvisning<'_>, h: H) -> bool {
    let min = h != H::Ophaev || v.aftale.spaerret_af.is_none_or(|cvr| cvr == kald.part());
    min && som(kald, v).is_ok() && foederationsovergang(v.tilstand, h).is_ok()
}

/// Blocks it at once.
///
/// # Errors
/// A-006 without a reason; F-308.
pub async fn spaer(app: &App, kald: &Kald, uuid: Uuid, aarsag: &str) -> Result<(), Styringsfejl> {
    skift(app, kald, uuid, (H::Spaer, "spær føderationsaftale"), aarsag, |f| {
        (f.spaerret_af, f.aarsag) = (Some(kald.part()), Some(aarsag.trim().to_owned()));
        Ok(())
    })
    .await
}

/// Lifts the block: the party that set it does.
///
/// # Errors
/// A-006 without a reason; F-308; G-212 when the other side set it.
pub async fn ophaev(app: &App, kald: &Kald, uuid: Uuid, aarsag: &str) -> Result<(), Styringsfejl> {
    skift(app, kald, uuid, (H::Ophaev, "ophæv spærring af føderationsaftale"), aarsag, |f| {
        crate::aftaler::kun_den_selv(app, kald, f.spaerret_af.unwrap_or(kald.part()))?;
        (f.spaerret_af, f.aarsag) = (None, None);
        Ok(())
    })
    .await
}

/// Ends it, for good: also a draft that is dropped, a request taken back, and an invitation declined.
///
/// # Errors
/// A-006 without a reason; F-308.
pub async fn afslut(app: &App, kald: &Kald, uuid: Uuid, aarsag: &str) -> Result<(), Styringsfejl> {
    skift(app, kald, uuid, (H::Afslut, "afslut føderationsaftale"), aarsag, |f| {
        f.aarsag = Some(aarsag.trim().to_owned());
        Ok(())
    })
    .await
}

async fn skift(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    (haendelse, handling): (H, &str),
    aarsag: &str,
    aendr: impl Fn(&mut Foederationsaftale) -> Result<(), Modulfejl>,
) -> Result<(), Styringsfejl> {
    let politik = app.politik();
    let v = super::hent(kald, &politik, uuid, app.now())?;
    let (rolle, leverandoer) = (som(kald, &v)?, v.leverandoer());
    let mut samling = Samling::default();
    samling.tekst("aarsag", "Årsag", aarsag, 1_000);
    samling.slut()?;
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.slags) = (handling.into(), Loglinjeslags::Besluttet);
        udkast.begrundelse = aarsag.trim().to_owned();
        let f = find(&mut udkast.data, uuid)?.clone();
        let (_, _, tilstand) = super::nu_af(&udkast.data, &f, udkast.nu);
        let til = overgang(tilstand, haendelse)?;
        let nyt = find(&mut udkast.data, uuid)?;
        aendr(nyt)?;
        nyt.tilstand = til;
        if haendelse == H::Afslut {
            let myndighed = nyt.myndighed;
            udkast.afslut(uuid, myndighed, "ophørt");
            if let Some(cvr) = leverandoer.filter(|cvr| *cvr != myndighed) {
                udkast.afslut(uuid, cvr, "ophørt");
            }
        }
        Ok(())
    })
    .await
}
