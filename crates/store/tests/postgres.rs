//! The conformance tests on PostgreSQL, each in a schema of its own on the server that `FUNDAMENT_TEST_POSTGRES` names.

mod conformance;

use store::{Database, Store};

/// A connection to the scratch server.
async fn connect(
    url: &str,
) -> (tokio_postgres::Client, tokio::task::JoinHandle<Result<(), tokio_postgres::Error>>) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .expect("a connection to the scratch server");
    (client, tokio::spawn(connection))
}

/// The URL of one test's schema, which is made anew.
async fn fresh(test: &str) -> String {
    let url =
        std::env::var("FUNDAMENT_TEST_POSTGRES").expect("FUNDAMENT_TEST_POSTGRES names a scratch server");
    let (client, connection) = connect(&url).await;
    let fresh = format!(
        "SET client_min_messages = warning; DROP SCHEMA IF EXISTS {test} CASCADE; CREATE SCHEMA {test}"
    );
    client.batch_execute(&fresh).await.expect("a new schema");
    drop(client);
    connection.await.expect("the connection's task").expect("the connection ends in order");
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}options=-c%20search_path%3D{test}")
}

/// The store of one test, in a new schema.
async fn open(test: &str) -> Store {
    Store::open(&Database::Postgres(fresh(test).await)).await.expect("a store on PostgreSQL")
}

conformance::suite!(open, #[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]
async fn tampering_with_the_access_log_shows() {
    for (nr, (sql, expected)) in conformance::once::TAMPERINGS.iter().enumerate() {
        let url = fresh(&format!("tampering_{nr}")).await;
        let store = Store::open(&Database::Postgres(url.clone())).await.expect("a store");
        conformance::once::sealed(&store).await;
        let (client, _connection) = connect(&url).await;
        assert_eq!(client.execute(*sql, &[]).await.expect("done behind its back"), 1, "{sql}");
        conformance::once::found_out(&store, sql, expected).await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]
async fn tampering_with_the_change_log_shows() {
    for (nr, (sql, expected)) in conformance::modul::TAMPERINGS.iter().enumerate() {
        let url = fresh(&format!("tampering_chain_{nr}")).await;
        let store = Store::open(&Database::Postgres(url.clone())).await.expect("a store");
        conformance::modul::anchored(&store).await;
        let (client, _connection) = connect(&url).await;
        assert!(client.execute(*sql, &[]).await.expect("done behind its back") > 0, "{sql}");
        conformance::modul::found_broken(&store, sql, *expected).await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]
async fn what_is_removed_from_an_index_leaves_no_row() {
    let url = fresh("index_rows").await;
    let store = Store::open(&Database::Postgres(url.clone())).await.expect("a store");
    conformance::indeksveje::removed(&store).await;
    store.close().await;
    let (client, _connection) = connect(&url).await;
    for sql in conformance::indeksveje::INDHOLD {
        let antal: i64 = client.query_one(sql, &[]).await.expect("a number").get(0);
        assert_eq!(antal, 0, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]
async fn what_a_server_had_out_that_is_gone_comes_back_at_once() {
    use conformance::besked::{ANDEN, DUESLAG, LAANER, laan, laeg, numre};
    use conformance::scene::at;
    let url = fresh("gone").await;
    let en = Store::open(&Database::Postgres(url.clone())).await.expect("a store");
    let anden = Store::open(&Database::Postgres(url)).await.expect("another");
    for (store, laaner) in [(&en, LAANER), (&anden, ANDEN)] {
        store.er_i_live(laaner).await.expect("shown");
        store.er_i_live(laaner).await.expect("shown again");
    }
    laeg(&en, 4).await;
    let n = numre(&laan(&en, 2, LAANER, 20).await);
    assert!(en.tag_dueslag(DUESLAG, LAANER, at(20), at(90)).await.expect("asked"));
    assert!(anden.doede_laanere(ANDEN).await.expect("read").is_empty(), "it lives");
    assert_eq!(anden.frigiv_doed(LAANER).await.expect("a number"), 0, "and keeps what it has");
    en.close().await;
    // The connection ends in its own time.
    for forsoeg in 0.. {
        if anden.doede_laanere(ANDEN).await.expect("read") == [LAANER] {
            break;
        }
        assert!(forsoeg < 500, "it was not missed");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(anden.frigiv_doed(LAANER).await.expect("a number"), 2);
    assert!(anden.doede_laanere(ANDEN).await.expect("read").is_empty());
    let igen = laan(&anden, 9, ANDEN, 21).await;
    assert_eq!(numre(&igen)[..2], n, "in their places");
    assert_eq!(igen.iter().map(|post| post.genleveret).collect::<Vec<_>>(), [true, true, false, false]);
    assert!(
        anden.tag_dueslag(DUESLAG, ANDEN, at(21), at(90)).await.expect("asked"),
        "the dueslag is free too"
    );
    anden.close().await;
}
