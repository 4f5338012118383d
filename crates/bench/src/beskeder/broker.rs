//! A message broker as one client sees it: ours with TLS and tokens, or RabbitMQ with neither.

use super::tls::{self, Wire};
use anyhow::{Context, Result, ensure};
use futures_util::StreamExt;
use lapin::auth::AuthProvider;
use lapin::message::Delivery;
use lapin::options::*;
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer, PublisherConfirm};
use rustls::ClientConfig;
use std::sync::Arc;
use testkit::klient::{Demo, Klient, adskil};
use testkit::token::{self, Anvendersystem, nu};
use uuid::Uuid;

/// Where replies to messages are consumed.
const SVARKOE: &str = "amq.rabbitmq.reply-to";
/// `delivery-mode` of messages that outlive the broker.
const PERSISTENT: u8 = 2;
/// The exchange at RabbitMQ.
pub const BENCH: &str = "bench";
/// The header RabbitMQ routes by.
pub const HANDLING: &str = "handling";

/// One of the two.
#[derive(Debug, Clone)]
pub struct Broker {
    uri: String,
    exchange: ShortString,
    /// Sender and receiver, where it matters who they are.
    parter: Option<[Part; 2]>,
    /// What RabbitMQ is given instead of a token.
    headers: FieldTable,
}

/// A system that identifies itself by its certificate and a token.
#[derive(Debug, Clone)]
struct Part {
    tls: Arc<ClientConfig>,
    token: LongString,
}

impl AuthProvider for Part {
    fn auth_starter(&self) -> Result<LongString, String> {
        Ok(self.token.clone())
    }
}

impl Broker {
    /// A running demo. The tokens are asked for now and used for everything.
    pub async fn ours(demo: &Demo) -> Result<Self> {
        let besked = &demo.json["besked"];
        let afsender = Part::ny(demo, &besked["afsender"], &besked["audiences"]["afsend"]).await?;
        let modtager = Part::ny(demo, &besked["modtager"], &besked["audiences"]["modtag"]).await?;
        let uri = demo.json["amqps"].as_str().context("demo.json does not say amqps")?;
        let vhost = besked["vhost"].as_str().context("demo.json does not say besked.vhost")?;
        let exchange = besked["exchange"].as_str().context("demo.json does not say besked.exchange")?;
        let mut headers = FieldTable::default();
        headers.insert("token".into(), AMQPValue::LongString(afsender.token.clone()));
        Ok(Self {
            // The reactor encrypts; for lapin this is a plain connection.
            uri: format!("{}/{vhost}", uri.replace("amqps://", "amqp://")),
            exchange: exchange.into(),
            parter: Some([afsender, modtager]),
            headers,
        })
    }

    /// RabbitMQ. `handling` is what the headers exchange sees.
    pub fn rabbitmq(url: &str, handling: Uuid) -> Self {
        let mut headers = FieldTable::default();
        headers.insert(HANDLING.into(), AMQPValue::LongString(handling.to_string().into()));
        Self { uri: url.to_owned(), exchange: BENCH.into(), parter: None, headers }
    }

    async fn connect(&self, part: usize) -> Result<(Connection, Wire)> {
        let om = ConnectionProperties::default();
        Ok(match &self.parter {
            None => (Connection::connect(&self.uri, om).await?, Wire::default()),
            Some(parter) => {
                let part = parter[part].clone();
                let (runtime, wire) = tls::runtime(part.tls.clone());
                let om = om.with_auth_provider(part);
                (Connection::connect_with_runtime(&self.uri, om, runtime).await?, wire)
            }
        })
    }

    /// Who publishes, with confirms.
    pub async fn sender(&self) -> Result<Sender> {
        let (connection, _) = self.connect(0).await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let svar = match &self.parter {
            None => None,
            Some(_) => {
                let no_ack = BasicConsumeOptions { no_ack: true, ..BasicConsumeOptions::default() };
                let consumer =
                    channel.basic_consume(SVARKOE.into(), "svar".into(), no_ack, FieldTable::default());
                Some(consumer.await?)
            }
        };
        let mut properties =
            BasicProperties::default().with_headers(self.headers.clone()).with_delivery_mode(PERSISTENT);
        if svar.is_some() {
            properties = properties.with_reply_to(SVARKOE.into());
        }
        Ok(Sender { _connection: connection, channel, exchange: self.exchange.clone(), properties, svar })
    }

    /// Who consumes a queue.
    pub async fn receiver(&self, queue: &str, prefetch: u16) -> Result<Receiver> {
        let (connection, wire) = self.connect(1).await?;
        let channel = connection.create_channel().await?;
        channel.basic_qos(prefetch, BasicQosOptions::default()).await?;
        let consumer = channel
            .basic_consume(queue.into(), "".into(), BasicConsumeOptions::default(), FieldTable::default())
            .await?;
        Ok(Receiver { connection, wire, consumer })
    }

    /// How many messages wait in a queue and are not handed out.
    pub async fn depth(&self, queue: &str) -> Result<u32> {
        let (connection, _) = self.connect(1).await?;
        let channel = connection.create_channel().await?;
        let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let found = channel.queue_declare(queue.into(), passive, FieldTable::default()).await?;
        connection.close(200, "OK".into()).await?;
        Ok(found.message_count())
    }

    /// A channel for making queues; RabbitMQ only.
    pub async fn administration(&self) -> Result<(Connection, Channel)> {
        ensure!(self.parter.is_none(), "queues are made by the policy");
        let (connection, _) = self.connect(0).await?;
        let channel = connection.create_channel().await?;
        Ok((connection, channel))
    }
}

impl Part {
    async fn ny(demo: &Demo, navn: &serde_json::Value, audience: &serde_json::Value) -> Result<Self> {
        let systems = demo.json["systems"].as_array().context("demo.json has no systems")?;
        let index =
            systems.iter().position(|s| s["name"] == *navn).context("the system is not in demo.json")?;
        let audience = audience.as_str().context("demo.json does not say the audience")?;
        let til = demo.json["sts"]["wstrust"].as_str().context("demo.json does not say sts.wstrust")?;
        let cvr = demo.json["authorities"][0]["cvr"].as_str().context("demo.json has no authorities")?;
        let mut klient = Klient::connect(&adskil(til).0, demo.tls(None)?).await?;
        let nu = nu();
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{audience}/{}", nu.micros()).as_bytes());
        let besked = token::Besked { til, id, nu };
        let token = Anvendersystem::laes(demo, index)?.hent(&mut klient, &besked, audience, cvr).await?;
        Ok(Self { tls: demo.tls(Some(index))?, token: token.assertion.into() })
    }
}

/// Publishes, on a connection of its own.
pub struct Sender {
    _connection: Connection,
    channel: Channel,
    exchange: ShortString,
    properties: BasicProperties,
    /// Replies to what is published, from those who reply.
    pub svar: Option<Consumer>,
}

impl Sender {
    /// Publishes one message. What is given back is done when the broker has confirmed it.
    pub async fn publish(&self, id: Uuid, body: &[u8]) -> Result<PublisherConfirm> {
        let id = ShortString::from(id.to_string());
        let properties = self.properties.clone().with_message_id(id.clone()).with_correlation_id(id);
        let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        Ok(self.channel.basic_publish(self.exchange.clone(), "".into(), mandatory, body, properties).await?)
    }
}

/// Waits for a confirm, which must be an ack.
pub async fn confirmed(confirm: PublisherConfirm) -> Result<()> {
    let confirmation = confirm.await?;
    ensure!(confirmation.is_ack(), "the broker did not accept a message");
    ensure!(confirmation.take_message().is_none(), "the broker returned a message: no queue wants it");
    Ok(())
}

/// Consumes a queue, on a connection of its own.
pub struct Receiver {
    connection: Connection,
    wire: Wire,
    consumer: Consumer,
}

impl Receiver {
    /// The next message.
    pub async fn next(&mut self) -> Result<Delivery> {
        Ok(self.consumer.next().await.context("the consumer was cancelled")??)
    }

    /// Whether the client believes that it is connected.
    pub fn is_connected(&self) -> bool {
        self.connection.status().connected()
    }

    /// Ends it in good order, so that nothing acknowledged is under way.
    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close(200, "OK".into()).await?)
    }

    /// Loses the connection without a word.
    pub fn lose(self) -> Result<()> {
        Ok(self.wire.cut()?)
    }
}

/// The id a message was published with.
pub fn message_id(delivery: &Delivery) -> &str {
    delivery.properties.message_id().as_ref().map_or("", ShortString::as_str)
}
