//! Subscriptions by the thousand: as a policy file for ours, as bindings for RabbitMQ.

use super::besked::HANDLING;
use super::broker::{self, Broker};
use anyhow::Result;
use lapin::ExchangeKind;
use lapin::options::*;
use lapin::types::{AMQPValue, FieldTable};
use std::fmt::Write;
use uuid::Uuid;

/// How many get each message, whatever the number of subscriptions.
pub const TRAEFFER: usize = 10;

fn navn(nr: usize) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("bench/dueslag/{nr}").as_bytes())
}

/// The `ObjektHandling` that subscription number `nr` asks for.
fn handling(nr: usize) -> Uuid {
    if nr < TRAEFFER { HANDLING } else { Uuid::new_v5(&navn(nr), b"handling") }
}

/// So many subscriptions, each with a dueslag of its own, for messages of this type to this system. The first
/// [`TRAEFFER`] get the messages of the benchmark, less those that are `der_allerede`.
pub fn politik(antal: usize, der_allerede: usize, system: &str, beskedtype: &str) -> String {
    let mut text = String::with_capacity(antal * 500);
    for nr in der_allerede..antal {
        let (dueslag, handling) = (navn(nr), handling(nr));
        let abonnement = Uuid::new_v5(&dueslag, b"abonnement");
        let _ = write!(
            text,
            "[[dueslag]]\nuuid = \"{dueslag}\"\nnavn = \"Bench {nr:05}\"\nsystem = \"{system}\"\n\n\
             [[abonnementer]]\nuuid = \"{abonnement}\"\nnavn = \"Bench {nr:05}\"\ndueslag = \"{dueslag}\"\n\
             beskedtyper = [\"{beskedtype}\"]\nfilter = \"\"\"\
             Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektHandling.UUIDIdentifikator = '{handling}'\"\"\"\n\n"
        );
    }
    text
}

/// The same at RabbitMQ: an exchange (headers, when there is a choice to make), and so many durable queues, each with one binding. Whatever was there before
/// is deleted. The name of the first queue is given back.
pub async fn bindings(rabbitmq: &Broker, antal: usize) -> Result<String> {
    let (connection, channel) = rabbitmq.administration().await?;
    channel.exchange_delete(broker::BENCH.into(), ExchangeDeleteOptions::default()).await?;
    let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    // One queue needs no choosing.
    let kind = if antal == 1 { ExchangeKind::Fanout } else { ExchangeKind::Headers };
    channel.exchange_declare(broker::BENCH.into(), kind, durable, FieldTable::default()).await?;
    for nr in 0..antal {
        let queue = navn(nr).to_string();
        channel.queue_delete(queue.clone().into(), QueueDeleteOptions::default()).await?;
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(queue.clone().into(), durable, FieldTable::default()).await?;
        let mut headers = FieldTable::default();
        headers.insert("x-match".into(), AMQPValue::LongString("all".into()));
        headers.insert(broker::HANDLING.into(), AMQPValue::LongString(handling(nr).to_string().into()));
        let bind = QueueBindOptions::default();
        channel.queue_bind(queue.into(), broker::BENCH.into(), "".into(), bind, headers).await?;
    }
    connection.close(200, "OK".into()).await?;
    Ok(navn(0).to_string())
}

/// Deletes the queues again.
pub async fn slet(rabbitmq: &Broker, antal: usize) -> Result<()> {
    let (connection, channel) = rabbitmq.administration().await?;
    for nr in 0..antal {
        channel.queue_delete(navn(nr).to_string().into(), QueueDeleteOptions::default()).await?;
    }
    Ok(connection.close(200, "OK".into()).await?)
}
