//! The Administrationsmodul's own REST interface, `/api/v1`: what its pages do, for programs.
//!
//! A program brings a key that a person has made (`styring::apinoegler`); the gate in `port.rs` makes of it the same
//! [`styring::Kald`] a click makes, and each operation calls the same use case as the page does. So the permission matrix,
//! separation of duties, the log and the notices are the same; nothing is decided here. `openapi.json` is made of the
//! operations themselves. Begin with `systemer.rs`.

mod adviser;
mod aftaler;
mod attesteringer;
mod brugere;
mod brugersystemroller;
mod certifikater;
mod delegeringer;
mod fart;
mod foederation;
mod forklar;
mod graphql;
mod ind;
mod indstillinger;
mod jobfunktionsroller;
mod klassifikation;
mod komigang;
mod log;
mod mig;
mod opgaver;
mod overfoersel;
mod port;
mod problem;
mod services;
mod stikproever;
mod systemer;
mod ud;
mod webhooks;

use app::{App, Udgaaende};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use login::Login;
use problem::Problem;
use std::sync::Arc;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem, RefOr};
use utoipa_axum::router::OpenApiRouter;

/// Where everything of the interface is found.
pub const BASE: &str = "/api/v1";

/// What operations start from. Cheap to clone.
#[derive(Clone)]
struct Tilstand {
    app: App,
    login: Login,
    fart: Arc<fart::Fart>,
    /// What posts to webhooks.
    udgaaende: Udgaaende,
    skema: graphql::Skema,
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Fundament Administrationsmodul",
        version = "1.0.0",
        description = "Det samme, som Administrationsmodulets skærme gør, for programmer. Et kald sender en API-nøgle som \
            `Authorization: Bearer fundament_…`; den laves under Indstillinger › Mine API-nøgler og kan højst det, personen \
            bag den kan nu.\n\n\
            * Lister er på sider: `antal` (højst 500) og `efter` (det, `naeste` på den foregående side sagde).\n\
            * Det, der læses, har et `ETag`. Den, der retter, sender det i `If-Match`; er en anden kommet først, er svaret \
            409 med A-005, og intet er ændret.\n\
            * `proeve=true` på en ændring bedømmer den helt, som om den blev gjort, og skriver intet.\n\
            * Den, der selv giver et UUID, kan sende det samme igen og får det samme svar.\n\
            * Tider er datoer (`åååå-mm-dd`, midnat i Danmark) eller tidspunkter efter RFC 3339. En slutning er det første \
            øjeblik bagefter.\n\
            * Fejl er `application/problem+json` med kode, dansk tekst, hvad der kan gøres, og en reference.\n\
            * En nøgle kan kalde 100 gange på én gang og 600 gange i minuttet.",
        license(name = "MPL-2.0", identifier = "MPL-2.0")
    ),
    components(schemas(problem::Problemdokument, problem::Linje)),
    security(("noegle" = [])),
    tags(
        (name = "it-systemer", description = "It-systemer og deres certifikater"),
        (name = "certifikater", description = "Certifikaters frister, og rollekatalogets certifikater"),
        (name = "services", description = "Servicekataloget"),
        (name = "serviceaftaler", description = "Serviceaftaler: anmodet, besvaret, i drift, opsagt"),
        (name = "brugere", description = "Brugere og deres roller"),
        (name = "jobfunktionsroller", description = "Jobfunktionsroller"),
        (name = "delegeringer", description = "Delegeringer af jobfunktionsroller"),
        (name = "attesteringer", description = "Attestering af jobfunktionsroller"),
        (name = "føderation", description = "Identity Providere, føderationsaftaler, og hvad brugervendte systemer kræver"),
        (name = "klassifikation", description = "Klassifikationer, facetter og klasser"),
        (name = "overførsel", description = "It-systemer fra et miljø til et andet"),
        (name = "indstillinger", description = "Partens indstillinger"),
        (name = "webhooks", description = "Webhooks, der får partens adviser, og deres leveringer"),
        (name = "kom i gang", description = "De første trin, og hvem der gør dem hvornår"),
        (name = "opgaver", description = "Opgaver og adviser"),
        (name = "log", description = "Loggen, stikprøver af den, og hvorfor et kald blev afvist"),
        (name = "graphql", description = "Det samme at læse, med én forespørgsel")
    )
)]
struct Beskrivelse;

fn operationer() -> OpenApiRouter<Tilstand> {
    let mut beskrivelse = Beskrivelse::openapi();
    let skema = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("fundament_…").build();
    let komponenter = beskrivelse.components.get_or_insert_default();
    komponenter.add_security_scheme("noegle", SecurityScheme::Http(skema));
    let operationer = OpenApiRouter::new()
        .merge(mig::operationer())
        .merge(systemer::operationer())
        .merge(brugersystemroller::operationer())
        .merge(overfoersel::operationer())
        .merge(certifikater::operationer())
        .merge(services::operationer())
        .merge(aftaler::operationer())
        .merge(brugere::operationer())
        .merge(jobfunktionsroller::operationer())
        .merge(delegeringer::operationer())
        .merge(attesteringer::operationer())
        .merge(foederation::operationer())
        .merge(klassifikation::operationer())
        .merge(opgaver::operationer())
        .merge(adviser::operationer())
        .merge(log::operationer())
        .merge(stikproever::operationer())
        .merge(indstillinger::operationer())
        .merge(webhooks::operationer())
        .merge(komigang::operationer())
        .merge(forklar::operationer())
        .merge(graphql::operationer());
    OpenApiRouter::with_openapi(beskrivelse).nest(BASE, operationer)
}

/// The description of every operation (OpenAPI 3.1).
#[must_use]
pub fn openapi() -> OpenApi {
    let mut beskrivelse = operationer().split_for_parts().1;
    for (sti, metoder) in &mut beskrivelse.paths.paths {
        let navn = sti.trim_start_matches(BASE).replace(['/', '-'], "_").replace(['{', '}'], "");
        let PathItem { get, post, put, delete, .. } = metoder;
        let alle = [("get", get), ("post", post), ("put", put), ("delete", delete)];
        for (metode, operation) in alle.into_iter().filter_map(|(m, o)| Some((m, o.as_mut()?))) {
            // The handlers are called alike in every room; clients are made by these names.
            operation.operation_id = Some(format!("{metode}{navn}"));
            for svar in operation.responses.responses.values_mut() {
                if let RefOr::T(svar) = svar
                    && svar.description.is_empty()
                {
                    svar.description = "Det lykkedes.".into();
                }
            }
        }
    }
    beskrivelse
}

/// What can be asked for with GraphQL, in its schema language.
#[must_use]
pub fn graphql_sdl() -> String {
    graphql::skema().sdl()
}

/// Every operation with the gate before each, and the descriptions, which are open. `udgaaende` is what posts to webhooks.
pub fn router(app: App, login: Login, udgaaende: Udgaaende) -> Router {
    let t = Tilstand { app, login, fart: Arc::default(), udgaaende, skema: graphql::skema() };
    let ruter = operationer().split_for_parts().0;
    let beskrivelse: Arc<str> = serde_json::to_string(&openapi()).unwrap_or_default().into();
    let ruter = ruter
        .method_not_allowed_fallback(|| async {
            let tekst = "Det kan ikke gøres med den metode. Se openapi.json.";
            Problem::ny(StatusCode::METHOD_NOT_ALLOWED, "N-818", tekst)
        })
        .route("/api/v1/{*resten}", axum::routing::any(|| async { Problem::findes_ikke() }))
        .layer(DefaultBodyLimit::max(ind::BYTES_MAX))
        .layer(from_fn_with_state(t.clone(), port::port))
        .with_state(t);
    let aaben = get(move || {
        let beskrivelse = beskrivelse.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], beskrivelse.to_string()).into_response() }
    });
    let sdl = get(|| async {
        ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], graphql_sdl()).into_response()
    });
    Router::new().route("/api/v1/openapi.json", aaben).route("/api/v1/graphql.sdl", sdl).merge(ruter)
}
