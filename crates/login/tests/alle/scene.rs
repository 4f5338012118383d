//! An installation with a clock that is turned by hand, and a user with an authenticator.

use app::{App, Config, Silent};
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use bitemporal::Instant;
use login::{
    Aktoer, Klient, Login, LoginFejl, Loginconfig, Loginhaendelse, Loginnoegle, NySession, Slags, Tilmelder,
    Trin, Udfordring,
};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Store};
use uuid::Uuid;

pub const GRETE: Uuid = Uuid::from_u128(0xA1);
pub const ADMIN: Uuid = Uuid::from_u128(0xAD);
pub const NAVN: &str = "grete@korsbaek.example";
pub const KODE: &str = "korrekt hest batteri";

pub struct Scene {
    pub login: Login,
    pub app: App,
    ur: Arc<AtomicI64>,
}

/// A call from Grete's office.
pub fn klient() -> Klient {
    fra(7)
}

pub fn fra(n: u8) -> Klient {
    Klient::ny(IpAddr::V4(Ipv4Addr::new(192, 0, 2, n)), "Firefox", Uuid::from_u128(n.into()))
}

impl Scene {
    pub async fn med(config: Loginconfig) -> Self {
        let store = Store::open(&Database::Memory).await.unwrap();
        let ur = Arc::new(AtomicI64::new(1_800_000_000_000_000));
        let viser = ur.clone();
        let klokke = Box::new(move || Instant::from_micros(viser.load(Ordering::SeqCst)));
        let app = App::with_clock(store, Config::default(), Arc::new(Silent), klokke).await.unwrap();
        let login = Login::new(app.clone(), Loginnoegle::ny(&[7; 32], &[]), config).unwrap();
        Self { login, app, ur }
    }

    pub async fn ny() -> Self {
        Self::med(Loginconfig::default()).await
    }

    /// Lets seconds pass.
    pub fn gaa(&self, sekunder: i64) {
        self.ur.fetch_add(sekunder * 1_000_000, Ordering::SeqCst);
    }

    /// The code an authenticator shows now for a secret as it is typed in.
    pub fn kode(&self, hemmelig: &str) -> String {
        let tegn = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let bits: Vec<u8> = hemmelig
            .chars()
            .flat_map(|c| {
                let tal = tegn.find(c).unwrap();
                (0..5).rev().map(move |nr| u8::from(tal >> nr & 1 == 1))
            })
            .collect();
        let noegle: Vec<u8> =
            bits.chunks_exact(8).map(|b| b.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
        let trin = self.app.now().micros() / 30_000_000;
        let hash = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &noegle), &trin.to_be_bytes());
        let fra = usize::from(hash.as_ref()[19] & 15);
        let tal = u32::from_be_bytes(hash.as_ref()[fra..fra + 4].try_into().unwrap()) & 0x7FFF_FFFF;
        format!("{:06}", tal % 1_000_000)
    }

    /// Makes Grete's account, with a password, and gives what she is told to do next.
    pub async fn grete(&self) -> Trin {
        let klient = klient();
        let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
        self.login.opret_konto(GRETE, NAVN, &af).await.unwrap();
        let token = self.login.inviter(GRETE, &af).await.unwrap().token;
        let indloest = self.login.indloes(&token.0, &klient).await.unwrap();
        assert_eq!(indloest.loginnavn, NAVN);
        self.login.saet_adgangskode(&indloest.udfordring.billet, KODE, "Grete Holm", &klient).await.unwrap()
    }

    /// The same with TOTP: her session and the secret.
    pub async fn grete_med_totp(&self) -> (NySession, String) {
        let Trin::Tilmeld(udfordring) = self.grete().await else { panic!("she has no factor yet") };
        self.tilmeld_totp(&udfordring).await
    }

    pub async fn tilmeld_totp(&self, udfordring: &Udfordring) -> (NySession, String) {
        let start =
            self.login.tilmeld_totp_start(Tilmelder::Billet(&udfordring.billet), &klient()).await.unwrap();
        let kode = self.kode(&start.hemmelig.0);
        let ny = self.login.tilmeld_totp_slut(&start.billet.0, &kode, "Telefon", &klient()).await.unwrap();
        (ny.expect("she was not in"), start.hemmelig.0)
    }

    /// Name and password.
    pub async fn log_ind(&self, navn: &str, kode: &str) -> Result<Trin, LoginFejl> {
        self.login.log_ind(navn, kode, &klient()).await
    }

    /// Name and password up to the second factor.
    pub async fn anden_faktor(&self) -> Udfordring {
        match self.log_ind(NAVN, KODE).await {
            Ok(Trin::AndenFaktor(udfordring)) => udfordring,
            andet => panic!("{andet:?}"),
        }
    }

    /// Every event, the first first.
    pub async fn haendelser(&self) -> Vec<Loginhaendelse> {
        let (fra, til) = (Instant::from_micros(0), Instant::from_micros(i64::MAX));
        let mut alle = self.login.haendelser(None, fra, til, 1000).await.unwrap();
        alle.reverse();
        alle
    }

    /// What the last event says.
    pub async fn sidste(&self) -> (Slags, String) {
        let h = self.haendelser().await.pop().expect("something happened");
        (Slags::af(&h.slags).unwrap(), h.resultat)
    }

    /// Whether a cookie is a session.
    pub async fn er_inde(&self, ny: &NySession) -> bool {
        self.login.session(&ny.token.0).await.unwrap().is_some()
    }
}

#[track_caller]
pub fn forkert<T: std::fmt::Debug>(udfald: Result<T, LoginFejl>) {
    assert!(matches!(udfald, Err(LoginFejl::Forkert)), "{udfald:?}");
}

#[track_caller]
pub fn udloebet<T: std::fmt::Debug>(udfald: Result<T, LoginFejl>) {
    assert!(matches!(udfald, Err(LoginFejl::Udloebet)), "{udfald:?}");
}
