//! Answers: pages, order, what is shown, and what is hidden.

use super::*;

#[track_caller]
fn svar(xml: &str, ret: Option<&Laeseret>) -> Soegesvar {
    let Ok(Kald::Fremsoeg(f)) = Kald::laes_bytes(xml.as_bytes()) else { panic!("a search") };
    let (objekter, roller) = (&*OBJEKTER, Rolleliste::default());
    let verden = Verden::ny(objekter, &roller, tid(NU));
    Soegning::af(&verden, ret).svar(&f)
}

fn med(udtryk: &str, mere: &str) -> String {
    soeg(udtryk).replace("</sdi:SoegUdtryk></sdi:Frem", &format!("</sdi:SoegUdtryk>{mere}</sdi:Frem"))
}

fn afsnit(o: &Objekt) -> BTreeSet<&'static str> {
    o.registreringer[0].indhold.forekomster.iter().map(|f| f.afsnit.navn()).collect()
}

#[test]
fn pages_order_and_counts() {
    let side = |foerste: u32, retning: &str| {
        let s = sag_i(
            &format!(
                "<sd:FoersteResultatReference>{foerste}</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>1</sd:MaksimalAntalKvantitet>"
            ),
            "",
            "",
            "",
        );
        let sortering = format!(
            "<sdi:Sortering><sdi:SagSortering><sdi:Element>Titel</sdi:Element><sdi:Retning>{retning}</sdi:Retning><sdi:Prioritet>1</sdi:Prioritet></sdi:SagSortering></sdi:Sortering>"
        );
        let svar = svar(&med(&s, &sortering), None);
        assert_eq!((svar.retur.kode, svar.antal[0].antal, svar.antal[0].element), (20, 2, "sager"));
        svar.objekter
            .iter()
            .map(|o| {
                o.registreringer[0]
                    .indhold
                    .af("Egenskaber")
                    .next()
                    .and_then(|f| f.felt("Titel"))
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (side(0, "Stigende"), side(1, "Stigende")),
        (vec!["Byggesag på Ålekistevej".to_owned()], vec!["Kontanthjælp".to_owned()])
    );
    assert_eq!((side(0, "Faldende"), side(2, "Faldende")), (vec!["Kontanthjælp".to_owned()], vec![]));
    assert_eq!(svar(&soeg(&titel("intet")), None), Soegesvar::intet());
}

#[test]
fn a_filter_shows_what_it_names() {
    let filter = |f: &str| svar(&med(&titel("Kont*"), &format!("<sdi:Filter>{f}</sdi:Filter>")), None);
    let vis = |v: &str| format!("<sdi:SagVis><sdi:Vis>{v}</sdi:Vis></sdi:SagVis>");
    assert!(filter("").objekter.is_empty() && filter("").antal[0].antal == 1);
    let egenskaber = filter(&vis("egenskaber"));
    assert_eq!(afsnit(&egenskaber.objekter[0]), BTreeSet::from(["Egenskaber", "SagIndeksEgenskaber"]));
    let xml = crate::kald::skriv_soegesvar(Indeks::SagDokument, &egenskaber);
    assert!(xml.contains("<sag:TilstandListe/><sag:RelationListe/>"), "{xml}");
    let notat = |v: &str| crate::kald::skriv_soegesvar(Indeks::SagDokument, &filter(&vis(v)));
    assert!(notat("journalpost").contains("Telefonnotat") && !notat("journalpost").contains("Qm9yZ2Vy"));
    assert!(notat("journalpost-journalnote").contains("Qm9yZ2Vy"));
    let inkluderet = filter(&format!("{}<sdi:SagInkluder>journalpost</sdi:SagInkluder>", vis("journalpost")));
    assert_eq!(inkluderet.objekter.iter().map(|o| o.art).collect::<Vec<_>>(), [Art::Sag, Art::Dokument]);
    assert_eq!(inkluderet.antal.len(), 1, "what is included is not counted");
}

#[test]
fn what_is_hidden_is_not_there() {
    let ret = Laeseret {
        cvr: vec!["11111111".to_owned()],
        kle: vec![crate::synlighed::KleRet {
            emner: "27.*".to_owned(),
            hoejst: crate::synlighed::Foelsomhed::VipSager,
        }],
    };
    assert_eq!(svar(&soeg(&sag_i("", "", "", "")), Some(&ret)), Soegesvar::intet());
    assert_eq!(
        svar(&soeg(&format!("<sdi:NOT>{}</sdi:NOT>", titel("intet"))), Some(&ret)),
        Soegesvar::intet()
    );
}

#[test]
fn a_hidden_part_is_not_found_by() {
    let ydelse = "<bi:BevilgetYdelse><bi:Id>YD-2</bi:Id><bi:Ydelse><bi:Ydelsesnavn>Hemmelig</bi:Ydelsesnavn><bi:Klassifikation><bi:BrugervendtNoegle>27.00.00</bi:BrugervendtNoegle></bi:Klassifikation></bi:Ydelse></bi:BevilgetYdelse></bi:AttributListe>";
    let objekter = [objekt(Art::Bevilling, &hel(Art::Bevilling).replace("</bi:AttributListe>", ydelse))];
    let roller = Rolleliste::default();
    let verden = Verden::ny(&objekter, &roller, tid(NU));
    let xml = format!(
        "<yi:FremsoegYdelseIndeksInput{NS}><yi:SoegUdtryk><yi:SoegBevillingIndeks><bi:AttributListe><bi:BevilgetYdelse><bi:Ydelse><bi:Ydelsesnavn>hemmelig</bi:Ydelsesnavn></bi:Ydelse></bi:BevilgetYdelse></bi:AttributListe><bi:TilstandListe/><bi:RelationListe/></yi:SoegBevillingIndeks></yi:SoegUdtryk></yi:FremsoegYdelseIndeksInput>"
    );
    let Ok(Kald::Fremsoeg(f)) = Kald::laes_bytes(xml.as_bytes()) else { panic!("a search") };
    let ret = |emner: &str| Laeseret {
        cvr: vec!["11111111".to_owned()],
        kle: vec![crate::synlighed::KleRet {
            emner: emner.to_owned(),
            hoejst: crate::synlighed::Foelsomhed::VipSager,
        }],
    };
    let (alt, noget) = (ret("*"), ret("32.*"));
    let kode = |ret| Soegning::af(&verden, Some(ret)).svar(&f).retur.kode;
    assert_eq!((kode(&alt), kode(&noget)), (20, 44));
    assert!(noget.ser(&verden, &objekter[0]), "the grant itself is seen");
}

#[test]
fn the_registreringer_asked_about_are_shown() {
    let xml = hel(Art::Sag);
    let aeldre = xml.replace("2025-03-03T10:00:00.000", "2025-03-01T10:00:00.000");
    let objekter = [nr(Art::Sag, &format!("{aeldre}{xml}"), 1)];
    let roller = Rolleliste::default();
    let verden = Verden::ny(&objekter, &roller, tid(NU));
    let vist = |foer: &str| {
        let Ok(Kald::Fremsoeg(f)) = Kald::laes_bytes(soeg(&sag_i(foer, "", "", "")).as_bytes()) else {
            panic!("a search")
        };
        let svar = Soegning::af(&verden, None).svar(&f);
        svar.objekter[0]
            .registreringer
            .iter()
            .filter_map(|r| r.tidspunkt.as_ref())
            .map(|t| t.tekst()[..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(vist(""), ["2025-03-03"]);
    let reg = |fra: &str, til: &str| {
        format!(
            "<sd:SoegRegistrering>{}{}</sd:SoegRegistrering>",
            tidspunkt("sd:FraTidspunkt", fra),
            tidspunkt("sd:TilTidspunkt", til)
        )
    };
    assert_eq!(vist(&reg("2025-03-01T00:00:00", "2025-03-02T00:00:00")), ["2025-03-01"]);
    assert_eq!(vist(&reg("2025-03-01T00:00:00", "2025-03-09T00:00:00")), ["2025-03-01", "2025-03-03"]);
}
