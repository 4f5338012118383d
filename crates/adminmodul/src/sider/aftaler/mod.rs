//! `Serviceaftaler`: the lists.

pub mod aftale;
pub mod anmod;
pub mod drift;
pub mod flere;
pub mod forbrug;
mod kolonner;
pub mod kommentar;
pub mod konsekvens;
pub mod ord;
pub mod proeve;
pub mod standard;
pub mod svar;
pub mod udskrift;

use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::{Felt, Valg};
use crate::liste::{self, Fane, Hoveder, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Aftaletilstand as T, Aftaleversion, Emne, Handling};
use askama::Template;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::{BTreeMap, HashSet};
use styring::adviser::UBRUGT_DAGE;
use styring::aftaler::{self, Aftalesoegning, Aftalevisning};
use uuid::Uuid;

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
    /// Whether it is a trial on invented data.
    pub proeve: bool,
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
    /// Whether it is said to be unused.
    pub ubrugt: bool,
    /// By what it is chosen, when the person can answer several together.
    pub valg: Option<Uuid>,
    /// How many others ask for the same change, and where all of them are.
    pub ens: Option<(String, String)>,
}

impl Aftalerad {
    /// An agreement as the person sees it.
    pub fn af(k: &Besoeg, v: &Aftalevisning<'_>) -> Self {
        let system = k.politik.system(v.aftale.system);
        let spurgt = v.til_svar();
        let ventet = kolonner::anmodet(v).map(|a| usize::try_from(-vis::dage_til(k.nu(), a)).unwrap_or(0));
        let maa_svare =
            v.myndighed == k.kald.part() && k.kald.aktoer.kan(Emne::Aftalesvar, Handling::Godkend);
        let sti = format!("/admin/serviceaftaler/{}", v.aftale.uuid);
        Self {
            svar: spurgt.filter(|_| maa_svare).map(|_| format!("{sti}/svar")),
            sti,
            nummer: v.aftale.nummer.clone().unwrap_or_default(),
            navn: v.aftale.navn.clone(),
            proeve: v.aftale.proevetilslutning,
            aendring: v.aendring.map(|(ver, t)| {
                format!("Ændring til version {}: {}", ver.nummer, t.to_string().to_lowercase())
            }),
            system: system.map_or_else(String::new, |s| s.navn.clone()),
            leverandoer: system.map_or_else(String::new, |s| k.partsnavn(s.leverandoer)),
            myndighed: k.partsnavn(v.myndighed),
            services: kolonner::services(k, v),
            tag: vis::aftaletag(v.tilstand),
            ventet: ventet.map_or_else(String::new, |n| vis::antal(n, "dag", "dage")),
            genbekraeftes: vis::maaske(v.version.genbekraeftes(v.part)),
            udloeber: vis::sidste_dag(v.version.gyldig.to),
            ubrugt: false,
            valg: None,
            ens: None,
        }
    }

    /// The same among requests that are answered together.
    fn blandt(mut self, v: &Aftalevisning<'_>, samme: &BTreeMap<String, usize>) -> Self {
        let maerke = self.svar.as_ref().and_then(|_| aftaler::aendringsmaerke(v));
        let andre = |m: &String| samme.get(m).map_or(0, |n| n.saturating_sub(1));
        self.valg = maerke.as_ref().filter(|m| samme.contains_key(*m)).map(|_| v.aftale.uuid);
        self.ens = maerke
            .filter(|m| andre(m) > 0)
            .map(|m| (vis::antal(andre(&m), "anden", "andre"), format!("{}?ens={m}", flere::STI)));
        self
    }

    /// The same, with whether it is unused.
    fn med(k: &Besoeg, v: &Aftalevisning<'_>, ubrugte: &Ubrugte) -> Self {
        Self { ubrugt: ubrugte.contains(&(v.aftale.uuid, v.myndighed)), ..Self::af(k, v) }
    }
}

/// How many requests the person must answer ask for each change, in the tab of those.
fn samme(k: &Besoeg, fane: &str, fundne: &[Aftalevisning<'_>]) -> BTreeMap<String, usize> {
    let mut ud = BTreeMap::new();
    if fane == "svar" && k.kald.aktoer.kan(Emne::Aftalesvar, Handling::Godkend) {
        let egne = fundne.iter().filter(|v| v.myndighed == k.kald.part());
        for maerke in egne.filter_map(aftaler::aendringsmaerke) {
            *ud.entry(maerke).or_default() += 1;
        }
    }
    ud
}

/// Agreements with authorities that nobody uses.
type Ubrugte = HashSet<(Uuid, Cvr)>;

/// Those of these that nobody uses; none for who may not see what is used.
async fn ubrugte(k: &Besoeg, visninger: &[Aftalevisning<'_>]) -> Result<Ubrugte, Sidefejl> {
    if !k.kald.aktoer.kan(Emne::Forbrug, Handling::Se) {
        return Ok(Ubrugte::new());
    }
    Ok(styring::forbrug::ikke_brugte(&k.t().app, &k.kald, visninger).await?)
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
    hoveder: Hoveder,
    rader: Vec<Aftalerad>,
    /// Whether some of them can be ticked and approved together.
    flere: bool,
    kladder: Vec<Kladderad>,
    sider: Sider,
    q: Felt,
    tilstand: Felt,
    myndighed: Felt,
    /// The filter on use, where there are agreements in force.
    brug: Option<Felt>,
    anmod: bool,
    proeve: bool,
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

/// Whether a draft came back with questions.
fn returneret(v: &Aftaleversion) -> bool {
    v.myndigheder.iter().any(|p| p.tilstand == T::Returneret)
}

/// What is said of an agreement that nobody uses.
const IKKE_BRUGT: &str = "Ikke brugt i 90 dage";
const _: () = assert!(UBRUGT_DAGE == 90, "the words say how many days");
/// What the filter on use is sent as.
const UBRUGT: &str = "ubrugt";

/// Whether a tab can be filtered by use: it has agreements in force.
fn har_brug(k: &Besoeg, fane: &str) -> bool {
    matches!(fane, "aktive" | "udloeber" | "alle") && k.kald.aktoer.kan(Emne::Forbrug, Handling::Se)
}

/// The agreements of a tab, in the order that is asked for.
async fn find<'p>(k: &'p Besoeg, fane: &str) -> Result<Vec<Aftalevisning<'p>>, Sidefejl> {
    let nu = k.nu();
    let mut fundne = aftaler::list(&k.kald, &k.politik, &soegning(k, fane, nu), nu)?;
    if har_brug(k, fane) && k.f.query.tekst("brug") == UBRUGT {
        let ubrugte = ubrugte(k, &fundne).await?;
        fundne.retain(|v| ubrugte.contains(&(v.aftale.uuid, v.myndighed)));
    }
    liste::sorter(k, &kolonner::aftaler(fane), &mut fundne);
    Ok(fundne)
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
    let mut kladder = if anmod { aftaler::kladder(&k.kald, &k.politik)? } else { Vec::new() };
    let alle = aftaler::list(&k.kald, &k.politik, &Aftalesoegning::default(), nu)?;
    let antal = |id: &str| match id {
        "kladder" => kladder.len(),
        id => {
            let s = Aftalesoegning { myndighed: None, ..soegning(&k, id, nu) };
            alle.iter().filter(|v| s.passer(v)).count()
        }
    };
    let mut faner = Vec::new();
    for (nr, (id, navn)) in FANER.iter().enumerate().filter(|(_, (id, _))| anmod || *id != "kladder") {
        let sti =
            if nr == 0 { "/admin/serviceaftaler".into() } else { format!("/admin/serviceaftaler?fane={id}") };
        let antal = (*id != "alle").then(|| antal(id));
        faner.push(Fane { sti, navn, her: *id == fane, antal });
    }
    let rad = |(a, v): &kolonner::Kladde<'_>| Kladderad {
        sti: format!("/admin/serviceaftaler/{}/anmod/1", a.uuid),
        nummer: a.nummer.clone().unwrap_or_default(),
        navn: a.navn.clone(),
        system: k.politik.system(a.system).map_or_else(String::new, |s| s.navn.clone()),
        version: v.nummer,
        returneret: returneret(v),
    };
    let sti = "/admin/serviceaftaler";
    let (hoveder, sider, rader, kladder) = if fane == "kladder" {
        let kolonner = kolonner::kladder();
        liste::sorter(&k, &kolonner, &mut kladder);
        let sider = Sider::ny(q, kladder.len());
        let kladder = sider.af(kladder).iter().map(rad).collect();
        (liste::hoveder(q, sti, &kolonner), sider, Vec::new(), kladder)
    } else {
        let fundne = find(&k, &fane).await?;
        let sider = Sider::ny(q, fundne.len());
        let samme = samme(&k, &fane, &fundne);
        let fundne = sider.af(fundne);
        let ubrugte = ubrugte(&k, &fundne).await?;
        let rader = fundne.iter().map(|v| Aftalerad::med(&k, v, &ubrugte).blandt(v, &samme)).collect();
        (liste::hoveder(q, sti, &kolonner::aftaler(&fane)), sider, rader, Vec::new())
    };
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
        hoveder,
        flere: rader.iter().any(|r: &Aftalerad| r.valg.is_some()),
        rader,
        kladder,
        sider,
        q: Felt::ny("q", "Nummer, navn eller system", q.tekst("q")),
        tilstand: Felt::valg("tilstand", "Tilstand", tilstande),
        myndighed: Felt::valg("myndighed", "Myndighed", myndigheder),
        brug: har_brug(&k, &fane).then(|| {
            let ubrugt = q.tekst("brug") == UBRUGT;
            Felt::valg(
                "brug",
                "Brug",
                vec![Valg::ny("", "Alle", !ubrugt), Valg::ny(UBRUGT, IKKE_BRUGT, ubrugt)],
            )
        }),
        anmod,
        proeve: proeve::tilbydes(&k),
        csv: q.query_med("side", ""),
        fane,
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let fundne = find(&k, valgt_fane(&k)).await?;
    let ubrugte = ubrugte(&k, &fundne).await?;
    let raekker = fundne.iter().map(|v| {
        let r = Aftalerad::med(&k, v, &ubrugte);
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
            if r.ubrugt { "Ja" } else { "Nej" }.to_owned(),
            if r.proeve { "Ja" } else { "Nej" }.to_owned(),
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
        IKKE_BRUGT,
        "Prøve",
    ];
    Ok(crate::csv::svar("serviceaftaler", &hoved, raekker.collect::<Vec<_>>()))
}
