//! `Prøvetilslutning`: a supplier tries an it-system on invented data, at once and for a short time. It goes the way of any
//! request, from asked to approved; only that nobody has to answer, since nobody's data are reached.

use super::anmod::{eget_system_til, mangler, nummer_som};
use crate::fejl::Samling;
use crate::skriv::{self, Udkast, i_dag};
use crate::{Kald, Styringsfejl};
use administration::{
    Aftaleformaal, Aftalehaendelse, Aftalepart, Aftaleservice, Aftaletilstand, Aftaletype, Aftaleversion,
    Emne, Handling, ItSystem, Modulfejl, PROEVETILSLUTNING_DAGE, PROEVETILSLUTNINGER_MAX, Part, Politik,
    Politikdata, Service, Serviceaftale, overgang,
};
use app::App;
use bitemporal::{Instant, Period};
use oio::Cvr;
use store::Loglinjeslags;
use uuid::Uuid;

/// Half a day, by which a day is found whether the clock is turned in it or not.
const MIDDAG: i64 = skriv::DAG / 2;
/// Why nothing is asked of the authority.
const OPDIGTET: &str = "Ikke nødvendig: alle data er opdigtede";

/// What a supplier tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proeveanmodning {
    /// The system.
    pub system: Uuid,
    /// The service.
    pub service: Uuid,
    /// The authority with invented data.
    pub myndighed: Cvr,
    /// Days, today among them.
    pub dage: i64,
    /// What is tried, in the supplier's words.
    pub hvad: String,
    /// Whether the terms are accepted.
    pub vilkaar: bool,
}

/// What a supplier can try.
#[derive(Debug, Clone)]
pub struct Proevemuligheder<'p> {
    /// Its systems that the person may ask for, by name.
    pub systemer: Vec<&'p ItSystem>,
    /// The services that can be tried.
    pub services: Vec<&'p Service>,
    /// The authorities with invented data.
    pub myndigheder: Vec<&'p Part>,
    /// Its trials that have not ended.
    pub i_gang: usize,
}

/// What can be tried, and how many trials there are.
///
/// # Errors
///
pub fn proevemuligheder<'p>(
    kald: &Kald,
    politik: &'p Politik,
    nu: Instant,
) -> Result<Proevemuligheder<'p>, Styringsfejl> {
    kald.kraev(Emne::Proevetilslutning, Handling::Opret)?;
    let maa = |s: &&ItSystem| {
        kan_proeve(s, nu)
            && kald.aktoer.kraev_system(Emne::Proevetilslutning, Handling::Opret, s.uuid).is_ok()
    };
    let mut systemer: Vec<_> = politik.systemer_hos(kald.part()).filter(maa).collect();
    systemer.sort_by_key(|s| (s.navn.to_lowercase(), s.uuid));
    let mut myndigheder: Vec<_> = politik.data().parter.iter().filter(|p| p.kan_proeves()).collect();
    myndigheder.sort_by_key(|p| (p.navn.to_lowercase(), p.cvr));
    Ok(Proevemuligheder {
        systemer,
        services: politik.data().services.iter().filter(|s| s.kan_proeves()).collect(),
        myndigheder,
        i_gang: i_gang(politik.data(), kald.part(), nu),
    })
}

/// Whether a system can try anything: one that calls.
fn kan_proeve(system: &ItSystem, nu: Instant) -> bool {
    !system.er_idp() && system.er_aabent(nu)
}

/// The trials of a supplier that have not ended, those that are blocked included.
fn i_gang(data: &Politikdata, leverandoer: Cvr, nu: Instant) -> usize {
    let hos = |uuid| data.systemer.iter().any(|s| s.uuid == uuid && s.leverandoer == leverandoer);
    let proever = data.aftaler.iter().filter(|a| a.proevetilslutning && hos(a.system));
    proever.filter(|a| loeber(a, nu)).count()
}

fn loeber(proeve: &Serviceaftale, nu: Instant) -> bool {
    // What is blocked stays so; its days end nevertheless.
    let i_gang = |g: administration::Gaeldende<'_>| !g.tilstand.er_slut() && nu < g.version.gyldig.to;
    proeve.myndigheder().any(|cvr| proeve.gaeldende(cvr, nu).is_some_and(i_gang))
}

/// Begins a trial: an agreement that is asked for and approved in one write, with a line of the log, for the days asked for
/// and never longer.
///
/// # Errors
/// G-204 when it is tried already; G-221 when it cannot be tried; G-222 when there are too many; G-223
/// for the days; everything [`mangler`] finds.
pub async fn begynd_proeve(app: &App, kald: &Kald, a: &Proeveanmodning) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Proevetilslutning, Handling::Opret)?;
    let mut samling = Samling::default();
    samling.valgfri("hvad", "Hvad skal prøves", &a.hvad, 1_000);
    if !(1..=PROEVETILSLUTNING_DAGE).contains(&a.dage) {
        let tekst = format!("En prøve kan vare fra 1 til {PROEVETILSLUTNING_DAGE} dage, i dag medregnet.");
        samling.tilfoej(Modulfejl::felt("dage", "G-223", tekst));
    }
    samling.slut()?;
    let uuid = app.new_uuid();
    skriv::politik(app, kald, rolle, |udkast| {
        (udkast.handling, udkast.slags) = ("begynd prøvetilslutning".into(), Loglinjeslags::Besluttet);
        let aftale = proeve(udkast, kald, uuid, a)?;
        let version = &aftale.versioner[0];
        let fejl = mangler(&udkast.data, &aftale, version, udkast.nu);
        if !fejl.is_empty() {
            return Err(Styringsfejl::Afvist(fejl.into_iter().map(om_proeven).collect()));
        }
        udkast.begrundelse = version.begrundelse.clone();
        udkast.data.aftaler.push(aftale);
        Ok(uuid)
    })
    .await
}

/// What is wrong with a request, as it is said of a trial: a certificate and a service are chosen by other fields here.
fn om_proeven(fejl: Modulfejl) -> Modulfejl {
    let felt = match fejl.felt {
        Some("services" | "parametre") => Some("service"),
        Some("myndigheder") => Some("myndighed"),
        Some("certifikat") => Some("system"),
        andet => andet,
    };
    let tekst = fejl.tekst.replacen("Anmodningen kan ikke sendes", "Prøven kan ikke begynde", 1);
    Modulfejl { felt, tekst, ..fejl }
}

/// The agreement, when it may be begun.
fn proeve(udkast: &Udkast, kald: &Kald, uuid: Uuid, a: &Proeveanmodning) -> Result<Serviceaftale, Modulfejl> {
    let (data, nu) = (&udkast.data, udkast.nu);
    let system = eget_system_til(data, kald, Emne::Proevetilslutning, a.system)?;
    if !kan_proeve(system, nu) {
        let tekst = "Systemet kan ikke prøves. Vælg et, der kalder services og er åbent.";
        return Err(Modulfejl::felt("system", "G-221", tekst));
    }
    let service = data.services.iter().find(|s| s.uuid == a.service && s.kan_proeves());
    let service = service.ok_or_else(|| {
        let tekst = "Servicen kan ikke prøves: kun services, der læser i installationens egne registre, kan. \
                     Vælg en anden, eller anmod om en serviceaftale.";
        Modulfejl::felt("service", "G-221", tekst)
    })?;
    let myndighed = data.parter.iter().find(|p| p.cvr == a.myndighed && p.kan_proeves());
    let myndighed = myndighed.ok_or_else(|| {
        let tekst = "Der prøves kun hos en myndighed med opdigtede data. Skal andre data nås, så anmod om en \
                     serviceaftale; mangler der en myndighed med testdata, så kontakt driftsoperatøren.";
        Modulfejl::felt("myndighed", "G-221", tekst)
    })?;
    let samme = |p: &&Serviceaftale| {
        p.proevetilslutning
            && p.system == system.uuid
            && p.myndigheder().any(|cvr| cvr == myndighed.cvr)
            && p.versioner.iter().flat_map(|v| &v.services).any(|s| s.service == service.uuid)
            && loeber(p, nu)
    };
    // What an authority has stopped, no supplier starts again, by way of another service either.
    let spaerret = |p: &Serviceaftale| {
        let stoppet = |part: &Aftalepart| part.myndighed == myndighed.cvr && part.spaerret_af.is_some();
        let af_andre = |part: &Aftalepart| part.spaerret_af != Some(kald.part());
        let i_dagene = |v: &&Aftaleversion| nu < v.gyldig.to;
        p.proevetilslutning
            && p.system == system.uuid
            && p.versioner
                .iter()
                .filter(i_dagene)
                .flat_map(|v| &v.myndigheder)
                .any(|m| stoppet(m) && af_andre(m))
    };
    if data.aftaler.iter().any(spaerret) {
        let tekst = format!(
            "En prøve af {} hos {} er spærret. Kontakt den, der spærrede, eller vent, til dens dage er gået.",
            system.navn, myndighed.navn
        );
        return Err(Modulfejl::felt("system", "G-221", tekst));
    }
    if let Some(har) = data.aftaler.iter().find(samme) {
        let tekst = format!(
            "{} prøver allerede {} ({}). Brug den, eller afslut den først.",
            system.navn,
            service.navn,
            har.nummer.as_deref().unwrap_or_default()
        );
        return Err(Modulfejl::felt("service", "G-204", tekst));
    }
    if i_gang(data, kald.part(), nu) >= PROEVETILSLUTNINGER_MAX {
        let tekst = format!(
            "I har {PROEVETILSLUTNINGER_MAX} prøver i gang, og flere kan der ikke være ad gangen. Afslut en, eller vent, \
             til en slutter."
        );
        return Err(Modulfejl::felt("system", "G-222", tekst));
    }
    let mut part = Aftalepart::ny(myndighed.cvr, Aftaletilstand::Kladde);
    for haendelse in [Aftalehaendelse::Send, Aftalehaendelse::Godkend] {
        part.tilstand = overgang(part.tilstand, haendelse).map_err(super::tilstand)?;
    }
    (part.anmodet, part.anmodet_af) = (Some(nu), Some(kald.aktoer.bruger.to_string()));
    let hvad = a.hvad.trim();
    let hvad = if hvad.is_empty() { String::new() } else { format!(" Det prøves: {hvad}") };
    let kontakt = Some(&system.oplysninger.email).filter(|e| !e.is_empty());
    let version = Aftaleversion {
        nummer: 1,
        begrundelse: format!("Systemet prøves på opdigtede data, før der anmodes om en serviceaftale.{hvad}"),
        genbekraeftes: None,
        gyldig: Period { from: nu, to: slut(nu, a.dage) },
        myndigheder: vec![part],
        services: vec![Aftaleservice {
            service: service.uuid,
            id: None,
            udstedt_kontekst: None,
            roller: service.proeveroller().iter().map(|r| r.uri.clone()).collect(),
            parametre: std::collections::BTreeMap::new(),
        }],
        formaal: Aftaleformaal {
            aftaletype: Aftaletype::UdenVideregivelse,
            formaal: "Prøve af tilslutningen på opdigtede data".into(),
            hjemmel: OPDIGTET.into(),
            databehandleraftale: OPDIGTET.into(),
            driftskontakt: kontakt.unwrap_or(&kald.aktoer.navn).clone(),
            vilkaar_accepteret_af: a.vilkaar.then(|| kald.aktoer.navn.clone()),
            ..Aftaleformaal::default()
        },
    };
    Ok(Serviceaftale {
        uuid,
        navn: format!("Prøve: {}", service.navn),
        nummer: Some(nummer_som("PT", data, nu)),
        system: system.uuid,
        provisioneret: false,
        proevetilslutning: true,
        versioner: vec![version],
        standardgodkendelser: Vec::new(),
    })
}

/// When a trial of so many days ends: as the day after its last one begins.
fn slut(nu: Instant, dage: i64) -> Instant {
    i_dag(Instant::from_micros(i_dag(nu).micros() + dage * skriv::DAG + MIDDAG))
}

/// G-224: what is tried ends, and becomes nothing else.
pub(super) fn ikke_proeve(aftale: &Serviceaftale) -> Result<(), Modulfejl> {
    if !aftale.proevetilslutning {
        return Ok(());
    }
    let tekst = "Det er en prøve. Den kan ikke ændres, kopieres, forlænges eller gøres til en serviceaftale; \
                 leverandøren kan anmode om en serviceaftale for sig.";
    Err(Modulfejl::ny("G-224", tekst))
}
