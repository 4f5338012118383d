use super::*;

fn vaegt(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("not zero")
}

fn udskrift(dele: Vec<Del>) -> Udskrift {
    Udskrift {
        titel: "Stikprøve 2026-1".into(),
        udsteder: "Korsbæk Kommune".into(),
        sidefod: "Korsbæk Kommune".into(),
        oprettet: "2026-06-30T12:00:00+02:00[Europe/Copenhagen]".parse().expect("a time"),
        dele,
    }
}

fn tabel(raekker: Vec<Vec<String>>) -> Del {
    Del::Tabel(Tabel { kolonner: vec![("Hvem".into(), vaegt(1)), ("Hvad".into(), vaegt(3))], raekker })
}

/// The text of each page as another library reads it, with spaces made alike.
fn sider(pdf: &[u8]) -> Vec<String> {
    let pdf = lopdf::Document::load_mem(pdf).expect("a PDF");
    let sider = pdf.get_pages();
    let tekst = sider.keys().map(|nr| pdf.extract_text(&[*nr]).expect("text"));
    tekst.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn says_what_it_was_given_in_danish() {
    let felter = vec![("Periode".to_owned(), "01-01-2026 – 30-06-2026".to_owned())];
    let pdf = udskrift(vec![
        Del::Overskrift("Æblegrød på øen".into()),
        Del::Afsnit("Blåbærsyltetøj".into()),
        Del::Felter(felter),
        tabel(vec![vec!["Mads Skjern".into(), "læste en bruger".into()]]),
    ])
    .pdf()
    .expect("a document");
    let sider = sider(&pdf);
    assert_eq!(sider.len(), 1);
    for ventet in [
        "Korsbæk Kommune",
        "Stikprøve 2026-1",
        "Æblegrød på øen",
        "Blåbærsyltetøj",
        "30-06-2026",
        "Mads Skjern",
        "læste en bruger",
        "Side 1 af 1",
    ] {
        assert!(sider[0].contains(ventet), "{ventet} is not in {}", sider[0]);
    }
}

#[test]
fn a_table_goes_on_with_its_head_on_every_page_and_loses_no_row() {
    let raekker = (0..200).map(|nr| vec![format!("Person{nr:03}"), "læste".into()]).collect();
    let sider = sider(&udskrift(vec![tabel(raekker)]).pdf().expect("a document"));
    assert!(sider.len() > 3);
    assert!(sider.iter().all(|side| side.contains("Hvem")));
    let alt = sider.join(" ");
    for nr in 0..200 {
        assert_eq!(alt.matches(&format!("Person{nr:03}")).count(), 1);
    }
    assert!(sider[1].contains(&format!("Side 2 af {}", sider.len())));
}

#[test]
fn a_row_higher_than_a_page_is_shown_whole() {
    let langt = (0..3_000).map(|nr| format!("ord{nr}")).collect::<Vec<_>>().join(" ");
    let sider = sider(&udskrift(vec![tabel(vec![vec!["A".into(), langt]])]).pdf().expect("a document"));
    assert!(sider.len() > 1);
    let alt = sider.join(" ");
    assert!(alt.contains("ord0 ") && alt.contains("ord1500 ") && alt.contains("ord2999"));
}

#[test]
fn a_word_without_end_breaks_and_stays_on_the_page() {
    let pdf = udskrift(vec![Del::Afsnit("a".repeat(5_000))]).pdf().expect("a document");
    let antal: usize = sider(&pdf).iter().map(|side| side.matches('a').count()).sum();
    assert!(antal >= 5_000);
}

#[test]
fn what_no_letter_stands_for_is_a_question_mark() {
    let pdf =
        udskrift(vec![Del::Afsnit("smil 😀 og \u{7}\u{202E}مرحبا slut".into()), Del::Afsnit(String::new())]);
    let side = sider(&pdf.pdf().expect("a document")).remove(0);
    assert!(side.contains("smil ? og ?") && side.contains("slut"), "{side}");
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let en = udskrift(vec![Del::Afsnit("det samme".into())]);
    assert_eq!(en.pdf().expect("a document"), en.pdf().expect("a document"));
}

#[test]
fn a_table_that_is_askew_or_too_long_is_refused() {
    let skaev = udskrift(vec![tabel(vec![vec!["kun en".into()]])]);
    assert_eq!(skaev.pdf(), Err(Udskriftsfejl::Skaev));
    let tom = udskrift(vec![Del::Tabel(Tabel { kolonner: Vec::new(), raekker: Vec::new() })]);
    assert_eq!(tom.pdf(), Err(Udskriftsfejl::Skaev));
    let raekke = vec![String::new(), String::new()];
    let lang = udskrift(vec![tabel(vec![raekke; RAEKKER_MAX + 1])]);
    assert_eq!(lang.pdf(), Err(Udskriftsfejl::ForStort));
}
