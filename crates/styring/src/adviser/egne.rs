//! The installation's own certificates: who runs it is told before they expire.

use super::advis::{Advis, Adviseret};
use super::frister::{CERTIFIKAT, Tidsrum};
use super::tabel::Haendelse;
use crate::brugere::dato;
use administration::{Partsart, Politik};
use app::Egetcertifikat;
use uuid::Uuid;

/// What is to be told of them in a span of time. Each is told from others by its print, so that several servers with the same
/// one tell once.
pub(super) fn forfaldne(politik: &Politik, egne: &[Egetcertifikat], rum: Tidsrum) -> Vec<Advis> {
    let operatoerer = || politik.data().parter.iter().filter(|p| p.er(Partsart::Operatoer));
    let mut ud = Vec::new();
    for c in egne {
        let Some(frist) = rum.foer(c.udloeber, &CERTIFIKAT) else { continue };
        let felter = [("dage", frist.ord()), ("dato", dato(c.udloeber)), ("raad", c.raad.clone())];
        let felter: Vec<(&str, &str)> = felter.iter().map(|(n, v)| (*n, v.as_str())).collect();
        for part in operatoerer() {
            let objekt = Adviseret::ny("installation", Uuid::nil(), &c.hvad);
            let noegle = format!("{}:{}:{}", c.hvad, c.aftryk, frist.naaet);
            ud.push(Advis::om(Haendelse::EgetCertifikat, part.cvr, objekt, &felter, rum.til(), &noegle));
        }
    }
    ud
}
