//! Pools of connections, and TLS.

use crate::StoreFejl;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a caller waits for a connection to come free, or to be made.
const WAIT: Duration = Duration::from_secs(10);
/// Plans made for the values at hand: a plan made for any value cannot know which value is common.
const PLANS: &str = "-c plan_cache_mode=force_custom_plan";
/// The parameter of the URL that demands TLS, and names the file of authorities in PEM form.
const ROOTS: &str = "sslrootcert=";

/// A pool of at most `size` connections. None is made yet.
pub(super) fn pool(url: &str, size: usize) -> Result<Pool, StoreFejl> {
    let (url, roots) = take_roots(url);
    let mut config: Config =
        url.parse().map_err(|cause| StoreFejl::Skema(format!("ugyldig PostgreSQL-URL: {cause}")))?;
    let options = config.get_options().map_or(PLANS.to_owned(), |given| format!("{given} {PLANS}"));
    config.options(options);
    config.application_name("fundament");
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match roots {
        Some(roots) => {
            config.ssl_mode(SslMode::Require);
            Manager::from_config(config, MakeRustlsConnect::new(tls(Path::new(&roots))?), recycling)
        }
        None if config.get_ssl_mode() == SslMode::Require => {
            return Err(StoreFejl::Skema(
                "sslmode=require kræver sslrootcert=FIL: databasens certifikat skal kunne efterprøves".into(),
            ));
        }
        None => {
            if !config.get_hosts().iter().all(is_local) {
                tracing::warn!(
                    "forbindelsen til PostgreSQL er ikke krypteret; tilføj sslrootcert=FIL til URL'en"
                );
            }
            Manager::from_config(config, NoTls, recycling)
        }
    };
    let timeouts = Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) };
    let builder = Pool::builder(manager).max_size(size).timeouts(timeouts).runtime(Runtime::Tokio1);
    builder.build().map_err(StoreFejl::database)
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        Host::Unix(_) => true,
    }
}

/// The URL without the file of authorities, and that file.
fn take_roots(url: &str) -> (String, Option<String>) {
    let Some((address, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let (mut kept, mut roots) = (Vec::new(), None);
    for parameter in query.split('&') {
        match parameter.strip_prefix(ROOTS) {
            Some(file) => roots = Some(file.replace("%2F", "/").replace("%20", " ")),
            None => kept.push(parameter),
        }
    }
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    (format!("{address}{query}"), roots)
}

fn tls(roots: &Path) -> Result<ClientConfig, StoreFejl> {
    let unusable = |cause: &dyn std::fmt::Display| {
        StoreFejl::Skema(format!("kan ikke bruge certifikaterne i {}: {cause}", roots.display()))
    };
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(roots).map_err(|cause| unusable(&cause))? {
        let certificate = certificate.map_err(|cause| unusable(&cause))?;
        store.add(certificate).map_err(|cause| unusable(&cause))?;
    }
    if store.is_empty() {
        return Err(unusable(&"der er ingen"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(StoreFejl::database)?.with_root_certificates(store).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::{pool, take_roots};

    #[track_caller]
    fn check(url: &str, kept: &str, roots: Option<&str>) {
        assert_eq!(take_roots(url), (kept.to_owned(), roots.map(str::to_owned)));
    }

    #[test]
    fn the_file_of_authorities_is_taken_out_of_the_url() {
        check("postgres://a/b", "postgres://a/b", None);
        check("postgres://a/b?sslrootcert=/c/d.pem", "postgres://a/b", Some("/c/d.pem"));
        check("postgres://a/b?x=1&sslrootcert=%2Fc&y=2", "postgres://a/b?x=1&y=2", Some("/c"));
    }

    #[tokio::test]
    async fn tls_without_authorities_is_refused() {
        assert!(pool("postgres://a/b?sslmode=require", 1).is_err());
        assert!(pool("postgres://a/b?sslrootcert=/no/such/file", 1).is_err());
        assert!(pool("postgres://a/b", 1).is_ok());
    }
}
