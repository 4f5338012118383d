//! The conformance tests on SQLite, in memory and in a file, and what only a file can show.

mod conformance;

use conformance::scene::*;
use std::path::PathBuf;
use store::{Database, Store, StoreFejl};

mod memory {
    use store::{Database, Store};

    async fn open(_test: &str) -> Store {
        Store::open(&Database::Memory).await.expect("a store in memory")
    }

    crate::conformance::suite!(open);
}

mod file {
    use store::{Database, Store};

    async fn open(test: &str) -> Store {
        Store::open(&Database::Sqlite(crate::fresh(test))).await.expect("a store in a file")
    }

    crate::conformance::suite!(open);
}

/// A path where no database is yet.
fn fresh(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("store").join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder.join("fundament.sqlite")
}

#[tokio::test]
async fn what_was_answered_is_there_after_opening_again() {
    let database = Database::Sqlite(fresh("again"));
    let store = Store::open(&database).await.expect("a store");
    must(append(&store, vec![ny(1, 10, titler(&["a"]))]).await);
    store.log(&as_owner(korsbaek()), at(6), &[id(1)]).await;
    store.close().await;
    assert!(append(&store, vec![ny(2, 10, vec![])]).await.is_err(), "a closed store writes nothing");
    assert!(store.ping().await.is_err(), "a closed store reads nothing");
    let store = Store::open(&database).await.expect("the store again");
    assert_eq!(found(&store, &soegning(vec![hvor(TITEL, lig("a"), 0)])).await, [1]);
    let log = store.adgangslog(at(0), at(100), 10).await.expect("the log");
    assert_eq!(log.len(), 2, "closing writes the queued lines");
}

#[tokio::test]
async fn one_process_at_a_time() {
    let database = Database::Sqlite(fresh("lock"));
    let first = Store::open(&database).await.expect("a store");
    let Err(StoreFejl::Skema(text)) = Store::open(&database).await else {
        panic!("the second must be refused")
    };
    assert!(text.contains("i brug af en anden proces"), "{text}");
    first.close().await;
    Store::open(&database).await.expect("free again");
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let path = fresh("newer");
    let database = Database::Sqlite(path.clone());
    Store::open(&database).await.expect("a store").close().await;
    let sql = "INSERT INTO skema (nummer, navn, kontrolsum) VALUES (1000, 'fremtid', 0)";
    rusqlite::Connection::open(path).expect("the file").execute(sql, []).expect("a row");
    let Err(StoreFejl::Skema(text)) = Store::open(&database).await else { panic!("must be refused") };
    assert!(text.contains("1000"), "{text}");
}
