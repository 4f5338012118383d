//! The messages of the demo: KY sends, SAPA and KSD receive.

use super::{KORSBAEK, KSD, KY, NABOKOEBING, SAPA, tal};
use administration::{
    Abonnement, Aftaleservice, Dueslag, Dueslagstilstand, Leveringsmaade, Service, Serviceaftale,
};
use app::Beskedconfig;
use beskedfordeler::egne_beskedtyper;
use bitemporal::Instant;
use oio::Cvr;
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

/// The names of the systems that send and receive, in `demo.json`.
const AFSENDER: &str = "KY";
const MODTAGER: &str = "SAPA";
/// The types of test messages, with the UUIDs clients have built in.
const TESTBESKEDER: [(&str, Uuid); 3] = [
    ("TestbeskedType1", uuid!("7654895c-a3f3-4c77-8afd-4c77330f963c")),
    ("TestbeskedType2", uuid!("832d0676-d0a0-4522-8f57-ac126dc8270e")),
    ("TestbeskedType3", uuid!("b677c97e-aa5e-430e-9f60-9bbbbdb4ea1b")),
];
/// The class for deaths, which one of the subscriptions asks for.
const DOEDSFALD: &str = "298aa424-0a16-4a5a-956c-2bdab17fd11f";

fn testbeskeder() -> Vec<Uuid> {
    TESTBESKEDER.iter().map(|(_, uuid)| *uuid).collect()
}

/// Who may send what to whom, and who may receive it.
pub(super) fn aftaler(config: &Beskedconfig) -> Vec<Serviceaftale> {
    let (korsbaek, nabokoebing) = (tal(KORSBAEK), tal(NABOKOEBING));
    let begge = [korsbaek, nabokoebing];
    let alle = [korsbaek, nabokoebing, Cvr::KOMBIT];
    let (afsend, modtag) = (Service::besked_afsend(), Service::besked_modtag());
    vec![
        aftale(config, ("KY", KY), korsbaek, &afsend, "TilladteMyndigheder", &begge),
        aftale(config, (MODTAGER, SAPA), korsbaek, &modtag, "AfsendendeMyndighed", &alle),
        aftale(config, (MODTAGER, SAPA), nabokoebing, &modtag, "AfsendendeMyndighed", &alle),
        aftale(config, ("KSD", KSD), korsbaek, &modtag, "AfsendendeMyndighed", &[korsbaek]),
    ]
}

/// An agreement about all types of messages, whatever they are about.
fn aftale(
    config: &Beskedconfig,
    (navn, system): (&str, Uuid),
    myndighed: Cvr,
    service: &Service,
    graense: &str,
    myndigheder: &[Cvr],
) -> Serviceaftale {
    let mut typer = testbeskeder();
    typer.extend(egne_beskedtyper(config).into_iter().map(|(_, uuid)| uuid));
    let tekster = |uuider: &[Uuid]| uuider.iter().map(Uuid::to_string).collect::<Vec<_>>();
    let vaerdier = [
        ("Beskedtype", tekster(&typer)),
        ("Foelsomhed", tekster(&besked::FOELSOMHEDER)),
        ("KommunaltForvaltningsomraade", vec!["*".into()]),
        (graense, myndigheder.iter().map(Cvr::to_string).collect()),
        ("Version", vec!["2".into()]),
    ];
    let uri = |navn: &str| service.parameter_med_navn(navn).expect("the service has this limit").uri.clone();
    let uuid = Uuid::new_v5(&system, format!("serviceaftale/{}/{myndighed}", service.navn).as_bytes());
    let navn = format!("{navn}: {} for {myndighed}", service.navn);
    let mut aftale = Serviceaftale::aktiv(
        uuid,
        navn,
        system,
        myndighed,
        service,
        &[],
        super::Dataafgraensninger::default(),
    );
    for version in &mut aftale.versioner {
        version.begrundelse = "Kommunens systemer skal vide, hvad der sker i de andre".into();
        for valgt in &mut version.services {
            let Aftaleservice { roller, parametre, .. } = valgt;
            *roller = service.roller.iter().map(|r| r.uri.clone()).collect();
            *parametre = vaerdier.iter().map(|(navn, v)| (uri(navn), v.clone())).collect();
        }
    }
    aftale
}

/// The queues, and what is put into them from now on.
pub(super) fn dueslag(config: &Beskedconfig, fra: Instant) -> (Vec<Dueslag>, Vec<Abonnement>) {
    let dueslag = |navn: &str, system: Uuid| {
        Dueslag::ny(Uuid::new_v5(&system, format!("dueslag/{navn}").as_bytes()), navn, system)
    };
    let test = dueslag("SAPA testbeskeder", SAPA);
    let registre = dueslag("SAPA ændringer", SAPA);
    let doede = dueslag("KSD dødsfald", KSD);
    let push = Dueslag {
        maade: Leveringsmaade::Push,
        url: Some("https://localhost:9443/besked/modtag".into()),
        tilstand: Dueslagstilstand::Pauset,
        ..dueslag("SAPA push", SAPA)
    };
    let abonnement = |navn: &str, slag: &Dueslag, typer: Vec<Uuid>, filter: &str| Abonnement {
        filter: filter.into(),
        aktiveret: Some(fra),
        ..Abonnement::ny(Uuid::new_v5(&slag.uuid, navn.as_bytes()), navn, slag.uuid, typer)
    };
    let kun_doedsfald = format!(
        "Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektHandling.UUIDIdentifikator = '{DOEDSFALD}'"
    );
    let abonnementer = vec![
        abonnement("Testbeskeder", &test, testbeskeder(), ""),
        abonnement(
            "Ændringer i registrene",
            &registre,
            egne_beskedtyper(config).into_iter().map(|(_, u)| u).collect(),
            "",
        ),
        abonnement("Dødsfald", &doede, testbeskeder(), &kun_doedsfald),
        abonnement("Testbesked 3", &push, vec![TESTBESKEDER[2].1], ""),
    ];
    (vec![test, registre, doede, push], abonnementer)
}

/// What a client must know to send and fetch. `mtls` is where the services are.
pub fn demo_json(config: &Beskedconfig, mtls: &str) -> Value {
    let (dueslag, abonnementer) = dueslag(config, Instant::NEG_INFINITY);
    let systemer = [(SAPA, MODTAGER), (KSD, "KSD")];
    let slag = |d: &Dueslag| {
        let mine: Vec<_> = abonnementer.iter().filter(|a| a.dueslag == d.uuid).collect();
        json!({
            "uuid": d.uuid,
            "navn": d.navn,
            "system": systemer.iter().find(|(uuid, _)| *uuid == d.system).map(|(_, navn)| navn),
            "maade": d.maade.to_string(),
            "beskedtyper": mine.iter().flat_map(|a| &a.beskedtyper).collect::<Vec<_>>(),
            "filter": mine.iter().map(|a| &a.filter).find(|f| !f.is_empty()),
        })
    };
    let typer =
        TESTBESKEDER.iter().map(|(navn, uuid)| ((*navn).to_owned(), *uuid)).chain(egne_beskedtyper(config));
    json!({
        "afsender": AFSENDER,
        "modtager": MODTAGER,
        "beskedtyper": typer.map(|(navn, uuid)| (navn, json!(uuid))).collect::<serde_json::Map<_, _>>(),
        "dueslag": dueslag.iter().map(slag).collect::<Vec<_>>(),
        "vhost": "BF",
        "exchange": amqp::EXCHANGE,
        "audiences": {
            "afsend": "http://entityid.kombit.dk/service/bfo_afsend/2",
            "modtag": "http://entityid.kombit.dk/service/bfo_modtag/2",
        },
        "soap": format!("{mtls}/sts-bf-soap/StsbeskedfordelerImpl"),
        "rest_afsend": format!("{mtls}{}", crate::besked::STI),
    })
}
