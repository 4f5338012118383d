//! The messages a load sends: plain text, as a client would write them.

use uuid::Uuid;

const SD: &str = "urn:oio:sagdok:3.0.0";

/// A path and an envelope around `inner`, whose wrapper is in the namespace of `obj`.
pub fn envelope(obj: &str, inner: &str) -> (String, String) {
    let t = format!("http://stoettesystemerne.dk/organisation/{obj}/6/");
    let body = format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header><h:RequestHeader \
         xmlns:h=\"http://kombit.dk/xml/schemas/RequestHeader/1/\"><h:TransactionUUID>0e2a3fbb-6b8e-4f43-9d38-5a8e9b8c1d11\
         </h:TransactionUUID></h:RequestHeader></s:Header><s:Body xmlns=\"{t}\" xmlns:sd=\"{SD}\">{inner}</s:Body></s:Envelope>"
    );
    (format!("/organisation/{obj}/6"), body)
}

/// `laes` of one object.
pub fn laes(obj: &str, id: Uuid) -> (String, String) {
    envelope(obj, &format!("<LaesInput><sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator></LaesInput>"))
}

/// What stands in the body of `laes`, written canonically, and the action of that call.
pub fn laes_canonical(obj: &str, id: Uuid) -> (String, String) {
    let body = format!(
        "<LaesInput xmlns=\"http://stoettesystemerne.dk/organisation/{obj}/6/\"><sd:UUIDIdentifikator xmlns:sd=\"{SD}\">{id}\
         </sd:UUIDIdentifikator></LaesInput>"
    );
    (format!("http://kombit.dk/sts/organisation/{obj}/laes"), body)
}

/// `soeg` for the user of an organisation with this name: a relation that all users have, and an attribute one has.
pub fn soeg_bruger(organisation: &str, navn: &str) -> (String, String) {
    envelope(
        "bruger",
        &format!(
            "<SoegInput><AttributListe><Egenskab><sd:BrugerNavn>{navn}</sd:BrugerNavn></Egenskab></AttributListe><TilstandListe/>\
             <RelationListe><sd:Tilhoerer><sd:ReferenceID><sd:UUIDIdentifikator>{organisation}</sd:UUIDIdentifikator>\
             </sd:ReferenceID></sd:Tilhoerer></RelationListe></SoegInput>"
        ),
    )
}

fn egenskab(noegle: &str, tekst: &str) -> String {
    format!(
        "<AttributListe><Egenskab><sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2024-01-01T00:00:00.000+01:00\
         </sd:TidsstempelDatoTid></sd:FraTidspunkt></sd:Virkning><sd:BrugervendtNoegleTekst>{noegle}</sd:BrugervendtNoegleTekst>\
         <st:AdresseTekst xmlns:st=\"urn:oio:sts:6\">{tekst}</st:AdresseTekst></Egenskab></AttributListe>"
    )
}

/// `importer` of an Adresse that says `tekst` and has the key `bench`.
pub fn importer_adresse(id: Uuid, noegle: &str, tekst: &str) -> (String, String) {
    let egenskab = egenskab(noegle, tekst);
    envelope(
        "adresse",
        &format!(
            "<ImportInput><Adresse><sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator><Registrering>{egenskab}<TilstandListe/>\
             <RelationListe/></Registrering></Adresse></ImportInput>"
        ),
    )
}

/// `ret` of such an Adresse.
pub fn ret_adresse(id: Uuid, n: usize) -> (String, String) {
    let egenskab = egenskab("bench", &format!("Hjulmagervej {n}, 4260 Korsbæk"));
    envelope(
        "adresse",
        &format!("<RetInput><sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator>{egenskab}</RetInput>"),
    )
}

/// `soeg` for the Adresse with this key.
pub fn soeg_adresse(noegle: &str) -> (String, String) {
    envelope(
        "adresse",
        &format!(
            "<SoegInput><AttributListe><Egenskab><sd:BrugervendtNoegleTekst>{noegle}</sd:BrugervendtNoegleTekst></Egenskab>\
             </AttributListe><TilstandListe/><RelationListe/></SoegInput>"
        ),
    )
}
