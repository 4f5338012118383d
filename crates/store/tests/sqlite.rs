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

#[tokio::test]
async fn tampering_with_the_access_log_shows() {
    for (nr, (sql, expected)) in conformance::once::TAMPERINGS.iter().enumerate() {
        let path = fresh(&format!("tampering_{nr}"));
        let store = Store::open(&Database::Sqlite(path.clone())).await.expect("a store");
        conformance::once::sealed(&store).await;
        let db = rusqlite::Connection::open(path).expect("the file");
        assert_eq!(db.execute(sql, []).expect("done behind its back"), 1, "{sql}");
        conformance::once::found_out(&store, sql, expected).await;
        store.close().await;
    }
}

#[tokio::test]
async fn tampering_with_the_change_log_shows() {
    for (nr, (sql, expected)) in conformance::modul::TAMPERINGS.iter().enumerate() {
        let path = fresh(&format!("tampering_chain_{nr}"));
        let store = Store::open(&Database::Sqlite(path.clone())).await.expect("a store");
        conformance::modul::anchored(&store).await;
        let db = rusqlite::Connection::open(path).expect("the file");
        assert!(db.execute(sql, []).expect("done behind its back") > 0, "{sql}");
        conformance::modul::found_broken(&store, sql, *expected).await;
        store.close().await;
    }
}

#[tokio::test]
async fn a_store_can_be_looked_at_while_it_is_in_use() {
    let path = fresh("readonly");
    let database = Database::Sqlite(path.clone());
    assert!(Store::open_readonly(&database).await.is_err(), "there is none yet");
    assert!(!path.exists(), "looking makes nothing");
    let store = Store::open(&database).await.expect("a store");
    conformance::once::sealed(&store).await;
    let beside = Store::open_readonly(&database).await.expect("beside it");
    assert_eq!(beside.adgangslog(at(0), at(100), 100).await.expect("the log").len(), 7);
    must(append(&store, vec![ny(1, 60, vec![])]).await);
    assert_eq!(
        beside.adgangslog(at(0), at(100), 100).await.expect("the log").len(),
        8,
        "what is new as well"
    );
    assert!(append(&beside, vec![ny(2, 10, vec![])]).await.is_err(), "it writes nothing");
    assert!(beside.engangs(&[[0; 32]], at(1), at(0)).await.is_err(), "nothing at all");
    beside.close().await;
    store.close().await;
    let alone = Store::open_readonly(&database).await.expect("when nobody uses it");
    assert!(alone.efterproev_log(None).await.expect("computed").brud.is_empty());
    alone.close().await;
    let newer = rusqlite::Connection::open(&path).expect("the file");
    newer.execute("DELETE FROM skema WHERE nummer = (SELECT max(nummer) FROM skema)", []).expect("a row");
    let Err(StoreFejl::Skema(text)) = Store::open_readonly(&database).await else {
        panic!("must be refused")
    };
    assert!(text.contains("ældre udgave"), "{text}");
}

/// The state a process leaves that is killed: copies of the files as they are.
async fn killed(from: &std::path::Path, test: &str) -> Store {
    let to = fresh(test);
    for suffix in ["", "-wal"] {
        let with = |path: &std::path::Path| format!("{}{suffix}", path.display());
        std::fs::copy(with(from), with(&to)).expect("a copy");
    }
    let store = Store::open(&Database::Sqlite(to)).await.expect("the store again");
    store.glem_laan().await.expect("written");
    store
}

#[tokio::test]
async fn a_killed_process_leaves_index_objects_whole() {
    use conformance::indeks::{PART, alt, altid, haendelse, ny, opdateret, skriv};
    let path = fresh("killed_index");
    let store = Store::open(&Database::Sqlite(path.clone())).await.expect("a store");
    let mut alle = vec![ny(1, 10, vec![altid(PART, b"a")]), ny(1, 11, vec![]), ny(2, 10, vec![])];
    alle[0].haendelse = haendelse("Importer");
    assert_eq!(skriv(&store, alle).await, [true, false, true]);
    assert_eq!(skriv(&store, vec![opdateret(1, 10, 20, vec![altid(PART, b"b")])]).await, [true]);
    let efter = killed(&path, "killed_index_after").await;
    assert_eq!(
        alt(&efter).await,
        alt(&store).await,
        "what was answered is there, all of it and nothing else"
    );
    efter.close().await;
    store.close().await;
}

#[tokio::test]
async fn what_is_removed_from_an_index_leaves_no_row() {
    let path = fresh("index_rows");
    let store = Store::open(&Database::Sqlite(path.clone())).await.expect("a store");
    conformance::indeksveje::removed(&store).await;
    store.close().await;
    let db = rusqlite::Connection::open(path).expect("the file");
    for sql in conformance::indeksveje::INDHOLD {
        let antal: i64 = db.query_row(sql, [], |row| row.get(0)).expect("a number");
        assert_eq!(antal, 0, "{sql}");
    }
}

#[tokio::test]
async fn a_killed_process_says_of_what_it_had_out_that_it_may_have_been_handed_out() {
    use conformance::besked::{ANDET, DUESLAG, LAANER, besked, laan, laeg, numre};
    let path = fresh("killed");
    let store = Store::open(&Database::Sqlite(path.clone())).await.expect("a store");
    laeg(&store, 3).await;
    let alle = numre(&laan(&store, 2, LAANER, 20).await);
    store.kvitter(DUESLAG, &alle[..1], at(21)).await.expect("written");
    store.laeg_besked(besked(9, &[ANDET])).await.expect("stored");
    let efter = killed(&path, "killed_after").await;
    let igen = laan(&efter, 9, LAANER, 30).await;
    assert_eq!(numre(&igen)[0], alle[1], "in its place");
    let genleveret: Vec<bool> = igen.iter().map(|post| post.genleveret).collect();
    assert_eq!(genleveret, [true, false], "that one, and not the next");
    let andre = efter.laan(ANDET, 9, LAANER, at(30), at(90)).await.expect("a loan");
    assert!(!andre[0].genleveret, "nothing was lent from there");
    // What came after is new, and what is killed again remembers.
    laeg_en(&efter, 7).await;
    assert!(!laan(&efter, 9, LAANER, 31).await[0].genleveret);
    efter.close().await;
    // Giving back and closing properly leaves nothing to doubt.
    store.frigiv(LAANER, &[(DUESLAG, alle[1], None)]).await.expect("given back");
    store.close().await;
    let store = Store::open(&Database::Sqlite(path)).await.expect("the store again");
    store.glem_laan().await.expect("written");
    assert!(laan(&store, 9, LAANER, 40).await.iter().all(|post| !post.genleveret));
    store.close().await;
}

async fn laeg_en(store: &Store, n: u8) {
    store.laeg_besked(conformance::besked::besked(n, &[conformance::besked::DUESLAG])).await.expect("stored");
}

#[tokio::test]
async fn a_place_that_is_used_again_is_found() {
    use conformance::besked::{DUESLAG, LAANER, laan, laeg, numre};
    let store = Store::open(&Database::Memory).await.expect("a store");
    laeg(&store, 1).await;
    let nr = numre(&laan(&store, 1, LAANER, 20).await);
    for _ in 0..3 {
        store
            .til_fejlkoe(DUESLAG, &nr, store::Fejlaarsag::Udloebet, None, None, at(21))
            .await
            .expect("written");
        assert_eq!(store.fra_fejlkoe(DUESLAG, &nr, at(22)).await.expect("written"), 1);
        assert_eq!(store.venter_i(&[DUESLAG], at(23)).await.expect("read"), [DUESLAG]);
        assert_eq!(numre(&laan(&store, 9, LAANER, 23).await), nr);
    }
}
