//! Reading: elements in the order of the schema, and nothing else.

use super::{
    Filtre, Id, Indhold, Kald, LISTER_MAX, Soegning, Tidspunkt, VAERDI_MAX, VAERDIER_MAX, VL, Virkning,
};
use crate::kuvert::Kuvert;
use crate::skema::{BESKED, SD};
use crate::vaerdi::normaliser;
use crate::{BeskedFejl, tid};
use uuid::Uuid;
use xml::Node;

/// How many results a search gives when it does not say.
const ANTAL: u64 = 100;

fn fejl(tekst: impl Into<String>) -> BeskedFejl {
    BeskedFejl { kode: 40, tekst: tekst.into() }
}

/// The children of an element, taken one by one.
struct Sekvens<'a, 'd> {
    navn: &'a str,
    resten: std::iter::Peekable<Box<dyn Iterator<Item = Node<'a, 'd>> + 'a>>,
}

impl<'a, 'd: 'a> Sekvens<'a, 'd> {
    fn af(node: Node<'a, 'd>) -> Self {
        let resten: Box<dyn Iterator<Item = _>> = Box::new(node.children().filter(Node::is_element));
        Self { navn: node.tag_name().name(), resten: resten.peekable() }
    }

    fn hvis(&mut self, ns: &str, navn: &str) -> Option<Node<'a, 'd>> {
        self.resten.next_if(|node| node.has_tag_name((ns, navn)))
    }

    fn skal(&mut self, ns: &str, navn: &str) -> Result<Node<'a, 'd>, BeskedFejl> {
        let i = self.navn;
        let mangler = || fejl(format!("{navn} mangler i {i}, eller står et andet sted, end skemaet siger"));
        self.hvis(ns, navn).ok_or_else(mangler)
    }

    fn tekst(&mut self, ns: &str, navn: &str) -> Option<String> {
        self.hvis(ns, navn).map(|node| xml::text_of(node).trim().to_owned())
    }

    fn slut(mut self) -> Result<(), BeskedFejl> {
        match self.resten.next() {
            None => Ok(()),
            Some(node) => Err(fejl(format!(
                "{} hører ikke til i {}, eller står et andet sted end skemaet siger",
                node.tag_name().name(),
                self.navn
            ))),
        }
    }
}

pub(super) fn kald(input: Node<'_, '_>, nu: i64) -> Result<Kald, BeskedFejl> {
    let mut s = Sekvens::af(input);
    let kald = match Kald::operation(input) {
        Some("opretvaerdiliste") => {
            let note = s.tekst(SD, "NoteTekst");
            Kald::Opret(Indhold { note, ..lister(&mut s, nu)? })
        }
        Some("importvaerdiliste") => {
            let note = s.tekst(SD, "NoteTekst");
            let (uuid, indhold) = objekt(s.skal(VL, "Vaerdiliste")?, nu)?;
            Kald::Import(uuid, Indhold { note, ..indhold })
        }
        Some("retvaerdiliste") => {
            let uuid = uuid(s.skal(SD, "UUIDIdentifikator")?)?;
            let note = s.tekst(SD, "NoteTekst");
            let indhold = s.hvis(VL, "AttributListe").map(|node| attributter(node, nu)).transpose()?;
            s.hvis(VL, "TilstandListe");
            s.hvis(VL, "RelationListe");
            Kald::Ret(uuid, indhold.map(|i| Indhold { note: note.clone(), ..i }), note)
        }
        Some("laesvaerdiliste") => {
            let liste = uuid(s.skal(SD, "UUIDIdentifikator")?)?;
            Kald::Laes(liste, filtre(&mut s)?)
        }
        Some("listvaerdiliste") => {
            let mut lister = vec![uuid(s.skal(SD, "UUIDIdentifikator")?)?];
            while let Some(node) = s.hvis(SD, "UUIDIdentifikator") {
                if lister.len() == LISTER_MAX {
                    return Err(fejl(format!("højst {LISTER_MAX} lister ad gangen")));
                }
                lister.push(uuid(node)?);
            }
            Kald::List(lister, filtre(&mut s)?)
        }
        Some("soegvaerdiliste") => Kald::Soeg(soegning(&mut s)?),
        Some(navn @ ("passivervaerdiliste" | "sletvaerdiliste")) => {
            let liste = uuid(s.skal(SD, "UUIDIdentifikator")?)?;
            let note = s.tekst(SD, "NoteTekst");
            if navn == "sletvaerdiliste" { Kald::Slet(liste, note) } else { Kald::Passiver(liste, note) }
        }
        Some(navn @ ("tilfoejvaerdier" | "fjernvaerdier")) => {
            let liste = uuid(s.skal(SD, "UUIDIdentifikator")?)?;
            let vaerdier = vaerdier(&mut s, "Vaerdier")?;
            if navn == "tilfoejvaerdier" {
                Kald::Tilfoej(liste, vaerdier)
            } else {
                Kald::Fjern(liste, vaerdier)
            }
        }
        Some(_) => Kald::Flyt(Kuvert::laes_element(s.skal(BESKED, "Haendelsesbesked")?)?.besked_id),
        None => return Err(fejl(format!("{} er ikke en operation her", input.tag_name().name()))),
    };
    s.slut()?;
    Ok(kald)
}

/// AttributListe, TilstandListe and RelationListe; the last two hold nothing.
fn lister(s: &mut Sekvens<'_, '_>, nu: i64) -> Result<Indhold, BeskedFejl> {
    let indhold = attributter(s.skal(VL, "AttributListe")?, nu)?;
    s.skal(VL, "TilstandListe")?;
    s.skal(VL, "RelationListe")?;
    Ok(indhold)
}

/// The object with its one registrering.
fn objekt(node: Node<'_, '_>, nu: i64) -> Result<(Uuid, Indhold), BeskedFejl> {
    let mut s = Sekvens::af(node);
    let liste = uuid(s.skal(SD, "UUIDIdentifikator")?)?;
    let mut registrering = Sekvens::af(s.skal(VL, "Registrering")?);
    if s.hvis(VL, "Registrering").is_some() {
        return Err(fejl("importer én Registrering ad gangen: listens historie begynder her"));
    }
    s.slut()?;
    tidspunkt(registrering.skal(SD, "FraTidspunkt")?)?;
    registrering.skal(SD, "LivscyklusKode")?;
    registrering.hvis(SD, "BrugerRef");
    let indhold = lister(&mut registrering, nu)?;
    registrering.slut()?;
    Ok((liste, indhold))
}

fn attributter(node: Node<'_, '_>, nu: i64) -> Result<Indhold, BeskedFejl> {
    let mut s = Sekvens::af(node);
    let (mut fundet, mut andre) = (None, String::new());
    while let Some(node) = s.hvis(VL, "Egenskab") {
        let denne = egenskab(node)?;
        if !denne.virkning.gaelder(nu) {
            super::skriv::egenskab(
                &mut andre,
                denne.bvn.as_deref(),
                &denne.navn,
                &denne.vaerdier,
                &denne.virkning,
            );
        } else if fundet.replace(denne).is_some() {
            return Err(fejl("en værdiliste har netop én Egenskab, hvis Virkning gælder nu; her er flere"));
        }
    }
    s.hvis(SD, "LokalUdvidelse");
    s.slut()?;
    let mangler = "en værdiliste har netop én Egenskab, hvis Virkning gælder nu; her er ingen";
    let indhold = fundet.ok_or_else(|| fejl(mangler))?;
    Ok(Indhold { andre, ..indhold })
}

fn egenskab(node: Node<'_, '_>) -> Result<Indhold, BeskedFejl> {
    let mut s = Sekvens::af(node);
    let bvn = s.tekst(SD, "BrugervendtNoegleTekst").filter(|bvn| !bvn.is_empty());
    let mut liste = Sekvens::af(s.skal(VL, "Vaerdiliste")?);
    let navn = xml::text_of(liste.skal(VL, "Navn")?).trim().to_owned();
    let vaerdier = vaerdier(&mut liste, "Vaerdi")?;
    liste.slut()?;
    let virkning = virkning(s.skal(SD, "Virkning")?)?;
    s.slut()?;
    if navn.is_empty() {
        return Err(fejl("værdilistens Navn er tomt"));
    }
    for (felt, tekst) in [("Navn", Some(&navn)), ("BrugervendtNoegleTekst", bvn.as_ref())] {
        if tekst.is_some_and(|t| t.chars().count() > VAERDI_MAX) {
            return Err(fejl(format!("{felt} er længere end {VAERDI_MAX} tegn")));
        }
    }
    Ok(Indhold { bvn, navn, vaerdier, virkning, note: None, andre: String::new() })
}

fn vaerdier(s: &mut Sekvens<'_, '_>, navn: &str) -> Result<Vec<String>, BeskedFejl> {
    let mut vaerdier = Vec::new();
    while let Some(node) = s.hvis(VL, navn) {
        let tekst = xml::text_of(node);
        let vaerdi = normaliser(&tekst);
        if vaerdi.is_empty() || vaerdi.chars().count() > VAERDI_MAX {
            return Err(fejl(format!(
                "en værdi har fra 1 til {VAERDI_MAX} tegn; nummer {} har ikke",
                vaerdier.len() + 1
            )));
        }
        if vaerdier.len() == VAERDIER_MAX {
            return Err(fejl(format!("højst {VAERDIER_MAX} værdier")));
        }
        vaerdier.push(vaerdi.into_owned());
    }
    Ok(vaerdier)
}

impl Virkning {
    /// Reads what [`Virkning::gem`] wrote.
    ///
    /// # Errors
    /// [`BeskedFejl`] when it is something else.
    pub fn laes(tekst: &str) -> Result<Self, BeskedFejl> {
        let dokument = xml::parse(tekst.as_bytes(), &xml::Limits::of_size(tekst.len()));
        let dokument = dokument.map_err(|e| fejl(e.to_string()))?;
        virkning(dokument.root_element())
    }
}

fn virkning(node: Node<'_, '_>) -> Result<Virkning, BeskedFejl> {
    let mut s = Sekvens::af(node);
    let fra = s.hvis(SD, "FraTidspunkt").map(tidspunkt).transpose()?;
    let til = s.hvis(SD, "TilTidspunkt").map(tidspunkt).transpose()?;
    let aktoer = id(s.skal(SD, "AktoerRef")?)?;
    let aktoertype = xml::text_of(s.skal(SD, "AktoerTypeKode")?).trim().to_owned();
    if ![
        "Organisation",
        "OrganisationEnhed",
        "OrganisationFunktion",
        "Bruger",
        "ItSystem",
        "Interessefaellesskab",
    ]
    .contains(&aktoertype.as_str())
    {
        return Err(fejl("AktoerTypeKode har en værdi, skemaet ikke kender"));
    }
    let note = s.tekst(SD, "NoteTekst");
    s.slut()?;
    Ok(Virkning { fra, til, aktoer, aktoertype, note })
}

fn id(node: Node<'_, '_>) -> Result<Id, BeskedFejl> {
    let mut s = Sekvens::af(node);
    let id = match s.tekst(SD, "UUIDIdentifikator") {
        Some(tekst) => {
            Id::Uuid(Uuid::try_parse(&tekst).map_err(|_| fejl("AktoerRef er ikke et UUID"))?.to_string())
        }
        None => Id::Urn(xml::text_of(s.skal(SD, "URNIdentifikator")?).trim().to_owned()),
    };
    s.slut()?;
    Ok(id)
}

fn tidspunkt(node: Node<'_, '_>) -> Result<Tidspunkt, BeskedFejl> {
    let mut s = Sekvens::af(node);
    let tidspunkt = if let Some(tekst) = s.tekst(SD, "TidsstempelDatoTid") {
        let nano = tid::nanosekunder(&tekst)
            .ok_or_else(|| fejl(format!("{} er ikke et tidspunkt (xs:dateTime)", node.tag_name().name())))?;
        let mikro =
            i64::try_from(nano.div_euclid(1_000)).map_err(|_| fejl("et tidspunkt ligger for langt væk"))?;
        Tidspunkt::Tid(tekst, mikro)
    } else {
        match xml::text_of(s.skal(SD, "GraenseIndikator")?).trim() {
            "true" | "1" => Tidspunkt::Graense(true),
            "false" | "0" => Tidspunkt::Graense(false),
            _ => return Err(fejl("GraenseIndikator er true eller false")),
        }
    };
    s.slut()?;
    Ok(tidspunkt)
}

fn filtre(s: &mut Sekvens<'_, '_>) -> Result<Filtre, BeskedFejl> {
    let mut filter = |navn| s.hvis(SD, navn).map(tidspunkt).transpose();
    Ok(Filtre {
        virkning_fra: filter("VirkningFraFilter")?,
        virkning_til: filter("VirkningTilFilter")?,
        registrering_fra: filter("RegistreringFraFilter")?,
        registrering_til: filter("RegistreringTilFilter")?,
    })
}

fn soegning(s: &mut Sekvens<'_, '_>) -> Result<Soegning, BeskedFejl> {
    let mut tal = |navn: &str| -> Result<Option<u64>, BeskedFejl> {
        let tekst = s.tekst(SD, navn);
        tekst.map(|t| t.parse().map_err(|_| fejl(format!("{navn} er ikke et tal fra 0")))).transpose()
    };
    let spring = tal("FoersteResultatReference")?.unwrap_or(0);
    let antal = tal("MaksimalAntalKvantitet")?.unwrap_or(ANTAL).min(LISTER_MAX as u64);
    let mut soegning = Soegning { spring, antal, ..Soegning::default() };
    let Some(objekt) = s.hvis(VL, "SoegObjekt") else { return Ok(soegning) };
    let mut o = Sekvens::af(objekt);
    soegning.liste = o.hvis(SD, "UUIDIdentifikator").map(uuid).transpose()?;
    for navn in ["SoegRegistrering", "SoegVirkning"] {
        ingen(o.hvis(SD, navn))?;
    }
    if let Some(liste) = o.hvis(VL, "SoegAttributListe") {
        let mut l = Sekvens::af(liste);
        let mut set = false;
        while let Some(node) = l.hvis(VL, "SoegEgenskab") {
            if std::mem::replace(&mut set, true) {
                return Err(fejl("søg efter én SoegEgenskab ad gangen"));
            }
            soeg_egenskab(node, &mut soegning)?;
        }
        l.hvis(SD, "LokalUdvidelse");
        l.slut()?;
    }
    o.hvis(VL, "SoegTilstandListe");
    o.hvis(VL, "SoegRelationListe");
    o.slut()?;
    Ok(soegning)
}

fn soeg_egenskab(node: Node<'_, '_>, soegning: &mut Soegning) -> Result<(), BeskedFejl> {
    let mut s = Sekvens::af(node);
    soegning.bvn = s.tekst(SD, "BrugervendtNoegleTekst").filter(|t| !t.is_empty());
    if let Some(liste) = s.hvis(VL, "Vaerdiliste") {
        let mut liste = Sekvens::af(liste);
        soegning.navn = liste.tekst(VL, "Navn").filter(|t| !t.is_empty());
        soegning.vaerdier = vaerdier(&mut liste, "Vaerdi")?;
        liste.slut()?;
    }
    if soegning.vaerdier.len() > LISTER_MAX {
        return Err(fejl(format!("søg efter højst {LISTER_MAX} værdier ad gangen")));
    }
    ingen(s.hvis(SD, "SoegVirkning"))?;
    s.slut()
}

/// A condition we do not judge must be empty: anything else would give wrong answers.
fn ingen(node: Option<Node<'_, '_>>) -> Result<(), BeskedFejl> {
    match node.filter(|n| n.has_children()) {
        None => Ok(()),
        Some(node) => Err(BeskedFejl {
            kode: 51,
            tekst: format!("søgning med {} er ikke implementeret; udelad det", node.tag_name().name()),
        }),
    }
}

fn uuid(node: Node<'_, '_>) -> Result<Uuid, BeskedFejl> {
    Uuid::try_parse(xml::text_of(node).trim()).map_err(|_| fejl("UUIDIdentifikator er ikke et UUID"))
}
