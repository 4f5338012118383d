//! An it-system blocked, opened again, or closed: what it means is shown first.

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt};
use crate::sider::aftaler::konsekvens::{Driftside, ved};
use administration::Systemtilstand;
use styring::systemer;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hvad {
    Spaer,
    Ophaev,
    Luk,
}

impl Hvad {
    /// The address, the heading, the button, and what is said yes to: it is followed by the name of the system.
    const fn ord(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Spaer => ("spaer", "Spær it-system", "Spær nu", "spær"),
            Self::Ophaev => ("ophaev", "Ophæv spærring", "Ophæv spærringen", "ophæv spærringen af"),
            Self::Luk => ("luk", "Luk it-system", "Luk it-systemet", "luk"),
        }
    }
}

async fn drift_side(k: &Besoeg, hvad: Hvad, fejl: Fejl) -> Result<Driftside, crate::fejl::Sidefejl> {
    let politik = k.t().app.politik();
    let s = systemer::hent(&k.kald, &politik, k.f.uuid("id")?)?;
    let (led, titel, knap, ja) = hvad.ord();
    let tilbage = format!("/admin/it-systemer/{}", s.uuid);
    let (uuid, f) = (s.uuid, &k.f.krop);
    let aftaler: Vec<_> =
        politik.data().aftaler.iter().filter(|a| a.system == uuid).map(|a| a.uuid).collect();
    let ny = match hvad {
        Hvad::Spaer => Systemtilstand::Spaerret,
        Hvad::Ophaev => Systemtilstand::Tilsluttet,
        Hvad::Luk => Systemtilstand::Lukket,
    };
    let foelger = ved(&politik, k.nu(), &aftaler, |data| {
        data.systemer.iter_mut().filter(|s| s.uuid == uuid).for_each(|s| s.tilstand = ny);
    });
    Ok(Driftside {
        ramme: k.ramme(titel, "/admin/it-systemer").await.under("/admin/it-systemer", "It-systemer").under(tilbage.clone(), s.navn.clone()),
        sti: format!("{tilbage}/{led}"),
        tilbage,
        titel: format!("{titel}: {}", s.navn),
        skjult: Vec::new(),
        bekraeft: format!("Ja, {ja} {}", s.navn),
        knap,
        farligt: hvad != Hvad::Ophaev,
        foelger,
        aarsag: (hvad != Hvad::Luk).then(|| Felt::ny("aarsag", "Årsag", f.tekst("aarsag")).hjaelp("Gemmes i loggen").fejl(&fejl)),
        dag: (hvad == Hvad::Luk).then(|| {
            Felt::ny("dag", "Lukkedato", f.tekst("dag"))
                .valgfri()
                .hjaelp("dd-mm-åååå. Med aktive aftaler mindst 30 dage frem; uden aftaler lukkes med det samme, hvis feltet er tomt.")
                .fejl(&fejl)
        }),
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

/// What closing means.
pub async fn vis_luk(k: Besoeg) -> Svar {
    side(&drift_side(&k, Hvad::Luk, Fejl::default()).await?)
}

async fn goer(k: Besoeg, hvad: Hvad, godt: &str) -> Svar {
    let (uuid, f, app) = (k.f.uuid("id")?, &k.f.krop, &k.t().app);
    if !f.har("bekraeft") {
        return side_igen(&drift_side(&k, hvad, Fejl::ubekraeftet()).await?);
    }
    let resultat = match hvad {
        Hvad::Spaer | Hvad::Ophaev => {
            systemer::spaer(app, &k.kald, uuid, hvad == Hvad::Ophaev, f.tekst("aarsag")).await
        }
        Hvad::Luk => match f.dag("dag") {
            Ok(dag) => systemer::luk(app, &k.kald, uuid, dag).await,
            Err(fejl) => Err(fejl.into()),
        },
    };
    match resultat {
        Ok(()) => k.videre(&format!("/admin/it-systemer/{uuid}"), godt),
        Err(fejl) => side_igen(&drift_side(&k, hvad, Fejl::af(fejl)?).await?),
    }
}

/// Blocks.
pub async fn spaer(k: Besoeg) -> Svar {
    goer(k, Hvad::Spaer, "It-systemet er spærret. Alle kald afvises.").await
}

/// Opens.
pub async fn ophaev(k: Besoeg) -> Svar {
    goer(k, Hvad::Ophaev, "Spærringen er ophævet.").await
}

/// Closes.
pub async fn luk(k: Besoeg) -> Svar {
    goer(k, Hvad::Luk, "Lukningen er gemt.").await
}
