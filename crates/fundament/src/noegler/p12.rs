//! Private keys in files: PKCS#12 with PBES2, AES-256 and HMAC-SHA-256; and the making of new ones.

use crate::pki::Ca;
use anyhow::{Context, Result, anyhow, ensure};
use bitemporal::Instant;
use identity::Certifikat;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, LocalKeyId, MacAlgorithm, Pkcs12ImportPolicy,
    PrivateKey, PrivateKeyChain,
};
use rcgen::{
    CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use xml::SigningKey;

/// How often the passphrase is hashed.
const ITERATIONS: u32 = 100_000;
/// How long a new certificate is valid.
const YEARS: i16 = 3;

/// A private key (PKCS#8) and its certificate, with those of its issuers.
pub struct Par {
    /// The key; shown to nobody.
    pub pkcs8: Vec<u8>,
    /// Its certificate.
    pub certifikat: Certifikat,
    /// The whole chain in DER form, its own first.
    pub kaede: Vec<Vec<u8>>,
}

impl Par {
    fn ny(pkcs8: Vec<u8>, kaede: Vec<Vec<u8>>) -> Result<Self> {
        let der = kaede.first().context("der er intet certifikat til nøglen")?;
        let certifikat = Certifikat::af_der(der).context("certifikatet kan ikke bruges")?;
        let noegle = SigningKey::from_pkcs8(&pkcs8).context("nøglen kan ikke bruges")?;
        ensure!(noegle.public_key().spki() == certifikat.noegle(), "certifikatet hører ikke til nøglen");
        Ok(Self { pkcs8, certifikat, kaede })
    }
}

/// Makes an RSA key with a certificate signed by `ca`, or by itself.
pub fn lav(navn: &str, organisation: &str, bits: u16, nu: Instant, ca: Option<&Ca>) -> Result<Par> {
    let size = match bits {
        2048 => RsaKeySize::_2048,
        3072 => RsaKeySize::_3072,
        4096 => RsaKeySize::_4096,
        _ => return Err(anyhow!("nøglen skal være på 2048, 3072 eller 4096 bit")),
    };
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size)?;
    let date = oio::tid::zoned(nu).context("uret går helt forkert")?.date();
    let mut params = CertificateParams::new(Vec::new())?;
    params.not_before = date_time_ymd(date.year().into(), date.month().unsigned_abs(), 1);
    params.not_after = date_time_ymd((date.year() + YEARS).into(), date.month().unsigned_abs(), 1);
    params.distinguished_name.push(DnType::CommonName, navn);
    params.distinguished_name.push(DnType::OrganizationName, organisation);
    params.distinguished_name.push(DnType::CountryName, "DK");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    // With this comes SubjectKeyIdentifier, by which the answers of the STS point at the certificate.
    params.is_ca = IsCa::ExplicitNoCa;
    let kaede = match ca {
        Some(ca) => vec![params.signed_by(&key, &ca.udsteder)?.der().to_vec(), ca.der.clone()],
        None => vec![params.self_signed(&key)?.der().to_vec()],
    };
    Par::ny(key.serialize_der(), kaede)
}

/// The file's bytes, encrypted with `kode`.
pub fn skriv(navn: &str, par: &Par, kode: &str) -> Result<Vec<u8>> {
    let kaede = par.kaede.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>()?;
    let entry = PrivateKeyChain::new(LocalKeyId::from(navn), PrivateKey::from_der(&par.pkcs8)?, kaede);
    let mut p12 = KeyStore::new();
    p12.add_entry(navn, KeyStoreEntry::PrivateKeyChain(entry));
    let writer = p12
        .writer(kode)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(MacAlgorithm::HmacSha256);
    Ok(writer.write()?)
}

/// Reads a file. It must hold one private key.
pub fn laes(bytes: &[u8], kode: &str) -> Result<Par> {
    let p12 = KeyStore::from_pkcs12(bytes, kode, Pkcs12ImportPolicy::Relaxed)
        .map_err(|fejl| anyhow!("adgangssætningen er forkert, eller filen er ødelagt ({fejl})"))?;
    let mut par = p12.entries().filter_map(|(_, entry)| match entry {
        KeyStoreEntry::PrivateKeyChain(par) => Some(par),
        _ => None,
    });
    let en = par.next().context("filen har ingen privat nøgle")?;
    ensure!(par.next().is_none(), "filen har flere private nøgler; der skal være netop én");
    let kaede = en.certs().iter().map(|c| c.as_der().to_vec()).collect();
    Par::ny(en.key().as_der().to_vec(), kaede)
}

/// What is wrong with a pair for signing; `None` when nothing is.
pub fn uegnet(par: &Par, nu: Instant) -> Option<&'static str> {
    let c = &par.certifikat;
    if c.er_ca() {
        Some("certifikatet er en udsteders (CA)")
    } else if !c.maa_signere() {
        Some("certifikatets nøgle må ikke bruges til digital signatur")
    } else if !c.gyldig().contains(nu) {
        Some("certifikatet gælder ikke nu")
    } else if c.subject_key_identifier().is_none() {
        Some("certifikatet har ingen SubjectKeyIdentifier, som STS'ens svar peger med")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{laes, lav, skriv, uegnet};
    use bitemporal::Instant;

    const NU: Instant = Instant::from_micros(1_790_000_000_000_000);

    #[test]
    fn a_key_is_made_for_signing_and_can_be_read_back_with_its_passphrase_alone() {
        let par = lav("Fundament sts 1", "eksempel.dk", 2048, NU, None).expect("a key");
        assert_eq!(uegnet(&par, NU), None);
        assert!(uegnet(&par, Instant::from_micros(0)).is_some());
        assert!(par.certifikat.emne().contains("Fundament sts 1"), "{}", par.certifikat.emne());
        let bytes = skriv("sts-1", &par, "hemmelig sætning").expect("a file");
        assert!(!bytes.windows(16).any(|w| w == &par.pkcs8[100..116]), "the key is encrypted");
        // Object identifiers of PBES2 and AES-256-CBC, and none of PKCS#12's own RC2 and 3DES.
        let har = |oid: &[u8]| bytes.windows(oid.len()).any(|w| w == oid);
        assert!(har(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d]), "PBES2");
        assert!(har(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a]), "AES-256-CBC");
        assert!(har(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9]), "HMAC-SHA-256");
        assert!(!har(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 0x0c, 1]), "pbeWithSHA1…");
        let igen = laes(&bytes, "hemmelig sætning").expect("read back");
        assert_eq!((igen.pkcs8, igen.certifikat), (par.pkcs8, par.certifikat));
        assert!(laes(&bytes, "forkert").is_err());
        assert!(laes(&bytes[..bytes.len() / 2], "hemmelig sætning").is_err());
        assert!(lav("a", "b", 1024, NU, None).is_err());
    }
}
