//! What stands in a mail.

use crate::Kald;
use crate::adviser::advis::Advis;
use administration::{Miljoe, Politik};
use oio::Cvr;
use std::fmt::Write;
use store::{Advisrytme, NyAdvismail};

/// Notices that are listed; of more, only how many.
const LISTES: usize = 200;

/// Subject and text: a notice, or a list of what came since the last one, by party.
pub(super) fn skriv(
    politik: &Politik,
    miljoe: Miljoe,
    mail: &NyAdvismail,
    adviser: &[Advis],
    adresse: &str,
) -> (String, String) {
    let (emne, mut tekst) = match (mail.rytme, adviser) {
        (rytme, [et]) if rytme == Advisrytme::Straks || et.er_overblik() => {
            (et.emne.clone(), format!("{}\n\n{adresse}{}\n", et.tekst, et.objekt.sti()))
        }
        _ => samlet(politik, mail.rytme, adviser, adresse),
    };
    let hvor = if mail.postkasse {
        "Mailen er sendt til den fælles postkasse. I vælger selv, hvad den får:"
    } else {
        "Du vælger selv, hvilke adviser du får som mail, og hvornår:"
    };
    let side = if mail.postkasse { "postkasse" } else { "valg" };
    let _ = write!(tekst, "\n-- \n{hvor}\n{adresse}/admin/adviser/{side}\nMailen kan ikke besvares.\n");
    let emne = match miljoe {
        Miljoe::Produktion => emne,
        Miljoe::Test => format!("[TEST] {emne}"),
        Miljoe::Oevemiljoe => format!("[ØVEMILJØ] {emne}"),
    };
    (emne, tekst)
}

fn samlet(politik: &Politik, rytme: Advisrytme, adviser: &[Advis], adresse: &str) -> (String, String) {
    let hvad = if rytme == Advisrytme::Ugentligt { "Ugens overblik" } else { "Dagens adviser" };
    let antal = match adviser.len() {
        1 => "1 advis".to_owned(),
        n if n > LISTES => format!("mere end {LISTES} adviser"),
        n => format!("{n} adviser"),
    };
    let mut parter: Vec<Cvr> = adviser.iter().map(|a| a.part).collect();
    parter.sort_unstable();
    parter.dedup();
    let mut tekst = String::new();
    for part in parter {
        let _ = writeln!(tekst, "{}\n", Kald::partsnavn(politik, part));
        for a in adviser.iter().take(LISTES).filter(|a| a.part == part) {
            let tid = oio::tid::zoned(a.tid())
                .map_or_else(String::new, |z| z.strftime("%d-%m-%Y kl. %H.%M").to_string());
            let mere = if a.er_overblik() { format!("\n  {}", a.tekst) } else { String::new() };
            let _ = writeln!(tekst, "* {}{mere}\n  {tid} – {adresse}{}\n", a.emne, a.objekt.sti());
        }
    }
    let _ = writeln!(tekst, "Alle adviser: {adresse}/admin/adviser");
    (format!("{hvad}: {antal}"), tekst)
}

#[cfg(test)]
mod tests {
    use super::skriv;
    use crate::adviser::{Advis, Adviseret, Haendelse};
    use administration::{Miljoe, Part, Partsart, Politik, Politikdata};
    use bitemporal::Instant;
    use oio::Cvr;
    use store::{Advisrytme, NyAdvismail};
    use uuid::Uuid;

    fn mail(rytme: Advisrytme, postkasse: bool) -> NyAdvismail {
        let (id, modtager, part) = (Uuid::nil(), Uuid::nil(), Cvr::KOMBIT);
        NyAdvismail { id, modtager, postkasse, part, rytme, tid: Instant::from_micros(0) }
    }

    fn advis(part: Cvr, navn: &str) -> Advis {
        let objekt = Adviseret::ny("aftale", Uuid::from_u128(7), navn);
        let felter = [("hvem", "Matador Data"), ("part", "Korsbæk"), ("system", "KY")];
        Advis::om(
            Haendelse::AftaleAnmodet,
            part,
            objekt,
            &felter,
            Instant::from_micros(1_800_000_000_000_000),
            "1",
        )
    }

    #[test]
    fn one_notice_is_a_mail_with_a_link() {
        let politik = Politik::new(Politikdata::default());
        let et = [advis(Cvr::KOMBIT, "KY læser")];
        let straks = mail(Advisrytme::Straks, false);
        let (emne, tekst) = skriv(&politik, Miljoe::Test, &straks, &et, "https://k.example");
        assert_eq!(emne, "[TEST] Matador Data anmoder om serviceaftalen KY læser");
        assert!(
            tekst.contains(
                "\n\nhttps://k.example/admin/serviceaftaler/00000000-0000-0000-0000-000000000007\n"
            )
        );
        assert!(tekst.contains("https://k.example/admin/adviser/valg\n"), "{tekst}");
    }

    #[test]
    fn several_are_listed_by_party() {
        let naboen: Cvr = "11223344".parse().expect("a CVR number");
        let data = Politikdata {
            parter: vec![
                Part::ny(naboen, "Nabokøbing Kommune", Partsart::Myndighed),
                Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer),
            ],
            ..Politikdata::default()
        };
        let adviser = [advis(Cvr::KOMBIT, "A"), advis(naboen, "B"), advis(Cvr::KOMBIT, "C")];
        let ugens = mail(Advisrytme::Ugentligt, true);
        let (emne, tekst) =
            skriv(&Politik::new(data), Miljoe::Produktion, &ugens, &adviser, "https://k.example");
        assert_eq!(emne, "Ugens overblik: 3 adviser");
        let sted = |ord: &str| tekst.find(ord).unwrap_or_else(|| panic!("{ord} in {tekst}"));
        assert!(sted("Nabokøbing Kommune") < sted("serviceaftalen B"));
        assert!(
            sted("KOMBIT") < sted("serviceaftalen A") && sted("serviceaftalen A") < sted("serviceaftalen C")
        );
        assert!(tekst.contains("15-01-2027 kl. 09.00 – https://k.example/admin/serviceaftaler/"));
        assert!(tekst.contains("/admin/adviser/postkasse"));
    }
}
