//! What a brugervendt system demands of logins, and its metadata: its supplier says.

use super::idp::Metadata;
use super::idpfelter::{metadatafelt, niveauer, sendt, valgt_niveau};
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{ItSystem, Modulfejl, Systemtype};
use askama::Template;
use styring::foederation;
use styring::systemer::{self, maerke};

#[derive(Template)]
#[template(path = "foederation/brugervendt.html")]
struct Side {
    ramme: Ramme,
    navn: String,
    sti: String,
    tilbage: String,
    maerke: String,
    overhalet: Vec<(&'static str, String)>,
    nu: Option<Metadata>,
    nsis: Felt,
    metadata: Felt,
    fejl: Fejl,
}

fn hent(k: &Besoeg) -> Result<ItSystem, Sidefejl> {
    let politik = k.t().app.politik();
    let s = systemer::hent(&k.kald, &politik, k.f.uuid("id")?)?;
    let brugervendt = s.typer.contains(&Systemtype::BrugervendtSystem) && s.leverandoer == k.kald.part();
    if brugervendt { Ok(s.clone()) } else { Err(Modulfejl::findes_ikke("Det brugervendte system").into()) }
}

async fn felter_side(k: &Besoeg, s: &ItSystem, fejl: Fejl) -> Result<Side, Sidefejl> {
    let tilbage = format!("/admin/it-systemer/{}", s.uuid);
    let f = &k.f.krop;
    let valgt = if f.har("nsis") { valgt_niveau(f) } else { s.nsis_kraevet };
    let niveau = s.nsis_kraevet.map_or("Intet", |n| n.navn());
    Ok(Side {
        ramme: k
            .ramme("Føderation af it-system", "/admin/it-systemer")
            .await
            .under("/admin/it-systemer", "It-systemer")
            .under(tilbage.clone(), s.navn.clone()),
        navn: s.navn.clone(),
        sti: format!("{tilbage}/foederation"),
        tilbage,
        maerke: k.maerke("maerke", &fejl, maerke(s)),
        overhalet: if fejl.overhalet() {
            vec![("NSIS-niveau, der kræves", niveau.into())]
        } else {
            Vec::new()
        },
        nu: s.metadata.as_deref().map(Metadata::af),
        nsis: Felt::valg("nsis", "NSIS-niveau, der kræves", niveauer("Intet niveau", valgt))
            .hjaelp("Aftaler med en Identity Provider på et lavere niveau virker ikke")
            .fejl(&fejl),
        metadata: metadatafelt(f, &fejl, s.metadata.is_none()).valgfri(),
        fejl,
    })
}

/// The form.
pub async fn vis(k: Besoeg) -> Svar {
    side(&felter_side(&k, &hent(&k)?, Fejl::default()).await?)
}

/// Changes it.
pub async fn ret(k: Besoeg) -> Svar {
    let s = hent(&k)?;
    let f = &k.f.krop;
    let (app, vist) = (&k.t().app, f.tekst("maerke"));
    match foederation::ret_brugervendt(app, &k.kald, s.uuid, vist, valgt_niveau(f), &sendt(f)).await {
        Ok(()) => k.videre(&format!("/admin/it-systemer/{}", s.uuid), "Føderationen af it-systemet er gemt."),
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, ("it-system", s.uuid, &s.navn), s.leverandoer).await?;
            side_med(status, &felter_side(&k, &hent(&k)?, fejl).await?)
        }
    }
}
