//! Serving: the listeners, the policy kept fresh, and an orderly end.

use crate::cli::ServeArgs;
use crate::metrics::Prometheus;
use crate::noegler::{Lager, Noeglevagt};
use crate::pki::Pki;
use crate::udgang::Internet;
use crate::{admin, adviser, besked, open, pasning, tls, webhooks};
use anyhow::{Context, Result};
use app::{App, Egetcertifikat};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use beskedfordeler::Fordeler;
use identity::Certifikat;
use login::Login;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// `fundament serve`.
pub async fn run(args: &ServeArgs) -> Result<()> {
    let metrics = Arc::new(Prometheus::default());
    let app = open::app(&args.place, metrics.clone()).await?;
    let pki = Pki::open(&args.place.data.join("pki"))?;
    let login = admin::login(&app, &args.place, None)?;
    listen(args, app, login, &pki, metrics, || Ok(())).await
}

/// Serves until a signal comes. `ready` is called when the ports are ours.
pub async fn listen(
    args: &ServeArgs,
    app: App,
    login: Login,
    pki: &Pki,
    metrics: Arc<Prometheus>,
    ready: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let https = tls::bind(args.https, "--https").await?;
    let mtls = tls::bind(args.mtls, "--mtls").await?;
    let amqps = tls::bind(args.amqps, "--amqps").await?;
    open::tillid(&app, &args.place.data)?;
    let egne = egne_certifikater(&app, &args.place.data, pki)?;
    app.saet_egne_certifikater(Egetcertifikat::FILER, egne);
    let mut vagt = Noeglevagt::ny(Lager::i(&args.place.data));
    if !vagt.opdater(&app, false).context("nøglerne kan ikke tages i brug")? {
        tracing::warn!("der er ingen nøgler, så der udstedes ingen tokens; kør fundament keys create");
    }
    let fordeler = Fordeler::ny(app.clone(), args.place.broker.as_deref())
        .await
        .context("beskedfordeleren kan ikke begynde")?;
    let push = besked::klient(&app.config().besked, &args.place.data)?;
    let ud = besked::webhookklient(app.config(), &args.place.data)?;
    // Its own, so that a trial makes a connection of its own.
    let proev = besked::klient(&app.config().besked, &args.place.data)?;
    let internet = Internet::ny(&app.config().interne_vaerter, &args.place.data)?;
    app.saet_udgang(Arc::new(internet.med_push(fordeler.clone(), proev)));
    let motor = besked::Beskedmotor { fordeler: fordeler.clone(), indtag: besked::indtag(&args.place, &app) };
    let mail = args.mail.mail(&app)?;
    ready()?;
    let (stop, stopping) = watch::channel(false);
    let max = app.config().forbindelser_max;
    let seconds = Duration::from_secs(app.config().svartid_max_sekunder);
    let services = sts::med_certifikat(app.clone())
        .merge(besked::router(motor.clone()))
        .merge(soap::beskedfordeler::router(fordeler.clone()))
        .merge(soap::indekstjeneste::router(app.clone()))
        .merge(stsadmin::router(app.clone()))
        .fallback_service(soap::router(app.clone()));
    let services = services.layer(from_fn_with_state(seconds, within));
    let front = front(app.clone(), fordeler.clone(), metrics.clone(), args.clone())
        .merge(sts::offentlig(app.clone()))
        .merge(adminapi::router(app.clone(), login.clone(), ud.clone()))
        .merge(adminmodul::router(admin::tilstand(&app, login.clone(), mail.is_some(), ud.clone())));
    let front = front.layer(from_fn_with_state(seconds, within));
    let tjenester = [
        tokio::spawn(tls::serve(
            https,
            tls::acceptor(pki, false)?,
            front,
            metrics.clone(),
            max,
            stopping.clone(),
        )),
        tokio::spawn(tls::serve(
            mtls,
            tls::acceptor(pki, true)?,
            services,
            metrics.clone(),
            max,
            stopping.clone(),
        )),
        tokio::spawn(besked::serve(amqps, tls::acceptor(pki, true)?, motor, metrics, max, stopping.clone())),
        tokio::spawn(fordeler.clone().push(push, stopping)),
    ];
    let adresse = login.config().adresse.trim_end_matches('/').to_owned();
    let segl = login.clone();
    let mut pasning = pasning::start(&app, vagt, login);
    pasning.push(webhooks::start(&app, ud, segl, adresse.clone()));
    pasning.extend(adviser::start(&app, mail, adresse));
    if app.config().besked.udsend_haendelser {
        pasning.push(tokio::spawn(fordeler.clone().udsend(besked::Registreringsdata)));
    }
    pasning.push(tokio::spawn(fordeler.pas()));
    wait_for_signal().await?;
    tracing::info!("stopper: igangværende kald gøres færdige");
    stop.send_replace(true);
    for tjeneste in tjenester {
        tjeneste.await?;
    }
    pasning.iter().for_each(tokio::task::JoinHandle::abort);
    app.store().close().await;
    Ok(())
}

/// The certificates this server shows others, from its files: they are read when it starts, so what is said of them holds as
/// long as it runs.
fn egne_certifikater(app: &App, data: &Path, pki: &Pki) -> Result<Vec<Egetcertifikat>> {
    let server = pki.server()?.0.first().map(|der| der.to_vec());
    let push = besked::eget_certifikat(&app.config().besked, data)?;
    let et = |(der, hvad, raad): (Option<Vec<u8>>, &str, &str)| {
        let certifikat = Certifikat::af_der(&der?);
        let certifikat =
            certifikat.map_err(|fejl| tracing::warn!(%fejl, hvad, "certifikatets udløb kan ikke læses"));
        Some(Egetcertifikat::af(&certifikat.ok()?, hvad, raad))
    };
    let alle = [
        (
            server,
            "TLS",
            "Læg et nyt certifikat med nøgle i pki/server.pem og pki/server.key, og genstart serveren.",
        ),
        (
            push,
            "push af beskeder",
            "Læg et nyt i filen, besked.push_certifikat peger på, og genstart serveren.",
        ),
    ];
    Ok(alle.into_iter().filter_map(et).collect())
}

async fn wait_for_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// No call may take for ever.
async fn within(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "kaldet tog for lang tid; prøv igen, eller bed om mindre")
                .into_response()
        }
    }
}

#[derive(Clone)]
struct Front {
    app: App,
    fordeler: Fordeler,
    metrics: Arc<Prometheus>,
    args: ServeArgs,
}

fn front(app: App, fordeler: Fordeler, metrics: Arc<Prometheus>, args: ServeArgs) -> Router {
    Router::new()
        .route("/", get(front_page))
        .route("/health/live", get(|| async { "ok\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(render))
        .with_state(Front { app, fordeler, metrics, args })
}

async fn ready(State(front): State<Front>) -> Response {
    match front.app.store().ping().await {
        Ok(()) => format!("ok\npolitik {}\n", politik(&front.app)).into_response(),
        Err(fejl) => {
            tracing::error!(%fejl, "databasen svarer ikke");
            (StatusCode::SERVICE_UNAVAILABLE, "databasen svarer ikke\n").into_response()
        }
    }
}

/// The policy in force: its number, and when it was read.
fn politik(app: &App) -> String {
    format!("{}, læst {}", app.politik().version(), administration::tid::skriv(app.politik_laest()))
}

async fn render(State(front): State<Front>) -> Response {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], front.metrics.render(&front.app, &front.fordeler).await)
        .into_response()
}

async fn front_page(State(front): State<Front>) -> Html<String> {
    let base = format!("https://localhost:{}", front.args.mtls.port());
    let registre =
        soap::tabel::TJENESTER.iter().map(|t| (t.navn, t.version, t.paths[0].as_str(), t.operationer.len()));
    let indekser =
        soap::indekstjeneste::tabel::TJENESTER.iter().map(|t| (t.navn, 6, t.paths[0], t.operationer.len()));
    let rows: String = registre
        .chain(indekser)
        .map(|(navn, version, path, antal)| {
            format!(
                "<tr><td>{navn}</td><td>{version}</td><td><a href=\"{base}{path}?wsdl\">{path}</a></td><td>{antal}</td></tr>"
            )
        })
        .collect();
    let amqps = format!("amqps://localhost:{}", front.args.amqps.port());
    let side =
        include_str!("forside.html").replace("{rows}", &rows).replace("{politik}", &politik(&front.app));
    Html(side.replace("{amqps}", &amqps).replace("{mtls}", &base))
}
