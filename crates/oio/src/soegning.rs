//! Searching by template: what matches, and which search keys narrow it down.
//!
//! [`matches()`] is the meaning; [`plan`] is how to get there fast. A plan finds at least every match; when it is `exact`
//! it finds nothing else, and bodies need not be read.

use crate::catalog::{Navn, ObjektType};
use crate::fejl::Fejl;
use crate::ids::UnikId;
use crate::model::{Egenskab, Registrering, Relation, Vaerdi, Virkning};
use crate::noegle::{Felt, felt_for, felt_rolle, felt_tilstand, fold, fold_id};
use crate::operation::{Skabelon, SoegEgenskab, SoegRelation, SoegTilstand, SoegVirkning};
use bitemporal::Instant;

/// What the value of a search key must be. All texts are folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moenster {
    /// Exactly this.
    Lig(String),
    /// Beginning with this.
    Praefiks(String),
    /// This, where `*` is any run of characters.
    Jokertegn(String),
}

/// One condition on the search keys of an object: some key of `felt` fits the pattern and meets the window
/// `fra..=til`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Betingelse {
    /// What the key is about.
    pub felt: Felt,
    /// What its value must be.
    pub moenster: Moenster,
    /// Start of the window, inclusive.
    pub fra: Instant,
    /// End of the window, inclusive.
    pub til: Instant,
}

/// How to search: the objects that meet every condition of at least one alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// At least one; an alternative without conditions means every live object.
    pub alternativer: Vec<Vec<Betingelse>>,
    /// Whether these objects are exactly the matches, and not just all of them among others.
    pub exact: bool,
}

/// A window of effect time, both bounds inclusive.
type Vindue = (Instant, Instant);

/// The window an item is asked about, from its own virkning, else the search's, else now.
fn vindue(egen: Option<&SoegVirkning>, faelles: &SoegVirkning, nu: Instant) -> Vindue {
    match egen {
        Some(SoegVirkning { fra: None, til: None, .. }) | None => {
            let fra = faelles.fra.unwrap_or(nu);
            (fra, faelles.til.unwrap_or(fra))
        }
        // A period as on any item: open when no end is given, and its end is not part of it.
        Some(egen) => {
            let fra = egen.fra.unwrap_or(nu);
            let til = egen.til.unwrap_or(Instant::POS_INFINITY);
            let last =
                if til.is_finite() && til > fra { Instant::from_micros(til.micros() - 1) } else { til };
            (fra, last)
        }
    }
}

fn krav<'s>(egen: Option<&'s SoegVirkning>, faelles: &'s SoegVirkning) -> &'s SoegVirkning {
    egen.unwrap_or(faelles)
}

/// Refuses a template in which some period ends before it begins.
///
/// # Errors
/// [`Fejl::Virkning`].
pub fn check(skabelon: &Skabelon, nu: Instant) -> Result<(), Fejl> {
    let egne = skabelon.egenskaber.iter().map(|e| e.virkning.as_ref());
    let egne = egne.chain(skabelon.tilstande.iter().map(|t| t.virkning.as_ref()));
    let mut egne = egne.chain(skabelon.relationer.iter().map(|r| r.virkning.as_ref())).chain([None]);
    if egne.any(|egen| matches!(vindue(egen, &skabelon.virkning, nu), (fra, til) if fra > til)) {
        return Err(Fejl::Virkning("FraTidspunkt ligger efter TilTidspunkt i søgningen".into()));
    }
    Ok(())
}

fn has_demands(virkning: &SoegVirkning) -> bool {
    given(&virkning.aktoer_ref).is_some() || virkning.aktoer_type.is_some() || virkning.note.is_some()
}

/// Whether the registrering holds what the template says. Owner, paging and registration times are not asked here.
#[must_use]
pub fn matches(
    typ: &'static ObjektType,
    skabelon: &Skabelon,
    registrering: &Registrering,
    nu: Instant,
) -> bool {
    let om = &skabelon.registrering;
    let livscyklus =
        om.livscyklus.map_or(registrering.livscyklus.is_live(), |kode| registrering.livscyklus == kode);
    let bruger = same(&om.bruger_ref, registrering.bruger_ref.as_ref());
    let holds = |egen: Option<&SoegVirkning>, virkning: &Virkning| {
        let (fra, til) = vindue(egen, &skabelon.virkning, nu);
        virkning.period.meets(fra, til) && virkning_passer(krav(egen, &skabelon.virkning), virkning)
    };
    let indhold = &registrering.indhold;
    let egenskab = |soegt: &SoegEgenskab| {
        is_empty(soegt)
            || indhold
                .egenskaber
                .iter()
                .any(|e| holds(soegt.virkning.as_ref(), &e.virkning) && felter_passer(soegt, e))
    };
    let tilstand = |soegt: &SoegTilstand| {
        let kode = |k| soegt.kode.is_none_or(|s| s == k);
        indhold.tilstande.iter().any(|t| kode(t.kode) && holds(soegt.virkning.as_ref(), &t.virkning))
    };
    let relation = |soegt: &SoegRelation| {
        indhold
            .relationer(soegt.navn)
            .any(|r| relation_passer(soegt, r) && holds(soegt.virkning.as_ref(), &r.virkning))
    };
    debug_assert!(skabelon.relationer.iter().all(|r| typ.relation(r.navn).is_some()));
    livscyklus
        && bruger
        && (skabelon.egenskaber.is_empty() || skabelon.egenskaber.iter().any(egenskab))
        && skabelon.tilstande.iter().all(tilstand)
        && skabelon.relationer.iter().all(relation)
}

fn is_empty(soegt: &SoegEgenskab) -> bool {
    soegt.felter.is_empty() && soegt.grupper.is_empty() && !soegt.virkning.as_ref().is_some_and(has_demands)
}

fn virkning_passer(krav: &SoegVirkning, virkning: &Virkning) -> bool {
    same(&krav.aktoer_ref, virkning.aktoer_ref.as_ref())
        && krav.aktoer_type.is_none_or(|kode| virkning.aktoer_type == Some(kode))
        && krav
            .note
            .as_ref()
            .is_none_or(|note| virkning.note.as_ref().is_some_and(|n| joker(&fold(note), &fold(n))))
}

fn felter_passer(soegt: &SoegEgenskab, egenskab: &Egenskab) -> bool {
    // A blank text is no value: not even `*` fits it, as it has no search key either.
    let fits = |moenster: &str, text: &str| !text.trim().is_empty() && joker(&fold(moenster), &fold(text));
    let felt = |(navn, moenster): &(Navn, String)| match egenskab.get(*navn) {
        Some(Vaerdi::Tekst(text)) => fits(moenster, text),
        Some(Vaerdi::Tekster(texts)) => texts.iter().any(|text| fits(moenster, text)),
        Some(Vaerdi::Grupper(_)) | None => false,
    };
    let gruppe = |(navn, felter): &(Navn, Vec<(Navn, String)>)| match egenskab.get(*navn) {
        Some(Vaerdi::Grupper(grupper)) => grupper.iter().any(|gruppe| {
            felter.iter().all(|(inner, m)| gruppe.iter().any(|(navn, text)| navn == inner && fits(m, text)))
        }),
        Some(Vaerdi::Tekst(_) | Vaerdi::Tekster(_)) | None => false,
    };
    soegt.felter.iter().all(felt) && soegt.grupper.iter().all(gruppe)
}

/// A demanded reference. A blank one demands nothing: clients send it where the contract wants an element.
fn given(id: &Option<UnikId>) -> Option<&UnikId> {
    id.as_ref().filter(|id| !id.is_blank())
}

fn given_indeks(soegt: &SoegRelation) -> Option<&str> {
    soegt.indeks.as_deref().filter(|indeks| !indeks.trim().is_empty())
}

/// Whether a reference is the one demanded, compared as search keys are.
fn same(demanded: &Option<UnikId>, id: Option<&UnikId>) -> bool {
    given(demanded).is_none_or(|a| id.is_some_and(|b| a == b || fold_id(a) == fold_id(b)))
}

fn relation_passer(soegt: &SoegRelation, relation: &Relation) -> bool {
    let dynamik = relation.dynamik.as_deref();
    same(&soegt.reference, relation.reference.as_ref())
        && same(&soegt.rolle, dynamik.map(|d| &d.rolle))
        && same(&soegt.objekttype, dynamik.map(|d| &d.objekttype))
        && given_indeks(soegt).is_none_or(|i| dynamik.is_some_and(|d| d.indeks == i))
}

/// Whether `text` fits `moenster`, in which `*` is any run of characters. Both folded.
#[must_use]
pub fn joker(moenster: &str, text: &str) -> bool {
    let mut parts = moenster.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn moenster(text: &str) -> Moenster {
    let folded = fold(text);
    match folded.find('*') {
        None => Moenster::Lig(folded),
        Some(at) if at + 1 == folded.len() => Moenster::Praefiks(folded[..at].to_owned()),
        Some(_) => Moenster::Jokertegn(folded),
    }
}

/// The search keys that narrow the template down.
#[must_use]
pub fn plan(typ: &'static ObjektType, skabelon: &Skabelon, nu: Instant) -> Plan {
    let mut faelles = Planlaegger { typ, skabelon, nu, betingelser: Vec::new(), exact: true };
    faelles.exact &= given(&skabelon.registrering.bruger_ref).is_none();
    skabelon.tilstande.iter().for_each(|t| faelles.tilstand(t));
    skabelon.relationer.iter().for_each(|r| faelles.relation(r));
    if skabelon.egenskaber.iter().all(is_empty) || skabelon.egenskaber.iter().any(is_empty) {
        return Plan { alternativer: vec![faelles.betingelser], exact: faelles.exact };
    }
    let mut plan = Plan { alternativer: Vec::new(), exact: faelles.exact };
    for egenskab in &skabelon.egenskaber {
        let mut alternativ = faelles.clone();
        alternativ.egenskab(egenskab);
        plan.exact &= alternativ.exact;
        plan.alternativer.push(alternativ.betingelser);
    }
    plan
}

#[derive(Clone)]
struct Planlaegger<'s> {
    typ: &'static ObjektType,
    skabelon: &'s Skabelon,
    nu: Instant,
    betingelser: Vec<Betingelse>,
    exact: bool,
}

impl Planlaegger<'_> {
    /// The window of one item; demands on the virkning cannot be told by keys.
    fn vindue(&mut self, egen: Option<&SoegVirkning>) -> Vindue {
        self.exact &= !has_demands(krav(egen, &self.skabelon.virkning));
        vindue(egen, &self.skabelon.virkning, self.nu)
    }

    fn add(&mut self, felt: Felt, moenster: Moenster, (fra, til): Vindue) {
        self.betingelser.push(Betingelse { felt, moenster, fra, til });
    }

    fn tilstand(&mut self, soegt: &SoegTilstand) {
        let vindue = self.vindue(soegt.virkning.as_ref());
        let moenster =
            soegt.kode.map_or(Moenster::Praefiks(String::new()), |k| Moenster::Lig(fold(k.as_str())));
        self.add(felt_tilstand(self.typ), moenster, vindue);
    }

    fn relation(&mut self, soegt: &SoegRelation) {
        let vindue = self.vindue(soegt.virkning.as_ref());
        let (felt, rolle) = (felt_for(self.typ, soegt.navn), felt_rolle(self.typ, soegt.navn));
        let mut keys = 0;
        for (felt, id) in [(felt, &soegt.reference), (rolle, &soegt.rolle)] {
            if let Some(id) = given(id) {
                self.add(felt, Moenster::Lig(fold_id(id)), vindue);
                keys += 1;
            }
        }
        if keys == 0 {
            self.add(felt, Moenster::Praefiks(String::new()), vindue);
        }
        // Two demands on one relation are met by two keys, perhaps of two relations.
        self.exact &= keys < 2 && given(&soegt.objekttype).is_none() && given_indeks(soegt).is_none();
    }

    fn egenskab(&mut self, soegt: &SoegEgenskab) {
        let vindue = self.vindue(soegt.virkning.as_ref());
        // At one instant there is one record, so several fields mean the same one; over a window they may not.
        self.exact &= soegt.grupper.is_empty() && (soegt.felter.len() < 2 || vindue.0 == vindue.1);
        for (navn, text) in &soegt.felter {
            if self.typ.field(*navn).is_some_and(|f| f.searched) {
                self.add(felt_for(self.typ, *navn), moenster(text), vindue);
            } else {
                self.exact = false;
            }
        }
    }
}

#[cfg(test)]
mod tests;
