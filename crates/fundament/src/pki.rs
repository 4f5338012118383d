//! Development certificates: a CA, the server's own, and one for each it-system. Made once, kept in `DIR/pki`.
//!
//! Subjects have the form of OCES3 system certificates, so that what reads the real ones reads these.

use anyhow::{Context, Result};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, LocalKeyId, PrivateKey, PrivateKeyChain};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
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
        let der = CertificateDer::from_pem_file(pem)?.to_vec();
        Ok(Some(Self { udsteder: Issuer::new(ca_params()?, key), der }))
    }
}

/// The files of a folder of certificates.
pub struct Pki(PathBuf);

impl Pki {
    /// The certificates in `folder`, made if they are not there. Only a demo keeps the key of the CA.
    pub fn open(folder: &Path, subjekter: &[Subjekt], demo: bool) -> Result<Self> {
        let pki = Self(folder.to_owned());
        let names = subjekter
            .iter()
            .flat_map(|s| [pki.file(s.navn, "pem"), pki.file(s.navn, "key"), pki.file(s.navn, "p12")]);
        let mut files =
            names.chain([pki.file("ca", "pem"), pki.file("server", "pem"), pki.file("server", "key")]);
        if !files.all(|f| f.exists()) || (demo && !pki.file("ca", "key").exists()) {
            pki.make(subjekter, demo).context("udviklingscertifikaterne kan ikke laves")?;
        }
        Ok(pki)
    }

    /// A file of the folder.
    pub fn file(&self, navn: &str, kind: &str) -> PathBuf {
        self.0.join(format!("{navn}.{kind}"))
    }

    /// The server's certificate chain and key.
    pub fn server(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
        let chain = CertificateDer::pem_file_iter(self.file("server", "pem"))?.collect::<Result<_, _>>()?;
        Ok((chain, PrivateKeyDer::from_pem_file(self.file("server", "key"))?))
    }

    fn make(&self, subjekter: &[Subjekt], demo: bool) -> Result<()> {
        fs::create_dir_all(&self.0)?;
        let ca_key = KeyPair::generate()?;
        if demo {
            secret(&self.file("ca", "key"), ca_key.serialize_pem().as_bytes())?;
        }
        let ca = CertifiedIssuer::self_signed(ca_params()?, ca_key)?;
        fs::write(self.file("ca", "pem"), ca.pem())?;
        let mut server = CertificateParams::new(["localhost".into(), "127.0.0.1".into(), "::1".into()])?;
        server.not_after = date_time_ymd(2040, 1, 1);
        server.distinguished_name.push(DnType::CommonName, "localhost");
        // It also calls receivers of messages.
        server.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        self.issue(&ca, server, "server", KeyPair::generate()?)?;
        for subjekt in subjekter {
            let mut client = params_of(subjekt)?;
            client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            client.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            // With this comes SubjectKeyIdentifier.
            client.is_ca = IsCa::ExplicitNoCa;
            // RSA, as OCES3 is.
            let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
            let (cert, key) = self.issue(&ca, client, subjekt.navn, key)?;
            let chain = [cert.as_slice(), ca.der().as_ref()].map(Certificate::from_der);
            let chain = chain.into_iter().collect::<Result<Vec<_>, _>>()?;
            let id = LocalKeyId::from(subjekt.navn.as_bytes());
            let entry = PrivateKeyChain::new(id, PrivateKey::from_der(&key)?, chain);
            let mut p12 = KeyStore::new();
            p12.add_entry(subjekt.navn, KeyStoreEntry::PrivateKeyChain(entry));
            secret(&self.file(subjekt.navn, "p12"), &p12.writer(PASSWORD).write()?)?;
        }
        Ok(())
    }

    /// Issues a certificate under `navn`; returns it and its key in DER form.
    fn issue(
        &self,
        ca: &CertifiedIssuer<'_, KeyPair>,
        params: CertificateParams,
        navn: &str,
        key: KeyPair,
    ) -> Result<(Vec<u8>, Vec<u8>)> {
        let cert = params.signed_by(&key, ca)?;
        fs::write(self.file(navn, "pem"), format!("{}{}", cert.pem(), ca.pem()))?;
        secret(&self.file(navn, "key"), key.serialize_pem().as_bytes())?;
        Ok((cert.der().to_vec(), key.serialize_der()))
    }
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
