//! What an answer of an Identity Provider is judged by: everything that would be asked of a login, as far as the registers can.

use super::attributter::{CVR, NIST, NSIS, ROLLER, SPEC, kort};
use super::{Tjek, Tjekudfald};
use crate::foederation::Foederationsvisning;
use administration::{Foederationsaftale, ItSystem, Modulfejl, Nsisniveau, f302};
use app::App;
use bitemporal::Instant;
use identity::bpp::{self, Laest};
use identity::saml::{Loginsvar, SamlFejl, Underskrevet};
use identity::tid;
use oio::{Cvr, logtekst};
use std::collections::BTreeSet;
use std::time::Duration;

/// By how much clocks may differ (§2.5: an answer of an Identity Provider).
const SKAEVHED: Duration = Duration::from_secs(3 * 60);
const X509_SUBJECT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName";

/// What was found.
pub(super) struct Doemt {
    pub tjek: Vec<Tjek>,
    pub underskrevet: bool,
    /// Whether it is in the newer profile.
    pub oio3: bool,
    pub privilegier: Option<Laest>,
}

#[derive(Default)]
struct Liste(Vec<Tjek>);

impl Liste {
    fn god(&mut self, navn: &'static str, tekst: impl Into<String>) {
        self.0.push(Tjek { navn, udfald: Tjekudfald::God, kode: None, tekst: tekst.into() });
    }

    fn fejl(&mut self, navn: &'static str, kode: Option<&'static str>, tekst: impl Into<String>) {
        self.0.push(Tjek { navn, udfald: Tjekudfald::Fejl, kode, tekst: tekst.into() });
    }
}

/// Judges an answer.
pub(super) fn doem(
    app: &App,
    v: &Foederationsvisning<'_>,
    (system, idp): (&ItSystem, &ItSystem),
    s: &Loginsvar,
) -> Doemt {
    let (mut l, nu) = (Liste::default(), app.now());
    signatur(&mut l, s, idp, nu);
    let underskrevet = matches!(s.underskrevet, Underskrevet::Ja(_));
    udsteder(&mut l, s, idp);
    if let Some(status) = s.status.as_deref().filter(|st| !st.starts_with("Success")) {
        l.fejl("Status", None, format!("Identity Provideren afviste loginet: {}.", logtekst(status)));
    }
    modtager(&mut l, s, &app.config().sts_entity_id());
    gyldighed(&mut l, s, nu);
    person(&mut l, s);
    cvr(&mut l, s, v.aftale.myndighed);
    niveau(&mut l, s, v.aftale.kraevet(Some(system)), idp);
    attributter(&mut l, s, v.aftale);
    let privilegier = roller(&mut l, s);
    l.0.push(Tjek {
        navn: "Svarets adresse og genbrug",
        udfald: Tjekudfald::Ikke,
        kode: None,
        tekst: "Recipient, InResponseTo og om billetten er brugt før, kan ikke prøves: login til fagsystemer går \
                endnu ikke gennem Fundament."
            .into(),
    });
    let oio3 = SPEC.get(1).is_some_and(|n| !s.vaerdier(n).is_empty());
    Doemt { tjek: l.0, underskrevet, oio3, privilegier }
}

fn signatur(l: &mut Liste, s: &Loginsvar, idp: &ItSystem, nu: Instant) {
    let navn = "Signatur";
    match &s.underskrevet {
        Underskrevet::Ja(c) if c.gyldig().to <= nu => {
            let Modulfejl { kode, tekst, .. } = f302(c.gyldig().to);
            l.fejl(navn, Some(kode), format!("{tekst} Registrér metadata med et nyt certifikat."));
        }
        Underskrevet::Ja(c) => l.god(
            navn,
            format!("Billetten er underskrevet med et registreret certifikat: {}.", logtekst(c.emne())),
        ),
        Underskrevet::Nej => {
            l.fejl(navn, None, "Billetten er ikke underskrevet. Slå signering af assertion til i jeres Identity Provider.");
        }
        Underskrevet::Forkert(SamlFejl::FremmedCertifikat) => l.fejl(
            navn,
            None,
            format!(
                "Billetten er underskrevet med et certifikat, der ikke er registreret for {}. Brug Hent metadata på \
                 dens side.",
                idp.navn
            ),
        ),
        Underskrevet::Forkert(fejl) => {
            l.fejl(navn, None, format!("Signaturen holder ikke: {fejl}. Indsæt billetten, præcis som den blev sendt."));
        }
    }
}

fn udsteder(l: &mut Liste, s: &Loginsvar, idp: &ItSystem) {
    let ventet = idp.metadata.as_ref().map_or("", |m| m.entity_id.as_str());
    let forkert = [Some(&s.udsteder), s.svarudsteder.as_ref()].into_iter().flatten().find(|u| *u != ventet);
    match forkert {
        None => l.god("Udsteder", format!("Issuer er den registrerede: {ventet}.")),
        Some(anden) => l.fejl(
            "Udsteder",
            None,
            format!("Issuer er {}, men {} er registreret som {ventet}.", kort(anden), idp.navn),
        ),
    }
}

fn modtager(l: &mut Liste, s: &Loginsvar, os: &str) {
    let ens = |a: &String| a.trim_end_matches('/') == os.trim_end_matches('/');
    if s.audiences.iter().any(ens) {
        return l.god("Modtager", format!("Audience er {os}."));
    }
    let er = if s.audiences.is_empty() { "ingen".to_owned() } else { kort(&s.audiences.join(", ")) };
    let tekst = format!(
        "Audience er {er}; den skal være {os}. Ret den relying party, jeres Identity Provider bruger."
    );
    l.fejl("Modtager", None, tekst);
}

fn gyldighed(l: &mut Liste, s: &Loginsvar, nu: Instant) {
    let navn = "Gyldighed";
    let vist = |t: Instant| tid::skriv(t);
    match s.gyldig {
        (_, None) => l.fejl(navn, None, "Billetten siger ikke, hvornår den udløber (NotOnOrAfter)."),
        (Some(fra), _) if nu < tid::minus(fra, SKAEVHED) => {
            l.fejl(navn, None, format!("Billetten gælder først fra {}. Er urene stillet?", vist(fra)));
        }
        (_, Some(til)) if nu >= tid::plus(til, SKAEVHED) => {
            l.fejl(
                navn,
                None,
                format!("Billetten udløb {}. Log ind igen, og indsæt den med det samme.", vist(til)),
            );
        }
        (_, Some(til)) => l.god(navn, format!("Billetten gælder til {}.", vist(til))),
    }
    if s.baerere != 1 {
        let tekst = format!("Der er {} SubjectConfirmation med bearer; der skal være netop én.", s.baerere);
        l.fejl(navn, None, tekst);
    }
}

/// A part of a name such as `C=DK,O=11223344,CN=…,Serial=…`; blanks do not matter, nor how the key is written.
fn led<'n>(navn: &'n str, noegle: &str) -> Option<&'n str> {
    let dele = navn.split(',').filter_map(|d| d.split_once('='));
    dele.map(|(n, v)| (n.trim(), v.trim())).find(|(n, _)| n.eq_ignore_ascii_case(noegle)).map(|(_, v)| v)
}

fn person(l: &mut Liste, s: &Loginsvar) {
    let (navn, format) = &s.name_id;
    if format != X509_SUBJECT {
        let tekst = format!("NameID har formatet {}; det skal være X509SubjectName.", kort(format));
        return l.fejl("Person", None, tekst);
    }
    match led(navn, "Serial").filter(|v| !v.is_empty()) {
        Some(_) => l.god("Person", "NameID har et bruger-id (Serial)."),
        None => l.fejl(
            "Person",
            None,
            "NameID mangler Serial, brugerens id. Skriv den som C=DK,O=<CVR>,CN=<navn>,Serial=<id>.",
        ),
    }
}

fn cvr(l: &mut Liste, s: &Loginsvar, myndighed: Cvr) {
    let navn = "Myndighed";
    let fundne: BTreeSet<String> = CVR.iter().flat_map(|n| s.vaerdier(n)).collect();
    let ventet = myndighed.to_string();
    let organisation = led(&s.name_id.0, "O").filter(|_| s.name_id.1 == X509_SUBJECT);
    match (fundne.first(), fundne.len()) {
        // What is missing is said of the attributes.
        (None, _) => {}
        (Some(cvr), 1) if *cvr == ventet && organisation.is_none_or(|o| o == ventet) => {
            l.god(navn, format!("CVR-nummeret er myndighedens: {ventet}."));
        }
        (Some(cvr), 1) if *cvr == ventet => l.fejl(
            navn,
            None,
            format!(
                "O i NameID er {}, men attributten med CVR-nummer er {ventet}.",
                kort(organisation.unwrap_or_default())
            ),
        ),
        (Some(cvr), 1) => {
            l.fejl(navn, None, format!("CVR-nummeret er {}; aftalen er for {ventet}.", kort(cvr)))
        }
        _ => l.fejl(navn, None, "Der er flere forskellige CVR-numre i billetten."),
    }
}

/// A level by its name, short or as an address.
fn nsis(tekst: &str) -> Option<Nsisniveau> {
    match tekst.trim().rsplit('/').next()? {
        "Low" => Some(Nsisniveau::Lav),
        "Substantial" => Some(Nsisniveau::Betydelig),
        "High" => Some(Nsisniveau::Hoej),
        _ => None,
    }
}

/// The level of the older scale as one of this (§6.2).
fn nist(tekst: &str) -> Option<Nsisniveau> {
    match tekst.trim() {
        "1" | "2" => Some(Nsisniveau::Lav),
        "3" => Some(Nsisniveau::Betydelig),
        "4" => Some(Nsisniveau::Hoej),
        _ => None,
    }
}

/// The level that was reached: the lowest that is said; the older scale counts only when nothing else is.
fn opnaaet(s: &Loginsvar) -> Option<Nsisniveau> {
    let klasse = s.klasse.as_deref().filter(|k| k.contains("/nsis/loa/")).and_then(nsis);
    let sagt = s.vaerdier(NSIS).iter().filter_map(|v| nsis(v)).chain(klasse).min();
    sagt.or_else(|| s.vaerdier(NIST).iter().filter_map(|v| nist(v)).min())
}

fn niveau(l: &mut Liste, s: &Loginsvar, kraevet: Option<Nsisniveau>, idp: &ItSystem) {
    let navn = "NSIS-niveau";
    let loft = idp.nsis().map(|n| n.niveau);
    match opnaaet(s) {
        None => {
            if let Some(kraevet) = kraevet {
                l.fejl(
                    navn,
                    Some("F-301"),
                    format!("Systemet kræver NSIS {kraevet}; loginet har intet niveau."),
                );
            }
        }
        Some(niveau) if Some(niveau) > loft => {
            let som = loft.map_or("uden niveau", Nsisniveau::navn);
            let tekst = format!(
                "Loginet siger NSIS {niveau}, men {} er registreret som {som}. Sådan et login afvises.",
                idp.navn
            );
            l.fejl(navn, None, tekst);
        }
        Some(niveau) if kraevet > Some(niveau) => {
            let kraevet = kraevet.map_or("", Nsisniveau::navn);
            l.fejl(navn, Some("F-301"), format!("Systemet kræver NSIS {kraevet}; loginet er på {niveau}."));
        }
        Some(niveau) => l.god(navn, format!("Loginet er på NSIS {niveau}.")),
    }
}

fn attributter(l: &mut Liste, s: &Loginsvar, aftale: &Foederationsaftale) {
    let mut mangler: Vec<&str> = Vec::new();
    for navne in [SPEC, CVR, &[NIST, NSIS]] {
        if navne.iter().all(|n| s.vaerdier(n).is_empty()) {
            mangler.push(navne[0]);
        }
    }
    mangler.extend(aftale.attributter.iter().map(String::as_str).filter(|n| s.vaerdier(n).is_empty()));
    let set: BTreeSet<&str> = mangler.iter().copied().collect();
    for navn in &set {
        l.fejl("Attributter", Some("F-303"), format!("Login lykkedes, men billetten mangler {navn}."));
    }
    if set.is_empty() {
        l.god("Attributter", "Alle de attributter, aftalen og profilen kræver, er der.");
    }
}

/// Reads the roles.
fn roller(l: &mut Liste, s: &Loginsvar) -> Option<Laest> {
    let navn = "Roller";
    let fundne: BTreeSet<String> = ROLLER.iter().flat_map(|n| s.vaerdier(n)).collect();
    match (fundne.first(), fundne.len()) {
        (None, _) => {
            l.fejl(
                navn,
                Some("F-303"),
                format!("Login lykkedes, men billetten mangler {}, så brugeren får ingen roller.", ROLLER[0]),
            );
            None
        }
        (Some(en), 1) => match bpp::laes(en) {
            Ok(laest) => {
                l.god(navn, "Listen med roller kan læses.");
                Some(laest)
            }
            Err(fejl) => {
                l.fejl(navn, None, format!("Listen med roller kan ikke læses: {fejl}."));
                None
            }
        },
        _ => {
            l.fejl(navn, None, "Der er flere forskellige lister med roller i billetten.");
            None
        }
    }
}
