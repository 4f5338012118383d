//! `Anmod om serviceaftale`: seven steps, stored as a draft at each.

mod trin;

use super::ord::{Kort, kort};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::ramme::Ramme;
use administration::{Aftaleformaal, Aftaletype, Aftaleversion, Modulfejl, Serviceaftale};
use askama::Template;
use axum::http::StatusCode;
use bitemporal::Period;
use styring::Styringsfejl;
use styring::aftaler::{self, Anmodning};
use styring::systemer::maerke;

pub(super) const TRIN: [&str; 7] =
    ["Type", "System", "Myndigheder", "Services", "Parametre", "Formål og persondata", "Godkend"];

/// What is missing, and the step where it is given.
struct Mangel {
    trin: usize,
    tekst: String,
}

/// The step where a field stands.
fn trin_for(felt: &str) -> usize {
    match felt {
        "navn" | "type" => 1,
        "system" | "certifikat" => 2,
        "myndigheder" => 3,
        "services" => 4,
        "parametre" => 5,
        "vilkaar" => 7,
        _ => 6,
    }
}

#[derive(Template)]
#[template(path = "aftaler/anmod.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    trin: usize,
    maerke: String,
    nummer: String,
    returneret: Vec<(String, String)>,
    felter: Vec<trin::Del>,
    kort: Option<Kort>,
    mangler: Vec<Mangel>,
    fejl: Fejl,
}

impl Side {
    /// The steps by number and name, and whether anything is missing in them.
    fn trinliste(&self) -> Vec<(usize, &'static str, bool)> {
        let mangler = |nr: usize| self.mangler.iter().any(|m| m.trin == nr);
        TRIN.iter().enumerate().map(|(nr, navn)| (nr + 1, *navn, !mangler(nr + 1))).collect()
    }

    fn naeste(&self) -> &'static str {
        TRIN.get(self.trin).copied().unwrap_or_default()
    }
}

/// A draft as a request.
fn anmodning(a: &Serviceaftale, v: &Aftaleversion) -> Anmodning {
    Anmodning {
        navn: a.navn.clone(),
        begrundelse: v.begrundelse.clone(),
        system: a.system,
        myndigheder: v.myndigheder.iter().map(|p| p.myndighed).collect(),
        services: v.services.clone(),
        formaal: v.formaal.clone(),
        gyldig: v.gyldig,
    }
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

fn nr(k: &Besoeg) -> Result<usize, Sidefejl> {
    let trin = k.f.led("trin").parse().ok().filter(|t| (1..=TRIN.len()).contains(t));
    trin.ok_or_else(Sidefejl::findes_ikke)
}

async fn trin_side(k: &Besoeg, trin: usize, maerket: Option<&str>, fejl: Fejl) -> Result<Side, Sidefejl> {
    let (uuid, nu) = (k.f.uuid("id")?, k.nu());
    let politik = k.t().app.politik();
    let (a, v) = aftaler::kladde(&k.kald, &politik, uuid)?;
    let mangler = aftaler::mangler(politik.data(), a, v, nu);
    let mangler = mangler.into_iter().map(|m| {
        let tekst = m
            .tekst
            .strip_prefix("Anmodningen kan ikke sendes. Der mangler: ")
            .map_or(m.tekst.clone(), |t| format!("Der mangler {t}"));
        Mangel { trin: trin_for(m.felt.unwrap_or_default()), tekst }
    });
    let svar = v.myndigheder.iter().filter_map(|p| Some((k.partsnavn(p.myndighed), p.aarsag.clone()?)));
    let nummer = a.nummer.clone().unwrap_or_default();
    Ok(Side {
        ramme: k
            .ramme(
                format!(
                    "{}Anmod om serviceaftale: {}",
                    if fejl.er_tom() { "" } else { "Fejl: " },
                    TRIN[trin - 1]
                ),
                "/admin/serviceaftaler",
            )
            .await
            .under("/admin/serviceaftaler?fane=kladder", "Kladder"),
        sti: format!("/admin/serviceaftaler/{uuid}"),
        trin,
        maerke: maerket.map_or_else(|| maerke(a), str::to_owned),
        nummer: if v.nummer > 1 { format!("{nummer} version {}", v.nummer) } else { nummer },
        returneret: svar.collect(),
        felter: trin::felter(k, &politik, trin, &anmodning(a, v), &fejl),
        kort: Some(kort(k, a, v, None)),
        mangler: mangler.collect(),
        fejl,
    })
}

/// A step.
pub async fn vis(k: Besoeg) -> Svar {
    let trin = nr(&k)?;
    side(&trin_side(&k, trin, None, Fejl::default()).await?)
}

/// Stores a step, and goes on to the next; the last one sends.
pub async fn gem(k: Besoeg) -> Svar {
    let (trin, uuid, f) = (nr(&k)?, k.f.uuid("id")?, &k.f.krop);
    let (a, v) = aftaler::kladde(&k.kald, &k.politik, uuid)?;
    let mut ny = anmodning(a, v);
    let resultat = match trin::laes(&k, trin, &mut ny) {
        Ok(()) => aftaler::gem_kladde_fra(&k.t().app, &k.kald, uuid, f.tekst("maerke"), &ny).await,
        Err(fejl) => Err(Styringsfejl::Afvist(fejl)),
    };
    if let Err(fejl) = resultat {
        if let Some(overhalet) = fejl.med_kode("A-005").cloned() {
            return side_med(StatusCode::CONFLICT, &trin_side(&k, trin, None, Fejl(vec![overhalet])).await?);
        }
        return side_igen(&trin_side(&k, trin, Some(f.tekst("maerke")), Fejl::af(fejl)?).await?);
    }
    let sti = format!("/admin/serviceaftaler/{uuid}");
    if f.har("gem") {
        return k.videre("/admin/serviceaftaler?fane=kladder", "Kladden er gemt.");
    }
    if trin < TRIN.len() {
        return k.videre(&format!("{sti}/anmod/{}", trin + 1), "Kladden er gemt.");
    }
    match aftaler::send(&k.t().app, &k.kald, uuid).await {
        Ok(()) => k.videre(&sti, "Anmodningen er sendt. Hver myndigheds Godkender har fået en opgave."),
        Err(fejl) => side_igen(&trin_side(&k, trin, None, Fejl::af(fejl)?).await?),
    }
}
