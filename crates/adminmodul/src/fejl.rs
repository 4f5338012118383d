//! Why a page is not shown, or a form not obeyed: always a page with a code, the cause and what to do.

use administration::Modulfejl;
use axum::http::StatusCode;
use login::LoginFejl;
use std::fmt;
use styring::Styringsfejl;

/// A refusal that becomes a page.
#[derive(Debug)]
pub struct Sidefejl {
    /// The status of HTTP.
    pub status: StatusCode,
    /// Our code.
    pub kode: String,
    /// What happened.
    pub titel: String,
    /// Why, and what to do.
    pub tekst: String,
    /// What is kept from the person and written to the log of the server.
    pub aarsag: Option<String>,
}

impl Sidefejl {
    fn ny(status: StatusCode, kode: &str, titel: &str, tekst: impl Into<String>) -> Self {
        Self { status, kode: kode.to_owned(), titel: titel.to_owned(), tekst: tekst.into(), aarsag: None }
    }

    /// No such page.
    pub fn findes_ikke() -> Self {
        let tekst =
            "Adressen kan være skrevet forkert, eller siden kan være flyttet. Brug menuen eller søgefeltet.";
        Self::ny(StatusCode::NOT_FOUND, "404", "Siden findes ikke", tekst)
    }

    /// The page is there, and does not take this method.
    pub fn forkert_metode() -> Self {
        let tekst = "Siden kan ikke åbnes på den måde. Gå til forsiden, og brug menuen.";
        Self::ny(StatusCode::METHOD_NOT_ALLOWED, "405", "Det kan siden ikke", tekst)
    }

    /// A form without the right token, or from somewhere else.
    pub fn fremmed() -> Self {
        let tekst = "Formularen er for gammel eller kommer fra et andet sted, så intet er ændret. Åbn siden igen, og prøv en gang til.";
        Self::ny(StatusCode::FORBIDDEN, "A-019", "Formularen blev ikke godtaget", tekst)
    }

    /// Too much was sent.
    pub fn for_stor() -> Self {
        let tekst = format!(
            "Der kan højst sendes {} kB ad gangen. Vælg en mindre fil, eller skriv mindre.",
            crate::formular::KROP_MAX / 1024
        );
        Self::ny(StatusCode::PAYLOAD_TOO_LARGE, "413", "Det var for meget", tekst)
    }

    /// What was sent is no form.
    pub fn ulaeselig() -> Self {
        let tekst = "Det sendte kunne ikke læses, så intet er ændret. Åbn siden igen, og prøv en gang til.";
        Self::ny(StatusCode::BAD_REQUEST, "400", "Formularen kunne ikke læses", tekst)
    }

    /// The person has no role that holds now.
    pub fn uden_roller() -> Self {
        let tekst = "Du er logget ind, men har ingen roller, der gælder nu. Bed jeres Administrator om en rolle, og log ind igen.";
        Self::ny(StatusCode::FORBIDDEN, "A-020", "Du har ingen roller", tekst)
    }

    /// Something of ours failed.
    pub fn intern(aarsag: impl fmt::Display) -> Self {
        let tekst =
            "Fejlen er vores. Prøv igen om lidt. Sker det igen, så kontakt driften, og oplys referencen.";
        let mut fejl = Self::ny(StatusCode::INTERNAL_SERVER_ERROR, "500", "Der skete en fejl hos os", tekst);
        fejl.aarsag = Some(aarsag.to_string());
        fejl
    }
}

/// The status a failure has by its code.
pub fn status(kode: &str) -> StatusCode {
    match kode {
        "A-001" | "A-002" => StatusCode::FORBIDDEN,
        "A-404" => StatusCode::NOT_FOUND,
        "A-005" => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Modulfejl> for Sidefejl {
    fn from(fejl: Modulfejl) -> Self {
        let titel = match fejl.kode {
            "A-001" | "A-002" => "Det har du ikke rettighed til",
            "A-404" => "Det findes ikke her",
            "A-005" => "Ikke gemt: en anden har ændret det samme",
            _ => "Det kunne ikke lade sig gøre",
        };
        Self::ny(status(fejl.kode), fejl.kode, titel, fejl.tekst)
    }
}

impl From<Styringsfejl> for Sidefejl {
    fn from(fejl: Styringsfejl) -> Self {
        match fejl {
            Styringsfejl::Afvist(alle) => {
                let mut alle = alle.into_iter();
                let Some(foerste) = alle.next() else { return Self::intern("afvist uden grund") };
                let mut side = Self::from(foerste);
                for anden in alle {
                    side.tekst.push(' ');
                    side.tekst.push_str(&anden.tekst);
                }
                side
            }
            Styringsfejl::Intern(fejl) => Self::intern(fejl),
        }
    }
}

impl From<LoginFejl> for Sidefejl {
    fn from(fejl: LoginFejl) -> Self {
        let status = match &fejl {
            LoginFejl::Intern(aarsag) => return Self::intern(aarsag),
            LoginFejl::ForMange => StatusCode::TOO_MANY_REQUESTS,
            LoginFejl::Optaget => StatusCode::SERVICE_UNAVAILABLE,
            LoginFejl::Ukendt => StatusCode::NOT_FOUND,
            LoginFejl::Bekraeft => StatusCode::FORBIDDEN,
            LoginFejl::Token | LoginFejl::Udloebet => StatusCode::GONE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::ny(status, "L-001", "Det lykkedes ikke", fejl.to_string())
    }
}

impl From<askama::Error> for Sidefejl {
    fn from(fejl: askama::Error) -> Self {
        Self::intern(fejl)
    }
}
