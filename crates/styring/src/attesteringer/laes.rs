//! Runs, their it-systems and their points, as they are seen.

use super::{af_system, er_aendret, find, saetninger};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, jobfunktionsroller};
use administration::{
    Attestering, Attesteringsdel, Attesteringspunkt, Emne, Handling, Jobfunktionsrolle, Modulfejl,
    Punktstatus, Tilknytning, i_brug,
};
use app::App;
use uuid::Uuid;

/// A run, and how many of its points are answered.
#[derive(Debug, Clone)]
pub struct Koersel {
    /// The run.
    pub post: Attestering,
    /// The number of its version.
    pub version: i64,
    /// Points nothing more is awaited about.
    pub faerdige: u32,
}

/// The party's runs, the latest first, and how many there are.
///
/// # Errors
///
pub async fn list(
    app: &App,
    kald: &Kald,
    forbi: u64,
    antal: u64,
) -> Result<(Vec<Koersel>, u64), Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let noegler = vec![("part", kald.part().to_string())];
    let (fundne, alle) = find::<Attestering>(app, noegler, None, true, (forbi, antal)).await?;
    let mut ud = Vec::new();
    for gemt in fundne {
        ud.push(koersel(app, gemt).await?);
    }
    Ok((ud, alle))
}

async fn koersel(app: &App, Gemt { post, version }: Gemt<Attestering>) -> Result<Koersel, Styringsfejl> {
    let venter = match &post.slut {
        Some(_) => 0,
        None => {
            let noegler =
                vec![("koersel", post.uuid.to_string()), ("status", Punktstatus::Venter.kode().into())];
            find::<Attesteringspunkt>(app, noegler, None, false, (0, 1)).await?.1
        }
    };
    let faerdige = post.punkter.saturating_sub(u32::try_from(venter).unwrap_or(u32::MAX));
    Ok(Koersel { post, version, faerdige })
}

/// When the party last started a run of a kind, in microseconds.
///
/// # Errors
///
pub async fn senest_startet(app: &App, kald: &Kald, omfang: &str) -> Result<Option<i64>, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let noegler = vec![("part", kald.part().to_string()), ("omfang", omfang.to_owned())];
    let (fundne, _) = find::<Attestering>(app, noegler, None, true, (0, 1)).await?;
    Ok(fundne.first().map(|g| g.post.startet))
}

/// One run of the party.
///
/// # Errors
/// A-001; A-404.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Koersel, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let gemt = skriv::hent::<Attestering>(app, uuid).await?.filter(|g| g.post.part == kald.part());
    koersel(app, gemt.ok_or_else(|| Modulfejl::findes_ikke("Attesteringen"))?).await
}

/// The it-systems of a run by name, and how many there are.
///
/// # Errors
/// A-001; A-404.
pub async fn dele(
    app: &App,
    kald: &Kald,
    koersel: Uuid,
    (forbi, antal): (u64, u64),
) -> Result<(Vec<Attesteringsdel>, u64), Styringsfejl> {
    hent(app, kald, koersel).await?;
    let noegler = vec![("koersel", koersel.to_string())];
    let (fundne, alle) = find(app, noegler, None, false, (forbi, antal)).await?;
    Ok((fundne.into_iter().map(|g| g.post).collect(), alle))
}

/// Which points of a run.
#[derive(Debug, Clone, Default)]
pub struct Punktsoegning {
    /// Those of this it-system.
    pub system: Option<Uuid>,
    /// Those with this status.
    pub status: Option<Punktstatus>,
    /// Those with this text in the name of role or it-system.
    pub tekst: Option<String>,
    /// How many are passed over.
    pub forbi: u64,
    /// Most of them to give.
    pub antal: u64,
}

/// The points of a run by number, and how many there are.
///
/// # Errors
/// A-001; A-404.
pub async fn punkter(
    app: &App,
    kald: &Kald,
    koersel: Uuid,
    s: &Punktsoegning,
) -> Result<(Vec<Attesteringspunkt>, u64), Styringsfejl> {
    hent(app, kald, koersel).await?;
    let mut noegler = vec![("koersel", koersel.to_string())];
    noegler.extend(s.system.map(|u| ("system", u.to_string())));
    noegler.extend(s.status.map(|st| ("status", st.kode().to_owned())));
    let (fundne, alle) = find(app, noegler, s.tekst.clone(), false, (s.forbi, s.antal)).await?;
    Ok((fundne.into_iter().map(|g| g.post).collect(), alle))
}

/// A point with what the role is now.
#[derive(Debug, Clone)]
pub struct Punktvisning {
    /// The point.
    pub punkt: Attesteringspunkt,
    /// The run it is in.
    pub koersel: Attestering,
    /// The role as it is now, unless it is gone.
    pub rolle: Option<Gemt<Jobfunktionsrolle>>,
    /// What the role gives in the it-system now, in sentences.
    pub ord: Vec<String>,
    /// What it is made of there.
    pub tilknytninger: Vec<Tilknytning>,
    /// Whether there is nothing left to attest.
    pub bortfaldet: bool,
    /// Whether it was changed since it was answered.
    pub aendret: bool,
    /// Who made it what it is.
    pub sammensat_af: Option<(Uuid, String)>,
}

impl Punktvisning {
    /// The version of the role that is shown.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.rolle.as_ref().map_or(0, |g| g.version)
    }

    /// Whether the person may answer about it now.
    #[must_use]
    pub fn maa(&self, kald: &Kald) -> bool {
        let ret = kald.aktoer.kraev_system(Emne::Attestering, Handling::Godkend, self.punkt.system);
        ret.is_ok() && self.koersel.slut.is_none() && !self.bortfaldet
    }
}

/// One point of a run.
///
/// # Errors
/// A-001; A-404.
pub async fn punkt(app: &App, kald: &Kald, koersel: Uuid, nr: u32) -> Result<Punktvisning, Styringsfejl> {
    let koersel = hent(app, kald, koersel).await?.post;
    let gemt = hent_punkt(app, &koersel, nr).await?;
    let rolle = skriv::hent::<Jobfunktionsrolle>(app, gemt.post.rolle).await?;
    let politik = app.politik();
    let nu = rolle.as_ref().map(|g| af_system(&politik, &g.post, gemt.post.system)).unwrap_or_default();
    let lever = rolle.as_ref().is_some_and(|g| i_brug(&g.post, app.now()));
    let aendret = match &rolle {
        Some(g) => er_aendret(&politik, &g.post, &gemt.post),
        None => !gemt.post.svar.is_empty(),
    };
    Ok(Punktvisning {
        ord: rolle.as_ref().map(|g| saetninger(&politik, &g.post, &nu)).unwrap_or_default(),
        sammensat_af: jobfunktionsroller::sammensat_af(app, gemt.post.rolle).await?,
        bortfaldet: !lever || nu.is_empty(),
        aendret,
        tilknytninger: nu,
        rolle,
        koersel,
        punkt: gemt.post,
    })
}

pub(super) async fn hent_punkt(
    app: &App,
    koersel: &Attestering,
    nr: u32,
) -> Result<Gemt<Attesteringspunkt>, Styringsfejl> {
    let gemt = skriv::hent::<Attesteringspunkt>(app, Attesteringspunkt::id(koersel.uuid, nr)).await?;
    gemt.ok_or_else(|| Modulfejl::findes_ikke("Punktet").into())
}
