//! That no way leaves out what a search finds, and which way is thought to be the shortest.

use super::*;
use crate::kald::{Fremsoeg, Kald};
use crate::model::{Objekt, Tid};
use crate::noegler::Noegle;
use crate::soeg::Fundne;
use crate::testing::soeg;

/// Whether a way leads to an object.
fn naar(vej: &Vej, o: &Objekt, roller: &Rolleliste) -> bool {
    let i = |p: Period, t: Option<&Tid>| t.is_some_and(|t| p.contains(t.instant()));
    match vej {
        Vej::Alle => true,
        Vej::Navne(navne) => navne.contains(&o.uuid),
        Vej::Sts(p) => o.nyeste().is_some_and(|r| i(*p, r.sts_tidspunkt.as_ref())),
        Vej::Tidspunkt(p) => o.registreringer.iter().any(|r| i(*p, r.tidspunkt.as_ref())),
        Vej::Noegle(v) => {
            let passer = |n: Noegle, nyeste: bool| {
                let vaerdi = if v.begynder { n.vaerdi.starts_with(&v.vaerdi) } else { n.vaerdi == v.vaerdi };
                let (fra, til) = (Instant::from_micros(n.fra), Instant::from_micros(n.til));
                let periode = Period { from: fra, to: til };
                n.felt == v.felt && vaerdi && (v.tidligere || nyeste) && periode.overlaps(v.periode)
            };
            let sidste = o.registreringer.len() - 1;
            let noegler = |r| noegler::noegler(o.art, r, roller);
            let mut alle = o.registreringer.iter().enumerate();
            alle.any(|(nr, r)| noegler(r).into_iter().any(|n| passer(n, nr == sidste)))
        }
    }
}

/// Every way of a search leads to everything it finds.
#[track_caller]
pub(crate) fn alle_veje_foerer_frem(
    f: &Fremsoeg,
    fundne: &Fundne,
    objekter: &[Objekt],
    roller: &Rolleliste,
    nu: Instant,
) {
    let cvr = ["11111111".to_owned()];
    let ruter = ruter(&f.uuider, f.udtryk.as_ref(), Grundlag { roller, cvr: &cvr, nu });
    for o in objekter.iter().filter(|o| fundne.get(&o.art).is_some_and(|u| u.contains(&o.uuid))) {
        let af_art = ruter.get(&o.art).map(Vec::as_slice).unwrap_or_default();
        assert!(!af_art.is_empty(), "no way to {:?}", o.art);
        for rute in af_art {
            assert!(rute.veje.iter().any(|vej| naar(vej, o, roller)), "{rute:?} leaves out {:?}", o.art);
        }
    }
}

/// The rank of the first way to a kind of object.
fn korteste(xml: &str, art: Art) -> Rang {
    let Ok(Kald::Fremsoeg(f)) = Kald::laes_bytes(xml.as_bytes()) else { panic!("{xml}") };
    let (roller, cvr) = (Rolleliste::default(), ["11111111".to_owned()]);
    let g = Grundlag { roller: &roller, cvr: &cvr, nu: Instant::from_micros(0) };
    ruter(&f.uuider, f.udtryk.as_ref(), g)[&art][0].rang
}

fn sag(attributter: &str, relationer: &str) -> String {
    format!(
        "<sdi:SoegSag><sag:AttributListe>{attributter}</sag:AttributListe><sag:TilstandListe/><sag:RelationListe>{relationer}</sag:RelationListe></sdi:SoegSag>"
    )
}

const PART: &str = "<sag:Sagspart><gd:ReferenceID><sd:URNIdentifikator>urn:oio:cpr-nr:0101010000</sd:URNIdentifikator></gd:ReferenceID></sag:Sagspart>";

#[test]
fn the_shortest_way_is_first() {
    let egenskab = |navn: &str, tekst: &str| {
        format!("<sag:Egenskaber><sag:{navn}>{tekst}</sag:{navn}></sag:Egenskaber>")
    };
    let rang = |udtryk: &str| korteste(&soeg(udtryk), Art::Sag);
    assert_eq!(rang(&sag("", PART)), Rang::Part);
    assert_eq!(rang(&sag(&egenskab("Titel", "Kont*"), PART)), Rang::Part);
    assert_eq!(rang(&sag(&egenskab("Sagsnummer", "2025-0042"), "")), Rang::Nummer);
    assert_eq!(rang(&sag(&egenskab("Sagsnummer", "2025-*"), "")), Rang::Ord);
    assert_eq!(rang(&sag(&egenskab("Sagsnummer", "*-0042"), "")), Rang::Ejer);
    assert_eq!(rang(&sag(&egenskab("Titel", "*hjælp"), "")), Rang::Ejer);
    assert_eq!(rang(&sag(&egenskab("Titel", "*hjælp til børn"), "")), Rang::Ord);
    // Whoever is asked for in any role may be the owner, who has no key.
    let aktoer = "<sag:Sagsaktoer><gd:ReferenceID><sd:URNIdentifikator>urn:oio:cvr-nr:11111111</sd:URNIdentifikator></gd:ReferenceID></sag:Sagsaktoer>";
    assert_eq!(rang(&sag("", aktoer)), Rang::Ejer);
    assert_eq!(rang(&format!("{}<sdi:NOT>{}</sdi:NOT>", sag("", PART), sag("", ""))), Rang::Part);
    assert_eq!(rang(&format!("<sdi:NOT>{}</sdi:NOT>", sag("", PART))), Rang::Alle);
    let eller = format!("<sdi:operation>OR</sdi:operation>{}{}", sag("", PART), sag("", ""));
    assert_eq!(rang(&eller), Rang::Ejer);
}

#[test]
fn words_that_surely_begin_one() {
    for (moenster, ord) in [
        ("Ansøgning om hjælp", vec!["Ansøgning", "om", "hjælp"]),
        ("*søgning om hjælp", vec!["om", "hjælp"]),
        ("* om hj*lp til", vec!["om", "hj", "til"]),
        ("?", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(sikre_ord(moenster).collect::<Vec<_>>(), ord, "{moenster}");
    }
}
