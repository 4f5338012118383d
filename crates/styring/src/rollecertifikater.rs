//! The certificates by which a party's role catalogue is recognised at `/stsadmin/xapi`.

use crate::skriv;
use crate::systemer::laes_certifikat;
use crate::{Kald, Styringsfejl};
use administration::{
    Certifikat, Certifikatstatus, Emne, Handling, Modulfejl, Modulrolle, Part, Partsart, Politik,
    Politikdata, hex,
};
use app::App;
use bitemporal::{Instant, Period};

/// Certificates of one party, revoked ones included, at most (C-108).
pub const CERTIFIKATER_MAX: usize = 50;

/// The certificates of the party acted for, the last to run out first.
///
/// # Errors
///
pub fn list<'p>(kald: &Kald, politik: &'p Politik) -> Result<Vec<&'p Certifikat>, Styringsfejl> {
    kald.kraev(Emne::RolleCertifikat, Handling::Se)?;
    let part = politik.part(kald.part()).ok_or_else(|| Modulfejl::findes_ikke("Parten"))?;
    let mut alle: Vec<_> = part.rollecertifikater.iter().collect();
    alle.sort_by_key(|c| (std::cmp::Reverse(c.gyldig.to), c.tommelfinger));
    Ok(alle)
}

/// Whether the person may add one now: the first takes the right to make, another beside it the right to change.
///
/// # Errors
///
pub fn maa_tilfoeje(kald: &Kald, part: &Part) -> Result<Modulrolle, Modulfejl> {
    let afloeser = part.rollecertifikater.iter().any(|c| c.status == Certifikatstatus::Aktiv);
    match kald.kraev(Emne::RolleCertifikat, Handling::Opret) {
        Err(_) if afloeser => kald.kraev(Emne::RolleCertifikat, Handling::Ret),
        svar => svar,
    }
}

/// Adds a certificate, in use from a day on; at once when none is named. Those that are there stay in use beside it.
///
/// # Errors
/// C-101, C-102, C-104, C-105; C-107 when it is registered already; C-108 when there are too many.
pub async fn tilfoej(
    app: &App,
    kald: &Kald,
    indhold: &[u8],
    fra: Option<Instant>,
) -> Result<(), Styringsfejl> {
    // Who may neither is told so before the file is read.
    let kan = |handling| kald.kraev(Emne::RolleCertifikat, handling);
    let rolle = kan(Handling::Opret).or_else(|fejl| kan(Handling::Ret).map_err(|_| fejl))?;
    let mut nyt = laes_certifikat(indhold)?;
    nyt.aktivering = fra.map_or(Period::ALWAYS, Period::since);
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "tilføj certifikat til rollekataloget".into();
        let part = udkast.data.parter.iter().find(|p| p.cvr == kald.part());
        let part = part.ok_or_else(|| Modulfejl::findes_ikke("Parten"))?;
        udkast.rolle = Some(maa_tilfoeje(kald, part)?);
        kontroller(&udkast.data, part, &nyt, udkast.nu)?;
        let part = udkast.data.parter.iter_mut().find(|p| p.cvr == kald.part());
        part.ok_or_else(|| Modulfejl::findes_ikke("Parten"))?.rollecertifikater.push(nyt.clone());
        Ok(())
    })
    .await
}

fn kontroller(data: &Politikdata, part: &Part, nyt: &Certifikat, nu: Instant) -> Result<(), Modulfejl> {
    let fejl = |kode, tekst: String| Err(Modulfejl::felt("certifikat", kode, tekst));
    if nyt.gyldig.to <= nu {
        return fejl("C-101", format!("Certifikatet er udløbet ({}).", crate::brugere::dato(nyt.gyldig.to)));
    }
    if nyt.aktivering.from >= nyt.gyldig.to {
        let dag = crate::brugere::dato(nyt.gyldig.to);
        return fejl("C-101", format!("Certifikatet udløber {dag}, før det skulle tages i brug."));
    }
    let samme = |c: &Certifikat| c.tommelfinger == nyt.tommelfinger;
    // One certificate says who calls: an authority's catalogue, or an it-system.
    if part.rollecertifikater.iter().any(samme) {
        return fejl("C-107", "Certifikatet er allerede registreret her. Vælg et andet.".into());
    }
    if data.parter.iter().any(|p| p.rollecertifikater.iter().any(samme))
        || data.systemer.iter().any(|s| s.certifikater.iter().any(samme))
    {
        let tekst = "Certifikatet bruges allerede af en anden part eller et it-system. Rollekataloget skal have sit eget.";
        return fejl("C-107", tekst.into());
    }
    let operatoer = |cvr| data.parter.iter().any(|p| p.cvr == cvr && p.er(Partsart::Operatoer));
    match nyt.cvr() {
        Some(cvr) if cvr == part.cvr || operatoer(cvr) => {}
        cvr => {
            let hvis = cvr.map_or("(intet)".into(), |c| c.to_string());
            return fejl("C-105", format!("Certifikatets CVR {hvis} hører ikke til {}.", part.navn));
        }
    }
    if part.rollecertifikater.len() >= CERTIFIKATER_MAX {
        let tekst = format!("Der kan højst være {CERTIFIKATER_MAX} certifikater. Kontakt driftsoperatøren.");
        return fejl("C-108", tekst);
    }
    Ok(())
}

/// Revokes one, at once and for good: a catalogue that uses it is refused from then on.
///
/// # Errors
/// A-006 without a reason; C-109 when it is revoked.
pub async fn tilbagekald(app: &App, kald: &Kald, aftryk: &str, aarsag: &str) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::RolleCertifikat, Handling::Afslut)?;
    let mut samling = crate::fejl::Samling::default();
    samling.tekst("aarsag", "Årsag", aarsag, 1_000);
    samling.slut()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "tilbagekald rollekatalogets certifikat".into();
        udkast.begrundelse = aarsag.trim().to_owned();
        let part = udkast.data.parter.iter_mut().find(|p| p.cvr == kald.part());
        let part = part.ok_or_else(|| Modulfejl::findes_ikke("Parten"))?;
        let certifikat = part.rollecertifikater.iter_mut().find(|c| hex(&c.tommelfinger) == aftryk);
        let certifikat = certifikat.ok_or_else(|| Modulfejl::findes_ikke("Certifikatet"))?;
        if certifikat.status == Certifikatstatus::Tilbagekaldt {
            return Err(Modulfejl::ny("C-109", "Certifikatet er allerede tilbagekaldt.").into());
        }
        certifikat.status = Certifikatstatus::Tilbagekaldt;
        Ok(())
    })
    .await
}
