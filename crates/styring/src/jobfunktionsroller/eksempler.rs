//! `Importér eksempel`: a draft of a jobfunktionsrolle, made of an example. It holds what the authority could have chosen by
//! hand and no more; what the example has besides is said, with what to do about it.

use super::{gem_som, mangler, optaget};
use crate::{Kald, Styringsfejl};
use administration::{
    Afgraensningskilde, Afgraensningsvaerdi, Brugersystemrolle, Dataafgraensningstype, Eksempeldel, Emne,
    Handling, ItSystem, Jobfunktionsrolle, Jobfunktionsrollestatus, Kendte, Modulfejl, Politik,
    Rolleeksempel, Tilknytning,
};
use app::App;
use bitemporal::Period;
use uuid::Uuid;

/// How many names are tried when the example's own is taken.
const NAVNE_MAX: u32 = 20;

/// A role of an example that is not in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Udeladt {
    /// The system, as the example calls it.
    pub system: String,
    /// Its role.
    pub rolle: String,
    /// Why, and what to do, in Danish.
    pub hvorfor: String,
}

/// An example as this authority would get it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eksempelvisning {
    /// The example.
    pub eksempel: &'static Rolleeksempel,
    /// The draft it would become. Its UUID and EntityId are given when it is made.
    pub rolle: Jobfunktionsrolle,
    /// What is left out.
    pub udeladt: Vec<Udeladt>,
    /// What must be chosen before the draft can be used.
    pub mangler: Vec<String>,
}

impl Eksempelvisning {
    /// Whether anything of it can be had, so that there is a draft to make.
    #[must_use]
    pub fn kan_importeres(&self) -> bool {
        !self.rolle.tilknytninger.is_empty()
    }
}

/// A name as it stands in an EntityId.
#[must_use]
pub fn slug(navn: &str) -> String {
    let mut ud = String::new();
    for c in navn.trim().to_lowercase().chars() {
        match c {
            'æ' => ud.push_str("ae"),
            'ø' => ud.push_str("oe"),
            'å' => ud.push_str("aa"),
            c if c.is_ascii_alphanumeric() => ud.push(c),
            _ if ud.ends_with('_') || ud.is_empty() => {}
            _ => ud.push('_'),
        }
    }
    ud.trim_end_matches('_').chars().take(100).collect()
}

/// Every example as the authority would get it.
///
/// # Errors
///
pub fn eksempler(app: &App, kald: &Kald) -> Result<Vec<Eksempelvisning>, Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Opret)?;
    let politik = app.politik();
    Ok(Rolleeksempel::alle().iter().map(|e| vis(app, kald, &politik, e)).collect())
}

/// Makes the draft, as [`super::gem`] would of what was chosen by hand, and tells what it became.
///
/// # Errors
/// A-001; A-404 when there is no such example; J-406 without a domain for its EntityId; J-413 when too many have its name;
/// J-415 when nothing of it is offered.
pub async fn importer(app: &App, kald: &Kald, noegle: &str) -> Result<(Uuid, Eksempelvisning), Styringsfejl> {
    kald.kraev(Emne::Jobfunktionsrolle, Handling::Opret)?;
    let politik = app.politik();
    let eksempel = Rolleeksempel::med_noegle(noegle).ok_or_else(|| Modulfejl::findes_ikke("Eksemplet"))?;
    let mut visning = vis(app, kald, &politik, eksempel);
    if !visning.kan_importeres() {
        let tekst = "Ingen af eksemplets roller tilbydes jer, så der er intet at lave en kladde af. Bed \
                     leverandøren om rollerne, eller vælg et andet eksempel.";
        return Err(Modulfejl::ny("J-415", tekst).into());
    }
    let domaene = politik.part(kald.part()).and_then(|p| p.domaene.clone());
    let domaene = domaene.ok_or_else(|| {
        let tekst = "I har endnu intet bekræftet domæne, så rollen kan ikke få et EntityId. Kontakt driftsoperatøren, \
                     eller opret rollen i hånden.";
        Modulfejl::ny("J-406", tekst)
    })?;
    visning.rolle.uuid = app.new_uuid();
    navngiv(app, &mut visning.rolle, &domaene).await?;
    let udeladt: Vec<String> =
        visning.udeladt.iter().map(|u| format!("ikke med: {} i {}", u.rolle, u.system)).collect();
    let ord = std::iter::once(format!("oprettet efter eksemplet {}", eksempel.navn)).chain(udeladt);
    gem_som(app, kald, &visning.rolle, None, &ord.collect::<Vec<_>>().join("\n")).await?;
    Ok((visning.rolle.uuid, visning))
}

/// Gives the draft a name and an EntityId that are free.
async fn navngiv(app: &App, rolle: &mut Jobfunktionsrolle, domaene: &str) -> Result<(), Styringsfejl> {
    let navn = rolle.navn.clone();
    for nr in 1..=NAVNE_MAX {
        rolle.navn = if nr == 1 { navn.clone() } else { format!("{navn} ({nr})") };
        rolle.entity_id = format!("http://{domaene}/roles/jobrole/{}/1", slug(&rolle.navn));
        if !optaget(app, rolle).await? {
            return Ok(());
        }
    }
    let tekst = format!("I har allerede {NAVNE_MAX} roller af eksemplet {navn}. Giv dem andre navne først.");
    Err(Modulfejl::ny("J-413", tekst).into())
}

/// An example as an authority would get it: each role is judged as one chosen by hand is.
fn vis(app: &App, kald: &Kald, politik: &Politik, eksempel: &'static Rolleeksempel) -> Eksempelvisning {
    let faelles = Dataafgraensningstype::faelles();
    let kendte = Kendte { systemer: &politik.data().systemer, faelles: &faelles };
    let tom = Jobfunktionsrolle {
        uuid: Uuid::nil(),
        myndighed: kald.part(),
        navn: eksempel.navn.clone(),
        entity_id: String::new(),
        beskrivelse: eksempel.beskrivelse.clone(),
        tilknytninger: Vec::new(),
        status: Jobfunktionsrollestatus::Kladde,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    };
    let mut ud = Eksempelvisning { eksempel, rolle: tom, udeladt: Vec::new(), mangler: Vec::new() };
    for del in &eksempel.roller {
        let med = find(kald, politik, del).and_then(|(system, b)| {
            let t = tilknytning(&kendte, system, b, del)?;
            let alene = Jobfunktionsrolle { tilknytninger: vec![t.clone()], ..ud.rolle.clone() };
            let mut fejl = mangler(app, &alene);
            fejl.retain(|f| matches!(f.felt, Some("roller" | "afgraensninger")));
            match fejl.iter().find(|f| f.kode != "J-402") {
                Some(f) if f.kode == "J-410" => {
                    Err("Rollen er udgået hos leverandøren. Tilknyt den, der er kommet i \
                                                     stedet, i kladden."
                        .to_owned())
                }
                Some(f) => Err(f.tekst.clone()),
                None => Ok((t, b.foelsom, fejl)),
            }
        });
        match med {
            Ok((t, foelsom, fejl)) => {
                ud.rolle.tilknytninger.push(t);
                ud.rolle.foelsom |= foelsom;
                ud.mangler.extend(fejl.into_iter().map(|f| f.tekst));
            }
            Err(hvorfor) => {
                ud.udeladt.push(Udeladt { system: del.system.clone(), rolle: del.rolle.clone(), hvorfor })
            }
        }
    }
    ud
}

/// The role of a system that the authority may use and that is called what the example says.
fn find<'p>(
    kald: &Kald,
    politik: &'p Politik,
    del: &Eksempeldel,
) -> Result<(&'p ItSystem, &'p Brugersystemrolle), String> {
    let ens = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let systemer = politik.data().systemer.iter();
    let mut mulige =
        systemer.filter(|s| s.giver_roller_til(kald.part()) && ens(&s.navn, &del.system)).peekable();
    if mulige.peek().is_none() {
        return Err(format!(
            "Intet it-system med navnet {} tilbyder jer roller her. Bed leverandøren om at registrere det og åbne det for \
             jer, eller tilknyt en rolle fra et andet system i kladden.",
            del.system
        ));
    }
    let mut fundne = mulige
        .flat_map(|s| s.brugersystemroller.iter().filter(|b| ens(&b.navn, &del.rolle)).map(move |b| (s, b)));
    match (fundne.next(), fundne.next()) {
        (Some(en), None) => Ok(en),
        (None, _) => Err(format!(
            "{} har ingen rolle med navnet {}. Bed leverandøren om den, eller tilknyt en anden af systemets roller i \
             kladden.",
            del.system, del.rolle
        )),
        (Some(_), Some(_)) => Err(format!(
            "Flere it-systemer hedder {} og har rollen. Tilknyt den rette i kladden.",
            del.system
        )),
    }
}

/// The role with the limits of the example. Where it cannot be limited so, it would give more than the example says.
fn tilknytning(
    kendte: &Kendte<'_>,
    system: &ItSystem,
    b: &Brugersystemrolle,
    del: &Eksempeldel,
) -> Result<Tilknytning, String> {
    let Some(kle) = &del.kle else { return Ok(Tilknytning { rolle: b.uuid, vaerdier: Vec::new() }) };
    let typer = system.dataafgraensningstyper.iter().chain(kendte.faelles);
    let kle_typer: Vec<&str> =
        typer.filter(|t| t.kilde() == Afgraensningskilde::Kle).map(|t| t.entity_id.as_str()).collect();
    let krav = b.afgraensninger.iter().find(|a| kle_typer.contains(&a.entity_id.as_str()));
    let krav = krav.ok_or_else(|| {
        format!(
            "Rollen kan ikke afgrænses med KLE her og ville give mere end eksemplet ({kle}). Tilknyt den i kladden, hvis det \
             er meningen."
        )
    })?;
    let vaerdi = Afgraensningsvaerdi {
        entity_id: krav.entity_id.clone(),
        navn: String::new(),
        vaerdi: kle.clone(),
        dynamisk: false,
    };
    Ok(Tilknytning { rolle: b.uuid, vaerdier: vec![vaerdi] })
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn names_become_parts_of_addresses() {
        for (navn, ventet) in [
            ("Kontanthjælpssagsbehandler", "kontanthjaelpssagsbehandler"),
            (" Leder, læs & skriv ", "leder_laes_skriv"),
            ("Ældre Øst/Å", "aeldre_oest_aa"),
            ("Sagsbehandler, kontanthjælp (2)", "sagsbehandler_kontanthjaelp_2"),
            ("<>", ""),
        ] {
            assert_eq!(slug(navn), ventet);
        }
    }
}
