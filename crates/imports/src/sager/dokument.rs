//! One document as a message, and the update that makes it final.

use super::data::FOELSOMHED;
use super::forloeb::Forloeb;
use super::sag::identifikator;
use super::skabelon::{Skabelon, Til, felt, part_navn};
use super::tid::Stund;
use super::{Fil, Ud};

/// `sdi:DokumentIndeks`, and the update of it if there is one.
pub(super) fn skriv(s: &Skabelon, forloeb: &Forloeb, nr: usize, ud: &mut Ud) {
    let d = &forloeb.dokumenter[nr];
    ud.antal.dokumenter += 1;
    let import = ud.til(Fil::SagDokument);
    import.push_str("<sdi:DokumentIndeks>");
    identifikator(import, d.uuid);
    s.registrering(import, "di", &d.endeligt.unwrap_or(d.oprettet).tekst());
    import.push_str("<di:AttributListe>");
    egenskaber(s, forloeb, nr, import);
    import.push_str("</di:AttributListe><di:TilstandListe>");
    let foerst = if d.typ == "Brev, indgaaende" { "Modtaget" } else { "Underudarbejdelse" };
    fremdrift(s, d.oprettet, d.endeligt, foerst, import);
    if let Some(endeligt) = d.endeligt {
        fremdrift(s, endeligt, None, "Endeligt", import);
    }
    import.push_str("</di:TilstandListe><di:RelationListe>");
    relationer(s, forloeb, nr, import);
    import.push_str("</di:RelationListe></di:Registrering></sdi:DokumentIndeks>\n");
    if let Some(tid) = d.opdateres {
        ud.antal.opdateringer += 1;
        opdater(s, d.uuid, tid, ud.til(Fil::SagDokumentOpdater));
    }
}

fn fremdrift(s: &Skabelon, fra: Stund, til: Option<Stund>, status: &str, ud: &mut String) {
    ud.push_str("<di:Fremdrift>");
    s.virkning(ud, "di", &fra.tekst(), til.map(Stund::tekst).as_deref());
    felt(ud, "di:FremdriftStatusKode", status);
    ud.push_str("</di:Fremdrift>");
}

fn egenskaber(s: &Skabelon, forloeb: &Forloeb, nr: usize, ud: &mut String) {
    let d = &forloeb.dokumenter[nr];
    let nummer = format!("{}-{}", forloeb.sagsnummer(), nr + 1);
    ud.push_str("<di:Egenskaber>");
    s.virkning(ud, "di", &d.oprettet.tekst(), None);
    felt(ud, "di:BrugervendtNoegle", &nummer);
    felt(ud, "di:Titel", d.titel);
    if d.typ.starts_with("Brev") {
        felt(ud, "di:BrevDato", &d.oprettet.dato_tekst());
    }
    if forloeb.undtaget {
        ud.extend(["<di:OffentlighedUndtaget><sd:TitelAlternativTekst>", d.titel, " vedr. "]);
        xml::escape_into(ud, &forloeb.part.navn);
        ud.push_str(
            "</sd:TitelAlternativTekst><sd:OffentlighedUndtagetHjemmelTekst>Offentlighedsloven § 30, nr. 1\
             </sd:OffentlighedUndtagetHjemmelTekst></di:OffentlighedUndtaget>",
        );
    }
    if d.endeligt.is_some() {
        ud.push_str("<di:VersionIdentifikator>1</di:VersionIdentifikator>");
        ud.push_str("<di:UnderversionIdentifikator>0</di:UnderversionIdentifikator>");
    }
    felt(ud, "di:Dokumentnummer", &nummer);
    felt(ud, "di:Foelsomhed", FOELSOMHED[d.foelsomhed].0);
    felt(ud, "di:Type", d.typ);
    ud.push_str("</di:Egenskaber>");
}

fn relationer(s: &Skabelon, forloeb: &Forloeb, nr: usize, ud: &mut String) {
    let d = &forloeb.dokumenter[nr];
    let v = s.aaben(d.oprettet);
    if d.bilag {
        s.bilag.begynd(ud, &v, Some(1), Til::Uuid(forloeb.dokumenter[nr - 1].uuid));
        s.bilag.slut(ud);
    }
    s.dok_ejer.skriv(ud, &v);
    s.dok_enhed[forloeb.emne().enhed].skriv(ud, &v);
    if d.typ.starts_with("Brev") {
        let parter = &s.parter[usize::from(forloeb.part.person)];
        parter.begynd(ud, &v, Some(1), Til::Urn(&forloeb.part.urn));
        part_navn(ud, "di:DokumentpartLokalUdvidelse", "di:FuldtNavn", &forloeb.part);
        parter.slut(ud);
    }
    s.dok_klasse[forloeb.emne].skriv(ud, &v);
    ud.push_str("<gd:LokalUdvidelseListe>");
    s.dok_systemer.iter().for_each(|system| system.skriv(ud, &v));
    ud.push_str("</gd:LokalUdvidelseListe>");
}

fn opdater(s: &Skabelon, uuid: uuid::Uuid, tid: Stund, ud: &mut String) {
    ud.push_str("<sdi:OpdaterDokumentIndeks>");
    identifikator(ud, uuid);
    ud.push_str("<di:TilstandListe>");
    fremdrift(s, tid, None, "Endeligt", ud);
    ud.push_str("</di:TilstandListe>");
    felt(ud, "sdi:Tidspunkt", &tid.tekst());
    ud.push_str("</sdi:OpdaterDokumentIndeks>\n");
}
