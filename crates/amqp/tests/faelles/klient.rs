//! The client: frames out of methods, and what comes back as lines of text.

use super::Proevemotor;
use amq_protocol::frame::{AMQPFrame, gen_frame, parse_frame};
use amq_protocol::protocol::{AMQPClass, basic, channel, connection};
use amq_protocol::types::{AMQPValue, FieldTable};
use amqp::Graenser;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub const HOVED: &[u8] = b"AMQP\0\0\x09\x01";

/// A frame with a method.
pub fn m(kanal: u16, metode: AMQPClass) -> Vec<u8> {
    gen_frame(&AMQPFrame::Method(kanal, metode))(Vec::new().into()).unwrap().into_inner().0
}
pub fn b(kanal: u16, metode: basic::AMQPMethod) -> Vec<u8> {
    m(kanal, AMQPClass::Basic(metode))
}
pub fn c(metode: connection::AMQPMethod) -> Vec<u8> {
    m(0, AMQPClass::Connection(metode))
}
/// Any frame.
pub fn raa(slags: u8, kanal: u16, indhold: &[u8]) -> Vec<u8> {
    let laengde = u32::try_from(indhold.len()).unwrap().to_be_bytes();
    [&[slags][..], &kanal.to_be_bytes(), &laengde, indhold, &[0xCE]].concat()
}
pub fn aabn(kanal: u16) -> Vec<u8> {
    m(kanal, AMQPClass::Channel(channel::AMQPMethod::Open(channel::Open {})))
}
pub fn forbrug(kanal: u16, koe: &str, tag: &str, no_ack: bool) -> Vec<u8> {
    b(
        kanal,
        basic::AMQPMethod::Consume(basic::Consume {
            queue: koe.into(),
            consumer_tag: tag.into(),
            no_local: false,
            no_ack,
            exclusive: false,
            nowait: false,
            arguments: FieldTable::default(),
        }),
    )
}
pub fn publish(kanal: u16, exchange: &str) -> Vec<u8> {
    b(
        kanal,
        basic::AMQPMethod::Publish(basic::Publish {
            exchange: exchange.into(),
            routing_key: "".into(),
            mandatory: true,
            immediate: false,
        }),
    )
}
pub fn egenskaber(token: &str) -> basic::AMQPProperties {
    let mut headers = FieldTable::default();
    headers.insert("tal".into(), AMQPValue::LongInt(1));
    headers.insert("token".into(), AMQPValue::LongString(token.into()));
    basic::AMQPProperties::default()
        .with_message_id("m".into())
        .with_correlation_id("k".into())
        .with_reply_to(amqp::SVARKOE.into())
        .with_headers(headers)
}
pub fn hoved(kanal: u16, laengde: u64, om: &basic::AMQPProperties) -> Vec<u8> {
    let hoved =
        amq_protocol::frame::AMQPContentHeader { class_id: 60, body_size: laengde, properties: om.clone() };
    gen_frame(&AMQPFrame::Header(kanal, hoved))(Vec::new().into()).unwrap().into_inner().0
}
/// A whole message with the sender's token.
pub fn besked(kanal: u16, krop: &str) -> Vec<u8> {
    besked_med(kanal, krop, &egenskaber("<afsend/>"))
}
pub fn besked_med(kanal: u16, krop: &str, om: &basic::AMQPProperties) -> Vec<u8> {
    let mut ud = [publish(kanal, amqp::EXCHANGE), hoved(kanal, krop.len() as u64, om)].concat();
    if !krop.is_empty() {
        ud.extend(raa(3, kanal, krop.as_bytes()));
    }
    ud
}
pub fn ack(kanal: u16, tag: u64, multiple: bool) -> Vec<u8> {
    b(kanal, basic::AMQPMethod::Ack(basic::Ack { delivery_tag: tag, multiple }))
}
pub fn qos(kanal: u16, antal: u16, global: bool) -> Vec<u8> {
    b(kanal, basic::AMQPMethod::Qos(basic::Qos { prefetch_count: antal, global }))
}
pub fn start_ok(mekanisme: &str, token: &str, luk: bool) -> Vec<u8> {
    let mut evner = FieldTable::default();
    for evne in ["consumer_cancel_notify", "connection.blocked"] {
        evner.insert(evne.into(), AMQPValue::Boolean(true));
    }
    evner.insert("authentication_failure_close".into(), AMQPValue::Boolean(luk));
    let mut om = FieldTable::default();
    om.insert("capabilities".into(), AMQPValue::FieldTable(evner));
    c(connection::AMQPMethod::StartOk(connection::StartOk {
        client_properties: om,
        mechanism: mekanisme.into(),
        response: token.into(),
        locale: "en_US".into(),
    }))
}
pub fn tune_ok(channel_max: u16, frame_max: u32, heartbeat: u16) -> Vec<u8> {
    c(connection::AMQPMethod::TuneOk(connection::TuneOk { channel_max, frame_max, heartbeat }))
}
pub fn open(vhost: &str) -> Vec<u8> {
    c(connection::AMQPMethod::Open(connection::Open { virtual_host: vhost.into() }))
}
pub fn luk() -> Vec<u8> {
    c(connection::AMQPMethod::Close(connection::Close {
        reply_code: 200,
        reply_text: "".into(),
        class_id: 0,
        method_id: 0,
    }))
}
pub fn goddag(token: &str, hjerteslag: u16) -> Vec<u8> {
    let tune = tune_ok(0, 0, hjerteslag);
    [HOVED.to_vec(), start_ok("EXTERNAL", token, true), tune, open("BF")].concat()
}

pub struct Klient {
    pub stream: DuplexStream,
    pub server: JoinHandle<()>,
    pub stop: watch::Sender<bool>,
    ind: Vec<u8>,
}

impl Klient {
    pub fn ny(motor: &Proevemotor, graenser: Graenser) -> Self {
        let (stream, deres) = tokio::io::duplex(1 << 20);
        let (stop, stopping) = watch::channel(false);
        let server = tokio::spawn(amqp::serve_connection(deres, None, motor.clone(), graenser, stopping));
        Self { stream, server, stop, ind: Vec::new() }
    }
    /// A connection that is open.
    pub async fn aaben(motor: &Proevemotor, token: &str) -> Self {
        let mut klient = Self::ny(motor, Graenser::default());
        klient.send(&goddag(token, 0)).await;
        assert_eq!(klient.laes().await, "0:Start 0:Tune 0:OpenOk");
        klient
    }
    pub async fn send(&mut self, bytes: &[u8]) {
        // The server may have hung up.
        let _ = self.stream.write_all(bytes).await;
    }
    /// Sends, waits until the server has nothing to do, and tells what it said.
    pub async fn sig(&mut self, bytes: &[u8]) -> String {
        self.send(bytes).await;
        self.laes().await
    }
    /// What the server has said. Time stands still, so sleeping means that all else is done.
    pub async fn laes(&mut self) -> String {
        let mut linjer = Vec::new();
        loop {
            tokio::select! {
                biased;
                n = self.stream.read_buf(&mut self.ind) => if n.unwrap_or(0) == 0 {
                    linjer.extend(self.rammer());
                    linjer.push("slut".to_owned());
                    break;
                },
                () = tokio::time::sleep(Duration::from_millis(10)) => {
                    linjer.extend(self.rammer());
                    break;
                }
            }
        }
        linjer.join(" ")
    }
    fn rammer(&mut self) -> Vec<String> {
        let mut ud = Vec::new();
        if self.ind == HOVED {
            self.ind.clear();
            return vec!["hoved".into()];
        }
        while let Ok((rest, ramme)) = parse_frame(&self.ind[..]) {
            self.ind = rest.to_vec();
            ud.push(linje(&ramme));
        }
        ud
    }
}

/// A frame in a word.
fn linje(ramme: &AMQPFrame) -> String {
    use basic::AMQPMethod as B;
    match ramme {
        AMQPFrame::Method(kanal, metode) => match metode {
            AMQPClass::Connection(connection::AMQPMethod::Close(l)) => {
                format!("0:luk({} {}.{})", l.reply_code, l.class_id, l.method_id)
            }
            AMQPClass::Channel(channel::AMQPMethod::Close(l)) => {
                format!("{kanal}:luk({} {}.{})", l.reply_code, l.class_id, l.method_id)
            }
            AMQPClass::Basic(B::Ack(a)) => {
                format!("{kanal}:Ack({}{})", a.delivery_tag, if a.multiple { "+" } else { "" })
            }
            AMQPClass::Basic(B::Nack(a)) => format!("{kanal}:Nack({})", a.delivery_tag),
            AMQPClass::Basic(B::Return(r)) => format!("{kanal}:Return({})", r.reply_code),
            AMQPClass::Basic(B::Deliver(d)) => {
                format!("{kanal}:Deliver({}{})", d.delivery_tag, if d.redelivered { "!" } else { "" })
            }
            AMQPClass::Basic(B::GetOk(d)) => {
                let igen = if d.redelivered { "!" } else { "" };
                format!("{kanal}:GetOk({}{igen} {})", d.delivery_tag, d.message_count)
            }
            AMQPClass::Queue(amq_protocol::protocol::queue::AMQPMethod::DeclareOk(d)) => {
                format!("{kanal}:DeclareOk({} {})", d.message_count, d.consumer_count)
            }
            andet => {
                let navn = format!("{andet:?}");
                format!("{kanal}:{}", navn.split('(').nth(1).unwrap_or_default())
            }
        },
        AMQPFrame::Header(_, hoved) => {
            let om = &hoved.properties;
            let tekst = |t: &Option<_>| t.as_ref().map(ToString::to_string).unwrap_or_default();
            let antal = om.headers().as_ref().and_then(|h| match h.inner().get("x-delivery-count") {
                Some(AMQPValue::LongLongInt(n)) => Some(format!(",{n}")),
                _ => None,
            });
            let ider = (tekst(om.message_id()), tekst(om.correlation_id()));
            assert_eq!(om.content_type().as_ref().unwrap().as_str(), "application/xml");
            format!("[{},{}{}]", ider.0, ider.1, antal.unwrap_or_default())
        }
        AMQPFrame::Body(_, krop) => match krop.len() {
            0..200 => {
                let tekst = String::from_utf8_lossy(krop);
                let tekst = tekst.replace(" xmlns=\"urn:oio:sagdok:3.0.0\"", "");
                tekst
                    .replace("<StandardRetur><StatusKode>", "{")
                    .replace("</StatusKode><FejlbeskedTekst>", ":")
                    .replace("</FejlbeskedTekst></StandardRetur>", "}")
                    .replace(' ', "_")
            }
            n => format!("krop*{n}"),
        },
        AMQPFrame::Heartbeat => "hjerte".into(),
        andet => format!("{andet:?}"),
    }
}
