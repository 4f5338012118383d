//! `Attestering`: the runs, and a new one. What one is, and one point of it, have files of their own.

mod en;
mod punkt;

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt, Valg};
use crate::liste::{PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Attesteringsomfang, Attesteringstilstand, Emne, Handling, PUNKTER_MAX};
use askama::Template;
use bitemporal::Instant;
use styring::attesteringer::{self, Koersel, Start};
use styring::jobfunktionsroller;

pub(in crate::sider) use en::tag;
pub use en::{afslut, csv, rapport, vis, vis_afslut};
pub use punkt::{svar, vis as vis_punkt};

/// Where they are.
pub(super) const STI: &str = "/admin/attesteringer";
/// How often all roles should be attested, in days.
const AAR: i64 = 365;
/// How often those that open sensitive information should be, in days.
const HALVT_AAR: i64 = 183;
/// The days for answers that are proposed.
const FORSLAG: i64 = 30;

/// A run as it is shown.
struct Rad {
    sti: String,
    navn: String,
    omfang: &'static str,
    startet: Dato,
    startet_af: String,
    frist: Dato,
    faerdige: u32,
    alle: u32,
    tag: Tag,
}

impl Rad {
    fn af(k: &Koersel, nu: Instant) -> Self {
        let a = &k.post;
        let tid = Instant::from_micros;
        Self {
            sti: format!("{STI}/{}", a.uuid),
            navn: a.navn.clone(),
            omfang: a.omfang.ord(),
            startet: vis::dato(tid(a.startet)),
            startet_af: a.startet_af.1.clone(),
            frist: vis::sidste_dag(tid(a.frist)),
            faerdige: a
                .slut
                .as_ref()
                .map_or(k.faerdige, |s| s.tal.bekraeftet + s.tal.aendring + s.tal.bortfaldet),
            alle: a.punkter,
            tag: match a.tilstand(nu) {
                Attesteringstilstand::Aaben => Tag { tone: "wait", navn: "I gang".into() },
                Attesteringstilstand::Overskredet => Tag { tone: "warn", navn: "Frist overskredet".into() },
                Attesteringstilstand::Afsluttet => Tag { tone: "ok", navn: "Afsluttet".into() },
            },
        }
    }
}

/// When roles of a kind should be attested again.
struct Naeste {
    hvad: &'static str,
    dag: Dato,
    sen: bool,
}

#[derive(Template)]
#[template(path = "attesteringer/liste.html")]
struct Liste {
    ramme: Ramme,
    rader: Vec<Rad>,
    sider: Sider,
    start: bool,
    naeste: Vec<Naeste>,
    /// Roles attested within twelve months, of how many in use.
    daekning: (usize, usize),
    procent: usize,
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let (app, nu) = (&k.t().app, k.nu());
    let (alle, antal) = attesteringer::list(app, &k.kald, forbi(&k.f.query) as u64, PR_SIDE as u64).await?;
    let hele = attesteringer::senest_startet(app, &k.kald, Attesteringsomfang::Alle.kode()).await?;
    let foelsomme = attesteringer::senest_startet(app, &k.kald, Attesteringsomfang::Foelsomme.kode()).await?;
    let naeste = |hvad, sidst: Option<i64>, dage| {
        let dag = styring::attesteringer::efter(Instant::from_micros(sidst?), dage);
        Some(Naeste { hvad, dag: vis::dato(dag), sen: dag < nu })
    };
    let rader = alle.iter().map(|g| Rad::af(g, nu)).collect();
    // Who may not see the roles is told of none.
    let daekning = attesteringer::daekning(app, &k.kald).await.unwrap_or_default();
    side(&Liste {
        daekning,
        procent: daekning.0 * 100 / daekning.1.max(1),
        ramme: k.ramme("Attestering", STI).await,
        rader,
        sider: Sider::ny(&k.f.query, usize::try_from(antal).unwrap_or(usize::MAX)),
        start: k.kald.aktoer.kan(Emne::Attestering, Handling::Opret),
        naeste: [
            naeste("Alle jobfunktionsroller bør attesteres igen", hele, AAR),
            naeste("De følsomme bør attesteres igen", hele.max(foelsomme), HALVT_AAR),
        ]
        .into_iter()
        .flatten()
        .collect(),
    })
}

#[derive(Template)]
#[template(path = "attesteringer/ny.html")]
struct Ny {
    ramme: Ramme,
    navn: Felt,
    omfang: Felt,
    systemer: Felt,
    frist: Felt,
    fejl: Fejl,
}

const OMFANG: [(&str, &str, &str); 3] = [
    ("alle", "Alle jobfunktionsroller i brug", "Mindst en gang om året"),
    ("foelsomme", "Kun de følsomme", "Mindst hvert halve år"),
    ("systemer", "Udvalgte it-systemer", "Det, rollerne giver i de it-systemer, du vælger herunder"),
];

async fn ny_side(k: &Besoeg, fejl: Fejl) -> Ny {
    let f = &k.f.krop;
    let sendt = f.har("navn");
    let felt = |id: &str, navn: &str, forslag: String| {
        Felt::ny(id, navn, if sendt { f.tekst(id).to_owned() } else { forslag }).fejl(&fejl)
    };
    let valgt = if sendt { f.tekst("omfang") } else { "alle" };
    let omfang = OMFANG.iter().map(|(id, navn, om)| Valg::ny(*id, *navn, *id == valgt).med(*om)).collect();
    let valgte = f.saet::<uuid::Uuid>("systemer");
    let systemer = jobfunktionsroller::brugervendte(&k.kald, &k.politik).unwrap_or_default();
    let systemer = systemer.into_iter().map(|s| {
        Valg::ny(s.uuid.to_string(), s.navn.clone(), valgte.contains(&s.uuid)).med(k.partsnavn(s.leverandoer))
    });
    let forslag = vis::dato(attesteringer::efter(k.nu(), FORSLAG)).tekst;
    Ny {
        ramme: k.ramme("Start attestering", STI).await.under(STI, "Attestering"),
        navn: felt("navn", "Navn", String::new()).hjaelp("For eksempel: Forår 2027"),
        omfang: Felt::valg("omfang", "Hvilke roller", omfang)
            .hjaelp(format!("Højst {PUNKTER_MAX} roller og it-systemer ad gangen"))
            .fejl(&fejl),
        systemer: Felt::valg("systemer", "It-systemer", systemer.collect())
            .hjaelp("Kun når du har valgt Udvalgte it-systemer")
            .valgfri()
            .fejl(&fejl),
        frist: felt("frist", "Frist for svar", forslag).hjaelp("Den sidste dag, der kan svares"),
        fejl,
    }
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    side(&ny_side(&k, Fejl::default()).await)
}

/// Starts one.
pub async fn start(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let frist = match f.slutdag("frist") {
        Ok(frist) => frist,
        Err(fejl) => return side_igen(&ny_side(&k, Fejl(vec![fejl])).await),
    };
    let omfang = match f.tekst("omfang") {
        "foelsomme" => Attesteringsomfang::Foelsomme,
        "systemer" => Attesteringsomfang::Systemer(f.saet("systemer")),
        _ => Attesteringsomfang::Alle,
    };
    let ny = Start { navn: f.tekst("navn").to_owned(), omfang, frist };
    match attesteringer::start(&k.t().app, &k.kald, &ny).await {
        Ok(uuid) => k.videre(
            &format!("{STI}/{uuid}"),
            "Attesteringen er startet. De systemansvarlige har fået besked og en opgave.",
        ),
        Err(fejl) => side_igen(&ny_side(&k, Fejl::af(fejl)?).await),
    }
}
