//! Opening an installation: its settings, its store, its app.

use crate::cli::Place;
use crate::metrics::Prometheus;
use anyhow::{Context, Result};
use app::{App, Config};
use std::sync::Arc;
use store::{Database, Store};

/// The settings in `fundament.toml`, or the defaults when there is no such file.
fn config(place: &Place) -> Result<Config> {
    let path = place.data.join("fundament.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text)
            .with_context(|| format!("indstillingerne i {} kan ikke læses", path.display())),
        Err(fejl) if fejl.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
        Err(fejl) => Err(fejl).with_context(|| format!("{} kan ikke læses", path.display())),
    }
}

/// Opens the store of an installation, creating the data folder when it is not there.
pub async fn app(place: &Place, metrics: Arc<Prometheus>) -> Result<App> {
    std::fs::create_dir_all(&place.data)
        .with_context(|| format!("{} kan ikke oprettes", place.data.display()))?;
    let config = config(place)?;
    let database = match &place.database {
        Some(url) => url.parse::<Database>().context("databasens adresse forstås ikke")?,
        None => Database::Sqlite(place.data.join("fundament.sqlite")),
    };
    let store = Store::open(&database).await.context("databasen kan ikke åbnes")?;
    Ok(App::new(store, config, metrics).await?)
}
