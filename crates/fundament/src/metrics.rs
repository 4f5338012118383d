//! Prometheus metrics.

use crate::besked::Beskedmaal;
use app::{App, Metrics};
use beskedfordeler::Fordeler;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the answer times counted together, in seconds.
const BUCKETS: [f64; 13] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// How far mails are counted.
const MAILS_MAX: u64 = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kald {
    service: &'static str,
    operation: &'static str,
    udfald: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Service {
    service: &'static str,
    operation: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Type {
    objekttype: String,
}

/// Everything this process measures.
pub struct Prometheus {
    registry: Registry,
    kald: Family<Kald, Counter>,
    sekunder: Family<Service, Histogram>,
    /// Open connections.
    pub forbindelser: Gauge,
    /// Connections that ended before TLS was agreed.
    pub haandtryk_fejlet: Counter,
    objekter: Family<Type, Gauge>,
    database_bytes: Gauge,
    wal_bytes: Gauge,
    haendelser: Gauge,
    log_venter: Gauge,
    skriv_venter: Gauge,
    mails_venter: Gauge,
    mails_fejlet: Gauge,
    besked: Beskedmaal,
}

impl Default for Prometheus {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("fundament");
        let kald = Family::<Kald, Counter>::default();
        let sekunder = Family::<Service, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let objekter = Family::<Type, Gauge>::default();
        let [forbindelser, database_bytes, wal_bytes, haendelser, log_venter, skriv_venter]: [Gauge; 6] =
            Default::default();
        let [mails_venter, mails_fejlet]: [Gauge; 2] = Default::default();
        let haandtryk_fejlet = Counter::default();
        registry.register("kald", "Besvarede kald", kald.clone());
        registry.register("kald_sekunder", "Svartid", sekunder.clone());
        registry.register("forbindelser", "Åbne forbindelser", forbindelser.clone());
        registry.register("tls_haandtryk_fejlet", "Forbindelser uden TLS-håndtryk", haandtryk_fejlet.clone());
        registry.register(
            "adgangslog_venter",
            "Linjer af adgangsloggen, der venter på at blive skrevet",
            log_venter.clone(),
        );
        registry.register("skriv_venter", "Skrivninger, der venter", skriv_venter.clone());
        registry.register("objekter", "Objekter i brug", objekter.clone());
        registry.register("database_bytes", "Databasens størrelse", database_bytes.clone());
        registry.register("wal_bytes", "Størrelsen af SQLites skrivelog", wal_bytes.clone());
        registry.register("haendelser_venter", "Hændelser, der ikke er fordelt", haendelser.clone());
        registry.register("mails_venter", "Mails, der ikke er sendt", mails_venter.clone());
        registry.register("mails_fejlet", "Mails, hvis seneste forsøg mislykkedes", mails_fejlet.clone());
        let besked = Beskedmaal::default();
        besked.register(&mut registry);
        Self {
            registry,
            besked,
            kald,
            sekunder,
            forbindelser,
            haandtryk_fejlet,
            objekter,
            database_bytes,
            wal_bytes,
            haendelser,
            log_venter,
            skriv_venter,
            mails_venter,
            mails_fejlet,
        }
    }
}

impl Metrics for Prometheus {
    fn request(&self, service: &'static str, operation: &'static str, udfald: &'static str, seconds: f64) {
        self.kald.get_or_create(&Kald { service, operation, udfald }).inc();
        self.sekunder.get_or_create(&Service { service, operation }).observe(seconds);
    }
}

impl Prometheus {
    /// Everything in Prometheus' text form.
    pub async fn render(&self, app: &App, fordeler: &Fordeler) -> String {
        self.besked.opdater(fordeler).await;
        if let Ok(stats) = app.store().stats().await {
            for (objekttype, antal) in stats.levende {
                self.objekter.get_or_create(&Type { objekttype }).set(antal.cast_signed());
            }
            self.database_bytes.set(stats.size_bytes.cast_signed());
            self.wal_bytes.set(stats.wal_bytes.cast_signed());
            self.haendelser.set(stats.haendelser.cast_signed());
            self.log_venter.set(i64::try_from(stats.logkoe).unwrap_or(i64::MAX));
            self.skriv_venter.set(i64::try_from(stats.skrivekoe).unwrap_or(i64::MAX));
        }
        if let Ok((venter, fejlet)) = app.store().mails_venter(MAILS_MAX).await {
            self.mails_venter.set(venter.cast_signed());
            self.mails_fejlet.set(fejlet.cast_signed());
        }
        let mut out = String::new();
        encode(&mut out, &self.registry).expect("writing to a string does not fail");
        out
    }
}
