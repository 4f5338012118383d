//! The answer to a føderationsaftale, of the authority's Godkender or of the supplier. What it means is shown first.

use super::aftale::{betydning, ord};
use super::idp::Metadata;
use super::idpsvar::laes_svar;
use super::{AFTALER, STI};
use crate::besoeg::{Besoeg, Svar as Sidesvar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{Foederationstilstand as T, Modulfejl};
use askama::Template;
use styring::Styringsfejl;
use styring::foederation::{self, Svar};
use styring::systemer::maerke;

#[derive(Template)]
#[template(path = "foederation/svar.html")]
struct Side {
    ramme: Ramme,
    undertitel: String,
    sti: String,
    maerke: String,
    overskrift: &'static str,
    betydning: Vec<String>,
    mangler: Vec<Modulfejl>,
    fakta: Vec<(&'static str, String)>,
    metadata: Option<Metadata>,
    ja: &'static str,
    nej: &'static str,
    begrundelse: Felt,
    fejl: Fejl,
}

async fn svar_side(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let politik = k.t().app.politik();
    let v = foederation::hent(&k.kald, &politik, k.f.uuid("id")?, k.nu())?;
    if foederation::svarer(&k.kald, &v).is_none() {
        let tekst = format!(
            "Føderationsaftalen er {} og venter ikke på svar fra jer.",
            v.tilstand.to_string().to_lowercase()
        );
        return Err(Modulfejl::ny("F-308", tekst).into());
    }
    let tilbage = format!("{AFTALER}/{}", v.aftale.uuid);
    Ok(Side {
        ramme: k
            .ramme("Godkend føderationsaftale", AFTALER)
            .await
            .under(STI, "Føderation")
            .under(AFTALER, "Føderationsaftaler")
            .under(tilbage.clone(), v.aftale.navn.clone()),
        undertitel: v.aftale.navn.clone(),
        sti: format!("{tilbage}/svar"),
        maerke: k.maerke("maerke", &fejl, maerke(v.aftale)),
        overskrift: "Hvem kan logge ind hvor",
        betydning: betydning(k, &v),
        mangler: v.mangler.clone(),
        fakta: ord(k, &v),
        metadata: None,
        ja: "Godkend",
        nej: "Send tilbage",
        begrundelse: Felt::ny("begrundelse", "Begrundelse", k.f.krop.tekst("begrundelse"))
            .hjaelp("Den, der har anmodet, ser den")
            .fejl(&fejl),
        fejl,
    })
}

/// What is asked.
pub async fn vis(k: Besoeg) -> Sidesvar {
    side(&svar_side(&k, Fejl::default()).await?)
}

async fn igen(k: &Besoeg, fejl: Styringsfejl) -> Sidesvar {
    let politik = k.t().app.politik();
    let f = foederation::hent(&k.kald, &politik, k.f.uuid("id")?, k.nu())?.aftale;
    let objekt = ("foederationsaftale", f.uuid, f.navn.as_str());
    let (status, fejl) = k.igen(fejl, objekt, f.myndighed).await?;
    side_med(status, &svar_side(k, fejl).await?)
}

/// The answer.
pub async fn svar(k: Besoeg) -> Sidesvar {
    let uuid = k.f.uuid("id")?;
    foederation::hent(&k.kald, &k.politik, uuid, k.nu())?;
    let givet = match laes_svar(&k) {
        Ok(givet) => givet,
        Err(fejl) => return igen(&k, fejl).await,
    };
    match foederation::svar(&k.t().app, &k.kald, uuid, k.f.krop.tekst("maerke"), &givet).await {
        Ok(tilstand) => {
            let leverandoer = k.t().app.politik().foederationsaftale(uuid).is_some_and(|f| f.myndighed_ja);
            let tekst = match (&givet, tilstand) {
                (Svar::Nej(_), _) => "Føderationsaftalen er sendt tilbage.",
                (_, T::Anmodet) if leverandoer => "Føderationsaftalen er godkendt og venter på leverandøren.",
                (_, T::Anmodet) => "Din godkendelse er gemt. En anden Godkender skal medunderskrive.",
                _ => "Føderationsaftalen er godkendt.",
            };
            k.videre(&format!("{AFTALER}/{uuid}"), tekst)
        }
        Err(fejl) => igen(&k, fejl).await,
    }
}
