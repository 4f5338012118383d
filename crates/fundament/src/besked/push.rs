//! Who we are to receivers of push, and whom we believe.

use anyhow::{Context, Result, ensure};
use app::{Beskedconfig, Config, Udgaaende};
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;

/// The client that calls receivers, and keeps what they show of themselves: their owner is told before it expires.
///
/// # Errors
/// When a file that the settings name cannot be used.
pub fn klient(config: &Beskedconfig, data: &Path) -> Result<Client> {
    lav(bygger(config, data)?.tls_info(true))
}

/// What calls webhooks: with the same limits, behind the guard against addresses inside. It shows no certificate of ours, since
/// what it sends is signed, and believes the issuers everybody does beside those of push.
///
/// # Errors
/// As [`klient`].
pub fn webhookklient(config: &Config, data: &Path) -> Result<Udgaaende> {
    let mut bygger = Client::builder();
    let udvikling = data.join("pki").join("ca.pem");
    for fil in config
        .besked
        .push_ankre
        .iter()
        .map(|fil| data.join(fil))
        .chain(udvikling.exists().then_some(udvikling))
    {
        bygger = bygger.tls_certs_merge(certifikater(&fil)?);
    }
    let ud = Udgaaende::bag_vaern(&config.interne_vaerter, bygger);
    ud.context("klienten til webhooks kan ikke laves")
}

fn lav(bygger: ClientBuilder) -> Result<Client> {
    beskedfordeler::push_klient(bygger).context("klienten til push kan ikke laves")
}

fn bygger(config: &Beskedconfig, data: &Path) -> Result<ClientBuilder> {
    let mut bygger = Client::builder().identity(identitet(config, data)?);
    if config.push_ankre.is_empty() {
        let udvikling = data.join("pki").join("ca.pem");
        if udvikling.exists() {
            bygger = bygger.tls_certs_merge(certifikater(&udvikling)?);
        }
    } else {
        let mut ankre = Vec::new();
        for fil in &config.push_ankre {
            ankre.extend(certifikater(&data.join(fil)).context("besked.push_ankre")?);
        }
        bygger = bygger.tls_certs_only(ankre);
    }
    Ok(bygger)
}

/// The certificate receivers are shown, when it is not the server's.
///
/// # Errors
/// As [`klient`].
pub fn eget_certifikat(config: &Beskedconfig, data: &Path) -> Result<Option<Vec<u8>>> {
    let Some(fil) = &config.push_certifikat else { return Ok(None) };
    let pem = laes(&data.join(fil)).context("besked.push_certifikat")?;
    let kaede = CertificateDer::pem_slice_iter(&pem).next().transpose().context("besked.push_certifikat")?;
    Ok(kaede.map(|der| der.to_vec()))
}

fn identitet(config: &Beskedconfig, data: &Path) -> Result<Identity> {
    let pem = match &config.push_certifikat {
        Some(fil) => laes(&data.join(fil)).context("besked.push_certifikat")?,
        None => {
            let pki = data.join("pki");
            let mut pem = laes(&pki.join("server.pem"))?;
            pem.extend(laes(&pki.join("server.key"))?);
            pem
        }
    };
    Identity::from_pem(&pem).context("certifikatet til push skal være PEM med kæde og nøgle")
}

fn certifikater(fil: &Path) -> Result<Vec<Certificate>> {
    let fundne = Certificate::from_pem_bundle(&laes(fil)?);
    let fundne = fundne.with_context(|| format!("{} kan ikke læses som PEM", fil.display()))?;
    ensure!(!fundne.is_empty(), "der er ingen certifikater i {}", fil.display());
    Ok(fundne)
}

fn laes(fil: &Path) -> Result<Vec<u8>> {
    std::fs::read(fil).with_context(|| format!("{} kan ikke læses", fil.display()))
}
