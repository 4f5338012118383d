//! Tasks: one list for each person, across all roles.

use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{Emne, Entitet, Handling, Modulfejl, Modulrolle};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::fmt;
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

/// Tasks in one list, at most.
pub const LISTE_MAX: u64 = 500;

/// What came of a task that nobody did in time.
pub(crate) const IKKE_BESVARET: &str = "ikke besvaret i tide";

/// The state of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum Opgavestatus {
    #[serde(rename = "ÅBEN")]
    Aaben,
    #[serde(rename = "I GANG")]
    IGang,
    #[serde(rename = "UDFØRT")]
    Udfoert,
    #[serde(rename = "BORTFALDET")]
    Bortfaldet,
}

impl fmt::Display for Opgavestatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aaben => "ÅBEN",
            Self::IGang => "I GANG",
            Self::Udfoert => "UDFØRT",
            Self::Bortfaldet => "BORTFALDET",
        })
    }
}

/// A task: something a role of a party must do about an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opgave {
    /// Its UUID.
    pub uuid: Uuid,
    /// What kind of thing there is to do.
    pub slags: String,
    /// What there is to do, in a sentence.
    pub titel: String,
    /// Whose it is.
    pub part: Cvr,
    /// The role it is for.
    pub rolle: Modulrolle,
    /// The kind of object, and the object.
    pub objekt: (String, Uuid),
    /// The it-system it concerns: those whose role does not reach it do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Uuid>,
    /// The person it is for, when it is not for whoever has the role: then the role is that of who handed it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// When it was made, in microseconds.
    pub oprettet: i64,
    /// When it should be done, in microseconds.
    pub frist: Option<i64>,
    /// Who has taken it, and the name.
    pub overtaget_af: Option<(Uuid, String)>,
    /// The state.
    pub status: Opgavestatus,
    /// Why it was dropped, or what came of it.
    #[serde(default)]
    pub udfald: String,
}

impl Entitet for Opgave {
    const ART: &'static str = "opgave";
    const ORD: &'static str = "opgaven";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.titel.clone()
    }
}

impl Opgave {
    /// A new one for a role of a party about an object, open, with no deadline and about no it-system in particular.
    pub(crate) fn ny(
        app: &App,
        slags: &str,
        titel: String,
        (part, rolle): (Cvr, Modulrolle),
        (art, objekt): (&str, Uuid),
    ) -> Self {
        Self {
            uuid: app.new_uuid(),
            slags: slags.to_owned(),
            titel,
            part,
            rolle,
            objekt: (art.to_owned(), objekt),
            system: None,
            person: None,
            oprettet: app.now().micros(),
            frist: None,
            overtaget_af: None,
            status: Opgavestatus::Aaben,
            udfald: String::new(),
        }
    }

    /// With so many days to do it in.
    pub(crate) fn inden(self, dage: i64) -> Self {
        let frist = skriv::om_dage(Instant::from_micros(self.oprettet), dage);
        Self { frist: Some(frist.micros()), ..self }
    }

    /// About an it-system: those whose role does not reach it do not see it.
    pub(crate) fn ved(self, system: Uuid) -> Self {
        Self { system: Some(system), ..self }
    }

    /// For one person, whatever his roles.
    pub(crate) fn til(self, person: Uuid) -> Self {
        Self { person: Some(person), ..self }
    }

    /// Whether something remains to be done.
    #[must_use]
    pub fn er_aaben(&self) -> bool {
        matches!(self.status, Opgavestatus::Aaben | Opgavestatus::IGang)
    }

    /// Whether it is for this person.
    fn er_for(&self, kald: &Kald) -> bool {
        if let Some(person) = self.person {
            return person == kald.aktoer.bruger;
        }
        self.system
            .map_or_else(|| kald.aktoer.har(self.rolle), |system| kald.aktoer.har_for(self.rolle, system))
    }

    /// When it should be done.
    #[must_use]
    pub fn frist(&self) -> Option<Instant> {
        self.frist.map(Instant::from_micros)
    }

    pub(crate) fn post(&self, foer: i64) -> Modulpost {
        let mut noegler = vec![("objekt", self.objekt.1.to_string())];
        if self.er_aaben() {
            noegler.push(match self.person {
                Some(person) => ("aaben-person", format!("{}:{person}", self.part)),
                None => ("aaben", format!("{}:{}", self.part, self.rolle.kode())),
            });
            noegler.push(("aaben-objekt", self.objekt.1.to_string()));
            noegler.push(("aaben-art", self.objekt.0.clone()));
        } else {
            noegler.push(("slut", format!("{}:{}", self.part, self.rolle.kode())));
        }
        Modulpost {
            art: Self::ART,
            id: self.uuid,
            krop: serde_json::to_vec(self).ok(),
            foer,
            soeg: format!("{} {}", self.titel, self.slags),
            unik: None,
            orden: skriv::i_orden(self.frist.unwrap_or(i64::MAX)),
            noegler,
            kolonner: Vec::new(),
        }
    }
}

/// The open tasks of the person's roles for the party, and the person's own, the most urgent first.
///
/// # Errors
///
pub async fn mine(app: &App, kald: &Kald) -> Result<Vec<Gemt<Opgave>>, Styringsfejl> {
    kald.kraev(Emne::Opgave, Handling::Se)?;
    let mut alle: Vec<Gemt<Opgave>> = Vec::new();
    for rolle in kald.aktoer.roller() {
        alle.extend(find(app, "aaben", format!("{}:{}", kald.part(), rolle.kode())).await?);
    }
    alle.extend(find(app, "aaben-person", format!("{}:{}", kald.part(), kald.aktoer.bruger)).await?);
    alle.retain(|g| g.post.er_for(kald));
    alle.sort_by_key(|g| (g.post.frist.unwrap_or(i64::MAX), g.post.oprettet, g.post.uuid));
    Ok(alle)
}

async fn find(app: &App, felt: &'static str, vaerdi: String) -> Result<Vec<Gemt<Opgave>>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Opgave::ART,
        noegler: vec![(felt, vaerdi)],
        antal: LISTE_MAX,
        ..Modulsoegning::default()
    };
    app.store().modul_find(&soegning).await?.0.iter().map(skriv::laes).collect()
}

/// The open tasks about an object, whoever they are for.
pub(crate) async fn om(app: &App, objekt: Uuid) -> Result<Vec<Gemt<Opgave>>, Styringsfejl> {
    find(app, "aaben-objekt", objekt.to_string()).await
}

/// All open tasks about objects of a kind.
pub(crate) async fn aabne(app: &App, art: &str) -> Result<Vec<Gemt<Opgave>>, Styringsfejl> {
    skriv::alle_med(app, ("aaben-art", art.to_owned())).await
}

/// The open tasks about an object for a party, ended with what came of them.
pub(crate) async fn afsluttede(
    app: &App,
    objekt: Uuid,
    part: Cvr,
    udfald: &str,
) -> Result<Vec<Modulpost>, Styringsfejl> {
    let deres = om(app, objekt).await?.into_iter().filter(|g| g.post.part == part);
    Ok(deres.map(|g| afsluttet(g, udfald)).collect())
}

/// The same of those that concern one it-system.
pub(crate) async fn afsluttede_ved(
    app: &App,
    objekt: Uuid,
    (part, system): (Cvr, Uuid),
    udfald: &str,
) -> Result<Vec<Modulpost>, Styringsfejl> {
    let mut deres = om(app, objekt).await?;
    deres.retain(|g| g.post.part == part && g.post.system == Some(system));
    Ok(deres.into_iter().map(|g| afsluttet(g, udfald)).collect())
}

/// The same of those of one kind.
pub(crate) async fn afsluttede_af(
    app: &App,
    objekt: Uuid,
    (part, slags): (Cvr, &str),
    udfald: &str,
) -> Result<Vec<Modulpost>, Styringsfejl> {
    let mut deres = om(app, objekt).await?;
    deres.retain(|g| g.post.part == part && g.post.slags == slags);
    Ok(deres.into_iter().map(|g| afsluttet(g, udfald)).collect())
}

/// A task ended with what came of it.
pub(crate) fn afsluttet(g: Gemt<Opgave>, udfald: &str) -> Modulpost {
    let bortfaldet = udfald == IKKE_BESVARET;
    let status = if bortfaldet { Opgavestatus::Bortfaldet } else { Opgavestatus::Udfoert };
    let udfald = udfald.to_owned();
    Opgave { status, udfald, ..g.post }.post(g.version)
}

/// What is done with a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opgavehandling {
    /// Take it.
    Overtag,
    /// Give it back to the role.
    Giv,
    /// Drop it, with a reason.
    Bortfald(String),
}

/// Takes, gives back or drops a task.
///
/// # Errors
/// A-017 when it is not open, or somebody else has it; A-006 without a reason.
pub async fn handl(app: &App, kald: &Kald, uuid: Uuid, handling: Opgavehandling) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Opgave, Handling::Ret)?;
    let gemt = skriv::hent::<Opgave>(app, uuid).await?.filter(|g| g.post.part == kald.part());
    let gemt = gemt.filter(|g| g.post.er_for(kald));
    let Gemt { mut post, version } = gemt.ok_or_else(|| Modulfejl::findes_ikke("Opgaven"))?;
    if !post.er_aaben() {
        return Err(Modulfejl::ny("A-017", "Opgaven er afsluttet.").into());
    }
    let mig = (kald.aktoer.bruger, kald.aktoer.navn.clone());
    let (ord, begrundelse) = match handling {
        Opgavehandling::Overtag => {
            if let Some((_, hvem)) = post.overtaget_af.as_ref().filter(|o| o.0 != mig.0) {
                let tekst = format!("{hvem} har overtaget opgaven og kan give den tilbage.");
                return Err(Modulfejl::ny("A-017", tekst).into());
            }
            (post.overtaget_af, post.status) = (Some(mig), Opgavestatus::IGang);
            ("overtag opgave", String::new())
        }
        Opgavehandling::Giv => {
            if post.overtaget_af.as_ref().map(|o| o.0) != Some(mig.0) {
                return Err(Modulfejl::ny("A-017", "Du har ikke overtaget opgaven.").into());
            }
            (post.overtaget_af, post.status) = (None, Opgavestatus::Aaben);
            ("giv opgave tilbage", String::new())
        }
        Opgavehandling::Bortfald(aarsag) => {
            let mut samling = crate::fejl::Samling::default();
            samling.tekst("begrundelse", "Begrundelse", &aarsag, 1_000);
            samling.slut()?;
            (post.status, post.udfald) = (Opgavestatus::Bortfaldet, aarsag.clone());
            ("lad opgave bortfalde", aarsag)
        }
    };
    let linje = Aendringslinje {
        art: Opgave::ART.into(),
        objekt: Some(post.objekt.1),
        objektnavn: post.titel.clone(),
        begrundelse,
        ..kald.linje(app.now(), Some(rolle), ord)
    };
    skriv::gem(app, &[post.post(version)], &[linje]).await
}
