//! Certificates: one added, one revoked, and all of them on a line of time.

use super::system::system_side;
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt};
use crate::formular::Formular;
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Modulfejl, hex};
use askama::Template;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use styring::systemer;

const DAG: i64 = 86_400_000_000;
/// Days on the line.
const PERIODE: i64 = 390;

/// The name of the field with the file of a certificate; its text is in `certifikat`.
pub const FIL: &str = "certifikatfil";

/// The field for a certificate: shown again, it holds what was chosen as a file as well, but never a private key.
pub fn felt(f: &Formular, navn: &str, fejl: &Fejl) -> Felt {
    let vaerdi = match systemer::laes_certifikat(&f.fil_eller_tekst(FIL, "certifikat")) {
        Ok(certifikat) => STANDARD.encode(certifikat.der),
        Err(fejl) if fejl.kode == "C-104" => String::new(),
        Err(_) => f.tekst("certifikat").to_owned(),
    };
    Felt::ny("certifikat", navn, vaerdi)
        .hjaelp("Kun den offentlige del (X.509). Indsæt teksten, eller vælg en fil.")
        .fejl(fejl)
}

/// Adds a certificate, from a file or as text.
pub async fn tilfoej(k: Besoeg) -> Svar {
    let (uuid, f) = (k.f.uuid("id")?, &k.f.krop);
    let resultat = match f.dag("fra") {
        Ok(fra) => {
            let indhold = f.fil_eller_tekst(FIL, "certifikat");
            let fra = fra.filter(|d| *d > k.nu());
            systemer::tilfoej_certifikat(&k.t().app, &k.kald, uuid, &indhold, fra).await
        }
        Err(fejl) => Err(fejl.into()),
    };
    match resultat {
        Ok(()) => {
            k.videre(&format!("/admin/it-systemer/{uuid}?fane=certifikater"), "Certifikatet er tilføjet.")
        }
        Err(fejl) => system_side(&k, StatusCode::UNPROCESSABLE_ENTITY, "certifikater", Fejl::af(fejl)?).await,
    }
}

#[derive(Template)]
#[template(path = "systemer/tilbagekald.html")]
struct Tilbagekald {
    ramme: Ramme,
    sti: String,
    aftryk: String,
    emne: String,
    system: String,
    aftaler: usize,
    andre: bool,
    aarsag: Felt,
    fejl: Fejl,
}

async fn tilbagekald_side(k: &Besoeg, fejl: Fejl) -> Result<Tilbagekald, crate::fejl::Sidefejl> {
    let s = systemer::hent(&k.kald, &k.politik, k.f.uuid("id")?)?;
    let aftryk = k.f.led("aftryk");
    let certifikat = s.certifikater.iter().find(|c| hex(&c.tommelfinger) == aftryk);
    let certifikat = certifikat.ok_or_else(|| Modulfejl::findes_ikke("Certifikatet"))?;
    let sti = format!("/admin/it-systemer/{}", s.uuid);
    Ok(Tilbagekald {
        ramme: k
            .ramme("Tilbagekald certifikat", "/admin/it-systemer")
            .await
            .under("/admin/it-systemer", "It-systemer")
            .under(format!("{sti}?fane=certifikater"), s.navn.clone()),
        sti,
        aftryk: aftryk.to_owned(),
        emne: vis::cn(&certifikat.emne),
        system: s.navn.clone(),
        aftaler: super::i_kraft(k, s),
        andre: s.certifikater.iter().any(|c| c.tommelfinger != certifikat.tommelfinger && c.gaelder(k.nu())),
        aarsag: Felt::ny("aarsag", "Årsag", k.f.krop.tekst("aarsag")).hjaelp("Gemmes i loggen").fejl(&fejl),
        fejl,
    })
}

/// What it means, before it is done.
pub async fn vis_tilbagekald(k: Besoeg) -> Svar {
    side(&tilbagekald_side(&k, Fejl::default()).await?)
}

/// Revokes one.
pub async fn tilbagekald(k: Besoeg) -> Svar {
    let (uuid, aarsag) = (k.f.uuid("id")?, k.f.krop.tekst("aarsag"));
    match systemer::tilbagekald_certifikat(&k.t().app, &k.kald, uuid, k.f.led("aftryk"), aarsag).await {
        Ok(()) => {
            k.videre(&format!("/admin/it-systemer/{uuid}?fane=certifikater"), "Certifikatet er tilbagekaldt.")
        }
        Err(fejl) => side_igen(&tilbagekald_side(&k, Fejl::af(fejl)?).await?),
    }
}

struct Rad {
    system: String,
    sti: String,
    emne: String,
    udloeber: Dato,
    om: String,
    tag: Tag,
    aftaler: usize,
    /// The bar: begin and width in per cent, and its class.
    fra: String,
    bredde: String,
    klasse: &'static str,
}

#[derive(Template)]
#[template(path = "systemer/certifikater.html")]
struct Side {
    ramme: Ramme,
    hoveder: Hoveder,
    rader: Vec<Rad>,
    sider: Sider,
    snart: usize,
    maaneder: Vec<(String, String)>,
    fra: Dato,
    til: Dato,
}

fn procent(nu: Instant, tid: Instant) -> i64 {
    // In tenths, from today.
    let dage = (tid.micros().saturating_sub(nu.micros())) / DAG;
    (dage * 1_000 / PERIODE).clamp(0, 1_000)
}

fn tiendedele(n: i64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

/// The columns before the drawing.
fn kolonner<'p>() -> [Kolonne<systemer::Certifikatfrist<'p>>; 3] {
    [
        Kolonne::ny("system", "System og certifikat", |_, f| Noegle::tekst(&f.system.navn)),
        Kolonne::ny("udloeber", "Udløber", |_, f| Noegle::tid(f.certifikat.gyldig.to)),
        Kolonne::tal("beroerer", "Berører", |k, f| Noegle::antal(super::i_kraft(k, f.system))),
    ]
}

/// All certificates, the first to run out first.
pub async fn kalender(k: Besoeg) -> Svar {
    let nu = k.nu();
    let mut frister = systemer::frister(&k.kald, &k.politik, nu)?;
    let snart = frister.iter().filter(|f| (0..=30).contains(&f.dage)).count();
    liste::sorter(&k, &kolonner(), &mut frister);
    let sider = Sider::ny(&k.f.query, frister.len());
    let rad = |f: &systemer::Certifikatfrist<'_>| {
        let c = f.certifikat;
        let (fra, til) =
            (procent(nu, c.gyldig.from.max(c.aktivering.from).max(nu)), procent(nu, c.gyldig.to));
        let venter = c.aktivering.from > nu;
        Rad {
            system: f.system.navn.clone(),
            sti: format!("/admin/it-systemer/{}?fane=certifikater", f.system.uuid),
            emne: vis::cn(&c.emne),
            udloeber: vis::dato(c.gyldig.to),
            om: if f.afloest {
                format!("{}, afløst", vis::om_dage(nu, c.gyldig.to))
            } else {
                vis::om_dage(nu, c.gyldig.to)
            },
            tag: vis::certifikattag(c, nu),
            aftaler: super::i_kraft(&k, f.system),
            fra: tiendedele(fra),
            bredde: tiendedele((til - fra).max(0)),
            klasse: if venter {
                "f-bar--next"
            } else if f.dage <= 30 {
                "f-bar--warn"
            } else {
                ""
            },
        }
    };
    let maaneder = (0..4).map(|nr| {
        let tid = Instant::from_micros(nu.micros() + nr * PERIODE / 4 * DAG);
        let navn = oio::tid::zoned(tid).map_or_else(String::new, |z| z.strftime("%m-%Y").to_string());
        (tiendedele(nr * 250 + 5), navn)
    });
    side(&Side {
        ramme: k
            .ramme("Certifikater", "/admin/certifikater")
            .await
            .under("/admin/it-systemer", "It-systemer"),
        hoveder: liste::hoveder(&k.f.query, "/admin/certifikater", &kolonner()),
        snart,
        rader: sider.af(frister).iter().map(rad).collect(),
        sider,
        maaneder: maaneder.collect(),
        fra: vis::dato(nu),
        til: vis::dato(Instant::from_micros(nu.micros() + PERIODE * DAG)),
    })
}
