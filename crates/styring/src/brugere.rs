//! Users of the Administrationsmodul and their roles.

mod administratorer;
mod liste;

use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::fejl::Samling;
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Bruger, Brugertilstand, Emne, Entitet, Handling, Modulfejl, Modulrolle, Omfang, Part, Rolleregler,
    Tildeling, Tildelingsart, afslut_rolle, genaabn_bruger, maa_give_login, spaer_bruger, tildel_rolle,
};
use administratorer::Laengde;
use app::App;
use bitemporal::{Instant, Period};
pub use liste::{Brugerkolonne, Brugersoegning, SIDE_MAX, TAELLES_MAX, list, side};
pub(crate) use liste::{post, post_med};
use oio::Cvr;
use store::{Aendringslinje, Modulpost};
use uuid::Uuid;

/// How often it is decided anew who may go, when other administrators go at the same time.
const ATTEMPTS_MAX: usize = 5;

/// What is said of a new user.
#[derive(Debug, Clone, Default)]
pub struct NyBruger {
    /// The name.
    pub navn: String,
    /// The e-mail, also the name to log in with.
    pub email: String,
    /// The telephone number, or nothing.
    pub telefon: String,
}

/// A role to be given.
#[derive(Debug, Clone)]
pub struct NyTildeling {
    /// The role.
    pub rolle: Modulrolle,
    /// What it reaches.
    pub omfang: Omfang,
    /// From when; now when left out.
    pub fra: Option<Instant>,
    /// Until when, not included; for ever when left out.
    pub til: Option<Instant>,
    /// The case it was decided in, or nothing.
    pub sagsnummer: String,
}

/// One user.
///
/// # Errors
/// A-001; A-404 when the user belongs to another party.
pub async fn hent(app: &App, kald: &Kald, uuid: Uuid) -> Result<Gemt<Bruger>, Styringsfejl> {
    if uuid != kald.aktoer.bruger {
        kald.kraev(Emne::Bruger, Handling::Se)?;
    }
    let gemt = skriv::hent::<Bruger>(app, uuid).await?;
    let synlig = |g: &Gemt<Bruger>| {
        uuid == kald.aktoer.bruger
            || kald.ser(g.post.cvr)
            || g.post.roller.iter().any(|t| t.part == kald.part())
    };
    gemt.filter(synlig).ok_or_else(|| Modulfejl::findes_ikke("Brugeren").into())
}

/// The user behind an account, for the login. Asks nobody's rights.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn ved_login(app: &App, uuid: Uuid) -> Result<Option<Bruger>, Styringsfejl> {
    Ok(skriv::hent::<Bruger>(app, uuid).await?.map(|g| g.post))
}

/// The user with this e-mail, for commands on the server. Asks nobody's rights.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn med_email(app: &App, email: &str) -> Result<Option<Bruger>, Styringsfejl> {
    let raekke = app.store().modulpost_unik(Bruger::ART, &email.trim().to_lowercase()).await?;
    Ok(raekke.map(|r| skriv::laes::<Bruger>(&r)).transpose()?.map(|g| g.post))
}

/// A new user of the party, invited. The account to log in with is the login's.
///
/// # Errors
/// A-001; what is wrong with the fields; A-014 when the e-mail is in use.
pub async fn opret(app: &App, kald: &Kald, ny: &NyBruger) -> Result<Bruger, Styringsfejl> {
    let rolle = kald.kraev(Emne::Bruger, Handling::Opret)?;
    let mut samling = Samling::default();
    samling.tekst("navn", "Navn", &ny.navn, 200);
    samling.email("email", &ny.email);
    samling.valgfri("telefon", "Telefon", &ny.telefon, 30);
    samling.slut()?;
    let email = ny.email.trim().to_lowercase();
    if let Some(anden) = med_email(app, &email).await? {
        let tekst = if kald.ser(anden.cvr) || anden.roller.iter().any(|t| t.part == kald.part()) {
            format!("E-mailadressen bruges af {}. Find brugeren på listen, og tildel rollen der.", anden.navn)
        } else {
            "E-mailadressen bruges hos en anden part, og hver adresse hører til én bruger. Skriv en anden adresse, \
             fx den, personen har hos jer."
                .to_owned()
        };
        return Err(Modulfejl::felt("email", "A-014", tekst).into());
    }
    let telefon = ny.telefon.trim();
    let bruger = Bruger {
        uuid: app.new_uuid(),
        navn: ny.navn.trim().to_owned(),
        email,
        cvr: kald.part(),
        telefon: (!telefon.is_empty()).then(|| telefon.to_owned()),
        tilstand: Brugertilstand::Inviteret,
        spaerret_af: None,
        foer_spaerring: None,
        stedfortraeder: None,
        roller: Vec::new(),
    };
    let part = Kald::partsnavn(&app.politik(), kald.part());
    let felter = [("hvem", kald.aktoer.navn.as_str()), ("part", &part)];
    let objekt = Adviseret::ny(Bruger::ART, bruger.uuid, &bruger.navn);
    let invitation = Advis::om(Haendelse::BrugerInviteret, kald.part(), objekt, &felter, app.now(), "");
    let adviser = [invitation.til_person(bruger.uuid)];
    gem(
        app,
        kald,
        &bruger,
        0,
        Hvad {
            handling: "opret bruger",
            rolle: Some(rolle),
            detaljer: "oprettet",
            adviser: &adviser,
            ..Hvad::default()
        },
    )
    .await?;
    Ok(bruger)
}

/// Name, telephone and deputy of a user.
///
/// # Errors
/// A-001 (everybody may change his own), A-404 (another party's), A-005; what is wrong with the fields.
pub async fn ret(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    nyt: &NyBruger,
    stedfortraeder: Option<Uuid>,
) -> Result<(), Styringsfejl> {
    let gemt = hent(app, kald, uuid).await?;
    // Whoever has given a role to another party's user sees him, and does not rename him.
    if uuid != kald.aktoer.bruger && !kald.ser(gemt.post.cvr) {
        return Err(Modulfejl::findes_ikke("Brugeren").into());
    }
    let rolle = match kald.kraev(Emne::Bruger, Handling::Ret) {
        Ok(rolle) => Some(rolle),
        Err(_) if uuid == kald.aktoer.bruger => None,
        Err(fejl) => return Err(fejl.into()),
    };
    let mut samling = Samling::default();
    samling.tekst("navn", "Navn", &nyt.navn, 200);
    samling.valgfri("telefon", "Telefon", &nyt.telefon, 30);
    samling.slut()?;
    if let Some(anden) = stedfortraeder {
        let anden = hent(app, kald, anden).await?;
        if anden.post.uuid == uuid {
            let tekst = "Vælg en anden som stedfortræder end brugeren selv.";
            return Err(Modulfejl::felt("stedfortraeder", "A-015", tekst).into());
        }
    }
    let telefon = nyt.telefon.trim();
    let mut bruger = gemt.post.clone();
    bruger.navn = nyt.navn.trim().to_owned();
    bruger.telefon = (!telefon.is_empty()).then(|| telefon.to_owned());
    bruger.stedfortraeder = stedfortraeder;
    let detaljer = forskel(&gemt.post, &bruger);
    if detaljer.is_empty() {
        return Ok(());
    }
    gem(
        app,
        kald,
        &bruger,
        version,
        Hvad { handling: "ret bruger", rolle, detaljer: &detaljer, ..Hvad::default() },
    )
    .await
}

/// Gives a role.
///
/// # Errors
/// As [`administration::tildel_rolle`].
pub async fn tildel(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    ny: &NyTildeling,
) -> Result<(), Styringsfejl> {
    let gemt = hent(app, kald, uuid).await?;
    let nu = app.now();
    let mut samling = Samling::default();
    samling.valgfri("sagsnummer", "Sagsnummer", &ny.sagsnummer, 60);
    samling.slut()?;
    let (fra, til) = (ny.fra.unwrap_or(nu), ny.til.unwrap_or(Instant::POS_INFINITY));
    let gyldig = Period::new(fra, til).filter(|p| !p.is_empty());
    let gyldig = gyldig.ok_or_else(|| Modulfejl::felt("til", "A-009", "Slutdato ligger før startdato."))?;
    let sagsnummer = ny.sagsnummer.trim();
    let tildeling = Tildeling {
        id: app.new_uuid(),
        rolle: ny.rolle,
        part: kald.part(),
        omfang: ny.omfang.clone(),
        gyldig,
        sagsnummer: (!sagsnummer.is_empty()).then(|| sagsnummer.to_owned()),
        tildelt_af: Some(kald.aktoer.bruger),
    };
    let (part, regler) = regler(app, kald.part())?;
    let bruger = tildel_rolle(&kald.aktoer, &gemt.post, tildeling, &part, &regler)?;
    let detaljer = format!("rollen {} tildelt {}", ny.rolle, periode(gyldig));
    let haendelser = (Haendelse::AdministratorTildelt, Haendelse::RolleTildelt);
    let adviser =
        rolleadviser(app, kald, (&bruger, version), ny.rolle, haendelser, ("periode", &periode(gyldig)));
    gem(
        app,
        kald,
        &bruger,
        version,
        Hvad {
            handling: "tildel rolle",
            detaljer: &detaljer,
            begrundelse: sagsnummer,
            adviser: &adviser,
            ..Hvad::default()
        },
    )
    .await
}

/// Ends a role.
///
/// # Errors
/// As [`administration::afslut_rolle`].
pub async fn afslut(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    tildeling: Uuid,
    slut: Option<Instant>,
) -> Result<(), Styringsfejl> {
    let nu = app.now();
    let slut = slut.unwrap_or(nu);
    let (_, regler) = regler(app, kald.part())?;
    for forsoeg in 0..ATTEMPTS_MAX {
        let gemt = hent(app, kald, uuid).await?;
        if forsoeg > 0 && gemt.version != version {
            break;
        }
        let fjernet = gemt.post.roller.iter().find(|t| t.id == tildeling);
        let fjernes = fjernet.into_iter();
        let (andre, vagter) =
            administratorer::andre(app, &gemt.post, fjernes, (slut.max(nu), Laengde::Ligesaa)).await?;
        let bruger = afslut_rolle(&kald.aktoer, &gemt.post, tildeling, slut, nu, &regler, &andre)?;
        let fjernet = fjernet.map(|t| t.rolle);
        let rolle = fjernet.map_or("", Modulrolle::navn);
        let haendelser = (Haendelse::AdministratorFjernet, Haendelse::RolleFjernet);
        let adviser = fjernet.map_or_else(Vec::new, |fjernet| {
            rolleadviser(app, kald, (&bruger, version), fjernet, haendelser, ("dato", &sidste_dag(slut)))
        });
        let detaljer = format!("rollen {rolle} afsluttet {}", sidste_dag(slut));
        let hvad = Hvad {
            handling: "fjern rolle",
            detaljer: &detaljer,
            adviser: &adviser,
            vagter: &vagter,
            ..Hvad::default()
        };
        match gem(app, kald, &bruger, version, hvad).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}

/// Disables a user. The sessions are the login's to end.
///
/// # Errors
/// As [`administration::spaer_bruger`].
pub async fn spaer(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    version: i64,
    aarsag: &str,
) -> Result<(), Styringsfejl> {
    let nu = app.now();
    for forsoeg in 0..ATTEMPTS_MAX {
        let gemt = hent(app, kald, uuid).await?;
        if forsoeg > 0 && gemt.version != version {
            break;
        }
        let fjernes = gemt.post.gaeldende(nu);
        let (andre, vagter) = administratorer::andre(app, &gemt.post, fjernes, (nu, Laengde::Nu)).await?;
        let bruger = spaer_bruger(&kald.aktoer, &gemt.post, nu, &andre)?;
        let detaljer = format!("{} til SPÆRRET", gemt.post.tilstand);
        let hvad = Hvad {
            handling: "spær bruger",
            detaljer: &detaljer,
            begrundelse: aarsag,
            vagter: &vagter,
            ..Hvad::default()
        };
        match gem(app, kald, &bruger, version, hvad).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}

/// Opens a disabled user again.
///
/// # Errors
/// As [`administration::genaabn_bruger`].
pub async fn genaabn(app: &App, kald: &Kald, uuid: Uuid, version: i64) -> Result<(), Styringsfejl> {
    let gemt = hent(app, kald, uuid).await?;
    let rolle = kald.kraev(Emne::Bruger, Handling::Ret)?;
    let bruger = genaabn_bruger(&kald.aktoer, &gemt.post)?;
    let detaljer = format!("SPÆRRET til {}", bruger.tilstand);
    gem(
        app,
        kald,
        &bruger,
        version,
        Hvad { handling: "genåbn bruger", rolle: Some(rolle), detaljer: &detaljer, ..Hvad::default() },
    )
    .await
}

/// Notes that the user gets a new way in, when the person may give it. The link itself is the login's.
///
/// # Errors
/// A-404; A-016 when the user is disabled or gone.
pub async fn nyt_login(app: &App, kald: &Kald, uuid: Uuid) -> Result<Bruger, Styringsfejl> {
    let bruger = hent(app, kald, uuid).await?.post;
    let alt = app.politik().part(kald.part()).is_some_and(|p| p.brugeradministrator_maa_alt);
    maa_give_login(&kald.aktoer, &bruger, app.now(), alt)?;
    if !kald.ser(bruger.cvr) {
        return Err(Modulfejl::findes_ikke("Brugeren").into());
    }
    let handling = match bruger.tilstand {
        Brugertilstand::Inviteret => "inviter bruger",
        Brugertilstand::Aktiv => "giv nyt login",
        _ => {
            let tekst = "Brugeren er spærret eller ophørt. Genåbn brugeren først.";
            return Err(Modulfejl::ny("A-016", tekst).into());
        }
    };
    let linje = Aendringslinje {
        art: Bruger::ART.into(),
        objekt: Some(uuid),
        objektnavn: bruger.navn.clone(),
        ..kald.linje(app.now(), kald.aktoer.roller().into_iter().next(), handling)
    };
    skriv::gem(app, &[], &[linje]).await?;
    Ok(bruger)
}

/// An invited user has logged in for the first time.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn aktiver(app: &App, uuid: Uuid, adresse: &str, korrelation: Uuid) -> Result<(), Styringsfejl> {
    let Some(gemt) = skriv::hent::<Bruger>(app, uuid).await? else { return Ok(()) };
    if gemt.post.tilstand != Brugertilstand::Inviteret {
        return Ok(());
    }
    let bruger = Bruger { tilstand: Brugertilstand::Aktiv, ..gemt.post };
    let linje = Aendringslinje {
        adresse: adresse.to_owned(),
        kilde: "login".into(),
        detaljer: "INVITERET til AKTIV".into(),
        ..selv(&bruger, app.now(), korrelation, "tag invitationen imod")
    };
    skriv::gem(app, &[post(app, &bruger, gemt.version)], &[linje]).await
}

/// Stores a user without asking anybody's rights: the first users of an installation, and of a demo.
///
/// # Errors
/// A-005 when the user is there; [`Styringsfejl::Intern`].
pub async fn indsaet(app: &App, bruger: &Bruger, korrelation: Uuid) -> Result<(), Styringsfejl> {
    let linje = Aendringslinje {
        bruger: None,
        navn: "Installationen".into(),
        kilde: "kommando".into(),
        detaljer: bruger.roller.iter().map(|t| format!("rollen {}", t.rolle)).collect::<Vec<_>>().join("\n"),
        ..selv(bruger, app.now(), korrelation, "opret bruger")
    };
    skriv::gem(app, &[post(app, bruger, 0)], &[linje]).await
}

fn selv(bruger: &Bruger, nu: Instant, korrelation: Uuid, handling: &str) -> Aendringslinje {
    Aendringslinje {
        tid: nu,
        slags: store::Loglinjeslags::Aendret,
        part: bruger.cvr,
        bruger: Some(bruger.uuid),
        navn: bruger.navn.clone(),
        rolle: String::new(),
        adresse: String::new(),
        art: Bruger::ART.into(),
        objekt: Some(bruger.uuid),
        objektnavn: bruger.navn.clone(),
        handling: handling.to_owned(),
        detaljer: String::new(),
        begrundelse: String::new(),
        kilde: String::new(),
        korrelation,
    }
}

/// The party, and what it has decided about its roles.
fn regler(app: &App, part: Cvr) -> Result<(Part, Rolleregler), Styringsfejl> {
    let part = app.politik().part(part).cloned().ok_or_else(|| Modulfejl::findes_ikke("Parten"))?;
    let regler = Rolleregler {
        administrator_maa_godkende: part.administrator_maa_godkende,
        brugeradministrator_maa_alt: part.brugeradministrator_maa_alt,
    };
    Ok((part, regler))
}

/// What a line of the log says beside who and whom.
#[derive(Default)]
struct Hvad<'a> {
    handling: &'a str,
    rolle: Option<Modulrolle>,
    detaljer: &'a str,
    begrundelse: &'a str,
    adviser: &'a [Advis],
    /// What is written with it.
    vagter: &'a [Modulpost],
}

/// What others are told of a role: those who look after such roles, and the person.
fn rolleadviser(
    app: &App,
    kald: &Kald,
    (bruger, version): (&Bruger, i64),
    rolle: Modulrolle,
    (til_andre, til_personen): (Haendelse, Haendelse),
    (felt, vaerdi): (&str, &str),
) -> Vec<Advis> {
    let part = Kald::partsnavn(&app.politik(), kald.part());
    let felter =
        [("hvem", kald.aktoer.navn.as_str()), ("rolle", rolle.navn()), ("part", &part), (felt, vaerdi)];
    let nu = app.now();
    let om = |haendelse| {
        let objekt = Adviseret::ny(Bruger::ART, bruger.uuid, &bruger.navn);
        let noegle = version.to_string();
        Advis::om(haendelse, kald.part(), objekt, &felter, nu, &noegle).undtagen(Some(kald.aktoer.bruger))
    };
    let mut ud = vec![om(til_personen).til_person(bruger.uuid)];
    if rolle.tildelingsart() == Tildelingsart::Administrator {
        ud.push(om(til_andre));
    }
    ud
}

async fn gem(app: &App, kald: &Kald, bruger: &Bruger, foer: i64, hvad: Hvad<'_>) -> Result<(), Styringsfejl> {
    let rolle = hvad.rolle.or_else(|| kald.aktoer.roller().into_iter().next());
    let linje = Aendringslinje {
        art: Bruger::ART.into(),
        objekt: Some(bruger.uuid),
        objektnavn: bruger.navn.clone(),
        detaljer: hvad.detaljer.to_owned(),
        begrundelse: hvad.begrundelse.to_owned(),
        ..kald.linje(app.now(), rolle, hvad.handling)
    };
    let mut poster = vec![post(app, bruger, foer)];
    poster.extend_from_slice(hvad.vagter);
    skriv::gem_med(app, &poster, &[linje], hvad.adviser).await
}

fn forskel(foer: &Bruger, efter: &Bruger) -> String {
    let mut linjer = Vec::new();
    let mut felt = |navn: &str, a: Option<&str>, b: Option<&str>| {
        if a != b {
            linjer.push(format!("{navn} fra {} til {}", a.unwrap_or("(intet)"), b.unwrap_or("(intet)")));
        }
    };
    felt("navn", Some(&foer.navn), Some(&efter.navn));
    felt("telefon", foer.telefon.as_deref(), efter.telefon.as_deref());
    let (a, b) = (foer.stedfortraeder.map(|u| u.to_string()), efter.stedfortraeder.map(|u| u.to_string()));
    felt("stedfortræder", a.as_deref(), b.as_deref());
    linjer.join("\n")
}

/// A date as people write it.
#[must_use]
pub fn dato(tid: Instant) -> String {
    oio::tid::zoned(tid).map_or_else(String::new, |z| z.strftime("%d-%m-%Y").to_string())
}

/// The last day of what ends at a moment, as people write it: the day before when it ends as a day begins.
pub(crate) fn sidste_dag(slut: Instant) -> String {
    if slut.is_finite() { dato(Instant::from_micros(slut.micros() - 1)) } else { String::new() }
}

fn periode(gyldig: Period) -> String {
    let fra = format!("fra {}", dato(gyldig.from));
    if gyldig.to.is_finite() { format!("{fra} til og med {}", sidste_dag(gyldig.to)) } else { fra }
}
