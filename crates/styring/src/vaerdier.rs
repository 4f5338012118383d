//! What the limits of a jobfunktionsrolle point to in the registers: what it is called, and whether it is still there.

use crate::brugere::dato;
use crate::klassifikation::{kle_vaerdier, vaerdier};
use crate::opslag::{Art, EMNEPLAN, Post, Seer, af_id, af_numre, er_der_nogen, erstatninger, slettede};
use crate::{Gemt, Kald, Styringsfejl};
use administration::{Afgraensningskilde, Jobfunktionsrolle, Modulfejl, Politik, Rollefund};
use app::App;
use bitemporal::Instant;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Numbers and units looked up at a time.
const PORTION: usize = 500;

/// What is wrong with the values of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fund {
    /// What never was: it cannot be used.
    pub fejl: Vec<Modulfejl>,
    /// What is no longer: it can be used when the person has been told, J-404 and J-405.
    pub advarsler: Vec<Modulfejl>,
}

/// What values are called.
#[derive(Debug, Clone, Default)]
pub struct Navne(HashMap<(Afgraensningskilde, String), String>);

impl Navne {
    /// What a value is called, when it is known: the title of a number, the name of a unit.
    #[must_use]
    pub fn get(&self, kilde: Afgraensningskilde, vaerdi: &str) -> Option<String> {
        self.0.get(&(kilde, noegle(kilde, vaerdi)?)).cloned()
    }
}

/// The number of a KLE limit, without wildcard and facet; a unit's UUID as it is written everywhere. None of what names
/// nothing in particular.
fn noegle(kilde: Afgraensningskilde, vaerdi: &str) -> Option<String> {
    match kilde {
        Afgraensningskilde::Kle => {
            let nummer = vaerdi.trim().split('-').next().unwrap_or_default().trim_end_matches(".*");
            (!nummer.is_empty() && nummer != "*").then(|| nummer.to_owned())
        }
        Afgraensningskilde::Enhed => Uuid::try_parse(vaerdi.trim()).ok().map(|u| u.to_string()),
        _ => None,
    }
}

/// What some roles point to.
struct Peget {
    /// Numbers with the classes that have them.
    kle: BTreeMap<String, Vec<Post>>,
    /// Units, those that are there.
    enheder: BTreeMap<String, Option<Post>>,
}

async fn peget(
    app: &App,
    seer: Seer<'_>,
    politik: &Politik,
    roller: &[&Jobfunktionsrolle],
) -> Result<Peget, Styringsfejl> {
    let af = |kilde| -> BTreeSet<String> {
        let alle = roller.iter().flat_map(|r| vaerdier(politik, r, kilde));
        alle.filter_map(|v| noegle(kilde, &v)).collect()
    };
    let numre: Vec<String> = af(Afgraensningskilde::Kle).into_iter().collect();
    let uuider: Vec<String> = af(Afgraensningskilde::Enhed).into_iter().collect();
    let mut kle: BTreeMap<String, Vec<Post>> = numre.iter().map(|n| (n.clone(), Vec::new())).collect();
    for del in numre.chunks(PORTION) {
        for post in af_numre(app, seer, EMNEPLAN, del.to_vec()).await? {
            kle.entry(post.nr.clone()).or_default().push(post);
        }
    }
    let mut enheder: BTreeMap<String, Option<Post>> = uuider.iter().map(|u| (u.clone(), None)).collect();
    for del in uuider.chunks(PORTION) {
        let ids: Vec<Uuid> = del.iter().filter_map(|u| u.parse().ok()).collect();
        for post in af_id(app, seer, Art::Enhed, &ids).await? {
            enheder.insert(post.id.to_string(), Some(post));
        }
    }
    Ok(Peget { kle, enheder })
}

/// What the values of some roles are called, with the day they went out of use.
///
/// # Errors
///
pub async fn navne(app: &App, kald: &Kald, roller: &[&Jobfunktionsrolle]) -> Result<Navne, Styringsfejl> {
    let (politik, nu) = (app.politik(), app.now());
    let peget = peget(app, kald.into(), &politik, roller).await?;
    let mut navne = HashMap::new();
    let ude = |p: &Post, ord: &str| match p.ude.filter(|_| p.er_ude(nu)) {
        Some(fra) => format!("{} ({ord} {})", p.titel, dato(fra)),
        None => p.titel.clone(),
    };
    for (nr, poster) in peget.kle {
        let gaeldende = poster.iter().find(|p| !p.er_ude(nu)).or(poster.first());
        if let Some(post) = gaeldende {
            navne.insert((Afgraensningskilde::Kle, nr), ude(post, "udgået"));
        }
    }
    for (uuid, post) in peget.enheder {
        if let Some(post) = post {
            navne.insert((Afgraensningskilde::Enhed, uuid), ude(&post, "nedlagt"));
        }
    }
    Ok(Navne(navne))
}

/// Whether what a role points to is there. Where nothing is registered nothing is said to be missing.
///
/// # Errors
///
pub async fn proev(app: &App, kald: &Kald, rolle: &Jobfunktionsrolle) -> Result<Fund, Styringsfejl> {
    let (politik, nu) = (app.politik(), app.now());
    let peget = peget(app, kald.into(), &politik, &[rolle]).await?;
    let mut fund = Fund::default();
    let ved = |kode, tekst: String| Modulfejl::felt("afgraensninger", kode, tekst);
    let uden = peget.kle.values().any(Vec::is_empty);
    let har_kle = !uden || er_der_nogen(app, kald, Art::KLE).await?;
    for (nr, poster) in &peget.kle {
        if poster.is_empty() && har_kle {
            let tekst = format!("Klassen {nr} findes ikke i den valgte udgave. Vælg et andet KLE-nummer.");
            fund.fejl.push(ved("L-701", tekst));
        } else if let Some(fra) = udgaaet(poster, nu) {
            let forslag = forslag(app, kald, poster).await?;
            fund.advarsler
                .push(ved("J-404", format!("KLE {nr} er udgået {}. Forslag: {forslag}.", dato(fra))));
        }
    }
    let uden = peget.enheder.values().any(Option::is_none);
    let har_enheder = !uden || er_der_nogen(app, kald, Art::Enhed).await?;
    for (uuid, post) in &peget.enheder {
        match post {
            None if har_enheder => {
                let tekst =
                    format!("Enheden {uuid} findes ikke i jeres organisation. Vælg en af jeres enheder.");
                fund.fejl.push(ved("J-403", tekst));
            }
            Some(post) if post.er_ude(nu) => {
                let fra = post.ude.unwrap_or(nu);
                let tekst = format!("Enheden {} er nedlagt pr. {}.", post.titel, dato(fra));
                fund.advarsler.push(ved("J-405", tekst));
            }
            _ => {}
        }
    }
    Ok(fund)
}

/// What some roles point to that was there and is no longer, role by role: classes that are withdrawn, units that are closed or
/// deleted. What never was is not told of here: a role catalogue's units need not be registered with us.
///
/// # Errors
///
pub(crate) async fn udgaaet_i(
    app: &App,
    seer: Seer<'_>,
    roller: &[&Jobfunktionsrolle],
) -> Result<Vec<Vec<Rollefund>>, Styringsfejl> {
    let (politik, nu) = (app.politik(), app.now());
    let peget = peget(app, seer, &politik, roller).await?;
    let mut ude: HashMap<(Afgraensningskilde, String), Rollefund> = HashMap::new();
    let fund = |noegle: String, kode, tekst: String| {
        Rollefund::ny(noegle, Modulfejl::felt("afgraensninger", kode, tekst))
    };
    for (nr, poster) in &peget.kle {
        if let Some(fra) = udgaaet(poster, nu) {
            let tekst = format!("KLE {nr} er udgået {}. Vælg et andet nummer.", dato(fra));
            let f = fund(format!("kle:{nr}:{}", fra.micros()), "J-404", tekst);
            ude.insert((Afgraensningskilde::Kle, nr.clone()), f);
        }
    }
    let uden = peget.enheder.iter().filter(|(_, post)| post.is_none());
    let uden: Vec<Uuid> = uden.filter_map(|(id, _)| id.parse().ok()).collect();
    for id in slettede(app, seer, Art::Enhed, &uden).await? {
        let tekst = format!("Enheden {id} er slettet. Vælg en anden enhed.");
        let f = fund(format!("enhed:{id}:slettet"), "J-405", tekst);
        ude.insert((Afgraensningskilde::Enhed, id.to_string()), f);
    }
    for (id, post) in peget.enheder.iter().filter_map(|(id, post)| Some((id, post.as_ref()?))) {
        if let Some(fra) = post.ude.filter(|_| post.er_ude(nu)) {
            let tekst = format!("Enheden {} er nedlagt pr. {}. Vælg en anden enhed.", post.titel, dato(fra));
            let f = fund(format!("enhed:{id}:{}", fra.micros()), "J-405", tekst);
            ude.insert((Afgraensningskilde::Enhed, id.clone()), f);
        }
    }
    let af = |rolle: &&Jobfunktionsrolle| {
        let kilder = [Afgraensningskilde::Kle, Afgraensningskilde::Enhed].into_iter();
        let peger = kilder.flat_map(|k| vaerdier(&politik, rolle, k).into_iter().map(move |v| (k, v)));
        let peger: BTreeSet<_> = peger.filter_map(|(k, v)| Some((k, noegle(k, &v)?))).collect();
        peger.into_iter().filter_map(|p| ude.get(&p).cloned()).collect()
    };
    Ok(if ude.is_empty() { vec![Vec::new(); roller.len()] } else { roller.iter().map(af).collect() })
}

/// When the last of the classes with a number went out of use, if none is in use.
fn udgaaet(poster: &[Post], nu: Instant) -> Option<Instant> {
    if poster.iter().any(|p| !p.er_ude(nu)) {
        return None;
    }
    poster.iter().filter_map(|p| p.ude).max()
}

/// What took over, in words.
async fn forslag(app: &App, kald: &Kald, poster: &[Post]) -> Result<String, Styringsfejl> {
    let mut ord = BTreeSet::new();
    for post in poster {
        ord.extend(erstatninger(app, kald, post.id).await?.iter().map(Post::navn));
    }
    let ord: Vec<String> = ord.into_iter().collect();
    Ok(if ord.is_empty() { "find et andet nummer i Klassifikation".to_owned() } else { ord.join(" eller ") })
}

/// Demands that everything a role points to is there; of what is no longer, that the person has been told.
///
/// # Errors
/// A-001; L-701, J-403; J-404 and J-405 unless `bekraeftet`.
pub(crate) async fn kraev(
    app: &App,
    kald: &Kald,
    rolle: &Jobfunktionsrolle,
    mut fejl: Vec<Modulfejl>,
    bekraeftet: bool,
) -> Result<(), Styringsfejl> {
    let fund = proev(app, kald, rolle).await?;
    fejl.extend(fund.fejl);
    if !bekraeftet {
        fejl.extend(fund.advarsler);
    }
    if fejl.is_empty() { Ok(()) } else { Err(Styringsfejl::Afvist(fejl)) }
}

/// Those of some roles that are limited by a KLE number that is withdrawn.
///
/// # Errors
///
pub(crate) async fn med_udgaaet_kle(
    app: &App,
    kald: &Kald,
    mut roller: Vec<Gemt<Jobfunktionsrolle>>,
) -> Result<Vec<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    let (politik, nu) = (app.politik(), app.now());
    let kun: Vec<&Jobfunktionsrolle> = roller.iter().map(|g| &g.post).collect();
    let peget = peget(app, kald.into(), &politik, &kun).await?;
    let ude: BTreeSet<&String> =
        peget.kle.iter().filter(|(_, p)| udgaaet(p, nu).is_some()).map(|(nr, _)| nr).collect();
    roller.retain(|g| {
        let mut numre = kle_vaerdier(&politik, &g.post).into_iter();
        numre.any(|v| noegle(Afgraensningskilde::Kle, &v).is_some_and(|n| ude.contains(&n)))
    });
    Ok(roller)
}

#[cfg(test)]
mod tests {
    use super::{Afgraensningskilde as K, noegle};

    #[test]
    fn the_number_of_a_limit_is_what_it_names() {
        for (vaerdi, ventet) in [
            ("27.12.*", Some("27.12")),
            (" 27 ", Some("27")),
            ("27.12.04-G01", Some("27.12.04")),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(noegle(K::Kle, vaerdi).as_deref(), ventet, "{vaerdi}");
        }
        let uuid = "6F2B7B7E-6F0A-4D0C-9A53-0B1F6F8E1B01";
        assert_eq!(noegle(K::Enhed, uuid).as_deref(), Some(uuid.to_lowercase().as_str()));
        assert_eq!(noegle(K::Andet, "x"), None);
    }
}
