//! What stands around every page: the band, the bar, the menu.

use crate::besoeg::Besoeg;
use crate::meddelelse::Meddelelse;
use crate::ruter::{Krav, Metode, RUTER};
use crate::sider::visninger::{self, Visninger};
use administration::{Aktoer, Emne, Handling, Miljoe, Part, Partsart};

/// The frame of a page for a person.
pub struct Ramme {
    /// What the page is called.
    pub titel: String,
    /// The environment.
    pub miljoe: Band,
    /// The party acted for.
    pub part: String,
    /// What kind of party it is.
    pub partsart: String,
    /// The parties the person may act for.
    pub parter: Vec<Partvalg>,
    /// The person.
    pub bruger: String,
    /// Where the person's own page is.
    pub brugersti: String,
    /// What forms must send along.
    pub csrf: String,
    /// Open tasks.
    pub opgaver: usize,
    /// Notices that are not read, counted to a hundred.
    pub adviser: u64,
    /// The menu.
    pub menu: Vec<Menugruppe>,
    /// What the page before wanted told.
    pub meddelelse: Option<Meddelelse>,
    /// What was searched for.
    pub soegt: String,
    /// Where one goes back to.
    pub krummer: Vec<(String, String)>,
    /// The person's views of the list, when the page is one.
    pub visninger: Option<Visninger>,
}

/// The band of the environment.
pub struct Band {
    /// Its class.
    pub klasse: &'static str,
    /// Its name.
    pub navn: &'static str,
    /// What it means.
    pub tekst: &'static str,
}

/// The band of an environment.
pub const fn band(miljoe: Miljoe) -> Band {
    match miljoe {
        Miljoe::Produktion => {
            Band { klasse: "produktion", navn: "PRODUKTION", tekst: "Ændringer virker med det samme" }
        }
        Miljoe::Test => Band { klasse: "test", navn: "TEST", tekst: "Her er ingen rigtige borgere" },
        Miljoe::Oevemiljoe => {
            Band { klasse: "oeve", navn: "ØVEMILJØ", tekst: "Øv dig trygt; intet forlader miljøet" }
        }
    }
}

/// A party to act for.
pub struct Partvalg {
    /// Its CVR number.
    pub cvr: String,
    /// Its name.
    pub navn: String,
    /// What it is.
    pub art: String,
    /// Whether it is the one acted for.
    pub valgt: bool,
}

/// A few entries of the menu.
pub struct Menugruppe(pub Vec<Menupunkt>);

/// An entry of the menu.
pub struct Menupunkt {
    /// Where it leads.
    pub sti: &'static str,
    /// Its icon.
    pub ikon: &'static str,
    /// Its name.
    pub navn: &'static str,
    /// Whether it is the page at hand, or the page at hand lies under it.
    pub her: bool,
    /// Entries under it.
    pub under: Vec<Self>,
}

/// What kinds of party it is, in words.
pub fn arter(part: Option<&Part>) -> String {
    let navn = |art: &Partsart| match art {
        Partsart::Myndighed => "myndighed",
        Partsart::Leverandoer => "leverandør",
        Partsart::Operatoer => "driftsoperatør",
    };
    part.map_or_else(String::new, |p| p.arter.iter().map(navn).collect::<Vec<_>>().join(", "))
}

/// The menu of a person on a page of an address.
pub fn menu(aktoer: &Aktoer, her: &str) -> Vec<Menugruppe> {
    let mut grupper: Vec<(u8, Vec<Menupunkt>)> = Vec::new();
    let synlige = RUTER.iter().filter(|r| r.metode == Metode::Get && maa(aktoer, r.krav));
    for rute in synlige {
        let Some(m) = rute.menu else { continue };
        let mut punkt =
            Menupunkt { sti: rute.sti, ikon: m.ikon, navn: m.navn, her: rute.sti == her, under: Vec::new() };
        if grupper.last().is_none_or(|g| g.0 != m.gruppe) {
            grupper.push((m.gruppe, Vec::new()));
        }
        let Some((_, punkter)) = grupper.last_mut() else { continue };
        match punkter.last_mut() {
            Some(over) if m.under.is_some_and(|sti| sti == over.sti) => over.under.push(punkt),
            _ => {
                // What stands under an entry the person has not got stands in its place, with its icon.
                if let Some(over) = m.under.and_then(|sti| RUTER.iter().find(|r| r.sti == sti)?.menu) {
                    punkt.ikon = over.ikon;
                }
                punkter.push(punkt);
            }
        }
    }
    grupper.into_iter().map(|(_, punkter)| Menugruppe(punkter)).collect()
}

/// Whether a person may go by a route.
pub fn maa(aktoer: &Aktoer, krav: Krav) -> bool {
    match krav {
        Krav::Aaben | Krav::Enhver => true,
        Krav::Ret(emne, handling) => aktoer.kan(emne, handling),
        Krav::EnAf(alle) => alle.iter().any(|(emne, handling)| aktoer.kan(*emne, *handling)),
    }
}

impl Besoeg {
    /// The frame of a page of this name; `her` is the address of its entry in the menu.
    pub async fn ramme(&self, titel: impl Into<String>, her: &str) -> Ramme {
        let app = &self.t().app;
        let nu = self.nu();
        let part = self.kald.part();
        let valg = |cvr: oio::Cvr| Partvalg {
            cvr: cvr.to_string(),
            navn: self.partsnavn(cvr),
            art: arter(self.politik.part(cvr)),
            valgt: cvr == part,
        };
        // Who may not see tasks has none.
        let opgaver = styring::opgaver::mine(app, &self.kald).await.map_or(0, |alle| alle.len());
        Ramme {
            titel: titel.into(),
            miljoe: band(self.t().miljoe),
            part: self.partsnavn(part),
            partsart: arter(self.politik.part(part)),
            parter: self.bruger.parter(nu).into_iter().map(valg).collect(),
            bruger: self.bruger.navn.clone(),
            brugersti: if self.kald.aktoer.kan(Emne::Bruger, Handling::Se) {
                format!("/admin/brugere/{}", self.bruger.uuid)
            } else {
                "/admin/indsigt".to_owned()
            },
            csrf: self.session.csrf().to_owned(),
            opgaver,
            // A page is shown also when they cannot be counted.
            adviser: styring::adviser::ulaeste(app, &self.kald).await.unwrap_or(0),
            menu: menu(&self.kald.aktoer, her),
            meddelelse: self.meddelelse(),
            soegt: if self.f.rute.sti == "/admin/soeg" {
                self.f.query.tekst("q").to_owned()
            } else {
                String::new()
            },
            krummer: Vec::new(),
            visninger: visninger::paa_siden(self).await,
        }
    }
}

impl Ramme {
    /// Whether the person may see the first steps of the party.
    pub fn kan_komme_i_gang(&self) -> bool {
        let mut punkter = self.menu.iter().flat_map(|g| &g.0);
        punkter.any(|p| p.under.iter().any(|u| u.sti == "/admin/kom-i-gang"))
    }

    /// With a page above it.
    pub fn under(mut self, sti: impl Into<String>, navn: impl Into<String>) -> Self {
        self.krummer.push((sti.into(), navn.into()));
        self
    }
}
