//! A person of the Administrationsmodul, reading the registers.
//!
//! No agreement stands behind a person: the permission matrix decides, by the roles the person has now for the party acted
//! for. What is opened is little: the classifications of KOMBIT and of the party itself, and what units the party has. No
//! names of people and no CPR numbers, and nothing is written this way. Each reading is a line of the access log, under the
//! party, with the user's UUID.

use crate::{Adgang, Operation};
use administration::{Aktoer, Emne, Handling, Modulfejl};
use oio::UnikId;
use oio::catalog::{ORGANISATIONENHED, ObjektType, Register};
use std::sync::Arc;
use uuid::Uuid;

/// The rights that open a register: whoever sees classifications, and whoever sees roles, which are limited by them; of
/// Organisation the latter only.
const fn retter(register: Register) -> &'static [(Emne, Handling)] {
    match register {
        Register::Klassifikation => {
            &[(Emne::Klassifikation, Handling::Se), (Emne::Jobfunktionsrolle, Handling::Se)]
        }
        Register::Organisation => &[(Emne::Jobfunktionsrolle, Handling::Se)],
    }
}

/// What a person may read of one object type.
///
/// # Errors
/// A-001 when none of the person's roles opens it; nothing but units is opened of Organisation.
pub fn person(
    aktoer: &Aktoer,
    operation: Operation,
    typ: &'static ObjektType,
    transaktion: Uuid,
) -> Result<Adgang, Modulfejl> {
    let retter = retter(typ.register);
    if !retter.iter().any(|(emne, handling)| aktoer.kan(*emne, *handling)) {
        let (emne, handling) = retter[0];
        aktoer.kraev(emne, handling)?;
    }
    if typ.register == Register::Organisation && *typ != ORGANISATIONENHED {
        return Err(Modulfejl::findes_ikke("Det"));
    }
    let mut laeser = vec![aktoer.part];
    if typ.register == Register::Klassifikation && aktoer.part != oio::Cvr::KOMBIT {
        laeser.push(oio::Cvr::KOMBIT);
    }
    laeser.sort_unstable();
    Ok(Adgang {
        myndighed: aktoer.part,
        laeser: laeser.into(),
        bruger_ref: UnikId::Uuid(aktoer.bruger),
        system: None,
        aftale: None,
        operation: operation.as_str(),
        objekttype: typ.name,
        transaktion,
        graenser: Arc::from([]),
        person: Some(aktoer.bruger),
        se_navn: false,
        se_cpr: false,
    })
}

#[cfg(test)]
mod tests {
    use super::person;
    use crate::Operation;
    use administration::{Bruger, Brugertilstand, Modulrolle, Omfang, Tildeling};
    use bitemporal::{Instant, Period};
    use oio::Cvr;
    use oio::catalog::{BRUGER, Beskyttelse, KLASSE, ORGANISATIONENHED, ObjektType, PERSON};
    use uuid::Uuid;

    fn laeser(rolle: Modulrolle, typ: &'static ObjektType) -> Option<Vec<Cvr>> {
        let part = Cvr::from_number(11_223_344).expect("eight digits");
        let tildeling = Tildeling {
            id: Uuid::nil(),
            rolle,
            part,
            omfang: Omfang::default(),
            gyldig: Period::ALWAYS,
            sagsnummer: None,
            tildelt_af: None,
        };
        let bruger = Bruger {
            uuid: Uuid::from_u128(7),
            navn: "Jens".into(),
            email: "jens@korsbaek.example".into(),
            cvr: part,
            telefon: None,
            tilstand: Brugertilstand::Aktiv,
            spaerret_af: None,
            foer_spaerring: None,
            stedfortraeder: None,
            roller: vec![tildeling],
        };
        let aktoer = bruger.handler_som(part, Instant::from_micros(1)).expect("a role");
        let adgang = person(&aktoer, Operation::Laes, typ, Uuid::nil()).ok()?;
        assert_eq!((adgang.person(), adgang.system), (Some(bruger.uuid), None));
        assert!(![Beskyttelse::SeNavn, Beskyttelse::SeCpr].into_iter().any(|b| adgang.kan_se(b)));
        Some(adgang.laeser.to_vec())
    }

    #[test]
    fn the_matrix_opens_classes_and_own_units_and_nothing_else() {
        let egen = Cvr::from_number(11_223_344).expect("eight digits");
        use Modulrolle as R;
        for rolle in [R::Jobfunktionsrolleadministrator, R::Laeseadgang] {
            assert_eq!(laeser(rolle, &KLASSE), Some(vec![egen, Cvr::KOMBIT]));
            assert_eq!(laeser(rolle, &ORGANISATIONENHED), Some(vec![egen]));
        }
        assert!(laeser(R::KlassifikationAdministrator, &KLASSE).is_some());
        assert_eq!(laeser(R::KlassifikationAdministrator, &ORGANISATIONENHED), None);
        for rolle in [R::TekniskKontakt, R::OrganisationAdministrator] {
            assert_eq!(laeser(rolle, &KLASSE), None, "{rolle}");
        }
        for typ in [&BRUGER, &PERSON] {
            assert_eq!(laeser(R::Jobfunktionsrolleadministrator, typ), None, "{}", typ.name);
        }
    }
}
