//! From a registrering to what is stored of it.

use crate::Svar;
use crate::grundlag::Grundlag;
use crate::hent::{intern, lager, nummer};
use adgang::Adgang;
use app::App;
use bitemporal::Instant;
use indeks::besked::{Handling, Omslag};
use indeks::kald::{Retur, UnikRetur};
use indeks::krop;
use indeks::model::{Registrering, Tid};
use indeks::noegler::{Noegle, noegler};
use indeks::regler::{self, Niveau, Proeve};
use indeks::skema::Art;
use indeks::skriveret::Skriver;
use indeks::verden::Navn;
use oio::Cvr;
use std::collections::BTreeSet;
use store::{Indekshaendelse, Indeksnoegle, Indeksskrivning, SKRIVNINGER_MAX};
use uuid::Uuid;

/// How often what lost its guard to another writer is decided anew.
pub(crate) const FORSOEG_MAX: usize = 16;

/// The places of a call, in the rounds they are decided in: kinds in this order, and of several about one object the first first.
pub(crate) fn runder(navne: &[Navn], orden: &[Art]) -> Vec<Vec<usize>> {
    let mut ud = Vec::new();
    for art in orden {
        let mut tilbage: Vec<usize> = (0..navne.len()).filter(|i| navne[*i].0 == *art).collect();
        while !tilbage.is_empty() {
            let mut set = BTreeSet::new();
            let (nu, senere) = tilbage.into_iter().partition(|i| set.insert(navne[*i]));
            ud.push(nu);
            tilbage = senere;
        }
    }
    ud
}

/// The answer to what others change faster than it can be decided.
pub(crate) fn optaget() -> Retur {
    Retur::ny(49, "Objektet ændres af andre lige nu; prøv igen")
}

/// Gives those of a round that have no status the failure that ended it.
pub(crate) fn uden_svar(runde: &[usize], retur: &mut [Option<Retur>], nej: &Retur) {
    for i in runde {
        retur[*i].get_or_insert_with(|| nej.clone());
    }
}

/// One status for each object of a call, in its order; one for all when nothing of it could be done.
pub(crate) fn besvar(
    navne: Vec<Navn>,
    retur: Vec<Option<Retur>>,
    ellers: impl Fn() -> Retur,
) -> Svar<Vec<UnikRetur>> {
    let vores = |r: &Option<Retur>| r.as_ref().is_some_and(|r| r.kode >= 50);
    if let Some(Some(foerste)) = retur.first()
        && retur.iter().all(vores)
    {
        return Err(foerste.clone());
    }
    let en = |(retur, (art, uuid)): (Option<Retur>, Navn)| UnikRetur {
        retur: retur.unwrap_or_else(&ellers),
        art,
        uuid,
    };
    Ok(retur.into_iter().zip(navne).map(en).collect())
}

/// Refuses what breaks a rule that refuses.
pub(crate) fn doem(p: &Proeve<'_>, grundlag: &Grundlag) -> Result<(), Retur> {
    let brud = regler::proev(p, &grundlag.niveauer);
    brud.first().filter(|b| b.niveau == Niveau::Afvis).map_or(Ok(()), |b| Err(b.retur()))
}

fn tid(tid: Option<&Tid>) -> Svar<Instant> {
    tid.map(Tid::instant).ok_or_else(|| intern("en registrering er uden tid"))
}

fn til_lageret(noegler: Vec<Noegle>) -> impl Iterator<Item = Indeksnoegle> {
    noegler.into_iter().map(|n| Indeksnoegle { felt: n.felt.0, vaerdi: n.vaerdi, fra: n.fra, til: n.til })
}

/// What is told of what happened to an object; of documents nothing is.
pub(crate) fn haendelse(art: Art, omslag: &Omslag, handling: Handling) -> Option<Indekshaendelse> {
    if art == Art::Dokument {
        return None;
    }
    Some(Indekshaendelse { objekttype: art.typ().navn, handling: handling.navn(), omslag: omslag.pak() })
}

/// An object to be stored: its registreringer, oldest first, and what it was before.
pub(crate) struct Nyt<'r> {
    pub(crate) art: Art,
    pub(crate) uuid: Uuid,
    pub(crate) ejer: Cvr,
    /// The guard: the Tidspunkt of the registrering it was decided from.
    pub(crate) foer: Option<Instant>,
    pub(crate) registreringer: &'r [Registrering],
    pub(crate) haendelse: Option<Handling>,
}

impl Nyt<'_> {
    pub(crate) fn skrivning(&self, grundlag: &Grundlag) -> Svar<Indeksskrivning> {
        let Some((nyeste, tidligere)) = self.registreringer.split_last() else {
            return Err(intern("der er ingen registrering"));
        };
        let af = |r: &Registrering| til_lageret(noegler(self.art, r, &grundlag.roller));
        let pakket = |r: &Registrering| Ok((tid(r.tidspunkt.as_ref())?, krop::pak(self.art, r)));
        Ok(Indeksskrivning {
            art: nummer(self.art),
            id: self.uuid,
            ejer: self.ejer,
            foer: self.foer,
            tidspunkt: tid(nyeste.tidspunkt.as_ref())?,
            sts: tid(nyeste.sts_tidspunkt.as_ref())?,
            krop: krop::pak(self.art, nyeste),
            tidligere: tidligere.iter().map(pakket).collect::<Svar<_>>()?,
            noegler: af(nyeste).collect(),
            tidligere_noegler: tidligere.iter().flat_map(af).collect(),
            haendelse: self.haendelse.and_then(|handling| {
                haendelse(self.art, &Omslag::af(self.art, nyeste, &grundlag.roller), handling)
            }),
        })
    }
}

/// What objects that come are judged by: importer, opdater and the take-on of files alike.
pub(crate) struct Dommer<'a> {
    pub(crate) skriver: &'a Skriver,
    pub(crate) grundlag: &'a Grundlag,
    pub(crate) ejer: Cvr,
    pub(crate) nu: Instant,
}

/// Stores each for itself; which of them were stored.
pub(crate) async fn gem(
    app: &App,
    adgang: &Adgang,
    nu: Instant,
    mut skrivninger: Vec<Indeksskrivning>,
) -> Svar<Vec<bool>> {
    let mut gemt = Vec::with_capacity(skrivninger.len());
    while !skrivninger.is_empty() {
        let rest = skrivninger.split_off(skrivninger.len().min(SKRIVNINGER_MAX));
        gemt.extend(app.store().indeks_skriv(adgang, nu, skrivninger).await.map_err(lager)?);
        skrivninger = rest;
    }
    Ok(gemt)
}

#[cfg(test)]
mod tests {
    use super::runder;
    use indeks::skema::Art::{Dokument, Sag};
    use uuid::Uuid;

    #[test]
    fn documents_come_first_and_an_object_once_a_round() {
        let navn = |art, n| (art, Uuid::from_u128(n));
        let navne = [navn(Sag, 1), navn(Dokument, 2), navn(Sag, 1), navn(Dokument, 1), navn(Sag, 3)];
        let runder = runder(&navne, &[Dokument, Sag]);
        assert_eq!(runder, [vec![1, 3], vec![0, 4], vec![2]]);
    }
}
