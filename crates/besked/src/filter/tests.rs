use super::proev::som;
use super::{FILTER_TEGN_MAX, Filter};
use crate::Kuvert;
use crate::testing::{Besked, Lister, TYPE1};
use uuid::Uuid;

const F: &str = "Beskedkuvert.Filtreringsdata";

#[track_caller]
fn check(filter: &str, expected: bool) {
    let filter =
        filter.replace("$R", &format!("{F}.ObjektRegistrering")).replace("$F", F).replace("$T", TYPE1);
    let laest = Filter::laes(&filter).unwrap_or_else(|f| panic!("{f}: {filter}"));
    let kuvert = Besked::default().kuvert();
    assert_eq!(
        laest.svarer(&kuvert, Uuid::nil(), &Lister("urn:oio:cpr-nr:0101010000")),
        expected,
        "{filter}"
    );
}

/// The one line that is known of how filters were written before; it must be read as it stands.
#[test]
fn the_known_old_filter_is_read_unchanged() {
    let gammelt = "Beskedkuvert.Filtreringsdata.BeskedAnsvarligAktoer.UUIDIdentifikator = '96514e13-afdd-44d6-95a8-adc2ca19b127'";
    let filter = Filter::laes(gammelt).expect("read");
    let andens = Besked::default();
    let digital_post =
        andens.xml().replace("5F1C0F52-2b1d-4b6e-8d7c-0d2f6a9c1001", "96514e13-afdd-44d6-95a8-adc2ca19b127");
    let svarer = |krop: &str| {
        let kuvert = Kuvert::laes(krop.as_bytes()).expect("a message");
        filter.svarer(&kuvert, Uuid::nil(), &Lister(""))
    };
    assert!(svarer(&digital_post));
    assert!(!svarer(&andens.xml()));
}

#[test]
fn each_row_of_the_rules() {
    for (filter, expected) in [
        ("", true),
        (" \n ", true),
        // UUID and URN: case.
        ("$F.Beskedtype.UUIDIdentifikator = '$T'", true),
        ("$F.Beskedtype.UUIDIdentifikator = '7654895C-A3F3-4C77-8AFD-4C77330F963C'", true),
        ("$F.Beskedtype.UUIDIdentifikator LIKE '7654895C%'", true),
        ("$R.ObjektId.URNIdentifikator = 'URN:OIO:cpr-nr:0101010000'", true),
        ("$R.ObjektId.URNIdentifikator = 'urn:oio:CPR-NR:0101010000'", false),
        ("$R.ObjektId.URNIdentifikator = '0101010000'", false),
        // Repeated elements.
        ("$R.ObjektId.URNIdentifikator = 'urn:oio:cpr-nr:0101010001'", true),
        ("$R.ObjektId.URNIdentifikator != 'urn:oio:cpr-nr:0101010001'", false),
        ("$R.ObjektId.URNIdentifikator != 'urn:oio:cpr-nr:0101019999'", true),
        ("$R.ObjektId.URNIdentifikator IN ('x', 'urn:oio:cpr-nr:0101010001')", true),
        ("$R.ObjektId.URNIdentifikator NOT IN ('x', 'urn:oio:cpr-nr:0101010001')", false),
        ("$R.ObjektId.URNIdentifikator IKKE IN ('x')", true),
        ("$R.ObjektId.URNIdentifikator NOT LIKE '%0001'", false),
        // Absent elements.
        ("$R.ObjektHandling.UUIDIdentifikator != '$T'", false),
        ("$R.ObjektHandling.UUIDIdentifikator NOT IN ('$T')", false),
        ("$R.ObjektHandling.UUIDIdentifikator NOT LIKE 'x'", false),
        ("NOT ($R.ObjektHandling.UUIDIdentifikator = '$T')", true),
        ("$R.ObjektHandling EXISTS", false),
        ("$R.ObjektId EXISTS", true),
        ("$R exists and not $F.TvaergaaendeProces exists", true),
        // One instance, or any.
        (
            "$R.ObjektId.URNIdentifikator LIKE '%0000' AND $R.OpgaveEmne.URNIdentifikator LIKE '%27.03.01'",
            true,
        ),
        (
            "ANY $R (ObjektId.URNIdentifikator LIKE '%0000' AND OpgaveEmne.URNIdentifikator LIKE '%27.03.01')",
            false,
        ),
        (
            "ANY $R (ObjektId.URNIdentifikator LIKE '%0000' AND OpgaveEmne.URNIdentifikator LIKE '%32.24.04')",
            true,
        ),
        ("ANY $R (NOT ObjektId.URNIdentifikator LIKE '%0000')", true),
        ("ANY $F (ANY ObjektRegistrering (ObjektId.URNIdentifikator LIKE '%0001'))", true),
        ("NOT ANY $F.RelateretObjekt (ObjektId EXISTS)", true),
        // KLE.
        ("$R.OpgaveEmne.URNIdentifikator = 'urn:oio:kle:32.24.04'", true),
        ("$R.OpgaveEmne.URNIdentifikator LIKE 'urn:oio:kle:32.%'", true),
        ("$R.OpgaveEmne.URNIdentifikator LIKE 'urn:oio:kle:32.25.%'", false),
        // Times; the message has none of zone, so it is Danish.
        ("$R.Registreringstidspunkt.TidsstempelDatoTid = '2025-03-03T08:15:00Z'", true),
        ("$R.Registreringstidspunkt.TidsstempelDatoTid < '2025-03-03T08:15:00Z'", false),
        ("$R.Registreringstidspunkt.TidsstempelDatoTid <= '2025-03-03T08:15:00Z'", true),
        ("$R.Registreringstidspunkt.TidsstempelDatoTid > '2025-03-03T09:14:59.999'", true),
        ("$R.Registreringstidspunkt.TidsstempelDatoTid >= '2025-03-04T00:00:00'", false),
        ("Beskedkuvert.GyldighedTil.GraenseIndikator = 'true'", true),
        // Value lists.
        ("$R.ObjektId.URNIdentifikator IN VAERDILISTE '00000000-0000-0000-0000-00000000004d'", true),
        ("$R.ObjektId.URNIdentifikator NOT IN VAERDILISTE '00000000-0000-0000-0000-00000000004d'", false),
        ("$R.ObjektId.URNIdentifikator IN VAERDILISTE '00000000-0000-0000-0000-00000000004e'", false),
        // Precedence and the Danish words.
        ("$F.Beskedtype EXISTS ELLER $F.Beskedtype EXISTS OG IKKE $F.Beskedtype EXISTS", true),
        ("($F.Beskedtype EXISTS ELLER $F.Beskedtype EXISTS) og ikke $F.Beskedtype EXISTS", false),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse = '192.0.2.10'", true),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse = '''''x'", false),
    ] {
        check(filter, expected);
    }
}

#[test]
fn faults_are_shown_where_they_are() {
    let dyb = format!("{}x", "(".repeat(40));
    let lang = " ".repeat(FILTER_TEGN_MAX + 1);
    for (filter, position, tekst) in [
        ("Beskeddata.x = 'y'", 0, "kan ikke se Beskeddata"),
        ("BeskedId.UUIDIdentifikator = 'y'", 0, "ser kun Beskedkuvert"),
        ("Andet = 'y'", 0, "skal begynde med Beskedkuvert"),
        ("Beskedkuvert.filtreringsdata EXISTS", 13, "mener du Filtreringsdata?"),
        ("Beskedkuvert.Filtreringsdata.X EXISTS", 29, "vælg en af Beskedtype, "),
        ("Beskedkuvert.Filtreringsdata.Beskedtype = 'y'", 0, "gå videre med UUIDIdentifikator eller URN"),
        ("Beskedkuvert.Leveranceinformation.KildesystemAkkreditiver EXISTS", 34, "kan ikke bruges"),
        ("Beskedkuvert EXISTS)", 19, "parentes for meget"),
        ("(Beskedkuvert EXISTS", 20, "mangler en slutparentes"),
        ("Beskedkuvert EXISTS Beskedkuvert EXISTS", 20, "mangler AND eller OR"),
        ("Beskedkuvert EXISTS AND", 23, "slutter midt i"),
        ("Beskedkuvert.GyldighedFra.TidsstempelDatoTid < 'i går'", 47, "skriv et tidspunkt"),
        ("Beskedkuvert.GyldighedFra.GraenseIndikator < 'true'", 43, "kun bruges på TidsstempelDatoTid"),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse = \"x\"", 57, "enkelte anførselstegn"),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse = 'æ", 57, "slutter ikke"),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse <> 'x'", 55, "skriv !="),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse", 54, "her mangler ="),
        ("Beskedkuvert.Leveranceinformation.KildesystemIPAdresse IN VAERDILISTE 'min'", 70, "UUID"),
        (
            "ANY Beskedkuvert.Filtreringsdata (Beskedkuvert EXISTS)",
            34,
            "sæt betingelser om andre felter uden for",
        ),
        ("NOT NOT Beskedkuvert EXISTS", 4, "NOT én gang"),
        ("# x", 0, "kan ikke bruges her"),
        (&dyb, 32, "niveauer"),
        (&lang, FILTER_TEGN_MAX, "længere end"),
    ] {
        let fejl = Filter::laes(filter).expect_err(filter);
        assert_eq!(fejl.position, position, "{filter}: {fejl}");
        assert!(fejl.tekst.contains(tekst), "{filter}: {fejl}");
    }
}

#[test]
fn patterns() {
    for (moenster, tekst, expected) in [
        ("", "", true),
        ("%", "", true),
        ("a%c", "abbc", true),
        ("a%c", "abbcd", false),
        ("a_c", "aæc", true),
        ("_", "", false),
        ("%a%b%", "xaybz", true),
        ("%ab", "aab", true),
        ("%%b", "aab", true),
    ] {
        assert_eq!(som(moenster, tekst), expected, "{tekst} LIKE {moenster}");
    }
}

#[test]
fn lists_are_told_once() {
    let en = format!("{F}.Beskedtype.URNIdentifikator IN VAERDILISTE '{TYPE1}'");
    let filter = Filter::laes(&format!("{en} OR NOT ({en})")).expect("a filter");
    assert_eq!(filter.vaerdilister().len(), 1);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_panic(tekst in "[A-Za-zæ'()., =<>!%]{0,60}|(Beskedkuvert|NOT|ANY|AND|\\(|\\)|EXISTS| |\\.|'x'|IN|=){0,20}") {
        let _ = Filter::laes(&tekst);
    }
}
