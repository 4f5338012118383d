//! soeg: objects that hold what a template says.

use crate::tilfoej::Stand;
use adgang::{Adgang, Caller, Operation};
use app::{App, fejl};
use bitemporal::Instant;
use oio::catalog::ObjektType;
use oio::model::{Livscyklus, Registrering};
use oio::operation::Skabelon;
use oio::soegning::{self, Betingelse, Moenster, Plan};
use oio::{Fejl, ObjektId, krop};
use std::collections::BTreeSet;
use store::{Livsfilter, Soegning};

/// How many candidates are decoded at a time when the search keys alone do not decide.
const CANDIDATES: u64 = 256;

/// Searches. Results come in UUID order, so that paging through an unchanged register is complete.
///
/// # Errors
/// `Ugyldig` for a negative offset or page size, `Afvist` when the template asks about a field the agreement does
/// not open, `Intern`. No hits is an empty list.
pub async fn soeg(
    app: &App,
    caller: &Caller,
    typ: &'static ObjektType,
    skabelon: Skabelon,
    foerste: Option<i64>,
    antal: Option<i64>,
) -> Result<Vec<ObjektId>, Fejl> {
    let adgang = app.authorize(caller, Operation::Soeg, typ).await?;
    let side = Side::new(foerste, antal, app.config().soeg_max)?;
    let fundne = find(app, &adgang, typ, &skabelon, &[], side).await?;
    app.log(&adgang, &fundne).await;
    Ok(fundne)
}

/// One page of results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side {
    pub foerste: u64,
    pub antal: u64,
}

impl Side {
    /// The page a caller asks for; a larger page than `max` becomes `max`.
    pub(crate) fn new(foerste: Option<i64>, antal: Option<i64>, max: usize) -> Result<Self, Fejl> {
        let foerste = u64::try_from(foerste.unwrap_or(0))
            .map_err(|_| Fejl::ugyldig("FoersteResultatReference", "må ikke være negativ"))?;
        let antal = match antal {
            None => max as u64,
            Some(antal) => u64::try_from(antal)
                .map_err(|_| Fejl::ugyldig("MaksimalAntalKvantitet", "må ikke være negativ"))?
                .min(max as u64),
        };
        Ok(Self { foerste, antal })
    }

    /// Everything, for the searches we do ourselves.
    pub(crate) const ALT: Self = Self { foerste: 0, antal: i64::MAX as u64 };
}

/// Searches under an access already granted. `ekstra` are further conditions that every result must meet.
pub(crate) async fn find(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    skabelon: &Skabelon,
    ekstra: &[store::Betingelse],
    side: Side,
) -> Result<Vec<ObjektId>, Fejl> {
    refuse_protected(adgang, typ, skabelon)?;
    let nu = app.now();
    soegning::check(skabelon, nu)?;
    if skabelon.registrering.til.is_some_and(|til| til < nu) {
        return som_dengang(app, adgang, typ, skabelon, side, nu).await;
    }
    let soegning = Kandidater { app, adgang, typ, skabelon, nu };
    let plan = soegning::plan(typ, skabelon, nu);
    let livscyklus = match skabelon.registrering.livscyklus {
        None => Livsfilter::Levende,
        Some(kode) => Livsfilter::Kode(kode),
    };
    let har_noegler = skabelon.registrering.livscyklus.is_none_or(Livscyklus::is_live);
    match plan {
        // Objects out of use have no search keys: every one of them is a candidate.
        _ if !har_noegler => soegning.efterproev(vec![soegning.grund(livscyklus, Vec::new())], side).await,
        Plan { alternativer, exact } => {
            let soegninger: Vec<Soegning> = alternativer
                .into_iter()
                .map(|a| {
                    let egne = a.into_iter().map(betingelse);
                    soegning.grund(livscyklus, egne.chain(ekstra.iter().cloned()).collect())
                })
                .collect();
            match soegninger.as_slice() {
                [en] if exact => {
                    let en = Soegning { foerste: side.foerste, antal: side.antal, ..en.clone() };
                    app.store().find(adgang, &en).await.map_err(fejl)
                }
                _ if exact => soegning.forenet(soegninger, side).await,
                _ => soegning.efterproev(soegninger, side).await,
            }
        }
    }
}

/// A search may not tell what a read would hide.
fn refuse_protected(adgang: &Adgang, typ: &ObjektType, skabelon: &Skabelon) -> Result<(), Fejl> {
    for (navn, _) in skabelon.egenskaber.iter().flat_map(|e| &e.felter) {
        let beskyttelse = typ.field(*navn).and_then(|f| f.beskyttelse);
        if beskyttelse.is_some_and(|b| !adgang.kan_se(b)) {
            let navn = navn.as_str();
            return Err(Fejl::Afvist(format!(
                "serviceaftalen åbner ikke for {navn}, så der kan ikke søges på det"
            )));
        }
    }
    Ok(())
}

pub(crate) fn betingelse(b: Betingelse) -> store::Betingelse {
    store::Betingelse {
        felt: b.felt.0,
        moenster: match b.moenster {
            Moenster::Lig(v) => store::Moenster::Lig(v),
            Moenster::Praefiks(v) => store::Moenster::Praefiks(v),
            Moenster::Jokertegn(v) => store::Moenster::Jokertegn(v),
        },
        fra: b.fra.micros(),
        til: b.til.micros(),
    }
}

struct Kandidater<'a> {
    app: &'a App,
    adgang: &'a Adgang,
    typ: &'static ObjektType,
    skabelon: &'a Skabelon,
    nu: Instant,
}

impl Kandidater<'_> {
    /// The search with these conditions and nothing skipped.
    fn grund(&self, livscyklus: Livsfilter, betingelser: Vec<store::Betingelse>) -> Soegning {
        Soegning {
            objekttype: self.typ.name,
            betingelser,
            livscyklus,
            aendret_fra: self.skabelon.registrering.fra,
            ejer: self.skabelon.ejer,
            efter: None,
            foerste: 0,
            antal: CANDIDATES,
        }
    }

    /// The union of exact searches.
    async fn forenet(&self, soegninger: Vec<Soegning>, side: Side) -> Result<Vec<ObjektId>, Fejl> {
        let mut alle = BTreeSet::new();
        let antal = side.foerste.saturating_add(side.antal);
        for soegning in soegninger {
            let en = Soegning { antal, ..soegning };
            alle.extend(self.app.store().find(self.adgang, &en).await.map_err(fejl)?);
        }
        Ok(udsnit(alle.into_iter(), side))
    }

    /// Reads the candidates and asks the template about each.
    async fn efterproev(&self, soegninger: Vec<Soegning>, side: Side) -> Result<Vec<ObjektId>, Fejl> {
        let mut alle = BTreeSet::new();
        let nok = side.foerste.saturating_add(side.antal) as usize;
        for mut soegning in soegninger {
            let mut fundne = 0;
            loop {
                let kandidater = self.app.store().find(self.adgang, &soegning).await.map_err(fejl)?;
                for gemt in
                    self.app.store().load_many(self.adgang, self.typ.name, &kandidater).await.map_err(fejl)?
                {
                    let stand = Stand::of(&gemt)?;
                    if soegning::matches(self.typ, self.skabelon, &stand.registrering, self.nu) {
                        alle.insert(gemt.objekt);
                        fundne += 1;
                    }
                }
                if (kandidater.len() as u64) < CANDIDATES || fundne >= nok {
                    break;
                }
                soegning.efter = kandidater.last().copied();
            }
        }
        Ok(udsnit(alle.into_iter(), side))
    }
}

fn udsnit(ids: impl Iterator<Item = ObjektId>, side: Side) -> Vec<ObjektId> {
    ids.skip(side.foerste as usize).take(side.antal as usize).collect()
}

/// A search at an earlier registration time: search keys tell only of now, so every object's history is read.
///
/// Linear in the objects of this type that the caller sees; meant for audit, not for daily use.
async fn som_dengang(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    skabelon: &Skabelon,
    side: Side,
    nu: Instant,
) -> Result<Vec<ObjektId>, Fejl> {
    let til = skabelon.registrering.til.unwrap_or(nu);
    let mut alle = BTreeSet::new();
    for kode in Livscyklus::ALL {
        let kandidater = Kandidater { app, adgang, typ, skabelon, nu };
        let mut soegning = kandidater.grund(Livsfilter::Kode(kode), Vec::new());
        loop {
            let ids = app.store().find(adgang, &soegning).await.map_err(fejl)?;
            for objekt in &ids {
                if dengang(app, adgang, typ, *objekt, til).await?.is_some_and(|r| {
                    skabelon.registrering.fra.is_none_or(|fra| r.tidspunkt >= fra)
                        && (skabelon.registrering.livscyklus.is_some() || r.livscyklus.is_live())
                        && soegning::matches(typ, skabelon, &r, nu)
                }) {
                    alle.insert(*objekt);
                }
            }
            if (ids.len() as u64) < CANDIDATES {
                break;
            }
            soegning.efter = ids.last().copied();
        }
    }
    Ok(udsnit(alle.into_iter(), side))
}

/// The registrering of an object that was current at `til`.
async fn dengang(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    objekt: ObjektId,
    til: Instant,
) -> Result<Option<Registrering>, Fejl> {
    let Some((_, kroppe)) = app.store().history(adgang, typ.name, objekt).await.map_err(fejl)? else {
        return Ok(None);
    };
    for krop in kroppe.iter().rev() {
        let registrering = krop::decode(krop).map_err(Fejl::intern)?;
        if registrering.tidspunkt <= til {
            return Ok(Some(registrering));
        }
    }
    Ok(None)
}
