//! The certificate we serve with, `DIR/pki/server.pem` and `server.key`; and development certificates: a CA, the server's
//! own, and in a demo one for each it-system. What is missing is made once; what is there is never written over.
//!
//! Subjects have the form of OCES3 system certificates, so that what reads the real ones reads these.

use anyhow::{Context, Result, bail};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, LocalKeyId, PrivateKey, PrivateKeyChain};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The password of the PKCS#12 files: these keys protect invented data only.
pub const PASSWORD: &str = "korsbaek";

/// Who gets a client certificate.
pub struct Subjekt {
    /// The file name, and the name in the certificate in capitals.
    pub navn: &'static str,
    /// The it-system's UUID.
    pub uuid: Uuid,
    /// The supplier.
    pub firma: &'static str,
    /// The supplier's CVR number.
    pub cvr: &'static str,
}

/// The development CA.
pub struct Ca {
    /// What it signs with.
    pub udsteder: Issuer<'static, KeyPair>,
    /// Its certificate in DER form.
    pub der: Vec<u8>,
}

impl Ca {
    /// The CA of a folder; `None` when its key is not there.
    pub fn open(folder: &Path) -> Result<Option<Self>> {
        let (key, pem) = (folder.join("ca.key"), folder.join("ca.pem"));
        if !key.exists() {
            return Ok(None);
        }
        let key = KeyPair::from_pem(&fs::read_to_string(key)?).context("udviklings-CA'ens nøgle")?;
        let der = CertificateDer::from_pem_file(&pem)
            .with_context(|| format!("{} kan ikke bruges", pem.display()))?
            .to_vec();
        Ok(Some(Self { udsteder: Issuer::new(ca_params()?, key), der }))
    }
}

/// The files of a folder of certificates.
pub struct Pki(PathBuf);

impl Pki {
    /// The folder of an installation. A certificate to serve with is made when there is none.
    pub fn open(folder: &Path) -> Result<Self> {
        let pki = Self(folder.to_owned());
        pki.make(&[], false).context("serverens certifikat")?;
        Ok(pki)
    }

    /// The folder of a demo: `subjekter` have certificates as well, and the key of the CA is kept.
    pub fn demo(folder: &Path, subjekter: &[Subjekt]) -> Result<Self> {
        let pki = Self(folder.to_owned());
        pki.make(subjekter, true).context("udviklingscertifikaterne kan ikke laves")?;
        Ok(pki)
    }

    /// A file of the folder.
    pub fn file(&self, navn: &str, kind: &str) -> PathBuf {
        self.0.join(format!("{navn}.{kind}"))
    }

    /// The server's certificate chain and key.
    pub fn server(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
        let (pem, key) = (self.file("server", "pem"), self.file("server", "key"));
        let chain = CertificateDer::pem_file_iter(&pem).and_then(Iterator::collect);
        let chain = chain.with_context(|| format!("{} kan ikke bruges", pem.display()))?;
        let key = PrivateKeyDer::from_pem_file(&key)
            .with_context(|| format!("{} kan ikke bruges", key.display()))?;
        Ok((chain, key))
    }

    /// Makes what is not there.
    fn make(&self, subjekter: &[Subjekt], demo: bool) -> Result<()> {
        let mut mangler = Vec::new();
        for subjekt in subjekter {
            if self.mangler(subjekt.navn, &["key", "pem", "p12"])? {
                mangler.push(subjekt);
            }
        }
        let uden_server = self.mangler("server", &["key", "pem"])?;
        if !uden_server && mangler.is_empty() {
            return Ok(());
        }
        fs::create_dir_all(&self.0)?;
        let ca = self.ca(demo)?;
        if uden_server {
            let mut server = CertificateParams::new(["localhost".into(), "127.0.0.1".into(), "::1".into()])?;
            server.not_after = date_time_ymd(2040, 1, 1);
            server.distinguished_name.push(DnType::CommonName, "localhost");
            // It also calls receivers of messages.
            server.extended_key_usages =
                vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
            self.issue(&ca, server, "server", KeyPair::generate()?)?;
        }
        mangler.into_iter().try_for_each(|subjekt| self.klient(&ca, subjekt))
    }

    /// Whether none of the files under a name is there. Some without the others are somebody's, and left.
    fn mangler(&self, navn: &str, kinds: &[&str]) -> Result<bool> {
        let (er, er_ikke): (Vec<_>, Vec<_>) =
            kinds.iter().map(|kind| self.file(navn, kind)).partition(|fil| fil.exists());
        match (er.first(), er_ikke.first()) {
            (Some(er), Some(er_ikke)) => bail!(
                "{} mangler, men {} findes; læg den, der mangler, på plads, eller flyt resten, så laves nye",
                er_ikke.display(),
                er.display()
            ),
            (er, _) => Ok(er.is_none()),
        }
    }

    /// The CA, made when it is not there. Only a demo keeps its key.
    fn ca(&self, demo: bool) -> Result<Ca> {
        if let Some(ca) = Ca::open(&self.0)? {
            return Ok(ca);
        }
        let (key, pem) = (self.file("ca", "key"), self.file("ca", "pem"));
        if pem.exists() {
            bail!("{} mangler, men {} findes; flyt den, så laves en ny CA", key.display(), pem.display());
        }
        let par = KeyPair::generate()?;
        let cert = ca_params()?.self_signed(&par)?;
        if demo {
            ny(&key, 0o600, par.serialize_pem().as_bytes())?;
        }
        ny(&pem, 0o644, cert.pem().as_bytes())?;
        Ok(Ca { udsteder: Issuer::new(ca_params()?, par), der: cert.der().to_vec() })
    }

    /// Issues the certificate of an it-system.
    fn klient(&self, ca: &Ca, subjekt: &Subjekt) -> Result<()> {
        let mut client = params_of(subjekt)?;
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        client.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // With this comes SubjectKeyIdentifier.
        client.is_ca = IsCa::ExplicitNoCa;
        // RSA, as OCES3 is.
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let (cert, key) = self.issue(ca, client, subjekt.navn, key)?;
        let chain = [cert.as_slice(), &ca.der].map(Certificate::from_der);
        let chain = chain.into_iter().collect::<Result<Vec<_>, _>>()?;
        let id = LocalKeyId::from(subjekt.navn.as_bytes());
        let entry = PrivateKeyChain::new(id, PrivateKey::from_der(&key)?, chain);
        let mut p12 = KeyStore::new();
        p12.add_entry(subjekt.navn, KeyStoreEntry::PrivateKeyChain(entry));
        ny(&self.file(subjekt.navn, "p12"), 0o600, &p12.writer(PASSWORD).write()?)
    }

    /// Issues a certificate under `navn`; returns it and its key in DER form.
    fn issue(
        &self,
        ca: &Ca,
        params: CertificateParams,
        navn: &str,
        key: KeyPair,
    ) -> Result<(Vec<u8>, Vec<u8>)> {
        let cert = params.signed_by(&key, &ca.udsteder)?;
        ny(&self.file(navn, "key"), 0o600, key.serialize_pem().as_bytes())?;
        let kaede = cert.pem() + &fs::read_to_string(self.file("ca", "pem"))?;
        ny(&self.file(navn, "pem"), 0o644, kaede.as_bytes())?;
        Ok((cert.der().to_vec(), key.serialize_der()))
    }
}

/// Writes a file that is not there yet.
fn ny(path: &Path, mode: u32, content: &[u8]) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let fil = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let skrevet = fil.and_then(|mut fil| fil.write_all(content));
    skrevet.with_context(|| format!("{} kan ikke skrives", path.display()))
}

/// SHA-256 of a certificate in DER form.
pub fn tommelfinger(der: &CertificateDer<'_>) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der);
    digest.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn ca_params() -> Result<CertificateParams> {
    let mut params = params("Fundament udviklings-CA")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn params(navn: &str) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.not_after = date_time_ymd(2040, 1, 1);
    params.distinguished_name.push(DnType::CommonName, navn);
    Ok(params)
}

fn params_of(subjekt: &Subjekt) -> Result<CertificateParams> {
    const SERIAL_NUMBER: [u64; 4] = [2, 5, 4, 5];
    const ORGANIZATION_IDENTIFIER: [u64; 4] = [2, 5, 4, 97];
    let mut params = params(&subjekt.navn.to_uppercase())?;
    let dn = &mut params.distinguished_name;
    dn.push(DnType::CustomDnType(SERIAL_NUMBER.to_vec()), format!("UI:DK-O:G:{}", subjekt.uuid));
    dn.push(DnType::CustomDnType(ORGANIZATION_IDENTIFIER.to_vec()), format!("NTRDK-{}", subjekt.cvr));
    dn.push(DnType::OrganizationName, subjekt.firma);
    dn.push(DnType::CountryName, "DK");
    Ok(params)
}

/// Writes a file that only its owner may read.
pub fn secret(path: &Path, content: &[u8]) -> Result<()> {
    use std::io::Write;
    Ok(secret_file(path)?.write_all(content)?)
}

/// Begins a file that only its owner may read.
pub fn secret_file(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::{Ca, Pki};
    use crate::seed;
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A folder that is not there yet.
    fn mappe(navn: &str) -> PathBuf {
        let mappe = std::env::temp_dir().join(format!("fundament-pki-{navn}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&mappe);
        mappe
    }

    fn indhold(mappe: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let filer = fs::read_dir(mappe).expect("a folder").map(|fil| fil.expect("a file").path());
        filer.map(|fil| (fil.clone(), fs::read(fil).expect("read"))).collect()
    }

    #[test]
    fn what_an_installation_serves_with_is_never_written_over() {
        let mappe = mappe("serve");
        Pki::open(&mappe).expect("made").server().expect("served with");
        let foerst = indhold(&mappe);
        assert_eq!(
            foerst.len(),
            3,
            "the server's key and certificate, and who to trust: {:?}",
            foerst.keys()
        );
        // Bought elsewhere: there is no CA of ours.
        fs::remove_file(mappe.join("ca.pem")).expect("removed");
        Pki::open(&mappe).expect("nothing is missing");
        assert_eq!(indhold(&mappe).len(), 2, "nothing is made");
        for (mangler, findes) in [("server.pem", "server.key"), ("server.key", "server.pem")] {
            let (mangler, findes) = (mappe.join(mangler), mappe.join(findes));
            fs::remove_file(&mangler).expect("removed");
            let fejl = format!("{:#}", Pki::open(&mappe).err().expect("half of it"));
            assert!(fejl.contains(&format!("{} mangler", mangler.display())), "{fejl}");
            assert_eq!(fs::read(&findes).expect("read"), foerst[&findes], "it stands");
            assert_eq!(indhold(&mappe).len(), 1, "nothing is made");
            fs::write(&mangler, &foerst[&mangler]).expect("put back");
        }
        fs::remove_dir_all(mappe).expect("removed");
    }

    #[test]
    fn a_demo_makes_what_is_new_in_it_and_leaves_the_rest() {
        let mappe = mappe("demo");
        let alle = seed::med_certifikat();
        Pki::demo(&mappe, &alle[..1]).expect("made");
        let foer = indhold(&mappe);
        Pki::demo(&mappe, &alle[..2]).expect("made");
        let efter = indhold(&mappe);
        assert_eq!(efter.len(), foer.len() + 3, "key, certificate and both in one");
        assert!(foer.iter().all(|(fil, bytes)| efter[fil] == *bytes), "what was there stands");
        assert!(Ca::open(&mappe).expect("read").is_some(), "its CA can issue more");
        Pki::open(&mappe).expect("a demo's folder can be served from").server().expect("served with");
        // No new CA beside the one whose key is gone.
        fs::remove_file(mappe.join("ca.key")).expect("removed");
        Pki::demo(&mappe, &alle[..2]).expect("nothing is missing");
        assert!(Pki::demo(&mappe, &alle[..3]).is_err(), "nobody can issue");
        assert_eq!(indhold(&mappe).len(), efter.len() - 1);
        fs::remove_dir_all(mappe).expect("removed");
    }
}
