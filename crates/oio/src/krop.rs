//! The body of a registrering as it is stored: JSON, so that an operator can read it.

mod vaerdi;

use crate::model::Registrering;

/// The registrering as stored.
#[must_use]
pub fn encode(registrering: &Registrering) -> Vec<u8> {
    serde_json::to_vec(registrering).expect("a registrering has only text keys and finite numbers")
}

/// The registrering a stored body holds.
///
/// # Errors
/// When the bytes are not a body written by [`encode`].
pub fn decode(krop: &[u8]) -> Result<Registrering, serde_json::Error> {
    serde_json::from_slice(krop)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::catalog::klassifikation::klasse;
    use crate::catalog::organisation::{itsystem, organisationenhed};
    use crate::catalog::{BRUGERVENDT_NOEGLE, Navn};
    use crate::ids::UnikId;
    use crate::model::{
        AktoerTypeKode, Dynamik, Egenskab, Indhold, Livscyklus, LokalUdvidelse, Registrering, Relation,
        Tilstand, TilstandKode, Vaerdi, Virkning,
    };
    use bitemporal::{Instant, Period};
    use uuid::Uuid;

    fn tekst(text: &str) -> Vaerdi {
        Vaerdi::Tekst(text.into())
    }

    /// Every part of the model, each value in every shape it has.
    fn full() -> Registrering {
        let virkning = Virkning {
            period: Period::ALWAYS,
            aktoer_ref: Some(UnikId::Urn("urn:\"æ\n".into())),
            aktoer_type: Some(AktoerTypeKode::Bruger),
            note: Some("linje 1\r\nlinje 2".into()),
        };
        let gruppe = |ord: &str| vec![(klasse::SOEGEORD_ORD.navn, ord.to_owned())];
        let felter: Vec<(Navn, Vaerdi)> = vec![
            (BRUGERVENDT_NOEGLE.navn, tekst("27.36.04 \\ \"KLE\"")),
            (itsystem::KONFIGURATION.navn, Vaerdi::Tekster(vec!["a".into(), "b".into()])),
            (klasse::SOEGEORD.navn, Vaerdi::Grupper(vec![gruppe("hjælp"), vec![], gruppe("æøå")])),
        ];
        let dynamik = Dynamik {
            rolle: Uuid::from_u128(1).into(),
            objekttype: UnikId::Urn("t".into()),
            indeks: "1".into(),
        };
        let relation = |dynamik: Option<Dynamik>| Relation {
            navn: organisationenhed::ADRESSER.navn,
            virkning: virkning.clone(),
            reference: Some(Uuid::from_u128(u128::MAX).into()),
            aktoer_type: Some(AktoerTypeKode::Organisation),
            dynamik: dynamik.map(Box::new),
        };
        Registrering {
            tidspunkt: Instant::from_micros(1_700_000_000_000_001),
            livscyklus: Livscyklus::Passiveret,
            bruger_ref: Some(UnikId::Urn("CN=test".into())),
            note: Some(String::new()),
            indhold: Indhold {
                egenskaber: vec![Egenskab { virkning: virkning.clone(), felter }],
                tilstande: vec![Tilstand { virkning: virkning.clone(), kode: TilstandKode::IkkePubliceret }],
                relationer: vec![relation(Some(dynamik)), relation(None)],
                lokal: LokalUdvidelse {
                    tilstande: Some("<a xmlns='x'/>".into()),
                    ..LokalUdvidelse::default()
                },
            },
        }
    }

    #[test]
    fn what_is_stored_is_what_is_read() {
        let empty = Registrering { indhold: Indhold::default(), bruger_ref: None, note: None, ..full() };
        for registrering in [full(), empty] {
            assert_eq!(decode(&encode(&registrering)).expect("a stored body"), registrering);
        }
    }

    #[test]
    fn escaped_names_are_read_too() {
        let body = String::from_utf8(encode(&full())).expect("text").replace("Adresser", "\\u0041dresser");
        assert_eq!(decode(body.as_bytes()).expect("a stored body"), full());
    }

    #[test]
    fn a_body_that_is_not_ours_is_refused() {
        let body = String::from_utf8(encode(&full())).expect("text");
        let unknown = body.replace("Adresser", "Adressen");
        let mixed = body.replace("[\"a\",\"b\"]", "[\"a\",[]]");
        let number = body.replace("[\"a\",\"b\"]", "1");
        for bad in [&unknown, &mixed, &number, &body[1..].to_owned()] {
            assert_ne!(*bad, body);
            assert!(decode(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
