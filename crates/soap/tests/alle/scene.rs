//! An installation with one system that has agreements about both indexes, and what it sends.

use administration::{
    Certifikat, Dataafgraensninger, ItSystem, Part, Partsart, Politikdata, Rolle, Service, Serviceaftale,
};
use app::{App, Config, Noeglepar, Noegler, Silent};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use bitemporal::Instant;
use identity::jwt::{Alg, JwtNoegle, Noeglering};
use identity::saml::Sts;
use imports::korsbaek::KY;
use indeks::Knude;
use oio::Cvr;
use rcgen::{CertificateParams, DnType, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize};
use soap::indekstjeneste::tabel::{Operation, TJENESTER, Tjeneste};
use std::sync::Arc;
use store::{Database, Store};
use testkit::token::{Anvendersystem, Besked, Token};
use tower::ServiceExt;
use uuid::Uuid;
use wss::{Konvolut, Krav, Sikkerhed};
use xml::c14n::{PrefixList, canonicalize};
use xml::{Document, Ids, SigningKey};

pub const NU: Instant = Instant::from_micros(1_900_000_000_000_000);
pub const KORSBAEK: &str = "11223344";
pub const SDI: &str = "http://entityid.kombit.dk/service/sdi/sagdokumentindeks/6";
pub const YDI: &str = "http://entityid.kombit.dk/service/ydi/ydelseindeks/6";
const STS: &str = "/runtime/services/kombittrust/14/certificatemixed";
const VAERT: &str = "https://localhost";
const TRANSAKTION: &str = "vores kald <1>";

fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

/// A key in PKCS#8, and its certificate in DER.
fn par(navn: &str) -> (Vec<u8>, Vec<u8>) {
    let noegle = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
    let mut params = CertificateParams::default();
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.key_usages.push(KeyUsagePurpose::DigitalSignature);
    params.distinguished_name.push(DnType::CommonName, navn);
    params.distinguished_name.push(DnType::OrganizationName, "Matador Data A/S");
    params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), format!("UI:DK-O:G:{KY}"));
    params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), "NTRDK-33445566");
    let certifikat = params.self_signed(&noegle).expect("a certificate");
    (noegle.serialize_der(), certifikat.der().to_vec())
}

fn noegler(config: &Config) -> Noegler {
    let (pkcs8, der) = par("Fundament");
    let certifikat = identity::Certifikat::af_der(&der).expect("a certificate");
    let nyt = || Noeglepar {
        noegle: SigningKey::from_pkcs8(&pkcs8).expect("a key"),
        certifikat: certifikat.clone(),
    };
    Noegler {
        iss: config.jwt_iss(),
        sts: nyt(),
        service: nyt(),
        jwt: JwtNoegle::ny(&pkcs8, certifikat.clone(), Alg::default()).expect("a key"),
        jwt_betroede: Noeglering::ny(Alg::default(), [&certifikat]).expect("a key"),
        sts_betroet: Sts::ny(config.sts_entity_id(), [certifikat.clone()]).expect("a key"),
        offentlige: vec![certifikat.clone()],
    }
}

/// What came back.
pub struct Svar {
    pub status: StatusCode,
    pub content_type: String,
    pub text: String,
}

impl Svar {
    /// The element of the body, by its table.
    pub fn knude(&self, operation: &Operation) -> Knude {
        let document = Document::parse(&self.text).expect("XML");
        let body = document.descendants().find(|n| n.tag_name().name() == "Body").expect("a body");
        let indhold = body.first_element_child().expect("one element");
        let text = &self.text[indhold.range()];
        indeks::laes_bytes(&[operation.output], text.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{text}"))
    }

    pub fn koder(&self) -> Vec<&str> {
        self.text.split("<sd:StatusKode>").skip(1).filter_map(|t| Some(t.split_once('<')?.0)).collect()
    }
}

pub struct Scene {
    pub app: App,
    system: Anvendersystem,
}

impl Scene {
    pub async fn ny() -> Self {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let config = Config::default();
        let noegler = noegler(&config);
        let app = App::with_clock(store, config, Arc::new(Silent), Box::new(|| NU)).await.expect("an app");
        app.saet_noegler(noegler);
        let (pkcs8, der) = par("KY");
        let certifikat = Certifikat::af_der(der.clone()).expect("a certificate");
        let aftale = |nr, service: &Service| {
            let roller = [Rolle::Udstil, Rolle::Rediger];
            let (uuid, flag) = (Uuid::from_u128(nr), Dataafgraensninger::default());
            Serviceaftale::aktiv(uuid, format!("Aftale {nr}"), KY, cvr(KORSBAEK), service, &roller, flag)
        };
        let mut data = Politikdata {
            parter: vec![
                Part::ny(cvr(KORSBAEK), "Korsbæk Kommune", Partsart::Myndighed),
                Part::ny(cvr("33445566"), "Matador Data A/S", Partsart::Leverandoer),
            ],
            systemer: vec![ItSystem::ny(KY, "KY", cvr("33445566"), vec![certifikat])],
            aftaler: vec![
                aftale(1, &Service::sagdokumentindeks()),
                aftale(2, &Service::ydelsesindeks()),
                aftale(3, &Service::organisation()),
            ],
            ..Politikdata::default()
        };
        data.med_standard();
        app.saet_politik(&data, false).await.expect("a policy");
        let noegle = SigningKey::from_pkcs8(&pkcs8).expect("a key");
        Self { app, system: Anvendersystem::ny(noegle, &der) }
    }

    /// A token for a service.
    pub async fn token(&self, service: &str) -> Token {
        let til = format!("{VAERT}{STS}");
        let besked = Besked { til: &til, id: self.app.new_uuid(), nu: NU };
        let rst = self.system.rst(&besked, service, KORSBAEK).expect("signed");
        let svar = send(sts::offentlig(self.app.clone()), STS, SOAP_12, rst).await;
        Token::af_svar(svar.text.as_bytes()).unwrap_or_else(|| panic!("{}", svar.text))
    }

    /// A message, signed for one path.
    pub fn underskriv(&self, token: &Token, path: &str, action: &str, besked: &str) -> String {
        let document = xml::parse(besked.as_bytes(), &xml::Limits::of_size(1 << 24)).expect("XML");
        let krop = canonicalize(document.root_element(), &PrefixList::default()).expect("canonical");
        let til = format!("{VAERT}{path}");
        let hoved = Besked { til: &til, id: self.app.new_uuid(), nu: NU };
        let andre = format!(
            "<RequestHeader xmlns=\"{}\"><TransactionUUID>{}</TransactionUUID></RequestHeader>",
            soap::ns::HDR,
            TRANSAKTION.replace('<', "&lt;")
        );
        self.system.kald(&hoved, token, action, &andre, &krop).expect("signed")
    }

    /// Posts to the doors of the indexes.
    pub async fn post(&self, path: &str, content_type: &str, besked: String) -> Svar {
        send(soap::indekstjeneste::router(self.app.clone()), path, content_type, besked).await
    }

    /// One signed call, and its answer, which must be signed by the service and be of the contract.
    pub async fn kald(&self, token: &Token, besked: &str) -> (Knude, Svar) {
        let (tjeneste, operation) = operation(besked);
        let path = tjeneste.paths[0];
        let sendt = self.underskriv(token, path, operation.action, besked);
        let svar = self.post(path, SOAP_12, sendt.clone()).await;
        assert_eq!((svar.status, svar.content_type.as_str()), (StatusCode::OK, SOAP_12), "{}", svar.text);
        self.underskrevet(&svar, &tjeneste.svaraction(operation), &sendt);
        (svar.knude(operation), svar)
    }

    fn underskrevet(&self, svar: &Svar, action: &str, sendt: &str) {
        let document = Document::parse(&svar.text).expect("XML");
        let konvolut = Konvolut::laes(&document).expect("an envelope");
        let ids = Ids::of(&document).expect("once each");
        let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
        let noegler = self.app.noegler().expect("keys");
        let noegle = noegler.service.noegle.public_key();
        let verified = sikkerhed.verify(&konvolut, &ids, noegle, Krav::Alle).expect("signed by the service");
        assert!(verified.covers(konvolut.body) && verified.covers(konvolut.adressering.action.expect("one")));
        assert_eq!(konvolut.action().as_deref(), Ok(action));
        let besked = Document::parse(sendt).expect("XML");
        let navn = wss::kaldenavne(&besked);
        let relates_to = konvolut.adressering.relates_to.expect("RelatesTo");
        assert!(verified.covers(relates_to));
        assert_eq!([xml::text_of(relates_to).to_string()], navn.as_slice());
        let ekko = document.descendants().find(|n| n.tag_name().name() == "TransactionUUID");
        assert_eq!(ekko.and_then(|n| n.text()), Some(TRANSAKTION));
    }
}

pub const SOAP_11: &str = "text/xml; charset=utf-8";
pub const SOAP_12: &str = "application/soap+xml; charset=utf-8";

async fn send(router: axum::Router, path: &str, content_type: &str, besked: String) -> Svar {
    let request = Request::builder().method("POST").uri(path).header(header::CONTENT_TYPE, content_type);
    let svar = router.oneshot(request.body(Body::from(besked)).expect("a request")).await.expect("an answer");
    let status = svar.status();
    let content_type = svar.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    let bytes = to_bytes(svar.into_body(), 1 << 26).await.expect("a body");
    Svar { status, content_type, text: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
}

/// The service and operation a message calls.
pub fn operation(besked: &str) -> (&'static Tjeneste, &'static Operation) {
    let document = xml::parse(besked.as_bytes(), &xml::Limits::of_size(1 << 24)).expect("XML");
    let rod = document.root_element();
    let fundet = TJENESTER.iter().find_map(|t| Some((t, t.operation(rod)?)));
    fundet.expect("a call of the indexes")
}
