//! The front page: what to do, what needs a look, what changed.

use super::opgaver::Opgaverad;
use crate::besoeg::{Besoeg, Svar, side};
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use administration::{Aftaletilstand, Emne, Handling};
use askama::Template;
use bitemporal::Instant;
use styring::aftaler::Aftalesoegning;
use styring::{aftaler, systemer};

/// Tasks on the page.
const OPGAVER: usize = 6;
/// Changes on the page.
const NYT: u64 = 8;
/// Days ahead that are looked at.
const DAGE: i64 = 30;
const DAG: i64 = 86_400_000_000;

/// A traffic light.
struct Lys {
    farve: &'static str,
    ikon: &'static str,
    navn: &'static str,
    antal: usize,
    tekst: String,
    sti: &'static str,
}

/// A line of what changed.
struct Nyt {
    tekst: String,
    hvem: String,
    tid: Dato,
}

#[derive(Template)]
#[template(path = "forside.html")]
struct Side {
    ramme: Ramme,
    fornavn: String,
    dato: Dato,
    roller: String,
    igang: Option<super::komigang::Igangkort>,
    lys: Vec<Lys>,
    rader: Vec<Opgaverad>,
    alle: usize,
    nyt: Vec<Nyt>,
    log: bool,
}

fn lys(farve: &'static str, navn: &'static str, antal: usize, tekst: String, sti: &'static str) -> Lys {
    let ikon = match farve {
        "red" => "error",
        "yellow" => "warning",
        _ => "success",
    };
    Lys { farve, ikon, navn, antal, tekst, sti }
}

fn aftalelys(k: &Besoeg, nu: Instant, ud: &mut Vec<Lys>) {
    let find = |s: &Aftalesoegning| aftaler::list(&k.kald, &k.politik, s, nu).unwrap_or_default();
    let kan = |emne, handling| k.kald.aktoer.kan(emne, handling);
    // Who only asks looks for what came back; everybody else for what waits for the authority.
    let spoerger = kan(Emne::Aftale, Handling::Opret) && !kan(Emne::Aftalesvar, Handling::Godkend);
    if !spoerger {
        let venter = find(&Aftalesoegning {
            til_svar: true,
            myndighed: (!k.kald.aktoer.ser_alle_parter()).then(|| k.kald.part()),
            ..Aftalesoegning::default()
        });
        let aeldst = venter
            .iter()
            .filter_map(|v| v.til_svar()?.myndigheder.iter().find(|p| p.myndighed == v.myndighed)?.anmodet)
            .min();
        let tekst = aeldst.map_or_else(
            || "Ingen venter på svar".to_owned(),
            |a| {
                if vis::dage_til(nu, a) >= 0 {
                    return "Den ældste er fra i dag".to_owned();
                }
                format!(
                    "Ældste har ventet {}",
                    vis::antal(usize::try_from(-vis::dage_til(nu, a)).unwrap_or(0), "dag", "dage")
                )
            },
        );
        let farve = if venter.is_empty() { "green" } else { "yellow" };
        ud.push(lys(farve, "Aftaler til godkendelse", venter.len(), tekst, "/admin/serviceaftaler"));
    } else {
        let venter = find(&Aftalesoegning {
            tilstande: vec![Aftaletilstand::Returneret],
            ..Aftalesoegning::default()
        });
        let tekst = if venter.is_empty() { "Ingen er returneret" } else { "Returneret med spørgsmål" };
        let farve = if venter.is_empty() { "green" } else { "yellow" };
        ud.push(lys(
            farve,
            "Aftaler, der kræver svar",
            venter.len(),
            tekst.into(),
            "/admin/serviceaftaler?fane=alle&tilstand=RETURNERET",
        ));
    }
    let inden = Some(Instant::from_micros(nu.micros() + DAGE * DAG));
    let tilstande = vec![Aftaletilstand::Aktiv, Aftaletilstand::Hvilende];
    let snart = find(&Aftalesoegning { inden, tilstande, ..Aftalesoegning::default() });
    let tekst =
        if snart.is_empty() { "Ingen de næste 30 dage" } else { "Udløber eller skal genbekræftes" };
    let farve = if snart.is_empty() { "green" } else { "yellow" };
    ud.push(lys(
        farve,
        "Aftaler, der udløber",
        snart.len(),
        tekst.into(),
        "/admin/serviceaftaler?fane=udloeber",
    ));
}

fn certifikatlys(k: &Besoeg, nu: Instant, ud: &mut Vec<Lys>) {
    let Ok(frister) = systemer::frister(&k.kald, &k.politik, nu) else { return };
    let snart: Vec<_> = frister.iter().filter(|f| f.dage <= DAGE && !f.afloest).collect();
    let tekst = snart.iter().find(|f| f.dage >= 0).or(snart.first()).map_or_else(
        || "Ingen udløber de næste 30 dage".to_owned(),
        |f| {
            let verbum = if f.dage < 0 { "udløb" } else { "udløber" };
            format!("{} {verbum} {}", f.system.navn, vis::om_dage(nu, f.certifikat.gyldig.to))
        },
    );
    let farve = match snart.iter().map(|f| f.dage).min() {
        None => "green",
        Some(dage) if dage <= 7 => "red",
        Some(_) => "yellow",
    };
    ud.push(lys(farve, "Certifikater", snart.len(), tekst, "/admin/certifikater"));
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let (nu, app) = (k.nu(), &k.t().app);
    let mut alle_lys = Vec::new();
    if k.kald.aktoer.kan(Emne::Aftale, Handling::Se) {
        aftalelys(&k, nu, &mut alle_lys);
    }
    certifikatlys(&k, nu, &mut alle_lys);
    let opgaver = styring::opgaver::mine(app, &k.kald).await.unwrap_or_default();
    let log = k.kald.aktoer.kan(Emne::Log, Handling::Se);
    let linjer = styring::log::seneste(app, &k.kald, NYT).await?;
    let nyt = linjer.into_iter().map(|l| Nyt {
        tekst: if l.objektnavn.is_empty() {
            vis::stort(&l.handling)
        } else {
            format!("{}: {}", vis::stort(&l.handling), l.objektnavn)
        },
        hvem: l.navn,
        tid: vis::tid(l.tid),
    });
    let roller: Vec<&str> =
        k.kald.aktoer.roller().into_iter().map(administration::Modulrolle::navn).collect();
    side(&Side {
        ramme: k.ramme("Forside", "/admin").await,
        fornavn: k.bruger.navn.split_whitespace().next().unwrap_or_default().to_owned(),
        dato: vis::dato(nu),
        roller: format!("Du er {} hos {}", roller.join(", "), k.partsnavn(k.kald.part())),
        igang: super::komigang::kort(&k).await?,
        lys: alle_lys,
        alle: opgaver.len(),
        rader: opgaver.iter().take(OPGAVER).map(|g| Opgaverad::af(&k, &g.post)).collect(),
        nyt: nyt.collect(),
        log,
    })
}
