//! SQL text under construction, and what the two databases write differently.
//!
//! Parameters are `$1`, `$2`, … on both, numbered by first appearance.

use oio::model::Livscyklus;
use oio::{Cvr, ObjektId};
use std::fmt::Write;
use uuid::Uuid;

/// Which database a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Int(i64),
    Text(String),
    Id(Uuid),
    MaybeInt(Option<i64>),
    MaybeText(Option<String>),
    Texts(Vec<String>),
    Ids(Vec<Uuid>),
    Ints(Vec<i64>),
    Bytes(Vec<u8>),
    MaybeId(Option<Uuid>),
    Kroppe(Vec<Vec<u8>>),
}

/// A statement and its parameters.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub dialect: Dialect,
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { dialect, text: String::with_capacity(512), values: Vec::with_capacity(16) }
    }

    /// A statement that needs no construction.
    pub(crate) fn fixed(dialect: Dialect, text: &str, values: impl Into<Vec<Value>>) -> Self {
        Self { dialect, text: text.to_owned(), values: values.into() }
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a parameter with this value.
    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        write!(self.text, "${}", self.values.len()).expect("writing to a string cannot fail");
        self
    }

    pub(crate) fn int(&mut self, value: i64) -> &mut Self {
        self.bind(Value::Int(value))
    }

    pub(crate) fn id(&mut self, value: ObjektId) -> &mut Self {
        self.bind(Value::Id(value.0))
    }

    pub(crate) fn text_value(&mut self, value: &str) -> &mut Self {
        self.bind(Value::Text(value.to_owned()))
    }

    /// Appends parameters with commas between.
    pub(crate) fn list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for (nr, value) in values.into_iter().enumerate() {
            self.push(if nr == 0 { "" } else { ", " }).bind(value);
        }
        self
    }

    /// Appends a test for being among these texts.
    pub(crate) fn among(&mut self, values: &[String]) -> &mut Self {
        let values = Value::Texts(values.to_vec());
        match self.dialect {
            Dialect::Sqlite => self.push(" IN (SELECT value FROM rarray(").bind(values).push("))"),
            Dialect::Postgres => self.push(" = ANY(").bind(values).push(")"),
        }
    }

    /// Appends a table of these values with the column `value`.
    pub(crate) fn table(&mut self, values: Value) -> &mut Self {
        match self.dialect {
            Dialect::Sqlite => self.push("(SELECT value FROM rarray(").bind(values).push(")) AS v"),
            Dialect::Postgres => self.push("unnest(").bind(values).push(") AS v (value)"),
        }
    }

    /// Appends a test for having the form `pattern`, in which `*` is any run of characters.
    pub(crate) fn like(&mut self, pattern: &str) -> &mut Self {
        let mut translated = String::with_capacity(pattern.len() + 8);
        for c in pattern.chars() {
            match (self.dialect, c) {
                (Dialect::Sqlite, '?' | '[') => translated.extend(['[', c, ']']),
                (Dialect::Postgres, '*') => translated.push('%'),
                (Dialect::Postgres, '%' | '_' | '\\') => translated.extend(['\\', c]),
                (_, c) => translated.push(c),
            }
        }
        self.push(if self.dialect == Dialect::Sqlite { " GLOB " } else { " LIKE " }).text_value(&translated)
    }

    /// Names the index to use where the planner cannot know; PostgreSQL has statistics instead.
    pub(crate) fn indexed_by(&mut self, index: &str) -> &mut Self {
        if self.dialect == Dialect::Sqlite { self.push(" INDEXED BY ").push(index) } else { self }
    }
}

/// The number under which a life cycle is stored.
pub(crate) const fn kode(livscyklus: Livscyklus) -> i64 {
    match livscyklus {
        Livscyklus::Opstaaet => 0,
        Livscyklus::Importeret => 1,
        Livscyklus::Passiveret => 2,
        Livscyklus::Slettet => 3,
    }
}

/// The life cycle stored under a number.
pub(crate) fn livscyklus(kode: i64) -> Result<Livscyklus, crate::StoreFejl> {
    match kode {
        0 => Ok(Livscyklus::Opstaaet),
        1 => Ok(Livscyklus::Importeret),
        2 => Ok(Livscyklus::Passiveret),
        3 => Ok(Livscyklus::Slettet),
        _ => Err(crate::StoreFejl::database("ukendt livscyklus i databasen")),
    }
}

/// The owner stored under a number.
pub(crate) fn ejer(number: i64) -> Result<Cvr, crate::StoreFejl> {
    let cvr = u32::try_from(number).ok().and_then(Cvr::from_number);
    cvr.ok_or_else(|| crate::StoreFejl::database("ugyldigt CVR-nummer i databasen"))
}

macro_rules! put_entity {
    () => {
        "INSERT INTO entity (art, id, version, krop) \
        SELECT $1, $2, coalesce(max(version), 0) + 1, $3 FROM entity WHERE art = $1 AND id = $2 \
        HAVING $4 < 0 OR coalesce(max(version), 0) = $4 OR ($4 = 0 AND EXISTS (SELECT 1 FROM entity n \
        WHERE n.art = $1 AND n.id = $2 AND length(n.krop) = 0 \
        AND n.version = (SELECT max(s.version) FROM entity s WHERE s.art = $1 AND s.id = $2)))"
    };
}

/// Statements whose text is the same on both databases. Parameters appear in the order of their numbers, as SQLite counts
/// `$n` by first appearance.
pub(crate) mod texts {
    pub(crate) const LOAD: &str = "SELECT o.ejer, o.tidspunkt, o.livscyklus, r.krop FROM objekt o \
        JOIN registrering r ON r.objekt = o.id AND r.tidspunkt = o.tidspunkt WHERE o.id = $1 AND o.objekttype = $2";

    pub(crate) const HISTORY: &str = "SELECT o.ejer, r.krop FROM objekt o JOIN registrering r ON r.objekt = o.id \
        WHERE o.id = $1 AND o.objekttype = $2 ORDER BY r.tidspunkt";

    pub(crate) const HAENDELSER: &str = "SELECT id, objekt, objekttype, ejer, tidspunkt, handling, indeks, omslag \
        FROM haendelse WHERE fordelt IS NULL ORDER BY id LIMIT $1";

    pub(crate) const ENTITIES: &str = "SELECT e.id, e.version, e.krop FROM entity e WHERE e.art = $1 AND e.version = \
        (SELECT max(n.version) FROM entity n WHERE n.art = e.art AND n.id = e.id) ORDER BY e.id";

    /// Gives the new version, or nothing when `$4` is not the version in force (0 when there is none, or when it was
    /// removed: a removal is a version without a body).
    pub(crate) const PUT_ENTITY: &str = concat!(put_entity!(), " RETURNING version");

    /// The same, counted by the rows it changes.
    pub(crate) const PUT_ENTITY_COUNTED: &str = put_entity!();

    /// Changes one row, or none when another load of the file came first.
    pub(crate) const OVERTAGELSE: &str = "INSERT INTO overtagelse (id, version, tid, krop) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, tid = excluded.tid, krop = excluded.krop \
        WHERE overtagelse.version = excluded.version - 1";

    pub(crate) const ADGANGSLOG: &str = "SELECT tid, transaktion, system, myndighed, aftale, operation, objekttype, \
        objekter, antal, udfald, regel FROM adgangslog WHERE tid >= $1 AND tid < $2 ORDER BY tid LIMIT $3";

    pub(crate) const ADGANGSLOG_MYNDIGHED: &str = "SELECT tid, transaktion, system, myndighed, aftale, operation, \
        objekttype, objekter, antal, udfald, regel FROM adgangslog WHERE myndighed = $1 AND tid >= $2 AND tid < $3 \
        ORDER BY tid LIMIT $4";

    pub(crate) const ADGANGSLOG_TRANSAKTION: &str = "SELECT tid, transaktion, system, myndighed, aftale, operation, \
        objekttype, objekter, antal, udfald, regel FROM adgangslog WHERE transaktion = $1 ORDER BY tid LIMIT $2";

    pub(crate) const SEGL: &str =
        "SELECT nr, tid, forrige, antal, hash FROM segl WHERE nr > $1 ORDER BY nr LIMIT $2";

    pub(crate) const SEGL_SIDSTE: &str =
        "SELECT nr, tid, forrige, antal, hash FROM segl ORDER BY nr DESC LIMIT 1";

    pub(crate) const SEGL_NYT: &str =
        "INSERT INTO segl (nr, tid, forrige, antal, hash) VALUES ($1, $2, $3, $4, $5)";

    pub(crate) const SEGL_LINJER: &str = "SELECT tid, transaktion, system, myndighed, aftale, operation, objekttype, \
        objekter, antal, udfald, regel FROM adgangslog WHERE segl = $1";

    /// Lines without a seal, counted no further than `$1`.
    pub(crate) const USEGL: &str =
        "SELECT count(*) FROM (SELECT 1 FROM adgangslog WHERE segl IS NULL LIMIT $1) AS venter";

    /// Lines that claim a seal there is not.
    pub(crate) const UDEN_FOR_SEGL: &str = "SELECT a.segl, count(*) FROM adgangslog a WHERE a.segl IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM segl s WHERE s.nr = a.segl) GROUP BY a.segl ORDER BY a.segl LIMIT 1000";

    /// Every owner, by hopping through the index from one to the next.
    pub(crate) const EJERE: &str = "WITH RECURSIVE e(ejer) AS (SELECT min(ejer) FROM objekt UNION ALL \
        SELECT (SELECT min(o.ejer) FROM objekt o WHERE o.ejer > e.ejer) FROM e WHERE e.ejer IS NOT NULL) \
        SELECT ejer FROM e WHERE ejer IS NOT NULL";

    pub(crate) const LEVENDE: &str = "SELECT objekttype, count(*) FROM objekt WHERE livscyklus <= 1 GROUP BY objekttype ORDER BY objekttype";

    /// Answers when the database is there and is ours.
    pub(crate) const PING: &str = "SELECT count(*) FROM skema";

    pub(crate) const VENTER: &str = "SELECT count(*) FROM haendelse WHERE fordelt IS NULL";
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Sql, Value};

    #[track_caller]
    fn check(dialect: Dialect, pattern: &str, text: &str, value: &str) {
        let mut sql = Sql::new(dialect);
        sql.like(pattern);
        assert_eq!((sql.text.as_str(), &sql.values[0]), (text, &Value::Text(value.into())));
    }

    #[test]
    fn only_the_star_is_wild() {
        check(Dialect::Sqlite, "a*b?[c]%_", " GLOB $1", "a*b[?][[]c]%_");
        check(Dialect::Postgres, r"a*b?[c]%_\", " LIKE $1", r"a%b?[c]\%\_\\");
    }
}
