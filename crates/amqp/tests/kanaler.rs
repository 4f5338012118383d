//! What each sequence of frames on an open connection is answered by.

mod faelles;

use amq_protocol::protocol::{
    AMQPClass, access, basic, basic::AMQPMethod as B, channel, confirm, exchange, queue, tx,
};
use amq_protocol::types::FieldTable;
use faelles::klient::*;
use faelles::{KOE, PAUSET, PUSH, Proevemotor};

fn get(koe: &str, no_ack: bool) -> Vec<u8> {
    b(1, B::Get(basic::Get { queue: koe.into(), no_ack }))
}
fn declare(koe: &str, passive: bool) -> Vec<u8> {
    let metode = queue::Declare {
        queue: koe.into(),
        passive,
        durable: false,
        exclusive: false,
        auto_delete: false,
        nowait: false,
        arguments: FieldTable::default(),
    };
    m(1, AMQPClass::Queue(queue::AMQPMethod::Declare(metode)))
}
fn exchange(navn: &str, passive: bool) -> Vec<u8> {
    let metode = exchange::Declare {
        exchange: navn.into(),
        kind: "direct".into(),
        passive,
        durable: false,
        auto_delete: false,
        internal: false,
        nowait: false,
        arguments: FieldTable::default(),
    };
    m(1, AMQPClass::Exchange(exchange::AMQPMethod::Declare(metode)))
}
fn luk_ok(kanal: u16) -> Vec<u8> {
    m(kanal, AMQPClass::Channel(channel::AMQPMethod::CloseOk(channel::CloseOk {})))
}

#[tokio::test(start_paused = true)]
async fn frames_are_answered() {
    let koe = KOE.to_string();
    let kun_hoved =
        |laengde| [publish(1, amqp::EXCHANGE), hoved(1, laengde, &egenskaber("<begge/>"))].concat();
    let svar = forbrug(1, amqp::SVARKOE, "svar", true);
    let immediate = basic::Publish {
        exchange: amqp::EXCHANGE.into(),
        routing_key: "".into(),
        mandatory: false,
        immediate: true,
    };
    let purge = queue::AMQPMethod::Purge(queue::Purge { queue: koe.as_str().into(), nowait: false });
    let adgang = access::AMQPMethod::Request(access::Request {
        realm: "x".into(),
        exclusive: false,
        passive: false,
        active: false,
        write: false,
        read: false,
    });
    let uden_reply = basic::AMQPProperties::default().with_reply_to("andet".into());
    let recover = |requeue| b(1, B::Recover(basic::Recover { requeue }));
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        // Frames.
        ("unknown type", raa(9, 1, b""), "0:luk(501 0.0)"),
        ("end marker wrong", [&[8, 0, 0, 0, 0, 0, 0][..], &[0]].concat(), "0:luk(501 0.0)"),
        ("too large", [&[3, 0, 1][..], &131_065u32.to_be_bytes()].concat(), "0:luk(501 0.0)"),
        ("heartbeat", raa(8, 0, b""), ""),
        ("heartbeat on a channel", raa(8, 1, b""), "0:luk(503 0.0)"),
        ("body on channel 0", raa(3, 0, b"x"), "0:luk(505 0.0)"),
        ("unknown class", raa(1, 1, &[0, 99, 0, 10]), "0:luk(540 99.10)"),
        ("unknown method", raa(1, 1, &[0, 60, 0, 99]), "0:luk(540 60.99)"),
        ("method cut off", raa(1, 1, &[0, 60, 0, 40, 0]), "0:luk(502 60.40)"),
        ("method too long", raa(1, 1, &[0, 20, 0, 11, 0, 0, 0, 0, 7]), "0:luk(502 20.11)"),
        ("no method at all", raa(1, 1, &[0, 20]), "0:luk(502 0.0)"),
        ("properties cut off", [publish(1, amqp::EXCHANGE), raa(2, 1, &[0, 60])].concat(), "0:luk(502 0.0)"),
        // Channels.
        ("unknown channel", ack(2, 1, false), "0:luk(504 60.80)"),
        ("body on unknown channel", raa(3, 2, b"x"), "0:luk(504 0.0)"),
        ("opened twice", aabn(1), "0:luk(504 20.10)"),
        ("channel too high", aabn(2048), "0:luk(504 20.10)"),
        ("basic on channel 0", ack(0, 1, false), "0:luk(503 60.80)"),
        (
            "connection on a channel",
            m(
                1,
                AMQPClass::Connection(amq_protocol::protocol::connection::AMQPMethod::CloseOk(
                    amq_protocol::protocol::connection::CloseOk {},
                )),
            ),
            "0:luk(503 10.51)",
        ),
        ("open again", open("BF"), "0:luk(503 10.40)"),
        ("from server to client", b(1, B::GetEmpty(basic::GetEmpty {})), "0:luk(503 60.72)"),
        (
            "flow",
            m(1, AMQPClass::Channel(channel::AMQPMethod::Flow(channel::Flow { active: false }))),
            "1:FlowOk",
        ),
        ("close", luk(), "0:CloseOk slut"),
        // Contents.
        ("header unexpected", hoved(1, 1, &egenskaber("")), "0:luk(505 0.0)"),
        ("body unexpected", raa(3, 1, b"x"), "0:luk(505 0.0)"),
        ("method for header", [publish(1, amqp::EXCHANGE), ack(1, 1, false)].concat(), "0:luk(505 60.80)"),
        ("body for header", [publish(1, amqp::EXCHANGE), raa(3, 1, b"x")].concat(), "0:luk(505 0.0)"),
        (
            "class wrong",
            [publish(1, amqp::EXCHANGE), raa(2, 1, &[0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])].concat(),
            "0:luk(505 0.0)",
        ),
        (
            "body too long",
            [svar.clone(), kun_hoved(1), raa(3, 1, b"xx")].concat(),
            "1:ConsumeOk 0:luk(501 0.0)",
        ),
        // Publishing.
        ("unknown exchange", publish(1, "x"), "1:luk(404 60.40)"),
        ("default exchange", publish(1, ""), "1:luk(404 60.40)"),
        ("immediate", b(1, B::Publish(immediate)), "0:luk(540 60.40)"),
        ("no reply consumer", kun_hoved(0), "1:luk(406 60.40)"),
        ("strange reply-to", besked_med(1, "", &uden_reply), "1:luk(406 60.40)"),
        (
            "rest is ignored after an error",
            [publish(1, "x"), hoved(1, 1, &egenskaber("")), raa(3, 1, b"x"), luk_ok(1), aabn(1)].concat(),
            "1:luk(404 60.40) 1:OpenOk",
        ),
        ("open before close-ok", [publish(1, "x"), aabn(1)].concat(), "1:luk(404 60.40) 0:luk(504 20.10)"),
        // Queues and exchanges.
        ("passive", declare(&koe, true), "1:DeclareOk(2 0)"),
        ("passive, upper case", declare(&koe.to_uppercase(), true), "1:DeclareOk(2 0)"),
        ("passive, replies", declare(amqp::SVARKOE, true), "1:DeclareOk(0 1)"),
        ("passive, unknown", declare("x", true), "1:luk(404 50.10)"),
        ("active", declare(&koe, false), "1:luk(403 50.10)"),
        ("purge", m(1, AMQPClass::Queue(purge)), "1:luk(403 50.30)"),
        ("exchange", exchange(amqp::EXCHANGE, true), "1:DeclareOk"),
        ("exchange unknown", exchange("x", true), "1:luk(404 40.10)"),
        ("exchange active", exchange("x", false), "1:luk(403 40.10)"),
        ("tx", m(1, AMQPClass::Tx(tx::AMQPMethod::Select(tx::Select {}))), "0:luk(540 90.10)"),
        ("access", m(1, AMQPClass::Access(adgang)), "0:luk(540 30.10)"),
        (
            "confirm",
            m(1, AMQPClass::Confirm(confirm::AMQPMethod::Select(confirm::Select { nowait: false }))),
            "1:SelectOk",
        ),
        // Consuming.
        ("unknown queue", forbrug(1, &uuid::Uuid::nil().to_string(), "a", false), "1:luk(404 60.20)"),
        ("no name", forbrug(1, "", "a", false), "1:luk(404 60.20)"),
        ("push", forbrug(1, &PUSH.to_string(), "a", false), "1:luk(405 60.20)"),
        ("paused", forbrug(1, &PAUSET.to_string(), "a", false), "1:luk(403 60.20)"),
        ("replies with ack", forbrug(1, amqp::SVARKOE, "a", false), "1:luk(406 60.20)"),
        ("replies twice", [svar.clone(), svar.clone()].concat(), "1:ConsumeOk 1:ConsumeOk"),
        (
            "tag in use",
            [forbrug(1, &koe, "svar", false), svar].concat(),
            "1:ConsumeOk 1:Deliver(1) [transaktion-1,besked-1,0] <b1/> 0:luk(530 60.20)",
        ),
        ("prefetch-size", raa(1, 1, &[0, 60, 0, 10, 0, 0, 0, 1, 0, 1, 0]), "0:luk(540 60.10)"),
        ("unknown tag", ack(1, 1, false), "1:luk(406 60.80)"),
        ("unknown tags", ack(1, 1, true), "1:luk(406 60.80)"),
        ("all of none", ack(1, 0, true), ""),
        (
            "reject unknown",
            b(1, B::Reject(basic::Reject { delivery_tag: 1, requeue: true })),
            "1:luk(406 60.90)",
        ),
        (
            "nack unknown",
            b(1, B::Nack(basic::Nack { delivery_tag: 1, multiple: false, requeue: true })),
            "1:luk(406 60.120)",
        ),
        ("recover", recover(true), "1:RecoverOk"),
        ("recover without requeue", recover(false), "0:luk(540 60.110)"),
        (
            "cancel of nobody",
            b(1, B::Cancel(basic::Cancel { consumer_tag: "x".into(), nowait: false })),
            "1:CancelOk",
        ),
        ("get", get(&koe, false), "1:GetOk(1 1) [transaktion-1,besked-1,0] <b1/>"),
        (
            "get by the name declared",
            [declare(&koe, true), get("", false)].concat(),
            "1:DeclareOk(2 0) 1:GetOk(1 1) [transaktion-1,besked-1,0] <b1/>",
        ),
        (
            "get twice on empty",
            [get(&koe, true), get(&koe, true), get(&koe, true)].concat(),
            "1:GetOk(1 1) [transaktion-1,besked-1,0] <b1/> 1:GetOk(2 0) [transaktion-2,besked-2,0] <b2/> 1:GetEmpty",
        ),
        ("get push", get(&PUSH.to_string(), false), "1:luk(405 60.70)"),
    ];
    for (navn, ind, ventet) in table {
        let mut klient = Klient::aaben(&Proevemotor::ny(2), "<begge/>").await;
        assert_eq!(klient.sig(&aabn(1)).await, "1:OpenOk");
        assert_eq!(klient.sig(&ind).await, ventet, "{navn}");
        drop(klient.stream);
        assert!(klient.server.await.is_ok(), "{navn}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_gives_only_its_own_rights() {
    let koe = KOE.to_string();
    for (token, ind, ventet) in [
        ("<afsend/>", forbrug(1, &koe, "a", false), "1:luk(403 60.20)"),
        ("<afsend/>", get(&koe, false), "1:luk(403 60.70)"),
        ("<afsend/>", declare(&koe, true), "1:luk(403 50.10)"),
        ("<modtag/>", publish(1, amqp::EXCHANGE), "1:luk(403 60.40)"),
        ("<modtag/>", forbrug(1, amqp::SVARKOE, "a", true), "1:luk(403 60.20)"),
    ] {
        let mut klient = Klient::aaben(&Proevemotor::ny(2), token).await;
        assert_eq!(klient.sig(&aabn(1)).await, "1:OpenOk");
        assert_eq!(klient.sig(&ind).await, ventet);
    }
}
