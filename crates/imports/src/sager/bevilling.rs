//! One grant as a message.

use super::data::FOELSOMHED;
use super::forloeb::{Forloeb, Ydelse};
use super::sag::identifikator;
use super::skabelon::{Skabelon, Til, felt, tekst_i};
use super::{Fil, Ud};

/// `yi:BevillingIndeks`.
pub(super) fn skriv(s: &Skabelon, forloeb: &Forloeb, ydelse: &Ydelse, ud: &mut Ud) {
    ud.antal.bevillinger += 1;
    let ud = ud.til(Fil::Ydelse);
    let fra = ydelse.bevilget.tekst();
    ud.push_str("<yi:BevillingIndeks><bi:BevillingIndeks>");
    identifikator(ud, ydelse.uuid);
    s.registrering(ud, "bi", &fra);
    ud.push_str("<bi:AttributListe><bi:Egenskaber>");
    s.virkning(ud, "bi", &fra, None);
    ud.extend(["<bi:BrugervendtNoegle>B-", &forloeb.sagsnummer(), "</bi:BrugervendtNoegle>"]);
    felt(ud, "bi:Foelsomhed", FOELSOMHED[forloeb.foelsomhed].0);
    ud.push_str("</bi:Egenskaber>");
    for nr in 0..ydelse.beloeb.len() {
        bevilget(s, forloeb, ydelse, nr, &fra, ud);
    }
    ud.push_str("</bi:AttributListe><bi:TilstandListe/><bi:RelationListe>");
    let v = s.aaben(ydelse.bevilget);
    s.bevillingssag.begynd(ud, &v, None, Til::Uuid(forloeb.uuid));
    felt(ud, "bi:BrugervendtNoegle", &forloeb.sagsnummer());
    felt(ud, "bi:FuldtNavn", forloeb.emne().titel);
    s.bevillingssag.slut(ud);
    s.ydelsesmodtager.begynd(ud, &v, Some(1), Til::Urn(&forloeb.part.urn));
    tekst_i(ud, "bi:FuldtNavn", &forloeb.part.navn);
    s.ydelsesmodtager.slut(ud);
    s.bev_ejer.skriv(ud, &v);
    s.bev_enhed[forloeb.emne().enhed].skriv(ud, &v);
    ud.push_str("</bi:RelationListe></bi:Registrering>");
    ud.push_str(
        "<bi:UdenNotifikation>true</bi:UdenNotifikation></bi:BevillingIndeks></yi:BevillingIndeks>\n",
    );
}

fn bevilget(s: &Skabelon, forloeb: &Forloeb, ydelse: &Ydelse, nr: usize, fra: &str, ud: &mut String) {
    let id = (nr + 1).to_string();
    let start = ydelse.bevilget.maaned(1).tekst();
    ud.push_str("<bi:BevilgetYdelse>");
    s.virkning(ud, "bi", fra, None);
    ud.extend(["<bi:Id>YD-", &id, "</bi:Id>"]);
    felt(ud, "bi:Navn", ydelse.navn);
    felt(ud, "bi:BevilgetYdelseStartdato", &start);
    felt(ud, "bi:Tilbagebetalingspligtig", "false");
    ud.push_str(&s.bev_systemer);
    ud.push_str(&s.ydelse[forloeb.emne]);
    ud.extend(["<bi:OekonomiskEffektueringsplan><bi:Id>PLAN-", &id, "</bi:Id>"]);
    felt(ud, "bi:EffektueringsplanStartdato", &start);
    felt(ud, "bi:Beregningsfrekvens", &s.frekvens);
    felt(ud, "bi:ForudBagud", if forloeb.nr.is_multiple_of(3) { "Forud" } else { "Bagud" });
    felt(ud, "bi:Dispositionsdag", "Sidste bankdag");
    felt(ud, "bi:Ydelsesbeloeb", &kroner(ydelse.beloeb[nr]));
    ud.push_str("</bi:OekonomiskEffektueringsplan></bi:BevilgetYdelse>");
}

/// An amount as it is written.
pub(super) fn kroner(oere: i64) -> String {
    format!("{}.{:02}", oere / 100, oere % 100)
}
