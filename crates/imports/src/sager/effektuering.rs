//! One payment as a message, and the update that says it is paid.

use super::bevilling::kroner;
use super::forloeb::{Forloeb, UuidTil, Ydelse, uuid};
use super::sag::identifikator;
use super::skabelon::{Skabelon, Til, felt, tekst_i};
use super::tid::Stund;
use super::{Fil, Ud};

/// When of the day payments are recorded.
const KOERSEL: i32 = 6 * 3600;

/// `yi:OekonomiskEffektueringIndeks`, and for every third of them the update that says it is paid.
pub(super) fn skriv(s: &Skabelon, forloeb: &Forloeb, ydelse: &Ydelse, maaned: usize, ud: &mut Ud) {
    let nr = i32::try_from(maaned).unwrap_or(0);
    let (start, slut) = (ydelse.bevilget.maaned(1 + nr), ydelse.bevilget.maaned(2 + nr));
    let disponeres = Stund { dag: slut.dag - 1, sek: KOERSEL };
    let maaned = maaned as u64;
    let id = uuid(forloeb.seed, UuidTil::Effektuering, forloeb.nr, maaned);
    let betaling = Betaling { start, slut, disponeres, i_alt: ydelse.beloeb.iter().sum() };
    ud.antal.effektueringer += 1;
    let import = ud.til(Fil::Ydelse);
    import.push_str("<yi:OekonomiskEffektueringIndeks><oe:OekonomiskEffektueringIndeks>");
    identifikator(import, id);
    s.registrering(import, "oe", &disponeres.tekst());
    import.push_str("<oe:AttributListe>");
    egenskaber(s, forloeb, &betaling, disponeres, false, import);
    import.push_str("</oe:AttributListe><oe:TilstandListe/><oe:RelationListe>");
    relationer(s, forloeb, ydelse, &betaling, maaned, import);
    import.push_str("</oe:RelationListe></oe:Registrering>");
    import.push_str("</oe:OekonomiskEffektueringIndeks></yi:OekonomiskEffektueringIndeks>\n");
    if (forloeb.nr + maaned).is_multiple_of(3) {
        ud.antal.opdateringer += 1;
        let betalt = Stund { dag: slut.dag, sek: KOERSEL };
        let ud = ud.til(Fil::YdelseOpdater);
        ud.push_str("<yi:OpdaterOekonomiskEffektueringIndeks>");
        identifikator(ud, id);
        ud.push_str("<oe:AttributListe>");
        egenskaber(s, forloeb, &betaling, betalt, true, ud);
        ud.push_str("</oe:AttributListe>");
        felt(ud, "yi:Tidspunkt", &betalt.tekst());
        ud.push_str("</yi:OpdaterOekonomiskEffektueringIndeks>\n");
    }
}

struct Betaling {
    start: Stund,
    slut: Stund,
    disponeres: Stund,
    i_alt: i64,
}

fn egenskaber(s: &Skabelon, forloeb: &Forloeb, b: &Betaling, fra: Stund, betalt: bool, ud: &mut String) {
    let efter_skat = kroner(b.i_alt * 62 / 100);
    let (_, maaned, _) = b.start.dato();
    ud.push_str("<oe:Egenskaber>");
    s.virkning(ud, "oe", &fra.tekst(), None);
    felt(ud, "oe:BrugervendtNoegle", &format!("E-{}-{maaned:02}", forloeb.sagsnummer()));
    felt(ud, "oe:Startdato", &b.start.tekst());
    felt(ud, "oe:Slutdato", &b.slut.tekst());
    felt(ud, "oe:SamletBruttobeloeb", &kroner(b.i_alt));
    felt(ud, "oe:Dispositionsdato", &b.disponeres.tekst());
    felt(ud, "oe:BeloebEfterSkatATP", &efter_skat);
    felt(ud, "oe:BeloebSendtTilUdbetaling", &efter_skat);
    if betalt {
        felt(ud, "oe:BeloebUdbetalt", &efter_skat);
    }
    felt(ud, "oe:Udbetalingsafdeling", "Ydelsescenter");
    if betalt {
        felt(ud, "oe:UdbetaltTekst", "Udbetalt til NemKonto");
    }
    ud.push_str("</oe:Egenskaber>");
}

fn relationer(s: &Skabelon, forloeb: &Forloeb, ydelse: &Ydelse, b: &Betaling, maaned: u64, ud: &mut String) {
    let v = s.aaben(b.disponeres);
    for (nr, beloeb) in ydelse.beloeb.iter().enumerate() {
        let del = uuid(forloeb.seed, UuidTil::Ydelsesdel, forloeb.nr, maaned * 10 + nr as u64);
        s.ydelsesdel.begynd(ud, &v, Some(nr + 1), Til::Uuid(del));
        felt(ud, "oe:YdelsesperiodeStartdato", &b.start.tekst());
        felt(ud, "oe:YdelsesperiodeSlutdato", &b.slut.tekst());
        felt(ud, "oe:Ydelsesbeloeb", &kroner(*beloeb));
        felt(ud, "oe:Klassifikationsbeskrivelse", forloeb.emne().kle);
        ud.push_str("<oe:BevilgetYdelseRef>");
        identifikator(ud, ydelse.uuid);
        ud.extend([
            "<oe:BevilgetYdelseId>YD-",
            &(nr + 1).to_string(),
            "</oe:BevilgetYdelseId></oe:BevilgetYdelseRef>",
        ]);
        s.ydelsesdel.slut(ud);
    }
    s.eff_ejer.skriv(ud, &v);
    s.eff_systemer.iter().for_each(|system| system.skriv(ud, &v));
    s.modtager.begynd(ud, &v, Some(1), Til::Urn(&forloeb.part.urn));
    tekst_i(ud, "oe:FuldtNavn", &forloeb.part.navn);
    s.modtager.slut(ud);
}
