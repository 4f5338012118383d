//! What must hold of dueslag, subscriptions and the limits of the distributor's agreements.

use super::Kontrol;
use crate::dueslag::{Leveringsmaade, OPBEVARING_DAGE_MAX};
use crate::part::Partsart;
use crate::service::Parametertype;
use crate::system::Miljoe;
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Kontrol<'_> {
    pub(super) fn dueslag(&mut self) {
        let data = self.data;
        for dueslag in &data.dueslag {
            let system = self.systemer.get(&dueslag.system).copied();
            if system.is_none() {
                self.fejl(dueslag, "system", format!("it-systemet {} findes ikke", dueslag.system));
            }
            if let Some(cvr) = dueslag.myndighed.filter(|cvr| !self.har(*cvr, Partsart::Myndighed)) {
                self.fejl(dueslag, "myndighed", format!("{cvr} er ikke en kendt myndighed"));
            }
            if dueslag.opbevaring_dage.is_some_and(|dage| !(1..=OPBEVARING_DAGE_MAX).contains(&dage)) {
                let fejl = format!("beskeder opbevares fra 1 til {OPBEVARING_DAGE_MAX} dage");
                self.fejl(dueslag, "opbevaring_dage", fejl);
            }
            let produktion = system.is_some_and(|s| s.miljoe == Miljoe::Produktion);
            match (dueslag.maade, dueslag.url.as_deref()) {
                (Leveringsmaade::Pull, None) => {}
                (Leveringsmaade::Pull, Some(_)) => {
                    self.fejl(dueslag, "url", "kun et PUSH-dueslag har en url; udelad den");
                }
                (Leveringsmaade::Push, None) => {
                    self.fejl(dueslag, "url", "et PUSH-dueslag skal have modtagerens url");
                }
                (Leveringsmaade::Push, Some(url)) => {
                    if let Some(fejl) = url_fejl(url, produktion) {
                        self.fejl(dueslag, "url", fejl);
                    }
                }
            }
        }
    }

    pub(super) fn abonnementer(&mut self) {
        let data = self.data;
        let dueslag: BTreeSet<Uuid> = data.dueslag.iter().map(|d| d.uuid).collect();
        for abonnement in &data.abonnementer {
            if !dueslag.contains(&abonnement.dueslag) {
                self.fejl(abonnement, "dueslag", format!("dueslaget {} findes ikke", abonnement.dueslag));
            }
            if abonnement.beskedtyper.is_empty() {
                self.fejl(abonnement, "beskedtyper", "vælg mindst én beskedtype");
            }
            let unikke: BTreeSet<&Uuid> = abonnement.beskedtyper.iter().collect();
            if unikke.len() < abonnement.beskedtyper.len() {
                self.fejl(abonnement, "beskedtyper", "samme beskedtype står to gange");
            }
            if let Err(fejl) = besked::Filter::laes(&abonnement.filter) {
                self.fejl(abonnement, "filter", fejl.to_string());
            }
        }
    }
}

/// What is wrong with a receiver's address. Plain HTTP is for tests.
fn url_fejl(url: &str, produktion: bool) -> Option<String> {
    let Some((skema, rest)) = url.split_once("://") else {
        return Some("skriv en url, der begynder med https://".into());
    };
    let vaert = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !(skema == "https" || skema == "http") || vaert.is_empty() || url.contains(char::is_whitespace) {
        return Some("skriv en url, der begynder med https://".into());
    }
    if vaert.contains('@') {
        return Some("urlen må ikke indeholde brugernavn eller adgangskode".into());
    }
    (produktion && skema == "http").then(|| "urlen skal begynde med https:// i produktion".into())
}

/// Whether a type of limit is one of the distributor's, whose values have a form.
pub(super) fn kendt(typ: &Parametertype) -> bool {
    typ.uri.contains("/constraints/beskedfordeler/")
}

/// Whether one value of such a limit has its form.
pub(super) fn gyldig(typ: &Parametertype, vaerdi: &str) -> bool {
    match typ.navn.as_str() {
        "Beskedtype" | "Foelsomhed" => Uuid::try_parse(vaerdi).is_ok(),
        "KommunaltForvaltningsomraade" => kle(vaerdi),
        "TilladteMyndigheder" | "AfsendendeMyndighed" => vaerdi.parse::<Cvr>().is_ok(),
        _ => !vaerdi.is_empty(),
    }
}

/// `*`, `32.*`, `32.24.*` or `32.24.04`.
pub(super) fn kle(vaerdi: &str) -> bool {
    let cifre = |led: &str| led.len() == 2 && led.bytes().all(|b| b.is_ascii_digit());
    let led: Vec<&str> = vaerdi.split('.').collect();
    match led.as_slice() {
        ["*"] => true,
        [a, "*"] => cifre(a),
        [a, b, "*"] => cifre(a) && cifre(b),
        [a, b, c] => cifre(a) && cifre(b) && cifre(c),
        _ => false,
    }
}
