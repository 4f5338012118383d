//! Føderation: Identity Providere, what a brugervendt system demands of them, and the agreements between them.

pub(crate) mod aftaler;
mod brugervendt;
mod idp;
mod proev;

use crate::Tilstand;
use crate::ind::BYTES_MAX_FIL;
use crate::problem::Problem;
use crate::ud;
use administration::{Nsisniveau, Samlmetadata, hex};
use axum::extract::DefaultBodyLimit;
use serde::{Deserialize, Serialize};
use styring::foederation::Svar;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    // Metadata and what an Identity Provider answers are files of their own.
    let filer = OpenApiRouter::new().merge(idp::operationer()).merge(brugervendt::operationer());
    let filer = filer.merge(proev::operationer());
    filer.layer(DefaultBodyLimit::max(BYTES_MAX_FIL)).merge(aftaler::operationer())
}

fn niveau(sendt: Option<&str>) -> Result<Option<Nsisniveau>, Problem> {
    let en = |navn: &str| {
        let fundet = Nsisniveau::ALLE.into_iter().find(|n| n.navn() == navn);
        fundet.ok_or_else(|| Problem::felt("nsis", "nsis skal være Lav, Betydelig eller Høj."))
    };
    sendt.map(en).transpose()
}

/// SAML-metadata, som de er læst.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Samlmetadata)]
struct Metadata {
    #[schema(example = "https://idp.korsbaek.example/saml")]
    entity_id: String,
    gyldig_til: Option<String>,
    endepunkter: Vec<Endepunkt>,
    certifikater: Vec<Samlcertifikat>,
}

/// Et endepunkt.
#[derive(Serialize, ToSchema)]
struct Endepunkt {
    #[schema(example = "SingleSignOnService")]
    art: String,
    binding: String,
    url: String,
}

/// Et certifikat, der skrives under med.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Samlcertifikat {
    aftryk: String,
    emne: String,
    gyldig_til: Option<String>,
}

impl Metadata {
    fn af(m: &Samlmetadata) -> Self {
        let endepunkt = |e: &administration::Endepunkt| Endepunkt {
            art: format!("{:?}", e.art),
            binding: e.binding.clone(),
            url: e.url.clone(),
        };
        let certifikat = |c: &administration::Certifikat| Samlcertifikat {
            aftryk: hex(&c.tommelfinger),
            emne: c.emne.clone(),
            gyldig_til: ud::tid(c.gyldig.to),
        };
        Self {
            entity_id: m.entity_id.clone(),
            gyldig_til: m.gyldig_til.and_then(ud::tid),
            endepunkter: m.endepunkter.iter().map(endepunkt).collect(),
            certifikater: m.certifikater.iter().map(certifikat).collect(),
        }
    }
}

/// Et svar.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Foederationssvar)]
struct Svarfelter {
    /// JA eller NEJ.
    #[schema(example = "JA")]
    svar: String,
    /// Hvorfor, ved NEJ.
    #[serde(default)]
    #[schema(max_length = 1000)]
    begrundelse: String,
}

impl Svarfelter {
    fn svar(self) -> Result<Svar, Problem> {
        match self.svar.as_str() {
            "JA" => Ok(Svar::Ja),
            "NEJ" => Ok(Svar::Nej(self.begrundelse)),
            _ => Err(Problem::felt("svar", "svar skal være JA eller NEJ.")),
        }
    }
}
