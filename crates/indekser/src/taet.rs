//! The dense path: what a search means when more is found than anybody pages through.
//!
//! One kind of object in the order it came: candidates are judged in portions. The first page of a whole field of work comes as fast
//! as that of a rare one; what is beyond the first candidates is asked for by narrowing the search.

use crate::Svar;
use crate::fremsoeg::Soeger;
use crate::hent::lager;
use crate::kandidater::{Fundet, Kandidater, LANG, foelg};
use crate::naboer::for_meget;
use bitemporal::Period;
use indeks::kald::{Fremsoeg, Soegesvar};
use indeks::noegler::Felt;
use indeks::skema::Art;
use indeks::verden::Navn;
use std::collections::{BTreeSet, HashMap};
use store::{Indeksnoegler, Indeksvej};

/// Candidates judged at a time, about.
const PORTION: usize = 500;
/// Keys of one value looked at at a time, at least.
const HVER_MINDST: usize = 16;
/// How the value of a delimitation is put together: an authority, a topic, a level.
const CVR_CIFRE: usize = 8;
const KLE_TEGN: usize = 8;
/// Values a way may lead along: topics of one field of work with their levels.
const VAERDIER_MAX: usize = 1_000;

/// The answer, when there is a page of it among the first candidates. `Antal` is how many candidates there are, to [`LANG`] at
/// most, where the page is full before all of them are judged.
pub(crate) async fn svar(soeger: &Soeger<'_>, f: &Fremsoeg, kandidater: &Kandidater) -> Svar<Soegesvar> {
    let alle: Vec<(&Art, &Fundet)> = kandidater.iter().collect();
    // Two kinds have no common order, and what is sorted is sorted as a whole.
    let [(art, Fundet::Flere(veje))] = alle.as_slice() else { return Err(for_meget()) };
    let art = **art;
    let noegler = noegler(soeger, art, veje).await?;
    let foerste = foelg(soeger.app, art, &lige(&noegler), LANG).await?;
    if foerste.len() <= LANG {
        return soeger.svar_af(f, &foerste).await;
    }
    if f.sortering.iter().any(|s| s.art == art) {
        return Err(for_meget());
    }
    let side = f.side(art);
    let plads = side.foerste as usize..side.foerste as usize + side.antal as usize;
    let (mut antal, mut doemt, mut paa_siden, mut efter) = (0_usize, 0_usize, Vec::new(), i64::MIN);
    let hver = (PORTION / noegler.vaerdier.len().max(1)).max(HVER_MINDST) as u64;
    loop {
        let store = soeger.app.store();
        let (numre, alle) = store.indeks_i_orden(&noegler, efter, hver).await.map_err(lager)?;
        for portion in numre.chunks(2 * PORTION) {
            let mut maengde = soeger.hent(portion, &f.uuider, f.udtryk.as_ref()).await?;
            let numre: HashMap<Navn, i64> = maengde.kendte().map(|k| (k.navn(), k.nr)).collect();
            for navn in soeger.doem(&mut maengde, |s| s.ordnet(f, art)) {
                if plads.contains(&antal) {
                    paa_siden.push(numre[&navn]);
                }
                antal += 1;
            }
        }
        doemt += numre.len();
        efter = numre.last().copied().unwrap_or(efter);
        if alle {
            break;
        }
        if antal >= plads.end {
            // Only the keys of cases say by themselves who sees what has them.
            let ses = art == Art::Sag && noegler.felt == Felt::afgraensning(art).0;
            antal = if ses { LANG.max(antal + 1) } else { antal + 1 };
            break;
        }
        if doemt >= LANG {
            return Err(for_meget());
        }
    }
    side_af(soeger, f, art, antal as u64, &paa_siden).await
}

/// The ways to these keys.
fn lige(noegler: &Indeksnoegler) -> Vec<Indeksvej> {
    let vej = |vaerdi: &Vec<u8>| Indeksvej::Noegle {
        felt: noegler.felt,
        vaerdi: vaerdi.clone(),
        begynder: false,
        periode: noegler.periode,
        tidligere: noegler.tidligere,
    };
    noegler.vaerdier.iter().map(vej).collect()
}

/// Whether what has this key may be seen, as far as the key says: nobody is told that there is more than may be seen.
fn ses(soeger: &Soeger<'_>, art: Art, noegler: &Indeksnoegler, vaerdi: &[u8]) -> bool {
    let nu = noegler.periode == Period { from: soeger.nu, to: soeger.nu.next() } && !noegler.tidligere;
    // Who sees a document may see it by its cases.
    if !nu || art == Art::Dokument || noegler.felt != Felt::afgraensning(art).0 {
        return true;
    }
    let Some((kle, niveau)) = vaerdi.get(CVR_CIFRE..).and_then(|v| v.split_at_checked(KLE_TEGN)) else {
        return true;
    };
    soeger.ret.kle.iter().any(|ret| {
        let emne = std::str::from_utf8(kle).is_ok_and(|kle| ret.daekker(kle));
        emne && niveau.first().is_none_or(|n| *n <= ret.hoejst as u8)
    })
}

/// The keys of a way, value by value.
async fn noegler(soeger: &Soeger<'_>, art: Art, veje: &[Indeksvej]) -> Svar<Indeksnoegler> {
    let mut samlet: Option<Indeksnoegler> = None;
    for vej in veje {
        let Indeksvej::Noegle { felt, vaerdi, begynder, periode, tidligere } = vej else {
            return Err(for_meget());
        };
        let ny =
            || Indeksnoegler { felt: *felt, vaerdier: Vec::new(), periode: *periode, tidligere: *tidligere };
        let noegler = samlet.get_or_insert_with(ny);
        if (noegler.felt, noegler.periode, noegler.tidligere) != (*felt, *periode, *tidligere) {
            return Err(for_meget());
        }
        if *begynder {
            let store = soeger.app.store();
            let hoejst = VAERDIER_MAX as u64 + 1;
            let fundne = store.indeks_vaerdier(*felt, vaerdi, hoejst).await.map_err(lager)?;
            // Cut short, it says nothing of what comes after, whatever of it may be seen.
            if fundne.len() > VAERDIER_MAX {
                return Err(for_meget());
            }
            noegler.vaerdier.extend(fundne);
        } else {
            noegler.vaerdier.push(vaerdi.clone());
        }
    }
    let mut noegler = samlet.ok_or_else(for_meget)?;
    let mut vaerdier = std::mem::take(&mut noegler.vaerdier);
    vaerdier.retain(|v| ses(soeger, art, &noegler, v));
    vaerdier.sort_unstable();
    vaerdier.dedup();
    noegler.vaerdier = vaerdier;
    if noegler.vaerdier.len() > VAERDIER_MAX { Err(for_meget()) } else { Ok(noegler) }
}

/// The page with these objects on it.
async fn side_af(soeger: &Soeger<'_>, f: &Fremsoeg, art: Art, antal: u64, numre: &[i64]) -> Svar<Soegesvar> {
    let mut maengde = soeger.hent(numre, &f.uuider, f.udtryk.as_ref()).await?;
    let paa_siden: BTreeSet<i64> = numre.iter().copied().collect();
    let navne: Vec<Navn> = maengde.kendte().filter(|k| paa_siden.contains(&k.nr)).map(|k| k.navn()).collect();
    let fundne = [(art, antal, navne)];
    let svar = soeger.doem(&mut maengde, |s| s.siden(f, &fundne));
    if !soeger.inkluder(f, &svar, &mut maengde).await? {
        return Ok(svar);
    }
    Ok(soeger.doem(&mut maengde, |s| s.siden(f, &fundne)))
}
