//! The same as REST, to read by GraphQL: one query for what would take many calls.
//!
//! Every object is the one REST shows, made by the same operation: rights, what is seen, and what is written down of readings are the same.
//! What a query may cost is judged before anything is read: by its text in `forhaand.rs`, and by how many objects it asks for.

mod forhaand;
mod indlaes;
mod relationer;
mod rod;

use crate::Tilstand;
use crate::ind::Krop;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use async_graphql::dataloader::DataLoader;
use async_graphql::{
    Context, EmptyMutation, EmptySubscription, Error, ErrorExtensions, Request, Schema, ServerError, Value,
    Variables,
};
use axum::Json;
use axum::extract::State;
use forhaand::{DYBDE_MAX, Forkert};
use indlaes::Indlaeser;
use rod::Query;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Fields a query may lead to, counted with the lists they stand in.
const FELTER_MAX: usize = 20_000;

/// What can be asked.
pub(crate) type Skema = Schema<Query, EmptyMutation, EmptySubscription>;

pub(crate) fn skema() -> Skema {
    Schema::build(Query, EmptyMutation, EmptySubscription)
        .limit_depth(DYBDE_MAX)
        .limit_complexity(FELTER_MAX)
        .limit_directives(5)
        .disable_introspection()
        .disable_suggestions()
        .finish()
}

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(kald))
}

/// Who asks, and what he has asked for so far.
struct Spoerger {
    t: Tilstand,
    kalder: Kalder,
    /// Whether something at the top has been asked for: the call itself has paid for it.
    betalt: AtomicBool,
    indlaeser: DataLoader<Indlaeser>,
}

/// Who asks.
fn spoerger<'c>(ctx: &Context<'c>) -> &'c Spoerger {
    ctx.data_unchecked::<Spoerger>()
}

/// Who asks for one more thing at the top, each of which counts as a call; nothing when that is one too many, which is told.
fn en_mere<'c>(ctx: &Context<'c>) -> Option<&'c Spoerger> {
    let s = spoerger(ctx);
    if s.betalt.swap(true, Ordering::Relaxed) {
        let (noegle, nu) = (s.kalder.0.noegle.uuid, s.t.app.now().micros());
        eller_intet(ctx, s.t.fart.kald(noegle, nu).map_err(Problem::for_hurtigt))?;
    }
    Some(s)
}

/// What an operation gave, or nothing in its place, and why: the rest of the answer stands.
fn eller_intet<T>(ctx: &Context<'_>, svar: Result<T, Problem>) -> Option<T> {
    match svar {
        Ok(fundet) => Some(fundet),
        Err(problem) => {
            ctx.add_error(ctx.set_error_path(fejl(problem).into_server_error(ctx.item.pos)));
            None
        }
    }
}

/// A failure of an operation, with what its problem document would say.
fn fejl(problem: Problem) -> Error {
    let (status, linjer) = problem.linjer();
    let tekster: Vec<&str> = linjer.iter().map(|l| l.tekst.as_str()).collect();
    Error::new(tekster.join(" ")).extend_with(|_, e| {
        e.set("status", status.as_u16());
        if let Some(l) = linjer.first() {
            e.set("kode", l.kode.as_str());
            if let Some(felt) = &l.felt {
                e.set("felt", felt.as_str());
            }
        }
    })
}

/// En forespørgsel.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = GraphqlForespoergsel)]
struct Forespoergsel {
    /// Forespørgslen; skemaet er `/api/v1/graphql.sdl`.
    #[schema(
        example = "{ serviceaftaler(tilSvar: true) { poster { navn systemnavn anmodet } naeste } }",
        max_length = 16000
    )]
    query: String,
    /// Værdierne af dens variable.
    #[schema(value_type = Option<Object>)]
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    /// Hvilken af flere forespørgsler i `query` der skal svares på.
    operation_name: Option<String>,
    /// Læses ikke.
    #[serde(default, rename = "extensions")]
    #[schema(value_type = Option<Object>)]
    _extensions: Option<serde::de::IgnoredAny>,
}

/// Et svar.
#[derive(Serialize, ToSchema)]
#[schema(as = GraphqlSvar)]
struct Svar {
    /// Det, der blev spurgt om; `null`, hvor noget gik galt.
    #[schema(value_type = Object)]
    data: Value,
    /// Hvad der gik galt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fejl>,
}

/// Noget, der gik galt.
#[derive(Serialize, ToSchema)]
#[schema(as = GraphqlFejl)]
struct Fejl {
    /// Hvad der var galt, på dansk.
    #[schema(
        example = "Du har ikke rettighed til at se brugere. En af rollerne … kræves. Kontakt jeres Administrator."
    )]
    message: String,
    /// Hvor i forespørgslen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Sted>,
    /// Feltet i svaret, der mangler af den grund.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    path: Vec<serde_json::Value>,
    extensions: Udvidelser,
}

/// Et sted i en forespørgsel.
#[derive(Serialize, ToSchema)]
#[schema(as = GraphqlSted)]
struct Sted {
    line: usize,
    column: usize,
}

/// Det, et problemdokument ville have sagt.
#[derive(Serialize, ToSchema)]
#[schema(as = GraphqlUdvidelser)]
struct Udvidelser {
    /// Koden, den samme som på skærmene og i REST.
    #[schema(example = "A-001")]
    kode: String,
    /// Det, en operation i REST ville have svaret.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 403)]
    status: Option<u16>,
    /// Feltet, det handler om.
    #[serde(skip_serializing_if = "Option::is_none")]
    felt: Option<String>,
}

impl Fejl {
    fn af(e: &ServerError) -> Self {
        let udvidet = |navn: &str| e.extensions.as_ref().and_then(|u| u.get(navn));
        let tekst = |navn| match udvidet(navn) {
            Some(Value::String(tekst)) => Some(tekst.clone()),
            _ => None,
        };
        let (kode, message) = match tekst("kode") {
            Some(kode) => (kode, e.message.clone()),
            None => {
                let Forkert { kode, tekst, .. } = Forkert::af_motoren(&e.message);
                (kode.to_owned(), tekst)
            }
        };
        let status = match udvidet("status") {
            Some(Value::Number(n)) => n.as_u64().and_then(|n| u16::try_from(n).ok()),
            _ => None,
        };
        Self {
            message,
            locations: e.locations.iter().map(|p| Sted { line: p.line, column: p.column }).collect(),
            path: e.path.iter().filter_map(|p| serde_json::to_value(p).ok()).collect(),
            extensions: Udvidelser { kode, status, felt: tekst("felt") },
        }
    }
}

impl From<Forkert> for Svar {
    fn from(f: Forkert) -> Self {
        let locations = f.sted.into_iter().map(|(line, column)| Sted { line, column }).collect();
        let extensions = Udvidelser { kode: f.kode.to_owned(), status: None, felt: None };
        let fejl = Fejl { message: f.tekst, locations, path: Vec::new(), extensions };
        Self { data: Value::Null, errors: vec![fejl] }
    }
}

/// Spørg med GraphQL.
///
/// Der kan kun læses, og det samme som i REST. Svaret er 200, også når der er noget galt med forespørgslen: det står i
/// `errors`, på dansk og med kode. En forespørgsel er højst 16.000 tegn, 8 niveauer dyb og 20.000 felter stor, regnet med de
/// lister, de står i (`antal`); hvert felt øverst tæller som et kald.
#[utoipa::path(post, path = "/graphql", tag = "graphql",
    request_body(content = Forespoergsel, content_type = "application/json"),
    responses((status = 200, body = Svar, description = "Svaret, eller hvad der var galt med forespørgslen"), Laesefejl, Skrivefejl))]
async fn kald(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(k): Krop<Forespoergsel>,
) -> Result<Json<Svar>, Problem> {
    let dokument = match forhaand::laes(&k.query) {
        Ok(dokument) => dokument,
        Err(forkert) => return Ok(Json(forkert.into())),
    };
    let variable = Variables::from_json(serde_json::Value::Object(k.variables.unwrap_or_default()));
    let mut forespoergsel = Request::new(k.query).variables(variable);
    forespoergsel.operation_name = k.operation_name;
    forespoergsel.set_parsed_query(dokument);
    let indlaeser = Indlaeser { t: t.clone(), kalder: Kalder(kalder.0.clone()) };
    let skema = t.skema.clone();
    let spoerger = Spoerger {
        t,
        kalder,
        betalt: AtomicBool::new(false),
        indlaeser: DataLoader::new(indlaeser, tokio::spawn),
    };
    let svar = skema.execute(forespoergsel.data(spoerger)).await;
    Ok(Json(Svar { data: svar.data, errors: svar.errors.iter().map(Fejl::af).collect() }))
}
