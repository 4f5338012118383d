//! fjern: objects with all their history, and what goes with them.

use crate::fremsoeg::Soeger;
use crate::grundlag::Grundlag;
use crate::hent::{Kendt, lager, nummer};
use crate::kald::{adgang, indeks_af};
use crate::naboer::{BETALT, Maengde};
use crate::opdater::ukendt;
use crate::skriv::{FORSOEG_MAX, haendelse, optaget};
use crate::{Svar, adgang as ret};
use adgang::{Adgang, Caller, Operation};
use app::App;
use bitemporal::{Instant, Period};
use indeks::besked::{Handling, Omslag, betalings_foelsomhed, bevillinger};
use indeks::fjernelse::{FUNDNE_MAX, fjern_sager, fjern_ydelse};
use indeks::kald::{FjernSager, Indeks, UnikRetur};
use indeks::model::{Forekomst, Registrering};
use indeks::noegler::{Felt, uuid_vaerdi};
use indeks::skema::Art;
use indeks::skriveret::Skriver;
use indeks::soeg::Fundne;
use indeks::verden::{Navn, Verden};
use std::collections::{BTreeSet, HashMap};
use store::{Indeksfjernelse, Indeksvej, StoreFejl};
use uuid::Uuid;

/// The order kinds are removed in: what goes along first, so that a call that is cut off can be made again.
const ORDEN: [Art; 4] = [Art::Effektuering, Art::Bevilling, Art::Dokument, Art::Sag];
/// Objects that may refer to what is removed.
const HENVISENDE_MAX: u64 = 50_001;

struct Fjerner<'a> {
    app: &'a App,
    adgang: Adgang,
    skriver: Skriver,
    grundlag: Grundlag,
    nu: Instant,
}

impl<'a> Fjerner<'a> {
    async fn ny(app: &'a App, caller: &Caller, indeks: Indeks) -> Svar<Self> {
        let adgang = adgang(app, caller, Operation::Fjern, indeks).await?;
        Ok(Self {
            app,
            skriver: ret::skriver(&adgang, caller.berettiget()),
            grundlag: Grundlag::af(app.config()),
            nu: app.now(),
            adgang,
        })
    }

    /// What is decided over what was fetched.
    fn doem<T>(&self, maengde: &mut Maengde, hvad: impl FnOnce(&Verden<'_>) -> T) -> T {
        maengde.med_objekter(|objekter| hvad(&Verden::ny(objekter, &self.grundlag.roller, self.nu)))
    }

    /// Adds whatever refers, or has referred, to one of these by the relation.
    async fn henvisende(
        &self,
        maengde: &mut Maengde,
        art: Art,
        afsnit: &'static str,
        til: &BTreeSet<Uuid>,
    ) -> Svar<()> {
        let Some(felt) = Felt::reference(art, afsnit) else { return Ok(()) };
        let vej = |uuid: &Uuid| Indeksvej::Noegle {
            felt: felt.0,
            vaerdi: uuid_vaerdi(*uuid),
            begynder: false,
            periode: Period::ALWAYS,
            tidligere: false,
        };
        let veje: Vec<Indeksvej> = til.iter().map(vej).collect();
        for stykke in veje.chunks(200) {
            let store = self.app.store();
            let numre = store.indeks_kandidater(nummer(art), stykke, HENVISENDE_MAX).await.map_err(lager)?;
            maengde.numre(self.app, &numre).await?;
        }
        Ok(())
    }

    /// Removes what was decided; `false` when somebody changed some of it first. What goes along goes first.
    async fn fjern(&self, maengde: &Maengde, navne: &BTreeSet<Navn>) -> Svar<bool> {
        let mut fjernelser = Vec::new();
        let kendte = maengde.kendte().filter(|k| k.objekt.art == Art::Bevilling);
        let bevillinger = kendte.filter_map(|k| Some((k.navn().1, k.objekt.nyeste()?))).collect();
        for art in ORDEN {
            let deres = maengde.kendte().filter(|k| k.objekt.art == art && navne.contains(&k.navn()));
            fjernelser.extend(deres.map(|k| self.fjernelse(k, &bevillinger)));
        }
        for stykke in fjernelser.chunks(FUNDNE_MAX) {
            match self.app.store().indeks_fjern(&self.adgang, self.nu, stykke.to_vec()).await {
                Ok(()) => {}
                Err(StoreFejl::Tabt(_)) => return Ok(false),
                Err(andet) => return Err(lager(andet)),
            }
        }
        Ok(true)
    }

    fn fjernelse(&self, kendt: &Kendt, bevillinger: &HashMap<Uuid, &Registrering>) -> Indeksfjernelse {
        let (art, uuid) = kendt.navn();
        let omslag = kendt.objekt.nyeste().map(|r| {
            let omslag = Omslag::af(art, r, &self.grundlag.roller);
            // Its grants may be gone when it is told of.
            let deres = || betalings_foelsomhed(r, |uuid| bevillinger.get(&uuid).copied());
            Omslag { foelsomhed: omslag.foelsomhed.or_else(deres), ..omslag }
        });
        Indeksfjernelse {
            art: nummer(art),
            id: uuid,
            tidspunkt: kendt.tidspunkt,
            haendelse: omslag.and_then(|omslag| haendelse(art, &omslag, Handling::Slettet)),
        }
    }

    /// The cases named and what the expression finds, with all that decides what goes along.
    async fn omkring(&self, kald: &FjernSager) -> Svar<(Fundne, Maengde)> {
        let (mut fundne, mut maengde) = (Fundne::new(), Maengde::default());
        if let Some(udtryk) = &kald.udtryk {
            let soeger = Soeger::ny(self.app, &self.adgang);
            let (fundet, set) = soeger.fundne(&[], udtryk).await?;
            let navne = fundet.iter().flat_map(|(art, uuider)| uuider.iter().map(|u| (*art, *u)));
            // One more than may be removed tells as much as all of them.
            let numre: BTreeSet<Navn> = navne.take(FUNDNE_MAX + 1).collect();
            let numre: Vec<i64> = set.kendte().filter(|k| numre.contains(&k.navn())).map(|k| k.nr).collect();
            maengde.numre(self.app, &numre).await?;
            fundne = fundet;
        }
        maengde.navne(self.app, kald.sager.iter().map(|u| (Art::Sag, *u)).collect()).await?;
        // Another authority's object is not there for this caller, unless it was found: a document may be seen by one's own case.
        let fundet = |(art, uuid): Navn| fundne.get(&art).is_some_and(|uuider| uuider.contains(&uuid));
        maengde.behold(|k| k.ejer == self.adgang.myndighed || fundet(k.navn()));
        let uuider = |maengde: &Maengde, art: Art| -> BTreeSet<Uuid> {
            maengde.kendte().map(Kendt::navn).filter(|(a, _)| *a == art).map(|(_, u)| u).collect()
        };
        let sager = uuider(&maengde, Art::Sag);
        if !kald.efterlad_dokumenter {
            let poster = maengde.kendte().filter_map(|k| k.objekt.nyeste());
            let poster = poster.flat_map(|r| r.indhold.af("Journalpost")).filter_map(Forekomst::uuid);
            let dokumenter: BTreeSet<Uuid> = poster.collect();
            maengde.navne(self.app, dokumenter.iter().map(|u| (Art::Dokument, *u)).collect()).await?;
            self.henvisende(&mut maengde, Art::Sag, "Journalpost", &dokumenter).await?;
        }
        if kald.fjern_ydelser {
            self.henvisende(&mut maengde, Art::Bevilling, "Bevillingssag", &sager).await?;
            let bevillinger = uuider(&maengde, Art::Bevilling);
            self.henvisende(&mut maengde, Art::Effektuering, BETALT, &bevillinger).await?;
        }
        Ok((fundne, maengde))
    }
}

/// Removes cases, and what an expression finds. One status for each object removed, and for each that was named and was not.
pub(crate) async fn sager(app: &App, caller: &Caller, kald: &FjernSager) -> Svar<Vec<UnikRetur>> {
    let fjerner = Fjerner::ny(app, caller, Indeks::SagDokument).await?;
    for _ in 0..FORSOEG_MAX {
        let (fundne, mut maengde) = fjerner.omkring(kald).await?;
        let fjernet = fjerner.doem(&mut maengde, |v| fjern_sager(v, &fjerner.skriver, kald, &fundne))?;
        if fjerner.fjern(&maengde, &fjernet.objekter).await? {
            let afviste = ret::afviste(fjernet.retur.iter().map(|r| &r.retur));
            ret::log_afviste(app, &fjerner.adgang, afviste).await;
            return Ok(fjernet.retur);
        }
    }
    Err(optaget())
}

/// Removes a grant with its payments, or a payment.
pub(crate) async fn ydelse(app: &App, caller: &Caller, navn: Navn) -> Svar<()> {
    let fjerner = Fjerner::ny(app, caller, indeks_af(navn.0)).await?;
    for _ in 0..FORSOEG_MAX {
        let mut maengde = Maengde::default();
        maengde.navne(app, BTreeSet::from([navn])).await?;
        maengde.behold(|k| k.ejer == fjerner.adgang.myndighed);
        if !maengde.har(navn) {
            return Err(ukendt());
        }
        if navn.0 == Art::Bevilling {
            fjerner.henvisende(&mut maengde, Art::Effektuering, BETALT, &BTreeSet::from([navn.1])).await?;
        }
        if navn.0 == Art::Effektuering {
            let betalinger = maengde.kendte().filter_map(|k| k.objekt.nyeste());
            let deres: BTreeSet<Navn> =
                betalinger.flat_map(bevillinger).map(|uuid| (Art::Bevilling, uuid)).collect();
            maengde.navne(app, deres).await?;
            maengde.behold(|k| k.ejer == fjerner.adgang.myndighed);
        }
        let gaaet = fjerner.doem(&mut maengde, |v| fjern_ydelse(v, &fjerner.skriver, navn));
        if let Err(retur) = &gaaet {
            ret::log_afviste(app, &fjerner.adgang, ret::afviste(std::iter::once(retur))).await;
        }
        if fjerner.fjern(&maengde, &gaaet?).await? {
            return Ok(());
        }
    }
    Err(optaget())
}
