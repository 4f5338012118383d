//! One Identity Provider: what is said of it, its metadata, and what happened.

use super::{AFTALER, STI, idptag, niveau, tag, udloeb};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::liste::Fane;
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{Emne, Handling, ItSystem, Modulfejl, Partsart, Samlmetadata, Systemtilstand};
use askama::Template;
use styring::foederation::{self, Foederationssoegning};

const HISTORIK: u64 = 100;
const FANER: [(&str, &str); 4] = [
    ("oplysninger", "Oplysninger"),
    ("metadata", "Metadata"),
    ("brug", "Hvor bruges den"),
    ("historik", "Historik"),
];

/// What a person may do with one now.
pub(super) struct Muligt {
    /// Change it.
    pub ret: bool,
    /// Answer for the authority.
    pub godkend: bool,
    /// Verify its level.
    pub verificer: bool,
}

pub(super) fn muligt(k: &Besoeg, s: &ItSystem) -> Muligt {
    let aktoer = &k.kald.aktoer;
    let eget = s.leverandoer == k.kald.part();
    let kladde = s.tilstand == Systemtilstand::Kladde;
    let som = |part| aktoer.kraev_som(&[part], Emne::Idp, Handling::Godkend, s.uuid).is_ok();
    let uverificeret = s.nsis().is_some_and(|n| n.verificeret.is_none());
    Muligt {
        ret: eget && aktoer.kan(Emne::Idp, Handling::Ret) && s.tilstand != Systemtilstand::Lukket,
        godkend: eget && kladde && som(Partsart::Myndighed),
        verificer: !kladde && uverificeret && som(Partsart::Operatoer),
    }
}

/// An endpoint or a certificate of some metadata, in words.
pub(super) struct Metadata {
    /// The entityID and what else is said once.
    pub fakta: Vec<(&'static str, String)>,
    /// What each endpoint is for, its binding, and where it is.
    pub endepunkter: Vec<(String, String, String)>,
    /// The subject, the first and the last day, the thumbprint.
    pub certifikater: Vec<(String, Dato, Dato, String)>,
}

impl Metadata {
    pub(super) fn af(m: &Samlmetadata) -> Self {
        let kort = |b: &str| b.rsplit(':').next().unwrap_or(b).to_owned();
        Self {
            fakta: vec![
                ("EntityID", m.entity_id.clone()),
                ("Gælder til (validUntil)", vis::maaske(m.gyldig_til).tekst),
                ("Hentet fra", m.hentet_fra.clone().unwrap_or_default()),
            ],
            endepunkter: m
                .endepunkter
                .iter()
                .map(|e| (format!("{:?}", e.art), kort(&e.binding), e.url.clone()))
                .collect(),
            certifikater: m
                .certifikater
                .iter()
                .map(|c| {
                    let aftryk = administration::hex(&c.tommelfinger);
                    let dage = (vis::dato(c.gyldig.from), vis::sidste_dag(c.gyldig.to));
                    (vis::cn(&c.emne), dage.0, dage.1, format!("{} … {}", &aftryk[..8], &aftryk[56..]))
                })
                .collect(),
        }
    }
}

/// What is stored, in words.
pub(super) fn ord(k: &Besoeg, s: &ItSystem) -> Vec<(&'static str, String)> {
    let profil = s.idp.as_deref().cloned().unwrap_or_default();
    let dag = |d| vis::maaske(d).tekst;
    let bekraeftet = k.politik.part(s.leverandoer).and_then(|p| p.domaene.clone());
    let domaene = profil.domaene.map_or_else(String::new, |d| {
        let ja = bekraeftet.as_ref() == Some(&d);
        format!("{d} ({})", if ja { "bekræftet som jeres" } else { "ikke bekræftet" })
    });
    vec![
        ("Myndighed", format!("{}, CVR {}", k.partsnavn(s.leverandoer), s.leverandoer)),
        ("Præsentationsnavn", profil.praesentationsnavn),
        ("Beskrivelse", s.oplysninger.beskrivelse.clone()),
        ("E-mail", s.oplysninger.email.clone()),
        ("Teknisk kontakt", s.oplysninger.teknisk_kontakt.clone()),
        ("Miljø", s.miljoe.navn().to_owned()),
        ("NSIS-niveau", niveau(s)),
        ("Anmeldelsens id", s.nsis().map_or_else(String::new, |n| n.anmeldelse.clone())),
        ("Niveau registreret", dag(s.nsis().and_then(|n| n.registreret))),
        ("Niveau verificeret", dag(s.nsis().and_then(|n| n.verificeret))),
        ("Domæne for rolle-id'er", domaene),
        ("Godkendt første gang", dag(profil.godkendt)),
        ("UUID", s.uuid.to_string()),
    ]
}

#[derive(Template)]
#[template(path = "foederation/idp.html")]
struct Side {
    ramme: Ramme,
    faner: Vec<Fane>,
    fane: String,
    sti: String,
    tag: Tag,
    myndighed: String,
    aarsag: String,
    halvt: bool,
    advarsel: String,
    fakta: Vec<(&'static str, String)>,
    metadata: Option<Metadata>,
    aftaler: Vec<(String, String, String, Tag)>,
    historik: Vec<Lograd>,
    muligt: Muligt,
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let app = &k.t().app;
    let s = foederation::hent_idp(&k.kald, &k.politik, k.f.uuid("id")?)?;
    styring::log::set_hos(app, &k.kald, ("it-system", s.uuid, &s.navn), [s.leverandoer]).await?;
    let sti = format!("{STI}/idp/{}", s.uuid);
    let valgt = k.f.query.tekst("fane");
    let fane = if FANER.iter().any(|(id, _)| *id == valgt) { valgt } else { "oplysninger" };
    let historik = styring::log::om(app, &k.kald, ("it-system", s.uuid), s.leverandoer, HISTORIK)
        .await
        .map_err(Sidefejl::from)?;
    let soegning = Foederationssoegning { system: Some(s.uuid), ..Foederationssoegning::default() };
    let aftaler = foederation::list(&k.kald, &k.politik, &soegning, k.nu()).unwrap_or_default();
    let rad = |v: &foederation::Foederationsvisning<'_>| {
        let system = v.system.map_or_else(String::new, |s| s.navn.clone());
        let sti = format!("{AFTALER}/{}", v.aftale.uuid);
        (sti, system, k.partsnavn(v.aftale.myndighed), tag(v.tilstand))
    };
    let u = s.idp.as_ref().map(|i| &i.underskrift);
    side(&Side {
        ramme: k.ramme(s.navn.clone(), STI).await.under(STI, "Føderation"),
        faner: Fane::med_log(&k, s.uuid, Fane::alle(&sti, fane, &FANER)),
        fane: fane.to_owned(),
        tag: idptag(s),
        myndighed: k.partsnavn(s.leverandoer),
        aarsag: s.idp.as_ref().and_then(|i| i.aarsag.clone()).unwrap_or_default(),
        halvt: s.tilstand == Systemtilstand::Kladde && u.is_some_and(|u| u.godkendt_af.is_some()),
        advarsel: udloeb(&k, s).and_then(|u| u.advarsel).unwrap_or_default(),
        fakta: ord(&k, s),
        metadata: s.metadata.as_deref().map(Metadata::af),
        aftaler: aftaler.iter().take(crate::liste::PR_SIDE).map(rad).collect(),
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        muligt: muligt(&k, s),
        sti,
    })
}

/// It cannot be answered now.
pub(super) fn intet_at_svare() -> Modulfejl {
    let tekst = "Der er intet for jer at svare på nu. Myndighedens Godkender svarer én gang, og først derefter kan \
                 driftsoperatøren verificere et NSIS-niveau.";
    Modulfejl::ny("F-310", tekst)
}
