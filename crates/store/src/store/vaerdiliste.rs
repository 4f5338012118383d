//! Lists of values: registreringer are appended, and values remember by which of them they came and went.

use super::Store;
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value};
use crate::vaerdiliste::{Gemtliste, Listeregistrering, Vaerdiliste, Vaerdiskift};
use crate::{Moenster, StoreFejl};
use bitemporal::Instant;
use std::collections::HashSet;
use uuid::Uuid;

const LISTE: &str = "SELECT liste, ejer, tidspunkt, livscyklus, navn, bvn, hoved, antal FROM vaerdiliste ";
/// Values written by one statement.
const PORTION: usize = 20_000;

impl Store {
    /// Stores a registrering of a list, with what it does to the values: all of it or nothing. `forventet` is the time of
    /// the registrering it was decided from, `None` when there must be none. When values were to come or go and none
    /// does, nothing is written.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn gem_vaerdiliste(
        &self,
        reg: Listeregistrering,
        skift: Vaerdiskift,
        forventet: Option<Instant>,
        vaerdier_max: u64,
    ) -> Result<Gemtliste, StoreFejl> {
        if !self.aendrer(reg.liste, &skift).await? {
            let antal = self.vaerdiliste(reg.liste).await?.map_or(0, |l| l.antal);
            return Ok(Gemtliste::Gemt { antal, aendrede: 0 });
        }
        let mut trin = vec![Trin { sql: self.hoved(&reg, forventet), krav: Some(1) }];
        trin.extend(self.skift(&reg, skift).into_iter().map(|sql| Trin { sql, krav: None }));
        let vaerdier = 1..trin.len();
        let mut antal =
            self.sql("UPDATE vaerdiliste SET antal = antal + (SELECT count(*) FROM vaerdi WHERE liste = ");
        antal.bind(Value::Id(reg.liste)).push(" AND fra = ").int(reg.tidspunkt.micros());
        antal
            .push(") - (SELECT count(*) FROM vaerdi WHERE liste = ")
            .bind(Value::Id(reg.liste))
            .push(" AND til = ");
        antal.int(reg.tidspunkt.micros()).push(") WHERE liste = ").bind(Value::Id(reg.liste));
        trin.push(Trin { sql: antal, krav: Some(1) });
        let mut loft = self.sql("UPDATE vaerdiliste SET antal = antal WHERE liste = ");
        loft.bind(Value::Id(reg.liste)).push(" AND antal <= ").int(super::limit(vaerdier_max));
        trin.push(Trin { sql: loft, krav: Some(1) });
        let for_mange = trin.len() - 1;
        let mut historie = self.sql(
            "INSERT INTO vaerdiliste_registrering (liste, tidspunkt, livscyklus, navn, bvn, hoved, antal) \
             SELECT liste, tidspunkt, livscyklus, navn, bvn, hoved, antal FROM vaerdiliste WHERE liste = ",
        );
        historie.bind(Value::Id(reg.liste));
        trin.push(Trin { sql: historie, krav: Some(1) });
        match self.run(trin).await? {
            Ok(aendret) => {
                let antal = self.vaerdiliste(reg.liste).await?.map_or(0, |l| l.antal);
                Ok(Gemtliste::Gemt { antal, aendrede: aendret[vaerdier].iter().sum() })
            }
            Err(nr) if nr == for_mange => Ok(Gemtliste::ForMange),
            Err(_) if forventet.is_none() => Ok(Gemtliste::Findes),
            Err(_) => Ok(Gemtliste::Overhalet),
        }
    }

    /// The statement that changes one row when the list is as expected.
    fn hoved(&self, reg: &Listeregistrering, forventet: Option<Instant>) -> Sql {
        let noegle = |tekst: &str| tekst.to_lowercase();
        let felter = [
            Value::Int(reg.tidspunkt.micros()),
            Value::Text(reg.livscyklus.clone()),
            Value::Text(reg.navn.clone()),
            Value::Text(noegle(&reg.navn)),
            Value::MaybeText(reg.bvn.clone()),
            Value::MaybeText(reg.bvn.as_deref().map(noegle)),
            Value::Text(reg.hoved.clone()),
        ];
        let navne = ["tidspunkt", "livscyklus", "navn", "navn_noegle", "bvn", "bvn_noegle", "hoved"];
        let Some(forventet) = forventet else {
            let mut sql = self.sql("INSERT INTO vaerdiliste (liste, ejer, ");
            sql.push(&navne.join(", ")).push(", antal) VALUES (");
            sql.bind(Value::Id(reg.liste)).push(", ").bind(Value::Id(reg.ejer)).push(", ");
            for felt in felter {
                sql.bind(felt).push(", ");
            }
            sql.push("0) ON CONFLICT (liste) DO NOTHING");
            return sql;
        };
        let mut sql = self.sql("UPDATE vaerdiliste SET ");
        for (nr, (navn, felt)) in navne.into_iter().zip(felter).enumerate() {
            sql.push(if nr == 0 { "" } else { ", " }).push(navn).push(" = ").bind(felt);
        }
        sql.push(" WHERE liste = ")
            .bind(Value::Id(reg.liste))
            .push(" AND tidspunkt = ")
            .int(forventet.micros());
        sql
    }

    /// The statements that change values.
    fn skift(&self, reg: &Listeregistrering, skift: Vaerdiskift) -> Vec<Sql> {
        let (fjernes, tilfoejes) = match skift {
            Vaerdiskift::Uaendret => return Vec::new(),
            Vaerdiskift::Tilfoej(nye) => (Vec::new(), nye),
            Vaerdiskift::Fjern(gamle) => (gamle, Vec::new()),
            Vaerdiskift::Erstat(nye) => {
                // What is in both stays as it is: first everything that is not among the new goes.
                let mut fjern = self.fjern(reg);
                fjern
                    .push(" AND vaerdi NOT IN (SELECT value FROM ")
                    .table(Value::Texts(unikke(nye.clone())))
                    .push(")");
                let mut alle = vec![fjern];
                alle.extend(self.tilfoej(reg, nye));
                return alle;
            }
        };
        let mut alle = self.tilfoej(reg, tilfoejes);
        for portion in unikke(fjernes).chunks(PORTION) {
            let mut fjern = self.fjern(reg);
            fjern.push(" AND vaerdi IN (SELECT value FROM ").table(Value::Texts(portion.to_vec())).push(")");
            alle.push(fjern);
        }
        alle
    }

    fn fjern(&self, reg: &Listeregistrering) -> Sql {
        let mut sql = self.sql("UPDATE vaerdi SET til = ");
        sql.int(reg.tidspunkt.micros()).push(" WHERE til IS NULL AND liste = ").bind(Value::Id(reg.liste));
        sql
    }

    fn tilfoej(&self, reg: &Listeregistrering, nye: Vec<String>) -> Vec<Sql> {
        let portion = |portion: &[String]| {
            let mut sql = self.sql("INSERT INTO vaerdi (liste, vaerdi, fra) SELECT ");
            sql.bind(Value::Id(reg.liste)).push(", v.value, ").int(reg.tidspunkt.micros()).push(" FROM ");
            sql.table(Value::Texts(portion.to_vec()));
            sql.push(" WHERE NOT EXISTS (SELECT 1 FROM vaerdi h WHERE h.liste = ").bind(Value::Id(reg.liste));
            sql.push(" AND h.vaerdi = v.value AND h.til IS NULL)");
            sql
        };
        unikke(nye).chunks(PORTION).map(portion).collect()
    }

    /// Whether values would come or go.
    async fn aendrer(&self, liste: Uuid, skift: &Vaerdiskift) -> Result<bool, StoreFejl> {
        let (vaerdier, findes) = match skift {
            Vaerdiskift::Tilfoej(nye) => (nye, " WHERE NOT EXISTS"),
            Vaerdiskift::Fjern(gamle) => (gamle, " WHERE EXISTS"),
            Vaerdiskift::Uaendret | Vaerdiskift::Erstat(_) => return Ok(true),
        };
        let mut sql = self.sql("SELECT 1 FROM ");
        sql.table(Value::Texts(vaerdier.clone())).push(findes);
        sql.push(" (SELECT 1 FROM vaerdi h WHERE h.liste = ").bind(Value::Id(liste));
        sql.push(" AND h.vaerdi = v.value AND h.til IS NULL) LIMIT 1");
        Ok(!self.query_heavy(sql).await?.is_empty())
    }

    /// A list as it is, whatever its life cycle.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn vaerdiliste(&self, liste: Uuid) -> Result<Option<Vaerdiliste>, StoreFejl> {
        Ok(self.vaerdilister(&[liste]).await?.pop())
    }

    /// Those of these lists that exist.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn vaerdilister(&self, lister: &[Uuid]) -> Result<Vec<Vaerdiliste>, StoreFejl> {
        let mut sql = self.sql(LISTE);
        sql.push("WHERE liste IN (SELECT value FROM ")
            .table(Value::Ids(lister.to_vec()))
            .push(") ORDER BY liste");
        self.query(sql).await?.iter().map(liste).collect()
    }

    /// A list as it was at a time; `None` when it was not there yet.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn vaerdiliste_registrering_ved(
        &self,
        liste: Uuid,
        ved: Instant,
    ) -> Result<Option<Listeregistrering>, StoreFejl> {
        let mut sql = self.sql(
            "SELECT r.liste, l.ejer, r.tidspunkt, r.livscyklus, r.navn, r.bvn, r.hoved, r.antal \
             FROM vaerdiliste_registrering r JOIN vaerdiliste l ON l.liste = r.liste WHERE r.liste = ",
        );
        sql.bind(Value::Id(liste)).push(" AND r.tidspunkt <= ").int(ved.micros());
        sql.push(" ORDER BY r.tidspunkt DESC LIMIT 1");
        self.query(sql).await?.first().map(|row| Ok(self::liste(row)?.reg)).transpose()
    }

    /// The lists of an owner whose name and BrugervendtNoegle have these forms, in lower case, and that hold all these
    /// values now; without those of the life cycles named. By UUID.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    #[allow(clippy::too_many_arguments, reason = "each is one field of SoegInput")]
    pub async fn soeg_vaerdilister(
        &self,
        ejer: Uuid,
        navn: Option<Moenster>,
        bvn: Option<Moenster>,
        vaerdier: &[String],
        livscyklus_uden: &[&str],
        spring: u64,
        antal: u64,
    ) -> Result<Vec<Uuid>, StoreFejl> {
        let mut sql = self.sql("SELECT l.liste FROM vaerdiliste l WHERE l.ejer = ");
        sql.bind(Value::Id(ejer));
        for (felt, moenster) in [("l.navn_noegle", navn), ("l.bvn_noegle", bvn)] {
            let Some(moenster) = moenster else { continue };
            sql.push(" AND ").push(felt);
            match moenster {
                Moenster::Lig(tekst) => sql.push(" = ").text_value(&tekst),
                Moenster::EnAf(tekster) => sql.among(&tekster),
                Moenster::Praefiks(tekst) => sql.like(&format!("{tekst}*")),
                Moenster::Jokertegn(tekst) => sql.like(&tekst),
            };
        }
        for livscyklus in livscyklus_uden {
            sql.push(" AND l.livscyklus <> ").text_value(livscyklus);
        }
        for vaerdi in vaerdier {
            sql.push(" AND EXISTS (SELECT 1 FROM vaerdi v WHERE v.liste = l.liste AND v.til IS NULL AND v.vaerdi = ");
            sql.text_value(vaerdi).push(")");
        }
        sql.push(" ORDER BY l.liste LIMIT ")
            .int(super::limit(antal))
            .push(" OFFSET ")
            .int(super::limit(spring));
        self.query(sql).await?.iter().map(|row| row.id(0)).collect()
    }

    /// The values a list held at a time, in order, after one of them.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn vaerdier(
        &self,
        liste: Uuid,
        ved: Instant,
        efter: Option<&str>,
        antal: u64,
    ) -> Result<Vec<String>, StoreFejl> {
        let mut sql = self.sql("SELECT vaerdi FROM vaerdi WHERE liste = ");
        sql.bind(Value::Id(liste)).push(" AND vaerdi > ").text_value(efter.unwrap_or_default());
        sql.push(" AND fra <= ").int(ved.micros()).push(" AND (til IS NULL OR til > ").int(ved.micros());
        sql.push(") ORDER BY vaerdi LIMIT ").int(super::limit(antal));
        self.query(sql).await?.iter().map(|row| row.tekst(0)).collect()
    }

    /// The lists registered at a time or later.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn vaerdilister_aendret_siden(&self, siden: Instant) -> Result<Vec<Uuid>, StoreFejl> {
        let mut sql = self.sql("SELECT liste FROM vaerdiliste WHERE tidspunkt >= ");
        sql.int(siden.micros());
        self.query(sql).await?.iter().map(|row| row.id(0)).collect()
    }
}

/// Each once.
fn unikke(vaerdier: Vec<String>) -> Vec<String> {
    let mut set = HashSet::with_capacity(vaerdier.len());
    vaerdier.into_iter().filter(|v| set.insert(v.clone())).collect()
}

fn liste(row: &Raekke) -> Result<Vaerdiliste, StoreFejl> {
    Ok(Vaerdiliste {
        reg: Listeregistrering {
            liste: row.id(0)?,
            ejer: row.id(1)?,
            tidspunkt: row.tid(2)?,
            livscyklus: row.tekst(3)?,
            navn: row.tekst(4)?,
            bvn: row.tekst_hvis(5)?,
            hoved: row.tekst(6)?,
        },
        antal: row.lille(7)?,
    })
}
