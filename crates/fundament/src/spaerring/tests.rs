//! Against a real OCSP responder and a real list: those of `openssl`, on this machine.

use super::Spaerringstjek;
use app::{Formaal, Spaerring, Tillidstjek};
use axum::Router;
use axum::routing::get;
use bitemporal::Instant;
use identity::Certifikat;
use identity::tillid::Tillid;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

const MINUT: i64 = 60_000_000;

fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address").port()
}

/// A CA, its responder and its list, in a folder of their own.
struct Udsteder {
    mappe: PathBuf,
    ocsp: u16,
    svarer: Option<(Child, BufReader<ChildStdout>)>,
    liste: Option<tokio::task::JoinHandle<()>>,
    crl: u16,
}

impl Drop for Udsteder {
    fn drop(&mut self) {
        self.ned();
        let _ = std::fs::remove_dir_all(&self.mappe);
    }
}

/// Runs openssl in a folder.
fn openssl(mappe: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(mappe).output();
    let output = output.expect("openssl starts");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Udsteder {
    fn ny(navn: &str) -> Self {
        let mappe = std::env::temp_dir().join(format!("fundament-spaerring-{navn}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&mappe);
        std::fs::create_dir_all(&mappe).expect("a folder");
        let (ocsp, crl) = (port(), port());
        let config = format!(
            "[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\nserial = serial\nnew_certs_dir = .\n\
             certificate = ca.pem\nprivate_key = ca.key\ndefault_md = sha256\ndefault_days = 30\n\
             default_crl_days = 30\npolicy = p\nunique_subject = no\n[p]\ncommonName = supplied\n\
             [req]\ndistinguished_name = n\nprompt = no\n[n]\nCN = x\n\
             [v3_ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign,digitalSignature\n\
             subjectKeyIdentifier = hash\n\
             [begge]\nkeyUsage = critical,digitalSignature\n\
             authorityInfoAccess = OCSP;URI:http://127.0.0.1:{ocsp}/\n\
             crlDistributionPoints = URI:http://127.0.0.1:{crl}/liste.crl\n\
             [ingen]\nkeyUsage = critical,digitalSignature\n\
             [mellem]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n\
             authorityInfoAccess = OCSP;URI:http://127.0.0.1:{ocsp}/\n"
        );
        std::fs::write(mappe.join("c.cnf"), config).expect("written");
        std::fs::write(mappe.join("index.txt"), "").expect("written");
        std::fs::write(mappe.join("serial"), "1000\n").expect("written");
        openssl(
            &mappe,
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=CA-{navn} \
                 -config c.cnf -extensions v3_ca"
            ),
        );
        Self { mappe, ocsp, crl, svarer: None, liste: None }
    }

    fn certifikat(&self, navn: &str, udvidelser: &str) -> Certifikat {
        openssl(
            &self.mappe,
            &format!(
                "req -new -newkey rsa:2048 -nodes -keyout {navn}.key -out {navn}.csr -subj /CN={navn} -config c.cnf"
            ),
        );
        openssl(
            &self.mappe,
            &format!(
                "ca -batch -config c.cnf -extensions {udvidelser} -in {navn}.csr -out {navn}.pem -notext"
            ),
        );
        laes(&self.mappe.join(format!("{navn}.pem")))
    }

    /// A certificate issued by another of this CA's, which names nobody to ask.
    fn under(&self, navn: &str, mellem: &str) -> Certifikat {
        openssl(
            &self.mappe,
            &format!(
                "req -new -newkey rsa:2048 -nodes -keyout {navn}.key -out {navn}.csr -subj /CN={navn} -config c.cnf"
            ),
        );
        openssl(
            &self.mappe,
            &format!(
                "x509 -req -in {navn}.csr -CA {mellem}.pem -CAkey {mellem}.key -set_serial 7 -days 20 -sha256 \
                 -extfile c.cnf -extensions ingen -out {navn}.pem"
            ),
        );
        laes(&self.mappe.join(format!("{navn}.pem")))
    }

    fn spaer(&self, navn: &str) {
        openssl(&self.mappe, &format!("ca -config c.cnf -revoke {navn}.pem"));
    }

    fn tjek(&self, krav: Spaerring) -> Spaerringstjek {
        let tillid = Tillid::ny([laes(&self.mappe.join("ca.pem"))], []).expect("trust");
        Spaerringstjek::ny(Some(tillid), krav).expect("a checker")
    }

    /// Starts the responder and waits until it listens.
    fn ocsp_op(&mut self) {
        let arguments = format!(
            "ocsp -index index.txt -port {} -rsigner ca.pem -rkey ca.key -CA ca.pem -ndays 1",
            self.ocsp
        );
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).current_dir(&self.mappe);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the responder starts");
        let mut linjer = BufReader::new(child.stdout.take().expect("its output"));
        let mut linje = String::new();
        while !linje.starts_with("ACCEPT") {
            linje.clear();
            assert!(linjer.read_line(&mut linje).expect("a line") > 0, "the responder ended");
        }
        self.svarer = Some((child, linjer));
    }

    /// Makes the list as it is now, and serves it.
    async fn crl_op(&mut self) {
        openssl(&self.mappe, "ca -config c.cnf -gencrl -out liste.pem");
        openssl(&self.mappe, "crl -in liste.pem -outform DER -out liste.crl");
        let bytes = std::fs::read(self.mappe.join("liste.crl")).expect("the list");
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.crl)).await.expect("its port");
        let router = Router::new().route("/liste.crl", get(move || async move { bytes.clone() }));
        let serve = async move { axum::serve(listener, router).await.expect("served") };
        self.liste = Some(tokio::spawn(serve));
    }

    fn ned(&mut self) {
        if let Some((mut svarer, _)) = self.svarer.take() {
            let _ = svarer.kill();
            let _ = svarer.wait();
        }
        if let Some(liste) = self.liste.take() {
            liste.abort();
        }
    }
}

fn laes(fil: &Path) -> Certifikat {
    Certifikat::af_pem(&std::fs::read_to_string(fil).expect("a file")).expect("a certificate")
}

async fn udsted(tjek: &Spaerringstjek, certifikat: &Certifikat, nu: Instant) -> Result<(), String> {
    tjek.kontroller(certifikat, Formaal::Udstedelse, nu).await
}

fn om(minutter: i64) -> Instant {
    Instant::from_micros(app::machine_clock().micros() + minutter * MINUT)
}

#[track_caller]
fn afvist(svar: Result<(), String>, hvorfor: &str) {
    let grund = svar.expect_err("it must be refused");
    assert!(grund.contains(hvorfor), "{grund}");
}

#[tokio::test]
#[ignore = "needs openssl; cargo xtask test runs it"]
async fn the_responder_decides_and_the_list_when_it_is_silent() {
    let mut ca = Udsteder::ny("svar");
    let (god, spaerret) = (ca.certifikat("god", "begge"), ca.certifikat("spaerret", "begge"));
    ca.spaer("spaerret");
    ca.ocsp_op();
    let tjek = ca.tjek(Spaerring::Kraev);
    assert_eq!(udsted(&tjek, &god, om(0)).await, Ok(()));
    afvist(udsted(&tjek, &spaerret, om(0)).await, "blev spærret");
    // The responder is gone; its answers are used for a while.
    ca.ned();
    assert_eq!(udsted(&tjek, &god, om(9)).await, Ok(()));
    afvist(udsted(&tjek, &spaerret, om(9)).await, "blev spærret");
    // One who never asked must use the list.
    ca.crl_op().await;
    let andet = ca.tjek(Spaerring::Kraev);
    assert_eq!(udsted(&andet, &god, om(0)).await, Ok(()));
    afvist(udsted(&andet, &spaerret, om(0)).await, "blev spærret");
    assert_eq!(andet.lister.len(), 1, "one list for both");
}

#[tokio::test]
#[ignore = "needs openssl; cargo xtask test runs it"]
async fn when_nobody_answers_the_last_good_answer_lasts_four_hours() {
    let mut ca = Udsteder::ny("tavs");
    let (god, ny) = (ca.certifikat("god", "begge"), ca.certifikat("ny", "begge"));
    ca.ocsp_op();
    let tjek = ca.tjek(Spaerring::NaarMuligt);
    assert_eq!(udsted(&tjek, &god, om(0)).await, Ok(()));
    ca.ned();
    assert_eq!(udsted(&tjek, &god, om(11)).await, Ok(()), "with an alarm");
    assert_eq!(udsted(&tjek, &god, om(239)).await, Ok(()), "with an alarm");
    afvist(udsted(&tjek, &god, om(241)).await, "prøv igen");
    afvist(udsted(&tjek, &ny, om(0)).await, "ingen svarede");
    let registrering = tjek.kontroller(&god, Formaal::Registrering, om(20)).await;
    afvist(registrering, "prøv igen");
    // Somebody answers again: not within the half minute in which nobody is asked, but after it.
    ca.ocsp_op();
    afvist(udsted(&tjek, &ny, om(0)).await, "prøv igen");
    assert_eq!(udsted(&tjek, &ny, om(1)).await, Ok(()));
    ca.spaer("ny");
    ca.ned();
    ca.ocsp_op();
    assert_eq!(udsted(&tjek, &ny, om(2)).await, Ok(()), "as of a minute ago");
    afvist(udsted(&tjek, &ny, om(12)).await, "blev spærret");
}

#[tokio::test]
#[ignore = "needs openssl; cargo xtask test runs it"]
async fn a_certificate_that_names_nobody_and_one_of_somebody_else() {
    let ca = Udsteder::ny("ingen");
    let fremmed = Udsteder::ny("fremmed");
    let (ingen, andres) = (ca.certifikat("ingen", "ingen"), fremmed.certifikat("andres", "ingen"));
    assert_eq!(udsted(&ca.tjek(Spaerring::NaarMuligt), &ingen, om(0)).await, Ok(()));
    assert_eq!(udsted(&ca.tjek(Spaerring::Fra), &ingen, om(0)).await, Ok(()));
    afvist(udsted(&ca.tjek(Spaerring::Kraev), &ingen, om(0)).await, "ikke, hvor man kan spørge");
    afvist(udsted(&ca.tjek(Spaerring::Fra), &andres, om(0)).await, "ikke udstedt af en udsteder");
    let enhver = Spaerringstjek::ny(None, Spaerring::NaarMuligt).expect("a checker");
    assert_eq!(udsted(&enhver, &andres, om(0)).await, Ok(()));
    afvist(udsted(&enhver, &andres, om(60 * 24 * 31)).await, "udløb");
}

#[tokio::test]
#[ignore = "needs openssl; cargo xtask test runs it"]
async fn what_a_revoked_issuer_has_issued_is_refused() {
    let mut ca = Udsteder::ny("mellem");
    let mellem = [ca.certifikat("m1", "mellem"), ca.certifikat("m2", "mellem")];
    let (under_god, under_spaerret) = (ca.under("s1", "m1"), ca.under("s2", "m2"));
    ca.spaer("m2");
    ca.ocsp_op();
    let tjek = |krav| {
        let tillid = Tillid::ny([laes(&ca.mappe.join("ca.pem"))], mellem.clone()).expect("trust");
        Spaerringstjek::ny(Some(tillid), krav).expect("a checker")
    };
    let spoerg = tjek(Spaerring::NaarMuligt);
    assert_eq!(udsted(&spoerg, &under_god, om(0)).await, Ok(()));
    afvist(udsted(&spoerg, &under_spaerret, om(0)).await, "udstederen CN=m2: certifikatet blev spærret");
    assert_eq!(udsted(&tjek(Spaerring::Fra), &under_spaerret, om(0)).await, Ok(()), "nobody is asked");
}
