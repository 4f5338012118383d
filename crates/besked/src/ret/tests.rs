use super::{Afsendelse, Afslag, FOELSOMHEDER, Grund, Kleled, Mangel, Modtagelse};
use crate::testing::{Besked, TYPE1, cvr};
use uuid::Uuid;

fn led(tekst: &str) -> Vec<Kleled> {
    Kleled::laes_liste(tekst).expect("a list of KLE")
}

#[test]
fn kle_in_delimitations() {
    for (liste, emne, daekker) in [
        ("*", "urn:oio:kle:32.24.04", true),
        ("*", "urn:oio:andet:1", true),
        ("32.*", "urn:oio:kle:32.24.04", true),
        ("32.*", "URN:oio:kle:32.24", true),
        ("32.*", "urn:oio:kle:32", false),
        ("32.24.*", "urn:oio:kle:32.24.04", true),
        ("32.24.*", "urn:oio:kle:32.25.04", false),
        ("32.24.04", "urn:oio:kle:32.24.04-G01", true),
        ("32.24.04", "urn:oio:kle:32.24.05", false),
        ("27.*, 32.24.04", "urn:oio:kle:32.24.04", true),
        ("32.*", "urn:oio:andet:32.24", false),
    ] {
        assert_eq!(led(liste).iter().any(|l| l.daekker(emne)), daekker, "{liste} over {emne}");
    }
    for forkert in ["", "32", "32.24", "32.24.04.*", "*.24", "32,", "3.*", "32.24.04-G01"] {
        assert!(Kleled::laes_liste(forkert).is_err(), "{forkert}");
    }
}

fn afsendelse() -> Afsendelse {
    Afsendelse {
        version: 2,
        beskedtyper: vec![TYPE1.parse().expect("a UUID")],
        foelsomheder: vec![FOELSOMHEDER[0]],
        kle: led("32.*,27.*"),
        tilladte: vec![cvr(33_333_333), cvr(11_111_111)],
    }
}

#[test]
fn sending() {
    let kuvert = Besked::default().kuvert();
    let mut a = afsendelse();
    assert_eq!(a.proev(&kuvert), Ok(vec![cvr(11_111_111)]), "the other is trimmed");
    a.version = 1;
    assert_eq!(a.proev(&kuvert), Err(Afslag::TilladtModtager));
    a.tilladte = vec![cvr(22_222_222), cvr(11_111_111)];
    assert_eq!(a.proev(&kuvert), Ok(vec![cvr(11_111_111), cvr(22_222_222)]));
    let ingen = Besked { tilladte: vec![], ..Besked::default() }.kuvert();
    assert_eq!(afsendelse().proev(&ingen), Ok(vec![cvr(11_111_111), cvr(33_333_333)]), "all are meant");
    let anden = Besked { tilladte: vec!["urn:oio:andet:1".into()], ..Besked::default() }.kuvert();
    assert_eq!(afsendelse().proev(&anden), Ok(vec![]), "accepted, and to nobody");
    let fejl = |ret: fn(&mut Afsendelse)| {
        let mut a = afsendelse();
        ret(&mut a);
        a.proev(&kuvert)
    };
    assert_eq!(fejl(|a| a.beskedtyper.clear()), Err(Afslag::Aftale(Mangel::Beskedtype)));
    assert_eq!(fejl(|a| a.foelsomheder = vec![FOELSOMHEDER[1]]), Err(Afslag::Aftale(Mangel::Foelsomhed)));
    assert_eq!(fejl(|a| a.kle = led("32.*")), Err(Afslag::Aftale(Mangel::Kle)), "every OpgaveEmne");
    assert_eq!(
        (Afslag::TilladtModtager.kode(), Afslag::TilladtModtager.tekst()),
        (43, "Tilladt modtager uden for serviceaftalen")
    );
}

#[test]
fn receiving() {
    let m = Modtagelse {
        version: 2,
        myndighed: cvr(11_111_111),
        afsendere: vec![cvr(5)],
        beskedtyper: afsendelse().beskedtyper,
        foelsomheder: vec![FOELSOMHEDER[0]],
        kle: led("*"),
        aftale: Uuid::from_u128(1),
    };
    let besked = Besked::default();
    assert_eq!(m.proev(&besked.kuvert(), cvr(5)), Ok(()));
    assert_eq!(m.proev(&besked.kuvert(), cvr(6)), Err(Grund::Aftale(Mangel::Afsender)));
    let andre = Modtagelse { myndighed: cvr(9), ..m.clone() };
    assert_eq!(andre.proev(&besked.kuvert(), cvr(5)), Err(Grund::TilladtModtager));
    let uden = Besked { foelsomhed: None, registreringer: vec![], ..Besked::default() }.kuvert();
    assert_eq!(m.proev(&uden, cvr(5)), Err(Grund::Aftale(Mangel::Foelsomhed)), "none is the strictest");
    let alle = Modtagelse { foelsomheder: FOELSOMHEDER.into(), ..m };
    assert_eq!(alle.proev(&uden, cvr(5)), Ok(()));
    let kle = Modtagelse { kle: led("32.*,27.*"), ..alle };
    assert_eq!(kle.proev(&uden, cvr(5)), Err(Grund::Aftale(Mangel::Kle)), "no OpgaveEmne: only *");
}
