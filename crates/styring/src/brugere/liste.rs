//! Lists of users: what they are found by, and in which orders.

use crate::skriv::{self, Gemt, Side};
use crate::{Kald, Styringsfejl};
use administration::{Bruger, Brugertilstand, Emne, Entitet, Handling, Modulrolle, dansk};
use app::App;
use bitemporal::Instant;
use oio::noegle::ord;
use std::collections::BTreeSet;
use store::{LOGINKOLONNE, Modulliste, Modulorden, Modulpost, ORD, SORTERES_MAX, Ved};
use uuid::Uuid;

/// Users on one page, at most.
pub const SIDE_MAX: u64 = 200;
/// How far users are counted.
pub const TAELLES_MAX: u64 = 1_000;
/// Most words that are looked for.
const ORD_MAX: usize = 8;

/// A column users can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brugerkolonne {
    /// The name.
    Navn,
    /// The name of the party.
    Part,
    /// The latest login.
    Login,
    /// The state.
    Tilstand,
}

impl Brugerkolonne {
    /// What the store calls it; by name is the order of keys.
    const fn kolonne(self) -> Option<&'static str> {
        match self {
            Self::Navn => None,
            Self::Part => Some("part"),
            Self::Login => Some(LOGINKOLONNE.1),
            Self::Tilstand => Some("tilstand"),
        }
    }
}

/// Which users.
#[derive(Debug, Clone, Default)]
pub struct Brugersoegning {
    /// Beginnings of words in name or e-mail, or the UUID; all of them.
    pub tekst: Option<String>,
    /// Those who have this role for the party.
    pub rolle: Option<Modulrolle>,
    /// Those in this state.
    pub tilstand: Option<Brugertilstand>,
    /// What they are sorted by; by name when nothing is said.
    pub kolonne: Option<Brugerkolonne>,
    /// Whether the last comes first.
    pub omvendt: bool,
    /// The user the page is counted from; the beginning when none is named.
    pub ved: Option<Ved>,
    /// How many are passed over.
    pub forbi: u64,
    /// Most of them to give.
    pub antal: u64,
}

/// A page of the users of the party, or of all parties for who runs the installation. Counted to [`TAELLES_MAX`], so that
/// neither a page nor the number is as long to find as the register is.
///
/// # Errors
///
pub async fn side(app: &App, kald: &Kald, s: &Brugersoegning) -> Result<Side<Bruger>, Styringsfejl> {
    kald.kraev(Emne::Bruger, Handling::Se)?;
    let tekst = s.tekst.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let soegt: BTreeSet<String> = match tekst.map(Uuid::try_parse) {
        Some(Ok(uuid)) => [uuid.simple().to_string()].into(),
        _ => tekst.into_iter().flat_map(ord).take(ORD_MAX).collect(),
    };
    if tekst.is_some() && soegt.is_empty() {
        return Ok(Side::default());
    }
    let hele = s.rolle.is_none() && kald.aktoer.ser_alle_parter();
    let mut noegler = vec![match s.rolle {
        Some(rolle) => ("rolle", format!("{}:{}", kald.part(), rolle.kode())),
        None if hele => ("alle", String::new()),
        None => ("part", kald.part().to_string()),
    }];
    noegler.extend(s.tilstand.map(|t| ("tilstand", t.to_string())));
    let liste = Modulliste {
        art: Bruger::ART,
        noegler,
        hele,
        ord: soegt.into_iter().collect(),
        tekst: None,
        kolonne: s.kolonne.and_then(Brugerkolonne::kolonne),
        omvendt: s.omvendt,
        ved: s.ved,
        forbi: s.forbi,
        antal: s.antal.clamp(1, SIDE_MAX),
        taelles: TAELLES_MAX,
        sorteres: SORTERES_MAX,
    };
    skriv::side(app.store().modul_liste(&liste).await?)
}

/// The same, with how many there are as far as they are counted.
///
/// # Errors
///
pub async fn list(
    app: &App,
    kald: &Kald,
    s: &Brugersoegning,
) -> Result<(Vec<Gemt<Bruger>>, u64), Styringsfejl> {
    let side = side(app, kald, s).await?;
    Ok((side.poster, side.alle))
}

/// The same when it is known when the user was here last.
pub(crate) fn post_med(app: &App, bruger: &Bruger, foer: i64, sidst: Option<Instant>) -> Modulpost {
    let mut post = post(app, bruger, foer);
    let (art, kolonne) = LOGINKOLONNE;
    post.kolonner.extend(sidst.map(|tid| Modulorden::ny(art, kolonne, &Modulorden::tid(tid), "")));
    post
}

/// A user as stored, with what it is found and sorted by.
pub(crate) fn post(app: &App, bruger: &Bruger, foer: i64) -> Modulpost {
    let mut noegler = vec![
        ("alle", String::new()),
        ("part", bruger.cvr.to_string()),
        ("tilstand", bruger.tilstand.to_string()),
    ];
    for t in &bruger.roller {
        noegler.push(("part", t.part.to_string()));
        noegler.push(("rolle", format!("{}:{}", t.part, t.rolle.kode())));
    }
    let soeg = format!("{} {} {}", bruger.navn, bruger.email, bruger.uuid);
    let mut ordene: BTreeSet<String> = ord(&bruger.navn).chain(ord(&bruger.email)).collect();
    ordene.insert(bruger.uuid.simple().to_string());
    noegler.extend(ordene.into_iter().map(|o| (ORD, o)));
    let navn = dansk::noegle(&bruger.navn);
    let part = dansk::noegle(&Kald::partsnavn(&app.politik(), bruger.cvr));
    let kolonne = |navnet, vaerdi: &str| Modulorden::ny(Bruger::ART, navnet, vaerdi, &navn);
    let kolonner = vec![
        kolonne("part", &part),
        kolonne("tilstand", &dansk::noegle(&bruger.tilstand.to_string())),
        Modulorden::hvis_intet(LOGINKOLONNE.0, LOGINKOLONNE.1, &navn),
    ];
    Modulpost {
        art: Bruger::ART,
        id: bruger.uuid,
        krop: serde_json::to_vec(bruger).ok(),
        foer,
        soeg,
        unik: Some(bruger.email.to_lowercase()),
        orden: navn,
        noegler,
        kolonner,
    }
}
