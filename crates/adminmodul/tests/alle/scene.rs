//! Korsbæk and its neighbour, a supplier with a system, the operator, and people in every role.

use crate::browser::Browser;
use administration::{
    Aftaleformaal, Aftaleservice, Bruger, Brugertilstand, ItSystem, Miljoe, Modulrolle, Omfang, Part,
    Partsart, Politikdata, Service, Tildeling,
};
use adminmodul::Tilstand;
use app::{App, Config, Silent, Udgaaende};
use bitemporal::{Instant, Period};
use login::{Aktoer, Klient, Login, Loginconfig, Loginnoegle};
use oio::Cvr;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Logsoegning, Store};
use styring::Kald;
use styring::aftaler::Anmodning;
use uuid::Uuid;

pub const SEKUND: i64 = 1_000_000;
pub const KORSBAEK: &str = "11223344";
pub const NABOKOEBING: &str = "22334455";
pub const MATADOR: &str = "33445566";
pub const KY: Uuid = Uuid::from_u128(0xa1);
pub const KODE: &str = "korrekt hest batteri";

pub fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

/// A certificate of a company, valid for about a year from the beginning.
pub fn certifikat(navn: &str, firma: &str) -> Vec<u8> {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2028, 1, 15);
    params.distinguished_name.push(rcgen::DnType::CommonName, navn);
    let organisation = rcgen::DnType::CustomDnType(vec![2, 5, 4, 97]);
    params.distinguished_name.push(organisation, format!("NTRDK-{firma}"));
    let key = rcgen::KeyPair::generate().expect("a key");
    params.self_signed(&key).expect("a certificate").der().to_vec()
}

pub struct Scene {
    pub app: App,
    pub login: Login,
    clock: Arc<AtomicI64>,
}

impl Scene {
    /// Where a password alone is enough.
    pub async fn ny() -> Self {
        Self::med(Loginconfig { kun_adgangskode: true, ..Loginconfig::default() }).await
    }

    pub async fn med(config: Loginconfig) -> Self {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let clock = Arc::new(AtomicI64::new(1_800_000_000 * SEKUND));
        let hand = clock.clone();
        let tick = Box::new(move || Instant::from_micros(hand.load(Ordering::SeqCst)));
        let app = App::with_clock(store, Config::default(), Arc::new(Silent), tick).await.expect("an app");
        let login = Login::new(app.clone(), Loginnoegle::ny(&[7; 32], &[]), config).expect("a login");
        let scene = Self { app, login, clock };
        let ky = administration::Certifikat::af_der(certifikat("KY", MATADOR)).expect("a certificate");
        let data = Politikdata {
            parter: vec![
                Part::ny(cvr(KORSBAEK), "Korsbæk Kommune", Partsart::Myndighed),
                Part::ny(cvr(NABOKOEBING), "Nabokøbing Kommune", Partsart::Myndighed),
                Part::ny(cvr(MATADOR), "Matador Data A/S", Partsart::Leverandoer),
                Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer),
            ],
            systemer: vec![ItSystem::ny(KY, "KY", cvr(MATADOR), vec![ky])],
            ..Politikdata::default()
        };
        scene.app.saet_politik(&data, false).await.expect("a policy");
        scene
    }

    pub fn nu(&self) -> Instant {
        self.app.now()
    }

    /// Lets seconds pass.
    pub fn gaa(&self, sekunder: i64) {
        self.clock.fetch_add(sekunder * SEKUND, Ordering::SeqCst);
    }

    /// Where people with a role work.
    pub fn part(rolle: Modulrolle) -> String {
        match rolle.part() {
            Partsart::Myndighed => KORSBAEK.into(),
            Partsart::Leverandoer => MATADOR.into(),
            Partsart::Operatoer => Cvr::KOMBIT.to_string(),
        }
    }

    /// A person with these roles for a party, who exists but has no account.
    pub async fn bruger(&self, navn: &str, part: &str, roller: &[Modulrolle]) -> Bruger {
        let roller = roller.iter().map(|rolle| Tildeling {
            id: self.app.new_uuid(),
            rolle: *rolle,
            part: cvr(part),
            omfang: Omfang::default(),
            gyldig: Period::since(self.nu()),
            sagsnummer: None,
            tildelt_af: None,
        });
        let bruger = Bruger {
            uuid: self.app.new_uuid(),
            navn: navn.into(),
            email: format!("{}@{part}.example", navn.to_lowercase().replace(' ', ".")),
            cvr: cvr(part),
            telefon: None,
            tilstand: Brugertilstand::Aktiv,
            spaerret_af: None,
            foer_spaerring: None,
            stedfortraeder: None,
            roller: roller.collect(),
        };
        styring::brugere::indsaet(&self.app, &bruger, self.app.new_uuid()).await.expect("stored");
        bruger
    }

    pub fn kald(&self, bruger: &Bruger) -> Kald {
        Kald {
            aktoer: bruger.handler_som(bruger.cvr, self.nu()).expect("a role now"),
            adresse: "192.0.2.1".into(),
            kilde: "test",
            korrelation: self.app.new_uuid(),
        }
    }

    pub fn browser(&self) -> Browser {
        self.browser_i(Miljoe::Test)
    }

    /// A browser at an installation of an environment.
    fn browser_i(&self, miljoe: Miljoe) -> Browser {
        let (app, login, ud) =
            (self.app.clone(), self.login.clone(), Udgaaende::standard().expect("a client"));
        let tilstand = Tilstand { app, login, miljoe, mail: true, ud };
        Browser::ny(adminmodul::router(tilstand))
    }

    /// The account of a person, and the token of the invitation.
    pub async fn inviter(&self, bruger: &Bruger) -> String {
        let klient = Klient::lokal(Uuid::nil());
        let af = Aktoer { bruger: None, klient: &klient };
        self.login.opret_konto(bruger.uuid, &bruger.email, &af).await.expect("an account");
        self.login.inviter(bruger.uuid, &af).await.expect("an invitation").token.0
    }

    /// Another link, instead of the one before.
    pub async fn nyt_link(&self, bruger: &Bruger) -> String {
        let klient = Klient::lokal(Uuid::nil());
        let af = Aktoer { bruger: None, klient: &klient };
        self.login.inviter(bruger.uuid, &af).await.expect("an invitation").token.0
    }

    /// A browser in which a person is logged in.
    pub async fn inde(&self, bruger: &Bruger) -> Browser {
        let token = self.inviter(bruger).await;
        self.ind(Miljoe::Test, &token).await
    }

    /// A browser in which a person who has an account is logged in to an environment.
    pub async fn inde_i(&self, bruger: &Bruger, miljoe: Miljoe) -> Browser {
        let token = self.nyt_link(bruger).await;
        self.ind(miljoe, &token).await
    }

    async fn ind(&self, miljoe: Miljoe, token: &str) -> Browser {
        let mut browser = self.browser_i(miljoe);
        let sti = format!("/admin/adgang/{token}");
        let csrf = browser.get(&sti).await.skjult("csrf");
        browser.raa(&sti, &[("csrf", &csrf), ("kode", KODE), ("igen", KODE)]).await.er(303);
        browser
    }

    /// A person who is in.
    pub async fn person(&self, navn: &str, rolle: Modulrolle) -> (Bruger, Browser) {
        let bruger = self.bruger(navn, &Self::part(rolle), &[rolle]).await;
        let browser = self.inde(&bruger).await;
        (bruger, browser)
    }

    /// How much has happened: the version of the policy, and the lines of the log about changes.
    pub async fn aendringer(&self) -> (String, usize) {
        let alle = Logsoegning { antal: 10_000, ..Logsoegning::default() };
        let mut linjer = self.app.store().aendringslog(&alle).await.expect("the log");
        linjer.retain(|(_, l)| l.slags != store::Loglinjeslags::Laest);
        (self.app.politik().version().to_owned(), linjer.len())
    }

    /// A request of the supplier, sent.
    pub async fn anmodning(&self, myndigheder: &[&str]) -> Uuid {
        let la = self.bruger("Laura Anmoder", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
        let kald = self.kald(&la);
        let uuid = styring::aftaler::gem_kladde(&self.app, &kald, None, &anmodning(myndigheder))
            .await
            .expect("a draft");
        styring::aftaler::send(&self.app, &kald, uuid).await.expect("sent");
        uuid
    }
}

/// A request that lacks nothing.
pub fn anmodning(myndigheder: &[&str]) -> Anmodning {
    let service = Service::organisation();
    Anmodning {
        navn: "KY læser organisation".into(),
        begrundelse: "KY skal vise, hvilken enhed i kommunen der har ansvaret for en sag.".into(),
        system: KY,
        myndigheder: myndigheder.iter().map(|c| cvr(c)).collect(),
        services: vec![Aftaleservice {
            service: service.uuid,
            id: None,
            udstedt_kontekst: None,
            roller: vec![service.rolle_med_navn("Udstil").expect("the role").uri.clone()],
            parametre: BTreeMap::new(),
        }],
        formaal: Aftaleformaal {
            formaal: "Udbetaling af ydelser".into(),
            hjemmel: "Lov om aktiv socialpolitik".into(),
            databehandleraftale: "DBA-2026-7".into(),
            driftskontakt: "drift@matador.example".into(),
            vilkaar_accepteret_af: Some("Laura".into()),
            ..Aftaleformaal::default()
        },
        gyldig: Period::ALWAYS,
    }
}
