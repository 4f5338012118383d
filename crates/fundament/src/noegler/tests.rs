//! Keys in a folder, and an app whose keys change by date.

use super::{Brug, Lager, Noeglevagt, kommando};
use crate::cli::Place;
use app::{App, Config, Silent};
use bitemporal::Instant;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Store};

const DAG: i64 = 24 * 3_600 * 1_000_000;

/// A folder of its own, gone when dropped.
struct Mappe(PathBuf);

impl Mappe {
    fn ny(navn: &str) -> Self {
        let mappe = std::env::temp_dir().join(format!("fundament-noegler-{navn}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&mappe);
        std::fs::create_dir_all(&mappe).expect("a folder");
        Self(mappe)
    }

    fn place(&self) -> Place {
        Place { data: self.0.clone(), database: None, broker: None }
    }
}

impl Drop for Mappe {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn kilde() -> kommando::Kilde {
    kommando::Kilde { bits: 2048, p12: None, p12_kode: None }
}

/// An app whose clock the test turns.
async fn app(ur: &Arc<AtomicI64>) -> App {
    let store = Store::open(&Database::Memory).await.expect("a store");
    let ur = ur.clone();
    let clock = Box::new(move || Instant::from_micros(ur.load(Ordering::SeqCst)));
    App::with_clock(store, Config::default(), Arc::new(Silent), clock).await.expect("an app")
}

#[tokio::test]
async fn keys_change_by_date_and_files_without_a_restart() {
    let mappe = Mappe::ny("skift");
    let ur = Arc::new(AtomicI64::new(app::machine_clock().micros()));
    let app = app(&ur).await;
    let mut vagt = Noeglevagt::ny(Lager::i(&mappe.0));
    assert!(!vagt.opdater(&app, false).expect("no keys is no error"));
    assert!(app.noegler().is_none());
    let lager = Lager::i(&mappe.0);
    lager.demo("eksempel.dk", None, app.now()).expect("keys");
    lager.demo("eksempel.dk", None, app.now()).expect("there already");
    assert!(vagt.opdater(&app, false).expect("keys"));
    let foer = app.noegler().expect("in force");
    assert_eq!(foer.sts_betroet.udsteder(), "https://saml.adgang.fundament.localhost/runtime");
    assert_eq!(foer.offentlige.len(), 2, "of JWTs and assertions");
    let mut tre =
        [&foer.sts.certifikat, &foer.service.certifikat, foer.jwt.certifikat()].map(|c| c.thumbprint());
    tre.sort_unstable();
    assert!(tre.windows(2).all(|par| par[0] != par[1]), "a key for each use");
    for fil in ["passphrase", "noegler.json", "sts-1.p12"] {
        let mode = std::fs::metadata(mappe.0.join("keys").join(fil)).expect(fil).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{fil}");
    }

    let rotate = |nu, mistillid| {
        let dage = 30;
        let command = kommando::KeysCommand::Rotate {
            brug: Brug::Sts,
            kilde: kilde(),
            dage,
            nu,
            mistillid,
            place: mappe.place(),
        };
        kommando::run(command)
    };
    rotate(false, false).expect("the next key");
    assert!(rotate(false, false).is_err(), "there is a next one already");
    assert!(vagt.opdater(&app, false).expect("seen by the files"));
    let naeste = app.noegler().expect("in force");
    assert_eq!(naeste.sts.certifikat, foer.sts.certifikat, "not used yet");
    assert_eq!(naeste.offentlige.len(), 3, "but published");

    ur.fetch_add(30 * DAG + 60_000_000, Ordering::SeqCst);
    assert!(vagt.opdater(&app, false).expect("by date"));
    let efter = app.noegler().expect("in force");
    assert_ne!(efter.sts.certifikat, foer.sts.certifikat, "changed over");
    assert_eq!(efter.jwt.certifikat(), foer.jwt.certifikat(), "the others did not");
    assert_eq!(efter.offentlige.len(), 3, "the one before is still trusted");
    assert!(format!("{:?}", efter.sts_betroet).contains("2 certifikater"), "the old one is trusted");
    ur.fetch_add(DAG, Ordering::SeqCst);
    assert!(vagt.opdater(&app, false).expect("by date"));
    let sidst = app.noegler().expect("in force");
    assert!(format!("{:?}", sidst.sts_betroet).contains("1 certifikater"), "no longer");
    app.store().close().await;
}

#[tokio::test]
async fn a_wrong_passphrase_leaves_the_keys_in_force() {
    let mappe = Mappe::ny("kode");
    let ur = Arc::new(AtomicI64::new(app::machine_clock().micros()));
    let app = app(&ur).await;
    let lager = Lager::i(&mappe.0);
    lager.demo("eksempel.dk", None, app.now()).expect("keys");
    let mut vagt = Noeglevagt::ny(Lager::i(&mappe.0));
    vagt.opdater(&app, false).expect("keys");
    let foer = app.noegler().expect("in force").sts.certifikat.clone();
    let fil = mappe.0.join("keys/passphrase");
    std::fs::write(&fil, "en anden\n").expect("written");
    let fejl = format!("{:#}", vagt.opdater(&app, true).expect_err("the passphrase is wrong"));
    assert!(fejl.contains("adgangssætningen er forkert") && fejl.contains("sts-1.p12"), "{fejl}");
    assert_eq!(app.noegler().expect("in force").sts.certifikat, foer);
    std::fs::set_permissions(&fil, std::fs::Permissions::from_mode(0o644)).expect("opened");
    let fejl = format!("{:#}", vagt.opdater(&app, true).expect_err("anybody can read it"));
    assert!(fejl.contains("chmod 600"), "{fejl}");
    app.store().close().await;
}

#[test]
fn a_key_can_come_from_a_file_and_the_old_one_can_be_distrusted() {
    let mappe = Mappe::ny("p12");
    let lager = Lager::i(&mappe.0);
    let nu = app::machine_clock();
    lager.demo("eksempel.dk", None, nu).expect("keys");
    let par = super::p12::lav("OCES3", "Korsbæk", 3072, nu, None).expect("a key");
    let (fil, kode) = (mappe.0.join("oces.p12"), mappe.0.join("kode"));
    std::fs::write(&fil, super::p12::skriv("x", &par, "sætning").expect("a file")).expect("written");
    crate::pki::secret(&kode, "sætning\n".as_bytes()).expect("written");
    let kilde = kommando::Kilde { p12: Some(fil), p12_kode: Some(kode), ..kilde() };
    let create =
        kommando::KeysCommand::Create { brug: Some(Brug::Sts), kilde: kilde.clone(), place: mappe.place() };
    assert!(kommando::run(create).is_err(), "there is one already");
    let command = kommando::KeysCommand::Rotate {
        brug: Brug::Sts,
        kilde,
        dage: 30,
        nu: true,
        mistillid: true,
        place: mappe.place(),
    };
    kommando::run(command).expect("in force now");
    let oversigt = lager.oversigt().expect("read").expect("there");
    let nu = app::machine_clock();
    let tilstande: Vec<_> = oversigt.noegler.iter().map(|p| oversigt.tilstand(p, nu).to_string()).collect();
    assert_eq!(tilstande, ["glemt", "i brug", "i brug", "i brug"]);
    let post = oversigt.i_brug(Brug::Sts, nu).expect("in force");
    assert_eq!(lager.certifikat(post).expect("beside it"), par.certifikat);
    kommando::run(kommando::KeysCommand::List(mappe.place())).expect("listed");
}
