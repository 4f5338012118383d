//! What rules ask about outside the object, looked up beforehand. What no rule that refuses asks about is not looked up.

use crate::Svar;
use crate::grundlag::Grundlag;
use crate::hent::{self, Kendt, lager};
use crate::naboer::BETALT;
use app::App;
use bitemporal::Instant;
use indeks::model::{Forekomst, Indhold};
use indeks::noegler::{self, Felt};
use indeks::regler::Opslag;
use indeks::skema::Art;
use indeks::verden::{Navn, bevilling_af};
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The rules that ask about other objects.
const REFERENCER: [&str; 2] = ["S-15", "E-02"];
/// The rule that a key is one object's alone.
const ENTYDIG: [&str; 1] = ["S-03"];
/// Objects with the keys of one call that are looked at.
const MED_NOEGLE_MAX: u64 = 10_000;

/// Where one kind of object refers to others.
const PEGER: [(&str, Art); 5] = [
    ("Sagsrelation", Art::Sag),
    ("Journalpost", Art::Dokument),
    ("Dokumentrelation", Art::Dokument),
    ("Bevillingssag", Art::Sag),
    (BETALT, Art::Bevilling),
];

/// What is known of the world around the objects of a call.
#[derive(Default)]
pub(crate) struct Kendskab {
    /// The objects there are, of those referred to; `None` when nobody asked.
    objekter: Option<BTreeSet<Navn>>,
    /// The `Id`s of the BevilgetYdelser of grants referred to.
    ydelser: BTreeMap<Uuid, BTreeSet<String>>,
    /// Who has a key, by kind, owner and key; `None` when nobody asked.
    noegler: Option<BTreeMap<(Art, String, String), BTreeSet<Uuid>>>,
}

/// The same, asked about one object.
pub(crate) struct Om<'k> {
    pub(crate) kendskab: &'k Kendskab,
    pub(crate) uuid: Uuid,
}

impl Kendskab {
    /// Looks up what rules may ask about these objects of an authority. Another authority's objects are not there.
    pub(crate) async fn om(
        app: &App,
        grundlag: &Grundlag,
        ejer: Cvr,
        indhold: &[(Navn, &Indhold)],
        nu: Instant,
    ) -> Svar<Self> {
        let mut kendskab = Self::default();
        if grundlag.afviser(&REFERENCER) {
            let navne: BTreeSet<Navn> = indhold.iter().flat_map(|(_, i)| henvist(i)).collect();
            let navne: Vec<Navn> = navne.into_iter().collect();
            kendskab.objekter = Some(BTreeSet::new());
            let kendte = hent::navngivne(app, &navne).await?;
            for kendt in kendte.iter().filter(|k| k.ejer == ejer) {
                kendskab.kender(kendt.navn(), kendt.objekt.nyeste().map(|r| &r.indhold));
            }
        }
        if grundlag.afviser(&ENTYDIG) {
            kendskab.noegler = Some(med_noegler(app, grundlag, indhold, nu).await?);
        }
        Ok(kendskab)
    }

    /// Whether anything was looked up.
    pub(crate) fn ved_noget(&self) -> bool {
        self.objekter.is_some() || self.noegler.is_some()
    }

    /// Lets an object count as being there.
    pub(crate) fn kender(&mut self, navn: Navn, indhold: Option<&Indhold>) {
        let Some(objekter) = &mut self.objekter else { return };
        objekter.insert(navn);
        if navn.0 == Art::Bevilling {
            let id = |f: &Forekomst| f.felt("Id").map(str::to_owned);
            let ider = indhold.into_iter().flat_map(|i| i.af("BevilgetYdelse")).filter_map(id);
            self.ydelser.entry(navn.1).or_default().extend(ider);
        }
    }
}

impl Opslag for Om<'_> {
    fn objekt(&self, art: Art, uuid: Uuid) -> Option<bool> {
        self.kendskab.objekter.as_ref().map(|o| o.contains(&(art, uuid)))
    }

    fn noegle_optaget(&self, art: Art, ejer: &str, noegle: &str) -> Option<bool> {
        let noegler = self.kendskab.noegler.as_ref()?;
        let har = noegler.get(&(art, ejer.to_owned(), noegle.to_owned()));
        Some(har.is_some_and(|uuider| uuider.iter().any(|u| *u != self.uuid)))
    }

    fn bevilget_ydelse(&self, bevilling: Uuid, id: &str) -> Option<bool> {
        self.kendskab.objekter.as_ref()?;
        Some(self.kendskab.ydelser.get(&bevilling).is_some_and(|ider| ider.contains(id)))
    }
}

/// Every object a content refers to, whenever.
fn henvist(indhold: &Indhold) -> impl Iterator<Item = Navn> + '_ {
    indhold.forekomster.iter().filter_map(|f| {
        let (afsnit, art) = PEGER.iter().find(|(afsnit, _)| *afsnit == f.afsnit.navn())?;
        let uuid = if *afsnit == BETALT { bevilling_af(f) } else { f.uuid() };
        uuid.map(|uuid| (*art, uuid))
    })
}

/// The keys (BrugervendtNoegle) that an object has now, each with its owner.
fn egne_noegler(art: Art, indhold: &Indhold, grundlag: &Grundlag, nu: Instant) -> Vec<(String, String)> {
    let mut nu_i = indhold.forekomster.iter().filter(|f| f.gaelder(nu));
    let ejer = nu_i.find(|f| grundlag.roller.er(art, f, "Ejer")).and_then(Forekomst::cvr);
    let noegler =
        indhold.af("Egenskaber").filter(|f| f.gaelder(nu)).filter_map(|f| f.felt("BrugervendtNoegle"));
    let par = |(ejer, noegle): (&str, &str)| (ejer.to_owned(), noegle.to_owned());
    let Some(ejer) = ejer else { return Vec::new() };
    noegler.map(|noegle| par((ejer, noegle))).collect()
}

async fn med_noegler(
    app: &App,
    grundlag: &Grundlag,
    indhold: &[(Navn, &Indhold)],
    nu: Instant,
) -> Svar<BTreeMap<(Art, String, String), BTreeSet<Uuid>>> {
    let mut ud: BTreeMap<_, BTreeSet<Uuid>> = BTreeMap::new();
    let mut med = |art: Art, uuid: Uuid, i: &Indhold| {
        for (ejer, noegle) in egne_noegler(art, i, grundlag, nu) {
            ud.entry((art, ejer, noegle)).or_default().insert(uuid);
        }
    };
    for art in Art::ALLE {
        let deres = indhold.iter().filter(|(navn, _)| navn.0 == art);
        let noegler = deres.flat_map(|(_, i)| i.af("Egenskaber")).filter_map(|f| f.felt("BrugervendtNoegle"));
        let vaerdier: BTreeSet<Vec<u8>> = noegler.map(noegler::nummer).collect();
        if vaerdier.is_empty() {
            continue;
        }
        let vaerdier: Vec<Vec<u8>> = vaerdier.into_iter().collect();
        let felt = Felt::nummer(art).0;
        let numre = app.store().indeks_med_noegle(felt, &vaerdier, MED_NOEGLE_MAX).await.map_err(lager)?;
        for Kendt { objekt, .. } in hent::af_numre(app, &numre).await? {
            if let Some(r) = objekt.nyeste() {
                med(objekt.art, objekt.uuid, &r.indhold);
            }
        }
    }
    indhold.iter().for_each(|((art, uuid), i)| med(*art, *uuid, i));
    Ok(ud)
}
