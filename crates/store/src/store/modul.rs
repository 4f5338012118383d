//! The entities of the Administrationsmodul, and its log.

mod liste;

use super::Store;
use crate::advis::Advisrad;
use crate::modul::{
    Aendringslinje, Loglinjeslags, Logsoegning, Modulpost, Modulraekke, Modulskrevet, Modulsoegning,
};
use crate::modulliste::{fold, indeholder};
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value, texts};
use crate::{EntitetSkrivning, StoreFejl};
use oio::Cvr;
use uuid::Uuid;

/// How often a write is tried again when others write lines of the log at the same time.
const ATTEMPTS_MAX: usize = 50;

pub(super) const LINJER: &str = "SELECT nr, tid, slags, part, bruger, navn, rolle, adresse, art, objekt, objektnavn, handling, \
    detaljer, begrundelse, kilde, korrelation, hash FROM aendringslog";

impl Store {
    /// Stores entities of the policy, entities of the module, and lines of the log: all of it or nothing.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`] when others write all the time; [`StoreFejl::Database`].
    pub async fn modul_skriv(
        &self,
        entiteter: &[EntitetSkrivning],
        poster: &[Modulpost],
        linjer: &[Aendringslinje],
    ) -> Result<Modulskrevet, StoreFejl> {
        self.modul_skriv_med(entiteter, poster, linjer, &[]).await
    }

    /// The same with the notices about it.
    ///
    /// # Errors
    /// As [`Store::modul_skriv`].
    pub async fn modul_skriv_med(
        &self,
        entiteter: &[EntitetSkrivning],
        poster: &[Modulpost],
        linjer: &[Aendringslinje],
        adviser: &[Advisrad],
    ) -> Result<Modulskrevet, StoreFejl> {
        for _ in 0..ATTEMPTS_MAX {
            let (mut trin, mut vagter) = (Vec::new(), Vec::new());
            let mut vagt = |trin: &Vec<Trin>, fejler: Option<Modulskrevet>| vagter.push((trin.len(), fejler));
            let mut entiteter: Vec<&EntitetSkrivning> = entiteter.iter().collect();
            // One order, so that two sets cannot wait for each other.
            entiteter.sort_by(|a, b| (&a.art, a.id).cmp(&(&b.art, b.id)));
            for e in entiteter {
                vagt(&trin, Some(Modulskrevet::Overhalet));
                trin.push(self.entitet(&e.art, e.id, e.krop.as_deref(), e.foer.unwrap_or(-1)));
            }
            let mut poster: Vec<&Modulpost> = poster.iter().collect();
            poster.sort_by_key(|p| (p.art, p.id));
            for post in poster {
                vagt(&trin, Some(Modulskrevet::Overhalet));
                trin.push(self.entitet(post.art, post.id, post.krop.as_deref(), post.foer));
                vagt(&trin, Some(Modulskrevet::Optaget));
                trin.extend(self.post(post));
            }
            trin.extend(self.nye_adviser(adviser));
            // None: somebody else wrote a line meanwhile.
            vagt(&trin, None);
            trin.extend(self.linjer(linjer).await?);
            match self.run(trin).await? {
                Ok(_) => return Ok(Modulskrevet::Gemt),
                Err(nr) => {
                    let fejler = vagter.iter().rev().find(|(fra, _)| *fra <= nr).and_then(|(_, f)| *f);
                    if let Some(svar) = fejler {
                        return Ok(svar);
                    }
                }
            }
        }
        Err(StoreFejl::Optaget)
    }

    fn entitet(&self, art: &str, id: Uuid, krop: Option<&[u8]>, foer: i64) -> Trin {
        let mut sql = self.sql(texts::PUT_ENTITY_COUNTED);
        let krop = Value::Bytes(krop.unwrap_or_default().to_vec());
        sql.values = vec![Value::Text(art.to_owned()), Value::Id(id), krop, Value::Int(foer)];
        Trin { sql, krav: Some(1) }
    }

    /// The entity as it is now, with its keys.
    fn post(&self, post: &Modulpost) -> Vec<Trin> {
        let Some(krop) = &post.krop else {
            let tabeller = ["modulpost", "modulnoegle", "modulorden"];
            let fjern = |tabel: &str| {
                let mut sql = self.sql(&format!("DELETE FROM {tabel} WHERE art = "));
                sql.text_value(post.art).push(" AND id = ").bind(Value::Id(post.id));
                Trin { sql, krav: None }
            };
            return tabeller.into_iter().map(fjern).collect();
        };
        let mut sql = self.sql("INSERT INTO modulpost (art, id, version, soeg, unik, krop) SELECT ");
        sql.text_value(post.art).push(", ").bind(Value::Id(post.id)).push(", ").int(post.foer + 1);
        sql.push(", ").text_value(&fold(&post.soeg)).push(", ").bind(Value::MaybeText(post.unik.clone()));
        sql.push(", ").bind(Value::Bytes(krop.clone()));
        sql.push(" WHERE NOT EXISTS (SELECT 1 FROM modulpost WHERE art = ").text_value(post.art);
        sql.push(" AND unik = ").bind(Value::MaybeText(post.unik.clone()));
        sql.push(" AND id <> ").bind(Value::Id(post.id));
        sql.push(
            ") ON CONFLICT (art, id) DO UPDATE SET version = excluded.version, soeg = excluded.soeg, \
                  unik = excluded.unik, krop = excluded.krop",
        );
        let mut trin = vec![Trin { sql, krav: Some(1) }];
        trin.extend(self.noegler(post));
        trin
    }

    /// What an entity is found and sorted by, instead of what it was.
    fn noegler(&self, post: &Modulpost) -> Vec<Trin> {
        let mut vaek = self.sql("DELETE FROM modulnoegle WHERE art = ");
        vaek.text_value(post.art).push(" AND id = ").bind(Value::Id(post.id));
        let mut trin = vec![Trin { sql: vaek, krav: None }];
        for (felt, vaerdi) in &post.noegler {
            let mut sql = self.sql("INSERT INTO modulnoegle (art, felt, vaerdi, orden, id) VALUES (");
            sql.text_value(post.art).push(", ").text_value(felt).push(", ").text_value(vaerdi);
            sql.push(", ").text_value(&fold(&post.orden)).push(", ").bind(Value::Id(post.id));
            sql.push(") ON CONFLICT DO NOTHING");
            trin.push(Trin { sql, krav: None });
        }
        trin.extend(post.kolonner.iter().map(|o| self.orden(post.id, o)));
        trin
    }

    /// The lines as the next links of the chain. Each demands that the one before is the last.
    async fn linjer(&self, linjer: &[Aendringslinje]) -> Result<Vec<Trin>, StoreFejl> {
        if linjer.is_empty() {
            return Ok(Vec::new());
        }
        let (mut nr, mut hash) = self.sidste_aendring().await?.unwrap_or_else(|| (0, vec![0; 32]));
        let mut trin = Vec::with_capacity(linjer.len());
        for linje in linjer {
            nr += 1;
            hash = linje.hash(&hash, nr);
            trin.push(Trin { sql: self.linje(linje, nr, &hash), krav: Some(1) });
        }
        Ok(trin)
    }

    fn linje(&self, l: &Aendringslinje, nr: i64, hash: &[u8]) -> Sql {
        let mut sql = self.sql(
            "INSERT INTO aendringslog (nr, tid, slags, part, bruger, navn, rolle, adresse, art, objekt, objektnavn, \
             handling, detaljer, begrundelse, kilde, korrelation, hash) VALUES (",
        );
        let tekst = |t: &str| Value::Text(t.to_owned());
        let vaerdier = [
            Value::Int(nr),
            Value::Int(l.tid.micros()),
            tekst(l.slags.kode()),
            Value::Int(l.part.number().into()),
            Value::MaybeId(l.bruger),
            tekst(&l.navn),
            tekst(&l.rolle),
            tekst(&l.adresse),
            tekst(&l.art),
            Value::MaybeId(l.objekt),
            tekst(&l.objektnavn),
            tekst(&l.handling),
            tekst(&l.detaljer),
            tekst(&l.begrundelse),
            tekst(&l.kilde),
            Value::Id(l.korrelation),
            Value::Bytes(hash.to_vec()),
        ];
        for (i, vaerdi) in vaerdier.into_iter().enumerate() {
            sql.push(if i == 0 { "" } else { ", " }).bind(vaerdi);
        }
        sql.push(") ON CONFLICT (nr) DO NOTHING");
        sql
    }

    /// One entity of the module as it is now.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn modulpost(&self, art: &str, id: Uuid) -> Result<Option<Modulraekke>, StoreFejl> {
        let mut sql = self.sql("SELECT id, version, krop FROM modulpost WHERE art = ");
        sql.text_value(art).push(" AND id = ").bind(Value::Id(id));
        self.query(sql).await?.first().map(raekke).transpose()
    }

    /// The entity of a kind with this unique value.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn modulpost_unik(&self, art: &str, unik: &str) -> Result<Option<Modulraekke>, StoreFejl> {
        let mut sql = self.sql("SELECT id, version, krop FROM modulpost WHERE art = ");
        sql.text_value(art).push(" AND unik = ").text_value(unik);
        self.query(sql).await?.first().map(raekke).transpose()
    }

    /// Entities of the module in their order, and how many there are in all.
    ///
    /// # Errors
    /// [`StoreFejl::Ugyldig`] without a key; [`StoreFejl::Database`].
    pub async fn modul_find(&self, s: &Modulsoegning) -> Result<(Vec<Modulraekke>, u64), StoreFejl> {
        let mut fra = self.sql("SELECT p.id, p.version, p.krop");
        self.hvor(&mut fra, s)?;
        let retning = if s.omvendt { " DESC" } else { "" };
        fra.push(" ORDER BY n.orden").push(retning).push(", n.id").push(retning);
        fra.push(" LIMIT ").int(super::limit(s.antal)).push(" OFFSET ").int(super::limit(s.forbi));
        let mut alle = self.sql("SELECT count(*)");
        self.hvor(&mut alle, s)?;
        let rows = self.query(fra).await?;
        let antal = self.query(alle).await?.first().map(|row| row.lille(0)).transpose()?.unwrap_or(0);
        Ok((rows.iter().map(raekke).collect::<Result<_, _>>()?, antal))
    }

    fn hvor(&self, sql: &mut Sql, s: &Modulsoegning) -> Result<(), StoreFejl> {
        let Some(((felt, vaerdi), flere)) = s.noegler.split_first() else {
            return Err(StoreFejl::Ugyldig("en søgning skal have en nøgle"));
        };
        sql.push(" FROM modulnoegle n JOIN modulpost p ON p.art = n.art AND p.id = n.id WHERE n.art = ");
        sql.text_value(s.art)
            .push(" AND n.felt = ")
            .text_value(felt)
            .push(" AND n.vaerdi = ")
            .text_value(vaerdi);
        for (felt, vaerdi) in flere {
            sql.push(
                " AND EXISTS (SELECT 1 FROM modulnoegle m WHERE m.art = n.art AND m.id = n.id AND m.felt = ",
            );
            sql.text_value(felt).push(" AND m.vaerdi = ").text_value(vaerdi).push(")");
        }
        if let Some(tekst) = s.tekst.as_deref().filter(|t| !t.trim().is_empty()) {
            sql.push(" AND p.soeg").like(&indeholder(tekst));
        }
        Ok(())
    }

    /// Every version of an entity, the first one first; one without a body is a removal.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn entitet_historie(&self, art: &str, id: Uuid) -> Result<Vec<(i64, Vec<u8>)>, StoreFejl> {
        let mut sql = self.sql("SELECT version, krop FROM entity WHERE art = ");
        sql.text_value(art).push(" AND id = ").bind(Value::Id(id)).push(" ORDER BY version");
        let rows = self.query(sql).await?;
        rows.iter().map(|row| Ok((row.tal(0)?, row.bytes(1)?.to_vec()))).collect()
    }

    /// Lines of the log with their numbers, the newest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn aendringslog(&self, s: &Logsoegning) -> Result<Vec<(i64, Aendringslinje)>, StoreFejl> {
        let mut sql = self.sql(LINJER);
        sql.push(" WHERE nr < ").int(s.foer.unwrap_or(i64::MAX));
        if let Some(part) = s.part {
            sql.push(" AND part = ").int(part.number().into());
        }
        if let Some(art) = &s.art {
            sql.push(" AND art = ").text_value(art);
        }
        if let Some(objekt) = s.objekt {
            sql.push(" AND objekt = ").bind(Value::Id(objekt));
        }
        if let Some(bruger) = s.bruger {
            sql.push(" AND bruger = ").bind(Value::Id(bruger));
        }
        if let Some(slags) = s.slags {
            sql.push(" AND slags = ").text_value(slags.kode());
        }
        if let Some(fra) = s.fra {
            sql.push(" AND tid >= ").int(fra.micros());
        }
        if let Some(til) = s.til {
            sql.push(" AND tid < ").int(til.micros());
        }
        if let Some(tekst) = s.tekst.as_deref().filter(|t| !t.trim().is_empty()) {
            let moenster = format!("*{}*", tekst.trim().replace('*', ""));
            sql.push(" AND (navn").like(&moenster).push(" OR objektnavn").like(&moenster);
            sql.push(" OR handling").like(&moenster).push(")");
        }
        sql.push(" ORDER BY nr DESC LIMIT ").int(super::limit(s.antal));
        self.query_heavy(sql).await?.iter().map(linje).map(|r| r.map(|(nr, l, _)| (nr, l))).collect()
    }
}

fn raekke(row: &Raekke) -> Result<Modulraekke, StoreFejl> {
    Ok(Modulraekke { id: row.id(0)?, version: row.tal(1)?, krop: row.bytes(2)?.to_vec() })
}

pub(super) fn linje(row: &Raekke) -> Result<(i64, Aendringslinje, Vec<u8>), StoreFejl> {
    let part: Cvr = row.cvr(3)?;
    let slags = row.tekst(2)?;
    let linje = Aendringslinje {
        tid: row.tid(1)?,
        slags: Loglinjeslags::af(&slags).ok_or_else(|| StoreFejl::database("ukendt slags i loggen"))?,
        part,
        bruger: row.id_hvis(4)?,
        navn: row.tekst(5)?,
        rolle: row.tekst(6)?,
        adresse: row.tekst(7)?,
        art: row.tekst(8)?,
        objekt: row.id_hvis(9)?,
        objektnavn: row.tekst(10)?,
        handling: row.tekst(11)?,
        detaljer: row.tekst(12)?,
        begrundelse: row.tekst(13)?,
        kilde: row.tekst(14)?,
        korrelation: row.id(15)?,
    };
    Ok((row.tal(0)?, linje, row.bytes(16)?.to_vec()))
}
