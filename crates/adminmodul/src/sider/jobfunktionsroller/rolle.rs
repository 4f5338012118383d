//! One jobfunktionsrolle: what is said of it, what it gives access to, what happened.

use super::{STI, delegeret, er_foelsom, graenser, med_kendte, navne, saetninger, tag};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::delegeringer::Rad;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{
    Attesteringspunkt, Attesteringstilstand, Emne, Handling, Jobfunktionsrolle, Jobfunktionsrolletilstand,
};
use askama::Template;
use bitemporal::Instant;
use styring::attesteringer;
use styring::delegeringer::{self, Delegeringssoegning};
use styring::jobfunktionsroller;
use styring::rollekrav;
use styring::vaerdier::{self, Navne};

const HISTORIK: u64 = 100;
const FANER: [(&str, &str); 3] =
    [("oplysninger", "Oplysninger"), ("indhold", "Indhold"), ("historik", "Historik")];

/// A role of a business system in it.
struct Del {
    navn: String,
    beskrivelse: String,
    foelsom: bool,
    graenser: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "jobfunktionsroller/rolle.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    sti: String,
    uuid: uuid::Uuid,
    kopi: bool,
    tag: Tag,
    delegeret: String,
    foelsom: bool,
    fakta: Vec<(&'static str, String)>,
    saetninger: Vec<String>,
    dele: Vec<Del>,
    mangler: Vec<String>,
    /// Whether it is in use, and something in it was withdrawn.
    kraever: bool,
    historik: Vec<Lograd>,
    delegeringer: Vec<Rad>,
    attester: Vec<Attestrad>,
    deleger: Option<String>,
    ret: bool,
    aktiver: bool,
    afslut: bool,
}

fn dele(k: &Besoeg, rolle: &Jobfunktionsrolle, navne: &Navne) -> Vec<Del> {
    let del = |t: &administration::Tilknytning| {
        med_kendte(k, |kendte| match kendte.rolle(t.rolle) {
            Some((system, b)) => Del {
                navn: format!("{} · {}", system.navn, b.navn),
                beskrivelse: b.beskrivelse.clone(),
                foelsom: b.foelsom,
                graenser: graenser(k, t, navne),
            },
            None => Del {
                navn: "En rolle, der ikke længere findes".into(),
                beskrivelse: String::new(),
                foelsom: false,
                graenser: graenser(k, t, navne),
            },
        })
    };
    rolle.tilknytninger.iter().map(del).collect()
}

/// What is said of a role, in words.
pub(super) fn fakta(k: &Besoeg, rolle: &Jobfunktionsrolle, version: i64) -> Vec<(&'static str, String)> {
    let ellers = |tekst: String, ellers: &str| if tekst.is_empty() { ellers.to_owned() } else { tekst };
    vec![
        ("EntityId", rolle.entity_id.clone()),
        ("Beskrivelse", rolle.beskrivelse.clone()),
        ("Myndighed", k.partsnavn(rolle.myndighed)),
        ("Aktiv fra", ellers(vis::dato(rolle.gyldig.from).tekst, "Ingen startdato")),
        ("Aktiv til og med", ellers(vis::sidste_dag(rolle.gyldig.to).tekst, "Ingen slutdato")),
        ("Følsomme oplysninger", if er_foelsom(k, rolle) { "Ja" } else { "Nej" }.into()),
        ("UUID", rolle.uuid.to_string()),
        ("Version", version.to_string()),
    ]
}

/// To whom it is delegated, or by whom; nothing for who may not see delegeringer.
async fn delegeringer(k: &Besoeg, rolle: uuid::Uuid, egen: bool) -> Vec<Rad> {
    let s = Delegeringssoegning { modtaget: !egen, rolle: Some(rolle), ..Delegeringssoegning::default() };
    let fundne = delegeringer::list(&k.t().app, &k.kald, &s).await.unwrap_or_default();
    fundne.iter().map(|v| Rad::af(k, v)).collect()
}

/// A point of an attestering about the role.
struct Attestrad {
    sti: String,
    system: String,
    tag: Tag,
    dag: Dato,
    af: String,
    aendret: bool,
}

/// What was attested of it, the latest first; nothing for who may not see attesteringer.
async fn attester(k: &Besoeg, rolle: &Jobfunktionsrolle) -> Vec<Attestrad> {
    let app = &k.t().app;
    let punkter = attesteringer::for_rolle(app, &k.kald, rolle.uuid).await.unwrap_or_default();
    let rad = |p: &Attesteringspunkt| Attestrad {
        sti: format!("/admin/attesteringer/{}/punkter/{}", p.koersel, p.nr),
        system: p.systemnavn.clone(),
        tag: crate::sider::attesteringer::tag(p.status(), Attesteringstilstand::Aaben),
        dag: vis::dato(Instant::from_micros(p.sidste().map_or(p.startet, |s| s.tid))),
        af: p.sidste().map_or_else(String::new, |s| s.af.1.clone()),
        aendret: attesteringer::er_aendret(&k.politik, rolle, p),
    };
    punkter.iter().map(rad).collect()
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let gemt = jobfunktionsroller::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    let (rolle, version) = (gemt.post, gemt.version);
    let set = ("jobfunktionsrolle", rolle.uuid, rolle.navn.as_str());
    styring::log::set_hos(&k.t().app, &k.kald, set, [rolle.myndighed]).await?;
    let sti = format!("{STI}/{}", rolle.uuid);
    let valgt = k.f.query.tekst("fane");
    let fane = if FANER.iter().any(|(id, _)| *id == valgt) { valgt } else { "oplysninger" };
    let historik =
        styring::log::om(&k.t().app, &k.kald, ("jobfunktionsrolle", rolle.uuid), rolle.myndighed, HISTORIK)
            .await
            .map_err(Sidefejl::from)?;
    let tilstand = rolle.tilstand(k.nu());
    let egen = rolle.myndighed == k.kald.part();
    let vist = rollekrav::tilstande(&k.t().app, &k.kald, &[&rolle]).await?.pop().unwrap_or(tilstand);
    let maa = |emne, handling| egen && k.kald.aktoer.kan(emne, handling);
    let i_live = tilstand != Jobfunktionsrolletilstand::Ophoert;
    let mangler = if egen && i_live {
        let mut alle = jobfunktionsroller::mangler(&k.t().app, &rolle);
        let fund = vaerdier::proev(&k.t().app, &k.kald, &rolle).await?;
        alle.extend(fund.fejl.into_iter().chain(fund.advarsler));
        alle.into_iter().map(|f| f.to_string()).collect()
    } else {
        Vec::new()
    };
    let navne = navne(&k, &[&rolle]).await?;
    let kladde = tilstand == Jobfunktionsrolletilstand::Kladde;
    let i_brug = matches!(tilstand, Jobfunktionsrolletilstand::Aktiv | Jobfunktionsrolletilstand::Udfases);
    let deleger = i_brug && maa(Emne::Delegering, Handling::Opret);
    side(&Side {
        ramme: k.ramme(rolle.navn.clone(), STI).await.under(STI, "Jobfunktionsroller"),
        faner: Fane::med_log(&k, rolle.uuid, Fane::alle(&sti, fane, &FANER)),
        fane: fane.to_owned(),
        uuid: rolle.uuid,
        kopi: maa(Emne::Jobfunktionsrolle, Handling::Opret),
        tag: tag(vist),
        kraever: vist == Jobfunktionsrolletilstand::KraeverHandling,
        delegeret: delegeret(&k, &rolle),
        foelsom: er_foelsom(&k, &rolle),
        fakta: fakta(&k, &rolle, version),
        saetninger: saetninger(&k, &rolle, &navne),
        dele: dele(&k, &rolle, &navne),
        mangler,
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        delegeringer: delegeringer(&k, rolle.uuid, egen).await,
        attester: attester(&k, &rolle).await,
        deleger: deleger.then(|| format!("/admin/delegeringer/ny?rolle={}", rolle.uuid)),
        ret: maa(Emne::Jobfunktionsrolle, Handling::Ret) && i_live,
        aktiver: maa(Emne::JobfunktionsrolleAktivering, Handling::Aktiver) && kladde,
        afslut: maa(Emne::Jobfunktionsrolle, Handling::Afslut) && i_live,
        sti,
    })
}
