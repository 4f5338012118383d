//! `Prøv login`: what a login by a føderationsaftale would be judged as and would give. What is pasted is never shown again:
//! it is about a person.

use super::{AFTALER, STI, tag};
use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::liste::Sider;
use crate::ramme::Ramme;
use crate::vis::{self, Tag};
use administration::{Foederationstilstand as T, Handling};
use askama::Template;
use styring::foederation::{
    self, Foederationssoegning, Foederationsvisning, Loginproeve, Proeveform, Tjek, Tjekudfald,
};
use styring::systemer::maerke;
use uuid::Uuid;

/// Most rows of each list; the rest are counted.
const RAEKKER_MAX: usize = 40;
/// Most roles, limits and reasons of all of them together: a role may hold very much.
const LINJER_MAX: usize = 120;
/// The longest text of one of them, in characters.
const TEKST_MAX: usize = 150;
/// The largest list of roles that is shown as it is sent, in bytes.
const LISTE_MAX: usize = 4 * 1_024;

struct Tjekrad {
    navn: &'static str,
    tag: Tag,
    tekst: String,
    kode: &'static str,
}

impl Tjekrad {
    fn af(t: &Tjek) -> Self {
        let (tone, navn) = match t.udfald {
            Tjekudfald::God => ("ok", "I orden"),
            Tjekudfald::Fejl => ("stop", "Fejl"),
            Tjekudfald::Ikke => ("", "Ikke prøvet"),
        };
        let tag = Tag { tone, navn: navn.into() };
        Self { navn: t.navn, tag, tekst: t.tekst.clone(), kode: t.kode.unwrap_or_default() }
    }
}

struct Rollerad {
    navn: String,
    id: String,
    ejer: String,
    /// What the system is sent: the role, whose data, and the limits.
    giver: Vec<(String, String, Vec<String>)>,
    /// Why it gives nothing, the shortest way out, and who may take it.
    intet: Vec<(String, String, &'static str)>,
    /// How much of it is left out.
    flere: usize,
}

struct Udfald {
    overskrift: &'static str,
    god: bool,
    tekst: String,
    tjek: Vec<Tjekrad>,
    attributter: Vec<(String, String)>,
    flere_attributter: usize,
    roller: Vec<Rollerad>,
    flere_roller: usize,
    udleveres: Vec<(String, String)>,
    privilegier: Option<String>,
    reference: Uuid,
    /// Whether it can be noted that a test person got through.
    noter: bool,
}

#[derive(Template)]
#[template(path = "foederation/proev.html")]
struct Side {
    ramme: Ramme,
    undertitel: String,
    sti: String,
    tilbage: String,
    maerke: String,
    testbruger: String,
    proeves: Felt,
    udfald: Option<Udfald>,
    fejl: Fejl,
}

/// How many lines there is still room for.
struct Plads(usize);

impl Plads {
    fn tag(&mut self) -> bool {
        let plads = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        plads
    }
}

fn rollerad(k: &Besoeg, r: &foederation::Rollesvar, plads: &mut Plads) -> Rollerad {
    let mut ud = Rollerad {
        navn: kort(r.navn.as_deref().unwrap_or("Ukendt rolle")),
        id: kort(&r.entity_id),
        ejer: r.delegeret_af.map_or_else(String::new, |cvr| format!("Delegeret af {}", k.partsnavn(cvr))),
        giver: Vec::new(),
        intet: Vec::new(),
        flere: 0,
    };
    for g in &r.oversat.giver {
        if !plads.tag() {
            ud.flere += 1;
            continue;
        }
        let vist = g.graenser.iter().take_while(|_| plads.tag());
        let graenser: Vec<String> =
            vist.map(|(navn, _, vaerdi)| kort(&format!("{navn}: {vaerdi}"))).collect();
        ud.flere += g.graenser.len() - graenser.len();
        ud.giver.push((kort(&g.navn), k.partsnavn(g.scope), graenser));
    }
    for (hvorfor, ret, hvem) in r.hvorfor() {
        if plads.tag() {
            ud.intet.push((kort(&hvorfor), ret, hvem));
        } else {
            ud.flere += 1;
        }
    }
    ud
}

fn kort(tekst: &str) -> String {
    if tekst.chars().count() <= TEKST_MAX {
        return tekst.to_owned();
    }
    tekst.chars().take(TEKST_MAX).collect::<String>() + " …"
}

fn udfald(k: &Besoeg, v: &Foederationsvisning<'_>, p: Loginproeve) -> Udfald {
    let giver = p.roller.iter().any(|r| !r.oversat.giver.is_empty());
    let fejl = p.tjek.iter().filter(|t| t.udfald == Tjekudfald::Fejl).count();
    let (overskrift, tekst) = match (p.form, p.lykkedes) {
        (_, true) => (
            "Loginet lykkes",
            "Billetten er underskrevet, alt er i orden, og brugeren får roller.".to_owned(),
        ),
        (Proeveform::Loginsvar, false) if fejl > 0 => {
            ("Loginet ville blive afvist", format!("Ret det, der står som fejl ({fejl}), og prøv igen."))
        }
        (Proeveform::Loginsvar, false) => (
            "Loginet giver intet",
            "Brugeren får ingen roller i systemet. Se hvorfor under Roller.".to_owned(),
        ),
        (_, false) if giver => (
            "Rollerne giver adgang",
            "Kun rollerne er prøvet: uden en underskrevet billet er loginet selv ikke prøvet.".to_owned(),
        ),
        (_, false) => ("Rollerne giver intet", "Se hvorfor under Roller.".to_owned()),
    };
    let mut plads = Plads(LINJER_MAX);
    Udfald {
        overskrift,
        god: p.lykkedes,
        tekst,
        tjek: p.tjek.iter().take(RAEKKER_MAX).map(Tjekrad::af).collect(),
        flere_attributter: p.attributter.len().saturating_sub(RAEKKER_MAX),
        attributter: p.attributter.into_iter().take(RAEKKER_MAX).collect(),
        flere_roller: p.roller.len().saturating_sub(RAEKKER_MAX),
        roller: p.roller.iter().take(RAEKKER_MAX).map(|r| rollerad(k, r, &mut plads)).collect(),
        udleveres: p.udleveres.into_iter().take(RAEKKER_MAX).collect(),
        privilegier: p.privilegier.filter(|x| x.len() <= LISTE_MAX),
        reference: p.reference,
        noter: p.lykkedes && foederation::maa_proeve(&k.kald, v.aftale, Handling::Ret).is_ok(),
    }
}

async fn proeve_side(k: &Besoeg, proeve: Option<Loginproeve>, fejl: Fejl) -> Result<Side, Sidefejl> {
    let politik = k.t().app.politik();
    let v = foederation::hent(&k.kald, &politik, k.f.uuid("id")?, k.nu())?;
    foederation::maa_proeve(&k.kald, v.aftale, Handling::Opret)?;
    let tilbage = format!("{AFTALER}/{}", v.aftale.uuid);
    Ok(Side {
        ramme: k
            .ramme("Prøv login", AFTALER)
            .await
            .under(STI, "Føderation")
            .under(AFTALER, "Føderationsaftaler")
            .under(tilbage.clone(), v.aftale.navn.clone()),
        undertitel: v.aftale.navn.clone(),
        sti: tilbage.clone(),
        tilbage,
        maerke: maerke(v.aftale),
        testbruger: v.aftale.testbruger.map_or_else(String::new, |t| vis::dato(t).tekst),
        proeves: Felt::ny("proeves", "Det, der skal prøves", "")
            .hjaelp(
                "Indsæt SAML-svaret fra jeres Identity Provider (XML eller base64), værdien af rolle-attributten, eller \
                 rolle-id'er med ét på hver linje",
            )
            .fejl(&fejl),
        udfald: proeve.map(|p| udfald(k, &v, p)),
        fejl,
    })
}

/// Where it is pasted.
pub async fn vis(k: Besoeg) -> Svar {
    side(&proeve_side(&k, None, Fejl::default()).await?)
}

/// What came of it.
pub async fn proev(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    match foederation::proev_login(&k.t().app, &k.kald, uuid, k.f.krop.tekst("proeves")).await {
        Ok(proeve) => side(&proeve_side(&k, Some(proeve), Fejl::default()).await?),
        Err(fejl) => {
            let fejl = Fejl::af(fejl)?;
            side_med(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &proeve_side(&k, None, fejl).await?)
        }
    }
}

/// Notes that a test person got through.
pub async fn testbruger(k: Besoeg) -> Svar {
    let uuid = k.f.uuid("id")?;
    let politik = k.t().app.politik();
    let f = foederation::hent(&k.kald, &politik, uuid, k.nu())?.aftale;
    let reference = k.f.krop.som("reference").unwrap_or_default();
    let vist = k.f.krop.tekst("maerke");
    match foederation::testbruger(&k.t().app, &k.kald, uuid, vist, reference).await {
        Ok(()) => k.videre(&format!("{AFTALER}/{uuid}"), "Det er noteret, at en testbruger er gennemført."),
        Err(fejl) => {
            let objekt = ("foederationsaftale", uuid, f.navn.as_str());
            let (status, fejl) = k.igen(fejl, objekt, f.myndighed).await?;
            side_med(status, &proeve_side(&k, None, fejl).await?)
        }
    }
}

struct Aftalerad {
    sti: String,
    system: String,
    idp: String,
    tag: Tag,
    testbruger: String,
}

#[derive(Template)]
#[template(path = "foederation/proevvalg.html")]
struct Valgside {
    ramme: Ramme,
    rader: Vec<Aftalerad>,
    sider: Sider,
}

/// The agreements by which a login can be tried.
pub async fn vaelg(k: Besoeg) -> Svar {
    let alle = foederation::list(&k.kald, &k.politik, &Foederationssoegning::default(), k.nu())?;
    let mulig = |v: &Foederationsvisning<'_>| {
        v.idp.is_some() && v.tilstand != T::Ophoert && v.aftale.myndighed == k.kald.part()
    };
    let alle: Vec<_> = alle.into_iter().filter(mulig).collect();
    let sider = Sider::ny(&k.f.query, alle.len());
    let rad = |v: &Foederationsvisning<'_>| Aftalerad {
        sti: format!("{AFTALER}/{}/proev", v.aftale.uuid),
        system: v.system.map_or_else(String::new, |s| s.navn.clone()),
        idp: v.idp.map_or_else(String::new, |s| s.navn.clone()),
        tag: tag(v.tilstand),
        testbruger: v
            .aftale
            .testbruger
            .map_or_else(|| "Nej".into(), |t| format!("Ja, {}", vis::dato(t).tekst)),
    };
    side(&Valgside {
        ramme: k.ramme("Prøv login", STI).await.under(STI, "Føderation"),
        rader: sider.af(alle).iter().map(rad).collect(),
        sider,
    })
}
