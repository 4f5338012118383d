//! Trying a filter on a message.

use super::{Proeve, Tegn, Udtryk, Vaerdilister, Vej};
use crate::Kuvert;
use crate::kuvert::{Felt, cvr_af_urn};
use crate::skema::{Form, Indhold, skema};
use crate::tid::nanosekunder;
use oio::Cvr;
use uuid::Uuid;

struct Proever<'a> {
    kuvert: &'a Kuvert,
    ejer: Uuid,
    lister: &'a dyn Vaerdilister,
    ser: Option<&'a [Cvr]>,
}

/// The elements that the `ANY` around are bound to: number, and number after the last inside.
type Bindinger = Vec<(u32, u32)>;

pub(super) fn svarer(
    udtryk: &Udtryk,
    kuvert: &Kuvert,
    ejer: Uuid,
    lister: &dyn Vaerdilister,
    ser: Option<&[Cvr]>,
) -> bool {
    Proever { kuvert, ejer, lister, ser }.udtryk(udtryk, &mut Vec::new())
}

impl<'a> Proever<'a> {
    fn udtryk(&self, udtryk: &Udtryk, bundne: &mut Bindinger) -> bool {
        match udtryk {
            Udtryk::Sand => true,
            Udtryk::Og(dele) => dele.iter().all(|del| self.udtryk(del, bundne)),
            Udtryk::Eller(dele) => dele.iter().any(|del| self.udtryk(del, bundne)),
            Udtryk::Ikke(inde) => !self.udtryk(inde, bundne),
            Udtryk::Nogen(vej, inde) => {
                let rum = rum(*vej, bundne);
                self.felter(*vej, rum).any(|(nr, felt)| {
                    bundne.push((nr, felt.slut));
                    let svar = self.udtryk(inde, bundne);
                    bundne.pop();
                    svar
                })
            }
            Udtryk::Proev(vej, proeve) => self.proev(*vej, proeve, rum(*vej, bundne)),
        }
    }

    /// The elements a path names within what it is bound to, as far as the receiver sees them.
    fn felter(&self, vej: Vej, rum: (u32, u32)) -> impl Iterator<Item = (u32, &'a Felt)> {
        let (kuvert, ser) = (self.kuvert, self.ser);
        let faste = &skema().faste;
        let er_tilladt = vej.sted == faste.tilladt;
        let under_tilladt = skema().knude(vej.sted).forael == faste.tilladt;
        let ses = move |nr: u32| {
            let tekst = || kuvert.felter.tekst(if er_tilladt { nr + 1 } else { nr });
            match ser {
                Some(ser) if er_tilladt || under_tilladt => {
                    cvr_af_urn(tekst()).is_some_and(|cvr| ser.contains(&cvr))
                }
                _ => true,
            }
        };
        kuvert.felter.af_i(vej.sted, rum).filter(move |(nr, _)| ses(*nr))
    }

    fn proev(&self, vej: Vej, proeve: &Proeve, rum: (u32, u32)) -> bool {
        let mut tekster = self.felter(vej, rum).map(|(nr, _)| self.kuvert.felter.tekst(nr));
        match proeve {
            Proeve::Findes => tekster.next().is_some(),
            Proeve::En(vaerdier) => tekster.any(|t| vaerdier.contains(t)),
            Proeve::Ingen(vaerdier) => ingen(tekster, |t| vaerdier.contains(t)),
            Proeve::EnTid(tider) => tekster.any(|t| nanosekunder(t).is_some_and(|t| tider.contains(&t))),
            Proeve::IngenTid(tider) => {
                ingen(tekster, |t| nanosekunder(t).is_some_and(|t| tider.contains(&t)))
            }
            Proeve::Liste { liste, ikke: false } => tekster.any(|t| self.lister.har(self.ejer, *liste, t)),
            Proeve::Liste { liste, ikke: true } => ingen(tekster, |t| self.lister.har(self.ejer, *liste, t)),
            Proeve::Som { moenster, ikke: false } => tekster.any(|t| som(moenster, t)),
            Proeve::Som { moenster, ikke: true } => ingen(tekster, |t| som(moenster, t)),
            Proeve::Tid { tegn, til } => tekster.filter_map(nanosekunder).any(|t| match tegn {
                Tegn::Foer => t < *til,
                Tegn::FoerEllerLig => t <= *til,
                Tegn::Efter => t > *til,
                Tegn::EfterEllerLig => t >= *til,
            }),
        }
    }
}

fn rum(vej: Vej, bundne: &Bindinger) -> (u32, u32) {
    vej.bundet.checked_sub(1).and_then(|i| bundne.get(i)).copied().unwrap_or((0, u32::MAX))
}

/// Whether there is an instance and none satisfies.
fn ingen<'t>(mut tekster: impl Iterator<Item = &'t str>, opfylder: impl Fn(&str) -> bool) -> bool {
    match tekster.next() {
        Some(foerste) => !opfylder(foerste) && !tekster.any(opfylder),
        None => false,
    }
}

/// `LIKE`: `%` is any run of characters, `_` is one.
pub(super) fn som(moenster: &str, tekst: &str) -> bool {
    let (mut m, mut t) = (moenster.chars(), tekst.chars());
    let mut igen = None;
    loop {
        let foer_t = t.clone();
        match (m.next(), t.next()) {
            (Some('%'), _) => {
                igen = Some((m.clone(), foer_t.clone()));
                t = foer_t;
            }
            (None, None) => return true,
            (Some(a), Some(b)) if a == '_' || a == b => {}
            _ => {
                let Some((efter, mut rest)) = igen else { return false };
                if rest.next().is_none() {
                    return false;
                }
                m = efter.clone();
                t = rest.clone();
                igen = Some((efter, rest));
            }
        }
    }
}

/// The form of the text at the end of a path, when it is one.
pub(super) fn form(sted: crate::skema::Sted) -> Option<Form> {
    match skema().knude(sted).element.indhold {
        Indhold::Tekst(form) => Some(form),
        _ => None,
    }
}
