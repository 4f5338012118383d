//! The answers about an Identity Provider: of the authority's Godkender the first time, and of who runs the installation about
//! its level. What each means is shown first.

use super::STI;
use super::idp::{Metadata, intet_at_svare, muligt, ord};
use crate::besoeg::{Besoeg, Svar as Sidesvar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{ItSystem, Modulfejl};
use askama::Template;
use styring::Styringsfejl;
use styring::foederation::{self, Svar};
use styring::systemer::maerke;

/// What a page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Led {
    Godkend,
    Verificer,
}

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

fn betydning(k: &Besoeg, s: &ItSystem, led: Led) -> Vec<String> {
    let part = k.partsnavn(s.leverandoer);
    if led == Led::Verificer {
        let n = s.nsis();
        let niveau = n.map_or("intet", |n| n.niveau.navn());
        let id = n.map_or("", |n| n.anmeldelse.as_str());
        return vec![
            format!("{part} har registreret {} med NSIS-niveauet {niveau}, anmeldelse {id}.", s.navn),
            "Slå anmeldelsen op hos Digitaliseringsstyrelsen, og se, at niveauet og myndigheden passer."
                .into(),
            "Systemer, der kræver et niveau, tager først imod logins, når det er verificeret.".into(),
        ];
    }
    vec![
        format!("Den, der logger ind hos {}, bliver kendt som medarbejder i {part} i de systemer, I har føderationsaftaler med.", s.navn),
        "Alle logins, der er underskrevet med certifikaterne i metadata, bliver troet på.".into(),
        "Godkendelsen åbner ikke noget system i sig selv: hver føderationsaftale godkendes for sig.".into(),
        "Senere ændringer af metadata og niveau skal ikke godkendes igen; de står i historikken, og driftsoperatøren verificerer niveauet.".into(),
    ]
}

async fn svar_side(k: &Besoeg, led: Led, fejl: Fejl) -> Result<Side, Sidefejl> {
    let politik = k.t().app.politik();
    let s = foederation::hent_idp(&k.kald, &politik, k.f.uuid("id")?)?;
    let m = muligt(k, s);
    let (kan, titel, navn) = match led {
        Led::Godkend => (m.godkend, "Godkend Identity Provider", "svar"),
        Led::Verificer => (m.verificer, "Verificér NSIS-niveau", "verificer"),
    };
    if !kan {
        return Err(intet_at_svare().into());
    }
    let tilbage = format!("{STI}/idp/{}", s.uuid);
    Ok(Side {
        ramme: k.ramme(titel, STI).await.under(STI, "Føderation").under(tilbage.clone(), s.navn.clone()),
        undertitel: format!("{} hos {}", s.navn, k.partsnavn(s.leverandoer)),
        sti: format!("{tilbage}/{navn}"),
        maerke: k.maerke("maerke", &fejl, maerke(s)),
        overskrift: "Det betyder det",
        betydning: betydning(k, s, led),
        mangler: Vec::new(),
        fakta: ord(k, s),
        metadata: s.metadata.as_deref().map(Metadata::af),
        ja: if led == Led::Godkend { "Godkend" } else { "Niveauet passer" },
        nej: if led == Led::Godkend { "Send tilbage" } else { "Niveauet passer ikke" },
        begrundelse: Felt::ny("begrundelse", "Begrundelse", k.f.krop.tekst("begrundelse"))
            .hjaelp("Den, der har registreret den, ser den")
            .fejl(&fejl),
        fejl,
    })
}

/// What the Godkender is asked.
pub async fn vis_svar(k: Besoeg) -> Sidesvar {
    side(&svar_side(&k, Led::Godkend, Fejl::default()).await?)
}

/// What who runs the installation is asked.
pub async fn vis_verificer(k: Besoeg) -> Sidesvar {
    side(&svar_side(&k, Led::Verificer, Fejl::default()).await?)
}

/// What a form answers.
pub(super) fn laes_svar(k: &Besoeg) -> Result<Svar, Styringsfejl> {
    match k.f.krop.tekst("svar") {
        "ja" => Ok(Svar::Ja),
        "nej" => Ok(Svar::Nej(k.f.krop.tekst("begrundelse").to_owned())),
        _ => Err(Modulfejl::ny("A-006", "Vælg, hvad der skal svares.").into()),
    }
}

async fn igen(k: &Besoeg, led: Led, fejl: Styringsfejl) -> Sidesvar {
    let politik = k.t().app.politik();
    let s = foederation::hent_idp(&k.kald, &politik, k.f.uuid("id")?)?;
    let (status, fejl) = k.igen(fejl, ("it-system", s.uuid, &s.navn), s.leverandoer).await?;
    side_med(status, &svar_side(k, led, fejl).await?)
}

/// The answer of the Godkender.
pub async fn svar(k: Besoeg) -> Sidesvar {
    let uuid = k.f.uuid("id")?;
    foederation::hent_idp(&k.kald, &k.politik, uuid)?;
    let givet = match laes_svar(&k) {
        Ok(givet) => givet,
        Err(fejl) => return igen(&k, Led::Godkend, fejl).await,
    };
    match foederation::svar_idp(&k.t().app, &k.kald, uuid, k.f.krop.tekst("maerke"), &givet).await {
        Ok(godkendt) => {
            let tekst = match (&givet, godkendt) {
                (Svar::Nej(_), _) => "Identity Provideren er sendt tilbage.",
                (Svar::Ja, true) => "Identity Provideren er godkendt.",
                (Svar::Ja, false) => "Din godkendelse er gemt. En anden Godkender skal medunderskrive.",
            };
            k.videre(&format!("{STI}/idp/{uuid}"), tekst)
        }
        Err(fejl) => igen(&k, Led::Godkend, fejl).await,
    }
}

/// The answer of who runs the installation.
pub async fn verificer(k: Besoeg) -> Sidesvar {
    let uuid = k.f.uuid("id")?;
    foederation::hent_idp(&k.kald, &k.politik, uuid)?;
    let givet = match laes_svar(&k) {
        Ok(givet) => givet,
        Err(fejl) => return igen(&k, Led::Verificer, fejl).await,
    };
    match foederation::verificer(&k.t().app, &k.kald, uuid, k.f.krop.tekst("maerke"), &givet).await {
        Ok(()) => {
            let ja = givet == Svar::Ja;
            let tekst = if ja {
                "NSIS-niveauet er verificeret."
            } else {
                "Myndigheden er bedt om at rette niveauet."
            };
            k.videre(&format!("{STI}/idp/{uuid}"), tekst)
        }
        Err(fejl) => igen(&k, Led::Verificer, fejl).await,
    }
}
