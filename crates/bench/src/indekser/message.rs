//! The calls of the two indexes a load sends.

use uuid::Uuid;

/// Where the Sags- og Dokumentindeks answers, and the Ydelsesindeks.
const SDI: &str = "/sagdokumentindeks/6";
const YI: &str = "/ydelseindeks/6";
/// The published roles: the owner of a case, and its topic.
const EJER: &str = "9e979b84-b846-4472-8622-58007dc63c7e";
const PRIMAER_KLASSE: &str = "a86c6581-ec85-412d-a655-31a1f1d5b14f";
/// What an object must say and a search need not.
const NAMESPACES: [(&str, &str); 9] = [
    ("sd", "urn:oio:sagdok:3.0.0"),
    ("gd", "urn:oio:sts:generelledefinitioner:6"),
    ("go", "urn:oio:sts:generelleoperationer:6"),
    ("sdi", "urn:oio:sts:sagdok:sagdokumentindeks:6"),
    ("sag", "urn:oio:sts:sagdok:sag:6"),
    ("si", "urn:oio:sts:sagdok:sagindeks:6"),
    ("di", "urn:oio:sts:sagdok:dokumentindeks:6"),
    ("yi", "urn:oio:sts:ydelse:ydelseindeks:6"),
    ("bi", "urn:oio:sts:ydelse:bevillingindeks:6"),
];

/// A path and a call, in its envelope.
fn call(path: &str, rod: &str, inner: &str) -> (String, String) {
    let ns: String = NAMESPACES.iter().map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\"")).collect();
    let body = format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header><h:RequestHeader \
         xmlns:h=\"http://kombit.dk/xml/schemas/RequestHeader/1/\"><h:TransactionUUID>0e2a3fbb-6b8e-4f43-9d38-5a8e9b8c1d11\
         </h:TransactionUUID></h:RequestHeader></s:Header><s:Body><{rod}{ns}>{inner}</{rod}></s:Body></s:Envelope>"
    );
    (path.to_owned(), body)
}

fn fremsoeg(inner: &str) -> (String, String) {
    call(SDI, "sdi:FremsoegSagDokumentIndeksInput", inner)
}

fn urn(navn: &str, vaerdi: &str) -> String {
    format!("<gd:{navn}><sd:URNIdentifikator>{vaerdi}</sd:URNIdentifikator></gd:{navn}>")
}

fn rolle(vaerdi: &str) -> String {
    format!("<gd:Rolle><sd:UUIDIdentifikator>{vaerdi}</sd:UUIDIdentifikator></gd:Rolle>")
}

/// The case of this name.
pub fn sag(uuid: Uuid) -> (String, String) {
    fremsoeg(&format!("<sdi:SagUuid>{uuid}</sdi:SagUuid>"))
}

/// The cases of a person.
pub fn sager_om(person: &str) -> (String, String) {
    fremsoeg(&format!(
        "<sdi:SoegUdtryk><sdi:SoegSag><sag:AttributListe/><sag:TilstandListe/><sag:RelationListe><sag:Sagspart>{}\
         </sag:Sagspart></sag:RelationListe></sdi:SoegSag></sdi:SoegUdtryk>",
        urn("ReferenceID", person)
    ))
}

/// The grants of a person.
pub fn bevillinger_til(person: &str) -> (String, String) {
    let inner = format!(
        "<yi:SoegUdtryk><yi:SoegBevillingIndeks><bi:AttributListe/><bi:TilstandListe/><bi:RelationListe><bi:Bevillingspart>{}\
         </bi:Bevillingspart></bi:RelationListe></yi:SoegBevillingIndeks></yi:SoegUdtryk>",
        urn("ReferenceID", person)
    );
    call(YI, "yi:FremsoegYdelseIndeksInput", &inner)
}

/// The first page of the cases of an owner with topics like this that were begun between these days.
pub fn sager_af(cvr: &str, kle: &str, (fra, til): (&str, &str)) -> (String, String) {
    let tid = |navn: &str, dag: &str| {
        format!("<go:{navn}><sd:TidsstempelDatoTid>{dag}T00:00:00+01:00</sd:TidsstempelDatoTid></go:{navn}>")
    };
    fremsoeg(&format!(
        "<sdi:SoegUdtryk><sdi:SoegSag><sag:AttributListe><gd:LokalUdvidelseListe><si:SoegEgenskaberLokalUdvidelse>\
         <si:OprettetTidspunktInterval>{}{}</si:OprettetTidspunktInterval></si:SoegEgenskaberLokalUdvidelse>\
         </gd:LokalUdvidelseListe></sag:AttributListe><sag:TilstandListe/><sag:RelationListe><sag:Sagsaktoer>{}{}\
         </sag:Sagsaktoer><sag:Sagsklasse>{}<gd:LokalUdvidelseListe><si:SagsklasseLokalUdvidelse><si:BrugervendtNoegle>\
         {kle}</si:BrugervendtNoegle></si:SagsklasseLokalUdvidelse></gd:LokalUdvidelseListe></sag:Sagsklasse>\
         </sag:RelationListe></sdi:SoegSag></sdi:SoegUdtryk>",
        tid("FraTidspunkt", fra),
        tid("TilTidspunkt", til),
        rolle(EJER),
        urn("ReferenceID", &format!("urn:oio:cvr-nr:{cvr}")),
        rolle(PRIMAER_KLASSE),
    ))
}

/// The import of a case.
pub fn importer(sag: &str) -> (String, String) {
    call(SDI, "sdi:ImporterSagDokumentIndeksInput", sag)
}

/// A case goes on, a second after it last did.
pub fn opdater(uuid: Uuid, system: &str, n: usize) -> (String, String) {
    let status = ["Oplyst", "Afgjort"][n % 2];
    let (dag, time, minut, sekund) = (1 + n / 86_400 % 28, n / 3_600 % 24, n / 60 % 60, n % 60);
    let tid = format!("2026-06-{dag:02}T{time:02}:{minut:02}:{sekund:02}.000+02:00");
    let inner = format!(
        "<sdi:OpdaterSagIndeks><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator><sag:TilstandListe><sag:Fremdrift>\
         <sag:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>{tid}</sd:TidsstempelDatoTid></sd:FraTidspunkt><sd:TilTidspunkt>\
         <sd:GraenseIndikator>true</sd:GraenseIndikator></sd:TilTidspunkt><sd:AktoerRef><sd:URNIdentifikator>\
         urn:oio:it-system-uuid:{system}</sd:URNIdentifikator></sd:AktoerRef><sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode>\
         </sag:Virkning><sag:FremdriftStatusKode>{status}</sag:FremdriftStatusKode></sag:Fremdrift></sag:TilstandListe>\
         <sdi:Tidspunkt>{tid}</sdi:Tidspunkt><sdi:UdenNotifikation>false</sdi:UdenNotifikation></sdi:OpdaterSagIndeks>"
    );
    call(SDI, "sdi:OpdaterSagDokumentIndeksInput", &inner)
}
