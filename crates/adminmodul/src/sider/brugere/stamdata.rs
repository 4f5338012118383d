//! Name, telephone and deputy of a user.

use super::bruger::igen;
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::ramme::Ramme;
use askama::Template;
use styring::brugere::{self, Brugersoegning, NyBruger};

#[derive(Template)]
#[template(path = "brugere/ret.html")]
struct Ret {
    ramme: Ramme,
    sti: String,
    version: String,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    navn: Felt,
    telefon: Felt,
    stedfortraeder: Felt,
    fejl: Fejl,
}

async fn ret_side(k: &Besoeg, fejl: Fejl) -> Result<Ret, Sidefejl> {
    let uuid = k.f.uuid("id")?;
    let gemt = brugere::hent(&k.t().app, &k.kald, uuid).await?;
    let (b, f) = (&gemt.post, &k.f.krop);
    let sendt = f.har("navn");
    let felt =
        |id: &str, navn: &str, nu: &str| Felt::ny(id, navn, if sendt { f.tekst(id) } else { nu }).fejl(&fejl);
    let soegning = Brugersoegning { antal: brugere::SIDE_MAX, ..Brugersoegning::default() };
    let (kolleger, _) = brugere::list(&k.t().app, &k.kald, &soegning).await?;
    let valgt = if sendt { f.som("stedfortraeder") } else { b.stedfortraeder };
    let mut valg = vec![Valg::ny("", "Ingen", valgt.is_none())];
    let andre = kolleger.into_iter().filter(|g| g.post.uuid != uuid);
    valg.extend(andre.map(|g| Valg::ny(g.post.uuid.to_string(), g.post.navn, valgt == Some(g.post.uuid))));
    let nu = valg.iter().find(|v| v.vaerdi == b.stedfortraeder.map_or_else(String::new, |id| id.to_string()));
    let nu = vec![
        ("Navn", b.navn.clone()),
        ("Telefon", b.telefon.clone().unwrap_or_default()),
        ("Stedfortræder", nu.map_or_else(String::new, |v| v.navn.clone())),
    ];
    let sti = format!("/admin/brugere/{uuid}");
    Ok(Ret {
        ramme: k
            .ramme("Ret stamdata", "/admin/brugere")
            .await
            .under("/admin/brugere", "Brugere og roller")
            .under(sti.clone(), b.navn.clone()),
        sti,
        version: k.maerke("version", &fejl, gemt.version),
        overhalet: if fejl.overhalet() { nu } else { Vec::new() },
        navn: felt("navn", "Navn", &b.navn),
        telefon: felt("telefon", "Telefon", b.telefon.as_deref().unwrap_or_default()).valgfri(),
        stedfortraeder: Felt::valg("stedfortraeder", "Stedfortræder", valg).valgfri().fejl(&fejl),
        fejl,
    })
}

/// The form for what is known.
pub async fn vis_ret(k: Besoeg) -> Svar {
    side(&ret_side(&k, Fejl::default()).await?)
}

/// Changes what is known.
pub async fn ret(k: Besoeg) -> Svar {
    let (uuid, f) = (k.f.uuid("id")?, &k.f.krop);
    let nyt =
        NyBruger { navn: f.tekst("navn").into(), email: String::new(), telefon: f.tekst("telefon").into() };
    let version = f.som("version").unwrap_or_default();
    match brugere::ret(&k.t().app, &k.kald, uuid, version, &nyt, f.som("stedfortraeder")).await {
        Ok(()) => k.videre(&format!("/admin/brugere/{uuid}"), "Oplysningerne er gemt."),
        Err(fejl) => {
            let (status, fejl) = igen(&k, uuid, fejl).await?;
            side_med(status, &ret_side(&k, fejl).await?)
        }
    }
}
