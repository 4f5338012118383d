//! The rules of all object types: G-01 to G-16, and AM-02. G-17 is about what people do and cannot be seen in a message.

use super::sted::{har_huller, overlapper, perioder};
use super::{ALLE_ARTER, MED_SYSTEM, Proeve, Regel, SAG_DOKUMENT, advar, afvis};
use crate::flet::noegle;
use crate::knude::{Knude, Vaerdi};
use crate::model::{Forekomst, Tid, Tidspunkt};
use crate::roller::{Antal, Form, Indekskrav, ROLLER, Rolle};
use crate::skema::{Liste, Noeglet};
use oio::UnikId;
use oio::model::{AktoerTypeKode, Livscyklus};
use std::collections::HashMap;

pub(super) static REGLER: [Regel; 20] = [
    afvis("G-01", ALLE_ARTER, "Tidspunkt skal være udfyldt", |p| {
        if p.efter.tidspunkt.is_none() { vec!["sd:Tidspunkt".to_owned()] } else { Vec::new() }
    }),
    advar("G-02", ALLE_ARTER, "LivscyklusKode skal være Importeret og BrugerRef udfyldt ved import", |p| {
        let mangler = p.efter.livscyklus != Some(Livscyklus::Importeret) || p.efter.bruger_ref.is_none();
        if p.foer.is_none() && mangler { vec!["sd:LivscyklusKode".to_owned()] } else { Vec::new() }
    }),
    Regel { kode: 43, ..afvis("G-03", MED_SYSTEM, "Master er ét IT-system og kan ikke skiftes", master) },
    advar("G-04", MED_SYSTEM, "Afsender skal være ét IT-system ad gangen", |p| {
        let flere = |r: &&'static Rolle| r.navn == "Afsender" && overlapper(&perioder(p.efter_i(r)));
        roller(p).filter(flere).map(|r| p.sti_til(r.afsnit)).collect()
    }),
    afvis("G-05", ALLE_ARTER, "en relation skal have ReferenceID", |p| {
        p.sendte(|f| er_relation(f) && f.hoved.reference.as_ref().is_none_or(UnikId::is_blank))
    }),
    advar("G-06", ALLE_ARTER, "Rolle og Type skal være UUID'er for klasser i Klassifikation", |p| {
        let ukendt = |id: Option<&UnikId>| match id {
            Some(UnikId::Uuid(uuid)) => p.opslag.klasse(*uuid) == Some(false),
            _ => true,
        };
        let rolle = |f: &Forekomst| p.rolle(f).is_none() && ukendt(f.hoved.rolle.as_ref());
        p.sendte(|f| er_relation(f) && (rolle(f) || ukendt(f.hoved.objekttype.as_ref())))
    }),
    advar("G-07", ALLE_ARTER, "Indeks skal udfyldes netop for de roller, der kan stå flere gange", |p| {
        p.sendte(|f| match p.rolle(f).map(|r| r.indeks) {
            Some(Indekskrav::Ja) => f.hoved.indeks.as_deref().is_none_or(str::is_empty),
            Some(Indekskrav::Nej) => f.hoved.indeks.as_deref().is_some_and(|i| !i.is_empty()),
            Some(Indekskrav::Frit) | None => false,
        })
    }),
    afvis("G-07A", ALLE_ARTER, "samme Rolle og Indeks må ikke stå to gange på samme tid", samme_indeks),
    afvis("G-08A", ALLE_ARTER, "Virkning skal have et FraTidspunkt, der er et tidspunkt", |p| {
        let uden =
            |f: &Forekomst| f.virkning.as_ref().is_some_and(|v| !matches!(v.fra, Some(Tidspunkt::Tid(_))));
        p.sendte(uden)
    }),
    advar("G-08", ALLE_ARTER, "Virkning skal være udfyldt", |p| p.sendte(|f| f.virkning.is_none())),
    afvis("G-09", ALLE_ARTER, "FraTidspunkt skal ligge før TilTidspunkt", |p| {
        p.sendte(|f| f.virkning.is_some() && f.periode().is_empty())
    }),
    advar(
        "G-10",
        ALLE_ARTER,
        "Virkning skal have AktoerRef, og AktoerTypeKode skal være Bruger eller ItSystem",
        |p| {
            let ok = |kode| matches!(kode, Some(AktoerTypeKode::Bruger | AktoerTypeKode::ItSystem));
            p.sendte(|f| f.virkning.as_ref().is_some_and(|v| v.aktoer_ref.is_none() || !ok(v.aktoer_type)))
        },
    ),
    advar("G-11", ALLE_ARTER, "ReferenceID har ikke den form, rollen kræver (UUID eller URN)", |p| {
        p.sendte(|f| match (p.rolle(f).map(|r| r.form), &f.hoved.reference) {
            (Some(Form::Uuid), Some(UnikId::Urn(_))) => true,
            (Some(Form::Urn), Some(UnikId::Uuid(_))) => true,
            // What a journal note refers to is a rule of its own.
            _ => false,
        })
    }),
    advar("G-12", ALLE_ARTER, "feltet må kun fylde én linje", |p| {
        p.sendte(|f| f.felter.iter().any(linjeskift))
    }),
    advar("G-13", ALLE_ARTER, "CVR-nummeret er et andet end det, ReferenceID peger på", |p| {
        let andet = |f: &Forekomst| {
            let peger = f.urn().and_then(|u| u.strip_prefix("urn:oio:cvr-nr:"));
            peger.zip(f.cvr()).is_some_and(|(a, b)| a != b)
        };
        p.sendte(andet)
    }),
    afvis("G-14A", ALLE_ARTER, "Ejer, Primær klasse og Master skal være der hele tiden", |p| {
        altid(p, |r| matches!(r.navn, "Ejer" | "Primær klasse" | "Master"))
    }),
    advar("G-14", ALLE_ARTER, "Ansvarlig, Handlingsklasse og Afsender skal være der hele tiden", |p| {
        // That a case has a Handlingsklasse at all is a rule of its own.
        altid(p, |r| {
            matches!(r.navn, "Ansvarlig" | "Afsender")
                || (r.navn == "Handlingsklasse" && !p.efter_i(r).is_empty())
        })
    }),
    advar("G-15", ALLE_ARTER, "der må kun være én ad gangen", flere_paa_en_gang),
    advar("G-16", ALLE_ARTER, "ændringen skal sendes inden for 10 minutter", |p| {
        let sent = |t: &Tid| p.nu.micros().saturating_sub(t.instant().micros()) > 600_000_000;
        if p.efter.tidspunkt.as_ref().is_some_and(sent) {
            vec!["sd:Tidspunkt".to_owned()]
        } else {
            Vec::new()
        }
    }),
    advar("AM-02", SAG_DOKUMENT, "Primær behandler kan kun afløses af en anden fra samme tidspunkt", |p| {
        let slut = |r: &&'static Rolle| r.navn == "Primær behandler" && har_huller(&perioder(p.efter_i(r)));
        roller(p).filter(slut).map(|r| p.sti_til(r.afsnit)).collect()
    }),
];

pub(super) fn er_relation(f: &Forekomst) -> bool {
    f.afsnit.liste == Liste::RelationListe
}

/// The roles of the object type.
fn roller(p: &Proeve<'_>) -> impl Iterator<Item = &'static Rolle> {
    let art = p.art;
    ROLLER.iter().filter(move |r| r.art == art)
}

/// Roles of which one must hold at every instant, and at some instant none does.
fn altid(p: &Proeve<'_>, hvilke: impl Fn(&'static Rolle) -> bool) -> Vec<String> {
    let mangler = |r: &&'static Rolle| {
        let perioder = perioder(p.efter_i(r));
        perioder.is_empty() || har_huller(&perioder)
    };
    let kraevet = roller(p).filter(|r| r.antal == Antal::En && hvilke(r));
    kraevet.filter(mangler).map(|r| p.sti_til(r.afsnit)).collect()
}

/// Another Master than there was, or two.
fn master(p: &Proeve<'_>) -> Vec<String> {
    let af = |indhold: &crate::model::Indhold| -> Option<UnikId> {
        indhold.forekomster.iter().find(|f| p.har(f, "Master")).and_then(|f| f.hoved.reference.clone())
    };
    let foerste = p.foer.and_then(|f| af(&f.indhold)).or_else(|| af(&p.efter.indhold));
    let anden = |f: &Forekomst| p.har(f, "Master") && f.hoved.reference != foerste;
    p.sendte(anden)
}

/// Two instances with one role and one index at the same time.
fn samme_indeks(p: &Proeve<'_>) -> Vec<String> {
    let mut efter_noegle: HashMap<_, Vec<&Forekomst>> = HashMap::new();
    let med_indeks = |f: &&Forekomst| f.hoved.indeks.as_deref().is_some_and(|i| !i.is_empty());
    for f in p.efter.indhold.forekomster.iter().filter(med_indeks) {
        efter_noegle.entry(noegle(f)).or_default().push(f);
    }
    let mut stier: Vec<String> = efter_noegle
        .into_values()
        .filter(|alle| overlapper(&perioder(alle.iter().copied())))
        .filter_map(|alle| alle.first().map(|f| p.sti_til(f.afsnit.navn())))
        .collect();
    stier.sort();
    stier
}

/// A role of which there is one at most, or an attribute group, twice at the same time.
fn flere_paa_en_gang(p: &Proeve<'_>) -> Vec<String> {
    let hoejst_en = |r: &&'static Rolle| {
        let en = r.antal == Antal::HoejstEn || (r.antal == Antal::En && r.navn != "Afsender");
        en && overlapper(&perioder(p.efter_i(r)))
    };
    let grupper = p.art.typ().afsnit.iter().filter(|a| {
        a.noeglet == Noeglet::Gruppe
            && a.liste == Liste::AttributListe
            && overlapper(&perioder(p.efter.indhold.af(a.navn())))
    });
    let roller = roller(p).filter(hoejst_en).map(|r| p.sti_til(r.afsnit));
    roller.chain(grupper.map(|a| p.sti_til(a.navn()))).collect()
}

/// Whether a field that is one line has two. A line break in one that may have several cannot be judged: XML makes one
/// character of CRLF before anybody sees it.
fn linjeskift(knude: &Knude) -> bool {
    match &knude.vaerdi {
        Vaerdi::Knuder(boern) => boern.iter().any(linjeskift),
        Vaerdi::Tekst(tekst) => {
            !matches!(
                knude.navn(),
                "Beskrivelse" | "Begrundelse" | "Meddelelse" | "Tekstfelt" | "BeskrivelseTekst"
            ) && tekst.contains(['\n', '\r'])
        }
    }
}
