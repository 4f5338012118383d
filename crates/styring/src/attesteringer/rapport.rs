//! The report: what was attested, by whom, as what; what was asked for, and what nobody answered.

use super::{LISTE_MAX, find, hent, linje};
use crate::skriv;
use crate::{Kald, Styringsfejl};
use administration::{Attestering, Attesteringspunkt, Emne, Handling, Punktstatus, hex, tommelfinger};
use app::App;
use bitemporal::Instant;
use std::collections::BTreeMap;
use std::num::NonZeroU16;
use store::{Aendringslinje, Loglinjeslags};
use udskrift::{Del, Tabel, Udskrift};
use uuid::Uuid;

/// Every point of a run, by number.
pub(super) async fn punkter(app: &App, koersel: Uuid) -> Result<Vec<Attesteringspunkt>, Styringsfejl> {
    let noegler = vec![("koersel", koersel.to_string())];
    let (fundne, _) = find::<Attesteringspunkt>(app, noegler, None, false, (0, LISTE_MAX)).await?;
    Ok(fundne.into_iter().map(|g| g.post).collect())
}

/// SHA-256 of everything a run and its points say, in hexadecimal.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub fn kontrolsum(a: &Attestering, punkter: &[Attesteringspunkt]) -> Result<String, Styringsfejl> {
    let krop = serde_json::to_vec(&(a, punkter)).map_err(oio::Fejl::intern)?;
    Ok(hex(&tommelfinger(&krop)))
}

/// The report of a run as PDF. While the run is not ended it says that it is preliminary. That it is made is a reading, and is logged.
///
/// # Errors
/// A-001; A-404.
pub async fn rapport(app: &App, kald: &Kald, uuid: Uuid) -> Result<Vec<u8>, Styringsfejl> {
    let rolle = kald.kraev(Emne::Attestering, Handling::Se)?;
    let a = hent(app, kald, uuid).await?.post;
    let punkter = punkter(app, uuid).await?;
    let nu = app.now();
    let laest = Aendringslinje {
        slags: Loglinjeslags::Laest,
        ..linje(kald, nu, rolle, &a, "hent rapport om attestering")
    };
    let part = Kald::partsnavn(&app.politik(), a.part);
    let pdf = app::udregn(move || Ok(udskrift(&a, &punkter, &part, nu)?.pdf().map_err(oio::Fejl::intern)?));
    let pdf = pdf.await?.map_err(|fejl: Styringsfejl| fejl)?;
    skriv::gem(app, &[], &[laest]).await?;
    Ok(pdf)
}

fn vis(micros: i64, format: &str) -> String {
    oio::tid::zoned(Instant::from_micros(micros)).map_or_else(String::new, |z| z.strftime(format).to_string())
}

fn dag(micros: i64) -> String {
    vis(micros, "%d-%m-%Y")
}

fn tid(micros: i64) -> String {
    vis(micros, "%d-%m-%Y kl. %H.%M")
}

fn udskrift(
    a: &Attestering,
    punkter: &[Attesteringspunkt],
    part: &str,
    nu: Instant,
) -> Result<Udskrift, Styringsfejl> {
    let tidspunkt = a.slut.as_ref().map_or(nu, |s| Instant::from_micros(s.tid));
    let oprettet = oio::tid::zoned(tidspunkt).ok_or_else(|| oio::Fejl::intern("a run beyond all time"))?;
    let mut felter = vec![
        ("Dataansvarlig".to_owned(), format!("{part} (CVR {})", a.part)),
        ("Omfang".to_owned(), a.omfang.ord().to_owned()),
        ("Startet".to_owned(), format!("{} af {}", tid(a.startet), a.startet_af.1)),
        ("Frist for svar".to_owned(), dag(a.frist.saturating_sub(1))),
    ];
    match &a.slut {
        Some(slut) => {
            felter.push(("Afsluttet".into(), format!("{} af {}", tid(slut.tid), slut.af.1)));
            felter.push(("Kontrolsum".into(), kontrolsum(a, punkter)?));
        }
        None => felter.push((
            "Status".into(),
            format!("Foreløbig, {}: attesteringen er ikke afsluttet", tid(nu.micros())),
        )),
    }
    let antal = |status| punkter.iter().filter(|p| p.status() == status).count();
    let resultat = Punktstatus::ALLE
        .iter()
        .map(|(status, _, ord)| ((*ord).to_owned(), antal(*status).to_string()))
        .filter(|(_, antal)| antal != "0")
        .collect();
    let metode = "For hver jobfunktionsrolle og hvert it-system, den giver adgang til, har en Systemansvarlig for it-systemet \
                  set, hvad rollen giver, og bekræftet det eller bedt om en ændring. Ingen har bekræftet det, de selv sidst \
                  har sammensat. Det, der blev attesteret, står ved hvert svar med rollens version. Et manglende svar fjerner \
                  ingen rolle.";
    Ok(Udskrift {
        titel: format!("Attestering: {}", a.navn),
        udsteder: part.to_owned(),
        sidefod: format!("{part} · Attestering {}", a.uuid),
        oprettet,
        dele: vec![
            Del::Felter(felter),
            Del::Overskrift("Resultat".into()),
            Del::Felter(resultat),
            Del::Overskrift("It-systemer".into()),
            Del::Tabel(pr_system(punkter)),
            Del::Overskrift("Metode".into()),
            Del::Afsnit(metode.to_owned()),
            Del::Overskrift("Jobfunktionsroller".into()),
            Del::Tabel(tabel(punkter)),
        ],
    })
}

fn kolonner<const N: usize>(alle: [(&str, u16); N]) -> Vec<(String, NonZeroU16)> {
    alle.into_iter()
        .map(|(navn, bredde)| (navn.to_owned(), NonZeroU16::new(bredde).unwrap_or(NonZeroU16::MIN)))
        .collect()
}

/// How each it-system came out.
fn pr_system(punkter: &[Attesteringspunkt]) -> Tabel {
    let mut efter: BTreeMap<(String, Uuid), BTreeMap<&str, usize>> = BTreeMap::new();
    for p in punkter {
        let tal = efter.entry((p.systemnavn.to_lowercase(), p.system)).or_default();
        *tal.entry(p.status().kode()).or_default() += 1;
    }
    let navne: BTreeMap<Uuid, &str> = punkter.iter().map(|p| (p.system, p.systemnavn.as_str())).collect();
    let raekke = |((_, system), tal): (&(String, Uuid), &BTreeMap<&str, usize>)| {
        let antal = |s: Punktstatus| tal.get(s.kode()).copied().unwrap_or_default();
        let andre = antal(Punktstatus::Venter) + antal(Punktstatus::UdenSvar);
        vec![
            navne.get(system).copied().unwrap_or_default().to_owned(),
            antal(Punktstatus::Bekraeftet).to_string(),
            antal(Punktstatus::Aendring).to_string(),
            andre.to_string(),
            antal(Punktstatus::Bortfaldet).to_string(),
        ]
    };
    let hoved =
        [("It-system", 10), ("Bekræftet", 4), ("Ændring ønsket", 5), ("Uden svar", 4), ("Bortfaldet", 4)];
    Tabel { kolonner: kolonner(hoved), raekker: efter.iter().map(raekke).collect() }
}

fn tabel(punkter: &[Attesteringspunkt]) -> Tabel {
    let raekke = |p: &Attesteringspunkt| {
        let foelsom = if p.foelsom { "\nFølsom" } else { "" };
        vec![
            p.nr.to_string(),
            p.systemnavn.clone(),
            format!("{}{foelsom}", p.rollenavn),
            p.sidste().map_or_else(|| "–".to_owned(), |a| a.ord.join("\n")),
            svar(p),
        ]
    };
    let hoved =
        [("Nr.", 2), ("It-system", 5), ("Jobfunktionsrolle", 6), ("Giver adgang til", 10), ("Svar", 8)];
    Tabel { kolonner: kolonner(hoved), raekker: punkter.iter().map(raekke).collect() }
}

/// Every answer, the last one first.
fn svar(p: &Attesteringspunkt) -> String {
    let en = |a: &administration::Attest| {
        let status = match a.svar {
            administration::Attestsvar::Bekraeftet => Punktstatus::Bekraeftet,
            administration::Attestsvar::Aendring => Punktstatus::Aendring,
        };
        let tekst = format!("{} {} af {}, version {}.", status.ord(), dag(a.tid), a.af.1, a.version);
        if a.begrundelse.is_empty() { tekst } else { format!("{tekst}\n{}", a.begrundelse) }
    };
    if p.svar.is_empty() {
        return p.status().ord().to_owned();
    }
    p.svar.iter().rev().map(en).collect::<Vec<_>>().join("\n")
}
