//! What is written can be read again: random content of every object type in every version, to XML and back.

use bitemporal::{Instant, Period};
use oio::catalog::{ALLE, Dynamisk, Field, Kind, ObjektType, RelationType, Tilstandsart};
use oio::model::{
    AktoerTypeKode, Dynamik, Egenskab, Indhold, Livscyklus, Registrering, Relation, Tilstand, TilstandKode,
    Vaerdi, Virkning,
};
use oio::{Navn, UnikId};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use registers::Opslag;
use soap::afkod::Kald;
use soap::ns::{declarations, prefixer};
use soap::skriv::Skriver;
use soap::tabel::{Emne, TJENESTER, Tjeneste};
use uuid::{Uuid, uuid};

const NU: Instant = Instant::from_micros(1_714_557_600_000_000);
const MAPNING: Uuid = uuid!("9ef341c6-251b-4820-a077-9071a9070644");
const KLASSE: Uuid = uuid!("9870b51e-3bc0-4f98-8827-eba991dd89a9");

/// Times as they are on the wire: whole milliseconds between 1900 and 2100, or without end.
fn time(limit: Instant) -> impl Strategy<Value = Instant> {
    let finite = (-2_208_988_800_000i64..4_102_444_800_000).prop_map(|ms| Instant::from_micros(ms * 1_000));
    prop_oneof![4 => finite, 1 => Just(limit)]
}

fn text() -> impl Strategy<Value = String> {
    let piece =
        select(vec!["a", "Å", "<b>", "&amp;", "\"", "'", "]]>", "\r\n", "\t", " ", "€", "𝄞", "x:y", "--"]);
    prop::collection::vec(piece, 1..8).prop_map(|p| format!("t{}", p.concat()))
}

fn id() -> impl Strategy<Value = UnikId> {
    prop_oneof![
        any::<u128>().prop_map(|n| UnikId::Uuid(Uuid::from_u128(n))),
        "[a-z]{1,8}(:[a-z0-9&<]{1,8}){1,3}".prop_map(|urn| UnikId::Urn(urn.into())),
    ]
}

fn virkning() -> impl Strategy<Value = Virkning> {
    let aktoer = prop::option::of((id(), select(AktoerTypeKode::ALL.to_vec())));
    (time(Instant::NEG_INFINITY), time(Instant::POS_INFINITY), aktoer, prop::option::of(text())).prop_map(
        |(from, to, aktoer, note)| Virkning {
            period: Period { from, to },
            aktoer_type: aktoer.as_ref().map(|(_, kode)| *kode),
            aktoer_ref: aktoer.map(|(id, _)| id),
            note,
        },
    )
}

fn field_text(field: &'static Field) -> BoxedStrategy<String> {
    match field.pattern {
        None => text().boxed(),
        Some("[0-9]{8}") => "[0-9]{8}".boxed(),
        Some("[0-9]{10}") => "[0-9]{10}".boxed(),
        Some("[0-9]{3}|[0-9]{4}") => "[0-9]{3,4}".boxed(),
        Some(_) => select(vec!["1", "42", "100"]).prop_map(str::to_owned).boxed(),
    }
}

fn value(field: &'static Field) -> BoxedStrategy<Option<(Navn, Vaerdi)>> {
    let navn = field.navn;
    let value = match field.kind {
        Kind::Tekst => field_text(field).prop_map(Vaerdi::Tekst).boxed(),
        Kind::Tekster => prop::collection::vec(text(), 1..3).prop_map(Vaerdi::Tekster).boxed(),
        Kind::Grupper(inner) => {
            let fields: Vec<_> = inner
                .iter()
                .map(|f| prop::option::of(text()).prop_map(move |t| Some((f.navn, t?))))
                .collect();
            let group = fields.prop_map(|f| f.into_iter().flatten().collect::<Vec<_>>());
            prop::collection::vec(group, 1..3).prop_map(Vaerdi::Grupper).boxed()
        }
    };
    prop::option::of(value).prop_map(move |v| Some((navn, v?))).boxed()
}

fn egenskab(typ: &'static ObjektType, version: u8) -> impl Strategy<Value = Egenskab> {
    let fields: Vec<_> = typ.egenskaber_i(version).map(value).collect();
    (virkning(), fields)
        .prop_map(|(virkning, f)| Egenskab { virkning, felter: f.into_iter().flatten().collect() })
}

fn tilstande(typ: &'static ObjektType) -> BoxedStrategy<Vec<Tilstand>> {
    let koder = match typ.tilstand {
        Some(Tilstandsart::Gyldighed) => vec![TilstandKode::Aktiv, TilstandKode::Inaktiv],
        Some(Tilstandsart::Publiceret) => vec![TilstandKode::Publiceret, TilstandKode::IkkePubliceret],
        None => return Just(Vec::new()).boxed(),
    };
    let one = (virkning(), select(koder)).prop_map(|(virkning, kode)| Tilstand { virkning, kode });
    prop::collection::vec(one, 0..3).boxed()
}

fn relation(typ: &'static RelationType, version: u8) -> impl Strategy<Value = Vec<Relation>> {
    let dynamik = match (typ.dynamisk_i(version), typ.dynamisk) {
        (Some(Dynamisk::Fri), _) => (id(), id(), "[a-z0-9]{1,6}")
            .prop_map(|(rolle, objekttype, indeks)| Some(Box::new(Dynamik { rolle, objekttype, indeks })))
            .boxed(),
        (Some(Dynamisk::KunUuid), _) => (any::<[u128; 2]>(), prop::option::of(any::<u128>()))
            .prop_map(|([rolle, objekttype], indeks)| {
                let indeks = indeks.map(|n| Uuid::from_u128(n).to_string()).unwrap_or_default();
                let [rolle, objekttype] = [rolle, objekttype].map(|n| Uuid::from_u128(n).into());
                Some(Box::new(Dynamik { rolle, objekttype, indeks }))
            })
            .boxed(),
        (None, Some(_)) => {
            let implied = Dynamik { rolle: MAPNING.into(), objekttype: KLASSE.into(), indeks: String::new() };
            Just(Some(Box::new(implied))).boxed()
        }
        (None, None) => Just(None).boxed(),
    };
    let one = (virkning(), id(), dynamik).prop_map(|(virkning, reference, dynamik)| Relation {
        navn: typ.navn,
        virkning,
        reference: Some(reference),
        aktoer_type: None,
        dynamik,
    });
    prop::collection::vec(one, 0..if typ.many { 3 } else { 2 })
}

fn registrering(typ: &'static ObjektType, version: u8) -> impl Strategy<Value = Registrering> {
    let relationer: Vec<_> = typ.relationer_i(version).map(|r| relation(r, version)).collect();
    let lists = (prop::collection::vec(egenskab(typ, version), 0..3), tilstande(typ), relationer);
    (lists, time(NU).prop_filter("finite", |t| t.is_finite()), prop::option::of(text()), id()).prop_map(
        |((egenskaber, tilstande, relationer), tidspunkt, note, bruger)| Registrering {
            tidspunkt,
            livscyklus: Livscyklus::Importeret,
            bruger_ref: Some(bruger),
            note,
            indhold: Indhold { egenskaber, tilstande, relationer: relationer.concat(), ..Indhold::default() },
        },
    )
}

/// Writes it as an answer would, wraps it as a request, and reads it.
fn back(tjeneste: &Tjeneste, typ: &'static ObjektType, registrering: &Registrering) -> Registrering {
    let p = prefixer(tjeneste.version);
    let labels = Opslag::default();
    let mut written = String::new();
    Skriver { typ, version: tjeneste.version, p, labels: &labels }.registrering(&mut written, registrering);
    let object = format!(
        "<{t}:{n}><{sd}:UUIDIdentifikator>{id}</{sd}:UUIDIdentifikator>{written}</{t}:{n}>",
        t = p.t,
        sd = p.sd,
        n = typ.name,
        id = Uuid::nil()
    );
    let input =
        format!("<{t}:ImportInput{d}>{object}</{t}:ImportInput>", t = p.t, d = declarations(tjeneste));
    let body = match tjeneste.version {
        5 => format!("<sp:ImporterRequest xmlns:sp=\"{}\">{input}</sp:ImporterRequest>", tjeneste.wsdl_ns),
        _ => input,
    };
    let envelope = format!(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>{body}</e:Body></e:Envelope>"
    );
    let read = soap::parse_request(&tjeneste.paths[0], envelope.as_bytes(), NU);
    match read.unwrap_or_else(|f| panic!("{f:?}\n{envelope}")).unwrap_or_else(|f| panic!("{f}\n{envelope}")) {
        Kald::Importer { sendt, .. } => {
            let [sendt] = <[_; 1]>::try_from(sendt).expect("one registrering");
            Registrering {
                tidspunkt: sendt.tidspunkt.expect("a time"),
                livscyklus: Livscyklus::Importeret,
                bruger_ref: sendt.bruger_ref,
                note: sendt.note,
                indhold: sendt.indhold,
            }
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_type_comes_back_as_it_was() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let mut seen = 0;
    for tjeneste in TJENESTER.iter() {
        let Emne::Objekt(typ) = tjeneste.emne else { continue };
        let check = |sent: Registrering| {
            prop_assert_eq!(&back(tjeneste, typ, &sent), &sent);
            Ok(())
        };
        runner
            .run(&registrering(typ, tjeneste.version), check)
            .unwrap_or_else(|e| panic!("{} {}: {e}", typ.name, tjeneste.version));
        seen += 1;
    }
    assert_eq!(seen, ALLE.iter().map(|t| t.versions.len()).sum::<usize>());
}
