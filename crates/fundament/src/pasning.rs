//! What a server looks after while it runs: the policy, its keys, the seals of the access log, and what may be forgotten.

use crate::noegler::Noeglevagt;
use app::App;
use login::Login;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
/// After so many minutes the keys in force are told again.
const DAY: u32 = 24 * 60;

/// Starts all of it.
pub fn start(app: &App, vagt: Noeglevagt, login: Login) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(politik(app.clone())),
        tokio::spawn(noegler(app.clone(), vagt)),
        tokio::spawn(segl(app.clone())),
        tokio::spawn(fortael_segl(app.clone())),
        tokio::spawn(glem(app.clone())),
        tokio::spawn(ryd(login)),
    ]
}

/// Ticks, the first time after a while; a tick that comes too late is left out.
pub fn hver(varighed: Duration) -> tokio::time::Interval {
    let mut tick = interval(varighed);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    tick.reset();
    tick
}

/// Another server may have changed the agreements.
async fn politik(app: App) {
    let mut tick = hver(Duration::from_secs(app.config().politik_sekunder.max(1)));
    loop {
        tick.tick().await;
        if let Err(fejl) = app.reload_politik().await {
            tracing::error!(%fejl, "aftalerne kunne ikke læses igen; de hidtidige gælder fortsat");
        }
    }
}

/// Keys change by date, and when their files do.
async fn noegler(app: App, mut vagt: Noeglevagt) {
    let mut tick = hver(MINUTE);
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        tracing::error!("SIGHUP kan ikke modtages; nøglerne læses ikke igen");
        return;
    };
    let mut minutter = 0;
    loop {
        let tving = tokio::select! {
            _ = tick.tick() => false,
            _ = hangup.recv() => true,
        };
        // Reading a key takes its time on purpose: not where calls are served.
        let laest = tokio::task::block_in_place(|| vagt.opdater(&app, tving));
        if let Err(fejl) = laest {
            let fejl = format!("{fejl:#}");
            tracing::error!(fejl, "nøglerne kunne ikke læses; de hidtidige bruges fortsat");
        }
        minutter += 1;
        if minutter % DAY == 0 {
            vagt.fortael(&app, app.now());
        }
    }
}

/// Lines of the access log get their seal within a second or two.
async fn segl(app: App) {
    let mut tick = hver(SECOND);
    let mut forankret = None;
    loop {
        tick.tick().await;
        // The end of the change log comes under a seal as well: that its newest lines are removed shows by nothing else.
        match app.store().foranker(app.now(), forankret.as_ref()).await {
            Ok(sidste) => forankret = sidste,
            Err(fejl) => tracing::error!(%fejl, "ændringsloggen kunne ikke forankres; det forsøges igen"),
        }
        loop {
            match app.store().forsegl(app.now()).await {
                Ok(store::SEGL_MAX) => {}
                Ok(_) => break,
                Err(fejl) => {
                    tracing::error!(%fejl, "adgangsloggen kunne ikke forsegles; det forsøges igen");
                    break;
                }
            }
        }
    }
}

/// The last seal and the last line of the change log go into the server's log, outside the database: whoever keeps that
/// log can prove what was there.
async fn fortael_segl(app: App) {
    let mut tick = hver(HOUR);
    loop {
        tick.tick().await;
        match app.store().sidste_segl().await {
            Ok(Some((nr, hash))) => {
                let segl = crate::adgangslog::led(nr, &hash);
                tracing::info!(segl, "adgangsloggens seneste segl");
            }
            Ok(None) => {}
            Err(fejl) => tracing::error!(%fejl, "adgangsloggens segl kunne ikke læses"),
        }
        match app.store().sidste_aendring().await {
            Ok(Some((nr, hash))) => {
                let linje = crate::adgangslog::led(nr, &hash);
                tracing::info!(linje, "ændringsloggens seneste linje");
            }
            Ok(None) => {}
            Err(fejl) => tracing::error!(%fejl, "ændringsloggens seneste linje kunne ikke læses"),
        }
    }
}

/// What systems did on each day is kept for a year and a month: so long as agreements are confirmed for, and longer than
/// any page looks back.
const FORBRUG_DAGE: i64 = 396;

/// What has been used once is remembered only for as long as it matters, and what was counted only for so long.
async fn glem(app: App) {
    let mut tick = hver(MINUTE);
    loop {
        tick.tick().await;
        if let Err(fejl) = app.store().glem_udloebne(app.now()).await {
            tracing::error!(%fejl, "udløbne engangsnøgler kunne ikke fjernes; det forsøges igen");
        }
        let foer = app.now().micros().saturating_sub(FORBRUG_DAGE * 86_400_000_000);
        if let Err(fejl) = app.store().glem_forbrug(bitemporal::Instant::from_micros(foer)).await {
            tracing::error!(%fejl, "gammelt forbrug kunne ikke fjernes; det forsøges igen");
        }
    }
}

/// Sessions and links to accounts that have expired.
async fn ryd(login: Login) {
    let mut tick = hver(HOUR);
    loop {
        tick.tick().await;
        if let Err(fejl) = login.ryd().await {
            tracing::error!(%fejl, "udløbne sessioner kunne ikke fjernes; det forsøges igen");
        }
    }
}
