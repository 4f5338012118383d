//! Pushing to a receiver, with the clock turned by hand.

use crate::scene::{DAG, SAPA, Scene, TEST1, id, tekst, vent};
use administration::{Abonnement, Aftaletilstand, Dueslag, Dueslagstilstand, Leveringsmaade};
use beskedfordeler::{Callbackdom, Fordeler, IkkeKaldt, push_klient};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Drift, Fejlaarsag, Tilstand};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// An HTTP answer.
#[derive(Clone)]
struct Svar {
    status: u16,
    hoveder: &'static str,
    krop: String,
}

fn kvittering(kode: u16) -> String {
    format!(
        "  <?xml version=\"1.0\" standalone=\"yes\"?>\n<o:ModtagBeskedOutput xmlns:o=\"urn:oio:sts:1.0.0\" \
         xmlns:s=\"urn:oio:sagdok:3.0.0\"><s:StandardRetur><s:StatusKode>{kode}</s:StatusKode>\
         <s:FejlbeskedTekst>Ok</s:FejlbeskedTekst></s:StandardRetur></o:ModtagBeskedOutput>"
    )
}

fn svar(status: u16, kode: u16) -> Svar {
    Svar { status, hoveder: "", krop: kvittering(kode) }
}

fn tomt(status: u16) -> Svar {
    Svar { status, hoveder: "", krop: String::new() }
}

/// What a receiver was sent.
#[derive(Debug, Clone)]
struct Faaet {
    hoved: String,
    krop: String,
}

impl Faaet {
    fn hoved(&self, navn: &str) -> Option<&str> {
        let linjer = self.hoved.lines().filter_map(|linje| linje.split_once(": "));
        linjer.filter(|(n, _)| n.eq_ignore_ascii_case(navn)).map(|(_, vaerdi)| vaerdi).next()
    }

    fn nummer(&self) -> u128 {
        Uuid::try_parse(self.hoved("x-besked-id").expect("an id")).expect("a UUID").as_u128()
    }
}

#[derive(Default)]
struct Indre {
    svar: VecDeque<Svar>,
    /// What it answers when nothing is planned.
    ellers: Option<Svar>,
    faaet: Vec<Faaet>,
}

/// A receiver: answers as planned, and remembers.
struct Modtager {
    url: String,
    indre: Arc<Mutex<Indre>>,
    /// Whether it answers; until it does, it only receives.
    svarer: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Modtager {
    async fn ny() -> Self {
        let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url =
            format!("http://{}/besked/modtag?noegle=hemmelig", lytter.local_addr().expect("an address"));
        let indre: Arc<Mutex<Indre>> = Arc::default();
        let (svarer, venter) = watch::channel(true);
        let delt = indre.clone();
        let server = tokio::spawn(async move {
            while let Ok((stroem, _)) = lytter.accept().await {
                tokio::spawn(betjen(stroem, delt.clone(), venter.clone()));
            }
        });
        Self { url, indre, svarer, server }
    }

    fn svarer(&self, svar: impl IntoIterator<Item = Svar>) {
        self.indre.lock().expect("nobody panicked with it").svar.extend(svar);
    }

    fn svarer_altid(&self, svar: Svar) {
        self.indre.lock().expect("nobody panicked with it").ellers = Some(svar);
    }

    fn faaet(&self) -> Vec<Faaet> {
        self.indre.lock().expect("nobody panicked with it").faaet.clone()
    }

    fn numre(&self) -> Vec<u128> {
        self.faaet().iter().map(Faaet::nummer).collect()
    }

    async fn venter_paa(&self, antal: usize) {
        vent(&format!("{antal} calls"), async || (self.faaet().len() >= antal).then_some(())).await;
    }
}

impl Drop for Modtager {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn betjen(mut stroem: TcpStream, indre: Arc<Mutex<Indre>>, mut svarer: watch::Receiver<bool>) {
    let mut laest = Vec::new();
    let ende = loop {
        let mut del = [0; 8192];
        match stroem.read(&mut del).await {
            Ok(0) | Err(_) => return,
            Ok(antal) => laest.extend_from_slice(&del[..antal]),
        }
        if let Some(ende) = laest.windows(4).position(|fire| fire == b"\r\n\r\n") {
            break ende + 4;
        }
    };
    let mut faaet = Faaet { hoved: tekst(&laest[..ende]).to_owned(), krop: String::new() };
    let laengde: usize = faaet.hoved("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
    let mut krop = laest[ende..].to_vec();
    while krop.len() < laengde {
        let mut del = [0; 8192];
        match stroem.read(&mut del).await {
            Ok(0) | Err(_) => return,
            Ok(antal) => krop.extend_from_slice(&del[..antal]),
        }
    }
    faaet.krop = tekst(&krop).to_owned();
    let svar = {
        let mut indre = indre.lock().expect("nobody panicked with it");
        indre.faaet.push(faaet);
        let planlagt = indre.svar.pop_front().or_else(|| indre.ellers.clone());
        planlagt.unwrap_or_else(|| svar(200, 20))
    };
    if svarer.wait_for(|svarer| *svarer).await.is_err() {
        return;
    }
    let Svar { status, hoveder, krop } = svar;
    let hoved = format!(
        "HTTP/1.1 {status} Svar\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n{hoveder}\r\n",
        krop.len()
    );
    let _ = stroem.write_all(hoved.as_bytes()).await;
    let _ = stroem.write_all(krop.as_bytes()).await;
    let _ = stroem.shutdown().await;
}

/// A scene with one PUSH dueslag and its receiver.
struct Push {
    scene: Scene,
    slag: Uuid,
    modtager: Modtager,
    koerer: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl Push {
    /// Nothing is pushed yet.
    async fn ny() -> Self {
        let (scene, modtager) = (Scene::ny().await, Modtager::ny().await);
        let slag = id(0xd1);
        scene
            .politik(|p| {
                let push = Dueslag::ny(slag, "push", SAPA);
                p.dueslag.push(Dueslag {
                    maade: Leveringsmaade::Push,
                    url: Some(modtager.url.clone()),
                    ..push
                });
                p.abonnementer.push(Abonnement::ny(id(0xa1), "alt", slag, vec![TEST1]));
            })
            .await;
        Self { scene, slag, modtager, koerer: Vec::new(), stop: watch::Sender::new(false) }
    }

    /// It is.
    fn begynd(&mut self) {
        let fordeler = self.scene.fordeler.clone();
        self.begynd_paa(fordeler);
    }

    fn begynd_paa(&mut self, fordeler: Fordeler) {
        let klient = push_klient(reqwest::Client::builder()).expect("a client");
        self.koerer.push(tokio::spawn(fordeler.push(klient, self.stop.subscribe())));
    }

    async fn med(antal: u128, svar: impl IntoIterator<Item = Svar>) -> Self {
        let mut push = Self::ny().await;
        push.modtager.svarer(svar);
        push.scene.laeg_flere(1, antal).await;
        push.begynd();
        push
    }

    async fn drift(&self) -> Drift {
        let drift = self.scene.app.store().drift(self.slag).await.expect("the store");
        drift.unwrap_or_else(|| Drift::ny(self.slag))
    }

    /// Looks for what waits at once.
    async fn vaek(&self) {
        self.scene.fordeler.genkoe(id(0xffff), &[], "test").await.expect("the store");
    }

    /// How it is when so many attempts of the first message have failed.
    async fn efter(&self, forsoeg: u32) -> Drift {
        vent(&format!("attempt {forsoeg}"), async || {
            let drift = self.drift().await;
            (drift.forsoeg == forsoeg && drift.naeste.is_some()).then_some(drift)
        })
        .await
    }

    /// Turns the clock to the next attempt, and gives how long that is in seconds.
    async fn til_naeste(&self, drift: &Drift) -> f64 {
        let (nu, naeste) = (self.scene.app.now(), drift.naeste.expect("a next attempt"));
        self.scene.stil_uret(naeste);
        self.vaek().await;
        (naeste.micros() - nu.micros()) as f64 / 1e6
    }

    async fn leveret(&self, besked: u128) {
        vent(&format!("delivery of {besked}"), async || {
            let placeret = self.scene.placering(besked, self.slag).await?;
            (placeret.tilstand == Tilstand::Leveret).then_some(())
        })
        .await;
    }
}

impl Drop for Push {
    fn drop(&mut self) {
        self.koerer.iter().for_each(JoinHandle::abort);
    }
}

#[tokio::test]
async fn messages_are_posted_in_order_as_the_specification_says() {
    let push = Push::med(20, []).await;
    push.leveret(20).await;
    assert_eq!(push.modtager.numre(), (1..=20).collect::<Vec<_>>());
    let foerste = &push.modtager.faaet()[0];
    assert!(foerste.hoved.starts_with("POST /besked/modtag?noegle=hemmelig HTTP/1.1"), "{}", foerste.hoved);
    assert_eq!(foerste.hoved("content-type"), Some("application/xml; charset=UTF-8"));
    assert_eq!(foerste.hoved("accept"), Some("application/xml, text/xml"));
    assert_eq!(foerste.hoved("x-transaktions-id"), Some("transaktion"));
    assert_eq!(foerste.hoved("x-leveranceforsoeg"), Some("1"));
    let dokument = xml::Document::parse(&foerste.krop).expect("XML");
    let rod = dokument.root_element();
    assert!(rod.has_tag_name(("urn:oio:sts:1.0.0", "ModtagBeskedInput")));
    let besked = rod.first_element_child().expect("a message");
    let kuvert = besked::Kuvert::laes_element(besked).expect("it keeps the schema");
    assert_eq!(kuvert.besked_id, id(1).to_string());
    assert!(foerste.krop.contains("<besked:AntalLeveranceforsoeg>1<"));
    assert!(foerste.krop.contains("vilkårligt  indhold"));
    assert_eq!(push.drift().await, Drift::ny(push.slag), "nothing is wrong");
    vent("the counters", async || {
        let tal = push.scene.fordeler.tal().dueslag[&push.slag];
        ((tal.ud, tal.forsoeg, tal.fejl) == (20, 20, 0)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_the_receiver_showed_of_itself_stays_known() {
    let mut push = Push::ny().await;
    let certifikat = Some(push.scene.app.now());
    let store = push.scene.app.store();
    store.gem_drift(&Drift { certifikat, ..Drift::ny(push.slag) }).await.expect("the store");
    push.modtager.svarer([svar(503, 53)]);
    push.scene.laeg_flere(1, 1).await;
    push.begynd();
    let drift = push.efter(1).await;
    assert_eq!(drift.certifikat, certifikat, "when it fails");
    push.til_naeste(&drift).await;
    push.leveret(1).await;
    let igen = vent("a good end", async || {
        let drift = push.drift().await;
        drift.siden.is_none().then_some(drift)
    });
    assert_eq!(igen.await, Drift { certifikat, ..Drift::ny(push.slag) }, "and when it goes well again");
}

#[tokio::test]
async fn what_is_sent_later_is_pushed_at_once() {
    let mut push = Push::ny().await;
    push.begynd();
    tokio::time::sleep(Duration::from_millis(60)).await;
    push.scene.laeg_flere(1, 1).await;
    push.leveret(1).await;
}

#[tokio::test]
async fn a_stop_waits_for_the_answer_and_leaves_the_rest_to_who_comes_next() {
    let mut push = Push::ny().await;
    push.modtager.svarer.send_replace(false);
    push.scene.laeg_flere(1, 2).await;
    push.begynd();
    push.modtager.venter_paa(1).await;
    push.stop.send_replace(true);
    tokio::time::sleep(Duration::from_millis(60)).await;
    push.modtager.svarer.send_replace(true);
    push.koerer.pop().expect("it was begun").await.expect("it ends by itself");
    push.leveret(1).await;
    assert_eq!(push.modtager.numre(), [1], "nothing new was begun");
    push.stop.send_replace(false);
    push.begynd();
    push.leveret(2).await;
    assert_eq!(push.modtager.numre(), [1, 2]);
}

#[tokio::test]
async fn a_refusal_is_tried_three_times_and_the_queue_goes_on() {
    for (status, kode) in [(200, 40), (400, 40), (200, 51), (500, 55)] {
        let push = Push::med(2, [svar(status, kode), svar(status, kode), svar(status, kode)]).await;
        for forsoeg in 1..=2 {
            let drift = push.efter(forsoeg).await;
            assert_eq!((drift.http, drift.statuskode, drift.alarm), (Some(status), Some(kode), false));
            push.til_naeste(&drift).await;
        }
        push.leveret(2).await;
        assert_eq!(push.modtager.numre(), [1, 1, 1, 2]);
        let forsoeg: Vec<_> =
            push.modtager.faaet().iter().map(|f| f.hoved("x-leveranceforsoeg").unwrap().to_owned()).collect();
        assert_eq!(forsoeg, ["1", "2", "3", "1"]);
        assert!(push.modtager.faaet()[2].krop.contains("<besked:AntalLeveranceforsoeg>3<"));
        let fejl = push.scene.fejlkoe(push.slag).await;
        assert_eq!(fejl.len(), 1);
        assert_eq!(
            (fejl[0].aarsag, fejl[0].http, fejl[0].statuskode),
            (Fejlaarsag::AfvistAfModtager, Some(status), Some(kode))
        );
        assert_eq!(push.drift().await, Drift::ny(push.slag));
    }
}

#[tokio::test]
async fn what_may_pass_stops_the_queue_until_it_has() {
    let for_stort =
        Svar { status: 200, hoveder: "", krop: format!("{}{}", kvittering(20), " ".repeat(70_000)) };
    let omdirigering =
        Svar { status: 302, hoveder: "location: http://127.0.0.1:1/\r\n", krop: kvittering(20) };
    for (svaret, http, status, fejl) in [
        (svar(503, 53), Some(503), Some(53), "modtageren svarede 503 med StatusKode 53"),
        (svar(200, 41), Some(200), Some(41), "modtageren svarede 200 med StatusKode 41"),
        (svar(200, 50), Some(200), Some(50), "StatusKode 50"),
        (tomt(200), Some(200), None, "modtageren svarede 200 uden en kvittering"),
        (tomt(202), Some(202), None, "uden en kvittering"),
        (tomt(204), Some(204), None, "uden en kvittering"),
        (tomt(429), Some(429), None, "uden en kvittering"),
        (svar(202, 20), Some(202), Some(20), "modtageren svarede 202"),
        (svar(500, 20), Some(500), Some(20), "modtageren svarede 500"),
        (Svar { krop: "<html>OK</html>".into(), ..tomt(200) }, Some(200), None, "uden en kvittering"),
        (omdirigering, Some(302), Some(20), "modtageren svarede 302"),
        (for_stort, Some(200), None, "svaret er for stort"),
    ] {
        let push = Push::med(2, [svaret]).await;
        let drift = push.efter(1).await;
        assert_eq!((drift.http, drift.statuskode), (http, status), "{fejl}");
        assert!(drift.fejl.as_deref().unwrap_or_default().contains(fejl), "{fejl}: {drift:?}");
        assert!(!drift.alarm && !drift.pauset && drift.siden == Some(push.scene.app.now()), "{drift:?}");
        push.vaek().await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(push.modtager.numre(), [1], "nothing before its time");
        push.til_naeste(&drift).await;
        push.leveret(2).await;
        assert_eq!(push.modtager.numre(), [1, 1, 2]);
        assert_eq!(push.drift().await, Drift::ny(push.slag), "all is well again");
    }
}

#[tokio::test]
async fn a_receiver_that_cannot_be_reached_is_tried_again_without_telling_its_address() {
    let push = Push::ny().await;
    push.scene.politik(|p| p.dueslag[0].url = Some("http://127.0.0.1:1/?noegle=hemmelig".into())).await;
    let mut push = push;
    push.scene.laeg_flere(1, 1).await;
    push.begynd();
    let drift = push.efter(1).await;
    assert_eq!((drift.http, drift.statuskode), (None, None));
    assert_eq!(drift.fejl.as_deref(), Some("der kunne ikke skabes forbindelse"));
    // The address is put right.
    let url = push.modtager.url.clone();
    push.scene.politik(|p| p.dueslag[0].url = Some(url)).await;
    push.til_naeste(&drift).await;
    push.leveret(1).await;
    assert_eq!(push.modtager.faaet()[0].hoved("x-leveranceforsoeg"), Some("2"));
}

#[tokio::test]
async fn a_wrong_address_gives_an_alarm_at_once_and_is_tried_for_a_day() {
    for status in [404, 405, 410] {
        let mut push = Push::ny().await;
        push.modtager.svarer_altid(tomt(status));
        push.scene.laeg_flere(1, 2).await;
        push.begynd();
        let siden = push.scene.app.now();
        let mut forsoeg = 1;
        loop {
            let drift = push.efter(forsoeg).await;
            assert!(drift.alarm, "{drift:?}");
            let naeste = drift.naeste.expect("a time").micros() - siden.micros();
            if naeste >= DAG {
                push.modtager.svarer([tomt(status)]);
                push.modtager.svarer_altid(svar(200, 20));
                push.til_naeste(&drift).await;
                break;
            }
            push.til_naeste(&drift).await;
            forsoeg += 1;
        }
        push.leveret(2).await;
        let fejl = push.scene.fejlkoe(push.slag).await;
        assert_eq!(
            (fejl.len(), fejl[0].aarsag, fejl[0].http),
            (1, Fejlaarsag::LeveringOpgivet, Some(status))
        );
        assert_eq!(push.drift().await, Drift::ny(push.slag), "no alarm any more");
    }
}

#[tokio::test]
async fn after_three_days_it_is_given_up_and_somebody_must_say_go_on() {
    let mut push = Push::ny().await;
    push.modtager.svarer_altid(svar(503, 53));
    push.scene.laeg_flere(1, 2).await;
    let siden = push.scene.app.now();
    push.begynd();
    let plan = [10.0, 30.0, 120.0, 600.0, 1_800.0];
    let mut forsoeg = 0;
    while forsoeg < 200 {
        forsoeg += 1;
        push.modtager.venter_paa(forsoeg).await;
        let drift = vent("an outcome", async || {
            let drift = push.drift().await;
            (drift.pauset || drift.forsoeg as usize == forsoeg).then_some(drift)
        })
        .await;
        if drift.pauset {
            assert!(drift.naeste.is_none() && drift.forsoeg == 0, "{drift:?}");
            break;
        }
        let ventet = push.til_naeste(&drift).await;
        let efter_planen = plan.get(forsoeg - 1).copied().unwrap_or(3_600.0);
        assert!((ventet - efter_planen).abs() <= efter_planen / 5.0 + 0.001, "{forsoeg}: {ventet}");
    }
    let gaaet = push.scene.app.now().micros() - siden.micros();
    assert!((2 * DAG..4 * DAG).contains(&gaaet), "after about three days: {gaaet}");
    assert!(push.modtager.numre().iter().all(|n| *n == 1), "the queue stood still");
    let fejl = push.scene.fejlkoe(push.slag).await;
    assert_eq!((fejl.len(), fejl[0].aarsag, fejl[0].http), (1, Fejlaarsag::LeveringOpgivet, Some(503)));
    // Nothing more until somebody says so.
    push.modtager.svarer_altid(svar(200, 20));
    push.scene.gaar(10 * DAG);
    push.scene.laeg_flere(3, 1).await;
    push.vaek().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(push.modtager.faaet().len(), forsoeg);
    push.scene.app.store().gem_drift(&Drift::ny(push.slag)).await.expect("resumed");
    assert_eq!(push.scene.fordeler.genkoe(push.slag, &[fejl[0].nr], "test").await.expect("the store"), 1);
    push.leveret(1).await;
    assert_eq!(push.modtager.numre()[forsoeg..], [2, 3, 1], "what was given up comes last");
}

#[tokio::test]
async fn a_pause_keeps_messages_and_mends_itself_when_it_ends() {
    let mut push = Push::ny().await;
    push.scene.tilstand(push.slag, Dueslagstilstand::Pauset).await;
    push.scene.laeg_flere(1, 2).await;
    push.begynd();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(push.modtager.faaet().is_empty());
    push.scene.tilstand(push.slag, Dueslagstilstand::Aktiv).await;
    push.leveret(2).await;
}

#[tokio::test]
async fn nothing_is_pushed_that_no_agreement_lets_out() {
    let mut push = Push::ny().await;
    push.scene.laeg_flere(1, 2).await;
    push.scene.sapas_aftaler(Aftaletilstand::Spaerret).await;
    push.begynd();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(push.modtager.faaet().is_empty());
    push.scene.sapas_aftaler(Aftaletilstand::Aktiv).await;
    push.vaek().await;
    push.leveret(2).await;
    assert_eq!(push.modtager.numre(), [1, 2]);
}

#[tokio::test]
async fn two_servers_push_a_dueslag_one_at_a_time() {
    let mut push = Push::ny().await;
    push.scene.laeg_flere(1, 60).await;
    let der = push.scene.anden_server().await;
    push.begynd();
    push.begynd_paa(der);
    push.leveret(60).await;
    assert_eq!(push.modtager.numre(), (1..=60).collect::<Vec<_>>(), "each once, and in order");
}

#[tokio::test]
async fn one_receiver_that_fails_does_not_hold_up_another() {
    let mut push = Push::ny().await;
    let anden = Modtager::ny().await;
    push.scene
        .politik(|p| {
            let slag = Dueslag::ny(id(0xd2), "anden", SAPA);
            p.dueslag.push(Dueslag { maade: Leveringsmaade::Push, url: Some(anden.url.clone()), ..slag });
            p.abonnementer.push(Abonnement::ny(id(0xa2), "alt", id(0xd2), vec![TEST1]));
        })
        .await;
    push.modtager.svarer_altid(svar(503, 53));
    push.scene.laeg_flere(1, 5).await;
    push.begynd();
    anden.venter_paa(5).await;
    assert_eq!(push.efter(1).await.forsoeg, 1);
    assert_eq!(push.modtager.faaet().len(), 1);
}

#[tokio::test]
async fn attempts_belong_to_their_message() {
    let push = Push::med(2, [svar(200, 40), svar(200, 40), svar(200, 40), svar(200, 20)]).await;
    push.til_naeste(&push.efter(1).await).await;
    let drift = push.efter(2).await;
    // The receiver moves the message itself: the next one begins from the beginning.
    assert!(push.scene.fordeler.flyt_til_fejlkoe(SAPA, &id(1).to_string()).await.expect("the store"));
    push.til_naeste(&drift).await;
    push.modtager.venter_paa(3).await;
    assert_eq!(push.modtager.numre(), [1, 1, 2]);
    assert_eq!(push.modtager.faaet()[2].hoved("x-leveranceforsoeg"), Some("1"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(
        push.scene.placering(2, push.slag).await.map(|p| p.tilstand),
        Some(Tilstand::Venter),
        "one refusal is not three"
    );
}

#[tokio::test]
async fn every_attempt_stands_in_the_log() {
    let push = Push::med(1, [svar(503, 53)]).await;
    let drift = push.efter(1).await;
    push.til_naeste(&drift).await;
    push.leveret(1).await;
    let forklaring = push.scene.fordeler.forklar(&id(1).to_string()).await.expect("the store").remove(0);
    let linjer: Vec<_> =
        forklaring.leveringer.iter().map(|l| (l.haendelse.as_str(), l.http, l.statuskode)).collect();
    assert_eq!(linjer, [("push", Some(503), Some(53)), ("push", Some(200), Some(20))]);
    assert!(forklaring.leveringer.iter().all(|l| l.dueslag == push.slag && l.varighed_ms.is_some()));
    assert!(!format!("{forklaring:?}").contains("hemmelig"));
}

#[tokio::test]
async fn a_receiver_is_tried_without_a_message() {
    let push = Push::ny().await;
    let klient = push_klient(reqwest::Client::builder()).expect("a client");
    let proev = async |dueslag| push.scene.fordeler.proev_callback(&klient, dueslag).await;
    push.modtager.svarer([tomt(405), tomt(503)]);
    let svar = proev(push.slag).await.expect("called");
    assert_eq!((svar.dom, svar.http, svar.dom.ok()), (Callbackdom::Svarer, Some(405), true));
    assert_eq!(svar.certifikat_udloeber, None, "there was no TLS");
    let svar = proev(push.slag).await.expect("called");
    assert_eq!((svar.dom, svar.http, svar.dom.ok()), (Callbackdom::Fejler, Some(503), false));
    let faaet = push.modtager.faaet();
    assert_eq!(faaet.len(), 2);
    assert!(
        faaet[0].hoved.starts_with("OPTIONS /besked/modtag?noegle=hemmelig HTTP/1.1"),
        "{}",
        faaet[0].hoved
    );
    assert!(faaet[0].krop.is_empty() && faaet[0].hoved("x-besked-id").is_none(), "no message");
    assert!(matches!(proev(id(0xdd)).await, Err(IkkeKaldt::Ukendt)));
    let hentes = push.scene.dueslag(0xd9).await;
    assert!(matches!(proev(hentes).await, Err(IkkeKaldt::Hentes)));
}

#[tokio::test]
async fn a_receiver_that_cannot_be_reached_is_told_of_by_its_reason() {
    let push = Push::ny().await;
    let klient = push_klient(reqwest::Client::builder()).expect("a client");
    let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = lytter.local_addr().expect("an address").port();
    let dom = async |url: String| {
        push.scene
            .politik(|p| {
                p.dueslag.iter_mut().filter(|d| d.uuid == push.slag).for_each(|d| d.url = Some(url.clone()))
            })
            .await;
        push.scene.fordeler.proev_callback(&klient, push.slag).await.expect("called").dom
    };
    let lukker = tokio::spawn(async move {
        while let Ok((stroem, _)) = lytter.accept().await {
            drop(stroem);
        }
    });
    assert_eq!(dom(format!("http://127.0.0.1:{port}/")).await, Callbackdom::Afbrudt);
    lukker.abort();
    let _ = lukker.await;
    assert_eq!(dom(format!("http://127.0.0.1:{port}/")).await, Callbackdom::Lytter);
    // No name has so long a part, so nobody need be asked.
    assert_eq!(dom(format!("http://{}.invalid/", "a".repeat(64))).await, Callbackdom::Navn);
    // It speaks, but not TLS.
    let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = lytter.local_addr().expect("an address").port();
    let taler = tokio::spawn(async move {
        while let Ok((mut stroem, _)) = lytter.accept().await {
            let _ = stroem.write_all(b"HTTP/1.1 400 Send TLS\r\n\r\n").await;
        }
    });
    assert_eq!(dom(format!("https://127.0.0.1:{port}/")).await, Callbackdom::Tls);
    taler.abort();
}
