//! The provisioning API of the STS: its objects, and what they mean among the entities here. Pure; HTTP is elsewhere.
//!
//! Every function that changes takes the whole policy and leaves it valid or untouched as far as it can see; the caller
//! validates and stores.

mod dto;
mod rolle;
mod service;
mod system;
#[cfg(test)]
pub(crate) mod tests;
mod tildeling;

pub use dto::{
    Aktiveringstidspunkt, Anvenderkontekst, Anvendersystem, Dataafgraensningstype, Dataafgraensningsvaerdi,
    Fejlsvar, RoleAssignment, Service, ServiceMetadata, Servicesystemrolle,
};
pub use rolle::{
    fjern_dataafgraensningstype, opret_rolle, ret_rolle, rolle, roller, slet_rolle,
    tilfoej_dataafgraensningstype,
};
pub use service::{
    fjern_metadata, opret_service, ret_service, service, services, slet_service, tilfoej_metadata,
};
pub use system::{
    anvendersystem, anvendersystemer, fjern_anvenderkontekst, fjern_certifikat, opret_anvendersystem,
    ret_anvendersystem, saet_can_impersonate, slet_anvendersystem, tilfoej_anvenderkontekster,
    tilfoej_certifikater,
};
pub use tildeling::{fjern_rolletildeling, tilfoej_rolletildelinger};

use crate::data::Politikdata;
use crate::part::{Part, Partsart};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use oio::Cvr;

/// Longest identifier taken.
const ID_MAX: usize = 1_024;

/// The identifier in a path segment: base64, standard or URL-safe, padded or not.
///
/// # Errors
/// 400 when it is not, or holds what no identifier holds.
pub fn id_af_sti(segment: &str) -> Result<String, Fejlsvar> {
    let forkert = || Fejlsvar::ny(400, "id'et i adressen skal være base64 af identifikatoren");
    let alfabet = if segment.contains(['-', '_']) { URL_SAFE } else { STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes = GeneralPurpose::new(&alfabet, config).decode(segment).map_err(|_| forkert())?;
    let id = String::from_utf8(bytes).map_err(|_| forkert())?;
    let sti = id.contains('\\') || id.split('/').any(|del| del == ".." || del == ".");
    if id.trim().is_empty() || id.len() > ID_MAX || id.chars().any(char::is_control) || sti {
        return Err(Fejlsvar::ny(400, "id'et i adressen er ikke en identifikator"));
    }
    Ok(id)
}

/// The identifier as a path segment.
#[must_use]
pub fn id_til_sti(id: &str) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
}

fn ukendt(hvad: &str, id: &str) -> Fejlsvar {
    Fejlsvar::ny(404, format!("{hvad} {id} findes ikke"))
}

fn findes(hvad: &str, id: &str) -> Fejlsvar {
    Fejlsvar::ny(409, format!("{hvad} {id} findes allerede; brug PUT"))
}

fn cvr(felt: &str, text: &str) -> Result<Cvr, Fejlsvar> {
    text.parse().map_err(|fejl| Fejlsvar::felt(felt, format!("{text}: {fejl}")))
}

/// Makes sure that there is a party of this kind: the API names parties by CVR number alone.
fn part(data: &mut Politikdata, cvr: Cvr, art: Partsart) {
    match data.parter.iter_mut().find(|p| p.cvr == cvr) {
        Some(part) => {
            part.arter.insert(art);
        }
        None => data.parter.push(Part::ny(cvr, format!("CVR {cvr}"), art)),
    }
}
