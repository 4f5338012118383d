//! An Identity Provider registered, or what is said of it changed.

use super::STI;
use super::idp::{muligt, ord};
use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use administration::{Emne, Handling, ItSystem, Miljoe, Modulfejl, Nsisniveau};
use askama::Template;
use styring::foederation::{self, Idpfelter};
use styring::systemer::maerke;

/// The name of the field with a file of metadata; its text is in `metadata`.
const FIL: &str = "metadatafil";

#[derive(Template)]
#[template(path = "foederation/idpfelter.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    maerke: String,
    overhalet: Vec<(&'static str, String)>,
    ny: bool,
    godkendt: bool,
    felter: Vec<Felt>,
    beskrivelse: Felt,
    miljoe: Felt,
    nsis: Felt,
    anmeldelse: Felt,
    domaene: Felt,
    metadata: Felt,
    metadata_url: Felt,
    fejl: Fejl,
}

/// What was sent as metadata.
pub(super) fn sendt(f: &Formular) -> Vec<u8> {
    f.fil_eller_tekst(FIL, "metadata")
}

/// The field for metadata: shown again it holds what was chosen as a file as well, but never a private key.
pub(super) fn metadatafelt(f: &Formular, fejl: &Fejl, ny: bool) -> Felt {
    let privat = fejl.ved("metadata").is_some_and(|e| e.kode == "C-104");
    let tekst = if privat { String::new() } else { String::from_utf8(sendt(f)).unwrap_or_default() };
    let felt = Felt::ny("metadata", "SAML-metadata", tekst).fejl(fejl);
    if ny {
        felt.hjaelp("Indsæt XML'en, eller vælg en fil. Alle endepunkter skal bruge HTTPS.")
    } else {
        felt.valgfri().hjaelp(
            "Kun når den skal skiftes: indsæt XML'en, eller vælg en fil. Alle endepunkter skal bruge HTTPS.",
        )
    }
}

/// The levels as choices, with a name for none.
pub(super) fn niveauer(ingen: &str, valgt: Option<Nsisniveau>) -> Vec<Valg> {
    let mut ud = vec![Valg::ny("", ingen, valgt.is_none())];
    ud.extend(Nsisniveau::ALLE.map(|n| Valg::ny(n.navn(), n.navn(), valgt == Some(n))));
    ud
}

/// The level chosen in a form.
pub(super) fn valgt_niveau(f: &Formular) -> Option<Nsisniveau> {
    Nsisniveau::ALLE.into_iter().find(|n| n.navn() == f.tekst("nsis"))
}

fn laes(k: &Besoeg) -> Idpfelter {
    let f = &k.f.krop;
    let tekst = |navn: &str| f.tekst(navn).to_owned();
    Idpfelter {
        navn: tekst("navn"),
        praesentationsnavn: tekst("praesentationsnavn"),
        beskrivelse: tekst("beskrivelse"),
        email: tekst("email"),
        teknisk_kontakt: tekst("teknisk_kontakt"),
        miljoe: Miljoe::ALLE.into_iter().find(|m| m.navn() == f.tekst("miljoe")).unwrap_or(k.t().miljoe),
        nsis: valgt_niveau(f),
        anmeldelse: tekst("anmeldelse"),
        domaene: tekst("domaene"),
        metadata: sendt(f),
        metadata_url: tekst("metadata_url"),
    }
}

async fn felter_side(k: &Besoeg, nu: Option<&ItSystem>, v: &Idpfelter, fejl: Fejl) -> Result<Side, Sidefejl> {
    let titel = if nu.is_some() { "Ret Identity Provider" } else { "Tilslut Identity Provider" };
    let mut ramme = k.ramme(titel, STI).await.under(STI, "Føderation");
    let mut tilbage = STI.to_owned();
    if let Some(s) = nu {
        tilbage = format!("{STI}/idp/{}", s.uuid);
        ramme = ramme.under(tilbage.clone(), s.navn.clone());
    }
    let felt = |id: &str, navn: &str, vaerdi: &str, hjaelp: &str| {
        Felt::ny(id, navn, vaerdi).hjaelp(hjaelp).fejl(&fejl)
    };
    let miljoer = Miljoe::ALLE.map(|m| Valg::ny(m.navn(), m.navn(), m == v.miljoe)).to_vec();
    Ok(Side {
        ramme,
        sti: nu.map_or_else(|| format!("{STI}/idp/ny"), |s| format!("{STI}/idp/{}/ret", s.uuid)),
        tilbage,
        maerke: k.maerke("maerke", &fejl, nu.map_or_else(String::new, maerke)),
        overhalet: nu.filter(|_| fejl.overhalet()).map_or_else(Vec::new, |s| ord(k, s)),
        ny: nu.is_none(),
        godkendt: nu.is_some_and(|s| s.idp.as_ref().is_some_and(|i| i.godkendt.is_some())),
        felter: vec![
            felt("navn", "Navn", &v.navn, "Det, I selv kalder den"),
            felt(
                "praesentationsnavn",
                "Præsentationsnavn",
                &v.praesentationsnavn,
                "Det, medarbejderne vælger, når de logger ind",
            ),
            felt("email", "E-mail", &v.email, "En fælles postkasse til driftsmeddelelser").art("email"),
            felt(
                "teknisk_kontakt",
                "Teknisk kontakt",
                &v.teknisk_kontakt,
                "Hvem der svarer på tekniske spørgsmål",
            )
            .valgfri(),
        ],
        beskrivelse: Felt::ny("beskrivelse", "Beskrivelse", v.beskrivelse.clone()).valgfri().fejl(&fejl),
        miljoe: Felt::valg("miljoe", "Miljø", miljoer),
        nsis: Felt::valg("nsis", "NSIS-niveau", niveauer("Intet niveau", v.nsis))
            .hjaelp(
                "Driftsoperatøren verificerer niveauet inden to dage. Ændres det, skal det verificeres igen",
            )
            .fejl(&fejl),
        anmeldelse: felt(
            "anmeldelse",
            "Anmeldelsens id",
            &v.anmeldelse,
            "Fra anmeldelsen til Digitaliseringsstyrelsen; skal udfyldes, når der er et niveau",
        )
        .valgfri(),
        domaene: felt("domaene", "Domæne for rolle-id'er", &v.domaene, "For eksempel korsbaek.dk").valgfri(),
        metadata: metadatafelt(&k.f.krop, &fejl, nu.is_none()),
        metadata_url: felt(
            "metadata_url",
            "Eller hent metadata fra en adresse",
            &v.metadata_url,
            "En offentlig adresse, der begynder med https://. Bruges, når feltet med metadata er tomt",
        )
        .art("url")
        .valgfri(),
        fejl,
    })
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    let tom = Idpfelter { miljoe: k.t().miljoe, ..Idpfelter::default() };
    side(&felter_side(&k, None, &tom, Fejl::default()).await?)
}

/// Registers one.
pub async fn opret(k: Besoeg) -> Svar {
    let felter = laes(&k);
    match foederation::tilslut_idp(&k.t().app, &k.kald, &felter).await {
        Ok(uuid) => {
            let tekst = "Identity Provideren er registreret og venter på jeres Godkender.";
            k.videre(&format!("{STI}/idp/{uuid}"), tekst)
        }
        Err(fejl) => side_igen(&felter_side(&k, None, &felter, Fejl::af(fejl)?).await?),
    }
}

fn hent(k: &Besoeg) -> Result<ItSystem, Sidefejl> {
    let s = foederation::hent_idp(&k.kald, &k.t().app.politik(), k.f.uuid("id")?)?.clone();
    if muligt(k, &s).ret {
        return Ok(s);
    }
    Err(Modulfejl::ikke_ret(Emne::Idp, Handling::Ret).into())
}

/// The form for one.
pub async fn vis_ret(k: Besoeg) -> Svar {
    let s = hent(&k)?;
    side(&felter_side(&k, Some(&s), &Idpfelter::af(&s), Fejl::default()).await?)
}

/// Changes one.
pub async fn ret(k: Besoeg) -> Svar {
    let s = hent(&k)?;
    let felter = laes(&k);
    match foederation::ret_idp(&k.t().app, &k.kald, s.uuid, k.f.krop.tekst("maerke"), &felter).await {
        Ok(()) => k.videre(&format!("{STI}/idp/{}", s.uuid), "Identity Provideren er gemt."),
        Err(fejl) => {
            let (status, fejl) = k.igen(fejl, ("it-system", s.uuid, &s.navn), s.leverandoer).await?;
            side_med(status, &felter_side(&k, Some(&hent(&k)?), &felter, fejl).await?)
        }
    }
}
