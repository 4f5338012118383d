//! One case as a message, and what is changed in it afterwards.

use super::data::{ENHEDER, FOELSOMHED, FREMDRIFT};
use super::forloeb::{BEHANDLERE, Forloeb};
use super::skabelon::{Skabelon, Til, felt, part_navn};
use super::tid::Stund;
use super::{Fil, Ud};

/// `sdi:SagIndeks`. Every fifth case has its start recorded by itself.
pub(super) fn skriv(s: &Skabelon, forloeb: &Forloeb, ud: &mut Ud) {
    ud.antal.sager += 1;
    ud.antal.journalnotater += forloeb.notater.len() as u64;
    let ud = ud.til(Fil::SagDokument);
    ud.push_str("<sdi:SagIndeks>");
    identifikator(ud, forloeb.uuid);
    if forloeb.historik && forloeb.trin.len() > 1 {
        registrering(s, forloeb, 1, ud);
    }
    registrering(s, forloeb, forloeb.trin.len(), ud);
    ud.push_str("<sag:UdenNotifikation>true</sag:UdenNotifikation></sdi:SagIndeks>\n");
}

pub(super) fn identifikator(ud: &mut String, uuid: uuid::Uuid) {
    let mut plads = uuid::Uuid::encode_buffer();
    felt(ud, "sd:UUIDIdentifikator", uuid.hyphenated().encode_lower(&mut plads));
}

/// The case as it was after so many of its states.
fn registrering(s: &Skabelon, forloeb: &Forloeb, trin: usize, ud: &mut String) {
    let hel = trin == forloeb.trin.len();
    let fra = forloeb.oprettet().tekst();
    s.registrering(ud, "sag", &forloeb.trin[trin - 1].0.tekst());
    ud.push_str("<sag:AttributListe>");
    egenskaber(s, forloeb, trin, &fra, ud);
    ud.push_str("</sag:AttributListe><sag:TilstandListe>");
    for (nr, (tid, status)) in forloeb.trin[..trin].iter().enumerate() {
        let til = forloeb.trin[..trin].get(nr + 1).map(|(tid, _)| tid.tekst());
        fremdrift(s, *tid, til.as_deref(), *status, ud);
    }
    ud.push_str("</sag:TilstandListe><sag:RelationListe>");
    relationer(s, forloeb, hel, ud);
    ud.push_str("</sag:RelationListe></sag:Registrering>");
}

fn fremdrift(s: &Skabelon, fra: Stund, til: Option<&str>, status: usize, ud: &mut String) {
    ud.push_str("<sag:Fremdrift>");
    s.virkning(ud, "sag", &fra.tekst(), til);
    felt(ud, "sag:FremdriftStatusKode", FREMDRIFT[status].0);
    ud.push_str("</sag:Fremdrift>");
}

fn egenskaber(s: &Skabelon, forloeb: &Forloeb, trin: usize, fra: &str, ud: &mut String) {
    let emne = forloeb.emne();
    let nummer = forloeb.sagsnummer();
    ud.push_str("<sag:Egenskaber>");
    s.virkning(ud, "sag", fra, None);
    felt(ud, "sag:BrugervendtNoegle", &nummer);
    if forloeb.nr % 5 < 2 {
        ud.extend([
            "<sag:Beskrivelse>",
            emne.titel,
            ". Behandles i ",
            ENHEDER[emne.enhed],
            ".</sag:Beskrivelse>",
        ]);
    }
    if forloeb.undtaget {
        ud.push_str("<sag:OffentlighedUndtaget>");
        ud.extend(["<sd:TitelAlternativTekst>", emne.titel, ": "]);
        xml::escape_into(ud, &forloeb.part.navn);
        ud.push_str(
            "</sd:TitelAlternativTekst><sd:OffentlighedUndtagetHjemmelTekst>Offentlighedsloven § 30, nr. 1\
             </sd:OffentlighedUndtagetHjemmelTekst></sag:OffentlighedUndtaget>",
        );
    }
    felt(ud, "sag:Sagsnummer", &nummer);
    felt(ud, "sag:Titel", emne.titel);
    ud.push_str("</sag:Egenskaber><gd:LokalUdvidelseListe><si:SagIndeksEgenskaber>");
    s.virkning(ud, "gd", fra, None);
    felt(ud, "si:Sagsstatus", FREMDRIFT[forloeb.trin[trin - 1].1].1);
    felt(ud, "si:Foelsomhed", FOELSOMHED[forloeb.foelsomhed].0);
    felt(ud, "si:OprettetTidspunkt", fra);
    ud.push_str("</si:SagIndeksEgenskaber></gd:LokalUdvidelseListe>");
}

fn relationer(s: &Skabelon, forloeb: &Forloeb, hel: bool, ud: &mut String) {
    let v = s.aaben(forloeb.oprettet());
    s.sag_ejer.skriv(ud, &v);
    s.sag_enhed[forloeb.emne().enhed].skriv(ud, &v);
    if let Some(behandler) = forloeb.behandler {
        s.sag_behandler[behandler].skriv(ud, &v);
    }
    s.sag_klasse[forloeb.emne].skriv(ud, &v);
    s.handling[forloeb.handling].skriv(ud, &v);
    let primaer = &s.primaer_part[usize::from(forloeb.part.person)];
    primaer.begynd(ud, &v, None, Til::Urn(&forloeb.part.urn));
    part_navn(ud, "si:SagspartLokalUdvidelse", "si:FuldtNavn", &forloeb.part);
    primaer.slut(ud);
    if let Some(part) = &forloeb.medpart {
        s.sekundaer_part.begynd(ud, &v, Some(1), Til::Urn(&part.urn));
        part_navn(ud, "si:SagspartLokalUdvidelse", "si:FuldtNavn", part);
        s.sekundaer_part.slut(ud);
    }
    if let Some(sag) = forloeb.anden_sag {
        s.andre_sager.begynd(ud, &v, Some(1), Til::Uuid(sag));
        s.andre_sager.slut(ud);
    }
    if forloeb.emne().ejendom {
        let urn = format!("urn:oio:ejendom:bfe-nr:00{:08}", forloeb.nr % 100_000_000);
        s.byggeri.begynd(ud, &v, Some(1), Til::Urn(&urn));
        s.byggeri.slut(ud);
    }
    if hel {
        journalposter(s, forloeb, ud);
    }
    ud.push_str("<gd:LokalUdvidelseListe>");
    s.sag_systemer.iter().for_each(|system| system.skriv(ud, &v));
    ud.push_str("</gd:LokalUdvidelseListe>");
}

fn journalposter(s: &Skabelon, forloeb: &Forloeb, ud: &mut String) {
    for vedlagt in [false, true] {
        let relation = if vedlagt { &s.vedlagt } else { &s.tilakteret };
        for (nr, dokument) in (1..).zip(forloeb.dokumenter.iter().filter(|d| d.vedlagt == vedlagt)) {
            relation.begynd(ud, &s.aaben(dokument.oprettet), Some(nr), Til::Uuid(dokument.uuid));
            relation.slut(ud);
        }
    }
    for (nr, notat) in (1..).zip(&forloeb.notater) {
        s.journalnotat.begynd(ud, &s.aaben(forloeb.registreret()), Some(nr), Til::Urn("URN:Empty"));
        ud.push_str(&s.notat[*notat]);
        s.journalnotat.slut(ud);
    }
}

/// Half of the cases that are not finished go on, and a few of the others get another case worker.
pub(super) fn opdater(s: &Skabelon, forloeb: &mut Forloeb, ud: &mut Ud) {
    let (sidst, status) = forloeb.trin[forloeb.trin.len() - 1];
    let tid = sidst.arbejdsdag(3 + i32::try_from(forloeb.t.tal(40)).unwrap_or(0));
    let videre = status + 1 < FREMDRIFT.len() && forloeb.t.tal(2) == 0;
    let ny = forloeb
        .behandler
        .filter(|_| forloeb.t.tal(20) == 0)
        .map(|nu| (nu + 1 + forloeb.t.tal(BEHANDLERE - 1)) % BEHANDLERE);
    if !videre && ny.is_none() {
        return;
    }
    ud.antal.opdateringer += 1;
    let ud = ud.til(Fil::SagDokumentOpdater);
    ud.push_str("<sdi:OpdaterSagIndeks>");
    identifikator(ud, forloeb.uuid);
    if videre {
        ud.push_str("<sag:TilstandListe>");
        fremdrift(s, tid, None, status + 1, ud);
        ud.push_str("</sag:TilstandListe>");
    }
    if let Some(behandler) = ny {
        ud.push_str("<sag:RelationListe>");
        s.sag_behandler[behandler].skriv(ud, &s.aaben(tid));
        ud.push_str("</sag:RelationListe>");
    }
    felt(ud, "sdi:Tidspunkt", &tid.tekst());
    ud.push_str("<sdi:UdenNotifikation>true</sdi:UdenNotifikation></sdi:OpdaterSagIndeks>\n");
}
