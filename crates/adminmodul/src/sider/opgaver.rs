//! Tasks: one list across the person's roles.

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Emne, Entitet, Handling, Igangplan, Igangtrin, Modulfejl};
use askama::Template;
use styring::opgaver::{self, Opgave, Opgavehandling, Opgavestatus};

/// A task in a list.
pub struct Opgaverad {
    /// Its id.
    pub id: String,
    /// When it should be done.
    pub frist: Dato,
    /// How far away that is.
    pub om: String,
    /// Whether that is past.
    pub sen: bool,
    /// What there is to do.
    pub titel: String,
    /// Where it is done.
    pub sti: String,
    /// What kind of thing it is.
    pub slags: String,
    /// The role it is for.
    pub rolle: String,
    /// Who has taken it.
    pub overtaget: String,
    /// Whether that is the person at hand.
    pub min: bool,
    /// The state.
    pub tag: Tag,
    /// Whether the person may take it.
    pub maa: bool,
}

impl Opgaverad {
    /// A task as the person sees it.
    pub fn af(k: &Besoeg, o: &Opgave) -> Self {
        let nu = k.nu();
        let frist = o.frist();
        Self {
            id: o.uuid.to_string(),
            frist: vis::maaske(frist),
            om: frist.map_or_else(String::new, |f| vis::om_dage(nu, f)),
            sen: frist.is_some_and(|f| f < nu),
            titel: o.titel.clone(),
            sti: k.link(&o.objekt.0, o.objekt.1).map_or_else(
                || "/admin/opgaver".to_owned(),
                |sti| match o.slags.split(' ').next() {
                    Some("Godkend") => format!("{sti}/svar"),
                    Some("Kommentér") => format!("{sti}?fane=kommentarer"),
                    _ if o.objekt.0 == Igangplan::ART => Igangtrin::med_navn(&o.slags)
                        .map_or_else(|| sti.clone(), |t| format!("{sti}/{}", t.kode())),
                    _ => sti,
                },
            ),
            slags: o.slags.clone(),
            rolle: if o.person.is_some() { "Kun dig" } else { o.rolle.navn() }.to_owned(),
            overtaget: o.overtaget_af.as_ref().map_or_else(String::new, |(_, navn)| navn.clone()),
            min: o.overtaget_af.as_ref().is_some_and(|(id, _)| *id == k.bruger.uuid),
            tag: vis::opgavetag(o.status),
            maa: k.kald.aktoer.kan(Emne::Opgave, Handling::Ret),
        }
    }
}

#[derive(Template)]
#[template(path = "opgaver.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    rader: Vec<Opgaverad>,
    sider: Sider,
    mine: usize,
    alle: usize,
    kun_mine: bool,
    rolle: Felt,
    slags: Felt,
}

/// The columns of the list.
fn kolonner<'o>() -> [Kolonne<&'o Opgave>; 7] {
    [
        Kolonne::ny("frist", "Frist", |_, o| Noegle::maaske(o.frist())),
        Kolonne::ny("hvad", "Hvad", |_, o| Noegle::tekst(&o.titel)),
        Kolonne::ny("slags", "Type", |_, o| Noegle::tekst(&o.slags)),
        Kolonne::ny("rolle", "Rolle", |_, o| Noegle::tekst(o.rolle.navn())),
        Kolonne::ny("overtaget", "Overtaget af", |_, o| {
            Noegle::tekst(o.overtaget_af.as_ref().map_or("", |(_, navn)| navn))
        }),
        Kolonne::ny("status", "Status", |_, o| Noegle::tekst(&vis::opgavetag(o.status).navn)),
        Kolonne::handling(),
    ]
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let alle = opgaver::mine(&k.t().app, &k.kald).await?;
    let q = &k.f.query;
    let kun_mine = q.tekst("fane") == "mine";
    let (rolle, slags) = (q.tekst("rolle"), q.tekst("slags"));
    let egen = |o: &Opgave| o.overtaget_af.as_ref().is_some_and(|(id, _)| *id == k.bruger.uuid);
    let mine = alle.iter().filter(|g| egen(&g.post)).count();
    let passer = |o: &Opgave| {
        (!kun_mine || egen(o))
            && (rolle.is_empty() || (o.person.is_none() && o.rolle.kode() == rolle))
            && (slags.is_empty() || o.slags == slags)
    };
    let mut fundne: Vec<&Opgave> = alle.iter().map(|g| &g.post).filter(|o| passer(o)).collect();
    liste::sorter(&k, &kolonner(), &mut fundne);
    let sider = Sider::ny(q, fundne.len());
    let mut roller = vec![Valg::ny("", "Alle mine roller", rolle.is_empty())];
    roller
        .extend(k.kald.aktoer.roller().into_iter().map(|r| Valg::ny(r.kode(), r.navn(), r.kode() == rolle)));
    let mut typer: Vec<&str> = alle.iter().map(|g| g.post.slags.as_str()).collect();
    typer.sort_unstable();
    typer.dedup();
    let mut slagsvalg = vec![Valg::ny("", "Alle", slags.is_empty())];
    slagsvalg.extend(typer.into_iter().map(|t| Valg::ny(t, t, t == slags)));
    side(&Side {
        ramme: k.ramme("Opgaver", "/admin/opgaver").await,
        hoveder: liste::hoveder(q, "/admin/opgaver", &kolonner()),
        rader: sider.af(fundne).into_iter().map(|o| Opgaverad::af(&k, o)).collect(),
        sider,
        mine,
        alle: alle.len(),
        kun_mine,
        rolle: Felt::valg("rolle", "Rolle", roller),
        slags: Felt::valg("slags", "Type", slagsvalg),
    })
}

async fn goer(k: &Besoeg, handling: Opgavehandling) -> Result<(), Sidefejl> {
    Ok(opgaver::handl(&k.t().app, &k.kald, k.f.uuid("id")?, handling).await?)
}

/// Takes a task.
pub async fn overtag(k: Besoeg) -> Svar {
    goer(&k, Opgavehandling::Overtag).await?;
    k.videre("/admin/opgaver", "Du har overtaget opgaven.")
}

/// Gives it back to the role.
pub async fn giv(k: Besoeg) -> Svar {
    goer(&k, Opgavehandling::Giv).await?;
    k.videre("/admin/opgaver", "Opgaven er givet tilbage til rollen.")
}

#[derive(Template)]
#[template(path = "opgave_bortfald.html")]
struct Bortfald {
    ramme: Ramme,
    rad: Opgaverad,
    begrundelse: Felt,
    fejl: Fejl,
}

async fn bortfald_side(k: &Besoeg, fejl: Fejl) -> Result<Bortfald, Sidefejl> {
    let id = k.f.uuid("id")?;
    let alle = opgaver::mine(&k.t().app, &k.kald).await?;
    let fundet = alle.iter().find(|g| g.post.uuid == id && g.post.status != Opgavestatus::Bortfaldet);
    let opgave = fundet.ok_or_else(|| Modulfejl::findes_ikke("Opgaven"))?;
    let begrundelse = Felt::ny("begrundelse", "Begrundelse", k.f.krop.tekst("begrundelse"))
        .hjaelp("Gemmes i loggen, så andre kan se hvorfor")
        .fejl(&fejl);
    Ok(Bortfald {
        ramme: k.ramme("Lad opgave bortfalde", "/admin/opgaver").await.under("/admin/opgaver", "Opgaver"),
        rad: Opgaverad::af(k, &opgave.post),
        begrundelse,
        fejl,
    })
}

/// The form to drop one.
pub async fn bortfald(k: Besoeg) -> Svar {
    side(&bortfald_side(&k, Fejl::default()).await?)
}

/// Drops one, with a reason.
pub async fn lad_bortfalde(k: Besoeg) -> Svar {
    let hvorfor = k.f.krop.tekst("begrundelse").to_owned();
    let id = k.f.uuid("id")?;
    match opgaver::handl(&k.t().app, &k.kald, id, Opgavehandling::Bortfald(hvorfor)).await {
        Ok(()) => k.videre("/admin/opgaver", "Opgaven er bortfaldet."),
        Err(fejl) => side_igen(&bortfald_side(&k, Fejl::af(fejl)?).await?),
    }
}
