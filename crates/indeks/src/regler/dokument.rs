//! The rules of documents: D-01 to D-06, and D-09 of our own. D-07 is about who calls, D-08 about version 5.

use super::sag::{er_kle, er_myndighed, mangler, skal_have, uorden};
use super::{DOKUMENT, Regel, advar, afvis};
use crate::model::Forekomst;
use crate::roller::TYPE_ORGANISATION;
use oio::UnikId;

pub(super) static REGLER: [Regel; 8] = [
    afvis(
        "D-01",
        DOKUMENT,
        "BrugervendtNoegle, Dokumentnummer, Titel, Type og Foelsomhed skal være udfyldt i Egenskaber",
        |p| {
            skal_have(
                p,
                "Egenskaber",
                &["BrugervendtNoegle", "Dokumentnummer", "Titel", "Type", "Foelsomhed"],
            )
        },
    ),
    advar("D-02", DOKUMENT, "Type Brev er gået af brug; vælg indgående eller udgående", |p| {
        p.sendte_af("Egenskaber", |f| f.felt("Type") == Some("Brev"))
    }),
    advar("D-03", DOKUMENT, "et indgående brev skal have BrevDato", |p| {
        p.sendte_af("Egenskaber", |f| {
            f.felt("Type") == Some("Brev, indgaaende") && f.felt("BrevDato").is_none()
        })
    }),
    advar(
        "D-04",
        DOKUMENT,
        "VersionIdentifikator og UnderversionIdentifikator udfyldes begge eller slet ikke",
        |p| {
            let har = |f: &Forekomst, felt| f.felt(felt).is_some();
            p.sendte_af("Egenskaber", |f| {
                har(f, "VersionIdentifikator") != har(f, "UnderversionIdentifikator")
            })
        },
    ),
    afvis("D-05", DOKUMENT, "Ejer skal have CVR-Nr og FuldtNavn", |p| {
        p.sendte_i("Dokumentaktoer", "Ejer", |f| f.cvr().is_none() || mangler(f, "FuldtNavn"))
    }),
    afvis("D-05K", DOKUMENT, "Primær klasse skal have et KLE-emne som 32.24.04 i BrugervendtNoegle", |p| {
        p.sendte_i("Dokumentklasse", "Primær klasse", |f| !f.felt("BrugervendtNoegle").is_some_and(er_kle))
    }),
    advar("D-06", DOKUMENT, "Ansvarlig må ikke være en hel myndighed", |p| {
        let organisation = |f: &Forekomst| f.hoved.objekttype == Some(UnikId::Uuid(TYPE_ORGANISATION));
        p.sendte_i("Dokumentaktoer", "Ansvarlig", |f| organisation(f) && er_myndighed(p, f) == Some(true))
    }),
    advar(
        "D-09",
        DOKUMENT,
        "Fremdrift skal være udfyldt uden huller og overlap og må ikke forlade Afleveret",
        |p| {
            let forlader = {
                let mut alle: Vec<&Forekomst> = p.efter.indhold.af("Fremdrift").collect();
                alle.sort_by_key(|f| f.periode());
                let afleveret = |f: &&Forekomst| f.felt("FremdriftStatusKode") == Some("Afleveret");
                alle.windows(2).any(|par| afleveret(&par[0]) && !afleveret(&par[1]))
            };
            let ingen = p.efter.indhold.af("Fremdrift").next().is_none();
            p.hvis(ingen || forlader || uorden(p, &[]), "Fremdrift")
        },
    ),
];
