//! Which public keys we take part in using.

use super::CertifikatFejl;
use crate::der;
use rustls_pki_types::alg_id;

/// The modulus and the exponent of an RSA key, without leading zeros.
pub(crate) fn rsa(spki: &[u8]) -> Option<(&[u8], &[u8])> {
    let (algoritme, bits) = der::noegle(spki)?;
    if algoritme != alg_id::RSA_ENCRYPTION.as_ref() {
        return None;
    }
    let mut inde = der::eneste(bits, der::SEQUENCE)?.inde();
    let mut tal = || Some(uden_nuller(inde.krav(der::INTEGER)?.indhold));
    Some((tal()?, tal()?))
}

fn uden_nuller(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|b| **b == 0).count()..]
}

/// Refuses keys that are weak, slow to use, or of a kind we have no algorithm for.
pub(super) fn kontroller(spki: &[u8]) -> Result<(), CertifikatFejl> {
    let (algoritme, _) = der::noegle(spki).ok_or(CertifikatFejl::Form)?;
    if algoritme == alg_id::ECDSA_P256.as_ref() || algoritme == alg_id::ECDSA_P384.as_ref() {
        return Ok(());
    }
    if algoritme != alg_id::RSA_ENCRYPTION.as_ref() {
        return Err(CertifikatFejl::Noegletype);
    }
    let (modulus, eksponent) = rsa(spki).ok_or(CertifikatFejl::Form)?;
    let bits = modulus.first().map_or(0, |b| modulus.len() * 8 - b.leading_zeros() as usize);
    if !(2048..=8192).contains(&bits) {
        return Err(CertifikatFejl::RsaLaengde(bits));
    }
    match eksponent {
        [1] | [] => Err(CertifikatFejl::RsaEksponent),
        [.., sidste] if eksponent.len() <= 4 && sidste % 2 == 1 => Ok(()),
        _ => Err(CertifikatFejl::RsaEksponent),
    }
}

#[cfg(test)]
mod tests {
    use super::{CertifikatFejl, kontroller};
    use crate::der;

    /// A key of `bits` bits with this exponent, whose numbers are otherwise nonsense.
    fn noegle(bits: usize, eksponent: &[u8]) -> Vec<u8> {
        let mut modulus = vec![0x55; bits / 8];
        modulus[0] = 0xC1;
        let rsa = der::skriv(
            der::SEQUENCE,
            &[&der::skriv(der::INTEGER, &[&[0], &modulus]), &der::skriv(der::INTEGER, &[eksponent])],
        );
        let oid = der::skriv(der::OID, &[&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]]);
        let algoritme = der::skriv(der::SEQUENCE, &[&oid, &[der::NULL, 0]]);
        der::skriv(der::SEQUENCE, &[&algoritme, &der::skriv(der::BIT_STRING, &[&[0], &rsa])])
    }

    #[test]
    fn weak_and_absurd_keys_are_refused() {
        use CertifikatFejl::{RsaEksponent, RsaLaengde};
        let f4 = &[1, 0, 1][..];
        for (bits, eksponent, expected) in [
            (2048, f4, Ok(())),
            (3072, &[3], Ok(())),
            (8192, f4, Ok(())),
            (1024, f4, Err(RsaLaengde(1024))),
            (2040, f4, Err(RsaLaengde(2040))),
            (8200, f4, Err(RsaLaengde(8200))),
            (2048, &[1], Err(RsaEksponent)),
            (2048, &[0], Err(RsaEksponent)),
            (2048, &[2], Err(RsaEksponent)),
            (2048, &[1, 0, 0], Err(RsaEksponent)),
            (2048, &[1, 1, 1, 1, 1], Err(RsaEksponent)),
        ] {
            assert_eq!(kontroller(&noegle(bits, eksponent)), expected, "{bits} {eksponent:?}");
        }
    }
}
