//! `fundament demo`: everything on one machine, with an invented municipality.

use crate::cli::ServeArgs;
use crate::metrics::Prometheus;
use crate::noegler::{Brug, Lager};
use crate::pki::{Ca, PASSWORD, Pki};
use crate::{admin, open, seed, serve};
use anyhow::{Context, Result, ensure};
use app::App;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Seeds what is missing, writes `demo.json`, and serves.
pub async fn run(args: &ServeArgs, reset: bool) -> Result<()> {
    let data = &args.place.data;
    if reset && data.exists() {
        ensure!(
            args.place.database.is_none(),
            "--reset sletter kun datamappen; tøm selv databasen, og slet så {}",
            data.display()
        );
        ensure!(
            data.join("demo.json").exists(),
            "{} ligner ikke en demos datamappe og slettes ikke",
            data.display()
        );
        std::fs::remove_dir_all(data).with_context(|| format!("{} kan ikke slettes", data.display()))?;
    }
    let metrics = Arc::new(Prometheus::default());
    let app = open::demo(&args.place, metrics.clone()).await?;
    let adresse = format!("https://localhost:{}", args.https.port());
    // It says so where no demo belongs, before anything of it is there.
    let login = admin::login(&app, &args.place, Some(adresse))?;
    let pki = Pki::demo(&data.join("pki"), &seed::med_certifikat())?;
    let lager = Lager::i(data);
    lager.demo(&app.config().vaert, Ca::open(&data.join("pki"))?.as_ref(), app.now()).context("nøglerne")?;
    seed::run(&app, &pki).await?;
    seed::brugere::run(&app, &login).await?;
    let demo = demo_json(args, &app, &pki, &lager)?;
    let path = data.join("demo.json");
    serve::listen(args, app, login, &pki, metrics, || {
        // Whoever waits for the file finds all of it.
        let ny = path.with_extension("json.ny");
        std::fs::write(&ny, serde_json::to_vec_pretty(&demo)?).context("demo.json kan ikke skrives")?;
        std::fs::rename(&ny, &path).context("demo.json kan ikke skrives")?;
        print_welcome(args, &pki, &path);
        Ok(())
    })
    .await
}

/// The contract with every client and test: enough to connect without reading our code.
fn demo_json(args: &ServeArgs, app: &App, pki: &Pki, lager: &Lager) -> Result<Value> {
    let url = |scheme: &str, port: u16| format!("{scheme}://localhost:{port}");
    let file = |navn: &str, kind: &str| -> Result<Value> {
        let path = std::fs::canonicalize(pki.file(navn, kind))?;
        Ok(json!(path))
    };
    let https = url("https", args.https.port());
    let mut systems = Vec::new();
    for subjekt in seed::subjekter() {
        systems.push(json!({
            "name": subjekt.navn.to_uppercase(),
            "uuid": subjekt.uuid,
            "cvr": subjekt.cvr,
            "certificate": file(subjekt.navn, "pem")?,
            "key": file(subjekt.navn, "key")?,
            "p12": file(subjekt.navn, "p12")?,
            "password": PASSWORD,
        }));
    }
    let mut catalogues = Vec::new();
    for katalog in seed::kataloger() {
        let (certificate, key) = (file(katalog.navn, "pem")?, file(katalog.navn, "key")?);
        catalogues.push(json!({"cvr": katalog.cvr, "certificate": certificate, "key": key}));
    }
    let authorities: Vec<Value> = seed::myndigheder()
        .iter()
        .map(|m| json!({"cvr": m.cvr, "name": m.navn, "organisation": m.organisation}))
        .collect();
    let mut services = json!({
        "organisation": "http://stoettesystemerne.dk/service/organisation/3",
        "klassifikation": "http://entityid.kombit.dk/service/klassifikation/7",
    });
    for (navn, id) in seed::indekser::entity_ids() {
        services[navn] = json!(id);
    }
    Ok(json!({
        "https": https,
        "mtls": url("https", args.mtls.port()),
        "amqps": url("amqps", args.amqps.port()),
        "ca": file("ca", "pem")?,
        "services": services,
        "indekser": seed::indekser::demo_json(&url("https", args.mtls.port())),
        "authorities": authorities,
        "systems": systems,
        "catalogues": catalogues,
        "admin": format!("{https}/admin"),
        "users": seed::brugere::demo_json(),
        "besked": seed::besked::demo_json(&app.config().besked, &url("https", args.mtls.port())),
        "sts": {
            "entity_id": app.config().sts_entity_id(),
            "wstrust": format!("{https}/runtime/services/kombittrust/14/certificatemixed"),
            "mex": format!("{https}/runtime/services/kombittrust/mex"),
            "certs": format!("{https}/runtime/oauth2/certs.idp"),
            "certificate": lager.pem_i_brug(Brug::Sts, app.now())?,
        },
        "oauth": format!("{}/runtime/api/rest/oauth/v1/issue", url("https", args.mtls.port())),
        "service_certificate": lager.pem_i_brug(Brug::Service, app.now())?,
        "jwt_issuer": app.config().jwt_iss(),
    }))
}

fn print_welcome(args: &ServeArgs, pki: &Pki, demo: &Path) {
    let mtls = format!("https://localhost:{}", args.mtls.port());
    let file = |navn, kind| pki.file(navn, kind).display().to_string();
    println!(
        "\nFundament kører. Korsbæk Kommune er klar.\n\n  \
         Administrationsmodulet      https://localhost:{https}/admin\n  \
         \u{20}   log ind som             agnes@korsbaek.example (flere i demo.json)\n  \
         \u{20}   adgangskode             {adgangskode}\n  \
         Forside, helbred, målinger  https://localhost:{https}\n  \
         Tjenesterne (certifikat)    {mtls}\n  \
         Beskeder (AMQP)             amqps://localhost:{amqps}/BF\n  \
         Alt, en klient skal vide    {demo}\n\n\
         Prøv: find Korsbæks organisation\n\n  \
         curl --cacert {ca} --cert {cert} --key {key} \\\n    \
         -H 'Content-Type: application/soap+xml; charset=utf-8' {mtls}/organisation/organisation/6 -d '\n\
         <s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\n  \
         <SoegInput xmlns=\"http://stoettesystemerne.dk/organisation/organisation/6/\">\n    \
         <AttributListe/><TilstandListe/><RelationListe/>\n  </SoegInput>\n</s:Body></s:Envelope>'\n\n\
         Ctrl-C stopper. Næste start bruger de samme data; --reset begynder forfra.\n",
        https = args.https.port(),
        adgangskode = seed::brugere::ADGANGSKODE,
        amqps = args.amqps.port(),
        demo = demo.display(),
        ca = file("ca", "pem"),
        cert = file("ky", "pem"),
        key = file("ky", "key"),
    );
}
