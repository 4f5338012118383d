//! [`Store`]: one set of functions over two databases.

use crate::find::{self, CHANGED_MAX, Part};
use crate::log::{Log, linje};
use crate::postgres::Postgres;
use crate::raekke::{Raekke, Trin};
use crate::rarity::{COMMON, Rarity};
use crate::sql::{Dialect, Sql, Value, ejer, texts};
use crate::sqlite::Sqlite;
use crate::{
    Database, EntitetSkrivning, Entitetsraekke, Fjernelse, Gemt, Haendelse, Omskrivning, Scannet, Soegning,
    Stats, StoreFejl, Tilfoejelse, saet,
};
use adgang::Adgang;
use bitemporal::Instant;
use oio::{Cvr, ObjektId};
use std::sync::Arc;
use uuid::Uuid;

/// The register's data. Cheap to clone; all clones are one store.
///
/// Dropping the last clone without [`Store::close`] loses the last tenth of a second of the access log of reads, and
/// nothing else.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    log: Log,
    rarity: Arc<Rarity>,
}

#[derive(Clone)]
enum Backend {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// The same call on whichever database it is.
macro_rules! on {
    ($backend:expr, $db:ident => $call:expr) => {
        match $backend {
            Backend::Sqlite($db) => $call,
            Backend::Postgres($db) => $call,
        }
    };
}

mod advis;
mod besked;
mod beskeddrift;
mod beskedspor;
mod engangs;
mod forbrug;
mod indeks;
mod kaede;
mod log;
mod login;
mod modul;
mod orden;
mod segl;
mod vaerdiliste;

pub use besked::DYBDE_MAX;
pub use indeks::Indeksnoegler;

impl Store {
    /// Opens the database and brings its schema up to date. Needs a Tokio runtime with time.
    ///
    /// # Errors
    /// [`StoreFejl::Skema`] when the database is in use by another process, of another version of the program, or cannot
    /// be reached as configured; [`StoreFejl::Database`] when it fails.
    pub async fn open(database: &Database) -> Result<Self, StoreFejl> {
        Ok(Self::start(match database {
            Database::Memory => Backend::Sqlite(Arc::new(Sqlite::memory()?)),
            Database::Sqlite(path) => Backend::Sqlite(Arc::new(Sqlite::open(path)?)),
            Database::Postgres(url) => Backend::Postgres(Arc::new(Postgres::open(url).await?)),
        }))
    }

    /// Opens the database for looking only: on SQLite beside the server that uses it, and every write fails.
    ///
    /// # Errors
    /// As [`Store::open`]; also when the schema is not up to date.
    pub async fn open_readonly(database: &Database) -> Result<Self, StoreFejl> {
        match database {
            Database::Sqlite(path) => Ok(Self::start(Backend::Sqlite(Arc::new(Sqlite::readonly(path)?)))),
            other => Self::open(other).await,
        }
    }

    fn start(backend: Backend) -> Self {
        let writer = backend.clone();
        let log = Log::start(move |linjer| {
            let writer = writer.clone();
            async move { on!(&writer, db => db.write_log(linjer).await) }
        });
        Self { backend, log, rarity: Arc::default() }
    }

    /// Writes the queued lines of the access log, folds SQLite's write-ahead log into the file, and lets go of the
    /// database. Later calls fail.
    pub async fn close(&self) {
        self.log.close().await;
        on!(&self.backend, db => db.close().await);
    }

    /// One object with its current registrering; `None` when there is none of this type that the caller sees.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn load(
        &self,
        adgang: &Adgang,
        objekttype: &str,
        objekt: ObjektId,
    ) -> Result<Option<Gemt>, StoreFejl> {
        let gemt = on!(&self.backend, db => db.load(objekttype, objekt).await)?;
        Ok(gemt.filter(|g| adgang.kan_laese(g.ejer)))
    }

    /// Several objects in the order asked for, without those that are unknown or that the caller does not see.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn load_many(
        &self,
        adgang: &Adgang,
        objekttype: &str,
        objekter: &[ObjektId],
    ) -> Result<Vec<Gemt>, StoreFejl> {
        let mut gemte = on!(&self.backend, db => db.load_many(objekttype, objekter).await)?;
        gemte.retain(|g| adgang.kan_laese(g.ejer));
        Ok(gemte)
    }

    /// The owner and every body of an object, by rising registration time.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn history(
        &self,
        adgang: &Adgang,
        objekttype: &str,
        objekt: ObjektId,
    ) -> Result<Option<(Cvr, Vec<Vec<u8>>)>, StoreFejl> {
        let historie = on!(&self.backend, db => db.history(objekttype, objekt).await)?;
        Ok(historie.filter(|(ejer, _)| adgang.kan_laese(*ejer)))
    }

    /// The objects a search finds, ascending by UUID.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn find(&self, adgang: &Adgang, soegning: &Soegning) -> Result<Vec<ObjektId>, StoreFejl> {
        let mut parts = Vec::new();
        for ejer in self.ejere(adgang, soegning.ejer).await? {
            parts.extend(self.plan(soegning, ejer).await?);
        }
        if parts.is_empty() || soegning.antal == 0 {
            return Ok(Vec::new());
        }
        let heavy = find::is_heavy(soegning);
        on!(&self.backend, db => db.ids(find::search(db.dialect(), soegning, &parts), heavy).await)
    }

    /// The owners a search covers.
    async fn ejere(&self, adgang: &Adgang, ejer: Option<Cvr>) -> Result<Vec<Cvr>, StoreFejl> {
        match ejer {
            Some(ejer) => Ok(adgang.kan_laese(ejer).then_some(ejer).into_iter().collect()),
            None if !adgang.laeser.is_empty() => Ok(adgang.laeser.to_vec()),
            None => {
                let alle = self.ints(|dialect| Sql::fixed(dialect, texts::EJERE, []), false).await?;
                alle.into_iter().map(self::ejer).collect()
            }
        }
    }

    /// How to search one owner; `None` when counting has shown that nothing can be found.
    async fn plan(&self, soegning: &Soegning, ejer: Cvr) -> Result<Option<Part>, StoreFejl> {
        let mut part = Part::new(ejer, soegning);
        let heavy = find::has_vague_condition(soegning);
        match soegning.betingelser.len() {
            0 if soegning.aendret_fra.is_some() => {
                let counts =
                    self.ints(|dialect| find::probe(dialect, soegning, ejer, CHANGED_MAX), true).await?;
                part.changed = counts.first().is_some_and(|count| *count < CHANGED_MAX);
            }
            0 | 1 => {}
            _ => match self.rarity.order(ejer, soegning) {
                Some(order) => part.order = order,
                None => {
                    let counts =
                        self.ints(|dialect| find::probe(dialect, soegning, ejer, COMMON), heavy).await?;
                    part.order = self.rarity.remember(ejer, soegning, &counts);
                    if counts.contains(&0) {
                        return Ok(None);
                    }
                }
            },
        }
        Ok(Some(part))
    }

    /// A statement under construction, that is the same on both databases.
    fn sql(&self, begyndelse: &str) -> Sql {
        let dialect = on!(&self.backend, db => db.dialect());
        let mut sql = Sql::new(dialect);
        sql.push(begyndelse);
        sql
    }

    async fn query(&self, sql: Sql) -> Result<Vec<Raekke>, StoreFejl> {
        on!(&self.backend, db => db.query(sql, false).await)
    }

    /// The same for what may take long.
    async fn query_heavy(&self, sql: Sql) -> Result<Vec<Raekke>, StoreFejl> {
        on!(&self.backend, db => db.query(sql, true).await)
    }

    /// All of it or nothing; see [`Trin::krav`].
    async fn run(&self, trin: Vec<Trin>) -> Result<Result<Vec<u64>, usize>, StoreFejl> {
        on!(&self.backend, db => db.run(trin).await)
    }

    /// One statement; gives how many rows it changed.
    async fn run_one(&self, sql: Sql) -> Result<u64, StoreFejl> {
        let antal = self.run(vec![Trin { sql, krav: None }]).await?.unwrap_or_default();
        Ok(antal.first().copied().unwrap_or(0))
    }

    async fn ints(&self, sql: impl FnOnce(Dialect) -> Sql, heavy: bool) -> Result<Vec<i64>, StoreFejl> {
        on!(&self.backend, db => db.ints(sql(db.dialect()), heavy).await)
    }

    /// Records new registreringer of one or more objects with their search keys, haendelser and a line in the access
    /// log: all of it or nothing. Returns when it is durable.
    ///
    /// # Errors
    /// [`StoreFejl::Tabt`] when a guard is lost, [`StoreFejl::Fremmed`] when an object is not the caller's to write,
    /// [`StoreFejl::Optaget`], [`StoreFejl::Ugyldig`], [`StoreFejl::Database`].
    pub async fn append(
        &self,
        adgang: &Adgang,
        tid: Instant,
        saet: Vec<Tilfoejelse>,
    ) -> Result<(), StoreFejl> {
        let saet = saet::prepare(adgang, saet)?;
        if saet.is_empty() {
            return Ok(());
        }
        let linje = linje(adgang, tid, saet.iter().map(|t| t.objekt).collect());
        on!(&self.backend, db => db.append(linje, saet).await)
    }

    /// Replaces bodies in the history of objects and appends the registreringer that record it, as `append` does.
    ///
    /// With [`Store::purge`] the exception to the rule that history is append-only: anonymisation is demanded by law.
    ///
    /// # Errors
    /// As [`Store::append`]; [`StoreFejl::Tabt`] also when a named registrering does not exist.
    pub async fn rewrite(
        &self,
        adgang: &Adgang,
        tid: Instant,
        omskrivninger: Vec<Omskrivning>,
    ) -> Result<(), StoreFejl> {
        let mut kroppe = Vec::new();
        let mut saet = Vec::with_capacity(omskrivninger.len());
        for omskrivning in omskrivninger {
            let objekt = omskrivning.tilfoejelse.objekt;
            kroppe.extend(omskrivning.kroppe.into_iter().map(|(tidspunkt, krop)| (objekt, tidspunkt, krop)));
            saet.push(omskrivning.tilfoejelse);
        }
        let saet = saet::prepare(adgang, saet)?;
        if saet.is_empty() {
            return Ok(());
        }
        let linje = linje(adgang, tid, saet.iter().map(|t| t.objekt).collect());
        on!(&self.backend, db => db.rewrite(linje, saet, kroppe).await)
    }

    /// Removes objects with their history and keys: all or none. A haendelse `Slet` and the access log remain.
    ///
    /// # Errors
    /// [`StoreFejl::Tabt`] when an object does not exist, [`StoreFejl::Fremmed`] when it is not the caller's to write,
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn purge(
        &self,
        adgang: &Adgang,
        tid: Instant,
        mut fjernelser: Vec<Fjernelse>,
    ) -> Result<(), StoreFejl> {
        fjernelser.sort_unstable_by_key(|f| f.objekt);
        fjernelser.dedup();
        if fjernelser.is_empty() {
            return Ok(());
        }
        let linje = linje(adgang, tid, fjernelser.iter().map(|f| f.objekt).collect());
        let ejer = adgang.myndighed;
        on!(&self.backend, db => db.purge(linje, ejer, fjernelser).await)
    }

    /// At most `antal` haendelser that are not yet distributed, the oldest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn haendelser(&self, antal: u64) -> Result<Vec<Haendelse>, StoreFejl> {
        on!(&self.backend, db => db.haendelser(limit(antal)).await)
    }

    /// Stores new versions of administration entities, or removes them: all or none. Earlier versions are kept.
    ///
    /// # Errors
    /// [`StoreFejl::Tabt`] when another version than the one decided from is in force; [`StoreFejl::Ugyldig`] when an
    /// entity stands twice; [`StoreFejl::Database`].
    pub async fn put_entities(&self, mut skrivninger: Vec<EntitetSkrivning>) -> Result<(), StoreFejl> {
        // One order, so that two sets cannot wait for each other.
        skrivninger.sort_by(|a, b| (&a.art, a.id).cmp(&(&b.art, b.id)));
        if skrivninger.windows(2).any(|par| (&par[0].art, par[0].id) == (&par[1].art, par[1].id)) {
            return Err(StoreFejl::Ugyldig("en entitet står to gange"));
        }
        if skrivninger.is_empty() {
            return Ok(());
        }
        on!(&self.backend, db => db.put_entities(skrivninger).await)
    }

    /// The entities of one kind by UUID, each with the number and body of the version in force.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn entities(&self, art: &str) -> Result<Vec<Entitetsraekke>, StoreFejl> {
        let mut alle = on!(&self.backend, db => db.entities(art).await)?;
        alle.retain(|(_, _, krop)| !krop.is_empty());
        Ok(alle)
    }

    /// The same for several kinds, in their order: one consistent view.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn entities_of(&self, arter: &[&str]) -> Result<Vec<Vec<Entitetsraekke>>, StoreFejl> {
        let mut alle = on!(&self.backend, db => db.entities_of(arter).await)?;
        alle.iter_mut().for_each(|art| art.retain(|(_, _, krop)| !krop.is_empty()));
        Ok(alle)
    }

    /// A page of all the objects the caller sees, ascending by UUID, with their stored keys: one consistent view.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn scan(
        &self,
        adgang: &Adgang,
        efter: Option<ObjektId>,
        antal: u64,
    ) -> Result<Vec<Scannet>, StoreFejl> {
        on!(&self.backend, db => {
            let mut sql = Sql::new(db.dialect());
            sql.push("SELECT o.id, o.objekttype, o.ejer, o.tidspunkt, o.livscyklus, r.krop FROM objekt o ");
            sql.push("JOIN registrering r ON r.objekt = o.id AND r.tidspunkt = o.tidspunkt WHERE o.id ");
            sql.push(if efter.is_some() { "> " } else { ">= " });
            sql.bind(Value::Id(efter.map_or(Uuid::nil(), |o| o.0)));
            for (i, ejer) in adgang.laeser.iter().enumerate() {
                sql.push(if i == 0 { " AND o.ejer IN (" } else { ", " }).int(ejer.number().into());
            }
            sql.push(if adgang.laeser.is_empty() { "" } else { ")" });
            sql.push(" ORDER BY o.id LIMIT ").int(limit(antal));
            db.scan(sql).await
        })
    }

    /// Figures for operations. Counts every live object: for a dashboard, not for every request.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn stats(&self) -> Result<Stats, StoreFejl> {
        let stats = on!(&self.backend, db => db.stats().await)?;
        Ok(Stats { logkoe: self.log.depth(), ..stats })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreFejl`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreFejl> {
        self.ints(|dialect| Sql::fixed(dialect, texts::PING, []), false).await.map(drop)
    }
}

fn limit(antal: u64) -> i64 {
    i64::try_from(antal).unwrap_or(i64::MAX)
}
