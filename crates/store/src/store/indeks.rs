//! The objects of the indexes: written, removed and read.

mod kandidater;
mod orden;
mod overtagelse;
mod sletning;

pub use orden::Indeksnoegler;

use super::{Backend, Store};
use crate::StoreFejl;
use crate::indeks::{Indeksfjernelse, Indeksobjekt, Indeksskrivning, SKRIVNINGER_MAX, prepare};
use crate::log::linje;
use crate::raekke::Raekke;
use crate::sql::{Sql, Value};
use adgang::Adgang;
use bitemporal::Instant;
use oio::ObjektId;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

impl Store {
    /// Records new registreringer with their keys, what is told of them and a line in the access log, all in one durable
    /// write: each object for itself. Gives for each, in the order asked, whether it was written; it was not when its guard
    /// was lost. An object that stands twice is written twice, the second time decided by what the first left.
    ///
    /// # Errors
    /// [`StoreFejl::Fremmed`] when an object is not the caller's to write, [`StoreFejl::Optaget`], [`StoreFejl::Ugyldig`],
    /// [`StoreFejl::Database`]: nothing was written, of any of them.
    pub async fn indeks_skriv(
        &self,
        adgang: &Adgang,
        tid: Instant,
        skrivninger: Vec<Indeksskrivning>,
    ) -> Result<Vec<bool>, StoreFejl> {
        let antal = skrivninger.len();
        let boelger = prepare(adgang, skrivninger)?;
        if boelger.is_empty() {
            return Ok(Vec::new());
        }
        let linje = linje(adgang, tid, Vec::new());
        let skrevet = on!(&self.backend, db => db.indeks_skriv(linje, boelger, None).await)?;
        let skrevet: HashSet<usize> = skrevet.into_iter().collect();
        Ok((0..antal).map(|plads| skrevet.contains(&plads)).collect())
    }

    /// Removes objects with their history and their keys: all or none. A proof of it remains, what is told of it, and a line
    /// in the access log.
    ///
    /// # Errors
    /// [`StoreFejl::Tabt`] when an object is not there or has a newer registrering; [`StoreFejl::Fremmed`] when it is not
    /// the caller's to write; [`StoreFejl::Ugyldig`] when one stands twice; [`StoreFejl::Optaget`],
    /// [`StoreFejl::Database`].
    pub async fn indeks_fjern(
        &self,
        adgang: &Adgang,
        tid: Instant,
        mut fjernelser: Vec<Indeksfjernelse>,
    ) -> Result<(), StoreFejl> {
        if fjernelser.len() > FJERNELSER_MAX {
            return Err(StoreFejl::Ugyldig("der er for mange objekter i ét kald"));
        }
        // One order, so that two sets cannot wait for each other.
        fjernelser.sort_unstable_by_key(|f| (f.art, f.id));
        if fjernelser.windows(2).any(|par| (par[0].art, par[0].id) == (par[1].art, par[1].id)) {
            return Err(StoreFejl::Ugyldig("et objekt nævnes to gange"));
        }
        if fjernelser.is_empty() {
            return Ok(());
        }
        let linje = linje(adgang, tid, fjernelser.iter().map(|f| ObjektId(f.id)).collect());
        on!(&self.backend, db => db.indeks_fjern(linje, adgang.myndighed, fjernelser).await)
    }

    /// The objects of these names (kind and UUID) that there are, by number.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_objekter(&self, navne: &[(i64, Uuid)]) -> Result<Vec<Indeksobjekt>, StoreFejl> {
        let mut arter: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
        navne.iter().for_each(|(art, id)| arter.entry(*art).or_default().push(*id));
        let mut sql = self.sql("");
        for (nr, (art, ider)) in arter.iter().enumerate() {
            sql.push(if nr == 0 { "" } else { " UNION ALL " });
            sql.push(FELTER).table(Value::Ids(ider.clone()));
            sql.push(" CROSS JOIN indeksobjekt o WHERE o.art = ").int(*art).push(" AND o.id = v.value");
        }
        self.objekter(sql, navne.len()).await
    }

    /// The objects of these numbers that there are, by number.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_af_nr(&self, numre: &[i64]) -> Result<Vec<Indeksobjekt>, StoreFejl> {
        let mut sql = self.sql(FELTER);
        sql.table(Value::Ints(numre.to_vec())).push(" CROSS JOIN indeksobjekt o WHERE o.nr = v.value");
        self.objekter(sql, numre.len()).await
    }

    async fn objekter(&self, sql: Sql, antal: usize) -> Result<Vec<Indeksobjekt>, StoreFejl> {
        if antal == 0 {
            return Ok(Vec::new());
        }
        let raekker = if antal > LET { self.query_heavy(sql).await? } else { self.query(sql).await? };
        let mut fundne = raekker.into_iter().map(objekt).collect::<Result<Vec<_>, _>>()?;
        fundne.sort_unstable_by_key(|o| o.nr);
        fundne.dedup_by_key(|o| o.nr);
        Ok(fundne)
    }

    /// The registreringer of these objects that newer ones have taken the place of, each with the object's number: by number
    /// and rising time.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_historik(&self, numre: &[i64]) -> Result<Vec<(i64, Vec<u8>)>, StoreFejl> {
        if numre.is_empty() {
            return Ok(Vec::new());
        }
        let mut en_gang = numre.to_vec();
        en_gang.sort_unstable();
        en_gang.dedup();
        let let_nok = en_gang.len() <= LET;
        let mut sql = self.sql("SELECT h.objekt, h.krop FROM ");
        sql.table(Value::Ints(en_gang));
        sql.push(" CROSS JOIN indekshistorik h WHERE h.objekt = v.value ORDER BY h.objekt, h.tidspunkt");
        let raekker = if let_nok { self.query(sql).await? } else { self.query_heavy(sql).await? };
        raekker.into_iter().map(|mut row| Ok((row.tal(0)?, row.tag_bytes(1)?))).collect()
    }

    /// The registrering an object got at this time, newest or not: what a haendelse of it tells of. `None` when the object has
    /// been removed.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_registrering(
        &self,
        nr: i64,
        tidspunkt: Instant,
    ) -> Result<Option<Vec<u8>>, StoreFejl> {
        let mut sql = self.sql("SELECT o.krop FROM indeksobjekt o WHERE o.nr = ");
        sql.int(nr).push(" AND o.tidspunkt = ").int(tidspunkt.micros());
        sql.push(" UNION ALL SELECT h.krop FROM indekshistorik h WHERE h.objekt = ").int(nr);
        sql.push(" AND h.tidspunkt = ").int(tidspunkt.micros());
        self.query(sql).await?.into_iter().next().map(|mut row| row.tag_bytes(0)).transpose()
    }
}

/// More objects than this are read where nobody waits.
const LET: usize = 100;

/// Most objects removed at a time.
const FJERNELSER_MAX: usize = 10 * SKRIVNINGER_MAX;

const FELTER: &str = "SELECT o.nr, o.art, o.id, o.ejer, o.tidspunkt, o.sts, o.krop FROM ";

fn objekt(mut row: Raekke) -> Result<Indeksobjekt, StoreFejl> {
    Ok(Indeksobjekt {
        nr: row.tal(0)?,
        art: row.tal(1)?,
        id: row.id(2)?,
        ejer: row.cvr(3)?,
        tidspunkt: row.tid(4)?,
        sts: row.tid(5)?,
        krop: row.tag_bytes(6)?,
    })
}
