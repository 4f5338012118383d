//! What is measured, without saying where it goes.

/// Receives measurements. The binary gives one that serves Prometheus.
pub trait Metrics: Send + Sync {
    /// One answered call: which service and operation, how it went, and how many seconds it took.
    fn request(&self, service: &'static str, operation: &'static str, udfald: &'static str, seconds: f64);
}

/// Measures nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Metrics for Silent {
    fn request(&self, _: &'static str, _: &'static str, _: &'static str, _: f64) {}
}
