//! What one list of privileges grants: the same rules for those of a token and those of an agreement.

use crate::{Graense, Krav, Operation};
use administration::{JA, Parameterart, Privilegium, Service};
use oio::Cvr;
use std::collections::BTreeMap;

/// Why a list of privileges grants nothing, the privilege that came nearest deciding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mangel {
    /// There is none with the authority as its scope.
    Scope,
    /// None of them has the operation in its role.
    Rolle,
    /// The type of limit is not one the service understands.
    Ukendt(String),
    /// The type of limit must be there.
    Kraevet(String),
    /// The flag that opens the operation is not `Ja`.
    Flag(Parameterart),
}

/// The ways in which the privileges grant the operation, each with where it stands in the list.
pub(crate) fn bevillinger(
    service: &Service,
    privilegier: &[Privilegium],
    myndighed: Cvr,
    operation: Operation,
) -> Result<Vec<(usize, Graense)>, Mangel> {
    let mut mangel = Mangel::Scope;
    let mut givet = Vec::new();
    for (i, privilegium) in privilegier.iter().enumerate() {
        match bevilling(service, privilegium, myndighed, operation) {
            Ok(graense) => givet.push((i, graense)),
            Err(denne) => mangel = mangel.max(denne),
        }
    }
    if givet.is_empty() { Err(mangel) } else { Ok(givet) }
}

fn bevilling(
    service: &Service,
    privilegium: &Privilegium,
    myndighed: Cvr,
    operation: Operation,
) -> Result<Graense, Mangel> {
    if privilegium.scope != myndighed {
        return Err(Mangel::Scope);
    }
    let rolle = service.rolle(&privilegium.rolle).ok_or(Mangel::Rolle)?;
    if !rolle.operationer.contains(operation.as_str()) {
        return Err(Mangel::Rolle);
    }
    let mut vaerdier: BTreeMap<Parameterart, Vec<String>> = BTreeMap::new();
    for (uri, vaerdi) in &privilegium.afgraensninger {
        let typ = service.parameter(uri).ok_or_else(|| Mangel::Ukendt(uri.clone()))?;
        let plads = vaerdier.entry(typ.art).or_default();
        if typ.art.er_liste() {
            plads.extend(vaerdi.split(',').map(|v| v.trim().to_owned()));
        } else {
            plads.push(vaerdi.clone());
        }
    }
    for typ in service.parametre.iter().filter(|t| t.kraevet) {
        if !privilegium.afgraensninger.iter().any(|(uri, _)| *uri == typ.uri) {
            return Err(Mangel::Kraevet(typ.navn.clone()));
        }
    }
    let aaben = |art| vaerdier.get(&art).is_some_and(|v| v.iter().any(|v| v == JA));
    let flag = match operation {
        Operation::Anonymiser => Some(Parameterart::Anonymiser),
        Operation::Fysiskslet => Some(Parameterart::Fysiskslet),
        _ => None,
    };
    if let Some(flag) = flag.filter(|flag| !aaben(*flag)) {
        return Err(Mangel::Flag(flag));
    }
    let (se_navn, se_cpr) = (aaben(Parameterart::SeNavn), aaben(Parameterart::SeCpr));
    let raekker = vaerdier.into_iter().filter(|(art, _)| !art.er_flag());
    let krav = raekker.map(|(art, vaerdier)| Krav { art, vaerdier }).collect();
    Ok(Graense { krav, se_navn, se_cpr })
}
