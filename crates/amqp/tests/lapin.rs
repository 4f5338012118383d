//! A client we did not write, over TCP.

mod faelles;

use amqp::Graenser;
use faelles::{KOE, Proevemotor};
use futures_util::StreamExt;
use lapin::options::*;
use lapin::types::{AMQPValue, FieldTable, LongString};
use lapin::{BasicProperties, Connection, ConnectionProperties};

struct Token(&'static str);

impl lapin::auth::AuthProvider for Token {
    fn auth_starter(&self) -> Result<LongString, String> {
        Ok(self.0.into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lapin_sends_and_fetches() {
    let motor = Proevemotor::ny(2);
    let lytter = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("amqp://{}/BF", lytter.local_addr().unwrap());
    let deres = motor.clone();
    let (_stop, stopping) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        while let Ok((tcp, _)) = lytter.accept().await {
            tokio::spawn(amqp::serve_connection(
                tcp,
                None,
                deres.clone(),
                Graenser::default(),
                stopping.clone(),
            ));
        }
    });
    let om = ConnectionProperties::default().with_auth_provider(Token("<begge/>"));
    let forbindelse = Connection::connect(&uri, om).await.unwrap();
    let kanal = forbindelse.create_channel().await.unwrap();
    kanal.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let uden = BasicConsumeOptions { no_ack: true, ..Default::default() };
    let mut svar =
        kanal.basic_consume(amqp::SVARKOE.into(), "svar".into(), uden, FieldTable::default()).await.unwrap();
    let mut headers = FieldTable::default();
    headers.insert("token".into(), AMQPValue::LongString("<begge/>".into()));
    let egenskaber = BasicProperties::default()
        .with_message_id("m".into())
        .with_correlation_id("k".into())
        .with_reply_to(amqp::SVARKOE.into())
        .with_headers(headers);
    let bekraeft = kanal
        .basic_publish(amqp::EXCHANGE.into(), "".into(), BasicPublishOptions::default(), b"<b/>", egenskaber)
        .await
        .unwrap();
    assert!(bekraeft.await.unwrap().is_ack());
    let svaret = svar.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&svaret.data).contains("<StatusKode>20<"));
    assert_eq!(svaret.properties.correlation_id().as_ref().unwrap().as_str(), "k");

    let mut koe = kanal
        .basic_consume(
            KOE.to_string().into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();
    for nr in 1..=2 {
        let levering = koe.next().await.unwrap().unwrap();
        assert_eq!(levering.data, format!("<b{nr}/>").into_bytes());
        levering.ack(BasicAckOptions::default()).await.unwrap();
    }
    forbindelse.close(200, "".into()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(motor.laas().kvitteret.concat(), [1, 2]);
}
