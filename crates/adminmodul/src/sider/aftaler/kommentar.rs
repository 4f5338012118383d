//! Comments on a request: read and written on the agreement's page and on the approver's card.

use super::{aftale, svar};
use crate::besoeg::{Besoeg, Svar, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::vis::{self, Dato};
use administration::{Emne, Handling, KOMMENTAR_MAX, Modulrolle};
use styring::Styringsfejl;
use styring::aftaler::{self, Aftalevisning, SPURGTE};

/// A comment as it is shown.
pub(super) struct Kommentarrad {
    pub(super) hvem: String,
    pub(super) rolle: &'static str,
    pub(super) part: String,
    /// Who else reads it.
    pub(super) kreds: &'static str,
    pub(super) version: u32,
    pub(super) tid: Dato,
    pub(super) tekst: String,
}

/// What was said about a request, and where more is said.
pub(super) struct Kommentarer {
    pub(super) rader: Vec<Kommentarrad>,
    /// Who is asked and has not said anything, and until when.
    pub(super) spurgt: Vec<(&'static str, Dato)>,
    /// Where a comment is written, when the person may.
    pub(super) felt: Option<Felt>,
    /// Who can be asked, when the person may: the code of the role, and its name.
    pub(super) bed: Vec<(&'static str, &'static str)>,
    /// The page it stands on, to come back to.
    pub(super) fra: &'static str,
}

/// The comments as a page shows them; nothing for who may not read them.
pub(super) async fn kommentarer(
    k: &Besoeg,
    visninger: &[Aftalevisning<'_>],
    fra: &'static str,
    fejl: &Fejl,
) -> Result<Option<Kommentarer>, Sidefejl> {
    let aktoer = &k.kald.aktoer;
    let Some(foerste) = visninger.first() else { return Ok(None) };
    if !aktoer.kan(Emne::Aftalekommentar, Handling::Se) {
        return Ok(None);
    }
    let fundet = aftaler::kommentarer(&k.t().app, &k.kald, foerste.aftale.uuid).await?;
    let rad = |kom: administration::Aftalekommentar| Kommentarrad {
        rolle: kom.rolle.navn(),
        part: k.partsnavn(kom.part),
        kreds: if kom.myndighed.is_some() {
            "Kun myndigheden ser den"
        } else {
            "Leverandør og myndigheder ser den"
        },
        version: kom.version,
        tid: vis::tid(kom.tid()),
        hvem: kom.af.1,
        tekst: kom.tekst,
    };
    let min = visninger.iter().find(|v| v.myndighed == k.kald.part());
    let beder =
        aktoer.kan(Emne::Aftalesvar, Handling::Godkend) && min.is_some_and(|v| v.til_svar().is_some());
    let spurgt = |rolle: &Modulrolle| fundet.spurgt.iter().any(|(r, _)| r == rolle);
    let bed = SPURGTE.into_iter().filter(|r| beder && !spurgt(r)).map(|r| (r.kode(), r.navn())).collect();
    let hjaelp = if min.is_some() {
        format!("Højst {KOMMENTAR_MAX} tegn. Ses kun hos jer, og kan ikke rettes bagefter")
    } else {
        format!(
            "Højst {KOMMENTAR_MAX} tegn. Ses af jer og af de myndigheder, der er spurgt, og kan ikke rettes bagefter"
        )
    };
    let felt = aftaler::maa_kommentere(&k.kald, &k.politik, visninger).then(|| {
        Felt::ny("kommentar", "Ny kommentar", k.f.krop.tekst("kommentar")).hjaelp(hjaelp).fejl(fejl)
    });
    Ok(Some(Kommentarer {
        bed,
        spurgt: fundet.spurgt.iter().map(|(r, frist)| (r.navn(), vis::maaske(*frist))).collect(),
        rader: fundet.alle.into_iter().map(rad).collect(),
        felt,
        fra,
    }))
}

/// Back to where it was written, or there again with what was wrong.
async fn tilbage(k: Besoeg, gjort: Result<(), Styringsfejl>, godt: String) -> Svar {
    let uuid = k.f.uuid("id")?;
    let fra_kort = k.f.krop.tekst("fra") == "svar" && k.kald.aktoer.kan(Emne::Aftalesvar, Handling::Godkend);
    match gjort {
        Ok(()) if fra_kort => k.videre(&format!("/admin/serviceaftaler/{uuid}/svar"), godt),
        Ok(()) => k.videre(&format!("/admin/serviceaftaler/{uuid}?fane=kommentarer"), godt),
        Err(fejl) => {
            let fejl = Fejl::af(fejl)?;
            if fra_kort {
                return side_igen(&svar::svar_side(&k, fejl).await?);
            }
            side_igen(&aftale::aftale_side(&k, Some("kommentarer"), fejl).await?)
        }
    }
}

/// Writes a comment.
pub async fn skriv(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let gjort = aftaler::kommenter(&k.t().app, &k.kald, uuid, k.f.krop.tekst("kommentar")).await;
    tilbage(k, gjort, "Kommentaren er gemt.".into()).await
}

/// Asks somebody for a comment.
pub async fn bed(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let rolle = SPURGTE.into_iter().find(|r| r.kode() == k.f.krop.tekst("rolle"));
    let rolle = rolle.ok_or_else(|| administration::Modulfejl::mangler("rolle", "Hvem der skal kommentere"));
    let (gjort, godt) = match rolle {
        Ok(rolle) => (
            aftaler::bed_om_kommentar(&k.t().app, &k.kald, uuid, rolle).await,
            format!("{} er bedt om at kommentere inden fem dage. Du kan svare uden at vente.", rolle.navn()),
        ),
        Err(fejl) => (Err(fejl.into()), String::new()),
    };
    tilbage(k, gjort, godt).await
}
