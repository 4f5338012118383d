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
