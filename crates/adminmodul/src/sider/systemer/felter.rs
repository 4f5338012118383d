//! An it-system registered, or what is said of it changed.

use crate::besoeg::{Besoeg, Svar, side, side_igen, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use administration::{ItSystem, Miljoe, Modulfejl, Partsart, Systemoplysninger, Systemtype};
use askama::Template;
use styring::systemer::{self, Systemfelter, maerke};

#[derive(Template)]
#[template(path = "systemer/felter.html")]
struct Side {
    ramme: Ramme,
    sti: String,
    tilbage: String,
    maerke: String,
    /// Shown once more because another changed it: what is stored now.
    overhalet: Vec<(&'static str, String)>,
    navn: Felt,
    email: Felt,
    beskrivelse: Felt,
    typer: Felt,
    miljoe: Felt,
    myndigheder: Felt,
    kontakter: Vec<Felt>,
    vilkaar: bool,
    vilkaarfejl: Option<Modulfejl>,
    fejl: Fejl,
}

const KONTAKTER: [(&str, &str); 5] = [
    ("teknisk_kontakt", "Teknisk kontakt"),
    ("sikkerhedskontakt", "Sikkerhedskontakt"),
    ("databehandleraftale", "Databehandleraftale (reference)"),
    ("hostingland", "Hostingland"),
    ("underdatabehandlere", "Underdatabehandlere"),
];

fn type_af(navn: &str) -> Option<Systemtype> {
    Systemtype::ALLE.into_iter().find(|t| t.navn() == navn)
}

fn forklar(t: Systemtype) -> &'static str {
    match t {
        Systemtype::Anvendersystem => "Kalder services eller modtager beskeder",
        Systemtype::BrugervendtSystem => "Medarbejdere logger ind med kommunens login",
        Systemtype::IdentityProvider => "Logger en myndigheds medarbejdere ind",
        Systemtype::Serviceudbyder => "Stiller services til rådighed for andre",
        Systemtype::Attributservice => "Giver oplysninger om dem, der logger ind",
    }
}

/// What a form says.
fn laes(f: &Formular) -> Systemfelter {
    let o = |navn: &str| f.tekst(navn).trim().to_owned();
    Systemfelter {
        navn: o("navn"),
        typer: f.alle("typer").filter_map(type_af).collect(),
        miljoe: Miljoe::ALLE.into_iter().find(|m| m.navn() == f.tekst("miljoe")).unwrap_or_default(),
        oplysninger: Systemoplysninger {
            email: o("email"),
            beskrivelse: o("beskrivelse"),
            teknisk_kontakt: o("teknisk_kontakt"),
            sikkerhedskontakt: o("sikkerhedskontakt"),
            databehandleraftale: o("databehandleraftale"),
            hostingland: o("hostingland"),
            underdatabehandlere: o("underdatabehandlere"),
            vilkaar_accepteret_af: None,
        },
        myndighedsafgraensning: f.saet("myndigheder"),
        vilkaar: f.har("vilkaar"),
    }
}

fn af(s: &ItSystem) -> Systemfelter {
    Systemfelter {
        navn: s.navn.clone(),
        typer: s.typer.clone(),
        miljoe: s.miljoe,
        oplysninger: s.oplysninger.clone(),
        myndighedsafgraensning: s.myndighedsafgraensning.clone(),
        vilkaar: s.oplysninger.vilkaar_accepteret_af.is_some(),
    }
}

/// What stands in the fields of contact, in their order.
fn kontaktvaerdi(o: &Systemoplysninger, id: &str) -> String {
    match id {
        "teknisk_kontakt" => &o.teknisk_kontakt,
        "sikkerhedskontakt" => &o.sikkerhedskontakt,
        "databehandleraftale" => &o.databehandleraftale,
        "hostingland" => &o.hostingland,
        _ => &o.underdatabehandlere,
    }
    .clone()
}

/// What is stored, in words, for who is told that another changed it.
fn ord(k: &Besoeg, s: &Systemfelter) -> Vec<(&'static str, String)> {
    let typer: Vec<&str> = s.typer.iter().map(|t| t.navn()).collect();
    let myndigheder: Vec<String> = s.myndighedsafgraensning.iter().map(|c| k.partsnavn(*c)).collect();
    let mut ud = vec![
        ("Navn", s.navn.clone()),
        ("E-mail", s.oplysninger.email.clone()),
        ("Beskrivelse", s.oplysninger.beskrivelse.clone()),
        ("Type", typer.join(", ")),
        ("Miljø", s.miljoe.navn().to_owned()),
        (
            "Myndighedsafgrænsning",
            if myndigheder.is_empty() { "Alle".into() } else { myndigheder.join(", ") },
        ),
    ];
    ud.extend(KONTAKTER.iter().map(|(id, navn)| (*navn, kontaktvaerdi(&s.oplysninger, id))));
    ud
}

async fn felter_side(k: &Besoeg, system: Option<&ItSystem>, v: &Systemfelter, fejl: Fejl) -> Side {
    let titel = if system.is_some() { "Ret it-system" } else { "Tilslut it-system" };
    let mut ramme = k.ramme(titel, "/admin/it-systemer").await.under("/admin/it-systemer", "It-systemer");
    let sti =
        system.map_or_else(|| "/admin/it-systemer".to_owned(), |s| format!("/admin/it-systemer/{}", s.uuid));
    if let Some(s) = system {
        ramme = ramme.under(sti.clone(), s.navn.clone());
    }
    let typer = Systemtype::ALLE
        .into_iter()
        .map(|t| Valg::ny(t.navn(), t.navn(), v.typer.contains(&t)).med(forklar(t)));
    let miljoe = Miljoe::ALLE.into_iter().map(|m| Valg::ny(m.navn(), m.navn(), m == v.miljoe));
    let myndigheder = k.politik.data().parter.iter().filter(|p| p.er(Partsart::Myndighed));
    let mut myndigheder: Vec<Valg> = myndigheder
        .map(|p| {
            Valg::ny(p.cvr.to_string(), p.navn.clone(), v.myndighedsafgraensning.contains(&p.cvr))
                .med(format!("CVR {}", p.cvr))
        })
        .collect();
    myndigheder.sort_by_key(|v| v.navn.to_lowercase());
    let o = &v.oplysninger;
    let kontakter =
        KONTAKTER.iter().map(|(id, navn)| Felt::ny(*id, *navn, kontaktvaerdi(o, id)).valgfri().fejl(&fejl));
    Side {
        ramme,
        tilbage: sti.clone(),
        sti: if system.is_some() { format!("{sti}/ret") } else { sti },
        maerke: system.map_or_else(String::new, |s| k.maerke("maerke", &fejl, maerke(s))),
        overhalet: system.filter(|_| fejl.overhalet()).map_or_else(Vec::new, |s| ord(k, &af(s))),
        navn: Felt::ny("navn", "Navn", v.navn.clone())
            .hjaelp("Det navn, kommunerne kender systemet under")
            .fejl(&fejl),
        email: Felt::ny("email", "E-mail", o.email.clone())
            .art("email")
            .hjaelp("En fælles postkasse, så beskeder ikke går tabt")
            .fejl(&fejl),
        beskrivelse: Felt::ny("beskrivelse", "Beskrivelse", o.beskrivelse.clone()).valgfri().fejl(&fejl),
        typer: Felt::valg("typer", "Type", typer.collect())
            .hjaelp("Vælg en eller flere. En type kan ikke fravælges igen.")
            .fejl(&fejl),
        miljoe: Felt::valg("miljoe", "Miljø", miljoe.collect()).fejl(&fejl),
        myndigheder: Felt::valg("myndigheder", "Myndighedsafgrænsning", myndigheder)
            .valgfri()
            .hjaelp("Vælg ingen, hvis alle myndigheder må bruge systemet")
            .fejl(&fejl),
        kontakter: kontakter.collect(),
        vilkaar: v.vilkaar,
        vilkaarfejl: fejl.ved("vilkaar").cloned(),
        fejl,
    }
}

/// What is worth a thought after a form is stored.
fn med_advarsler(v: &Systemfelter, tekst: &str) -> String {
    let advarsler = systemer::advarsler(v);
    advarsler.iter().fold(tekst.to_owned(), |ud, a| format!("{ud} Bemærk: {} ({})", a.tekst, a.kode))
}

/// The form for a new one.
pub async fn vis_nyt(k: Besoeg) -> Svar {
    let tomt = Systemfelter { typer: [Systemtype::Anvendersystem].into(), ..Systemfelter::default() };
    side(&felter_side(&k, None, &tomt, Fejl::default()).await)
}

/// Registers one.
pub async fn opret(k: Besoeg) -> Svar {
    let v = laes(&k.f.krop);
    match systemer::opret(&k.t().app, &k.kald, &v).await {
        Ok(uuid) => {
            let tekst = med_advarsler(&v, "It-systemet er gemt. Tilføj et certifikat, så det kan kalde.");
            k.videre(&format!("/admin/it-systemer/{uuid}?fane=certifikater"), tekst)
        }
        Err(fejl) => side_igen(&felter_side(&k, None, &v, Fejl::af(fejl)?).await),
    }
}

fn hent(k: &Besoeg) -> Result<ItSystem, Sidefejl> {
    Ok(systemer::hent(&k.kald, &k.politik, k.f.uuid("id")?)?.clone())
}

/// The form for one.
pub async fn vis_ret(k: Besoeg) -> Svar {
    let system = hent(&k)?;
    side(&felter_side(&k, Some(&system), &af(&system), Fejl::default()).await)
}

/// Changes one. When another was first, the form comes back with what is stored now beside it.
pub async fn ret(k: Besoeg) -> Svar {
    let system = hent(&k)?;
    let v = laes(&k.f.krop);
    match systemer::ret(&k.t().app, &k.kald, system.uuid, k.f.krop.tekst("maerke"), &v).await {
        Ok(()) => k.videre(
            &format!("/admin/it-systemer/{}", system.uuid),
            med_advarsler(&v, "It-systemet er gemt."),
        ),
        Err(fejl) => {
            let objekt = ("it-system", system.uuid, system.navn.as_str());
            let (status, fejl) = k.igen(fejl, objekt, system.leverandoer).await?;
            let nu = k.t().app.politik();
            let system = systemer::hent(&k.kald, &nu, system.uuid)?;
            side_med(status, &felter_side(&k, Some(system), &v, fejl).await)
        }
    }
}
