//! Who sees what: the delimitation of data by owner, KLE and følsomhed, over plain values.
//!
//! Values are those that hold now, and those that stand in the object itself. What is hidden cannot be told from what is not
//! there.

use crate::knude::Knude;
use crate::model::{Forekomst, Objekt};
use crate::regler::{er_kle, kle_af};
use crate::skema::Art;
use crate::verden::Verden;

/// `Foelsomhed`, rising: who may see one may see those below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own codes")]
pub enum Foelsomhed {
    IkkeFortroligeData,
    FortroligePersonoplysninger,
    FoelsommePersonoplysninger,
    VipSager,
}

impl Foelsomhed {
    /// Every level, rising.
    pub const ALLE: [Self; 4] = [
        Self::IkkeFortroligeData,
        Self::FortroligePersonoplysninger,
        Self::FoelsommePersonoplysninger,
        Self::VipSager,
    ];

    /// The code as written on the wire.
    #[must_use]
    pub const fn kode(self) -> &'static str {
        match self {
            Self::IkkeFortroligeData => "IKKE_FORTROLIGE_DATA",
            Self::FortroligePersonoplysninger => "FORTROLIGE_PERSONOPLYSNINGER",
            Self::FoelsommePersonoplysninger => "FOELSOMME_PERSONOPLYSNINGER",
            Self::VipSager => "VIP_SAGER",
        }
    }

    /// The level written as `tekst`.
    #[must_use]
    pub fn laes(tekst: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|f| f.kode() == tekst)
    }
}

/// Topics of KLE, and how sensitive what is within them may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KleRet {
    /// `*`, `32.*`, `32.24.*` or `32.24.04`.
    pub emner: String,
    /// The highest level.
    pub hoejst: Foelsomhed,
}

impl KleRet {
    /// Whether a KLE number is among the topics.
    #[must_use]
    pub fn daekker(&self, nummer: &str) -> bool {
        match self.emner.strip_suffix('*') {
            // The stem ends before the point, so that `3.*` is not `32`.
            Some(stamme) => nummer.starts_with(stamme) && (stamme.is_empty() || stamme.ends_with('.')),
            None => self.emner == nummer,
        }
    }
}

/// What an agreement lets a system see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laeseret {
    /// The authorities whose objects it sees.
    pub cvr: Vec<String>,
    /// Topics with their levels; one that fits is enough.
    pub kle: Vec<KleRet>,
}

impl Laeseret {
    fn emne(&self, nummer: &str, niveauer: &[Foelsomhed]) -> bool {
        er_kle(nummer)
            && self.kle.iter().any(|ret| ret.daekker(nummer) && niveauer.iter().all(|n| *n <= ret.hoejst))
    }

    fn ejer(&self, forekomst: Option<&Forekomst>) -> bool {
        forekomst.and_then(Forekomst::cvr).is_some_and(|cvr| self.cvr.iter().any(|tilladt| tilladt == cvr))
    }

    /// Whether the object may be seen.
    #[must_use]
    pub fn ser<'v>(&self, verden: &Verden<'v>, objekt: &'v Objekt) -> bool {
        match objekt.art {
            Art::Sag => foelsomhed(verden, objekt).is_some_and(|f| self.sag(verden, objekt, &[f])),
            Art::Dokument => self.dokument(verden, objekt),
            Art::Bevilling => {
                foelsomhed(verden, objekt).is_some_and(|f| self.bevilling(verden, objekt, f)) && {
                    let f = foelsomhed(verden, objekt);
                    let mut betalinger = verden.fra((Art::Bevilling, objekt.uuid)).peekable();
                    // A grant that nothing was paid of yet is judged alone.
                    betalinger.peek().is_none()
                        || betalinger.any(|e| f.is_some_and(|f| self.effektuering(verden, e, f)))
                }
            }
            Art::Effektuering => {
                let bevillinger = verden.bevillinger(objekt);
                bevillinger.into_iter().filter_map(|u| verden.find((Art::Bevilling, u))).any(|b| {
                    let f = foelsomhed(verden, b);
                    f.is_some_and(|f| self.bevilling(verden, b, f) && self.effektuering(verden, objekt, f))
                })
            }
        }
    }

    /// Whether an instance of an object that is seen is shown: BevilgetYdelser and parts of payments only within the topics.
    #[must_use]
    pub fn viser<'v>(&self, verden: &Verden<'v>, objekt: &'v Objekt, forekomst: &Forekomst) -> bool {
        let nummer = match (objekt.art, forekomst.afsnit.navn()) {
            (Art::Bevilling, "BevilgetYdelse") => kle_af(forekomst),
            (Art::Effektuering, "OekonomiskYdelseEffektueringRelation") => emne_af(forekomst),
            _ => return true,
        };
        let niveauer: Vec<Foelsomhed> = match objekt.art {
            Art::Bevilling => foelsomhed(verden, objekt).into_iter().collect(),
            // The level of a payment is that of the grant this part of it is of.
            _ => crate::verden::bevilling_af(forekomst)
                .and_then(|b| verden.find((Art::Bevilling, b)))
                .and_then(|b| foelsomhed(verden, b))
                .into_iter()
                .collect(),
        };
        !niveauer.is_empty() && nummer.is_some_and(|n| self.emne(n, &niveauer))
    }

    /// A case by its own values, at these levels.
    fn sag<'v>(&self, verden: &Verden<'v>, sag: &'v Objekt, niveauer: &[Foelsomhed]) -> bool {
        let klasse = verden.rolle(sag, "Sagsklasse", "Primær klasse");
        self.ejer(verden.rolle(sag, "Sagsaktoer", "Ejer"))
            && klasse.and_then(|k| k.felt("BrugervendtNoegle")).is_some_and(|n| self.emne(n, niveauer))
    }

    fn dokument<'v>(&self, verden: &Verden<'v>, dokument: &'v Objekt) -> bool {
        let Some(egen) = foelsomhed(verden, dokument) else { return false };
        let mut sager = verden.sager(dokument).peekable();
        if sager.peek().is_some() {
            // One and the same topic must open both.
            return sager
                .any(|sag| foelsomhed(verden, sag).is_some_and(|f| self.sag(verden, sag, &[f, egen])));
        }
        let klasse = verden.rolle(dokument, "Dokumentklasse", "Primær klasse");
        self.ejer(verden.rolle(dokument, "Dokumentaktoer", "Ejer"))
            && klasse.and_then(|k| k.felt("BrugervendtNoegle")).is_some_and(|n| self.emne(n, &[egen]))
    }

    /// A grant by its own values.
    fn bevilling<'v>(&self, verden: &Verden<'v>, bevilling: &'v Objekt, f: Foelsomhed) -> bool {
        self.ejer(verden.rolle(bevilling, "Bevillingsaktoer", "Ejer"))
            && verden.nu_i(bevilling, "BevilgetYdelse").any(|y| kle_af(y).is_some_and(|n| self.emne(n, &[f])))
    }

    /// A payment by its own values, and the level of a grant it is of.
    fn effektuering<'v>(&self, verden: &Verden<'v>, effektuering: &'v Objekt, f: Foelsomhed) -> bool {
        self.ejer(verden.rolle(effektuering, "Aktoer", "Ejer"))
            && verden
                .nu_i(effektuering, "OekonomiskYdelseEffektueringRelation")
                .any(|y| emne_af(y).is_some_and(|n| self.emne(n, &[f])))
    }
}

fn emne_af(ydelse: &Forekomst) -> Option<&str> {
    ydelse.knude("Klassifikationsbeskrivelse").map(Knude::tekst)
}

/// The level of an object that has one of its own.
#[must_use]
pub fn foelsomhed<'v>(verden: &Verden<'v>, objekt: &'v Objekt) -> Option<Foelsomhed> {
    let afsnit = if objekt.art == Art::Sag { "SagIndeksEgenskaber" } else { "Egenskaber" };
    verden.nu_i(objekt, afsnit).find_map(|f| f.felt("Foelsomhed")).and_then(Foelsomhed::laes)
}

#[cfg(test)]
mod tests;
