//! The form of a webhook, new or changed; and the key of a new one.

use super::noegle::vis_noegle;
use super::{STI, grupper, vaert};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use administration::{Entitet, Webhook};
use askama::Template;
use styring::adviser::Gruppe;
use styring::webhooks::{self, Webhookfelter};

#[derive(Template)]
#[template(path = "webhooks/formular.html")]
struct Side {
    ramme: Ramme,
    /// Where the form is sent to, and where one goes who regrets.
    sti: String,
    tilbage: String,
    /// What it was made of; nothing for a new one.
    version: String,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    navn: Felt,
    adresse: Felt,
    grupper: Felt,
    ny: bool,
    fejl: Fejl,
}

fn sendt(f: &Formular) -> Webhookfelter {
    Webhookfelter {
        navn: f.tekst("navn").to_owned(),
        adresse: f.tekst("adresse").trim().to_owned(),
        grupper: f.alle("grupper").filter_map(Gruppe::med_kode).collect(),
    }
}

fn felter(v: &Webhookfelter, fejl: &Fejl) -> (Felt, Felt, Felt) {
    let valg = Gruppe::partens().map(|g| Valg::ny(g.kode(), g.navn(), v.grupper.contains(&g)));
    (
        Felt::ny("navn", "Navn", &v.navn).hjaelp("Fx hvilket system der modtager").fejl(fejl),
        Felt::ny("adresse", "Adresse", &v.adresse)
            .art("url")
            .hjaelp("Begynder med https:// og har et navn, ikke en IP-adresse. Modtageren skal kunne nås fra internettet.")
            .fejl(fejl),
        Felt::valg("grupper", "Adviser om", valg.collect())
            .hjaelp("Det, der kun fortælles én person, fx om egne roller, leveres ikke")
            .fejl(fejl),
    )
}

async fn ny_side(k: &Besoeg, v: &Webhookfelter, fejl: Fejl) -> Side {
    let (navn, adresse, grupper) = felter(v, &fejl);
    Side {
        ramme: k
            .ramme("Opret webhook", STI)
            .await
            .under("/admin/indstillinger", "Indstillinger")
            .under(STI, "Webhooks"),
        sti: STI.to_owned(),
        tilbage: STI.to_owned(),
        version: String::new(),
        overhalet: Vec::new(),
        navn,
        adresse,
        grupper,
        ny: true,
        fejl,
    }
}

/// The form of a new one, with every kind of notice chosen.
pub async fn vis_ny(k: Besoeg) -> Svar {
    let v = Webhookfelter { grupper: Gruppe::partens().collect(), ..Webhookfelter::default() };
    side(&ny_side(&k, &v, Fejl::default()).await)
}

/// Makes one, and shows its key this once.
pub async fn opret(k: Besoeg) -> Svar {
    let v = sendt(&k.f.krop);
    match webhooks::opret(&k.t().app, &k.kald, &k.t().login, &v).await {
        Ok((w, hemmelighed)) => vis_noegle(&k, &w, hemmelighed, true).await,
        Err(fejl) => side_igen(&ny_side(&k, &v, Fejl::af(fejl)?).await),
    }
}

async fn ret_side(k: &Besoeg, v: Option<&Webhookfelter>, fejl: Fejl) -> Result<Side, Sidefejl> {
    let gemt = webhooks::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    let w = gemt.post;
    let v = v.cloned().unwrap_or_else(|| Webhookfelter::af(&w));
    let (navn, adresse, valg) = felter(&v, &fejl);
    let her = format!("{STI}/{}", w.uuid);
    Ok(Side {
        ramme: k
            .ramme("Ret webhook", STI)
            .await
            .under("/admin/indstillinger", "Indstillinger")
            .under(STI, "Webhooks")
            .under(&her, &w.navn),
        sti: format!("{her}/ret"),
        tilbage: her,
        version: k.maerke("version", &fejl, gemt.version),
        overhalet: if fejl.overhalet() { gemt_nu(&w) } else { Vec::new() },
        navn,
        adresse,
        grupper: valg,
        ny: false,
        fejl,
    })
}

fn gemt_nu(w: &Webhook) -> Vec<(&'static str, String)> {
    vec![("Navn", w.navn.clone()), ("Modtager", vaert(w)), ("Adviser om", grupper(w).join(", "))]
}

/// The form with what is stored.
pub async fn vis_ret(k: Besoeg) -> Svar {
    side(&ret_side(&k, None, Fejl::default()).await?)
}

/// Changes it.
pub async fn ret(k: Besoeg) -> Svar {
    let (uuid, v) = (k.f.uuid("id")?, sendt(&k.f.krop));
    let version = k.f.krop.som("version").unwrap_or(-1);
    match webhooks::ret(&k.t().app, &k.kald, uuid, version, &v).await {
        Ok(()) => k.videre(
            &format!("{STI}/{uuid}"),
            "Webhooken er rettet. Det gælder fra nu, også det, der venter.",
        ),
        Err(fejl) => {
            let objekt = (Webhook::ART, uuid, Webhook::ORD);
            let (status, fejl) = k.igen(fejl, objekt, k.kald.part()).await?;
            side_med(status, &ret_side(&k, Some(&v), fejl).await?)
        }
    }
}
