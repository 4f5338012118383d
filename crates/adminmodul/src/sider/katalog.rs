//! `Servicekatalog`: what can be asked for.

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::Felt;
use crate::ramme::Ramme;
use crate::sider::aftaler::anmod::tilbydes;
use crate::vis::{self, Dato, Tag};
use administration::Service;
use askama::Template;

struct Kort {
    uuid: String,
    nummer: String,
    navn: String,
    udbyder: String,
    tag: Tag,
    /// When it can no longer be used, once that is known.
    udfases: Dato,
    roller: Vec<String>,
}

impl Kort {
    fn af(k: &Besoeg, s: &Service) -> Self {
        Self {
            uuid: s.uuid.to_string(),
            nummer: s.nummer.clone(),
            navn: s.navn.clone(),
            udbyder: s.udbyder.map_or_else(String::new, |cvr| k.partsnavn(cvr)),
            tag: vis::servicetag(s.status),
            udfases: vis::maaske(s.udfases),
            roller: s.roller.iter().map(|r| r.navn.clone()).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "katalog.html")]
struct Side {
    ramme: Ramme,
    q: Felt,
    kort: Vec<Kort>,
    anmod: bool,
}

/// The catalogue.
pub async fn vis(k: Besoeg) -> Svar {
    let q = k.f.query.tekst("q").trim().to_lowercase();
    let passer = |s: &&Service| format!("{} {} {}", s.nummer, s.navn, s.uuid).to_lowercase().contains(&q);
    let mut services: Vec<&Service> = k.politik.data().services.iter().filter(passer).collect();
    services.sort_by_key(|s| (s.nummer.clone(), s.navn.clone()));
    side(&Side {
        ramme: k.ramme("Servicekatalog", "/admin/servicekatalog").await,
        q: Felt::ny("q", "Navn eller nummer", k.f.query.tekst("q")),
        kort: services.into_iter().map(|s| Kort::af(&k, s)).collect(),
        anmod: tilbydes(&k),
    })
}

#[derive(Template)]
#[template(path = "service.html")]
struct Serviceside {
    ramme: Ramme,
    kort: Kort,
    identifikatorer: Vec<String>,
    roller: Vec<(String, String, String)>,
    parametre: Vec<(String, String, String)>,
    anmod: bool,
}

/// One service.
pub async fn service(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let s = k.politik.service(uuid).ok_or_else(|| administration::Modulfejl::findes_ikke("Servicen"))?;
    let roller = s.roller.iter().map(|r| {
        (r.navn.clone(), r.operationer.iter().cloned().collect::<Vec<_>>().join(", "), r.uri.clone())
    });
    let parametre = s.parametre.iter().filter(|p| s.parameter(&p.uri).is_some()).map(|p| {
        let vaerdier = if p.art.er_flag() { "Ja eller nej".to_owned() } else { p.vaerdier.join(", ") };
        (
            p.navn.clone(),
            if p.kraevet { format!("{vaerdier} (skal udfyldes)") } else { vaerdier },
            p.uri.clone(),
        )
    });
    side(&Serviceside {
        ramme: k
            .ramme(s.navn.clone(), "/admin/servicekatalog")
            .await
            .under("/admin/servicekatalog", "Servicekatalog"),
        kort: Kort::af(&k, s),
        identifikatorer: s.identifikatorer.iter().cloned().collect(),
        roller: roller.collect(),
        parametre: parametre.collect(),
        anmod: tilbydes(&k) && s.status == administration::Servicestatus::IDrift,
    })
}
