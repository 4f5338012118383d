//! The permission matrix, as it is enforced.

use crate::besoeg::{Besoeg, Svar, side};
use crate::ramme::Ramme;
use crate::vis;
use administration::{Emne, Handling, Modulrolle, maa};
use askama::Template;

struct Raekke {
    emne: String,
    celler: Vec<String>,
}

#[derive(Template)]
#[template(path = "brugere/rettigheder.html")]
struct Side {
    ramme: Ramme,
    roller: Vec<Modulrolle>,
    raekker: Vec<Raekke>,
    alle: bool,
}

/// The page: the roles of the party at hand, or all of them.
pub async fn vis(k: Besoeg) -> Svar {
    let alle = k.f.query.tekst("roller") == "alle";
    let part = k.politik.part(k.kald.part());
    let roller: Vec<Modulrolle> =
        Modulrolle::ALLE.into_iter().filter(|r| alle || part.is_some_and(|p| p.er(r.part()))).collect();
    let celle = |rolle: Modulrolle, emne: Emne| {
        let ord: Vec<&str> =
            Handling::ALLE.into_iter().filter(|h| maa(rolle, emne, *h)).map(Handling::ord).collect();
        ord.join(", ")
    };
    let raekke = |emne: &Emne| Raekke {
        emne: vis::stort(emne.ord()),
        celler: roller.iter().map(|r| celle(*r, *emne)).collect(),
    };
    let raekker: Vec<Raekke> =
        Emne::ALLE.iter().map(raekke).filter(|r| r.celler.iter().any(|c| !c.is_empty())).collect();
    side(&Side {
        ramme: k
            .ramme("Hvem må hvad", "/admin/rettigheder")
            .await
            .under("/admin/brugere", "Brugere og roller"),
        roller,
        raekker,
        alle,
    })
}
