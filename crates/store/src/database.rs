//! Which database a store opens.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// Nowhere: gone when the store is dropped. For tests.
    Memory,
    /// A SQLite file. One process at a time; not on a network disk.
    Sqlite(PathBuf),
    /// A PostgreSQL server, version 15 or newer, as a `postgres://` URL. `sslrootcert=FILE` in the URL demands TLS with a
    /// certificate issued by that file's authorities.
    Postgres(String),
}

impl FromStr for Database {
    type Err = Infallible;
    /// A text that begins `postgres://` or `postgresql://` is a URL; any other is a path.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let url = text.starts_with("postgres://") || text.starts_with("postgresql://");
        Ok(if url { Self::Postgres(text.to_owned()) } else { Self::Sqlite(text.into()) })
    }
}

impl std::fmt::Debug for Database {
    /// Without the URL, which holds a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory => f.write_str("Memory"),
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(***)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Database;

    #[test]
    fn a_url_is_postgres_and_anything_else_a_path() {
        let parse = |text: &str| text.parse::<Database>().expect("parsing cannot fail");
        assert_eq!(parse("postgres://a:b@c/d"), Database::Postgres("postgres://a:b@c/d".into()));
        assert_eq!(parse("postgresql://c/d"), Database::Postgres("postgresql://c/d".into()));
        assert_eq!(parse("data/fundament.sqlite"), Database::Sqlite("data/fundament.sqlite".into()));
    }

    #[test]
    fn the_password_is_not_printed() {
        let database = Database::Postgres("postgres://a:hemmelig@c/d".into());
        assert!(!format!("{database:?}").contains("hemmelig"));
    }
}
