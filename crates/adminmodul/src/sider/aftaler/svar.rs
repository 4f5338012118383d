//! `Godkend serviceaftale`: the card, what it changes, and the answer.

use super::kommentar::{Kommentarer, kommentarer};
use super::konsekvens::{Foelge, ved};
use super::ord::{Forskel, Kort, formaal, forskelle, kort};
use crate::besoeg::{Besoeg, Svar as Sidesvar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Aftaletilstand, Aftaleversion, Modulfejl};
use askama::Template;
use bitemporal::Instant;
use oio::Cvr;
use styring::Styringsfejl;
use styring::aftaler::{self, Svar};

#[derive(Template)]
#[template(path = "aftaler/svar.html")]
pub(super) struct Side {
    ramme: Ramme,
    sti: String,
    navn: String,
    nummer: String,
    version: u32,
    vist: String,
    nuvaerende: Option<u32>,
    tag: Tag,
    anmodet: Dato,
    anmodet_af: String,
    kort: Kort,
    foelger: Vec<Foelge>,
    forskelle: Vec<Forskel>,
    formaal: Vec<(&'static str, String)>,
    afventer_anden: bool,
    /// What the other authorities of the request have answered; nothing when there are none.
    andre: String,
    /// Whether what comes later may be approved beforehand.
    standard: bool,
    kommentarer: Option<Kommentarer>,
    dag: Felt,
    spoergsmaal: Felt,
    begrundelse: Felt,
    fejl: Fejl,
}

pub(super) async fn svar_side(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let (uuid, nu, f) = (k.f.uuid("id")?, k.nu(), &k.f.krop);
    let politik = k.t().app.politik();
    let visninger = aftaler::hent(&k.kald, &politik, uuid, nu)?;
    let min = visninger.iter().find(|v| v.myndighed == k.kald.part());
    let min = min.ok_or_else(|| Modulfejl::findes_ikke("Anmodningen"))?;
    let version = min.til_svar().ok_or_else(|| {
        let tekst =
            "Der er ingen anmodning, der venter på jeres svar. Den kan være besvaret eller trukket tilbage.";
        Modulfejl::ny("G-210", tekst)
    })?;
    let part = version.myndigheder.iter().find(|p| p.myndighed == min.myndighed);
    let part = part.ok_or_else(|| Modulfejl::findes_ikke("Anmodningen"))?;
    let anmodet_af = match part.anmodet_af.as_deref().and_then(|id| id.parse().ok()) {
        Some(id) => styring::brugere::ved_login(&k.t().app, id).await?.map_or_else(String::new, |b| b.navn),
        None => String::new(),
    };
    let foer = (version.nummer != min.version.nummer).then_some(min.version);
    // As of the day it would begin, so that what lies ahead is shown as well.
    let fra: Instant = version.gyldig.from.max(nu);
    let foelger = ved(&politik, fra, &[uuid], |data| {
        let versioner = data.aftaler.iter_mut().filter(|a| a.uuid == uuid).flat_map(|a| &mut a.versioner);
        let parter = versioner.filter(|v| v.nummer == version.nummer).flat_map(|v| &mut v.myndigheder);
        parter.filter(|p| p.myndighed == min.myndighed).for_each(|p| p.tilstand = Aftaletilstand::Godkendt);
    });
    let nummer = min.aftale.nummer.clone().unwrap_or_default();
    let dag = if f.har("dag") { f.tekst("dag").to_owned() } else { vis::dato(fra).tekst };
    Ok(Side {
        ramme: k
            .ramme(format!("Godkend {nummer}"), "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler"),
        sti: format!("/admin/serviceaftaler/{uuid}"),
        navn: min.aftale.navn.clone(),
        nummer,
        version: version.nummer,
        vist: k.maerke("vist", &fejl, aftaler::indholdsmaerke(version)),
        nuvaerende: foer.map(|v| v.nummer),
        tag: vis::aftaletag(Aftaletilstand::Anmodet),
        anmodet: part.anmodet.map_or_else(Dato::default, vis::dato),
        anmodet_af,
        kort: kort(k, min.aftale, version, Some(min.myndighed)),
        foelger,
        forskelle: foer.map_or_else(Vec::new, |foer| forskelle(k, foer, version)),
        formaal: formaal(version),
        afventer_anden: part.godkendt_af.is_some(),
        andre: andre(version, min.myndighed, nu),
        standard: part.godkendt_af.is_none() && part.anmodet_af != Some(k.bruger.uuid.to_string()),
        kommentarer: kommentarer(k, &visninger, "svar", &fejl).await?,
        dag: Felt::ny("dag", "Gælder fra", dag).hjaelp("Tidligst i dag, dd-mm-åååå").fejl(&fejl),
        spoergsmaal: Felt::ny("spoergsmaal", "Spørgsmål til leverandøren", f.tekst("spoergsmaal"))
            .fejl(&fejl),
        begrundelse: Felt::ny("begrundelse", "Begrundelse", f.tekst("begrundelse"))
            .hjaelp("Sendes til leverandøren")
            .fejl(&fejl),
        fejl,
    })
}

/// How many other authorities of the same request have answered what. Which ones is the supplier's business.
fn andre(version: &Aftaleversion, min: Cvr, nu: Instant) -> String {
    use Aftaletilstand as T;
    let andre: Vec<T> =
        version.myndigheder.iter().filter(|p| p.myndighed != min).map(|p| version.tilstand(p, nu)).collect();
    let dele = [
        ("har godkendt", &[T::Godkendt, T::Aktiv, T::Hvilende, T::Spaerret, T::Opsagt][..]),
        ("har afvist", &[T::Afvist]),
        ("har stillet spørgsmål", &[T::Returneret]),
        ("har ikke svaret", &[T::Anmodet, T::Bortfaldet]),
    ];
    let dele = dele.into_iter().filter_map(|(ord, tilstande)| {
        let antal = andre.iter().filter(|t| tilstande.contains(t)).count();
        (antal > 0).then(|| format!("{antal} {ord}"))
    });
    dele.collect::<Vec<_>>().join(", ")
}

/// The page.
pub async fn vis(k: Besoeg) -> Sidesvar {
    side(&svar_side(&k, Fejl::default()).await?)
}

fn laes(k: &Besoeg) -> Result<Svar, Modulfejl> {
    let f = &k.f.krop;
    match f.tekst("svar") {
        "godkend" => Ok(Svar::Godkend(None)),
        "godkend-dato" => {
            f.dag("dag")?.map(|d| Svar::Godkend(Some(d))).ok_or_else(|| Modulfejl::mangler("dag", "Datoen"))
        }
        "returner" => Ok(Svar::Returner(f.tekst("spoergsmaal").to_owned())),
        "afvis" => Ok(Svar::Afvis(f.tekst("begrundelse").to_owned())),
        _ => Err(Modulfejl::ny("A-006", "Vælg, om aftalen skal godkendes, returneres eller afvises.")),
    }
}

/// The answer.
pub async fn svar(k: Besoeg) -> Sidesvar {
    let uuid = k.f.uuid("id")?;
    let nummer = k.f.krop.som("nummer").unwrap_or_default();
    let resultat = match laes(&k) {
        Ok(svar) => {
            let (vist, standard) = (k.f.krop.tekst("vist"), k.f.krop.har("standard"));
            let gjort = aftaler::svar_med(&k.t().app, &k.kald, uuid, (nummer, vist), &svar, standard).await;
            gjort.map(|()| svar)
        }
        Err(fejl) => Err(Styringsfejl::from(fejl)),
    };
    match resultat {
        Ok(svar) => {
            let tekst = match svar {
                Svar::Godkend(_) if k.f.krop.har("standard") => {
                    "Serviceaftalen er godkendt. Kommende versioner, der ikke giver mere, godkendes uden et klik i 12 måneder."
                }
                Svar::Godkend(_) => godkendt(&k, uuid, nummer),
                Svar::Returner(_) => "Anmodningen er returneret med jeres spørgsmål.",
                Svar::Afvis(_) => "Anmodningen er afvist, og begrundelsen er sendt.",
            };
            k.videre("/admin/serviceaftaler", tekst)
        }
        Err(fejl) => {
            let a = k.politik.aftale(uuid).ok_or_else(|| Modulfejl::findes_ikke("Anmodningen"))?;
            let ejer = k.politik.system(a.system).map_or(k.kald.part(), |s| s.leverandoer);
            let (status, mut fejl) = k.igen(fejl, ("aftale", uuid, &a.navn), ejer).await?;
            if k.f.krop.tekst("svar") == "returner" {
                fejl.0
                    .iter_mut()
                    .filter(|e| e.felt == Some("begrundelse"))
                    .for_each(|e| e.felt = Some("spoergsmaal"));
            }
            // What is no longer to be answered has a page of its own.
            side_med(status, &svar_side(&k, fejl).await?)
        }
    }
}

/// An approval that another must countersign is not yet in force.
fn godkendt(k: &Besoeg, uuid: uuid::Uuid, nummer: u32) -> &'static str {
    let politik = k.t().app.politik();
    let mut aftaler = politik.data().aftaler.iter().filter(|a| a.uuid == uuid).flat_map(|a| &a.versioner);
    let version = aftaler.find(|v| v.nummer == nummer);
    let venter = version.is_some_and(|v| {
        v.myndigheder.iter().any(|p| p.myndighed == k.kald.part() && p.tilstand == Aftaletilstand::Anmodet)
    });
    if venter {
        "Din godkendelse er gemt. En anden Godkender skal medunderskrive."
    } else {
        "Serviceaftalen er godkendt."
    }
}
