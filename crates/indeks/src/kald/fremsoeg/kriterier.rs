//! The conditions of a search on one kind of object.

use super::{SIDE_MAX, SIDE_STANDARD, Side};
use crate::fejl::Fejl;
use crate::knude::Knude;
use crate::model::{Forekomst, Tidspunkt, Virkning, forekomst, tidspunkt, unik_id, virkning};
use crate::skema::{Afsnit, Art, Liste};
use bitemporal::{Instant, Period};
use oio::UnikId;
use oio::model::Livscyklus;

/// What an object must be to be found: all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kriterier {
    /// What kind of object.
    pub art: Art,
    /// The page, where one is named.
    pub side: Option<Side>,
    /// `SoegRegistrering`; without it, the newest registrering is asked.
    pub registrering: Option<RegKrav>,
    /// `SoegVirkning`; without it, what holds now is asked.
    pub virkning: Option<Virkning>,
    /// `SoegStsFraTidspunkt` and `SoegStsTilTidspunkt`.
    pub sts: Option<Period>,
    /// `SenestAendretInterval`.
    pub senest_aendret: Option<Period>,
    /// Of each: there is an instance that has all of it.
    pub kriterier: Vec<Kriterium>,
}

/// `SoegRegistrering`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegKrav {
    /// `FraTidspunkt` and `TilTidspunkt` of the registrering's `Tidspunkt`.
    pub periode: Period,
    /// `LivscyklusKode`.
    pub livscyklus: Option<Livscyklus>,
    /// `BrugerRef`.
    pub bruger_ref: Option<UnikId>,
}

/// What one instance of a section must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kriterium {
    /// Values it must have. Its virkning, when there is one, is asked for instead of `SoegVirkning`.
    pub skabelon: Forekomst,
    /// Values that must lie between two.
    pub intervaller: Vec<Interval>,
}

/// A value that must lie between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The field, at any depth of the instance; one such field is enough.
    pub felt: &'static str,
    /// Between what.
    pub vaerdi: Vaerdiinterval,
}

/// Two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vaerdiinterval {
    /// From the first until the second, which is outside.
    Tid(Period),
    /// Amounts from the first to the second, both inside, as [`crate::form::beloeb`] counts.
    Beloeb(i128, i128),
}

/// Which section and field an interval of a search is about. `SenestAendretInterval` has none: it is about the whole.
const INTERVALLER: [(Art, &str, &str, &str); 19] = [
    (Art::Sag, "OprettetTidspunktInterval", "SagIndeksEgenskaber", "OprettetTidspunkt"),
    (Art::Dokument, "BrevDatoInterval", "Egenskaber", "BrevDato"),
    (Art::Bevilling, "BevillingStartDatoInterval", "Egenskaber", "Bevillingstartdato"),
    (Art::Bevilling, "BevillingSlutDatoInterval", "Egenskaber", "Bevillingslutdato"),
    (Art::Bevilling, "BevilgetYdelseStartDatoInterval", "BevilgetYdelse", "BevilgetYdelseStartdato"),
    (Art::Bevilling, "BevilgetYdelseSlutDatoInterval", "BevilgetYdelse", "BevilgetYdelseSlutdato"),
    (Art::Bevilling, "EffektueringsplanStartDatoInterval", "BevilgetYdelse", "EffektueringsplanStartdato"),
    (Art::Bevilling, "EffektueringsplanSlutDatoInterval", "BevilgetYdelse", "EffektueringsplanSlutdato"),
    (Art::Bevilling, "YdelseBeloebInterval", "BevilgetYdelse", "Ydelsesbeloeb"),
    (Art::Effektuering, "StartDatoInterval", "Egenskaber", "Startdato"),
    (Art::Effektuering, "SlutDatoInterval", "Egenskaber", "Slutdato"),
    (Art::Effektuering, "DispositionsDatoInterval", "Egenskaber", "Dispositionsdato"),
    (Art::Effektuering, "SamletBruttoBeloebInterval", "Egenskaber", "SamletBruttobeloeb"),
    (Art::Effektuering, "BeloebUdbetaltInterval", "Egenskaber", "BeloebUdbetalt"),
    (Art::Effektuering, "BeloebEfterSkatATPInterval", "Egenskaber", "BeloebEfterSkatATP"),
    (Art::Effektuering, "BeloebSendtTilUdbetalingInterval", "Egenskaber", "BeloebSendtTilUdbetaling"),
    (Art::Effektuering, "YdelsesperiodeStartDatoInterval", YDELSE, "YdelsesperiodeStartdato"),
    (Art::Effektuering, "YdelsesperiodeSlutDatoInterval", YDELSE, "YdelsesperiodeSlutdato"),
    (Art::Effektuering, "YdelsesBeloebInterval", YDELSE, "Ydelsesbeloeb"),
];
const YDELSE: &str = "OekonomiskYdelseEffektueringRelation";

fn er_soegning(knude: &Knude) -> bool {
    knude.navn().starts_with("Soeg") && knude.navn().ends_with("LokalUdvidelse")
}

/// The period from a first to a second point, which may be missing.
fn periode(fra: Option<Tidspunkt>, til: Option<Tidspunkt>, sted: &str) -> Result<Period, Fejl> {
    let (mindst, mest) = (Instant::NEG_INFINITY, Instant::POS_INFINITY);
    Period::new(fra.map_or(mindst, |t| t.eller(mindst)), til.map_or(mest, |t| t.eller(mest)))
        .ok_or_else(|| Fejl::regel(sted, "FraTidspunkt ligger efter TilTidspunkt"))
}

impl Kriterier {
    /// The conditions of a `SoegInput`.
    pub(super) fn af(art: Art, knude: &Knude, sted: &str) -> Result<Self, Fejl> {
        let tid = |k: &Knude, navn: &str| k.barn(navn).and_then(tidspunkt);
        let registrering = knude.barn("SoegRegistrering").map(|r| -> Result<RegKrav, Fejl> {
            Ok(RegKrav {
                periode: periode(tid(r, "FraTidspunkt"), tid(r, "TilTidspunkt"), sted)?,
                livscyklus: r.tekst_af("LivscyklusKode").and_then(Livscyklus::parse),
                bruger_ref: r.barn("BrugerRef").and_then(unik_id),
            })
        });
        let (sts_fra, sts_til) = (tid(knude, "SoegStsFraTidspunkt"), tid(knude, "SoegStsTilTidspunkt"));
        let sts =
            (sts_fra.is_some() || sts_til.is_some()).then(|| periode(sts_fra, sts_til, sted)).transpose()?;
        let virkning = knude.barn("SoegVirkning").map(virkning);
        if let Some(v) = &virkning {
            periode(v.fra.clone(), v.til.clone(), sted)?;
        }
        let mut kriterier = Self {
            art,
            side: side(knude, sted)?,
            registrering: registrering.transpose()?,
            virkning,
            sts,
            senest_aendret: None,
            kriterier: Vec::new(),
        };
        for liste in Liste::ALLE {
            let indhold = knude.barn(liste.navn()).map(Knude::alle).unwrap_or_default();
            for barn in indhold {
                if barn.navn() == "LokalUdvidelseListe" {
                    barn.alle().iter().try_for_each(|b| kriterier.tilfoej(liste, b, sted))?;
                } else {
                    kriterier.tilfoej(liste, barn, sted)?;
                }
            }
        }
        Ok(kriterier)
    }

    fn tilfoej(&mut self, liste: Liste, knude: &Knude, sted: &str) -> Result<(), Fejl> {
        if er_soegning(knude) {
            return self.intervaller(knude, sted);
        }
        let typ = self.art.typ();
        let fundet =
            typ.afsnit.iter().find(|a| a.liste == liste && knude.element.hedder(a.element.ns, a.navn()));
        let Some(afsnit) = fundet else { return Ok(()) };
        let mut skabelon = forekomst(afsnit, knude);
        let mut intervaller = Vec::new();
        for soegning in skabelon.udvidelse().filter(|k| er_soegning(k)) {
            for interval in soegning.alle() {
                intervaller.extend(self.interval(interval, sted)?.map(|(_, i)| i));
            }
        }
        skabelon.felter.retain(|k| k.navn() != "LokalUdvidelseListe" || !k.alle().iter().any(er_soegning));
        self.kriterier.push(Kriterium { skabelon, intervaller });
        Ok(())
    }

    /// The intervals of a search: those about one section are to hold of one instance.
    fn intervaller(&mut self, knude: &Knude, sted: &str) -> Result<(), Fejl> {
        let mut efter_afsnit: Vec<(&'static Afsnit, Vec<Interval>)> = Vec::new();
        for barn in knude.alle() {
            if barn.navn() == "SenestAendretInterval" {
                let (fra, til) = (barn.barn("FraTidspunkt"), barn.barn("TilTidspunkt"));
                self.senest_aendret = Some(periode(fra.and_then(tidspunkt), til.and_then(tidspunkt), sted)?);
            } else if let Some((afsnit, interval)) = self.interval(barn, sted)? {
                match efter_afsnit.iter_mut().find(|(a, _)| *a == afsnit) {
                    Some((_, intervaller)) => intervaller.push(interval),
                    None => efter_afsnit.push((afsnit, vec![interval])),
                }
            }
        }
        self.kriterier.extend(efter_afsnit.into_iter().map(|(afsnit, intervaller)| Kriterium {
            skabelon: Forekomst {
                afsnit,
                virkning: None,
                hoved: crate::model::Hoved::default(),
                felter: Vec::new(),
            },
            intervaller,
        }));
        Ok(())
    }

    fn interval(&self, knude: &Knude, sted: &str) -> Result<Option<(&'static Afsnit, Interval)>, Fejl> {
        let fundet = INTERVALLER.iter().find(|(art, navn, ..)| *art == self.art && *navn == knude.navn());
        let Some((art, _, afsnit, felt)) = fundet else { return Ok(None) };
        let Some(afsnit) = art.typ().afsnit(afsnit) else { return Ok(None) };
        let beloeb = |navn: &str| knude.tekst_af(navn).and_then(crate::form::beloeb);
        let vaerdi = match (beloeb("FraBeloeb"), beloeb("TilBeloeb")) {
            (Some(fra), Some(til)) if fra > til => {
                return Err(Fejl::regel(sted, format!("{}: FraBeloeb er over TilBeloeb", knude.navn())));
            }
            (Some(fra), Some(til)) => Vaerdiinterval::Beloeb(fra, til),
            _ => {
                let (fra, til) = (knude.barn("FraTidspunkt"), knude.barn("TilTidspunkt"));
                let sted = format!("{sted}/{}", knude.navn());
                Vaerdiinterval::Tid(periode(fra.and_then(tidspunkt), til.and_then(tidspunkt), &sted)?)
            }
        };
        Ok(Some((afsnit, Interval { felt, vaerdi })))
    }
}

/// The page a `SoegInput` asks for; more than a page may hold is cut to that.
fn side(knude: &Knude, sted: &str) -> Result<Option<Side>, Fejl> {
    let tal =
        |navn: &str, mindst: i64| match knude.tekst_af(navn).map(|t| t.parse::<i64>().unwrap_or(i64::MAX)) {
            Some(tal) if tal < mindst || tal > i64::from(u32::MAX) => Err(Fejl::regel(
                format!("{sted}/sd:{navn}"),
                format!("skal være mindst {mindst} og er højst {}", u32::MAX),
            )),
            tal => Ok(tal.and_then(|t| u32::try_from(t).ok())),
        };
    let (foerste, antal) = (tal("FoersteResultatReference", 0)?, tal("MaksimalAntalKvantitet", 1)?);
    let navngivet = foerste.is_some() || antal.is_some();
    Ok(navngivet
        .then(|| Side { foerste: foerste.unwrap_or(0), antal: antal.unwrap_or(SIDE_STANDARD).min(SIDE_MAX) }))
}
