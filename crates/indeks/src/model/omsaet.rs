//! Between the tree of a message and the model. The reader has already seen that the tree is as the schema demands.

use super::{Forekomst, Hoved, Indhold, Registrering, Tid, Tidspunkt, Virkning};
use crate::knude::{Knude, Vaerdi};
use crate::skema::{Afsnit, Element, Liste, Objekttype};
use oio::UnikId;
use oio::model::{AktoerTypeKode, Livscyklus};
use uuid::Uuid;

/// `sd:UnikIdType`.
pub(crate) fn unik_id(knude: &Knude) -> Option<UnikId> {
    let valgt = knude.alle().first()?;
    match valgt.navn() {
        "UUIDIdentifikator" => Uuid::try_parse(valgt.tekst()).ok().map(UnikId::Uuid),
        _ => Some(UnikId::Urn(valgt.tekst().into())),
    }
}

/// `sd:TidspunktType`.
pub(crate) fn tidspunkt(knude: &Knude) -> Option<Tidspunkt> {
    let valgt = knude.alle().first()?;
    match valgt.navn() {
        "TidsstempelDatoTid" => Tid::laes(valgt.tekst()).map(Tidspunkt::Tid),
        _ => Some(Tidspunkt::Graense),
    }
}

/// `sd:VirkningType`.
pub(crate) fn virkning(knude: &Knude) -> Virkning {
    Virkning {
        fra: knude.barn("FraTidspunkt").and_then(tidspunkt),
        til: knude.barn("TilTidspunkt").and_then(tidspunkt),
        aktoer_ref: knude.barn("AktoerRef").and_then(unik_id),
        aktoer_type: knude.tekst_af("AktoerTypeKode").and_then(AktoerTypeKode::parse),
        note: knude.tekst_af("NoteTekst").map(Into::into),
    }
}

/// One instance of a section.
#[must_use]
pub fn forekomst(afsnit: &'static Afsnit, knude: &Knude) -> Forekomst {
    let mut f = Forekomst { afsnit, virkning: None, hoved: Hoved::default(), felter: Vec::new() };
    let relation = afsnit.liste == Liste::RelationListe;
    for felt in knude.alle() {
        match felt.navn() {
            "Virkning" => f.virkning = Some(virkning(felt)),
            "Rolle" if relation => f.hoved.rolle = unik_id(felt),
            "Type" if relation => f.hoved.objekttype = unik_id(felt),
            "Indeks" if relation => f.hoved.indeks = Some(felt.tekst().into()),
            "ReferenceID" if relation => f.hoved.reference = unik_id(felt),
            _ => f.felter.push(felt.clone()),
        }
    }
    f
}

/// What the lists among these elements hold.
#[must_use]
pub fn indhold_af(typ: &'static Objekttype, foraelder: &Knude) -> Indhold {
    let mut indhold = Indhold::default();
    for (nr, liste) in Liste::ALLE.into_iter().enumerate() {
        let Some(knude) = foraelder.barn(liste.navn()) else { continue };
        for barn in knude.alle() {
            if barn.navn() == "LokalUdvidelseListe" {
                indhold.senest_aendret[nr] = barn.tekst_af("SenestAendretTidspunkt").and_then(Tid::laes);
                barn.alle().iter().for_each(|b| tilfoej(typ, liste, b, &mut indhold));
            } else {
                tilfoej(typ, liste, barn, &mut indhold);
            }
        }
    }
    indhold.forekomster.sort_by_key(|f| plads(typ, f.afsnit));
    indhold
}

/// The place of a section in its type.
pub(crate) fn plads(typ: &'static Objekttype, afsnit: &Afsnit) -> usize {
    typ.afsnit.iter().position(|a| a == afsnit).unwrap_or(usize::MAX)
}

fn tilfoej(typ: &'static Objekttype, liste: Liste, knude: &Knude, indhold: &mut Indhold) {
    let fundet = typ.afsnit.iter().find(|a| a.liste == liste && knude.element.hedder(a.element.ns, a.navn()));
    if let Some(afsnit) = fundet {
        indhold.forekomster.push(forekomst(afsnit, knude));
    }
}

/// `Registrering`.
#[must_use]
pub fn registrering_af(typ: &'static Objekttype, knude: &Knude) -> Registrering {
    Registrering {
        note: knude.tekst_af("NoteTekst").map(Into::into),
        tidspunkt: knude.tekst_af("Tidspunkt").and_then(Tid::laes),
        livscyklus: knude.tekst_af("LivscyklusKode").and_then(Livscyklus::parse),
        bruger_ref: knude.barn("BrugerRef").and_then(unik_id),
        sts_tidspunkt: knude.tekst_af("StsTidspunkt").and_then(Tid::laes),
        indhold: indhold_af(typ, knude),
    }
}

/// Puts elements together below one of the tables.
struct Byg {
    element: &'static Element,
    boern: Vec<Knude>,
}

impl Byg {
    const fn ny(element: &'static Element) -> Self {
        Self { element, boern: Vec::new() }
    }

    /// Adds the element called so, if the table has it.
    fn med(&mut self, navn: &str, vaerdi: Option<Vaerdi>) {
        if let (Some(element), Some(vaerdi)) = (self.element.barn(navn), vaerdi) {
            self.boern.push(Knude { element, vaerdi });
        }
    }

    fn tekst(&mut self, navn: &str, tekst: Option<&str>) {
        self.med(navn, tekst.map(|t| Vaerdi::Tekst(t.into())));
    }

    fn unik_id(&mut self, navn: &str, id: Option<&UnikId>) {
        let (Some(id), Some(element)) = (id, self.element.barn(navn)) else { return };
        let mut valg = Self::ny(element);
        match id {
            UnikId::Uuid(uuid) => valg.tekst("UUIDIdentifikator", Some(&uuid.to_string())),
            UnikId::Urn(urn) => valg.tekst("URNIdentifikator", Some(urn)),
        }
        self.boern.push(valg.slut());
    }

    fn tidspunkt(&mut self, navn: &str, tid: Option<&Tidspunkt>) {
        let (Some(tid), Some(element)) = (tid, self.element.barn(navn)) else { return };
        let mut valg = Self::ny(element);
        match tid {
            Tidspunkt::Tid(tid) => valg.tekst("TidsstempelDatoTid", Some(tid.tekst())),
            Tidspunkt::Graense => valg.tekst("GraenseIndikator", Some("true")),
        }
        self.boern.push(valg.slut());
    }

    fn slut(self) -> Knude {
        Knude::af(self.element, self.boern)
    }
}

fn virkning_knude(element: &'static Element, v: &Virkning) -> Knude {
    let mut byg = Byg::ny(element);
    byg.tidspunkt("FraTidspunkt", v.fra.as_ref());
    byg.tidspunkt("TilTidspunkt", v.til.as_ref());
    byg.unik_id("AktoerRef", v.aktoer_ref.as_ref());
    byg.tekst("AktoerTypeKode", v.aktoer_type.map(AktoerTypeKode::as_str));
    byg.tekst("NoteTekst", v.note.as_deref());
    byg.slut()
}

fn forekomst_knude(f: &Forekomst) -> Knude {
    let mut byg = Byg::ny(&f.afsnit.element);
    if let (Some(v), Some(element)) = (&f.virkning, f.afsnit.element.barn("Virkning")) {
        byg.boern.push(virkning_knude(element, v));
    }
    byg.unik_id("Rolle", f.hoved.rolle.as_ref());
    byg.unik_id("Type", f.hoved.objekttype.as_ref());
    byg.tekst("Indeks", f.hoved.indeks.as_deref());
    byg.unik_id("ReferenceID", f.hoved.reference.as_ref());
    byg.boern.extend(f.felter.iter().cloned());
    byg.slut()
}

/// One of the three lists.
fn liste_knude(element: &'static Element, indhold: &Indhold, liste: Liste) -> Knude {
    let mut byg = Byg::ny(element);
    let (ydre, indre): (Vec<_>, Vec<_>) = indhold.i_liste(liste).partition(|f| !f.afsnit.udvidelse);
    byg.boern.extend(ydre.into_iter().map(forekomst_knude));
    let senest = indhold.senest_aendret[liste as usize].as_ref();
    if let Some(udvidelse) =
        element.barn("LokalUdvidelseListe").filter(|_| !indre.is_empty() || senest.is_some())
    {
        let mut liste = Byg::ny(udvidelse);
        liste.boern.extend(indre.into_iter().map(forekomst_knude));
        liste.tekst("SenestAendretTidspunkt", senest.map(Tid::tekst));
        byg.boern.push(liste.slut());
    }
    byg.slut()
}

/// The lists as elements of a table that has them; empty ones are left out where `alle` is false.
#[must_use]
pub fn indhold_knude(foraelder: &'static Element, indhold: &Indhold, alle: bool) -> Vec<Knude> {
    let lister = Liste::ALLE.into_iter().filter_map(|liste| Some((liste, foraelder.barn(liste.navn())?)));
    lister
        .map(|(liste, element)| liste_knude(element, indhold, liste))
        .filter(|knude| alle || !knude.alle().is_empty())
        .collect()
}

/// `Registrering`, with all three lists, empty ones too.
#[must_use]
pub fn registrering_knude(element: &'static Element, r: &Registrering) -> Knude {
    let mut byg = Byg::ny(element);
    byg.tekst("NoteTekst", r.note.as_deref());
    byg.tekst("Tidspunkt", r.tidspunkt.as_ref().map(Tid::tekst));
    byg.tekst("LivscyklusKode", r.livscyklus.map(Livscyklus::as_str));
    byg.unik_id("BrugerRef", r.bruger_ref.as_ref());
    byg.tekst("StsTidspunkt", r.sts_tidspunkt.as_ref().map(Tid::tekst));
    byg.boern.extend(indhold_knude(element, &r.indhold, true));
    byg.slut()
}
