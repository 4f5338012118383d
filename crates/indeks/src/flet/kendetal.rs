//! The canonical content of a registrering as one number, by which what comes again is known.
//!
//! Order, layout, the offset of a time and the zeros of an amount do not count; neither does what the index itself fills in.

use crate::knude::{Knude, Vaerdi};
use crate::model::{Forekomst, Registrering, Tid, Virkning};
use crate::skema::{Art, Form, Indhold};
use aws_lc_rs::digest::{SHA256, digest};
use oio::UnikId;
use oio::model::{AktoerTypeKode, Livscyklus};

/// A SHA-256 over canonical content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kendetal(pub [u8; 32]);

/// Texts one after another, each with its length, so that no two contents look alike.
#[derive(Default)]
struct Skrift(Vec<u8>);

impl Skrift {
    fn tekst(&mut self, tekst: &str) {
        self.bytes(tekst.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend((bytes.len() as u64).to_be_bytes());
        self.0.extend(bytes);
    }

    /// A text, or that there is none.
    fn maaske(&mut self, tekst: Option<&str>) {
        self.0.push(u8::from(tekst.is_some()));
        self.tekst(tekst.unwrap_or_default());
    }

    fn id(&mut self, id: Option<&UnikId>) {
        self.maaske(
            id.map(|id| match id {
                UnikId::Uuid(uuid) => format!("u{uuid}"),
                UnikId::Urn(urn) => format!("n{urn}"),
            })
            .as_deref(),
        );
    }

    fn virkning(&mut self, virkning: Option<&Virkning>) {
        self.0.push(u8::from(virkning.is_some()));
        let Some(v) = virkning else { return };
        let periode = v.periode();
        self.0.extend(periode.from.micros().to_be_bytes());
        self.0.extend(periode.to.micros().to_be_bytes());
        self.id(v.aktoer_ref.as_ref());
        self.maaske(v.aktoer_type.map(AktoerTypeKode::as_str));
        self.maaske(v.note.as_deref());
    }

    fn knude(&mut self, knude: &Knude) {
        self.tekst(knude.ns().praefiks());
        self.tekst(knude.navn());
        match &knude.vaerdi {
            Vaerdi::Knuder(boern) => {
                self.0.extend((boern.len() as u64).to_be_bytes());
                boern.iter().for_each(|barn| self.knude(barn));
            }
            Vaerdi::Tekst(tekst) => self.tekst(&kanonisk(knude, tekst)),
        }
    }
}

/// A value by what it means.
fn kanonisk(knude: &Knude, tekst: &str) -> String {
    let Indhold::Tekst(simpel) = knude.element.indhold else { return tekst.to_owned() };
    let betydning = match simpel.form {
        Form::DatoTid => crate::form::tid(tekst).map(|i| i.micros().to_string()),
        Form::Beloeb => crate::form::beloeb(tekst).map(|b| b.to_string()),
        Form::Heltal => tekst.parse::<i64>().ok().map(|t| t.to_string()),
        _ => None,
    };
    betydning.unwrap_or_else(|| tekst.to_owned())
}

fn forekomst(art: Art, f: &Forekomst) -> Vec<u8> {
    let mut ud = Skrift::default();
    ud.tekst(f.afsnit.navn());
    ud.virkning(f.virkning.as_ref());
    ud.id(f.hoved.rolle.as_ref());
    ud.id(f.hoved.objekttype.as_ref());
    ud.maaske(f.hoved.indeks.as_deref());
    ud.id(f.hoved.reference.as_ref());
    let vores = |k: &&Knude| art == Art::Bevilling && super::udled::er_udledt(f, k.navn());
    let tom = |k: &&Knude| k.navn() == "LokalUdvidelseListe" && k.alle().is_empty();
    f.felter.iter().filter(|k| !vores(k) && !tom(k)).for_each(|k| ud.knude(k));
    ud.0
}

/// The number of a registrering's content.
#[must_use]
pub fn kendetal(art: Art, r: &Registrering) -> Kendetal {
    let mut ud = Skrift::default();
    ud.tekst(art.typ().navn);
    ud.maaske(r.note.as_deref());
    ud.maaske(r.tidspunkt.as_ref().map(Tid::instant).map(|i| i.micros().to_string()).as_deref());
    ud.maaske(r.livscyklus.map(Livscyklus::as_str));
    ud.id(r.bruger_ref.as_ref());
    let mut alle: Vec<Vec<u8>> = r.indhold.forekomster.iter().map(|f| forekomst(art, f)).collect();
    alle.sort_unstable();
    alle.iter().for_each(|f| ud.bytes(f));
    let mut kendetal = [0; 32];
    kendetal.copy_from_slice(digest(&SHA256, &ud.0).as_ref());
    Kendetal(kendetal)
}
