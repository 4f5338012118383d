//! fremsoegobjekthierarki: every object of a register, list by list, page by page.

use crate::laes::aktuelle;
use crate::soeg::{Side, find};
use adgang::{Adgang, Caller, Operation};
use app::App;
use oio::catalog::klassifikation::{facet, klasse};
use oio::catalog::{self, ObjektType, Register, lister};
use oio::operation::{Fremsoegning, Oejebliksbillede, Skabelon, TidsFilter};
use oio::{Fejl, ObjektId, noegle};
use std::collections::VecDeque;
use store::{Betingelse, Moenster};

/// How many objects are read and encoded at a time: what bounds the memory of one answer.
const CHUNK: usize = 200;
/// Most classifications and facets a filter may leave standing above the classes.
const ABOVE_MAX: usize = 10_000;

/// An answer under way: ids are known, objects are read as they are asked for.
pub struct Hierarki {
    app: App,
    adgang: Adgang,
    filter: TidsFilter,
    lister: VecDeque<(usize, &'static ObjektType, VecDeque<ObjektId>)>,
}

/// Finds what belongs on the page of every list. Objects are read afterwards, by [`Hierarki::next`].
///
/// # Errors
/// As `soeg`, before anything has been answered.
pub async fn fremsoeg(
    app: &App,
    caller: &Caller,
    register: Register,
    input: Fremsoegning,
) -> Result<Hierarki, Fejl> {
    let lister = lister(register);
    let adgang = app.authorize(caller, Operation::Fremsoeg, lister[0]).await?;
    let side = Side::new(input.foerste, input.antal, app.config().fremsoeg_max)?;
    let mut fundne = VecDeque::with_capacity(lister.len());
    let mut ovenfra = Ovenfra::default();
    for (index, typ) in lister.iter().copied().enumerate() {
        let skabelon = skabelon(&input, typ);
        let ekstra = ovenfra.betingelser(typ);
        let ids = match &ekstra {
            Some(ekstra) => find(app, &adgang, typ, &skabelon, ekstra, side).await?,
            None => Vec::new(),
        };
        if register == Register::Klassifikation {
            ovenfra.restrict(app, &adgang, typ, &skabelon, ekstra).await?;
        }
        app.log(&adgang, &ids).await;
        fundne.push_back((index, typ, ids.into()));
    }
    let filter = TidsFilter {
        virkning_fra: input.virkning.fra,
        virkning_til: input.virkning.til,
        ..TidsFilter::default()
    };
    Ok(Hierarki { app: app.clone(), adgang, filter, lister: fundne })
}

fn skabelon(input: &Fremsoegning, typ: &'static ObjektType) -> Skabelon {
    Skabelon {
        registrering: input.registrering.clone(),
        virkning: input.virkning.clone(),
        egenskaber: input.egenskaber.iter().filter(|(t, _)| *t == typ).map(|(_, e)| e.clone()).collect(),
        ..Skabelon::default()
    }
}

impl Hierarki {
    /// The next objects, with the index of the list they belong to; `None` when all lists are done.
    pub async fn next(&mut self) -> Option<Result<(usize, Vec<Oejebliksbillede>), Fejl>> {
        loop {
            let (index, typ, ids) = self.lister.front_mut()?;
            if ids.is_empty() {
                self.lister.pop_front();
                continue;
            }
            let naeste: Vec<ObjektId> = ids.drain(..CHUNK.min(ids.len())).collect();
            let (index, typ) = (*index, *typ);
            let billeder = aktuelle(&self.app, &self.adgang, typ, &naeste, &self.filter).await;
            return Some(billeder.map(|b| (index, b)));
        }
    }
}

/// Filters of Klassifikation work downwards: what an upper list keeps restricts the lists below it.
#[derive(Default)]
struct Ovenfra {
    /// The upper objects left standing, when some upper list was filtered.
    kept: Option<Vec<ObjektId>>,
}

impl Ovenfra {
    /// The conditions on this list; `None` when nothing above was left.
    fn betingelser(&self, typ: &'static ObjektType) -> Option<Vec<Betingelse>> {
        let Some(kept) = &self.kept else { return Some(Vec::new()) };
        let relation = match typ.name {
            "Facet" => facet::FACET_TILHOERER,
            "Klasse" => klasse::FACET,
            _ => return Some(Vec::new()),
        };
        if kept.is_empty() {
            return None;
        }
        Some(vec![Betingelse {
            felt: noegle::felt_for(typ, relation.navn).0,
            moenster: Moenster::EnAf(kept.iter().map(ToString::to_string).collect()),
            fra: i64::MIN,
            til: i64::MAX,
        }])
    }

    /// Notes what this list keeps, over all its pages, when it or a list above is filtered.
    async fn restrict(
        &mut self,
        app: &App,
        adgang: &Adgang,
        typ: &'static ObjektType,
        skabelon: &Skabelon,
        ekstra: Option<Vec<Betingelse>>,
    ) -> Result<(), Fejl> {
        let filtered = skabelon.egenskaber.iter().any(|e| !e.felter.is_empty());
        if *typ == catalog::KLASSE || (!filtered && self.kept.is_none()) {
            return Ok(());
        }
        let side = Side { foerste: 0, antal: ABOVE_MAX as u64 + 1 };
        let kept = match ekstra {
            Some(ekstra) => find(app, adgang, typ, skabelon, &ekstra, side).await?,
            None => Vec::new(),
        };
        if kept.len() > ABOVE_MAX {
            return Err(Fejl::Graense(format!(
                "filtret på {} rammer over {ABOVE_MAX}; gør det snævrere",
                typ.name
            )));
        }
        self.kept = Some(kept);
        Ok(())
    }
}
