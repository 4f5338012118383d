//! Certificates of it-systems: registered, followed by another, revoked.

use super::eget;
use crate::skriv::{self, Udkast};
use crate::{Kald, Styringsfejl};
use administration::{Certifikat, Certifikatstatus, Emne, Handling, ItSystem, Modulfejl, Politik, hex};
use app::App;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::{Instant, Period};
use oio::Cvr;
use uuid::Uuid;

/// Largest text of a certificate, in bytes.
const TEKST_MAX: usize = 32 * 1024;

/// Reads a certificate in PEM form, as base64 of DER, or in DER form.
///
/// # Errors
/// C-102, C-104.
pub fn laes_certifikat(indhold: &[u8]) -> Result<Certifikat, Modulfejl> {
    let forkert =
        || Modulfejl::felt("certifikat", "C-102", "Filen er ikke et base64-kodet X.509-certifikat.");
    let privat = || {
        let tekst = "Filen indeholder en privat nøgle. Upload kun den offentlige del. Filen er ikke gemt.";
        Modulfejl::felt("certifikat", "C-104", tekst)
    };
    if indhold.is_empty() || indhold.len() > TEKST_MAX {
        return Err(forkert());
    }
    let der = match std::str::from_utf8(indhold) {
        Ok(tekst) if tekst.contains("PRIVATE KEY") => return Err(privat()),
        Ok(tekst) => {
            let krop: String = tekst
                .lines()
                .filter(|l| !l.trim_start().starts_with("-----"))
                .flat_map(str::split_whitespace)
                .collect();
            STANDARD.decode(krop).map_err(|_| forkert())?
        }
        Err(_) => indhold.to_vec(),
    };
    Certifikat::af_der(der).map_err(|fejl| if fejl.starts_with("C-104") { privat() } else { forkert() })
}

/// Registers a certificate, in use from a day on; at once when none is named.
///
/// # Errors
/// C-101 to C-105; C-107 when it is registered already.
pub async fn tilfoej_certifikat(
    app: &App,
    kald: &Kald,
    system: Uuid,
    indhold: &[u8],
    fra: Option<Instant>,
) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_system(Emne::Certifikat, Handling::Opret, system)?;
    let mut nyt = laes_certifikat(indhold)?;
    nyt.aktivering = fra.map_or(Period::ALWAYS, Period::since);
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "tilføj certifikat".into();
        tilfoej(udkast, kald, system, &nyt)
    })
    .await
}

/// Registers a certificate in a change under way.
pub(crate) fn tilfoej(
    udkast: &mut Udkast,
    kald: &Kald,
    system: Uuid,
    nyt: &Certifikat,
) -> Result<(), Styringsfejl> {
    if nyt.gyldig.to <= udkast.nu {
        let tekst = format!("Certifikatet er udløbet ({}).", crate::brugere::dato(nyt.gyldig.to));
        return Err(Modulfejl::felt("certifikat", "C-101", tekst).into());
    }
    let har = |s: &ItSystem| s.certifikater.iter().any(|c| c.tommelfinger == nyt.tommelfinger);
    let miljoe = eget(&mut udkast.data.systemer, kald, system)?.miljoe;
    if let Some(anden) = udkast.data.systemer.iter().find(|s| har(s)) {
        let fejl = if anden.miljoe == miljoe {
            let navn = if kald.ser(anden.leverandoer) { anden.navn.as_str() } else { "et andet it-system" };
            let tekst = format!(
                "Certifikatet er allerede registreret på {navn}. Hvert it-system skal have sit eget."
            );
            Modulfejl::felt("certifikat", "C-107", tekst)
        } else {
            let tekst = format!(
                "Certifikatet bruges allerede i {}. Test og produktion skal have hver sit certifikat.",
                anden.miljoe.navn()
            );
            Modulfejl::felt("certifikat", "C-103", tekst)
        };
        return Err(fejl.into());
    }
    let operatoer = |cvr: Cvr| {
        udkast.data.parter.iter().any(|p| p.cvr == cvr && p.er(administration::Partsart::Operatoer))
    };
    let leverandoer = kald_leverandoer(&udkast.data.systemer, system);
    match nyt.cvr() {
        Some(cvr) if Some(cvr) == leverandoer || operatoer(cvr) => {}
        cvr => {
            let hvis = cvr.map_or("(intet)".into(), |c| c.to_string());
            let hvem = leverandoer.map(|c| {
                udkast.data.parter.iter().find(|p| p.cvr == c).map_or(c.to_string(), |p| p.navn.clone())
            });
            let tekst = format!("Certifikatets CVR {hvis} hører ikke til {}.", hvem.unwrap_or_default());
            return Err(Modulfejl::felt("certifikat", "C-105", tekst).into());
        }
    }
    eget(&mut udkast.data.systemer, kald, system)?.certifikater.push(nyt.clone());
    Ok(())
}

fn kald_leverandoer(systemer: &[ItSystem], uuid: Uuid) -> Option<Cvr> {
    systemer.iter().find(|s| s.uuid == uuid).map(|s| s.leverandoer)
}

/// Revokes a certificate, for good.
///
/// # Errors
/// A-006 without a reason.
pub async fn tilbagekald_certifikat(
    app: &App,
    kald: &Kald,
    system: Uuid,
    aftryk: &str,
    aarsag: &str,
) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_system(Emne::Certifikat, Handling::Afslut, system)?;
    let mut samling = crate::fejl::Samling::default();
    samling.tekst("aarsag", "Årsag", aarsag, 1_000);
    samling.slut()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "tilbagekald certifikat".into();
        udkast.begrundelse = aarsag.trim().to_owned();
        let system = eget(&mut udkast.data.systemer, kald, system)?;
        let certifikat = system.certifikater.iter_mut().find(|c| hex(&c.tommelfinger) == aftryk);
        let certifikat = certifikat.ok_or_else(|| Modulfejl::findes_ikke("Certifikatet"))?;
        certifikat.status = Certifikatstatus::Tilbagekaldt;
        Ok(())
    })
    .await
}

/// A certificate in use, and when it runs out.
#[derive(Debug, Clone, Copy)]
pub struct Certifikatfrist<'p> {
    /// Whose it is.
    pub system: &'p ItSystem,
    /// The certificate.
    pub certifikat: &'p Certifikat,
    /// How many whole days are left; negative when it has run out.
    pub dage: i64,
    /// Whether another certificate of the system takes over without a gap.
    pub afloest: bool,
}

/// The certificates of the it-systems the person sees, the first to run out first.
///
/// # Errors
///
pub fn frister<'p>(
    kald: &Kald,
    politik: &'p Politik,
    nu: Instant,
) -> Result<Vec<Certifikatfrist<'p>>, Styringsfejl> {
    kald.kraev(Emne::Certifikat, Handling::Se)?;
    let mut alle = Vec::new();
    for system in super::list(kald, politik)? {
        let i_brug = system.certifikater.iter().filter(|c| c.status != Certifikatstatus::Tilbagekaldt);
        for certifikat in i_brug {
            let dage = (certifikat.gyldig.to.micros() - nu.micros()).div_euclid(crate::skriv::DAG);
            let afloest = certifikat.er_afloest(&system.certifikater);
            alle.push(Certifikatfrist { system, certifikat, dage, afloest });
        }
    }
    alle.sort_by_key(|f| (f.certifikat.gyldig.to, f.system.uuid));
    Ok(alle)
}
