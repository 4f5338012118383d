//! The calls, one per operation.

use super::felter::{heltal, maybe_tidspunkt, note, objekt_id, soeg_virkning, uuid};
use super::indhold::{Lister, registrering};
use super::sekvens::{Sekvens, text};
use super::skabelon::{data_ejer, egenskab, skabelon, soeg_registrering};
use super::{Ramme, ugyldig};
use crate::ns::SD;
use crate::tabel::{Emne, Operation, Tjeneste, Udfoer};
use bitemporal::Instant;
use oio::catalog::{self, ObjektType, Register, lister};
use oio::model::Indhold;
use oio::operation::{Aendring, Anonymiser, Fremsoegning, SendtRegistrering, Skabelon, TidsFilter};
use oio::{Fejl, ObjektId};
use xml::Node;

/// One call, decoded.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are the standard's own")]
pub enum Kald {
    Opret { note: Option<String>, indhold: Indhold },
    Importer { objekt: ObjektId, sendt: Vec<SendtRegistrering> },
    Ret { objekt: ObjektId, note: Option<String>, aendring: Aendring },
    Passiver { objekt: ObjektId, note: Option<String> },
    Slet { objekt: ObjektId, note: Option<String> },
    Laes { objekt: ObjektId, filter: TidsFilter },
    List { objekter: Vec<ObjektId>, filter: TidsFilter },
    Soeg { skabelon: Box<Skabelon>, foerste: Option<i64>, antal: Option<i64> },
    Fremsoeg(Box<Fremsoegning>),
    ImporterSystem(Vec<(&'static ObjektType, ObjektId, Vec<SendtRegistrering>)>),
    Anonymiser(Anonymiser),
    Fysiskslet { organisation: ObjektId, enhed: ObjektId },
}

/// Decodes the input element of an operation.
///
/// # Errors
/// What in it breaks the contract.
pub fn kald(
    tjeneste: &Tjeneste,
    operation: &Operation,
    node: Node<'_, '_>,
    nu: Instant,
) -> Result<Kald, Fejl> {
    match tjeneste.emne {
        Emne::Objekt(typ) => objekt_kald(&Ramme::new(typ, tjeneste.version, nu), operation.udfoer, node),
        Emne::System(_) | Emne::Administration => system_kald(tjeneste, operation.udfoer, node, nu),
    }
}

fn objekt_kald(ramme: &Ramme, udfoer: Udfoer, node: Node<'_, '_>) -> Result<Kald, Fejl> {
    let mut sekvens = Sekvens::of(node);
    let kald = match udfoer {
        Udfoer::Opret => {
            let note = note(&mut sekvens)?;
            let lister = Lister::read(ramme, &mut sekvens);
            if !ramme.typ.opret_lister_valgfri {
                lister.all()?;
            }
            Kald::Opret { note, indhold: lister.indhold(ramme)? }
        }
        Udfoer::Importer => {
            let (objekt, sendt) = importeret(ramme, sekvens.must(&ramme.t, ramme.typ.name)?)?;
            Kald::Importer { objekt, sendt }
        }
        Udfoer::Ret => {
            let objekt = objekt_id(&mut sekvens)?;
            let note = note(&mut sekvens)?;
            let aendring = Lister::read(ramme, &mut sekvens).aendring(ramme)?;
            Kald::Ret { objekt, note, aendring }
        }
        Udfoer::Passiver => Kald::Passiver { objekt: objekt_id(&mut sekvens)?, note: note(&mut sekvens)? },
        Udfoer::Slet => Kald::Slet { objekt: objekt_id(&mut sekvens)?, note: note(&mut sekvens)? },
        Udfoer::Laes => {
            let objekt = objekt_id(&mut sekvens)?;
            Kald::Laes { objekt, filter: filter(&mut sekvens)? }
        }
        Udfoer::List => {
            let ids = sekvens.many(SD, "UUIDIdentifikator");
            let objekter = ids.into_iter().map(|n| uuid(n).map(ObjektId)).collect::<Result<_, _>>()?;
            Kald::List { objekter, filter: filter(&mut sekvens)? }
        }
        Udfoer::Soeg => {
            let side = Soegehoved::read(&mut sekvens)?;
            let ejer = data_ejer(ramme, &mut sekvens)?;
            let skabelon = skabelon(ramme, &mut sekvens, side.registrering, side.virkning, ejer)?;
            Kald::Soeg { skabelon: Box::new(skabelon), foerste: side.foerste, antal: side.antal }
        }
        Udfoer::Fremsoeg | Udfoer::ImporterSystem | Udfoer::Anonymiser | Udfoer::Fysiskslet => {
            return Err(ugyldig(node.tag_name().name(), "hører ikke til denne service"));
        }
    };
    sekvens.end()?;
    Ok(kald)
}

/// `t:<Objekt>`: a UUID and its registreringer.
fn importeret(ramme: &Ramme, node: Node<'_, '_>) -> Result<(ObjektId, Vec<SendtRegistrering>), Fejl> {
    let mut sekvens = Sekvens::of(node);
    let objekt = objekt_id(&mut sekvens)?;
    let nodes = sekvens.many(&ramme.t, "Registrering");
    sekvens.end()?;
    Ok((objekt, nodes.into_iter().map(|n| registrering(ramme, n)).collect::<Result<_, _>>()?))
}

fn filter(sekvens: &mut Sekvens<'_, '_>) -> Result<TidsFilter, Fejl> {
    Ok(TidsFilter {
        virkning_fra: maybe_tidspunkt(sekvens, "VirkningFraFilter", Instant::NEG_INFINITY)?,
        virkning_til: maybe_tidspunkt(sekvens, "VirkningTilFilter", Instant::POS_INFINITY)?,
        registrering_fra: maybe_tidspunkt(sekvens, "RegistreringFraFilter", Instant::NEG_INFINITY)?,
        registrering_til: maybe_tidspunkt(sekvens, "RegistreringTilFilter", Instant::POS_INFINITY)?,
    })
}

/// What every search begins with.
struct Soegehoved {
    foerste: Option<i64>,
    antal: Option<i64>,
    registrering: oio::operation::SoegRegistrering,
    virkning: oio::operation::SoegVirkning,
}

impl Soegehoved {
    fn read(sekvens: &mut Sekvens<'_, '_>) -> Result<Self, Fejl> {
        Ok(Self {
            foerste: heltal(sekvens, "FoersteResultatReference")?,
            antal: heltal(sekvens, "MaksimalAntalKvantitet")?,
            registrering: soeg_registrering(sekvens.maybe(SD, "SoegRegistrering"))?,
            virkning: soeg_virkning(sekvens.maybe(SD, "SoegVirkning"))?,
        })
    }
}

fn system_kald(tjeneste: &Tjeneste, udfoer: Udfoer, node: Node<'_, '_>, nu: Instant) -> Result<Kald, Fejl> {
    let t = tjeneste.t.as_str();
    let mut sekvens = Sekvens::of(node);
    let ramme = |typ| Ramme::new(typ, tjeneste.version, nu);
    let kald = match udfoer {
        Udfoer::Fremsoeg => {
            let hoved = Soegehoved::read(&mut sekvens)?;
            let mut egenskaber = Vec::new();
            for typ in lister(tjeneste.register).iter().copied() {
                if let Some(node) = sekvens.maybe(t, &format!("{}SoegEgenskab", typ.name)) {
                    egenskaber.push((typ, egenskab(&ramme(typ), node)?));
                }
            }
            Kald::Fremsoeg(Box::new(Fremsoegning {
                registrering: hoved.registrering,
                virkning: hoved.virkning,
                egenskaber,
                foerste: hoved.foerste,
                antal: hoved.antal,
            }))
        }
        Udfoer::ImporterSystem => Kald::ImporterSystem(importerede(tjeneste, &mut sekvens, nu)?),
        Udfoer::Anonymiser => match sekvens.maybe(t, "PersonUUID") {
            Some(node) => Kald::Anonymiser(Anonymiser::Uuid(ObjektId(uuid(node)?))),
            None => {
                let cpr = text(sekvens.must(t, "PersonCPR")?)?.trim().to_owned();
                if cpr.len() != 10 || !cpr.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(ugyldig("PersonCPR", "er ti cifre"));
                }
                Kald::Anonymiser(Anonymiser::Cpr(cpr))
            }
        },
        Udfoer::Fysiskslet => {
            let organisation = ObjektId(uuid(sekvens.must(t, "OrganisationUUID")?)?);
            let enhed = ObjektId(uuid(sekvens.must(t, "OrganisationEnhedUUID")?)?);
            Kald::Fysiskslet { organisation, enhed }
        }
        _ => return Err(ugyldig(node.tag_name().name(), "hører ikke til denne service")),
    };
    sekvens.end()?;
    Ok(kald)
}

type Importerede = Vec<(&'static ObjektType, ObjektId, Vec<SendtRegistrering>)>;

/// One object of the upper type, then containers of lower ones.
fn importerede(tjeneste: &Tjeneste, sekvens: &mut Sekvens<'_, '_>, nu: Instant) -> Result<Importerede, Fejl> {
    let (oeverst, beholdere): (&'static ObjektType, &[(&str, &'static ObjektType)]) = match tjeneste.register
    {
        Register::Organisation => {
            (&catalog::ORGANISATION, &[("OrganisationEnhederInput", &catalog::ORGANISATIONENHED)])
        }
        Register::Klassifikation => (
            &catalog::KLASSIFIKATION,
            &[("FacetterInput", &catalog::FACET), ("KlasserInput", &catalog::KLASSE)],
        ),
    };
    let ramme = Ramme::new(oeverst, tjeneste.version, nu);
    let (objekt, sendt) = importeret(&ramme, sekvens.must(&ramme.t, oeverst.name)?)?;
    let mut alle = vec![(oeverst, objekt, sendt)];
    for (beholder, typ) in beholdere.iter().copied() {
        let ramme = Ramme::new(typ, tjeneste.version, nu);
        let mut inner = Sekvens::of(sekvens.must(&tjeneste.t, beholder)?);
        for node in inner.many(&ramme.t, typ.name) {
            let (objekt, sendt) = importeret(&ramme, node)?;
            alle.push((typ, objekt, sendt));
        }
        inner.end()?;
    }
    Ok(alle)
}
