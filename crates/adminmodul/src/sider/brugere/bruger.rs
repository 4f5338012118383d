//! One user: what is known, the roles, what they let him do, and what happened.

use crate::besoeg::{Besoeg, Svar, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{Bruger, Brugertilstand, Emne, Handling, Modulrolle, maa};
use askama::Template;
use axum::http::StatusCode;
use styring::Styringsfejl;
use styring::brugere;
use uuid::Uuid;

/// Lines of history on the page.
const HISTORIK: u64 = 100;

struct Rollerad {
    id: String,
    rolle: &'static str,
    part: String,
    omfang: Vec<String>,
    fra: Dato,
    til: Dato,
    sag: String,
    slut: bool,
    maa: bool,
}

struct Kan {
    emne: String,
    hvad: String,
    via: String,
    ny: bool,
}

#[derive(Template)]
#[template(path = "brugere/bruger.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    uuid: String,
    navn: String,
    email: String,
    telefon: String,
    part: String,
    stedfortraeder: Option<(String, String)>,
    tag: Tag,
    version: String,
    login: Dato,
    venter: Dato,
    roller: Vec<Rollerad>,
    kan: Vec<Kan>,
    proeve: String,
    historik: Vec<Lograd>,
    /// What the person at hand may do here.
    ret: bool,
    /// Whether the account is for the person's party to disable, open or renew.
    egen: bool,
    spaerret: bool,
    ophoert: bool,
    inviteret: bool,
    felter: Option<Felter>,
    fejl: Fejl,
}

/// The form for a role.
struct Felter {
    rolle: Felt,
    systemer: Felt,
    fra: Felt,
    til: Felt,
    sag: Felt,
}

/// Whether the person may assign a role.
pub fn maa_tildele(k: &Besoeg, rolle: Modulrolle) -> bool {
    let Some(part) = k.politik.part(k.kald.part()) else { return false };
    part.er(rolle.part())
        && administration::maa_tildele(&k.kald.aktoer, rolle, part.brugeradministrator_maa_alt).is_ok()
}

fn felter(k: &Besoeg, fejl: &Fejl) -> Felter {
    let f = &k.f.krop;
    let mut roller = vec![Valg::ny("", "Vælg rolle", f.tekst("rolle").is_empty())];
    let mulige = Modulrolle::ALLE.into_iter().filter(|r| maa_tildele(k, *r));
    roller.extend(mulige.map(|r| {
        Valg::ny(r.kode(), format!("{} – {}", r.navn(), r.formaal()), r.kode() == f.tekst("rolle"))
    }));
    let valgte = f.saet::<Uuid>("systemer");
    let systemer = styring::systemer::list(&k.kald, &k.politik).unwrap_or_default();
    let systemer =
        systemer.into_iter().map(|s| Valg::ny(s.uuid.to_string(), s.navn.clone(), valgte.contains(&s.uuid)));
    let i_dag = vis::dato(k.nu()).tekst;
    Felter {
        rolle: Felt::valg("rolle", "Rolle", roller).fejl(fejl),
        systemer: Felt::valg("systemer", "Begræns til it-systemer", systemer.collect())
            .valgfri()
            .hjaelp("Vælg ingen, hvis rollen gælder alt"),
        fra: Felt::ny("fra", "Fra", if f.har("fra") { f.tekst("fra") } else { &i_dag })
            .valgfri()
            .hjaelp("dd-mm-åååå")
            .fejl(fejl),
        til: Felt::ny("til", "Til og med", f.tekst("til")).valgfri().hjaelp("dd-mm-åååå").fejl(fejl),
        sag: Felt::ny("sagsnummer", "Sagsnummer", f.tekst("sagsnummer"))
            .valgfri()
            .hjaelp("Fra ESDH")
            .fejl(fejl),
    }
}

fn rollerader(k: &Besoeg, b: &Bruger) -> Vec<Rollerad> {
    let nu = k.nu();
    let system = |id: &Uuid| k.politik.system(*id).map_or_else(|| id.to_string(), |s| s.navn.clone());
    let synlige = b.roller.iter().filter(|t| k.kald.ser(t.part) || b.uuid == k.bruger.uuid);
    let rad = |t: &administration::Tildeling| Rollerad {
        id: t.id.to_string(),
        rolle: t.rolle.navn(),
        part: k.partsnavn(t.part),
        omfang: t.omfang.systemer.iter().map(system).collect(),
        fra: vis::dato(t.gyldig.from),
        til: vis::sidste_dag(t.gyldig.to),
        sag: t.sagsnummer.clone().unwrap_or_default(),
        slut: t.gyldig.to <= nu,
        maa: t.gyldig.to > nu
            && t.part == k.kald.part()
            && b.uuid != k.bruger.uuid
            && maa_tildele(k, t.rolle),
    };
    synlige.map(rad).collect()
}

/// What the roles of a user let him do for the party at hand, and what one more role would add.
fn kan(k: &Besoeg, b: &Bruger, proeve: Option<Modulrolle>) -> Vec<Kan> {
    let roller: Vec<Modulrolle> =
        b.gaeldende(k.nu()).filter(|t| t.part == k.kald.part()).map(|t| t.rolle).collect();
    let mut ud = Vec::new();
    for emne in Emne::ALLE {
        let med = |rolle: Modulrolle| Handling::ALLE.into_iter().filter(move |h| maa(rolle, *emne, *h));
        let har: Vec<Handling> =
            Handling::ALLE.into_iter().filter(|h| roller.iter().any(|r| maa(*r, *emne, *h))).collect();
        let faar: Vec<Handling> = proeve.into_iter().flat_map(med).filter(|h| !har.contains(h)).collect();
        if har.is_empty() && faar.is_empty() {
            continue;
        }
        let mut via: Vec<&str> =
            roller.iter().filter(|r| med(**r).next().is_some()).map(|r| r.navn()).collect();
        via.dedup();
        let ord: Vec<String> = har
            .iter()
            .map(|h| h.ord().to_owned())
            .chain(faar.iter().map(|h| format!("{} (nyt)", h.ord())))
            .collect();
        ud.push(Kan {
            emne: vis::stort(emne.ord()),
            hvad: ord.join(", "),
            via: via.join(", "),
            ny: !faar.is_empty(),
        });
    }
    ud
}

pub(super) async fn bruger_side(k: &Besoeg, status: StatusCode, fejl: Fejl) -> Svar {
    let uuid = k.f.uuid("id")?;
    let app = &k.t().app;
    let gemt = brugere::hent(app, &k.kald, uuid).await?;
    let b = &gemt.post;
    styring::log::set_hos(app, &k.kald, ("bruger", uuid, &b.navn), [b.cvr]).await?;
    let sti = format!("/admin/brugere/{uuid}");
    let fane = k.f.query.tekst("fane");
    let faner = Fane::alle(
        &sti,
        fane,
        &[("oplysninger", "Oplysninger"), ("kan", "Hvad kan brugeren"), ("historik", "Historik")],
    );
    let faner = Fane::med_log(k, uuid, faner);
    let historik = styring::log::om(app, &k.kald, ("bruger", uuid), b.cvr, HISTORIK).await?;
    let (konto, venter) = (k.t().login.konto(uuid).await?, k.t().login.venter(uuid).await.ok().flatten());
    let mig = uuid == k.bruger.uuid;
    let andre = b.cvr == k.kald.part() || b.roller.iter().any(|t| t.part == k.kald.part());
    let ret =
        k.kald.aktoer.kan(Emne::Bruger, Handling::Ret) && !mig && (andre || k.kald.aktoer.ser_alle_parter());
    let tildel = !mig
        && b.tilstand != Brugertilstand::Ophoert
        && Modulrolle::ALLE.into_iter().any(|r| maa_tildele(k, r));
    let stedfortraeder = match b.stedfortraeder {
        Some(id) => {
            brugere::hent(app, &k.kald, id).await.ok().map(|g| (format!("/admin/brugere/{id}"), g.post.navn))
        }
        None => None,
    };
    let proeve = Modulrolle::med_kode(k.f.query.tekst("med"));
    side_med(
        status,
        &Side {
            ramme: k
                .ramme(b.navn.clone(), "/admin/brugere")
                .await
                .under("/admin/brugere", "Brugere og roller"),
            fane: if matches!(fane, "kan" | "historik") { fane.to_owned() } else { String::new() },
            faner,
            uuid: uuid.to_string(),
            navn: b.navn.clone(),
            email: b.email.clone(),
            telefon: b.telefon.clone().unwrap_or_default(),
            part: k.partsnavn(b.cvr),
            stedfortraeder,
            tag: vis::brugertag(b.tilstand),
            version: k.maerke("version", &fejl, gemt.version),
            login: konto.as_ref().and_then(|c| c.sidste_login).map_or_else(Dato::default, vis::tid),
            venter: venter.map_or_else(Dato::default, vis::tid),
            roller: rollerader(k, b),
            kan: kan(k, b, proeve),
            proeve: proeve.map_or_else(String::new, |r| r.navn().to_owned()),
            historik: historik.into_iter().map(|(nr, l)| Lograd::af(k, nr, l)).collect(),
            ret,
            egen: ret && k.kald.ser(b.cvr),
            spaerret: b.tilstand == Brugertilstand::Spaerret,
            ophoert: b.tilstand == Brugertilstand::Ophoert,
            inviteret: b.tilstand == Brugertilstand::Inviteret,
            felter: tildel.then(|| felter(k, &fejl)),
            fejl,
        },
    )
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    bruger_side(&k, StatusCode::OK, Fejl::default()).await
}

/// What was wrong with a form about a user, and the status of the page that shows it again.
pub(super) async fn igen(k: &Besoeg, uuid: Uuid, fejl: Styringsfejl) -> Result<(StatusCode, Fejl), Sidefejl> {
    let b = brugere::hent(&k.t().app, &k.kald, uuid).await?.post;
    k.igen(fejl, ("bruger", uuid, &b.navn), b.cvr).await
}
