//! The handshake, byte by byte.

mod faelles;

use amqp::Graenser;
use faelles::Proevemotor;
use faelles::klient::*;
use std::time::Duration;

const SVAR: &str = "0:Start";

#[tokio::test(start_paused = true)]
async fn the_handshake_is_judged() {
    let hoved = HOVED.to_vec();
    let start = |token: &str| [HOVED.to_vec(), start_ok("EXTERNAL", token, true)].concat();
    let til_open = |vhost: &str| [start("<afsend/>"), tune_ok(0, 0, 60), open(vhost)].concat();
    let stor = format!("<afsend/>{}", "x".repeat(60_000));
    let for_stor = format!("<afsend/>{}", "x".repeat(66_000));
    let table: Vec<(&str, Vec<u8>, String)> = vec![
        ("http", b"GET / HTTP/1.1\r\n".to_vec(), "hoved slut".into()),
        ("amqp 1.0", b"AMQP\0\x01\0\0".to_vec(), "hoved slut".into()),
        ("good", til_open("BF"), format!("{SVAR} 0:Tune 0:OpenOk")),
        ("other vhost", til_open("/"), format!("{SVAR} 0:Tune 0:luk(530 10.40)")),
        (
            "plain",
            [&hoved[..], &start_ok("PLAIN", "\0a\0b", true)].concat(),
            format!("{SVAR} 0:luk(403 10.11)"),
        ),
        ("bad token", start("<hej/>"), format!("{SVAR} 0:luk(403 10.11)")),
        (
            "bad token, silently",
            [&hoved[..], &start_ok("EXTERNAL", "x", false)].concat(),
            format!("{SVAR} slut"),
        ),
        ("large token", start(&stor), format!("{SVAR} 0:Tune")),
        ("too large token", start(&for_stor), format!("{SVAR} 0:luk(501 0.0)")),
        (
            "frame-max too small",
            [start("<afsend/>"), tune_ok(0, 100, 0)].concat(),
            format!("{SVAR} 0:Tune 0:luk(530 10.31)"),
        ),
        (
            "frame-max too large",
            [start("<afsend/>"), tune_ok(0, 1 << 20, 0)].concat(),
            format!("{SVAR} 0:Tune 0:luk(530 10.31)"),
        ),
        (
            "channel-max too large",
            [start("<afsend/>"), tune_ok(3000, 0, 0)].concat(),
            format!("{SVAR} 0:Tune 0:luk(530 10.31)"),
        ),
        ("tune-ok first", [&hoved[..], &tune_ok(0, 0, 0)].concat(), format!("{SVAR} 0:luk(503 0.0)")),
        ("channel first", [&hoved[..], &aabn(1)].concat(), format!("{SVAR} 0:luk(503 20.10)")),
        ("body first", [&hoved[..], &raa(3, 0, b"x")].concat(), format!("{SVAR} 0:luk(505 0.0)")),
        ("unknown frame", [&hoved[..], &raa(4, 0, b"x")].concat(), format!("{SVAR} 0:luk(501 0.0)")),
        (
            "half a method",
            [&hoved[..], &raa(1, 0, &[0, 10, 0, 11, 0])].concat(),
            format!("{SVAR} 0:luk(502 10.11)"),
        ),
        ("close early", [&hoved[..], &luk()].concat(), format!("{SVAR} 0:CloseOk slut")),
    ];
    for (navn, ind, ventet) in table {
        let mut klient = Klient::ny(&Proevemotor::ny(0), Graenser::default());
        assert_eq!(klient.sig(&ind).await, ventet, "{navn}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handshake_takes_no_longer_than_it_may() {
    for ind in [&b""[..], b"AMQP", HOVED] {
        let mut klient = Klient::ny(&Proevemotor::ny(0), Graenser::default());
        klient.sig(ind).await;
        tokio::time::sleep(Duration::from_secs(11)).await;
        assert_eq!(klient.laes().await, "slut");
        assert!(klient.server.await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn connections_are_counted() {
    let graenser = Graenser::med_forbindelser(1);
    let motor = Proevemotor::ny(0);
    let mut foerste = Klient::ny(&motor, graenser.clone());
    assert_eq!(foerste.sig(HOVED).await, SVAR);
    assert_eq!(Klient::ny(&motor, graenser.clone()).sig(HOVED).await, "slut");
    drop(foerste);
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert_eq!(Klient::ny(&motor, graenser).sig(HOVED).await, SVAR);
}

#[tokio::test(start_paused = true)]
async fn hearts_beat_both_ways() {
    let mut klient = Klient::ny(&Proevemotor::ny(0), Graenser::default());
    klient.sig(&goddag("<afsend/>", 10)).await;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert!(klient.sig(&raa(8, 0, b"")).await.starts_with("hjerte"));
    }
    tokio::time::sleep(Duration::from_secs(26)).await;
    let sagt = klient.laes().await;
    assert!(sagt.starts_with("hjerte") && sagt.ends_with("slut"), "{sagt}");
}
