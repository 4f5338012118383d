//! Who a key acts as.

use crate::Tilstand;
use crate::port::Kalder;
use crate::problem::Laesefejl;
use crate::ud;
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use bitemporal::Instant;
use serde::Serialize;
use styring::Kald;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(mig))
}

/// Personen bag en nøgle, parten den handler for, og rollerne den har nu.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "Mig")]
pub(crate) struct Mig {
    /// Brugerens UUID.
    bruger: Uuid,
    /// Personens navn.
    #[schema(example = "Agnes Administrator")]
    navn: String,
    /// CVR-nummeret på parten, nøglen handler for.
    #[schema(example = "11223344")]
    part: String,
    /// Partens navn.
    #[schema(example = "Korsbæk Kommune")]
    partsnavn: String,
    /// Koderne for de roller, der gælder nu.
    #[schema(example = json!(["ADM"]))]
    roller: Vec<&'static str>,
    /// Hvad nøglen hedder.
    #[schema(example = "Natkørsel")]
    noegle: String,
    /// Om nøglen kun læser.
    kun_laesning: bool,
    /// Øjeblikket, nøglen ophører.
    #[schema(example = "2027-01-01")]
    noeglen_udloeber: Option<String>,
}

/// Hvem nøglen handler som, for hvem, og med hvilke roller.
#[utoipa::path(get, path = "/mig", tag = "brugere", responses((status = 200, body = Mig), Laesefejl))]
pub(crate) async fn mig(State(t): State<Tilstand>, kalder: Kalder) -> Json<Mig> {
    let (kald, noegle) = (kalder.kald(), &kalder.0.noegle);
    Json(Mig {
        bruger: kald.aktoer.bruger,
        navn: kald.aktoer.navn.clone(),
        part: kald.part().to_string(),
        partsnavn: Kald::partsnavn(&t.app.politik(), kald.part()),
        roller: kald.aktoer.roller().into_iter().map(administration::Modulrolle::kode).collect(),
        noegle: noegle.navn.clone(),
        kun_laesning: noegle.kun_laesning,
        noeglen_udloeber: ud::tid(Instant::from_micros(noegle.udloeber)),
    })
}
