//! One it-system: what is said of it, its certificates, its agreements, what happened.

use super::i_kraft;
use super::roller::{self, Rollerad};
use super::sundhed::Sundhedsvisning;
use crate::besoeg::{Besoeg, Svar, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::aftaler::Aftalerad;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{Certifikatstatus, Emne, Handling, ItSystem, Systemtilstand, Systemtype, hex};
use askama::Template;
use axum::http::StatusCode;
use styring::aftaler::{self, Aftalesoegning};
use styring::systemer;

const HISTORIK: u64 = 100;

struct Certifikatrad {
    emne: String,
    aftryk: String,
    kort: String,
    fra: Dato,
    til: Dato,
    aktivering: Dato,
    tag: Tag,
    tilbagekald: bool,
}

#[derive(Template)]
#[template(path = "systemer/system.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    uuid: String,
    navn: String,
    leverandoer: String,
    tag: Tag,
    lukkes: Dato,
    lukket: String,
    fakta: Vec<(&'static str, String)>,
    typer: Vec<&'static str>,
    certifikater: Vec<Certifikatrad>,
    roller: Vec<Rollerad>,
    ny_rolle: bool,
    aftaler: Vec<Aftalerad>,
    historik: Vec<Lograd>,
    sundhed: Option<Sundhedsvisning>,
    ret: bool,
    foederation: bool,
    certifikat: bool,
    spaer: bool,
    ophaev: bool,
    overfoer: bool,
    luk: bool,
    pem: Felt,
    aktivering: Felt,
    fejl: Fejl,
}

fn certifikater(k: &Besoeg, s: &ItSystem) -> Vec<Certifikatrad> {
    let maa = k.kald.aktoer.kraev_system(Emne::Certifikat, Handling::Afslut, s.uuid).is_ok()
        && k.kald.ser(s.leverandoer);
    let nu = k.nu();
    let mut alle: Vec<_> = s.certifikater.iter().collect();
    alle.sort_by_key(|c| std::cmp::Reverse(c.gyldig.to));
    let rad = |c: &administration::Certifikat| {
        let aftryk = hex(&c.tommelfinger);
        Certifikatrad {
            emne: vis::cn(&c.emne),
            kort: format!("{} … {}", &aftryk[..8], &aftryk[56..]),
            aftryk,
            fra: vis::dato(c.gyldig.from),
            til: vis::dato(c.gyldig.to),
            aktivering: if c.aktivering.from > c.gyldig.from {
                vis::dato(c.aktivering.from)
            } else {
                Dato::default()
            },
            tag: vis::certifikattag(c, nu),
            tilbagekald: maa && c.status != Certifikatstatus::Tilbagekaldt && c.gyldig.to > nu,
        }
    };
    alle.into_iter().map(rad).collect()
}

fn fakta(k: &Besoeg, s: &ItSystem) -> Vec<(&'static str, String)> {
    let o = &s.oplysninger;
    let myndigheder: Vec<String> = s.myndighedsafgraensning.iter().map(|c| k.partsnavn(*c)).collect();
    vec![
        ("Leverandør", format!("{}, CVR {}", k.partsnavn(s.leverandoer), s.leverandoer)),
        ("Miljø", s.miljoe.navn().to_owned()),
        ("E-mail", o.email.clone()),
        ("Beskrivelse", o.beskrivelse.clone()),
        ("Teknisk kontakt", o.teknisk_kontakt.clone()),
        ("Sikkerhedskontakt", o.sikkerhedskontakt.clone()),
        ("Databehandleraftale", o.databehandleraftale.clone()),
        ("Hostingland", o.hostingland.clone()),
        ("Underdatabehandlere", o.underdatabehandlere.clone()),
        (
            "Myndighedsafgrænsning",
            if myndigheder.is_empty() { "Alle myndigheder".into() } else { myndigheder.join(", ") },
        ),
        ("NSIS-niveau, der kræves", s.nsis_kraevet.map_or_else(String::new, |n| n.navn().to_owned())),
        ("SAML EntityID", s.metadata.as_ref().map_or_else(String::new, |m| m.entity_id.clone())),
        ("Vilkår accepteret af", o.vilkaar_accepteret_af.clone().unwrap_or_default()),
    ]
}

pub(super) async fn system_side(k: &Besoeg, status: StatusCode, fane: &str, fejl: Fejl) -> Svar {
    let politik = k.t().app.politik();
    let s = systemer::hent(&k.kald, &politik, k.f.uuid("id")?)?;
    styring::log::set_hos(&k.t().app, &k.kald, ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    let sti = format!("/admin/it-systemer/{}", s.uuid);
    let fane = if fane.is_empty() { k.f.query.tekst("fane") } else { fane };
    let se_certifikater = k.kald.aktoer.kan(Emne::Certifikat, Handling::Se);
    let mut mulige = vec![("oplysninger", "Oplysninger")];
    if se_certifikater {
        mulige.push(("certifikater", "Certifikater"));
    }
    let brugervendt = s.typer.contains(&Systemtype::BrugervendtSystem);
    if brugervendt && k.kald.aktoer.kan(Emne::Brugersystemrolle, Handling::Se) {
        mulige.push(("roller", "Brugersystemroller"));
    }
    if k.kald.aktoer.kan(Emne::Aftale, Handling::Se) {
        mulige.push(("brug", "Hvor bruges den"));
    }
    if systemer::ser_sundhed(&k.kald, s) {
        mulige.push(("sundhed", "Sundhed"));
    }
    mulige.push(("historik", "Historik"));
    let fane =
        if mulige.iter().any(|(id, _)| *id == fane) { fane.to_owned() } else { "oplysninger".to_owned() };
    let faner = Fane::med_log(k, s.uuid, Fane::alle(&sti, &fane, &mulige));
    let soegning = Aftalesoegning { system: Some(s.uuid), ..Aftalesoegning::default() };
    let aftaler = aftaler::list(&k.kald, &politik, &soegning, k.nu()).unwrap_or_default();
    let historik = styring::log::om(&k.t().app, &k.kald, ("it-system", s.uuid), s.leverandoer, HISTORIK)
        .await
        .map_err(Sidefejl::from)?;
    let sundhed = if fane == "sundhed" { Some(super::sundhed::hent(k, s).await?) } else { None };
    let eget = k.kald.ser(s.leverandoer);
    let maa = |emne, handling| eget && k.kald.aktoer.kraev_system(emne, handling, s.uuid).is_ok();
    let spaerres = matches!(
        s.tilstand,
        Systemtilstand::Registreret | Systemtilstand::Tilsluttet | Systemtilstand::UnderLukning
    );
    let f = &k.f.krop;
    side_med(
        status,
        &Side {
            ramme: k
                .ramme(s.navn.clone(), "/admin/it-systemer")
                .await
                .under("/admin/it-systemer", "It-systemer"),
            faner,
            fane,
            uuid: s.uuid.to_string(),
            navn: s.navn.clone(),
            leverandoer: k.partsnavn(s.leverandoer),
            tag: vis::systemtag(styring::systemer::tilstand(s, i_kraft(k, s))),
            lukkes: vis::maaske(s.lukkes),
            // An Identity Provider calls nothing, and needs no certificate to call with.
            lukket: s.lukket(k.nu()).filter(|_| !s.er_idp()).unwrap_or_default(),
            fakta: fakta(k, s),
            typer: s.typer.iter().map(|t| t.navn()).collect(),
            certifikater: if se_certifikater { certifikater(k, s) } else { Vec::new() },
            roller: roller::rader(k, s),
            ny_rolle: roller::maa(k, s, Handling::Opret),
            aftaler: aftaler.iter().map(|v| Aftalerad::af(k, v)).collect(),
            historik: historik.into_iter().map(|(nr, l)| Lograd::af(k, nr, l)).collect(),
            sundhed,
            ret: maa(Emne::ItSystem, Handling::Ret) && s.tilstand != Systemtilstand::Lukket,
            foederation: maa(Emne::Endepunkt, Handling::Ret)
                && brugervendt
                && k.kald.part() == s.leverandoer
                && s.tilstand != Systemtilstand::Lukket,
            certifikat: maa(Emne::Certifikat, Handling::Opret) && s.tilstand != Systemtilstand::Lukket,
            spaer: maa(Emne::SpaerItSystem, Handling::Ret) && spaerres,
            ophaev: maa(Emne::SpaerItSystem, Handling::Ret)
                && s.tilstand == Systemtilstand::Spaerret
                && s.spaerret_af.unwrap_or(s.leverandoer) == k.kald.part(),
            overfoer: maa(Emne::Overfoersel, Handling::Opret) && k.kald.part() == s.leverandoer,
            luk: maa(Emne::LukItSystem, Handling::Afslut)
                && !matches!(s.tilstand, Systemtilstand::Lukket | Systemtilstand::Spaerret),
            pem: super::certifikater::felt(f, "Certifikat", &fejl),
            aktivering: Felt::ny("fra", "Tages i brug", f.tekst("fra"))
                .valgfri()
                .hjaelp("dd-mm-åååå; med det samme, hvis feltet er tomt")
                .fejl(&fejl),
            fejl,
        },
    )
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    system_side(&k, StatusCode::OK, "", Fejl::default()).await
}
