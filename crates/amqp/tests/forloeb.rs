//! Sending, fetching and going away, step by step.

mod faelles;

use amq_protocol::protocol::{AMQPClass, basic, basic::AMQPMethod as B, channel, confirm};
use amqp::{Graenser, Indtag, Kald};
use faelles::klient::*;
use faelles::{KOE, Proevemotor, UDLOEB};
use std::time::Duration;

async fn afsender(motor: &Proevemotor) -> Klient {
    let mut klient = Klient::aaben(motor, "<afsend/>").await;
    let select = AMQPClass::Confirm(confirm::AMQPMethod::Select(confirm::Select { nowait: true }));
    let ind = [aabn(1), m(1, select), forbrug(1, amqp::SVARKOE, "svar", true)].concat();
    assert_eq!(klient.sig(&ind).await, "1:OpenOk 1:ConsumeOk");
    klient
}
async fn modtager(motor: &Proevemotor, ind: &[u8]) -> (Klient, String) {
    let mut klient = Klient::aaben(motor, "<modtag/>").await;
    let sagt = klient.sig(&[&aabn(1), ind].concat()).await;
    (klient, sagt)
}
fn koe() -> String {
    KOE.to_string()
}
fn nack(tag: u64, multiple: bool, requeue: bool) -> Vec<u8> {
    b(1, B::Nack(basic::Nack { delivery_tag: tag, multiple, requeue }))
}
fn luk_kanal() -> Vec<u8> {
    let luk = channel::Close { reply_code: 200, reply_text: "".into(), class_id: 0, method_id: 0 };
    m(1, AMQPClass::Channel(channel::AMQPMethod::Close(luk)))
}
fn leveret(tag: u64, nr: u64) -> String {
    format!("1:Deliver({tag}) [transaktion-{nr},besked-{nr},0] <b{nr}/>")
}

#[tokio::test(start_paused = true)]
async fn a_message_is_answered_and_confirmed() {
    let motor = Proevemotor::ny(0);
    let mut klient = afsender(&motor).await;
    let ok = "1:Deliver(1) [m,k] {20:OK} 1:Ack(1)";
    assert_eq!(klient.sig(&besked(1, "<b/>")).await, ok);
    // In several frames, and of nothing.
    let hele = [publish(1, amqp::EXCHANGE), hoved(1, 4, &egenskaber("<afsend/>"))].concat();
    let dele = [hele, raa(3, 1, b"<c"), raa(8, 0, b""), raa(3, 1, b""), raa(3, 1, b"/>")].concat();
    for bid in dele.chunks(5) {
        klient.send(bid).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(klient.laes().await, "1:Deliver(2) [m,k] {20:OK} 1:Ack(2)");
    assert_eq!(klient.sig(&besked(1, "")).await, "1:Deliver(3) [m,k] {20:OK} 1:Ack(3)");
    assert_eq!(
        klient.sig(&besked(1, "kode 43")).await,
        "1:Deliver(4) [m,k] {43:nej_&amp;_&lt;nej&gt;} 1:Ack(4)"
    );
    assert_eq!(
        klient.sig(&besked(1, "kode 50")).await,
        "1:Deliver(5) [m,k] {50:nej_&amp;_&lt;nej&gt;} 1:Nack(5)"
    );
    let kald = Kald { transaktion: "m".into(), korrelation: "k".into() };
    let modtaget = motor.laas().modtaget.clone();
    assert_eq!(
        modtaget.iter().map(|(k, _)| &k[..]).collect::<Vec<_>>(),
        [&b"<b/>"[..], b"<c/>", b"", b"kode 43", b"kode 50"]
    );
    assert!(modtaget.iter().all(|(_, k)| *k == kald));
}

#[tokio::test(start_paused = true)]
async fn many_are_under_way_at_once() {
    let motor = Proevemotor::ny(0);
    let mut klient = afsender(&motor).await;
    let navne = ["vent1", "vent2", "vent3", "b4", "vent5"];
    let alle: Vec<u8> = navne.iter().flat_map(|n| besked(1, n)).collect();
    assert_eq!(klient.sig(&alle).await, "1:Deliver(1) [m,k] {20:OK} 1:Ack(4)");
    let orden: Vec<_> =
        motor.laas().modtaget.iter().map(|(k, _)| String::from_utf8_lossy(k).into_owned()).collect();
    assert_eq!(orden, navne);
    motor.slip("vent2");
    motor.slip("vent1");
    let to = "1:Deliver(2) [m,k] {20:OK} 1:Deliver(3) [m,k] {20:OK} 1:Ack(2+)";
    assert_eq!(klient.laes().await, to);
    // The channel goes; its answers go nowhere, and its number may be used again.
    assert_eq!(klient.sig(&[luk_kanal(), aabn(1)].concat()).await, "1:CloseOk 1:OpenOk");
    motor.slip("vent3");
    motor.slip("vent5");
    assert_eq!(klient.laes().await, "");
}

#[tokio::test(start_paused = true)]
async fn no_more_are_under_way_than_may_be() {
    let motor = Proevemotor::ny(0);
    let graenser = Graenser { i_gang: 2, ..Graenser::default() };
    let mut klient = Klient::ny(&motor, graenser);
    klient.sig(&goddag("<afsend/>", 0)).await;
    let mut ind = [aabn(1), forbrug(1, amqp::SVARKOE, "svar", true)].concat();
    ["vent1", "vent2", "b3", "b4"].iter().for_each(|n| ind.extend(besked(1, n)));
    klient.sig(&ind).await;
    assert_eq!(motor.laas().modtaget.len(), 2);
    motor.slip("vent2");
    klient.laes().await;
    assert_eq!(motor.laas().modtaget.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_a_message_is_told_in_its_reply() {
    let motor = Proevemotor::ny(0);
    let mut klient = afsender(&motor).await;
    let uden_token = basic::AMQPProperties::default()
        .with_message_id("m".into())
        .with_correlation_id("k".into())
        .with_reply_to(amqp::SVARKOE.into());
    let uden_id = {
        let mut headers = amq_protocol::types::FieldTable::default();
        headers.insert("token".into(), amq_protocol::types::AMQPValue::LongString("<afsend/>".into()));
        basic::AMQPProperties::default()
            .with_correlation_id("k".into())
            .with_reply_to(amqp::SVARKOE.into())
            .with_headers(headers)
    };
    let ugyldig = "{41:Token_mangler_eller_er_ugyldig}";
    for (om, ventet) in [
        (egenskaber("<hej/>"), ugyldig),
        (egenskaber("<modtag/>"), ugyldig),
        (egenskaber("<afsend anden/>"), ugyldig),
        (uden_token, ugyldig),
        (egenskaber("<udloebet/>"), "{41:Token_er_udløbet}"),
        (egenskaber("<afsend fornyet/>"), "{20:OK}"),
    ] {
        let sagt = klient.sig(&besked_med(1, "<b/>", &om)).await;
        assert!(sagt.contains(ventet), "{sagt}");
    }
    assert!(
        klient.sig(&besked_med(1, "<b/>", &uden_id)).await.contains("{40:Egenskaben_message-id_mangler}")
    );
    // Known, but now expired.
    motor.laas().nu = UDLOEB + 61_000_000;
    assert!(klient.sig(&besked(1, "<b/>")).await.contains("{41:Token_er_udløbet}"));
    assert_eq!(motor.laas().modtaget.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_too_large_is_thrown_away_and_refused() {
    let motor = Proevemotor::ny(0);
    let mut klient = afsender(&motor).await;
    let stykke = vec![b'x'; 131_064];
    let ialt = stykke.len() as u64 * 9;
    klient.send(&[publish(1, amqp::EXCHANGE), hoved(1, ialt, &egenskaber("<hej/>"))].concat()).await;
    for _ in 0..9 {
        assert!(!klient.laes().await.contains("Deliver"));
        klient.send(&raa(3, 1, &stykke)).await;
    }
    assert_eq!(klient.laes().await, "1:Deliver(1) [m,k] {40:Beskeden_er_for_stor} 1:Ack(1)");
    assert_eq!(klient.sig(&besked(1, "<b/>")).await, "1:Deliver(2) [m,k] {20:OK} 1:Ack(2)");
    // Many half ones are too much as well.
    let mange = (2..=80u16).flat_map(|kanal| {
        let om = basic::AMQPProperties::default();
        let hele = [aabn(kanal), publish(kanal, amqp::EXCHANGE), hoved(kanal, 1 << 20, &om)].concat();
        [hele, raa(3, kanal, &stykke)].concat()
    });
    let mut sagt = String::new();
    for bid in mange.collect::<Vec<_>>().chunks(1 << 19) {
        sagt = klient.sig(bid).await;
        if sagt.contains("luk") {
            break;
        }
    }
    assert!(sagt.contains("0:luk(506 0.0)"), "{sagt}");
}

#[tokio::test(start_paused = true)]
async fn senders_wait_while_the_engine_is_full() {
    let motor = Proevemotor::ny(0);
    let mut klient = afsender(&motor).await;
    motor.indtag.send_replace(Indtag::Fuld);
    assert_eq!(klient.laes().await, "0:Blocked");
    assert_eq!(klient.sig(&besked(1, "<b/>")).await, "");
    motor.indtag.send_replace(Indtag::Aaben);
    assert_eq!(klient.laes().await, "0:Unblocked 1:Deliver(1) [m,k] {20:OK} 1:Ack(1)");
    motor.indtag.send_replace(Indtag::Lukket);
    assert_eq!(klient.laes().await, "0:Blocked");
}

#[tokio::test(start_paused = true)]
async fn one_message_at_a_time_unless_more_are_asked_for() {
    let motor = Proevemotor::ny(4);
    let (mut klient, sagt) = modtager(&motor, &forbrug(1, &koe(), "", false)).await;
    assert_eq!(sagt, format!("1:OpenOk 1:ConsumeOk {}", leveret(1, 1)));
    assert_eq!(klient.laes().await, "");
    assert_eq!(klient.sig(&ack(1, 1, false)).await, leveret(2, 2));
    assert_eq!(motor.laas().kvitteret, [[1]]);
    let flere = [qos(1, 2, false), forbrug(1, &koe(), "to", false)].concat();
    assert_eq!(klient.sig(&flere).await, format!("1:QosOk 1:ConsumeOk {} {}", leveret(3, 3), leveret(4, 4)));
    assert_eq!(klient.sig(&ack(1, 4, true)).await, "");
    assert_eq!(motor.laas().kvitteret, [vec![1], vec![2], vec![3, 4]]);
    assert_eq!(klient.sig(&ack(1, 4, true)).await, "1:luk(406 60.80)");
}

#[tokio::test(start_paused = true)]
async fn prefetch_of_a_channel_and_its_cap() {
    let motor = Proevemotor::ny(150);
    let ind = [qos(1, 3, true), forbrug(1, &koe(), "a", false), forbrug(1, &koe(), "b", false)].concat();
    let (mut klient, sagt) = modtager(&motor, &ind).await;
    assert_eq!(sagt.matches("Deliver").count(), 3);
    assert_eq!(klient.sig(&ack(1, 2, true)).await.matches("Deliver").count(), 2);
    drop(klient);
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert_eq!(motor.venter().len(), 148);
    for antal in [0, 500] {
        let (_klient, sagt) =
            modtager(&motor, &[qos(1, antal, false), forbrug(1, &koe(), "a", false)].concat()).await;
        assert_eq!(sagt.matches("Deliver").count(), 100);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_goes_back_or_to_the_fejlkoe() {
    let motor = Proevemotor::ny(3);
    let (mut klient, _) =
        modtager(&motor, &[qos(1, 2, false), forbrug(1, &koe(), "a", false)].concat()).await;
    // 1 and 2 are out. The second goes back, and comes before the third.
    assert_eq!(klient.sig(&nack(2, false, true)).await, "1:Deliver(3!) [transaktion-2,besked-2,1] <b2/>");
    assert_eq!(klient.sig(&nack(3, true, false)).await, leveret(4, 3));
    assert_eq!(motor.laas().fejlkoe, [1, 2]);
    let igen = klient.sig(&b(1, B::Recover(basic::Recover { requeue: true }))).await;
    assert_eq!(igen, "1:RecoverOk 1:Deliver(5!) [transaktion-3,besked-3,1] <b3/>");
    // After a cancel it may still be settled.
    let annuller = b(1, B::Cancel(basic::Cancel { consumer_tag: "a".into(), nowait: false }));
    assert_eq!(klient.sig(&annuller).await, "1:CancelOk");
    motor.laeg(4, "<b4/>");
    assert_eq!(klient.laes().await, "");
    assert_eq!(klient.sig(&ack(1, 5, false)).await, "");
    assert_eq!(motor.laas().kvitteret, [[3]]);
    assert_eq!(motor.venter(), [4]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_settled_goes_back_when_the_channel_or_the_connection_goes() {
    let motor = Proevemotor::ny(3);
    let tre = [qos(1, 3, false), forbrug(1, &koe(), "a", false)].concat();
    let (mut klient, _) = modtager(&motor, &tre).await;
    assert_eq!(motor.venter(), [] as [i64; 0]);
    assert_eq!(klient.sig(&[ack(1, 2, false), luk_kanal()].concat()).await, "1:CloseOk");
    assert_eq!((motor.venter(), motor.laas().kvitteret.clone()), (vec![1, 3], vec![vec![2]]));
    let (klient, sagt) = modtager(&motor, &tre).await;
    assert!(sagt.contains("1:Deliver(1!) [transaktion-1,besked-1,1] <b1/> 1:Deliver(2!)"), "{sagt}");
    drop(klient.stream);
    klient.server.await.unwrap();
    assert_eq!(motor.venter(), [1, 3]);
    // And without settlement they are settled when they are written.
    let (_klient, sagt) = modtager(&motor, &forbrug(1, &koe(), "a", true)).await;
    assert_eq!(sagt.matches("Deliver").count(), 2);
    assert_eq!(motor.laas().kvitteret.concat(), [2, 1, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_can_be_stopped_and_a_dueslag_closed() {
    let motor = Proevemotor::ny(0);
    let (mut klient, _) = modtager(&motor, &forbrug(1, &koe(), "a", false)).await;
    let flow = |active| m(1, AMQPClass::Channel(channel::AMQPMethod::Flow(channel::Flow { active })));
    assert_eq!(klient.sig(&flow(false)).await, "1:FlowOk");
    motor.laeg(1, "<b1/>");
    assert_eq!(klient.laes().await, "");
    assert_eq!(klient.sig(&flow(true)).await, format!("1:FlowOk {}", leveret(1, 1)));
    klient.sig(&ack(1, 1, false)).await;
    motor.nedlaeg();
    assert_eq!(klient.laes().await, "1:Cancel");
    assert_eq!(klient.sig(&forbrug(1, &koe(), "a", false)).await, "1:luk(404 60.20)");
}

#[tokio::test(start_paused = true)]
async fn bodies_are_cut_to_the_frames_agreed() {
    let motor = Proevemotor::ny(0);
    motor.laeg(1, vec![b'x'; 10_000]);
    let mut klient = Klient::ny(&motor, Graenser::default());
    klient
        .sig(
            &[HOVED.to_vec(), start_ok("EXTERNAL", "<modtag/>", true), tune_ok(1, 4096, 0), open("BF")]
                .concat(),
        )
        .await;
    let sagt = klient.sig(&[aabn(1), forbrug(1, &koe(), "a", false)].concat()).await;
    assert!(sagt.ends_with("krop*4088 krop*4088 krop*1824"), "{sagt}");
    assert_eq!(klient.sig(&aabn(2)).await, "0:luk(504 20.10)");
}

#[tokio::test(start_paused = true)]
async fn a_connection_outlives_its_token_by_five_minutes() {
    let motor = Proevemotor::ny(0);
    let mut klient = Klient::aaben(&motor, "<modtag/>").await;
    motor.laas().nu = UDLOEB + 299_000_000;
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(klient.laes().await, "");
    motor.laas().nu = UDLOEB + 300_000_000;
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert!(klient.laes().await.starts_with("0:luk(320 0.0)"));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_finishes_what_it_has_begun() {
    let motor = Proevemotor::ny(0);
    let mut klient = afsender(&motor).await;
    klient.sig(&besked(1, "vent")).await;
    klient.stop.send_replace(true);
    assert_eq!(klient.laes().await, "");
    motor.slip("vent");
    assert_eq!(klient.laes().await, "1:Deliver(1) [m,k] {20:OK} 1:Ack(1) 0:luk(320 0.0)");
    klient.server.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_settlement_that_fails_ends_the_connection() {
    let motor = Proevemotor::ny(1);
    let (mut klient, _) = modtager(&motor, &forbrug(1, &koe(), "a", false)).await;
    motor.laas().kvittering_fejler = true;
    assert_eq!(klient.sig(&ack(1, 1, false)).await, "0:luk(541 0.0)");
}
