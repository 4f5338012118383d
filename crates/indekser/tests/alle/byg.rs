//! Messages of a test: objects that keep every rule, made of what the test is about.

use crate::scene::{FAG, KORSBAEK};
use indeks::roller::find;
use indeks::skema::{Art, Ns};
use std::fmt::Write;
use uuid::Uuid;

const ORG: &str = "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa";
const ENHED: &str = "c5fc3b3b-5197-49ee-92e6-ae6ba1957174";
const KLASSE: &str = "267235ea-526d-4a18-8001-f2a0e563eba1";
const PERSON: &str = "c189ba35-de4b-4363-a8b7-67f1456cf56f";
const ITSYSTEM: &str = "29fe1da2-897a-46cd-b635-b9be8e0bffd6";
const DOKTYPE: &str = "8e000000-0000-4000-8000-000000000002";
pub const FRA: &str = "2025-02-01";
pub const TIDSPUNKT: &str = "2025-03-03T10:00:00.000+01:00";

/// What a test says of an object.
#[derive(Debug, Clone)]
pub struct Ting {
    pub art: Art,
    pub uuid: Uuid,
    pub ejer: String,
    pub kle: Vec<String>,
    pub niveau: &'static str,
    pub nummer: String,
    pub titel: String,
    pub part: String,
    /// Documents of a case, the case of a grant, the grants of a payment: one for each KLE number of it.
    pub peger: Vec<Uuid>,
    /// Related cases or documents.
    pub relateret: Vec<Uuid>,
    pub system: String,
    pub tidspunkt: String,
    pub uden_notifikation: bool,
}

pub fn uuid(art: Art, nr: u32) -> Uuid {
    Uuid::try_parse(&format!("1a000000-0000-4000-8000-{:04x}{nr:08x}", art as u32)).expect("a UUID")
}

pub fn ting(art: Art, nr: u32) -> Ting {
    Ting {
        art,
        uuid: uuid(art, nr),
        ejer: KORSBAEK.to_owned(),
        kle: vec!["32.24.04".to_owned()],
        niveau: "FORTROLIGE_PERSONOPLYSNINGER",
        nummer: format!("2025-{:02}-{nr:05}", art as u32),
        titel: format!("Ansøgning {nr}"),
        part: format!("urn:oio:cpr-nr:01010100{:02}", nr % 100),
        peger: Vec::new(),
        relateret: Vec::new(),
        system: FAG.to_owned(),
        tidspunkt: TIDSPUNKT.to_owned(),
        uden_notifikation: false,
    }
}

pub fn sag(nr: u32) -> Ting {
    ting(Art::Sag, nr)
}

pub fn dokument(nr: u32) -> Ting {
    ting(Art::Dokument, nr)
}

pub fn virkning(ns: &str, fra: &str, til: &str) -> String {
    let til = if til.is_empty() {
        "<sd:GraenseIndikator>true</sd:GraenseIndikator>".to_owned()
    } else {
        format!("<sd:TidsstempelDatoTid>{til}T00:00:00.000+01:00</sd:TidsstempelDatoTid>")
    };
    format!(
        "<{ns}:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>{fra}T00:00:00.000+01:00</sd:TidsstempelDatoTid>\
         </sd:FraTidspunkt><sd:TilTidspunkt>{til}</sd:TilTidspunkt><sd:AktoerRef><sd:URNIdentifikator>\
         urn:oio:it-system-uuid:{FAG}</sd:URNIdentifikator></sd:AktoerRef><sd:AktoerTypeKode>ItSystem\
         </sd:AktoerTypeKode></{ns}:Virkning>"
    )
}

fn ident(ns: &str, navn: &str, id: &str) -> String {
    let art = if Uuid::try_parse(id).is_ok() { "UUID" } else { "URN" };
    format!("<{ns}:{navn}><sd:{art}Identifikator>{id}</sd:{art}Identifikator></{ns}:{navn}>")
}

pub fn rel(
    art: Art,
    navn: &str,
    rolle: &str,
    typ: &str,
    indeks: &str,
    reference: &str,
    efter: &str,
) -> String {
    let p = art.typ().afsnit(navn).expect("a section").element.ns.praefiks();
    let rolle = find(art, navn, rolle).unwrap_or_else(|| panic!("{rolle}")).uuid().to_string();
    let indeks = if indeks.is_empty() { String::new() } else { format!("<gd:Indeks>{indeks}</gd:Indeks>") };
    format!(
        "<{p}:{navn}>{}{}{}{indeks}{}{efter}</{p}:{navn}>",
        virkning("gd", FRA, ""),
        ident("gd", "Rolle", &rolle),
        ident("gd", "Type", typ),
        ident("gd", "ReferenceID", reference)
    )
}

fn udv(navn: &str, felter: &str) -> String {
    format!("<gd:LokalUdvidelseListe><{navn}>{felter}</{navn}></gd:LokalUdvidelseListe>")
}

/// Every namespace, declared.
pub fn ns() -> String {
    let mut ud = String::new();
    for ns in Ns::ALLE {
        let _ = write!(ud, " xmlns:{}=\"{}\"", ns.praefiks(), ns.uri());
    }
    ud
}

pub fn xml(t: &Ting) -> String {
    let (ns, lister) = match t.art {
        Art::Sag => ("sag", sag_lister(t)),
        Art::Dokument => ("di", dokument_lister(t)),
        Art::Bevilling => ("bi", bevilling_lister(t)),
        Art::Effektuering => ("oe", effektuering_lister(t)),
    };
    let registrering = format!(
        "<{ns}:Registrering><sd:Tidspunkt>{}</sd:Tidspunkt><sd:LivscyklusKode>Importeret</sd:LivscyklusKode>{}{lister}</{ns}:Registrering>",
        t.tidspunkt,
        ident("sd", "BrugerRef", &format!("urn:oio:it-system-uuid:{FAG}"))
    );
    let uden = match t.art {
        Art::Sag | Art::Bevilling if t.uden_notifikation => {
            format!("<{ns}:UdenNotifikation>true</{ns}:UdenNotifikation>")
        }
        _ => String::new(),
    };
    let indre = format!("<sd:UUIDIdentifikator>{}</sd:UUIDIdentifikator>{registrering}{uden}", t.uuid);
    match t.art {
        Art::Sag => format!("<sdi:SagIndeks>{indre}</sdi:SagIndeks>"),
        Art::Dokument => format!("<sdi:DokumentIndeks>{indre}</sdi:DokumentIndeks>"),
        Art::Bevilling => format!(
            "<yi:BevillingIndeks><bi:BevillingIndeks>{indre}</bi:BevillingIndeks></yi:BevillingIndeks>"
        ),
        Art::Effektuering => format!(
            "<yi:OekonomiskEffektueringIndeks><oe:OekonomiskEffektueringIndeks>{indre}</oe:OekonomiskEffektueringIndeks></yi:OekonomiskEffektueringIndeks>"
        ),
    }
}

fn lister(ns: &str, a: &str, t: &str, r: &str) -> String {
    format!(
        "<{ns}:AttributListe>{a}</{ns}:AttributListe><{ns}:TilstandListe>{t}</{ns}:TilstandListe><{ns}:RelationListe>{r}</{ns}:RelationListe>"
    )
}

fn systemer(t: &Ting, navn: &str, felt: &str) -> String {
    ["Master", "Afsender"]
        .map(|rolle| {
            rel(t.art, navn, rolle, ITSYSTEM, "", &t.system, &format!("<{felt}>Fagsystem X</{felt}>"))
        })
        .concat()
}

pub fn sag_egenskaber(titel: &str, nummer: &str, fra: &str) -> String {
    format!(
        "<sag:Egenskaber>{}<sag:BrugervendtNoegle>{nummer}</sag:BrugervendtNoegle><sag:Sagsnummer>{nummer}</sag:Sagsnummer><sag:Titel>{titel}</sag:Titel></sag:Egenskaber>",
        virkning("sag", fra, "")
    )
}

pub fn fremdrift(fra: &str, til: &str, kode: &str) -> String {
    format!(
        "<sag:Fremdrift>{}<sag:FremdriftStatusKode>{kode}</sag:FremdriftStatusKode></sag:Fremdrift>",
        virkning("sag", fra, til)
    )
}

fn sag_lister(t: &Ting) -> String {
    let (s, a, k) = (Art::Sag, "si:SagsaktoerLokalUdvidelse", "si:SagsklasseLokalUdvidelse");
    let navn = |n: &str| {
        format!(
            "<si:BrugervendtNoegle>999</si:BrugervendtNoegle><si:FuldtNavn>{n}</si:FuldtNavn><si:CVR-Nummer>{}</si:CVR-Nummer>",
            t.ejer
        )
    };
    let noegle = |n: &str| format!("<si:BrugervendtNoegle>{n}</si:BrugervendtNoegle>");
    let egenskaber = format!(
        "{}<gd:LokalUdvidelseListe><si:SagIndeksEgenskaber>{}<si:Foelsomhed>{}</si:Foelsomhed></si:SagIndeksEgenskaber></gd:LokalUdvidelseListe>",
        sag_egenskaber(&t.titel, &t.nummer, FRA),
        virkning("gd", FRA, ""),
        t.niveau
    );
    let mut relationer = [
        rel(
            s,
            "Sagsaktoer",
            "Ejer",
            ORG,
            "",
            &format!("urn:oio:cvr-nr:{}", t.ejer),
            &udv(a, &navn("Kommunen")),
        ),
        rel(
            s,
            "Sagsaktoer",
            "Ansvarlig",
            ENHED,
            "",
            "1a000000-0000-4000-8000-000000000031",
            &udv(a, &navn("Ydelsescenter")),
        ),
        rel(
            s,
            "Sagsklasse",
            "Primær klasse",
            KLASSE,
            "",
            "1a000000-0000-4000-8000-000000000041",
            &udv(k, &noegle(&t.kle[0])),
        ),
        rel(
            s,
            "Sagsklasse",
            "Handlingsklasse",
            KLASSE,
            "",
            "1a000000-0000-4000-8000-000000000042",
            &udv(k, &noegle("G01")),
        ),
        rel(
            s,
            "Sagspart",
            "Primær part",
            PERSON,
            "",
            &t.part,
            &udv("si:SagspartLokalUdvidelse", "<si:FuldtNavn>Test Borger</si:FuldtNavn>"),
        ),
    ]
    .concat();
    for (nr, sag) in (1..).zip(&t.relateret) {
        relationer += &rel(s, "Sagsrelation", "Andre sager", DOKTYPE, &nr.to_string(), &sag.to_string(), "");
    }
    for (nr, dokument) in (1..).zip(&t.peger) {
        relationer +=
            &rel(s, "Journalpost", "Tilakteret", DOKTYPE, &nr.to_string(), &dokument.to_string(), "");
    }
    relationer += &format!(
        "<gd:LokalUdvidelseListe>{}</gd:LokalUdvidelseListe>",
        systemer(t, "SagsitsystemRelation", "si:SystemNavn")
    );
    lister("sag", &egenskaber, &fremdrift(FRA, "", "Opstaaet"), &relationer)
}

fn dokument_lister(t: &Ting) -> String {
    let (d, a, v) = (Art::Dokument, "di:DokumentaktoerLokalUdvidelse", virkning("di", FRA, ""));
    let ejer = format!(
        "<di:BrugervendtNoegle>999</di:BrugervendtNoegle><di:FuldtNavn>Kommunen</di:FuldtNavn><di:CVR-Nr>{}</di:CVR-Nr>",
        t.ejer
    );
    let mut relationer = String::new();
    for (nr, dokument) in (1..).zip(&t.relateret) {
        relationer +=
            &rel(d, "Dokumentrelation", "Bilag", DOKTYPE, &nr.to_string(), &dokument.to_string(), "");
    }
    relationer += &[
        rel(d, "Dokumentaktoer", "Ejer", ORG, "", &format!("urn:oio:cvr-nr:{}", t.ejer), &udv(a, &ejer)),
        rel(
            d,
            "Dokumentaktoer",
            "Ansvarlig",
            ENHED,
            "",
            "1a000000-0000-4000-8000-000000000031",
            &udv(a, "<di:FuldtNavn>Ydelsescenter</di:FuldtNavn>"),
        ),
        rel(
            d,
            "Dokumentklasse",
            "Primær klasse",
            KLASSE,
            "",
            "1a000000-0000-4000-8000-000000000041",
            &udv(
                "di:DokumentklasseLokalUdvidelse",
                &format!("<di:BrugervendtNoegle>{}</di:BrugervendtNoegle>", t.kle[0]),
            ),
        ),
        format!(
            "<gd:LokalUdvidelseListe>{}</gd:LokalUdvidelseListe>",
            systemer(t, "DokumentitsystemRelation", "di:SystemNavn")
        ),
    ]
    .concat();
    let egenskaber = format!(
        "<di:Egenskaber>{v}<di:BrugervendtNoegle>{n}</di:BrugervendtNoegle><di:Titel>{}</di:Titel><di:BrevDato>2025-02-01</di:BrevDato><di:Dokumentnummer>{n}</di:Dokumentnummer><di:Foelsomhed>{}</di:Foelsomhed><di:Type>Brev, indgaaende</di:Type></di:Egenskaber>",
        t.titel,
        t.niveau,
        n = t.nummer
    );
    let fremdrift =
        format!("<di:Fremdrift>{v}<di:FremdriftStatusKode>Modtaget</di:FremdriftStatusKode></di:Fremdrift>");
    lister("di", &egenskaber, &fremdrift, &relationer)
}

fn bevilling_lister(t: &Ting) -> String {
    let (b, v) = (Art::Bevilling, virkning("bi", FRA, ""));
    let mut attributter = format!(
        "<bi:Egenskaber>{v}<bi:BrugervendtNoegle>{}</bi:BrugervendtNoegle><bi:Foelsomhed>{}</bi:Foelsomhed></bi:Egenskaber>",
        t.nummer, t.niveau
    );
    let system = |rolle: &str| {
        let rolle = find(Art::Effektuering, "ItSystem", rolle).expect("a role").uuid().to_string();
        format!(
            "<bi:ItSystem>{}{}</bi:ItSystem>",
            ident("bi", "Rolle", &rolle),
            ident("bi", "ReferenceID", &t.system)
        )
    };
    for (nr, kle) in (1..).zip(&t.kle) {
        attributter += &format!(
            "<bi:BevilgetYdelse>{v}<bi:Id>YD-{nr}</bi:Id><bi:Navn>Kontanthjælp</bi:Navn><bi:BevilgetYdelseStartdato>2025-02-01T00:00:00+01:00</bi:BevilgetYdelseStartdato>{}{}<bi:Ydelse><bi:Ydelsesnavn>Ydelse {nr}</bi:Ydelsesnavn><bi:Klassifikation>{}<bi:BrugervendtNoegle>{kle}</bi:BrugervendtNoegle></bi:Klassifikation></bi:Ydelse></bi:BevilgetYdelse>",
            system("Master"),
            system("Afsender"),
            ident("bi", "ReferenceID", "1a000000-0000-4000-8000-000000000041")
        );
    }
    let sag = t.peger.first().map_or_else(|| uuid(Art::Sag, 1), |u| *u).to_string();
    let relationer = [
        rel(b, "Bevillingssag", "Bevillingssag", KLASSE, "", &sag, "<bi:FuldtNavn>Sagen</bi:FuldtNavn>"),
        rel(
            b,
            "Bevillingspart",
            "Ydelsesmodtager",
            PERSON,
            "1",
            &t.part,
            "<bi:FuldtNavn>Test Borger</bi:FuldtNavn>",
        ),
        rel(
            b,
            "Bevillingsaktoer",
            "Ejer",
            ORG,
            "",
            &format!("urn:oio:cvr-nr:{}", t.ejer),
            &format!("<bi:FuldtNavn>Kommunen</bi:FuldtNavn><bi:CVR-nr>{}</bi:CVR-nr>", t.ejer),
        ),
        rel(
            b,
            "Bevillingsaktoer",
            "Ansvarlig",
            ENHED,
            "",
            "1a000000-0000-4000-8000-000000000031",
            "<bi:FuldtNavn>Ydelsescenter</bi:FuldtNavn>",
        ),
    ];
    lister("bi", &attributter, "", &relationer.concat())
}

fn effektuering_lister(t: &Ting) -> String {
    let (e, v) = (Art::Effektuering, virkning("oe", FRA, ""));
    let egenskaber = format!(
        "<oe:Egenskaber>{v}<oe:BrugervendtNoegle>{}</oe:BrugervendtNoegle><oe:Startdato>2025-02-01T00:00:00+01:00</oe:Startdato><oe:Slutdato>2025-03-01T00:00:00+01:00</oe:Slutdato><oe:SamletBruttobeloeb>100.00</oe:SamletBruttobeloeb></oe:Egenskaber>",
        t.nummer
    );
    let mut relationer = String::new();
    for (nr, (kle, bevilling)) in (1..).zip(t.kle.iter().zip(&t.peger)) {
        let del = format!(
            "<oe:Ydelsesbeloeb>100.00</oe:Ydelsesbeloeb><oe:Klassifikationsbeskrivelse>{kle}</oe:Klassifikationsbeskrivelse><oe:BevilgetYdelseRef><sd:UUIDIdentifikator>{bevilling}</sd:UUIDIdentifikator><oe:BevilgetYdelseId>YD-1</oe:BevilgetYdelseId></oe:BevilgetYdelseRef>"
        );
        relationer += &rel(
            e,
            "OekonomiskYdelseEffektueringRelation",
            "Ydelseseffektuering",
            KLASSE,
            &nr.to_string(),
            "2b000000-0000-4000-8000-000000000051",
            &del,
        );
    }
    relationer += &rel(
        e,
        "Aktoer",
        "Ejer",
        ORG,
        "",
        &format!("urn:oio:cvr-nr:{}", t.ejer),
        &format!("<oe:FuldtNavn>Kommunen</oe:FuldtNavn><oe:CVR-nr>{}</oe:CVR-nr>", t.ejer),
    );
    relationer += &systemer(t, "ItSystem", "oe:SystemNavn");
    relationer += &rel(
        e,
        "OekonomiskEffektueringPart",
        "Effektueringsmodtager",
        PERSON,
        "1",
        &t.part,
        "<oe:FuldtNavn>Test Borger</oe:FuldtNavn>",
    );
    lister("oe", &egenskaber, "", &relationer)
}

fn er_sagdok(ting: &[Ting]) -> bool {
    ting.iter().all(|t| matches!(t.art, Art::Sag | Art::Dokument))
}

/// An import of objects of one index, in this order.
pub fn importer(ting: &[Ting]) -> String {
    let rod =
        if er_sagdok(ting) { "sdi:ImporterSagDokumentIndeksInput" } else { "yi:ImporterYdelseIndeksInput" };
    format!("<{rod}{}>{}</{rod}>", ns(), ting.iter().map(xml).collect::<String>())
}

/// One update of a case.
pub fn aendring(uuid: Uuid, attributter: &str, tilstande: &str, relationer: &str, tidspunkt: &str) -> String {
    let liste = |navn: &str, indhold: &str| {
        if indhold.is_empty() { String::new() } else { format!("<sag:{navn}>{indhold}</sag:{navn}>") }
    };
    format!(
        "<sdi:OpdaterSagIndeks><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator>{}{}{}<sdi:Tidspunkt>{tidspunkt}</sdi:Tidspunkt></sdi:OpdaterSagIndeks>",
        liste("AttributListe", attributter),
        liste("TilstandListe", tilstande),
        liste("RelationListe", relationer)
    )
}

pub fn opdater(aendringer: &[String]) -> String {
    format!(
        "<sdi:OpdaterSagDokumentIndeksInput{}>{}</sdi:OpdaterSagDokumentIndeksInput>",
        ns(),
        aendringer.concat()
    )
}

/// A new title of a case.
pub fn ny_titel(t: &Ting, titel: &str, tidspunkt: &str) -> String {
    opdater(&[aendring(t.uuid, &sag_egenskaber(titel, &t.nummer, FRA), "", "", tidspunkt)])
}

/// A condition on objects of a kind: what comes first in it, and its lists.
pub fn led(art: Art, foerst: &str, attributter: &str, relationer: &str) -> String {
    let (navn, ns) = match art {
        Art::Sag => ("sdi:SoegSag", "sag"),
        Art::Dokument => ("sdi:SoegDokument", "di"),
        Art::Bevilling => ("yi:SoegBevillingIndeks", "bi"),
        Art::Effektuering => ("yi:SoegOekonomiskEffektueringIndeks", "oe"),
    };
    format!("<{navn}>{foerst}{}</{navn}>", lister(ns, attributter, "", relationer))
}

/// A page, as it comes first in a condition.
pub fn side(foerste: u32, antal: u32) -> String {
    format!(
        "<sd:FoersteResultatReference>{foerste}</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>{antal}</sd:MaksimalAntalKvantitet>"
    )
}

pub fn af_part(art: Art, urn: &str) -> String {
    let navn = match art {
        Art::Sag => "sag:Sagspart",
        Art::Dokument => "di:Dokumentpart",
        Art::Bevilling => "bi:Bevillingspart",
        Art::Effektuering => "oe:OekonomiskEffektueringPart",
    };
    led(art, "", "", &format!("<{navn}>{}</{navn}>", ident("gd", "ReferenceID", urn)))
}

/// Cases of a topic, which may be a pattern.
pub fn af_emne(kle: &str, foerst: &str) -> String {
    let rolle = find(Art::Sag, "Sagsklasse", "Primær klasse").expect("a role").uuid().to_string();
    let udvidelse =
        udv("si:SagsklasseLokalUdvidelse", &format!("<si:BrugervendtNoegle>{kle}</si:BrugervendtNoegle>"));
    led(
        Art::Sag,
        foerst,
        "",
        &format!("<sag:Sagsklasse>{}{udvidelse}</sag:Sagsklasse>", ident("gd", "Rolle", &rolle)),
    )
}

/// A search of the Sags- og Dokumentindeks: for these names, this expression, and with this after it.
pub fn soeg_sagdok(navne: &[(Art, Uuid)], udtryk: &str, efter: &str) -> String {
    soeg("sdi", "SagDokumentIndeks", navne, udtryk, efter)
}

pub fn soeg_ydelse(navne: &[(Art, Uuid)], udtryk: &str, efter: &str) -> String {
    soeg("yi", "YdelseIndeks", navne, udtryk, efter)
}

fn soeg(p: &str, indeks: &str, navne: &[(Art, Uuid)], udtryk: &str, efter: &str) -> String {
    let af = |art: Art, navn: &str| -> String {
        let deres = navne.iter().filter(|(a, _)| *a == art);
        deres.map(|(_, uuid)| format!("<{p}:{navn}>{uuid}</{p}:{navn}>")).collect()
    };
    let navne = if p == "sdi" {
        af(Art::Sag, "SagUuid") + &af(Art::Dokument, "DokumentUuid")
    } else {
        af(Art::Bevilling, "BevillingUuid") + &af(Art::Effektuering, "OekonomiskEffektueringUuid")
    };
    let udtryk = if udtryk.is_empty() && p == "sdi" {
        String::new()
    } else {
        format!("<{p}:SoegUdtryk>{udtryk}</{p}:SoegUdtryk>")
    };
    format!("<{p}:Fremsoeg{indeks}Input{}>{navne}{udtryk}{efter}</{p}:Fremsoeg{indeks}Input>", ns())
}

pub fn fjern(sager: &[Uuid], efter: &str) -> String {
    let sager: String = sager.iter().map(|u| ident("sdi", "SagUuid", &u.to_string())).collect();
    format!("<sdi:FjernSagDokumentIndeksInput{}>{sager}{efter}</sdi:FjernSagDokumentIndeksInput>", ns())
}

pub fn fjern_ydelse(art: Art, uuid: Uuid) -> String {
    let p = if art == Art::Bevilling { "bi" } else { "oe" };
    format!("<{p}:FjernInput{}><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator></{p}:FjernInput>", ns())
}
