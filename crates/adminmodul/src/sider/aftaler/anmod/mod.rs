//! `Anmod om serviceaftale`: seven steps, stored as a draft at each.

mod begynd;
mod services;
mod trin;

pub use begynd::{ny, opret, tilbydes};

use super::ord::{Kort, formaal, gyldig, kort, serviceord};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::Fejl;
use crate::ramme::Ramme;
use crate::vis;
use administration::{Aftaletilstand, Aftaleversion, Modulfejl, Politik, Serviceaftale};
use askama::Template;
use styring::Styringsfejl;
use styring::aftaler::{self, Anmodning};
use styring::systemer::maerke;

pub(super) const TRIN: [&str; 7] =
    ["Type", "System", "Myndigheder", "Services", "Parametre", "Formål og persondata", "Godkend"];

/// What is missing, the step where it is given, and where that is.
struct Mangel {
    trin: usize,
    sti: String,
    tekst: String,
    kode: &'static str,
}

impl Mangel {
    fn af(a: &Serviceaftale, fejl: &Modulfejl) -> Self {
        let felt = fejl.felt.unwrap_or_default();
        let trin = trin_for(felt);
        let sti = match felt {
            // A certificate belongs to the system, not to the request.
            "certifikat" => format!("/admin/it-systemer/{}?fane=certifikater", a.system),
            _ => format!("/admin/serviceaftaler/{}/anmod/{trin}", a.uuid),
        };
        let tekst = fejl.tekst.strip_prefix("Anmodningen kan ikke sendes. Der mangler: ");
        let tekst = tekst.map_or_else(|| fejl.tekst.clone(), |t| format!("Der mangler {t}"));
        Self { trin, sti, tekst, kode: fejl.kode }
    }
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
    /// Why what is stored was not sent.
    ikke_sendt: Vec<Mangel>,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    slet: bool,
    traek: bool,
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

fn nr(k: &Besoeg) -> Result<usize, Sidefejl> {
    let trin = k.f.led("trin").parse().ok().filter(|t| (1..=TRIN.len()).contains(t));
    trin.ok_or_else(Sidefejl::findes_ikke)
}

/// What is stored of a step, in words.
fn gemt(
    politik: &Politik,
    trin: usize,
    k: &Besoeg,
    (a, v): (&Serviceaftale, &Aftaleversion),
) -> Vec<(&'static str, String)> {
    let ord = || v.services.iter().map(|s| serviceord(politik, s));
    match trin {
        1 => vec![("Navn", a.navn.clone()), ("Serviceaftaletype", v.formaal.aftaletype.navn().to_owned())],
        3 => {
            let navne: Vec<String> = v.myndigheder.iter().map(|p| k.partsnavn(p.myndighed)).collect();
            vec![("Myndigheder", navne.join(", "))]
        }
        4 | 5 => vec![
            ("Hvad systemet kan", ord().map(|s| s.hvad).collect::<Vec<_>>().join("; ")),
            ("Dataafgrænsninger", ord().flat_map(|s| s.graenser).collect::<Vec<_>>().join("; ")),
        ],
        _ => {
            let mut alt = formaal(v);
            alt.push(("Gyldig", gyldig(v)));
            alt
        }
    }
}

/// How far a step has come.
enum Stadie<'a> {
    /// It is opened.
    Vist,
    /// It is not stored: what was written.
    Skrevet(&'a Anmodning),
    /// It is stored, and the request was not sent.
    IkkeSendt,
}

async fn trin_side(k: &Besoeg, trin: usize, stadie: Stadie<'_>, fejl: Fejl) -> Result<Side, Sidefejl> {
    let (uuid, nu) = (k.f.uuid("id")?, k.nu());
    let politik = k.t().app.politik();
    let (a, v) = aftaler::kladde(&k.kald, &politik, uuid)?;
    let mangler = aftaler::mangler(politik.data(), a, v, nu);
    let svar = v.myndigheder.iter().filter_map(|p| Some((k.partsnavn(p.myndighed), p.aarsag.clone()?)));
    let nummer = a.nummer.clone().unwrap_or_default();
    let lagret = anmodning(a, v);
    let (vist, ikke_sendt) = match stadie {
        Stadie::Skrevet(skrevet) => (skrevet, false),
        Stadie::Vist => (&lagret, false),
        Stadie::IkkeSendt => (&lagret, true),
    };
    let ramme = k
        .ramme(format!("Anmod om serviceaftale: {}", TRIN[trin - 1]), "/admin/serviceaftaler")
        .await
        .under("/admin/serviceaftaler?fane=kladder", "Kladder");
    Ok(Side {
        ramme,
        sti: format!("/admin/serviceaftaler/{uuid}"),
        trin,
        maerke: if ikke_sendt { maerke(a) } else { k.maerke("maerke", &fejl, maerke(a)) },
        nummer: if v.nummer > 1 { format!("{nummer} version {}", v.nummer) } else { nummer },
        returneret: svar.collect(),
        felter: trin::felter(k, &politik, trin, vist, &fejl),
        kort: Some(kort(k, a, v, None)),
        mangler: mangler.iter().map(|m| Mangel::af(a, m)).collect(),
        ikke_sendt: fejl.0.iter().filter(|_| ikke_sendt).map(|m| Mangel::af(a, m)).collect(),
        overhalet: if fejl.overhalet() { gemt(&politik, trin, k, (a, v)) } else { Vec::new() },
        slet: v.myndigheder.iter().all(|p| p.tilstand == Aftaletilstand::Kladde),
        traek: v.myndigheder.iter().any(|p| p.tilstand == Aftaletilstand::Returneret),
        fejl,
    })
}

/// A step.
pub async fn vis(k: Besoeg) -> Svar {
    let trin = nr(&k)?;
    side(&trin_side(&k, trin, Stadie::Vist, Fejl::default()).await?)
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
        let (status, fejl) = k.igen(fejl, ("aftale", uuid, &a.navn), k.kald.part()).await?;
        if fejl.overhalet() {
            // What was written here stands; of the other steps, what is stored now.
            let politik = k.t().app.politik();
            let (a, v) = aftaler::kladde(&k.kald, &politik, uuid)?;
            ny = anmodning(a, v);
            let _ = trin::laes(&k, trin, &mut ny);
        }
        return side_med(status, &trin_side(&k, trin, Stadie::Skrevet(&ny), fejl).await?);
    }
    let sti = format!("/admin/serviceaftaler/{uuid}");
    if f.har("gem") {
        return k.videre("/admin/serviceaftaler?fane=kladder", "Kladden er gemt.");
    }
    if trin < TRIN.len() {
        return k.videre(&format!("{sti}/anmod/{}", trin + 1), "Kladden er gemt.");
    }
    match aftaler::send(&k.t().app, &k.kald, uuid).await {
        Ok(sendt) => k.videre(&sti, sendt_ord(sendt)),
        Err(fejl) => side_igen(&trin_side(&k, trin, Stadie::IkkeSendt, Fejl::af(fejl)?).await?),
    }
}

/// What became of a request when it was sent.
fn sendt_ord(sendt: aftaler::Sendt) -> String {
    match (sendt.spurgt, sendt.godkendt) {
        (_, 0) => "Anmodningen er sendt. Hver myndigheds Godkender har fået en opgave.".to_owned(),
        (0, _) => "Anmodningen er sendt og godkendt efter standardgodkendelse.".to_owned(),
        (spurgt, godkendt) => format!(
            "Anmodningen er sendt. {} godkendt den efter standardgodkendelse; {} skal svare.",
            vis::antal(godkendt, "myndighed har", "myndigheder har"),
            vis::antal(spurgt, "myndighed", "myndigheder")
        ),
    }
}
