//! The objects on the wire, by their exact names. What is unknown is ignored, as older clients send more.

use serde::{Deserialize, Serialize};

/// The answer to a call that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fejlsvar {
    /// The HTTP status.
    pub code: u16,
    /// What is wrong, in Danish.
    pub message: String,
    /// Always `2.0`.
    pub version: &'static str,
    /// Field by field.
    #[serde(rename = "errorDetails")]
    pub error_details: Vec<String>,
}

impl Fejlsvar {
    /// A failure as a whole.
    #[must_use]
    pub fn ny(code: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), version: "2.0", error_details: Vec::new() }
    }

    /// A field that is wrong.
    #[must_use]
    pub fn felt(felt: &str, fejl: impl Into<String>) -> Self {
        let error_details = vec![format!("{felt}: {}", fejl.into())];
        Self { error_details, ..Self::ny(400, "indholdet kan ikke bruges; se errorDetails") }
    }
}

impl From<Vec<crate::Fund>> for Fejlsvar {
    fn from(fund: Vec<crate::Fund>) -> Self {
        let error_details = fund.iter().map(ToString::to_string).collect();
        Self { error_details, ..Self::ny(400, "indholdet kan ikke bruges; se errorDetails") }
    }
}

/// When something counts (version 1 of the API).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Aktiveringstidspunkt {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starttidspunkt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sluttidspunkt: Option<String>,
}

/// An authority a system acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Anvenderkontekst {
    pub cvr: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aktiveringstidspunkt: Option<Aktiveringstidspunkt>,
}

/// A calling system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Anvendersystem {
    pub id: String,
    #[serde(default)]
    pub anvenderkontekster: Vec<Anvenderkontekst>,
    #[serde(default)]
    pub oces_certifikater: Vec<String>,
    #[serde(default)]
    pub role_assignments: Vec<RoleAssignment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_impersonate: Option<bool>,
}

/// A role of a system in a service, for an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct RoleAssignment {
    pub id: String,
    pub anvenderkontekst: String,
    #[serde(default)]
    pub dataafgraensningsvaerdier: Vec<Dataafgraensningsvaerdi>,
    pub service_id: String,
    pub servicesystemrolle_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_anvenderkontekst: Option<String>,
}

/// The values of one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Dataafgraensningsvaerdi {
    pub dataafgraensningstype_id: String,
    pub values: Vec<String>,
}

/// A type of limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Dataafgraensningstype {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syntax_definition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation_preference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// One of the identifiers of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct ServiceMetadata {
    pub id: String,
    pub identifier: String,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Service {
    pub id: String,
    pub service_type: String,
    #[serde(default)]
    pub service_metadata: Vec<ServiceMetadata>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the names are those of the API")]
pub struct Servicesystemrolle {
    pub id: String,
    #[serde(default)]
    pub dataafgraensningstyper: Vec<Dataafgraensningstype>,
}
