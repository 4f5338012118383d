//! One run: how far each it-system has come, its points, the end, and the report.

use super::{Rad, STI};
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::fil;
use crate::liste::{Fane, PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{
    Attestering, Attesteringspunkt, Attesteringstilstand, Emne, Handling, Modulrolle, Punktstatus,
};
use askama::Template;
use bitemporal::Instant;
use styring::attesteringer::{self, Koersel, LISTE_MAX, Punktsoegning};

/// Changes shown of one.
const HISTORIK: u64 = 50;
const FANER: [(&str, &str); 3] = [("fremdrift", "Fremdrift"), ("roller", "Roller"), ("historik", "Historik")];

/// An it-system in the run.
struct Systemrad {
    navn: String,
    /// The points of it.
    sti: String,
    faerdige: u32,
    alle: u32,
    bekraeftet: u32,
    aendring: u32,
    /// Who answers for it; nobody is told of.
    ansvarlige: String,
    /// Where the person at hand goes on, when something waits for him.
    attester: Option<String>,
}

/// A point as it is shown.
struct Punktrad {
    sti: String,
    rolle: String,
    system: String,
    foelsom: bool,
    tag: Tag,
    svar: Option<(Dato, String)>,
    aendret: bool,
}

impl Punktrad {
    fn af(a: &Attestering, p: &Attesteringspunkt, aendret: bool, nu: Instant) -> Self {
        Self {
            sti: format!("{STI}/{}/punkter/{}", a.uuid, p.nr),
            rolle: p.rollenavn.clone(),
            system: p.systemnavn.clone(),
            foelsom: p.foelsom,
            tag: tag(p.status(), a.tilstand(nu)),
            svar: p.sidste().map(|s| (vis::dato(Instant::from_micros(s.tid)), s.af.1.clone())),
            aendret,
        }
    }
}

/// The tag of a point: one without an answer is late when the deadline is past.
pub(in crate::sider) fn tag(status: Punktstatus, koersel: Attesteringstilstand) -> Tag {
    let tone = match status {
        Punktstatus::Venter if koersel == Attesteringstilstand::Overskredet => {
            return Tag { tone: "warn", navn: "Frist overskredet".into() };
        }
        Punktstatus::Venter => "wait",
        Punktstatus::Bekraeftet => "ok",
        Punktstatus::Aendring | Punktstatus::UdenSvar => "warn",
        Punktstatus::Bortfaldet => "",
    };
    Tag { tone, navn: status.ord().into() }
}

#[derive(Template)]
#[template(path = "attesteringer/en.html")]
struct Side {
    ramme: Ramme,
    rad: Rad,
    faner: Vec<Fane>,
    fane: String,
    slut: Option<(Dato, String)>,
    resultat: Vec<(&'static str, u32)>,
    systemer: Vec<Systemrad>,
    punkter: Vec<Punktrad>,
    sider: Sider,
    q: Felt,
    system: Felt,
    status: Felt,
    historik: Vec<Lograd>,
    afslut: bool,
    csv: String,
}

async fn hent(k: &Besoeg) -> Result<Koersel, Sidefejl> {
    Ok(attesteringer::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?)
}

async fn systemer(k: &Besoeg, koersel: &Koersel) -> Result<(Vec<Systemrad>, u64), Sidefejl> {
    let (app, a) = (&k.t().app, &koersel.post);
    let side = (forbi(&k.f.query) as u64, PR_SIDE as u64);
    let (dele, antal) = attesteringer::dele(app, &k.kald, a.uuid, side).await?;
    let alle: Vec<_> = dele.iter().map(|d| d.system).collect();
    let ansvarlige = attesteringer::ansvarlige(app, &k.kald, &alle).await?;
    let rad = |d: &administration::Attesteringsdel| {
        let sti = format!("{STI}/{}?fane=roller&system={}", a.uuid, d.system);
        let min = k.kald.aktoer.har_for(Modulrolle::Systemansvarlig, d.system);
        Systemrad {
            navn: d.systemnavn.clone(),
            faerdige: d.tal.faerdige(),
            alle: d.tal.alle,
            bekraeftet: d.tal.bekraeftet,
            aendring: d.tal.aendring,
            ansvarlige: ansvarlige.get(&d.system).map(|n| n.join(", ")).unwrap_or_default(),
            attester: (min && a.slut.is_none() && d.tal.venter() > 0)
                .then(|| format!("{sti}&status={}", Punktstatus::Venter.kode())),
            sti,
        }
    };
    Ok((dele.iter().map(rad).collect(), antal))
}

fn soegning(k: &Besoeg, forbi: u64, antal: u64) -> Punktsoegning {
    let q = &k.f.query;
    Punktsoegning {
        system: q.som("system"),
        status: Punktstatus::med_kode(q.tekst("status")),
        tekst: q.valgt("q").map(str::to_owned),
        forbi,
        antal,
    }
}

async fn punkter(k: &Besoeg, a: &Attestering) -> Result<(Vec<Punktrad>, u64), Sidefejl> {
    let s = soegning(k, forbi(&k.f.query) as u64, PR_SIDE as u64);
    let (fundne, antal) = attesteringer::punkter(&k.t().app, &k.kald, a.uuid, &s).await?;
    let aendrede = attesteringer::aendrede(&k.t().app, &k.kald, &fundne).await?;
    let rad = |p: &Attesteringspunkt| Punktrad::af(a, p, aendrede.contains(&p.nr), k.nu());
    Ok((fundne.iter().map(rad).collect(), antal))
}

/// The filters of the points: the it-systems of the run.
async fn filtre(k: &Besoeg, a: &Attestering) -> Result<(Felt, Felt), Sidefejl> {
    let q = &k.f.query;
    let (dele, _) = attesteringer::dele(&k.t().app, &k.kald, a.uuid, (0, LISTE_MAX)).await?;
    let mut systemer = vec![Valg::ny("", "Alle", q.tekst("system").is_empty())];
    systemer.extend(
        dele.into_iter()
            .map(|d| Valg::ny(d.system.to_string(), d.systemnavn, q.som("system") == Some(d.system))),
    );
    let mut statusser = vec![Valg::ny("", "Alle", q.tekst("status").is_empty())];
    statusser.extend(
        Punktstatus::ALLE.iter().map(|(_, kode, ord)| Valg::ny(*kode, *ord, *kode == q.tekst("status"))),
    );
    Ok((Felt::valg("system", "It-system", systemer), Felt::valg("status", "Status", statusser)))
}

/// The run.
pub async fn vis(k: Besoeg) -> Svar {
    let koersel = hent(&k).await?;
    let a = &koersel.post;
    let valgt = k.f.query.tekst("fane");
    let fane = FANER.iter().find(|(id, _)| *id == valgt).map_or("fremdrift", |(id, _)| id);
    let (mut systemer_her, mut punkter_her, mut historik, mut antal) =
        (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut valg = (Felt::default(), Felt::default());
    match fane {
        "roller" => {
            (punkter_her, antal) = punkter(&k, a).await?;
            valg = filtre(&k, a).await?;
        }
        "historik" => {
            let objekt = ("attestering", a.uuid);
            historik = styring::log::om(&k.t().app, &k.kald, objekt, a.part, HISTORIK).await?;
        }
        _ => (systemer_her, antal) = systemer(&k, &koersel).await?,
    }
    let tid = |micros| vis::tid(Instant::from_micros(micros));
    let resultat = a.slut.as_ref().map_or_else(Vec::new, |s| {
        let t = s.tal;
        vec![
            ("Bekræftet", t.bekraeftet),
            ("Ændring ønsket", t.aendring),
            ("Uden svar", t.uden_svar),
            ("Bortfaldet", t.bortfaldet),
        ]
    });
    let rad = Rad::af(&koersel, k.nu());
    side(&Side {
        ramme: k.ramme(a.navn.clone(), STI).await.under(STI, "Attestering"),
        faner: Fane::med_log(&k, a.uuid, Fane::alle(&rad.sti, fane, &FANER)),
        fane: fane.to_owned(),
        slut: a.slut.as_ref().map(|s| (tid(s.tid), s.af.1.clone())),
        resultat,
        systemer: systemer_her,
        punkter: punkter_her,
        sider: Sider::ny(&k.f.query, usize::try_from(antal).unwrap_or(usize::MAX)),
        q: Felt::ny("q", "Jobfunktionsrolle", k.f.query.tekst("q")),
        system: valg.0,
        status: valg.1,
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        afslut: a.slut.is_none() && k.kald.aktoer.kan(Emne::Attestering, Handling::Afslut),
        csv: k.f.query.query_med("side", ""),
        rad,
    })
}

/// Its points as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let a = hent(&k).await?.post;
    let (fundne, _) =
        attesteringer::punkter(&k.t().app, &k.kald, a.uuid, &soegning(&k, 0, LISTE_MAX)).await?;
    let aendrede = attesteringer::aendrede(&k.t().app, &k.kald, &fundne).await?;
    let ja = |b: bool| if b { "Ja" } else { "Nej" }.to_owned();
    let raekke = |p: &Attesteringspunkt| {
        let sidste = p.sidste();
        let af = |tekst: fn(&administration::Attest) -> String| sidste.map_or_else(String::new, tekst);
        vec![
            p.nr.to_string(),
            p.systemnavn.clone(),
            p.rollenavn.clone(),
            ja(p.foelsom),
            tag(p.status(), a.tilstand(k.nu())).navn,
            af(|s| s.af.1.clone()),
            af(|s| vis::tid(Instant::from_micros(s.tid)).tekst),
            af(|s| s.version.to_string()),
            af(|s| s.begrundelse.clone()),
            af(|s| s.ord.join(" ")),
            ja(aendrede.contains(&p.nr)),
        ]
    };
    let hoved = [
        "Nr.",
        "It-system",
        "Jobfunktionsrolle",
        "Følsom",
        "Status",
        "Svar fra",
        "Tidspunkt",
        "Version",
        "Begrundelse",
        "Giver adgang til",
        "Ændret siden",
    ];
    let rader: Vec<_> = fundne.iter().map(raekke).collect();
    Ok(crate::csv::svar("attestering", &hoved, rader))
}

/// The report, as PDF.
pub async fn rapport(k: Besoeg) -> Svar {
    let pdf = attesteringer::rapport(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    Ok(fil::hentes("attestering.pdf", "application/pdf", pdf))
}

#[derive(Template)]
#[template(path = "attesteringer/afslut.html")]
struct Afslut {
    ramme: Ramme,
    rad: Rad,
    mangler: u32,
    fejl: Fejl,
}

async fn afslut_side(k: &Besoeg, fejl: Fejl) -> Result<Afslut, Sidefejl> {
    let koersel = hent(k).await?;
    koersel.post.er_i_gang()?;
    let rad = Rad::af(&koersel, k.nu());
    Ok(Afslut {
        ramme: k
            .ramme("Afslut attestering", STI)
            .await
            .under(STI, "Attestering")
            .under(&rad.sti, &koersel.post.navn),
        mangler: rad.alle.saturating_sub(rad.faerdige),
        rad,
        fejl,
    })
}

/// The form to end it.
pub async fn vis_afslut(k: Besoeg) -> Svar {
    side(&afslut_side(&k, Fejl::default()).await?)
}

/// Ends it.
pub async fn afslut(k: Besoeg) -> Svar {
    let id = k.f.uuid("id")?;
    match attesteringer::afslut(&k.t().app, &k.kald, id).await {
        Ok(()) => k.videre(
            &format!("{STI}/{id}"),
            "Attesteringen er afsluttet. Hent rapporten som PDF, og gem den i jeres ESDH.",
        ),
        Err(fejl) => side_igen(&afslut_side(&k, Fejl::af(fejl)?).await?),
    }
}
