//! `fremsoeg`: what is asked for, what is shown of it, and in which order.

mod kriterier;

pub use kriterier::{Interval, Kriterier, Kriterium, RegKrav, Vaerdiinterval};

use super::{Indeks, UUIDER_MAX, hoejst, sti};
use crate::fejl::Fejl;
use crate::knude::Knude;
use crate::skema::{Art, Form, Indhold};
use uuid::Uuid;

/// Conditions one search may have.
pub const LED_MAX: usize = 500;
/// Objects on a page, where the caller does not say.
pub const SIDE_STANDARD: u32 = 50;
/// Objects on a page at most.
pub const SIDE_MAX: u32 = 1000;

/// One search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fremsoeg {
    /// In which index.
    pub indeks: Indeks,
    /// The objects named by UUID.
    pub uuider: Vec<(Art, Uuid)>,
    /// `SoegUdtryk`.
    pub udtryk: Option<Udtryk>,
    /// `Filter`; without one, everything is shown.
    pub filter: Option<Filter>,
    /// `Sortering`, the most important first.
    pub sortering: Vec<Sortering>,
}

/// `SoegUdtryk`: conditions of which all, or any, must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Udtryk {
    /// Whether one is enough (`OR`); else all (`AND`).
    pub en_er_nok: bool,
    /// The conditions; at least one.
    pub led: Vec<Led>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Led {
    /// `SoegSag`, `SoegDokument`, `SoegBevillingIndeks`, `SoegOekonomiskEffektueringIndeks`.
    Soeg(Box<Kriterier>),
    /// `SoegSagsloeseDokumenter`: documents no case refers to.
    Sagsloese(Box<Kriterier>),
    /// `NOT`.
    Ikke(Udtryk),
    /// `SoegUdtryk`.
    Udtryk(Udtryk),
}

/// One page: which hit is the first, counted from 0, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// `FoersteResultatReference`.
    pub foerste: u32,
    /// `MaksimalAntalKvantitet`.
    pub antal: u32,
}

impl Default for Side {
    fn default() -> Self {
        Self { foerste: 0, antal: SIDE_STANDARD }
    }
}

/// What is shown. An empty one shows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// `SagVis`, `DokumentVis`, `BevillingVis`, `OekonomiskEffektueringVis`.
    pub vis: Vec<(Art, &'static str)>,
    /// `SagInkluder`, `DokumentInkluder`, `BevillingInkluder`, `OekonomiskEffektueringInkluder`.
    pub inkluder: Vec<(Art, &'static str)>,
}

/// One key of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sortering {
    /// Which objects it sorts.
    pub art: Art,
    /// `Element`.
    pub element: &'static str,
    /// `Faldende`.
    pub faldende: bool,
    /// `Prioritet` or `Sekvens`: 1 first.
    pub prioritet: i64,
}

impl Udtryk {
    /// Every condition on an object, at any depth.
    pub fn kriterier(&self) -> Box<dyn Iterator<Item = &Kriterier> + '_> {
        Box::new(self.led.iter().flat_map(|led| -> Box<dyn Iterator<Item = &Kriterier> + '_> {
            match led {
                Led::Soeg(k) | Led::Sagsloese(k) => Box::new(std::iter::once(k.as_ref())),
                Led::Ikke(u) | Led::Udtryk(u) => u.kriterier(),
            }
        }))
    }
}

impl Fremsoeg {
    /// The page of one kind of object: that of the first condition on such objects that names one.
    #[must_use]
    pub fn side(&self, art: Art) -> Side {
        let fundet =
            self.udtryk.iter().flat_map(Udtryk::kriterier).filter(|k| k.art == art).find_map(|k| k.side);
        fundet.unwrap_or_default()
    }
}

/// The text of an element that has a list of values, as it stands in the list.
fn kode(knude: &Knude) -> &'static str {
    let Indhold::Tekst(simpel) = knude.element.indhold else { return "" };
    match simpel.form {
        Form::Kode(koder) => koder.iter().find(|k| **k == knude.tekst()).copied().unwrap_or_default(),
        _ => "",
    }
}

/// Which objects the name of an element begins with.
fn art_af(navn: &str) -> Art {
    match navn {
        n if n.starts_with("Sag") => Art::Sag,
        n if n.starts_with("Dokument") => Art::Dokument,
        n if n.starts_with("Bevilling") => Art::Bevilling,
        _ => Art::Effektuering,
    }
}

pub(super) fn laes(indeks: Indeks, rod: &Knude) -> Result<Fremsoeg, Fejl> {
    let navngivne = rod.alle().iter().filter(|k| k.navn().ends_with("Uuid"));
    hoejst(rod, navngivne.clone().count(), UUIDER_MAX, "UUID'er")?;
    let uuider = navngivne
        .map(|k| {
            let uuid = Some(k.tekst()).filter(|t| t.len() == 36).and_then(|t| Uuid::try_parse(t).ok());
            let sted = || format!("{}/{}:{}", sti(rod), k.ns().praefiks(), k.navn());
            uuid.map(|u| (art_af(k.navn()), u)).ok_or_else(|| Fejl::regel(sted(), "er ikke et UUID"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let udtryk = match rod.barn("SoegUdtryk") {
        Some(knude) => udtryk(knude, &format!("{}/{}:SoegUdtryk", sti(rod), knude.ns().praefiks()))?,
        None => None,
    };
    if uuider.is_empty() && udtryk.is_none() {
        return Err(Fejl::regel(sti(rod), "der er intet at søge efter; angiv et UUID eller et SoegUdtryk"));
    }
    let filter = rod.barn("Filter").map(filter);
    let mut sortering: Vec<Sortering> =
        rod.barn("Sortering").map(|s| s.alle().iter().map(sorteret_efter).collect()).unwrap_or_default();
    hoejst(rod, sortering.len(), LED_MAX, "sorteringer")?;
    sortering.sort_by_key(|s| s.prioritet);
    Ok(Fremsoeg { indeks, uuider, udtryk, filter, sortering })
}

fn filter(knude: &Knude) -> Filter {
    let mut filter = Filter::default();
    for valg in knude.alle() {
        let art = art_af(valg.navn());
        let (liste, vaerdi) = match valg.barn("Vis") {
            Some(vis) => (&mut filter.vis, kode(vis)),
            None => (&mut filter.inkluder, kode(valg)),
        };
        if !liste.contains(&(art, vaerdi)) {
            liste.push((art, vaerdi));
        }
    }
    filter
}

fn sorteret_efter(knude: &Knude) -> Sortering {
    let nr = knude.tekst_af("Prioritet").or_else(|| knude.tekst_af("Sekvens"));
    Sortering {
        art: art_af(knude.navn()),
        element: knude.barn("Element").map(kode).unwrap_or_default(),
        faldende: knude.tekst_af("Retning") == Some("Faldende"),
        prioritet: nr.and_then(|t| t.parse().ok()).unwrap_or(i64::MAX),
    }
}

/// The expression of an element; `None` when it is empty.
pub(super) fn udtryk(knude: &Knude, sted: &str) -> Result<Option<Udtryk>, Fejl> {
    let mut antal = 0;
    udtryk_i(knude, sted, &mut antal)
}

fn udtryk_i(knude: &Knude, sted: &str, antal: &mut usize) -> Result<Option<Udtryk>, Fejl> {
    let mut led = Vec::new();
    let mut nr = 0;
    for barn in knude.alle().iter().filter(|k| k.navn() != "operation") {
        (nr, *antal) = (nr + 1, *antal + 1);
        let sted = format!("{sted}/*[{nr}]");
        if *antal > LED_MAX {
            return Err(Fejl::regel(sted, format!("en søgning har højst {LED_MAX} betingelser")));
        }
        let indre = |antal: &mut usize| {
            udtryk_i(barn, &sted, antal)?.ok_or_else(|| Fejl::regel(&sted, "er tomt; skriv en betingelse"))
        };
        led.push(match barn.navn() {
            "NOT" => Led::Ikke(indre(antal)?),
            "SoegUdtryk" => Led::Udtryk(indre(antal)?),
            "SoegSagsloeseDokumenter" => Led::Sagsloese(Box::new(Kriterier::af(Art::Dokument, barn, &sted)?)),
            "SoegDokument" => Led::Soeg(Box::new(Kriterier::af(Art::Dokument, barn, &sted)?)),
            "SoegSag" => Led::Soeg(Box::new(Kriterier::af(Art::Sag, barn, &sted)?)),
            "SoegBevillingIndeks" => Led::Soeg(Box::new(Kriterier::af(Art::Bevilling, barn, &sted)?)),
            _ => Led::Soeg(Box::new(Kriterier::af(Art::Effektuering, barn, &sted)?)),
        });
    }
    let en_er_nok = knude.tekst_af("operation") == Some("OR");
    Ok((!led.is_empty()).then_some(Udtryk { en_er_nok, led }))
}
