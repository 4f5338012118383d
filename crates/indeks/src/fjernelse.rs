//! What a removal takes with it, over plain values: the judge of what the store removes.

use crate::kald::{FjernSager, Retur, UnikRetur};
use crate::model::{Forekomst, Objekt};
use crate::skema::Art;
use crate::skriveret::Skriver;
use crate::soeg::Fundne;
use crate::verden::{Navn, Verden, bevilling_af};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Objects one expression may remove.
pub const FUNDNE_MAX: usize = 10_000;

/// What becomes of a removal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fjernet {
    /// One status for each object removed, and for each that was named and was not.
    pub retur: Vec<UnikRetur>,
    /// What is gone.
    pub objekter: BTreeSet<Navn>,
}

impl Fjernet {
    fn uden(&mut self, (art, uuid): Navn, retur: Retur) {
        self.retur.push(UnikRetur { retur, art, uuid });
    }

    fn med(&mut self, navn: Navn) {
        if self.objekter.insert(navn) {
            self.uden(navn, Retur::ok());
        }
    }
}

/// Every object an object of this kind points to, whenever.
fn peger(objekt: &Objekt, afsnit: &str) -> BTreeSet<Uuid> {
    let indhold = objekt.nyeste().map(|r| &r.indhold);
    let alle = indhold.into_iter().flat_map(|i| &i.forekomster).filter(|f| f.afsnit.navn() == afsnit);
    alle.filter_map(|f| if objekt.art == Art::Effektuering { bevilling_af(f) } else { Forekomst::uuid(f) })
        .collect()
}

const BETALT: &str = "OekonomiskYdelseEffektueringRelation";

/// One removal by one caller.
struct Fjerner<'v> {
    verden: &'v Verden<'v>,
    skriver: &'v Skriver,
}

impl<'v> Fjerner<'v> {
    fn maa(&self, objekt: &Objekt) -> Result<(), Retur> {
        let kendt = objekt.nyeste().ok_or_else(ukendt)?;
        self.skriver.maa_aendre(objekt.art, kendt, None, self.verden.roller).map_err(|f| f.retur())
    }

    /// The objects of a kind that point to something of what is gone, and to nothing else, and that the caller may remove.
    fn forladte(&self, art: Art, afsnit: &'static str, gaaede: &BTreeSet<Uuid>) -> Vec<Navn> {
        let forladt = |o: &&Objekt| {
            let maal = peger(o, afsnit);
            !maal.is_disjoint(gaaede) && maal.is_subset(gaaede) && self.maa(o).is_ok()
        };
        self.verden.af(art).filter(forladt).map(|o| (art, o.uuid)).collect()
    }

    /// Documents that only cases that are gone refer to.
    fn dokumenter(&self, fjernet: &Fjernet) -> Vec<Navn> {
        let gaaet = |o: &&Objekt| fjernet.objekter.contains(&(Art::Sag, o.uuid));
        let henviste = |gaaede: bool| -> BTreeSet<Uuid> {
            let sager = self.verden.af(Art::Sag).filter(|o| gaaet(o) == gaaede);
            sager.flat_map(|s| peger(s, "Journalpost")).collect()
        };
        let (kun, ogsaa) = (henviste(true), henviste(false));
        let forladt = |d: &&Objekt| kun.contains(&d.uuid) && !ogsaa.contains(&d.uuid) && self.maa(d).is_ok();
        self.verden.af(Art::Dokument).filter(forladt).map(|d| (Art::Dokument, d.uuid)).collect()
    }
}

fn ukendt() -> Retur {
    Retur::ny(44, "Objektet findes ikke")
}

/// `fjern` of the Sags- og Dokumentindeks. `fundne` is what its expression finds among what the caller sees.
///
/// # Errors
/// The status of the whole call, when its expression finds too much or what is not the caller's to remove.
pub fn fjern_sager<'v>(
    verden: &'v Verden<'v>,
    skriver: &'v Skriver,
    kald: &FjernSager,
    fundne: &Fundne,
) -> Result<Fjernet, Retur> {
    let fjerner = Fjerner { verden, skriver };
    let mut fjernet = Fjernet::default();
    let fundne: Vec<Navn> = fundne.iter().flat_map(|(art, u)| u.iter().map(|u| (*art, *u))).collect();
    if fundne.len() > FUNDNE_MAX {
        let tekst = format!("SoegUdtryk finder over {FUNDNE_MAX} objekter; gør det snævrere");
        return Err(Retur { detalje: Some(tekst), ..Retur::ny(40, "Ugyldigt input") });
    }
    if fundne.iter().filter_map(|n| verden.find(*n)).any(|o| fjerner.maa(o).is_err()) {
        let tekst = "SoegUdtryk finder objekter, der har en anden Master; gør det snævrere";
        return Err(Retur { detalje: Some(tekst.to_owned()), ..Retur::ny(40, "Ugyldigt input") });
    }
    for uuid in &kald.sager {
        let navn = (Art::Sag, *uuid);
        match verden.find(navn).map(|sag| fjerner.maa(sag)) {
            None => fjernet.uden(navn, ukendt()),
            Some(Err(retur)) => fjernet.uden(navn, retur),
            Some(Ok(())) => fjernet.med(navn),
        }
    }
    fundne.into_iter().for_each(|navn| fjernet.med(navn));
    if !kald.efterlad_dokumenter {
        fjerner.dokumenter(&fjernet).into_iter().for_each(|navn| fjernet.med(navn));
    }
    if kald.fjern_ydelser {
        let af = |fjernet: &Fjernet, art: Art| -> BTreeSet<Uuid> {
            fjernet.objekter.iter().filter(|(a, _)| *a == art).map(|(_, u)| *u).collect()
        };
        let sager = af(&fjernet, Art::Sag);
        fjerner.forladte(Art::Bevilling, "Bevillingssag", &sager).into_iter().for_each(|n| fjernet.med(n));
        let bevillinger = af(&fjernet, Art::Bevilling);
        fjerner.forladte(Art::Effektuering, BETALT, &bevillinger).into_iter().for_each(|n| fjernet.med(n));
    }
    Ok(fjernet)
}

/// `fjern` of a grant or a payment: what goes with it.
///
/// # Errors
/// 44, 43, or 49 when a payment that is not the caller's would be left without a grant.
pub fn fjern_ydelse<'v>(
    verden: &'v Verden<'v>,
    skriver: &'v Skriver,
    navn: Navn,
) -> Result<BTreeSet<Navn>, Retur> {
    let fjerner = Fjerner { verden, skriver };
    fjerner.maa(verden.find(navn).ok_or_else(ukendt)?)?;
    let mut gaaet = BTreeSet::from([navn]);
    if navn.0 == Art::Bevilling {
        let kun_den = BTreeSet::from([navn.1]);
        for betaling in verden.af(Art::Effektuering).filter(|e| peger(e, BETALT) == kun_den) {
            if fjerner.maa(betaling).is_err() {
                return Err(Retur::ny(49, "Bevillingen har effektueringer, der har en anden Master"));
            }
            gaaet.insert((Art::Effektuering, betaling.uuid));
        }
    }
    Ok(gaaet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tid;
    use crate::roller::Rolleliste;
    use crate::testing::{BEVILLING, DOKUMENT, EFFEKTUERING, SAG, SYSTEM, hel, objekt};

    const ANDET: &str = "7a000000-0000-4000-8000-000000000009";

    fn id(uuid: &str) -> Uuid {
        Uuid::try_parse(uuid).expect("a UUID")
    }

    fn alle() -> Vec<Objekt> {
        Art::ALLE.into_iter().map(|art| objekt(art, &hel(art))).collect()
    }

    fn skriver(system: &str) -> Skriver {
        Skriver { cvr: "11111111".to_owned(), systemer: vec![id(system)] }
    }

    fn kald(sager: &[&str], efterlad_dokumenter: bool, fjern_ydelser: bool) -> FjernSager {
        FjernSager {
            sager: sager.iter().map(|s| id(s)).collect(),
            udtryk: None,
            efterlad_dokumenter,
            fjern_ydelser,
        }
    }

    /// The codes told, and the kinds that are gone.
    #[track_caller]
    fn fjern(objekter: &[Objekt], system: &str, kald: &FjernSager, fundne: &Fundne) -> (Vec<u16>, Vec<Art>) {
        let roller = Rolleliste::default();
        let nu = Tid::laes("2025-04-01T12:00:00+02:00").expect("a time").instant();
        let verden = Verden::ny(objekter, &roller, nu);
        match fjern_sager(&verden, &skriver(system), kald, fundne) {
            Ok(f) => {
                (f.retur.iter().map(|r| r.retur.kode).collect(), f.objekter.iter().map(|n| n.0).collect())
            }
            Err(retur) => (vec![retur.kode], vec![]),
        }
    }

    #[test]
    fn a_case_goes_with_what_only_it_had() {
        let (objekter, intet) = (alle(), Fundne::new());
        use Art::{Bevilling, Dokument, Effektuering, Sag};
        let af = |k: &FjernSager| fjern(&objekter, SYSTEM, k, &intet);
        assert_eq!(af(&kald(&[SAG], false, false)), (vec![20, 20], vec![Sag, Dokument]));
        assert_eq!(af(&kald(&[SAG], true, false)), (vec![20], vec![Sag]));
        assert_eq!(af(&kald(&[SAG], true, true)), (vec![20, 20, 20], vec![Sag, Bevilling, Effektuering]));
        assert_eq!(af(&kald(&[DOKUMENT, SAG], true, false)), (vec![44, 20], vec![Sag]));
        assert_eq!(fjern(&objekter, ANDET, &kald(&[SAG], false, true), &intet), (vec![43], vec![]));
        // Another case has the document too.
        let mut flere = alle();
        flere.push(Objekt { uuid: Uuid::from_u128(9), ..objekt(Sag, &hel(Sag)) });
        assert_eq!(fjern(&flere, SYSTEM, &kald(&[SAG], false, false), &intet), (vec![20], vec![Sag]));
        // The document is another system's.
        let mut andens = alle();
        andens[1] = objekt(Dokument, &hel(Dokument).replace(SYSTEM, ANDET));
        assert_eq!(fjern(&andens, SYSTEM, &kald(&[SAG], false, false), &intet), (vec![20], vec![Sag]));
        // By what an expression finds: one's own only.
        let fundne = Fundne::from([(Dokument, BTreeSet::from([id(DOKUMENT)]))]);
        assert_eq!(fjern(&objekter, SYSTEM, &kald(&[], false, false), &fundne), (vec![20], vec![Dokument]));
        assert_eq!(fjern(&andens, SYSTEM, &kald(&[], false, false), &fundne), (vec![40], vec![]));
        let mange = Fundne::from([(Dokument, (0..10_001).map(Uuid::from_u128).collect())]);
        assert_eq!(fjern(&objekter, SYSTEM, &kald(&[], false, false), &mange), (vec![40], vec![]));
    }

    #[test]
    fn a_grant_takes_its_payments_or_stays() {
        let roller = Rolleliste::default();
        let nu = Tid::laes("2025-04-01T12:00:00+02:00").expect("a time").instant();
        let fjern = |objekter: &[Objekt], navn| {
            let verden = Verden::ny(objekter, &roller, nu);
            fjern_ydelse(&verden, &skriver(SYSTEM), navn).map(|g| g.len()).map_err(|r| r.kode)
        };
        let mut objekter = alle();
        let (b, e) = ((Art::Bevilling, id(BEVILLING)), (Art::Effektuering, id(EFFEKTUERING)));
        assert_eq!((fjern(&objekter, b), fjern(&objekter, e)), (Ok(2), Ok(1)));
        assert_eq!(fjern(&objekter, (Art::Bevilling, Uuid::nil())), Err(44));
        objekter[3] = objekt(Art::Effektuering, &hel(Art::Effektuering).replace(SYSTEM, ANDET));
        assert_eq!((fjern(&objekter, b), fjern(&objekter, e)), (Err(49), Err(43)));
        assert_eq!(fjern(&objekter[..3], b), Ok(1));
    }
}
