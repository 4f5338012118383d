//! Every row of the table of who sees what, both ways.

use super::*;
use crate::model::Tid;
use crate::roller::Rolleliste;
use crate::testing::{BEVILLING, DOKUMENT, hel, objekt};

const NU: &str = "2025-04-01T12:00:00+02:00";

fn ret(cvr: &str, emner: &str, hoejst: Foelsomhed) -> Laeseret {
    Laeseret { cvr: vec![cvr.to_owned()], kle: vec![KleRet { emner: emner.to_owned(), hoejst }] }
}

/// Whether the first of these objects is seen.
fn ser(objekter: &[Objekt], ret: &Laeseret) -> bool {
    let roller = Rolleliste::default();
    let verden = Verden::ny(objekter, &roller, Tid::laes(NU).expect("a time").instant());
    ret.ser(&verden, &objekter[0])
}

use Foelsomhed::{
    FoelsommePersonoplysninger as F3, FortroligePersonoplysninger as F2, IkkeFortroligeData as F1,
};

fn alene(art: Art) -> Objekt {
    objekt(art, &hel(art))
}

#[test]
fn topics() {
    for (emner, nummer, daekker) in [
        ("*", "32.24.04", true),
        ("32.*", "32.24.04", true),
        ("32.24.*", "32.24.04", true),
        ("32.24.04", "32.24.04", true),
        ("32.24.04", "32.24.05", false),
        ("32.25.*", "32.24.04", false),
        ("3*", "32.24.04", false),
        ("", "32.24.04", false),
    ] {
        assert_eq!(
            KleRet { emner: emner.to_owned(), hoejst: F1 }.daekker(nummer),
            daekker,
            "{emner} {nummer}"
        );
    }
    assert!(F1 < F2 && F2 < F3 && Foelsomhed::laes("VIP_SAGER") == Some(Foelsomhed::VipSager));
}

#[test]
fn a_case_is_seen_by_owner_topic_and_level() {
    let sag = [alene(Art::Sag)];
    assert!(ser(&sag, &ret("11111111", "32.*", F2)));
    assert!(!ser(&sag, &ret("22222222", "32.*", F2)) && !ser(&sag, &ret("11111111", "33.*", F2)));
    assert!(!ser(&sag, &ret("11111111", "32.*", F1)));
    // A level counts within its own topics only.
    let mut to = ret("11111111", "32.*", F1);
    to.kle.push(KleRet { emner: "33.*".to_owned(), hoejst: F3 });
    assert!(!ser(&sag, &to));
    // Without a level, nobody sees it.
    let uden = hel(Art::Sag).replace("<si:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</si:Foelsomhed>", "");
    assert!(!ser(&[objekt(Art::Sag, &uden)], &ret("11111111", "*", Foelsomhed::VipSager)));
    // What no longer holds does not count.
    let flyttet = hel(Art::Sag).replacen(
        "<sd:GraenseIndikator>true</sd:GraenseIndikator>",
        "<sd:TidsstempelDatoTid>2025-03-01T00:00:00+01:00</sd:TidsstempelDatoTid>",
        9,
    );
    assert!(!ser(&[objekt(Art::Sag, &flyttet)], &ret("11111111", "*", F3)));
}

#[test]
fn a_document_is_seen_through_a_case_or_alone() {
    let dokument = alene(Art::Dokument);
    assert!(ser(std::slice::from_ref(&dokument), &ret("11111111", "32.24.04", F1)));
    assert!(!ser(std::slice::from_ref(&dokument), &ret("11111111", "33.*", F1)));
    let sag = |xml: &str| objekt(Art::Sag, xml);
    // The case is more sensitive than the document.
    let begge = [dokument.clone(), sag(&hel(Art::Sag))];
    assert!(!ser(&begge, &ret("11111111", "*", F1)) && ser(&begge, &ret("11111111", "*", F2)));
    // The document is more sensitive than the case.
    let foelsomt = objekt(
        Art::Dokument,
        &hel(Art::Dokument).replace("IKKE_FORTROLIGE_DATA", "FOELSOMME_PERSONOPLYSNINGER"),
    );
    let begge = [foelsomt, begge[1].clone()];
    assert!(!ser(&begge, &ret("11111111", "*", F2)) && ser(&begge, &ret("11111111", "*", F3)));
    // It is the case that counts, not the document's own class and owner; one visible case is enough.
    let anden = hel(Art::Sag).replace("32.24.04", "27.00.00");
    let mut anden = sag(&anden);
    anden.uuid = uuid::Uuid::from_u128(9);
    let tre = [dokument.clone(), anden.clone()];
    assert!(!ser(&tre, &ret("11111111", "32.*", F3)) && ser(&tre, &ret("11111111", "27.*", F3)));
    let fire = [dokument, anden, sag(&hel(Art::Sag))];
    assert!(ser(&fire, &ret("11111111", "32.*", F2)) && fire[0].uuid.to_string() == DOKUMENT);
}

#[test]
fn a_grant_and_a_payment_are_seen_together() {
    let (b, e) = (alene(Art::Bevilling), alene(Art::Effektuering));
    let god = ret("11111111", "32.24.*", F2);
    assert!(ser(std::slice::from_ref(&b), &god) && !ser(std::slice::from_ref(&e), &god));
    assert!(ser(&[b.clone(), e.clone()], &god) && ser(&[e.clone(), b.clone()], &god));
    for daarlig in [ret("11111111", "32.24.*", F1), ret("22222222", "*", F3), ret("11111111", "27.*", F3)] {
        assert!(!ser(&[b.clone(), e.clone()], &daarlig) && !ser(&[e.clone(), b.clone()], &daarlig));
    }
    // One of them within the topics is not enough.
    let anden_e = objekt(Art::Effektuering, &hel(Art::Effektuering).replace("32.24.04", "27.00.00"));
    let begge = ret("11111111", "*", F2);
    assert!(!ser(&[b.clone(), anden_e.clone()], &god) && ser(&[b.clone(), anden_e], &begge));
    let anden_b = objekt(Art::Bevilling, &hel(Art::Bevilling).replace("32.24.04", "27.00.00"));
    assert!(!ser(&[e.clone(), anden_b.clone()], &god) && ser(&[e, anden_b], &begge));
}

#[test]
fn what_lies_outside_the_topics_is_not_shown() {
    let ydelse = "<bi:BevilgetYdelse><bi:Id>YD-2</bi:Id><bi:Ydelse><bi:Klassifikation><bi:BrugervendtNoegle>27.00.00</bi:BrugervendtNoegle></bi:Klassifikation></bi:Ydelse></bi:BevilgetYdelse></bi:AttributListe>";
    let objekter = [
        objekt(Art::Bevilling, &hel(Art::Bevilling).replace("</bi:AttributListe>", ydelse)),
        alene(Art::Effektuering),
    ];
    let roller = Rolleliste::default();
    let verden = Verden::ny(&objekter, &roller, Tid::laes(NU).expect("a time").instant());
    let vist = |ret: &Laeseret, o: &Objekt| {
        o.registreringer[0]
            .indhold
            .forekomster
            .iter()
            .filter(|f| ret.viser(&verden, objekter.iter().find(|x| x.uuid == o.uuid).expect("there"), f))
            .count()
    };
    let alle = objekter[0].registreringer[0].indhold.forekomster.len();
    assert_eq!(vist(&ret("11111111", "*", F2), &objekter[0]), alle);
    assert_eq!(vist(&ret("11111111", "32.*", F2), &objekter[0]), alle - 1);
    let dele = objekter[1].registreringer[0].indhold.forekomster.len();
    assert_eq!(vist(&ret("11111111", "32.*", F2), &objekter[1]), dele);
    assert_eq!(vist(&ret("11111111", "27.*", F2), &objekter[1]), dele - 1);
    assert_eq!(objekter[0].uuid.to_string(), BEVILLING);
}
