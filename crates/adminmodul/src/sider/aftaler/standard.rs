//! `Standardgodkendelse` on the agreement's page.

use crate::besoeg::{Besoeg, Svar};
use crate::fejl::Sidefejl;
use crate::vis::{self, Dato};
use administration::{Aftaletilstand, Emne, Handling};
use styring::aftaler::{self, Aftalevisning};

/// What the authority has approved beforehand, and what the person may do about it.
pub(super) struct Standardfelt {
    /// Who gave it, the version it is measured by, when, and its last day.
    pub(super) given: Option<(String, u32, Dato, Dato)>,
    /// Why it lets nothing through any more.
    pub(super) bortfaldet: &'static str,
    pub(super) giv: bool,
    pub(super) traek: bool,
}

/// The same as a page shows it; nothing where there is nothing to say.
pub(super) async fn felt(
    k: &Besoeg,
    v: Option<&Aftalevisning<'_>>,
) -> Result<Option<Standardfelt>, Sidefejl> {
    let Some(v) = v else { return Ok(None) };
    let fundet = aftaler::standard(&k.t().app, &k.kald, v).await?;
    let maa = v.myndighed == k.kald.part() && k.kald.aktoer.kan(Emne::Aftalesvar, Handling::Godkend);
    let mig = k.bruger.uuid.to_string();
    let i_kraft = matches!(v.tilstand, Aftaletilstand::Aktiv | Aftaletilstand::Hvilende);
    let bortfaldet = fundet.as_ref().and_then(|s| s.bortfaldet);
    let felt = Standardfelt {
        giv: maa
            && i_kraft
            && !v.aftale.proevetilslutning
            && v.part.anmodet_af != Some(mig)
            && (fundet.is_none() || bortfaldet.is_some()),
        traek: maa && fundet.is_some(),
        bortfaldet: bortfaldet.unwrap_or_default(),
        given: fundet.map(|s| {
            let r = s.regel;
            (r.navn, r.version, vis::dato(r.givet), vis::sidste_dag(r.udloeber))
        }),
    };
    Ok((felt.giv || felt.given.is_some()).then_some(felt))
}

/// Gives it.
pub async fn giv(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    aftaler::giv_standard(&k.t().app, &k.kald, uuid).await?;
    k.videre(
        &format!("/admin/serviceaftaler/{uuid}"),
        "Standardgodkendelsen er givet. Den gælder i 12 måneder.",
    )
}

/// Withdraws it.
pub async fn traek(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    aftaler::traek_standard(&k.t().app, &k.kald, uuid).await?;
    let tekst = "Standardgodkendelsen er trukket tilbage. Næste version skal I svare på.";
    k.videre(&format!("/admin/serviceaftaler/{uuid}"), tekst)
}
