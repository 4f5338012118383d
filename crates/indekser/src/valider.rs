//! The same calls judged by every rule and stored nowhere: what a supplier tries messages against.
//!
//! Without a caller nothing stored is read: an import is judged whole, an update by what was sent of it.

use crate::Svar;
use crate::adgang as ret;
use crate::grundlag::Grundlag;
use crate::hent::{self, Kendt};
use crate::importer::{indhold, tider};
use crate::kald::adgang;
use crate::opdater::{for_sent, ukendt};
use crate::opslag::{Kendskab, Om};
use adgang::{Adgang, Caller, Operation};
use app::App;
use bitemporal::Instant;
use indeks::flet::{self, Opdateret};
use indeks::kald::{Import, Kald, Opdatering, Retur, UnikRetur};
use indeks::model::{Indhold, Registrering};
use indeks::regler::{self, Brud, IntetOpslag, Opslag, Proeve};
use indeks::skriveret::{Forbudt, Skriver};
use indeks::verden::Navn;

/// Breaches one call is told of at most.
const BRUD_MAX: usize = 10_000;

/// Who validates, when somebody does.
struct Kalder {
    adgang: Adgang,
    skriver: Skriver,
}

struct Validerer<'a> {
    app: &'a App,
    grundlag: Grundlag,
    nu: Instant,
    kalder: Option<Kalder>,
}

/// Every breach, one status for each, and 20 for what has none; by object, in the order of the call.
pub(crate) async fn valider(app: &App, caller: Option<&Caller>, kald: &Kald) -> Svar<Vec<UnikRetur>> {
    let (operation, indeks) = match kald {
        Kald::Importer(indeks, _) => (Operation::Importer, *indeks),
        Kald::Opdater(indeks, _) => (Operation::Opdater, *indeks),
        _ => return Err(Retur::ny(40, "Kun importer og opdater kan valideres")),
    };
    let kalder = match caller {
        None => None,
        Some(caller) => {
            let adgang = adgang(app, caller, operation, indeks).await?;
            Some(Kalder { skriver: ret::skriver(&adgang, caller.berettiget()), adgang })
        }
    };
    let grundlag = Grundlag::af(app.config()).skaerpet();
    let validerer = Validerer { app, grundlag, nu: app.now(), kalder };
    let mut retur = match kald {
        Kald::Importer(_, import) => validerer.importer(import).await?,
        Kald::Opdater(_, opdateringer) => validerer.opdater(opdateringer).await?,
        _ => Vec::new(),
    };
    retur.truncate(BRUD_MAX);
    Ok(retur)
}

/// One status for each breach, or that there is none.
fn besvar((art, uuid): Navn, brud: Vec<Retur>) -> Vec<UnikRetur> {
    let brud = if brud.is_empty() { vec![Retur::ok()] } else { brud };
    brud.into_iter().map(|retur| UnikRetur { retur, art, uuid }).collect()
}

fn retur(brud: Vec<Brud>) -> impl Iterator<Item = Retur> {
    brud.into_iter().map(|b| b.retur())
}

impl Validerer<'_> {
    async fn importer(&self, import: &[Import]) -> Svar<Vec<UnikRetur>> {
        let om: Vec<(Navn, &Indhold)> = import.iter().flat_map(|i| indhold(&i.objekt)).collect();
        let mut kendskab = Kendskab::default();
        let mut findes = Vec::new();
        if let Some(kalder) = &self.kalder {
            let ejer = kalder.adgang.myndighed;
            kendskab = Kendskab::om(self.app, &self.grundlag, ejer, &om, self.nu).await?;
            let navne: Vec<Navn> = om.iter().map(|(navn, _)| *navn).collect();
            findes = hent::navngivne(self.app, &navne).await?.iter().map(Kendt::navn).collect();
        }
        // What others point to comes with them in the call.
        for (navn, indhold) in &om {
            kendskab.kender(*navn, Some(indhold));
        }
        let mut ud = Vec::new();
        for Import { objekt, .. } in import {
            let navn = (objekt.art, objekt.uuid);
            let mut brud: Vec<Retur> = tider(objekt).err().into_iter().collect();
            let kendt = Om { kendskab: &kendskab, uuid: objekt.uuid };
            for r in &objekt.registreringer {
                let mut opslag: &dyn Opslag = &kendt;
                if let Some(kalder) = &self.kalder
                    && let Err(nej) = kalder.skriver.maa_importere(objekt.art, r, &self.grundlag.roller)
                {
                    // Nobody is told what keys another authority's objects have.
                    if nej == Forbudt::Ejer {
                        opslag = &IntetOpslag;
                    }
                    brud.push(nej.retur());
                }
                let proeve = Proeve::import(objekt.art, r, &self.grundlag.roller, opslag, self.nu);
                brud.extend(retur(regler::proev(&proeve, &self.grundlag.niveauer)));
            }
            if findes.contains(&navn) {
                brud.push(Retur::ny(49, "Objektet findes allerede"));
            }
            ud.extend(besvar(navn, brud));
        }
        Ok(ud)
    }

    async fn opdater(&self, opdateringer: &[Opdatering]) -> Svar<Vec<UnikRetur>> {
        let mut ud = Vec::new();
        let Some(kalder) = &self.kalder else {
            for o in opdateringer {
                ud.extend(besvar((o.art, o.uuid), self.sendt(o)));
            }
            return Ok(ud);
        };
        let om: Vec<(Navn, &Indhold)> = opdateringer.iter().map(|o| ((o.art, o.uuid), &o.indhold)).collect();
        let ejer = kalder.adgang.myndighed;
        let kendskab = Kendskab::om(self.app, &self.grundlag, ejer, &om, self.nu).await?;
        let navne: Vec<Navn> = om.iter().map(|(navn, _)| *navn).collect();
        let mut kendte = hent::navngivne(self.app, &navne).await?;
        kendte.retain(|k| k.ejer == ejer);
        let mut alle: Vec<&mut Kendt> = kendte.iter_mut().collect();
        hent::med_historik(self.app, &mut alle).await?;
        for o in opdateringer {
            let kendt = kendte.iter().find(|k| k.navn() == (o.art, o.uuid));
            ud.extend(besvar((o.art, o.uuid), self.aendring(kalder, o, kendt, &kendskab)));
        }
        Ok(ud)
    }

    /// The breaches of an update of a known object.
    fn aendring(
        &self,
        kalder: &Kalder,
        opdatering: &Opdatering,
        kendt: Option<&Kendt>,
        kendskab: &Kendskab,
    ) -> Vec<Retur> {
        let roller = &self.grundlag.roller;
        let Some((kendt, foer)) = kendt.and_then(|k| Some((k, k.objekt.nyeste()?))) else {
            return vec![ukendt()];
        };
        // Whoever may not change the object is told nothing of what it holds.
        if let Err(nej) = kalder.skriver.maa_aendre(opdatering.art, foer, None, roller) {
            return vec![nej.retur()];
        }
        let ny = match flet::opdater(&kendt.objekt.registreringer, opdatering, self.nu) {
            Opdateret::Ny(ny) => *ny,
            Opdateret::Gentaget => return Vec::new(),
            Opdateret::ForSent => return vec![for_sent(foer.tidspunkt.as_ref())],
        };
        let maa = kalder.skriver.maa_aendre(opdatering.art, foer, Some(&ny), roller);
        let opslag = Om { kendskab, uuid: opdatering.uuid };
        let proeve = Proeve::opdatering(foer, opdatering, &ny, roller, &opslag, self.nu);
        let brud = retur(regler::proev(&proeve, &self.grundlag.niveauer));
        maa.err().map(|f| f.retur()).into_iter().chain(brud).collect()
    }

    /// The breaches of an update by what was sent alone: nothing is said of what is missing, as that may be known.
    fn sendt(&self, opdatering: &Opdatering) -> Vec<Retur> {
        let efter = Registrering {
            tidspunkt: Some(opdatering.tidspunkt.clone()),
            indhold: opdatering.indhold.clone(),
            ..Registrering::default()
        };
        let roller = &self.grundlag.roller;
        let proeve = Proeve::opdatering(&efter, opdatering, &efter, roller, &IntetOpslag, self.nu);
        let alle = regler::proev(&proeve, &self.grundlag.niveauer);
        retur(alle.into_iter().filter(|b| b.sti.ends_with(']')).collect()).collect()
    }
}
