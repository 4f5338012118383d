//! `Serviceaftaler`: the lists.

pub mod aftale;
pub mod anmod;
pub mod drift;
pub mod forbrug;
pub mod kommentar;
pub mod konsekvens;
pub mod ord;
pub mod standard;
pub mod svar;
pub mod udskrift;

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Felt, Valg};
use crate::liste::{Fane, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Aftaletilstand as T, Emne, Handling};
use askama::Template;
use bitemporal::Instant;
use styring::aftaler::{self, Aftalesoegning, Aftalevisning};

const DAG: i64 = 86_400_000_000;
/// Days ahead in the tab of those that run out.
const UDLOEBER_DAGE: i64 = 60;

/// An agreement with one authority, in a list.
pub struct Aftalerad {
    /// Where it is.
    pub sti: String,
    /// Where it is answered, when the person may and must.
    pub svar: Option<String>,
    /// Its number.
    pub nummer: String,
    /// Its name.
    pub navn: String,
    /// Whether a change waits, and its state.
    pub aendring: Option<String>,
    /// The system.
    pub system: String,
    /// Its supplier.
    pub leverandoer: String,
    /// The authority.
    pub myndighed: String,
    /// The services.
    pub services: String,
    /// The state.
    pub tag: Tag,
    /// How long it has waited for an answer.
    pub ventet: String,
    /// When it must be confirmed again.
    pub genbekraeftes: Dato,
    /// The last day it holds.
    pub udloeber: Dato,
}

impl Aftalerad {
    /// An agreement as the person sees it.
    pub fn af(k: &Besoeg, v: &Aftalevisning<'_>) -> Self {
        let system = k.politik.system(v.aftale.system);
        let services: Vec<String> =
            v.version.services.iter().map(|s| ord::servicenavn(&k.politik, s.service)).collect();
        let spurgt = v.til_svar();
        let anmodet =
            spurgt.and_then(|ver| ver.myndigheder.iter().find(|p| p.myndighed == v.myndighed)?.anmodet);
        let ventet = anmodet.map(|a| usize::try_from(-vis::dage_til(k.nu(), a)).unwrap_or(0));
        let maa_svare =
            v.myndighed == k.kald.part() && k.kald.aktoer.kan(Emne::Aftalesvar, Handling::Godkend);
        let sti = format!("/admin/serviceaftaler/{}", v.aftale.uuid);
        Self {
            svar: spurgt.filter(|_| maa_svare).map(|_| format!("{sti}/svar")),
            sti,
            nummer: v.aftale.nummer.clone().unwrap_or_default(),
            navn: v.aftale.navn.clone(),
            aendring: v.aendring.map(|(ver, t)| {
                format!("Ændring til version {}: {}", ver.nummer, t.to_string().to_lowercase())
            }),
            system: system.map_or_else(String::new, |s| s.navn.clone()),
            leverandoer: system.map_or_else(String::new, |s| k.partsnavn(s.leverandoer)),
            myndighed: k.partsnavn(v.myndighed),
            services: services.join(", "),
            tag: vis::aftaletag(v.tilstand),
            ventet: ventet.map_or_else(String::new, |n| vis::antal(n, "dag", "dage")),
            genbekraeftes: vis::maaske(v.version.genbekraeftes(v.part)),
            udloeber: vis::sidste_dag(v.version.gyldig.to),
        }
    }
}

/// A draft in its list.
struct Kladderad {
    sti: String,
    nummer: String,
    navn: String,
    system: String,
    version: u32,
    returneret: bool,
}

const FANER: [(&str, &str); 6] = [
    ("svar", "Til godkendelse"),
    ("aktive", "Aktive"),
    ("udloeber", "Udløber"),
    ("ophoerte", "Ophørte"),
    ("kladder", "Kladder"),
    ("alle", "Alle"),
];

#[derive(Template)]
#[template(path = "aftaler/liste.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    titel: &'static str,
    rader: Vec<Aftalerad>,
    kladder: Vec<Kladderad>,
    sider: Sider,
    q: Felt,
    tilstand: Felt,
    myndighed: Felt,
    anmod: bool,
    csv: String,
}

fn soegning(k: &Besoeg, fane: &str, nu: Instant) -> Aftalesoegning {
    let q = &k.f.query;
    let tilstand = T::ALLE.into_iter().find(|t| t.to_string() == q.tekst("tilstand"));
    let mut s = Aftalesoegning {
        tekst: q.valgt("q").map(str::to_owned),
        myndighed: q.som("myndighed"),
        ..Aftalesoegning::default()
    };
    match fane {
        "svar" => s.til_svar = true,
        "aktive" => s.tilstande = vec![T::Aktiv, T::Godkendt, T::Spaerret, T::Opsagt, T::Hvilende],
        "udloeber" => {
            s.tilstande = vec![T::Aktiv, T::Hvilende, T::Spaerret];
            s.inden = Some(Instant::from_micros(nu.micros() + UDLOEBER_DAGE * DAG));
        }
        "ophoerte" => s.tilstande = T::ALLE.into_iter().filter(|t| t.er_slut()).collect(),
        _ => s.tilstande = tilstand.into_iter().collect(),
    }
    s
}

fn valgt_fane(k: &Besoeg) -> &str {
    let fane = k.f.query.tekst("fane");
    FANER.iter().find(|(id, _)| *id == fane).map_or("svar", |(id, _)| id)
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let (q, nu) = (&k.f.query, k.nu());
    let fane = valgt_fane(&k).to_owned();
    let anmod = anmod::tilbydes(&k);
    let kladder = if anmod { aftaler::kladder(&k.kald, &k.politik)? } else { Vec::new() };
    let antal = |id: &str| match id {
        "kladder" => Ok(kladder.len()),
        id => aftaler::list(
            &k.kald,
            &k.politik,
            &Aftalesoegning { tekst: None, myndighed: None, ..soegning(&k, id, nu) },
            nu,
        )
        .map(|a| a.len()),
    };
    let mut faner = Vec::new();
    for (nr, (id, navn)) in FANER.iter().enumerate().filter(|(_, (id, _))| anmod || *id != "kladder") {
        let sti =
            if nr == 0 { "/admin/serviceaftaler".into() } else { format!("/admin/serviceaftaler?fane={id}") };
        let antal = if *id == "alle" { None } else { Some(antal(id)?) };
        faner.push(Fane { sti, navn, her: *id == fane, antal });
    }
    let rad = |(a, v): &(&administration::Serviceaftale, &administration::Aftaleversion)| Kladderad {
        sti: format!("/admin/serviceaftaler/{}/anmod/1", a.uuid),
        nummer: a.nummer.clone().unwrap_or_default(),
        navn: a.navn.clone(),
        system: k.politik.system(a.system).map_or_else(String::new, |s| s.navn.clone()),
        version: v.nummer,
        returneret: v.myndigheder.iter().any(|p| p.tilstand == T::Returneret),
    };
    let fundne = if fane == "kladder" {
        Vec::new()
    } else {
        aftaler::list(&k.kald, &k.politik, &soegning(&k, &fane, nu), nu)?
    };
    let sider = Sider::ny(q, fundne.len());
    let rader = sider.af(fundne).iter().map(|v| Aftalerad::af(&k, v)).collect();
    let mut tilstande = vec![Valg::ny("", "Alle", q.tekst("tilstand").is_empty())];
    tilstande.extend(
        T::ALLE.into_iter().map(|t| {
            Valg::ny(t.to_string(), vis::stort(&t.to_string()), t.to_string() == q.tekst("tilstand"))
        }),
    );
    let mut myndigheder = vec![Valg::ny("", "Alle", q.tekst("myndighed").is_empty())];
    let parter = k.politik.data().parter.iter().filter(|p| p.er(administration::Partsart::Myndighed));
    myndigheder.extend(
        parter
            .map(|p| Valg::ny(p.cvr.to_string(), p.navn.clone(), p.cvr.to_string() == q.tekst("myndighed"))),
    );
    side(&Side {
        ramme: k.ramme("Serviceaftaler", "/admin/serviceaftaler").await,
        titel: FANER.iter().find(|(id, _)| *id == fane).map_or("", |(_, navn)| navn),
        faner,
        rader,
        kladder: if fane == "kladder" { kladder.iter().map(rad).collect() } else { Vec::new() },
        sider,
        q: Felt::ny("q", "Nummer, navn eller system", q.tekst("q")),
        tilstand: Felt::valg("tilstand", "Tilstand", tilstande),
        myndighed: Felt::valg("myndighed", "Myndighed", myndigheder),
        anmod,
        csv: q.query_med("side", ""),
        fane,
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let nu = k.nu();
    let fundne = aftaler::list(&k.kald, &k.politik, &soegning(&k, valgt_fane(&k), nu), nu)?;
    let raekker = fundne.iter().map(|v| {
        let r = Aftalerad::af(&k, v);
        vec![
            r.nummer,
            r.navn,
            r.system,
            r.leverandoer,
            r.myndighed,
            r.services,
            r.tag.navn,
            r.genbekraeftes.tekst,
            r.udloeber.tekst,
        ]
    });
    let hoved = [
        "Nummer",
        "Navn",
        "System",
        "Leverandør",
        "Myndighed",
        "Services",
        "Tilstand",
        "Genbekræftes senest",
        "Gyldig til",
    ];
    Ok(crate::csv::svar("serviceaftaler", &hoved, raekker.collect::<Vec<_>>()))
}
