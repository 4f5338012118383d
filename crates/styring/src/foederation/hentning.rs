//! Metadata fetched from where it is published, and what is new in it shown before it is saved.

use super::entity_id_ledigt;
use crate::skriv::{self, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Handling, ItSystem, METADATA_MAX, Metadataforskel, Modulfejl, Modulrolle, Politik, Samlmetadata,
    Samlrolle, Systemtilstand, Systemtype, hex, laes_metadata, tommelfinger,
};
use app::{App, Udgangsfejl};
use uuid::Uuid;

/// The longest address.
const ADRESSE_MAX: usize = 2_000;

/// What was fetched, beside what is registered.
#[derive(Debug, Clone)]
pub struct Hentet {
    /// What was fetched.
    pub metadata: Samlmetadata,
    /// What is new in it, and what goes.
    pub forskelle: Vec<Metadataforskel>,
    /// A mark of what trust is made of in it: saving is of what was shown.
    pub maerke: String,
}

/// The system whose metadata the person may fetch, and the role that says so: an Identity Provider of the authority's own, or a
/// brugervendt system of the supplier's own.
///
/// # Errors
/// S-107 when it is closed.
pub fn maa_hente<'p>(
    kald: &Kald,
    politik: &'p Politik,
    uuid: Uuid,
) -> Result<(&'p ItSystem, Modulrolle), Styringsfejl> {
    let findes_ikke = || Modulfejl::findes_ikke("It-systemet");
    let system = politik.system(uuid).filter(|s| kald.ser(s.leverandoer)).ok_or_else(findes_ikke)?;
    let (rolle, emne) = if system.er_idp() {
        (kald.kraev(Emne::Idp, Handling::Ret)?, Emne::Idp)
    } else {
        (kald.aktoer.kraev_system(Emne::Endepunkt, Handling::Ret, uuid)?, Emne::Endepunkt)
    };
    if system.leverandoer != kald.part() {
        return Err(Modulfejl::ikke_ret(emne, Handling::Ret).into());
    }
    if !system.er_idp() && !system.typer.contains(&Systemtype::BrugervendtSystem) {
        return Err(findes_ikke().into());
    }
    if system.tilstand == Systemtilstand::Lukket {
        return Err(Modulfejl::ny("S-107", "Det kan ikke lade sig gøre: it-systemet er lukket.").into());
    }
    Ok((system, rolle))
}

/// Fetches the metadata of a system, and says what is new in it. Nothing is changed.
///
/// # Errors
/// As [`maa_hente`]; A-006, M-101 when it cannot be fetched or read; M-102 to M-104; C-101, C-104.
pub async fn hent_metadata(app: &App, kald: &Kald, uuid: Uuid, url: &str) -> Result<Hentet, Styringsfejl> {
    let politik = app.politik();
    let (system, _) = maa_hente(kald, &politik, uuid)?;
    let bytes = fra_adressen(app, kald, "url", url).await?;
    let som = if system.er_idp() { Samlrolle::IdentityProvider } else { Samlrolle::Tjeneste };
    let mut metadata =
        laes_metadata(&bytes, som, app.now()).map_err(|f| Modulfejl { felt: Some("url"), ..f })?;
    metadata.hentet_fra = Some(url.trim().to_owned());
    let foer = system.metadata.as_deref();
    Samlmetadata::samme_entitet(foer, &metadata)?;
    entity_id_ledigt(kald, politik.data(), uuid, &metadata.entity_id)
        .map_err(|f| Modulfejl { felt: Some("url"), ..f })?;
    let forskelle = Samlmetadata::forskelle(foer, &metadata);
    Ok(Hentet { maerke: indholdsmaerke(&metadata), metadata, forskelle })
}

/// Fetches it again, and saves it if it is what was shown. Gives what it is when it is not.
///
/// # Errors
/// As [`hent_metadata`]; A-005 when somebody changed the system meanwhile.
pub async fn gem_hentet(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    url: &str,
    (maerket, vist): (&str, &str),
) -> Result<Option<Hentet>, Styringsfejl> {
    let hentet = hent_metadata(app, kald, uuid, url).await?;
    if hentet.maerke != vist {
        return Ok(Some(hentet));
    }
    let rolle = maa_hente(kald, &app.politik(), uuid)?.1;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "hent metadata".into();
        let m = &hentet.metadata;
        entity_id_ledigt(kald, &udkast.data, uuid, &m.entity_id)?;
        let eget = udkast.data.systemer.iter_mut().find(|s| s.uuid == uuid && s.leverandoer == kald.part());
        let system = eget.ok_or_else(|| Modulfejl::findes_ikke("It-systemet"))?;
        if maerke(system) != maerket {
            return Err(overhalet().into());
        }
        Samlmetadata::samme_entitet(system.metadata.as_deref(), m)?;
        system.metadata = Some(Box::new(m.clone()));
        if let Some(profil) = system.idp.as_mut().filter(|_| system.tilstand == Systemtilstand::Kladde) {
            // Whoever had approved it alone approves what it is now.
            profil.underskrift.godkendt_af = None;
            profil.underskrift.bedt_af.insert(kald.aktoer.bruger);
        }
        Ok(())
    })
    .await?;
    Ok(None)
}

/// The bytes at an address.
///
/// # Errors
/// M-101, M-102, at the field.
pub(super) async fn fra_adressen(
    app: &App,
    kald: &Kald,
    felt: &'static str,
    url: &str,
) -> Result<Vec<u8>, Styringsfejl> {
    let url = url.trim();
    if url.is_empty() {
        return Err(Modulfejl::mangler(felt, "Adresse på metadata").into());
    }
    if url.len() > ADRESSE_MAX {
        return Err(Modulfejl::for_lang(felt, "Adresse på metadata", ADRESSE_MAX).into());
    }
    if url.get(..7).is_some_and(|s| s.eq_ignore_ascii_case("http://")) {
        let tekst = format!("Alle endepunkter i metadata skal bruge HTTPS ({url}).");
        return Err(Modulfejl::felt(felt, "M-102", tekst).into());
    }
    tracing::info!(korrelation = %kald.korrelation, bruger = %kald.aktoer.bruger, "metadata hentes");
    app.udgang().hent(url, METADATA_MAX).await.map_err(|fejl| ikke_hentet(felt, &fejl).into())
}

fn ikke_hentet(felt: &'static str, fejl: &Udgangsfejl) -> Modulfejl {
    Modulfejl::felt(felt, "M-101", format!("Metadata kunne ikke læses: {fejl}."))
}

/// A mark of what trust is made of: until when a document says it holds changes each time some write it.
fn indholdsmaerke(m: &Samlmetadata) -> String {
    let certifikater: Vec<_> = m.certifikater.iter().map(|c| hex(&c.tommelfinger)).collect();
    let alt = serde_json::to_vec(&(&m.entity_id, &m.endepunkter, certifikater)).unwrap_or_default();
    hex(&tommelfinger(&alt)[..8])
}
