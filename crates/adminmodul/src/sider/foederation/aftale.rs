//! One føderationsaftale: what it means, what it lacks, what was said, what happened.

use super::{AFTALER, STI, niveau, tag};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Tag};
use administration::{Foederationshaendelse as H, Foederationstilstand as T, ItSystem, Modulfejl};
use askama::Template;
use styring::foederation::{self, Foederationsvisning};

const HISTORIK: u64 = 100;
const FANER: [(&str, &str); 2] = [("oplysninger", "Oplysninger"), ("historik", "Historik")];

fn navn(s: Option<&ItSystem>, ellers: &str) -> String {
    s.map_or_else(|| ellers.to_owned(), |s| s.navn.clone())
}

/// The roles that may be used, in words.
fn roller(v: &Foederationsvisning<'_>) -> String {
    let Some(tilladte) = &v.aftale.roller else { return "Alle systemets brugersystemroller".into() };
    let kendte = v.system.into_iter().flat_map(|s| &s.brugersystemroller);
    let navne: Vec<&str> = kendte.filter(|r| tilladte.contains(&r.uuid)).map(|r| r.navn.as_str()).collect();
    navne.join(", ")
}

fn attributter(v: &Foederationsvisning<'_>) -> String {
    v.aftale.attributter.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// What it means, in plain Danish.
pub(super) fn betydning(k: &Besoeg, v: &Foederationsvisning<'_>) -> Vec<String> {
    let f = v.aftale;
    let (system, part) = (navn(v.system, "Systemet"), k.partsnavn(f.myndighed));
    let idp = navn(v.idp, "den Identity Provider, myndigheden vælger");
    let fra = if f.gyldig.from.is_finite() {
        format!("fra {}", vis::dato(f.gyldig.from).tekst)
    } else {
        "fra aftalen er godkendt".into()
    };
    let til = if f.gyldig.to.is_finite() {
        format!("til og med {}", vis::sidste_dag(f.gyldig.to).tekst)
    } else {
        "og indtil den afsluttes".into()
    };
    let mut ud = vec![format!("Medarbejdere i {part} kan logge ind i {system} med {idp}, {fra} {til}.")];
    if let Some(kraevet) = f.kraevet(v.system) {
        let har =
            v.idp.map_or_else(String::new, |i| format!(" {} er registreret som: {}.", i.navn, niveau(i)));
        ud.push(format!("Login skal være på mindst NSIS-niveau {kraevet}.{har}"));
    }
    ud.push(if f.attributter.is_empty() {
        format!("{system} får kun det at vide, som et login altid indeholder, og brugerens roller.")
    } else {
        format!("{system} får at vide om den, der logger ind: {}, og brugerens roller.", attributter(v))
    });
    ud.push(match &f.roller {
        None => "Alle systemets brugersystemroller kan bruges. Hvad den enkelte må, afgøres af de jobfunktionsroller, myndigheden giver.".into(),
        Some(_) => format!("Kun disse brugersystemroller kan bruges: {}.", roller(v)),
    });
    ud.push(
        "Begge parter kan spærre eller afslutte aftalen når som helst; så kan ingen logge ind med den."
            .into(),
    );
    ud
}

/// What is stored, in words.
pub(super) fn ord(k: &Besoeg, v: &Foederationsvisning<'_>) -> Vec<(&'static str, String)> {
    let f = v.aftale;
    let svar = |ja: bool| if ja { "Ja" } else { "Ikke endnu" }.to_owned();
    vec![
        ("Brugervendt system", navn(v.system, "")),
        ("Leverandør", v.leverandoer().map_or_else(String::new, |c| k.partsnavn(c))),
        ("Identity Provider", navn(v.idp, "")),
        ("Myndighed", format!("{}, CVR {}", k.partsnavn(f.myndighed), f.myndighed)),
        ("Mindste NSIS-niveau", f.kraevet(v.system).map_or_else(String::new, |n| n.navn().to_owned())),
        ("Attributter, der udleveres", attributter(v)),
        ("Roller tilladt", roller(v)),
        ("Gyldig fra", vis::dato(f.gyldig.from).tekst),
        ("Gyldig til og med", vis::sidste_dag(f.gyldig.to).tekst),
        ("Godkendt af myndigheden", svar(f.myndighed_ja)),
        ("Godkendt af leverandøren", svar(f.leverandoer_ja)),
        (
            "Testbruger gennemført",
            f.testbruger.map_or_else(|| "Nej".into(), |t| format!("Ja, {}", vis::dato(t).tekst)),
        ),
        ("UUID", f.uuid.to_string()),
    ]
}

struct Muligt {
    ret: bool,
    svar: bool,
    proev: bool,
    spaer: bool,
    ophaev: bool,
    afslut: bool,
}

#[derive(Template)]
#[template(path = "foederation/aftale.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    sti: String,
    tag: Tag,
    undertitel: String,
    aarsag: String,
    halvt: bool,
    inviteret: bool,
    betydning: Vec<String>,
    mangler: Vec<Modulfejl>,
    fakta: Vec<(&'static str, String)>,
    systemsti: Option<String>,
    idpsti: Option<String>,
    historik: Vec<Lograd>,
    muligt: Muligt,
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let app = &k.t().app;
    let v = foederation::hent(&k.kald, &k.politik, k.f.uuid("id")?, k.nu())?;
    let f = v.aftale;
    let art = "foederationsaftale";
    styring::log::set_hos(app, &k.kald, (art, f.uuid, &f.navn), [f.myndighed]).await?;
    let sti = format!("{AFTALER}/{}", f.uuid);
    let valgt = k.f.query.tekst("fane");
    let fane = if FANER.iter().any(|(id, _)| *id == valgt) { valgt } else { "oplysninger" };
    let historik =
        styring::log::om(app, &k.kald, (art, f.uuid), f.myndighed, HISTORIK).await.map_err(Sidefejl::from)?;
    let maa = |h| foederation::maa_drive(&k.kald, &v, h);
    let muligt = Muligt {
        ret: v.tilstand == T::Kladde && foederation::ret_maa(&k.kald, f).is_ok(),
        svar: foederation::svarer(&k.kald, &v).is_some(),
        proev: v.tilstand != T::Ophoert
            && v.idp.is_some()
            && foederation::maa_proeve(&k.kald, f, administration::Handling::Opret).is_ok(),
        spaer: maa(H::Spaer),
        ophaev: maa(H::Ophaev),
        afslut: maa(H::Afslut),
    };
    let venter = v.tilstand != T::Ophoert && !(v.tilstand == T::Kladde && v.idp.is_none());
    side(&Side {
        ramme: k
            .ramme(f.navn.clone(), AFTALER)
            .await
            .under(STI, "Føderation")
            .under(AFTALER, "Føderationsaftaler"),
        faner: Fane::med_log(&k, f.uuid, Fane::alle(&sti, fane, &FANER)),
        fane: fane.to_owned(),
        tag: tag(v.tilstand),
        undertitel: format!(
            "{} hos {}",
            navn(v.idp, "Ingen Identity Provider valgt"),
            k.partsnavn(f.myndighed)
        ),
        aarsag: f.aarsag.clone().unwrap_or_default(),
        halvt: v.tilstand == T::Anmodet && !f.myndighed_ja && f.underskrift.godkendt_af.is_some(),
        inviteret: v.tilstand == T::Kladde && f.inviteret && f.idp.is_none(),
        betydning: betydning(&k, &v),
        mangler: if venter { v.mangler.clone() } else { Vec::new() },
        fakta: ord(&k, &v),
        systemsti: k.link("it-system", f.system),
        idpsti: f.idp.and_then(|i| k.link("idp", i)),
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        muligt,
        sti,
    })
}
