//! An engine in memory, and a client that writes its frames by hand.
#![allow(dead_code, clippy::unwrap_used, clippy::manual_async_fn)]

pub mod klient;

use amqp::{
    Aftager, Bevis, DueslagFejl, Haandtag, Hentet, Indtag, Kald, Kvittering, Levering, Motor, MotorFejl,
    Stop, TokenFejl,
};
use app::PeerCertificate;
use bitemporal::Instant;
use bytes::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

/// Dueslag of the tests.
pub const KOE: Uuid = Uuid::from_u128(0x11111111_1111_4111_8111_111111111111);
pub const PUSH: Uuid = Uuid::from_u128(0x22222222_2222_4222_8222_222222222222);
pub const PAUSET: Uuid = Uuid::from_u128(0x33333333_3333_4333_8333_333333333333);
/// When the tests begin, and when their tokens expire.
pub const NU: i64 = 1_700_000_000_000_000;
pub const UDLOEB: i64 = NU + 3600 * 1_000_000;

#[derive(Default)]
pub struct Tilstand {
    pub nu: i64,
    pub venter: BTreeMap<i64, Levering>,
    pub nedlagt: bool,
    pub aftagere: u32,
    /// What was accepted, in the order of the first poll.
    pub modtaget: Vec<(Bytes, Kald)>,
    pub kvitteret: Vec<Vec<i64>>,
    pub fejlkoe: Vec<i64>,
    pub porte: HashMap<Bytes, Arc<Semaphore>>,
    pub kvittering_fejler: bool,
}

#[derive(Clone)]
pub struct Proevemotor {
    tilstand: Arc<Mutex<Tilstand>>,
    aendret: Arc<watch::Sender<u64>>,
    pub indtag: Arc<watch::Sender<Indtag>>,
}

impl Proevemotor {
    pub fn ny(beskeder: i64) -> Self {
        let motor = Self {
            tilstand: Arc::new(Mutex::new(Tilstand { nu: NU, ..Tilstand::default() })),
            aendret: Arc::new(watch::channel(0).0),
            indtag: Arc::new(watch::channel(Indtag::Aaben).0),
        };
        (1..=beskeder).for_each(|nr| motor.laeg(nr, format!("<b{nr}/>")));
        motor
    }
    pub fn laas(&self) -> MutexGuard<'_, Tilstand> {
        self.tilstand.lock().unwrap()
    }
    pub fn laeg(&self, nr: i64, krop: impl Into<Bytes>) {
        let levering = Levering {
            nr,
            krop: krop.into(),
            besked_id: format!("besked-{nr}"),
            transaktion: format!("transaktion-{nr}"),
            modtaget: Instant::from_micros(NU),
            genleveret: false,
            forsoeg: 0,
        };
        self.laas().venter.insert(nr, levering);
        self.vaek();
    }
    pub fn nedlaeg(&self) {
        self.laas().nedlagt = true;
        self.vaek();
    }
    /// Lets a message that waits in the engine go on.
    pub fn slip(&self, krop: &'static str) {
        self.port(Bytes::from(krop)).add_permits(1);
    }
    pub fn venter(&self) -> Vec<i64> {
        self.laas().venter.keys().copied().collect()
    }
    fn port(&self, krop: Bytes) -> Arc<Semaphore> {
        self.laas().porte.entry(krop).or_insert_with(|| Arc::new(Semaphore::new(0))).clone()
    }
    fn vaek(&self) {
        self.aendret.send_modify(|n| *n += 1);
    }
    fn dueslag(&self, dueslag: Uuid) -> Result<(), DueslagFejl> {
        match dueslag {
            KOE if self.laas().nedlagt => Err(DueslagFejl::Nedlagt),
            KOE => Ok(()),
            PUSH => Err(DueslagFejl::Push),
            PAUSET => Err(DueslagFejl::Pauset),
            _ => Err(DueslagFejl::Ukendt),
        }
    }
    fn ny_aftager(&self) -> Proeveaftager {
        Proeveaftager {
            indre: Arc::new(Indre { motor: self.clone(), har: Mutex::default() }),
            vaekket: self.aendret.subscribe(),
        }
    }
}

impl Motor for Proevemotor {
    type Afsender = ();
    type Modtager = ();
    type Aftager = Proeveaftager;

    fn nu(&self) -> Instant {
        Instant::from_micros(self.laas().nu)
    }
    fn adgang(
        &self,
        token: Bytes,
        _: Option<PeerCertificate>,
    ) -> impl Future<Output = Result<Bevis<(), ()>, TokenFejl>> + Send + 'static {
        async move {
            tokio::task::yield_now().await;
            let tekst = std::str::from_utf8(&token).unwrap_or_default();
            let fejl = |udloebet, aarsag: &str| Err(TokenFejl { udloebet, aarsag: aarsag.into() });
            if tekst.contains("udloebet") {
                return fejl(true, "udløbet");
            }
            let afsender = (tekst.contains("afsend") || tekst.contains("begge")).then_some(());
            let modtager = (tekst.contains("modtag") || tekst.contains("begge")).then_some(());
            if afsender.or(modtager).is_none() {
                return fejl(false, "ukendt udsteder");
            }
            let system = Uuid::from_u128(if tekst.contains("anden") { 2 } else { 1 });
            Ok(Bevis { system, afsender, modtager, udloeber: Instant::from_micros(UDLOEB) })
        }
    }
    fn modtag(&self, _: &(), krop: Bytes, kald: Kald) -> impl Future<Output = Kvittering> + Send + 'static {
        let motor = self.clone();
        async move {
            motor.laas().modtaget.push((krop.clone(), kald));
            if krop.starts_with(b"vent") {
                motor.port(krop.clone()).acquire().await.unwrap().forget();
            }
            match std::str::from_utf8(&krop).unwrap_or_default().strip_prefix("kode ") {
                Some(kode) => Kvittering::ny(kode.parse().unwrap(), "nej & <nej>"),
                None => Kvittering::ny(20, "OK"),
            }
        }
    }
    fn aabn(
        &self,
        _: &(),
        dueslag: Uuid,
    ) -> impl Future<Output = Result<Proeveaftager, DueslagFejl>> + Send + 'static {
        let motor = self.clone();
        async move {
            tokio::task::yield_now().await;
            motor.dueslag(dueslag)?;
            motor.laas().aftagere += 1;
            Ok(motor.ny_aftager())
        }
    }
    fn hent(
        &self,
        _: &(),
        dueslag: Uuid,
    ) -> impl Future<Output = Result<Option<Hentet<Proevehaandtag>>, DueslagFejl>> + Send + 'static {
        let motor = self.clone();
        async move {
            motor.dueslag(dueslag)?;
            let aftager = motor.ny_aftager();
            let Some(levering) = aftager.indre.tag() else { return Ok(None) };
            let tilbage = motor.laas().venter.len() as u64;
            Ok(Some(Hentet { levering, tilbage, haandtag: aftager.haandtag() }))
        }
    }
    fn findes(
        &self,
        _: &(),
        dueslag: Uuid,
    ) -> impl Future<Output = Result<(u64, u32), DueslagFejl>> + Send + 'static {
        let motor = self.clone();
        async move {
            motor.dueslag(dueslag)?;
            let tilstand = motor.laas();
            Ok((tilstand.venter.len() as u64, tilstand.aftagere))
        }
    }
    fn indtag(&self) -> watch::Receiver<Indtag> {
        self.indtag.subscribe()
    }
}

struct Indre {
    motor: Proevemotor,
    har: Mutex<BTreeMap<i64, Levering>>,
}

impl Indre {
    fn tag(&self) -> Option<Levering> {
        let (nr, levering) = self.motor.laas().venter.pop_first()?;
        self.har.lock().unwrap().insert(nr, levering.clone());
        Some(levering)
    }
    fn tilbage(&self, alle: impl IntoIterator<Item = Levering>) {
        for mut levering in alle {
            levering.genleveret = true;
            levering.forsoeg += 1;
            self.motor.laas().venter.insert(levering.nr, levering);
        }
        self.motor.vaek();
    }
    fn slip(&self, numre: &[i64]) -> Vec<Levering> {
        let mut har = self.har.lock().unwrap();
        numre.iter().filter_map(|nr| har.remove(nr)).collect()
    }
}

impl Drop for Indre {
    fn drop(&mut self) {
        let alle = std::mem::take(&mut *self.har.lock().unwrap());
        self.tilbage(alle.into_values());
    }
}

pub struct Proeveaftager {
    indre: Arc<Indre>,
    vaekket: watch::Receiver<u64>,
}

#[derive(Clone)]
pub struct Proevehaandtag(Arc<Indre>);

impl Aftager for Proeveaftager {
    type Haandtag = Proevehaandtag;

    fn haandtag(&self) -> Proevehaandtag {
        Proevehaandtag(self.indre.clone())
    }
    async fn naeste(&mut self) -> Result<Levering, Stop> {
        loop {
            self.vaekket.borrow_and_update();
            if self.indre.motor.laas().nedlagt {
                return Err(Stop::Nedlagt);
            }
            if let Some(levering) = self.indre.tag() {
                return Ok(levering);
            }
            self.vaekket.changed().await.map_err(|_| Stop::Fejl)?;
        }
    }
}

impl Haandtag for Proevehaandtag {
    fn kvitter(&self, numre: Vec<i64>) -> impl Future<Output = Result<(), MotorFejl>> + Send + 'static {
        self.0.slip(&numre);
        let mut tilstand = self.0.motor.laas();
        tilstand.kvitteret.push(numre);
        std::future::ready(if tilstand.kvittering_fejler { Err(MotorFejl) } else { Ok(()) })
    }
    fn afvis(
        &self,
        numre: Vec<i64>,
        genkoe: bool,
    ) -> impl Future<Output = Result<(), MotorFejl>> + Send + 'static {
        let alle = self.0.slip(&numre);
        if genkoe {
            self.0.tilbage(alle);
        } else {
            self.0.motor.laas().fejlkoe.extend(numre);
        }
        std::future::ready(Ok(()))
    }
}
