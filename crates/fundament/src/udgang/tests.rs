use super::{Internet, grund};
use app::{Udgang, Udgangsfejl as F};
use reqwest::{Certificate, Client};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

#[test]
fn an_address_is_judged_before_anything_is_called() {
    let ud = Internet::med(Client::builder(), &["10.0.0.7".into()]).expect("a client");
    for (adresse, ventet) in [
        ("https://idp.korsbaek.example/metadata", None),
        ("https://10.0.0.7/metadata", None),
        ("http://idp.korsbaek.example/metadata", Some(F::Adresse)),
        ("file:///etc/passwd", Some(F::Adresse)),
        ("https://", Some(F::Adresse)),
        ("https://jens:hemmelig@idp.korsbaek.example/", Some(F::Adresse)),
        ("https://127.0.0.1/", Some(F::Intern)),
        ("https://127.1/", Some(F::Intern)),
        ("https://0x7f000001/", Some(F::Intern)),
        ("https://2130706433/", Some(F::Intern)),
        ("https://[::ffff:10.0.0.1]/", Some(F::Intern)),
        ("https://169.254.169.254/latest", Some(F::Intern)),
    ] {
        assert_eq!(ud.adresse(adresse).err(), ventet, "{adresse}");
    }
    assert_eq!(ud.adresse(&format!("https://x.example/{}", "a".repeat(2_000))).err(), Some(F::Adresse));
}

/// A server with a certificate for localhost that answers each call with the next of these; gives its port and issuer.
async fn server(svar: Vec<String>) -> (u16, Certificate) {
    let noegle = rcgen::KeyPair::generate().expect("a key");
    let certifikat = rcgen::CertificateParams::new(vec!["localhost".into()]).expect("a name");
    let certifikat = certifikat.self_signed(&noegle).expect("a certificate");
    let privat = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(noegle.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certifikat.der().clone()], privat)
        .expect("a pair");
    let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = lytter.local_addr().expect("an address").port();
    let tls = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        for svar in svar {
            let (linje, _) = lytter.accept().await.expect("somebody");
            let Ok(mut linje) = tls.accept(linje).await else { continue };
            let mut krop = [0; 4_096];
            let _ = linje.read(&mut krop).await;
            let _ = linje.write_all(svar.as_bytes()).await;
            let _ = linje.shutdown().await;
        }
    });
    (port, Certificate::from_der(certifikat.der()).expect("an issuer"))
}

fn http(status: &str, krop: &str) -> String {
    let laengde = krop.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {laengde}\r\nconnection: close\r\nlocation: /x\r\n\r\n{krop}"
    )
}

#[tokio::test]
async fn what_is_fetched_is_bounded_and_from_where_it_was_asked() {
    let svar = vec![
        http("200 OK", "<md/>"),
        http("200 OK", "for meget"),
        http("302 Found", ""),
        http("404 Nej", ""),
    ];
    let (port, udsteder) = server(svar).await;
    let adresse = format!("https://localhost:{port}/metadata");
    let bygger = || Client::builder().tls_certs_only([udsteder.clone()]);
    // The name leads here, and here is not the internet: nobody is called.
    let ude = Internet::med(bygger(), &[]).expect("a client");
    assert_eq!(ude.hent(&adresse, 100).await, Err(F::Intern));
    let inde = Internet::med(bygger(), &["Localhost".into()]).expect("a client");
    assert_eq!(inde.hent(&adresse, 8).await, Ok(b"<md/>".to_vec()));
    assert_eq!(inde.hent(&adresse, 8).await, Err(F::Stoerrelse(8)));
    assert_eq!(inde.hent(&adresse, 8).await, Err(F::Viderestilling));
    assert_eq!(inde.hent(&adresse, 8).await, Err(F::Svar(404)));
    assert_eq!(inde.hent(&adresse, 8).await, Err(F::Forbindelse), "nobody listens any more");
    let uden = Internet::med(Client::builder(), &["localhost".into()]).expect("a client");
    let (port, _) = server(vec![http("200 OK", "")]).await;
    let fremmed = uden.hent(&format!("https://localhost:{port}/"), 8).await;
    assert_eq!(fremmed, Err(F::Forbindelse), "a certificate from nobody we trust");
}

#[tokio::test]
async fn what_a_receiver_of_push_shows_of_itself_is_kept() {
    let (port, udsteder) = server(vec![http("200 OK", "ja"), http("200 OK", "ja")]).await;
    let adresse = format!("https://localhost:{port}/besked");
    let post = async |tls_info| {
        let bygger = Client::builder().tls_certs_only([udsteder.clone()]).tls_info(tls_info);
        let klient = app::Udgaaende::med(app::udgaaende_klient(bygger).expect("a client"));
        let hoejst = std::time::Duration::from_secs(10);
        let kald = app::Udekald { adresse: &adresse, hoveder: &[], svar_max: Some(8), hoejst };
        klient.post(kald, Vec::new()).await
    };
    let svar = post(true).await;
    let der = svar.certifikat.expect("a certificate");
    assert_eq!((svar.http, svar.krop.as_slice()), (Some(200), b"ja".as_slice()));
    let slut = identity::Certifikat::af_der(&der).expect("a certificate").gyldig().to;
    assert!(slut > bitemporal::Instant::from_micros(0), "{slut:?}");
    assert_eq!(post(false).await.certifikat, None, "who asks for nothing");
}

#[tokio::test]
async fn no_more_than_so_many_are_fetched_at_a_time() {
    let inde = Internet::med(Client::builder(), &["localhost".into()]).expect("a client");
    let _alle = inde.pladser.acquire_many(super::SAMTIDIGE as u32).await.expect("all places");
    assert_eq!(inde.hent("https://localhost:1/", 8).await, Err(F::Optaget));
}

#[tokio::test]
async fn a_name_nobody_knows_is_told_as_such() {
    let klient = Internet::med(Client::builder(), &[]).expect("a client");
    let fejl = klient.klient.get("https://findes-ikke.invalid/").send().await.expect_err("nobody has it");
    assert_eq!(grund(&fejl), F::Navn);
}
