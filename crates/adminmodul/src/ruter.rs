//! Every address of the module, with the right it takes: the router, the check before each page, the menu and the test of
//! roles against pages are made from this table.

use crate::besoeg::{Besoeg, Forespoergsel, Svar};
use crate::sider::{
    adviser, aftaler, apinoegler, attesteringer, brugere, delegeringer, foederation, forklar, forside,
    indstillinger, jobfunktionsroller, katalog, klassifikation, komigang, log, login, mig, opgaver,
    overfoersel, rollekatalog, soeg, stikproever, systemer, visninger, webhooks,
};
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
    Inde(fn(Besoeg) -> Fremtid),
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

const fn under(over: &'static str, gruppe: u8, navn: &'static str) -> Option<Menu> {
    Some(Menu { gruppe, ikon: "", navn, under: Some(over) })
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
use Krav::{Aaben, EnAf, Enhver, Ret};

/// Whoever may assign any kind of role; which ones, the use case judges.
const ROLLER: Krav = EnAf(&[
    (E::Forretningsrolle, H::Tildel),
    (E::Administratorrolle, H::Tildel),
    (E::Operatoerrolle, H::Tildel),
]);
/// Who asks for, offers or approves a føderationsaftale may answer, block and end it, for the own side.
const FOEDERATION: Krav = EnAf(&[(E::Foederationsaftale, H::Opret), (E::Foederationsaftale, H::Godkend)]);
/// Who adds the first certificate of a role catalogue, or one beside those that are there.
const ROLLECERTIFIKAT: Krav = EnAf(&[(E::RolleCertifikat, H::Opret), (E::RolleCertifikat, H::Ret)]);
/// Whoever writes limits of KLE, and of units.
const KLE_VALG: Krav = EnAf(&[(E::Jobfunktionsrolle, H::Ret), (E::Aftale, H::Opret)]);
/// Who proposes a delegering may take it back, and so may who approves it.
const TILBAGEKALD: Krav = EnAf(&[(E::Delegering, H::Opret), (E::Delegering, H::Godkend)]);

ruter! {
    Get "/admin", Enhver, inde(forside::vis), punkt(1, "home", "Forside");
    Get "/admin/kom-i-gang", Ret(E::KomIGang, H::Se), inde(komigang::vis), under("/admin", 1, "Kom i gang");
    Post "/admin/kom-i-gang/dato", Ret(E::KomIGang, H::Ret), inde(komigang::dato);
    Get "/admin/kom-i-gang/{skridt}", Ret(E::KomIGang, H::Se), inde(komigang::trin::vis);
    Post "/admin/kom-i-gang/{skridt}", Ret(E::KomIGang, H::Ret), inde(komigang::trin::gem);

    Get "/admin/login", Aaben, aaben(login::vis);
    Post "/admin/login", Aaben, aaben(login::ind);
    Get "/admin/login/kode", Aaben, aaben(login::vis_kode);
    Post "/admin/login/kode", Aaben, aaben(login::kode);
    Get "/admin/login/udbyder/{udbyder}", Aaben, aaben(login::udbyder::ind);
    Get "/admin/adgang/{token}/udbyder/{udbyder}", Aaben, aaben(login::udbyder::knyt);
    Get "/login/oidc/svar", Aaben, aaben(login::udbyder::svar);
    Post "/admin/login/noegle", Aaben, aaben(login::noegle::ind);
    Post "/admin/login/tilmeld/noegle", Aaben, aaben(login::noegle::tilmeld);
    Get "/admin/login/tilmeld", Aaben, aaben(login::tilmeld::vis);
    Post "/admin/login/tilmeld", Aaben, aaben(login::tilmeld::gem);
    Get "/admin/adgang/{token}", Aaben, aaben(login::link::vis);
    Post "/admin/adgang/{token}", Aaben, aaben(login::link::vaelg);
    Post "/admin/log-ud", Enhver, inde(login::log_ud);
    Post "/admin/handler-som", Enhver, inde(mig::handler_som);

    Get "/admin/mig", Enhver, inde(mig::vis);
    Post "/admin/mig/adgangskode", Enhver, inde(mig::adgangskode);
    Post "/admin/mig/bekraeft", Enhver, inde(mig::faktorer::bekraeft);
    Post "/admin/mig/noegle", Enhver, inde(mig::faktorer::tilmeld);
    Post "/admin/mig/faktorer/{faktor}/fjern", Enhver, inde(mig::faktorer::fjern);
    Post "/admin/mig/sessioner/{session}/afslut", Enhver, inde(mig::afslut_session);
    Post "/admin/mig/sessioner/afslut-andre", Enhver, inde(mig::afslut_andre);
    Get "/admin/indsigt", Enhver, inde(mig::indsigt::vis);
    Get "/admin/indsigt.csv", Enhver, inde(mig::indsigt::csv);

    Get "/admin/opgaver", Ret(E::Opgave, H::Se), inde(opgaver::liste), punkt(1, "checklist", "Opgaver");
    Post "/admin/opgaver/{id}/overtag", Ret(E::Opgave, H::Ret), inde(opgaver::overtag);
    Post "/admin/opgaver/{id}/giv", Ret(E::Opgave, H::Ret), inde(opgaver::giv);
    Get "/admin/opgaver/{id}/bortfald", Ret(E::Opgave, H::Ret), inde(opgaver::bortfald);
    Post "/admin/opgaver/{id}/bortfald", Ret(E::Opgave, H::Ret), inde(opgaver::lad_bortfalde);

    Get "/admin/adviser", Enhver, inde(adviser::liste), punkt(1, "notifications", "Adviser");
    Post "/admin/adviser/laest", Enhver, inde(adviser::laes_alle);
    Post "/admin/adviser/{id}/laest", Enhver, inde(adviser::laes);
    Get "/admin/adviser/valg", Enhver, inde(adviser::valg::vis), under("/admin/adviser", 1, "Vælg adviser");
    Post "/admin/adviser/valg", Enhver, inde(adviser::valg::gem);
    Get "/admin/adviser/postkasse", Ret(E::Indstilling, H::Se), inde(adviser::postkasse::vis), under("/admin/adviser", 1, "Fælles postkasse");
    Post "/admin/adviser/postkasse", Ret(E::Indstilling, H::Ret), inde(adviser::postkasse::gem);

    Get "/admin/soeg", Enhver, inde(soeg::vis);

    Get "/admin/visninger/{liste}", Enhver, inde(visninger::vis);
    Post "/admin/visninger/{liste}", Enhver, inde(visninger::gem);
    Post "/admin/visninger/{liste}/{visning}", Enhver, inde(visninger::aendr);

    Get "/admin/it-systemer", Ret(E::ItSystem, H::Se), inde(systemer::liste), punkt(2, "desktop", "It-systemer");
    Get "/admin/it-systemer.csv", Ret(E::ItSystem, H::Se), inde(systemer::csv);
    Get "/admin/certifikater", Ret(E::Certifikat, H::Se), inde(systemer::certifikater::kalender), under("/admin/it-systemer", 2, "Certifikater");
    Get "/admin/overfoersel", Ret(E::Overfoersel, H::Opret), inde(overfoersel::vis), under("/admin/it-systemer", 2, "Overfør fra andet miljø");
    Post "/admin/overfoersel/se", Ret(E::Overfoersel, H::Opret), inde(overfoersel::se);
    Post "/admin/overfoersel", Ret(E::Overfoersel, H::Opret), inde(overfoersel::indsaet);
    Get "/admin/it-systemer/{id}/overfoersel.toml", Ret(E::Overfoersel, H::Opret), inde(overfoersel::hent);
    Get "/admin/it-systemer/nyt", Ret(E::ItSystem, H::Opret), inde(systemer::felter::vis_nyt);
    Post "/admin/it-systemer", Ret(E::ItSystem, H::Opret), inde(systemer::felter::opret);
    Get "/admin/it-systemer/{id}", Ret(E::ItSystem, H::Se), inde(systemer::system::vis);
    Get "/admin/it-systemer/{id}/ret", Ret(E::ItSystem, H::Ret), inde(systemer::felter::vis_ret);
    Post "/admin/it-systemer/{id}/ret", Ret(E::ItSystem, H::Ret), inde(systemer::felter::ret);
    Post "/admin/it-systemer/{id}/certifikater", Ret(E::Certifikat, H::Opret), inde(systemer::certifikater::tilfoej);
    Get "/admin/it-systemer/{id}/certifikater/{aftryk}/tilbagekald", Ret(E::Certifikat, H::Afslut), inde(systemer::certifikater::vis_tilbagekald);
    Post "/admin/it-systemer/{id}/certifikater/{aftryk}/tilbagekald", Ret(E::Certifikat, H::Afslut), inde(systemer::certifikater::tilbagekald);
    Get "/admin/it-systemer/{id}/roller/ny", Ret(E::Brugersystemrolle, H::Opret), inde(systemer::roller::vis_ny);
    Post "/admin/it-systemer/{id}/roller/ny", Ret(E::Brugersystemrolle, H::Opret), inde(systemer::roller::opret);
    Get "/admin/it-systemer/{id}/roller/{rolle}/ret", Ret(E::Brugersystemrolle, H::Ret), inde(systemer::roller::vis_ret);
    Post "/admin/it-systemer/{id}/roller/{rolle}/ret", Ret(E::Brugersystemrolle, H::Ret), inde(systemer::roller::ret);
    Get "/admin/it-systemer/{id}/roller/{rolle}/udfas", Ret(E::Brugersystemrolle, H::Afslut), inde(systemer::roller::vis_udfas);
    Post "/admin/it-systemer/{id}/roller/{rolle}/udfas", Ret(E::Brugersystemrolle, H::Afslut), inde(systemer::roller::udfas);
    Get "/admin/it-systemer/{id}/spaer", Ret(E::SpaerItSystem, H::Ret), inde(systemer::drift::vis_spaer);
    Post "/admin/it-systemer/{id}/spaer", Ret(E::SpaerItSystem, H::Ret), inde(systemer::drift::spaer);
    Get "/admin/it-systemer/{id}/ophaev", Ret(E::SpaerItSystem, H::Ret), inde(systemer::drift::vis_ophaev);
    Post "/admin/it-systemer/{id}/ophaev", Ret(E::SpaerItSystem, H::Ret), inde(systemer::drift::ophaev);
    Get "/admin/it-systemer/{id}/luk", Ret(E::LukItSystem, H::Afslut), inde(systemer::drift::vis_luk);
    Post "/admin/it-systemer/{id}/luk", Ret(E::LukItSystem, H::Afslut), inde(systemer::drift::luk);

    Get "/admin/serviceaftaler", Ret(E::Aftale, H::Se), inde(aftaler::liste), punkt(2, "assignment", "Serviceaftaler");
    Get "/admin/serviceaftaler.csv", Ret(E::Aftale, H::Se), inde(aftaler::csv);
    Get "/admin/servicekatalog", Ret(E::Servicekatalog, H::Se), inde(katalog::vis), under("/admin/serviceaftaler", 2, "Servicekatalog");
    Get "/admin/forklar", Ret(E::Afvisning, H::Se), inde(forklar::vis), under("/admin/serviceaftaler", 2, "Forklar afvisning");
    Get "/admin/servicekatalog/{id}", Ret(E::Servicekatalog, H::Se), inde(katalog::service);
    Get "/admin/serviceaftaler/anmod", Ret(E::Aftale, H::Opret), inde(aftaler::anmod::ny);
    Post "/admin/serviceaftaler/anmod", Ret(E::Aftale, H::Opret), inde(aftaler::anmod::opret);
    Get "/admin/serviceaftaler/proevetilslutning", Ret(E::Proevetilslutning, H::Opret), inde(aftaler::proeve::vis);
    Post "/admin/serviceaftaler/proevetilslutning", Ret(E::Proevetilslutning, H::Opret), inde(aftaler::proeve::begynd);
    Get "/admin/serviceaftaler/godkend", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::flere::vis);
    Post "/admin/serviceaftaler/godkend", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::flere::godkend);
    Get "/admin/serviceaftaler/{id}", Ret(E::Aftale, H::Se), inde(aftaler::aftale::vis);
    Get "/admin/serviceaftaler/{id}/aftale.pdf", Ret(E::Aftale, H::Se), inde(aftaler::udskrift::pdf);
    Get "/admin/serviceaftaler/{id}/anmod/{trin}", Ret(E::Aftale, H::Opret), inde(aftaler::anmod::vis);
    Post "/admin/serviceaftaler/{id}/anmod/{trin}", Ret(E::Aftale, H::Opret), inde(aftaler::anmod::gem);
    Get "/admin/serviceaftaler/{id}/svar", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::svar::vis);
    Post "/admin/serviceaftaler/{id}/svar", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::svar::svar);
    Post "/admin/serviceaftaler/{id}/kommentar", Ret(E::Aftalekommentar, H::Opret), inde(aftaler::kommentar::skriv);
    Post "/admin/serviceaftaler/{id}/kommentar/bed", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::kommentar::bed);
    Post "/admin/serviceaftaler/{id}/standard", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::standard::giv);
    Post "/admin/serviceaftaler/{id}/standard/traek", Ret(E::Aftalesvar, H::Godkend), inde(aftaler::standard::traek);
    Get "/admin/serviceaftaler/{id}/spaer", Ret(E::Aftalespaerring, H::Ret), inde(aftaler::drift::vis_spaer);
    Post "/admin/serviceaftaler/{id}/spaer", Ret(E::Aftalespaerring, H::Ret), inde(aftaler::drift::spaer);
    Get "/admin/serviceaftaler/{id}/ophaev", Ret(E::Aftalespaerring, H::Ret), inde(aftaler::drift::vis_ophaev);
    Post "/admin/serviceaftaler/{id}/ophaev", Ret(E::Aftalespaerring, H::Ret), inde(aftaler::drift::ophaev);
    Get "/admin/serviceaftaler/{id}/opsig", Ret(E::Aftaleopsigelse, H::Ret), inde(aftaler::drift::vis_opsig);
    Post "/admin/serviceaftaler/{id}/opsig", Ret(E::Aftaleopsigelse, H::Ret), inde(aftaler::drift::opsig);
    Post "/admin/serviceaftaler/{id}/genbekraeft", Ret(E::Aftalegenbekraeftelse, H::Godkend), inde(aftaler::drift::genbekraeft);
    Post "/admin/serviceaftaler/{id}/aendr", Ret(E::Aftale, H::Opret), inde(aftaler::drift::aendr);
    Post "/admin/serviceaftaler/{id}/kopier", Ret(E::Aftale, H::Opret), inde(aftaler::drift::kopier);
    Post "/admin/serviceaftaler/{id}/traek-tilbage", Ret(E::Aftale, H::Opret), inde(aftaler::drift::traek_tilbage);
    Post "/admin/serviceaftaler/{id}/gensend", Ret(E::Aftale, H::Opret), inde(aftaler::drift::gensend);
    Post "/admin/serviceaftaler/{id}/slet", Ret(E::Aftale, H::Opret), inde(aftaler::drift::slet);

    Get "/admin/jobfunktionsroller", Ret(E::Jobfunktionsrolle, H::Se), inde(jobfunktionsroller::liste), punkt(3, "contact-card", "Jobfunktionsroller");
    Get "/admin/delegeringer", Ret(E::Delegering, H::Se), inde(delegeringer::liste), under("/admin/jobfunktionsroller", 3, "Delegeringer");
    Get "/admin/delegeringer.csv", Ret(E::Delegering, H::Se), inde(delegeringer::csv);
    Get "/admin/delegeringer/ny", Ret(E::Delegering, H::Opret), inde(delegeringer::felter::vis_ny);
    Post "/admin/delegeringer/ny", Ret(E::Delegering, H::Opret), inde(delegeringer::felter::opret);
    Get "/admin/delegeringer/{id}", Ret(E::Delegering, H::Se), inde(delegeringer::delegering::vis);
    Get "/admin/delegeringer/{id}/ret", Ret(E::Delegering, H::Opret), inde(delegeringer::felter::vis_ret);
    Post "/admin/delegeringer/{id}/ret", Ret(E::Delegering, H::Opret), inde(delegeringer::felter::ret);
    Get "/admin/delegeringer/{id}/svar", Ret(E::Delegering, H::Godkend), inde(delegeringer::svar::vis_svar);
    Post "/admin/delegeringer/{id}/svar", Ret(E::Delegering, H::Godkend), inde(delegeringer::svar::svar);
    Get "/admin/delegeringer/{id}/accepter", Ret(E::Delegeringssvar, H::Godkend), inde(delegeringer::svar::vis_accepter);
    Post "/admin/delegeringer/{id}/accepter", Ret(E::Delegeringssvar, H::Godkend), inde(delegeringer::svar::accepter);
    Get "/admin/delegeringer/{id}/tilbagekald", TILBAGEKALD, inde(delegeringer::svar::vis_tilbagekald);
    Post "/admin/delegeringer/{id}/tilbagekald", TILBAGEKALD, inde(delegeringer::svar::tilbagekald);
    Get "/admin/attesteringer", Ret(E::Attestering, H::Se), inde(attesteringer::liste), under("/admin/jobfunktionsroller", 3, "Attestering");
    Get "/admin/attesteringer/ny", Ret(E::Attestering, H::Opret), inde(attesteringer::vis_ny);
    Post "/admin/attesteringer", Ret(E::Attestering, H::Opret), inde(attesteringer::start);
    Get "/admin/attesteringer/{id}", Ret(E::Attestering, H::Se), inde(attesteringer::vis);
    Get "/admin/attesteringer/{id}/rapport.csv", Ret(E::Attestering, H::Se), inde(attesteringer::csv);
    Get "/admin/attesteringer/{id}/rapport.pdf", Ret(E::Attestering, H::Se), inde(attesteringer::rapport);
    Get "/admin/attesteringer/{id}/punkter/{nr}", Ret(E::Attestering, H::Se), inde(attesteringer::vis_punkt);
    Post "/admin/attesteringer/{id}/punkter/{nr}", Ret(E::Attestering, H::Godkend), inde(attesteringer::svar);
    Get "/admin/attesteringer/{id}/afslut", Ret(E::Attestering, H::Afslut), inde(attesteringer::vis_afslut);
    Post "/admin/attesteringer/{id}/afslut", Ret(E::Attestering, H::Afslut), inde(attesteringer::afslut);
    Get "/admin/jobfunktionsroller.csv", Ret(E::Jobfunktionsrolle, H::Se), inde(jobfunktionsroller::csv);
    Get "/admin/jobfunktionsroller/ny", Ret(E::Jobfunktionsrolle, H::Opret), inde(jobfunktionsroller::ret::vis_ny);
    Post "/admin/jobfunktionsroller/ny", Ret(E::Jobfunktionsrolle, H::Opret), inde(jobfunktionsroller::ret::opret);
    Get "/admin/jobfunktionsroller/eksempler", Ret(E::Jobfunktionsrolle, H::Opret), inde(jobfunktionsroller::eksempler::vis);
    Post "/admin/jobfunktionsroller/eksempler/{noegle}", Ret(E::Jobfunktionsrolle, H::Opret), inde(jobfunktionsroller::eksempler::importer);
    Get "/admin/jobfunktionsroller/sammenlign", Ret(E::Jobfunktionsrolle, H::Se), inde(jobfunktionsroller::sammenlign::vis);
    Get "/admin/jobfunktionsroller/{id}/kopier", Ret(E::Jobfunktionsrolle, H::Opret), inde(jobfunktionsroller::kopi::vis);
    Get "/admin/jobfunktionsroller/{id}", Ret(E::Jobfunktionsrolle, H::Se), inde(jobfunktionsroller::rolle::vis);
    Get "/admin/jobfunktionsroller/{id}/ret", Ret(E::Jobfunktionsrolle, H::Ret), inde(jobfunktionsroller::ret::vis);
    Post "/admin/jobfunktionsroller/{id}/ret", Ret(E::Jobfunktionsrolle, H::Ret), inde(jobfunktionsroller::ret::ret);
    Get "/admin/jobfunktionsroller/{id}/aktiver", Ret(E::JobfunktionsrolleAktivering, H::Aktiver), inde(jobfunktionsroller::drift::vis_aktiver);
    Post "/admin/jobfunktionsroller/{id}/aktiver", Ret(E::JobfunktionsrolleAktivering, H::Aktiver), inde(jobfunktionsroller::drift::aktiver);
    Get "/admin/jobfunktionsroller/{id}/afslut", Ret(E::Jobfunktionsrolle, H::Afslut), inde(jobfunktionsroller::drift::vis_afslut);
    Post "/admin/jobfunktionsroller/{id}/afslut", Ret(E::Jobfunktionsrolle, H::Afslut), inde(jobfunktionsroller::drift::afslut);

    Get "/admin/foederation", Ret(E::Idp, H::Se), inde(foederation::vis), punkt(3, "link", "Føderation");
    Get "/admin/foederation/idp/ny", Ret(E::Idp, H::Opret), inde(foederation::idpfelter::vis_ny);
    Post "/admin/foederation/idp/ny", Ret(E::Idp, H::Opret), inde(foederation::idpfelter::opret);
    Get "/admin/foederation/idp/{id}", Ret(E::Idp, H::Se), inde(foederation::idp::vis);
    Get "/admin/foederation/idp/{id}/ret", Ret(E::Idp, H::Ret), inde(foederation::idpfelter::vis_ret);
    Post "/admin/foederation/idp/{id}/ret", Ret(E::Idp, H::Ret), inde(foederation::idpfelter::ret);
    Get "/admin/foederation/idp/{id}/hent", Ret(E::Idp, H::Ret), inde(foederation::hentning::vis);
    Post "/admin/foederation/idp/{id}/hent", Ret(E::Idp, H::Ret), inde(foederation::hentning::hent);
    Get "/admin/foederation/idp/{id}/svar", Ret(E::Idp, H::Godkend), inde(foederation::idpsvar::vis_svar);
    Post "/admin/foederation/idp/{id}/svar", Ret(E::Idp, H::Godkend), inde(foederation::idpsvar::svar);
    Get "/admin/foederation/idp/{id}/verificer", Ret(E::Idp, H::Godkend), inde(foederation::idpsvar::vis_verificer);
    Post "/admin/foederation/idp/{id}/verificer", Ret(E::Idp, H::Godkend), inde(foederation::idpsvar::verificer);
    Get "/admin/foederation/proev", Ret(E::Loginproeve, H::Opret), inde(foederation::proev::vaelg);
    Get "/admin/foederationsaftaler", Ret(E::Foederationsaftale, H::Se), inde(foederation::aftaler::liste), under("/admin/foederation", 3, "Føderationsaftaler");
    Get "/admin/foederationsaftaler.csv", Ret(E::Foederationsaftale, H::Se), inde(foederation::aftaler::csv);
    Get "/admin/foederationsaftaler/ny", Ret(E::Foederationsaftale, H::Opret), inde(foederation::felter::vis_ny);
    Post "/admin/foederationsaftaler/ny", Ret(E::Foederationsaftale, H::Opret), inde(foederation::felter::opret);
    Get "/admin/foederationsaftaler/{id}", Ret(E::Foederationsaftale, H::Se), inde(foederation::aftale::vis);
    Get "/admin/foederationsaftaler/{id}/ret", Ret(E::Foederationsaftale, H::Opret), inde(foederation::felter::vis_ret);
    Post "/admin/foederationsaftaler/{id}/ret", Ret(E::Foederationsaftale, H::Opret), inde(foederation::felter::ret);
    Get "/admin/foederationsaftaler/{id}/svar", FOEDERATION, inde(foederation::svar::vis);
    Post "/admin/foederationsaftaler/{id}/svar", FOEDERATION, inde(foederation::svar::svar);
    Get "/admin/foederationsaftaler/{id}/proev", Ret(E::Loginproeve, H::Opret), inde(foederation::proev::vis);
    Post "/admin/foederationsaftaler/{id}/proev", Ret(E::Loginproeve, H::Opret), inde(foederation::proev::proev);
    Post "/admin/foederationsaftaler/{id}/testbruger", Ret(E::Loginproeve, H::Ret), inde(foederation::proev::testbruger);
    Get "/admin/foederationsaftaler/{id}/spaer", FOEDERATION, inde(foederation::drift::vis_spaer);
    Post "/admin/foederationsaftaler/{id}/spaer", FOEDERATION, inde(foederation::drift::spaer);
    Get "/admin/foederationsaftaler/{id}/ophaev", FOEDERATION, inde(foederation::drift::vis_ophaev);
    Post "/admin/foederationsaftaler/{id}/ophaev", FOEDERATION, inde(foederation::drift::ophaev);
    Get "/admin/foederationsaftaler/{id}/afslut", FOEDERATION, inde(foederation::drift::vis_afslut);
    Post "/admin/foederationsaftaler/{id}/afslut", FOEDERATION, inde(foederation::drift::afslut);
    Get "/admin/it-systemer/{id}/foederation", Ret(E::Endepunkt, H::Ret), inde(foederation::brugervendt::vis);
    Post "/admin/it-systemer/{id}/foederation", Ret(E::Endepunkt, H::Ret), inde(foederation::brugervendt::ret);
    Post "/admin/it-systemer/{id}/dueslag/{dueslag}/test", Ret(E::Endepunkt, H::Ret), inde(systemer::sundhed::test);
    Get "/admin/it-systemer/{id}/hent-metadata", Ret(E::Endepunkt, H::Ret), inde(foederation::hentning::vis);
    Post "/admin/it-systemer/{id}/hent-metadata", Ret(E::Endepunkt, H::Ret), inde(foederation::hentning::hent);

    Get "/admin/klassifikation", Ret(E::Klassifikation, H::Se), inde(klassifikation::vis), punkt(3, "list-bulleted", "Klassifikation");
    Get "/admin/klassifikation.csv", Ret(E::Klassifikation, H::Se), inde(klassifikation::csv);
    Get "/admin/klassifikation/facetter/{id}", Ret(E::Klassifikation, H::Se), inde(klassifikation::facet::vis);
    Get "/admin/klassifikation/klasser/{id}", Ret(E::Klassifikation, H::Se), inde(klassifikation::klasse::vis);
    Get "/admin/opslag/kle", KLE_VALG, inde(klassifikation::vaelg::kle);
    Get "/admin/opslag/enheder", Ret(E::Jobfunktionsrolle, H::Ret), inde(klassifikation::vaelg::enheder);

    Get "/admin/brugere", Ret(E::Bruger, H::Se), inde(brugere::liste), punkt(4, "persons", "Brugere og roller");
    Get "/admin/brugere.csv", Ret(E::Bruger, H::Se), inde(brugere::csv);
    Get "/admin/rettigheder", Ret(E::Bruger, H::Se), inde(brugere::rettigheder::vis), under("/admin/brugere", 4, "Hvem må hvad");
    Get "/admin/brugere/ny", Ret(E::Bruger, H::Opret), inde(brugere::opret::vis);
    Post "/admin/brugere", Ret(E::Bruger, H::Opret), inde(brugere::opret::gem);
    Get "/admin/brugere/{id}", Ret(E::Bruger, H::Se), inde(brugere::bruger::vis);
    Get "/admin/brugere/{id}/ret", Ret(E::Bruger, H::Ret), inde(brugere::stamdata::vis_ret);
    Post "/admin/brugere/{id}/ret", Ret(E::Bruger, H::Ret), inde(brugere::stamdata::ret);
    Post "/admin/brugere/{id}/roller", ROLLER, inde(brugere::roller::tildel);
    Get "/admin/brugere/{id}/roller/{tildeling}/afslut", ROLLER, inde(brugere::roller::vis_afslut);
    Post "/admin/brugere/{id}/roller/{tildeling}/afslut", ROLLER, inde(brugere::roller::afslut);
    Get "/admin/brugere/{id}/spaer", Ret(E::Bruger, H::Ret), inde(brugere::konto::vis_spaer);
    Post "/admin/brugere/{id}/spaer", Ret(E::Bruger, H::Ret), inde(brugere::konto::spaer);
    Post "/admin/brugere/{id}/genaabn", Ret(E::Bruger, H::Ret), inde(brugere::konto::genaabn);
    Post "/admin/brugere/{id}/link", Ret(E::Bruger, H::Ret), inde(brugere::konto::nyt_link);

    Get "/admin/log", Ret(E::Log, H::Se), inde(log::liste), punkt(4, "time", "Log");
    Get "/admin/log.csv", Ret(E::Log, H::Se), inde(log::csv);
    Get "/admin/stikproever", Ret(E::Stikproeve, H::Se), inde(stikproever::liste), under("/admin/log", 4, "Stikprøver");
    Get "/admin/stikproever/ny", Ret(E::Stikproeve, H::Opret), inde(stikproever::vis_ny);
    Post "/admin/stikproever", Ret(E::Stikproeve, H::Opret), inde(stikproever::traek);
    Get "/admin/stikproever/{id}", Ret(E::Stikproeve, H::Se), inde(stikproever::vis);
    Get "/admin/stikproever/{id}/svar/{nr}", Ret(E::Stikproeve, H::Ret), inde(stikproever::vis_svar);
    Post "/admin/stikproever/{id}/svar/{nr}", Ret(E::Stikproeve, H::Ret), inde(stikproever::besvar);
    Get "/admin/stikproever/{id}/afslut", Ret(E::Stikproeve, H::Ret), inde(stikproever::vis_afslut);
    Post "/admin/stikproever/{id}/afslut", Ret(E::Stikproeve, H::Ret), inde(stikproever::afslut);
    Get "/admin/stikproever/{id}/bevis.pdf", Ret(E::Stikproeve, H::Se), inde(stikproever::bevis);
    Get "/admin/indstillinger", Ret(E::Indstilling, H::Se), inde(indstillinger::vis), punkt(4, "settings", "Indstillinger");
    Post "/admin/indstillinger", Ret(E::Indstilling, H::Ret), inde(indstillinger::gem);
    Get "/admin/rollekatalog", Ret(E::RolleCertifikat, H::Se), inde(rollekatalog::vis), under("/admin/indstillinger", 4, "Rollekatalog");
    Post "/admin/rollekatalog/certifikater", ROLLECERTIFIKAT, inde(rollekatalog::tilfoej);
    Get "/admin/rollekatalog/certifikater/{aftryk}/tilbagekald", Ret(E::RolleCertifikat, H::Afslut), inde(rollekatalog::vis_tilbagekald);
    Post "/admin/rollekatalog/certifikater/{aftryk}/tilbagekald", Ret(E::RolleCertifikat, H::Afslut), inde(rollekatalog::tilbagekald);
    Get "/admin/webhooks", Ret(E::Webhook, H::Se), inde(webhooks::liste), under("/admin/indstillinger", 4, "Webhooks");
    Get "/admin/webhooks/ny", Ret(E::Webhook, H::Opret), inde(webhooks::formular::vis_ny);
    Post "/admin/webhooks", Ret(E::Webhook, H::Opret), inde(webhooks::formular::opret);
    Get "/admin/webhooks/{id}", Ret(E::Webhook, H::Se), inde(webhooks::webhook::vis);
    Get "/admin/webhooks/{id}/ret", Ret(E::Webhook, H::Ret), inde(webhooks::formular::vis_ret);
    Post "/admin/webhooks/{id}/ret", Ret(E::Webhook, H::Ret), inde(webhooks::formular::ret);
    Post "/admin/webhooks/{id}/proeve", Ret(E::Webhook, H::Ret), inde(webhooks::webhook::proev);
    Post "/admin/webhooks/{id}/igen", Ret(E::Webhook, H::Ret), inde(webhooks::webhook::igen);
    Get "/admin/webhooks/{id}/noegle", Ret(E::Webhook, H::Ret), inde(webhooks::noegle::vis);
    Post "/admin/webhooks/{id}/noegle", Ret(E::Webhook, H::Ret), inde(webhooks::noegle::skift);
    Get "/admin/webhooks/{id}/fjern", Ret(E::Webhook, H::Afslut), inde(webhooks::noegle::vis_fjern);
    Post "/admin/webhooks/{id}/fjern", Ret(E::Webhook, H::Afslut), inde(webhooks::noegle::fjern);
    Get "/admin/api-noegler", Enhver, inde(apinoegler::vis), under("/admin/indstillinger", 4, "Mine API-nøgler");
    Post "/admin/api-noegler", Enhver, inde(apinoegler::opret);
    Get "/admin/api-noegler/{id}/tilbagekald", Enhver, inde(apinoegler::vis_tilbagekald);
    Post "/admin/api-noegler/{id}/tilbagekald", Enhver, inde(apinoegler::tilbagekald);
}
