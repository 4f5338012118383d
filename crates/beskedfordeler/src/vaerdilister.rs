//! Keeping lists of values: the rules of the operations, and what they answer.

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::kalder::Tjenestekald;
use besked::vaerdiliste::{
    Filtre, Indhold, Kald, Ret, Soegning, Svarliste, Tidspunkt, VAERDIER_MAX, Virkning,
};
use bitemporal::Instant;
use identity::tid;
use store::{Gemtliste, Listeregistrering, Moenster, Vaerdiliste, Vaerdiskift};
use uuid::Uuid;

const OPSTAAET: &str = "Opstaaet";
const IMPORTERET: &str = "Importeret";
const RETTET: &str = "Rettet";
const PASSIVERET: &str = "Passiveret";
const SLETTET: &str = "Slettet";
/// Values read at a time.
const SIDE: u64 = 10_000;
/// How often a change is decided anew when somebody else came first.
const FORSOEG: u32 = 5;

/// An answer: StatusKode, text, and what else is told.
pub type Svar = Result<Ret, (u16, String)>;

/// Whether a list in this life cycle matches anything.
pub(crate) fn i_brug(livscyklus: &str) -> bool {
    livscyklus != PASSIVERET && livscyklus != SLETTET
}

impl Fordeler {
    /// Does what a receiver asks for with its lists and messages.
    ///
    /// # Errors
    /// StatusKode and FejlbeskedTekst of what is refused.
    pub async fn betjen(&self, hvem: &Tjenestekald, kald: Kald) -> Svar {
        let svar = match kald {
            Kald::Opret(indhold) => self.ny_liste(hvem, self.app().new_uuid(), OPSTAAET, indhold).await,
            Kald::Import(liste, indhold) => self.ny_liste(hvem, liste, IMPORTERET, indhold).await,
            Kald::Ret(liste, indhold, note) => self.ret_liste(hvem, liste, indhold, note).await,
            Kald::Laes(liste, filtre) => self.laes_lister(hvem, &[liste], &filtre, true).await,
            Kald::List(lister, filtre) => self.laes_lister(hvem, &lister, &filtre, false).await,
            Kald::Soeg(soegning) => self.soeg_lister(hvem, soegning).await,
            Kald::Passiver(liste, note) => self.afslut(hvem, liste, PASSIVERET, note).await,
            Kald::Slet(liste, note) => self.afslut(hvem, liste, SLETTET, note).await,
            Kald::Tilfoej(liste, nye) => self.skift(hvem, liste, Vaerdiskift::Tilfoej(nye)).await,
            Kald::Fjern(liste, gamle) => self.skift(hvem, liste, Vaerdiskift::Fjern(gamle)).await,
            Kald::Flyt(besked_id) => match self.flyt_til_fejlkoe(hvem.system(), &besked_id).await {
                Ok(true) => Ok(Ok(Ret::Intet)),
                Ok(false) => Ok(Err((44, "Ukendt BeskedId for dette anvendersystem".into()))),
                Err(fejl) => Err(fejl),
            },
        };
        svar.unwrap_or_else(|fejl| {
            tracing::error!(target: "besked", %fejl, "et kald om værdilister lykkedes ikke");
            Err((50, "Intern fejl".into()))
        })
    }

    async fn ny_liste(
        &self,
        hvem: &Tjenestekald,
        liste: Uuid,
        livscyklus: &str,
        indhold: Indhold,
    ) -> Result<Svar, Fejl> {
        let reg = self.listeregistrering(hvem, liste, livscyklus, &indhold);
        let skift = Vaerdiskift::Erstat(indhold.vaerdier);
        match self.app().store().gem_vaerdiliste(reg, skift, None, VAERDIER_MAX as u64).await? {
            Gemtliste::Gemt { .. } => self.fortael(liste, livscyklus == OPSTAAET).await,
            Gemtliste::ForMange => Ok(for_mange()),
            Gemtliste::Findes | Gemtliste::Overhalet => {
                Ok(Err((49, "Der findes allerede en værdiliste med det UUID".into())))
            }
        }
    }

    /// Decides and stores a change, anew when somebody else came first.
    async fn aendr(
        &self,
        hvem: &Tjenestekald,
        liste: Uuid,
        afslutter: bool,
        beslut: impl Fn(&Vaerdiliste, Hoved) -> Result<(Listeregistrering, Vaerdiskift), (u16, String)>,
    ) -> Result<Result<(), (u16, String)>, Fejl> {
        for _ in 0..FORSOEG {
            let Some(nu) = self.min_liste(hvem, liste).await? else { return Ok(Err(ukendt())) };
            let hoved = Hoved::laes(&nu.reg.hoved)?;
            if nu.reg.livscyklus == PASSIVERET && !afslutter {
                return Ok(Err((49, "Værdilisten er passiveret og kan ikke ændres; opret en ny".into())));
            }
            let (mut reg, skift) = match beslut(&nu, hoved) {
                Ok(besluttet) => besluttet,
                Err(afvist) => return Ok(Err(afvist)),
            };
            // Two changes never have the same time.
            reg.tidspunkt = self.app().now().max(nu.reg.tidspunkt.next());
            let forventet = Some(nu.reg.tidspunkt);
            match self.app().store().gem_vaerdiliste(reg, skift, forventet, VAERDIER_MAX as u64).await? {
                Gemtliste::Gemt { .. } => {
                    self.liste_aendret(liste).await?;
                    return Ok(Ok(()));
                }
                Gemtliste::ForMange => return Ok(for_mange().map(|_| ())),
                Gemtliste::Overhalet | Gemtliste::Findes => {}
            }
        }
        Ok(Err((53, "Værdilisten ændres af andre lige nu; prøv igen".into())))
    }

    async fn ret_liste(
        &self,
        hvem: &Tjenestekald,
        liste: Uuid,
        indhold: Option<Indhold>,
        note: Option<String>,
    ) -> Result<Svar, Fejl> {
        let beslut = |nu: &Vaerdiliste, hoved: Hoved| {
            Ok(match &indhold {
                Some(indhold) => (
                    self.listeregistrering(hvem, liste, RETTET, indhold),
                    Vaerdiskift::Erstat(indhold.vaerdier.clone()),
                ),
                None => {
                    let hoved = Hoved { bruger: hvem.system(), note: note.clone(), ..hoved };
                    (naeste(nu, RETTET, &hoved), Vaerdiskift::Uaendret)
                }
            })
        };
        match self.aendr(hvem, liste, false, beslut).await? {
            Ok(()) => self.fortael(liste, false).await,
            Err(afvist) => Ok(Err(afvist)),
        }
    }

    async fn afslut(
        &self,
        hvem: &Tjenestekald,
        liste: Uuid,
        livscyklus: &'static str,
        note: Option<String>,
    ) -> Result<Svar, Fejl> {
        let beslut = |nu: &Vaerdiliste, hoved: Hoved| {
            if self.bruger_liste(hvem.system(), liste) {
                return Err((49, "Værdilisten bruges af et filter; fjern den fra filteret først".into()));
            }
            let hoved = Hoved { bruger: hvem.system(), note: note.clone(), ..hoved };
            Ok((naeste(nu, livscyklus, &hoved), Vaerdiskift::Uaendret))
        };
        match self.aendr(hvem, liste, true, beslut).await? {
            Ok(()) => self.fortael(liste, false).await,
            Err(afvist) => Ok(Err(afvist)),
        }
    }

    async fn skift(&self, hvem: &Tjenestekald, liste: Uuid, skift: Vaerdiskift) -> Result<Svar, Fejl> {
        let beslut = |nu: &Vaerdiliste, hoved: Hoved| {
            let hoved = Hoved { bruger: hvem.system(), note: None, ..hoved };
            Ok((naeste(nu, RETTET, &hoved), skift.clone()))
        };
        Ok(self.aendr(hvem, liste, false, beslut).await?.map(|()| Ret::Intet))
    }

    async fn laes_lister(
        &self,
        hvem: &Tjenestekald,
        lister: &[Uuid],
        filtre: &Filtre,
        en: bool,
    ) -> Result<Svar, Fejl> {
        let mut fundne = self.app().store().vaerdilister(lister).await?;
        fundne.retain(|l| l.reg.ejer == hvem.system() && l.reg.livscyklus != SLETTET);
        // In the order they were asked for.
        fundne.sort_by_key(|l| lister.iter().position(|id| *id == l.reg.liste));
        if fundne.iter().map(|l| l.antal).sum::<u64>() > VAERDIER_MAX as u64 {
            return Ok(Err((
                40,
                format!("listerne har tilsammen over {VAERDIER_MAX} værdier; læs færre ad gangen"),
            )));
        }
        let mut svar = Vec::new();
        for liste in fundne {
            svar.extend(self.svarliste(liste.reg, filtre).await?);
        }
        Ok(match (svar.is_empty(), en && filtre.er_tomme()) {
            (true, _) => Err(ukendt()),
            (false, true) => Ok(Ret::Laest(svar)),
            // Of several, each must say which it is.
            (false, false) => Ok(Ret::Billeder(svar)),
        })
    }

    async fn soeg_lister(&self, hvem: &Tjenestekald, s: Soegning) -> Result<Svar, Fejl> {
        let moenster = |tekst: String| Moenster::Jokertegn(tekst.to_lowercase());
        let store = self.app().store();
        let (navn, bvn) = (s.navn.map(moenster), s.bvn.map(moenster));
        // One list that is named is judged like any other.
        let (spring, antal) = if s.liste.is_some() { (0, u64::MAX) } else { (s.spring, s.antal) };
        let system = hvem.system();
        let mut fundne =
            store.soeg_vaerdilister(system, navn, bvn, &s.vaerdier, &[SLETTET], spring, antal).await?;
        if let Some(liste) = s.liste {
            fundne.retain(|fundet| *fundet == liste);
            fundne = fundne.into_iter().skip(usize::try_from(s.spring).unwrap_or(usize::MAX)).collect();
        }
        Ok(if fundne.is_empty() {
            Err((44, "Ingen værdilister svarer til søgningen".into()))
        } else {
            Ok(Ret::Ider(fundne))
        })
    }

    /// A list of the caller's that is not deleted.
    async fn min_liste(&self, hvem: &Tjenestekald, liste: Uuid) -> Result<Option<Vaerdiliste>, Fejl> {
        let fundet = self.app().store().vaerdiliste(liste).await?;
        Ok(fundet.filter(|l| l.reg.ejer == hvem.system() && l.reg.livscyklus != SLETTET))
    }

    fn listeregistrering(
        &self,
        hvem: &Tjenestekald,
        liste: Uuid,
        livscyklus: &str,
        indhold: &Indhold,
    ) -> Listeregistrering {
        let hoved = Hoved {
            bruger: hvem.system(),
            virkning: indhold.virkning.clone(),
            note: indhold.note.clone(),
            andre: indhold.andre.clone(),
        };
        Listeregistrering {
            liste,
            ejer: hvem.system(),
            tidspunkt: self.app().now(),
            livscyklus: livscyklus.into(),
            navn: indhold.navn.clone(),
            bvn: indhold.bvn.clone(),
            hoved: hoved.gem(),
        }
    }

    /// The answer that tells how a list is now.
    async fn fortael(&self, liste: Uuid, objekt: bool) -> Result<Svar, Fejl> {
        let Some(nu) = self.app().store().vaerdiliste(liste).await? else { return Ok(Err(ukendt())) };
        let svar = self.svarliste(nu.reg, &Filtre::default()).await?;
        let Some(svar) = svar else { return Ok(Err(ukendt())) };
        Ok(Ok(if objekt { Ret::Objekt(svar) } else { Ret::Registrering(svar) }))
    }

    /// A list as it is, or was at the time a filter names; `None` when it was not there then.
    async fn svarliste(&self, nu: Listeregistrering, filtre: &Filtre) -> Result<Option<Svarliste>, Fejl> {
        let store = self.app().store();
        let moment = |t: &Option<Tidspunkt>| match t {
            Some(Tidspunkt::Tid(_, moment)) => Some(Instant::from_micros(*moment)),
            _ => None,
        };
        let reg = match moment(&filtre.registrering_til) {
            None => nu,
            Some(til) => match store.vaerdiliste_registrering_ved(nu.liste, til).await? {
                Some(reg) => reg,
                None => return Ok(None),
            },
        };
        let hoved = Hoved::laes(&reg.hoved)?;
        let i_virkning =
            hoved.virkning.overlapper(filtre.virkning_fra.as_ref(), filtre.virkning_til.as_ref());
        let vaerdier = if i_virkning { self.vaerdier(&reg).await? } else { Vec::new() };
        Ok(Some(Svarliste {
            liste: reg.liste,
            tidspunkt: tid::skriv(reg.tidspunkt),
            livscyklus: reg.livscyklus,
            bruger: hoved.bruger,
            bvn: reg.bvn,
            navn: reg.navn,
            vaerdier,
            virkning: i_virkning.then_some(hoved.virkning),
            // A picture shows what is in effect at the times asked about; a registrering shows all of it.
            andre: if filtre.er_tomme() { hoved.andre } else { String::new() },
        }))
    }

    /// All values of a list as a registrering made them.
    async fn vaerdier(&self, reg: &Listeregistrering) -> Result<Vec<String>, Fejl> {
        let mut vaerdier: Vec<String> = Vec::new();
        loop {
            let efter = vaerdier.last().map(String::as_str);
            let side = self.app().store().vaerdier(reg.liste, reg.tidspunkt, efter, SIDE).await?;
            let sidste = (side.len() as u64) < SIDE;
            vaerdier.extend(side);
            if sidste {
                return Ok(vaerdier);
            }
        }
    }
}

/// The next registrering of a list whose content stays.
fn naeste(nu: &Vaerdiliste, livscyklus: &str, hoved: &Hoved) -> Listeregistrering {
    Listeregistrering { livscyklus: livscyklus.into(), hoved: hoved.gem(), ..nu.reg.clone() }
}

fn ukendt() -> (u16, String) {
    (44, "Værdilisten findes ikke, eller den tilhører et andet anvendersystem".into())
}

fn for_mange() -> Svar {
    Err((40, format!("En værdiliste har højst {VAERDIER_MAX} værdier")))
}

/// What the store keeps of a registrering as one text: who made it, its virkning, what it says of other times, its
/// note.
#[derive(Debug, Clone)]
struct Hoved {
    bruger: Uuid,
    virkning: Virkning,
    andre: String,
    note: Option<String>,
}

impl Hoved {
    fn gem(&self) -> String {
        // The note comes last, as it may have lines of its own.
        let note = self.note.as_deref().unwrap_or_default();
        let en_linje = |tekst: &str| tekst.replace('\n', " ");
        format!("{}\n{}\n{}\n{note}", self.bruger, en_linje(&self.virkning.gem()), en_linje(&self.andre))
    }

    fn laes(tekst: &str) -> Result<Self, Fejl> {
        let mut dele = tekst.splitn(4, '\n');
        let ulaeselig = || Fejl::Intern("en gemt værdiliste kan ikke læses".into());
        let bruger = dele.next().and_then(|d| Uuid::try_parse(d).ok()).ok_or_else(ulaeselig)?;
        let virkning = dele.next().and_then(|d| Virkning::laes(d).ok()).ok_or_else(ulaeselig)?;
        let andre = dele.next().unwrap_or_default().to_owned();
        let note = dele.next().filter(|note| !note.is_empty()).map(ToOwned::to_owned);
        Ok(Self { bruger, virkning, andre, note })
    }
}
