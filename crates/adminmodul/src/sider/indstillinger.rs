//! `Indstillinger`: what the party says of itself, and what it has decided about its roles.

use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use administration::{Emne, Handling};
use askama::Template;
use styring::part::{self, Partfelter};
use styring::systemer::maerke;

const EGEN: &str = "Egen-godkendelse tilladt";
const ADMINISTRATOR: &str = "Administrator må også være Godkender";
const BRUGERADMINISTRATOR: &str = "Brugeradministrator må tildele alle roller";

struct Regel {
    id: &'static str,
    navn: &'static str,
    hjaelp: &'static str,
    valgt: bool,
}

#[derive(Template)]
#[template(path = "indstillinger.html")]
struct Side {
    ramme: Ramme,
    maerke: String,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    cvr: String,
    uuid: String,
    navn: Felt,
    email: Felt,
    regler: Vec<Regel>,
    ret: bool,
    /// Whether the person may change the rules as well.
    ret_regler: bool,
    fejl: Fejl,
}

/// What is stored, in words.
fn ord(v: &Partfelter) -> Vec<(&'static str, String)> {
    let ja = |valgt: bool| if valgt { "Ja" } else { "Nej" }.to_owned();
    vec![
        ("Navn", v.navn.clone()),
        ("E-mail", v.email.clone()),
        (EGEN, ja(v.egen_godkendelse)),
        (ADMINISTRATOR, ja(v.administrator_maa_godkende)),
        (BRUGERADMINISTRATOR, ja(v.brugeradministrator_maa_alt)),
    ]
}

async fn indstillinger_side(
    k: &Besoeg,
    sendt: Option<&Partfelter>,
    fejl: Fejl,
) -> Result<Side, crate::fejl::Sidefejl> {
    let politik = k.t().app.politik();
    let p = part::hent(&k.kald, &politik)?;
    let v = sendt.cloned().unwrap_or_else(|| Partfelter::af(p));
    let regel = |id, navn, hjaelp, valgt| Regel { id, navn, hjaelp, valgt };
    Ok(Side {
        ramme: k.ramme("Indstillinger", "/admin/indstillinger").await,
        maerke: k.maerke("maerke", &fejl, maerke(p)),
        overhalet: if fejl.overhalet() { ord(&Partfelter::af(p)) } else { Vec::new() },
        cvr: p.cvr.to_string(),
        uuid: p.uuid.to_string(),
        navn: Felt::ny("navn", "Navn", v.navn).fejl(&fejl),
        email: Felt::ny("email", "E-mail", v.email)
            .art("email")
            .valgfri()
            .hjaelp("En fælles postkasse, som flere læser")
            .fejl(&fejl),
        regler: vec![
            regel(
                "egen",
                EGEN,
                "Den, der selv har anmodet, må godkende, når en anden Godkender medunderskriver",
                v.egen_godkendelse,
            ),
            regel(
                "administrator",
                ADMINISTRATOR,
                "Samme person må have begge roller. Det øger risikoen for fejl og misbrug.",
                v.administrator_maa_godkende,
            ),
            regel(
                "ba",
                BRUGERADMINISTRATOR,
                "Også Administrator og Logansvarlig",
                v.brugeradministrator_maa_alt,
            ),
        ],
        ret: k.kald.aktoer.kan(Emne::Indstilling, Handling::Ret),
        ret_regler: k.kald.aktoer.kan(Emne::Rolleregler, Handling::Ret),
        fejl,
    })
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    side(&indstillinger_side(&k, None, Fejl::default()).await?)
}

/// Changes them.
pub async fn gem(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let mut felter = Partfelter {
        navn: f.tekst("navn").trim().to_owned(),
        email: f.tekst("email").trim().to_lowercase(),
        ..Partfelter::af(part::hent(&k.kald, &k.politik)?)
    };
    // Whoever may not change the rules has no boxes to send.
    if k.kald.aktoer.kan(Emne::Rolleregler, Handling::Ret) {
        felter.egen_godkendelse = f.har("egen");
        felter.administrator_maa_godkende = f.har("administrator");
        felter.brugeradministrator_maa_alt = f.har("ba");
    }
    match part::ret(&k.t().app, &k.kald, f.tekst("maerke"), &felter).await {
        Ok(()) => k.videre("/admin/indstillinger", "Indstillingerne er gemt og gælder fra nu."),
        Err(fejl) => {
            let p = part::hent(&k.kald, &k.politik)?;
            let (status, fejl) = k.igen(fejl, ("part", p.uuid, "indstillingerne"), p.cvr).await?;
            side_med(status, &indstillinger_side(&k, Some(&felter), fejl).await?)
        }
    }
}
