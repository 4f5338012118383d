//! The conformance tests on PostgreSQL, each in a schema of its own on the server that `FUNDAMENT_TEST_POSTGRES` names.

mod conformance;

use store::{Database, Store};

/// The store of one test, in a new schema.
async fn open(test: &str) -> Store {
    let url =
        std::env::var("FUNDAMENT_TEST_POSTGRES").expect("FUNDAMENT_TEST_POSTGRES names a scratch server");
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
        .await
        .expect("a connection to the scratch server");
    let connection = tokio::spawn(connection);
    let fresh = format!(
        "SET client_min_messages = warning; DROP SCHEMA IF EXISTS {test} CASCADE; CREATE SCHEMA {test}"
    );
    client.batch_execute(&fresh).await.expect("a new schema");
    drop(client);
    connection.await.expect("the connection's task").expect("the connection ends in order");
    let join = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{join}options=-c%20search_path%3D{test}");
    Store::open(&Database::Postgres(url)).await.expect("a store on PostgreSQL")
}

conformance::suite!(open, #[ignore = "needs FUNDAMENT_TEST_POSTGRES; cargo xtask test starts one"]);
