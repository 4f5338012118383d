//! One webhook: what it gets, what became of each delivery, a try, and trying again.

use super::{STI, grupper, ord, tag, vaert};
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use crate::liste::{PR_SIDE, Sider, forbi};
use crate::meddelelse::Meddelelse;
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Emne, Handling, Webhook};
use askama::Template;
use bitemporal::Instant;
use store::{Leveringstilstand, Webhooklevering};
use styring::webhooks::{self, OPBEVARING_DAGE};

struct Rad {
    tid: Dato,
    emne: String,
    tag: Tag,
    sidst: Dato,
    svar: String,
}

#[derive(Template)]
#[template(path = "webhooks/webhook.html")]
struct Side {
    ramme: Ramme,
    id: String,
    /// The whole address for who may change it; else the machine.
    adresse: String,
    grupper: Vec<&'static str>,
    tag: Tag,
    venter: String,
    oprettet: Dato,
    noegle_fra: Dato,
    gammel_til: Dato,
    afbrudt: Dato,
    /// Whether something was given up, or waits because it failed.
    igen: bool,
    ret: bool,
    rader: Vec<Rad>,
    sider: Sider,
    dage: i64,
    fejl: Fejl,
}

fn rad((l, emne): (Webhooklevering, String)) -> Rad {
    let (tone, navn) = match l.tilstand {
        Leveringstilstand::Leveret => ("ok", "Leveret".to_owned()),
        Leveringstilstand::Opgivet => ("stop", "Opgivet".to_owned()),
        Leveringstilstand::Bortfaldet => ("", "Bortfaldet".to_owned()),
        Leveringstilstand::Venter if l.forsoeg == 0 => ("info", "Venter".to_owned()),
        Leveringstilstand::Venter => ("wait", format!("Prøves igen {}", vis::tid(l.forfald).tekst)),
    };
    let svar = match (l.svar.is_empty(), l.http) {
        (false, _) => l.svar,
        (true, Some(http)) => format!("modtageren svarede {http}"),
        (true, None) => String::new(),
    };
    let forsoeg = vis::antal(l.forsoeg as usize, "forsøg", "forsøg");
    let svar = if l.forsoeg > 1 { format!("{svar} ({forsoeg})") } else { svar };
    Rad {
        tid: vis::tid(l.tid),
        emne,
        tag: Tag { tone, navn },
        sidst: l.sidst.map_or_else(Dato::default, vis::tid),
        svar,
    }
}

async fn webhook_side(k: &Besoeg, w: &Webhook, fejl: Fejl) -> Result<Side, Sidefejl> {
    let q = &k.f.query;
    let her = (forbi(q) as u64, PR_SIDE as u64);
    let (rader, alle) = webhooks::leveringer(&k.t().app, &k.kald, w.uuid, her).await?;
    let tal = webhooks::tal(&k.t().app, &k.kald, w.uuid).await?;
    let ret = k.kald.aktoer.kan(Emne::Webhook, Handling::Ret);
    let maaske = |tid: Option<i64>| vis::maaske(tid.map(Instant::from_micros));
    let gammel = w.underskriver(k.nu()).find_map(|n| n.til).map(Instant::from_micros);
    let venter_efter_fejl =
        rader.iter().any(|(l, _)| l.tilstand == Leveringstilstand::Venter && l.forsoeg > 0);
    Ok(Side {
        ramme: k
            .ramme(&w.navn, STI)
            .await
            .under("/admin/indstillinger", "Indstillinger")
            .under(STI, "Webhooks"),
        id: w.uuid.to_string(),
        adresse: if ret { w.adresse.clone() } else { format!("https://{}/…", vaert(w)) },
        grupper: grupper(w),
        tag: tag(w),
        venter: ord(tal),
        oprettet: vis::dato(Instant::from_micros(w.oprettet)),
        noegle_fra: maaske(w.noegler.first().map(|n| n.fra)),
        gammel_til: gammel.map_or_else(Dato::default, vis::sidste_dag),
        afbrudt: w.afbrudt.map_or_else(Dato::default, |t| vis::tid(Instant::from_micros(t))),
        igen: ret && (w.afbrudt.is_some() || tal.opgivne > 0 || venter_efter_fejl),
        ret,
        rader: rader.into_iter().map(rad).collect(),
        sider: Sider::ny(q, usize::try_from(alle).unwrap_or(usize::MAX)),
        dage: OPBEVARING_DAGE,
        fejl,
    })
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let w = webhooks::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?.post;
    side(&webhook_side(&k, &w, Fejl::default()).await?)
}

/// Sends a try, and tells what was answered.
pub async fn proev(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    match webhooks::proev(&k.t().app, &k.kald, uuid, &k.t().login, &k.t().ud).await {
        Ok(svar) => {
            let ms = svar.varighed.as_millis();
            let (godt, tekst) = match (svar.fejl, svar.http) {
                (None, Some(http)) => {
                    (true, format!("Prøven er leveret: modtageren svarede {http} efter {ms} ms."))
                }
                (fejl, _) => {
                    let fejl = fejl.unwrap_or_default();
                    (
                        false,
                        format!(
                            "Prøven er ikke leveret: {fejl} (efter {ms} ms). Se efter adressen, firewallen og certifikatet hos modtageren."
                        ),
                    )
                }
            };
            k.videre_med(&format!("{STI}/{uuid}"), &Meddelelse { godt, tekst })
        }
        Err(fejl) => {
            let fejl = Fejl::af(fejl)?;
            let w = webhooks::hent(&k.t().app, &k.kald, uuid).await?.post;
            side_igen(&webhook_side(&k, &w, fejl).await?)
        }
    }
}

/// Lets what failed be tried again now.
pub async fn igen(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let antal = webhooks::proev_igen(&k.t().app, &k.kald, uuid).await?;
    let antal = vis::antal(usize::try_from(antal).unwrap_or(usize::MAX), "levering", "leveringer");
    k.videre(
        &format!("{STI}/{uuid}"),
        format!("{antal} forsøges igen nu. Åbn siden igen om lidt for at se svarene."),
    )
}
