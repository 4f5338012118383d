//! The answers, of the giver's Godkender and of the receiver; and the recall. What each means is shown first.

use super::STI;
use super::delegering::{Betydning, betydning, muligt};
use crate::besoeg::{Besoeg, Svar as Sidesvar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{Delegeringstilstand as T, Modulfejl};
use askama::Template;
use styring::Styringsfejl;
use styring::delegeringer::{self, Svar};

/// What a page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Led {
    Godkend,
    Accepter,
    Tilbagekald,
}

impl Led {
    const fn titel(self) -> &'static str {
        match self {
            Self::Godkend => "Godkend delegering",
            Self::Accepter => "Acceptér delegering",
            Self::Tilbagekald => "Tilbagekald delegering",
        }
    }

    const fn sti(self) -> &'static str {
        match self {
            Self::Godkend => "svar",
            Self::Accepter => "accepter",
            Self::Tilbagekald => "tilbagekald",
        }
    }
}

#[derive(Template)]
#[template(path = "delegeringer/svar.html")]
struct Side {
    ramme: Ramme,
    led: Led,
    sti: String,
    tilbage: String,
    maerke: String,
    rolle: String,
    modtager: String,
    betydning: Betydning,
    fakta: Vec<(&'static str, String)>,
    begrundelse: Felt,
    fejl: Fejl,
}

async fn svar_side(k: &Besoeg, led: Led, fejl: Fejl) -> Result<Side, Sidefejl> {
    let v = delegeringer::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    let m = muligt(k, &v);
    let kan = match led {
        Led::Godkend => m.godkend,
        Led::Accepter => m.accepter,
        Led::Tilbagekald => m.tilbagekald,
    };
    if !kan {
        let tekst = format!(
            "Delegeringen er {}, så det kan ikke lade sig gøre for jer nu.",
            v.tilstand.to_string().to_lowercase()
        );
        return Err(Modulfejl::ny("D-510", tekst).into());
    }
    let tilbage = format!("{STI}/{}", v.post.uuid);
    let hjaelp = match led {
        Led::Godkend => "Gemmes i loggen",
        Led::Accepter => "Den, der delegerer, ser den",
        Led::Tilbagekald => "Modtageren ser den",
    };
    Ok(Side {
        ramme: k
            .ramme(led.titel(), STI)
            .await
            .under(STI, "Delegeringer")
            .under(tilbage.clone(), v.rollenavn()),
        sti: format!("{tilbage}/{}", led.sti()),
        led,
        tilbage,
        maerke: k.maerke("maerke", &fejl, v.maerke()),
        rolle: v.rollenavn().to_owned(),
        modtager: k.partsnavn(v.post.modtager),
        betydning: betydning(k, &v),
        fakta: super::felter::ord(k, &v.post),
        begrundelse: Felt::ny("begrundelse", "Begrundelse", k.f.krop.tekst("begrundelse"))
            .hjaelp(hjaelp)
            .fejl(&fejl),
        fejl,
    })
}

async fn vis(k: &Besoeg, led: Led) -> Sidesvar {
    side(&svar_side(k, led, Fejl::default()).await?)
}

/// What the giver's Godkender is asked.
pub async fn vis_svar(k: Besoeg) -> Sidesvar {
    vis(&k, Led::Godkend).await
}

/// What the receiver is asked.
pub async fn vis_accepter(k: Besoeg) -> Sidesvar {
    vis(&k, Led::Accepter).await
}

/// What a recall means.
pub async fn vis_tilbagekald(k: Besoeg) -> Sidesvar {
    vis(&k, Led::Tilbagekald).await
}

/// The page once more, with what was wrong; of another than was shown, with what there is now.
async fn igen(k: &Besoeg, led: Led, fejl: Styringsfejl) -> Sidesvar {
    let v = delegeringer::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    let (status, fejl) = k.igen(fejl, ("delegering", v.post.uuid, v.rollenavn()), v.post.afgiver).await?;
    side_med(status, &svar_side(k, led, fejl).await?)
}

/// The answer of the giver's Godkender.
pub async fn svar(k: Besoeg) -> Sidesvar {
    besvar(&k, Led::Godkend).await
}

/// The answer of the receiver.
pub async fn accepter(k: Besoeg) -> Sidesvar {
    besvar(&k, Led::Accepter).await
}

async fn besvar(k: &Besoeg, led: Led) -> Sidesvar {
    let (uuid, f) = (k.f.uuid("id")?, &k.f.krop);
    let svar = match f.tekst("svar") {
        "ja" => Svar::Ja,
        "nej" => Svar::Nej(f.tekst("begrundelse").to_owned()),
        _ => {
            let fejl = Modulfejl::ny("A-006", "Vælg, om delegeringen skal godkendes eller afvises.");
            return igen(k, led, fejl.into()).await;
        }
    };
    // By the route of the other side nothing is answered.
    let d = delegeringer::hent(&k.t().app, &k.kald, uuid).await?.post;
    if (d.afgiver == k.kald.part()) != (led == Led::Godkend) {
        return Err(Modulfejl::findes_ikke("Anmodningen").into());
    }
    match delegeringer::svar(&k.t().app, &k.kald, uuid, f.tekst("maerke"), &svar).await {
        Ok(d) => k.videre(&format!("{STI}/{uuid}"), besked(d.tilstand)),
        Err(fejl) => igen(k, led, fejl).await,
    }
}

const fn besked(t: T) -> &'static str {
    match t {
        T::Foreslaaet => "Din godkendelse er gemt. En anden Godkender skal medunderskrive.",
        T::GodkendtAfAfgiver => "Delegeringen er godkendt og venter på modtageren.",
        T::Accepteret => "Delegeringen er accepteret.",
        _ => "Delegeringen er afvist.",
    }
}

/// Takes it back.
pub async fn tilbagekald(k: Besoeg) -> Sidesvar {
    let uuid = k.f.uuid("id")?;
    if !k.f.krop.har("bekraeft") {
        return side_igen(&svar_side(&k, Led::Tilbagekald, Fejl::ubekraeftet()).await?);
    }
    match delegeringer::tilbagekald(&k.t().app, &k.kald, uuid, k.f.krop.tekst("begrundelse")).await {
        Ok(()) => k.videre(&format!("{STI}/{uuid}"), "Delegeringen er tilbagekaldt."),
        Err(fejl) => igen(&k, Led::Tilbagekald, fejl).await,
    }
}
