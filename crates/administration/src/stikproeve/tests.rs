use super::*;

fn proeve(nr: u32, bruger: Option<Uuid>) -> Proeve {
    Proeve {
        nr,
        tid: i64::from(nr),
        hvem: "Mads Skjern".into(),
        bruger,
        hvad: "læste".into(),
        kilde: format!("loggen nr. {nr}"),
        foelsom: false,
        svar: None,
    }
}

fn stikproeve(proever: Vec<Proeve>) -> Stikproeve {
    Stikproeve {
        uuid: Uuid::from_u128(1),
        part: "11111111".parse().expect("a CVR"),
        navn: "Første halvår".into(),
        periode: (0, 100),
        laesere: Laesere::Alle,
        grundlag: (10, 2),
        udtrukket_af: (Uuid::from_u128(2), "Laura".into()),
        udtrukket: 100,
        frist: 200,
        proever,
        slut: None,
    }
}

fn svar(svar: Arbejdsbetinget) -> Proevesvar {
    Proevesvar {
        svar,
        spurgt: "Maude Varnæs".into(),
        bemaerkning: String::new(),
        noteret_af: (Uuid::from_u128(2), "Laura".into()),
        tid: 150,
    }
}

fn slut(tid: i64) -> Stikproeveslut {
    Stikproeveslut { konklusion: "Intet at bemærke.".into(), af: (Uuid::from_u128(2), "Laura".into()), tid }
}

#[test]
fn is_answered_corrected_and_ended_and_then_final() {
    let mut s = stikproeve(vec![proeve(1, None), proeve(2, None)]);
    assert_eq!(s.besvar(3, svar(Arbejdsbetinget::Ja)).unwrap_err().kode, "A-404");
    let uden = Proevesvar { spurgt: "  ".into(), ..svar(Arbejdsbetinget::Ja) };
    assert_eq!(s.besvar(1, uden).unwrap_err().kode, "A-006");
    s.besvar(1, svar(Arbejdsbetinget::Ja)).expect("answered");
    s.besvar(1, svar(Arbejdsbetinget::Nej)).expect("corrected");
    assert_eq!((s.antal(Some(Arbejdsbetinget::Nej)), s.antal(None)), (1, 1));
    assert_eq!(s.afslut(slut(199)).unwrap_err().kode, "T-103");
    let uden = Stikproeveslut { konklusion: String::new(), ..slut(200) };
    assert_eq!(s.afslut(uden).unwrap_err().kode, "A-006");
    assert_eq!(s.tilstand(Instant::from_micros(199)), Stikproevetilstand::Aaben);
    assert_eq!(s.tilstand(Instant::from_micros(200)), Stikproevetilstand::Overskredet);
    s.afslut(slut(200)).expect("the time for answers is over");
    assert_eq!(s.tilstand(Instant::from_micros(201)), Stikproevetilstand::Afsluttet);
    assert_eq!(s.besvar(2, svar(Arbejdsbetinget::Ja)).unwrap_err().kode, "T-101");
    assert_eq!(s.afslut(slut(300)).unwrap_err().kode, "T-101");
}

#[test]
fn nobody_answers_for_himself() {
    let mut s = stikproeve(vec![proeve(1, Some(Uuid::from_u128(2)))]);
    assert_eq!(s.besvar(1, svar(Arbejdsbetinget::Ja)).unwrap_err().kode, "T-102");
    assert_eq!(s.antal(None), 1);
}

/// Numbers that look random and are the same every time.
fn tilfaeldig(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[test]
fn draws_what_is_asked_for_and_no_more_than_there_is() {
    let mut lod = Lodtraekning::ny(5);
    (0..3).for_each(|n| lod.laeg(n, 1, tilfaeldig(n)));
    assert_eq!((lod.set(), lod.slut()), (3, vec![0, 1, 2]));
    let mut lod = Lodtraekning::ny(5);
    (0..1_000).for_each(|n| lod.laeg(n, 1, tilfaeldig(n)));
    assert_eq!(lod.set(), 1_000);
    let valgte = lod.slut();
    assert_eq!(valgte.len(), 5);
    assert!(valgte.is_sorted());
}

#[test]
fn a_heavy_one_is_drawn_as_much_more_often_as_its_weight_says() {
    let (mut tunge, mut lette) = (0_u32, 0_u32);
    for runde in 0..4_000_u64 {
        let mut lod = Lodtraekning::ny(1);
        for n in 0..20_u64 {
            let vaegt = if n == 0 { FOELSOM_VAEGT } else { 1 };
            lod.laeg(n, vaegt, tilfaeldig(runde * 20 + n));
        }
        match lod.slut().first() {
            Some(0) => tunge += 1,
            Some(7) => lette += 1,
            _ => {}
        }
    }
    // 3 in 22, and 1 in 22, of 4,000: 545 and 182.
    assert!((480..=610).contains(&tunge), "{tunge}");
    assert!((140..=225).contains(&lette), "{lette}");
}
