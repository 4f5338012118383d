//! Which objects a search may find: the shortest of the ways there are, found by taking them.

use crate::Svar;
use crate::hent::{lager, nummer};
use app::App;
use indeks::kald::{Led, Udtryk};
use indeks::kandidater::{Grundlag, Rute, Ruter, Vej, ruter};
use indeks::skema::Art;
use indeks::verden::Navn;
use std::collections::{BTreeMap, BTreeSet};
use store::Indeksvej;

/// A way as short as this is taken at once.
const KORT: usize = 2_000;
/// A way that is longer than this is not taken to its end.
pub(crate) const LANG: usize = 10_000;

/// Where the ways to one kind of object end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fundet {
    /// All that may be meant.
    Alle(Vec<i64>),
    /// More than a search is made over: the way thought to be shortest.
    Flere(Vec<Indeksvej>),
}

/// What a search may find, for each kind of object it is about.
pub(crate) type Kandidater = BTreeMap<Art, Fundet>;

fn vej(vej: &Vej) -> Indeksvej {
    match vej {
        Vej::Navne(navne) => Indeksvej::Navne(navne.clone()),
        Vej::Noegle(n) => Indeksvej::Noegle {
            felt: n.felt.0,
            vaerdi: n.vaerdi.clone(),
            begynder: n.begynder,
            periode: n.periode,
            tidligere: n.tidligere,
        },
        Vej::Sts(periode) => Indeksvej::Sts(*periode),
        Vej::Tidspunkt(periode) => Indeksvej::Tidspunkt(*periode),
        Vej::Alle => Indeksvej::Alle,
    }
}

/// The candidates of a search for these names that also satisfy the expression.
pub(crate) async fn find(
    app: &App,
    navne: &[Navn],
    udtryk: Option<&Udtryk>,
    grundlag: Grundlag<'_>,
) -> Svar<Kandidater> {
    let alle: Ruter = ruter(navne, udtryk, grundlag);
    let mut kandidater = Kandidater::new();
    for (art, ruter) in &alle {
        kandidater.insert(*art, af_art(app, *art, ruter).await?);
    }
    Ok(kandidater)
}

async fn af_art(app: &App, art: Art, ruter: &[Rute]) -> Svar<Fundet> {
    let mut laengere: Vec<Vec<Indeksvej>> = Vec::new();
    for rute in ruter {
        let veje: Vec<Indeksvej> = rute.veje.iter().map(vej).collect();
        let numre = foelg(app, art, &veje, KORT).await?;
        if numre.len() <= KORT {
            return Ok(Fundet::Alle(numre));
        }
        laengere.push(veje);
    }
    let mut bedste: Option<Fundet> = None;
    for veje in laengere {
        let numre = foelg(app, art, &veje, LANG).await?;
        let kortere = match &bedste {
            Some(Fundet::Alle(kendte)) => numre.len() < kendte.len(),
            Some(Fundet::Flere(_)) => numre.len() <= LANG,
            None => true,
        };
        if kortere {
            bedste = Some(if numre.len() <= LANG { Fundet::Alle(numre) } else { Fundet::Flere(veje) });
        }
    }
    // A kind without a way has nothing that can be found.
    Ok(bedste.unwrap_or(Fundet::Alle(Vec::new())))
}

/// The first of what a way leads to, one more than `hoejst`.
pub(crate) async fn foelg(app: &App, art: Art, veje: &[Indeksvej], hoejst: usize) -> Svar<Vec<i64>> {
    if veje.is_empty() {
        return Ok(Vec::new());
    }
    app.store().indeks_kandidater(nummer(art), veje, hoejst as u64 + 1).await.map_err(lager)
}

/// The kinds of objects an expression is about.
pub(crate) fn arter(udtryk: &Udtryk) -> BTreeSet<Art> {
    udtryk.kriterier().map(|k| k.art).collect()
}

fn arter_af(navne: &[Navn], udtryk: Option<&Udtryk>) -> BTreeSet<Art> {
    navne.iter().map(|(art, _)| *art).chain(udtryk.into_iter().flat_map(arter)).collect()
}

/// Whether all that is found belongs together with something found of the other kind.
pub(crate) fn haenger_sammen(navne: &[Navn], udtryk: Option<&Udtryk>) -> bool {
    match udtryk {
        Some(_) if !navne.is_empty() => arter_af(navne, udtryk).len() > 1,
        Some(u) => match u.led.as_slice() {
            [Led::Udtryk(indre)] => haenger_sammen(navne, Some(indre)),
            [_] => false,
            _ => !u.en_er_nok && arter(u).len() > 1,
        },
        None => false,
    }
}

/// How many steps from an object others stand that decide whether it is found: one for each time kinds must belong together within
/// what must belong together.
pub(crate) fn skridt(navne: &[Navn], udtryk: Option<&Udtryk>) -> usize {
    fn af(u: &Udtryk) -> usize {
        let dybest = u.led.iter().map(|led| match led {
            Led::Ikke(u) | Led::Udtryk(u) => af(u),
            Led::Soeg(_) | Led::Sagsloese(_) => 0,
        });
        let her = !u.en_er_nok && u.led.len() > 1 && arter(u).len() > 1;
        dybest.max().unwrap_or(0) + usize::from(her)
    }
    let begge = !navne.is_empty() && udtryk.is_some() && arter_af(navne, udtryk).len() > 1;
    udtryk.map_or(0, af) + usize::from(begge)
}

#[cfg(test)]
mod tests {
    use super::{haenger_sammen, skridt};
    use indeks::kald::Kald;

    fn proev(udtryk: &str) -> (bool, usize) {
        let ns = "xmlns:sdi=\"urn:oio:sts:sagdok:sagdokumentindeks:6\" xmlns:sag=\"urn:oio:sts:sagdok:sag:6\" \
            xmlns:di=\"urn:oio:sts:sagdok:dokumentindeks:6\"";
        let lister = |ns: &str| format!("<{ns}:AttributListe/><{ns}:TilstandListe/><{ns}:RelationListe/>");
        let udtryk = udtryk
            .replace("SAG", &format!("<sdi:SoegSag>{}</sdi:SoegSag>", lister("sag")))
            .replace("DOK", &format!("<sdi:SoegDokument>{}</sdi:SoegDokument>", lister("di")));
        let xml = format!(
            "<sdi:FremsoegSagDokumentIndeksInput {ns}><sdi:SoegUdtryk>{udtryk}</sdi:SoegUdtryk></sdi:FremsoegSagDokumentIndeksInput>"
        );
        let Ok(Kald::Fremsoeg(f)) = Kald::laes_bytes(xml.as_bytes()) else { panic!("{xml}") };
        (haenger_sammen(&f.uuider, f.udtryk.as_ref()), skridt(&f.uuider, f.udtryk.as_ref()))
    }

    #[test]
    fn both_kinds_of_an_and_belong_together() {
        assert_eq!(proev("SAG"), (false, 0));
        assert_eq!(proev("SAGDOK"), (true, 1));
        assert_eq!(proev("<sdi:operation>OR</sdi:operation>SAGDOK"), (false, 0));
        assert_eq!(proev("<sdi:SoegUdtryk>SAGDOK</sdi:SoegUdtryk>"), (true, 1));
        assert_eq!(proev("<sdi:NOT>SAGDOK</sdi:NOT>"), (false, 1));
        assert_eq!(proev("SAG<sdi:NOT>SAGDOK</sdi:NOT>"), (true, 2));
        assert_eq!(
            proev("<sdi:operation>OR</sdi:operation>SAG<sdi:SoegUdtryk>SAGDOK</sdi:SoegUdtryk>"),
            (false, 1)
        );
    }
}
