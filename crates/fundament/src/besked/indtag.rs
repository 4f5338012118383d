//! Whether there is room for more messages: senders are asked to wait before the disk is full.

use crate::cli::Place;
use amqp::Indtag;
use app::App;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::watch;

/// How often the disk is looked at.
const HVERT: Duration = Duration::from_secs(1);

/// Watches the disk of an installation whose messages lie in its data folder. With a database elsewhere there is nothing
/// to watch: that database refuses what it has no room for.
pub fn indtag(place: &Place, app: &App) -> watch::Receiver<Indtag> {
    let (send, modtag) = watch::channel(Indtag::Aaben);
    let fri_min = app.config().besked.disk_fri_min_mib * 1024 * 1024;
    if place.database.is_none() && fri_min > 0 {
        tokio::spawn(vogt(place.data.clone(), fri_min, send));
    } else {
        // Nobody will say anything else; the sender lives as long as somebody listens.
        tokio::spawn(async move { send.closed().await });
    }
    modtag
}

async fn vogt(data: PathBuf, fri_min: u64, send: watch::Sender<Indtag>) {
    let mut tick = tokio::time::interval(HVERT);
    while !send.is_closed() {
        tick.tick().await;
        let fri = match rustix::fs::statvfs(&data) {
            Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
            Err(fejl) => {
                tracing::error!(%fejl, "datamappens disk kan ikke aflæses");
                continue;
            }
        };
        let nu = if fri < fri_min { Indtag::Fuld } else { Indtag::Aaben };
        let skiftet = send.send_if_modified(|var| std::mem::replace(var, nu) != nu);
        match (skiftet, nu) {
            (true, Indtag::Fuld) => {
                tracing::error!(
                    fri,
                    fri_min,
                    "disken er næsten fuld: der modtages ingen beskeder, før der er plads"
                );
            }
            (true, _) => tracing::info!(fri, "der er igen plads på disken: der modtages beskeder"),
            _ => {}
        }
    }
}
