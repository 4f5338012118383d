//! The one way from a failure to the wire: a status and a problem document (RFC 9457) in Danish.

use async_graphql::SimpleObject;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use styring::Styringsfejl;
use utoipa::{IntoResponses, ToSchema};
use uuid::Uuid;

/// Why nothing was done.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    fejl: Vec<Linje>,
    /// Seconds until it is worth trying again.
    vent: Option<u64>,
}

/// One thing that was wrong.
#[derive(Debug, Clone, Serialize, ToSchema, SimpleObject)]
#[graphql(name = "Mangel")]
pub(crate) struct Linje {
    /// The code, the same as on the pages.
    #[schema(example = "A-006")]
    pub kode: String,
    /// What is wrong and what to do, in Danish.
    #[schema(example = "Navn skal udfyldes.")]
    pub tekst: String,
    /// The field it is about, as the forms of the pages call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "navn")]
    pub felt: Option<String>,
}

/// A problem document (RFC 9457), sent as `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "about:blank", "title": "Conflict", "status": 409, "kode": "A-005",
    "detail": "En anden har ændret det samme, siden du åbnede siden. Se forskellene, før du gemmer.",
    "goerSaadan": "Hent objektet igen, se forskellene, og send din ændring med det nye ETag i If-Match.",
    "fejl": [{"kode": "A-005", "tekst": "En anden har ændret det samme, siden du åbnede siden. Se forskellene, før du gemmer."}],
    "reference": "7f0e9a52-4a0c-4d3e-9a0e-0f8d2b6c1e11"
}))]
pub(crate) struct Problemdokument {
    /// Always `about:blank`: the code says which problem it is.
    #[serde(rename = "type")]
    slags: &'static str,
    /// The name of the status.
    title: &'static str,
    /// The status.
    status: u16,
    /// The code of the first failure.
    kode: String,
    /// Everything that is wrong, in Danish.
    detail: String,
    /// What to do about it, in Danish.
    #[serde(skip_serializing_if = "Option::is_none")]
    goer_saadan: Option<&'static str>,
    /// Everything that is wrong, each by itself.
    fejl: Vec<Linje>,
    /// What the log and the people who run the installation find the call by.
    reference: Uuid,
}

impl Linje {
    pub(crate) fn af(f: &administration::Modulfejl) -> Self {
        Self { kode: f.kode.to_owned(), tekst: f.tekst.clone(), felt: f.felt.map(str::to_owned) }
    }
}

impl Problem {
    pub(crate) fn ny(status: StatusCode, kode: &str, tekst: impl Into<String>) -> Self {
        let linje = Linje { kode: kode.to_owned(), tekst: tekst.into(), felt: None };
        Self { status, fejl: vec![linje], vent: None }
    }

    pub(crate) fn findes_ikke() -> Self {
        Self::ny(StatusCode::NOT_FOUND, "A-404", "Det findes ikke, eller du har ikke adgang til at se det.")
    }

    pub(crate) fn optaget() -> Self {
        let tekst = "Der findes allerede noget andet med det UUID. Brug et nyt, eller ret det, der er.";
        Self::ny(StatusCode::CONFLICT, "A-013", tekst)
    }

    pub(crate) fn uden_noegle() -> Self {
        let tekst = "Kaldet har ingen API-nøgle, der gælder: den mangler, er ukendt, udløbet eller tilbagekaldt, eller \
                     personen bag den er spærret eller har ingen roller nu.";
        Self::ny(StatusCode::UNAUTHORIZED, "N-810", tekst)
    }

    pub(crate) fn kun_laesning() -> Self {
        let tekst = "Nøglen giver kun ret til at læse. Brug en nøgle, der må ændre.";
        Self::ny(StatusCode::FORBIDDEN, "N-811", tekst)
    }

    pub(crate) fn for_hurtigt(vent: u64) -> Self {
        let tekst = format!("Nøglen har kaldt for mange gange. Vent {vent} sekunder.");
        let problem = Self::ny(StatusCode::TOO_MANY_REQUESTS, "N-812", tekst);
        Self { vent: Some(vent), ..problem }
    }

    pub(crate) fn mangler_if_match() -> Self {
        let tekst = "If-Match mangler: send det ETag, objektet blev læst med, så ingens ændring går tabt.";
        Self::ny(StatusCode::PRECONDITION_REQUIRED, "N-813", tekst)
    }

    pub(crate) fn felt(felt: &str, tekst: impl Into<String>) -> Self {
        let mut problem = Self::ny(StatusCode::UNPROCESSABLE_ENTITY, "N-814", tekst);
        problem.fejl.iter_mut().for_each(|l| l.felt = Some(felt.to_owned()));
        problem
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The status, and what was wrong, for one of several.
    pub(crate) fn linjer(self) -> (StatusCode, Vec<Linje>) {
        (self.status, self.fejl)
    }

    /// The document, once it is known which call it answers.
    pub(crate) fn svar(self, reference: Uuid) -> Response {
        let kode = self.fejl.first().map_or_else(String::new, |l| l.kode.clone());
        let tekster: Vec<&str> = self.fejl.iter().map(|l| l.tekst.as_str()).collect();
        let dokument = Problemdokument {
            slags: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            goer_saadan: goer_saadan(&kode),
            kode,
            detail: tekster.join(" "),
            fejl: self.fejl,
            reference,
        };
        let mut svar = (self.status, axum::Json(&dokument)).into_response();
        let hoveder = svar.headers_mut();
        hoveder.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            hoveder.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Fundament\""));
        }
        if let Some(vent) = self.vent {
            hoveder.insert(header::RETRY_AFTER, vent.into());
        }
        svar
    }
}

/// What to do about a failure, beyond what its text says.
fn goer_saadan(kode: &str) -> Option<&'static str> {
    Some(match kode {
        "N-810" => {
            "Opret en nøgle under Indstillinger › Mine API-nøgler, og send den som Authorization: Bearer fundament_…"
        }
        "N-811" => "Opret en nøgle uden Kun læsning under Indstillinger › Mine API-nøgler.",
        "N-812" => "Vent, som Retry-After siger, og send kaldet igen. Hent lister i store sider.",
        "A-005" => "Hent objektet igen, se forskellene, og send din ændring med det nye ETag i If-Match.",
        "A-001" => "En nøgle kan højst det, personen bag den kan nu. Bed jeres Administrator om rollen.",
        "N-500" => "Prøv igen om lidt. Sker det igen, så kontakt driften, og oplys referencen.",
        _ => return None,
    })
}

/// The status of a code: not allowed, gone, overtaken or not possible as things are; else the content is refused.
fn status(kode: &str) -> StatusCode {
    match kode {
        "A-001" | "A-002" | "J-408" => StatusCode::FORBIDDEN,
        "A-404" => StatusCode::NOT_FOUND,
        "A-005" | "A-013" | "A-014" | "A-017" | "S-107" | "G-207" | "G-210" | "G-211" | "G-212" | "G-213"
        | "D-510" | "J-414" | "C-109" | "F-308" | "F-310" | "F-311" | "G-214" | "G-222" | "G-224"
        | "T-101" | "T-109" | "T-201" | "T-204" | "F-315" | "I-901" | "N-831" | "N-833" => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Styringsfejl> for Problem {
    fn from(fejl: Styringsfejl) -> Self {
        match fejl {
            Styringsfejl::Afvist(alle) => Self {
                status: alle.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |f| status(f.kode)),
                fejl: alle.iter().map(Linje::af).collect(),
                vent: None,
            },
            Styringsfejl::Intern(fejl) => Self::intern(&fejl),
        }
    }
}

impl Problem {
    pub(crate) fn intern(fejl: &dyn std::fmt::Display) -> Self {
        tracing::error!(%fejl, "API'et kunne ikke svare");
        Self::ny(StatusCode::SERVICE_UNAVAILABLE, "N-500", "Der er en fejl hos os, og intet er ændret.")
    }
}

impl From<administration::Modulfejl> for Problem {
    fn from(fejl: administration::Modulfejl) -> Self {
        Styringsfejl::from(fejl).into()
    }
}

impl From<oio::Fejl> for Problem {
    fn from(fejl: oio::Fejl) -> Self {
        Styringsfejl::Intern(fejl).into()
    }
}

impl IntoResponse for Problem {
    /// The gate, which knows the reference, writes the document.
    fn into_response(self) -> Response {
        let mut svar = self.status.into_response();
        svar.extensions_mut().insert(self);
        svar
    }
}

/// What every operation may answer.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "described, not made: the gate writes problem documents")]
pub(crate) enum Laesefejl {
    /// Kaldet har ingen nøgle, der gælder (N-810).
    #[response(status = 401, content_type = "application/problem+json")]
    UdenNoegle(Problemdokument),
    /// Personen bag nøglen har ikke rettigheden.
    #[response(status = 403, content_type = "application/problem+json")]
    IkkeRet(Problemdokument),
    /// Det findes ikke, eller personen bag nøglen kan ikke se det.
    #[response(status = 404, content_type = "application/problem+json")]
    FindesIkke(Problemdokument),
    /// Et felt eller et parameter kan ikke bruges; `fejl` siger hvilke (N-814 og skærmenes koder).
    #[response(status = 422, content_type = "application/problem+json")]
    Forkert(Problemdokument),
    /// Nøglen har kaldt for mange gange (N-812); `Retry-After` siger, hvor mange sekunder der skal ventes.
    #[response(status = 429, content_type = "application/problem+json")]
    ForHurtigt(Problemdokument),
    /// Der er en fejl hos os, og intet er ændret (N-500).
    #[response(status = 503, content_type = "application/problem+json")]
    Intern(Problemdokument),
}

/// What an operation that changes something may answer besides.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "described, not made: the gate writes problem documents")]
pub(crate) enum Skrivefejl {
    /// Kroppen kan ikke læses som JSON (N-815).
    #[response(status = 400, content_type = "application/problem+json")]
    Ulaeselig(Problemdokument),
    /// En anden var først, eller tilstanden tillader det ikke (fx G-210, A-013, S-107, D-510).
    #[response(status = 409, content_type = "application/problem+json")]
    Konflikt(Problemdokument),
    /// Kroppen er for stor (N-816).
    #[response(status = 413, content_type = "application/problem+json")]
    ForStor(Problemdokument),
    /// Kroppen er ikke sendt som application/json (N-817).
    #[response(status = 415, content_type = "application/problem+json")]
    IkkeJson(Problemdokument),
    /// If-Match mangler (N-813), hvor operationen har brug for det.
    #[response(status = 428, content_type = "application/problem+json")]
    ManglerIfMatch(Problemdokument),
}
