//! fremsoeg: what may be meant is fetched with what it hangs together with, and judged by the one meaning a search has.

use crate::grundlag::Grundlag;
use crate::kald::adgang;
use crate::kandidater::{self, Fundet, Kandidater, haenger_sammen, skridt};
use crate::naboer::{Hvilke, Maengde, for_meget};
use crate::{Svar, adgang as ret, taet};
use adgang::{Adgang, Caller, Operation};
use app::App;
use bitemporal::Instant;
use indeks::kald::{Fremsoeg, Soegesvar, Udtryk};
use indeks::kandidater as plan;
use indeks::model::Forekomst;
use indeks::skema::Art;
use indeks::soeg::{Fundne, Soegning};
use indeks::synlighed::Laeseret;
use indeks::verden::{Navn, Verden};
use oio::ObjektId;
use std::collections::BTreeSet;

/// A search under way: who asks, and what holds for it.
pub(crate) struct Soeger<'a> {
    pub(crate) app: &'a App,
    pub(crate) ret: Laeseret,
    pub(crate) grundlag: Grundlag,
    pub(crate) nu: Instant,
}

/// Answers a search. Who was shown what is in the access log before the answer goes out.
pub(crate) async fn fremsoeg(app: &App, caller: &Caller, f: &Fremsoeg) -> Svar<Soegesvar> {
    let adgang = adgang(app, caller, Operation::FremsoegIndeks, f.indeks).await?;
    let soeger = Soeger::ny(app, &adgang);
    let svar = soeger.svar(f).await;
    let vist: Vec<ObjektId> = svar.iter().flat_map(|svar| &svar.objekter).map(|o| ObjektId(o.uuid)).collect();
    app.log(&adgang, &vist).await;
    svar
}

impl<'a> Soeger<'a> {
    pub(crate) fn ny(app: &'a App, adgang: &Adgang) -> Self {
        Self { app, ret: ret::laeseret(adgang), grundlag: Grundlag::af(app.config()), nu: app.now() }
    }

    async fn svar(&self, f: &Fremsoeg) -> Svar<Soegesvar> {
        let kandidater = self.kandidater(&f.uuider, f.udtryk.as_ref()).await?;
        match alle(&kandidater) {
            Some(numre) => self.svar_af(f, &numre).await,
            None => taet::svar(self, f, &kandidater).await,
        }
    }

    /// The answer, of these candidates.
    pub(crate) async fn svar_af(&self, f: &Fremsoeg, numre: &[i64]) -> Svar<Soegesvar> {
        let mut maengde = self.hent(numre, &f.uuider, f.udtryk.as_ref()).await?;
        let svar = self.doem(&mut maengde, |s| s.svar(f));
        if !self.inkluder(f, &svar, &mut maengde).await? {
            return Ok(svar);
        }
        Ok(self.doem(&mut maengde, |s| s.svar(f)))
    }

    /// What an expression finds of all that the caller sees, and everything it was judged over.
    pub(crate) async fn fundne(&self, navne: &[Navn], udtryk: &Udtryk) -> Svar<(Fundne, Maengde)> {
        let kandidater = self.kandidater(navne, Some(udtryk)).await?;
        let numre = alle(&kandidater).ok_or_else(for_meget)?;
        let mut maengde = self.hent(&numre, navne, Some(udtryk)).await?;
        let fundne = self.doem(&mut maengde, |s| s.udtryk(udtryk));
        Ok((fundne, maengde))
    }

    /// Judges over what was fetched.
    pub(crate) fn doem<T>(&self, maengde: &mut Maengde, hvad: impl FnOnce(&Soegning<'_>) -> T) -> T {
        maengde.med_objekter(|objekter| {
            let verden = Verden::ny(objekter, &self.grundlag.roller, self.nu);
            hvad(&Soegning::af(&verden, Some(&self.ret)))
        })
    }

    /// The candidates. Where one kind has too many, they are found among what the other kind hangs together with, if they must.
    async fn kandidater(&self, navne: &[Navn], udtryk: Option<&Udtryk>) -> Svar<Kandidater> {
        let grundlag = plan::Grundlag { roller: &self.grundlag.roller, cvr: &self.ret.cvr, nu: self.nu };
        let mut kandidater = kandidater::find(self.app, navne, udtryk, grundlag).await?;
        if !haenger_sammen(navne, udtryk) || kandidater.len() < 2 {
            return Ok(kandidater);
        }
        let faa: Vec<i64> = kandidater
            .values()
            .filter_map(|f| if let Fundet::Alle(numre) = f { Some(numre) } else { None })
            .flatten()
            .copied()
            .collect();
        let bundne = kandidater.values().filter(|f| matches!(f, Fundet::Alle(_))).count();
        if bundne == 1 {
            let mut maengde = Maengde::default();
            maengde.numre(self.app, &faa).await?;
            let naboer = maengde.naboer(self.app, &faa, Hvilke::Alle, self.nu).await?;
            for fundet in kandidater.values_mut().filter(|f| matches!(f, Fundet::Flere(_))) {
                *fundet = Fundet::Alle(naboer.clone());
            }
        }
        Ok(kandidater)
    }

    /// Fetches candidates with what decides about them: whether they are found, and whether they are seen.
    pub(crate) async fn hent(&self, numre: &[i64], navne: &[Navn], udtryk: Option<&Udtryk>) -> Svar<Maengde> {
        let mut maengde = Maengde::default();
        let mut kant = maengde.numre(self.app, numre).await?;
        let mut alle = kant.clone();
        for _ in 0..skridt(navne, udtryk) {
            kant = maengde.naboer(self.app, &kant, Hvilke::Alle, self.nu).await?;
            alle.extend(&kant);
        }
        maengde.naboer(self.app, &alle, Hvilke::Synlighed, self.nu).await?;
        self.historik(udtryk, &mut maengde).await?;
        Ok(maengde)
    }

    /// Fetches the earlier registreringer when the search asks about them.
    async fn historik(&self, udtryk: Option<&Udtryk>, maengde: &mut Maengde) -> Svar<()> {
        if udtryk.into_iter().flat_map(Udtryk::kriterier).any(|k| k.registrering.is_some()) {
            maengde.historik(self.app).await?;
        }
        Ok(())
    }

    /// Fetches what is to be shown with the page; whether there was any.
    pub(crate) async fn inkluder(&self, f: &Fremsoeg, svar: &Soegesvar, maengde: &mut Maengde) -> Svar<bool> {
        let hvad: Vec<_> = f.filter.iter().flat_map(|filter| &filter.inkluder).collect();
        if hvad.is_empty() {
            return Ok(false);
        }
        let vist: BTreeSet<Navn> = svar.objekter.iter().map(|o| (o.art, o.uuid)).collect();
        let paa_siden: Vec<i64> =
            maengde.kendte().filter(|k| vist.contains(&k.navn())).map(|k| k.nr).collect();
        let mut nye = maengde.naboer(self.app, &paa_siden, Hvilke::Alle, self.nu).await?;
        let mut navne = BTreeSet::new();
        for kendt in maengde.kendte().filter(|k| vist.contains(&k.navn())) {
            let (afsnit, art) = match kendt.objekt.art {
                Art::Sag => ("Sagsrelation", Art::Sag),
                Art::Dokument => ("Dokumentrelation", Art::Dokument),
                Art::Bevilling | Art::Effektuering => continue,
            };
            let r = kendt.objekt.nyeste().into_iter();
            let peger = r.flat_map(|r| r.indhold.af(afsnit)).filter(|f| f.gaelder(self.nu));
            navne.extend(peger.filter_map(Forekomst::uuid).map(|uuid| (art, uuid)));
        }
        nye.extend(maengde.navne(self.app, navne).await?);
        self.historik(f.udtryk.as_ref(), maengde).await?;
        maengde.naboer(self.app, &nye, Hvilke::Synlighed, self.nu).await?;
        Ok(true)
    }
}

/// The numbers of all candidates; `None` when one kind has too many.
fn alle(kandidater: &Kandidater) -> Option<Vec<i64>> {
    let mut ud = BTreeSet::new();
    for fundet in kandidater.values() {
        let Fundet::Alle(numre) = fundet else { return None };
        ud.extend(numre);
    }
    Some(ud.into_iter().collect())
}
