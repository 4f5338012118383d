//! `Godkend flere`: requests for the same change, with what they mean together, and what came of each.

use super::konsekvens::{Foelge, ved};
use super::ord;
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use administration::{Aftaletilstand, Modulfejl};
use askama::Template;
use std::collections::HashSet;
use styring::Styringsfejl;
use styring::aftaler::{self, Aftalesoegning, Aftalevisning, Enkeltsvar, FLERE_MAX, Godkendt, Vist};
use uuid::Uuid;

/// Where it is.
pub(super) const STI: &str = "/admin/serviceaftaler/godkend";

/// What is told of each, and may be another.
const EGNE: [&str; 3] = ["Begrundelse", "Kontakt ved drift", "Vilkår accepteret af"];

/// A request among them.
struct Rad {
    id: Uuid,
    sti: String,
    nummer: String,
    navn: String,
    system: String,
    leverandoer: String,
    begrundelse: String,
    version: u32,
    vist: String,
    anmodet: Dato,
}

impl Rad {
    fn af(k: &Besoeg, v: &Aftalevisning<'_>) -> Option<Self> {
        let version = v.til_svar()?;
        let system = k.politik.system(v.aftale.system);
        Some(Self {
            id: v.aftale.uuid,
            sti: format!("/admin/serviceaftaler/{}/svar", v.aftale.uuid),
            nummer: v.aftale.nummer.clone().unwrap_or_default(),
            navn: v.aftale.navn.clone(),
            system: system.map_or_else(String::new, |s| s.navn.clone()),
            leverandoer: system.map_or_else(String::new, |s| k.partsnavn(s.leverandoer)),
            begrundelse: version.begrundelse.clone(),
            version: version.nummer,
            vist: aftaler::indholdsmaerke(version),
            anmodet: vis::maaske(super::kolonner::anmodet(v)),
        })
    }
}

#[derive(Template)]
#[template(path = "aftaler/flere.html")]
struct Side {
    ramme: Ramme,
    rader: Vec<Rad>,
    /// What the system may do with what, in the words of the agreement; the same in all.
    indhold: Vec<String>,
    formaal: Vec<(&'static str, String)>,
    foelger: Vec<Foelge>,
    /// That some that were chosen do not wait for an answer any more.
    vaek: String,
    /// Whether there are more of the same than fit.
    flere: bool,
}

/// The requests that are chosen: ticked, or all that are the same as one. Also whether some were left out.
fn valgte(k: &Besoeg) -> Result<(Vec<Uuid>, bool), Sidefejl> {
    let q = &k.f.query;
    let Some(maerke) = q.valgt("ens") else {
        let alle: Vec<&str> = q.alle("valgt").take(FLERE_MAX + 1).collect();
        return Ok((alle.iter().filter_map(|v| v.parse().ok()).collect(), false));
    };
    let soegning =
        Aftalesoegning { til_svar: true, myndighed: Some(k.kald.part()), ..Aftalesoegning::default() };
    let alle = aftaler::list(&k.kald, &k.politik, &soegning, k.nu())?;
    let ens = alle.iter().filter(|v| aftaler::aendringsmaerke(v).is_some_and(|m| m == maerke));
    let mut ids: Vec<Uuid> = ens.map(|v| v.aftale.uuid).collect();
    let flere = ids.len() > FLERE_MAX;
    ids.truncate(FLERE_MAX);
    Ok((ids, flere))
}

/// What an approval of them all means, before it is given.
pub async fn vis(k: Besoeg) -> Svar {
    let (valgte, flere) = valgte(&k)?;
    let fundne = aftaler::ens(&k.kald, &k.politik, &valgte, k.nu())?;
    let Some((foerste, version)) = fundne.first().and_then(|v| Some((v, v.til_svar()?))) else {
        let tekst = "Ingen af de valgte anmodninger venter på jeres svar. De kan være besvaret eller trukket tilbage.";
        return Err(Modulfejl::ny("G-210", tekst).into());
    };
    let part = foerste.myndighed;
    let spurgt: Vec<(Uuid, u32)> =
        fundne.iter().filter_map(|v| Some((v.aftale.uuid, v.til_svar()?.nummer))).collect();
    let ids: Vec<Uuid> = spurgt.iter().map(|(id, _)| *id).collect();
    // As of the day they begin, which is the same for all.
    let foelger = ved(&k.politik, version.gyldig.from.max(k.nu()), &ids, |data| {
        for a in &mut data.aftaler {
            let Some((_, nummer)) = spurgt.iter().find(|(id, _)| *id == a.uuid) else { continue };
            let versioner = a.versioner.iter_mut().filter(|v| v.nummer == *nummer);
            let parter = versioner.flat_map(|v| &mut v.myndigheder).filter(|p| p.myndighed == part);
            parter.for_each(|p| p.tilstand = Aftaletilstand::Godkendt);
        }
    });
    let indhold = version.services.iter().map(|s| ord::serviceord(&k.politik, s).hvad).collect();
    side(&Side {
        ramme: k
            .ramme("Godkend flere", "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler"),
        indhold,
        formaal: ord::formaal(version).into_iter().filter(|(navn, _)| !EGNE.contains(navn)).collect(),
        foelger,
        vaek: match valgte.iter().collect::<HashSet<_>>().len().saturating_sub(fundne.len()) {
            0 => String::new(),
            n => format!("{n} af de valgte venter ikke på jeres svar og er udeladt"),
        },
        flere,
        rader: fundne.iter().filter_map(|v| Rad::af(&k, v)).collect(),
    })
}

/// What came of one.
struct Resultat {
    sti: String,
    nummer: String,
    navn: String,
    /// The code and the reason of a refusal.
    afvist: Option<(String, String)>,
    medunderskrift: bool,
}

#[derive(Template)]
#[template(path = "aftaler/flere_svar.html")]
struct Svarside {
    ramme: Ramme,
    titel: String,
    resultater: Vec<Resultat>,
}

fn resultat(k: &Besoeg, u: Enkeltsvar) -> Resultat {
    // Who may not see it is told no name of it.
    let synlig = aftaler::hent(&k.kald, &k.politik, u.aftale, k.nu()).ok();
    let aftale = synlig.as_ref().and_then(|v| v.first()).map(|v| v.aftale);
    let medunderskrift = matches!(u.svar, Ok(Godkendt::Medunderskrift));
    let afvist = u.svar.err().map(|fejl| match fejl {
        Styringsfejl::Afvist(alle) => {
            let koder = alle.first().map_or("", |f| f.kode).to_owned();
            (koder, alle.iter().map(|f| f.tekst.as_str()).collect::<Vec<_>>().join(" "))
        }
        Styringsfejl::Intern(_) => {
            let tekst = "Fejlen er vores, og anmodningen er ikke godkendt. Prøv igen om lidt.";
            ("500".to_owned(), tekst.to_owned())
        }
    });
    Resultat {
        sti: aftale.map_or_else(String::new, |a| format!("/admin/serviceaftaler/{}", a.uuid)),
        nummer: aftale.and_then(|a| a.nummer.clone()).unwrap_or_default(),
        navn: aftale.map_or_else(|| "Ukendt anmodning".to_owned(), |a| a.navn.clone()),
        afvist,
        medunderskrift,
    }
}

/// Approves them, each by itself.
pub async fn godkend(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let vist = |v: &str| {
        let aftale: Uuid = v.parse().ok()?;
        let nummer = f.som(&format!("nummer-{aftale}")).unwrap_or_default();
        Some(Vist { aftale, nummer, maerke: f.tekst(&format!("vist-{aftale}")).to_owned() })
    };
    let viste: Vec<Vist> = f.alle("valgt").take(FLERE_MAX + 1).filter_map(vist).collect();
    let alle = aftaler::godkend_flere(&k.t().app, &k.kald, &viste).await?;
    let resultater: Vec<Resultat> = alle.into_iter().map(|u| resultat(&k, u)).collect();
    let afvist = resultater.iter().filter(|r| r.afvist.is_some()).count();
    let godkendt = resultater.len() - afvist;
    if afvist == 0 && !resultater.iter().any(|r| r.medunderskrift) {
        let antal = vis::antal(godkendt, "serviceaftale er", "serviceaftaler er");
        return k.videre("/admin/serviceaftaler", format!("{antal} godkendt."));
    }
    side(&Svarside {
        ramme: k
            .ramme("Godkend flere", "/admin/serviceaftaler")
            .await
            .under("/admin/serviceaftaler", "Serviceaftaler"),
        titel: if afvist > 0 {
            format!("{} godkendt, {afvist} er ikke", vis::antal(godkendt, "anmodning er", "anmodninger er"))
        } else {
            format!("{} godkendt", vis::antal(godkendt, "anmodning er", "anmodninger er"))
        },
        resultater,
    })
}
