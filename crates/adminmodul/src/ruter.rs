//! Every address of the module, with the right it takes: the router, the check before each page, the menu and the test of
//! roles against pages are made from this table.

use crate::kontekst::{Forespoergsel, Kontekst, Svar};
use crate::sider::{forside, login, mig, opgaver};
use administration::{Emne, Handling};
use axum::routing::MethodFilter;
use std::future::Future;
use std::pin::Pin;

/// What a page is while it is made.
pub type Fremtid = Pin<Box<dyn Future<Output = Svar> + Send>>;

/// How an address is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metode {
    /// To look.
    Get,
    /// To change.
    Post,
}

impl Metode {
    pub(crate) const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
        }
    }
}

/// What it takes to go by a route.
#[derive(Debug, Clone, Copy)]
pub enum Krav {
    /// Nothing.
    Aaben,
    /// To be in, with any role.
    Enhver,
    /// This right.
    Ret(Emne, Handling),
    /// One of these rights; what is done with it, the use case judges.
    EnAf(&'static [(Emne, Handling)]),
}

/// What makes the page.
#[derive(Clone, Copy)]
pub(crate) enum Udfoerer {
    Aaben(fn(Forespoergsel) -> Fremtid),
    Inde(fn(Kontekst) -> Fremtid),
}

/// The entry of a route in the menu.
#[derive(Debug, Clone, Copy)]
pub struct Menu {
    /// Entries with the same number stand together.
    pub gruppe: u8,
    /// The icon.
    pub ikon: &'static str,
    /// The name.
    pub navn: &'static str,
    /// The address of the entry it stands under.
    pub under: Option<&'static str>,
}

/// A route.
pub struct Rute {
    /// How it is called.
    pub metode: Metode,
    /// The address.
    pub sti: &'static str,
    /// What makes the page, by name.
    pub navn: &'static str,
    /// What it takes.
    pub krav: Krav,
    /// Its entry in the menu.
    pub menu: Option<Menu>,
    pub(crate) udfoerer: Udfoerer,
}

const fn punkt(gruppe: u8, ikon: &'static str, navn: &'static str) -> Option<Menu> {
    Some(Menu { gruppe, ikon, navn, under: None })
}

macro_rules! udfoerer {
    (aaben $side:path) => {
        Udfoerer::Aaben(|f| Box::pin($side(f)))
    };
    (inde $side:path) => {
        Udfoerer::Inde(|k| Box::pin($side(k)))
    };
}

macro_rules! ruter {
    ($($metode:ident $sti:literal, $krav:expr, $slags:ident($side:path) $(, $menu:expr)?;)*) => {
        /// Every route.
        pub static RUTER: &[Rute] = &[$(Rute {
            metode: Metode::$metode,
            sti: $sti,
            navn: stringify!($side),
            krav: $krav,
            menu: ruter!(@menu $($menu)?),
            udfoerer: udfoerer!($slags $side),
        }),*];
    };
    (@menu) => { None };
    (@menu $menu:expr) => { $menu };
}

use Emne as E;
use Handling as H;
use Krav::{Aaben, Enhver, Ret};

ruter! {
    Get "/admin", Enhver, inde(forside::vis), punkt(1, "home", "Forside");

    Get "/admin/login", Aaben, aaben(login::vis);
    Post "/admin/login", Aaben, aaben(login::ind);
    Get "/admin/login/kode", Aaben, aaben(login::vis_kode);
    Post "/admin/login/kode", Aaben, aaben(login::kode);
    Get "/admin/login/tilmeld", Aaben, aaben(login::tilmeld::vis);
    Post "/admin/login/tilmeld", Aaben, aaben(login::tilmeld::gem);
    Get "/admin/adgang/{token}", Aaben, aaben(login::link::vis);
    Post "/admin/adgang/{token}", Aaben, aaben(login::link::vaelg);
    Post "/admin/log-ud", Enhver, inde(login::log_ud);
    Post "/admin/handler-som", Enhver, inde(mig::handler_som);

    Get "/admin/mig", Enhver, inde(mig::vis);
    Post "/admin/mig/adgangskode", Enhver, inde(mig::adgangskode);
    Post "/admin/mig/sessioner/{session}/afslut", Enhver, inde(mig::afslut_session);
    Post "/admin/mig/sessioner/afslut-andre", Enhver, inde(mig::afslut_andre);
    Get "/admin/indsigt", Enhver, inde(mig::indsigt::vis);
    Get "/admin/indsigt.csv", Enhver, inde(mig::indsigt::csv);

    Get "/admin/opgaver", Ret(E::Opgave, H::Se), inde(opgaver::liste), punkt(1, "checklist", "Opgaver");
    Post "/admin/opgaver/{id}/overtag", Ret(E::Opgave, H::Ret), inde(opgaver::overtag);
    Post "/admin/opgaver/{id}/giv", Ret(E::Opgave, H::Ret), inde(opgaver::giv);
    Get "/admin/opgaver/{id}/bortfald", Ret(E::Opgave, H::Ret), inde(opgaver::bortfald);
    Post "/admin/opgaver/{id}/bortfald", Ret(E::Opgave, H::Ret), inde(opgaver::lad_bortfalde);
}
