//! Against a real RabbitMQ. Each test has a dueslag of its own and removes its queue when it succeeds.

use bitemporal::Instant;
use bytes::Bytes;
use lapin::options::QueueDeleteOptions;
use lapin::{Connection, ConnectionProperties};
use rabbit::{Ankomst, PRAEFIKS, Rabbit, RabbitFejl};
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Koepost, NyBesked, NyKoepost};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How long a message stays in the queues of the tests.
const DAGE: u32 = 1;
const TAALMOD: Duration = Duration::from_secs(15);
/// How long an acknowledgement may be on its way: nothing tells when it has come.
const UNDERVEJS: Duration = Duration::from_millis(500);

fn url() -> String {
    std::env::var("FUNDAMENT_RABBITMQ").expect("FUNDAMENT_RABBITMQ, the URL of a RabbitMQ")
}

/// A dueslag of a test: all of them begin with `7e577e57`, so that what a failed test leaves can be found.
fn tilfaeldig() -> Uuid {
    let tal = || RandomState::new().build_hasher().finish();
    Uuid::from_u64_pair((tal() >> 32) | (0x7e57_7e57 << 32), tal())
}

/// A RabbitMQ, one dueslag, and how often something was said to have come.
struct Scene {
    rabbit: Rabbit,
    dueslag: Uuid,
    ankomster: Arc<AtomicUsize>,
}

fn taeller(ankomster: &Arc<AtomicUsize>) -> Ankomst {
    let ankomster = ankomster.clone();
    Arc::new(move |_| {
        ankomster.fetch_add(1, Ordering::SeqCst);
    })
}

async fn forbind(url: &str) -> (Rabbit, Arc<AtomicUsize>) {
    let ankomster: Arc<AtomicUsize> = Arc::default();
    (Rabbit::forbind(url, taeller(&ankomster)).await.expect("a RabbitMQ"), ankomster)
}

fn besked(dueslag: &[Uuid], n: usize) -> NyBesked {
    let cvr = "11223344".parse().expect("a CVR number");
    let kopi =
        |dueslag: &Uuid| NyKoepost { dueslag: *dueslag, aftale: Uuid::from_u128(7), tilladte: vec![cvr] };
    NyBesked {
        besked_id: n.to_string(),
        system: Uuid::from_u128(0x10),
        cvr,
        beskedtype: String::new(),
        foelsomhed: None,
        kle: String::new(),
        transaktion: format!("t{n}"),
        korrelation: String::new(),
        modtaget: Instant::from_micros(1_000_000),
        sha256: [0; 32],
        krop: Bytes::from(format!("<besked nr=\"{n}\">æøå</besked>")),
        koeposter: dueslag.iter().map(kopi).collect(),
        overladt: false,
        haendelse: None,
    }
}

impl Scene {
    async fn ny() -> Self {
        let (rabbit, ankomster) = forbind(&url()).await;
        Self { rabbit, dueslag: tilfaeldig(), ankomster }
    }

    async fn med(antal: usize) -> Self {
        let scene = Self::ny().await;
        scene.laeg(1..=antal).await;
        scene
    }

    async fn laeg(&self, numre: impl IntoIterator<Item = usize>) {
        let nye: Vec<NyBesked> = numre.into_iter().map(|n| besked(&[self.dueslag], n)).collect();
        let nye: Vec<&NyBesked> = nye.iter().collect();
        self.rabbit.laeg_alle(&nye, |_| DAGE).await.expect("confirmed");
    }

    /// Takes so many, as somebody who consumes.
    async fn tag(&self, antal: usize) -> Vec<Koepost> {
        tag_fra(&self.rabbit, self.dueslag, antal).await
    }

    /// Asks for one.
    async fn hent(&self) -> Option<Koepost> {
        self.rabbit.laan(self.dueslag, 1, false, DAGE).await.expect("an answer").pop()
    }

    async fn dybde(&self, ventet: u64) {
        let mut nu = None;
        let ens = async {
            while nu != Some(ventet) {
                nu = Some(self.rabbit.dybde(self.dueslag).await.expect("an answer"));
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let i_tide = tokio::time::timeout(TAALMOD, ens).await;
        assert!(i_tide.is_ok(), "{nu:?} wait, not {ventet}");
    }

    async fn ryd_op(self) {
        self.rabbit.slip(self.dueslag).await;
        slet(self.dueslag).await;
    }
}

async fn slet(dueslag: Uuid) {
    let forbindelse =
        Connection::connect(&url(), ConnectionProperties::default()).await.expect("a connection");
    let kanal = forbindelse.create_channel().await.expect("a channel");
    let navn = format!("{PRAEFIKS}{dueslag}");
    kanal.queue_delete(navn.as_str().into(), QueueDeleteOptions::default()).await.expect("deleted");
}

async fn tag_fra(rabbit: &Rabbit, dueslag: Uuid, antal: usize) -> Vec<Koepost> {
    let mut taget = Vec::new();
    let alle = async {
        while taget.len() < antal {
            let mangler = u32::try_from(antal - taget.len()).expect("a small number");
            taget.extend(rabbit.laan(dueslag, mangler, true, DAGE).await.expect("messages"));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let i_tide = tokio::time::timeout(TAALMOD, alle).await;
    assert!(i_tide.is_ok(), "waited in vain for {antal} messages; {} came", taget.len());
    taget
}

async fn vent<T>(hvad: &str, mut goer: impl AsyncFnMut() -> Option<T>) -> T {
    let loekke = async {
        loop {
            if let Some(ud) = goer().await {
                return ud;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(TAALMOD, loekke).await.unwrap_or_else(|_| panic!("waited in vain: {hvad}"))
}

fn numre(poster: &[Koepost]) -> Vec<usize> {
    poster.iter().map(|p| p.besked_id.parse().expect("a number")).collect()
}

fn nr(poster: &[Koepost]) -> Vec<i64> {
    poster.iter().map(|p| p.nr).collect()
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn what_is_put_in_comes_out_whole_and_in_order() {
    let scene = Scene::med(300).await;
    scene.dybde(300).await;
    // So many are sent ahead before something is settled.
    let alle = scene.tag(256).await;
    assert_eq!(numre(&alle), (1..=256).collect::<Vec<_>>());
    let (sendt, post) = (besked(&[scene.dueslag], 17), &alle[16]);
    assert_eq!((&post.krop, &post.transaktion, post.system), (&sendt.krop, &sendt.transaktion, sendt.system));
    assert_eq!((post.cvr, post.modtaget, post.tid), (sendt.cvr, sendt.modtaget, sendt.modtaget));
    assert_eq!((post.aftale, &post.tilladte), (Uuid::from_u128(7), &vec![sendt.cvr]));
    assert!(alle.iter().all(|p| !p.genleveret));
    assert!(alle.is_sorted_by_key(|p| p.plads));
    scene.rabbit.kvitter(scene.dueslag, &nr(&alle)).await.expect("settled");
    let resten = scene.tag(44).await;
    assert_eq!(numre(&resten), (257..=300).collect::<Vec<_>>());
    scene.rabbit.kvitter(scene.dueslag, &nr(&resten)).await.expect("settled");
    tokio::time::sleep(UNDERVEJS).await;
    scene.rabbit.slip(scene.dueslag).await;
    scene.dybde(0).await;
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn what_is_settled_stays_settled_although_it_is_let_go_of_at_once() {
    let scene = Scene::ny().await;
    for runde in 0..5 {
        scene.laeg(1..=256).await;
        let alle = scene.tag(256).await;
        scene.rabbit.kvitter(scene.dueslag, &nr(&alle)).await.expect("settled");
        scene.rabbit.slip(scene.dueslag).await;
        tokio::time::sleep(UNDERVEJS).await;
        let igen = scene.rabbit.dybde(scene.dueslag).await.expect("an answer");
        assert_eq!(igen, 0, "round {runde}: settled, and back all the same");
    }
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn a_message_goes_into_every_dueslag_it_is_for() {
    let scene = Scene::ny().await;
    let andet = tilfaeldig();
    let placeret = Instant::from_micros(5_000_000);
    scene.rabbit.laeg(&besked(&[scene.dueslag, andet], 1), placeret, |_| DAGE).await.expect("confirmed");
    let her = scene.tag(1).await;
    assert_eq!((her[0].tid, her[0].modtaget), (placeret, Instant::from_micros(1_000_000)));
    assert_eq!(numre(&tag_fra(&scene.rabbit, andet, 1).await), [1]);
    scene.rabbit.slip(andet).await;
    slet(andet).await;
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn what_is_settled_is_gone_and_the_rest_comes_back_in_its_order() {
    let scene = Scene::med(6).await;
    let fire = scene.tag(4).await;
    scene.rabbit.kvitter(scene.dueslag, &[fire[1].nr]).await.expect("settled");
    vent("the rest", async || (scene.rabbit.forud(scene.dueslag).await == 2).then_some(())).await;
    let uset = scene.rabbit.slip(scene.dueslag).await;
    assert_eq!(numre(&uset), [5, 6], "came, and nobody has seen them");
    scene.dybde(5).await;
    let igen = scene.tag(5).await;
    assert_eq!(numre(&igen), [1, 3, 4, 5, 6]);
    assert!(igen.iter().all(|p| p.genleveret), "RabbitMQ does not know what nobody has seen");
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn what_was_let_go_of_can_no_longer_be_settled() {
    let scene = Scene::med(2).await;
    let to = scene.tag(2).await;
    scene.rabbit.slip(scene.dueslag).await;
    let brudt = scene.rabbit.kvitter(scene.dueslag, &nr(&to)).await;
    assert!(matches!(brudt, Err(RabbitFejl::Brudt)), "{brudt:?}");
    let igen = scene.tag(2).await;
    assert_eq!(numre(&igen), [1, 2]);
    let brudt = scene.rabbit.kvitter(scene.dueslag, &nr(&to)).await;
    assert!(matches!(brudt, Err(RabbitFejl::Brudt)), "numbers are never used again: {brudt:?}");
    scene.rabbit.kvitter(scene.dueslag, &nr(&igen)).await.expect("settled");
    let brudt = scene.rabbit.kvitter(scene.dueslag, &nr(&igen)).await;
    assert!(matches!(brudt, Err(RabbitFejl::Brudt)), "once: {brudt:?}");
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn somebody_who_consumes_is_told_when_something_comes() {
    let scene = Scene::ny().await;
    assert!(scene.rabbit.laan(scene.dueslag, 10, true, DAGE).await.expect("an answer").is_empty());
    assert_eq!(scene.ankomster.load(Ordering::SeqCst), 0);
    scene.laeg(1..=3).await;
    vent("three arrivals", async || (scene.ankomster.load(Ordering::SeqCst) >= 3).then_some(())).await;
    assert_eq!(scene.rabbit.forud(scene.dueslag).await, 3);
    assert_eq!(numre(&scene.rabbit.laan(scene.dueslag, 2, true, DAGE).await.expect("messages")), [1, 2]);
    assert_eq!(scene.rabbit.forud(scene.dueslag).await, 1);
    scene.dybde(0).await;
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn asking_for_one_takes_one_and_leaves_the_rest() {
    let scene = Scene::med(3).await;
    let en = scene.hent().await.expect("a message");
    scene.dybde(2).await;
    assert_eq!(scene.rabbit.forud(scene.dueslag).await, 0, "nothing is sent ahead");
    let to = scene.hent().await.expect("a message");
    assert_eq!((en.besked_id.as_str(), to.besked_id.as_str()), ("1", "2"));
    scene.rabbit.kvitter(scene.dueslag, &[en.nr]).await.expect("settled");
    assert!(scene.hent().await.is_some_and(|tre| tre.besked_id == "3"));
    assert!(scene.hent().await.is_none(), "nothing waits");
    // What was asked for one by one goes back in its order too.
    scene.rabbit.slip(scene.dueslag).await;
    scene.dybde(2).await;
    let igen = scene.tag(2).await;
    assert_eq!(numre(&igen), [2, 3]);
    assert!(igen.iter().all(|p| p.genleveret));
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn asking_for_one_while_somebody_consumes_takes_what_has_come() {
    let scene = Scene::med(3).await;
    assert_eq!(numre(&scene.tag(1).await), [1]);
    vent("the rest", async || (scene.rabbit.forud(scene.dueslag).await == 2).then_some(())).await;
    assert_eq!(scene.hent().await.expect("a message").besked_id, "2");
    assert_eq!(numre(&scene.tag(1).await), [3]);
    assert!(scene.hent().await.is_none());
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn two_servers_share_a_queue_and_each_message_goes_to_one() {
    let scene = Scene::ny().await;
    let (der, ankomster) = forbind(&url()).await;
    // Both consume before there is anything.
    for rabbit in [&scene.rabbit, &der] {
        assert!(rabbit.laan(scene.dueslag, 1, true, DAGE).await.expect("an answer").is_empty());
    }
    scene.laeg(1..=200).await;
    vent("all of them", async || {
        (scene.ankomster.load(Ordering::SeqCst) + ankomster.load(Ordering::SeqCst) >= 200).then_some(())
    })
    .await;
    let her = scene.rabbit.laan(scene.dueslag, 1_000, true, DAGE).await.expect("messages");
    let hos_den_anden = der.laan(scene.dueslag, 1_000, true, DAGE).await.expect("messages");
    assert!(!her.is_empty() && !hos_den_anden.is_empty(), "{} and {}", her.len(), hos_den_anden.len());
    let alle: BTreeSet<usize> = numre(&her).into_iter().chain(numre(&hos_den_anden)).collect();
    assert_eq!((alle.len(), her.len() + hos_den_anden.len()), (200, 200));
    assert!(numre(&her).is_sorted() && numre(&hos_den_anden).is_sorted());
    // The other goes away: what it had comes here.
    let mistet = numre(&hos_den_anden);
    der.slip(scene.dueslag).await;
    let kommet = scene.tag(mistet.len()).await;
    assert_eq!(numre(&kommet), mistet, "in its order");
    assert!(kommet.iter().all(|p| p.genleveret));
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn what_two_servers_put_in_is_all_there() {
    let scene = Scene::ny().await;
    let (der, _) = forbind(&url()).await;
    scene.rabbit.sikr(scene.dueslag, DAGE).await.expect("there");
    let nye: Vec<NyBesked> = (1..=100).map(|n| besked(&[scene.dueslag], n)).collect();
    let (foerste, sidste): (Vec<_>, Vec<_>) = nye.iter().partition(|ny| ny.besked_id.len() < 2);
    let (a, b) = tokio::join!(scene.rabbit.laeg_alle(&foerste, |_| DAGE), der.laeg_alle(&sidste, |_| DAGE));
    a.and(b).expect("confirmed");
    let alle = scene.tag(100).await;
    assert_eq!(numre(&alle).into_iter().collect::<BTreeSet<_>>().len(), 100);
    scene.ryd_op().await;
}

/// A way to RabbitMQ that can be cut.
struct Vej {
    url: String,
    /// The connections that go through it.
    igennem: Arc<Mutex<Vec<JoinHandle<()>>>>,
    lytter: JoinHandle<()>,
}

impl Vej {
    async fn ny() -> Self {
        let til = url();
        let (foer, sti) = til.rsplit_once('/').expect("a virtual host");
        let (hvem, vaert) = foer.rsplit_once('@').expect("user and password");
        let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let adresse = lytter.local_addr().expect("an address");
        let url = format!("{hvem}@{adresse}/{sti}");
        let (vaert, igennem) = (vaert.to_owned(), Arc::<Mutex<Vec<JoinHandle<()>>>>::default());
        let alle = igennem.clone();
        let lytter = tokio::spawn(async move {
            while let Ok((mut ind, _)) = lytter.accept().await {
                let vaert = vaert.clone();
                alle.lock().expect("nobody panicked with it").push(tokio::spawn(async move {
                    let mut ud = TcpStream::connect(vaert).await.expect("RabbitMQ");
                    let _ = tokio::io::copy_bidirectional(&mut ind, &mut ud).await;
                }));
            }
        });
        Self { url, igennem, lytter }
    }

    fn klip(&self) {
        self.igennem
            .lock()
            .expect("nobody panicked with it")
            .drain(..)
            .for_each(|forbindelse| forbindelse.abort());
    }
}

impl Drop for Vej {
    fn drop(&mut self) {
        self.lytter.abort();
        self.klip();
    }
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn a_connection_that_is_lost_is_told_of_and_made_again() {
    let vej = Vej::ny().await;
    let (rabbit, ankomster) = forbind(&vej.url).await;
    let scene = Scene { rabbit, dueslag: tilfaeldig(), ankomster };
    scene.laeg(1..=5).await;
    let tre = scene.tag(3).await;
    scene.rabbit.kvitter(scene.dueslag, &[tre[0].nr]).await.expect("settled");
    tokio::time::sleep(UNDERVEJS).await;
    let foer = scene.ankomster.load(Ordering::SeqCst);
    vej.klip();
    vent("word of it", async || (scene.ankomster.load(Ordering::SeqCst) > foer).then_some(())).await;
    let tabt = scene.rabbit.kvitter(scene.dueslag, &[tre[1].nr]).await;
    assert!(tabt.is_err(), "what was taken is no longer ours");
    let brudt =
        vent("the break", async || scene.rabbit.laan(scene.dueslag, 10, true, DAGE).await.err()).await;
    assert!(matches!(brudt, RabbitFejl::Brudt), "{brudt:?}");
    let igen = scene.tag(4).await;
    assert_eq!(numre(&igen), [2, 3, 4, 5], "everything not settled comes again, in its order");
    assert!(igen[0].genleveret);
    scene.rabbit.kvitter(scene.dueslag, &nr(&igen)).await.expect("settled");
    // And something can be put in again.
    scene.laeg(6..=6).await;
    assert_eq!(numre(&scene.tag(1).await), [6]);
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn nothing_is_lost_when_the_connection_is_lost_while_something_is_put_in() {
    let vej = Vej::ny().await;
    let (rabbit, ankomster) = forbind(&vej.url).await;
    let scene = Scene { rabbit, dueslag: tilfaeldig(), ankomster };
    scene.laeg([1]).await;
    vej.klip();
    // Whoever is told that it failed tries again.
    vent("a confirm", async || {
        let ny = besked(&[scene.dueslag], 2);
        scene.rabbit.laeg(&ny, ny.modtaget, |_| DAGE).await.ok()
    })
    .await;
    let mut fundet = numre(&scene.tag(2).await);
    fundet.dedup();
    assert_eq!(fundet, [1, 2]);
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn a_queue_that_was_deleted_is_made_again() {
    let scene = Scene::med(1).await;
    slet(scene.dueslag).await;
    let ny = besked(&[scene.dueslag], 2);
    let foerst = scene.rabbit.laeg(&ny, ny.modtaget, |_| DAGE).await;
    assert!(matches!(foerst, Err(RabbitFejl::Afvist)), "it went nowhere, and that is told: {foerst:?}");
    scene.rabbit.laeg(&ny, ny.modtaget, |_| DAGE).await.expect("confirmed");
    assert_eq!(numre(&scene.tag(1).await), [2]);
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn a_dueslag_without_a_queue_is_empty() {
    let scene = Scene::ny().await;
    assert_eq!(scene.rabbit.dybde(scene.dueslag).await.expect("an answer"), 0);
    assert!(scene.hent().await.is_none());
    scene.rabbit.sikr(scene.dueslag, DAGE).await.expect("there");
    scene.rabbit.sikr(scene.dueslag, 90).await.expect("it keeps the time it was made with");
    let (anden, _) = forbind(&url()).await;
    anden.sikr(scene.dueslag, 90).await.expect("also for another");
    assert_eq!(anden.dybde(scene.dueslag).await.expect("an answer"), 0);
    scene.ryd_op().await;
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn a_wrong_password_is_told_at_once() {
    let forkert = url().replacen(":fundament@", ":forkert@", 1);
    assert_ne!(forkert, url());
    assert!(Rabbit::forbind(&forkert, Arc::new(|_| {})).await.is_err());
    assert!(Rabbit::forbind("amqp://127.0.0.1:1/BF", Arc::new(|_| {})).await.is_err());
}

#[tokio::test]
#[ignore = "needs FUNDAMENT_RABBITMQ; cargo xtask test starts one"]
async fn coming_back_many_times_loses_nothing() {
    let scene = Scene::med(2).await;
    for forsoeg in 0..30 {
        let to = scene.tag(2).await;
        assert_eq!(numre(&to), [1, 2], "{forsoeg}");
        scene.rabbit.slip(scene.dueslag).await;
    }
    scene.ryd_op().await;
}
