//! Applying a desired state: what an import file says, compared with what is stored, in one batch.

use crate::organisation;
use crate::skriv::udfoerelse;
use crate::tilfoej::{Stand, tilfoej};
use adgang::{Aarsag, Adgang};
use app::{App, fejl};
use imports::OensketObjekt;
use oio::catalog::ObjektType;
use oio::model::{Indhold, Livscyklus, Registrering};
use oio::operation::{SendtRegistrering, Udfoerelse};
use oio::{Cvr, Fejl, ObjektId, overgang, validering};
use std::collections::{BTreeMap, HashMap};
use store::{StoreFejl, Tilfoejelse};

/// How many objects are read at a time.
const CHUNK: usize = 500;
/// How often an import that lost a guard to another writer starts over.
const ATTEMPTS_MAX: usize = 3;

/// What an import did, by object type.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Rapport {
    /// Objects that were not there before, or not in use.
    pub nye: BTreeMap<&'static str, usize>,
    /// Objects that got a new registrering.
    pub aendrede: BTreeMap<&'static str, usize>,
    /// Objects that were already as desired.
    pub uaendrede: BTreeMap<&'static str, usize>,
}

impl Rapport {
    /// All objects looked at.
    #[must_use]
    pub fn i_alt(&self) -> usize {
        [&self.nye, &self.aendrede, &self.uaendrede].iter().flat_map(|m| m.values()).sum()
    }

    /// Objects written.
    #[must_use]
    pub fn skrevet(&self) -> usize {
        self.nye.values().chain(self.aendrede.values()).sum()
    }
}

/// The stored content of objects, for importers that build the desired state from it.
///
/// # Errors
/// [`Fejl::Intern`].
pub async fn gemte(
    app: &App,
    aarsag: Aarsag,
    ejer: Cvr,
    typ: &'static ObjektType,
    ids: &[ObjektId],
) -> Result<HashMap<ObjektId, Indhold>, Fejl> {
    let adgang = app.system_adgang(aarsag, ejer);
    let stande = stande(app, &adgang, typ, ids).await?;
    Ok(stande.into_iter().map(|(id, s)| (id, s.registrering.indhold)).collect())
}

/// Every live object of one type that `ejer` owns, with its content.
///
/// # Errors
/// [`Fejl::Intern`].
pub async fn alle(
    app: &App,
    aarsag: Aarsag,
    ejer: Cvr,
    typ: &'static ObjektType,
) -> Result<HashMap<ObjektId, Indhold>, Fejl> {
    let adgang = app.system_adgang(aarsag, ejer);
    let mut soegning = store::Soegning {
        objekttype: typ.name,
        betingelser: Vec::new(),
        livscyklus: store::Livsfilter::Levende,
        aendret_fra: None,
        ejer: Some(ejer),
        efter: None,
        foerste: 0,
        antal: CHUNK as u64,
    };
    let mut alle = HashMap::new();
    loop {
        let ids = app.store().find(&adgang, &soegning).await.map_err(fejl)?;
        alle.extend(gemte(app, aarsag, ejer, typ, &ids).await?);
        if ids.len() < CHUNK {
            return Ok(alle);
        }
        soegning.efter = ids.last().copied();
    }
}

/// Makes the register hold exactly this content for these objects: everything or nothing, at one registration time.
/// Objects not named stay as they are. `fremskridt` is told how many of how many are prepared.
///
/// # Errors
/// The first rule an object breaks; [`Fejl::Konflikt`] when others kept changing the same objects.
pub async fn anvend(
    app: &App,
    aarsag: Aarsag,
    ejer: Cvr,
    objekter: &[OensketObjekt],
    fremskridt: &(dyn Fn(usize, usize) + Sync),
) -> Result<Rapport, Fejl> {
    let adgang = app.system_adgang(aarsag, ejer);
    for _ in 0..ATTEMPTS_MAX {
        let (rapport, saet) = forbered(app, &adgang, objekter, fremskridt).await?;
        if saet.is_empty() {
            return Ok(rapport);
        }
        let skrevne: Vec<ObjektId> = saet.iter().map(|s| s.objekt).collect();
        match app.store().append(&adgang, app.now(), saet).await {
            Ok(()) => {
                skrevne.iter().for_each(|objekt| app.labels().forget(*objekt));
                return Ok(rapport);
            }
            Err(StoreFejl::Tabt(_)) => {}
            Err(other) => return Err(fejl(other)),
        }
    }
    Err(Fejl::Konflikt("andre ændrer de samme objekter lige nu; prøv igen".into()))
}

async fn forbered(
    app: &App,
    adgang: &Adgang,
    objekter: &[OensketObjekt],
    fremskridt: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Rapport, Vec<Tilfoejelse>), Fejl> {
    let mut rapport = Rapport::default();
    let mut saet = Vec::new();
    let u = udfoerelse(app, adgang, None);
    let mut faerdige = 0;
    for gruppe in objekter.chunk_by(|a, b| a.objekttype == b.objekttype) {
        for stykke in gruppe.chunks(CHUNK) {
            let typ = stykke[0].objekttype;
            let ids: Vec<ObjektId> = stykke.iter().map(|o| o.objekt).collect();
            let stande = stande(app, adgang, typ, &ids).await?;
            for oensket in stykke {
                let stand = stande.get(&oensket.objekt);
                match skridt(oensket, stand, &u)? {
                    Some((nye, handling)) => {
                        let tael = if stand.is_some_and(|s| s.registrering.livscyklus.is_live()) {
                            &mut rapport.aendrede
                        } else {
                            &mut rapport.nye
                        };
                        *tael.entry(typ.name).or_default() += 1;
                        let ejer = stand.map_or(adgang.myndighed, |s| s.ejer);
                        let foer = stand.map(|s| &s.registrering);
                        saet.push(tilfoej(typ, oensket.objekt, ejer, foer, &nye, handling));
                    }
                    None => *rapport.uaendrede.entry(typ.name).or_default() += 1,
                }
            }
            faerdige += stykke.len();
            fremskridt(faerdige, objekter.len());
        }
    }
    Ok((rapport, saet))
}

/// What must be recorded for the object to be as desired; `None` when it is.
fn skridt(
    oensket: &OensketObjekt,
    stand: Option<&Stand>,
    u: &Udfoerelse,
) -> Result<Option<(Vec<Registrering>, &'static str)>, Fejl> {
    let typ = oensket.objekttype;
    let mut indhold = oensket.indhold.clone();
    organisation::udfyld(typ, &mut indhold.egenskaber);
    match stand.filter(|s| s.registrering.livscyklus.is_live()) {
        None => {
            let sendt =
                SendtRegistrering { note: oensket.note.clone(), indhold, ..SendtRegistrering::default() };
            let nye = overgang::importer(typ, stand.map(|s| &s.registrering), vec![sendt], u)?;
            Ok(Some((nye, "Importer")))
        }
        Some(stand) => {
            let indhold = validering::normaliser(typ, indhold)?;
            if indhold == stand.registrering.indhold {
                return Ok(None);
            }
            validering::validate(typ, &indhold, u.krav)?;
            let ny = Registrering {
                tidspunkt: u.nu.max(stand.registrering.tidspunkt.next()),
                livscyklus: Livscyklus::Importeret,
                bruger_ref: Some(u.bruger_ref.clone()),
                note: oensket.note.clone(),
                indhold,
            };
            Ok(Some((vec![ny], "Ret")))
        }
    }
}

async fn stande(
    app: &App,
    adgang: &Adgang,
    typ: &'static ObjektType,
    ids: &[ObjektId],
) -> Result<HashMap<ObjektId, Stand>, Fejl> {
    let mut stande = HashMap::with_capacity(ids.len());
    for stykke in ids.chunks(CHUNK) {
        for gemt in app.store().load_many(adgang, typ.name, stykke).await.map_err(fejl)? {
            stande.insert(gemt.objekt, Stand::of(&gemt)?);
        }
    }
    Ok(stande)
}
