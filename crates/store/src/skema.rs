//! Migrations: numbered SQL files, applied in order, each once.
//!
//! A file that has been applied is never changed: its checksum stands in the table `skema`, and the store refuses to open
//! a database whose history differs from the files it was built with.

use crate::StoreFejl;
use crate::sql::Dialect;

/// One step of the schema.
pub(crate) struct Migration {
    pub nummer: i64,
    pub navn: &'static str,
    text: &'static str,
}

/// Every step, ascending from 1 without gaps.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { nummer: 1, navn: "register", text: include_str!("migrations/0001_register.sql") },
    Migration { nummer: 2, navn: "adgang", text: include_str!("migrations/0002_adgang.sql") },
    Migration { nummer: 3, navn: "besked", text: include_str!("migrations/0003_besked.sql") },
    Migration { nummer: 4, navn: "beskeddrift", text: include_str!("migrations/0004_beskeddrift.sql") },
    Migration { nummer: 5, navn: "udlaant", text: include_str!("migrations/0005_udlaant.sql") },
    Migration { nummer: 6, navn: "login", text: include_str!("migrations/0006_login.sql") },
    Migration { nummer: 7, navn: "modul", text: include_str!("migrations/0007_modul.sql") },
    Migration { nummer: 8, navn: "advis", text: include_str!("migrations/0008_advis.sql") },
    Migration { nummer: 9, navn: "laesninger", text: include_str!("migrations/0009_laesninger.sql") },
    Migration { nummer: 10, navn: "forbrug", text: include_str!("migrations/0010_forbrug.sql") },
    Migration { nummer: 11, navn: "webhook", text: include_str!("migrations/0011_webhook.sql") },
    Migration { nummer: 12, navn: "sundhed", text: include_str!("migrations/0012_sundhed.sql") },
    Migration { nummer: 13, navn: "egenlog", text: include_str!("migrations/0013_egenlog.sql") },
    Migration {
        nummer: 14,
        navn: "callbackcertifikat",
        text: include_str!("migrations/0014_callbackcertifikat.sql"),
    },
    Migration { nummer: 15, navn: "orden", text: include_str!("migrations/0015_orden.sql") },
    Migration { nummer: 16, navn: "indeks", text: include_str!("migrations/0016_indeks.sql") },
    Migration { nummer: 17, navn: "overtagelse", text: include_str!("migrations/0017_overtagelse.sql") },
];

/// The table of applied steps.
pub(crate) const SKEMA: &str = "CREATE TABLE IF NOT EXISTS skema (nummer {int} NOT NULL PRIMARY KEY, navn {text} NOT NULL, \
     kontrolsum {int} NOT NULL) {large_rows}";

impl Migration {
    /// The statements in one database's words.
    pub(crate) fn sql(&self, dialect: Dialect) -> String {
        render(self.text, dialect)
    }

    /// FNV-1a of the file.
    pub(crate) fn kontrolsum(&self) -> i64 {
        let step = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        self.text.bytes().fold(0xcbf2_9ce4_8422_2325, step).cast_signed()
    }
}

/// Replaces the words in braces.
pub(crate) fn render(text: &str, dialect: Dialect) -> String {
    let words: &[(&str, &str)] = match dialect {
        Dialect::Sqlite => &[
            ("{uuid}", "BLOB"),
            ("{bytes}", "BLOB"),
            ("{int}", "INTEGER"),
            ("{text}", "TEXT"),
            ("{number}", "INTEGER PRIMARY KEY"),
            ("{number_once}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("{small_rows}", "STRICT, WITHOUT ROWID"),
            ("{large_rows}", "STRICT"),
        ],
        Dialect::Postgres => &[
            ("{uuid}", "uuid"),
            ("{bytes}", "bytea"),
            ("{int}", "int8"),
            ("{text}", "text COLLATE \"C\""),
            ("{number}", "int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            ("{number_once}", "int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            ("{small_rows}", ""),
            ("{large_rows}", ""),
        ],
    };
    words.iter().fold(text.to_owned(), |sql, (word, meaning)| sql.replace(word, meaning))
}

/// The steps still to be taken, given the `(nummer, kontrolsum)` of those applied, ascending.
pub(crate) fn missing(applied: &[(i64, i64)]) -> Result<&'static [Migration], StoreFejl> {
    for (position, (nummer, kontrolsum)) in applied.iter().enumerate() {
        let Some(known) = MIGRATIONS.get(position) else {
            return Err(StoreFejl::Skema(format!(
                "databasen har skemaversion {nummer}, men dette program kender kun op til {}: brug et nyere program",
                MIGRATIONS.len()
            )));
        };
        if known.nummer != *nummer || known.kontrolsum() != *kontrolsum {
            return Err(StoreFejl::Skema(format!(
                "databasens skemaversion {nummer} er ikke den samme som programmets {} ({}): \
                 databasen er lavet af en anden udgave af programmet",
                known.nummer, known.navn
            )));
        }
    }
    Ok(&MIGRATIONS[applied.len()..])
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, missing};
    use crate::sql::Dialect;

    fn applied() -> Vec<(i64, i64)> {
        MIGRATIONS.iter().map(|m| (m.nummer, m.kontrolsum())).collect()
    }

    #[test]
    fn numbers_rise_from_one() {
        assert!(MIGRATIONS.iter().zip(1..).all(|(m, n)| m.nummer == n));
    }

    #[test]
    fn every_word_is_known_to_both_databases() {
        for migration in MIGRATIONS {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let sql = migration.sql(dialect);
                let statements: String = sql.lines().filter(|l| !l.starts_with("--")).collect();
                assert!(!statements.contains('{'), "{statements}");
            }
        }
    }

    #[test]
    fn an_empty_database_misses_all_and_a_full_one_none() {
        assert_eq!(missing(&[]).expect("all").len(), MIGRATIONS.len());
        assert_eq!(missing(&applied()).expect("none").len(), 0);
    }

    #[test]
    fn a_changed_or_newer_schema_is_refused() {
        let mut changed = applied();
        changed[0].1 ^= 1;
        assert!(missing(&changed).is_err());
        let mut newer = applied();
        newer.push((MIGRATIONS.len() as i64 + 1, 0));
        assert!(missing(&newer).is_err());
    }
}
