//! Lists of jobfunktionsroller: the party's own, which the store finds, and among them those delegated to it, which are few.

use super::noegler::{attestorden, tilstandsorden};
use super::systemer;
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, attesteringer, rollekrav, vaerdier};
use administration::{Emne, Entitet, Handling, Jobfunktionsrolle, Politik, dansk};
use app::App;
use std::cmp::Ordering;
use std::collections::HashSet;
use store::{Modulliste, Modulside, Modulsoegning, SORTERES_MAX};
use uuid::Uuid;

/// Roles in one answer, at most.
pub const LISTE_MAX: u64 = 5_000;
/// How often all of them are read anew when they change meanwhile.
const ATTEMPTS_MAX: usize = 5;

/// A column roles can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollekolonne {
    /// The name.
    Navn,
    /// The state.
    Tilstand,
    /// When it was attested last; another's was not.
    Attesteret,
}

impl Rollekolonne {
    /// What the store calls it; by name is the order of keys.
    const fn kolonne(self) -> Option<&'static str> {
        match self {
            Self::Navn => None,
            Self::Tilstand => Some("tilstand"),
            Self::Attesteret => Some("attest"),
        }
    }
}

/// Which roles.
#[derive(Debug, Clone, Default)]
pub struct Rollesoegning {
    /// Text in name, description or EntityId.
    pub tekst: Option<String>,
    /// Those that hold a role of this system.
    pub system: Option<Uuid>,
    /// The party's own in use that were not attested as they are for twelve months.
    pub ikke_attesteret: bool,
    /// Those limited by a KLE number that is withdrawn.
    pub udgaaet_kle: bool,
    /// The party's own that are KRÆVER HANDLING.
    pub kraever_handling: bool,
    /// What they are sorted by; the party's own by name and then the others when nothing is said.
    pub kolonne: Option<Rollekolonne>,
    /// Whether the last comes first.
    pub omvendt: bool,
    /// How many are passed over.
    pub forbi: u64,
    /// Most of them to give.
    pub antal: u64,
}

impl Rollesoegning {
    fn hoejst(&self) -> u64 {
        self.antal.clamp(1, LISTE_MAX)
    }
}

/// A role, and what it stands by in a list.
type Placeret = (String, Gemt<Jobfunktionsrolle>);

/// The party's own roles by name, then those delegated to it, or all of them by a column; and how many there are. What attests
/// and Klassifikation alone know, `ikke_attesteret`, `udgaaet_kle` and `kraever_handling`, is asked of all of them.
///
/// # Errors
///
pub async fn list(
    app: &App,
    kald: &Kald,
    s: &Rollesoegning,
) -> Result<(Vec<Gemt<Jobfunktionsrolle>>, u64), Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Se)?;
    if !s.ikke_attesteret && !s.udgaaet_kle && !s.kraever_handling {
        return match s.kolonne {
            None => side(app, kald, s).await,
            Some(kolonne) => sorteret(app, kald, s, kolonne).await,
        };
    }
    let mut roller = alle(app, kald).await?;
    let politik = app.politik();
    roller.retain(|g| passer(&politik, &g.post, s));
    if s.ikke_attesteret {
        roller = attesteringer::ikke_attesteret(app, kald, roller).await?;
    }
    if s.udgaaet_kle {
        roller = vaerdier::med_udgaaet_kle(app, kald, roller).await?;
    }
    if s.kraever_handling {
        roller = rollekrav::kraever_handling(app, kald, roller).await?;
    }
    if let Some(kolonne) = s.kolonne {
        roller = ordnet(app, kald, roller, s, kolonne).await?.into_iter().map(|(_, g)| g).collect();
    }
    let (fundne, tal) = (roller.len() as u64, |n: u64| usize::try_from(n).unwrap_or(usize::MAX));
    Ok((roller.into_iter().skip(tal(s.forbi)).take(tal(s.hoejst())).collect(), fundne))
}

fn noegler(kald: &Kald, s: &Rollesoegning) -> Vec<(&'static str, String)> {
    let mut noegler = vec![("part", kald.part().to_string())];
    noegler.extend(s.system.map(|u| ("system", u.to_string())));
    noegler
}

/// A page of those the store finds.
async fn side(
    app: &App,
    kald: &Kald,
    s: &Rollesoegning,
) -> Result<(Vec<Gemt<Jobfunktionsrolle>>, u64), Styringsfejl> {
    let soegning = Modulsoegning {
        art: Jobfunktionsrolle::ART,
        noegler: noegler(kald, s),
        tekst: s.tekst.clone(),
        omvendt: false,
        forbi: s.forbi,
        antal: s.hoejst(),
    };
    let (raekker, egne) = app.store().modul_find(&soegning).await?;
    let mut roller: Vec<_> = raekker.iter().map(skriv::laes).collect::<Result<_, _>>()?;
    let modtagne = modtagne(app, kald, s).await?;
    let alle = egne + modtagne.len() as u64;
    let forbi = usize::try_from(s.forbi.saturating_sub(egne)).unwrap_or(usize::MAX);
    let plads = usize::try_from(soegning.antal).unwrap_or(usize::MAX).saturating_sub(roller.len());
    roller.extend(modtagne.into_iter().skip(forbi).take(plads));
    Ok((roller, alle))
}

/// Those delegated to the party.
async fn modtagne(
    app: &App,
    kald: &Kald,
    s: &Rollesoegning,
) -> Result<Vec<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    let mut modtagne = crate::delegeringer::virker_til(app, kald.part()).await?;
    let politik = app.politik();
    modtagne.retain(|g| passer(&politik, &g.post, s));
    Ok(modtagne)
}

/// A page of all of them in the order of a column. The store finds so many of the party's own that the page is among them
/// wherever the others stand.
async fn sorteret(
    app: &App,
    kald: &Kald,
    s: &Rollesoegning,
    kolonne: Rollekolonne,
) -> Result<(Vec<Gemt<Jobfunktionsrolle>>, u64), Styringsfejl> {
    let andre = modtagne(app, kald, s).await?;
    let andre = ordnet(app, kald, andre, s, kolonne).await?;
    let antal_andre = andre.len() as u64;
    let mut liste = Modulliste {
        art: Jobfunktionsrolle::ART,
        noegler: noegler(kald, s),
        tekst: s.tekst.clone(),
        kolonne: kolonne.kolonne(),
        omvendt: s.omvendt,
        forbi: s.forbi.saturating_sub(antal_andre),
        antal: s.hoejst() + antal_andre,
        taelles: u64::MAX,
        sorteres: SORTERES_MAX,
        ..Modulliste::default()
    };
    let mut fundet = app.store().modul_liste(&liste).await?;
    if fundet.raekker.is_empty() && antal_andre > 0 && fundet.alle > 0 {
        liste.forbi = fundet.alle.min(s.forbi).saturating_sub(antal_andre);
        fundet = app.store().modul_liste(&liste).await?;
    }
    let Modulside { raekker, alle: egne, .. } = fundet;
    let egne_her = raekker.iter().map(|(orden, r)| Ok((orden.clone(), skriv::laes(r)?)));
    let egne_her: Vec<Placeret> = egne_her.collect::<Result<_, Styringsfejl>>()?;
    // Those of the others that stand before the first of these are passed.
    let foerste = egne_her.first().filter(|_| liste.forbi > 0);
    let passeret = foerste.map_or(0, |f| andre.iter().filter(|a| foran(a, f, s.omvendt).is_lt()).count());
    let her = liste.forbi + passeret as u64;
    let flettet = flet(egne_her, andre.into_iter().skip(passeret).collect(), s.omvendt);
    let tal = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let roller = flettet.into_iter().skip(tal(s.forbi.saturating_sub(her))).take(tal(s.hoejst())).collect();
    Ok((roller, egne + antal_andre))
}

/// Two sorted lists as one.
fn flet(egne: Vec<Placeret>, andre: Vec<Placeret>, omvendt: bool) -> Vec<Gemt<Jobfunktionsrolle>> {
    let (mut egne, mut andre) = (egne.into_iter().peekable(), andre.into_iter().peekable());
    let mut ud = Vec::new();
    loop {
        let naeste = match (egne.peek(), andre.peek()) {
            (Some(e), Some(a)) if foran(a, e, omvendt).is_lt() => andre.next(),
            (Some(_), _) => egne.next(),
            (None, _) => andre.next(),
        };
        let Some((_, g)) = naeste else { return ud };
        ud.push(g);
    }
}

/// Which of two is first, as the store has it.
fn foran(a: &Placeret, b: &Placeret, omvendt: bool) -> Ordering {
    let noegle = |p: &Placeret| (Modulside::intet(&p.0), p.1.post.uuid);
    let ((a_intet, a_id), (b_intet, b_id)) = (noegle(a), noegle(b));
    let orden = (&a.0, a_id).cmp(&(&b.0, b_id));
    a_intet.cmp(&b_intet).then(if omvendt { orden.reverse() } else { orden })
}

/// Roles in the order of a column.
async fn ordnet(
    app: &App,
    kald: &Kald,
    roller: Vec<Gemt<Jobfunktionsrolle>>,
    s: &Rollesoegning,
    kolonne: Rollekolonne,
) -> Result<Vec<Placeret>, Styringsfejl> {
    let nu = app.now();
    let mut ud = Vec::with_capacity(roller.len());
    for g in roller {
        let orden = match kolonne {
            Rollekolonne::Navn => dansk::noegle(&g.post.navn),
            Rollekolonne::Tilstand => tilstandsorden(&g.post, nu).som_tekst().to_owned(),
            Rollekolonne::Attesteret => {
                let egen = g.post.myndighed == kald.part();
                let sidst = if egen { attesteringer::sidst_af(app, &g.post).await? } else { None };
                attestorden(&g.post, sidst).som_tekst().to_owned()
            }
        };
        ud.push((orden, g));
    }
    ud.sort_by(|a, b| foran(a, b, s.omvendt));
    Ok(ud)
}

/// All of the party's own roles by name, then those delegated to it, each once.
///
/// # Errors
///
pub async fn alle(app: &App, kald: &Kald) -> Result<Vec<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Se)?;
    let mut sidst = Vec::new();
    for _ in 0..ATTEMPTS_MAX {
        let (mut roller, mut sete, mut forbi) = (Vec::new(), HashSet::new(), 0);
        let antal = loop {
            let soegning = Rollesoegning { forbi, antal: LISTE_MAX, ..Rollesoegning::default() };
            let (side, antal) = side(app, kald, &soegning).await?;
            forbi += side.len() as u64;
            let sidste = side.is_empty() || forbi >= antal;
            roller.extend(side.into_iter().filter(|g| sete.insert(g.post.uuid)));
            if sidste {
                break antal;
            }
        };
        // What is made, renamed or removed meanwhile moves the others from page to page.
        let hele = roller.len() as u64 == antal;
        sidst = roller;
        if hele {
            break;
        }
    }
    Ok(sidst)
}

/// Whether a role is looked for.
fn passer(politik: &Politik, rolle: &Jobfunktionsrolle, s: &Rollesoegning) -> bool {
    let tekst = s.tekst.as_deref().map(|t| t.trim().to_lowercase()).unwrap_or_default();
    soegetekst(rolle).to_lowercase().contains(&tekst)
        && s.system.is_none_or(|system| systemer(politik, rolle).any(|u| u == system))
}

/// What free text is found in.
pub(super) fn soegetekst(rolle: &Jobfunktionsrolle) -> String {
    format!("{} {} {} {}", rolle.navn, rolle.beskrivelse, rolle.entity_id, rolle.uuid)
}
