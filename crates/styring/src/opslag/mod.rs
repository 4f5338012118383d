//! Classes and units as people look them up: by their place in a tree, by number and by word, a page at a time. Each reading
//! takes an [`adgang::Adgang`] of the person, and is a line of the access log before anybody sees it.

mod laeser;

pub(crate) use laeser::{Laeser, Laest, nu_under};

use crate::{Kald, Styringsfejl};
use adgang::Operation;
use administration::Modulfejl;
use app::App;
use bitemporal::Instant;
use oio::catalog::klassifikation::klasse;
use oio::catalog::organisation::organisationenhed;
use oio::catalog::{BRUGERVENDT_NOEGLE, KLASSE, Navn, ORGANISATIONENHED, ObjektType};
use oio::{Cvr, ObjektId, UnikId, noegle};
use store::{Moenster, Ordnet};
use uuid::Uuid;

/// Who looks something up.
#[derive(Clone, Copy)]
pub(crate) enum Seer<'a> {
    /// A person: what is read stands in the access log.
    Person(&'a Kald),
    /// The installation itself, to see whether a party must be told of something: what the party could see, and shown to
    /// nobody, so no line of the log.
    Installationen(Cvr),
}

impl<'a> From<&'a Kald> for Seer<'a> {
    fn from(kald: &'a Kald) -> Self {
        Self::Person(kald)
    }
}

/// Entries on a page.
pub const PR_SIDE: u64 = 50;
/// The facet of KLE's topics.
pub const EMNEPLAN: Uuid = Uuid::from_u128(0x0000_0c7e_face_4001_8000_0000_0000_0000);
/// Entries below one are counted so far.
pub const TAELT_MAX: u64 = 1_000;
/// Hits looked through for those of one facet.
const SET_MAX: u64 = 200;

/// What is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Art {
    /// Classes, of one facet when it is named.
    Klasse(Option<Uuid>),
    /// Units of the party's own organisation.
    Enhed,
}

impl Art {
    /// The topics of KLE.
    pub const KLE: Self = Self::Klasse(Some(EMNEPLAN));

    const fn typ(self) -> &'static ObjektType {
        match self {
            Self::Klasse(_) => &KLASSE,
            Self::Enhed => &ORGANISATIONENHED,
        }
    }

    const fn titel(self) -> Navn {
        match self {
            Self::Klasse(_) => klasse::TITEL.navn,
            Self::Enhed => organisationenhed::NAVN.navn,
        }
    }

    const fn over(self) -> Navn {
        match self {
            Self::Klasse(_) => klasse::OVERORDNET_KLASSE.navn,
            Self::Enhed => organisationenhed::OVERORDNET.navn,
        }
    }
}

/// A class or a unit, in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its UUID.
    pub id: Uuid,
    /// Its number; of a unit, the key people know it by.
    pub nr: String,
    /// Its title.
    pub titel: String,
    /// Whose it is.
    pub ejer: Cvr,
    /// When it was withdrawn or closed; a day to come when it will be.
    pub ude: Option<Instant>,
    /// What it stands under.
    pub over: Option<Uuid>,
    /// The facet it stands in.
    pub facet: Option<Uuid>,
    /// How many stand under it, counted to [`TAELT_MAX`]; only where a level is shown.
    pub boern: u64,
}

impl Post {
    /// Whether it is withdrawn or closed at a moment.
    #[must_use]
    pub fn er_ude(&self, nu: Instant) -> bool {
        self.ude.is_some_and(|fra| fra <= nu)
    }

    /// Number and title.
    #[must_use]
    pub fn navn(&self) -> String {
        format!("{} {}", self.nr, self.titel).trim().to_owned()
    }
}

/// A page of entries, and the one after which the next page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Niveau {
    /// The entries.
    pub poster: Vec<Post>,
    /// The last of them, when there are more.
    pub naeste: Option<Uuid>,
}

/// What the value of a place begins with.
fn praefiks(art: Art, over: Option<Uuid>) -> String {
    let id = |uuid: Option<Uuid>| uuid.map(UnikId::Uuid);
    match art {
        Art::Klasse(facet) => noegle::plads(&[id(facet), id(over)]),
        Art::Enhed => noegle::plads(&[id(over)]),
    }
}

/// One level of a tree: what stands under one entry, or at the top, by number or name; from the entry after `efter`.
///
/// # Errors
///
pub async fn niveau(
    app: &App,
    kald: &Kald,
    art: Art,
    over: Option<Uuid>,
    efter: Option<Uuid>,
) -> Result<Niveau, Styringsfejl> {
    let laeser = Laeser::ny(app, kald, Operation::Soeg, art.typ())?;
    let under = praefiks(art, over);
    let felt = noegle::felt_plads(art.typ());
    let ordnet = laeser.ordnet(felt, &under, PR_SIDE + 1);
    let efter = match efter {
        None => None,
        Some(id) => sted(&laeser, art, ObjektId(id), &under).await?,
    };
    let mut ids = laeser.i_orden(&Ordnet { efter, ..ordnet.clone() }).await?;
    let flere = ids.len() as u64 > PR_SIDE;
    ids.truncate(PR_SIDE as usize);
    let naeste = if flere { ids.last().map(|id| id.0) } else { None };
    let mut poster: Vec<Post> = laeser.laes(&ids).await?.iter().map(|l| laeser.post(art, l)).collect();
    let facet = |p: &Post| if art == Art::Enhed { art } else { Art::Klasse(p.facet) };
    let boern: Vec<String> = poster.iter().map(|p| praefiks(facet(p), Some(p.id))).collect();
    let antal = laeser.tael(&Ordnet { antal: TAELT_MAX, ..ordnet }, &boern).await?;
    poster.iter_mut().zip(antal).for_each(|(p, antal)| p.boern = antal);
    Ok(Niveau { poster, naeste })
}

/// Where an entry stands among its siblings, when it does.
async fn sted(
    laeser: &Laeser<'_>,
    art: Art,
    id: ObjektId,
    under: &str,
) -> Result<Option<(String, ObjektId)>, Styringsfejl> {
    let laest = laeser.laes(&[id]).await?;
    let post = laest.first().map(|l| laeser.post(art, l));
    let vaerdi = |p: Post| if art == Art::Enhed { p.titel } else { p.nr };
    Ok(post.map(|p| (format!("{under}{}", noegle::fold(&vaerdi(p))), id)))
}

/// Entries by number, by the beginnings of words of the title, or by UUID; those of the party alone when `egne`. By number
/// and name; at most a page, with whether there are more.
///
/// # Errors
///
pub async fn soeg(
    app: &App,
    kald: &Kald,
    art: Art,
    q: &str,
    egne: bool,
) -> Result<(Vec<Post>, bool), Styringsfejl> {
    let laeser = Laeser::ny(app, kald, Operation::Soeg, art.typ())?;
    let q = q.trim();
    let ids = match Uuid::try_parse(q) {
        Ok(id) => vec![ObjektId(id)],
        Err(_) => find(&laeser, art, q, egne.then(|| kald.part())).await?,
    };
    let mut poster: Vec<Post> = laeser.laes(&ids).await?.iter().map(|l| laeser.post(art, l)).collect();
    if let Art::Klasse(Some(facet)) = art {
        poster.retain(|p| p.facet == Some(facet));
    }
    poster.retain(|p| !egne || p.ejer == kald.part());
    poster.sort_by_cached_key(|p| (noegle::fold(&p.nr), noegle::fold(&p.titel), p.id));
    let flere = poster.len() as u64 > PR_SIDE;
    poster.truncate(PR_SIDE as usize);
    Ok((poster, flere))
}

/// What a text finds: numbers that begin with it, and titles that have all its words. Where a number is written and found,
/// nothing else is meant.
async fn find(
    laeser: &Laeser<'_>,
    art: Art,
    q: &str,
    ejer: Option<Cvr>,
) -> Result<Vec<ObjektId>, Styringsfejl> {
    let nummer = noegle::fold(q.trim_end_matches(['*', '.']));
    if nummer.is_empty() && ejer.is_none() {
        return Ok(Vec::new());
    }
    let ved_nummer = laeser.ordnet(noegle::felt_for(art.typ(), BRUGERVENDT_NOEGLE.navn), &nummer, SET_MAX);
    let mut fundne = laeser.i_orden(&Ordnet { ejer, ..ved_nummer }).await?;
    let er_nummer = nummer.starts_with(|c: char| c.is_ascii_digit()) && !fundne.is_empty();
    if !er_nummer {
        fundne.extend(med_ord(laeser, art, noegle::ord(q).collect(), ejer).await?);
        fundne.sort_unstable();
        fundne.dedup();
    }
    Ok(fundne)
}

/// Those with words that begin with each of these.
async fn med_ord(
    laeser: &Laeser<'_>,
    art: Art,
    ordene: Vec<String>,
    ejer: Option<Cvr>,
) -> Result<Vec<ObjektId>, Styringsfejl> {
    let felt = noegle::felt_ord(art.typ());
    match ordene.as_slice() {
        [] => return Ok(Vec::new()),
        // One word may be in very many titles: those with it first are as many as are looked at.
        [ord] => return laeser.i_orden(&Ordnet { ejer, ..laeser.ordnet(felt, ord, SET_MAX) }).await,
        _ => {}
    }
    let mut krav: Vec<_> = ordene.into_iter().take(8).map(|o| (felt.0, Moenster::Praefiks(o))).collect();
    if let Art::Klasse(Some(facet)) = art {
        let felt = noegle::felt_for(&KLASSE, klasse::FACET.navn).0;
        krav.push((felt, Moenster::Lig(facet.to_string())));
    }
    laeser.find(krav, SET_MAX).await
}

/// Entries by UUID, those that the person sees.
///
/// # Errors
///
pub async fn ved_id(app: &App, kald: &Kald, art: Art, ids: &[Uuid]) -> Result<Vec<Post>, Styringsfejl> {
    af_id(app, kald.into(), art, ids).await
}

/// The same for whoever looks.
pub(crate) async fn af_id(
    app: &App,
    seer: Seer<'_>,
    art: Art,
    ids: &[Uuid],
) -> Result<Vec<Post>, Styringsfejl> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let laeser = Laeser::ny(app, seer, Operation::List, art.typ())?;
    let ids: Vec<ObjektId> = ids.iter().copied().map(ObjektId).collect();
    Ok(laeser.laes(&ids).await?.iter().map(|l| laeser.post(art, l)).collect())
}

/// Those of some entries that were deleted.
pub(crate) async fn slettede(
    app: &App,
    seer: Seer<'_>,
    art: Art,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, Styringsfejl> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let laeser = Laeser::ny(app, seer, Operation::List, art.typ())?;
    let ids: Vec<ObjektId> = ids.iter().copied().map(ObjektId).collect();
    Ok(laeser.slettede(&ids).await?.into_iter().map(|id| id.0).collect())
}

/// The classes of a facet with one of these numbers. A number that was used again has several.
pub(crate) async fn af_numre(
    app: &App,
    seer: Seer<'_>,
    facet: Uuid,
    numre: Vec<String>,
) -> Result<Vec<Post>, Styringsfejl> {
    if numre.is_empty() {
        return Ok(Vec::new());
    }
    let laeser = Laeser::ny(app, seer, Operation::List, &KLASSE)?;
    let felt = |navn| noegle::felt_for(&KLASSE, navn).0;
    let numre = numre.iter().map(|n| noegle::fold(n)).collect();
    let krav = vec![
        (felt(BRUGERVENDT_NOEGLE.navn), Moenster::EnAf(numre)),
        (felt(klasse::FACET.navn), Moenster::Lig(facet.to_string())),
    ];
    let ids = laeser.find(krav, 10_000).await?;
    let art = Art::Klasse(Some(facet));
    Ok(laeser.laes(&ids).await?.iter().map(|l| laeser.post(art, l)).collect())
}

/// The classes that took over from one.
///
/// # Errors
///
pub async fn erstatninger(app: &App, kald: &Kald, klasse_id: Uuid) -> Result<Vec<Post>, Styringsfejl> {
    let laeser = Laeser::ny(app, kald, Operation::List, &KLASSE)?;
    let felt = noegle::felt_for(&KLASSE, klasse::ERSTATTER.navn).0;
    let ids = laeser.find(vec![(felt, Moenster::Lig(klasse_id.to_string()))], PR_SIDE).await?;
    Ok(laeser.laes(&ids).await?.iter().map(|l| laeser.post(Art::Klasse(None), l)).collect())
}

/// Whether anything of this kind is registered at all: else nothing can be said to be missing.
///
/// # Errors
///
pub async fn er_der_nogen(app: &App, kald: &Kald, art: Art) -> Result<bool, Styringsfejl> {
    let laeser = Laeser::ny(app, kald, Operation::Soeg, art.typ())?;
    let (felt, vaerdi) = match art {
        Art::Klasse(facet) => {
            (noegle::felt_for(&KLASSE, klasse::FACET.navn), facet.map_or_else(String::new, |f| f.to_string()))
        }
        Art::Enhed => (noegle::felt_for(&ORGANISATIONENHED, organisationenhed::NAVN.navn), String::new()),
    };
    let antal = laeser.tael(&laeser.ordnet(felt, "", 1), &[vaerdi]).await?;
    Ok(antal.iter().any(|n| *n > 0))
}

/// What is said of an object that is not there.
pub(crate) fn findes_ikke(hvad: &str) -> Styringsfejl {
    Modulfejl::findes_ikke(hvad).into()
}
