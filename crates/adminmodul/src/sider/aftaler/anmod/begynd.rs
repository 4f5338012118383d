//! The first two steps of a new request: nothing is stored before there is a system.

use super::trin;
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::ramme::Ramme;
use administration::{Aftaleformaal, Aftaletype, Emne, Handling, Modulfejl, Partsart};
use askama::Template;
use bitemporal::Period;
use styring::aftaler::{self, Anmodning};

/// Whether asking is offered: to suppliers, and to who may and has a system to ask for.
pub fn tilbydes(k: &Besoeg) -> bool {
    let part = k.kald.part();
    k.kald.aktoer.kan(Emne::Aftale, Handling::Opret)
        && (k.politik.part(part).is_some_and(|p| p.er(Partsart::Leverandoer))
            || k.politik.data().systemer.iter().any(|s| s.leverandoer == part))
}

#[derive(Template)]
#[template(path = "aftaler/anmod_ny.html")]
struct Ny {
    ramme: Ramme,
    trin: usize,
    navn: Felt,
    aftaletype: Felt,
    system: Felt,
    fejl: Fejl,
}

impl Ny {
    fn er_foerste(&self) -> bool {
        self.trin == 1
    }

    /// The first step with what was written in it.
    fn tilbage(&self) -> String {
        let valgt = self.aftaletype.valg.iter().find(|v| v.valgt).map_or("", |v| v.vaerdi.as_str());
        form_urlencoded::Serializer::new(String::new())
            .append_pair("navn", &self.navn.vaerdi)
            .append_pair("type", valgt)
            .finish()
    }
}

async fn ny_side(k: &Besoeg, trin: usize, fejl: Fejl) -> Result<Ny, Sidefejl> {
    let f = if k.f.krop.har("navn") { &k.f.krop } else { &k.f.query };
    let egne = styring::systemer::list(&k.kald, &k.politik)?;
    let egne = egne.into_iter().filter(|s| s.leverandoer == k.kald.part());
    let systemer = egne.map(|s| {
        Valg::ny(s.uuid.to_string(), s.navn.clone(), f.som("system") == Some(s.uuid)).med(s.miljoe.navn())
    });
    Ok(Ny {
        ramme: k
            .ramme("Anmod om serviceaftale", "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler"),
        trin,
        navn: trin::navn(f.tekst("navn"), &fejl),
        aftaletype: trin::aftaletype(trin::laes_type(f.tekst("type"))),
        system: Felt::valg("system", "It-system", systemer.collect())
            .hjaelp("Et af jeres egne it-systemer")
            .fejl(&fejl),
        fejl,
    })
}

/// The first two steps of a new one: nothing is stored before there is a system.
pub async fn ny(k: Besoeg) -> Svar {
    let q = &k.f.query;
    if q.tekst("trin") != "2" {
        return side(&ny_side(&k, 1, Fejl::default()).await?);
    }
    if q.valgt("navn").is_none() {
        return side_igen(&ny_side(&k, 1, Fejl(vec![Modulfejl::mangler("navn", "Navn")])).await?);
    }
    side(&ny_side(&k, 2, Fejl::default()).await?)
}

/// Stores a new draft.
pub async fn opret(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let Some(system) = f.som("system") else {
        return side_igen(&ny_side(&k, 2, Fejl(vec![Modulfejl::mangler("system", "It-system")])).await?);
    };
    // What the system says of itself is what its agreements begin with.
    let o = k.politik.system(system).map(|s| s.oplysninger.clone()).unwrap_or_default();
    let anmodning = Anmodning {
        navn: f.tekst("navn").to_owned(),
        begrundelse: String::new(),
        system,
        myndigheder: std::collections::BTreeSet::new(),
        services: Vec::new(),
        formaal: Aftaleformaal {
            aftaletype: trin::laes_type(f.tekst("type")).unwrap_or(Aftaletype::UdenVideregivelse),
            databehandleraftale: o.databehandleraftale,
            underdatabehandlere: o.underdatabehandlere,
            behandlingssted: o.hostingland,
            driftskontakt: o.email,
            ..Aftaleformaal::default()
        },
        gyldig: Period::ALWAYS,
    };
    match aftaler::gem_kladde(&k.t().app, &k.kald, None, &anmodning).await {
        Ok(uuid) => k.videre(&format!("/admin/serviceaftaler/{uuid}/anmod/3"), "Kladden er gemt."),
        Err(fejl) => {
            let fejl = Fejl::af(fejl)?;
            let trin = if fejl.ved("navn").is_some() { 1 } else { 2 };
            side_igen(&ny_side(&k, trin, fejl).await?)
        }
    }
}
