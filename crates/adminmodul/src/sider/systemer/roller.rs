//! What a brugervendt system offers its users: the list on its page, and the forms.

use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use administration::{
    Brugersystemrolle, Dataafgraensningstype, Emne, Handling, ItSystem, Modulfejl, Rolleafgraensning,
    Systemtilstand,
};
use askama::Template;
use styring::Styringsfejl;
use styring::systemer::{self, Rollefelter, rollemaerke};
use uuid::Uuid;

/// A role in the list of a system.
pub struct Rollerad {
    /// Its name.
    pub navn: String,
    /// What it lets a user do.
    pub beskrivelse: String,
    /// The URI by which a token names it.
    pub entity_id: String,
    /// The limits it can have.
    pub graenser: Vec<String>,
    /// Whether it opens sensitive information.
    pub foelsom: bool,
    /// When it is withdrawn.
    pub udfases: Dato,
    /// Where it is changed, when the person may.
    pub ret: Option<String>,
    /// Where it is withdrawn, when the person may.
    pub udfas: Option<String>,
}

/// Whether the person may do this to the roles of a system.
pub fn maa(k: &Besoeg, s: &ItSystem, handling: Handling) -> bool {
    s.tilstand != Systemtilstand::Lukket
        && k.kald.ser(s.leverandoer)
        && k.kald.aktoer.kraev_system(Emne::Brugersystemrolle, handling, s.uuid).is_ok()
}

/// The limits roles of a system can have: those of all systems, and its own.
fn typer(s: &ItSystem) -> Vec<Dataafgraensningstype> {
    let mut ud = Dataafgraensningstype::faelles();
    ud.extend(s.dataafgraensningstyper.iter().cloned());
    ud
}

/// The limits of a role, in words.
fn graenser(s: &ItSystem, b: &Brugersystemrolle) -> Vec<String> {
    let typer = typer(s);
    let ord = |a: &Rolleafgraensning| {
        let navn = typer.iter().find(|t| t.entity_id == a.entity_id).map_or(&a.entity_id, |t| &t.navn);
        if a.kraevet { format!("{navn} (kræves)") } else { navn.clone() }
    };
    b.afgraensninger.iter().map(ord).collect()
}

/// The roles of a system.
pub fn rader(k: &Besoeg, s: &ItSystem) -> Vec<Rollerad> {
    let (ret, afslut) = (maa(k, s, Handling::Ret), maa(k, s, Handling::Afslut));
    let rad = |b: &Brugersystemrolle| {
        let sti = format!("/admin/it-systemer/{}/roller/{}", s.uuid, b.uuid);
        Rollerad {
            navn: b.navn.clone(),
            beskrivelse: b.beskrivelse.clone(),
            entity_id: b.entity_id.clone(),
            graenser: graenser(s, b),
            foelsom: b.foelsom,
            udfases: vis::maaske(b.udfases),
            ret: ret.then(|| format!("{sti}/ret")),
            udfas: (afslut && b.udfases.is_none_or(|dag| dag > k.nu())).then(|| format!("{sti}/udfas")),
        }
    };
    s.brugersystemroller.iter().map(rad).collect()
}

#[derive(Template)]
#[template(path = "systemer/rolle.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    maerke: String,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    navn: Felt,
    entity_id: Felt,
    beskrivelse: Felt,
    foelsom: bool,
    graenser: Vec<Felt>,
    fejl: Fejl,
}

fn hent_system(k: &Besoeg) -> Result<ItSystem, Sidefejl> {
    Ok(systemer::hent(&k.kald, &k.t().app.politik(), k.f.uuid("id")?)?.clone())
}

fn hent(k: &Besoeg) -> Result<(ItSystem, Brugersystemrolle), Sidefejl> {
    let (system, uuid) = (hent_system(k)?, k.f.uuid("rolle")?);
    let rolle = system.brugersystemroller.iter().find(|b| b.uuid == uuid).cloned();
    let rolle = rolle.filter(|_| k.kald.ser(system.leverandoer));
    Ok((system, rolle.ok_or_else(|| Modulfejl::findes_ikke("Brugersystemrollen"))?))
}

fn af(b: &Brugersystemrolle) -> Rollefelter {
    Rollefelter {
        navn: b.navn.clone(),
        beskrivelse: b.beskrivelse.clone(),
        entity_id: b.entity_id.clone(),
        afgraensninger: b.afgraensninger.clone(),
        foelsom: b.foelsom,
    }
}

fn graense_id(typ: &Dataafgraensningstype) -> String {
    format!("a-{}", typ.uuid)
}

/// What a form says.
fn laes(k: &Besoeg, s: &ItSystem) -> Rollefelter {
    let f = &k.f.krop;
    let o = |navn: &str| f.tekst(navn).trim().to_owned();
    let graense = |typ: Dataafgraensningstype| {
        let kraevet = match f.tekst(&graense_id(&typ)) {
            "kan" => false,
            "skal" => true,
            _ => return None,
        };
        Some(Rolleafgraensning { entity_id: typ.entity_id, kraevet })
    };
    Rollefelter {
        navn: o("navn"),
        beskrivelse: o("beskrivelse"),
        entity_id: o("entity_id"),
        afgraensninger: typer(s).into_iter().filter_map(graense).collect(),
        foelsom: f.har("foelsom"),
    }
}

async fn rolle_side(
    k: &Besoeg,
    s: &ItSystem,
    b: Option<&Brugersystemrolle>,
    v: &Rollefelter,
    fejl: Fejl,
) -> Side {
    let titel = if b.is_some() { "Ret brugersystemrolle" } else { "Tilføj brugersystemrolle" };
    let sti = format!("/admin/it-systemer/{}", s.uuid);
    let tilbage = format!("{sti}?fane=roller");
    let overhalet = b.filter(|_| fejl.overhalet());
    let ord = |b: &Brugersystemrolle| {
        vec![
            ("Navn", b.navn.clone()),
            ("EntityId", b.entity_id.clone()),
            ("Beskrivelse", b.beskrivelse.clone()),
            ("Afgrænsninger", graenser(s, b).join(", ")),
            ("Følsomme oplysninger", if b.foelsom { "Ja" } else { "Nej" }.to_owned()),
        ]
    };
    let graense = |typ: Dataafgraensningstype| {
        let nu = v.afgraensninger.iter().find(|a| a.entity_id == typ.entity_id).map(|a| a.kraevet);
        let valg = [
            (None, "nej", "Kan ikke afgrænses"),
            (Some(false), "kan", "Kan afgrænses"),
            (Some(true), "skal", "Skal afgrænses"),
        ];
        let valg = valg.into_iter().map(|(naar, vaerdi, navn)| Valg::ny(vaerdi, navn, naar == nu));
        Felt::valg(graense_id(&typ), typ.navn.clone(), valg.collect()).hjaelp(typ.beskrivelse)
    };
    let ramme = k.ramme(titel, "/admin/it-systemer").await;
    Side {
        ramme: ramme.under("/admin/it-systemer", "It-systemer").under(tilbage.clone(), s.navn.clone()),
        sti: b.map_or_else(|| format!("{sti}/roller/ny"), |b| format!("{sti}/roller/{}/ret", b.uuid)),
        tilbage,
        maerke: b.map_or_else(String::new, |b| k.maerke("maerke", &fejl, rollemaerke(b))),
        overhalet: overhalet.map_or_else(Vec::new, ord),
        navn: Felt::ny("navn", "Navn", v.navn.clone()).hjaelp("Som myndighederne ser den").fejl(&fejl),
        entity_id: Felt::ny("entity_id", "EntityId", v.entity_id.clone())
            .hjaelp("http://<firmaets domæne>/roles/usersystemrole/<navn>/1")
            .fejl(&fejl),
        beskrivelse: Felt::ny("beskrivelse", "Beskrivelse", v.beskrivelse.clone())
            .hjaelp("Fortsæt sætningen: Medarbejdere med rollen kan …")
            .fejl(&fejl),
        foelsom: v.foelsom,
        graenser: typer(s).into_iter().map(graense).collect(),
        fejl,
    }
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    let s = hent_system(&k)?;
    side(&rolle_side(&k, &s, None, &Rollefelter::default(), Fejl::default()).await)
}

/// Offers one.
pub async fn opret(k: Besoeg) -> Svar {
    let s = hent_system(&k)?;
    let v = laes(&k, &s);
    match systemer::opret_rolle(&k.t().app, &k.kald, s.uuid, &v).await {
        Ok(_) => k.videre(&tilbage(s.uuid), "Brugersystemrollen er gemt. Myndighederne kan bruge den nu."),
        Err(fejl) => side_igen(&rolle_side(&k, &s, None, &v, Fejl::af(fejl)?).await),
    }
}

fn tilbage(system: Uuid) -> String {
    format!("/admin/it-systemer/{system}?fane=roller")
}

/// The form for one.
pub async fn vis_ret(k: Besoeg) -> Svar {
    let (s, b) = hent(&k)?;
    side(&rolle_side(&k, &s, Some(&b), &af(&b), Fejl::default()).await)
}

/// Changes one. When another was first, the form comes back with what is stored now beside it.
pub async fn ret(k: Besoeg) -> Svar {
    let (s, b) = hent(&k)?;
    let (v, maerket) = (laes(&k, &s), k.f.krop.tekst("maerke"));
    match systemer::ret_rolle(&k.t().app, &k.kald, (s.uuid, b.uuid), maerket, &v).await {
        Ok(()) => k.videre(&tilbage(s.uuid), "Brugersystemrollen er gemt."),
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, ("it-system", s.uuid, &b.navn), s.leverandoer).await?;
            let (s, b) = hent(&k)?;
            side_med(status, &rolle_side(&k, &s, Some(&b), &v, fejl).await)
        }
    }
}

#[derive(Template)]
#[template(path = "systemer/udfas.html")]
struct Udfas {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    maerke: String,
    navn: String,
    brug: u64,
    dag: Felt,
    fejl: Fejl,
}

async fn udfas_side(k: &Besoeg, fejl: Fejl) -> Result<Udfas, Sidefejl> {
    let (s, b) = hent(k)?;
    let tilbage = tilbage(s.uuid);
    let ramme = k.ramme("Udfas brugersystemrolle", "/admin/it-systemer").await;
    Ok(Udfas {
        ramme: ramme.under("/admin/it-systemer", "It-systemer").under(tilbage.clone(), s.navn),
        sti: format!("/admin/it-systemer/{}/roller/{}/udfas", s.uuid, b.uuid),
        tilbage,
        maerke: k.maerke("maerke", &fejl, rollemaerke(&b)),
        brug: systemer::i_brug(&k.t().app, b.uuid).await?,
        navn: b.navn,
        dag: Felt::ny("dag", "Udfases", k.f.krop.tekst("dag"))
            .valgfri()
            .hjaelp("dd-mm-åååå. Er rollen i brug, mindst 30 dage frem; ellers med det samme, hvis feltet er tomt.")
            .fejl(&fejl),
        fejl,
    })
}

/// What withdrawing means.
pub async fn vis_udfas(k: Besoeg) -> Svar {
    side(&udfas_side(&k, Fejl::default()).await?)
}

/// Withdraws. Today is now: the day began before.
pub async fn udfas(k: Besoeg) -> Svar {
    let (s, b) = hent(&k)?;
    let maerket = k.f.krop.tekst("maerke");
    if !k.f.krop.har("bekraeft") {
        return side_igen(&udfas_side(&k, Fejl::ubekraeftet()).await?);
    }
    let resultat: Result<(), Styringsfejl> = match k.f.krop.dag("dag") {
        Ok(dag) => {
            let dag = dag.filter(|d| vis::dage_til(k.nu(), *d) != 0);
            systemer::udfas_rolle(&k.t().app, &k.kald, (s.uuid, b.uuid), maerket, dag).await
        }
        Err(fejl) => Err(fejl.into()),
    };
    match resultat {
        Ok(()) => k.videre(&tilbage(s.uuid), "Brugersystemrollen udfases."),
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, ("it-system", s.uuid, &b.navn), s.leverandoer).await?;
            side_med(status, &udfas_side(&k, fejl).await?)
        }
    }
}
