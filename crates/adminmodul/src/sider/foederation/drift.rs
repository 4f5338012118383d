//! A føderationsaftale blocked, opened again, or ended: what it means is shown first.

use super::{AFTALER, STI};
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{Foederationshaendelse as H, Foederationstilstand as T, Modulfejl};
use askama::Template;
use styring::foederation;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hvad {
    Spaer,
    Ophaev,
    Afslut,
}

impl Hvad {
    /// The address, the heading, the button, what is said yes to, and what is told afterwards.
    const fn ord(self) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Spaer => (
                "spaer",
                "Spær føderationsaftale",
                "Spær nu",
                "Ja, spær aftalen nu",
                "Føderationsaftalen er spærret.",
            ),
            Self::Ophaev => (
                "ophaev",
                "Ophæv spærring",
                "Ophæv spærringen",
                "Ja, ophæv spærringen",
                "Spærringen er ophævet.",
            ),
            Self::Afslut => (
                "afslut",
                "Afslut føderationsaftale",
                "Afslut",
                "Ja, afslut aftalen",
                "Føderationsaftalen er afsluttet.",
            ),
        }
    }

    const fn haendelse(self) -> H {
        match self {
            Self::Spaer => H::Spaer,
            Self::Ophaev => H::Ophaev,
            Self::Afslut => H::Afslut,
        }
    }

    fn betyder(self, tilstand: T, system: &str, part: &str) -> Vec<String> {
        match self {
            Self::Spaer => vec![
                format!("Medarbejdere i {part} kan ikke logge ind i {system}, så længe aftalen er spærret."),
                "Kun den part, der spærrer, kan ophæve spærringen.".into(),
            ],
            Self::Ophaev => vec![format!(
                "Medarbejdere i {part} kan logge ind i {system} igen, når intet andet er i vejen."
            )],
            Self::Afslut if matches!(tilstand, T::Kladde | T::Anmodet) => {
                vec!["Aftalen bliver ikke til noget. Skal den alligevel, må der anmodes om en ny.".into()]
            }
            Self::Afslut => vec![
                format!("Medarbejdere i {part} kan ikke logge ind i {system} fra nu."),
                "Det kan ikke gøres om: skal de kunne igen, må der anmodes om en ny aftale.".into(),
            ],
        }
    }
}

#[derive(Template)]
#[template(path = "foederation/drift.html")]
struct Side {
    ramme: Ramme,
    navn: String,
    sti: String,
    tilbage: String,
    betyder: Vec<String>,
    farligt: bool,
    bekraeft: &'static str,
    knap: &'static str,
    aarsag: Felt,
    fejl: Fejl,
}

async fn drift_side(k: &Besoeg, hvad: Hvad, fejl: Fejl) -> Result<Side, Sidefejl> {
    let politik = k.t().app.politik();
    let v = foederation::hent(&k.kald, &politik, k.f.uuid("id")?, k.nu())?;
    let (led, titel, knap, bekraeft, _) = hvad.ord();
    if !foederation::maa_drive(&k.kald, &v, hvad.haendelse()) {
        let tekst = format!(
            "Føderationsaftalen er {}, så det kan ikke lade sig gøre for jer nu.",
            v.tilstand.to_string().to_lowercase()
        );
        return Err(Modulfejl::ny("F-308", tekst).into());
    }
    let tilbage = format!("{AFTALER}/{}", v.aftale.uuid);
    let system = v.system.map_or("systemet", |s| s.navn.as_str());
    Ok(Side {
        ramme: k
            .ramme(titel, AFTALER)
            .await
            .under(STI, "Føderation")
            .under(AFTALER, "Føderationsaftaler")
            .under(tilbage.clone(), v.aftale.navn.clone()),
        navn: v.aftale.navn.clone(),
        sti: format!("{tilbage}/{led}"),
        tilbage,
        betyder: hvad.betyder(v.tilstand, system, &k.partsnavn(v.aftale.myndighed)),
        farligt: hvad != Hvad::Ophaev,
        bekraeft,
        knap,
        aarsag: Felt::ny("aarsag", "Årsag", k.f.krop.tekst("aarsag"))
            .hjaelp("Begge parter ser den")
            .fejl(&fejl),
        fejl,
    })
}

/// What blocking means.
pub async fn vis_spaer(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Spaer, Fejl::default()).await?)
}

/// What opening means.
pub async fn vis_ophaev(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Ophaev, Fejl::default()).await?)
}

/// What ending means.
pub async fn vis_afslut(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Afslut, Fejl::default()).await?)
}

async fn goer(k: Besoeg, hvad: Hvad) -> Svar {
    let (uuid, f, app) = (k.f.uuid("id")?, &k.f.krop, &k.t().app);
    if !f.har("bekraeft") {
        return side_igen(&drift_side(&k, hvad, Fejl::ubekraeftet()).await?);
    }
    let aarsag = f.tekst("aarsag");
    let gjort = match hvad {
        Hvad::Spaer => foederation::spaer(app, &k.kald, uuid, aarsag).await,
        Hvad::Ophaev => foederation::ophaev(app, &k.kald, uuid, aarsag).await,
        Hvad::Afslut => foederation::afslut(app, &k.kald, uuid, aarsag).await,
    };
    match gjort {
        Ok(()) => k.videre(&format!("{AFTALER}/{uuid}"), hvad.ord().4),
        Err(fejl) => side_igen(&drift_side(&k, hvad, Fejl::af(fejl)?).await?),
    }
}

/// Blocks.
pub async fn spaer(k: Besoeg) -> Svar {
    goer(k, Hvad::Spaer).await
}

/// Opens.
pub async fn ophaev(k: Besoeg) -> Svar {
    goer(k, Hvad::Ophaev).await
}

/// Ends.
pub async fn afslut(k: Besoeg) -> Svar {
    goer(k, Hvad::Afslut).await
}
